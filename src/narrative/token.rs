//! A sentence as a row of words, figures and stops.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::folded::QUOTED;
use super::lexicon::{Kind, LEXICON};
use super::organ::Organ;
use crate::form::{Chars, han_number};

/// A word, a figure, a stop or a stretch that no word covers.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Range<usize>,
}

/// A figure with what stands around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    pub value: u64,
    /// Rounded or said to be about that much.
    pub rough: bool,
    /// The unit as printed, empty if there is none.
    pub unit: &'static str,
    /// Whether requests and cases are counted in that unit.
    pub counts: bool,
}

/// Tokens of a sentence and its figures.
pub(super) struct Tokens {
    pub list: Vec<Token>,
    pub numbers: Vec<Number>,
}

impl Tokens {
    /// Adds a stretch that no word covers, to the one before if that is such a stretch.
    fn push_unknown(&mut self, span: Range<usize>) {
        match self.list.last_mut().filter(|last| last.kind == Kind::Unknown) {
            Some(last) => last.span.end = span.end,
            None => self.list.push(Token { kind: Kind::Unknown, span }),
        }
    }
}

/// Characters that stop a clause, or with which a word or a figure begins.
static TELLING: LazyLock<Chars> = LazyLock::new(|| {
    let figure = |c: char| c.is_ascii_digit() || is_numeral(c) || c == '第';
    let mut chars = Chars::those(|c| stop(c).is_some() || figure(c));
    LEXICON.words().filter_map(|(word, _)| word.chars().next()).for_each(|c| chars.insert(c));
    chars
});

macro_rules! pattern {
    ($name:ident, $re:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($re).expect("constant pattern"));
    };
}

pattern!(
    SPAN,
    r"^(?:(?P<a>[0-9]{4})年度?)?0?1月0?1日起?(?:至|到|-|—|~)+(?:同年|当年|本年)?(?:(?P<b>[0-9]{4})年)?12月31日(?:止|期间)?"
);
pattern!(
    YEAR,
    r"^(?P<y>[0-9]{4}|[一二][零〇九][零〇一二三四五六七八九]{2})年度?(?P<end>底|末|初)?"
);
pattern!(MONTH, r"^[0-9]{1,2}(?:(?:-|至|~)[0-9]{1,2})?月(?:[0-9]{1,2}日)?(?:份|底|末)?");
pattern!(RATE, r"^[0-9]+(?:\.[0-9]+)?(?:%|‰|个百分点|倍)");
pattern!(
    SPELL,
    r"^[0-9]+(?:多|余)?(?:个工作日|工作日|个月|小时|分钟|天|日|周|岁|时|号|楼|室)|^第[0-9一二三四五六七八九十百]+(?:条|款|项|章|届|次|期|批|号|个|名|位)?"
);
pattern!(YEARS, r"^[0-9]{1,3}(?:个)?年");

/// Characters behind digits that may make them a date, a rate or another thing than a number.
const DATED: &str = "年月-至~个.%‰倍多余工小分天日周岁时号楼室";

/// Units of other things, so that a breakdown's parts can be told to be of one kind.
const UNITS: [&str; 22] = [
    "件次", "条次", "人次", "万元", "亿元", "元", "人", "名", "篇", "项", "个", "部", "期", "场",
    "册", "家", "套", "批", "块", "户", "页", "处",
];

/// Cuts a sentence of the folded text.
pub(super) fn tokens(text: &str, span: Range<usize>, organ: &Organ, year: Option<i32>) -> Tokens {
    let (lexicon, telling) = (&*LEXICON, &*TELLING);
    let mut out = Tokens { list: Vec::with_capacity(span.len() / 6), numbers: Vec::new() };
    let mut at = span.start;
    while at < span.end {
        let rest = &text[at..span.end];
        let quiet = rest.find(|c| telling.has(c) || organ.may_hold(c)).unwrap_or(rest.len());
        if quiet > 0 {
            out.push_unknown(at..at + quiet);
            at += quiet;
            continue;
        }
        let Some(c) = rest.chars().next() else { break };
        let word = lexicon.at(rest);
        let (length, kind) = if let Some(stop) = stop(c) {
            // a name of a group may hold a stop
            word.unwrap_or((c.len_utf8(), stop))
        } else if let Some(length) = organ.at(rest) {
            let place = rest[..length].ends_with(['省', '市', '州', '盟', '县', '区', '旗']);
            (length, if place { Kind::Place } else { Kind::OwnBody })
        } else {
            let figure = figure(rest, year);
            match (word, figure) {
                (Some(word), Some((length, _))) if word.0 > length => word,
                (_, Some((length, Found::Kind(kind)))) => (length, kind),
                (_, Some((length, Found::Number(number)))) => {
                    out.numbers.push(number);
                    (length, Kind::Number(out.numbers.len() - 1))
                }
                (Some(word), None) => word,
                (None, None) => (c.len_utf8(), Kind::Unknown),
            }
        };
        let end = at + length;
        match kind {
            Kind::Unknown => out.push_unknown(at..end),
            kind => out.list.push(Token { kind, span: at..end }),
        }
        at = end;
    }
    out
}

