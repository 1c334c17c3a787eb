//! The bodies that report.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};

/// A body as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganRecord {
    /// The same for all spellings of one body.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Kind key: government, department, township, street, ministry, other.
    pub kind: &'static str,
    /// Six digits.
    pub region_code: Option<String>,
    /// Nine digits.
    pub township_code: Option<String>,
}

impl Store {
    pub(super) fn put_organ(&self, organ: &OrganRecord) -> Result<i64, StoreError> {
        let mut find = self.conn.prepare_cached("SELECT id FROM organ WHERE key = ?1")?;
        if let Some(id) = find.query_row([&organ.key], |r| r.get(0)).optional()? {
            return Ok(id);
        }
        self.conn
            .prepare_cached(
                "INSERT INTO organ (key, name, kind, region_code, township_code) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![organ.key, organ.name, organ.kind, organ.region_code, organ.township_code])?;
        Ok(self.conn.last_insert_rowid())
    }
}
