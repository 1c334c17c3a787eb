//! The only reader of numbers: what a cell holds, exactly as printed.

use std::sync::LazyLock;

use regex::Regex;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{ValueKind, fold_text, is_note_mark};
use crate::report::State;

/// Alias that reads better at the call: what the form expects in the cell.
pub type CellKind = ValueKind;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Kind of content; never [`State::Missing`].
    pub state: State,
    /// The number as printed, before any unit is applied.
    pub value: Option<Decimal>,
    /// The unit printed in the cell.
    pub unit: Option<String>,
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?P<sign>\+|-|增加|增长|新增|增|上升|↑|减少|减|下降|↓)?",
        r"(?P<int>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<frac>\.[0-9]+)?",
        r"(?P<unit>万元|亿元|元|万件|万条|件次|件|项次|项|条|个|次|人次|人|宗|篇|部|份|起|例)?$"
    ))
    .expect("constant pattern")
});

static HAN_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?P<num>[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万]*)(?P<unit>件|项|条|个|次|人次|人|篇|元|万元)?$")
        .expect("constant pattern")
});

/// A figure whose thousands are parted by blanks, as GB/T 15835 has it.
static THOUSANDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[1-9][0-9]{0,2}(?: [0-9]{3})+(?:\.[0-9]+)?$").expect("constant pattern")
});

/// Whether the digits of a text are one figure. Blanks between two digits part it unless they part
/// thousands, or single characters that were spread out evenly over the cell; two lines are one
/// figure only where a comma or a point tells so.
fn is_one_figure(folded: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let (Some(first), Some(last)) = (folded.find(is_digit), folded.rfind(is_digit)) else {
        return true;
    };
    let figure = &folded[first..=last];
    if !figure.contains(char::is_whitespace) {
        return true;
    }
    let words: Vec<&str> = figure.split_whitespace().collect();
    let parted = |pair: &[&str]| pair[0].ends_with(is_digit) && pair[1].starts_with(is_digit);
    if !words.windows(2).any(parted) {
        return true;
    }
    // a line end stays one where digits meet across it
    if figure.contains('\n') {
        return false;
    }
    let mut gaps = figure.split(|c: char| !c.is_whitespace()).filter(|gap| !gap.is_empty());
    let gap = gaps.next();
    let is_even = gaps.all(|other| Some(other.len()) == gap.map(str::len));
    let is_spread = words.iter().all(|word| word.len() == 1);
    is_even && (is_spread || THOUSANDS.is_match(figure))
}

/// Reads a cell. A sign word (增, 减, ↓) counts only where the form expects a change. A figure with
/// the mark of a note (`109①`, `109¹`) is text as `109*` is: what the mark says of it is not known.
#[must_use]
pub fn read_cell(raw: &str, kind: CellKind) -> Reading {
    if let Some(value) = plain_number(raw) {
        let state = if value == 0 { State::Zero } else { State::Number };
        return Reading { state, value: Some(Decimal::from(value)), unit: None };
    }
    let mut text = fold_text(raw).into_owned();
    let is_one = is_one_figure(&text) && !raw.chars().any(is_note_mark);
    text.retain(|c| !c.is_whitespace());
    let none = |state| Reading { state, value: None, unit: None };
    if text.is_empty() {
        return none(State::Blank);
    }
    if matches!(text.as_str(), "无" | "不适用" | "N/A" | "n/a")
        || text.chars().all(|c| matches!(c, '/' | '-' | '—' | '―' | '─' | '\\'))
    {
        return none(State::NotApplicable);
    }
    if !is_one {
        return none(State::Text);
    }
    let found = arabic(&text, kind).or_else(|| han(&text));
    match found {
        Some((value, unit)) => {
            let state = if value.is_zero() { State::Zero } else { State::Number };
            Reading { state, value: Some(value), unit }
        }
        None => none(State::Text),
    }
}

/// Whether a text can be a number or a mark that says the line does not apply, by its first
/// character: no label and no prose needs to be looked at any further.
#[must_use]
pub fn may_be_number(raw: &str) -> bool {
    // the characters of NUMBER, HAN_NUMBER and 无, 不适用 that an ideograph can begin with, in
    // either script
    const BEGIN: &str = "零一二两兩三四五六七八九十增新上减減下无無不";
    let first = raw.chars().find(|c| !c.is_whitespace());
    first.is_some_and(|c| !('\u{4E00}'..='\u{9FFF}').contains(&c) || BEGIN.contains(c))
}

/// A whole number printed in nothing but digits, as nearly all are.
pub(crate) fn plain_number(raw: &str) -> Option<u64> {
    let digits = (1..=15).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_digit());
    let own = digits && (raw.len() == 1 || !raw.starts_with('0'));
    if own { raw.parse().ok() } else { None }
}

