//! What stands in the form, whatever format it is written in.

use rust_decimal::Decimal;
use rust_i18n::t;

use super::paper::{self, Sheet};
use super::sum::{Sum, Sums};
use crate::form::{CellDef, Form, ValueKind};
use crate::report::{Cell, Report, Scope, State};
use crate::table::{Column, Table, Unit as Meaning, Value};
use crate::validate::{Sheet as Figures, label};

/// What stands in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its text.
    pub text: String,
    /// Its number, in the unit of the form; none where it is text or nothing.
    pub number: Option<Decimal>,
    /// What must be said of it.
    pub remark: Option<Remark>,
}

/// What must be said of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Corrected by hand; the original.
    Corrected(String),
    /// The document has no such cell.
    Missing,
    /// So many reports leave it open, and are not in the sum.
    Open(usize),
    /// Editions that do not ask for it, so that there is no sum.
    NotAsked(String),
}

/// How the numbers of a spreadsheet follow from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formula {
    /// They do not: they are what was printed.
    #[default]
    None,
    /// Each is the sum of the units' figures.
    Units,
    /// Totals are the sums that the form demands.
    Form,
}

/// A table that goes with the form.
#[derive(Debug, Clone)]
pub struct Annex {
    /// What it is.
    pub title: String,
    /// Its rows.
    pub table: Table,
}

/// The figures of each unit, for spreadsheets that sum them.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// Columns before the figures.
    pub columns: Vec<Column>,
    /// For each unit what stands in those, and its figures by table and number of the cell.
    pub rows: Vec<(Vec<Value>, Vec<Vec<Entry>>)>,
}

/// A form with what is said of it.
#[derive(Debug, Clone)]
pub struct FormFile<'f> {
    /// What it is: body, year and that it is an annual report.
    pub title: String,
    /// Lines under the title.
    pub facts: Vec<String>,
    /// Its tables in order.
    pub sheets: Vec<Sheet<'f>>,
    /// What stands in their cells, by table and number.
    pub entries: Vec<Vec<Entry>>,
    /// How they follow from each other.
    pub formula: Formula,
    /// Figures of each unit.
    pub units: Option<Units>,
    /// Tables behind it.
    pub annexes: Vec<Annex>,
    /// What the reader must know.
    pub notes: Vec<String>,
}

