//! A level's summary against the sum of the reports below it.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::{Failure, Outcome, Quantity, Sink};
use super::rule::{Rule, rule};
use super::sheet::Sheet;
use super::totals::{label, name};
use crate::form::{CellDef, Form, FormTable, ValueKind};
use crate::lang::Bilingual;
use crate::report::State;

/// The rule.
const RULE: &str = "reconcile";
/// Names that a sentence gives at most.
const NAMED: usize = 50;

/// A report that the summary should be the sum of.
#[derive(Debug, Clone, Copy)]
pub struct Unit<'a> {
    /// Name of its body.
    pub name: &'a str,
    /// Its figures; none where it has no table.
    pub sheet: Option<&'a Sheet<'a>>,
}

/// How it is known which units there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// A list names them.
    Listed,
    /// They reported last year: there may be others of which no report was ever loaded.
    LastYear,
    /// It is not.
    Nobody,
}

/// A level in a year.
#[derive(Debug, Clone, Copy)]
pub struct Level<'a> {
    /// Figures of its summary; none where it has no table.
    pub summary: Option<&'a Sheet<'a>>,
    /// The reports it should be the sum of, as far as they are there.
    pub units: &'a [Unit<'a>],
    /// How it is known whether that is all of them.
    pub known: Known,
    /// Names of those that are expected and not there.
    pub missing: &'a [String],
}

/// A cell that the summary and all units have.
struct Line<'f> {
    cell: CellDef<'f>,
    /// Index of the table, number of the cell.
    at: (usize, usize),
    /// What the summary says.
    found: i64,
    /// What each unit says.
    units: Vec<i64>,
    /// What they add up to.
    sum: i64,
}

impl Line<'_> {
    fn difference(&self) -> i64 {
        self.found.saturating_sub(self.sum)
    }
}

/// Compares a summary with its units.
#[must_use]
pub fn reconcile(level: &Level<'_>) -> Vec<Outcome> {
    let Some(rule) = rule(RULE) else { return Vec::new() };
    let mut sink = Sink::new(rule);
    look(level, &mut sink);
    sink.finish()
}

fn look(level: &Level<'_>, sink: &mut Sink) {
    let Some(summary) = level.summary else { return sink.lacks("no_tables", []) };
    let missing = level.missing.iter().map(String::as_str);
    let bodies = [("bodies", names(sink.rule, missing))];
    if level.units.is_empty() {
        return match level.missing.is_empty() {
            true => sink.lacks("no_units", []),
            false => sink.lacks_with("missing_units", &bodies, []),
        };
    }
    let lines = lines(level, summary, sink);
    let mut wrong: Vec<&Line<'_>> = lines.iter().filter(|l| l.difference() != 0).collect();
    let cells: Vec<String> = wrong.iter().map(|l| name(l.cell)).collect();
    let difference = ("difference", told(sink.rule, &wrong));
    let units = ("units", Bilingual::same(level.units.len().to_string()));
    if !level.missing.is_empty() {
        let [bodies] = bodies;
        return match wrong.is_empty() {
            true => sink.lacks_with("missing_units", &[bodies], []),
            false => sink.lacks_with("missing_reports", &[bodies, difference], cells),
        };
    }
    if wrong.is_empty() {
        if !lines.is_empty() {
            sink.holds();
        }
        return;
    }
    if level.known == Known::Nobody {
        return sink.lacks_with("no_list", &[difference, units], cells);
    }
    if let Some(failure) = one_unit(sink.rule, level, summary.form, &lines, &wrong) {
        return sink.fail(failure);
    }
    let alike = lines.iter().filter(|l| l.found != 0 && l.difference() == 0).count();
    // who else there is nobody knows: what the summary has beyond its units may be theirs, unless
    // most figures are the same all the same
    if level.known == Known::LastYear
        && (alike < wrong.len() || like_a_report(&summary.form.tables, &wrong, &lines))
    {
        wrong.retain(|l| l.difference() < 0 && l.cell.kind() != ValueKind::Signed);
        if wrong.is_empty() {
            return sink.lacks_with("unlisted", &[difference, units], cells);
        }
    }
    for line in wrong {
        sink.fail(Failure {
            args: vec![("cell", label(line.cell)), units.clone()],
            cells: vec![name(line.cell)],
            edition: Some(summary.form.edition.clone()),
            expected: Some(Quantity::of(line.cell, line.sum)),
            found: Some(Quantity::of(line.cell, line.found)),
            ..Failure::default()
        });
    }
}

