//! Files that a load could not read.

use rusqlite::{Connection, params};

use super::{Store, StoreError};

/// A file that a load could not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadFailure {
    /// Its path.
    pub path: String,
    /// Hash of its bytes; none where they could not be read.
    pub sha256: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
    /// Region that was given for it.
    pub region_code: Option<String>,
    /// Year that was given for it.
    pub year: Option<i32>,
}

impl Store {
    /// Keeps that a file could not be read, in place of what was kept of it before.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_failure(&mut self, failure: &LoadFailure) -> Result<(), StoreError> {
        self.begin()?;
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO load_failure VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![
                failure.path,
                failure.sha256,
                failure.reason,
                failure.region_code,
                failure.year,
                self.run
            ])?;
        self.failed.insert(failure.path.clone());
        self.step()
    }

    /// A file is in the store: that it could not be read before is no longer so.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn clear_failure(&mut self, path: &str) -> Result<(), StoreError> {
        if self.failed.remove(path) {
            self.begin()?;
            self.conn.execute("DELETE FROM load_failure WHERE path = ?1", [path])?;
        }
        Ok(())
    }

    /// The files that could not be read: a load asks of each of its own whether it is one.
    pub(super) fn read_failed(&mut self) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare("SELECT path FROM load_failure")?;
        let paths = statement.query_map([], |r| r.get(0))?;
        self.failed = paths.collect::<Result<_, _>>()?;
        Ok(())
    }
}

/// The files that could not be read, of a year or of all, by path.
///
/// # Errors
/// When SQLite fails.
pub fn load_failures(conn: &Connection, year: Option<i32>) -> Result<Vec<LoadFailure>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT path, sha256, reason, region_code, year FROM load_failure
         WHERE ?1 IS NULL OR year = ?1 ORDER BY path",
    )?;
    let rows = statement.query_map([year], |r| {
        Ok(LoadFailure {
            path: r.get(0)?,
            sha256: r.get(1)?,
            reason: r.get(2)?,
            region_code: r.get(3)?,
            year: r.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
