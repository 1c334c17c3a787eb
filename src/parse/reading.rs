//! The printed rows as one edition reads them, and which edition a document is of.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::align::{self, Aligned, Trust};
use super::header::LastHeader;
use super::vocabulary::{Meaning, Role, Vocabulary};
use super::walk::{Header, Walk};

/// A printed row read as a row of one edition.
pub struct Candidate<'d> {
    /// Index of the printed row.
    pub printed: usize,
    /// Its table.
    pub table: u8,
    /// Its row; none for a side-by-side table.
    pub row: Option<u16>,
    /// Its values under the columns of the form; none where that could not be told.
    pub aligned: Option<Aligned<'d>>,
}

/// All printed rows read by one edition.
pub struct Reading<'d> {
    /// Index of the edition.
    pub form: u8,
    /// In the order of the printed rows, at most one for each.
    pub candidates: Vec<Candidate<'d>>,
    /// Evidence by table key.
    pub scores: BTreeMap<&'d str, usize>,
}

/// Reads all printed rows by one edition.
pub fn read_by<'d>(walk: &Walk<'d>, v: &'d Vocabulary<'_>, form: u8) -> Reading<'d> {
    let mut reading = Reading { form, candidates: Vec::new(), scores: BTreeMap::new() };
    let mut header = LastHeader::default();
    let mut position: BTreeMap<u8, u16> = BTreeMap::new();
    let mut taken: BTreeSet<(u8, u16)> = BTreeSet::new();
    for (printed, row) in walk.rows.iter().enumerate() {
        let Some(key) = row.table else { continue };
        let tables = v.forms[usize::from(form)].tables.iter();
        let Some((t, table)) = tables.enumerate().find(|(_, t)| t.key == key) else { continue };
        let t = t as u8;
        if align::is_line(table) {
            let aligned = align::line(v, row, form, t);
            reading.candidates.push(Candidate { printed, table: t, row: None, aligned });
            continue;
        }
        let mut rows: Vec<&Meaning> =
            row.meanings.iter().filter(|m| (m.form, m.table) == (form, t)).collect();
        rows.sort_by_key(|m| m.role);
        // one label can stand for several rows (被依法纠错数): they come in the form's order
        let index = |m: &&Meaning| match m.role {
            Role::Row(i) => i,
            _ => u16::MAX,
        };
        let after = position.get(&t).copied();
        let chosen = rows
            .iter()
            .find(|m| !taken.contains(&(t, index(m))) && after.is_none_or(|p| index(m) > p))
            .or_else(|| rows.iter().find(|m| !taken.contains(&(t, index(m)))))
            .or_else(|| rows.first());
        let chosen = match chosen {
            Some(m) => Some((**m, index(m))),
            None => unlabelled(walk, v, printed, form, t),
        };
        let Some((meaning, i)) = chosen else { continue };
        let last = walk.breaks_off && printed + 1 == walk.rows.len();
        let aligned = match row.values.is_empty() {
            true => None,
            false => align::row(v, &mut header, row, &meaning, i)
                .or_else(|| if last { align::broken_off(v, row, &meaning, i) } else { None }),
        };
        if !row.values.is_empty() {
            position.insert(t, i);
            taken.insert((t, i));
        }
        reading.candidates.push(Candidate { printed, table: t, row: Some(i), aligned });
    }
    reading.score(walk, v);
    reading
}

/// The row that stands unlabelled between its header and the second row of its block: the first.
fn unlabelled(
    walk: &Walk<'_>,
    v: &Vocabulary<'_>,
    printed: usize,
    form: u8,
    table: u8,
) -> Option<(Meaning, u16)> {
    let row = &walk.rows[printed];
    if !row.label.is_empty() || !row.first || row.header.is_empty() {
        return None;
    }
    let next = walk.rows.get(printed + 1)?;
    let def = &v.forms[usize::from(form)].tables[usize::from(table)];
    let mut first = 0u16;
    for block in &def.blocks {
        let second = first + 1;
        let follows = next.meanings.iter().any(|m| {
            (m.form, m.table, m.role) == (form, table, Role::Row(second)) && block.rows.len() > 1
        });
        if follows && Rc::ptr_eq(&row.header, &next.header) {
            return Some((Meaning { form, table, role: Role::Row(first), official: false }, first));
        }
        first += block.rows.len() as u16;
    }
    None
}

impl<'d> Reading<'d> {
    /// How it reads a printed row.
    pub fn candidate(&self, printed: usize) -> Option<&Candidate<'d>> {
        let found = self.candidates.binary_search_by_key(&printed, |c| c.printed);
        found.ok().map(|at| &self.candidates[at])
    }

    /// Evidence that a table is of this edition: values under columns that its header names weigh
    /// most, then labels in the official wording.
    fn score(&mut self, walk: &Walk<'d>, v: &'d Vocabulary<'_>) {
        for c in &self.candidates {
            let row = &walk.rows[c.printed];
            let table = &v.forms[usize::from(self.form)].tables[usize::from(c.table)];
            let weight = match &c.aligned {
                Some(a) if a.trust == Trust::Named => 4 * a.cells.len(),
                Some(a) => a.cells.len(),
                None => 0,
            };
            let official = row.meanings.iter().any(|m| m.form == self.form && m.official);
            *self.scores.entry(&table.key).or_default() += weight + usize::from(official);
        }
        let of_rows = walk.rows.iter().filter_map(|r| Some((r.table?, &r.header)));
        let mut last: Option<(&str, &Header<'_>)> = None;
        let mut seen = BTreeSet::new();
        for (key, header) in walk.headers.iter().map(|(k, h)| (*k, h)).chain(of_rows) {
            // the rows of a block share their header
            if last.is_some_and(|(k, h)| k == key && Rc::ptr_eq(h, header)) {
                continue;
            }
            last = Some((key, header));
            for m in header.iter().flat_map(|h| &h.meanings) {
                if m.form == self.form
                    && m.official
                    && matches!(m.role, Role::Column(_))
                    && seen.insert((key, *m))
                {
                    *self.scores.entry(key).or_default() += 1;
                }
            }
        }
    }
}

/// The edition of most tables; on a tie the one with more evidence.
pub fn edition<'r, 'd>(
    readings: &'r [Reading<'d>],
    v: &Vocabulary<'_>,
    year: Option<i32>,
) -> Option<&'r Reading<'d>> {
    let tables: BTreeSet<&str> = readings.iter().flat_map(|r| r.scores.keys().copied()).collect();
    let best = |table: &str| {
        readings.iter().filter_map(|r| r.scores.get(table)).max().copied().unwrap_or(0)
    };
    let wins = |r: &Reading<'_>| {
        tables.iter().filter(|t| best(t) > 0 && r.scores.get(*t).copied() == Some(best(t))).count()
    };
    readings.iter().filter(|r| r.scores.values().any(|s| *s > 0)).max_by_key(|r| {
        let total: usize = r.scores.values().sum();
        let in_force = year.is_some_and(|y| v.forms[usize::from(r.form)].in_force(y));
        (wins(r), total, in_force, r.form)
    })
}
