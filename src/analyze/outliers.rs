//! `outliers`: values far from those of the body's peers.

use polars::prelude::{Column, DataFrame, DataType, IntoLazy, NamedFrom, Series, col, lit};
use rusqlite::Connection;
use rust_i18n::t;

use super::bodies::{FEW, bodies, peers_or_same};
use super::error::Error;
use super::frame::Base;
use super::outcome::Outcome;
use super::request::{Method, Request};
use super::stats::quantile;
use super::sums::{Whole, stacked};
use super::{in_one_year, notes, nothing};
use crate::query::polars::collect;
use crate::validate::Robust;

/// Robust z beyond which a value is an outlier (Iglewicz and Hoaglin).
const FAR: f64 = 3.5;
/// Interquartile ranges beyond the quartiles, likewise (Tukey).
const RANGES: f64 = 1.5;

/// Runs it.
///
/// # Errors
/// When there are no reports, or the database cannot be read.
pub fn run(conn: &mut Connection, request: &Request<'_>) -> Result<Outcome, Error> {
    let request = &match (request.from, request.to) {
        (None, None) => in_one_year(conn, request)?.0,
        _ => request.clone(),
    };
    let base =
        Base::read(conn, request.forms, &request.metrics, &request.selection(), request.region)?;
    if base.is_empty() {
        return Err(nothing(request));
    }
    let peers = peers_or_same(request);
    let mut plans = Vec::new();
    for (number, metric) in request.metrics.iter().enumerate() {
        let plan = bodies(&base, request, (number, metric), &peers)?;
        let columns = ["metric", "year", "peers", "body", "region", "state", "report_id"];
        let columns = columns.map(col);
        let figures = [col("numerator"), col("denominator"), col("value").cast(DataType::Float64)];
        plans.push(plan.select([&columns[..], &figures].concat()));
    }
    let order = ["metric", "year", "peers", "value", "report_id"].map(col);
    let all = collect(stacked(plans)?.sort_by_exprs(order, Default::default()))?;
    let used = collect(all.clone().lazy().filter(col("state").eq(lit("used"))))?;
    let judged = judge(&used, request.method)?;
    let unjudged = judged.column("judged")?.i64()?.iter().flatten().filter(|j| *j == 0).count();
    let frame = collect(judged.lazy().filter(col("far").eq(lit(1))))?;
    let mut notes = Vec::new();
    if let Some(metric) = request.metrics.iter().find(|metric| !metric.own_only) {
        notes.push(notes::of_scope(request, metric, Whole::Bodies));
    }
    notes.push(
        t!(
            "analyze.note.outliers",
            locale = request.lang.key(),
            values = used.height(),
            found = frame.height(),
            left_out = all.height() - used.height(),
            unjudged = unjudged,
            few = FEW
        )
        .into(),
    );
    Outcome::of(request, &frame, &request.metrics, notes)
}

/// What a value is among its peers.
#[derive(Clone, Copy, Default)]
struct Place {
    median: Option<f64>,
    z: Option<f64>,
    fences: Option<(f64, f64)>,
    peers: i64,
    judged: i64,
    far: i64,
}

/// A frame that is sorted by measure, year and peers, with what each value is among its peers.
fn judge(used: &DataFrame, method: Method) -> Result<DataFrame, Error> {
    let metric: Vec<Option<i64>> = used.column("metric")?.i64()?.iter().collect();
    let year: Vec<Option<i64>> = used.column("year")?.i64()?.iter().collect();
    let peers: Vec<Option<&str>> = used.column("peers")?.str()?.iter().collect();
    let values: Vec<f64> = used.column("value")?.f64()?.iter().flatten().collect();
    let same = |a: &usize, b: &usize| {
        (metric[*a], year[*a], peers[*a]) == (metric[*b], year[*b], peers[*b])
    };
    let mut places = Vec::with_capacity(values.len());
    let rows: Vec<usize> = (0..values.len()).collect();
    for group in rows.chunk_by(same) {
        let group: Vec<f64> = group.iter().map(|row| values[*row]).collect();
        places.extend(group_places(&group, method));
    }
    let column = |name: &str, of: &dyn Fn(&Place) -> Option<f64>| -> Column {
        Series::new(name.into(), places.iter().map(of).collect::<Vec<_>>()).into()
    };
    let count = |name: &str, of: &dyn Fn(&Place) -> i64| -> Column {
        Series::new(name.into(), places.iter().map(of).collect::<Vec<i64>>()).into()
    };
    let columns = [
        column("median", &|p| p.median),
        column("z", &|p| p.z),
        column("lower_fence", &|p| p.fences.map(|f| f.0)),
        column("upper_fence", &|p| p.fences.map(|f| f.1)),
        count("peers_count", &|p| p.peers),
        count("judged", &|p| p.judged),
        count("far", &|p| p.far),
    ];
    Ok(used.hstack(&columns)?)
}

/// What each of the sorted values of a group is among them.
fn group_places(sorted: &[f64], method: Method) -> Vec<Place> {
    let peers = sorted.len() as i64;
    if peers < FEW {
        return vec![Place { peers, ..Place::default() }; sorted.len()];
    }
    let median = quantile(sorted, 0.5);
    match method {
        Method::Mad => {
            let robust = Robust::new(sorted.to_vec());
            let place = |value: &f64| {
                let z = robust.map(|robust| robust.z(*value));
                let far = z.is_some_and(|z| z.abs() > FAR).into();
                Place { median, z, fences: None, peers, judged: 1, far }
            };
            sorted.iter().map(place).collect()
        }
        Method::Iqr => {
            let quartiles = quantile(sorted, 0.25).zip(quantile(sorted, 0.75));
            let fences = quartiles.map(|(low, high)| {
                let reach = RANGES * (high - low);
                (low - reach, high + reach)
            });
            let place = |value: &f64| {
                let far = fences.is_some_and(|(low, high)| *value < low || *value > high).into();
                Place { median, z: None, fences, peers, judged: 1, far }
            };
            sorted.iter().map(place).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn far(values: &[f64], method: Method) -> Vec<f64> {
        let places = group_places(values, method);
        values.iter().zip(places).filter(|(_, p)| p.far == 1).map(|(v, _)| *v).collect()
    }

    #[test]
    fn what_is_far_is_what_the_books_say() {
        // median 5.5, deviations 4.5 3.5 2.5 1.5 0.5 0.5 1.5 2.5 3.5 94.5, their median 2.5:
        // 100 has z = 0.6745 * 94.5 / 2.5 = 25.5, 1 has -1.2
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 100.0];
        assert_eq!(far(&values, Method::Mad), [100.0]);
        let z = group_places(&values, Method::Mad)[9].z.unwrap();
        assert!((z - 0.6745 * 94.5 / 2.5).abs() < 1e-9);
        // quartiles 3.25 and 7.75, fences -3.5 and 14.5
        assert_eq!(group_places(&values, Method::Iqr)[0].fences, Some((-3.5, 14.5)));
        assert_eq!(far(&values, Method::Iqr), [100.0]);
        assert_eq!(far(&values[1..], Method::Mad), [0.0; 0], "nine are too few");
    }
}
