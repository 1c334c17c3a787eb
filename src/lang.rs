//! The two languages people read: Chinese and English. Keys never change with them.

use serde::{Deserialize, Serialize};

/// A language for labels and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The same in both: a number, a quotation.
    pub fn same(text: impl Into<String>) -> Bilingual {
        let text = text.into();
        Bilingual { zh: text.clone(), en: text }
    }

    /// With `%{name}` replaced by the argument of that name.
    #[must_use]
    pub fn with(&self, args: &[(&str, Bilingual)]) -> Bilingual {
        Bilingual { zh: filled(&self.zh, args, |v| &v.zh), en: filled(&self.en, args, |v| &v.en) }
    }

    /// Both, for files that have readers of either language.
    #[must_use]
    pub fn both(&self) -> String {
        format!("{} · {}", self.zh, self.en)
    }

    /// The text in one of them.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A text with its blanks `%{name}` replaced; one that no argument is for stays.
fn filled(text: &str, args: &[(&str, Bilingual)], own: fn(&Bilingual) -> &String) -> String {
    let mut out = String::with_capacity(2 * text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("%{") {
        out.push_str(before);
        let blank = behind.split_once('}');
        let known = blank.and_then(|(name, _)| args.iter().find(|(known, _)| *known == name));
        match (known, blank) {
            (Some((_, value)), Some((_, behind))) => {
                out.push_str(own(value));
                rest = behind;
            }
            _ => {
                out.push_str("%{");
                rest = behind;
            }
        }
    }
    out + rest
}

impl Lang {
    /// The one of two texts that is in this language.
    #[must_use]
    pub fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// The key, as `--lang` has it.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.pick("zh", "en")
    }

    /// The language of this run.
    #[must_use]
    pub fn current() -> Lang {
        if *rust_i18n::locale() == *"en" { Lang::En } else { Lang::Zh }
    }

    /// The language of the environment: English where the locale says so, else Chinese.
    #[must_use]
    pub fn of_environment() -> Lang {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|v| std::env::var(v).ok().filter(|l| !l.is_empty()));
        if locale.is_some_and(|l| l.starts_with("en")) { Lang::En } else { Lang::Zh }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_with_what_they_name_and_nothing_else() {
        let text =
            Bilingual { zh: "%{n}件，%{%{n}%{m}".to_owned(), en: "%{n} of %{n}, %{n".to_owned() };
        let args = [("n", Bilingual { zh: "甲%{m}".to_owned(), en: "b".to_owned() })];
        let filled = text.with(&args);
        assert_eq!(filled.zh, "甲%{m}件，%{甲%{m}%{m}");
        assert_eq!(filled.en, "b of b, %{n");
    }
}
