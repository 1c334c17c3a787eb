//! An outcome of a rule ready to be kept: with its evidence, and what people refer to it by.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::subjects::Stored;
use crate::report::{Cell, Place, Scope};
use crate::validate::repair::{self, Repair};
use crate::validate::{Case, Outcome, Quantity, Rule, Verdict};

/// What a finding is about, as it stands in the source.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Evidence {
    /// A cell.
    Cell {
        /// `table/row/column`.
        cell: String,
        /// Its text in the document; none where that has no such cell.
        raw: Option<String>,
        /// What it is taken to say, where somebody corrected it.
        #[serde(skip_serializing_if = "Option::is_none")]
        corrected: Option<String>,
        /// Its place.
        at: Option<Place>,
        /// The report it is of, where that is another than the finding's.
        #[serde(rename = "report", skip_serializing_if = "Option::is_none")]
        of: Option<Of>,
    },
    /// Words of the narrative.
    Words {
        /// Number of the section.
        section: u8,
        /// The words, verbatim.
        text: String,
        /// The report they are of, where that is another than the finding's.
        #[serde(rename = "report", skip_serializing_if = "Option::is_none")]
        of: Option<Of>,
    },
}

/// Another report that evidence is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Of {
    /// Its body.
    pub organ: String,
    /// Its year.
    pub year: Option<i32>,
    /// Its source.
    pub path: String,
    /// Own report or summary.
    pub scope: Option<Scope>,
}

impl Of {
    /// A stored report.
    #[must_use]
    pub fn report(stored: &Stored<'_>) -> Of {
        let subject = &stored.subject;
        Of {
            organ: subject.organ.clone().unwrap_or_default(),
            year: subject.year,
            path: stored.path.clone(),
            scope: subject.scope,
        }
    }
}

/// The cells and words that an outcome is about.
#[must_use]
pub fn evidence(outcome: &Outcome, cells: &[Cell]) -> Vec<Evidence> {
    let words = outcome.passages.iter();
    let words =
        words.map(|p| Evidence::Words { section: p.section, text: p.text.clone(), of: None });
    cell_evidence(outcome, cells, None).into_iter().chain(words).collect()
}

/// The cells that an outcome is about, as they stand in a report: its own, or that of `of`.
#[must_use]
pub fn cell_evidence(outcome: &Outcome, cells: &[Cell], of: Option<&Of>) -> Vec<Evidence> {
    let own = |c: &&Cell| c.edition.is_none() || c.edition == outcome.edition;
    let cell = |name: &String| {
        let mut keys = name.split('/');
        let (table, row, column) = (keys.next()?, keys.next()?, keys.next()?);
        let named = |c: &&Cell| c.table == table && c.row == row && c.column == column;
        // a report that mixes editions may have a cell of that name in each
        let mut found = cells.iter().filter(named).filter(own);
        let cell = found.find(|c| c.raw.is_some())?;
        let (raw, corrected) = match &cell.correction {
            Some(original) => (original.raw.clone(), cell.raw.clone()),
            None => (cell.raw.clone(), None),
        };
        let (cell, at, of) = (name.clone(), cell.at.clone(), of.cloned());
        Some(Evidence::Cell { cell, raw, corrected, at, of })
    };
    outcome.cells.iter().filter_map(cell).collect()
}

/// An outcome ready to be kept.
#[derive(Debug, Clone)]
pub struct Found {
    /// What the rule said.
    pub outcome: Outcome,
    /// What it is about.
    pub evidence: Vec<Evidence>,
    /// What people refer to it by: the same for the same body, year, scope, rule, cells and words,
    /// whatever database they are in.
    pub key: String,
    /// Identity of the facts it rests on: a decision lapses when it changes.
    pub facts: String,
    /// What would settle it.
    pub repair: Option<Repair>,
    /// Id of the other report it is about, if it is about one: it is looked at again when that
    /// changes.
    pub other: Option<i64>,
}

