//! The form of the year, and the day it was due.

use super::outcome::{Failure, Quantity, Sink};
use super::rule::rule;
use super::sheet::Case;
use crate::lang::Bilingual;
use crate::region::Kind;
use crate::report::{Scope, Severity};

/// The form in force for the reporting year.
pub(super) fn wrong_edition(case: &Case<'_>, sink: &mut Sink) {
    let Some(found) = case.now.form() else { return sink.lacks("no_tables", []) };
    let Some(year) = case.now.year else { return sink.lacks("no_year", []) };
    let Some(expected) = case.forms.iter().find(|f| f.in_force(year)) else {
        return sink.lacks("before_forms", []);
    };
    if found.in_force(year) {
        return sink.holds();
    }
    sink.fail(Failure {
        args: vec![("year", Bilingual::same(year.to_string()))],
        severity: expected.encouraged.contains(&year).then_some(Severity::Info),
        expected: Some(Quantity::Text(expected.edition.clone())),
        found: Some(Quantity::Text(found.edition.clone())),
        ..Failure::default()
    });
}

/// The rule on dates, whose thresholds they are.
const LATE: &str = "late";
/// From this day of the year after on, a date may be that of a move of the site.
const LONG_AFTER: &str = "10-01";

/// The day by which a report of a body of this kind is due, as `MM-DD` of the year after, and
/// whether a statute says so.
fn due(kind: Option<Kind>, scope: Option<Scope>, year: i32) -> (String, bool) {
    let param = |name: &str| rule(LATE).map_or(0, |rule| rule.param(name));
    let department = matches!(kind, Some(Kind::Department | Kind::Ministry));
    let summary = scope == Some(Scope::Aggregate) || kind == Some(Kind::Government);
    let (day, statutory) = if i64::from(year) < param("new_rule_from") {
        (param("summary"), kind != Some(Kind::Other))
    } else if summary {
        (param("summary"), true)
    } else if department {
        (param("department"), true)
    } else {
        (param("township"), false)
    };
    (format!("{:02}-{:02}", day / 100, day % 100), statutory)
}

/// Until when the reports of some years are due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDay {
    /// What the body is.
    pub kind: Kind,
    /// Own report or summary.
    pub scope: Scope,
    /// First reporting year.
    pub first_year: i32,
    /// Last reporting year.
    pub last_year: i32,
    /// `MM-DD` of the year after.
    pub due: String,
    /// From this day of the year after on, a date may be that of a move of the site.
    pub doubtful: &'static str,
    /// Whether a statute says so.
    pub statutory: bool,
}

/// The days of the rule `late` for every kind of body, scope and period.
pub fn due_days() -> impl Iterator<Item = DueDay> {
    let change = rule(LATE).map_or(0, |rule| rule.param("new_rule_from"));
    let change = i32::try_from(change).unwrap_or_default();
    let kinds = Kind::ALL.into_iter();
    let pairs = kinds.flat_map(|kind| [(kind, Scope::Own), (kind, Scope::Aggregate)]);
    pairs.flat_map(move |(kind, scope)| {
        [(0, change - 1), (change, 9999)].map(|(first_year, last_year)| {
            let (due, statutory) = due(Some(kind), Some(scope), last_year);
            DueDay { kind, scope, first_year, last_year, due, doubtful: LONG_AFTER, statutory }
        })
    })
}

/// Whether it was published by the day it was due.
pub(super) fn late(case: &Case<'_>, sink: &mut Sink) {
    let Some(published) = &case.now.published else { return sink.lacks("no_date", []) };
    let Some(year) = case.now.year else { return sink.lacks("no_year", []) };
    let (day, statutory) = due(case.now.kind, case.now.scope, year);
    let due = format!("{:04}-{day}", year + 1);
    let long_after = format!("{:04}-{LONG_AFTER}", year + 1);
    let (message, severity) = if *published < format!("{year:04}-12-01") {
        ("before_end", Some(Severity::Info))
    } else if *published <= due {
        return sink.holds();
    } else if *published >= long_after {
        ("long_after", Some(Severity::Info))
    } else {
        ("", (!statutory).then_some(Severity::Info))
    };
    sink.fail(Failure {
        message,
        severity,
        expected: Some(Quantity::Text(due)),
        found: Some(Quantity::Text(published.clone())),
        ..Failure::default()
    });
}
