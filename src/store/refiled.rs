//! Files that say something of another body, year or scope than before: what they said then counts
//! no more.

use std::borrow::Cow;

use rusqlite::{OptionalExtension, Row, params};

use super::cover::{Seat, stored_table};
use super::{CellReader, Filed, Store, StoreError};
use crate::report::{Report, Scope};

/// A report and where it stands.
struct Placed {
    id: i64,
    organ_id: i64,
    filed: Filed,
    seat: Seat,
}

/// The columns of a [`Placed`] of the report `r` and its body `o`.
const PLACED: &str =
    "r.id, r.organ_id, o.key, o.name, r.year, r.scope, r.region_code, r.township_code";

impl Placed {
    fn read(r: &Row<'_>) -> rusqlite::Result<Placed> {
        let (year, scope): (i32, String) = (r.get(4)?, r.get(5)?);
        let is_summary = scope == Scope::Aggregate.key();
        Ok(Placed {
            id: r.get(0)?,
            organ_id: r.get(1)?,
            filed: Filed { key: r.get(2)?, organ: r.get(3)?, year, scope },
            seat: Seat { year: Some(year), region: r.get(6)?, township: r.get(7)?, is_summary },
        })
    }
}

impl Store {
    /// Lets the current reports of another body, year or scope count no more that the file of this
    /// report held and no file holds now; where they were filed. The source of the report must have
    /// been put.
    pub(super) fn leave(&self, report: &Report, organ_id: i64) -> Result<Vec<Filed>, StoreError> {
        let mut find = self.conn.prepare_cached(&format!(
            "SELECT DISTINCT {PLACED}
             FROM source AS s
             INNER JOIN report_source AS l ON l.source_id = s.id
             INNER JOIN report AS r ON r.id = l.report_id
             INNER JOIN organ AS o ON o.id = r.organ_id
             WHERE s.path = ?1 AND s.is_last = 0 AND r.is_current = 1
                 AND NOT (r.organ_id = ?2 AND r.year = ?3 AND r.scope = ?4)
                 AND NOT EXISTS (SELECT 1 FROM held_report AS h WHERE h.report_id = r.id)"
        ))?;
        let own = params![report.source.path, organ_id, report.year, report.scope.map(Scope::key)];
        let left: Vec<Placed> = find.query_map(own, Placed::read)?.collect::<Result<_, _>>()?;
        left.iter().try_for_each(|left| self.retire(left))?;
        Ok(left.into_iter().map(|left| left.filed).collect())
    }

    /// In place of a report counts what another file holds of its body, year and scope: of several
    /// the last published. Corrections hold of it where it says the same.
    fn retire(&self, left: &Placed) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE report SET is_current = 0 WHERE id = ?1")?
            .execute([left.id])?;
        if left.seat.is_summary {
            self.uncover(&left.seat)?;
        }
        let mut next = self.conn.prepare_cached(&format!(
            "SELECT {PLACED}
             FROM report AS r
             INNER JOIN organ AS o ON o.id = r.organ_id
             WHERE r.organ_id = ?1 AND r.year = ?2 AND r.scope = ?3
                 AND EXISTS (SELECT 1 FROM held_report AS h WHERE h.report_id = r.id)
             ORDER BY r.published DESC, r.id LIMIT 1"
        ))?;
        let of = params![left.organ_id, left.filed.year, left.filed.scope];
        let Some(next) = next.query_row(of, Placed::read).optional()? else { return Ok(()) };
        let originals = CellReader::new(&self.conn)?.originals(next.id)?;
        if let Cow::Owned(_) = self.carry_over(next.id, &originals, None)?.cells {
            self.rebuild(next.id)?;
        }
        self.conn
            .prepare_cached("UPDATE report SET is_current = 1, covered_depth = ?2 WHERE id = ?1")?
            .execute([next.id, self.covered_depth(&next.seat)?])?;
        if next.seat.is_summary && stored_table(&self.conn, next.id)? {
            self.cover_below(&next.seat)?;
        }
        Ok(())
    }
}
