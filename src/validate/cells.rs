//! Single cells: what no count or amount can be, and what is not filled in.

use super::outcome::{Failure, Quantity, Sink};
use super::sheet::{Before, Case, Seen, Sheet};
use super::totals::{label, name};
use crate::form::{CellDef, Form, ValueKind};
use crate::lang::Bilingual;
use crate::report::{Severity, State};

/// Fen in 10,000 yuan.
const WAN: i64 = 1_000_000;

fn fail(sink: &mut Sink, form: &Form, cell: CellDef<'_>, found: Quantity) {
    sink.fail(Failure {
        args: vec![("cell", label(cell))],
        cells: vec![name(cell)],
        edition: Some(form.edition.clone()),
        found: Some(found),
        ..Failure::default()
    });
}

/// The sheets of a report; a rule on cells has nothing to say where there are none.
fn sheets<'a>(case: &Case<'a>, sink: &mut Sink) -> &'a [Sheet<'a>] {
    if case.now.sheets.is_empty() {
        sink.lacks("no_tables", []);
    } else {
        sink.holds();
    }
    &case.now.sheets
}

/// Counts below 0.
pub(super) fn negative(case: &Case<'_>, sink: &mut Sink) {
    for sheet in sheets(case, sink) {
        for (table, cells) in sheet.tables() {
            for (n, seen) in cells.iter().enumerate() {
                let Some(value) = seen.value.filter(|v| *v < 0) else { continue };
                let cell = table.numbered_cell(n);
                if cell.kind() != ValueKind::Signed {
                    fail(sink, sheet.form, cell, Quantity::Number(value));
                }
            }
        }
    }
}

/// Counts with decimals, or beyond all sense.
pub(super) fn fraction(case: &Case<'_>, sink: &mut Sink) {
    for sheet in sheets(case, sink) {
        for (cell, seen, raw) in sheet.odd() {
            if seen.state == State::Number && cell.kind() != ValueKind::Money {
                fail(sink, sheet.form, cell, Quantity::Text(raw.to_owned()));
            }
        }
    }
}

/// Text where a number belongs.
pub(super) fn not_a_number(case: &Case<'_>, sink: &mut Sink) {
    for sheet in sheets(case, sink) {
        for (cell, seen, raw) in sheet.odd() {
            if seen.state == State::Text {
                fail(sink, sheet.form, cell, Quantity::Text(raw.to_owned()));
            }
        }
    }
}

/// Cells that are not filled in, table by table.
pub(super) fn blank(case: &Case<'_>, sink: &mut Sink) {
    for sheet in sheets(case, sink) {
        for (table, cells) in sheet.tables() {
            let blank = |s: &Seen| s.state == State::Blank;
            let names = |keep: fn(&Seen) -> bool| -> Vec<String> {
                let kept = cells.iter().enumerate().filter(|(_, s)| blank(s) && keep(s));
                kept.map(|(n, _)| name(table.numbered_cell(n))).collect()
            };
            let all = names(|_| true);
            if all.is_empty() {
                continue;
            }
            let open = names(|s| s.implied.is_none());
            let args = vec![
                ("table", Bilingual { zh: table.title.clone(), en: table.en.clone() }),
                ("open", Bilingual::same(open.len().to_string())),
            ];
            sink.fail(Failure {
                message: if open.is_empty() { "implied" } else { "" },
                severity: open.is_empty().then_some(Severity::Info),
                args,
                found: Some(Quantity::Number(all.len() as i64)),
                cells: if open.is_empty() { all } else { open },
                edition: Some(sheet.form.edition.clone()),
                ..Failure::default()
            });
        }
    }
}

/// Money without a unit, or in another than the one it is said to be in.
pub(super) fn money_unit(case: &Case<'_>, sink: &mut Sink) {
    for sheet in sheets(case, sink) {
        for (cell, seen, raw) in sheet.odd() {
            if seen.state == State::Number && cell.kind() == ValueKind::Money {
                sink.fail(Failure {
                    message: "none",
                    args: vec![("cell", label(cell))],
                    cells: vec![name(cell)],
                    edition: Some(sheet.form.edition.clone()),
                    found: Some(Quantity::Text(raw.to_owned())),
                    ..Failure::default()
                });
            }
        }
        for (table, cells) in sheet.tables() {
            for (n, seen) in cells.iter().enumerate() {
                let cell = table.numbered_cell(n);
                if let (ValueKind::Money, Some(now)) = (cell.kind(), seen.value) {
                    suspect(case, sink, sheet, cell, now);
                }
            }
        }
    }
}

/// Whether an amount is ten thousand times what it can be, or what it was.
fn suspect(case: &Case<'_>, sink: &mut Sink, sheet: &Sheet<'_>, cell: CellDef<'_>, now: i64) {
    let wan = |fen: i64| Quantity::Text(format!("{}", fen as f64 / WAN as f64));
    let mut failure = Failure {
        args: vec![("cell", label(cell))],
        cells: vec![name(cell)],
        edition: Some(sheet.form.edition.clone()),
        found: Some(wan(now)),
        ..Failure::default()
    };
    if now / WAN >= sink.rule.param("ceiling") {
        failure.message = "ceiling";
        sink.fail(failure);
        return;
    }
    let Before::Known { reports, .. } = case.before else { return };
    // bodies that were merged have no one figure of last year
    let [before] = reports else { return };
    let same = before.sheets.iter().find_map(|s| s.named(&failure.cells[0]));
    let Some(before) = same.and_then(|s| s.value) else { return };
    let (less, more) = (now.min(before), now.max(before));
    if less > 0
        && more / WAN >= sink.rule.param("least")
        && more / less >= sink.rule.param("factor")
    {
        let Quantity::Text(then) = wan(before) else { return };
        failure.args.push(("before", Bilingual::same(then)));
        failure.args.push(("times", Bilingual::same((more / less).to_string())));
        sink.fail(failure);
    }
}