/// For each cell of a form, by table and number, the one of the same name in another.
pub type Counterparts = Vec<Vec<Option<(usize, usize)>>>;

/// The cells that the summary and every unit have, and what cannot be compared.
fn lines<'f>(level: &Level<'_>, summary: &Sheet<'f>, sink: &mut Sink) -> Vec<Line<'f>> {
    let mut maps: BTreeMap<&str, Counterparts> = BTreeMap::new();
    for form in level.units.iter().filter_map(|u| u.sheet).map(|s| s.form) {
        maps.entry(&form.edition).or_insert_with(|| counterparts(summary.form, form));
    }
    let mut lines = Vec::new();
    let (mut blank, mut unsettled, mut without) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut defined = false;
    for (t, (table, cells)) in summary.tables().enumerate() {
        for (n, seen) in cells.iter().enumerate() {
            // what an edition does not ask for nobody can add up
            let Some((units, lacking)) = of_units(level, &maps, (t, n)) else { continue };
            defined = true;
            let cell = table.numbered_cell(n);
            let Some(found) = seen.settled() else {
                // a line that is not there at all is told by the rules on tables and rows
                if seen.state != State::Missing {
                    blank.push(name(cell));
                }
                continue;
            };
            if !lacking.is_empty() {
                without.extend(lacking);
                unsettled.push(name(cell));
                continue;
            }
            let sum = units.iter().try_fold(0i64, |sum, value| sum.checked_add(*value));
            lines.extend(sum.map(|sum| Line { cell, at: (t, n), found, units, sum }));
        }
    }
    if !blank.is_empty() {
        sink.lacks("blank", blank);
    }
    if !without.is_empty() {
        sink.lacks_with(
            "blank_units",
            &[("bodies", names(sink.rule, without.into_iter()))],
            unsettled,
        );
    }
    if !defined {
        sink.lacks("other_forms", []);
    }
    lines
}

/// What the units say of a cell, and the names of those that leave it open; none where the form of
/// one does not have it.
fn of_units<'a>(
    level: &Level<'a>,
    maps: &BTreeMap<&str, Counterparts>,
    (t, n): (usize, usize),
) -> Option<(Vec<i64>, Vec<&'a str>)> {
    let (mut values, mut lacking) = (Vec::with_capacity(level.units.len()), Vec::new());
    for unit in level.units {
        let value = match unit.sheet {
            None => None,
            Some(sheet) => {
                let (t, n) = maps.get(sheet.form.edition.as_str())?[t][n]?;
                sheet.tables[t][n].settled()
            }
        };
        match value {
            Some(value) => values.push(value),
            None => lacking.push(unit.name),
        }
    }
    Some((values, lacking))
}

/// For each cell of a form the one of the same name in another, if both hold the same.
#[must_use]
pub fn counterparts(of: &Form, other: &Form) -> Counterparts {
    let counterpart = |cell: CellDef<'_>| {
        let t = other.tables.iter().position(|t| t.key == cell.table.key)?;
        let n = other.tables[t].cell_number(&cell.row.key, &cell.column.key)?;
        let there = other.tables[t].numbered_cell(n);
        (there.kind() == cell.kind()).then_some((t, n))
    };
    let of_table =
        |t: &FormTable| (0..t.cell_count()).map(|n| counterpart(t.numbered_cell(n))).collect();
    of.tables.iter().map(of_table).collect()
}