impl<'f> FormFile<'f> {
    /// One report as it stands; its tables of `form`'s edition.
    #[must_use]
    pub fn of_report(report: &Report, form: &'f Form) -> FormFile<'f> {
        let of_edition = |c: &&Cell| c.edition.as_ref().is_none_or(|e| *e == form.edition);
        let mut entries: Vec<Vec<Entry>> =
            form.tables.iter().map(|t| vec![Entry::missing(); t.cell_count()]).collect();
        for cell in report.cells.iter().filter(of_edition) {
            let Some(t) = form.tables.iter().position(|t| t.key == cell.table) else { continue };
            let table = &form.tables[t];
            if let Some(number) = table.cell_number(&cell.row, &cell.column) {
                entries[t][number] = Entry::of_cell(cell, table.numbered_cell(number));
            }
        }
        FormFile {
            title: String::new(),
            facts: Vec::new(),
            sheets: paper::sheets(form),
            entries,
            formula: Formula::None,
            units: None,
            annexes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Many reports added up.
    #[must_use]
    pub fn of_sums(sums: &Sums<'f>) -> FormFile<'f> {
        let of_table = |(t, cells): (usize, &Vec<Sum>)| -> Vec<Entry> {
            let def = |n| sums.form.tables[t].numbered_cell(n);
            cells.iter().enumerate().map(|(n, sum)| Entry::of_sum(sum, def(n))).collect()
        };
        FormFile {
            title: String::new(),
            facts: Vec::new(),
            sheets: paper::sheets(sums.form),
            entries: sums.tables.iter().enumerate().map(of_table).collect(),
            formula: Formula::Units,
            units: Some(Units::of(sums)),
            annexes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// A form to be filled in, in which totals are sums.
    #[must_use]
    pub fn blank(form: &'f Form) -> FormFile<'f> {
        let nothing = |t: &crate::form::FormTable| vec![Entry::default(); t.cell_count()];
        FormFile {
            title: String::new(),
            facts: Vec::new(),
            sheets: paper::sheets(form),
            entries: form.tables.iter().map(nothing).collect(),
            formula: Formula::Form,
            units: None,
            annexes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Fills in what last year's figures, of the same edition, say of this year's: a cell that is
    /// tied to one of last year's and to nothing else.
    pub fn carry_over(&mut self, last: &Figures<'_>) {
        for (t, sheet) in self.sheets.iter().enumerate() {
            for tie in sheet.table.ties() {
                let alone = tie.plus.is_empty()
                    && tie.minus.is_empty()
                    && !sheet.table.continuities[tie.continuity].at_least;
                let (&[now], Some(&[before])) = (tie.now.as_slice(), tie.before.as_deref()) else {
                    continue;
                };
                if let Some(value) = last.tables[t][before].settled().filter(|_| alone) {
                    self.entries[t][now] =
                        Entry::number(printed(value, sheet.table.numbered_cell(now)));
                }
            }
        }
    }

    /// The tables behind it where no sheet of the units is: that of the units first.
    pub fn all_annexes(&self) -> impl Iterator<Item = Annex> {
        let title = t!("deliver.form.included").into_owned();
        let units = self.units.as_ref().map(|units| Annex { title, table: units.table() });
        units.into_iter().chain(self.annexes.iter().cloned())
    }

    /// The marks that stand in the cells, in words; none where there are none.
    #[must_use]
    pub fn legend(&self) -> Vec<String> {
        let all = || self.entries.iter().flatten().filter_map(|e| e.remark.as_ref());
        let mut lines = Vec::new();
        if all().any(|r| matches!(r, Remark::Missing)) {
            lines.push(t!("deliver.form.missing").into_owned());
        }
        if all().any(|r| matches!(r, Remark::Open(_))) {
            lines.push(t!("deliver.form.open").into_owned());
        }
        if all().any(|r| matches!(r, Remark::NotAsked(_))) {
            lines.push(t!("deliver.form.not_asked").into_owned());
        }
        let corrected = self.sheets.iter().zip(&self.entries).flat_map(|(sheet, entries)| {
            entries.iter().enumerate().filter_map(|(n, entry)| match &entry.remark {
                Some(Remark::Corrected(original)) => {
                    let cell = label(sheet.table.numbered_cell(n)).zh;
                    let text = &entry.text;
                    Some(
                        t!("deliver.form.corrected", cell = cell, text = text, original = original)
                            .into_owned(),
                    )
                }
                _ => None,
            })
        });
        lines.extend(corrected);
        lines
    }
}

impl Entry {
    /// Of a cell that the document does not have.
    fn missing() -> Entry {
        Entry { remark: Some(Remark::Missing), ..Entry::default() }
    }

    /// A number in the unit of the form.
    fn number(number: Decimal) -> Entry {
        let number = number.normalize();
        Entry { text: number.to_string(), number: Some(number), remark: None }
    }

    /// A cell as it is printed; as a number where it is one in the unit of the form.
    fn of_cell(cell: &Cell, def: CellDef<'_>) -> Entry {
        if cell.state == State::Missing {
            return Entry::missing();
        }
        let raw = cell.raw.as_deref().unwrap_or_default().trim();
        let own_unit = cell.unit.is_none() || cell.unit.as_deref() == def.unit();
        let plain = cell.value.filter(|value| own_unit && raw.parse() == Ok(*value));
        Entry {
            text: raw.to_owned(),
            number: plain,
            remark: cell
                .correction
                .as_ref()
                .map(|c| Remark::Corrected(c.raw.clone().unwrap_or_default())),
        }
    }

    fn of_sum(sum: &Sum, def: CellDef<'_>) -> Entry {
        match sum {
            Sum::NotAsked(editions) => {
                let editions: Vec<&str> = editions.iter().map(String::as_str).collect();
                let text = t!("deliver.form.no_sum").into_owned();
                Entry { text, number: None, remark: Some(Remark::NotAsked(editions.join("、"))) }
            }
            Sum::Added { value, open } => {
                let entry = value.map_or_else(Entry::default, |v| Entry::number(printed(v, def)));
                Entry { remark: (*open > 0).then_some(Remark::Open(*open)), ..entry }
            }
        }
    }
}

/// A figure in the unit that the form prints; money without a unit of the form in yuan.
#[must_use]
pub fn printed(value: i64, def: CellDef<'_>) -> Decimal {
    match def.kind() {
        ValueKind::Money if def.unit().is_some_and(|u| u.starts_with('万')) => {
            Decimal::new(value, 6)
        }
        ValueKind::Money => Decimal::new(value, 2),
        ValueKind::Count | ValueKind::Signed => Decimal::from(value),
    }
}

/// Whose figures a report has, in words.
fn scope(scope: Scope) -> String {
    match scope {
        Scope::Own => t!("deliver.form.scope.own"),
        Scope::Aggregate => t!("deliver.form.scope.aggregate"),
    }
    .into_owned()
}

impl Units {
    fn of(sums: &Sums<'_>) -> Units {
        let heading = |key: &str| t!(format!("deliver.form.unit.{key}")).into_owned();
        let column =
            |key: &str, unit| Column { title: Some(heading(key)), unit, ..Column::new(key) };
        let columns = vec![
            column("number", Meaning::Label),
            column("organ", Meaning::Plain),
            column("region", Meaning::Plain),
            column("region_code", Meaning::Label),
            column("scope", Meaning::Plain),
            column("edition", Meaning::Label),
            column("published", Meaning::Label),
        ];
        let text = |text: Option<&String>| text.map_or(Value::Null, |t| Value::Text(t.clone()));
        let rows = sums.units.iter().enumerate().map(|(number, unit)| {
            let report = &unit.report;
            let place = report.township_code.as_ref().or(report.region_code.as_ref());
            let values = vec![
                Value::Int(number as i64 + 1),
                Value::Text(report.organ.clone()),
                text(report.region.as_ref()),
                text(place),
                Value::Text(scope(report.scope)),
                text(report.edition.as_ref()),
                text(report.published.as_ref()),
            ];
            let cells = sums.form.tables.iter().enumerate().map(|(t, table)| {
                let entry = |n| match (unit.sheet.is_some(), sums.seen(unit, (t, n))) {
                    (false, _) => Entry::default(),
                    (true, None) => {
                        Entry { text: t!("deliver.form.no_sum").into_owned(), ..Entry::default() }
                    }
                    (true, Some(seen)) => match seen.settled() {
                        Some(value) => Entry::number(printed(value, table.numbered_cell(n))),
                        None => Entry::default(),
                    },
                };
                (0..table.cell_count()).map(entry).collect()
            });
            (values, cells.collect())
        });
        Units { rows: rows.collect(), columns }
    }

    /// The units as a table, without their figures.
    #[must_use]
    pub fn table(&self) -> Table {
        let rows = self.rows.iter().map(|(values, _)| values.clone()).collect();
        Table { columns: self.columns.clone(), rows, total_rows: None }
    }
}
