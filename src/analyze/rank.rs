//! `rank`: bodies or regions by a measure of one year.

use polars::prelude::{DataType, LazyFrame, NULL, SortMultipleOptions, col, len, lit, when};
use rusqlite::Connection;

use super::bodies::bodies;
use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::{By, Peer, Request};
use super::sums::{Whole, named, sums};
use super::{in_one_year, notes, nothing, one_metric};
use crate::metric::Metric;
use crate::query::polars::collect;

/// Runs it.
///
/// # Errors
/// When a measure is missing, nobody has a figure, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let metric = one_metric(request)?;
    let by = request.by.unwrap_or(By::Body);
    let (request, year) = &in_one_year(conn, &Request { by: Some(by), ..request.clone() })?;
    let base = Base::read(conn, request.forms, &[metric], &request.selection(), request.region)?;
    let plan = match by {
        By::Region => regions(&base, request, metric)?,
        _ => {
            let peers = if request.peers.is_empty() { &[Peer::All][..] } else { &request.peers };
            bodies(&base, request, (0, metric), peers)?
        }
    };
    let all = collect(plan.clone().select([col("state")]))?;
    let count = |state: &str| -> Result<i64, Error> {
        Ok(all.column("state")?.str()?.iter().flatten().filter(|s| *s == state).count() as i64)
    };
    let (none, small) = (count("none")?, count("small")?);
    let frame = collect(ranked(plan.filter(col("state").eq(lit("used"))))?)?;
    if all.height() == 0 {
        return Err(nothing(request));
    }
    let notes = vec![
        notes::of_year(request, *year),
        notes::of_metric(request, metric),
        notes::of_scope(request, metric, Whole::of(request)),
        notes::ranked(request, metric, [frame.height() as i64, none, small]),
    ];
    Outcome::of(request, &frame, &[metric], notes)
}

/// The regions with their values and states, as `bodies` has them of bodies.
fn regions(base: &Base, request: &Request<'_>, metric: &Metric) -> Result<LazyFrame, Error> {
    let plan = sums(base, request, (0, metric), Whole::of(request), request.by, false)?;
    let state = when(col("value").is_null())
        .then(lit("none"))
        .otherwise(when(col("small").eq(lit(1))).then(lit("small")).otherwise(lit("used")));
    // bodies of no region are none, and those of the region asked for itself are not below it
    let asked = request.region.map(|region| region.to_string()).unwrap_or_default();
    let plan = plan.filter(col("key").neq(lit("")).and(col("key").neq(lit(asked))));
    Ok(named(plan, request.by).with_columns([state.alias("state"), lit("all").alias("peers")]))
}

/// With `rank` and `percentile` within the peers, the largest first.
fn ranked(plan: LazyFrame) -> Result<LazyFrame, Error> {
    let order = SortMultipleOptions::default().with_order_descending_multi([false, true]);
    let peers = || [col("peers")];
    let tied = || [col("peers"), col("value")];
    let others = (col("n") - lit(1)).cast(DataType::Float64);
    Ok(plan
        .sort_by_exprs([col("peers"), col("value")], order.with_maintain_order(true))
        .with_column(lit(1).cast(DataType::Int64).alias("one"))
        .with_columns([
            col("one").cum_sum(false).over(peers())?.alias("position"),
            len().cast(DataType::Int64).over(peers())?.alias("n"),
        ])
        .with_columns([
            col("position").min().over(tied())?.alias("rank"),
            (col("n") - col("position").max().over(tied())?).alias("smaller"),
        ])
        .with_column(
            when(col("n").gt(lit(1)))
                .then(col("smaller").cast(DataType::Float64) / others)
                .otherwise(lit(NULL))
                .alias("percentile"),
        ))
}
