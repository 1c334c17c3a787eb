//! Which reports a level's summary stands for. One without a table stands for nobody: it has no
//! figures in which theirs could be.

use rusqlite::{Connection, params};

use super::{Store, StoreError};
use crate::report::{Report, Scope, State};

/// Where a report stands among those of its year.
pub(super) struct Seat {
    pub year: Option<i32>,
    pub region: Option<String>,
    pub township: Option<String>,
    pub is_summary: bool,
}

impl Seat {
    pub(super) fn of(report: &Report) -> Seat {
        Seat {
            year: report.year,
            region: report.region_code.clone(),
            township: report.township_code.clone(),
            is_summary: report.scope == Some(Scope::Aggregate),
        }
    }

    /// First and last region under a summary, and its depth.
    fn below(&self) -> Option<(String, String, i64)> {
        let region = self.region.clone()?;
        Some(match &self.township {
            Some(_) => (region.clone(), region, 4),
            None => {
                let (last, depth) = span(&region);
                (region, last, depth)
            }
        })
    }
}

/// The last code under a region, and its depth.
pub(super) fn span(region: &str) -> (String, i64) {
    let prefix = region.trim_end_matches("00");
    (format!("{prefix:9<6}"), prefix.len() as i64 / 2)
}

/// Whether some cell of the form stands in the document.
pub(super) fn has_table(report: &Report) -> bool {
    report.cells.iter().any(|c| c.state != State::Missing)
}

impl Store {
    /// Deepest level whose current summary stands for a report. A summary does not stand for
    /// itself; a township's does for its own.
    pub(super) fn covered_depth(&self, seat: &Seat) -> Result<i64, StoreError> {
        let Some(region) = &seat.region else { return Ok(0) };
        let place = seat.township.as_ref().unwrap_or(region);
        let mut find = self.conn.prepare_cached(
            "SELECT id FROM report WHERE is_current = 1 AND scope = 'aggregate'
             AND year = ?1 AND region_code = ?2 AND COALESCE(township_code, '') = ?3",
        )?;
        let mut deepest = 0;
        for (depth, code, township) in ancestors(region, seat.township.as_deref()) {
            // the same place on two levels (a county is its own county) is no place above
            let itself = seat.is_summary && (township.as_deref().unwrap_or(&code) == place);
            if itself {
                continue;
            }
            let mut rows = find.query(params![seat.year, code, township.unwrap_or_default()])?;
            while let Some(row) = rows.next()? {
                if stored_table(&self.conn, row.get(0)?)? {
                    deepest = depth;
                }
            }
        }
        Ok(deepest)
    }

    /// A new summary stands for the reports of its year under its region.
    pub(super) fn cover_below(&self, seat: &Seat) -> Result<(), StoreError> {
        let Some((low, high, depth)) = seat.below() else { return Ok(()) };
        self.conn
            .prepare_cached(
                "UPDATE report SET covered_depth = ?1
                 WHERE is_current = 1 AND year = ?2 AND region_code BETWEEN ?3 AND ?4 AND covered_depth < ?1
                 AND (?5 IS NULL OR township_code = ?5)
                 AND NOT (scope = 'aggregate' AND region_code = ?3 AND township_code IS ?5)",
            )?
            .execute(params![depth, seat.year, low, high, seat.township])?;
        Ok(())
    }

    /// Works out anew who stands for the reports that a summary stood for: it does not count any
    /// more, or one without a table has taken its place.
    pub(super) fn uncover(&self, summary: &Seat) -> Result<(), StoreError> {
        let Some((low, high, depth)) = summary.below() else { return Ok(()) };
        let mut find = self.conn.prepare_cached(
            "SELECT id, region_code, township_code, scope = 'aggregate' FROM report
             WHERE is_current = 1 AND year = ?1 AND region_code BETWEEN ?2 AND ?3 AND covered_depth = ?4
             AND (?5 IS NULL OR township_code = ?5)",
        )?;
        let rows =
            find.query_map(params![summary.year, low, high, depth, summary.township], |r| {
                let seat = Seat {
                    year: summary.year,
                    region: r.get(1)?,
                    township: r.get(2)?,
                    is_summary: r.get(3)?,
                };
                Ok((r.get(0)?, seat))
            })?;
        let covered: Vec<(i64, Seat)> = rows.collect::<Result<_, _>>()?;
        for (id, seat) in covered {
            self.conn
                .prepare_cached("UPDATE report SET covered_depth = ?2 WHERE id = ?1")?
                .execute([id, self.covered_depth(&seat)?])?;
        }
        Ok(())
    }

    /// Takes back what summaries without a table stood for in databases of earlier programs; a
    /// second time changes nothing.
    pub(super) fn uncover_empty(&self) -> Result<(), StoreError> {
        let mut find = self.conn.prepare(
            "SELECT id, year, region_code, township_code FROM report
             WHERE is_current = 1 AND scope = 'aggregate'",
        )?;
        let rows = find.query_map([], |r| {
            let seat =
                Seat { year: r.get(1)?, region: r.get(2)?, township: r.get(3)?, is_summary: true };
            Ok((r.get(0)?, seat))
        })?;
        let summaries: Vec<(i64, Seat)> = rows.collect::<Result<_, _>>()?;
        for (id, seat) in summaries {
            if !stored_table(&self.conn, id)? {
                self.uncover(&seat)?;
            }
        }
        Ok(())
    }
}

/// Whether some cell of the form stands in a stored report: then it has facts.
pub(super) fn stored_table(conn: &Connection, report: i64) -> Result<bool, StoreError> {
    let mut relations = conn.prepare_cached(
        "SELECT t.table_key, t.relation FROM report AS r
         INNER JOIN form_table AS t ON t.edition = r.edition WHERE r.id = ?1 ORDER BY t.ordinal",
    )?;
    let relations = relations.query_map([report], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let relations: Vec<(String, String)> = relations.collect::<Result<_, _>>()?;
    for (table, relation) in relations {
        // a line at a time, as the facts are in order of the lines
        let sql = format!(
            "SELECT EXISTS (
                 SELECT 1 FROM report AS r
                 INNER JOIN form_row AS l ON l.edition = r.edition AND l.table_key = ?2
                 CROSS JOIN {relation}_fact AS f ON f.row_id = l.id AND f.report_id = r.id
                 WHERE r.id = ?1)"
        );
        if conn.prepare_cached(&sql)?.query_row(params![report, table], |r| r.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
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
