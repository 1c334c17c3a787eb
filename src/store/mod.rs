//! The store: one SQLite file, described by `schema.sql`.
//!
//! [`Store`] writes; readers take a plain read-only connection from [`open_read_only`].

mod asked;
mod carried;
mod comments;
mod content;
mod corrections;
mod cover;
mod coverage;
mod expected;
mod facts;
mod failures;
mod findings;
#[cfg(test)]
pub(crate) mod fixture;
mod found;
mod kept;
mod marks;
mod open;
mod organs;
mod peers;
mod places;
mod printed;
mod read;
mod refiled;
mod regions;
mod search;
mod shown;
mod signatures;
mod sources;
mod subjects;
mod summaries;
mod sync;
mod units;
mod write;

pub use asked::Asked;
pub use comments::{comment_on, comment_on_column};
pub use corrections::{Corrected, CorrectionError, Withdrawal, corrections};
pub use coverage::{Attendance, Attended, Origin, attendance};
pub use expected::{expectations_wait, expected_bodies, never_reported};
pub use failures::{LoadFailure, load_failures};
pub use findings::{CheckRun, Count, Due, count_current, due, superseded};
pub use found::{Between, Evidence, Found, Of, cell_evidence, evidence};
pub use marks::{Unfilled, unfilled};
pub use open::{open_read_only, open_snapshot, open_steady};
pub use organs::{OrganRecord, Relative, relatives};
pub use peers::{
    Figures, Group, Outlier, PeerRate, edition_of_group, figures, outliers, outliers_of, peer_rates,
};
pub use printed::CellReader;
pub use read::{
    NamedBody, StoredReport, find_bodies, find_reports, find_reports_like, organ_names,
    read_report, stored_report, years_of,
};
pub use regions::RegionRecord;
pub use search::{Hit, bigrams, pairs, search};
pub use shown::{Decision, Shown, failures_named, findings, findings_of};
pub use signatures::{SignatureReader, Signed, Unsigned, unsigned};
pub use sources::{Filed, current_source, filed, is_held, is_loaded};
pub use subjects::{Stored, SubjectReader};
pub use summaries::{Part, Summary, Wanted, parts, summary, summary_of, unreconciled, wanted};
pub use sync::fact_column;
pub use write::{Outcome, Written};

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rust_i18n::t;

use crate::form::Forms;
use crate::reason::{of_no_folder, of_sqlite};
use open::{check, keep_plans, open_any};

const SCHEMA_SQL: &str = include_str!("../../schema.sql");
/// Version of the schema that this program writes; kept in `user_version`.
pub const SCHEMA_VERSION: i64 = 6;
/// Steps from one version to the next: `MIGRATIONS[0]` leads from version 1 to 2.
/// What the schema has anew is made by [`sync::schema_objects`]; a step changes what was there.
const MIGRATIONS: [&str; SCHEMA_VERSION as usize - 1] = [
    "ALTER TABLE organ ADD COLUMN series_id INTEGER REFERENCES organ;",
    // what the parser doubted keeps its rows; findings are from now on what the rules found
    // (a rename reads every view and trigger, and an older one may be none; all are made anew)
    "DROP VIEW IF EXISTS v_report;
     DROP TRIGGER IF EXISTS report_moved;
     ALTER TABLE finding RENAME TO parse_finding;
     ALTER TABLE parse_finding ADD COLUMN message_en TEXT;
     DROP INDEX finding_by_report;
     DELETE FROM parse_finding WHERE rule = 'duplicate-report';",
    "ALTER TABLE source ADD COLUMN is_last INTEGER NOT NULL DEFAULT 1 CHECK (is_last IN (0, 1));
     UPDATE source SET is_last = 0 WHERE id NOT IN (SELECT MAX(id) FROM source GROUP BY path);",
    "DROP TRIGGER IF EXISTS case_total_added; DROP TABLE IF EXISTS case_rollup;",
    // with the place of each report, and more is kept, all of it anew: see Store::fill_kept
    "DROP TABLE IF EXISTS report_figure;",
];

