//! Writing a report: all of it or nothing.

use rusqlite::params;
use sha2::{Digest, Sha256};

use super::cover::{Seat, has_table};
use super::sources::is_loaded;
use super::{BATCH, BATCH_TIME, Filed, OrganRecord, RegionRecord, Store, StoreError};
use crate::parse::hex;
use crate::report::{Cell, Report, Scope};

/// What became of a report given to [`Store::write`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// A report that was not there.
    Loaded,
    /// The same file with the same content was there.
    Unchanged,
    /// The same file with other content: kept beside the old one and current now.
    Revised,
    /// Another file with the same cells: noted as a further source.
    FurtherSource,
    /// Another file with other cells for the same body, year and scope: both kept.
    Duplicate,
}

/// What [`Store::write`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What became of the report.
    pub outcome: Outcome,
    /// Where the file was filed before and is not any more.
    pub left: Vec<Filed>,
    /// Cells of which a correction by hand does not hold any more: they say something else now.
    pub lapsed: Vec<String>,
    /// Cells of which a correction holds again: they say again what they did when it was made.
    pub revived: Vec<String>,
}

/// A report that is in the store already.
struct Known {
    id: i64,
    cells: String,
    published: Option<String>,
    revision: i64,
    is_current: bool,
    same_path: bool,
    /// Whether this source holds it.
    held: bool,
    /// Whether another file holds it now.
    held_beside: bool,
}

impl Store {
    /// Writes a report with its source. `year` and `scope` of the report must be known. `bytes` are
    /// those of the source; without them the report was parsed elsewhere, and others may have the
    /// same source.
    ///
    /// Reports are committed in batches: see [`Store::commit`].
    ///
    /// # Errors
    /// When its edition is unknown, or SQLite fails; then nothing of the report is kept, nor of
    /// those written since the last commit.
    pub fn write(
        &mut self,
        report: &Report,
        organ: &OrganRecord,
        township: Option<&RegionRecord>,
        bytes: Option<&[u8]>,
    ) -> Result<Written, StoreError> {
        let editions = report.cells.iter().filter_map(|c| c.edition.as_ref());
        let mut editions = editions.chain(&report.edition);
        if let Some(unknown) = editions.find(|e| self.dimensions.of(e).is_none()) {
            return Err(StoreError::UnknownEdition(unknown.clone()));
        }
        self.begin()?;
        let written = self.put(report, organ, township, bytes).inspect_err(|_| {
            // Nothing but SQLite fails here, and half a report must never be committed: the reports
            // of its batch go with it, to be loaded by the same command again. A savepoint for each
            // report would save them, at a fifth of the time of every load.
            let _ = self.conn.execute_batch("ROLLBACK");
        })?;
        self.count(written.outcome);
        self.step()?;
        Ok(written)
    }

    /// One more thing is written: commits when there are enough, or it has been long.
    pub(super) fn step(&mut self) -> Result<(), StoreError> {
        self.pending += 1;
        if self.pending >= BATCH || self.last_commit.elapsed() > BATCH_TIME {
            self.commit()?;
        }
        Ok(())
    }

    /// Commits what was written so far.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        self.put_counts()?;
        self.pending = 0;
        self.last_commit = std::time::Instant::now();
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    pub(crate) fn begin(&self) -> Result<(), StoreError> {
        if self.conn.is_autocommit() {
            self.conn.execute_batch("BEGIN IMMEDIATE")?;
        }
        Ok(())
    }