fn stop(c: char) -> Option<Kind> {
    match c {
        '(' => Some(Kind::Stop(true)),
        ',' | ';' | ':' | ')' | '。' | '.' | '!' | '?' | '\n' => Some(Kind::Stop(false)),
        QUOTED => Some(Kind::Filler),
        _ => None,
    }
}

enum Found {
    Kind(Kind),
    Number(Number),
}

/// The figure, date or ordinal that begins the text.
fn figure(text: &str, year: Option<i32>) -> Option<(usize, Found)> {
    let first = text.chars().next()?;
    let dated = if first.is_ascii_digit() {
        // most are followed by what they count
        let behind = text.trim_start_matches(|c: char| c.is_ascii_digit()).chars().next();
        behind.filter(|c| DATED.contains(*c)).and_then(|_| dated(text, year))
    } else if is_numeral(first) {
        let behind = text.trim_start_matches(is_numeral);
        if behind.starts_with('年') { of_year(text, year) } else { None }
    } else if first == '第' {
        return Some((SPELL.find(text)?.end(), Found::Kind(Kind::Filler)));
    } else {
        return None;
    };
    match dated {
        Some((length, kind)) => Some((length, Found::Kind(kind))),
        None => number(text, year),
    }
}

/// The date or rate of digits that begins the text.
fn dated(text: &str, year: Option<i32>) -> Option<(usize, Kind)> {
    if let Some(m) = SPAN.captures(text) {
        let named = [m.name("a"), m.name("b")];
        let own = named.iter().flatten().all(|y| is_own(y.as_str(), year));
        return Some((m[0].len(), whole(own)));
    }
    of_year(text, year)
        .or_else(|| {
            let m = MONTH.find(text).or_else(|| YEARS.find(text))?;
            Some((m.end(), Kind::OtherTime))
        })
        .or_else(|| {
            let m = RATE.find(text).or_else(|| SPELL.find(text))?;
            Some((m.end(), Kind::Filler))
        })
}

/// The year that begins the text.
fn of_year(text: &str, year: Option<i32>) -> Option<(usize, Kind)> {
    let m = YEAR.captures(text)?;
    Some((m[0].len(), whole(is_own(&m["y"], year) && m.name("end").is_none())))
}

fn whole(own: bool) -> Kind {
    if own { Kind::WholeYear } else { Kind::OtherTime }
}

/// Whether a printed year is the report's.
fn is_own(printed: &str, year: Option<i32>) -> bool {
    let number = printed.parse().ok().or_else(|| han_number(printed));
    number.is_some_and(|n: i64| year.is_some_and(|y| i64::from(y) == n))
}

/// A Chinese numeral.
pub(super) fn is_numeral(c: char) -> bool {
    matches!(
        c,
        '零' | '〇'
            | '一'
            | '二'
            | '两'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
    )
}

/// Length of the digits that begin the text: 1,204 or 1.5, or in Chinese numerals.
fn digits(text: &str, han: bool) -> usize {
    let run = |text: &str, of: fn(char) -> bool| text.find(|c| !of(c)).unwrap_or(text.len());
    if han {
        return run(text, is_numeral);
    }
    let digits = |text: &str| run(text, |c| c.is_ascii_digit());
    let first = digits(text);
    let mut length = first;
    while first <= 3 && text[length..].starts_with(',') && digits(&text[length + 1..]) >= 3 {
        length += 4;
    }
    match text[length..].strip_prefix('.').map(digits) {
        Some(fraction) if fraction > 0 && length == first => length + 1 + fraction,
        _ => length,
    }
}

