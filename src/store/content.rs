//! What a report says: cells, facts, narrative, findings.

use std::collections::BTreeMap;

use rusqlite::params;

use super::facts::Facts;
use super::{Store, StoreError, damaged, search};
use crate::form::Form;
use crate::lang::Bilingual;
use crate::narrative::processing_fee;
use crate::report::{Cell, Finding, Report};

impl Store {
    /// Cells, facts, narrative and findings of a new report. `corrected`: its cells with what was
    /// corrected by hand.
    pub(super) fn put_content(
        &self,
        report: &Report,
        corrected: &[Cell],
        id: i64,
    ) -> Result<(), StoreError> {
        let json = self.packed(&serde_json::to_vec(&report.cells).map_err(damaged)?)?;
        self.conn
            .prepare_cached("INSERT INTO report_cell_json VALUES (?1, ?2)")?
            .execute(params![id, json])?;

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
        report.findings.iter().try_for_each(|f| self.put_doubt(id, f))?;
        // last: from then on the report is among those that questions are asked of
        self.put_figures(report.edition.as_deref(), corrected, id)
    }

    /// The facts of a report's cells, and its figures in the series over all editions.
    pub(super) fn put_figures(
        &self,
        of_report: Option<&str>,
        cells: &[Cell],
        id: i64,
    ) -> Result<(), StoreError> {
        let mut editions: Vec<&str> =
            cells.iter().filter_map(|c| c.edition.as_deref().or(of_report)).collect();
        editions.sort();
        editions.dedup();
        let mut own = None;
        for edition in editions {
            let form = self
                .forms
                .get(edition)
                .ok_or_else(|| StoreError::UnknownEdition(edition.to_owned()))?;
            let of_edition = |c: &&Cell| c.edition.as_deref().or(of_report) == Some(edition);
            let facts = Facts::new(form, cells.iter().filter(of_edition));
            self.put_facts(form, &facts, id)?;
            if of_report == Some(edition) {
                own = Some(facts);
            }
        }
        self.put_series(of_report.unwrap_or_default(), own.as_ref(), id)
    }

    fn put_facts(&self, form: &Form, facts: &Facts<'_>, id: i64) -> Result<(), StoreError> {
        let targets = self
            .dimensions
            .of(&form.edition)
            .ok_or_else(|| StoreError::UnknownEdition(form.edition.clone()))?;
        for (t, target) in targets.iter().enumerate() {
            let mut insert = self.conn.prepare_cached(&target.insert)?;
            for row in facts.rows(t, target) {
                let fixed = [Some(row.row_id), Some(id), Some(row.implied)];
                let values = fixed.into_iter().chain(row.values);
                insert.execute(rusqlite::params_from_iter(values))?;
            }
            let mut insert = self
                .conn
                .prepare_cached("INSERT INTO cell_mark VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
            for mark in facts.marks(t, target) {
                insert.execute(params![
                    id,
                    mark.row_id,
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
    fn put_series(
        &self,
        edition: &str,
        facts: Option<&Facts<'_>>,
        id: i64,
    ) -> Result<(), StoreError> {
        let figures = |series: &str| -> BTreeMap<&str, Option<i64>> {
            let Some(facts) = facts else { return BTreeMap::new() };
            let figures = self.dimensions.figures(edition).iter().filter(|f| f.series == series);
            figures.map(|f| (f.name.as_str(), facts.figure(f))).collect()
        };
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

    /// What the parser had to doubt.
    fn put_doubt(&self, id: i64, finding: &Finding) -> Result<(), StoreError> {
        let cells = serde_json::to_string(&finding.cells).map_err(damaged)?;
        let Bilingual { zh, en } = &finding.message.0;
        self.conn
            .prepare_cached(
                "INSERT INTO parse_finding (report_id, rule, severity, message, message_en, cells)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![id, finding.rule, finding.severity.key(), zh, en, cells])?;
        Ok(())
    }
}