/// A database that cannot be used, or an operation on it that failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such file.
    #[error("{}", t!("store.not_found", path = .0.display()))]
    NotFound(PathBuf),
    /// The file is something else, or cannot be opened.
    #[error("{}", t!("store.unusable", path = path.display(), reason = reason))]
    Unusable {
        /// File.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Written by a later program.
    #[error("{}", t!("store.newer", path = path.display(), found = found, known = known))]
    Newer {
        /// File.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// Written by an earlier program.
    #[error("{}", t!("store.older", path = path.display(), found = found, known = known))]
    Older {
        /// File.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// There is no report of that number.
    #[error("{}", t!("store.no_report", id = .0))]
    NoReport(i64),
    /// An edition that the store does not know; its form definition was not given.
    #[error("{}", t!("store.unknown_edition", edition = .0))]
    UnknownEdition(String),
    /// An archived source or stored cells that cannot be unpacked.
    #[error("{}", t!("store.damaged", what = .0))]
    Damaged(String),
    /// SQLite failed.
    #[error("{}", t!("store.failed", reason = of_sqlite(.0)))]
    Sqlite(#[source] rusqlite::Error),
}

/// A database open for writing. One process writes at a time.
pub struct Store {
    conn: Connection,
    forms: Forms,
    dimensions: sync::Dimensions,
    run: Option<i64>,
    archive: bool,
    /// One for all: making it costs more than a page takes.
    compressor: RefCell<zstd::bulk::Compressor<'static>>,
    /// Reports and failures written since the last commit.
    pending: usize,
    /// What became of the files of the load since then, by [`Outcome`].
    counts: [i64; 5],
    last_commit: Instant,
    /// Files that could not be read, while a load is under way.
    failed: HashSet<String>,
}

/// Reports per transaction, and the longest a report waits for its commit: enough that the commit
/// does not dominate, few enough that a stopped load loses little.
const BATCH: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(400);

impl Store {
    /// Opens a database, creating it if there is none, and brings it to this program's schema and
    /// forms.
    ///
    /// # Errors
    /// When the file is no nianbao database, is damaged, or of a newer version.
    pub fn open(path: &Path, forms: &Forms) -> Result<Store, StoreError> {
        let unusable = |e: rusqlite::Error| {
            let reason = of_no_folder(path).unwrap_or_else(|| of_sqlite(&e));
            StoreError::Unusable { path: path.into(), reason }
        };
        let conn = Connection::open(path).map_err(unusable)?;
        Store::prepare(conn, path, forms)
    }

    /// Opens a database that there is already; otherwise as [`Store::open`].
    ///
    /// # Errors
    /// When there is none, and as for [`Store::open`].
    pub fn open_existing(path: &Path, forms: &Forms) -> Result<Store, StoreError> {
        drop(open_any(path)?);
        Store::open(path, forms)
    }

    /// A database in memory.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn in_memory(forms: &Forms) -> Result<Store, StoreError> {
        Store::prepare(Connection::open_in_memory()?, Path::new(":memory:"), forms)
    }

    fn prepare(conn: Connection, path: &Path, forms: &Forms) -> Result<Store, StoreError> {
        let unusable =
            |e: rusqlite::Error| StoreError::Unusable { path: path.into(), reason: of_sqlite(&e) };
        conn.busy_timeout(Duration::from_secs(10))?;
        check(&conn, path)?;
        conn.pragma_update(None, "foreign_keys", true)?;
        // a load is many small transactions; readers go on meanwhile
        conn.pragma_update(None, "journal_mode", "wal").map_err(unusable)?;
        conn.pragma_update(None, "synchronous", "normal")?;
        // in KiB; a load writes at the ends of few trees, and a larger one makes it no faster
        conn.pragma_update(None, "cache_size", -8_192)?;
        keep_plans(&conn)?;
        conn.set_prepared_statement_cache_capacity(64);
        let version = version(&conn).map_err(unusable)?;
        conn.execute_batch("BEGIN IMMEDIATE")?;
        if version == 0 {
            conn.execute_batch(SCHEMA_SQL)?;
        } else {
            for step in &MIGRATIONS[(version - 1) as usize..] {
                conn.execute_batch(step)?;
            }
        }
        conn.pragma_update(None, "user_version", SCHEMA_VERSION)?;
        sync::schema_objects(&conn, SCHEMA_SQL)?;
        let dimensions = sync::sync(&conn, forms)?;
        expected::sync_due_days(&conn)?;
        search::register(&conn)?;
        let store = Store {
            conn,
            forms: forms.clone(),
            dimensions,
            run: None,
            archive: true,
            compressor: RefCell::new(zstd::bulk::Compressor::new(1).map_err(damaged)?),
            pending: 0,
            counts: [0; 5],
            last_commit: Instant::now(),
            failed: HashSet::new(),
        };
        // version 3: the index is folded, and a summary without a table stands for nobody
        if (1..3).contains(&version) {
            search::rebuild(&store.conn)?;
            store.uncover_empty()?;
            store.all_years_due()?;
        }
        // version 6: figures laid out for questions, and what is kept of all else
        if (1..6).contains(&version) {
            store.renew_figures()?;
            store.fill_kept()?;
        }
        store.conn.execute_batch("COMMIT")?;
        Ok(store)
    }

    /// Bytes as zstd.
    fn packed(&self, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.compressor.borrow_mut().compress(bytes).map_err(damaged)
    }

    /// Whether sources keep their bytes; they do unless told otherwise.
    pub fn set_archive(&mut self, archive: bool) {
        self.archive = archive;
    }

    /// Whether they do.
    #[must_use]
    pub fn archives(&self) -> bool {
        self.archive
    }

    /// The connection, for reading.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.conn
    }

    /// Commits what is pending and leaves one plain file behind.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.commit()?;
        // without readers the file stands alone again, fit to be copied or put on read-only media
        let _ = self.conn.pragma_update(None, "journal_mode", "delete");
        self.conn.close().map_err(|(_, e)| StoreError::Sqlite(e))
    }
}

fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(error.to_string())
}

/// What the key in a column stands for; the schema has no other keys.
pub(crate) fn read_key<T>(
    row: &rusqlite::Row<'_>,
    column: usize,
    of_key: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let key = row.get_ref(column)?.as_str()?;
    of_key(key).ok_or_else(|| {
        let unknown = Box::new(UnknownKey(key.to_owned()));
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, unknown)
    })
}

/// A key that stands for nothing, on its way through SQLite's errors.
#[derive(Debug, thiserror::Error)]
#[error("{}", t!("store.unknown_key", key = .0))]
struct UnknownKey(String);

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error {
            rusqlite::Error::FromSqlConversionFailure(_, _, cause) if cause.is::<UnknownKey>() => {
                StoreError::Damaged(cause.to_string())
            }
            error => StoreError::Sqlite(error),
        }
    }
}

/// The version of the schema that a database has.
///
/// # Errors
/// When SQLite fails.
pub fn schema_version(conn: &Connection) -> Result<i64, StoreError> {
    Ok(version(conn)?)
}

fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, "user_version", |r| r.get(0))
}

#[cfg(test)]
mod tests;
