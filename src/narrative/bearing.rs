//! Which sentences can state anything of a table's figures, or change what later ones mean; most of
//! a report's do neither.

use std::sync::LazyLock;

use super::lexicon::{Kind, LEXICON};
use super::listing;
use super::token::is_numeral;
use crate::form::Chars;

/// What a sentence can be to the reading of its section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearing {
    /// Nothing: it need not be read.
    None,
    /// It may settle of what or of when the next ones speak.
    Carries,
    /// A claim or a breakdown may be read from it.
    States,
}

/// Characters with which anything begins that may give a sentence a bearing.
static TELLING: LazyLock<Chars> = LazyLock::new(|| {
    let figure = |c: char| c.is_ascii_digit() || is_numeral(c) || is_time(c);
    let mut chars = Chars::those(figure);
    let telling = LEXICON.words().filter(|(_, k)| names(*k) || denies(*k) || carries(*k));
    telling.filter_map(|(word, _)| word.chars().next()).for_each(|c| chars.insert(c));
    chars
});

fn names(kind: Kind) -> bool {
    matches!(kind, Kind::Noun(_) | Kind::Bare(_) | Kind::Part(_))
}

fn denies(kind: Kind) -> bool {
    matches!(kind, Kind::Deny(_))
}

fn carries(kind: Kind) -> bool {
    matches!(kind, Kind::WholeYear | Kind::OtherTime | Kind::Elsewhere)
}

fn is_time(c: char) -> bool {
    matches!(c, '年' | '月')
}

/// What bearing a sentence of the folded text may have. A claim needs a word that names a figure and
/// a number or a denial, a breakdown a whole and two parts; what is carried on comes from such names,
/// from words for times, and from dates.
pub(super) fn of(sentence: &str) -> Bearing {
    let telling = &*TELLING;
    let (mut named, mut denied, mut carried, mut figures) = (false, false, false, 0);
    let mut digits = 0..0;
    for (at, c) in sentence.char_indices().filter(|(_, c)| telling.has(*c)) {
        let behind = &sentence[at + c.len_utf8()..];
        if c.is_ascii_digit() {
            if !digits.contains(&at) {
                let length = sentence[at..].bytes().take_while(u8::is_ascii_digit).count();
                digits = at..at + length;
                figures += 1;
                // a year whose character was lost
                carried |= length > 3;
            }
        } else {
            figures += usize::from(is_numeral(c) && counts(c, behind));
            carried |= is_time(c) && is_counted(&sentence[..at]);
        }
        let kind = LEXICON.at(&sentence[at..]).map(|(_, kind)| kind);
        named |= kind.is_some_and(names);
        denied |= kind.is_some_and(denies);
        carried |= kind.is_some_and(carries);
        if named && (denied || figures > 0) || figures >= listing::NUMBERS {
            return Bearing::States;
        }
    }
    if named || carried { Bearing::Carries } else { Bearing::None }
}

/// Whether a text ends in a number: 2023(年), 十二(月), 3个(年).
fn is_counted(text: &str) -> bool {
    let last = text.chars().next_back();
    last.is_some_and(|c| c.is_ascii_digit() || is_numeral(c) || c == '个')
}

/// Whether a numeral may end a number: those of words and dates are followed by no unit.
fn counts(numeral: char, behind: &str) -> bool {
    numeral == '零'
        || behind.starts_with(['万', '亿', '余', '多'])
        || LEXICON.units.iter().any(|unit| behind.starts_with(unit.as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::organ::Organ;
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn a_sentence_bears_on_figures_only_with_a_name_and_a_figure() {
        for (text, whether) in [
            ("收到申请3件。", Bearing::States),
            ("收到申请三件。", Bearing::States),
            ("收到申请三十余件。", Bearing::States),
            ("未收到申请。", Bearing::States),
            ("复议为零。", Bearing::States),
            ("发布信息6条,动态4条,公告2条。", Bearing::States),
            ("发布信息6条,动态4条。", Bearing::Carries),
            ("进一步规范依申请公开。", Bearing::Carries),
            ("2024年,未开展培训。", Bearing::Carries),
            ("2024我镇未开展培训。", Bearing::Carries),
            ("二〇二四年度未开展培训。", Bearing::Carries),
            ("3个年头,3月未开展培训。", Bearing::Carries),
            ("去年未开展培训。", Bearing::Carries),
            ("主动公开方面。", Bearing::Carries),
            ("路灯12盏,照明204处。", Bearing::None),
            ("", Bearing::None),
        ] {
            assert_eq!(of(text), whether, "{text}");
        }
    }

    /// Pieces of dates and numbers.
    const PIECES: [&str; 24] = [
        "2023",
        "12",
        "3",
        "1",
        "年",
        "月",
        "日",
        "个",
        "二〇二三",
        "十二",
        "三",
        "零",
        "件",
        "条",
        "万",
        "1月1日至12月31日",
        "至",
        "-",
        "年度",
        "末",
        "%",
        ",",
        "我镇",
        "县局",
    ];

    fn sentence() -> impl Strategy<Value = String> {
        let words: Vec<&str> = LEXICON.words().map(|(word, _)| word).collect();
        let piece = prop_oneof![
            (0..words.len()).prop_map(move |i| words[i].to_owned()),
            (0..PIECES.len()).prop_map(|i| PIECES[i].to_owned()),
            "[路灯照明河岸]{1,3}",
        ];
        prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_has_no_bearing_holds_no_word_that_has(text in sentence()) {
            let organ = Organ::new(Some("青山县应急管理局"));
            let tokens = tokens(&text, 0..text.len(), &organ, Some(2023));
            let any = |of: fn(Kind) -> bool| tokens.list.iter().any(|t| of(t.kind));
            let figures = tokens.numbers.len();
            let states =
                any(names) && (any(denies) || figures > 0) || figures >= listing::NUMBERS;
            match of(&text) {
                Bearing::States => {}
                Bearing::Carries => prop_assert!(!states),
                Bearing::None => prop_assert!(!states && !any(names) && !any(carries)),
            }
        }
    }
}
