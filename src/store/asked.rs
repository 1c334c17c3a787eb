//! Which findings are asked for: of those in the store by SQL, of those of files one by one.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::{Shown, StoreError, damaged};
use crate::region::{Code, Regions};
use crate::report::Severity;

/// What is asked for; the default is every failure.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// Ids of rules; none for all.
    pub rules: &'a [String],
    /// Nothing milder than this.
    pub least: Option<Severity>,
    /// Reporting year.
    pub year: Option<i32>,
    /// This region and all under it.
    pub region: Option<(Code, &'a Regions)>,
    /// What passed and what could not be assessed as well.
    pub all: bool,
}

/// [`Asked`] as a condition on the columns `rule`, `severity`, `year` and `region_code`, with the
/// parameters that [`Asked::bound`] gives.
pub(super) const CONDITION: &str = "(?1 IS NULL OR rule IN (SELECT value FROM json_each(?1)))
     AND severity IN (SELECT value FROM json_each(?2))
     AND (?3 IS NULL OR year = ?3)
     AND (?4 IS NULL OR region_code IN (SELECT value FROM json_each(?4)))";

impl Asked<'_> {
    /// Whether a finding is among them.
    #[must_use]
    pub fn keeps(&self, s: &Shown) -> bool {
        (self.all || s.outcome == "fail")
            && (self.rules.is_empty() || self.rules.contains(&s.rule))
            && self.takes(s.severity)
            && self.year.is_none_or(|y| s.year == Some(y))
            && (self.region.is_none() || s.region_code.as_deref().is_some_and(|c| self.holds(c)))
    }

    fn takes(&self, severity: Severity) -> bool {
        self.least.is_none_or(|least| severity >= least)
    }

    /// Whether a region is the one asked for or lies under it.
    fn holds(&self, code: &str) -> bool {
        self.region.is_none_or(|(region, regions)| {
            code.parse().is_ok_and(|code| regions.contains(region, code))
        })
    }

    /// Whether the store has current reports of the year and region.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn has_reports(&self, conn: &Connection) -> Result<bool, StoreError> {
        let [_, _, year, codes] = self.bound(conn)?;
        let sql = "SELECT EXISTS (SELECT 1 FROM report WHERE is_current = 1
             AND (?1 IS NULL OR year = ?1)
             AND (?2 IS NULL OR region_code IN (SELECT value FROM json_each(?2))))";
        Ok(conn.query_row(sql, [year, codes], |r| r.get(0))?)
    }

    /// The parameters of [`CONDITION`].
    pub(super) fn bound(&self, conn: &Connection) -> Result<[Value; 4], StoreError> {
        let severities = [Severity::Info, Severity::Warning, Severity::Error];
        let severities = severities.into_iter().filter(|s| self.takes(*s)).map(Severity::key);
        // which regions lie under which only the tree knows
        let codes = match self.region {
            None => Value::Null,
            Some(_) => {
                let mut codes = conn.prepare(
                    "SELECT DISTINCT region_code FROM report WHERE region_code IS NOT NULL",
                )?;
                let codes = codes.query_map([], |r| r.get(0))?.collect::<Result<Vec<_>, _>>()?;
                array(codes.iter().map(String::as_str).filter(|code| self.holds(code)))?
            }
        };
        Ok([
            if self.rules.is_empty() {
                Value::Null
            } else {
                array(self.rules.iter().map(String::as_str))?
            },
            array(severities)?,
            self.year.map_or(Value::Null, |year| i64::from(year).into()),
            codes,
        ])
    }
}

fn array<'t>(texts: impl Iterator<Item = &'t str>) -> Result<Value, StoreError> {
    let texts: Vec<&str> = texts.collect();
    Ok(Value::Text(serde_json::to_string(&texts).map_err(damaged)?))
}
