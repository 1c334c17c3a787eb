//! Signatures of sections, and the sections that may be alike.
//!
//! A signature lies by its section, so that all are one scan; its bands lie by their keys, so that
//! the few sections that may resemble one are as many look-ups.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::subjects::ranges;
use super::{Store, StoreError};
use crate::validate::copied::{BANDS, Signature};

/// Sections looked at that share a band with one: what more share says little.
const CROWD: usize = 512;
/// Most sections that one is compared with, those that share most bands.
const LIKELIEST: usize = 256;

/// A section without a signature.
#[derive(Debug)]
pub struct Unsigned {
    /// Id of the section.
    pub section: i64,
    /// Id of its report.
    pub report: i64,
    /// Its text.
    pub text: String,
}

/// A section of a report that counts, with its signature.
#[derive(Debug)]
pub struct Signed {
    /// Id of the section.
    pub section: i64,
    /// Id of its report.
    pub report: i64,
    /// The body, the same under all its names.
    pub body: i64,
    /// Reporting year.
    pub year: i32,
    /// Date of publication.
    pub published: Option<String>,
    /// Signature.
    pub signature: Signature,
}

/// The sections of these reports, ids ascending, that have no signature yet.
///
/// # Errors
/// When SQLite fails.
pub fn unsigned(conn: &Connection, reports: &[i64]) -> Result<Vec<Unsigned>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT s.id, s.report_id, s.text
         FROM section AS s LEFT JOIN section_signature AS g ON g.section_id = s.id
         WHERE s.report_id BETWEEN ?1 AND ?2 AND g.section_id IS NULL
         ORDER BY s.id",
    )?;
    let mut out = Vec::new();
    for (first, last) in ranges(reports) {
        let mut rows = statement.query([first, last])?;
        while let Some(r) = rows.next()? {
            let report = r.get(1)?;
            if reports.binary_search(&report).is_ok() {
                out.push(Unsigned { section: r.get(0)?, report, text: r.get(2)? });
            }
        }
    }
    Ok(out)
}

/// The columns of a [`Signed`].
const SIGNED: &str =
    "g.section_id, g.report_id, COALESCE(o.series_id, o.id), r.year, r.published, g.signature";

/// Reads signatures.
pub struct SignatureReader<'c> {
    conn: &'c Connection,
    stamp: u32,
}

impl<'c> SignatureReader<'c> {
    /// A reader of signatures with this stamp.
    #[must_use]
    pub fn new(conn: &'c Connection, stamp: u32) -> SignatureReader<'c> {
        SignatureReader { conn, stamp }
    }

    /// The reports that count, in the order of publication; those without a date come last.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn by_date(&self) -> Result<Vec<i64>, StoreError> {
        let mut statement = self.conn.prepare(
            "SELECT id FROM report WHERE is_current = 1 ORDER BY published IS NULL, published, id",
        )?;
        let ids = statement.query_map([], |r| r.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Those of a report.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn of_report(&self, report: i64) -> Result<Vec<Signed>, StoreError> {
        let sql = format!(
            "SELECT {SIGNED}
             FROM report AS r
             INNER JOIN organ AS o ON o.id = r.organ_id
             CROSS JOIN section AS s ON s.report_id = r.id
             CROSS JOIN section_signature AS g ON g.section_id = s.id
             WHERE r.id = ?1"
        );
        self.read(&sql, [report])
    }

    /// Those of a body's reports of a year.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn of_body(&self, body: i64, year: i32) -> Result<Vec<Signed>, StoreError> {
        let sql = format!(
            "SELECT {SIGNED}
             FROM organ AS o
             CROSS JOIN report AS r ON r.organ_id = o.id AND r.year = ?2
             CROSS JOIN section AS s ON s.report_id = r.id
             CROSS JOIN section_signature AS g ON g.section_id = s.id
             WHERE (o.id = ?1 OR o.series_id = ?1) AND COALESCE(o.series_id, o.id) = ?1
                 AND r.is_current = 1"
        );
        self.read(&sql, params![body, year])
    }

    /// That of a section, if its report counts.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn of_section(&self, section: i64) -> Result<Option<Signed>, StoreError> {
        let sql = format!(
            "SELECT {SIGNED}
             FROM section_signature AS g
             INNER JOIN report AS r ON r.id = g.report_id
             INNER JOIN organ AS o ON o.id = r.organ_id
             WHERE g.section_id = ?1 AND r.is_current = 1"
        );
        Ok(self.read(&sql, [section])?.pop())
    }

