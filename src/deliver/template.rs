//! Texts with blanks: templates built in, or a user's in their place.
//!
//! A template gives Markdown, see [`super::prose`]. What is filled in is text and never markup; a
//! name that is not known is a mistake of the template, told with its file and line.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error as Mistake, ErrorKind, TemplateSource, UndefinedBehavior,
};
use rust_i18n::t;
use serde::Serialize;

use super::prose::escape;
use crate::reason;

macro_rules! built_in {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

/// The files of the repository's `templates` folder.
const BUILT_IN: &[(&str, &str)] =
    built_in!["bulletin.zh.md", "bulletin.en.md", "slip.zh.md", "slip.en.md"];

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The folder or a file in it cannot be read.
    #[error("{}", t!("template.read", path = path.display(), reason = reason::of_io(source)))]
    Read {
        /// Folder or file.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// A folder without any of the templates.
    #[error("{}", t!("template.none", path = path.display(), known = known))]
    None {
        /// Folder.
        path: PathBuf,
        /// The names there might be.
        known: String,
    },
    /// A mistake in a template.
    #[error("{}", t!("template.mistake", path = path, line = line, what = what))]
    Mistake {
        /// File, or the name of one built in.
        path: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
}

/// A text without the mark that Windows puts before it.
fn without_mark(text: &str) -> String {
    text.trim_start_matches('\u{feff}').to_owned()
}

/// A template of a folder that another one includes; none where there is none of that name, which
/// is no path.
fn included(folder: &Path, name: &str) -> Result<Option<TemplateSource>, Mistake> {
    if Path::new(name).file_name() != Some(name.as_ref()) {
        return Ok(None);
    }
    match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(TemplateSource::new(without_mark(&text)))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let (path, reason) = (folder.join(name), reason::of_io(&error));
            let said = t!("template.read", path = path.display(), reason = reason);
            Err(Mistake::new(ErrorKind::InvalidOperation, said.into_owned()))
        }
    }
}

/// The templates of this run.
pub struct Templates {
    known: Environment<'static>,
    folder: Option<PathBuf>,
}

impl Templates {
    /// Those built in; a file of the same name in the folder takes the place of one, and others in
    /// it can be included.
    ///
    /// # Errors
    /// When the folder cannot be read, has none of the names, or a template is none.
    pub fn read(folder: Option<&Path>) -> Result<Templates, TemplateError> {
        let mut known = Environment::new();
        known.set_undefined_behavior(UndefinedBehavior::Strict);
        known.set_debug(true);
        known.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
        known.set_formatter(|out, _, value| {
            if matches!(value.kind(), ValueKind::Map | ValueKind::Seq | ValueKind::Iterable) {
                let said = t!("template.no_text");
                return Err(Mistake::new(ErrorKind::InvalidOperation, said.into_owned()));
            }
            let text = match value.as_str() {
                Some(text) if !value.is_safe() => escape(text),
                _ if value.is_none() => String::new(),
                _ => value.to_string(),
            };
            Ok(out.write_str(&text)?)
        });
        let mut templates = Templates { known, folder: folder.map(Path::to_path_buf) };
        for (name, text) in BUILT_IN {
            let added = templates.known.add_template(name, text);
            added.map_err(|mistake| templates.told(name, &mistake))?;
        }
        if let Some(folder) = folder {
            templates.replace(folder)?;
            // what else is there is read when it is included
            let folder = folder.to_owned();
            templates.known.set_loader(move |name| included(&folder, name));
        }
        Ok(templates)
    }

    /// Takes the templates of a folder in place of those built in.
    fn replace(&mut self, folder: &Path) -> Result<(), TemplateError> {
        let read = |path: &Path| {
            let path = path.to_path_buf();
            move |source| TemplateError::Read { path, source }
        };
        std::fs::read_dir(folder).map_err(read(folder))?;
        let mut none = true;
        for (name, _) in BUILT_IN {
            let path = folder.join(name);
            if !path.exists() {
                continue;
            }
            none = false;
            let text = std::fs::read_to_string(&path).map_err(read(&path))?;
            let text = without_mark(&text);
            if let Err(mistake) = self.known.add_template_owned(*name, text) {
                return Err(self.told(name, &mistake));
            }
        }
        if none {
            let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
            return Err(TemplateError::None { path: folder.to_owned(), known: known.join(" ") });
        }
        Ok(())
    }

    /// What a template asks for, as `name.name`.
    ///
    /// # Errors
    /// Where there is no such template.
    pub fn names(&self, name: &str) -> Result<HashSet<String>, TemplateError> {
        let template =
            self.known.get_template(name).map_err(|mistake| self.told(name, &mistake))?;
        Ok(template.undeclared_variables(true))
    }

