//! A sentence as a row of words, figures and stops.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::folded::QUOTED;
use super::lexicon::{Kind, LEXICON};
use super::organ::Organ;
use crate::form::han_number;

/// A word, a figure, a stop or a stretch that no word covers.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Range<usize>,
}

/// A figure with what stands around it.
#[derive(Debug, Clone)]
pub(super) struct Number {
    pub value: u64,
    /// Rounded or said to be about that much.
    pub rough: bool,
    /// The unit as printed, empty if there is none.
    pub unit: String,
    /// Whether requests and cases are counted in that unit.
    pub counts: bool,
}

/// Tokens of a sentence and its figures.
pub(super) struct Tokens {
    pub list: Vec<Token>,
    pub numbers: Vec<Number>,
}

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
pattern!(
    NUMBER,
    r"^(?P<n>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?)(?P<scale>万|亿)?(?P<more>余|多)?"
);
pattern!(HAN, r"^(?P<n>[零〇一二两三四五六七八九十百千]+)(?P<scale>万|亿)?(?P<more>余|多)?");

/// Units of other things, so that a breakdown's parts can be told to be of one kind.
const UNITS: [&str; 22] = [
    "件次", "条次", "人次", "万元", "亿元", "元", "人", "名", "篇", "项", "个", "部", "期", "场",
    "册", "家", "套", "批", "块", "户", "页", "处",
];

/// Cuts a sentence of the folded text.
pub(super) fn tokens(text: &str, span: Range<usize>, organ: &Organ, year: Option<i32>) -> Tokens {
    let mut out = Tokens { list: Vec::new(), numbers: Vec::new() };
    let mut at = span.start;
    while at < span.end {
        let rest = &text[at..span.end];
        let Some(c) = rest.chars().next() else { break };
        let word = LEXICON.at(&text[..span.end], at).map(|(end, kind)| (end - at, kind));
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
        match out.list.last_mut() {
            Some(last) if kind == Kind::Unknown && last.kind == Kind::Unknown => {
                last.span.end = end
            }
            _ => out.list.push(Token { kind, span: at..end }),
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
    if !first.is_ascii_digit() && !"第零〇一二两三四五六七八九十百千".contains(first)
    {
        return None;
    }
    let whole = |own: bool| Found::Kind(if own { Kind::WholeYear } else { Kind::OtherTime });
    let own = |printed: &str| {
        let number = printed.parse().ok().or_else(|| han_number(printed));
        number.is_some_and(|n: i64| year.is_some_and(|y| i64::from(y) == n))
    };
    if let Some(m) = SPAN.captures(text) {
        let named = [m.name("a"), m.name("b")];
        return Some((m[0].len(), whole(named.iter().flatten().all(|y| own(y.as_str())))));
    }
    if let Some(m) = YEAR.captures(text) {
        return Some((m[0].len(), whole(own(&m["y"]) && m.name("end").is_none())));
    }
    if let Some(m) = MONTH.find(text).or_else(|| YEARS.find(text)) {
        return Some((m.end(), Found::Kind(Kind::OtherTime)));
    }
    if let Some(m) = RATE.find(text).or_else(|| SPELL.find(text)) {
        return Some((m.end(), Found::Kind(Kind::Filler)));
    }
    number(text, year)
}

fn number(text: &str, year: Option<i32>) -> Option<(usize, Found)> {
    let han = !text.starts_with(|c: char| c.is_ascii_digit());
    let m = if han { HAN.captures(text)? } else { NUMBER.captures(text)? };
    let mut digits = m["n"].to_owned();
    let mut length = m[0].len();
    // 3,120 件 is one number, 3,1204 is not
    if digits.contains(',') && text[length..].starts_with(|c: char| c.is_ascii_digit()) {
        digits = digits.split(',').next()?.to_owned();
        length = digits.len();
    }
    let mut rough = m.name("more").is_some();
    let value = if han {
        u64::try_from(han_number(&digits)?).ok()?
    } else {
        let scale = match m.name("scale").map(|s| s.as_str()) {
            Some("万") => 10_000,
            Some("亿") => 100_000_000,
            _ => 1,
        };
        let exact: rust_decimal::Decimal = digits.replace(',', "").parse().ok()?;
        let exact = exact.checked_mul(scale.into())?;
        rough |= scale > 1 || !exact.fract().is_zero();
        u64::try_from(exact.trunc()).ok()?
    };
    rough |= m.name("scale").is_some();
    let after = &text[length..];
    let counted = LEXICON.units.iter().find(|u| after.starts_with(u.as_str()));
    let other = UNITS.iter().find(|u| after.starts_with(**u));
    let (unit, counts) = match (counted, other) {
        (_, Some(unit)) => (*unit, false),
        (Some(unit), None) => (unit.as_str(), true),
        (None, None) => ("", false),
    };
    let behind = &after[unit.len()..];
    if han {
        let last = behind.chars().next().is_none_or(|c| stop(c).is_some());
        let zero = digits == "零" && unit.is_empty() && last;
        if !counts && !zero {
            return None;
        }
    } else if unit.is_empty() && digits.len() == 4 && year.is_some_and(|y| y.to_string() == digits)
    {
        // 2023我镇: the character 年 was lost
        return Some((length, Found::Kind(Kind::WholeYear)));
    }
    let number = Number { value, rough, unit: unit.to_owned(), counts };
    Some((length + unit.len(), Found::Number(number)))
}
