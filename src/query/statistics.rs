//! The aggregates of statistics that SQLite lacks, under the names that DuckDB and Polars have:
//! `median`, `percentile`, `quantile_cont`, `stddev`, `stddev_samp`, `stddev_pop`, `variance`,
//! `var_samp`, `var_pop`, `corr`. NULL is left out; of nothing the answer is NULL. Quantiles are
//! interpolated between the two nearest values.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result, ffi};
use rust_i18n::t;

/// Numbers that all quantiles of a statement may hold at once: 128 MiB.
const MAX_HELD: usize = 16 << 20;

/// Makes them known to this connection.
pub(super) fn install(conn: &Connection, flags: FunctionFlags) -> Result<()> {
    let held = Arc::new(AtomicUsize::new(0));
    for (name, arguments, scale) in
        [("median", 1, 1.0), ("quantile_cont", 2, 1.0), ("percentile", 2, 100.0)]
    {
        let quantile = Quantile { name, scale, held: Arc::clone(&held) };
        conn.create_aggregate_function(name, arguments, flags, quantile)?;
    }
    for (name, less, root) in [
        ("stddev", 1.0, true),
        ("stddev_samp", 1.0, true),
        ("stddev_pop", 0.0, true),
        ("variance", 1.0, false),
        ("var_samp", 1.0, false),
        ("var_pop", 0.0, false),
    ] {
        conn.create_aggregate_function(name, 1, flags, Spread { name, less, root })?;
    }
    conn.create_aggregate_function("corr", 2, flags, Correlation)
}

fn error(sentence: impl Into<String>) -> Error {
    Error::UserFunctionError(sentence.into().into())
}

/// An argument as a number; none for NULL.
fn number(context: &Context<'_>, index: usize, function: &str) -> Result<Option<f64>> {
    let refused = |what: &str| error(t!("query.no_number", function = function, value = what));
    match context.get_raw(index) {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(n) => Ok(Some(n as f64)),
        ValueRef::Real(x) => Ok(Some(x)),
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            let number = text.trim().parse().ok().filter(|x: &f64| x.is_finite());
            let begin: String = text.chars().take(40).collect();
            number.map(Some).ok_or_else(|| refused(&begin))
        }
        ValueRef::Blob(_) => Err(refused("BLOB")),
    }
}

/// `median(x)`, `quantile_cont(x, q)` and `percentile(x, p)`; `scale` is the q of the greatest value.
struct Quantile {
    name: &'static str,
    scale: f64,
    held: Arc<AtomicUsize>,
}

/// The numbers of a group, and which of their quantiles is asked for.
struct Sample {
    numbers: Vec<f64>,
    at: Option<f64>,
    held: Arc<AtomicUsize>,
}

impl Drop for Sample {
    fn drop(&mut self) {
        self.held.fetch_sub(self.numbers.len(), Ordering::Relaxed);
    }
}

impl Quantile {
    /// Which quantile, from 0 to 1.
    fn at(&self, context: &Context<'_>) -> Result<f64> {
        if context.len() < 2 {
            return Ok(0.5);
        }
        let at = number(context, 1, self.name)?;
        at.filter(|at| (0.0..=self.scale).contains(at))
            .map(|at| at / self.scale)
            .ok_or_else(|| error(t!("query.no_quantile", function = self.name, most = self.scale)))
    }
}

impl Aggregate<Sample, Option<f64>> for Quantile {
    fn init(&self, _: &mut Context<'_>) -> Result<Sample> {
        Ok(Sample { numbers: Vec::new(), at: None, held: Arc::clone(&self.held) })
    }

