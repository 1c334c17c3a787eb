//! Which column each value belongs to, decided by the labels of the header and the number of
//! values, and checked against the form's own sums where the header does not say.

use std::borrow::Cow;
use std::rc::Rc;

use super::vocabulary::{Meaning, Role, Vocabulary};
use super::walk::{Header, HeaderLabel, PrintedRow, Value};
use crate::form::{FormTable, Layout, Over, read_cell};
use crate::form::{ValueKind, fold_label};

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

/// Columns a header names for one block, in printed order.
enum Columns {
    /// Every label is a column of the block or one of units (none), no column twice.
    Known(Vec<Option<u16>>),
    /// Some labels are not; the known ones keep their places.
    Gaps(Vec<Option<u16>>),
    /// No label of the block stands in it.
    Foreign,
    /// No header.
    None,
}

/// The header looked at last and what it names: the rows under it need not ask again.
#[derive(Default)]
pub struct LastHeader<'d>(Option<NamedHeader<'d>>);

struct NamedHeader<'d> {
    header: Header<'d>,
    /// Form and table it was read for, and their columns.
    table: (u8, u8),
    form: Vec<u16>,
    named: Columns,
}

impl<'d> LastHeader<'d> {
    fn columns(
        &mut self,
        v: &Vocabulary<'_>,
        header: &Header<'d>,
        m: &Meaning,
        form: &[u16],
    ) -> &Columns {
        let table = (m.form, m.table);
        self.0.take_if(|l| !Rc::ptr_eq(&l.header, header) || l.table != table || l.form != form);
        let read = || NamedHeader {
            header: header.clone(),
            table,
            form: form.to_vec(),
            named: columns(v, header, m, form),
        };
        &self.0.get_or_insert_with(read).named
    }
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
    let place = value.place;
    let digit = |c: char| Value { raw: c.to_string().into(), place, fused: false };
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

/// The columns that a header names for the block of a row.
fn columns(v: &Vocabulary<'_>, header: &[HeaderLabel<'_>], m: &Meaning, form: &[u16]) -> Columns {
    let table = v.table(m);
    let mine = |h: &HeaderLabel<'_>| -> Vec<Meaning> {
        h.meanings.iter().copied().filter(|x| (x.form, x.table) == (m.form, m.table)).collect()
    };
    if header.is_empty() {
        return Columns::None;
    }
    // one label can name several columns (本年新, cut short): the first not yet named
    let mut taken: Vec<u16> = Vec::new();
    let mut leaves: Vec<(Option<u16>, Option<u16>)> = Vec::new();
    let mut units: Vec<usize> = Vec::new();
    let mut groups = Vec::new();
    for label in header {
        let meanings = mine(label);
        let candidates = meanings.iter().filter_map(|m| match m.role {
            Role::Column(c) if form.contains(&c) => Some(c),
            _ => None,
        });
        let mut candidates: Vec<u16> = candidates.collect();
        candidates.sort_unstable();
        if meanings.iter().any(|m| m.role == Role::ColumnGroup) {
            let own = fold_label(&label.raw);
            let known = |g: &String| fold_label(g) == own;
            let mut of_form =
                form.iter().filter_map(|c| table.columns[usize::from(*c)].group.as_ref());
            // a header run together in one cell names its group among other labels
            let name = of_form.clone().find(|g| known(g)).or_else(|| of_form.next());
            groups.push((name.map_or_else(Cow::default, |g| fold_label(g)), leaves.len(), label.x));
        } else if let Some(c) = candidates.iter().find(|c| !taken.contains(c)) {
            taken.push(*c);
            leaves.push((Some(*c), label.x));
        } else if meanings.iter().any(|m| m.role == Role::Unit) {
            units.push(leaves.len());
            leaves.push((None, label.x));
        } else if !candidates.is_empty() {
            // a column named twice: two tables side by side, or a broken header
            return Columns::Gaps(vec![None; header.len()]);
        } else {
            leaves.push((None, label.x));
        }
    }
    if taken.is_empty() {
        return Columns::Foreign;
    }
    while units.is_empty() && matches!(leaves.first(), Some((None, _))) && leaves.len() > form.len()
    {
        leaves.remove(0);
    }
    if leaves.iter().enumerate().any(|(i, (c, _))| c.is_none() && !units.contains(&i)) {
        return Columns::Gaps(leaves.into_iter().map(|(c, _)| c).collect());
    }
    let group_of = |c: u16| table.columns[usize::from(c)].group.as_deref();
    let grouped = taken.iter().any(|c| group_of(*c).is_some());
    if grouped && groups.is_empty() {
        // without the heading over them it is open where the group stands: order by the form only
        let mut order = form.to_vec();
        order.retain(|c| taken.contains(c));
        let flat: Vec<u16> = leaves.iter().filter_map(|l| l.0).collect();
        return match flat == order && units.is_empty() {
            true => Columns::Known(flat.into_iter().map(Some).collect()),
            false => Columns::Gaps(vec![None; leaves.len()]),
        };
    }
    // laid out in columns: the order is theirs
    let mut xs: Vec<u16> = leaves.iter().filter_map(|(_, x)| *x).collect();
    xs.sort_unstable();
    xs.dedup();
    if xs.len() == leaves.len() {
        leaves.sort_by_key(|(_, x)| *x);
        return Columns::Known(leaves.into_iter().map(|(c, _)| c).collect());
    }
    if groups.is_empty() {
        return Columns::Known(leaves.into_iter().map(|(c, _)| c).collect());
    }
    // in reading order: what a group holds stands where its heading stands
    let mut order = Vec::new();
    let mut groups = groups.into_iter().peekable();
    let expand = |order: &mut Vec<u16>, name: &str| {
        let inside = leaves.iter().filter_map(|(c, _)| *c);
        order.extend(inside.filter(|c| group_of(*c).is_some_and(|g| fold_label(g) == name)));
    };
    for (i, (column, _)) in leaves.iter().enumerate() {
        while groups.peek().is_some_and(|(_, at, _)| *at <= i) {
            if let Some((name, ..)) = groups.next() {
                expand(&mut order, &name);
            }
        }
        order.extend(column.filter(|c| group_of(*c).is_none()));
    }
    for (name, ..) in groups {
        expand(&mut order, &name);
    }
    order.dedup();
    Columns::Known(order.into_iter().map(Some).collect())
}

