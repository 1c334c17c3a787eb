//! Findings as people are shown them, and what they decide about them.

use rusqlite::types::Value;
use rusqlite::{Connection, Params, params, params_from_iter};
use rust_i18n::t;
use serde::Serialize;

use super::asked::{Asked, CONDITION};
use super::found::Found;
use super::subjects::Stored;
use super::{Store, StoreError, damaged, read_key};
use crate::form::Forms;
use crate::lang::{Bilingual, Lang};
use crate::report::{Scope, Severity};
use crate::validate::repair::Repair;
use crate::validate::{Quantity, Verdict, fingerprint};

/// A finding as it is shown: in the store, or of a file.
#[derive(Debug, Clone)]
pub struct Shown {
    /// What people refer to it by.
    pub key: String,
    /// Rule id.
    pub rule: String,
    /// Severity key.
    pub severity: Severity,
    /// Verdict key: `fail`, `not_assessable`, `pass`.
    pub outcome: &'static str,
    /// One sentence.
    pub message: Bilingual,
    /// Body.
    pub organ: String,
    /// Reporting year.
    pub year: Option<i32>,
    /// Own report or summary.
    pub scope: Option<Scope>,
    /// Region of the report.
    pub region_code: Option<String>,
    /// Source of the report.
    pub path: String,
    /// Cells it is about.
    pub cells: Vec<String>,
    /// What should stand there.
    pub expected: serde_json::Value,
    /// What stands there.
    pub found: serde_json::Value,
    /// Found less expected.
    pub difference: Option<i64>,
    /// Raw text and place of the cells, words of the narrative.
    pub evidence: serde_json::Value,
    /// What would settle it.
    pub repair: Option<Repair>,
    /// What people decided.
    pub decision: Option<Decision>,
}

/// What somebody decided about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// `confirmed`, `dismissed`, or `lapsed` where the facts changed since.
    pub verdict: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
}

/// The failures of a report when it was last checked; none if it has not been since it changed.
///
/// # Errors
/// When SQLite fails.
pub fn findings_of(conn: &Connection, report: i64) -> Result<Option<Vec<Shown>>, StoreError> {
    let checked = "SELECT EXISTS (SELECT 1 FROM report_check WHERE report_id = ?1)";
    let checked: bool = conn.prepare_cached(checked)?.query_row([report], |r| r.get(0))?;
    if !checked {
        return Ok(None);
    }
    read(conn, "outcome = 'fail' AND report_id = ?1", [report]).map(Some)
}

/// The findings of the current reports that are asked for.
///
/// # Errors
/// When SQLite fails.
pub fn findings(conn: &Connection, asked: &Asked<'_>) -> Result<Vec<Shown>, StoreError> {
    let bound = asked.bound(conn)?;
    let outcome = if asked.all { "TRUE" } else { "outcome = 'fail'" };
    let mut out = read(conn, &format!("{outcome} AND {CONDITION}"), params_from_iter(&bound))?;
    if asked.all {
        out.extend(passed(conn, bound)?);
    }
    Ok(out)
}

/// The keys of the failures of current reports that begin like this.
///
/// # Errors
/// When SQLite fails.
pub fn failures_named(conn: &Connection, beginning: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT DISTINCT f.key FROM finding AS f INNER JOIN report AS r ON r.id = f.report_id
         WHERE f.key >= ?1 AND f.key < ?1 || CHAR(1114111)
             AND f.outcome = 'fail' AND r.is_current = 1
         ORDER BY f.key",
    )?;
    let keys = statement.query_map([beginning], |r| r.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

fn read(conn: &Connection, filter: &str, params: impl Params) -> Result<Vec<Shown>, StoreError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT key, rule, severity, outcome, message, message_en, organ, year, scope, region_code, path, cells,
                expected, found, difference, evidence, repair, decision, reason, decided_by, decided_at
         FROM v_finding WHERE {filter} ORDER BY id",
    ))?;
    let mut rows = statement.query(params)?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        let json = |text: Option<String>| -> Result<serde_json::Value, StoreError> {
            text.map_or(Ok(serde_json::Value::Null), |t| serde_json::from_str(&t).map_err(damaged))
        };
        let verdict: String = r.get(17)?;
        let decision = if verdict.is_empty() {
            None
        } else {
            Some(Decision { verdict, reason: r.get(18)?, by: r.get(19)?, at: r.get(20)? })
        };
        let outcome = r.get_ref(3)?.as_str().unwrap_or_default();
        out.push(Shown {
            key: r.get(0)?,
            rule: r.get(1)?,
            severity: read_key(r, 2, Severity::of_key)?,
            outcome: if outcome == "fail" { "fail" } else { "not_assessable" },
            message: Bilingual { zh: r.get(4)?, en: r.get(5)? },
            organ: r.get(6)?,
            year: r.get(7)?,
            scope: Some(read_key(r, 8, Scope::of_key)?),
            region_code: r.get(9)?,
            path: r.get(10)?,
            cells: serde_json::from_str(r.get_ref(11)?.as_str().unwrap_or("[]"))
                .map_err(damaged)?,
            expected: value(r.get_ref(12)?),
            found: value(r.get_ref(13)?),
            difference: r.get(14)?,
            evidence: json(r.get(15)?)?,
            repair: repair(r.get_ref(16)?)?,
            decision,
        });
    }
    Ok(out)
}

