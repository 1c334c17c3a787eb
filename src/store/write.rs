//! Writing a report: all of it or nothing.

use rusqlite::{OptionalExtension, params};
use rust_i18n::t;
use sha2::{Digest, Sha256};

use super::facts::Facts;
use super::{BATCH, BATCH_TIME, Store, StoreError, search};
use crate::form::Form;
use crate::parse::fee::processing_fee;
use crate::report::{Cell, Finding, Report, Scope, Severity};

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

/// A report that is in the store already.
struct Known {
    id: i64,
    cells: String,
    published: Option<String>,
    revision: i64,
    is_current: bool,
    same_path: bool,
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

    fn put_region(&self, r: &RegionRecord) -> Result<(), StoreError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO region VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        )?;
        let added =
            insert.execute(params![r.code, r.name, r.level, r.parent, r.valid.0, r.valid.1])?;
        if added > 0 {
            for successor in &r.successors {
                self.conn
                    .prepare_cached(
                        "INSERT INTO region_successor VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![r.code, successor, r.note])?;
            }
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

    /// Whether a file with this content was loaded from this path.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn has_source(&self, path: &str, sha256: &str) -> Result<bool, StoreError> {
        let mut known = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM source WHERE path = ?1 AND sha256 = ?2)",
        )?;
        Ok(known.query_row([path, sha256], |r| r.get(0))?)
    }

    /// Counts a file that was found unchanged before it was parsed.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn count_unchanged(&mut self) -> Result<(), StoreError> {
        self.count(Outcome::Unchanged)
    }

    /// Writes a report with its source. `year` and `scope` of the report must be known.
    ///
    /// Reports are committed in batches: see [`Store::commit`].
    ///
    /// # Errors
    /// When its edition is unknown or SQLite fails; then nothing of the report is kept.
    pub fn write(
        &mut self,
        report: &Report,
        organ: &OrganRecord,
        township: Option<&RegionRecord>,
        bytes: Option<&[u8]>,
    ) -> Result<Outcome, StoreError> {
        self.begin()?;
        self.conn.execute_batch("SAVEPOINT report")?;
        let outcome = self.write_in_savepoint(report, organ, township, bytes);
        match outcome {
            Ok(_) => self.conn.execute_batch("RELEASE report")?,
            Err(_) => self.conn.execute_batch("ROLLBACK TO report; RELEASE report")?,
        }
        if let Ok(outcome) = outcome {
            self.count(outcome)?;
        }
        self.pending += 1;
        if self.pending >= BATCH || self.last_commit.elapsed() > BATCH_TIME {
            self.commit()?;
        }
        outcome
    }

    /// Commits the reports written so far.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn commit(&mut self) -> Result<(), StoreError> {
        self.pending = 0;
        self.last_commit = std::time::Instant::now();
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    fn begin(&self) -> Result<(), StoreError> {
        if self.conn.is_autocommit() {
            self.conn.execute_batch("BEGIN IMMEDIATE")?;
        }
        Ok(())
    }

    fn count(&self, outcome: Outcome) -> Result<(), StoreError> {
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

    fn write_in_savepoint(
        &self,
        report: &Report,
        organ: &OrganRecord,
        township: Option<&RegionRecord>,
        bytes: Option<&[u8]>,
    ) -> Result<Outcome, StoreError> {
        if self.has_source(&report.source.path, &report.source.sha256)? {
            return Ok(Outcome::Unchanged);
        }
        if let Some(region) = township {
            self.put_region(region)?;
        }
        let source = self.put_source(report, bytes)?;
        let organ_id = self.put_organ(organ)?;
        let cells = cells_sha256(&report.cells);
        let known = self.known(report, organ_id)?;

        if let Some(same) = known.iter().find(|k| !k.same_path && k.cells == cells) {
            self.link(same.id, source)?;
            return Ok(Outcome::FurtherSource);
        }
        let current = known.iter().find(|k| k.is_current);
        let before = known.iter().filter(|k| k.same_path).max_by_key(|k| k.revision);
        // a revision takes the place of what it revises; of two sources the later published counts
        let is_current = match (before, current) {
            (Some(before), _) => before.is_current,
            (None, Some(current)) => {
                report.published > current.published && current.published.is_some()
            }
            (None, None) => true,
        };
        if is_current && let Some(current) = current {
            self.conn
                .prepare_cached("UPDATE report SET is_current = 0 WHERE id = ?1")?
                .execute([current.id])?;
        }
        let revision = before.map_or(1, |b| b.revision + 1);
        let id = self.put_report(report, organ_id, source, &cells, revision, is_current)?;
        self.put_content(report, id)?;
        let outcome = match (before, current) {
            (Some(_), _) => Outcome::Revised,
            (None, Some(_)) => Outcome::Duplicate,
            (None, None) => Outcome::Loaded,
        };
        if outcome == Outcome::Duplicate {
            let message = t!("finding.duplicate_report").into();
            let severity = Severity::Warning;
            self.put_finding(
                id,
                &Finding {
                    rule: "duplicate-report".to_owned(),
                    severity,
                    message,
                    cells: Vec::new(),
                },
            )?;
        }
        if is_current && report.scope == Some(Scope::Aggregate) {
            self.cover_below(report)?;
        }
        Ok(outcome)
    }

    fn put_source(&self, report: &Report, bytes: Option<&[u8]>) -> Result<i64, StoreError> {
        let source = &report.source;
        let content = match bytes.filter(|_| self.archive) {
            Some(bytes) => Some(
                zstd::bulk::compress(bytes, 3).map_err(|e| StoreError::Damaged(e.to_string()))?,
            ),
            None => None,
        };
        let size = bytes.map(|b| b.len() as i64);
        self.conn
            .prepare_cached(
                "INSERT INTO source (path, sha256, media_type, encoding, size, content, load_run_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![source.path, source.sha256, source.media_type, source.encoding, size, content, self.run])?;
        Ok(self.conn.last_insert_rowid())
    }

    fn put_organ(&self, organ: &OrganRecord) -> Result<i64, StoreError> {
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

    /// The reports of the same body, year and scope.
    fn known(&self, report: &Report, organ_id: i64) -> Result<Vec<Known>, StoreError> {
        let mut find = self.conn.prepare_cached(
            "SELECT r.id, r.cells_sha256, r.published, r.revision, r.is_current, s.path
             FROM report AS r INNER JOIN source AS s ON s.id = r.source_id
             WHERE r.organ_id = ?1 AND r.year = ?2 AND r.scope = ?3",
        )?;
        let rows =
            find.query_map(params![organ_id, report.year, report.scope.map(Scope::key)], |r| {
                Ok(Known {
                    id: r.get(0)?,
                    cells: r.get(1)?,
                    published: r.get(2)?,
                    revision: r.get(3)?,
                    is_current: r.get(4)?,
                    same_path: r.get::<_, String>(5)? == report.source.path,
                })
            })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn link(&self, report: i64, source: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("INSERT INTO report_source (report_id, source_id) VALUES (?1, ?2)")?
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
        let depth = self.covered_depth(report)?;
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

    /// Cells, facts, narrative and findings of a new report.
    fn put_content(&self, report: &Report, id: i64) -> Result<(), StoreError> {
        let json =
            serde_json::to_vec(&report.cells).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let json =
            zstd::bulk::compress(&json, 3).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.conn
            .prepare_cached("INSERT INTO report_cell_json VALUES (?1, ?2)")?
            .execute(params![id, json])?;

        let editions = report.cells.iter().map(|c| c.edition.as_ref().or(report.edition.as_ref()));
        let mut editions: Vec<&String> = editions.flatten().collect();
        editions.sort();
        editions.dedup();
        let mut own = None;
        for edition in editions {
            let form = self
                .forms
                .get(edition)
                .ok_or_else(|| StoreError::UnknownEdition(edition.clone()))?;
            let of_edition =
                |c: &&Cell| c.edition.as_ref().or(report.edition.as_ref()) == Some(edition);
            let facts = Facts::new(form, report.cells.iter().filter(of_edition));
            self.put_facts(form, &facts, id)?;
            if report.edition.as_ref() == Some(edition) {
                own = Some(facts);
            }
        }
        self.put_series(own.as_ref(), id)?;
        for section in &report.sections {
            self.conn
                .prepare_cached(
                    "INSERT INTO section (report_id, no, title, text) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![id, section.no, section.title, section.text])?;
            let section_id = self.conn.last_insert_rowid();
            self.conn
                .prepare_cached("INSERT INTO section_index (rowid, pairs) VALUES (?1, ?2)")?
                .execute(params![section_id, search::pairs(&section.text)])?;
            if section.no == 6
                && let Some(fee) = processing_fee(&section.text)
            {
                self.conn
                    .prepare_cached("INSERT INTO processing_fee VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")?
                    .execute(params![id, fee.notices, fee.charged_fen, fee.received_fen, fee.text])?;
            }
        }
        report.findings.iter().try_for_each(|f| self.put_finding(id, f))
    }

    fn put_facts(&self, form: &Form, facts: &Facts<'_>, id: i64) -> Result<(), StoreError> {
        let unknown = || StoreError::UnknownEdition(form.edition.clone());
        for table in &form.tables {
            for row in facts.rows(table) {
                let row_id =
                    self.dimensions.row(&form.edition, &table.key, &row.row).ok_or_else(unknown)?;
                let names: Vec<&str> = row.values.iter().map(|(n, _)| n.as_str()).collect();
                let marks: Vec<String> = (4..4 + names.len()).map(|i| format!("?{i}")).collect();
                let sql = format!(
                    "INSERT INTO {}_fact (row_id, report_id, implied, {}) VALUES (?1, ?2, ?3, {})",
                    table.store,
                    names.join(", "),
                    marks.join(", ")
                );
                let fixed = [Some(row_id), Some(id), Some(row.implied)];
                let values = fixed.into_iter().chain(row.values.iter().map(|(_, v)| *v));
                self.conn.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values))?;
            }
            for mark in facts.marks(table) {
                let row_id = self
                    .dimensions
                    .row(&form.edition, &table.key, &mark.row)
                    .ok_or_else(unknown)?;
                self.conn
                    .prepare_cached(
                        "INSERT INTO cell_mark VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    )?
                    .execute(params![
                        id,
                        row_id,
                        mark.column,
                        mark.state,
                        mark.raw,
                        mark.value,
                        mark.unit,
                        mark.implied
                    ])?;
            }
        }
        Ok(())
    }

    /// The figures of the one series over all editions. A report without tables is incomplete.
    fn put_series(&self, facts: Option<&Facts<'_>>, id: i64) -> Result<(), StoreError> {
        let figures = |name: &str| facts.map(|f| f.series(name)).unwrap_or_default();
        for proceeding in ["review", "litigation"] {
            let cases = figures(proceeding);
            let incomplete = cases.is_empty() || cases.values().any(Option::is_none);
            let of = |measure: &str| cases.get(measure).copied().flatten().filter(|_| !incomplete);
            self.conn
                .prepare_cached("INSERT INTO case_total VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
                .execute(params![
                    proceeding,
                    id,
                    incomplete,
                    of("upheld"),
                    of("corrected"),
                    of("other"),
                    of("pending"),
                    of("total")
                ])?;
        }
        let requests = figures("requests");
        let of = |measure: &str| requests.get(measure).copied().flatten();
        self.conn
            .prepare_cached(
                "INSERT INTO request_total VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                id,
                of("received"),
                of("carried_in"),
                of("processed"),
                of("granted"),
                of("partially_granted"),
                of("refused"),
                of("unavailable"),
                of("not_processed"),
                of("other"),
                of("carried_out")
            ])?;
        Ok(())
    }

    fn put_finding(&self, id: i64, finding: &Finding) -> Result<(), StoreError> {
        let cells = serde_json::to_string(&finding.cells)
            .map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.conn
            .prepare_cached("INSERT INTO finding (report_id, rule, severity, message, cells) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![id, finding.rule, finding.severity.key(), finding.message, cells])?;
        Ok(())
    }

    /// Deepest level whose current summary stands for a report. A summary does not stand for
    /// itself; a township's does for its own.
    fn covered_depth(&self, report: &Report) -> Result<i64, StoreError> {
        let Some(region) = &report.region_code else { return Ok(0) };
        let own = report.scope == Some(Scope::Aggregate);
        let place = report.township_code.as_ref().unwrap_or(region);
        let mut find = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM report WHERE is_current = 1 AND scope = 'aggregate'
             AND year = ?1 AND region_code = ?2 AND COALESCE(township_code, '') = ?3)",
        )?;
        let mut deepest = 0;
        for (depth, code, township) in ancestors(region, report.township_code.as_deref()) {
            // the same place on two levels (a county is its own county) is no place above
            let itself = own && (township.as_deref().unwrap_or(&code) == place);
            if !itself
                && find
                    .query_row(params![report.year, code, township.unwrap_or_default()], |r| {
                        r.get(0)
                    })?
            {
                deepest = depth;
            }
        }
        Ok(deepest)
    }

    /// A new summary stands for the reports of its year under its region.
    fn cover_below(&self, report: &Report) -> Result<(), StoreError> {
        let Some(region) = &report.region_code else { return Ok(()) };
        let (low, high, depth) = match &report.township_code {
            Some(_) => (region.clone(), region.clone(), 4),
            None => {
                let prefix = region.trim_end_matches("00");
                (region.clone(), format!("{prefix:9<6}"), prefix.len() as i64 / 2)
            }
        };
        self.conn
            .prepare_cached(
                "UPDATE report SET covered_depth = ?1
                 WHERE is_current = 1 AND year = ?2 AND region_code BETWEEN ?3 AND ?4 AND covered_depth < ?1
                 AND (?5 IS NULL OR township_code = ?5)
                 AND NOT (scope = 'aggregate' AND region_code = ?3 AND township_code IS ?5)",
            )?
            .execute(params![depth, report.year, low, high, report.township_code])?;
        Ok(())
    }
}

/// The places that hold a region, province first, with their depth.
fn ancestors(region: &str, township: Option<&str>) -> Vec<(i64, String, Option<String>)> {
    let at = |n: usize| region.get(..n).map(|p| format!("{p:0<6}"));
    let mut out: Vec<(i64, String, Option<String>)> = Vec::new();
    for (depth, n) in [(1, 2), (2, 4), (3, 6)] {
        if let Some(code) = at(n)
            && !out.iter().any(|(_, c, _)| *c == code)
        {
            out.push((depth, code, None));
        }
    }
    if let Some(township) = township {
        out.push((4, region.to_owned(), Some(township.to_owned())));
    }
    out
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
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
