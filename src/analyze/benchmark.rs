//! `benchmark`: a body against the distribution of its peers.

use polars::prelude::{
    DataFrame, DataType, Expr, IntoLazy, JoinArgs, JoinType, LazyFrame, NULL, QuantileMethod, col,
    len, lit, when,
};
use rusqlite::Connection;
use rust_i18n::t;

use super::bodies::{FEW, bodies, peers_or_same};
use super::definition::Dictionary;
use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::{Peer, Request, Subject};
use super::sums::{Whole, stacked};
use super::{in_one_year, notes, nothing};
use crate::metric::Selection;
use crate::query::polars::collect;

/// The percentiles, and where they stand.
const CUTS: [(&str, f64); 5] =
    [("p10", 0.1), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p90", 0.9)];
/// Where a value stands between them.
const STANDING: [&str; 6] = ["below_p10", "p10_p25", "p25_p50", "p50_p75", "p75_p90", "above_p90"];

/// Runs it.
///
/// # Errors
/// When the body has no report, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let (request, year) = &in_one_year(conn, request)?;
    let Some(Subject::Body { organ, name, .. }) = request.subjects.first() else {
        return Err(nothing(request));
    };
    // the region was to tell the body, not to limit its peers
    let everywhere = Selection::Current { years: request.years(), region: None };
    let base = Base::read(conn, request.forms, &request.metrics, &everywhere, None)?;
    let peers = peers_or_same(request);
    let mut plans = Vec::new();
    let all = Request { subjects: Vec::new(), ..request.clone() };
    for (number, metric) in request.metrics.iter().enumerate() {
        plans.push(bodies(&base, &all, (number, metric), &peers)?);
    }
    let long = stacked(plans)?;
    let is_body = match request.series() {
        Some(series) => col("series_id").eq(lit(series)),
        None => lit(false),
    };
    // where the parts of a merged body reported apart, the one that was named
    let own = col("organ_id").eq(lit(*organ)).cast(DataType::Int64);
    let body = long.clone().filter(is_body.clone()).sort_by_exprs(
        [col("metric"), own],
        polars::prelude::SortMultipleOptions::default().with_order_descending_multi([false, true]),
    );
    let body = collect(body.group_by_stable([col("metric")]).agg([
        col("value").first(),
        col("state").first(),
        col("peers").first(),
    ]))?;
    if body.height() == 0 {
        return Err(nothing(request));
    }
    let group = group_of(&body)?;
    let others = long
        .filter(is_body.not())
        .filter(col("peers").eq(lit(group.as_str())))
        .filter(col("state").eq(lit("used")));
    let frame = collect(against(&body, others))?;
    let mut notes = vec![
        notes::of_year(request, *year),
        of_peers(request, name, &peers, &group)?,
        notes::left_out_measures(request, request.metrics.len() - frame.height()),
    ];
    if let Some(metric) = request.metrics.iter().find(|metric| !metric.own_only) {
        notes.insert(1, notes::of_scope(request, metric, Whole::Bodies));
    }
    if notes::total(&frame, "small")? > 0 {
        notes.push(t!("analyze.note.small_own", locale = request.lang.key()).into());
    }
    if notes::total(&frame, "too_few")? > 0 {
        notes.push(t!("analyze.note.too_few", locale = request.lang.key(), few = FEW).into());
    }
    Outcome::of(request, &frame, &request.metrics, notes)
}

/// The group of the body.
fn group_of(body: &DataFrame) -> Result<String, Error> {
    Ok(body.column("peers")?.str()?.get(0).unwrap_or_default().to_owned())
}

/// Who the peers are.
fn of_peers(
    request: &Request<'_>,
    name: &str,
    peers: &[Peer],
    group: &str,
) -> Result<String, Error> {
    let words = Dictionary::get()?.group(group).get(request.lang).to_owned();
    let by: Vec<&str> = peers.iter().map(|peer| peer.key()).collect();
    let by = by.join(",");
    let locale = request.lang.key();
    Ok(t!("analyze.note.peers", locale = locale, name = name, peers = words, by = by).into())
}

