//! `correlate`: how two measures go together over the bodies of a year.

use polars::prelude::{
    Column, DataFrame, DataType, JoinArgs, JoinType, LazyFrame, NamedFrom, Series, col, lit,
};
use rusqlite::Connection;
use rust_i18n::t;

use super::bodies::{FEW, bodies};
use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::{Peer, Request};
use super::stats::{fisher, pearson, spearman};
use super::sums::Whole;
use super::{in_one_year, notes, nothing};
use crate::query::polars::collect;

/// Runs it.
///
/// # Errors
/// When a measure is missing, there are no reports, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let [first, second] = request.metrics.as_slice() else {
        return Err(Error::Missing {
            analysis: request.definition.name.clone(),
            what: "--metric A --metric B".to_owned(),
        });
    };
    let (request, year) = &in_one_year(conn, request)?;
    let metrics = [*first, *second];
    let base = Base::read(conn, request.forms, &metrics, &request.selection(), request.region)?;
    let value = |number: usize, name: &str| -> Result<LazyFrame, Error> {
        let plan = bodies(&base, request, (number, metrics[number]), &[Peer::All])?;
        Ok(plan.select([
            col("report_id"),
            col("value").cast(DataType::Float64).alias(name),
            col("state").alias(format!("{name}_state")),
        ]))
    };
    let id = || [col("report_id")];
    let both = value(0, "x")?.join(value(1, "y")?, id(), id(), JoinArgs::new(JoinType::Inner));
    let all = collect(both.clone())?;
    if all.height() == 0 {
        return Err(nothing(request));
    }
    let is_used = |name: &str| col(name).eq(lit("used"));
    let used = collect(both.filter(is_used("x_state").and(is_used("y_state"))))?;
    let (x, y) = (used.column("x")?.f64()?, used.column("y")?.f64()?);
    let pairs: Vec<(f64, f64)> = x.iter().zip(y.iter()).filter_map(|(x, y)| x.zip(y)).collect();
    let mut notes = vec![notes::of_year(request, *year)];
    notes.extend(metrics.iter().map(|metric| notes::of_metric(request, metric)));
    notes.push(notes::of_scope(request, first, Whole::Bodies));
    let locale = request.lang.key();
    let left_out = all.height() - pairs.len();
    notes.push(
        t!("analyze.note.pairs", locale = locale, n = pairs.len(), left_out = left_out).into(),
    );
    if (pairs.len() as i64) < FEW {
        notes.push(t!("analyze.note.too_few_bodies", locale = locale, few = FEW).into());
    }
    Outcome::of(request, &coefficients(&pairs)?, &metrics, notes)
}

/// Both coefficients with their intervals.
fn coefficients(pairs: &[(f64, f64)]) -> Result<DataFrame, Error> {
    let n = pairs.len();
    let found = [pearson(pairs), spearman(pairs)];
    let bounds = found.map(|r| r.and_then(|r| fisher(r, n)));
    let float = |name: &str, values: [Option<f64>; 2]| -> Column {
        Series::new(name.into(), values.to_vec()).into()
    };
    let few = i64::from((n as i64) < FEW);
    let columns = vec![
        Series::new("coefficient".into(), ["pearson", "spearman"]).into(),
        float("r", found),
        float("r_low", bounds.map(|b| b.map(|b| b.0))),
        float("r_high", bounds.map(|b| b.map(|b| b.1))),
        Series::new("n".into(), [n as i64; 2]).into(),
        Series::new("too_few".into(), [few; 2]).into(),
    ];
    Ok(DataFrame::new(2, columns)?)
}
