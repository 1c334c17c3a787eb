//! What the parts of a sum are in each edition of the form.

use std::collections::BTreeMap;

use rust_i18n::t;
use serde::Serialize;

use super::definition::{Metric, Unit};
use crate::form::{Form, Forms, ValueKind};

/// Stands for the report itself in a sum.
const REPORTS: &str = "reports";
/// Figures that the store keeps summed: their series, the relation, its columns.
const CASES: [&str; 5] = ["upheld", "corrected", "other", "pending", "total"];
const REQUESTS: [&str; 10] = [
    "received",
    "carried_in",
    "processed",
    "granted",
    "partially_granted",
    "refused",
    "unavailable",
    "not_processed",
    "other",
    "carried_out",
];

/// One part of a sum in one edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// As it is written: `requests.granted`, `table/row/column`, `reports`.
    pub name: String,
    /// The cells it is the sum of; none for `reports`.
    pub cells: Vec<String>,
    /// All cells of its series, where a figure counts only if the whole series is settled.
    #[serde(skip)]
    pub needs: Vec<String>,
    /// Where the store has it.
    #[serde(skip)]
    pub kept: Kept,
}

/// Where the store has a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Nowhere: every report is one.
    Report,
    /// In `case_total`, whose figures of one proceeding are settled together or not at all.
    Case {
        /// `review` or `litigation`.
        proceeding: &'static str,
        /// Column.
        figure: &'static str,
    },
    /// In `request_total`.
    Request {
        /// Column.
        figure: &'static str,
    },
    /// In the facts of its cells.
    Cells,
}

impl Term {
    /// The part of that name in an edition, if the edition has it.
    fn of(form: &Form, name: &str) -> Option<Term> {
        let term =
            |cells: Vec<String>, needs, kept| Term { name: name.to_owned(), cells, needs, kept };
        if name == REPORTS {
            return Some(term(Vec::new(), Vec::new(), Kept::Report));
        }
        if name.contains('/') {
            form.named_cell(name)?;
            return Some(term(vec![name.to_owned()], Vec::new(), Kept::Cells));
        }
        let (series, figure) = name.split_once('.')?;
        let figures = form.series.get(series)?;
        let cells = figures.get(figure)?.clone();
        let kept = Kept::figure(series, figure);
        let needs = match kept {
            Kept::Case { .. } => figures.values().flatten().cloned().collect(),
            _ => Vec::new(),
        };
        Some(term(cells, needs, kept))
    }
}

impl Kept {
    fn figure(series: &str, figure: &str) -> Kept {
        let known = |all: &[&'static str], key: &str| all.iter().copied().find(|k| *k == key);
        match (known(&["review", "litigation"], series), series) {
            (Some(proceeding), _) => known(&CASES, figure)
                .map_or(Kept::Cells, |figure| Kept::Case { proceeding, figure }),
            (None, "requests") => {
                known(&REQUESTS, figure).map_or(Kept::Cells, |figure| Kept::Request { figure })
            }
            _ => Kept::Cells,
        }
    }
}

/// The parts of a sum as it is written.
fn names(sum: &str) -> impl Iterator<Item = &str> {
    sum.split('+').map(str::trim)
}

/// For each edition the first of the sums of which it has all parts. A sum that no edition takes
/// is a mistake, of which `problems` is told.
pub(super) fn sums(
    forms: &Forms,
    sums: &[String],
    problems: &mut Vec<String>,
) -> BTreeMap<String, Vec<Term>> {
    let mut terms = BTreeMap::new();
    let mut taken = vec![false; sums.len()];
    for form in forms.iter() {
        let parts = |sum: &String| names(sum).map(|name| Term::of(form, name)).collect();
        let of_edition: Vec<Option<Vec<Term>>> = sums.iter().map(parts).collect();
        let first = of_edition.into_iter().enumerate().find_map(|(n, sum)| Some((n, sum?)));
        if let Some((number, sum)) = first {
            taken[number] = true;
            terms.insert(form.edition.clone(), sum);
        }
    }
    for (sum, _) in sums.iter().zip(taken).filter(|(_, taken)| !taken) {
        let nowhere = |name: &&str| forms.iter().all(|form| Term::of(form, name).is_none());
        problems.push(match names(sum).find(nowhere) {
            Some(name) => t!("metric.no_cell", name = name).into(),
            None => t!("metric.no_sum", sum = sum).into(),
        });
    }
    terms
}

/// What of a measure contradicts itself in the editions that have it.
pub(super) fn contradictions(metric: &Metric, forms: &[&Form]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if metric.key.is_empty() || !metric.key.bytes().all(plain) {
        found.push(t!("metric.bad_key").into());
    }
    if forms.is_empty() {
        found.push(t!("metric.no_edition").into());
    }
    if metric.unit.is_plain() == metric.denominator.is_some() {
        found.push(match metric.denominator {
            Some(_) => t!("metric.needless_denominator", unit = metric.unit.key()).into(),
            None => t!("metric.no_denominator", unit = metric.unit.key()).into(),
        });
    }
    for form in forms {
        let cells = metric.parts().flat_map(|part| part.cells(&form.edition));
        let kinds = cells.filter_map(|name| form.named_cell(name)).map(|cell| cell.kind());
        let (money, others): (Vec<_>, Vec<_>) = kinds.partition(|kind| *kind == ValueKind::Money);
        let fits = match metric.unit {
            Unit::MoneyFen => others.is_empty() && !money.is_empty(),
            // an amount may be a share of another
            Unit::Rate | Unit::Ratio => money.is_empty() || others.is_empty(),
            Unit::Per100 | Unit::Mean | Unit::Count => money.is_empty(),
        };
        if !fits {
            let (unit, edition) = (metric.unit.key(), &form.edition);
            found.push(t!("metric.money", unit = unit, edition = edition).into());
        }
    }
    found
}
