//! From printed rows to the cells of an edition, and what could not be placed.

use std::collections::{BTreeMap, BTreeSet};

use super::align::{self, Trust};
use super::found::Found;
use super::header::unit_of;
use super::reading::{Candidate, Reading, edition, read_by};
use super::vocabulary::{Meaning, Role, Vocabulary};
use super::walk::{PrintedRow, Value, Walk};
use crate::form::{CellDef, Form, FormTable, Row, ValueKind, fen, read_cell};
use crate::report::{Cell, Finding, Message, Place, Severity, State, said};

/// A figure recognized with less confidence than this, of 100, is doubtful.
const SURE: u8 = 80;

/// So many rows that stand twice make a table that does.
const MANY: usize = 3;

/// The cells of a document.
#[derive(Debug, Default)]
pub struct Tables {
    /// Edition of most of its tables.
    pub edition: Option<String>,
    /// Every cell of that edition, then those of others.
    pub cells: Vec<Cell>,
    /// What could not be placed or had to be doubted.
    pub findings: Vec<Finding>,
}

impl Tables {
    /// Says which cells stand in places that the reader could not tell for certain.
    pub fn doubt(&mut self, unsure: &[Place]) {
        let is_unsure = |c: &&Cell| c.at.as_ref().is_some_and(|at| unsure.contains(at));
        let cells: Vec<String> = self.cells.iter().filter(is_unsure).map(Cell::name).collect();
        if !cells.is_empty() {
            let rule = "unsure-cell".to_owned();
            let message = said!("finding.unsure_cell", count = cells.len());
            self.findings.push(Finding { rule, severity: Severity::Warning, message, cells });
        }
    }
}

/// Chooses the edition and places the values. The year decides only between editions whose tables
/// are the same as far as the document shows them. `pictures` are those of the document, which may
/// show tables where there are none.
pub fn place<'d>(
    walk: &Walk<'d>,
    v: &'d Vocabulary<'_>,
    year: Option<i32>,
    pictures: usize,
) -> Tables {
    let readings: Vec<Reading<'d>> =
        (0..v.forms.len()).map(|f| read_by(walk, v, f as u8)).collect();
    let Some(main) = edition(&readings, v, year) else {
        let finding = Finding {
            rule: "no-table".to_owned(),
            severity: Severity::Error,
            message: match pictures {
                0 => said!("finding.no_table"),
                count => said!("finding.pictured_tables", count = count),
            },
            cells: Vec::new(),
        };
        return Tables { findings: vec![finding], ..Tables::default() };
    };
    let form = v.forms[usize::from(main.form)];
    let mut placing = Placing {
        v,
        walk,
        form,
        found: BTreeMap::new(),
        clashes: BTreeSet::new(),
        out: Tables::default(),
    };
    placing.out.edition = Some(form.edition.clone());
    for printed in 0..walk.rows.len() {
        placing.row(printed, main, &readings);
    }
    placing.finish()
}

/// Columns of a form that the header above a row names in that form's own wording.
fn official(row: &PrintedRow<'_>, form: u8) -> usize {
    let own = |m: &Meaning| m.form == form && m.official && matches!(m.role, Role::Column(_));
    row.header.iter().filter(|h| h.meanings.iter().any(own)).count()
}

struct Placing<'p, 'd> {
    v: &'d Vocabulary<'d>,
    walk: &'p Walk<'d>,
    form: &'d Form,
    /// Values by edition and table.
    found: BTreeMap<(u8, u8), Found<'d>>,
    /// Rows that stand twice with different values.
    clashes: BTreeSet<(u8, u8, u16)>,
    out: Tables,
}

