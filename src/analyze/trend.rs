//! `trend`: a measure year by year.

use polars::prelude::{
    DataType, Expr, JoinArgs, JoinType, LazyFrame, NULL, by_name, col, lit, when,
};
use rusqlite::Connection;

use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::{By, Request};
use super::sums::{self, Whole, named, order, sums};
use super::{notes, nothing, one_metric};
use crate::metric::{Metric, Unit};
use crate::query::polars::collect;

/// How many years before a year its row tells of.
const BEFORE: i32 = 2;

/// Runs it.
///
/// # Errors
/// When a measure is missing, there are no reports, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let metric = one_metric(request)?;
    // the first year has something before it, too
    let early = Request { from: request.from.map(|year| year - BEFORE), ..request.clone() };
    let base = Base::read(conn, request.forms, &[metric], &early.selection(), request.region)?;
    let whole = Whole::of(request);
    let plan = sums(&base, request, (0, metric), whole, request.by, true)?;
    let asked = col("year").gt_eq(lit(*request.years().start()));
    let frame = collect(series(plan, metric, request.by).filter(asked))?;
    if frame.height() == 0 {
        return Err(nothing(request));
    }
    let mut notes = notes::of_sums(request, &frame, &[metric], whole)?;
    if request.by.is_none() {
        notes.extend(notes::uneven(request, &frame)?);
    }
    Outcome::of(request, &frame, &[metric], notes)
}

/// Sums by group and year as a series: with `change` from the year before and `moving`, the value
/// of three consecutive years together.
pub fn series(plan: LazyFrame, metric: &Metric, by: Option<By>) -> LazyFrame {
    let keys = || {
        let mut keys = vec![col("year")];
        keys.extend(by.map(|_| col("key")));
        keys
    };
    let mut joined = plan.clone();
    for back in 1..=BEFORE {
        let mut columns = keys();
        columns[0] = (col("year") + lit(back)).alias("year");
        columns
            .extend(["numerator", "denominator", "value"].map(|c| col(c).alias(earlier(c, back))));
        let join = JoinArgs::new(JoinType::Left);
        joined = joined.join(plan.clone().select(columns), keys(), keys(), join);
    }
    let together = |column: &str| col(column) + col(earlier(column, 1)) + col(earlier(column, 2));
    let joined = joined
        .with_columns([together("numerator").alias("n3"), together("denominator").alias("d3")])
        .with_columns([
            (col("value") - col(earlier("value", 1))).alias("change"),
            moving(metric.unit).alias("moving"),
        ]);
    let mut sorting = order(by);
    sorting.push(col("year"));
    named(joined, by).sort_by_exprs(sorting, Default::default()).drop(by_name(
        ["n3", "d3"],
        true,
        false,
    ))
}

/// The value of three years from their sums.
fn moving(unit: Unit) -> Expr {
    match unit.is_plain() {
        true => when(col("n3").is_not_null())
            .then(col("n3").cast(DataType::Float64) / lit(3.0))
            .otherwise(lit(NULL)),
        false => sums::value(unit, "n3", "d3"),
    }
}

/// The name of a column of an earlier year.
fn earlier(column: &str, back: i32) -> String {
    format!("{column}_{back}")
}
