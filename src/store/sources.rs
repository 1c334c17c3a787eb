//! Loads and the files they read.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Outcome, Store, StoreError};
use crate::report::{Report, Source};

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
        self.read_failed()
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

    /// Counts what became of a file; the row of the load is written with the next commit.
    pub fn count(&mut self, outcome: Outcome) {
        self.counts[outcome as usize] += 1;
    }

    /// Writes what was counted since the last commit.
    pub(super) fn put_counts(&mut self) -> Result<(), StoreError> {
        let counts = std::mem::take(&mut self.counts);
        let Some(run) = self.run.filter(|_| counts.iter().any(|count| *count > 0)) else {
            return Ok(());
        };
        let [loaded, unchanged, revised, further_source, duplicate] = counts;
        self.begin()?;
        self.conn
            .prepare_cached(
                "UPDATE load_run SET loaded = loaded + ?2, unchanged = unchanged + ?3, revised = revised + ?4,
                 further_source = further_source + ?5, duplicate = duplicate + ?6 WHERE id = ?1",
            )?
            .execute([run, loaded, unchanged, revised, further_source, duplicate])?;
        Ok(())
    }

    /// Notes where a report was read from. A source that was there keeps its bytes, or gets them.
    pub(super) fn put_source(
        &self,
        report: &Report,
        bytes: Option<&[u8]>,
    ) -> Result<i64, StoreError> {
        let source = &report.source;
        let content = bytes.filter(|_| self.archive).map(|b| self.packed(b)).transpose()?;
        let size = bytes.map(|b| b.len() as i64);
        let mut put = self.conn.prepare_cached(
            "INSERT INTO source (path, sha256, media_type, encoding, size, content, load_run_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET
                 size = COALESCE(source.size, excluded.size),
                 content = COALESCE(source.content, excluded.content),
                 is_last = 1
             RETURNING id",
        )?;
        let Source { path, sha256, media_type, encoding } = source;
        let row = params![path, sha256, media_type, encoding, size, content, self.run];
        let id = put.query_row(row, |r| r.get(0))?;
        self.conn
            .prepare_cached("UPDATE source SET is_last = 0 WHERE path = ?1 AND id <> ?2")?
            .execute(params![path, id])?;
        Ok(id)
    }
}

/// Where a report is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Key of its body.
    pub key: String,
    /// Name of its body.
    pub organ: String,
    /// Reporting year.
    pub year: i32,
    /// `own` or `aggregate`.
    pub scope: String,
}

/// Where the file of this path and content is filed.
///
/// # Errors
/// When SQLite fails.
pub fn filed(conn: &Connection, path: &str, sha256: &str) -> Result<Option<Filed>, StoreError> {
    let mut find = conn.prepare_cached(
        "SELECT o.key, o.name, r.year, r.scope
         FROM source AS s
         INNER JOIN report_source AS l ON l.source_id = s.id
         INNER JOIN report AS r ON r.id = l.report_id
         INNER JOIN organ AS o ON o.id = r.organ_id
         WHERE s.path = ?1 AND s.sha256 = ?2
         ORDER BY r.id DESC LIMIT 1",
    )?;
    let row = find.query_row([path, sha256], |r| {
        Ok(Filed { key: r.get(0)?, organ: r.get(1)?, year: r.get(2)?, scope: r.get(3)? })
    });
    Ok(row.optional()?)
}

/// The path that the current report of a body, year and scope was read from.
///
/// # Errors
/// When SQLite fails.
pub fn current_source(conn: &Connection, filed: &Filed) -> Result<Option<String>, StoreError> {
    let mut find = conn.prepare_cached(
        "SELECT s.path
         FROM organ AS o
         INNER JOIN report AS r ON r.organ_id = o.id
         INNER JOIN source AS s ON s.id = r.source_id
         WHERE o.key = ?1 AND r.year = ?2 AND r.scope = ?3 AND r.is_current = 1",
    )?;
    let row = find.query_row(params![filed.key, filed.year, filed.scope], |r| r.get(0));
    Ok(row.optional()?)
}

/// Whether some file holds a report, as far as loads have seen them.
///
/// # Errors
/// When SQLite fails.
pub fn is_held(conn: &Connection, report: i64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM held_report WHERE report_id = ?1)";
    Ok(conn.prepare_cached(sql)?.query_row([report], |r| r.get(0))?)
}

/// Whether this content is the last that was loaded from this path, and its bytes are there if
/// they are to be.
///
/// # Errors
/// When SQLite fails.
pub fn is_loaded(
    conn: &Connection,
    path: &str,
    sha256: &str,
    with_bytes: bool,
) -> Result<bool, StoreError> {
    let mut known = conn.prepare_cached(
        "SELECT EXISTS (
             SELECT 1
             FROM source AS s
             INNER JOIN report_source AS l ON l.source_id = s.id
             WHERE s.path = ?1 AND s.sha256 = ?2 AND s.is_last = 1 AND (s.content IS NOT NULL OR NOT ?3)
         )",
    )?;
    Ok(known.query_row(params![path, sha256, with_bytes], |r| r.get(0))?)
}
