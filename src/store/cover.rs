//! Which reports a level's summary stands for.

use rusqlite::params;

use super::{Store, StoreError};
use crate::report::{Report, Scope};

impl Store {
    /// Deepest level whose current summary stands for a report. A summary does not stand for
    /// itself; a township's does for its own.
    pub(super) fn covered_depth(&self, report: &Report) -> Result<i64, StoreError> {
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
    pub(super) fn cover_below(&self, report: &Report) -> Result<(), StoreError> {
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
