//! What a load must tell of a file although it is loaded: where options, manifest and document
//! say different things, and where the file stands already.

use rust_i18n::t;

use crate::parse::{Hints, Stated};
use crate::region::{Code, Context, Organ, Regions};
use crate::report::Report;
use crate::store::Filed;

/// Where a manifest or an option says other than the document, and which of them was taken; a
/// sentence for each.
pub fn differences(
    report: &Report,
    stated: &Stated,
    hints: &Hints,
    regions: &Regions,
) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    if let Some(stated) = stated.year {
        let differs = |said: &i32| *said != stated;
        if let Some(said) = hints.year.filter(differs) {
            notes.push(t!("load.note.manifest_year", said = said, stated = stated).into());
        } else if let Some(said) =
            hints.otherwise.year.filter(|_| hints.year.is_none()).filter(differs)
        {
            notes.push(t!("load.note.option_year", said = said, stated = stated).into());
        }
    }
    let Some(stated) = &stated.organ else { return notes };
    let region = hints.region.or(report.region_code.as_ref().and_then(|c| c.parse().ok()));
    let differs = |name: &&String| {
        let context = Context { region, year: report.year, mentions: &[] };
        let said = regions.resolve(name, context);
        !said.is_some_and(|said| is_same(&said, stated))
    };
    if let Some(said) = hints.organ.as_ref().filter(differs) {
        notes.push(t!("load.note.manifest_organ", said = said, stated = stated.name).into());
    } else if hints.organ.is_none()
        && let Some(said) = hints.otherwise.organ.as_ref().filter(differs)
    {
        notes.push(t!("load.note.option_organ", said = said, stated = stated.name).into());
    } else if let Some((said, place)) =
        hints.region.zip(stated.township_code.or(stated.region_code))
        && !regions.contains(said, place)
        && !regions.contains(place, said)
        && hints.organ.is_none()
    {
        let said = regions.path(said);
        notes.push(t!("load.note.region", said = said, stated = stated.name).into());
    }
    notes
}

/// Whether a name that was given means the body that a document names: a name without its place
/// may be the end of the full one.
fn is_same(said: &Organ, stated: &Organ) -> bool {
    said.same_body(stated) || (!said.is_placed() && stated.name.ends_with(&said.name))
}

/// That a file stands elsewhere than it would be filed now; none if it does not.
pub fn filed_elsewhere(before: &Filed, now: &Filed) -> Option<String> {
    let same = (&before.key, before.year, &before.scope) == (&now.key, now.year, &now.scope);
    (!same).then(|| t!("load.note.filed", filed = filing(before), now = filing(now)).into())
}

/// That what a file was filed under before does not count any more.
pub fn left(before: &Filed) -> String {
    t!("load.note.left", filed = filing(before)).into()
}

/// A body, a year and whose report, for people.
pub fn filing(filed: &Filed) -> String {
    let scope = match filed.scope.as_str() {
        "own" => t!("show.own"),
        _ => t!("show.aggregate"),
    };
    t!("load.note.filing", organ = filed.organ, year = filed.year, scope = scope).into()
}

/// Gives a parsed report the body of a name that was said of it.
pub fn set_organ(report: &mut Report, name: &str, region: Option<Code>, regions: &Regions) {
    let own = report.region_code.as_ref().and_then(|c| c.parse().ok());
    let resolve = |name: &str| {
        let context = Context { region: region.or(own), year: report.year, mentions: &[] };
        regions.resolve(name, context)
    };
    let Some(said) = resolve(name) else { return };
    if report.organ.as_deref().and_then(resolve).is_some_and(|known| is_same(&said, &known)) {
        return;
    }
    report.region_code = said.region_code.map(|c| c.to_string());
    report.township_code = said.township_code.map(|c| c.to_string());
    report.organ = Some(said.name);
}

/// That a correction by hand does not hold any more.
pub fn lapsed(cell: &str) -> String {
    t!("load.note.lapsed", cell = cell).into()
}

/// That a correction by hand holds again.
pub fn revived(cell: &str) -> String {
    t!("load.note.revived", cell = cell).into()
}