    /// Other sections that may be alike, the likeliest first: those that share most bands.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn alike(&self, of: &Signed) -> Result<Vec<i64>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT section_id FROM section_band WHERE key = ?1 LIMIT ?2")?;
        let mut shared: HashMap<i64, usize> = HashMap::new();
        for key in of.signature.keys() {
            for section in statement.query_map(params![key, CROWD as i64], |r| r.get(0))? {
                *shared.entry(section?).or_default() += 1;
            }
        }
        shared.remove(&of.section);
        let mut sections: Vec<(usize, i64)> =
            shared.into_iter().map(|(section, bands)| (BANDS - bands, section)).collect();
        sections.sort_unstable();
        Ok(sections.into_iter().take(LIKELIEST).map(|(_, section)| section).collect())
    }

    /// Sections with too few words of their own have a stamp and no signature.
    fn read(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Signed>, StoreError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            out.extend(self.signed(r)?);
        }
        Ok(out)
    }

    fn signed(&self, r: &Row<'_>) -> Result<Option<Signed>, StoreError> {
        let bytes = r.get_ref(5)?.as_blob().unwrap_or_default();
        let Some(signature) = Signature::from_bytes(bytes, self.stamp) else { return Ok(None) };
        Ok(Some(Signed {
            section: r.get(0)?,
            report: r.get(1)?,
            body: r.get(2)?,
            year: r.get(3)?,
            published: r.get(4)?,
            signature,
        }))
    }
}

impl Store {
    /// Forgets all signatures if they have another stamp than this; then all reports are due to the
    /// rules over bodies.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn renew_signatures(&mut self, stamp: u32) -> Result<(), StoreError> {
        let sql = "SELECT signature FROM section_signature LIMIT 1";
        let first: Option<Vec<u8>> = self.conn.query_row(sql, [], |r| r.get(0)).optional()?;
        if first.is_none_or(|bytes| bytes.starts_with(&stamp.to_le_bytes())) {
            return Ok(());
        }
        self.begin()?;
        self.conn.execute_batch(
            "DELETE FROM section_band;
             DELETE FROM section_signature;
             UPDATE report_check SET bodies = 0;",
        )?;
        self.commit()
    }

    /// Keeps what was made of a section: its signature, or that it has too few words of its own.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_signature(
        &self,
        section: i64,
        report: i64,
        signature: Option<&Signature>,
        stamp: u32,
    ) -> Result<(), StoreError> {
        let bytes = signature.map_or_else(|| stamp.to_le_bytes().to_vec(), Signature::to_bytes);
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO section_signature VALUES (?1, ?2, ?3)")?
            .execute(params![section, report, bytes])?;
        Ok(())
    }

    /// Whether a section's bands are kept: the last is kept last.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn has_bands(&self, section: i64, signature: &Signature) -> Result<bool, StoreError> {
        let mut find = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM section_band WHERE key = ?1 AND section_id = ?2)",
        )?;
        Ok(find.query_row([signature.key(BANDS - 1), section], |r| r.get(0))?)
    }

    /// Keeps bands; quickest in the order of their keys.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_bands(&self, bands: &[(i64, i64)]) -> Result<(), StoreError> {
        let mut insert =
            self.conn.prepare_cached("INSERT OR IGNORE INTO section_band VALUES (?1, ?2)")?;
        for (key, section) in bands {
            insert.execute([key, section])?;
        }
        Ok(())
    }

    /// Takes away what was kept of the sections of a report that does not count.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn drop_signatures(&self, report: i64, stamp: u32) -> Result<(), StoreError> {
        for signed in SignatureReader::new(&self.conn, stamp).of_report(report)? {
            for key in signed.signature.keys() {
                self.conn
                    .prepare_cached("DELETE FROM section_band WHERE key = ?1 AND section_id = ?2")?
                    .execute([key, signed.section])?;
            }
        }
        self.conn
            .prepare_cached(
                "DELETE FROM section_signature
                 WHERE section_id IN (SELECT s.id FROM section AS s WHERE s.report_id = ?1)",
            )?
            .execute([report])?;
        Ok(())
    }
}