fn repair(of: rusqlite::types::ValueRef<'_>) -> Result<Option<Repair>, StoreError> {
    of.as_str_or_null()
        .unwrap_or_default()
        .map(|text| serde_json::from_str(text).map_err(damaged))
        .transpose()
}

fn value(of: rusqlite::types::ValueRef<'_>) -> serde_json::Value {
    match of {
        rusqlite::types::ValueRef::Integer(n) => n.into(),
        rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        _ => serde_json::Value::Null,
    }
}

/// What the current reports passed when they were last checked. Where that was by other rules than
/// today's nothing is known: the bits are those of today's list.
fn passed(conn: &Connection, asked: [Value; 4]) -> Result<Vec<Shown>, StoreError> {
    let mut statement = conn.prepare(&format!(
        "SELECT u.rule, u.severity, v.organ, v.year, v.scope, v.region_code, v.path
         FROM (
             SELECT report_id, check_run_id, passed FROM report_check
             UNION ALL SELECT report_id, check_run_id, passed FROM reconcile_check
         ) AS c
         INNER JOIN check_run AS n ON n.id = c.check_run_id AND n.rules = ?5
         INNER JOIN v_report AS v ON v.report_id = c.report_id
         INNER JOIN rule AS u ON c.passed >> u.ordinal & 1
         WHERE v.is_current = 1 AND {CONDITION} ORDER BY c.report_id, u.ordinal"
    ))?;
    let rules = Value::from(fingerprint().to_owned());
    let rows = statement.query_map(params_from_iter(asked.into_iter().chain([rules])), |r| {
        Ok(Shown {
            key: String::new(),
            rule: r.get(0)?,
            severity: read_key(r, 1, Severity::of_key)?,
            outcome: Verdict::Pass.key(),
            message: Bilingual::default(),
            organ: r.get(2)?,
            year: r.get(3)?,
            scope: Some(read_key(r, 4, Scope::of_key)?),
            region_code: r.get(5)?,
            path: r.get(6)?,
            cells: Vec::new(),
            expected: serde_json::Value::Null,
            found: serde_json::Value::Null,
            difference: None,
            evidence: serde_json::Value::Null,
            repair: None,
            decision: None,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Shown {
    /// Its sentence with which of its cells were corrected, and what would settle it on a line of
    /// its own; `same` where the finding before it says that already.
    #[must_use]
    pub fn told(&self, forms: &Forms, lang: Lang, same: bool) -> String {
        let message = format!("{}{}", self.message.get(lang), self.corrected(lang));
        match &self.repair {
            None => message,
            Some(_) if same => format!("{message}\n{}", t!("repair.same", locale = lang.key())),
            Some(repair) => format!("{message}\n{}", repair.sentence(forms, self.year, lang)),
        }
    }

    /// What the documents say where cells of the evidence were corrected by hand.
    fn corrected(&self, lang: Lang) -> String {
        let text = |of: &serde_json::Value, key: &str| {
            of[key].as_str().map_or_else(String::new, str::to_owned)
        };
        let said = |of: &serde_json::Value| {
            let (cell, value, original) =
                (text(of, "cell"), text(of, "corrected"), text(of, "raw"));
            t!(
                "finding.corrected",
                locale = lang.key(),
                cell = cell,
                value = value,
                original = original
            )
        };
        let evidence = self.evidence.as_array().into_iter().flatten();
        evidence.filter(|of| of["corrected"].is_string()).map(said).collect()
    }
}

impl Found {
    /// As it is shown, for a report that is in no store.
    #[must_use]
    pub fn shown(&self, report: &Stored<'_>, region_code: Option<&String>) -> Shown {
        let json = |q: &Option<Quantity>| match q {
            Some(Quantity::Number(n) | Quantity::Fen(n)) => (*n).into(),
            Some(Quantity::Text(text)) => text.as_str().into(),
            None => serde_json::Value::Null,
        };
        Shown {
            key: self.key.clone(),
            rule: self.outcome.rule.id.clone(),
            severity: self.outcome.severity,
            outcome: self.outcome.verdict.key(),
            message: self.outcome.message.clone(),
            organ: report.subject.organ.clone().unwrap_or_default(),
            year: report.subject.year,
            scope: report.subject.scope,
            region_code: region_code.cloned(),
            path: report.path.clone(),
            cells: self.outcome.cells.clone(),
            expected: json(&self.outcome.expected),
            found: json(&self.outcome.found),
            difference: self.outcome.difference(),
            evidence: serde_json::to_value(&self.evidence).unwrap_or_default(),
            repair: self.repair.clone(),
            decision: None,
        }
    }
}

impl Store {
    /// Keeps what somebody decided about the finding of a key: confirmed, or dismissed.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn decide(
        &mut self,
        key: &str,
        confirmed: bool,
        reason: &str,
        by: &str,
    ) -> Result<(), StoreError> {
        self.begin()?;
        self.conn.execute(
            "INSERT INTO decision (finding_key, verdict, reason, decided_by, decided_at, facts_sha256, about)
             SELECT key, ?2, ?3, ?4, strftime('%Y-%m-%dT%H:%M:%SZ'), facts_sha256,
                    json_object('organ', v.organ, 'year', v.year, 'scope', v.scope, 'rule', v.rule,
                                'message', v.message, 'message_en', v.message_en)
             FROM finding INNER JOIN v_finding AS v USING (id, key)
             WHERE key = ?1 AND finding.outcome = 'fail'
             LIMIT 1",
            params![key, if confirmed { "confirmed" } else { "dismissed" }, reason, by],
        )?;
        self.renew_found()
    }
}
