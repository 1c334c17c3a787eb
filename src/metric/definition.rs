//! What a measure is, read from `metrics/*.toml`.
//!
//! A measure is a numerator, or a numerator and a denominator; each is a sum of `+` parts:
//!
//! | part | what it counts |
//! |---|---|
//! | `challenges/review/corrected` | a cell, `table/row/column` |
//! | `requests.granted` | a figure of the forms' `[series]` |
//! | `reports` | the report itself |
//!
//! `cells` may list several such sums: each edition takes the first of which it has all parts, and
//! a measure exists in the editions that have one for its numerator and for its denominator. Which
//! editions those are is therefore never written down, and an edition from a user's folder has
//! every measure that its `[series]` or its cells allow.
//!
//! `each` makes one measure of every entry: `%{key}`, `%{name}` and `%{cell}` (the key with `_`)
//! stand for it in the keys, texts and cells.

use std::collections::{BTreeMap, BTreeSet};

use rust_i18n::t;
use serde::{Deserialize, Serialize};

use super::resolve::{self, Term};
use super::why::label;
use crate::form::{CellDef, Forms, ValueKind};
use crate::lang::{Bilingual, Lang};
use crate::table;

/// How the value of a measure is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A share: the numerator is a part of the denominator.
    Rate,
    /// Two numbers compared, neither a part of the other; it may exceed one.
    Ratio,
    /// So many for every hundred of the denominator.
    #[serde(rename = "per_100")]
    Per100,
    /// So many for each of the denominator.
    Mean,
    /// A number; there is no denominator.
    Count,
    /// An amount in fen; there is no denominator.
    MoneyFen,
}

impl Unit {
    /// The key, as JSON and the files have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Unit::Rate => "rate",
            Unit::Ratio => "ratio",
            Unit::Per100 => "per_100",
            Unit::Mean => "mean",
            Unit::Count => "count",
            Unit::MoneyFen => "money_fen",
        }
    }

    /// Whether it is a number of its own, without a denominator.
    #[must_use]
    pub fn is_plain(self) -> bool {
        matches!(self, Unit::Count | Unit::MoneyFen)
    }

    /// How a table prints a difference of two.
    #[must_use]
    pub fn of_differences(self) -> table::Unit {
        match self {
            Unit::Rate => table::Unit::Points,
            other => other.in_tables(),
        }
    }

    /// How a table prints it.
    #[must_use]
    pub fn in_tables(self) -> table::Unit {
        match self {
            Unit::Rate => table::Unit::Rate,
            Unit::Ratio | Unit::Per100 | Unit::Mean => table::Unit::Ratio,
            Unit::Count => table::Unit::Count,
            Unit::MoneyFen => table::Unit::Fen,
        }
    }
}

/// How far the editions of a measure compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparable {
    /// They do.
    Yes,
    /// They do if the caveats are minded.
    WithCare,
    /// There is nothing to compare with: other editions ask for something else.
    No,
}

impl Comparable {
    /// The key, as JSON and the files have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Comparable::Yes => "yes",
            Comparable::WithCare => "with_care",
            Comparable::No => "no",
        }
    }
}

/// A measure.
#[derive(Debug, Clone, Serialize)]
pub struct Metric {
    /// Its name for people who type: lower case with hyphens.
    pub key: String,
    /// Name.
    pub name: Bilingual,
    /// What it counts.
    pub definition: Bilingual,
    /// How its value is meant.
    pub unit: Unit,
    /// Editions that have it.
    pub editions: Vec<String>,
    /// First reporting year of those editions.
    pub since: Option<i32>,
    /// How far they compare.
    pub comparable: Comparable,
    /// What to mind.
    pub caveats: Vec<Bilingual>,
    /// Denominator below which a value is marked as small.
    pub least: Option<i64>,
    /// Whether summaries cannot tell it.
    pub own_only: bool,
    /// What is counted.
    pub numerator: Part,
    /// What it is set against.
    pub denominator: Option<Part>,
}

/// Numerator or denominator.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// In words.
    pub name: Bilingual,
    /// The sum that it is in each edition.
    pub terms: BTreeMap<String, Vec<Term>>,
}

impl Part {
    /// Its parts in an edition.
    #[must_use]
    pub fn of(&self, edition: &str) -> &[Term] {
        self.terms.get(edition).map(Vec::as_slice).unwrap_or_default()
    }

    /// The cells it is the sum of in an edition.
    pub fn cells<'m>(&'m self, edition: &str) -> impl Iterator<Item = &'m String> + use<'m> {
        self.of(edition).iter().flat_map(|term| &term.cells)
    }
}

impl Metric {
    /// A cell of a form as a measure of its own, in all editions that have it under its name.
    #[must_use]
    pub fn of_cell(cell: CellDef<'_>, forms: &Forms) -> Metric {
        let key = format!("{}/{}/{}", cell.table.key, cell.row.key, cell.column.key);
        let terms = resolve::sums(forms, std::slice::from_ref(&key), &mut Vec::new());
        let name = label(cell);
        let of = forms.iter().filter(|form| terms.contains_key(&form.edition));
        Metric {
            definition: name.clone(),
            unit: match cell.kind() {
                ValueKind::Money => Unit::MoneyFen,
                ValueKind::Count | ValueKind::Signed => Unit::Count,
            },
            editions: terms.keys().cloned().collect(),
            since: of.map(|form| form.first_year).min(),
            comparable: Comparable::WithCare,
            caveats: Vec::new(),
            least: None,
            own_only: false,
            numerator: Part { name: name.clone(), terms },
            denominator: None,
            key,
            name,
        }
    }

