//! Sentences of narratives, filled with the figures of a report.

use std::sync::LazyLock;

use serde::Deserialize;

use super::chance::Chance;
use super::figures::Figures;
use super::places::{Body, Rank};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub fact: String,
    pub texts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Denial {
    pub facts: Vec<String>,
    pub texts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    pub texts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub statements: Vec<Statement>,
    pub denials: Vec<Denial>,
    pub listings: Texts,
    pub others: Texts,
    pub openings: Texts,
    pub fillers: Texts,
    pub problems: Texts,
    pub fees: Texts,
    pub nothing: Texts,
}

pub static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("wording.toml")).expect("wording.toml"));

/// Whether a wording is kept from those who mend the reader.
pub fn is_held(wording: usize) -> bool {
    wording % 3 == 2
}

/// The wordings of a figure.
pub fn statements(fact: &str) -> &'static [String] {
    &WORDS.statements.iter().find(|s| s.fact == fact).unwrap().texts
}

/// The denials of exactly these figures.
pub fn denials(facts: &[&str]) -> &'static [String] {
    &WORDS.denials.iter().find(|d| d.facts == facts).unwrap().texts
}

/// Whose sentences they are, and about when.
pub struct Scene<'a> {
    pub figures: &'a Figures,
    pub body: &'a Body,
    pub year: i32,
}

const LEADS: [&str; 12] = [
    "{y}年，",
    "{y}年，{we}",
    "{y}年度，{we}",
    "全年",
    "全年，",
    "本年度，",
    "本年度{we}",
    "报告期内，",
    "{y}年1月1日至12月31日，",
    "{y}年，{we}全年",
    "{han}年，",
    "一年来，{we}",
];

/// How the figures of a sentence are written.
#[derive(Clone, Copy)]
enum Digits {
    Plain,
    Wide,
    Chinese,
    Commas,
    Spaced,
}

fn digits(chance: &mut Chance) -> Digits {
    match chance.below(100) {
        0..70 => Digits::Plain,
        70..78 => Digits::Wide,
        78..86 => Digits::Chinese,
        86..93 => Digits::Commas,
        _ => Digits::Spaced,
    }
}

impl Digits {
    fn write(self, n: i64, rest: &str) -> String {
        match self {
            Digits::Wide => n.to_string().chars().map(wide).collect(),
            Digits::Chinese if n == 2 && rest.starts_with('件') => "两".to_owned(),
            Digits::Chinese if n < 10_000 => han(n),
            Digits::Commas => commas(n),
            Digits::Spaced => format!(" {n} "),
            _ => n.to_string(),
        }
    }
}

pub fn wide(c: char) -> char {
    if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap_or(c) } else { c }
}

pub fn commas(n: i64) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

/// A number below ten thousand in Chinese numerals.
pub fn han(n: i64) -> String {
    let digit = |d: i64| "零一二三四五六七八九".chars().nth(d as usize).unwrap();
    if n < 10 {
        return digit(n).to_string();
    }
    let (mut out, mut gap) = (String::new(), false);
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let d = n / unit % 10;
        match d {
            0 => gap = !out.is_empty(),
            1 if unit == 10 && out.is_empty() => out.push('十'),
            _ => {
                if gap {
                    out.push('零');
                }
                gap = false;
                out.push(digit(d));
                out.push_str(name);
            }
        }
    }
    out
}

/// A year digit by digit.
fn han_year(year: i32) -> String {
    let digit = |c: char| "〇一二三四五六七八九".chars().nth(c as usize - '0' as usize).unwrap();
    year.to_string().chars().map(digit).collect()
}

/// A figure told wrong.
pub type Wrong<'a> = (&'a str, i64);

impl Scene<'_> {
    /// Fills a wording; none where the edition lacks a figure it wants, or it is not for the body.
    pub fn fill(
        &self,
        text: &str,
        wrong: Option<Wrong<'_>>,
        chance: &mut Chance,
    ) -> Option<String> {
        let summary = self.body.rank == Rank::Summary;
        let text = match (text.strip_prefix("@own "), text.strip_prefix("@sum ")) {
            (Some(text), _) if !summary => text,
            (_, Some(text)) if summary => text,
            (None, None) => text,
            _ => return None,
        };
        let lead: &&str = chance.pick(&LEADS);
        let text = text.replace("{lead}", lead);
        let style = digits(chance);
        let mut out = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (key, behind) = after.split_once('}')?;
            out.push_str(before);
            rest = behind;
            out.push_str(&self.slot(key, wrong, style, behind, chance)?);
        }
        out.push_str(rest);
        Some(out)
    }

    fn slot(
        &self,
        key: &str,
        wrong: Option<Wrong<'_>>,
        style: Digits,
        behind: &str,
        chance: &mut Chance,
    ) -> Option<String> {
        Some(match key {
            "y" => self.year.to_string(),
            "last" => (self.year - 1).to_string(),
            "before" => (self.year - 2).to_string(),
            "next" => (self.year + 1).to_string(),
            "han" => han_year(self.year),
            "we" => self.body.we().to_owned(),
            "organ" => self.body.short.clone(),
            "n" => style.write(chance.range(2, 60), behind),
            "m" => style.write(chance.range(61, 1800), behind),
            "pct" => format!("{}.{}", chance.range(1, 99), chance.range(1, 9)),
            "wan" => format!("{}.{}", chance.range(1, 40), chance.range(1, 9)),
            _ => {
                let (fact, part) = key.split_once(':').unwrap_or((key, ""));
                let told = wrong.filter(|w| w.0 == key).map(|w| w.1);
                let n = match told {
                    Some(n) => n,
                    None => piece(self.figures.fact(fact)?, part),
                };
                style.write(n, behind)
            }
        })
    }

    /// A breakdown that adds up, or with one figure off: the total (`t`) or a part.
    pub fn list(&self, text: &str, off: Option<&str>, chance: &mut Chance) -> Option<String> {
        let keys: Vec<&str> = ["a", "b", "c", "d"]
            .into_iter()
            .filter(|k| text.contains(&format!("{{{k}}}")))
            .collect();
        let mut parts: Vec<i64> = keys.iter().map(|_| chance.range(11, 90)).collect();
        let mut total: i64 = parts.iter().sum();
        let slip = chance.range(1, 9) * if chance.percent(50) { 1 } else { -1 };
        match off {
            Some("t") => total += slip,
            Some(_) => parts[chance.below(keys.len())] += slip,
            None => {}
        }
        let style = digits(chance);
        let mut text = text.to_owned();
        for (key, n) in keys.iter().chain(&["t"]).zip(parts.into_iter().chain([total])) {
            let slot = format!("{{{key}}}");
            let behind = text.split_once(&slot)?.1.to_owned();
            text = text.replace(&slot, &style.write(n, &behind));
        }
        self.fill(&text, None, chance)
    }
}

/// A part of a figure: a, b and c are three of it, x and y two.
fn piece(n: i64, part: &str) -> i64 {
    match part {
        "a" => n - n / 2 - n / 5,
        "b" => n / 2,
        "c" => n / 5,
        "x" => n - n / 3,
        "y" => n / 3,
        _ => n,
    }
}

/// A sentence by chance that fits the scene.
pub fn any(texts: &[String], scene: &Scene<'_>, chance: &mut Chance) -> String {
    loop {
        let wording: &String = chance.pick(texts);
        if let Some(text) = scene.fill(wording, None, chance) {
            return text;
        }
    }
}

/// A number without blanks, thousands separators and wide digits.
pub fn narrow(text: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().filter(|c| !c.is_whitespace() && *c != ',').map(plain).collect()
}
