//! A report as the rules see it: figures by their number in the form, and what is known beside.

use std::cell::OnceCell;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::form::{CellDef, Form, FormTable, ValueKind, fen, imply_cells};
use crate::narrative;
use crate::region::Kind;
use crate::report::{Cell, Finding, Scope, Section, State};

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What it holds.
    pub state: State,
    /// The printed number: a whole count in its own unit's ones, money in fen. None where there is
    /// no number, or none that a count or an amount can be.
    pub value: Option<i64>,
    /// What the form's sums imply for it, where it holds no number.
    pub implied: Option<i64>,
}

impl Seen {
    /// A cell that the document does not have.
    pub const MISSING: Seen = Seen { state: State::Missing, value: None, implied: None };

    /// The printed value, else the implied one.
    #[must_use]
    pub fn settled(self) -> Option<i64> {
        self.value.or(self.implied)
    }
}

/// The figures of a report in one edition, table by table in the form's own order.
#[derive(Debug, Clone)]
pub struct Sheet<'f> {
    /// The edition.
    pub form: &'f Form,
    /// For each table its cells by number.
    pub tables: Vec<Vec<Seen>>,
    /// The text of cells that hold something else than a count or an amount: index of the table,
    /// number of the cell.
    pub odd: Vec<(usize, usize, String)>,
}

impl<'f> Sheet<'f> {
    /// A sheet of which nothing is known yet.
    #[must_use]
    pub fn missing(form: &'f Form) -> Sheet<'f> {
        let tables = form.tables.iter().map(|t| vec![Seen::MISSING; t.cell_count()]);
        Sheet { form, tables: tables.collect(), odd: Vec::new() }
    }

    /// The cells of a table, printed and implied; `None` stands for a missing one.
    pub fn seen_table(table: &FormTable, cells: &[Option<&Cell>]) -> Vec<Seen> {
        let printed = |c: &Option<&Cell>| c.map_or((State::Missing, None), |c| (c.state, c.value));
        let printed: Vec<_> = cells.iter().map(printed).collect();
        let implied = imply_cells(table.equations(), &printed);
        let seen = |(n, cell): (usize, &Option<&Cell>)| {
            let def = table.numbered_cell(n);
            let unit = cell.and_then(|c| c.unit.as_deref()).or(def.unit());
            let whole = |value: Option<Decimal>| in_units(value?, def, unit);
            Seen {
                state: printed[n].0,
                value: whole(printed[n].1),
                implied: whole(implied[n].filter(|_| printed[n].1.is_none())),
            }
        };
        cells.iter().enumerate().map(seen).collect()
    }

    /// The figures of the cells of one edition.
    pub fn of_cells<'c>(form: &'f Form, cells: impl Iterator<Item = &'c Cell>) -> Sheet<'f> {
        let mut known: Vec<Vec<Option<&Cell>>> =
            form.tables.iter().map(|t| vec![None; t.cell_count()]).collect();
        for cell in cells {
            let Some(t) = form.tables.iter().position(|t| t.key == cell.table) else { continue };
            if let Some(number) = form.tables[t].cell_number(&cell.row, &cell.column) {
                known[t][number] = Some(cell);
            }
        }
        let tables = form.tables.iter().zip(&known).map(|(t, cells)| Sheet::seen_table(t, cells));
        let mut sheet = Sheet { form, tables: tables.collect(), odd: Vec::new() };
        for (t, cells) in known.iter().enumerate() {
            for (n, cell) in cells.iter().enumerate().filter_map(|(n, c)| Some((n, (*c)?))) {
                sheet.note(t, n, cell.raw.as_deref().unwrap_or_default());
            }
        }
        sheet
    }

    /// Keeps the text of a cell if it is neither a count nor an amount, nor empty.
    pub fn note(&mut self, table: usize, number: usize, raw: &str) {
        let seen = self.tables[table][number];
        if matches!(seen.state, State::Number | State::Text) && seen.value.is_none() {
            self.odd.push((table, number, raw.to_owned()));
        }
    }

    /// The cells that hold something else than a count or an amount, with their text.
    pub fn odd(&self) -> impl Iterator<Item = (CellDef<'f>, Seen, &str)> {
        self.odd.iter().map(|(t, n, raw)| {
            (self.form.tables[*t].numbered_cell(*n), self.tables[*t][*n], raw.as_str())
        })
    }

    /// The table of a key with its cells.
    #[must_use]
    pub fn table(&self, key: &str) -> Option<(&'f FormTable, &[Seen])> {
        let t = self.form.tables.iter().position(|t| t.key == key)?;
        Some((&self.form.tables[t], &self.tables[t]))
    }

    /// The tables with their cells.
    pub fn tables(&self) -> impl Iterator<Item = (&'f FormTable, &[Seen])> {
        self.form.tables.iter().zip(self.tables.iter().map(Vec::as_slice))
    }

    /// A cell by its name `table/row/column`.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Seen> {
        let mut keys = name.split('/');
        let (table, cells) = self.table(keys.next()?)?;
        let number = table.cell_number(keys.next()?, keys.next()?)?;
        Some(cells[number])
    }
}

