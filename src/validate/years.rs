//! This year's figures against last year's.

use super::outcome::{Failure, Quantity, Sink};
use super::sheet::{Before, Case, Seen, Sheet, Subject};
use super::totals::{label, name, printed, unprinted};
use crate::form::{Continuity, FormTable, Over, ValueKind};
use crate::report::{Scope, Severity};

/// The rows or columns in which a relation can hold.
fn lines(table: &FormTable, over: Over) -> Vec<&str> {
    match over {
        Over::Columns => table.rows().map(|r| r.key.as_str()).collect(),
        Over::Rows => table.columns.iter().map(|c| c.key.as_str()).collect(),
    }
}

/// The cells of terms in one line; none where the form lacks one of them.
fn cells(table: &FormTable, over: Over, line: &str, terms: &[String]) -> Option<Vec<usize>> {
    let number = |term: &String| match over {
        Over::Columns => table.cell_number(line, term),
        Over::Rows => table.cell_number(term, line),
    };
    terms.iter().map(number).collect()
}

/// Last year's table of the same key that has the cells, with these.
fn last_year<'a>(
    before: &'a Subject<'a>,
    table: &FormTable,
    tie: &Continuity,
    line: &str,
) -> Option<(&'a FormTable, &'a [Seen], Vec<usize>)> {
    before.sheets.iter().find_map(|sheet: &Sheet<'_>| {
        let (then, seen) = sheet.table(&table.key)?;
        Some((then, seen, cells(then, tie.over, line, &tie.before)?))
    })
}

/// A relation in one row or column: numbers of the cells of this year's table, and last year's
/// tables with theirs.
pub(super) struct Relation<'a> {
    /// What is explained.
    pub now: Vec<usize>,
    /// What comes in.
    pub plus: Vec<usize>,
    /// What goes out.
    pub minus: Vec<usize>,
    then: Vec<(&'a FormTable, &'a [Seen], Vec<usize>)>,
}

impl Relation<'_> {
    /// This year's cells.
    fn terms(&self) -> impl Iterator<Item = &usize> + Clone {
        self.now.iter().chain(&self.plus).chain(&self.minus)
    }

    /// Last year's figure; none if a cell of it is not printed.
    pub fn before(&self) -> Option<i64> {
        let mut then = self.then.iter();
        then.try_fold(0i64, |sum, (_, seen, terms)| sum.checked_add(printed(seen, terms)?))
    }

    /// What came in less what went out; none if a cell of it is not printed.
    fn change(&self, seen: &[Seen]) -> Option<i64> {
        printed(seen, &self.plus)?.checked_sub(printed(seen, &self.minus)?)
    }
}

/// The relations of a tie in every row or column that both years' forms have.
pub(super) fn relations<'a>(
    reports: &'a [&'a Subject<'a>],
    table: &'a FormTable,
    tie: &'a Continuity,
) -> impl Iterator<Item = Relation<'a>> {
    lines(table, tie.over).into_iter().filter_map(move |line| {
        let side = |terms: &[String]| cells(table, tie.over, line, terms);
        let (now, plus, minus) = (side(&tie.now)?, side(&tie.plus)?, side(&tie.minus)?);
        // none where last year's form did not ask for it
        let then = reports.iter().map(|b| last_year(b, table, tie, line)).collect::<Option<_>>()?;
        Some(Relation { now, plus, minus, then })
    })
}

/// Every relation of the rule between the two years, in every row or column.
pub(super) fn continuity(case: &Case<'_>, sink: &mut Sink) {
    let Before::Known { reports, reorganized } = case.before else { return };
    for (form, table, seen) in case.now.tables() {
        for tie in table.continuities.iter().filter(|t| t.rule == sink.rule.id) {
            if reports.is_empty() {
                sink.lacks("no_previous", []);
                continue;
            }
            for relation in relations(reports, table, tie) {
                let (now, terms) = (&relation.now, || relation.terms());
                let Some((found, change)) = printed(seen, now).zip(relation.change(seen)) else {
                    if terms().any(|n| seen[*n].state != crate::report::State::Missing) {
                        sink.lacks("blank", unprinted(table, seen, terms()));
                    }
                    continue;
                };
                let Some(expected) = relation.before().and_then(|b| b.checked_add(change)) else {
                    let then = relation.then.iter();
                    let names = then.flat_map(|(t, seen, n)| unprinted(t, seen, n.iter()));
                    sink.lacks("previous_blank", names.collect::<Vec<_>>());
                    continue;
                };
                if found == expected || (tie.at_least && found > expected) {
                    sink.holds();
                    continue;
                }
                let loose = reorganized || case.now.scope == Some(Scope::Aggregate);
                let milder = loose && sink.rule.severity == Severity::Error;
                sink.fail(Failure {
                    args: vec![("cell", label(table.numbered_cell(now[0])))],
                    cells: terms().map(|n| name(table.numbered_cell(*n))).collect(),
                    edition: Some(form.edition.clone()),
                    expected: Some(Quantity::Number(expected)),
                    found: Some(Quantity::Number(found)),
                    severity: milder.then_some(Severity::Warning),
                    ..Failure::default()
                });
            }
        }
    }
}

/// The cells that stand for their line: totals over columns, or all where nothing is summed so.
fn heads(table: &FormTable) -> Vec<usize> {
    let over_columns = |e: &&crate::form::Equation| table.sums[e.sum].over == Over::Columns;
    let totals: Vec<usize> =
        table.equations().iter().filter(over_columns).flat_map(|e| e.total.clone()).collect();
    if totals.is_empty() { (0..table.cell_count()).collect() } else { totals }
}

/// Figures that moved too far.
pub(super) fn jump(case: &Case<'_>, sink: &mut Sink) {
    let Before::Known { reports, .. } = case.before else { return };
    let [before] = reports else {
        if reports.is_empty() {
            sink.lacks("no_previous", []);
        }
        return;
    };
    let (factor, base) = (sink.rule.param("factor"), sink.rule.param("base"));
    for (form, table, seen) in case.now.tables() {
        for n in heads(table) {
            let cell = table.numbered_cell(n);
            if cell.kind() != ValueKind::Count {
                continue;
            }
            let name = name(cell);
            let then = before.sheets.iter().find_map(|s| s.named(&name)?.value);
            let Some((now, then)) = seen[n].value.zip(then) else { continue };
            sink.holds();
            if then >= base && (now / factor > then || now.saturating_mul(factor) < then) {
                sink.fail(Failure {
                    args: vec![("cell", label(cell))],
                    cells: vec![name],
                    edition: Some(form.edition.clone()),
                    expected: Some(Quantity::Number(then)),
                    found: Some(Quantity::Number(now)),
                    ..Failure::default()
                });
            }
        }
    }
}
