//! The summaries of levels, and the reports that each is the sum of.

use rusqlite::{Connection, OptionalExtension, params};

use super::cover::{span, stored_table};
use super::{StoreError, read_key};
use crate::report::Scope;
use crate::validate::fingerprint;

/// A level's summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Id of the report.
    pub id: i64,
    /// Reporting year.
    pub year: i32,
    /// Region whose level it is.
    pub region: String,
}

/// A report that a summary is the sum of, itself perhaps the summary of a level below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Id of the report.
    pub id: i64,
    /// Key of the body.
    pub key: String,
    /// Name of the body.
    pub organ: String,
    /// Region of the body.
    pub region: String,
    /// Township or street that it is.
    pub township: Option<String>,
    /// Own report or a summary.
    pub scope: Scope,
    /// Whether the body speaks for its level: a government, or its office.
    pub speaks: bool,
}

/// A report that is expected under a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Key of the body.
    pub key: String,
    /// Name of the body.
    pub organ: String,
    /// Region of the body.
    pub region: String,
    /// Township or street that it is.
    pub township: Option<String>,
    /// Own report or a summary.
    pub scope: Scope,
    /// Whether the user's list names it.
    pub listed: bool,
    /// Whether it is there.
    pub come: bool,
}

/// Ids of the current summaries that are to be compared with what lies below them, ascending.
///
/// # Errors
/// When SQLite fails.
pub fn unreconciled(conn: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT r.id FROM report AS r INDEXED BY report_summaries
         LEFT JOIN reconcile_check AS c ON c.report_id = r.id
         LEFT JOIN check_run AS n ON n.id = c.check_run_id
         WHERE r.is_current = 1 AND r.scope = 'aggregate' AND (n.id IS NULL OR n.rules <> ?1)
         ORDER BY r.id",
    )?;
    let ids = statement.query_map([fingerprint()], |r| r.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The level's summary of that id; none where it is that of a township, a body without a region,
/// or an office that does not speak for its level.
///
/// # Errors
/// When SQLite fails.
pub fn summary(conn: &Connection, id: i64) -> Result<Option<Summary>, StoreError> {
    let mut find = conn.prepare_cached(
        "SELECT r.year, r.region_code, o.kind, o.key
         FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
         WHERE r.id = ?1 AND r.scope = 'aggregate' AND r.region_code IS NOT NULL
             AND r.township_code IS NULL",
    )?;
    let found = find
        .query_row([id], |r| {
            let summary = Summary { id, year: r.get(0)?, region: r.get(1)? };
            Ok((summary, r.get::<_, String>(2)?, r.get::<_, String>(3)?))
        })
        .optional()?;
    Ok(found.filter(|(_, kind, key)| speaks(kind, key)).map(|(summary, ..)| summary))
}

/// Whether a body's summary is that of its level.
fn speaks(kind: &str, key: &str) -> bool {
    let office = key.split_once('/').map_or("", |(_, name)| name);
    kind == "government" || matches!(office, "办公室" | "办公厅")
}

/// The reports that the summary of a region, six digits, stands for and no summary between: its own
/// bodies', and for each place below its summary, else its bodies'. Of several summaries of one
/// place all are here. Without a summary those that one would stand for.
///
/// # Errors
/// When SQLite fails.
pub fn parts(
    conn: &Connection,
    region: &str,
    year: i32,
    summary: Option<i64>,
) -> Result<Vec<Part>, StoreError> {
    let (last, depth) = span(region);
    let mut statement = conn.prepare_cached(
        "SELECT r.id, o.key, o.name, r.region_code, r.township_code, r.scope, o.kind
         FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
         WHERE r.is_current = 1 AND r.year = ?1 AND r.region_code BETWEEN ?2 AND ?3
             AND CASE
                 WHEN ?5 IS NOT NULL THEN r.covered_depth = ?4 AND r.id <> ?5
                 ELSE r.covered_depth < ?4
             END
         ORDER BY r.id",
    )?;
    let rows = statement.query_map(params![year, region, last, depth, summary], |r| {
        let key: String = r.get(1)?;
        Ok(Part {
            id: r.get(0)?,
            organ: r.get(2)?,
            region: r.get(3)?,
            township: r.get(4)?,
            scope: read_key(r, 5, Scope::of_key)?,
            speaks: speaks(&r.get::<_, String>(6)?, &key),
            key,
        })
    })?;
    let mut found: Vec<Part> = rows.collect::<Result<_, _>>()?;
    // one without a table stands for nobody: the reports that it should stand for are here
    let mut empty = Vec::new();
    for part in found.iter().filter(|p| p.scope == Scope::Aggregate) {
        if !stored_table(conn, part.id)? {
            empty.push(part.id);
        }
    }
    found.retain(|p| !empty.contains(&p.id));
    Ok(found)
}

/// The summary of a region's level, six digits, in a year, by a body that speaks for it; of several
/// the first.
///
/// # Errors
/// When SQLite fails.
pub fn summary_of(conn: &Connection, region: &str, year: i32) -> Result<Option<i64>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT r.id, o.kind, o.key
         FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
         WHERE r.is_current = 1 AND r.year = ?1 AND r.region_code = ?2 AND r.scope = 'aggregate'
             AND r.township_code IS NULL
         ORDER BY o.kind <> 'government', r.id",
    )?;
    let mut rows = statement.query(params![year, region])?;
    while let Some(r) = rows.next()? {
        let (id, kind, key): (i64, String, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
        if speaks(&kind, &key) && stored_table(conn, id)? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The reports that are expected under a region, six digits.
///
/// # Errors
/// When SQLite fails.
pub fn wanted(conn: &Connection, region: &str, year: i32) -> Result<Vec<Wanted>, StoreError> {
    let (last, _) = span(region);
    let mut statement = conn.prepare_cached(
        "SELECT organ_key, organ, region_code, township_code, scope, origin, state FROM v_expected
         WHERE year = ?1 AND region_code BETWEEN ?2 AND ?3 AND origin IS NOT NULL
         ORDER BY region_code, township_code, organ, scope",
    )?;
    let rows = statement.query_map(params![year, region, last], |r| {
        Ok(Wanted {
            key: r.get(0)?,
            organ: r.get(1)?,
            region: r.get(2)?,
            township: r.get(3)?,
            scope: read_key(r, 4, Scope::of_key)?,
            listed: r.get_ref(5)?.as_str().is_ok_and(|origin| origin == "listed"),
            come: r.get_ref(6)?.as_str().is_ok_and(|state| state == "come"),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