/// Whether the whole difference is what one unit reports: added once too often, or left out.
fn one_unit(
    rule: &Rule,
    level: &Level<'_>,
    form: &Form,
    lines: &[Line<'_>],
    wrong: &[&Line<'_>],
) -> Option<Failure> {
    let twice = |u: &usize| lines.iter().all(|l| l.difference() == l.units[*u]);
    let left_out = |u: &usize| lines.iter().all(|l| l.difference() == -l.units[*u]);
    let of = |fits: &dyn Fn(&usize) -> bool| -> Vec<&str> {
        (0..level.units.len()).filter(fits).map(|u| level.units[u].name).collect()
    };
    let (bodies, how) = match (of(&twice), of(&left_out)) {
        (bodies, _) if !bodies.is_empty() => (bodies, rule.message("twice")),
        (_, bodies) if !bodies.is_empty() => (bodies, rule.message("left_out")),
        _ => return None,
    };
    let shown = largest(wrong)?;
    Some(Failure {
        message: "unit",
        args: vec![
            ("cell", label(shown.cell)),
            ("units", Bilingual::same(level.units.len().to_string())),
            ("count", Bilingual::same(wrong.len().to_string())),
            ("body", either(rule, &bodies)),
            ("how", how.clone()),
        ],
        cells: wrong.iter().map(|l| name(l.cell)).collect(),
        edition: Some(form.edition.clone()),
        expected: Some(Quantity::of(shown.cell, shown.sum)),
        found: Some(Quantity::of(shown.cell, shown.found)),
        ..Failure::default()
    })
}

/// Whether the differences could be the report of one more unit: none of them negative, and the
/// form's own sums hold over them.
fn like_a_report(tables: &[FormTable], wrong: &[&Line<'_>], lines: &[Line<'_>]) -> bool {
    if wrong.iter().any(|l| l.difference() < 0 && l.cell.kind() != ValueKind::Signed) {
        return false;
    }
    let known: BTreeMap<(usize, usize), i64> =
        lines.iter().map(|l| (l.at, l.difference())).collect();
    let side = |t: usize, terms: &[usize]| {
        terms.iter().try_fold(0i64, |sum, n| sum.checked_add(*known.get(&(t, *n))?))
    };
    tables.iter().enumerate().all(|(t, table)| {
        table.equations().iter().all(|e| {
            side(t, &e.total).zip(side(t, &e.parts)).is_none_or(|(total, parts)| total == parts)
        })
    })
}

/// The cell that tells most of a difference: a count where there is one.
fn largest<'l, 'f>(wrong: &[&'l Line<'f>]) -> Option<&'l Line<'f>> {
    let money = |l: &Line<'_>| l.cell.kind() == ValueKind::Money;
    let size = |l: &Line<'_>| (!money(l), l.difference().unsigned_abs());
    // of several the first
    wrong.iter().rev().copied().max_by_key(|l| size(l))
}

/// A difference in words: the largest, and in how many cells there is one.
fn told(rule: &Rule, wrong: &[&Line<'_>]) -> Bilingual {
    let Some(shown) = largest(wrong) else { return Bilingual::default() };
    rule.message("largest").with(&[
        ("most", Quantity::of(shown.cell, shown.difference().saturating_abs()).text()),
        ("cell", label(shown.cell)),
        ("count", Bilingual::same(wrong.len().to_string())),
    ])
}

/// Names in a sentence.
fn names<'n>(rule: &Rule, names: impl ExactSizeIterator<Item = &'n str>) -> Bilingual {
    let count = names.len();
    let shown: Vec<&str> = names.take(NAMED).collect();
    let shown = Bilingual { zh: shown.join("、"), en: shown.join(", ") };
    if count <= NAMED {
        return shown;
    }
    rule.message("more_names")
        .with(&[("names", shown), ("count", Bilingual::same(count.to_string()))])
}

/// Names of which one is meant.
fn either(rule: &Rule, names: &[&str]) -> Bilingual {
    let or = rule.message("or");
    Bilingual { zh: names.join(&or.zh), en: names.join(&or.en) }
}

#[cfg(test)]
#[path = "reconcile_tests.rs"]
mod tests;
