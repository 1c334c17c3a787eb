//! How an answer is drawn about which nothing is said.

use super::Error;
use crate::query::catalog::{Chart, ChartKind};
use crate::table::{Column, Table, Unit, Value};

/// The picture of an answer whose query names none: its first column of numbers over the years, or
/// over its first column of names where it has no years; a line for each name.
///
/// # Errors
/// [`Error::Empty`] and [`Error::NoNumbers`].
pub fn default_chart(table: &Table) -> Result<Chart, Error> {
    if table.rows.is_empty() {
        return Err(Error::Empty);
    }
    let columns = || table.columns.iter().enumerate();
    let counted = |(_, c): &(usize, &Column)| c.unit.is_of_numbers();
    let numbers = |(at, _): &(usize, &Column)| is_numeric(table, *at);
    let plain = |(_, c): &(usize, &Column)| c.unit == Unit::Plain && c.labels.is_empty();
    let y = columns().filter(numbers).find(counted);
    let y = y.or_else(|| columns().filter(numbers).rev().find(plain)).ok_or(Error::NoNumbers)?;
    let named: Vec<(usize, &Column)> = columns().filter(|c| !numbers(c)).collect();
    let year = columns().find(|(at, column)| column.name == "year" && is_numeric(table, *at));
    let x = year.or_else(|| named.first().copied());
    let (x, x_column) = x.or_else(|| columns().find(|c| c.0 != y.0)).ok_or(Error::NoNumbers)?;
    let repeats = |others: &[usize]| {
        let key = |row: &Vec<Value>| others.iter().map(|at| format!("{:?}", row[*at])).collect();
        let keys: std::collections::BTreeSet<Vec<String>> = table.rows.iter().map(key).collect();
        keys.len() < table.rows.len()
    };
    let group = if repeats(&[x]) {
        named.iter().find(|(at, _)| *at != x && !repeats(&[x, *at])).map(|(_, c)| c.name.clone())
    } else {
        None
    };
    let kind = if year.is_some() { ChartKind::Line } else { ChartKind::Bar };
    Ok(Chart { kind, x: x_column.name.clone(), y: vec![y.1.name.clone()], group })
}

/// Whether a column has numbers and nothing else.
fn is_numeric(table: &Table, at: usize) -> bool {
    let values = || table.rows.iter().filter_map(|row| row.get(at));
    values().any(|v| matches!(v, Value::Int(_) | Value::Real(_)))
        && values().all(|v| matches!(v, Value::Int(_) | Value::Real(_) | Value::Null))
}
