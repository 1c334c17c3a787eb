//! What the rules found, kept with the run that found it.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, params};

use super::found::Found;
use super::{Store, StoreError, damaged};
use crate::lang::Bilingual;
use crate::validate::{Outcome, Quantity, Reach, Rule, Verdict, fingerprint, rules};

/// What was checked in a run, counted by rule.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Reports that passed.
    pub passed: i64,
    /// Reports that failed.
    pub failed: i64,
    /// Reports it could not be assessed for.
    pub not_assessable: i64,
}

/// A run under way.
pub struct CheckRun {
    id: i64,
    reports: i64,
    counts: BTreeMap<&'static str, Count>,
    messages: HashMap<String, i64>,
}

impl CheckRun {
    /// Counts reports that only the rules over bodies were asked of.
    pub fn add_reports(&mut self, count: usize) {
        self.reports += count as i64;
    }

    /// Counts what a rule said of one report.
    pub fn count(&mut self, rule: &'static str, verdict: Verdict) {
        let count = self.counts.entry(rule).or_default();
        match verdict {
            Verdict::Pass => count.passed += 1,
            Verdict::Fail => count.failed += 1,
            Verdict::NotAssessable => count.not_assessable += 1,
        }
    }
}

impl Store {
    /// Begins a run of these rules; `scope` says in JSON what was asked for.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn begin_check(&mut self, scope: &str) -> Result<CheckRun, StoreError> {
        self.begin()?;
        self.put_rules()?;
        self.conn.execute(
            "INSERT INTO check_run (started, program_version, rules, scope)
             VALUES (strftime('%Y-%m-%dT%H:%M:%SZ'), ?1, ?2, ?3)",
            params![env!("CARGO_PKG_VERSION"), fingerprint(), scope],
        )?;
        let id = self.conn.last_insert_rowid();
        let (counts, messages) = (BTreeMap::new(), HashMap::new());
        Ok(CheckRun { id, reports: 0, counts, messages })
    }

    /// Brings the table of rules to the list.
    fn put_rules(&self) -> Result<(), StoreError> {
        let known: i64 = self.conn.query_row("SELECT COUNT(*) FROM rule", [], |r| r.get(0))?;
        // an earlier run may have been of these rules, and a later one of others
        let current: bool = self.conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM check_run WHERE rules = ?1
                 AND id = (SELECT MAX(id) FROM check_run))",
            [fingerprint()],
            |r| r.get(0),
        )?;
        if current && known == rules().len() as i64 {
            return Ok(());
        }
        self.conn.execute("DELETE FROM rule", [])?;
        for (ordinal, rule) in rules().iter().enumerate() {
            self.conn
                .prepare_cached("INSERT INTO rule VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
                .execute(params![
                    rule.id,
                    ordinal as i64,
                    rule.version,
                    rule.severity.key(),
                    rule.reach.key(),
                    rule.title.zh,
                    rule.title.en,
                    rule.basis.zh,
                    rule.basis.en
                ])?;
        }
        Ok(())
    }

    /// Keeps what the rules on single reports found in one, in place of what they found before.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_outcomes(
        &self,
        run: &mut CheckRun,
        report: i64,
        found: &[Found],
    ) -> Result<(), StoreError> {
        run.reports += 1;
        let mut old =
            self.conn.prepare_cached("SELECT id, rule FROM finding WHERE report_id = ?1")?;
        let old: Vec<(i64, String)> =
            old.query_map([report], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
        for (id, rule) in old {
            let replaced = crate::validate::rule(&rule).is_none_or(|r| r.reach != Reach::Bodies);
            if replaced {
                self.conn.prepare_cached("DELETE FROM finding WHERE id = ?1")?.execute([id])?;
            }
        }
        let passed = self.put_all(run, report, found)?;
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO report_check VALUES (?1, ?2, ?3, 0)")?
            .execute([report, run.id, passed])?;
        Ok(())
    }

    /// Keeps what a rule over bodies found in a report, in place of what it found before; nothing
    /// where it does not apply.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_over_bodies(
        &self,
        run: &mut CheckRun,
        report: i64,
        rule: &'static Rule,
        found: &[Found],
    ) -> Result<(), StoreError> {
        let passed = self.replace(run, report, &rule.id, found)?;
        self.conn
            .prepare_cached(
                "UPDATE report_check SET passed = passed & ~?2 | ?3 WHERE report_id = ?1",
            )?
            .execute([report, 1 << ordinal(rule), passed])?;
        Ok(())
    }

    /// Keeps what comparing a summary with the reports below it found, in place of what that found
    /// before.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_reconciled(
        &self,
        run: &mut CheckRun,
        report: i64,
        rule: &'static Rule,
        found: &[Found],
    ) -> Result<(), StoreError> {
        let passed = self.replace(run, report, &rule.id, found)?;
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO reconcile_check VALUES (?1, ?2, ?3)")?
            .execute([report, run.id, passed])?;
        Ok(())
    }

    /// Keeps what a rule found in a report in place of what it found before; its bit if it passed.
    fn replace(
        &self,
        run: &mut CheckRun,
        report: i64,
        rule: &str,
        found: &[Found],
    ) -> Result<i64, StoreError> {
        self.conn
            .prepare_cached("DELETE FROM finding WHERE report_id = ?1 AND rule = ?2")?
            .execute(params![report, rule])?;
        self.put_all(run, report, found)
    }

    /// Notes that the rules over bodies were asked of these reports.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn end_bodies(&mut self, reports: &[i64]) -> Result<(), StoreError> {
        self.begin()?;
        for report in reports {
            self.conn
                .prepare_cached("UPDATE report_check SET bodies = 1 WHERE report_id = ?1")?
                .execute([report])?;
        }
        self.commit()
    }

    /// Keeps and counts what was found in a report; the bits of the rules that it passed.
    fn put_all(&self, run: &mut CheckRun, report: i64, found: &[Found]) -> Result<i64, StoreError> {
        let mut passed = 0i64;
        let mut worst: BTreeMap<&'static str, Verdict> = BTreeMap::new();
        for f in found {
            let rule = f.outcome.rule;
            let verdict = worst.entry(&rule.id).or_insert(f.outcome.verdict);
            *verdict = (*verdict).min(f.outcome.verdict);
            match f.outcome.verdict {
                Verdict::Pass => passed |= 1 << ordinal(rule),
                _ => self.put_found(run, report, f)?,
            }
        }
        worst.into_iter().for_each(|(rule, verdict)| run.count(rule, verdict));
        Ok(passed)
    }

    fn put_found(&self, run: &mut CheckRun, report: i64, found: &Found) -> Result<(), StoreError> {
        let outcome = &found.outcome;
        let message = self.message(run, outcome)?;
        let cells = serde_json::to_string(&outcome.cells).map_err(damaged)?;
        let fails = outcome.verdict == Verdict::Fail;
        let evidence = (!found.evidence.is_empty())
            .then(|| serde_json::to_string(&found.evidence))
            .transpose()
            .map_err(damaged)?;
        let repair = found.repair.as_ref().map(serde_json::to_string).transpose();
        self.conn
            .prepare_cached(
                "INSERT INTO finding (key, report_id, check_run_id, rule, outcome, severity, message_id, cells,
                 expected, found, difference, evidence, facts_sha256, repair, other_report_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?
            .execute(params![
                found.key,
                report,
                run.id,
                outcome.rule.id,
                outcome.verdict.key(),
                outcome.severity.key(),
                message,
                cells,
                outcome.expected.as_ref().map(sql),
                outcome.found.as_ref().map(sql),
                outcome.difference(),
                evidence,
                fails.then_some(&found.facts),
                repair.map_err(damaged)?,
                found.other
            ])?;
        Ok(())
    }

    /// Says a failure anew whose figures stand among others now; what it rests on is the same.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn reword(
        &self,
        run: &mut CheckRun,
        finding: i64,
        outcome: &Outcome,
    ) -> Result<(), StoreError> {
        let message = self.message(run, outcome)?;
        self.conn
            .prepare_cached(
                "UPDATE finding SET check_run_id = ?2, message_id = ?3, expected = ?4 WHERE id = ?1",
            )?
            .execute(params![finding, run.id, message, outcome.expected.as_ref().map(sql)])?;
        Ok(())
    }

    /// Id of a sentence, kept once.
    fn message(&self, run: &mut CheckRun, outcome: &Outcome) -> Result<i64, StoreError> {
        let Bilingual { zh, en } = &outcome.message;
        if let Some(id) = run.messages.get(zh) {
            return Ok(*id);
        }
        let new = self
            .conn
            .prepare_cached("INSERT INTO message (zh, en) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute([zh, en])?;
        let id = match new {
            0 => self
                .conn
                .prepare_cached("SELECT id FROM message WHERE zh = ?1")?
                .query_row([zh], |r| r.get(0))?,
            _ => self.conn.last_insert_rowid(),
        };
        // the sentences without figures come again and again, the others hardly ever
        if outcome.verdict == Verdict::NotAssessable && run.messages.len() < 1000 {
            run.messages.insert(zh.clone(), id);
        }
        Ok(id)
    }

    /// Ends a run: keeps its counts.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn end_check(&mut self, run: CheckRun) -> Result<(), StoreError> {
        self.begin()?;
        for rule in rules() {
            let Some(count) = run.counts.get(rule.id.as_str()) else { continue };
            self.conn
                .prepare_cached("INSERT INTO check_count VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![
                    run.id,
                    rule.id,
                    rule.version,
                    count.passed,
                    count.failed,
                    count.not_assessable
                ])?;
        }
        self.conn.execute(
            "UPDATE check_run SET finished = strftime('%Y-%m-%dT%H:%M:%SZ'), reports = ?2 WHERE id = ?1",
            [run.id, run.reports],
        )?;
        self.commit()
    }
}

