//! Which sentences can state anything of a table's figures; most of a report's state nothing.

use std::sync::LazyLock;

use super::lexicon::{Kind, LEXICON};
use super::listing;
use super::token::is_numeral;
use crate::form::Chars;

/// Characters with which a word begins that names a figure or denies one.
static TELLING: LazyLock<Chars> = LazyLock::new(|| {
    let mut chars = Chars::default();
    let telling = LEXICON.words().filter(|(_, kind)| names(*kind) || denies(*kind));
    telling.filter_map(|(word, _)| word.chars().next()).for_each(|c| chars.insert(c));
    chars
});

fn names(kind: Kind) -> bool {
    matches!(kind, Kind::Noun(_) | Kind::Bare(_) | Kind::Part(_))
}

fn denies(kind: Kind) -> bool {
    matches!(kind, Kind::Deny(_))
}

/// Whether a claim or a breakdown may be read from a sentence of the folded text: a claim needs
/// a word that names a figure and a number or a denial, a breakdown a whole and two parts.
pub(super) fn bears(sentence: &str) -> bool {
    let telling = &*TELLING;
    let (mut named, mut denied, mut figures) = (false, false, 0);
    let mut digit = false;
    for (at, c) in sentence.char_indices() {
        let goes_on = std::mem::replace(&mut digit, c.is_ascii_digit());
        if digit {
            figures += usize::from(!goes_on);
        } else if is_numeral(c) && counts(c, &sentence[at + c.len_utf8()..]) {
            figures += 1;
        }
        if telling.has(c) {
            let kind = LEXICON.at(&sentence[at..]).map(|(_, kind)| kind);
            named |= kind.is_some_and(names);
            denied |= kind.is_some_and(denies);
        }
        if named && (denied || figures > 0) || figures >= listing::NUMBERS {
            return true;
        }
    }
    false
}

/// Whether a numeral may end a number: those of words and dates are followed by no unit.
fn counts(numeral: char, behind: &str) -> bool {
    numeral == '零'
        || behind.starts_with(['万', '亿', '余', '多'])
        || LEXICON.units.iter().any(|unit| behind.starts_with(unit.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_bears_on_figures_only_with_a_name_and_a_figure() {
        for (text, whether) in [
            ("收到申请3件。", true),
            ("收到申请三件。", true),
            ("收到申请三十余件。", true),
            ("未收到申请。", true),
            ("复议为零。", true),
            ("发布信息6条,动态4条,公告2条。", true),
            ("发布信息6条,动态4条。", false),
            ("进一步规范依申请公开。", false),
            ("2024年,未开展培训。", false),
            ("", false),
        ] {
            assert_eq!(bears(text), whether, "{text}");
        }
    }
}
