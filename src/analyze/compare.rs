//! `compare`: two bodies, regions or years side by side.

use polars::prelude::{
    DataFrame, DataType, IntoLazy, JoinArgs, JoinType, LazyFrame, NULL, UniqueKeepStrategy, col,
    lit, when,
};
use rusqlite::Connection;
use rust_i18n::t;

use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::{By, Request, Subject};
use super::sums::{Whole, added, stacked};
use super::{last_year, notes, nothing};
use crate::metric::{Metric, Selection};
use crate::query::polars::collect;

/// Runs it.
///
/// # Errors
/// When one of the two has no reports, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let [first, second] = request.subjects.as_slice() else { return Err(nothing(request)) };
    let year = match request.by {
        Some(By::Year) => None,
        _ => Some(common_year(conn, request, [first, second])?),
    };
    let mut sides = Vec::new();
    let mut notes: Vec<String> =
        year.map(|year| notes::of_year(request, year)).into_iter().collect();
    for subject in [first, second] {
        let (frame, note) = side(conn, request, subject, year)?;
        notes.push(note);
        sides.push(frame);
    }
    let all = request.metrics.len();
    let frame = collect(beside(&sides[0], &sides[1]))?;
    let left_out = all - frame.height();
    if frame.height() == 0 {
        return Err(nothing(request));
    }
    notes.push(notes::left_out_measures(request, left_out));
    let of_both = sides.iter().map(|side| side.clone().lazy().select([col("editions")]));
    let of_both = collect(stacked(of_both.collect())?)?;
    notes.extend(notes::editions(request, &of_both, &request.metrics)?);
    if notes::total(&frame, "small")? > 0 {
        notes.push(t!("analyze.note.small_own", locale = request.lang.key()).into());
    }
    let (from, to) = (year.or(request.from), year.or(request.to));
    let plain = Request { by: None, from, to, ..request.clone() };
    Outcome::of(&plain, &frame, &request.metrics, notes)
}

/// The reports that a side may take.
fn selection(request: &Request<'_>, subject: &Subject, year: Option<i32>) -> Selection {
    let years = year.map_or_else(|| request.years(), |year| year..=year);
    match subject {
        Subject::Body { series, .. } => Selection::Series { years, series: *series },
        Subject::Region { code, .. } => Selection::Current { years, region: Some(*code) },
        Subject::Year(year) => Selection::Current { years: *year..=*year, region: request.region },
        Subject::Whole(_) => Selection::Current { years, region: request.region },
    }
}

/// The last year that both have, or the one asked for.
fn common_year(
    conn: &Connection,
    request: &Request<'_>,
    pair: [&Subject; 2],
) -> Result<i32, Error> {
    match request.to {
        Some(year) => Ok(year),
        None => last_year(conn, &pair.map(|subject| selection(request, subject, None)))?
            .ok_or_else(|| Error::NoCommonYear { first: pair[0].name(), second: pair[1].name() }),
    }
}

/// The figures of a side, a row a measure, and whose they are.
fn side(
    conn: &mut Connection,
    request: &Request<'_>,
    subject: &Subject,
    year: Option<i32>,
) -> Result<(DataFrame, String), Error> {
    let selection = selection(request, subject, year);
    let whole = match subject {
        Subject::Body { .. } => Whole::Bodies,
        Subject::Region { code, .. } => Whole::One(Some(*code)),
        _ => Whole::One(request.region),
    };
    // a side is asked for by itself
    let mut alone = Request { subjects: vec![subject.clone()], by: None, ..request.clone() };
    alone.region = match whole {
        Whole::One(region) => region,
        _ => None,
    };
    alone.scope = super::scope(conn, &alone)?;
    let base = Base::read(conn, request.forms, &request.metrics, &selection, alone.region)?;
    let mut plans = Vec::new();
    for (number, metric) in request.metrics.iter().enumerate() {
        let plan = base.of(number)?.filter(whole.counts(&alone, metric));
        plans.push(added(plan, &alone, (number, metric), None, false));
    }
    let frame = collect(stacked(plans)?)?;
    if base.is_empty() || frame.height() == 0 {
        return Err(nothing(&Request { to: year.or(request.to), from: year, ..alone }));
    }
    Ok((frame, note(&base, &alone, subject, whole)?))
}

/// Whose figures a side has, and of how many reports.
fn note(
    base: &Base,
    request: &Request<'_>,
    subject: &Subject,
    whole: Whole,
) -> Result<String, Error> {
    let plain: Option<&&Metric> = request.metrics.iter().find(|metric| !metric.own_only);
    let Some(metric) = plain.or(request.metrics.first()) else { return Err(nothing(request)) };
    let counted = base.reports().filter(whole.counts(request, metric));
    let reports = collect(counted)?.height();
    Ok(t!(
        "analyze.note.side",
        locale = request.lang.key(),
        name = subject.name(),
        reports = reports,
        scope = notes::of_scope(request, metric, whole)
    )
    .into())
}

/// The two sides in one row a measure; those that neither has are left out.
fn beside(first: &DataFrame, second: &DataFrame) -> LazyFrame {
    let of = |frame: &DataFrame, side: &str| {
        let name = |column: &str| match column {
            "value" => side.to_owned(),
            other => format!("{side}_{other}"),
        };
        let columns = ["value", "numerator", "denominator", "small"];
        let columns = columns.map(|column| col(column).alias(name(column)));
        frame.clone().lazy().select([&[col("metric")][..], &columns].concat())
    };
    // also what only the second has
    let keys = stacked(vec![
        first.clone().lazy().select([col("metric")]),
        second.clone().lazy().select([col("metric")]),
    ]);
    let keys = keys.unwrap_or_else(|_| first.clone().lazy().select([col("metric")]));
    let left = || JoinArgs::new(JoinType::Left);
    let float = |column: &str| col(column).cast(DataType::Float64);
    let small = |column: &str| col(column).fill_null(lit(0));
    keys.unique(None, UniqueKeepStrategy::Any)
        .join(of(first, "first"), [col("metric")], [col("metric")], left())
        .join(of(second, "second"), [col("metric")], [col("metric")], left())
        .filter(col("first").is_not_null().or(col("second").is_not_null()))
        .with_columns([
            (float("second") - float("first")).alias("difference"),
            when(float("first").neq(lit(0.0)))
                .then(float("second") / float("first"))
                .otherwise(lit(NULL))
                .alias("ratio"),
            small("first_small")
                .gt(lit(0))
                .or(small("second_small").gt(lit(0)))
                .cast(DataType::Int64)
                .alias("small"),
        ])
        .sort_by_exprs([col("metric")], Default::default())
}
