//! What the narrative of a report says of the figures in its tables.
//!
//! A section is folded (`folded`) and cut into sentences. These, up to the last that can state
//! anything and without those that can change nothing (`bearing`), are cut into words (`token`, by
//! those of `data/narrative.toml` in `lexicon`) and read clause by clause (`clause`, `denial`,
//! `listing`). What is not clearly the reporting body's, the year's and the measure's figure is left
//! alone or comes out [`Certainty::Ambiguous`]: a wrong accusation costs more than a missed one.

mod bearing;
mod clause;
mod context;
mod denial;
mod fee;
mod folded;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod generated;
mod lexicon;
mod listing;
mod names;
mod organ;
#[cfg(test)]
mod tests;
mod token;
mod trie;

pub use fee::{ProcessingFee, processing_fee};

use std::ops::Range;
use std::sync::Arc;

use crate::report::{Report, Scope, Section};

/// A figure of the series over all editions, `[series.*]` of a form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Figure {
    /// Key of the series.
    pub series: Arc<str>,
    /// Key of the figure in it.
    pub figure: Arc<str>,
}

/// How a text gives a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// As a number.
    Stated,
    /// By saying that there was none.
    Denied,
}

/// How sure it is that a number is this body's, this year's and this measure's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing else can be meant; only this may become a finding.
    Certain,
    /// Something else may be meant.
    Ambiguous,
}

/// A figure that the narrative claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed.
    pub figure: Figure,
    /// Its value, 0 where it is denied.
    pub value: u64,
    /// How it is claimed.
    pub claimed: Claimed,
    /// Whether it can mean anything else.
    pub certainty: Certainty,
    /// Number of the section.
    pub section: u8,
    /// The number or the denying word, in bytes of the section's text.
    pub span: Range<usize>,
    /// The sentence, in bytes of the section's text.
    pub sentence: Range<usize>,
}

/// A whole with the parts that the narrative lists for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The whole.
    pub total: u64,
    /// The parts in their order.
    pub parts: Vec<u64>,
    /// Whether the parts are meant to be all of it.
    pub certainty: Certainty,
    /// Number of the section.
    pub section: u8,
    /// From the whole to the last part, in bytes of the section's text.
    pub span: Range<usize>,
    /// The sentence, in bytes of the section's text.
    pub sentence: Range<usize>,
}

/// Whose narrative it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Body<'a> {
    /// Name of the reporting body.
    pub organ: Option<&'a str>,
    /// Reporting year.
    pub year: Option<i32>,
    /// Own report or a level's summary.
    pub scope: Option<Scope>,
}

impl<'a> From<&'a Report> for Body<'a> {
    fn from(report: &'a Report) -> Self {
        Body { organ: report.organ.as_deref(), year: report.year, scope: report.scope }
    }
}

/// What the narrative claims, in reading order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Figures of the series.
    pub claims: Vec<Claim>,
    /// Breakdowns of any figure.
    pub listings: Vec<Listing>,
}

/// Reads the narrative of a report.
#[must_use]
pub fn read(sections: &[Section], body: &Body<'_>) -> Reading {
    let organ = organ::Organ::new(body.organ);
    let mut reading = Reading::default();
    for section in sections {
        context::section(section, body, &organ, &mut reading);
    }
    reading
}