    /// The mistake that a template asks for a name that there is not.
    #[must_use]
    pub fn unknown(&self, template: &str, name: &str) -> TemplateError {
        let found = self.known.get_template(template);
        let source = found.as_ref().map(|t| t.source()).unwrap_or_default();
        let at = source.find(name).unwrap_or(0);
        let what = t!("template.unknown", words = name).into_owned();
        let line = source[..at].matches('\n').count() + 1;
        TemplateError::Mistake { path: self.file(template), line, what }
    }

    /// The file of a template, or its name where it is built in.
    fn file(&self, name: &str) -> String {
        let file = self.folder.as_ref().map(|folder| folder.join(name)).filter(|f| f.is_file());
        file.map_or_else(|| name.to_owned(), |file| file.display().to_string())
    }

    /// A template filled in: Markdown.
    ///
    /// # Errors
    /// [`TemplateError::Mistake`] where the template asks for what there is not.
    pub fn render(&self, name: &str, context: impl Serialize) -> Result<String, TemplateError> {
        let fill = || self.known.get_template(name)?.render(Value::from(Serde(context)));
        fill().map_err(|mistake| self.told(name, &mistake))
    }

    /// A mistake with the file it stands in.
    fn told(&self, asked: &str, mistake: &Mistake) -> TemplateError {
        let name = mistake.name().unwrap_or(asked);
        let path = self.file(name);
        let source = mistake.template_source();
        let words = source.zip(mistake.range()).and_then(|(text, range)| text.get(range));
        let what = match (mistake.kind(), words.filter(|words| !words.is_empty())) {
            (ErrorKind::UndefinedError, Some(words)) => {
                t!("template.unknown", words = words.trim_start_matches('.')).into_owned()
            }
            (kind, _) => {
                let what = match kind {
                    ErrorKind::SyntaxError => t!("template.syntax"),
                    ErrorKind::UnknownFilter => t!("template.filter"),
                    ErrorKind::UnknownTest => t!("template.test"),
                    ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
                        t!("template.function")
                    }
                    ErrorKind::TemplateNotFound => t!("template.no_file"),
                    _ => t!("template.other"),
                };
                // in the words of the template engine, which name the place
                let detail = mistake.detail().map_or_else(|| kind.to_string(), str::to_owned);
                t!("template.detail", what = what, detail = detail).into_owned()
            }
        };
        TemplateError::Mistake { path, line: mistake.line().unwrap_or(1), what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("slip.zh.md"), text).expect("a file");
        folder
    }

    fn rendered(text: &str) -> Result<String, TemplateError> {
        let folder = folder(text);
        #[derive(Serialize)]
        struct Filled {
            organ: &'static str,
            n: usize,
            none: Option<i64>,
        }
        let values = Filled { organ: "# 甲|乙*\n<b>", n: 3, none: None };
        Templates::read(Some(folder.path()))?.render("slip.zh.md", values)
    }

    #[test]
    fn what_is_filled_in_is_no_markup() {
        let text = rendered("{{ organ }}：{{ n }}{{ none }}").expect("it is sound");
        assert_eq!(text, "\\# 甲\\|乙\\*<br>&lt;b&gt;：3");
    }

    #[test]
    fn a_mistake_is_told_with_its_file_and_line() {
        for (text, line, what) in [
            ("a\n\n{{ organs }}", 3, "organs"),
            ("a\n{{ organ.name }}", 2, "organ.name"),
            ("{% if organs %}{% endif %}", 1, "organs"),
            ("a\n{% for %}", 2, "unexpected end of block"),
            ("{{ organ | shout }}", 1, "filter shout"),
            ("{% include 'no.md' %}", 1, "no.md"),
            ("{{ organ is loud }}", 1, "loud"),
        ] {
            match rendered(text).expect_err(text) {
                TemplateError::Mistake { path, line: at, what: said } => {
                    assert_eq!(at, line, "{text}: {said}");
                    assert!(path.ends_with("slip.zh.md") && said.contains(what), "{text}: {said}");
                }
                other => panic!("{text}: {other}"),
            }
        }
    }

    #[test]
    fn a_folder_without_templates_is_told() {
        let empty = tempfile::tempdir().expect("a temporary folder");
        let error = Templates::read(Some(empty.path())).err().expect("it is refused");
        assert!(error.to_string().contains("slip.zh.md"), "{error}");
        let missing = empty.path().join("x");
        assert!(matches!(Templates::read(Some(&missing)), Err(TemplateError::Read { .. })));
        assert!(Templates::read(None).is_ok());
    }
}
