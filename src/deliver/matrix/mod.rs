//! The matrix: bodies against measures, against every cell of the form, or one measure against
//! years.
//!
//! What stands in it is worked out by [`crate::metric`] alone; a cell of the form is a measure of
//! its own. A blank never is 0: an [`Entry`] without a number says why.

mod found;
mod table;
#[cfg(test)]
mod tests;
mod words;
mod xlsx;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use std::ops::Range;

use rusqlite::Connection;

use super::Chosen;
use crate::export::{Format, Options};
use crate::form::Forms;
use crate::lang::Lang;
use crate::metric::{self, Figure, Measured, Metric, Reason, Selection, Unit};
use crate::report::Severity;
use crate::store::{StoreError, Unfilled, unfilled};
use crate::table::Value;

/// Why a number stands in an entry, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// The body has no report of the year.
    #[default]
    NoReport,
    /// It is settled; a rate of no cases has no value all the same.
    Known,
    /// The report leaves it open.
    Open,
    /// The report's edition, or a summary, does not ask for it.
    NotAsked,
}

/// What a report says in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Entry {
    /// The numerator, or the number itself.
    pub numerator: Option<i64>,
    /// The denominator; none where the measure has none.
    pub denominator: Option<i64>,
    /// Why they are there or not.
    pub state: State,
    /// Whether nothing is printed and the form's sums settle it.
    pub implied: bool,
}

impl Entry {
    fn of(figure: &Figure) -> Entry {
        let state = match figure.reason {
            Reason::Used => State::Known,
            Reason::Incomplete | Reason::NoTable | Reason::UnknownForm => State::Open,
            Reason::NotAsked | Reason::Summary | Reason::Covered => State::NotAsked,
        };
        let (numerator, denominator) = (figure.numerator, figure.denominator);
        Entry { numerator, denominator, state, implied: false }
    }

    /// Its value.
    #[must_use]
    pub fn value(&self, unit: Unit) -> Value {
        metric::value(unit, self.numerator, self.denominator)
    }

    /// Whether its denominator is below what the measure names.
    #[must_use]
    pub fn is_small(&self, metric: &Metric) -> bool {
        metric.least.zip(self.denominator).is_some_and(|(least, n)| n < least)
    }
}

/// A column: a measure, of the year of the line or of its own.
#[derive(Debug, Clone, Copy)]
pub struct Column<'m> {
    /// What stands in it.
    pub metric: &'m Metric,
    /// Its year, where a line has a column for each.
    pub year: Option<i32>,
}

/// What a remark is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// A correction by hand.
    Corrected,
    /// Something found, and how bad it is.
    Found(Severity),
}

/// What was found in a report and nobody dismissed, or corrected in it by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What it is of.
    pub kind: RemarkKind,
    /// What it says.
    pub sentence: String,
    /// The columns that it is about; none where it is about the report as a whole or about what
    /// is not in the matrix.
    pub columns: Vec<usize>,
}

/// A line: a report, or a body over the years.
#[derive(Debug, Clone)]
pub struct Line {
    /// The report; the last one of a body over the years.
    pub report: Chosen,
    /// What it says, column by column.
    pub entries: Vec<Entry>,
    /// What was found.
    pub remarks: Vec<Remark>,
}

impl Line {
    /// How many remarks are that bad.
    #[must_use]
    pub fn count(&self, severity: Severity) -> i64 {
        self.remarks.iter().filter(|r| r.kind == RemarkKind::Found(severity)).count() as i64
    }

    /// Whether the figure of a column is as it was corrected by hand.
    #[must_use]
    pub fn is_corrected(&self, column: usize) -> bool {
        self.remarks.iter().any(|r| r.kind == RemarkKind::Corrected && r.columns.contains(&column))
    }
}

/// Sums over lines that follow each other.
#[derive(Debug, Clone)]
pub struct Total {
    /// Their year, where the matrix has several and not as columns.
    pub year: Option<i32>,
    /// The lines.
    pub lines: Range<usize>,
    /// The sums, column by column.
    pub sums: Vec<Measured>,
}