    fn put(
        &self,
        report: &Report,
        organ: &OrganRecord,
        township: Option<&RegionRecord>,
        bytes: Option<&[u8]>,
    ) -> Result<Written, StoreError> {
        let mut written = Written {
            outcome: Outcome::Unchanged,
            left: Vec::new(),
            lapsed: Vec::new(),
            revived: Vec::new(),
        };
        let loaded = || is_loaded(&self.conn, &report.source.path, &report.source.sha256, false);
        if bytes.is_some() && loaded()? {
            self.put_source(report, bytes)?;
            return Ok(written);
        }
        if let Some(region) = township {
            self.put_region(region)?;
        }
        let organ_id = self.put_organ(organ)?;
        let cells = cells_sha256(&report.cells);
        let known = self.known(report, organ_id)?;
        let current = known.iter().find(|k| k.is_current);
        let before = known.iter().filter(|k| k.same_path).max_by_key(|k| k.revision);
        if bytes.is_none() && known.iter().any(|k| k.held && k.cells == cells) {
            return Ok(written);
        }
        let source = self.put_source(report, bytes)?;
        if bytes.is_some() {
            written.left = self.leave(report, organ_id)?;
        }
        // what a file said before it says no more, even if another says the same now
        if before.is_none()
            && let Some(same) = known.iter().find(|k| k.held_beside && k.cells == cells)
        {
            self.link(same.id, source)?;
            return Ok(Written { outcome: Outcome::FurtherSource, ..written });
        }
        // a revision takes the place of what it revises; of two sources the later published counts
        let is_current = match (before, current) {
            (_, None) => true,
            (Some(before), _) => before.is_current,
            (None, Some(current)) => {
                report.published > current.published && current.published.is_some()
            }
        };
        if is_current && let Some(current) = current {
            self.conn
                .prepare_cached("UPDATE report SET is_current = 0 WHERE id = ?1")?
                .execute([current.id])?;
        }
        if before.is_some() {
            self.unlink(report, organ_id, source)?;
        }
        let revision = before.map_or(1, |b| b.revision + 1);
        let id = self.put_report(report, organ_id, source, &cells, revision, is_current)?;
        // one that does not count gets them when it comes to count
        if known.is_empty() || !is_current {
            self.put_content(report, &report.cells, id)?;
        } else {
            let replaced = before.or(current).map(|k| k.id);
            let carried = self.carry_over(id, &report.cells, replaced)?;
            self.put_content(report, &carried.cells, id)?;
            (written.lapsed, written.revived) = (carried.lapsed, carried.revived);
        }
        written.outcome = match (before, current) {
            (Some(_), _) => Outcome::Revised,
            (None, Some(_)) => Outcome::Duplicate,
            (None, None) => Outcome::Loaded,
        };
        if is_current && report.scope == Some(Scope::Aggregate) {
            match has_table(report) {
                true => self.cover_below(&Seat::of(report))?,
                false => self.uncover(&Seat::of(report))?,
            }
        }
        Ok(written)
    }

    /// The reports of the same body, year and scope.
    fn known(&self, report: &Report, organ_id: i64) -> Result<Vec<Known>, StoreError> {
        let mut find = self.conn.prepare_cached(
            "SELECT r.id, r.cells_sha256, r.published, r.revision, r.is_current, s.path,
                 EXISTS (
                     SELECT 1 FROM report_source AS l INNER JOIN source AS o ON o.id = l.source_id
                     WHERE l.report_id = r.id AND o.path = ?4 AND o.sha256 = ?5 AND o.is_last = 1
                 ),
                 EXISTS (SELECT 1 FROM held_report AS h WHERE h.report_id = r.id AND h.path <> ?4)
             FROM report AS r INNER JOIN source AS s ON s.id = r.source_id
             WHERE r.organ_id = ?1 AND r.year = ?2 AND r.scope = ?3",
        )?;
        let source = &report.source;
        let scope = report.scope.map(Scope::key);
        let rows = find.query_map(
            params![organ_id, report.year, scope, source.path, source.sha256],
            |r| {
                Ok(Known {
                    id: r.get(0)?,
                    cells: r.get(1)?,
                    published: r.get(2)?,
                    revision: r.get(3)?,
                    is_current: r.get(4)?,
                    same_path: r.get_ref(5)?.as_str()? == source.path,
                    held: r.get(6)?,
                    held_beside: r.get(7)?,
                })
            },
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A source that was read before holds its new revision now, no longer the old one.
    fn unlink(&self, report: &Report, organ_id: i64, source: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "DELETE FROM report_source WHERE source_id = ?1 AND report_id IN (
                     SELECT id FROM report WHERE organ_id = ?2 AND year = ?3 AND scope = ?4
                 )",
            )?
            .execute(params![source, organ_id, report.year, report.scope.map(Scope::key)])?;
        Ok(())
    }

    fn link(&self, report: i64, source: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO report_source (report_id, source_id) VALUES (?1, ?2)
                 ON CONFLICT DO NOTHING",
            )?
            .execute([report, source])?;
        Ok(())
    }

    fn put_report(
        &self,
        report: &Report,
        organ_id: i64,
        source: i64,
        cells: &str,
        revision: i64,
        is_current: bool,
    ) -> Result<i64, StoreError> {
        let depth = self.covered_depth(&Seat::of(report))?;
        self.conn
            .prepare_cached(
                "INSERT INTO report (organ_id, year, scope, edition, title, organ_printed, published, region_code,
                 township_code, revision, is_current, covered_depth, source_id, cells_sha256)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute(params![
                organ_id,
                report.year,
                report.scope.map(Scope::key),
                report.edition,
                report.title,
                report.organ_printed,
                report.published,
                report.region_code,
                report.township_code,
                revision,
                is_current,
                depth,
                source,
                cells
            ])?;
        let id = self.conn.last_insert_rowid();
        self.link(id, source)?;
        Ok(id)
    }
}

/// Identity of a report's cells: table, row, column, state and text, whatever their places.
fn cells_sha256(cells: &[Cell]) -> String {
    let mut hash = Sha256::new();
    for c in cells {
        let edition = c.edition.as_deref().unwrap_or("");
        let raw = c.raw.as_deref().unwrap_or("");
        for part in [edition, &c.table, &c.row, &c.column, c.state.key(), raw] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    hex(&hash.finalize())
}
