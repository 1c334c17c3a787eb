//! How an answer is drawn: the chart of `data/analyses.toml` with its columns found, and the answer
//! as a picture has it.

use super::definition::{Dictionary, Meaning};
use super::error::Error;
use super::{Outcome, Request};
use crate::query::catalog::Chart;
use crate::table::{Table, Value};

/// Stands in a chart for the column of `--by`.
const GROUP: &str = "group";
/// The row of the whole among its parts.
const WHOLE: &str = "whole";

impl Outcome {
    /// The answer and the chart to draw it with: without the whole that parts are of, and with the
    /// two that are compared under their names. None where it has several units, which share no
    /// axis.
    ///
    /// # Errors
    /// Never in a released program: when `data/analyses.toml` lacks a column.
    pub fn drawn(&self, request: &Request<'_>) -> Result<Option<(Table, Chart)>, Error> {
        let dictionary = Dictionary::get()?;
        let mut chart = request.definition.chart.clone();
        let of_measure =
            |name: &String| dictionary.heading(name).is_some_and(|h| h.unit == Meaning::Metric);
        let mut units = request.metrics.iter().map(|metric| metric.unit);
        let first = units.next();
        if chart.y.iter().any(of_measure) && units.any(|unit| Some(unit) != first) {
            return Ok(None);
        }
        // the region's name and not its code; the body and not the region that it is in
        let named = self.by.and_then(|by| by.columns().iter().find(|c| !c.ends_with("_code")));
        if chart.x == GROUP {
            chart.x = named.map_or(GROUP, |name| name).to_owned();
        }
        if chart.group.as_deref() == Some(GROUP) {
            chart.group = named.map(|name| (*name).to_owned());
        }
        let mut table = self.table.clone();
        without_whole(&mut table);
        name_sides(&mut table, &self.sides(request));
        Ok(Some((table, chart)))
    }

    /// The names of the two that are compared.
    fn sides(&self, request: &Request<'_>) -> Vec<String> {
        match (request.definition.takes.as_slice(), self.years) {
            ([a, b], _) if a == "pair" && b == "pair" => {
                request.subjects.iter().map(super::Subject::name).collect()
            }
            (_, Some(years)) => years.map(|year| year.to_string()).into(),
            _ => Vec::new(),
        }
    }
}

/// Puts the names of the two sides above their columns.
fn name_sides(table: &mut Table, names: &[String]) {
    for (side, name) in ["first", "second"].iter().zip(names) {
        for column in table.columns.iter_mut().filter(|column| column.name.starts_with(side)) {
            column.title = Some(name.clone());
        }
    }
}

/// Leaves the whole out of its parts, beside which it would make them small.
fn without_whole(table: &mut Table) {
    let Some(part) = table.columns.iter().position(|column| column.name == "part") else { return };
    let whole = |row: &Vec<Value>| matches!(&row[part], Value::Text(key) if key == WHOLE);
    while let Some(row) = table.rows.iter().position(whole) {
        table.rows.remove(row);
        for column in table.columns.iter_mut().filter(|column| row < column.labels.len()) {
            column.labels.remove(row);
        }
    }
}
