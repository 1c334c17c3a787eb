//! What is kept beside the sums of figures by place, so that questions read a few rows: who
//! reported, what checks found, and where reports came from. Beside each relation stands its `_due`:
//! what it is to be, of what waits; see `schema.sql`.

use super::{Store, StoreError};

/// Whatever is kept of reports, findings and sources waits to be worked out anew.
const ALL_WAIT: &str = "
    INSERT OR IGNORE INTO attendance_wait SELECT DISTINCT year FROM report WHERE is_current = 1;
    INSERT OR IGNORE INTO attendance_wait SELECT DISTINCT year FROM expectation;
    INSERT OR IGNORE INTO source_wait SELECT DISTINCT year FROM report;
    INSERT OR IGNORE INTO finding_wait
    SELECT DISTINCT year, COALESCE(SUBSTR(region_code, 1, 2), '00') FROM report_figure;";

const FOUND: &str = "
    DELETE FROM report_found;
    INSERT INTO report_found
    SELECT report_id, SUM(severity = 'error'), SUM(severity = 'warning')
    FROM finding_open WHERE severity <> 'info' GROUP BY report_id;";

const ATTENDANCE: &str = "
    DELETE FROM attendance WHERE year IN (SELECT year FROM attendance_wait);
    INSERT INTO attendance SELECT * FROM attendance_due;
    INSERT OR IGNORE INTO coverage_wait
    SELECT DISTINCT a.year, COALESCE(a.region_code, '') FROM attendance_wait AS w
    CROSS JOIN attendance AS a ON a.year = w.year;
    INSERT OR IGNORE INTO coverage_wait
    SELECT c.year, COALESCE(c.region_code, '') FROM attendance_wait AS w
    CROSS JOIN coverage AS c ON c.year = w.year;
    DELETE FROM attendance_wait;";

const COVERAGE: &str = "
    DELETE FROM coverage WHERE rowid IN (
        SELECT c.rowid FROM coverage_wait AS w
        CROSS JOIN coverage AS c
            ON c.year = w.year AND COALESCE(c.region_code, '') = COALESCE(w.region_code, '')
    );
    INSERT INTO coverage SELECT * FROM coverage_due;
    DELETE FROM coverage_wait;";

const FINDINGS: &str = "
    DELETE FROM place_finding WHERE rowid IN (
        SELECT p.rowid FROM finding_wait AS w
        CROSS JOIN (SELECT 1 AS l UNION ALL SELECT 2 UNION ALL SELECT 3)
        CROSS JOIN place_finding AS p
            ON p.place_level = l
            AND p.place_code BETWEEN w.province || '0000' AND w.province || '9999'
            AND p.year = w.year
    );
    INSERT INTO place_finding SELECT * FROM place_finding_due;";

const SOURCES: &str = "
    DELETE FROM year_source WHERE year IN (SELECT year FROM source_wait);
    INSERT INTO year_source SELECT * FROM year_source_due;
    DELETE FROM source_wait;";

impl Store {
    /// Brings what is kept of reports and their sources up to date, and what depends on it.
    pub(crate) fn put_kept(&self) -> Result<(), StoreError> {
        for kept in [ATTENDANCE, COVERAGE, SOURCES] {
            self.conn.execute_batch(kept)?;
        }
        self.piecewise("finding_wait", FINDINGS)
    }

    /// Brings what is kept of findings up to date, and commits.
    ///
    /// # Errors
    /// When SQLite fails; then the views read the findings.
    pub fn renew_found(&mut self) -> Result<(), StoreError> {
        self.begin()?;
        self.conn.execute_batch(COVERAGE)?;
        self.piecewise("finding_wait", FINDINGS)?;
        self.commit()
    }

    /// Works out for the first time what is kept, of a database of an earlier version.
    pub(super) fn fill_kept(&self) -> Result<(), StoreError> {
        self.conn.execute_batch(FOUND)?;
        self.all_wait()?;
        self.put_kept()?;
        self.put_places()
    }

    /// Whatever is kept of reports, findings and sources waits to be worked out anew.
    pub(super) fn all_wait(&self) -> Result<(), StoreError> {
        Ok(self.conn.execute_batch(ALL_WAIT)?)
    }
}
