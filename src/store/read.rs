//! Reading reports back whole.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{CellReader, StoreError, damaged, read_key};
use crate::lang::Bilingual;
use crate::report::{Finding, Message, Report, SCHEMA, Scope, Section, Severity, Source};

/// A report as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReport {
    /// Id in the store.
    pub id: i64,
    /// Body.
    pub organ: String,
    /// Six digits.
    pub region_code: Option<String>,
    /// Reporting year.
    pub year: i32,
    /// `own` or `aggregate`.
    pub scope: String,
    /// From 1.
    pub revision: i64,
    /// Whether it is the one that counts.
    pub is_current: bool,
    /// Source it was read from.
    pub path: String,
}

/// The reports of a year by bodies of that id, key or full name.
///
/// # Errors
/// When SQLite fails.
pub fn find_reports(
    conn: &Connection,
    body: &str,
    year: i32,
) -> Result<Vec<StoredReport>, StoreError> {
    list(conn, &format!("{NAMED} AND r.year = ?2"), params![body, year])
}

/// The report of a number.
///
/// # Errors
/// [`StoreError::NoReport`], or when SQLite fails.
pub fn stored_report(conn: &Connection, id: i64) -> Result<StoredReport, StoreError> {
    list(conn, "r.id = ?1", params![id])?.pop().ok_or(StoreError::NoReport(id))
}

/// The reports of a year by bodies whose names hold `part`.
///
/// # Errors
/// When SQLite fails.
pub fn find_reports_like(
    conn: &Connection,
    part: &str,
    year: i32,
) -> Result<Vec<StoredReport>, StoreError> {
    list(conn, "instr(o.name, ?1) > 0 AND r.year = ?2", params![part, year])
}

/// A body as it is chosen by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBody {
    /// Id in the store.
    pub id: i64,
    /// Name.
    pub name: String,
    /// What it is in the end: the same for all names of one body over the years.
    pub series: i64,
    /// Six digits.
    pub region_code: Option<String>,
}

/// The bodies of that id, key or full name; with `in_part` those whose names hold it.
///
/// # Errors
/// When SQLite fails.
pub fn find_bodies(
    conn: &Connection,
    body: &str,
    in_part: bool,
) -> Result<Vec<NamedBody>, StoreError> {
    let filter = if in_part { "instr(o.name, ?1) > 0" } else { NAMED };
    let mut statement = conn.prepare(&format!(
        "SELECT o.id, o.name, COALESCE(o.series_id, o.id), o.region_code
         FROM organ AS o WHERE {filter} ORDER BY o.name, o.id"
    ))?;
    let rows = statement.query_map([body], |r| {
        Ok(NamedBody { id: r.get(0)?, name: r.get(1)?, series: r.get(2)?, region_code: r.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Bodies of that id, key or full name.
const NAMED: &str = "(o.name = ?1 OR o.key = ?1 OR CAST(o.id AS TEXT) = ?1)";

fn list(
    conn: &Connection,
    filter: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<StoredReport>, StoreError> {
    let mut statement = conn.prepare(&format!(
        "SELECT r.id, o.name, r.region_code, r.year, r.scope, r.revision, r.is_current, s.path
         FROM report AS r
         INNER JOIN organ AS o ON o.id = r.organ_id
         INNER JOIN source AS s ON s.id = r.source_id
         WHERE {filter}
         ORDER BY r.is_current DESC, r.id"
    ))?;
    let rows = statement.query_map(params, |r| {
        Ok(StoredReport {
            id: r.get(0)?,
            organ: r.get(1)?,
            region_code: r.get(2)?,
            year: r.get(3)?,
            scope: r.get(4)?,
            revision: r.get(5)?,
            is_current: r.get(6)?,
            path: r.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The years of the reports by bodies of that id, key or full name.
///
/// # Errors
/// When SQLite fails.
pub fn years_of(conn: &Connection, body: &str) -> Result<Vec<i32>, StoreError> {
    let mut statement = conn.prepare(&format!(
        "SELECT DISTINCT r.year FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
         WHERE {NAMED} ORDER BY r.year"
    ))?;
    let years = statement.query_map([body], |r| r.get(0))?;
    Ok(years.collect::<Result<_, _>>()?)
}

/// The names of all bodies.
///
/// # Errors
/// When SQLite fails.
pub fn organ_names(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare("SELECT DISTINCT name FROM organ ORDER BY name")?;
    let names = statement.query_map([], |r| r.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// A report as it was parsed.
///
/// # Errors
/// When there is none of that id, or what is stored cannot be unpacked.
pub fn read_report(conn: &Connection, id: i64) -> Result<Report, StoreError> {
    let mut report = conn
        .query_row(
            "SELECT r.title, o.name, r.organ_printed, r.region_code, r.township_code, r.year, r.scope, r.edition,
                    r.published, s.path, s.sha256, s.media_type, s.encoding
             FROM report AS r
             INNER JOIN organ AS o ON o.id = r.organ_id
             INNER JOIN source AS s ON s.id = r.source_id
             WHERE r.id = ?1",
            [id],
            |r| {
                Ok(Report {
                    schema: SCHEMA.to_owned(),
                    title: r.get(0)?,
                    organ: r.get(1)?,
                    organ_printed: r.get(2)?,
                    region_code: r.get(3)?,
                    township_code: r.get(4)?,
                    year: r.get(5)?,
                    scope: Some(read_key(r, 6, Scope::of_key)?),
                    edition: r.get(7)?,
                    published: r.get(8)?,
                    source: Source { path: r.get(9)?, sha256: r.get(10)?, media_type: r.get(11)?, encoding: r.get(12)? },
                    sections: Vec::new(),
                    cells: Vec::new(),
                    findings: Vec::new(),
                })
            },
        )
        .optional()?
        .ok_or(StoreError::NoReport(id))?;
    report.cells = CellReader::new(conn)?.all(id)?;
    let mut sections =
        conn.prepare("SELECT no, title, text FROM section WHERE report_id = ?1 ORDER BY id")?;
    let sections = sections
        .query_map([id], |r| Ok(Section { no: r.get(0)?, title: r.get(1)?, text: r.get(2)? }))?;
    report.sections = sections.collect::<Result<_, _>>()?;
    let mut findings = conn.prepare(
        "SELECT rule, severity, message, message_en, cells FROM parse_finding
         WHERE report_id = ?1 ORDER BY id",
    )?;
    let mut rows = findings.query([id])?;
    while let Some(r) = rows.next()? {
        report.findings.push(doubt(r, 0)?);
    }
    Ok(report)
}

/// What the parser doubted: rule, severity, both messages and cells, from column `at` on.
pub(super) fn doubt(r: &Row<'_>, at: usize) -> Result<Finding, StoreError> {
    let severity = read_key(r, at + 1, Severity::of_key)?;
    let (zh, en): (String, Option<String>) = (r.get(at + 2)?, r.get(at + 3)?);
    let message = Message(Bilingual { en: en.unwrap_or_else(|| zh.clone()), zh });
    let cells: String = r.get(at + 4)?;
    let cells = serde_json::from_str(&cells).map_err(damaged)?;
    Ok(Finding { rule: r.get(at)?, severity, message, cells })
}
