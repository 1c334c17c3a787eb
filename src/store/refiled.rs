//! Files that say something of another body, year or scope than before: what they said then counts
//! no more.

use rusqlite::{OptionalExtension, params};

use super::cover::{Seat, stored_table};
use super::{Filed, Store, StoreError};
use crate::report::{Report, Scope};

/// A current report that a file held.
struct Held {
    id: i64,
    organ_id: i64,
    filed: Filed,
    seat: Seat,
}

impl Store {
    /// Lets the current reports of another body, year or scope that the file of this report held
    /// count no more, unless another file holds them, too; where they were filed.
    pub(super) fn leave(&self, report: &Report, organ_id: i64) -> Result<Vec<Filed>, StoreError> {
        let path = &report.source.path;
        let mut find = self.conn.prepare_cached(
            "SELECT r.id, r.organ_id, o.key, o.name, r.year, r.scope, r.region_code, r.township_code
             FROM source AS s
             INNER JOIN report_source AS l ON l.source_id = s.id
             INNER JOIN report AS r ON r.id = l.report_id AND r.source_id = s.id
             INNER JOIN organ AS o ON o.id = r.organ_id
             WHERE s.path = ?1 AND r.is_current = 1
                 AND NOT (r.organ_id = ?2 AND r.year = ?3 AND r.scope = ?4)",
        )?;
        let own = params![path, organ_id, report.year, report.scope.map(Scope::key)];
        let held = find.query_map(own, |r| {
            let (year, scope): (i32, String) = (r.get(4)?, r.get(5)?);
            let is_summary = scope == Scope::Aggregate.key();
            Ok(Held {
                id: r.get(0)?,
                organ_id: r.get(1)?,
                filed: Filed { key: r.get(2)?, organ: r.get(3)?, year, scope },
                seat: Seat { year: Some(year), region: r.get(6)?, township: r.get(7)?, is_summary },
            })
        })?;
        let mut left = Vec::new();
        for held in held.collect::<Result<Vec<_>, _>>()? {
            if !self.is_held_beside(held.id, path)? {
                self.retire(&held, path)?;
                left.push(held.filed);
            }
        }
        Ok(left)
    }

    fn is_held_beside(&self, report: i64, path: &str) -> Result<bool, StoreError> {
        let mut other = self.conn.prepare_cached(
            "SELECT EXISTS (
                 SELECT 1 FROM report_source AS l INNER JOIN source AS s ON s.id = l.source_id
                 WHERE l.report_id = ?1 AND s.path <> ?2
             )",
        )?;
        Ok(other.query_row(params![report, path], |r| r.get(0))?)
    }

    /// In place of a report counts what another file now says of its body, year and scope: of
    /// several the last published.
    fn retire(&self, held: &Held, path: &str) -> Result<(), StoreError> {
        let mut set =
            self.conn.prepare_cached("UPDATE report SET is_current = ?2 WHERE id = ?1")?;
        set.execute([held.id, 0])?;
        let mut next = self.conn.prepare_cached(
            "SELECT r.id
             FROM report AS r
             INNER JOIN source AS s ON s.id = r.source_id
             WHERE r.organ_id = ?1 AND r.year = ?2 AND r.scope = ?3 AND s.path <> ?4
                 AND NOT EXISTS (
                     SELECT 1 FROM source AS t INNER JOIN report_source AS l ON l.source_id = t.id
                     WHERE t.path = s.path AND l.report_id > r.id
                 )
             ORDER BY r.published DESC, r.id LIMIT 1",
        )?;
        let of = params![held.organ_id, held.filed.year, held.filed.scope, path];
        let next: Option<i64> = next.query_row(of, |r| r.get(0)).optional()?;
        if let Some(next) = next {
            set.execute([next, 1])?;
        }
        if held.seat.is_summary {
            self.uncover(&held.seat)?;
            if next.map_or(Ok(false), |id| stored_table(&self.conn, id))? {
                self.cover_below(&held.seat)?;
            }
        }
        Ok(())
    }
}