/// The body's values against the distribution of the others; measures that it has no value of are
/// left out.
fn against(body: &DataFrame, others: LazyFrame) -> LazyFrame {
    let own = body.clone().lazy().filter(col("state").neq(lit("none"))).select([
        col("metric"),
        col("value").cast(DataType::Float64).alias("own"),
        col("state").eq(lit("small")).cast(DataType::Int64).alias("small"),
    ]);
    let value = || col("value").cast(DataType::Float64);
    let cut =
        |(name, at): (&str, f64)| value().quantile(lit(at), QuantileMethod::Linear).alias(name);
    let mut figures: Vec<Expr> = CUTS.into_iter().map(cut).collect();
    figures.push(len().cast(DataType::Int64).alias("peers_count"));
    figures.push(value().lt(col("own")).sum().cast(DataType::Int64).alias("smaller"));
    figures.push(value().eq(col("own")).sum().cast(DataType::Int64).alias("tied"));
    let join = || JoinArgs::new(JoinType::Left);
    let distribution = others
        .join(own.clone(), [col("metric")], [col("metric")], JoinArgs::new(JoinType::Inner))
        .group_by([col("metric")])
        .agg(figures);
    let of_peers = |count: Expr| count / col("peers_count").cast(DataType::Float64);
    let float = |name: &str| col(name).cast(DataType::Float64);
    own.join(distribution, [col("metric")], [col("metric")], join())
        .with_column(col("peers_count").fill_null(lit(0)))
        .with_column(of_peers(float("smaller") + float("tied") / lit(2.0)).alias("middle"))
        .with_columns([
            col("own").alias("value"),
            standing().alias("standing"),
            of_peers(float("smaller")).alias("percentile"),
            col("peers_count").lt(lit(FEW)).cast(DataType::Int64).alias("too_few"),
        ])
        .sort_by_exprs([col("metric")], Default::default())
}

/// Between which percentiles the value stands. On one of them, or on several that are equal, the
/// share of smaller peers tells, half of the equal ones counted with them.
fn standing() -> Expr {
    let [below, above @ ..] = STANDING;
    let place = CUTS.iter().zip(above).fold(lit(below), |place, ((cut, at), next)| {
        let on_it = col("own").eq(col(*cut)).and(col("middle").gt_eq(lit(*at)));
        when(col("own").gt(col(*cut)).or(on_it)).then(lit(next)).otherwise(place)
    });
    when(col("peers_count").gt(lit(0))).then(place).otherwise(lit(NULL))
}

#[cfg(test)]
mod tests {
    use polars::prelude::{NamedFrom, Series};

    use super::*;

    /// Where a value stands among ten peers.
    fn standing_of(own: f64, peers: [f64; 10]) -> String {
        let column = |name: &str, values: &[f64]| Series::new(name.into(), values).into();
        let measure = |n: usize| Series::new("metric".into(), vec![0_i64; n]).into();
        let state = Series::new("state".into(), ["used"]).into();
        let body = DataFrame::new(1, vec![measure(1), column("value", &[own]), state]).unwrap();
        let others = DataFrame::new(10, vec![measure(10), column("value", &peers)]).unwrap();
        let frame = collect(against(&body, others.lazy())).unwrap();
        frame.column("standing").unwrap().str().unwrap().get(0).unwrap().to_owned()
    }

    #[test]
    fn who_is_like_all_others_stands_among_them() {
        assert_eq!(standing_of(0.0, [0.0; 10]), "p50_p75");
        assert_eq!(standing_of(1.0, [0.0; 10]), "above_p90");
        let most = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0];
        assert_eq!(standing_of(0.0, most), "p25_p50");
        assert_eq!(standing_of(0.5, most), "p50_p75");
        assert_eq!(standing_of(-1.0, most), "below_p10");
    }
}
