//! The form of the year, and the day it was due.

use super::outcome::{Failure, Quantity, Sink};
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

/// The day by which a report is due, as `YYYY-MM-DD`, and whether a statute says so.
fn deadline(case: &Case<'_>, sink: &Sink, year: i32) -> (String, bool) {
    let now = case.now;
    let department = matches!(now.kind, Some(Kind::Department | Kind::Ministry));
    let summary = now.scope == Some(Scope::Aggregate) || now.kind == Some(Kind::Government);
    let (day, statutory) = if i64::from(year) < sink.rule.param("new_rule_from") {
        (sink.rule.param("summary"), now.kind != Some(Kind::Other))
    } else if summary {
        (sink.rule.param("summary"), true)
    } else if department {
        (sink.rule.param("department"), true)
    } else {
        (sink.rule.param("township"), false)
    };
    (format!("{:04}-{:02}-{:02}", year + 1, day / 100, day % 100), statutory)
}

/// Whether it was published by the day it was due.
pub(super) fn late(case: &Case<'_>, sink: &mut Sink) {
    let Some(published) = &case.now.published else { return sink.lacks("no_date", []) };
    let Some(year) = case.now.year else { return sink.lacks("no_year", []) };
    let (due, statutory) = deadline(case, sink, year);
    let long_after = format!("{:04}-10-01", year + 1);
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