fn arabic(text: &str, kind: CellKind) -> Option<(Decimal, Option<String>)> {
    let m = NUMBER.captures(text)?;
    let sign = m.name("sign").map_or("", |s| s.as_str());
    if !matches!(sign, "" | "+" | "-") && kind != ValueKind::Signed {
        return None;
    }
    let int = m["int"].replace(',', "");
    // two zeros run together are two cells, not a number
    if int.len() > 1 && int.starts_with('0') {
        return None;
    }
    let mut digits = int;
    digits.push_str(m.name("frac").map_or("", |f| f.as_str()));
    let mut value: Decimal = digits.parse().ok()?;
    if matches!(sign, "-" | "减少" | "减" | "下降" | "↓") {
        value.set_sign_negative(true);
    }
    Some((value, m.name("unit").map(|u| u.as_str().to_owned())))
}

fn han(text: &str) -> Option<(Decimal, Option<String>)> {
    let m = HAN_NUMBER.captures(text)?;
    let value = han_number(&m["num"])?;
    Some((Decimal::from(value), m.name("unit").map(|u| u.as_str().to_owned())))
}

/// Chinese numerals up to 万: positional (`一百零五`) or digit by digit (`二〇二三`).
pub(crate) fn han_number(text: &str) -> Option<i64> {
    let digit = |c| {
        "零一二三四五六七八九".chars().position(|d| d == c).or(match c {
            '〇' => Some(0),
            '两' => Some(2),
            _ => None,
        })
    };
    if text.chars().all(|c| digit(c).is_some()) {
        if text.chars().count() > 15 {
            return None;
        }
        return Some(text.chars().fold(0, |n, c| n * 10 + digit(c).unwrap_or(0) as i64));
    }
    let (mut total, mut section, mut current) = (0i64, 0i64, None);
    for c in text.chars() {
        if let Some(d) = digit(c) {
            if current.is_some_and(|n| n != 0) {
                return None;
            }
            current = Some(d as i64);
            continue;
        }
        let scale = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '万' => 10_000,
            _ => return None,
        };
        if scale == 10_000 {
            total = (total + section + current.unwrap_or(0)).checked_mul(scale)?;
            section = 0;
        } else {
            section += current.unwrap_or(1).max(1) * scale;
        }
        current = None;
    }
    Some(total + section + current.unwrap_or(0))
}

/// No body has more money than this, ten trillion yuan; what does is a mistake that would overflow
/// sums.
const MOST_FEN: i64 = 1_000_000_000_000_000;

