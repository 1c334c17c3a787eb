//! A parsed report: what a document says, cell by cell, and where it says it.
//!
//! These types are the parsed-report JSON of `parse --format json` (`nianbao.report/1`).

use std::sync::Arc;

use rust_decimal::Decimal;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::lang::{Bilingual, Lang};

/// Name and version of the JSON this module reads and writes.
pub const SCHEMA: &str = "nianbao.report/1";

/// Id of the rule that says which pages were recognized in pictures.
pub const READ_BY_OCR: &str = "read-by-ocr";

/// Whose figures a report gives.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The body's own report.
    Own,
    /// A level's summary of all bodies under it.
    Aggregate,
}

impl Scope {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Aggregate => "aggregate",
        }
    }

    /// The scope of a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Scope> {
        [Scope::Own, Scope::Aggregate].into_iter().find(|scope| scope.key() == key)
    }
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A number other than 0.
    Number,
    /// An explicit 0.
    Zero,
    /// Nothing: not the same as 0.
    Blank,
    /// A mark that says the line does not apply: `/`, `-`, 无.
    NotApplicable,
    /// Anything else, kept as it stands.
    Text,
    /// The document has no such cell, or none that could be told to be this one.
    Missing,
}

impl State {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            State::Number => "number",
            State::Zero => "zero",
            State::Blank => "blank",
            State::NotApplicable => "not_applicable",
            State::Text => "text",
            State::Missing => "missing",
        }
    }

    /// The state of a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<State> {
        use State::{Blank, Missing, NotApplicable, Number, Text, Zero};
        let all = [Number, Zero, Blank, NotApplicable, Text, Missing];
        all.into_iter().find(|state| state.key() == key)
    }
}

/// Where something stands in its source. Which fields are set depends on the format.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Line of the decoded text, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Characters of the decoded text before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u32>,
    /// Page, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Sheet of a workbook, by its name; its table, row and column are then those of the sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Arc<str>>,
    /// Table of the document, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<u32>,
    /// Row of that table, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Cell of that row as printed, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

impl Place {
    /// In words.
    #[must_use]
    pub fn in_words(&self, lang: Lang) -> String {
        let locale = lang.key();
        let mut parts: Vec<String> = Vec::new();
        if let Some(sheet) = &self.sheet {
            parts.push(t!("why.sheet", locale = locale, sheet = sheet).into());
        }
        if let Some(page) = self.page {
            parts.push(t!("why.page", locale = locale, page = page).into());
        }
        if let Some(line) = self.line {
            parts.push(t!("why.line", locale = locale, line = line).into());
        }
        if let (Some(table), Some(row), Some(column)) = (self.table, self.row, self.column) {
            let said = t!("why.table", locale = locale, table = table, row = row, column = column);
            parts.push(said.into());
        }
        parts.join(&t!("why.within", locale = locale))
    }
}

/// One cell of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Edition, where it is not the report's own (`mixed-edition`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Table key.
    pub table: String,
    /// Row key.
    pub row: String,
    /// Column key.
    pub column: String,
    /// The number as printed, exact; null where there is none.
    #[serde(with = "exact")]
    #[schemars(with = "Option<f64>")]
    pub value: Option<Decimal>,
    /// Unit the cell or the form gives; null where money has none.
    pub unit: Option<String>,
    /// The text as it stands; null where there is no cell.
    pub raw: Option<String>,
    /// What kind of content it is.
    pub state: State,
    /// Its place in the source.
    #[serde(default)]
    pub at: Option<Place>,
    /// How sure its characters are, of 100, where they were recognized in a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// What it says itself, where somebody corrected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Box<Correction>>,
}

/// A correction by hand, with what the cell says itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Number of the correction in the store.
    pub id: i64,
    /// The text as it stands; null where there is no cell.
    pub raw: Option<String>,
    /// What kind of content that is.
    pub state: State,
    /// Why it was corrected.
    pub reason: String,
    /// Who corrected it.
    pub by: String,
    /// When, in UTC.
    pub at: String,
}

/// Numbers in JSON with all their digits.
mod exact {
    use rust_decimal::prelude::ToPrimitive as _;
    use rust_decimal::serde::arbitrary_precision_option as digits;
    pub use rust_decimal::serde::arbitrary_precision_option::deserialize;

