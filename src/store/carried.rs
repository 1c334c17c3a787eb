//! Corrections of a report that another takes the place of.

use std::borrow::Cow;

use rusqlite::Row;

use super::corrections::lay_over;
use super::{Store, StoreError};
use crate::report::Cell;

/// What becomes of corrections when another report takes the place of the one they were made on.
pub(super) struct Carried<'c> {
    /// The cells of the new one, with those that hold of it laid over.
    pub cells: Cow<'c, [Cell]>,
    /// Names of corrected cells that say something else now.
    pub lapsed: Vec<String>,
    /// Names of cells that say again what they did when they were corrected.
    pub revived: Vec<String>,
}

/// What a correction was made on.
struct Made {
    id: i64,
    edition: String,
    cell: String,
    state: String,
    raw: Option<String>,
}

impl Made {
    /// Of the first columns of a row: id, edition, cell, state and text of the original.
    fn read(r: &Row<'_>) -> rusqlite::Result<Made> {
        Ok(Made {
            id: r.get(0)?,
            edition: r.get(1)?,
            cell: r.get(2)?,
            state: r.get(3)?,
            raw: r.get(4)?,
        })
    }
}

impl Store {
    /// Carries the corrections of a body's other reports of that year and scope over to one
    /// where its cells say the same.
    pub(super) fn carry_over<'c>(
        &self,
        report: i64,
        cells: &'c [Cell],
        replaced: Option<i64>,
    ) -> Result<Carried<'c>, StoreError> {
        let own = "SELECT edition FROM report WHERE id = ?1";
        let own: Option<String> = self.conn.query_row(own, [report], |r| r.get(0))?;
        let says_the_same = |made: &Made| {
            cells.iter().any(|c| {
                c.edition.as_ref().or(own.as_ref()) == Some(&made.edition)
                    && c.name() == made.cell
                    && c.state.key() == made.state
                    && c.raw == made.raw
            })
        };
        let mut find = self.conn.prepare_cached(
            // what was said last of a cell that says the same holds, be it that it was withdrawn
            "SELECT MAX(c.id), c.edition, c.cell, c.original_state, c.original_raw,
                 c.withdrawn_at IS NULL, c.report_id <> n.id,
                 COALESCE(c.withdrawn_reason, c.reason), COALESCE(c.withdrawn_by, c.made_by)
             FROM report AS n
             INNER JOIN report AS r
                 ON r.organ_id = n.organ_id AND r.year = n.year AND r.scope = n.scope
             INNER JOIN correction AS c ON c.report_id = r.id
             WHERE n.id = ?1
             GROUP BY c.edition, c.cell, c.original_state, c.original_raw",
        )?;
        let mut rows = find.query([report])?;
        let (mut holding, mut ended) = (Vec::new(), false);
        while let Some(r) = rows.next()? {
            let made = Made::read(r)?;
            let (holds, elsewhere): (bool, bool) = (r.get(5)?, r.get(6)?);
            if !says_the_same(&made) {
                continue;
            }
            // what was said of the cell elsewhere since ends what this report had
            if elsewhere {
                let (reason, by): (String, String) = (r.get(7)?, r.get(8)?);
                ended |= self.end_correction(report, &made.edition, &made.cell, &reason, &by)?;
            }
            if holds {
                holding.push(made);
            }
        }
        for made in &holding {
            self.conn.execute(
                "INSERT INTO correction (report_id, edition, cell, original_state, original_raw, raw,
                     state, value, unit, reason, made_by, made_at, carried_from)
                 SELECT ?2, edition, cell, original_state, original_raw, raw, state, value, unit,
                     reason, made_by, made_at, id
                 FROM correction WHERE id = ?1
                 ON CONFLICT DO NOTHING",
                [made.id, report],
            )?;
        }
        let mut find = self.conn.prepare_cached(
            "SELECT id, edition, cell, original_state, original_raw
             FROM correction WHERE report_id = ?1 AND withdrawn_at IS NULL",
        )?;
        let before = find.query_map([replaced], Made::read)?;
        let before: Vec<Made> = before.collect::<Result<_, _>>()?;
        let is_of = |a: &Made, b: &Made| (&a.cell, &a.edition) == (&b.cell, &b.edition);
        let held = |made: &&Made| before.iter().any(|b| is_of(b, made));
        let revived = holding.iter().filter(|made| replaced.is_some() && !held(made));
        let revived = revived.map(|made| made.cell.clone()).collect();
        let lapsed = before.iter().filter(|made| !says_the_same(made));
        let lapsed = lapsed.map(|made| made.cell.clone()).collect();
        let cells = match holding.is_empty() && !ended {
            true => Cow::Borrowed(cells),
            false => {
                let mut cells = cells.to_vec();
                lay_over(&self.conn, report, &mut cells)?;
                Cow::Owned(cells)
            }
        };
        Ok(Carried { cells, lapsed, revived })
    }
}