/// Money in fen; none without a known unit, if it is finer than a fen, or beyond any body's.
#[must_use]
pub fn fen(value: Decimal, unit: Option<&str>) -> Option<i64> {
    let scale = match unit? {
        "元" => 100,
        "万元" => 1_000_000,
        "亿元" => 10_000_000_000i64,
        _ => return None,
    };
    let fen = value.checked_mul(Decimal::from(scale))?;
    let whole = fen.fract().is_zero().then(|| fen.to_i64()).flatten();
    whole.filter(|fen| (-MOST_FEN..=MOST_FEN).contains(fen))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The digits of a whole number in groups of three.
    fn grouped(digits: &str) -> String {
        let mut out = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
    }

    fn full_width(text: &str) -> String {
        let wide = |c: char| char::from_u32(c as u32 + 0xFEE0).unwrap();
        text.chars().map(|c| if c.is_ascii() { wide(c) } else { c }).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_quick_look_turns_no_number_away(
            text in r"[ \u{3000}\u{200B}]?(?:[0-9０-９零〇一兩万增減↑無不適用/—-]|\PC){1,6}"
        ) {
            let state = read_cell(&text, ValueKind::Signed).state;
            prop_assert!(may_be_number(&text) || matches!(state, State::Text | State::Blank));
        }

        #[test]
        fn a_printed_number_is_read_back_however_it_is_printed(
            whole in any::<u64>(),
            fraction in prop::option::of("[0-9]{1,6}"),
            negative in any::<bool>(),
            (groups, wide) in any::<(bool, bool)>(),
            unit in prop::option::of(prop::sample::select(vec!["件", "万元", "人次", "部"])),
            blank in prop::sample::select(vec!["", " ", "\u{3000}", "\u{A0}", "\u{200B}", "\n"]),
        ) {
            let digits = whole.to_string();
            let fraction = fraction.map(|f| format!(".{f}")).unwrap_or_default();
            let sign = if negative { "-" } else { "" };
            let value: Decimal = format!("{sign}{digits}{fraction}").parse().unwrap();
            let shown = if groups { grouped(&digits) } else { digits };
            let shown = format!("{sign}{shown}{fraction}");
            let shown = if wide { full_width(&shown) } else { shown };
            let printed = format!("{blank}{shown}{blank}{}{blank}", unit.unwrap_or(""));
            let read = read_cell(&printed, ValueKind::Signed);
            let state = if value.is_zero() { State::Zero } else { State::Number };
            prop_assert_eq!(read.state, state, "{:?}", printed);
            prop_assert_eq!(read.value.map(|v| v.to_string()), Some(value.to_string()));
            prop_assert_eq!(read.unit.as_deref(), unit);
        }

        #[test]
        fn whatever_is_read_has_a_value_only_if_it_is_a_number(raw in "[0-9０-９,.+增减一二十百万零〇件元/ -]{0,12}") {
            let read = read_cell(&raw, ValueKind::Signed);
            let numeric = matches!(read.state, State::Number | State::Zero);
            prop_assert_eq!(read.value.is_some(), numeric);
            if let Some(value) = read.value {
                prop_assert_eq!(value.is_zero(), read.state == State::Zero);
            }
        }
    }

    fn read(raw: &str) -> (State, Option<String>, Option<String>) {
        let r = read_cell(raw, ValueKind::Signed);
        (r.state, r.value.map(|v| v.to_string()), r.unit)
    }

    #[test]
    fn numbers_of_every_printing_are_read_exactly() {
        for (raw, value, unit) in [
            ("12", "12", None),
            ("0 ", "0", None),
            ("１，２３４", "1234", None),
            ("59237.2449", "59237.2449", None),
            ("282.10", "282.10", None),
            ("251000元", "251000", Some("元")),
            ("712.187895万元", "712.187895", Some("万元")),
            ("增98", "98", None),
            ("减3", "-3", None),
            ("↓3", "-3", None),
            ("-10", "-10", None),
            ("＋81", "81", None),
            ("零", "0", None),
            ("十二", "12", None),
            ("一百零五件", "105", Some("件")),
            ("6項", "6", Some("项")),
            ("1 808 595", "1808595", None),
            ("99\u{A0}100 件", "99100", Some("件")),
            ("12 345.67", "12345.67", None),
            ("1 0 9", "109", None),
            ("５　９ ． ２", "59.2", None),
            ("1,\n234", "1234", None),
            ("1\n,234", "1234", None),
            ("712.\n187895万元", "712.187895", Some("万元")),
            ("-\n10", "-10", None),
            ("12\n件", "12", Some("件")),
        ] {
            let (_, v, u) = read(raw);
            assert_eq!((v.as_deref(), u.as_deref()), (Some(value), unit), "{raw}");
        }
    }

    #[test]
    fn what_is_no_number_keeps_its_kind() {
        for (raw, state) in [
            ("", State::Blank),
            ("\u{A0}\u{3000}", State::Blank),
            ("/", State::NotApplicable),
            ("——", State::NotApplicable),
            ("無", State::NotApplicable),
            ("增", State::Text),
            ("万元", State::Text),
            ("00", State::Text),
            ("1.2.3", State::Text),
            ("1,23", State::Text),
            ("本单位未制作规章", State::Text),
            ("109¹", State::Text),
            ("109₁", State::Text),
            ("109①", State::Text),
            ("109⓵", State::Text),
            ("109❶", State::Text),
            ("①", State::Text),
            ("⒈5", State::Text),
            ("十①", State::Text),
            ("109 5", State::Text),
            ("99 1000", State::Text),
            ("0 100", State::Text),
            ("1 0  9", State::Text),
            ("712.187 895", State::Text),
            ("109\n5", State::Text),
            ("99\n100", State::Text),
            ("1\n2", State::Text),
            ("1,\n234\n567", State::Text),
        ] {
            assert_eq!(read(raw), (state, None, None), "{raw}");
        }
        assert_eq!(read_cell("增98", ValueKind::Count).state, State::Text);
    }

    #[test]
    fn money_becomes_fen_only_when_exact() {
        let d = |s: &str| s.parse::<Decimal>().unwrap();
        assert_eq!(fen(d("59237.2449"), Some("万元")), Some(59_237_244_900));
        assert_eq!(fen(d("712.187895"), Some("万元")), Some(712_187_895));
        assert_eq!(fen(d("0.0000001"), Some("万元")), None);
        assert_eq!(fen(d("8040"), None), None);
    }

    #[test]
    fn money_beyond_any_body_is_none() {
        let of = |text: &str| fen(text.parse().unwrap(), Some("万元"));
        assert_eq!(of("1000000000"), Some(MOST_FEN));
        assert_eq!(of("1000000001"), None);
        assert_eq!(of("-9000000000000"), None);
    }
}