/// A printed number as a count of ones, or as fen; none where it cannot be either.
#[must_use]
pub fn in_units(value: Decimal, def: CellDef<'_>, unit: Option<&str>) -> Option<i64> {
    match def.kind() {
        // nothing is nothing in every unit
        ValueKind::Money if value.is_zero() => Some(0),
        ValueKind::Money => fen(value, unit),
        _ => count(value, unit),
    }
}

/// No body counts more than this; what does is a mistake that would overflow sums.
const MOST: i64 = 1_000_000_000_000;

/// A count as a whole number; `1.2万件` is 12,000.
pub fn count(value: Decimal, unit: Option<&str>) -> Option<i64> {
    let scale = if unit.is_some_and(|u| u.starts_with('万')) { 10_000 } else { 1 };
    let value = value.checked_mul(Decimal::from(scale))?;
    let whole = value.fract().is_zero().then(|| value.to_i64()).flatten();
    whole.filter(|n| (-MOST..=MOST).contains(n))
}

/// One report with what is known of it.
#[derive(Debug, Clone, Default)]
pub struct Subject<'f> {
    /// Name of the body.
    pub organ: Option<String>,
    /// What it is.
    pub kind: Option<Kind>,
    /// Reporting year.
    pub year: Option<i32>,
    /// Own report or a level's summary.
    pub scope: Option<Scope>,
    /// Date of publication, `YYYY-MM-DD`.
    pub published: Option<String>,
    /// Key of its edition, whether its form is known or not.
    pub edition: Option<String>,
    /// Figures of the report's own edition first, then those of others that it mixes in; empty
    /// where it has no table.
    pub sheets: Vec<Sheet<'f>>,
    /// The narrative.
    pub sections: Vec<Section>,
    /// What the parser had to doubt.
    pub reading: Vec<Finding>,
    /// What the narrative claims, worked out when first asked for.
    pub claims: OnceCell<narrative::Reading>,
}

impl<'f> Subject<'f> {
    /// The tables of all editions the report shows, with their form and cells.
    pub fn tables(&self) -> impl Iterator<Item = (&'f Form, &'f FormTable, &[Seen])> {
        self.sheets.iter().flat_map(|s| s.tables().map(|(table, cells)| (s.form, table, cells)))
    }

    /// Its edition: that of most of its tables.
    #[must_use]
    pub fn form(&self) -> Option<&'f Form> {
        self.sheets.first().map(|s| s.form)
    }

    /// What its narrative claims.
    pub fn claims(&self) -> &narrative::Reading {
        self.claims.get_or_init(|| {
            let organ = self.organ.as_deref();
            // of which year the text speaks is unknown where title, text and file disagree
            let disputed = self.reading.iter().any(|f| f.rule == "year-mismatch");
            let year = self.year.filter(|_| !disputed);
            let body = narrative::Body { organ, year, scope: self.scope };
            narrative::read(&self.sections, &body)
        })
    }
}

/// Last year's report of the body.
#[derive(Debug, Clone, Copy)]
pub enum Before<'a> {
    /// Nobody looked for it.
    Unknown,
    /// The reports of the body, or of the bodies it was made of; empty where they are not loaded.
    Known {
        /// Reports.
        reports: &'a [&'a Subject<'a>],
        /// Whether another body reported then, which became this one.
        reorganized: bool,
    },
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The report.
    pub now: &'a Subject<'a>,
    /// Last year's.
    pub before: Before<'a>,
    /// All editions.
    pub forms: &'a crate::form::Forms,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_whole_and_not_beyond_all_sense() {
        let read = |text: &str, unit| count(text.parse().unwrap(), unit);
        assert_eq!(read("1.2", Some("万件")), Some(12_000));
        assert_eq!(read("1.2", Some("件")), None);
        assert_eq!(read("-3", None), Some(-3));
        assert_eq!(read("1000000000001", None), None);
        assert_eq!(read("9000000000000000000", Some("万件")), None);
    }
}
