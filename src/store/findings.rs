//! What the rules found, kept with the run that found it.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::subjects::Stored;
use super::{Store, StoreError, damaged};
use crate::lang::Bilingual;
use crate::report::{Cell, Place, Scope};
use crate::validate::repair::{self, Repair};
use crate::validate::{Case, Outcome, Quantity, Reach, Rule, Verdict, fingerprint, rules};

/// What a finding is about, as it stands in the source.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Evidence {
    /// A cell.
    Cell {
        /// `table/row/column`.
        cell: String,
        /// Its text; none where the document has no such cell.
        raw: Option<String>,
        /// Its place.
        at: Option<Place>,
    },
    /// Words of the narrative.
    Words {
        /// Number of the section.
        section: u8,
        /// The words, verbatim.
        text: String,
    },
}

/// The cells and words that an outcome is about.
#[must_use]
pub fn evidence(outcome: &Outcome, cells: &[Cell]) -> Vec<Evidence> {
    let own = |c: &&Cell| c.edition.is_none() || c.edition == outcome.edition;
    let of = |name: &String| {
        let mut keys = name.split('/');
        let (table, row, column) = (keys.next()?, keys.next()?, keys.next()?);
        let named = |c: &&Cell| c.table == table && c.row == row && c.column == column;
        // a report that mixes editions may have a cell of that name in each
        let mut found = cells.iter().filter(named).filter(own);
        let cell = found.find(|c| c.raw.is_some())?;
        let (raw, at) = (cell.raw.clone(), cell.at.clone());
        Some(Evidence::Cell { cell: name.clone(), raw, at })
    };
    let words = outcome.passages.iter();
    let words = words.map(|p| Evidence::Words { section: p.section, text: p.text.clone() });
    outcome.cells.iter().filter_map(of).chain(words).collect()
}

/// An outcome ready to be kept.
#[derive(Debug, Clone)]
pub struct Found {
    /// What the rule said.
    pub outcome: Outcome,
    /// What it is about.
    pub evidence: Vec<Evidence>,
    /// What people refer to it by: the same for the same body, year, scope, rule, cells and words,
    /// whatever database they are in.
    pub key: String,
    /// Identity of the facts it rests on: a decision lapses when it changes.
    pub facts: String,
    /// What would settle it.
    pub repair: Option<Repair>,
}

impl Found {
    /// The outcomes of a case, which is of this report; `cells` are the report's as parsed.
    #[must_use]
    pub fn all(
        report: &Stored<'_>,
        case: &Case<'_>,
        outcomes: Vec<Outcome>,
        cells: &[Cell],
    ) -> Vec<Found> {
        let repairs = repair::propose(case, &outcomes, cells);
        let found = |(outcome, repair)| Found { repair, ..Found::new(report, outcome, cells) };
        outcomes.into_iter().zip(repairs).map(found).collect()
    }

    /// An outcome of a report.
    fn new(report: &Stored<'_>, outcome: Outcome, cells: &[Cell]) -> Found {
        let evidence = evidence(&outcome, cells);
        let year = report.subject.year.unwrap_or_default().to_string();
        let scope = report.subject.scope.map_or("", Scope::key);
        let named = [report.organ_key.as_str(), &year, scope, &outcome.rule.id];
        let about = outcome.cells.iter().chain(outcome.passages.iter().map(|p| &p.text));
        let shown = |q: &Option<Quantity>| format!("{q:?}");
        let expected = shown(&outcome.expected);
        // one about no cells and no words is told from others of its rule by what it wants
        let bare = outcome.cells.is_empty() && outcome.passages.is_empty();
        let wants = bare.then_some(expected.as_str());
        let key = short_hash(named.into_iter().chain(about.map(String::as_str)).chain(wants), 6);
        let mut parts = vec![expected, shown(&outcome.found)];
        for evidence in &evidence {
            match evidence {
                Evidence::Cell { cell, raw, .. } => {
                    parts.extend([cell.clone(), format!("{raw:?}")])
                }
                Evidence::Words { text, .. } => parts.push(text.clone()),
            }
        }
        let facts = short_hash(parts.iter().map(String::as_str), 16);
        Found { outcome, evidence, key, facts, repair: None }
    }
}

fn short_hash<'a>(parts: impl Iterator<Item = &'a str>, bytes: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(bytes).map(|b| format!("{b:02x}")).collect()
}

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

impl Store {
    /// Begins a run of these rules; `scope` says in JSON what was asked for. What a run with other
    /// rules found out is no longer taken as known.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn begin_check(&mut self, scope: &str) -> Result<CheckRun, StoreError> {
        self.begin()?;
        self.put_rules()?;
        self.conn.execute(
            "DELETE FROM report_check WHERE check_run_id IN (SELECT id FROM check_run WHERE rules <> ?1)",
            [fingerprint()],
        )?;
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
        let current: bool = self.conn.query_row(
            "SELECT EXISTS (SELECT 1 FROM check_run WHERE rules = ?1)",
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
        for (rule, verdict) in worst {
            let count = run.counts.entry(rule).or_default();
            match verdict {
                Verdict::Pass => count.passed += 1,
                Verdict::Fail => count.failed += 1,
                Verdict::NotAssessable => count.not_assessable += 1,
            }
        }
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO report_check VALUES (?1, ?2, ?3)")?
            .execute([report, run.id, passed])?;
        Ok(())
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
                 expected, found, difference, evidence, facts_sha256, repair)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
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
                repair.map_err(damaged)?
            ])?;
        Ok(())
    }

    /// Id of a sentence, kept once.
    fn message(&self, run: &mut CheckRun, outcome: &Outcome) -> Result<i64, StoreError> {
        let Bilingual { zh, en } = &outcome.message;
        if let Some(id) = run.messages.get(zh) {
            return Ok(*id);
        }
        self.conn
            .prepare_cached("INSERT INTO message (zh, en) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute([zh, en])?;
        let id = self
            .conn
            .prepare_cached("SELECT id FROM message WHERE zh = ?1")?
            .query_row([zh], |r| r.get(0))?;
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
        Quantity::Number(n) => (*n).into(),
        Quantity::Text(text) => text.clone().into(),
    }
}

/// Ids of the current reports that the next run has to check, ascending.
///
/// # Errors
/// When SQLite fails.
pub fn unchecked(conn: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT r.id FROM report AS r LEFT JOIN report_check AS c ON c.report_id = r.id
         WHERE r.is_current = 1 AND c.report_id IS NULL ORDER BY r.id",
    )?;
    let ids = statement.query_map([], |r| r.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The cells of a report as parsed.
///
/// # Errors
/// When there are none of that id, or what is stored cannot be unpacked.
pub fn cells_of(conn: &Connection, id: i64) -> Result<Vec<Cell>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT cells FROM report_cell_json WHERE report_id = ?1")?;
    let packed: Vec<u8> = statement.query_row([id], |r| r.get(0))?;
    let json = zstd::decode_all(packed.as_slice()).map_err(damaged)?;
    serde_json::from_slice(&json).map_err(damaged)
}
