//! Bodies of a year with a value each: what is ranked, distributed and compared with peers. These
//! are the bodies' own rates, not ratios of sums.

use polars::prelude::{DataType, Expr, LazyFrame, NULL, col, lit, when};

use super::error::Error;
use super::frame::Base;
use super::request::{Peer, Request};
use super::sums::{Whole, value};
use crate::metric::Metric;

/// Peers that a distribution should have.
pub const FEW: i64 = 10;

/// The reports that count, each a body: `body`, `region`, `peers`, `numerator`, `denominator`,
/// `value`, and `state`: `used`, `none` (no value) or `small` (below the least).
///
/// # Errors
/// When Polars fails.
pub fn bodies(
    base: &Base,
    request: &Request<'_>,
    (number, metric): (usize, &Metric),
    peers: &[Peer],
) -> Result<LazyFrame, Error> {
    let denominator = match metric.denominator {
        Some(_) => col("d"),
        None => lit(NULL).cast(DataType::Int64),
    };
    let least = request.least(metric).unwrap_or(i64::MIN);
    let is_small = col("denominator").lt(lit(least)).fill_null(lit(false));
    let state = when(col("value").is_null())
        .then(lit("none"))
        .otherwise(when(is_small).then(lit("small")).otherwise(lit("used")));
    Ok(base
        .of(number)?
        .filter(Whole::Bodies.counts(request, metric))
        .with_columns([
            col("organ").alias("body"),
            group(peers).alias("peers"),
            col("n").alias("numerator"),
            denominator.alias("denominator"),
        ])
        .with_column(col("home").alias("region"))
        .with_column(value(metric.unit, "numerator", "denominator").alias("value"))
        .with_column(state.alias("state")))
}

/// The group of a body among its peers, as a key.
fn group(peers: &[Peer]) -> Expr {
    let part = |peer: &Peer| match peer {
        Peer::Level => col("level"),
        Peer::Kind => col("kind"),
        Peer::Region => col("region"),
        Peer::All => lit("all"),
    };
    let mut parts = peers.iter().map(|peer| part(peer).fill_null(lit("")));
    let first = parts.next().unwrap_or_else(|| lit("all"));
    parts.fold(first, |whole, part| whole + lit("/") + part)
}

/// What makes bodies peers where nothing is said: the same level and kind.
#[must_use]
pub fn peers_or_same(request: &Request<'_>) -> Vec<Peer> {
    match request.peers.is_empty() {
        true => vec![Peer::Level, Peer::Kind],
        false => request.peers.clone(),
    }
}
