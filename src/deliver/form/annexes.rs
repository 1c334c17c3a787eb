//! Tables that go with a sum, each of them where there is something to tell: who left a cell open,
//! which totals are not the sum of their parts, and what the published summary differs in.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_i18n::t;

use super::file::{Annex, printed};
use super::sum::{Sum, Sums};
use crate::form::FormTable;
use crate::table::{Column, Table, Unit as Meaning, Value};
use crate::validate::{Sheet as Figures, label};

/// Names that a line lists.
const NAMED: usize = 5;

/// Who left which cells open, so that the sums there lack them: together where they left open a whole
/// table or row.
#[must_use]
pub(super) fn gaps(sums: &Sums<'_>) -> Option<Annex> {
    let mut rows = Vec::new();
    for (t, table) in sums.form.tables.iter().enumerate() {
        let asked = |n: &usize| matches!(sums.tables[t][*n], Sum::Added { .. });
        let mut open: BTreeMap<usize, BTreeSet<usize>> =
            (0..table.cell_count()).filter(asked).map(|n| (n, sums.open(t, n))).collect();
        let mut tell = |row: &str, columns: String, units: &BTreeSet<usize>| {
            let cells = [&table.title, row, &columns].map(|text| Value::Text(text.to_owned()));
            let count = Value::Int(i64::try_from(units.len()).unwrap_or(i64::MAX));
            let names = Value::Text(names(sums, units));
            rows.push(cells.into_iter().chain([count, names]).collect::<Vec<_>>());
        };
        let every = || t!("deliver.form.gap.every").into_owned();
        let whole = in_all(open.values());
        if !whole.is_empty() {
            tell(&every(), every(), &whole);
        }
        open.values_mut().for_each(|units| units.retain(|unit| !whole.contains(unit)));
        for (row, range) in table.numbered_rows() {
            let name = table.row_label(row);
            let cells = || open.range(range.clone());
            let of_row = in_all(cells().map(|(_, units)| units));
            if !of_row.is_empty() {
                tell(&name, every(), &of_row);
            }
            let mut alike: BTreeMap<BTreeSet<usize>, Vec<&str>> = BTreeMap::new();
            for (n, units) in cells() {
                let left: BTreeSet<usize> = units.difference(&of_row).copied().collect();
                alike.entry(left).or_default().push(&table.numbered_cell(*n).column.label);
            }
            for (units, columns) in alike.iter().filter(|(units, _)| !units.is_empty()) {
                tell(&name, columns.join("、"), units);
            }
        }
    }
    let keys = ["table", "row", "column", "count", "units"];
    let heading = |key: &str| t!(format!("deliver.form.gap.{key}")).into_owned();
    let columns = keys.map(|key| Column {
        title: Some(heading(key)),
        unit: if key == "count" { Meaning::Count } else { Meaning::Plain },
        ..Column::new(key)
    });
    annex(t!("deliver.form.gaps").into_owned(), columns.into(), rows)
}

/// The units that are in all of these.
fn in_all<'u>(mut sets: impl Iterator<Item = &'u BTreeSet<usize>>) -> BTreeSet<usize> {
    let first = sets.next().cloned().unwrap_or_default();
    sets.fold(first, |all, set| all.intersection(set).copied().collect())
}

/// Some of the names of units, and how many there are.
fn names(sums: &Sums<'_>, units: &BTreeSet<usize>) -> String {
    let named = units.iter().take(NAMED).map(|unit| sums.units[*unit].report.organ.as_str());
    let names = named.collect::<Vec<_>>().join("、");
    match units.len() {
        n if n > NAMED => t!("deliver.form.gap.more", names = names, count = n).into_owned(),
        _ => names,
    }
}

/// The sums of the form that do not hold of what was added up: because a unit's own do not, or because
/// some units filled in only a part.
#[must_use]
pub(super) fn unbalanced(sums: &Sums<'_>) -> Option<Annex> {
    let mut rows = Vec::new();
    for (t, table) in sums.form.tables.iter().enumerate() {
        let of = |n: &usize| match &sums.tables[t][*n] {
            Sum::Added { value, .. } => *value,
            Sum::NotAsked(_) => None,
        };
        let add =
            |numbers: &[usize]| numbers.iter().map(of).try_fold(0i64, |all, n| all.checked_add(n?));
        for equation in table.equations() {
            let (Some(total), Some(parts)) = (add(&equation.total), add(&equation.parts)) else {
                continue;
            };
            if let (&[n], true) = (equation.total.as_slice(), total != parts) {
                rows.push(difference(table, n, [total, parts]));
            }
        }
    }
    annex(t!("deliver.form.unbalanced").into_owned(), compared(["total", "parts"]), rows)
}

/// The cells in which a published summary and the sum of its units differ; where either is open, or
/// not asked for, there is no difference to be told.
#[must_use]
pub(super) fn reconciled(sums: &Sums<'_>, summary: &Figures<'_>) -> Option<Annex> {
    let mut rows = Vec::new();
    for (t, table) in sums.form.tables.iter().enumerate() {
        for n in 0..table.cell_count() {
            let def = table.numbered_cell(n);
            let name = format!("{}/{}/{}", table.key, def.row.key, def.column.key);
            let there = summary.named(&name).and_then(|seen| seen.settled());
            let sum = match &sums.tables[t][n] {
                Sum::Added { value, open: 0 } => *value,
                Sum::Added { .. } | Sum::NotAsked(_) => None,
            };
            if let (Some(there), Some(sum), true) = (there, sum, there != sum) {
                rows.push(difference(table, n, [there, sum]));
            }
        }
    }
    annex(t!("deliver.form.reconciliation").into_owned(), compared(["published", "sum"]), rows)
}

/// Two figures of a cell and what lies between them.
fn difference(table: &FormTable, n: usize, [one, other]: [i64; 2]) -> Vec<Value> {
    let def = table.numbered_cell(n);
    let shown = |value| number(printed(value, def));
    // in one text, so that whoever reads the file takes no line here for one of the form
    let cell = format!("{}：{}", table.title, label(def).zh);
    let between = one.checked_sub(other).map_or(Value::Null, shown);
    vec![Value::Text(cell), shown(one), shown(other), between]
}

/// Columns of a table of [`difference`]s.
fn compared([one, other]: [&str; 2]) -> Vec<Column> {
    let heading = |key: &str| t!(format!("deliver.form.reconciled.{key}")).into_owned();
    let column = |key: &str, unit| Column { title: Some(heading(key)), unit, ..Column::new(key) };
    let mut columns = vec![column("cell", Meaning::Plain)];
    columns.extend([one, other, "difference"].map(|key| column(key, Meaning::Count)));
    columns
}

/// A table under its title; none without rows.
fn annex(title: String, columns: Vec<Column>, rows: Vec<Vec<Value>>) -> Option<Annex> {
    let table = Table { columns, rows, total_rows: None };
    (!table.rows.is_empty()).then_some(Annex { title, table })
}

/// A number as an answer has it.
fn number(number: Decimal) -> Value {
    use rust_decimal::prelude::ToPrimitive as _;
    match number.normalize().scale() {
        0 => number.to_i64().map_or(Value::Null, Value::Int),
        _ => number.to_f64().map_or(Value::Null, Value::Real),
    }
}
