//! Which column each value belongs to, decided by the labels of the header and the number of
//! values, and checked against the form's own sums where the header does not say.

use std::borrow::Cow;

use super::header::{
    Columns, LastHeader, by_place, by_runs, column_index, columns, is_subsequence, leaf,
};
use super::vocabulary::{Meaning, Vocabulary};
use super::walk::{HeaderLabel, PrintedRow, Value};
use crate::form::{FormTable, Layout, Over, ValueKind, read_cell};

/// The beginning of a row in which the document breaks off: the values it still has. The very last
/// is taken only if it is a 0, which cannot be the beginning of a longer number.
pub fn broken_off<'d>(
    v: &Vocabulary<'_>,
    row: &PrintedRow<'d>,
    m: &Meaning,
    index: u16,
) -> Option<Aligned<'d>> {
    let form = v.table(m).columns_of_row(index)?;
    let Columns::Known(named) = columns(v, &row.header, m, form) else { return None };
    let (last, before) = row.values.split_last()?;
    let kept = if last.raw == "0" && before.len() < form.len() { &row.values[..] } else { before };
    // cells on lines of their own may have lost one of them unseen
    let whole = kept.len() == form.len() || row.hard && kept.len() < form.len();
    if named.iter().flatten().count() != form.len()
        || named.len() != form.len()
        || !whole
        || kept.iter().any(|v| v.raw.is_empty())
    {
        return None;
    }
    let cells =
        named.into_iter().flatten().zip(kept).map(|(c, value)| (index, c, value.clone())).collect();
    Some(Aligned { cells, trust: Trust::Broken })
}

/// How sure an alignment is, best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// The document breaks off within the row.
    Broken,
    /// No header stands over the row: as many values as the form has columns.
    Counted,
    /// The header lacks labels; those it has stand in the form's order.
    Guided,
    /// The header names fewer columns than the form, each value has one of them.
    Partial,
    /// The header names every column.
    Named,
}

/// A row of values brought under the columns of a form.
#[derive(Debug, Clone)]
pub struct Aligned<'d> {
    /// Row and column index in the table for each value.
    pub cells: Vec<(u16, u16, Value<'d>)>,
    /// How sure that is.
    pub trust: Trust,
}

/// Aligns a row of a table with one line per row; none if it cannot be told.
pub fn row<'d>(
    v: &Vocabulary<'_>,
    last: &mut LastHeader<'d>,
    row: &PrintedRow<'d>,
    m: &Meaning,
    index: u16,
) -> Option<Aligned<'d>> {
    let table = v.table(m);
    let form = table.columns_of_row(index)?;
    let of = |n: usize| window(&row.values, n);
    let cells = |columns: &[Option<u16>], values: Cow<'_, [Value<'d>]>| {
        let placed = columns.iter().zip(values.iter());
        placed.filter_map(|(c, value)| Some((index, (*c)?, value.clone()))).collect()
    };
    let in_form_order = |trust| {
        let values = of(form.len())?;
        let columns: Vec<Option<u16>> = form.iter().map(|c| Some(*c)).collect();
        let aligned = Aligned { cells: cells(&columns, values), trust };
        sums_hold(table, &aligned).then_some(aligned)
    };
    // a header that lacks a column must not push values under its neighbours: surplus blanks are
    // left out only as far as the header has them too
    let blanks = row.header.last().map_or(0, |h| h.blanks_after);
    let partly = |n: usize| of(n).filter(|_| row.values.len() <= n + blanks);
    match last.columns(v, &row.header, m, form) {
        Columns::Known(named) if named.iter().flatten().count() == form.len() => {
            Some(Aligned { cells: cells(named, of(named.len())?), trust: Trust::Named })
        }
        Columns::Known(named) => {
            if let Some(values) = partly(named.len()) {
                return Some(Aligned { cells: cells(named, values), trust: Trust::Partial });
            }
            let known: Vec<u16> = named.iter().flatten().copied().collect();
            is_subsequence(&known, form).then(|| in_form_order(Trust::Guided)).flatten()
        }
        Columns::Gaps(labels) => {
            let known: Vec<u16> = labels.iter().flatten().copied().collect();
            if let Some(values) = partly(labels.len()) {
                return Some(Aligned { cells: cells(labels, values), trust: Trust::Partial });
            }
            is_subsequence(&known, form).then(|| in_form_order(Trust::Guided)).flatten()
        }
        Columns::None => in_form_order(Trust::Counted),
        Columns::Foreign => None,
    }
}

