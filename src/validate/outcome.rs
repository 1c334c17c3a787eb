//! What a rule found in a report.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_i18n::t;
use serde::{Serialize, Serializer};

use super::rule::Rule;
use crate::form::{CellDef, ValueKind};
use crate::lang::{Bilingual, Lang};
use crate::report::Severity;

/// Whether a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does not.
    Fail,
    /// What it needs is not there.
    NotAssessable,
    /// It does.
    Pass,
}

impl Verdict {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Verdict::Fail => "fail",
            Verdict::NotAssessable => "not_assessable",
            Verdict::Pass => "pass",
        }
    }
}

/// What was expected or found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// A count.
    Number(i64),
    /// Money, in fen.
    Fen(i64),
    /// Anything else: a date, a rate, a cell's text.
    Text(String),
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Quantity::Number(n) | Quantity::Fen(n) => to.serialize_i64(*n),
            Quantity::Text(text) => to.serialize_str(text),
        }
    }
}

impl Quantity {
    /// What a cell holds.
    pub(super) fn of(cell: CellDef<'_>, value: i64) -> Quantity {
        match cell.kind() {
            ValueKind::Money => Quantity::Fen(value),
            _ => Quantity::Number(value),
        }
    }

    /// As a sentence has it.
    pub(super) fn text(&self) -> Bilingual {
        match self {
            Quantity::Number(n) => Bilingual::same(n.to_string()),
            Quantity::Fen(fen) => {
                let yuan = Decimal::new(*fen, 2).normalize();
                let of = |lang: Lang| {
                    t!("finding.yuan", locale = lang.key(), amount = yuan).into_owned()
                };
                Bilingual { zh: of(Lang::Zh), en: of(Lang::En) }
            }
            Quantity::Text(text) => Bilingual::same(text.clone()),
        }
    }
}

/// A piece of the narrative that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Number of the section.
    pub section: u8,
    /// The words, verbatim.
    pub text: String,
}

/// What a rule says of a report.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The rule.
    pub rule: &'static Rule,
    /// What it says.
    pub verdict: Verdict,
    /// How bad it is; for a rule that holds, how bad it would be.
    pub severity: Severity,
    /// One sentence; empty for a rule that holds.
    pub message: Bilingual,
    /// The cells it is about, as `table/row/column`, or shorter for a row or a table.
    pub cells: Vec<String>,
    /// Edition of these cells; none where it is about no single cells.
    pub edition: Option<String>,
    /// What should stand there.
    pub expected: Option<Quantity>,
    /// What stands there.
    pub found: Option<Quantity>,
    /// The words it is about.
    pub passages: Vec<Passage>,
}

impl Outcome {
    /// That a rule holds.
    #[must_use]
    pub fn passed(rule: &'static Rule) -> Outcome {
        Outcome::new(rule, Verdict::Pass, Bilingual::default(), Vec::new())
    }

    fn new(
        rule: &'static Rule,
        verdict: Verdict,
        message: Bilingual,
        cells: Vec<String>,
    ) -> Outcome {
        let (edition, expected, found, passages) = (None, None, None, Vec::new());
        let severity = rule.severity;
        Outcome { rule, verdict, severity, message, cells, edition, expected, found, passages }
    }

    /// Found less expected, where both are numbers.
    #[must_use]
    pub fn difference(&self) -> Option<i64> {
        match (&self.found, &self.expected) {
            (Some(Quantity::Number(found)), Some(Quantity::Number(expected)))
            | (Some(Quantity::Fen(found)), Some(Quantity::Fen(expected))) => {
                found.checked_sub(*expected)
            }
            _ => None,
        }
    }
}

/// A failure as a rule's function tells it; `found`, `expected` and `difference` fill in its
/// sentence by themselves.
#[derive(Debug, Default)]
pub(crate) struct Failure {
    /// Which of the rule's sentences; `fail` if none is named.
    pub message: &'static str,
    /// What else fills in the sentence.
    pub args: Vec<(&'static str, Bilingual)>,
    /// The cells.
    pub cells: Vec<String>,
    /// Edition of the cells.
    pub edition: Option<String>,
    /// What should stand there.
    pub expected: Option<Quantity>,
    /// What stands there.
    pub found: Option<Quantity>,
    /// Milder or harder than the rule.
    pub severity: Option<Severity>,
    /// The words it is about.
    pub passages: Vec<Passage>,
}

/// Collects what one rule says of one report.
pub(crate) struct Sink {
    /// The rule that speaks.
    pub rule: &'static Rule,
    failures: Vec<Outcome>,
    lacking: Vec<(&'static str, BTreeSet<String>, Bilingual)>,
    holds: bool,
}

impl Sink {
    pub fn new(rule: &'static Rule) -> Sink {
        Sink { rule, failures: Vec::new(), lacking: Vec::new(), holds: false }
    }

    /// Something was looked at and is as it should be.
    pub fn holds(&mut self) {
        self.holds = true;
    }

    /// Something is wrong.
    pub fn fail(&mut self, failure: Failure) {
        let key = if failure.message.is_empty() { "fail" } else { failure.message };
        let mut args = failure.args;
        let text = |q: &Option<Quantity>| q.as_ref().map(Quantity::text).unwrap_or_default();
        args.push(("found", text(&failure.found)));
        args.push(("expected", text(&failure.expected)));
        let mut outcome = Outcome {
            rule: self.rule,
            verdict: Verdict::Fail,
            severity: failure.severity.unwrap_or(self.rule.severity),
            message: Bilingual::default(),
            cells: failure.cells,
            edition: failure.edition,
            expected: failure.expected,
            found: failure.found,
            passages: failure.passages,
        };
        if let Some(difference) = outcome.difference() {
            let difference = difference.saturating_abs();
            let difference = match outcome.found {
                Some(Quantity::Fen(_)) => Quantity::Fen(difference),
                _ => Quantity::Number(difference),
            };
            args.push(("difference", difference.text()));
        }
        outcome.message = self.rule.message(key).with(&args);
        self.failures.push(outcome);
    }

    /// A failure with a sentence of its own.
    pub fn say(&mut self, severity: Severity, message: Bilingual, cells: Vec<String>) {
        self.fail(Failure { severity: Some(severity), cells, ..Failure::default() });
        if let Some(last) = self.failures.last_mut() {
            last.message = message;
        }
    }

    /// Something it needs is not there; `cells` says which.
    pub fn lacks(&mut self, reason: &'static str, cells: impl IntoIterator<Item = String>) {
        self.lacks_with(reason, &[], cells);
    }

    /// Likewise, with what fills in the sentence.
    pub fn lacks_with(
        &mut self,
        reason: &'static str,
        args: &[(&str, Bilingual)],
        cells: impl IntoIterator<Item = String>,
    ) {
        match self.lacking.iter_mut().find(|(known, _, _)| *known == reason) {
            Some((_, known, _)) => known.extend(cells),
            None => {
                let text = self.rule.message(reason).with(args);
                self.lacking.push((reason, cells.into_iter().collect(), text));
            }
        }
    }

    /// What it said; a rule that was never applied says nothing.
    pub fn finish(self) -> Vec<Outcome> {
        let rule = self.rule;
        let mut out = self.failures;
        for (_, cells, message) in self.lacking {
            let cells = cells.into_iter().collect();
            out.push(Outcome::new(rule, Verdict::NotAssessable, message, cells));
        }
        if out.is_empty() && self.holds {
            out.push(Outcome::passed(rule));
        }
        out
    }
}