impl<'d> Placing<'_, 'd> {
    fn row(&mut self, printed: usize, main: &Reading<'d>, readings: &[Reading<'d>]) {
        let row = &self.walk.rows[printed];
        let own = main.candidate(printed);
        let trust = |c: &Candidate<'_>| c.aligned.as_ref().map(|a| a.trust);
        let other = readings
            .iter()
            .filter(|r| r.form != main.form)
            .filter_map(|r| Some((r, r.candidate(printed)?)))
            .filter(|(_, c)| c.aligned.is_some())
            .max_by_key(|(_, c)| trust(c));
        let mine = own.and_then(trust);
        match (own, other) {
            (Some(c), None) if mine.is_some() => self.take(main, c),
            (Some(c), Some((_, o))) if mine >= trust(o) && mine.is_some() => self.take(main, c),
            // every column named by the other edition's header, not by this one's
            (Some(_), Some((r, o)))
                if mine.is_some()
                    && trust(o) == Some(Trust::Named)
                    && official(row, r.form) >= official(row, main.form) =>
            {
                self.take(r, o)
            }
            (Some(c), _) if mine.is_some() => self.take(main, c),
            // only a header or a table that is the other edition's makes the row a row of it
            (_, Some((r, c))) if self.is_of(r, c, main) => self.take(r, c),
            _ => self.refuse(row, own),
        }
    }

    /// Whether a row belongs to another edition than the document's, by its header or its table.
    fn is_of(&self, reading: &Reading<'d>, c: &Candidate<'d>, main: &Reading<'d>) -> bool {
        let form = self.v.forms[usize::from(reading.form)];
        let table = &form.tables[usize::from(c.table)];
        let header = &self.walk.rows[c.printed].header;
        let named = |f: u8| {
            header
                .iter()
                .filter(|h| {
                    h.meanings.iter().any(|m| m.form == f && matches!(m.role, Role::Column(_)))
                })
                .count()
        };
        let evidence = |r: &Reading<'_>| r.scores.get(&*table.key).copied().unwrap_or(0);
        named(reading.form) > named(main.form) || evidence(reading) > evidence(main)
    }

    fn take(&mut self, reading: &Reading<'d>, c: &Candidate<'d>) {
        let Some(aligned) = &c.aligned else { return };
        let row = &self.walk.rows[c.printed];
        let table = &self.v.forms[usize::from(reading.form)].tables[usize::from(c.table)];
        let key = |r: u16| (reading.form, c.table, r);
        let before: BTreeSet<u16> = aligned.cells.iter().map(|x| x.0).collect();
        let of_table = (reading.form, c.table);
        let unit = unit_of(&row.header);
        let found = self.found.entry(of_table).or_insert_with(|| Found::new(table));
        for (r, col, value) in &aligned.cells {
            match found.place(*r, *col) {
                Some(known) if known.raw != value.raw => {
                    self.clashes.insert(key(*r));
                }
                Some(_) => {}
                place => {
                    *place = Some(Value { unit, ..value.clone() });
                }
            }
        }
        let Some(first) = before.first() else { return };
        let def = table.rows().nth(usize::from(*first));
        if let (Some(def), Some(raw)) = (def, row.run_together(aligned.cells.len())) {
            let message = said!("finding.split_row", row = def.label, raw = raw);
            let cells = vec![format!("{}/{}", table.key, def.key)];
            self.say("unaligned-row", Severity::Warning, message, cells);
        }
        let (Some(def), true) = (def, aligned.trust != Trust::Named || row.label.is_empty()) else {
            return;
        };
        if row.label.is_empty() && !align::is_line(table) {
            let message = said!("finding.unlabelled_placed", table = table.title, row = def.label);
            self.say(
                "unlabelled-row",
                Severity::Warning,
                message,
                vec![format!("{}/{}", table.key, def.key)],
            );
        }
        if aligned.trust == Trust::Broken {
            let message = said!("finding.broken_row", row = def.label);
            self.say(
                "unaligned-row",
                Severity::Error,
                message,
                vec![format!("{}/{}", table.key, def.key)],
            );
        }
        if matches!(aligned.trust, Trust::Guided | Trust::Partial) {
            let message = said!("finding.incomplete_header", table = table.title);
            let cells = before.iter().filter_map(|r| table.rows().nth(usize::from(*r)));
            let cells: Vec<String> = cells.map(|r| format!("{}/{}", table.key, r.key)).collect();
            match self.out.findings.iter_mut().find(|f| f.message == message) {
                Some(known) => known.cells.extend(cells),
                None => self.say("incomplete-header", Severity::Warning, message, cells),
            }
        }
    }

    /// Says that a row's values were not taken.
    fn refuse(&mut self, row: &PrintedRow<'d>, own: Option<&Candidate<'d>>) {
        let filled = row.values.iter().filter(|v| !v.raw.is_empty()).count();
        let Some(key) = row.table.filter(|_| filled > 0) else { return };
        let Some(table) = self.form.table(key) else { return };
        // one number behind a line of text is no row
        if own.is_none() && !row.hard && !row.label.is_empty() && filled < 2 {
            return;
        }
        if let Some(c) = own {
            let rows: Vec<_> = match c.row {
                Some(r) => table.rows().nth(usize::from(r)).into_iter().collect(),
                None => table.rows().collect(),
            };
            let expected: usize = (0u16..)
                .map_while(|r| Some((r, table.columns_of_row(r)?.len())))
                .filter(|(r, _)| c.row.is_none_or(|own| own == *r))
                .map(|(_, columns)| columns)
                .sum();
            let label = if row.label.is_empty() { &*table.title } else { &*row.label };
            let message = match filled == expected {
                true => said!("finding.unaligned_header", row = label, found = filled),
                false => {
                    said!("finding.unaligned_row", row = label, found = filled, expected = expected)
                }
            };
            let cells = rows.iter().map(|r| format!("{key}/{}", r.key)).collect();
            self.say("unaligned-row", Severity::Error, message, cells);
        } else if row.label.is_empty() {
            let message = said!("finding.unlabelled_dropped", table = table.title);
            self.say("unlabelled-row", Severity::Error, message, vec![key.to_owned()]);
        } else {
            let message = said!("finding.unknown_row", table = table.title, row = row.label);
            self.say("unknown-row", Severity::Warning, message, vec![key.to_owned()]);
        }
    }

    fn say(&mut self, rule: &str, severity: Severity, message: Message, cells: Vec<String>) {
        let finding = Finding { rule: rule.to_owned(), severity, message, cells };
        if !self.out.findings.contains(&finding) {
            self.out.findings.push(finding);
        }
    }

    fn finish(mut self) -> Tables {
        self.clashing();
        let main = self.v.forms.iter().position(|f| std::ptr::eq(*f, self.form)).unwrap_or(0) as u8;
        for (t, table) in self.form.tables.iter().enumerate() {
            self.table(main, t as u8, table);
        }
        let foreign = std::mem::take(&mut self.found);
        let mut others = BTreeSet::new();
        for ((f, t), found) in foreign.into_iter().filter(|(k, _)| k.0 != main) {
            let form = self.v.forms[usize::from(f)];
            let table = &form.tables[usize::from(t)];
            for (r, values) in found.rows() {
                let Some(row) = table.rows().nth(usize::from(r)) else { continue };
                others.insert(form.edition.as_str());
                for (column, value) in table.columns.iter().zip(values) {
                    if let Some(value) = value {
                        let def = CellDef { table, row, column };
                        self.cell(def, Some(value), Some(form.edition.clone()));
                    }
                }
            }
        }
        if !others.is_empty() {
            let others = others.into_iter().collect::<Vec<_>>().join("、");
            let message =
                said!("finding.mixed_edition", edition = self.form.edition, others = others);
            self.say("mixed-edition", Severity::Warning, message, Vec::new());
        }
        self.doubtful();
        self.out
    }

    /// Forgets the rows that stand twice with different values, and says so: of a table most of whose
    /// rows do, once.
    fn clashing(&mut self) {
        let mut by_table: BTreeMap<(u8, u8), Vec<u16>> = BTreeMap::new();
        for (form, table, row) in std::mem::take(&mut self.clashes) {
            by_table.entry((form, table)).or_default().push(row);
        }
        for ((form, t), rows) in by_table {
            let table = &self.v.forms[usize::from(form)].tables[usize::from(t)];
            if let Some(found) = self.found.get_mut(&(form, t)) {
                rows.iter().for_each(|row| found.forget_row(*row));
            }
            let rows = rows.iter().filter_map(|r| table.rows().nth(usize::from(*r)));
            let name = |row: &Row| format!("{}/{}", table.key, row.key);
            let rows: Vec<&Row> = rows.collect();
            if rows.len() >= MANY && 2 * rows.len() >= table.rows().count() {
                let message = said!("finding.duplicate_table", table = table.title);
                let cells = rows.into_iter().map(name).collect();
                self.say("duplicate-row", Severity::Error, message, cells);
                continue;
            }
            for row in rows {
                let message = said!("finding.duplicate_row", row = row.label);
                self.say("duplicate-row", Severity::Error, message, vec![name(row)]);
            }
        }
    }

    /// That a table lacks a row; of a scan it may be one that nobody could read.
    fn lacks(&self, table: &str, row: &str) -> Message {
        let mut values = self.walk.rows.iter().flat_map(|row| &row.values);
        match values.any(|value| value.confidence.is_some()) {
            true => said!("finding.unrecognized_row", table = table, row = row),
            false => said!("finding.missing_row", table = table, row = row),
        }
    }

    /// Says which figures were recognized without being sure.
    fn doubtful(&mut self) {
        let doubtful = |c: &&Cell| c.confidence.is_some_and(|sure| sure < SURE);
        let cells: Vec<String> = self.out.cells.iter().filter(doubtful).map(Cell::name).collect();
        if !cells.is_empty() {
            let message = said!("finding.ocr_doubtful", count = cells.len());
            self.say("ocr-doubtful", Severity::Warning, message, cells);
        }
    }

    /// The cells of one table of the document's edition, and which of its rows are not there.
    fn table(&mut self, form: u8, t: u8, table: &FormTable) {
        let found = self.found.remove(&(form, t)).unwrap_or_else(|| Found::new(table));
        let seen: BTreeSet<u16> = found.rows().map(|(r, _)| r).collect();
        // rows that were seen but not understood have a finding of their own already
        let named: BTreeSet<String> =
            self.out.findings.iter().flat_map(|f| f.cells.clone()).collect();
        if seen.is_empty() && !named.iter().any(|n| n.split('/').next() == Some(table.key.as_str()))
        {
            let message = said!("finding.missing_table", table = table.title);
            self.say("missing-table", Severity::Error, message, vec![table.key.clone()]);
        } else {
            for (_, row) in (0u16..).zip(table.rows()).filter(|(r, _)| !seen.contains(r)) {
                let name = format!("{}/{}", table.key, row.key);
                if !named.contains(&name) {
                    let message = self.lacks(&table.title, &row.label);
                    self.say("missing-row", Severity::Error, message, vec![name]);
                }
            }
        }
        let mut blanks = 0;
        for (number, def) in table.cells().enumerate() {
            let at = table.row_of(number) * found.width + table.column_of(number);
            let value = found.values[at].as_ref();
            blanks += usize::from(self.cell(def, value, None) == State::Blank);
        }
        if blanks > 0 {
            let message = said!("finding.blank_cell", table = table.title, count = blanks);
            self.say("blank-cell", Severity::Warning, message, vec![table.key.clone()]);
        }
    }

    fn cell(
        &mut self,
        def: CellDef<'_>,
        value: Option<&Value<'d>>,
        edition: Option<String>,
    ) -> State {
        let mut cell = Cell {
            edition,
            table: def.table.key.clone(),
            row: def.row.key.clone(),
            column: def.column.key.clone(),
            value: None,
            unit: def.unit().map(str::to_owned),
            raw: None,
            state: State::Missing,
            at: None,
            correction: None,
            confidence: None,
        };
        if let Some(value) = value {
            let reading = read_cell(&value.raw, def.kind());
            cell.state = reading.state;
            cell.value = reading.value;
            let is_money = def.kind() == ValueKind::Money && reading.state == State::Number;
            let of_header = value.unit.filter(|_| is_money);
            cell.unit = reading.unit.or(of_header.map(str::to_owned)).or(cell.unit);
            cell.at = Some(value.place.clone());
            cell.confidence = value.confidence;
            if reading.state == State::Text {
                let message = said!("finding.not_a_number", raw = value.raw);
                self.say("not-a-number", Severity::Error, message, vec![cell.name()]);
            }
            if is_money && fen(reading.value.unwrap_or_default(), cell.unit.as_deref()).is_none() {
                let message = said!("finding.money_unit", raw = value.raw);
                self.say("money-unit", Severity::Warning, message, vec![cell.name()]);
            }
            cell.raw = Some(value.raw.clone().into_owned());
        }
        let state = cell.state;
        self.out.cells.push(cell);
        state
    }
}