    fn step(&self, context: &mut Context<'_>, sample: &mut Sample) -> Result<()> {
        let at = self.at(context)?;
        if *sample.at.get_or_insert(at) != at {
            return Err(error(t!("query.two_quantiles", function = self.name)));
        }
        if let Some(x) = number(context, 0, self.name)? {
            if self.held.fetch_add(1, Ordering::Relaxed) >= MAX_HELD {
                self.held.fetch_sub(1, Ordering::Relaxed);
                return Err(Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_TOOBIG), None));
            }
            sample.numbers.push(x);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, sample: Option<Sample>) -> Result<Option<f64>> {
        let Some(mut sample) = sample else { return Ok(None) };
        let at = sample.at.unwrap_or(0.5);
        Ok(quantile(&mut sample.numbers, at))
    }
}

/// The quantile of numbers in any order, between the two that are nearest to it; none of nothing.
fn quantile(numbers: &mut [f64], at: f64) -> Option<f64> {
    let last = numbers.len().checked_sub(1)?;
    let place = at * last as f64;
    let below = (place.floor() as usize).min(last);
    let (_, low, above) = numbers.select_nth_unstable_by(below, f64::total_cmp);
    let low = *low;
    let part = place - below as f64;
    let high = above.iter().copied().min_by(f64::total_cmp).filter(|_| part > 0.0);
    match high {
        None => Some(low),
        Some(high) if low == high => Some(low),
        // the difference of two numbers may be out of range where no number between them is
        Some(high) if (high - low).is_infinite() && low.is_finite() && high.is_finite() => {
            Some(low * (1.0 - part) + high * part)
        }
        Some(high) => Some(part * (high - low) + low),
    }
}

/// Variances and standard deviations: `less` is 1 for a sample, 0 for all there are.
struct Spread {
    name: &'static str,
    less: f64,
    root: bool,
}

/// Count, mean and squared deviations so far (Welford).
#[derive(Default)]
struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, x: f64) {
        self.count += 1.0;
        let before = x - self.mean;
        self.mean += before / self.count;
        self.squares += before * (x - self.mean);
    }

    fn variance(&self, less: f64) -> Option<f64> {
        (self.count > less).then(|| self.squares / (self.count - less))
    }
}

impl Aggregate<Moments, Option<f64>> for Spread {
    fn init(&self, _: &mut Context<'_>) -> Result<Moments> {
        Ok(Moments::default())
    }

    fn step(&self, context: &mut Context<'_>, moments: &mut Moments) -> Result<()> {
        if let Some(x) = number(context, 0, self.name)? {
            moments.add(x);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, moments: Option<Moments>) -> Result<Option<f64>> {
        let variance = moments.and_then(|moments| moments.variance(self.less));
        Ok(variance.map(|variance| if self.root { variance.sqrt() } else { variance }))
    }
}

/// `corr(x, y)`: Pearson's; of pairs in which both are.
struct Correlation;

/// The same of pairs, with the products of their deviations.
#[derive(Default)]
struct Pairs {
    x: Moments,
    y: Moments,
    products: f64,
}

impl Pairs {
    fn add(&mut self, x: f64, y: f64) {
        let before = x - self.x.mean;
        self.x.add(x);
        self.y.add(y);
        self.products += before * (y - self.y.mean);
    }

    /// None where either does not vary.
    fn correlation(&self) -> Option<f64> {
        let spread = self.x.squares.sqrt() * self.y.squares.sqrt();
        (spread > 0.0).then(|| (self.products / spread).clamp(-1.0, 1.0))
    }
}

impl Aggregate<Pairs, Option<f64>> for Correlation {
    fn init(&self, _: &mut Context<'_>) -> Result<Pairs> {
        Ok(Pairs::default())
    }

    fn step(&self, context: &mut Context<'_>, pairs: &mut Pairs) -> Result<()> {
        let pair = number(context, 0, "corr")?.zip(number(context, 1, "corr")?);
        if let Some((x, y)) = pair {
            pairs.add(x, y);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, pairs: Option<Pairs>) -> Result<Option<f64>> {
        Ok(pairs.and_then(|pairs| pairs.correlation()))
    }
}
