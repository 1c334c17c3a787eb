//! A frame as an answer: columns with titles, units and labels, and the notes beside it.

use polars::prelude::DataFrame;
use rust_i18n::t;

use super::definition::{Dictionary, Heading, Meaning};
use super::error::Error;
use super::request::{By, Request};
use crate::export::shown;
use crate::metric::{Metric, Unit};
use crate::query::polars::rows;
use crate::region::{Code, Level, Regions};
use crate::table::{self, Column, Table, Value};

/// An answer with what must be said beside it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The answer.
    pub table: Table,
    /// One sentence each: what was counted, and what was left out.
    pub notes: Vec<String>,
    /// The first and the last year, where the answer is about certain ones.
    pub years: Option<[i32; 2]>,
    /// Its groups.
    pub(super) by: Option<By>,
}

impl Outcome {
    /// The answer to a request over these measures, with its notes.
    ///
    /// # Errors
    /// When a column is missing.
    pub fn of(
        request: &Request<'_>,
        frame: &DataFrame,
        metrics: &[&Metric],
        notes: Vec<String>,
    ) -> Result<Outcome, Error> {
        let years = request.from.zip(request.to).map(|(from, to)| [from, to]);
        let table = table(request, frame, metrics)?;
        Ok(Outcome { table, notes, years, by: request.by })
    }
}

/// The columns of an answer, those of the groups in their place.
fn columns<'r>(request: &'r Request<'_>) -> Vec<&'r str> {
    let groups = request.by.map_or(&[][..], |by| by.columns());
    let mut names = Vec::new();
    for column in &request.definition.columns {
        match column.as_str() {
            "group" => names.extend(groups),
            name => names.push(name),
        }
    }
    names
}

/// A frame as the answer to a request over these measures. Where there are several, the frame's
/// column `metric` has the number of the one that a row is about.
///
/// # Errors
/// When a column is missing.
fn table(request: &Request<'_>, frame: &DataFrame, metrics: &[&Metric]) -> Result<Table, Error> {
    let dictionary = Dictionary::get()?;
    let raw = rows(frame)?;
    let at = |name: &str| raw.columns.iter().position(|column| column.name == name);
    let number = at("metric");
    let of_row = |row: &Vec<Value>| match number.map(|at| &row[at]) {
        Some(Value::Int(n)) => usize::try_from(*n).ok().and_then(|n| metrics.get(n)).copied(),
        _ => metrics.first().copied(),
    };
    let mut out = Table::default();
    out.rows.resize(raw.rows.len(), Vec::new());
    for name in columns(request) {
        let broken = || Error::Broken(format!("{}: {name}", request.definition.name));
        let heading = dictionary.heading(name).ok_or_else(broken)?;
        let mut made = Made::new(request, name, heading, metrics);
        let source = if name == "unit" { number } else { at(name) }.ok_or_else(broken)?;
        for (row, target) in raw.rows.iter().zip(&mut out.rows) {
            target.push(made.add(dictionary, of_row(row), &row[source]));
        }
        out.columns.push(made.finish());
    }
    own_level(request, &mut out);
    Ok(out)
}

/// Where the regions below the one asked for are told apart, it is no whole itself: what stands
/// under its code is of its own level.
fn own_level(request: &Request<'_>, table: &mut Table) {
    // a city without counties is one place with its towns
    let is_divided = |asked: &Code| {
        asked.level() != Level::City
            || Regions::builtin().iter().any(|region| region.parent == Some(*asked))
    };
    let asked = request.region.filter(|_| request.by == Some(By::Region)).filter(is_divided);
    let Some(asked) = asked else { return };
    let at = |name: &str| table.columns.iter().position(|column| column.name == name);
    let Some((code, name)) = at("region_code").zip(at("region")) else { return };
    let (asked, locale) = (asked.to_string(), request.lang.key());
    let label = |row: &Vec<Value>| match (&row[code], &row[name]) {
        (Value::Text(code), Value::Text(name)) if *code == asked => {
            Some(t!("labels.own_level", locale = locale, region = name).into())
        }
        _ => None,
    };
    table.columns[name].labels = table.rows.iter().map(label).collect();
}

/// A column in the making.
struct Made<'m> {
    column: Column,
    meaning: Meaning,
    /// The unit that all rows have.
    unit: Option<Unit>,
    request: &'m Request<'m>,
}

