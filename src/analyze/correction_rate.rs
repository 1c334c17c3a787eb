//! `correction-rate`: reviews and lawsuits over all editions, with the interval by Wilson.

use polars::prelude::{Column, NamedFrom, Series, col};
use rusqlite::Connection;

use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::{By, Request};
use super::sums::{Whole, named, order, stacked, sums};
use super::{notes, nothing};
use crate::metric::{Metric, wilson};
use crate::query::polars::collect;

/// The measures.
const MEASURES: [&str; 2] = ["review-correction-rate", "litigation-correction-rate"];

/// Runs it.
///
/// # Errors
/// When there are no reports, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let request = &Request { by: request.by.or(Some(By::Year)), ..request.clone() };
    let metrics: Vec<&Metric> =
        MEASURES.into_iter().map(|key| request.known.get(key)).collect::<Result<_, _>>()?;
    let base = Base::read(conn, request.forms, &metrics, &request.selection(), request.region)?;
    let whole = Whole::of(request);
    let plans = metrics.iter().enumerate();
    let plans = plans.map(|(n, m)| sums(&base, request, (n, m), whole, request.by, false));
    let plan = named(stacked(plans.collect::<Result<_, _>>()?)?, request.by);
    let sorting = [vec![col("metric")], order(request.by)].concat();
    let mut frame = collect(plan.sort_by_exprs(sorting, Default::default()))?;
    if frame.height() == 0 {
        return Err(nothing(request));
    }
    let (parts, wholes) = (frame.column("numerator")?.i64()?, frame.column("denominator")?.i64()?);
    let bounds: Vec<_> = parts.iter().zip(wholes.iter()).map(|(n, d)| wilson(n?, d?)).collect();
    let of = |name: &str, bound: fn((f64, f64)) -> f64| -> Column {
        let values: Vec<Option<f64>> = bounds.iter().map(|b| b.map(bound)).collect();
        Series::new(name.into(), values).into()
    };
    let columns = [of("low", |b| b.0), of("high", |b| b.1)];
    frame.hstack_mut(&columns)?;
    let mut notes = notes::of_sums(request, &frame, &metrics, whole)?;
    for (number, metric) in metrics.iter().enumerate() {
        notes.push(notes::left_out(request, &frame, number, metric)?);
    }
    Outcome::of(request, &frame, &metrics, notes)
}
