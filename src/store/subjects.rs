//! Reports read back as the rules see them: many at once, figures from the facts.
//!
//! The facts lie by line of the form, so a run of report ids is read line by line: one range for
//! each line instead of one look-up for each line of each report.

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, Row, params};

use super::StoreError;
use super::read::doubt;
use super::sync::{Dimensions, FactLine};
use crate::form::{Form, FormTable, Forms};
use crate::region::Kind;
use crate::report::{Scope, Section, State};
use crate::validate::{Seen, Sheet, Subject};

/// Ids not further apart than this are read as one range.
const GAP: i64 = 64;

/// A report in the store and what the rules see of it.
#[derive(Debug)]
pub struct Stored<'f> {
    /// Id of the report.
    pub id: i64,
    /// Id of the body.
    pub organ_id: i64,
    /// Key of the body.
    pub organ_key: String,
    /// Source it was read from.
    pub path: String,
    /// What the rules see.
    pub subject: Subject<'f>,
}

/// Reads reports for the rules.
pub struct SubjectReader<'c, 'f> {
    pub(super) conn: &'c Connection,
    pub(super) forms: Vec<&'f Form>,
    pub(super) dimensions: Dimensions,
    /// Form, table and row of each row of the forms.
    rows: HashMap<i64, (usize, usize, usize)>,
    /// The bodies that became a body.
    predecessors: HashMap<i64, Vec<i64>>,
}

