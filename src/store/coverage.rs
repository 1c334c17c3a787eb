//! Who was to report and who did, as `v_expected` has it.

use rusqlite::Connection;

use super::StoreError;
use crate::report::Scope;

/// What became of an expectation, or of a report that nobody expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attendance {
    /// Expected, and there.
    Come,
    /// Expected, and not there.
    Missing,
    /// There without being expected.
    Unexpected,
}

impl Attendance {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Attendance::Come => "come",
            Attendance::Missing => "missing",
            Attendance::Unexpected => "unexpected",
        }
    }
}

/// Why a body is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The user's list names it.
    Listed,
    /// It reported the year before.
    LastYear,
}

impl Origin {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Origin::Listed => "listed",
            Origin::LastYear => "last_year",
        }
    }
}

/// One body, year and scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attended {
    /// Reporting year.
    pub year: i32,
    /// Region that the body belongs to.
    pub region_code: Option<String>,
    /// Township or street that it is.
    pub township_code: Option<String>,
    /// Its name.
    pub organ: String,
    /// Kind key.
    pub kind: Option<String>,
    /// Own report or a level's summary.
    pub scope: Option<Scope>,
    /// Why it is expected; none where it is not.
    pub origin: Option<Origin>,
    /// Whether it came.
    pub state: Attendance,
    /// When its report was published.
    pub published: Option<String>,
    /// Until when it was due.
    pub due: Option<String>,
    /// Whether it was published after the day of the statute.
    pub late: bool,
    /// Whether another source has other figures.
    pub twice: bool,
    /// Whether what was found in its report is up to date.
    pub checked: bool,
    /// Errors found in its report that nobody dismissed.
    pub errors: i64,
    /// Source of its report.
    pub path: Option<String>,
}

/// Who was to report in a year, or in all, and who did: by year, region and name.
///
/// # Errors
/// When SQLite fails.
pub fn attendance(conn: &Connection, year: Option<i32>) -> Result<Vec<Attended>, StoreError> {
    let filter = if year.is_some() { "year = ?1" } else { "?1 IS NULL" };
    let mut statement = conn.prepare(&format!(
        "SELECT year, region_code, township_code, organ, kind, scope, origin, state, published, due,
                COALESCE(late, 0), COALESCE(twice, 0), COALESCE(checked, 0), COALESCE(errors, 0), path
         FROM v_expected WHERE {filter} ORDER BY year, region_code, township_code, organ, scope",
    ))?;
    let rows = statement.query_map([year], |r| {
        let key = |at: usize| -> rusqlite::Result<String> {
            Ok(r.get::<_, Option<String>>(at)?.unwrap_or_default())
        };
        Ok(Attended {
            year: r.get(0)?,
            region_code: r.get(1)?,
            township_code: r.get(2)?,
            organ: key(3)?,
            kind: r.get(4)?,
            scope: Scope::of_key(&key(5)?),
            origin: match key(6)?.as_str() {
                "listed" => Some(Origin::Listed),
                "last_year" => Some(Origin::LastYear),
                _ => None,
            },
            state: match key(7)?.as_str() {
                "come" => Attendance::Come,
                "missing" => Attendance::Missing,
                _ => Attendance::Unexpected,
            },
            published: r.get(8)?,
            due: r.get(9)?,
            late: r.get(10)?,
            twice: r.get(11)?,
            checked: r.get(12)?,
            errors: r.get(13)?,
            path: r.get(14)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
