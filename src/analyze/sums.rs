//! Which reports count, and their sums: a rate is a ratio of these, never a mean of rates.

use polars::prelude::{
    DataType, Expr, IntoLazy, LazyFrame, NULL, UnionArgs, by_name, col, concat, len, lit, when,
};

use super::error::Error;
use super::frame::Base;
use super::request::{By, LEVELS, Request};
use crate::metric::{Metric, Unit, depth};
use crate::region::{Code, Kind, Level};
use crate::report::Scope;

/// What reports are added up to, so that no body counts twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// A region or everything: a summary stands for the bodies under it.
    One(Option<Code>),
    /// The regions below: summaries under the region stand for their bodies, its own cannot be split.
    Parts(Option<Code>),
    /// Bodies of all levels added up: own reports unless summaries are asked for, of which one
    /// stands for those below it.
    Mixed(Option<Code>),
    /// Levels, each for itself: own reports unless summaries are asked for.
    Levels,
    /// Bodies, each for itself: own reports unless summaries are asked for.
    Bodies,
}

impl Whole {
    /// What the groups of a request are made of.
    #[must_use]
    pub fn of(request: &Request<'_>) -> Whole {
        match request.by {
            _ if request.series().is_some() => Whole::Bodies,
            Some(By::Region) => Whole::Parts(request.region),
            Some(By::Kind) => Whole::Mixed(request.region),
            Some(By::Level) => Whole::Levels,
            Some(By::Body) => Whole::Bodies,
            Some(By::Year) | None => Whole::One(request.region),
        }
    }

    /// The scope that a measure's reports are taken from; none: summaries stand for their bodies.
    #[must_use]
    pub fn scope(self, request: &Request<'_>, metric: &Metric) -> Option<Scope> {
        let apart = matches!(self, Whole::Mixed(_) | Whole::Levels | Whole::Bodies)
            || request.level.is_some()
            || request.kind.is_some();
        request.scope.or_else(|| (apart || metric.own_only).then_some(Scope::Own))
    }

    /// Whether a report counts for a measure.
    pub fn counts(self, request: &Request<'_>, metric: &Metric) -> Expr {
        let scope = self.scope(request, metric);
        let mut keep = lit(true);
        if let Some(scope) = scope {
            keep = keep.and(col("scope").eq(lit(scope.key())));
        }
        if scope != Some(Scope::Own) {
            keep = keep.and(self.not_told_elsewhere(request.level));
        }
        let level = request.level.map(|level| col("level").eq(lit(level.key())));
        let kind = request.kind.map(|kind| col("kind").eq(lit(kind.key())));
        let series = request.series().map(|series| col("series_id").eq(lit(series)));
        level.into_iter().chain(kind).chain(series).fold(keep, Expr::and)
    }

    /// Whether no other summary that counts stands for a report.
    fn not_told_elsewhere(self, level: Option<Level>) -> Expr {
        let below = |depth: i64| col("covered_depth").lt(lit(depth));
        let uncovered = match (self, level) {
            (Whole::Bodies, _) => lit(true),
            // the summaries of one level are no parts of each other, whatever stands above them
            (Whole::Levels, _) | (_, Some(_)) => col("covered_depth").lt(own_depth()),
            (Whole::One(region) | Whole::Mixed(region), None) => below(region.map_or(1, depth)),
            (Whole::Parts(region), None) => below(region.map_or(0, depth) + 1),
        };
        match self {
            Whole::Parts(_) => uncovered.and(col("of_region").eq(lit(0))),
            _ => uncovered,
        }
    }
}

/// The depth of the level of a report's body; 1 where it has none.
fn own_depth() -> Expr {
    let deeper = [(Level::City, 2_i64), (Level::County, 3), (Level::Township, 4)];
    deeper.into_iter().fold(lit(1_i64), |otherwise, (level, depth)| {
        when(col("level").eq(lit(level.key()))).then(lit(depth)).otherwise(otherwise)
    })
}

/// The key column of a group, and what is told of it beside the key.
fn key(by: By) -> (Expr, Vec<Expr>) {
    let known = |column: &str| col(column).fill_null(lit("")).alias("key");
    match by {
        // bodies of no region make one group, as bodies of one region do; so with levels
        By::Region => (known("place"), vec![col("region").max()]),
        By::Level => (known("level"), Vec::new()),
        By::Kind => (col("kind").alias("key"), Vec::new()),
        By::Body => (
            col("series_id").alias("key"),
            vec![col("series").max().alias("body"), col("home").max().alias("region")],
        ),
        By::Year => (col("year").alias("key"), Vec::new()),
    }
}

/// The columns of the groups as an answer has them, of a frame with their `key`.
pub fn named(plan: LazyFrame, by: Option<By>) -> LazyFrame {
    let known = || when(col("key").neq(lit(""))).then(col("key")).otherwise(lit(NULL));
    let column = match by {
        None | Some(By::Body) => return plan,
        Some(By::Region) => known().alias("region_code"),
        Some(By::Level) => known().alias("level"),
        Some(by) => col("key").alias(by.key()),
    };
    plan.with_column(column)
}