    use super::{Decimal, Serializer};

    /// Whole numbers, which nearly all are, as such: the way over their digits takes long.
    pub fn serialize<S: Serializer>(value: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
        let whole = value.filter(|v| v.scale() == 0 && !v.is_sign_negative());
        match whole.and_then(|v| v.to_u64()) {
            Some(whole) => to.serialize_some(&whole),
            None => digits::serialize(value, to),
        }
    }
}

impl Cell {
    /// `table/row/column`, as findings name it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.table, self.row, self.column)
    }
}

/// How bad a finding is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look.
    Info,
    /// Very likely a mistake.
    Warning,
    /// The numbers cannot all be true, or could not be read.
    Error,
}

impl Severity {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity of a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Severity> {
        let all = [Severity::Info, Severity::Warning, Severity::Error];
        all.into_iter().find(|severity| severity.key() == key)
    }
}

/// A sentence in both languages; the JSON has the one of the program's language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Message(pub Bilingual);

impl Message {
    /// In one language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        self.0.get(lang)
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.get(Lang::current()))
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Message, D::Error> {
        Ok(Message(Bilingual::same(String::deserialize(from)?)))
    }
}

/// A message of the catalogue with its arguments, in both languages.
macro_rules! said {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::report::Message($crate::lang::Bilingual {
            zh: rust_i18n::t!($key, locale = "zh" $(, $name = $value)*).into(),
            en: rust_i18n::t!($key, locale = "en" $(, $name = $value)*).into(),
        })
    };
}
pub(crate) use said;

/// Something about a report that a reader must know before trusting it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    #[schemars(with = "String")]
    pub message: Message,
    /// What it is about: `table`, `table/row` or `table/row/column`.
    #[serde(default)]
    pub cells: Vec<String>,
}

/// A numbered section of the narrative, verbatim and without its tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// 1 to 6; 0 for what stands before the first heading.
    pub no: u8,
    /// Heading as printed, without its number.
    pub title: String,
    /// Paragraphs, one a line.
    pub text: String,
}

/// The file a report was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Path or address as given.
    pub path: String,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Media type found by content.
    pub media_type: String,
    /// Character encoding found by content.
    pub encoding: Option<String>,
}

/// A whole report as parsed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Title as printed, joined to one line.
    pub title: Option<String>,
    /// The body, resolved as far as the document and the hints allow.
    pub organ: Option<String>,
    /// The body as it stands in the document.
    pub organ_printed: Option<String>,
    /// Six digits, GB/T 2260.
    pub region_code: Option<String>,
    /// Nine digits, GB/T 10114.
    pub township_code: Option<String>,
    /// Reporting year.
    pub year: Option<i32>,
    /// Own report or a level's summary.
    pub scope: Option<Scope>,
    /// Edition of most of its tables; null where no table stands.
    pub edition: Option<String>,
    /// Date of publication, `YYYY-MM-DD`.
    pub published: Option<String>,
    /// Where it was read from.
    pub source: Source,
    /// The narrative.
    pub sections: Vec<Section>,
    /// Every cell of the edition's form in form order, also those not found.
    pub cells: Vec<Cell>,
    /// What the parser could not place or had to doubt.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether any of it was recognized in pictures: what it lacks may be there unrecognized.
    #[must_use]
    pub fn is_of_scan(&self) -> bool {
        self.findings.iter().any(|finding| finding.rule == READ_BY_OCR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_in_json() {
        for printed in ["0", "12", "-3", "282.10", "59237.2449", "79228162514264337593543950335"] {
            let cell = Cell {
                edition: None,
                table: String::new(),
                row: String::new(),
                column: String::new(),
                value: printed.parse().ok(),
                unit: None,
                raw: None,
                state: State::Number,
                at: None,
                confidence: None,
                correction: None,
            };
            let json = serde_json::to_string(&cell).unwrap();
            assert!(json.contains(&format!("\"value\":{printed},")), "{json}");
            assert_eq!(serde_json::from_str::<Cell>(&json).unwrap(), cell);
        }
    }
}