/// What a matrix is about.
#[derive(Debug)]
pub struct Matrix<'m> {
    /// Its columns.
    pub columns: Vec<Column<'m>>,
    /// Its lines, by year and down the tree of regions.
    pub lines: Vec<Line>,
    /// What the lines add up to.
    pub totals: Vec<Total>,
    /// Whether numerators and denominators stand beside the values.
    pub parts: bool,
    /// Texts of entries that are no number, by line and column: a mark that it does not apply.
    pub said: HashMap<(usize, usize), String>,
    /// Whether its columns are all cells of a form.
    pub of_cells: bool,
    /// Reports that were not checked since they changed.
    pub unchecked: usize,
}

/// What makes a matrix.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The database.
    pub conn: &'a Connection,
    /// The forms of this run.
    pub forms: &'a Forms,
    /// Language of what it says.
    pub lang: Lang,
}

impl<'m> Matrix<'m> {
    /// Reports against measures. The reports of a year follow each other.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn of_measures(
        source: Source<'_>,
        reports: &[Chosen],
        metrics: &'m [Metric],
    ) -> Result<Matrix<'m>, StoreError> {
        let columns = metrics.iter().map(|metric| Column { metric, year: None }).collect();
        let line = |report: &Chosen| (report.clone(), vec![report.id]);
        let mut matrix = Matrix::empty(columns, reports.iter().map(line));
        let ids = reports.iter().map(|r| r.id);
        let lines: HashMap<i64, usize> = ids.enumerate().map(|(line, id)| (id, line)).collect();
        let years: BTreeSet<i32> = reports.iter().map(|r| r.year).collect();
        for year in &years {
            let of_year = |report: &&Chosen| report.year == *year;
            let first = reports.iter().position(|r| r.year == *year).unwrap_or_default();
            let count = reports.iter().filter(of_year).count();
            let sums = vec![Measured::default(); metrics.len()];
            let year = (years.len() > 1).then_some(*year);
            matrix.totals.push(Total { year, lines: first..first + count, sums });
        }
        let chosen = Selection::These(reports.iter().map(|r| r.id).collect());
        for (column, metric) in metrics.iter().enumerate() {
            for figure in metric::figures(source.conn, metric, source.forms, &chosen)? {
                if let Some(line) = lines.get(&figure.report) {
                    matrix.lines[*line].entries[column] = Entry::of(&figure);
                }
            }
            for (year, sum) in metric::evaluate(source.conn, metric, source.forms, &chosen)? {
                let at = years.iter().position(|known| *known == year).unwrap_or_default();
                matrix.totals[at].sums[column] = sum;
            }
        }
        matrix.look(source, reports)?;
        Ok(matrix)
    }

    /// Reports against cells of a form, each as [`Metric::of_cell`] gives it.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn of_cells(
        source: Source<'_>,
        reports: &[Chosen],
        cells: &'m [Metric],
    ) -> Result<Matrix<'m>, StoreError> {
        let mut matrix = Matrix::of_measures(source, reports, cells)?;
        matrix.of_cells = true;
        let ids: Vec<i64> = reports.iter().map(|r| r.id).collect();
        let lines: HashMap<i64, usize> = ids.iter().enumerate().map(|(n, id)| (*id, n)).collect();
        let columns: HashMap<&str, usize> =
            cells.iter().enumerate().map(|(n, cell)| (cell.key.as_str(), n)).collect();
        for Unfilled { report, cell, raw, implied, .. } in unfilled(source.conn, &ids)? {
            let line = lines.get(&report).copied();
            let Some(at) = line.zip(columns.get(cell.as_str()).copied()) else { continue };
            let entry = &mut matrix.lines[at.0].entries[at.1];
            entry.implied = implied && entry.state == State::Known;
            if let Some(raw) = raw.filter(|raw| entry.state == State::Open && !raw.is_empty()) {
                matrix.said.insert(at, raw);
            }
        }
        Ok(matrix)
    }

    /// Bodies against years, of one measure.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn of_years(
        source: Source<'_>,
        reports: &[Chosen],
        metric: &'m Metric,
    ) -> Result<Matrix<'m>, StoreError> {
        let years: BTreeSet<i32> = reports.iter().map(|r| r.year).collect();
        let column = |year: &i32| Column { metric, year: Some(*year) };
        let columns: Vec<Column<'_>> = years.iter().map(column).collect();
        let at = |year: i32| years.iter().position(|known| *known == year).unwrap_or_default();
        // bodies that became one reported side by side before: each has a line of its own then
        let mut seen = BTreeSet::new();
        let several: BTreeSet<i64> = reports
            .iter()
            .filter(|r| !seen.insert((r.series, r.scope, r.year)))
            .map(|r| r.series)
            .collect();
        let mut bodies: BTreeMap<_, (Chosen, Vec<i64>)> = BTreeMap::new();
        for report in reports {
            let own = several.contains(&report.series).then_some(report.organ_id);
            let body = bodies.entry((report.series, report.scope, own));
            let (last, ids) = body.or_insert_with(|| (report.clone(), Vec::new()));
            last.clone_from(report);
            ids.push(report.id);
        }
        let mut bodies: Vec<(Chosen, Vec<i64>)> = bodies.into_values().collect();
        bodies.sort_by(|(a, _), (b, _)| a.place_in_list().cmp(&b.place_in_list()));
        let ids = bodies.iter().enumerate();
        let lines: HashMap<i64, usize> =
            ids.flat_map(|(line, (_, ids))| ids.iter().map(move |id| (*id, line))).collect();
        let year_of: HashMap<i64, i32> = reports.iter().map(|r| (r.id, r.year)).collect();
        let mut matrix = Matrix::empty(columns, bodies.into_iter());
        let chosen = Selection::These(reports.iter().map(|r| r.id).collect());
        for figure in metric::figures(source.conn, metric, source.forms, &chosen)? {
            if let Some((line, year)) = lines.get(&figure.report).zip(year_of.get(&figure.report)) {
                matrix.lines[*line].entries[at(*year)] = Entry::of(&figure);
            }
        }
        let mut sums = vec![Measured::default(); years.len()];
        for (year, sum) in metric::evaluate(source.conn, metric, source.forms, &chosen)? {
            sums[at(year)] = sum;
        }
        matrix.totals.push(Total { year: None, lines: 0..matrix.lines.len(), sums });
        matrix.look_over_years(source, &lines, reports)?;
        Ok(matrix)
    }

    /// With columns and lines and nothing in them.
    fn empty(
        columns: Vec<Column<'m>>,
        lines: impl Iterator<Item = (Chosen, Vec<i64>)>,
    ) -> Matrix<'m> {
        let entries = vec![Entry::default(); columns.len()];
        let line = |(report, _)| Line { report, entries: entries.clone(), remarks: Vec::new() };
        Matrix {
            lines: lines.map(line).collect(),
            columns,
            totals: Vec::new(),
            parts: false,
            said: HashMap::new(),
            of_cells: false,
            unchecked: 0,
        }
    }

    /// Whether its columns are years.
    #[must_use]
    pub fn is_over_years(&self) -> bool {
        self.columns.iter().any(|column| column.year.is_some())
    }

    /// The measures of its columns, each once.
    pub fn metrics(&self) -> impl Iterator<Item = &'m Metric> {
        let shown = if self.is_over_years() { 1 } else { self.columns.len() };
        self.columns.iter().take(shown).map(|column| column.metric)
    }

    /// Writes it: for programs the lines alone, for people with totals and what must be known.
    ///
    /// # Errors
    /// Whatever the writer fails with.
    pub fn write(
        &self,
        about: &About,
        format: Format,
        out: &mut dyn Write,
        options: &Options,
    ) -> io::Result<()> {
        match format {
            Format::Xlsx => xlsx::write(self, about, out, options.lang),
            Format::Html => {
                format.write_document(&self.document(about, options.lang), out, options)
            }
            Format::Markdown => {
                let document = self.document(about, options.lang);
                super::markdown(&document, out, options)
            }
            format => format.write(&self.data(), out, options),
        }
    }
}

/// What was asked for, in words.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// What the matrix is.
    pub title: String,
    /// Filters, database and program by name.
    pub facts: Vec<(String, String)>,
    /// Sentences beside those that every matrix has.
    pub notes: Vec<String>,
}