/// What groups are sorted by.
#[must_use]
pub fn order(by: Option<By>) -> Vec<Expr> {
    match by {
        None => Vec::new(),
        // without a region last
        Some(By::Region) => vec![col("key").eq(lit("")), col("key")],
        Some(By::Level) => vec![place_in(&LEVELS.map(Level::key))],
        Some(By::Kind) => vec![place_in(&Kind::ALL.map(Kind::key))],
        Some(By::Body) => vec![col("body"), col("key")],
        Some(By::Year) => vec![col("key")],
    }
}

/// The place of the key in a list.
fn place_in(list: &[&str]) -> Expr {
    let last = lit(list.len() as i64);
    list.iter().enumerate().rev().fold(last, |otherwise, (place, key)| {
        when(col("key").eq(lit(*key))).then(lit(place as i64)).otherwise(otherwise)
    })
}

/// The sums of a measure, by group (`key`) and, with `by_year`, by year: `reports`, of which
/// `used`, `not_asked` and `incomplete`; `numerator`, `denominator`, `value`, `small`,
/// `scope_used`, `editions`.
///
/// # Errors
/// When Polars fails.
pub fn sums(
    base: &Base,
    request: &Request<'_>,
    (number, metric): (usize, &Metric),
    whole: Whole,
    by: Option<By>,
    by_year: bool,
) -> Result<LazyFrame, Error> {
    let plan = base.of(number)?.filter(whole.counts(request, metric));
    Ok(added(plan, request, (number, metric), by, by_year))
}

/// The same of reports that were chosen already.
pub fn added(
    plan: LazyFrame,
    request: &Request<'_>,
    (number, metric): (usize, &Metric),
    by: Option<By>,
    by_year: bool,
) -> LazyFrame {
    let mut keys = vec![lit(number as i64).cast(DataType::Int64).alias("metric")];
    let mut beside = Vec::new();
    if let Some(by) = by {
        let (key, names) = key(by);
        keys.push(key);
        beside = names;
    }
    if by_year {
        keys.push(col("year"));
    }
    let used = || col("n").is_not_null();
    let of_used = |name: &str| col(name).filter(used());
    let asked = col("asked").eq(lit(1)).or(col("edition").is_null());
    beside.extend([
        len().cast(DataType::Int64).alias("reports"),
        used().sum().cast(DataType::Int64).alias("used"),
        asked.clone().not().sum().cast(DataType::Int64).alias("not_asked"),
        asked.and(used().not()).sum().cast(DataType::Int64).alias("incomplete"),
        col("n").sum().alias("n"),
        col("d").sum().alias("d"),
        of_used("scope").min().alias("first_scope"),
        of_used("scope").max().alias("last_scope"),
        of_used("edition")
            .unique()
            .sort(Default::default())
            .str()
            .join("+", true)
            .alias("editions"),
    ]);
    let known = |column: &str| when(col("used").gt(lit(0))).then(col(column)).otherwise(lit(NULL));
    let denominator = match metric.denominator {
        Some(_) => known("d"),
        None => lit(NULL).cast(DataType::Int64),
    };
    let scopes = when(col("first_scope").eq(col("last_scope")))
        .then(col("first_scope"))
        .otherwise(col("first_scope") + lit("+") + col("last_scope"));
    let least = request.least(metric).unwrap_or(i64::MIN);
    plan.group_by(keys)
        .agg(beside)
        .with_columns([
            known("n").alias("numerator"),
            denominator.alias("denominator"),
            scopes.alias("scope_used"),
        ])
        .with_columns([
            value(metric.unit, "numerator", "denominator").alias("value"),
            col("denominator")
                .lt(lit(least))
                .fill_null(lit(false))
                .cast(DataType::Int64)
                .alias("small"),
        ])
        .drop(by_name(["n", "d", "first_scope", "last_scope"], true, false))
}

/// The value of a numerator and, where the unit has one, a denominator, as `metric::value` has it.
pub fn value(unit: Unit, numerator: &str, denominator: &str) -> Expr {
    if unit.is_plain() {
        return col(numerator);
    }
    let scale = if unit == Unit::Per100 { 100.0 } else { 1.0 };
    let float = |name: &str| col(name).cast(DataType::Float64);
    when(col(denominator).neq(lit(0)))
        .then(lit(scale) * float(numerator) / float(denominator))
        .otherwise(lit(NULL))
}

/// Frames one below the other; of no frames an empty one.
///
/// # Errors
/// When Polars fails.
pub fn stacked(plans: Vec<LazyFrame>) -> Result<LazyFrame, Error> {
    match plans.is_empty() {
        true => Ok(polars::prelude::DataFrame::empty().lazy()),
        false => Ok(concat(plans, UnionArgs { to_supertypes: true, ..UnionArgs::default() })?),
    }
}
