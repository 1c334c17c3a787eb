//! What the form and the format demand to be there.

use std::ops::Range;

use super::outcome::{Failure, Quantity, Sink};
use super::sheet::{Case, Seen, Sheet};
use crate::form::{Form, FormTable, Row};
use crate::lang::Bilingual;
use crate::report::{READ_BY_OCR, State};

/// What the parser said under this rule's id.
pub(super) fn as_read(case: &Case<'_>, sink: &mut Sink) {
    let mut said = false;
    for finding in case.now.reading.iter().filter(|f| f.rule == sink.rule.id) {
        said = true;
        sink.say(finding.severity, finding.message.0.clone(), finding.cells.clone());
    }
    match case.now.sheets.is_empty() {
        _ if said => {}
        true => sink.lacks("no_tables", []),
        false => sink.holds(),
    }
}

/// A report without any statistical table.
pub(super) fn no_table(case: &Case<'_>, sink: &mut Sink) {
    let first = case.forms.iter().map(|f| f.first_year).min().unwrap_or(i32::MAX);
    if !case.now.sheets.is_empty() {
        sink.holds();
    } else if case.now.edition.is_some() {
        sink.lacks("unknown_form", []);
    } else if case.now.year.is_some_and(|year| year < first) {
        sink.lacks("before_forms", []);
    } else {
        sink.fail(Failure::default());
    }
}

fn unseen(cells: &[Seen]) -> bool {
    cells.iter().all(|s| s.state == State::Missing)
}

/// What the parser says of a table's rows already: what it saw and could not understand is not
/// missing.
fn named<'a>(case: &Case<'a>, table: &'a FormTable) -> impl Iterator<Item = &'a str> {
    let others = case.now.reading.iter().filter(|f| !f.rule.starts_with("missing-"));
    let names = others.filter(|f| f.rule != "blank-cell").flat_map(|f| &f.cells);
    names.map(String::as_str).filter(|n| n.split('/').next() == Some(table.key.as_str()))
}

/// Whether cells of a table were read by another edition's form than the report's own.
fn is_mixed(case: &Case<'_>, own: &Sheet<'_>, table: &FormTable) -> bool {
    let read = |s: &Sheet<'_>| s.table(&table.key).is_some_and(|(_, cells)| !unseen(cells));
    case.now.sheets.iter().any(|s| !std::ptr::eq(s, own) && read(s))
}

/// Whether a table of the report's own edition is nowhere, nor its like of another edition.
fn is_missing(case: &Case<'_>, own: &Sheet<'_>, table: &FormTable, cells: &[Seen]) -> bool {
    unseen(cells) && named(case, table).next().is_none() && !is_mixed(case, own, table)
}

fn titles(table: &FormTable) -> Bilingual {
    Bilingual { zh: table.title.clone(), en: table.en.clone() }
}

/// Tables of the edition that were not read.
pub(super) fn missing_table(case: &Case<'_>, sink: &mut Sink) {
    let Some(own) = case.now.sheets.first() else { return sink.lacks("no_tables", []) };
    sink.holds();
    for (table, cells) in own.tables().filter(|(t, cells)| is_missing(case, own, t, cells)) {
        debug_assert!(unseen(cells));
        sink.fail(Failure {
            args: vec![("table", titles(table))],
            cells: vec![table.key.clone()],
            edition: Some(own.form.edition.clone()),
            ..Failure::default()
        });
    }
}

/// Whether a table has nothing in a row, or no such row.
fn is_unseen(table: &FormTable, cells: &[Seen], row: &Row) -> bool {
    let mut numbers = table.columns.iter().filter_map(|c| table.cell_number(&row.key, &c.key));
    numbers.all(|n| cells[n].state == State::Missing)
}

/// Lost rows that a sentence names; the finding's cells have them all.
const NAMED: usize = 3;

/// Rows of the edition that were not read, of tables that were: one finding a table.
pub(super) fn missing_row(case: &Case<'_>, sink: &mut Sink) {
    let Some(own) = case.now.sheets.first() else { return sink.lacks("no_tables", []) };
    sink.holds();
    // a row that a scan has may be one that nobody could read
    let of_scan = case.now.reading.iter().any(|f| f.rule == READ_BY_OCR);
    let message = if of_scan { "unrecognized" } else { "" };
    for (table, cells) in own.tables() {
        // a table that is another edition's as a whole is not missing, as mixed-edition says
        let nowhere = || named(case, table).next().is_none() || is_mixed(case, own, table);
        if unseen(cells) && nowhere() {
            continue;
        }
        let others = || case.now.sheets.iter().filter(|s| !std::ptr::eq(*s, own));
        let is_lost = |(row, numbers): &(&Row, Range<usize>)| {
            if !unseen(&cells[numbers.clone()]) {
                return false;
            }
            let name = format!("{}/{}", table.key, row.key);
            // a row under another edition's header is there, and one that the other edition has not
            // is not asked for, as mixed-edition says
            let elsewhere = |(table, cells): (&FormTable, &[Seen])| {
                !unseen(cells)
                    && (!is_unseen(table, cells, row) || table.rows().all(|r| r.key != row.key))
            };
            !named(case, table).any(|n| n == name)
                && !others().filter_map(|s| s.table(&table.key)).any(elsewhere)
        };
        let lost: Vec<&Row> = table.numbered_rows().filter(is_lost).map(|(row, _)| row).collect();
        if lost.is_empty() {
            continue;
        }
        let first = |name: fn(&Row) -> &String| -> String {
            let names: Vec<&str> = lost.iter().take(NAMED).map(|r| name(r).as_str()).collect();
            names.join("；") + if lost.len() > NAMED { "……" } else { "" }
        };
        let rows = Bilingual { zh: first(|r| &r.label), en: first(|r| &r.en).replace('；', "; ") };
        sink.fail(Failure {
            message,
            args: vec![("table", titles(table)), ("rows", rows)],
            cells: lost.iter().map(|r| format!("{}/{}", table.key, r.key)).collect(),
            edition: Some(own.form.edition.clone()),
            found: Some(Quantity::Number(lost.len() as i64)),
            ..Failure::default()
        });
    }
}

/// Sections that the format prescribes and the report lacks.
pub(super) fn missing_section(case: &Case<'_>, sink: &mut Sink) {
    let in_force = |year: i32| case.forms.iter().find(|f| f.in_force(year));
    let form: Option<&Form> = case.now.form().or_else(|| in_force(case.now.year?));
    let Some(form) = form.filter(|f| !f.sections.is_empty()) else { return };
    if case.now.sections.is_empty() {
        return sink.lacks("no_text", []);
    }
    sink.holds();
    for heading in &form.sections {
        if !case.now.sections.iter().any(|s| s.no == heading.no) {
            let title = Bilingual::same(heading.title.clone());
            sink.fail(Failure {
                args: vec![("no", Bilingual::same(heading.no.to_string())), ("title", title)],
                found: None,
                expected: Some(Quantity::Number(i64::from(heading.no))),
                ..Failure::default()
            });
        }
    }
}