impl<'c, 'f> SubjectReader<'c, 'f> {
    /// A reader of a database that was brought to these forms.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn new(
        conn: &'c Connection,
        forms: &'f Forms,
    ) -> Result<SubjectReader<'c, 'f>, StoreError> {
        let dimensions = Dimensions::read(conn, forms)?;
        let forms: Vec<&Form> = forms.iter().collect();
        let mut rows = HashMap::new();
        for (f, form) in forms.iter().enumerate() {
            for (t, target) in dimensions.of(&form.edition).unwrap_or_default().iter().enumerate() {
                rows.extend(target.lines.iter().enumerate().map(|(l, x)| (x.row_id, (f, t, l))));
            }
        }
        let mut predecessors: HashMap<i64, Vec<i64>> = HashMap::new();
        let mut statement = conn.prepare("SELECT successor_id, organ_id FROM organ_successor")?;
        let mut links = statement.query([])?;
        while let Some(r) = links.next()? {
            predecessors.entry(r.get(0)?).or_default().push(r.get(1)?);
        }
        drop(links);
        drop(statement);
        Ok(SubjectReader { conn, forms, dimensions, rows, predecessors })
    }

    fn cached(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        Ok(self.conn.prepare_cached(sql)?)
    }

    /// The reports of these ids, which must ascend; with their narrative and what the parser
    /// doubted if `whole`. Ids that no report has are left out.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn read(&self, ids: &[i64], whole: bool) -> Result<Vec<Stored<'f>>, StoreError> {
        let mut out: Vec<Stored<'f>> = Vec::with_capacity(ids.len());
        for (first, last) in ranges(ids) {
            let at = out.len();
            self.heads(first, last, ids, &mut out)?;
            let found = &mut out[at..];
            self.facts(first, last, found)?;
            self.marks(first, last, found)?;
            if whole {
                self.narrative(first, last, found)?;
            }
        }
        Ok(out)
    }

    /// Whose these reports are and what they were read from, without what they say.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn read_heads(&self, ids: &[i64]) -> Result<Vec<Stored<'f>>, StoreError> {
        let mut out = Vec::with_capacity(ids.len());
        for (first, last) in ranges(ids) {
            self.heads(first, last, ids, &mut out)?;
        }
        Ok(out)
    }

    fn heads(
        &self,
        first: i64,
        last: i64,
        ids: &[i64],
        out: &mut Vec<Stored<'f>>,
    ) -> Result<(), StoreError> {
        let mut statement = self.cached(
            "SELECT r.id, r.organ_id, o.key, s.path, o.name, o.kind, r.year, r.scope, r.published, r.edition
             FROM report AS r
             INNER JOIN organ AS o ON o.id = r.organ_id
             INNER JOIN source AS s ON s.id = r.source_id
             WHERE r.id BETWEEN ?1 AND ?2
             ORDER BY r.id",
        )?;
        let mut rows = statement.query([first, last])?;
        while let Some(r) = rows.next()? {
            let id = r.get(0)?;
            if ids.binary_search(&id).is_err() {
                continue;
            }
            let edition: Option<String> = r.get(9)?;
            let form = self.forms.iter().find(|f| Some(&f.edition) == edition.as_ref());
            let subject = Subject {
                organ: r.get(4)?,
                kind: Kind::of_key(&r.get::<_, String>(5)?),
                year: r.get(6)?,
                scope: Scope::of_key(&r.get::<_, String>(7)?),
                published: r.get(8)?,
                sheets: form.map(|f| Sheet::missing(f)).into_iter().collect(),
                edition,
                ..Subject::default()
            };
            let (organ_id, organ_key, path) = (r.get(1)?, r.get(2)?, r.get(3)?);
            out.push(Stored { id, organ_id, organ_key, path, subject });
        }
        Ok(())
    }

    fn facts(&self, first: i64, last: i64, found: &mut [Stored<'f>]) -> Result<(), StoreError> {
        for form in &self.forms {
            let targets = self.dimensions.of(&form.edition).unwrap_or_default();
            for (t, target) in targets.iter().enumerate() {
                let mut statement = self.cached(&target.select)?;
                for line in &target.lines {
                    let mut rows = statement.query(params![line.row_id, first, last])?;
                    let mut at = 0;
                    while let Some(r) = rows.next()? {
                        let id: i64 = r.get(0)?;
                        at += found[at..].partition_point(|s| s.id < id);
                        let Some(stored) = found.get_mut(at).filter(|s| s.id == id) else {
                            continue;
                        };
                        let cells = &mut sheet(&mut stored.subject, form).tables[t];
                        take_line(r, line, &form.tables[t], cells)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// States and texts of the cells that are no plain number.
    fn marks(&self, first: i64, last: i64, found: &mut [Stored<'f>]) -> Result<(), StoreError> {
        let mut statement = self.cached(
            "SELECT report_id, row_id, column_key, state, raw FROM cell_mark
             WHERE report_id BETWEEN ?1 AND ?2",
        )?;
        let mut rows = statement.query([first, last])?;
        while let Some(r) = rows.next()? {
            let Some(stored) = of_id(found, r.get(0)?) else { continue };
            let Some((f, t, line)) = self.rows.get(&r.get(1)?).copied() else { continue };
            let form = self.forms[f];
            let column = r.get_ref(2)?.as_str().unwrap_or_default();
            let cells =
                self.dimensions.of(&form.edition).unwrap_or_default()[t].lines[line].cells.iter();
            let table = &form.tables[t];
            let number =
                cells.flatten().copied().find(|n| table.columns[table.column_of(*n)].key == column);
            let Some(number) = number else { continue };
            let state = State::of_key(r.get_ref(3)?.as_str().unwrap_or_default());
            let sheet = sheet(&mut stored.subject, form);
            sheet.tables[t][number].state = state.unwrap_or(State::Missing);
            sheet.note(t, number, r.get_ref(4)?.as_str().unwrap_or_default());
        }
        Ok(())
    }

    fn narrative(&self, first: i64, last: i64, found: &mut [Stored<'f>]) -> Result<(), StoreError> {
        let mut statement = self.cached(
            "SELECT report_id, no, title, text FROM section WHERE report_id BETWEEN ?1 AND ?2
             ORDER BY report_id, no, id",
        )?;
        let mut rows = statement.query([first, last])?;
        while let Some(r) = rows.next()? {
            if let Some(stored) = of_id(found, r.get(0)?) {
                let section = Section { no: r.get(1)?, title: r.get(2)?, text: r.get(3)? };
                stored.subject.sections.push(section);
            }
        }
        let mut statement = self.cached(
            "SELECT report_id, rule, severity, message, message_en, cells FROM parse_finding
             WHERE report_id BETWEEN ?1 AND ?2 ORDER BY id",
        )?;
        let mut rows = statement.query([first, last])?;
        while let Some(r) = rows.next()? {
            if let Some(stored) = of_id(found, r.get(0)?) {
                stored.subject.reading.push(doubt(r, 1)?);
            }
        }
        Ok(())
    }

    /// For each of these reports, ids ascending: ids of last year's reports of its body, ascending,
    /// and whether another body reported then.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn before(&self, reports: &[Stored<'_>]) -> Result<Vec<(Vec<i64>, bool)>, StoreError> {
        let mut own: HashMap<i64, Vec<i64>> = HashMap::with_capacity(reports.len());
        let mut statement = self.cached(
            "SELECT r.id, b.id
             FROM report AS r
             CROSS JOIN report AS b
                 ON b.organ_id = r.organ_id AND b.year = r.year - 1 AND b.scope = r.scope
             WHERE r.id BETWEEN ?1 AND ?2 AND b.is_current = 1
             ORDER BY r.id, b.id",
        )?;
        let ids: Vec<i64> = reports.iter().map(|r| r.id).collect();
        for (first, last) in ranges(&ids) {
            let mut rows = statement.query([first, last])?;
            while let Some(r) = rows.next()? {
                own.entry(r.get(0)?).or_default().push(r.get(1)?);
            }
        }
        let of = |report: &Stored<'_>| match own.remove(&report.id) {
            Some(own) => Ok((own, false)),
            None => self.predecessors_of(report),
        };
        reports.iter().map(of).collect()
    }

    /// Last year's reports of the bodies that became that of a report.
    fn predecessors_of(&self, report: &Stored<'_>) -> Result<(Vec<i64>, bool), StoreError> {
        let (Some(year), Some(scope)) = (report.subject.year, report.subject.scope) else {
            return Ok((Vec::new(), false));
        };
        let Some(predecessors) = self.predecessors.get(&report.organ_id) else {
            return Ok((Vec::new(), false));
        };
        let mut statement = self.cached(
            "SELECT id FROM report WHERE organ_id = ?1 AND year = ?2 AND scope = ?3 AND is_current = 1",
        )?;
        let mut of = |organ: i64| -> Result<Vec<i64>, StoreError> {
            let ids = statement.query_map(params![organ, year - 1, scope.key()], |r| r.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        };
        let mut all = Vec::new();
        for organ in predecessors {
            let ids = of(*organ)?;
            // of bodies that were merged all must be there
            if ids.is_empty() {
                return Ok((Vec::new(), true));
            }
            all.extend(ids);
        }
        all.sort_unstable();
        Ok((all, true))
    }
}

/// The values of a line as its statement reads them: report, implied bits, then the columns.
pub(super) fn take_line(
    r: &Row<'_>,
    line: &FactLine,
    table: &FormTable,
    cells: &mut [Seen],
) -> Result<(), StoreError> {
    let implied: i64 = r.get(1)?;
    for (c, number) in line.cells.iter().enumerate() {
        let Some(number) = *number else { continue };
        let Some(value) = r.get::<_, Option<i64>>(c + 2)? else { continue };
        cells[number] = if implied >> table.column_of(number) & 1 == 1 {
            Seen { implied: Some(value), state: State::Blank, value: None }
        } else {
            let state = if value == 0 { State::Zero } else { State::Number };
            Seen { state, value: Some(value), implied: None }
        };
    }
    Ok(())
}

/// The sheet of a report in an edition, made when it is first needed.
fn sheet<'s, 'f>(subject: &'s mut Subject<'f>, form: &'f Form) -> &'s mut Sheet<'f> {
    let known = subject.sheets.iter().position(|s| std::ptr::eq(s.form, form));
    let at = known.unwrap_or_else(|| {
        subject.sheets.push(Sheet::missing(form));
        subject.sheets.len() - 1
    });
    &mut subject.sheets[at]
}

fn of_id<'s, 'f>(found: &'s mut [Stored<'f>], id: i64) -> Option<&'s mut Stored<'f>> {
    let at = found.binary_search_by_key(&id, |s| s.id).ok()?;
    found.get_mut(at)
}

/// Ascending ids as ranges without large gaps.
pub(super) fn ranges(ids: &[i64]) -> Vec<(i64, i64)> {
    let mut out: Vec<(i64, i64)> = Vec::new();
    for id in ids {
        match out.last_mut() {
            Some((_, last)) if *id - *last <= GAP => *last = *id,
            _ => out.push((*id, *id)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_near_each_other_are_one_range() {
        assert_eq!(ranges(&[1, 2, 60, 200, 201]), [(1, 60), (200, 201)]);
        assert!(ranges(&[]).is_empty());
    }
}
