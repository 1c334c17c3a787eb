//! `forecast`: the next years, simply and honestly.

use polars::prelude::{Column, DataFrame, NamedFrom, Series, col};
use rusqlite::Connection;
use rust_i18n::t;

use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::Request;
use super::stats::{Ahead, drift, naive};
use super::sums::{Whole, sums};
use super::{notes, nothing, one_metric};
use crate::metric::{Metric, Unit};
use crate::query::polars::collect;

/// Years below which there is no forecast.
const LEAST: usize = 5;
/// Years forecast.
const AHEAD: usize = 3;

/// What gives a value some steps ahead.
type Forecast = fn(&[f64], usize) -> Option<Ahead>;

/// The methods by name.
const METHODS: [(&str, Forecast); 2] = [("naive", naive), ("drift", drift)];

/// Runs it.
///
/// # Errors
/// When a measure is missing, there are too few years, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let metric = one_metric(request)?;
    let base = Base::read(conn, request.forms, &[metric], &request.selection(), request.region)?;
    let whole = Whole::of(request);
    let plan = sums(&base, request, (0, metric), whole, None, true)?;
    let frame = collect(plan.sort_by_exprs([col("year")], Default::default()))?;
    if frame.height() == 0 {
        return Err(nothing(request));
    }
    let (first, values) = last_run(&frame)?;
    if values.len() < LEAST {
        return Err(Error::TooFewYears { years: values.len(), least: LEAST });
    }
    let mut notes = notes::of_sums(request, &frame, &[metric], whole)?;
    notes.extend(notes::uneven(request, &frame)?);
    let last = first + values.len() as i64 - 1;
    let locale = request.lang.key();
    notes.push(
        t!("analyze.note.run", locale = locale, first = first, last = last, n = values.len())
            .into(),
    );
    notes.push(t!("analyze.note.no_season", locale = locale).into());
    let frame = rows(metric, first, &values)?;
    Outcome::of(request, &frame, &[metric], notes)
}

/// The last years that follow each other with a value each: the first of them, and the values.
fn last_run(frame: &DataFrame) -> Result<(i64, Vec<f64>), Error> {
    let value = frame.column("value")?.cast(&polars::prelude::DataType::Float64)?;
    let years = frame.column("year")?.i64()?.iter();
    let (mut first, mut run) = (0, Vec::new());
    for (year, value) in years.zip(value.f64()?.iter()) {
        let Some((year, value)) = year.zip(value) else {
            run.clear();
            continue;
        };
        if run.is_empty() || year != first + run.len() as i64 {
            (first, run) = (year, Vec::new());
        }
        run.push(value);
    }
    Ok((first, run))
}

/// What a value of the unit can be.
fn bounds(unit: Unit) -> (f64, f64) {
    match unit {
        Unit::Rate => (0.0, 1.0),
        _ => (0.0, f64::INFINITY),
    }
}

/// The years as they were, and those ahead by both methods.
fn rows(metric: &Metric, first: i64, values: &[f64]) -> Result<DataFrame, Error> {
    let mut rows: Vec<(i64, &str, f64, Option<Ahead>)> = Vec::new();
    for (value, year) in values.iter().zip(first..) {
        rows.push((year, "observed", *value, None));
    }
    let last = first + values.len() as i64 - 1;
    let (least, most) = bounds(metric.unit);
    for (method, forecast) in METHODS {
        for ahead in 1..=AHEAD {
            let found = forecast(values, ahead).map(|found| found.within(least, most));
            if let Some(found) = found {
                rows.push((last + ahead as i64, method, found.value, Some(found)));
            }
        }
    }
    let bound = |name: &str, of: fn(Ahead) -> f64| -> Column {
        Series::new(name.into(), rows.iter().map(|r| r.3.map(of)).collect::<Vec<_>>()).into()
    };
    let columns = vec![
        Series::new("year".into(), rows.iter().map(|r| r.0).collect::<Vec<_>>()).into(),
        Series::new("method".into(), rows.iter().map(|r| r.1).collect::<Vec<_>>()).into(),
        Series::new("value".into(), rows.iter().map(|r| r.2).collect::<Vec<_>>()).into(),
        bound("low", |b| b.low),
        bound("high", |b| b.high),
    ];
    Ok(DataFrame::new(rows.len(), columns)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(years: &[i64], values: &[Option<f64>]) -> DataFrame {
        let columns = vec![
            Series::new("year".into(), years).into(),
            Series::new("value".into(), values).into(),
        ];
        DataFrame::new(years.len(), columns).unwrap()
    }

    #[test]
    fn only_years_without_a_gap_make_a_series() {
        let some = |n: usize| (0..n).map(|v| Some(v as f64)).collect::<Vec<_>>();
        let run = |years: &[i64], values: &[Option<f64>]| last_run(&frame(years, values)).unwrap();
        assert_eq!(run(&[2016, 2018, 2019], &some(3)), (2018, vec![1.0, 2.0]));
        assert_eq!(run(&[2018, 2019, 2020], &[Some(1.0), None, Some(3.0)]), (2020, vec![3.0]));
        assert_eq!(run(&[2018, 2019], &some(2)), (2018, vec![0.0, 1.0]));
    }
}