impl<'m> Made<'m> {
    fn new(
        request: &'m Request<'_>,
        name: &str,
        heading: &Heading,
        metrics: &[&Metric],
    ) -> Made<'m> {
        let mut units = metrics.iter().map(|metric| metric.unit);
        let first = units.next();
        let unit = first.filter(|unit| units.all(|other| other == *unit));
        let mut column = Column::new(name);
        column.unit = match (heading.unit, unit) {
            (Meaning::Plain, _) => table::Unit::Plain,
            (Meaning::Label, _) => table::Unit::Label,
            (Meaning::Rate, _) => table::Unit::Rate,
            (Meaning::Count | Meaning::Number, _) => table::Unit::Count,
            (Meaning::Points, _) => table::Unit::Points,
            (Meaning::Metric, Some(unit)) => unit.in_tables(),
            (Meaning::Difference, Some(unit)) => unit.of_differences(),
            (Meaning::Part, Some(Unit::MoneyFen)) => table::Unit::Fen,
            (Meaning::Metric | Meaning::Difference | Meaning::Part, _) => table::Unit::Count,
        };
        let (title, locale) = (heading.title().get(request.lang).to_owned(), request.lang.key());
        column.title = Some(match column.unit {
            table::Unit::Points => t!("export.in_points", locale = locale, title = title).into(),
            _ => title,
        });
        Made { column, meaning: heading.unit, unit, request }
    }

    /// The value of a row; what people read in its place is kept with the column.
    fn add(&mut self, dictionary: &Dictionary, metric: Option<&Metric>, raw: &Value) -> Value {
        let lang = self.request.lang;
        let (value, label) = match (self.column.name.as_str(), metric) {
            ("part", _) if *raw == Value::Null => {
                let whole = dictionary.label("part", "whole").get(lang).to_owned();
                (Value::Text("whole".to_owned()), Some(whole))
            }
            ("metric" | "part", Some(metric)) => {
                (Value::Text(metric.key.clone()), Some(metric.name.get(lang).to_owned()))
            }
            ("unit", Some(metric)) => {
                let key = metric.unit.key();
                (Value::Text(key.to_owned()), Some(dictionary.label("unit", key).get(lang).into()))
            }
            ("peers", _) => {
                let key = if let Value::Text(key) = raw { key.as_str() } else { "" };
                (raw.clone(), Some(dictionary.group(key).get(lang).to_owned()))
            }
            (name, metric) => {
                let value = self.typed(metric, raw);
                let label = match &value {
                    Value::Text(key) => dictionary.labels(name).map(|_| key.clone()),
                    Value::Int(key) => dictionary.labels(name).map(|_| key.to_string()),
                    _ => None,
                };
                let word = label.map(|key| dictionary.label(name, &key).get(lang).to_owned());
                let word = word.or_else(|| self.rounded(metric, &value));
                (value, word)
            }
        };
        self.column.labels.push(label);
        value
    }

    /// A whole number is one, though it stands among fractions.
    fn typed(&self, metric: Option<&Metric>, raw: &Value) -> Value {
        let is_plain =
            matches!(self.meaning, Meaning::Metric | Meaning::Difference | Meaning::Part)
                && metric.is_some_and(|metric| metric.unit.is_plain());
        match raw {
            Value::Real(x) if is_plain && x.fract() == 0.0 && x.abs() < 9e15 => {
                Value::Int(*x as i64)
            }
            other => other.clone(),
        }
    }

    /// What people read in place of a number: in the unit of its row, and not all its digits.
    fn rounded(&self, metric: Option<&Metric>, value: &Value) -> Option<String> {
        let unit = match (self.meaning, metric) {
            (Meaning::Metric, Some(metric)) => metric.unit.in_tables(),
            (Meaning::Difference, Some(metric)) => metric.unit.of_differences(),
            (Meaning::Part, Some(metric)) if metric.unit == Unit::MoneyFen => table::Unit::Fen,
            _ => self.column.unit,
        };
        match (value, unit) {
            (Value::Real(x), table::Unit::Count) if self.meaning == Meaning::Number => {
                Some(format!("{x:.4}"))
            }
            (Value::Real(x), table::Unit::Count) => Some(format!("{x:.2}")),
            (Value::Null, _) => None,
            (_, table::Unit::Points) if unit != self.column.unit => {
                let (value, locale) = (shown(value, unit), self.request.lang.key());
                Some(t!("export.points", locale = locale, value = value).into())
            }
            _ if self.unit.is_none() && unit != self.column.unit => Some(shown(value, unit)),
            _ => None,
        }
    }

    fn finish(mut self) -> Column {
        if self.column.labels.iter().all(Option::is_none) {
            self.column.labels.clear();
        }
        self.column
    }
}
