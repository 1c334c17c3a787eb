//! Each level's summary against the reports below it.

use std::collections::{BTreeMap, HashMap};

use super::bodies::{Pass, Writer};
use crate::region::is_central_branch;
use crate::report::Scope;
use crate::store::{self, Found, Part, StoreError, Summary, Wanted};
use crate::validate::{self, Known, Level, Sheet, Unit};

/// Compares the summaries below which something changed.
pub(super) fn look(pass: &Pass<'_>, writer: &mut Writer<'_>) -> Result<(), StoreError> {
    for id in pass.summaries.iter().take_while(|_| !pass.stopped()) {
        writer.put_reconciled(*id, &compare(pass, *id)?)?;
    }
    Ok(())
}

/// What is to be said of one summary; nothing where it is that of no level.
fn compare(pass: &Pass<'_>, id: i64) -> Result<Vec<Found>, StoreError> {
    let conn = pass.conn;
    let Some(summary) = store::summary(conn, id)? else { return Ok(Vec::new()) };
    let wanted = store::wanted(conn, &summary)?;
    let below = Below::new(&summary, store::parts(conn, &summary)?, &wanted);
    let ids: Vec<i64> = below.units.iter().map(|p| p.id).chain([id]).collect();
    let figures = pass.reader.figures(&ids)?;
    let outcomes = validate::reconcile(&Level {
        summary: figures.get(&id),
        units: &units(&below.units, &figures),
        known: below.known,
        missing: &below.missing,
    });
    let cells = pass.cells.about(id, &outcomes)?;
    let read = pass.reader.read(&[id], false)?;
    let Some(report) = read.first() else { return Ok(Vec::new()) };
    Ok(outcomes.into_iter().map(|o| Found::new(report, o, &cells)).collect())
}

fn units<'a>(parts: &'a [Part], figures: &'a HashMap<i64, Sheet<'a>>) -> Vec<Unit<'a>> {
    parts.iter().map(|p| Unit { name: &p.organ, sheet: figures.get(&p.id) }).collect()
}

/// What lies below a summary.
struct Below {
    /// The reports it should be the sum of.
    units: Vec<Part>,
    /// Names of those that are expected and not there.
    missing: Vec<String>,
    known: Known,
}

impl Below {
    fn new(summary: &Summary, parts: Vec<Part>, wanted: &[Wanted]) -> Below {
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
            !(w.scope == Scope::Aggregate && w.region == summary.region && w.township.is_none())
        };
        let wanted: Vec<&Wanted> =
            wanted.iter().filter(own_level).filter(|w| ours(&w.key, &w.organ)).collect();
        let needed = |w: &&&Wanted| !w.come && !is_covered(w, &units) && !has_bodies(w, &wanted);
        missing.extend(wanted.iter().filter(needed).map(|w| w.organ.clone()));
        missing.sort_unstable();
        missing.dedup();
        units.sort_unstable_by_key(|p| p.id);
        let known = match wanted.as_slice() {
            all if all.iter().any(|w| w.listed && w.region == summary.region) => Known::Listed,
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
