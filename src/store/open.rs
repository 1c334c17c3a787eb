//! Opening a database: for reading, once or many times over, and what is refused.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use rust_i18n::t;

use super::{SCHEMA_VERSION, StoreError, search, version};
use crate::reason::of_sqlite;

/// Opens a database for reading only.
///
/// # Errors
/// When there is none, or it is no nianbao database, damaged, or of another version.
pub fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    let conn = open_small(path)?;
    // in KiB, and taken as pages are read: a question reads many, some of them again and again
    conn.pragma_update(None, "cache_size", -65_536)?;
    Ok(conn)
}

/// Likewise; all that is read with it, in however many statements, is of one moment.
///
/// # Errors
/// As [`open_read_only`].
pub fn open_snapshot(path: &Path) -> Result<Connection, StoreError> {
    let conn = open_read_only(path)?;
    // ends with the connection: nothing is written, so there is nothing to end it for
    conn.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1")?;
    Ok(conn)
}

/// As [`open_read_only`], with SQLite's own small cache.
fn open_small(path: &Path) -> Result<Connection, StoreError> {
    let (conn, found) = open_any(path)?;
    if found < SCHEMA_VERSION {
        return Err(StoreError::Older { path: path.into(), found, known: SCHEMA_VERSION });
    }
    search::register(&conn)?;
    Ok(conn)
}

/// Opens a database of this version or an earlier one for reading only, and tells the version.
pub(super) fn open_any(path: &Path) -> Result<(Connection, i64), StoreError> {
    if !path.exists() {
        return Err(StoreError::NotFound(path.into()));
    }
    let unusable =
        |e: rusqlite::Error| StoreError::Unusable { path: path.into(), reason: of_sqlite(&e) };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(unusable)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    check(&conn, path)?;
    let version = version(&conn).map_err(unusable)?;
    if version == 0 {
        let reason = t!("reason.empty_database").into();
        return Err(StoreError::Unusable { path: path.into(), reason });
    }
    Ok((conn, version))
}

/// Likewise, for the same statements many times over: each keeps its plan, as it does in a
/// [`super::Store`].
///
/// # Errors
/// Likewise.
pub fn open_steady(path: &Path) -> Result<Connection, StoreError> {
    let conn = open_small(path)?;
    keep_plans(&conn)?;
    Ok(conn)
}

/// A statement keeps its plan whatever is bound to it; else one that a partial index might serve is
/// prepared anew for each report.
pub(super) fn keep_plans(conn: &Connection) -> rusqlite::Result<bool> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
}

/// Refuses what is not ours or too new.
pub(super) fn check(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let unusable =
        |e: rusqlite::Error| StoreError::Unusable { path: path.into(), reason: of_sqlite(&e) };
    let tables: i64 =
        conn.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |r| r.get(0)).map_err(unusable)?;
    let id: i64 =
        conn.pragma_query_value(None, "application_id", |r| r.get(0)).map_err(unusable)?;
    if tables > 0 && id != 0x6e62_6f31 {
        let reason = t!("reason.foreign_database").into();
        return Err(StoreError::Unusable { path: path.into(), reason });
    }
    let found = version(conn).map_err(unusable)?;
    if found > SCHEMA_VERSION {
        return Err(StoreError::Newer { path: path.into(), found, known: SCHEMA_VERSION });
    }
    Ok(())
}