    /// Numerator and denominator, as far as there is one.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.numerator).chain(&self.denominator)
    }

    /// Whether an edition has it.
    #[must_use]
    pub fn is_in(&self, edition: &str) -> bool {
        self.editions.iter().any(|e| e == edition)
    }

    /// The formula in words.
    #[must_use]
    pub fn formula(&self, lang: Lang) -> String {
        let numerator = self.numerator.name.get(lang);
        let Some(denominator) = &self.denominator else { return numerator.to_owned() };
        let bracketed = |text: &str| match text.contains(['＋', '+']) {
            true => lang.pick("（%）", "(%)").replace('%', text),
            false => text.to_owned(),
        };
        let scale = if self.unit == Unit::Per100 { " × 100" } else { "" };
        format!("{} ÷ {}{scale}", bracketed(numerator), bracketed(denominator.name.get(lang)))
    }

    /// Cells that it is no sum of and that must be settled all the same.
    #[must_use]
    pub fn needs(&self, edition: &str) -> Vec<&String> {
        let used: BTreeSet<&String> = self.parts().flat_map(|p| p.cells(edition)).collect();
        let needs = self.parts().flat_map(|p| p.of(edition)).flat_map(|term| &term.needs);
        needs.filter(|cell| !used.contains(cell)).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// A file of measures.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// `least` of the measures that give none and have a denominator.
    least: Option<i64>,
    /// Sentences that several of them share.
    #[serde(default)]
    caveats: BTreeMap<String, Bilingual>,
    metrics: Vec<Entry>,
}

/// One or, with `each`, several measures as a file has them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: String,
    name: Bilingual,
    definition: Bilingual,
    unit: Unit,
    comparable: Comparable,
    #[serde(default)]
    caveats: Vec<String>,
    least: Option<i64>,
    #[serde(default)]
    own_only: bool,
    numerator: Sum,
    denominator: Option<Sum>,
    #[serde(default)]
    each: Vec<Each>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sum {
    name: Bilingual,
    cells: Cells,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Cells {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Each {
    key: String,
    name: Bilingual,
}

impl Cells {
    fn list(&self) -> &[String] {
        match self {
            Cells::One(one) => std::slice::from_ref(one),
            Cells::Several(several) => several,
        }
    }
}

impl Entry {
    /// The entries that this one stands for.
    fn expand(self) -> Vec<Entry> {
        if self.each.is_empty() {
            return vec![self];
        }
        self.each.iter().map(|each| self.filled_in(each)).collect()
    }

    fn filled_in(&self, each: &Each) -> Entry {
        let cell = each.key.replace('-', "_");
        let args = [
            ("key", Bilingual::same(&each.key)),
            ("name", each.name.clone()),
            ("cell", Bilingual::same(cell)),
        ];
        let key = |text: &str| Bilingual::same(text).with(&args).zh;
        let sum = |sum: &Sum| Sum {
            name: sum.name.with(&args),
            cells: Cells::Several(sum.cells.list().iter().map(|c| key(c)).collect()),
        };
        Entry {
            key: key(&self.key),
            name: self.name.with(&args),
            definition: self.definition.with(&args),
            numerator: sum(&self.numerator),
            denominator: self.denominator.as_ref().map(sum),
            each: Vec::new(),
            ..self.clone()
        }
    }

    /// The measure in these forms, and what is wrong with it.
    fn resolve(self, file: &File, forms: &Forms) -> (Metric, Vec<String>) {
        let mut problems = Vec::new();
        let mut part = |sum: &Sum| Part {
            name: sum.name.clone(),
            terms: resolve::sums(forms, sum.cells.list(), &mut problems),
        };
        let numerator = part(&self.numerator);
        let denominator = self.denominator.as_ref().map(&mut part);
        let has = |edition: &str| {
            std::iter::once(&numerator).chain(&denominator).all(|p| !p.of(edition).is_empty())
        };
        let forms: Vec<_> = forms.iter().filter(|form| has(&form.edition)).collect();
        let unknown = self.caveats.iter().filter(|name| !file.caveats.contains_key(*name));
        problems.extend(unknown.map(|name| t!("metric.no_caveat", name = name).into()));
        let metric = Metric {
            least: self.least.or(file.least).filter(|_| denominator.is_some()),
            key: self.key,
            name: self.name,
            definition: self.definition,
            unit: self.unit,
            editions: forms.iter().map(|form| form.edition.clone()).collect(),
            since: forms.iter().map(|form| form.first_year).min(),
            comparable: self.comparable,
            caveats: self.caveats.iter().filter_map(|c| file.caveats.get(c).cloned()).collect(),
            own_only: self.own_only,
            numerator,
            denominator,
        };
        problems.extend(resolve::contradictions(&metric, &forms));
        (metric, problems)
    }
}

/// A measure of a file, and what is wrong with it: one sentence each.
pub(super) type Resolved = (Metric, Vec<String>);

impl File {
    /// The measures of the file in these forms, each with what is wrong with it.
    pub(super) fn resolve(mut self, forms: &Forms) -> Vec<Resolved> {
        let entries = std::mem::take(&mut self.metrics).into_iter().flat_map(Entry::expand);
        let mut metrics: Vec<Resolved> = entries.map(|entry| entry.resolve(&self, forms)).collect();
        let mut keys = BTreeSet::new();
        for (metric, problems) in &mut metrics {
            if !keys.insert(metric.key.clone()) {
                problems.push(t!("metric.twice").into());
            }
        }
        metrics
    }
}
