//! Which columns of a form a printed header names.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::LazyLock;

use regex::Regex;

use super::meta::{compact, pattern};
use super::vocabulary::{Meaning, Role, Vocabulary};
use super::walk::{Header, HeaderLabel};
use crate::form::{FormTable, fold_label};

// a unit that stands alone, in brackets or behind a colon: 万元, 单元 and 美元 are none of these
pattern!(UNIT, r"(?:^|[(:/])(?:人民币)?(?P<unit>[千百]?元)(?:[)/]|$)");

/// The unit of money that a header has in place of the form's 万元.
pub(super) fn unit_of(header: &[HeaderLabel<'_>]) -> Option<&'static str> {
    header.iter().filter(|label| label.raw.contains('元')).find_map(|label| {
        match &UNIT.captures(&compact(&label.raw))?["unit"] {
            "千元" => Some("千元"),
            "百元" => Some("百元"),
            _ => Some("元"),
        }
    })
}

/// Columns a header names for one block, in printed order.
pub(super) enum Columns {
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
    pub fn columns(
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

/// The columns that a header names for the block of a row.
pub(super) fn columns(
    v: &Vocabulary<'_>,
    header: &[HeaderLabel<'_>],
    m: &Meaning,
    form: &[u16],
) -> Columns {
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
    // laid out in columns: the order is theirs, and that of reading where some run together
    let mut xs: Vec<u16> = leaves.iter().filter_map(|(_, x)| *x).collect();
    let laid_out = xs.len() == leaves.len();
    xs.sort_unstable();
    xs.dedup();
    if laid_out && (xs.len() > 1 || leaves.len() == 1) {
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

pub(super) fn leaf(meanings: &[Meaning]) -> Option<u16> {
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
pub(super) fn by_place(labels: &[(Vec<Meaning>, Option<u16>)]) -> Option<Vec<(u16, u16)>> {
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
pub(super) fn by_runs(
    table: &FormTable,
    labels: &[(Vec<Meaning>, Option<u16>)],
) -> Option<Vec<(u16, u16)>> {
    let rows: Vec<&crate::form::Row> = table.rows().collect();
    let mut runs: Vec<Vec<u16>> = Vec::new();
    let mut names: Vec<u16> = Vec::new();
    let mut top: Vec<(Option<u16>, Option<u16>)> = Vec::new();
    let mut inline = true;
    for (meanings, x) in labels {
        if let Some(r) = row_label(meanings) {
            inline &= runs.len() == names.len();
            names.push(r);
            if rows[usize::from(r)].path.is_empty() {
                top.push((*x, Some(r)));
            }
        } else if meanings.iter().any(|m| m.role == Role::RowGroup) {
            top.push((*x, None));
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
    if top.iter().all(|(x, _)| x.is_some()) {
        top.sort_by_key(|(x, _)| *x);
    }
    for (_, entry) in &top {
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

pub(super) fn is_subsequence(part: &[u16], whole: &[u16]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|p| rest.any(|w| w == p))
}

pub(super) fn column_index(table: &FormTable, key: &str) -> Option<u16> {
    table.columns.iter().position(|c| c.key == key).map(|i| i as u16)
}
