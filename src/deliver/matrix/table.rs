//! The matrix as tables: for programs with keys and lists of what is left out, for people with words
//! and totals.

use rust_i18n::t;

use super::{Column, Entry, Line, Matrix, State, Total};
use crate::analyze::LEVELS;
use crate::export::{CORRECTED, shown};
use crate::lang::Lang;
use crate::metric::{Measured, Unit};
use crate::query::catalog::shared_labels;
use crate::report::{Scope, Severity};
use crate::table::{Column as Printed, Table, Unit as Meaning, Value};

/// Stands behind a value whose denominator is below the least, and before one that is not printed
/// but settled by the form's sums.
const SMALL: &str = "*";

/// What is said of the report of a line.
pub(super) const REPORT: [&str; 9] =
    ["organ", "region_code", "region", "level", "kind", "year", "scope", "edition", "published"];
/// Lists of columns of a line, by what they have in common.
const LISTS: [&str; 6] = ["open", "not_asked", "no_report", "implied", "small", "corrected"];

/// A number of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// The value of a measure.
    Value,
    /// Its numerator.
    Numerator,
    /// Its denominator.
    Denominator,
}

impl Field {
    pub(super) fn of(self, entry: &Entry, unit: Unit) -> Value {
        let number = |n: Option<i64>| n.map_or(Value::Null, Value::Int);
        match self {
            Field::Value => entry.value(unit),
            Field::Numerator => number(entry.numerator),
            Field::Denominator => number(entry.denominator),
        }
    }

    pub(super) fn of_sum(self, sum: &Measured, unit: Unit) -> Value {
        let number = |n: Option<i64>| n.map_or(Value::Null, Value::Int);
        match self {
            Field::Value => sum.value(unit),
            Field::Numerator => number(sum.numerator),
            Field::Denominator => number(sum.denominator),
        }
    }
}

/// What people read of a report.
pub(super) fn word(report: &str, line: &Line, lang: Lang) -> Option<String> {
    let label = |column: &str, key: &str| {
        let labels = shared_labels(column)?;
        Some(labels.get(key)?.get(lang).to_owned())
    };
    let of = &line.report;
    match report {
        "level" => {
            let number = LEVELS.iter().position(|level| Some(*level) == of.level)?;
            label("level", &number.to_string())
        }
        "kind" => label("kind", of.kind.key()),
        "scope" => {
            let word = match of.scope {
                Scope::Own => t!("show.own", locale = lang.key()),
                Scope::Aggregate => t!("show.aggregate", locale = lang.key()),
            };
            Some(word.into())
        }
        _ => None,
    }
}

/// What is said of a report under a key.
pub(super) fn fact(key: &str, line: &Line) -> Value {
    let of = &line.report;
    let text = |text: &str| Value::Text(text.to_owned());
    let maybe = |value: &Option<String>| value.as_deref().map_or(Value::Null, text);
    match key {
        "organ" => text(&of.organ),
        "region_code" => {
            maybe(if of.township_code.is_some() { &of.township_code } else { &of.region_code })
        }
        "region" => maybe(&of.region),
        "level" => of.level.map_or(Value::Null, |level| text(level.key())),
        "kind" => text(of.kind.key()),
        "year" => Value::Int(of.year.into()),
        "scope" => text(of.scope.key()),
        "edition" => maybe(&of.edition),
        "published" => maybe(&of.published),
        _ => Value::Null,
    }
}

/// A heading of the program's own.
pub(super) fn heading(key: &str, lang: Lang) -> String {
    t!(format!("deliver.matrix.column.{key}"), locale = lang.key()).into()
}