/// Aligns the one line of a table whose rows stand side by side.
pub fn line<'d>(
    v: &Vocabulary<'_>,
    row: &PrintedRow<'d>,
    form: u8,
    table_no: u8,
) -> Option<Aligned<'d>> {
    let table = &v.forms[usize::from(form)].tables[usize::from(table_no)];
    let all: Vec<(u16, u16)> = (0u16..)
        .map_while(|r| Some((r, table.columns_of_row(r)?)))
        .flat_map(|(r, columns)| columns.iter().map(move |c| (r, *c)))
        .collect();
    let values = window(&row.values, all.len())?;
    let mine = |h: &HeaderLabel<'_>| -> Vec<Meaning> {
        h.meanings.iter().copied().filter(|m| (m.form, m.table) == (form, table_no)).collect()
    };
    let labels: Vec<(Vec<Meaning>, Option<u16>)> =
        row.header.iter().map(|h| (mine(h), h.x)).filter(|(m, _)| !m.is_empty()).collect();
    let place = |order: &[(u16, u16)], trust| {
        let cells = order
            .iter()
            .zip(values.iter().cloned())
            .map(|((r, c), value)| (*r, *c, value))
            .collect();
        Aligned { cells, trust }
    };
    if let Some(order) = by_place(&labels).or_else(|| by_runs(table, &labels)) {
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let mut wanted = all.clone();
        wanted.sort_unstable();
        if sorted == wanted {
            return Some(place(&order, Trust::Named));
        }
    }
    // without a full header the form's order must prove itself by the form's sums
    let seen: Vec<u16> = labels.iter().filter_map(|(m, _)| leaf(m)).collect();
    let order: Vec<u16> = all.iter().map(|(_, c)| *c).collect();
    let trust = if labels.is_empty() { Trust::Counted } else { Trust::Guided };
    let aligned = place(&all, trust);
    (is_subsequence(&seen, &order) && sums_hold(table, &aligned)).then_some(aligned)
}

/// The values without surplus blanks, if exactly `n` remain in one way only.
fn window<'v, 'd>(values: &'v [Value<'d>], n: usize) -> Option<Cow<'v, [Value<'d>]>> {
    if n == 0 {
        return None;
    }
    if let Some(at) = values.iter().position(|v| v.fused) {
        return fused(values, at, n).map(Cow::Owned);
    }
    let filled = |v: &Value<'_>| !v.raw.is_empty();
    let extra = values.len().checked_sub(n)?;
    let from = |start: usize| Some(Cow::Borrowed(&values[start..start + n]));
    let (first, last) = match (values.iter().position(filled), values.iter().rposition(filled)) {
        (Some(first), Some(last)) => (first, last),
        // nothing but blanks: any of them will do
        _ => return from(0),
    };
    let mut starts = (0..=extra).filter(|s| *s <= first && last < s + n);
    match (starts.next(), starts.next()) {
        (Some(start), None) => from(start),
        // the row begins with its label: blanks left over stand at its end
        (Some(0), _) if first == 0 => from(0),
        _ => None,
    }
}

/// Digits run on from a label: the one number of a single column, or one digit for each.
fn fused<'d>(values: &[Value<'d>], at: usize, n: usize) -> Option<Vec<Value<'d>>> {
    let [value] = values else { return None };
    debug_assert_eq!(at, 0, "the only value");
    if n == 1 {
        return Some(vec![Value { fused: false, ..value.clone() }]);
    }
    if value.raw.len() != n || !value.raw.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (place, confidence) = (value.place, value.confidence);
    let digit =
        |c: char| Value { raw: c.to_string().into(), place, fused: false, unit: None, confidence };
    Some(value.raw.chars().map(digit).collect())
}

/// Whether the sums over columns hold in every aligned row that has all their terms.
fn sums_hold(table: &FormTable, aligned: &Aligned<'_>) -> bool {
    let number = |r: u16, key: &str| {
        let c = column_index(table, key)?;
        let (.., value) = aligned.cells.iter().find(|(row, col, _)| (*row, *col) == (r, c))?;
        read_cell(&value.raw, ValueKind::Signed).value
    };
    let rows: std::collections::BTreeSet<u16> = aligned.cells.iter().map(|c| c.0).collect();
    rows.into_iter().all(|r| {
        table.sums.iter().filter(|s| s.over == Over::Columns).all(|sum| {
            let side = |keys: &[String]| {
                keys.iter().map(|k| number(r, k)).sum::<Option<rust_decimal::Decimal>>()
            };
            match (side(&sum.total), side(&sum.parts)) {
                (Some(total), Some(parts)) => total == parts,
                _ => true,
            }
        })
    })
}

/// Whether a table prints all its rows on one line.
pub fn is_line(table: &FormTable) -> bool {
    table.layout == Layout::Line
}
