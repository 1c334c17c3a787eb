//! Loads and the files they read.

use rusqlite::{Connection, params};

use super::{Outcome, Store, StoreError};
use crate::report::Report;

impl Store {
    /// Notes that a load begins.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn begin_run(&mut self) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO load_run (started, program_version) VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?1)",
            [env!("CARGO_PKG_VERSION")],
        )?;
        self.run = Some(self.conn.last_insert_rowid());
        Ok(())
    }

    /// Notes that the load ended, and how many files failed; commits. A load that left everything
    /// as it was leaves no trace.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn end_run(&mut self, failed: usize) -> Result<(), StoreError> {
        self.commit()?;
        if let Some(run) = self.run.take() {
            self.conn.execute(
                "UPDATE load_run SET finished = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), failed = ?2 WHERE id = ?1",
                params![run, failed as i64],
            )?;
            self.conn.execute(
                "DELETE FROM load_run WHERE id = ?1
                 AND loaded + revised + further_source + duplicate + failed = 0",
                [run],
            )?;
        }
        Ok(())
    }

    pub(super) fn count(&self, outcome: Outcome) -> Result<(), StoreError> {
        let column = match outcome {
            Outcome::Loaded => "loaded",
            Outcome::Unchanged => "unchanged",
            Outcome::Revised => "revised",
            Outcome::FurtherSource => "further_source",
            Outcome::Duplicate => "duplicate",
        };
        let sql = format!("UPDATE load_run SET {column} = {column} + 1 WHERE id = ?1");
        self.conn.prepare_cached(&sql)?.execute([self.run])?;
        Ok(())
    }

    /// Counts a file that was found unchanged before it was parsed.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn count_unchanged(&mut self) -> Result<(), StoreError> {
        self.count(Outcome::Unchanged)
    }

    pub(super) fn put_source(
        &self,
        report: &Report,
        bytes: Option<&[u8]>,
    ) -> Result<i64, StoreError> {
        let source = &report.source;
        let content = bytes.filter(|_| self.archive).map(|b| self.packed(b)).transpose()?;
        let size = bytes.map(|b| b.len() as i64);
        self.conn
            .prepare_cached(
                "INSERT INTO source (path, sha256, media_type, encoding, size, content, load_run_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![source.path, source.sha256, source.media_type, source.encoding, size, content, self.run])?;
        Ok(self.conn.last_insert_rowid())
    }
}

/// Whether a file with this content was loaded from this path.
///
/// # Errors
/// When SQLite fails.
pub fn has_source(conn: &Connection, path: &str, sha256: &str) -> Result<bool, StoreError> {
    let mut known = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM source WHERE path = ?1 AND sha256 = ?2)")?;
    Ok(known.query_row([path, sha256], |r| r.get(0))?)
}
