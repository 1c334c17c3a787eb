//! What is asked of an analysis, with all names found.

use std::ops::RangeInclusive;

use crate::form::Forms;
use crate::lang::Lang;
use crate::metric::{Metric, Metrics, Selection};
use crate::region::{Code, Kind, Level};
use crate::report::Scope;

use super::Definition;

/// How high bodies stand, the highest first.
pub const LEVELS: [Level; 5] =
    [Level::Central, Level::Province, Level::City, Level::County, Level::Township];

/// What an answer is grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The regions one level below the one asked for.
    Region,
    /// Level of the body.
    Level,
    /// Kind of the body.
    Kind,
    /// Body, followed over renames.
    Body,
    /// Reporting year.
    Year,
}

impl By {
    /// All of them.
    pub const ALL: [By; 5] = [By::Region, By::Level, By::Kind, By::Body, By::Year];

    /// The key, as `--by` has it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            By::Region => "region",
            By::Level => "level",
            By::Kind => "kind",
            By::Body => "body",
            By::Year => "year",
        }
    }

    /// The columns of the answer that name the group.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            By::Region => &["region_code", "region"],
            By::Level => &["level"],
            By::Kind => &["kind"],
            By::Body => &["body", "region"],
            By::Year => &["year"],
        }
    }
}

/// What makes bodies peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The same level.
    Level,
    /// The same kind.
    Kind,
    /// The same region one level below the one asked for.
    Region,
    /// All are.
    All,
}

impl Peer {
    /// All of them.
    pub const ALL: [Peer; 4] = [Peer::Level, Peer::Kind, Peer::Region, Peer::All];

    /// The key, as `--peers` has it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Peer::Level => "level",
            Peer::Kind => "kind",
            Peer::Region => "region",
            Peer::All => "all",
        }
    }
}

/// How outliers are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// By the median absolute deviation.
    #[default]
    Mad,
    /// By the interquartile range.
    Iqr,
}

/// Somebody or something that stands behind the name of an analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A body.
    Body {
        /// Id of the body.
        organ: i64,
        /// What it is in the end.
        series: i64,
        /// Name.
        name: String,
    },
    /// A region with all under it.
    Region {
        /// Code.
        code: Code,
        /// Name.
        name: String,
    },
    /// A reporting year.
    Year(i32),
    /// What is broken down.
    Whole(String),
}

impl Subject {
    /// As people read it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Subject::Body { name, .. } | Subject::Region { name, .. } => name.clone(),
            Subject::Year(year) => year.to_string(),
            Subject::Whole(name) => name.clone(),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Of which analysis.
    pub definition: &'a Definition,
    /// The forms of this run.
    pub forms: &'a Forms,
    /// The measures of this run.
    pub known: &'a Metrics,
    /// The measures named.
    pub metrics: Vec<&'a Metric>,
    /// What stands behind the name.
    pub subjects: Vec<Subject>,
    /// Groups.
    pub by: Option<By>,
    /// Region with all under it; everywhere if left out.
    pub region: Option<Code>,
    /// Bodies of that level only.
    pub level: Option<Level>,
    /// Bodies of that kind only.
    pub kind: Option<Kind>,
    /// First year.
    pub from: Option<i32>,
    /// Last year; the year, where one is asked for.
    pub to: Option<i32>,
    /// What makes bodies peers.
    pub peers: Vec<Peer>,
    /// Own reports or summaries only.
    pub scope: Option<Scope>,
    /// Least denominator, in place of the measure's.
    pub minimum: Option<i64>,
    /// How outliers are told.
    pub method: Method,
    /// Language of labels and notes.
    pub lang: Lang,
}

impl Request<'_> {
    /// The years asked for.
    #[must_use]
    pub fn years(&self) -> RangeInclusive<i32> {
        self.from.unwrap_or(0)..=self.to.unwrap_or(9999)
    }

    /// The reports that may count.
    #[must_use]
    pub fn selection(&self) -> Selection {
        let (years, region) = (self.years(), self.region);
        match self.series() {
            Some(series) => Selection::Series { years, series },
            None => Selection::Current { years, region },
        }
    }

    /// The body that is named.
    #[must_use]
    pub fn series(&self) -> Option<i64> {
        self.subjects.iter().find_map(|subject| match subject {
            Subject::Body { series, .. } => Some(*series),
            _ => None,
        })
    }

    /// The least denominator of a measure.
    #[must_use]
    pub fn least(&self, metric: &Metric) -> Option<i64> {
        match metric.denominator {
            Some(_) => self.minimum.or(metric.least),
            None => None,
        }
    }
}
