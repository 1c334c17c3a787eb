//! Why an analysis gave no answer.

use rust_i18n::t;

use crate::nearest::suggestion;
use crate::{metric, query, reason};

/// Why an analysis gave no answer: each one sentence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no analysis of that name.
    #[error("{}", t!("analyze.unknown", name = name, nearest = suggestion(.nearest.as_deref())))]
    Unknown {
        /// The name given.
        name: String,
        /// A name that looks like it.
        nearest: Option<String>,
    },
    /// There is no whole of that name.
    #[error("{}", t!("analyze.unknown_whole", name = name, known = known, nearest = suggestion(.nearest.as_deref())))]
    UnknownWhole {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
        /// A name that looks like it.
        nearest: Option<String>,
    },
    /// An option that it needs is not there.
    #[error("{}", t!("analyze.missing", analysis = analysis, what = what))]
    Missing {
        /// Analysis.
        analysis: String,
        /// What to give, as it is typed.
        what: String,
    },
    /// An option that it does not take.
    #[error("{}", t!("analyze.not_taken", analysis = analysis, option = option, options = options))]
    NotTaken {
        /// Analysis.
        analysis: String,
        /// Option.
        option: String,
        /// Those it takes.
        options: String,
    },
    /// Too many or too few of something.
    #[error("{}", t!("analyze.wrong_number", analysis = analysis, usage = usage))]
    WrongNumber {
        /// Analysis.
        analysis: String,
        /// How it is written.
        usage: String,
    },
    /// There is nothing to work on.
    #[error("{}", t!("analyze.nothing", what = what))]
    Nothing {
        /// Of what.
        what: String,
    },
    /// A forecast of too few years.
    #[error("{}", t!("analyze.too_few_years", years = years, least = least))]
    TooFewYears {
        /// Consecutive years there are.
        years: usize,
        /// Years it takes.
        least: usize,
    },
    /// Two that never reported in the same year.
    #[error("{}", t!("analyze.no_common_year", first = first, second = second))]
    NoCommonYear {
        /// The first of them.
        first: String,
        /// The second.
        second: String,
    },
    /// Nobody has the figure in every year.
    #[error("{}", t!("analyze.no_panel", years = years, bodies = bodies))]
    NoPanel {
        /// The years.
        years: String,
        /// Bodies that reported in some of them.
        bodies: usize,
    },
    /// The first year is not before the last.
    #[error("{}", t!("analyze.years", from = from, to = to))]
    Years {
        /// First year.
        from: i32,
        /// Last year.
        to: i32,
    },
    /// A measure that cannot be used.
    #[error(transparent)]
    Metric(#[from] metric::Error),
    /// The database cannot be read, or Polars fails.
    #[error(transparent)]
    Query(#[from] query::Error),
    /// SQLite fails.
    #[error("{}", t!("query.database", reason = reason::of_sqlite(.0)))]
    Database(#[from] rusqlite::Error),
    /// The built-in definitions are broken.
    #[error("{}", t!("analyze.broken", reason = .0))]
    Broken(String),
}

impl From<polars::prelude::PolarsError> for Error {
    fn from(error: polars::prelude::PolarsError) -> Error {
        let message = error.to_string().replace('\n', " ");
        Error::Query(query::Error::Polars { message, sql: String::new() })
    }
}