/// What a finding over bodies is, where its own cells and words do not tell.
#[derive(Debug, Default)]
pub struct Between<'a> {
    /// What tells it from others of its rule in the report, whatever database they are in.
    pub apart: &'a [&'a str],
    /// What it rests on beside its evidence: figures that move with every report loaded should not
    /// be among it, lest each load makes a decision lapse.
    pub facts: &'a [String],
    /// Id of the other report.
    pub other: Option<i64>,
}

impl Found {
    /// The outcomes of a case, which is of this report; `cells` are the report's as parsed.
    #[must_use]
    pub fn all(
        report: &Stored<'_>,
        case: &Case<'_>,
        outcomes: Vec<Outcome>,
        cells: &[Cell],
    ) -> Vec<Found> {
        let repairs = repair::propose(case, &outcomes, cells);
        let found = |(outcome, repair)| Found { repair, ..Found::new(report, outcome, cells) };
        outcomes.into_iter().zip(repairs).map(found).collect()
    }

    /// An outcome that no repair is proposed for; `cells` are the report's as parsed.
    #[must_use]
    pub fn new(report: &Stored<'_>, outcome: Outcome, cells: &[Cell]) -> Found {
        if outcome.verdict == Verdict::Pass {
            return Found::passed(outcome.rule);
        }
        let evidence = evidence(&outcome, cells);
        let about = outcome.cells.iter().chain(outcome.passages.iter().map(|p| &p.text));
        let shown = |q: &Option<Quantity>| format!("{q:?}");
        let expected = shown(&outcome.expected);
        // one about no cells and no words is told from others of its rule by what it wants
        let bare = outcome.cells.is_empty() && outcome.passages.is_empty();
        let wants = bare.then_some(expected.as_str());
        let key = key(report, &outcome, about.map(String::as_str).chain(wants));
        let facts = facts(&[expected, shown(&outcome.found)], &evidence);
        Found { outcome, evidence, key, facts, repair: None, other: None }
    }

    /// That a rule holds.
    #[must_use]
    pub fn passed(rule: &'static Rule) -> Found {
        let (key, facts) = (String::new(), String::new());
        let (outcome, evidence) = (Outcome::passed(rule), Vec::new());
        Found { outcome, evidence, key, facts, repair: None, other: None }
    }

    /// An outcome of a rule over bodies.
    #[must_use]
    pub fn between(
        report: &Stored<'_>,
        outcome: Outcome,
        evidence: Vec<Evidence>,
        between: &Between<'_>,
    ) -> Found {
        let key = key(report, &outcome, between.apart.iter().copied());
        let facts = facts(between.facts, &evidence);
        Found { outcome, evidence, key, facts, repair: None, other: between.other }
    }
}

/// What people refer to a finding by.
fn key<'a>(report: &Stored<'_>, outcome: &Outcome, about: impl Iterator<Item = &'a str>) -> String {
    let year = report.subject.year.unwrap_or_default().to_string();
    let scope = report.subject.scope.map_or("", Scope::key);
    let named = [report.organ_key.as_str(), &year, scope, &outcome.rule.id];
    // the words are the caller's, the names live as long as this
    let about: Vec<&str> = about.collect();
    short_hash(named.into_iter().chain(about.iter().copied()), 6)
}

/// Identity of facts.
fn facts(first: &[String], evidence: &[Evidence]) -> String {
    let mut parts = first.to_vec();
    for evidence in evidence {
        match evidence {
            Evidence::Cell { cell, raw, corrected, .. } => {
                // what the rules looked at
                let says = corrected.as_ref().or(raw.as_ref());
                parts.extend([cell.clone(), says.cloned().unwrap_or_default()]);
            }
            Evidence::Words { text, .. } => parts.push(text.clone()),
        }
    }
    short_hash(parts.iter().map(String::as_str), 16)
}

fn short_hash<'a>(parts: impl Iterator<Item = &'a str>, bytes: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize()[..bytes])
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let halves = bytes.iter().flat_map(|b| [b >> 4, b & 15]);
    halves.map(|half| char::from(DIGITS[usize::from(half)])).collect()
}
