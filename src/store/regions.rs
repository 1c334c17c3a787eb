//! The table of regions.

use rusqlite::params;

use super::{Store, StoreError};

/// A region as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionRecord {
    /// Six digits, nine for a township or street.
    pub code: String,
    /// Name.
    pub name: String,
    /// 1 province, 2 city, 3 county, 4 township or street.
    pub level: i64,
    /// Region above.
    pub parent: Option<String>,
    /// First and last year, where known.
    pub valid: (Option<i64>, Option<i64>),
    /// Codes of what it became, with a note.
    pub successors: Vec<String>,
    /// What happened.
    pub note: Option<String>,
}

impl Store {
    /// Fills the table of regions; rows that are there stay.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_regions<'r>(
        &mut self,
        regions: impl Iterator<Item = &'r RegionRecord>,
    ) -> Result<(), StoreError> {
        self.begin()?;
        for region in regions {
            self.put_region(region)?;
        }
        self.commit()
    }

    /// Brings the table of regions to these; others stay.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn renew_regions<'r>(
        &mut self,
        regions: impl Iterator<Item = &'r RegionRecord>,
    ) -> Result<(), StoreError> {
        self.begin()?;
        for r in regions {
            self.conn
                .prepare_cached(
                    "UPDATE region SET name = ?2, parent_code = ?3, valid_from = ?4, valid_to = ?5
                     WHERE code = ?1",
                )?
                .execute(params![r.code, r.name, r.parent, r.valid.0, r.valid.1])?;
            self.conn
                .prepare_cached("DELETE FROM region_successor WHERE code = ?1")?
                .execute([&r.code])?;
            self.put_region(r)?;
            self.put_successors(r)?;
        }
        self.all_places_due()?;
        self.commit()
    }

    pub(super) fn put_region(&self, r: &RegionRecord) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO region VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        )?;
        let added =
            insert.execute(params![r.code, r.name, r.level, r.parent, r.valid.0, r.valid.1])?;
        if added > 0 { self.put_successors(r) } else { Ok(()) }
    }

    fn put_successors(&self, r: &RegionRecord) -> Result<(), StoreError> {
        for successor in &r.successors {
            self.conn
                .prepare_cached(
                    "INSERT INTO region_successor VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute(params![r.code, successor, r.note])?;
        }
        Ok(())
    }

    /// Whether the table of regions is filled.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn has_regions(&self) -> Result<bool, StoreError> {
        Ok(self.conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM region WHERE level < 4)",
            [],
            |r| r.get(0),
        )?)
    }
}
