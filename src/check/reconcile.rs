//! Each level's summary against the reports below it.

use std::collections::HashMap;

use super::below::Below;
use super::bodies::{Pass, Writer};
use crate::store::{self, Found, Part, StoreError};
use crate::validate::{self, Level, Sheet, Unit};

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
    let below = Below::summary(conn, &summary)?;
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