impl Matrix<'_> {
    /// What is said of the reports: over the years not what each has of its own.
    pub(super) fn facts(&self) -> Vec<&'static str> {
        let of_each = |key: &&&str| !["year", "edition", "published"].contains(*key);
        REPORT.iter().filter(|key| !self.is_over_years() || of_each(key)).copied().collect()
    }

    /// The numbers that stand side by side for a column.
    pub(super) fn fields(&self, column: usize) -> &'static [Field] {
        let plain = self.columns[column].metric.unit.is_plain();
        match self.parts && !plain {
            true => &[Field::Value, Field::Numerator, Field::Denominator],
            false => &[Field::Value],
        }
    }

    /// The name of a column for programs: the measure, the cell or the year.
    fn key(&self, column: usize) -> String {
        let column = &self.columns[column];
        column.year.map_or_else(|| column.metric.key.clone(), |year| year.to_string())
    }

    /// The heading of a number.
    pub(super) fn title(&self, column: usize, field: Field, lang: Lang) -> String {
        let Column { metric, year } = self.columns[column];
        let name = year.map_or_else(|| metric.name.get(lang).to_owned(), |year| year.to_string());
        let beside = match (field, &metric.denominator) {
            // the form may name a larger unit in brackets, which the figure is not in
            (Field::Value, _) if metric.unit == Unit::MoneyFen => {
                let (own, _) = name.rsplit_once('（').unwrap_or((&name, ""));
                let yuan = heading("yuan", lang);
                return t!("export.with_unit", locale = lang.key(), label = own, unit = yuan)
                    .into();
            }
            (Field::Value, _) => return name,
            (Field::Denominator, Some(part)) => part.name.get(lang).to_owned(),
            _ => metric.numerator.name.get(lang).to_owned(),
        };
        t!("export.with_unit", locale = lang.key(), label = name, unit = beside).into()
    }

    /// How a number is meant.
    pub(super) fn unit(&self, column: usize, field: Field) -> Meaning {
        match field {
            Field::Value => self.columns[column].metric.unit.in_tables(),
            _ => Meaning::Count,
        }
    }

    /// The columns of a line that have something in common.
    fn list(&self, line: &Line, which: &str) -> Value {
        let has = |column: &usize| {
            let entry = &line.entries[*column];
            match which {
                "open" => entry.state == State::Open,
                "not_asked" => entry.state == State::NotAsked,
                "no_report" => entry.state == State::NoReport,
                "implied" => entry.implied,
                "corrected" => line.is_corrected(*column),
                _ => entry.is_small(self.columns[*column].metric),
            }
        };
        let keys: Vec<String> =
            (0..self.columns.len()).filter(has).map(|column| self.key(column)).collect();
        if keys.is_empty() { Value::Null } else { Value::Text(keys.join(" ")) }
    }

    /// The lists that a matrix of this kind can have.
    fn lists(&self) -> impl Iterator<Item = &'static str> {
        LISTS.into_iter().filter(|which| match *which {
            "no_report" => self.is_over_years(),
            "implied" => self.of_cells,
            "small" => !self.of_cells,
            _ => true,
        })
    }

    /// For programs: values as they are, no totals, and lists that tell why a value is not there.
    pub(super) fn data(&self) -> Table {
        let mut columns: Vec<Printed> = self.facts().into_iter().map(Printed::new).collect();
        for column in 0..self.columns.len() {
            for field in self.fields(column) {
                let name = match field {
                    Field::Value => self.key(column),
                    Field::Numerator => format!("{}.numerator", self.key(column)),
                    Field::Denominator => format!("{}.denominator", self.key(column)),
                };
                columns.push(Printed { unit: self.unit(column, *field), ..Printed::new(name) });
            }
        }
        let counts = ["errors", "warnings"];
        columns.extend(counts.map(|name| Printed { unit: Meaning::Count, ..Printed::new(name) }));
        columns.extend(self.lists().map(Printed::new));
        let rows = self.lines.iter().map(|line| {
            let mut row: Vec<Value> = self.facts().iter().map(|key| fact(key, line)).collect();
            row.extend(self.numbers(line).map(|(_, _, value)| value));
            row.extend(severities().map(|severity| Value::Int(line.count(severity))));
            row.extend(self.lists().map(|which| self.list(line, which)));
            row
        });
        Table { rows: rows.collect(), columns, total_rows: None }
    }

    /// The numbers of a line.
    pub(super) fn numbers(&self, line: &Line) -> impl Iterator<Item = (usize, Field, Value)> {
        line.entries.iter().enumerate().flat_map(move |(column, entry)| {
            let unit = self.columns[column].metric.unit;
            self.fields(column).iter().map(move |field| (column, *field, field.of(entry, unit)))
        })
    }

    /// What people read where the number alone would mislead.
    pub(super) fn mark(&self, line: usize, column: usize, lang: Lang) -> Option<String> {
        let entry = &self.lines[line].entries[column];
        let word = match entry.state {
            State::Known => return None,
            State::Open => match self.said.get(&(line, column)) {
                Some(said) => return Some(said.clone()),
                None => "open",
            },
            State::NotAsked => "not_asked",
            State::NoReport => "no_report",
        };
        Some(t!(format!("deliver.matrix.mark.{word}"), locale = lang.key()).into())
    }

    /// For people: words for keys, marks where a number is wanting, totals at the foot.
    pub(super) fn for_people(&self, lang: Lang) -> Table {
        let named = |key: &&str| Printed { title: Some(heading(key, lang)), ..Printed::new(*key) };
        let facts = self.facts();
        let mut columns: Vec<Printed> = facts.iter().map(named).collect();
        for (number, key) in facts.iter().enumerate() {
            columns[number].labels = self.lines.iter().map(|line| word(key, line, lang)).collect();
            if ["year", "region_code"].contains(key) {
                columns[number].unit = Meaning::Label;
            }
        }
        for column in 0..self.columns.len() {
            for field in self.fields(column) {
                let (unit, title) = (self.unit(column, *field), self.title(column, *field, lang));
                let labels =
                    (0..self.lines.len()).map(|line| self.label(line, column, *field, lang));
                let labels = labels.collect();
                columns.push(Printed {
                    unit,
                    title: Some(title),
                    labels,
                    ..Printed::new(self.key(column))
                });
            }
        }
        for key in ["errors", "warnings"] {
            columns.push(Printed { unit: Meaning::Count, ..named(&key) });
        }
        let rows = self.lines.iter().map(|line| {
            let mut row: Vec<Value> = facts.iter().map(|key| fact(key, line)).collect();
            row.extend(self.numbers(line).map(|(_, _, value)| value));
            row.extend(severities().map(|severity| Value::Int(line.count(severity))));
            row
        });
        let mut table = Table { rows: rows.collect(), columns, total_rows: None };
        self.totals.iter().for_each(|total| self.add_total(&mut table, total, lang));
        table
    }

    fn label(&self, line: usize, column: usize, field: Field, lang: Lang) -> Option<String> {
        let is_corrected = self.lines[line].is_corrected(column);
        let sign = is_corrected.then_some(CORRECTED);
        let signed = |said: String| sign.into_iter().chain(said.chars()).collect();
        if let Some(mark) = self.mark(line, column, lang) {
            return Some(signed(mark));
        }
        let (entry, metric) = (&self.lines[line].entries[column], self.columns[column].metric);
        let said = || shown(&field.of(entry, metric.unit), self.unit(column, field));
        let said = match field {
            Field::Value if entry.implied => format!("({})", said()),
            Field::Value if entry.is_small(metric) => said() + SMALL,
            Field::Value if is_corrected => said(),
            _ => return None,
        };
        Some(signed(said))
    }

    fn add_total(&self, table: &mut Table, total: &Total, lang: Lang) {
        let facts = self.facts().len();
        let mut row = vec![Value::Null; facts];
        row[0] = Value::Text(self.total_name(total, lang));
        for (column, sum) in total.sums.iter().enumerate() {
            let unit = self.columns[column].metric.unit;
            row.extend(self.fields(column).iter().map(|field| field.of_sum(sum, unit)));
        }
        let lines = &self.lines[total.lines.clone()];
        row.extend(severities().map(|s| Value::Int(lines.iter().map(|line| line.count(s)).sum())));
        table.rows.push(row);
        for column in table.columns.iter_mut().take(facts).skip(1) {
            column.labels.resize(table.rows.len() - 1, None);
            column.labels.push(Some(String::new()));
        }
    }

    /// What a total is called.
    pub(super) fn total_name(&self, total: &Total, lang: Lang) -> String {
        let (locale, count) = (lang.key(), total.lines.len());
        match total.year {
            Some(year) => {
                t!("deliver.matrix.total_of_year", locale = locale, year = year, count = count)
                    .into()
            }
            None => t!("deliver.matrix.total", locale = locale, count = count).into(),
        }
    }
}

/// Those that are counted, the worst first.
pub(super) fn severities() -> impl Iterator<Item = Severity> {
    [Severity::Error, Severity::Warning].into_iter()
}