fn leaf(meanings: &[Meaning]) -> Option<u16> {
    meanings.iter().find_map(|m| match m.role {
        Role::Column(c) => Some(c),
        _ => None,
    })
}

fn row_label(meanings: &[Meaning]) -> Option<u16> {
    meanings.iter().find_map(|m| match m.role {
        Role::Row(r) => Some(r),
        _ => None,
    })
}

/// Order of a side-by-side header by columns: a column belongs to the last row label left of it.
fn by_place(labels: &[(Vec<Meaning>, Option<u16>)]) -> Option<Vec<(u16, u16)>> {
    let rows: Option<Vec<(u16, u16)>> = labels
        .iter()
        .filter_map(|(m, x)| Some(((*x), row_label(m)?)))
        .map(|(x, r)| Some((x?, r)))
        .collect();
    let leaves: Option<Vec<(u16, u16)>> = labels
        .iter()
        .filter_map(|(m, x)| Some(((*x), leaf(m)?)))
        .map(|(x, c)| Some((x?, c)))
        .collect();
    let (rows, mut leaves) = (rows?, leaves?);
    leaves.sort_unstable();
    if leaves.windows(2).any(|w| w[0].0 == w[1].0) {
        return None;
    }
    let owner =
        |x: u16| rows.iter().filter(|(rx, _)| *rx <= x).max_by_key(|(rx, _)| *rx).map(|(_, r)| *r);
    leaves.into_iter().map(|(x, c)| Some((owner(x)?, c))).collect()
}

/// Order of a side-by-side header in reading order: labels of the upper line first, each run of
/// different columns under one row label, those without a heading above them first.
fn by_runs(table: &FormTable, labels: &[(Vec<Meaning>, Option<u16>)]) -> Option<Vec<(u16, u16)>> {
    let rows: Vec<&crate::form::Row> = table.rows().collect();
    let mut runs: Vec<Vec<u16>> = Vec::new();
    let mut names: Vec<u16> = Vec::new();
    let mut top: Vec<Option<u16>> = Vec::new();
    let mut inline = true;
    for (meanings, _) in labels {
        if let Some(r) = row_label(meanings) {
            inline &= runs.len() == names.len();
            names.push(r);
            if rows[usize::from(r)].path.is_empty() {
                top.push(Some(r));
            }
        } else if meanings.iter().any(|m| m.role == Role::RowGroup) {
            top.push(None);
        } else if let Some(c) = leaf(meanings) {
            let begins = inline && runs.len() < names.len();
            match runs.last_mut() {
                Some(run) if !run.contains(&c) && !begins => run.push(c),
                _ => runs.push(vec![c]),
            }
        }
    }
    if runs.len() != names.len() || names.is_empty() {
        return None;
    }
    let nested = |r: &u16| !rows[usize::from(*r)].path.is_empty();
    let mut owners = names.clone();
    if !inline {
        owners.sort_by_key(nested);
    }
    let run_of =
        |r: u16| owners.iter().position(|o| *o == r).map(|i| runs[i].clone()).unwrap_or_default();
    // printed order: the upper line, with the rows of a group in the place of its heading
    let mut order: Vec<u16> = Vec::new();
    for entry in &top {
        match entry {
            Some(r) => order.push(*r),
            None => order.extend(names.iter().filter(|r| nested(r))),
        }
    }
    if inline {
        order = names;
    }
    Some(order.into_iter().flat_map(|r| run_of(r).into_iter().map(move |c| (r, c))).collect())
}

fn is_subsequence(part: &[u16], whole: &[u16]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|p| rest.any(|w| w == p))
}

fn column_index(table: &FormTable, key: &str) -> Option<u16> {
    table.columns.iter().position(|c| c.key == key).map(|i| i as u16)
}

/// Whether a table prints all its rows on one line.
pub fn is_line(table: &FormTable) -> bool {
    table.layout == Layout::Line
}