fn ordinal(rule: &Rule) -> usize {
    rules().iter().position(|r| std::ptr::eq(r, rule)).unwrap_or_default()
}

fn sql(quantity: &Quantity) -> rusqlite::types::Value {
    match quantity {
        Quantity::Number(n) | Quantity::Fen(n) => (*n).into(),
        Quantity::Text(text) => text.clone().into(),
    }
}

/// The current reports that the next run has to check, by their ids, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// By the rules on single reports.
    pub reports: Vec<i64>,
    /// By the rules over bodies: those, and where another report that they have to do with changed.
    pub bodies: Vec<i64>,
    /// Summaries to be compared with the reports below them.
    pub summaries: Vec<i64>,
}

impl Due {
    /// How many reports are due for one thing or another.
    #[must_use]
    pub fn count(&self) -> usize {
        let checked = |id: &&i64| self.bodies.binary_search(id).is_ok();
        self.bodies.len() + self.summaries.len() - self.summaries.iter().filter(checked).count()
    }
}

/// What the next run has to check. What a run with other rules found out does not count.
///
/// # Errors
/// When SQLite fails.
pub fn due(conn: &Connection) -> Result<Due, StoreError> {
    // the index has all that is wanted of the reports in a tenth of the bytes
    let mut statement = conn.prepare(
        "SELECT r.id, c.report_id IS NULL
         FROM report AS r INDEXED BY report_by_year
         LEFT JOIN report_check AS c ON c.report_id = r.id
             AND c.check_run_id IN (SELECT n.id FROM check_run AS n WHERE n.rules = ?1)
         WHERE r.is_current = 1 AND COALESCE(c.bodies, 0) = 0
         ORDER BY r.id",
    )?;
    let mut rows = statement.query([fingerprint()])?;
    let mut due = Due { summaries: super::unreconciled(conn)?, ..Due::default() };
    while let Some(r) = rows.next()? {
        let id = r.get(0)?;
        due.bodies.push(id);
        if r.get(1)? {
            due.reports.push(id);
        }
    }
    Ok(due)
}

/// The reports of the same bodies, years and scopes as these that do not count, each with the one
/// that does.
///
/// # Errors
/// When SQLite fails.
pub fn superseded(conn: &Connection, reports: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT o.id
         FROM report AS r
         INNER JOIN report AS o ON o.organ_id = r.organ_id AND o.year = r.year AND o.scope = r.scope
         WHERE r.id = ?1 AND o.is_current = 0
         ORDER BY o.id",
    )?;
    let mut out = Vec::new();
    for report in reports {
        for other in statement.query_map([report], |r| r.get(0))? {
            out.push((other?, *report));
        }
    }
    Ok(out)
}

/// How many reports count.
///
/// # Errors
/// When SQLite fails.
pub fn count_current(conn: &Connection) -> Result<usize, StoreError> {
    let sql = "SELECT COUNT(*) FROM report WHERE is_current = 1";
    Ok(conn.query_row(sql, [], |r| r.get::<_, i64>(0))? as usize)
}
