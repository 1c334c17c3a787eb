//! The reports that a level's summary is the sum of, and those that are expected and not there.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::region::is_central_branch;
use crate::report::Scope;
use crate::store::{self, Part, StoreError, Summary, Wanted};
use crate::validate::Known;

/// What lies below a level's summary, whether there is one or not.
#[derive(Debug, Clone)]
pub struct Below {
    /// The reports it is the sum of: own reports, and the summaries of places below.
    pub units: Vec<Part>,
    /// Names of those that are expected and not there.
    pub missing: Vec<String>,
    /// How it is known who is expected.
    pub known: Known,
}

impl Below {
    /// Below a summary.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn summary(conn: &Connection, summary: &Summary) -> Result<Below, StoreError> {
        Below::of(conn, &summary.region, summary.year, Some(summary.id))
    }

    /// Below the level of a region, six digits: what its summary, whose report is named if it is
    /// there, should be the sum of.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn of(
        conn: &Connection,
        region: &str,
        year: i32,
        summary: Option<i64>,
    ) -> Result<Below, StoreError> {
        let parts = store::parts(conn, region, year, summary)?;
        Ok(Below::new(region, parts, &store::wanted(conn, region, year)?))
    }

    fn new(region: &str, parts: Vec<Part>, wanted: &[Wanted]) -> Below {
        let listed = |key: &str| wanted.iter().any(|w| w.listed && w.key == key);
        // a central body's branch reports upwards, unless the list says other
        let ours = |key: &str, name: &str| !is_central_branch(name) || listed(key);
        let mut missing = Vec::new();
        let mut units = Vec::new();
        let mut places: BTreeMap<(String, Option<String>), Vec<Part>> = BTreeMap::new();
        for part in parts.into_iter().filter(|p| ours(&p.key, &p.organ)) {
            match part.scope {
                Scope::Own => units.push(part),
                Scope::Aggregate => places
                    .entry((part.region.clone(), part.township.clone()))
                    .or_default()
                    .push(part),
            }
        }
        // of several summaries of a place the one that speaks for it
        for ((_, township), of_place) in places {
            let best = of_place.iter().find(|p| p.speaks || township.is_some());
            match (best, of_place.first()) {
                (Some(best), _) => units.push(best.clone()),
                (None, Some(other)) => missing.push(other.organ.clone()),
                (None, None) => {}
            }
        }
        let own_level = |w: &&Wanted| {
            !(w.scope == Scope::Aggregate && w.region == region && w.township.is_none())
        };
        let wanted: Vec<&Wanted> =
            wanted.iter().filter(own_level).filter(|w| ours(&w.key, &w.organ)).collect();
        let needed = |w: &&&Wanted| !w.come && !is_covered(w, &units) && !has_bodies(w, &wanted);
        missing.extend(wanted.iter().filter(needed).map(|w| w.organ.clone()));
        missing.sort_unstable();
        missing.dedup();
        units.sort_unstable_by_key(|p| p.id);
        let known = match wanted.as_slice() {
            all if all.iter().any(|w| w.listed && w.region == region) => Known::Listed,
            [] => Known::Nobody,
            _ => Known::LastYear,
        };
        Below { units, missing, known }
    }
}

/// Whether a summary between stands for an expected report.
fn is_covered(wanted: &Wanted, units: &[Part]) -> bool {
    let stands = |p: &&Part| match &p.township {
        Some(township) => wanted.township.as_ref() == Some(township),
        None => is_under(&wanted.region, &p.region),
    };
    units.iter().filter(|p| p.scope == Scope::Aggregate).any(|p| stands(&p))
}

/// Whether an expected report is the summary of a place whose bodies are expected one by one: then
/// theirs will do.
fn has_bodies(summary: &Wanted, wanted: &[&Wanted]) -> bool {
    let below = |w: &&&Wanted| match &summary.township {
        Some(township) => w.township.as_ref() == Some(township),
        None => is_under(&w.region, &summary.region),
    };
    summary.scope == Scope::Aggregate
        && wanted.iter().filter(|w| w.scope == Scope::Own).any(|w| below(&w))
}

/// Whether a region is another or lies under it, as their codes tell.
fn is_under(region: &str, other: &str) -> bool {
    region.starts_with(other.trim_end_matches("00"))
}