/// The value of printed digits, and whether it was cut off.
fn value(printed: &str, scale: u64) -> Option<(u64, bool)> {
    if printed.len() < 19 && printed.bytes().all(|b| b.is_ascii_digit()) {
        return Some((printed.parse::<u64>().ok()?.checked_mul(scale)?, false));
    }
    let exact: rust_decimal::Decimal = printed.replace(',', "").parse().ok()?;
    let exact = exact.checked_mul(scale.into())?;
    Some((u64::try_from(exact.trunc()).ok()?, !exact.fract().is_zero()))
}

fn number(text: &str, year: Option<i32>) -> Option<(usize, Found)> {
    let han = !text.starts_with(|c: char| c.is_ascii_digit());
    let printed = digits(text, han);
    if printed == 0 {
        return None;
    }
    let (mut digits, mut behind) = text.split_at(printed);
    let scale = ['万', '亿'].into_iter().find(|c| behind.starts_with(*c));
    behind = scale.map_or(behind, |c| &behind[c.len_utf8()..]);
    let more = ['余', '多'].into_iter().find(|c| behind.starts_with(*c));
    behind = more.map_or(behind, |c| &behind[c.len_utf8()..]);
    // 3,120 件 is one number, 3,1204 is not
    if digits.contains(',') && behind.starts_with(|c: char| c.is_ascii_digit()) {
        digits = digits.split(',').next()?;
        behind = &text[digits.len()..];
    }
    let mut rough = scale.is_some() || more.is_some();
    let value = if han {
        u64::try_from(han_number(digits)?).ok()?
    } else {
        let factor = scale.map_or(1, |c| if c == '万' { 10_000 } else { 100_000_000 });
        let (value, cut) = value(digits, factor)?;
        rough |= cut;
        value
    };
    let length = text.len() - behind.len();
    let counted = LEXICON.units.iter().find(|u| behind.starts_with(u.as_str()));
    let other = UNITS.iter().find(|u| behind.starts_with(**u));
    let (unit, counts) = match (counted, other) {
        (_, Some(unit)) => (*unit, false),
        (Some(unit), None) => (unit.as_str(), true),
        (None, None) => ("", false),
    };
    if han {
        let last = behind[unit.len()..].chars().next().is_none_or(|c| stop(c).is_some());
        let zero = digits == "零" && unit.is_empty() && last;
        if !counts && !zero {
            return None;
        }
    } else if unit.is_empty() && digits.len() == 4 && year.is_some_and(|y| y.to_string() == digits)
    {
        // 2023我镇: the character 年 was lost
        return Some((length, Found::Kind(Kind::WholeYear)));
    }
    let number = Number { value, rough, unit, counts };
    Some((length + unit.len(), Found::Number(number)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What `digits` finds, as patterns, which say it best but take long to match.
    const DIGITS: &str = r"^(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?)";
    const NUMERALS: &str = r"^[零〇一二两三四五六七八九十百千]+";

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn digits_are_found_as_by_a_pattern(text in "[0-9一十零][0-9,.万件一十零]{0,12}") {
            for (han, pattern) in [(false, DIGITS), (true, NUMERALS)] {
                let found = Regex::new(pattern).unwrap().find(&text).map_or(0, |m| m.len());
                prop_assert_eq!(digits(&text, han), found);
            }
        }
    }

    #[test]
    fn values_are_exact_or_said_to_be_rough() {
        for (text, expected) in [
            ("3,120件", Some((3120, false, "", true))),
            ("3,1204件", Some((3, false, "", false))),
            ("1.5万条", Some((15_000, true, "", true))),
            ("2万余人次", Some((20_000, true, "人次", false))),
            ("12.5元", Some((12, true, "元", false))),
            ("十二件", Some((12, false, "", true))),
            ("零", Some((0, false, "", false))),
            ("十二", None),
            ("99999999999999999999件", None),
            ("18446744073709551615亿件", None),
        ] {
            let number = match number(text, None) {
                Some((_, Found::Number(n))) => Some(n),
                _ => None,
            };
            let found =
                number.map(|n| (n.value, n.rough, if n.counts { "" } else { n.unit }, n.counts));
            assert_eq!(found, expected, "{text}");
        }
    }
}
