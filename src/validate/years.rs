//! This year's figures against last year's.

use std::borrow::Cow;

use super::outcome::{Failure, Quantity, Sink};
use super::sheet::{Before, Case, Seen, Sheet, Subject};
use super::totals::{label, name, printed, unprinted};
use crate::form::{Equation, FormTable, Over, Tie, ValueKind};
use crate::report::{Scope, Severity};

/// A table of last year with its cells and the numbers of those that a tie is about.
type Then<'a> = (&'a FormTable, &'a [Seen], Cow<'a, [usize]>);

/// Last year's table of the same key that has the cells of a tie, with these.
fn last_year<'a>(before: &'a Subject<'a>, table: &FormTable, tie: &'a Tie) -> Option<Then<'a>> {
    let def = &table.continuities[tie.continuity];
    before.sheets.iter().find_map(|sheet: &Sheet<'_>| {
        let (then, seen) = sheet.table(&table.key)?;
        let terms = match std::ptr::eq(then, table) {
            true => Cow::Borrowed(tie.before.as_deref()?),
            false => Cow::Owned(then.numbers_of(def.over, &tie.line, &def.before)?),
        };
        Some((then, seen, terms))
    })
}

/// A relation in one row or column: numbers of the cells of this year's table, and last year's
/// tables with theirs.
pub(super) struct Relation<'a> {
    /// What is explained.
    pub now: &'a [usize],
    /// What comes in.
    pub plus: &'a [usize],
    /// What goes out.
    pub minus: &'a [usize],
    then: Vec<Then<'a>>,
}

impl Relation<'_> {
    /// This year's cells.
    fn terms(&self) -> impl Iterator<Item = &usize> + Clone {
        self.now.iter().chain(self.plus).chain(self.minus)
    }

    /// Last year's figure; none if a cell of it is not printed.
    pub fn before(&self) -> Option<i64> {
        let mut then = self.then.iter();
        then.try_fold(0i64, |sum, (_, seen, terms)| sum.checked_add(printed(seen, terms)?))
    }

    /// What came in less what went out; none if a cell of it is not printed.
    fn change(&self, seen: &[Seen]) -> Option<i64> {
        printed(seen, self.plus)?.checked_sub(printed(seen, self.minus)?)
    }
}

/// The relations of a continuity in every row or column that both years' forms have.
pub(super) fn relations<'a>(
    reports: &'a [&'a Subject<'a>],
    table: &'a FormTable,
    continuity: usize,
) -> impl Iterator<Item = Relation<'a>> {
    let ties = table.ties().iter().filter(move |tie| tie.continuity == continuity);
    ties.filter_map(move |tie| {
        // none where last year's form did not ask for it
        let then = reports.iter().map(|b| last_year(b, table, tie)).collect::<Option<_>>()?;
        Some(Relation { now: &tie.now, plus: &tie.plus, minus: &tie.minus, then })
    })
}

/// Every relation of the rule between the two years, in every row or column.
pub(super) fn continuity(case: &Case<'_>, sink: &mut Sink) {
    let Before::Known { reports, reorganized } = case.before else { return };
    for (form, table, seen) in case.now.tables() {
        for (continuity, tie) in table.continuities.iter().enumerate() {
            if tie.rule != sink.rule.id {
                continue;
            }
            if reports.is_empty() {
                sink.lacks("no_previous", []);
                continue;
            }
            for relation in relations(reports, table, continuity) {
                let (now, terms) = (relation.now, || relation.terms());
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
fn heads(table: &FormTable) -> impl Iterator<Item = usize> {
    let over_columns = |e: &&Equation| table.sums[e.sum].over == Over::Columns;
    let sums = move || table.equations().iter().filter(over_columns);
    let single = if sums().next().is_some() { 0 } else { table.cell_count() };
    sums().flat_map(|e| e.total.iter().copied()).chain(0..single)
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
        let last: Vec<_> = before.sheets.iter().filter_map(|s| s.table(&table.key)).collect();
        for n in heads(table) {
            let cell = table.numbered_cell(n);
            let Some(now) = seen[n].value.filter(|_| cell.kind() == ValueKind::Count) else {
                continue;
            };
            let then = |(then, seen): &(&FormTable, &[Seen])| seen[table.same_cell(n, then)?].value;
            let Some(then) = last.iter().find_map(then) else { continue };
            sink.holds();
            if then >= base && (now / factor > then || now.saturating_mul(factor) < then) {
                sink.fail(Failure {
                    args: vec![("cell", label(cell))],
                    cells: vec![name(cell)],
                    edition: Some(form.edition.clone()),
                    expected: Some(Quantity::Number(then)),
                    found: Some(Quantity::Number(now)),
                    ..Failure::default()
                });
            }
        }
    }
}
