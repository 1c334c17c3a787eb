//! The bodies that report, and what became of them.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreError};
use crate::region::{Body, Lineage, Link, OrganChange, Place, Years};

/// A body as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganRecord {
    /// The same for all spellings of one body.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Kind key: government, department, township, street, ministry, other.
    pub kind: &'static str,
    /// Six digits.
    pub region_code: Option<String>,
    /// Nine digits.
    pub township_code: Option<String>,
}

impl Store {
    pub(super) fn put_organ(&self, organ: &OrganRecord) -> Result<i64, StoreError> {
        let mut find = self.conn.prepare_cached("SELECT id FROM organ WHERE key = ?1")?;
        if let Some(id) = find.query_row([&organ.key], |r| r.get(0)).optional()? {
            return Ok(id);
        }
        self.conn
            .prepare_cached(
                "INSERT INTO organ (key, name, kind, region_code, township_code) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![organ.key, organ.name, organ.kind, organ.region_code, organ.township_code])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// The bodies with the years of their reports.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn bodies(&self) -> Result<Vec<Body>, StoreError> {
        let mut statement = self.conn.prepare(
            "SELECT o.id, o.key, MIN(r.year), MAX(r.year)
             FROM organ AS o LEFT JOIN report AS r ON r.organ_id = o.id
             GROUP BY o.id ORDER BY o.id",
        )?;
        let rows = statement.query_map([], |r| {
            let (first, last): (Option<u16>, Option<u16>) = (r.get(2)?, r.get(3)?);
            Ok(Body { id: r.get(0)?, key: r.get(1)?, reported: first.zip(last) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The regions above the townships by their codes.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn places(&self) -> Result<HashMap<String, Place>, StoreError> {
        let mut statement = self.conn.prepare(
            "SELECT code, name, parent_code, valid_from, valid_to FROM region WHERE level < 4",
        )?;
        let rows = statement.query_map([], |r| {
            let place = Place {
                name: r.get(1)?,
                parent: r.get(2)?,
                valid_from: r.get(3)?,
                valid_to: r.get(4)?,
                ..Place::default()
            };
            Ok((r.get::<_, String>(0)?, place))
        })?;
        let mut places: HashMap<String, Place> = rows.collect::<Result<_, _>>()?;
        let mut statement = self.conn.prepare(
            "SELECT code, successor_code, COALESCE(note, '') FROM region_successor ORDER BY 1, 2",
        )?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            if let Some(place) = places.get_mut(&r.get::<_, String>(0)?) {
                place.successors.push(r.get(1)?);
                place.note = r.get(2)?;
            }
        }
        Ok(places)
    }

    /// The user's list of changes, as a load was given it last.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn organ_changes(&self) -> Result<Vec<OrganChange>, StoreError> {
        let mut statement = self.conn.prepare(
            "SELECT organ_key, valid_from, valid_to, successor_keys, year, note
             FROM organ_change ORDER BY organ_key",
        )?;
        let rows = statement.query_map([], |r| {
            Ok(OrganChange {
                key: r.get(0)?,
                valid_from: r.get(1)?,
                valid_to: r.get(2)?,
                successors: OrganChange::parse_successors(&r.get::<_, String>(3)?),
                year: r.get(4)?,
                note: r.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps the user's list of changes in place of an earlier one.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_organ_changes(&mut self, changes: &[OrganChange]) -> Result<(), StoreError> {
        let mut sorted = changes.to_vec();
        sorted.sort_by(|a, b| a.key.cmp(&b.key));
        if sorted == self.organ_changes()? {
            return Ok(());
        }
        self.begin()?;
        self.conn.execute("DELETE FROM organ_change", [])?;
        for c in &sorted {
            self.conn
                .prepare_cached("INSERT INTO organ_change VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![
                c.key,
                c.valid_from,
                c.valid_to,
                c.successor_text(),
                c.year,
                c.note
            ])?;
        }
        self.commit()
    }

    /// Brings years, series and links of all bodies to `lineage`, in one transaction; what is so
    /// already is not touched.
    ///
    /// # Errors
    /// When SQLite fails; then all stays as it was.
    pub fn put_lineage(&mut self, lineage: &Lineage) -> Result<(), StoreError> {
        self.begin()?;
        let written = self.write_lineage(lineage);
        if written.is_err() {
            self.conn.execute_batch("ROLLBACK")?;
            return written;
        }
        self.commit()
    }

    fn write_lineage(&self, lineage: &Lineage) -> Result<(), StoreError> {
        let mut statement =
            self.conn.prepare("SELECT id, valid_from, valid_to, series_id FROM organ")?;
        let known = statement.query_map([], |r| {
            Ok((r.get(0)?, Years { from: r.get(1)?, to: r.get(2)?, series: r.get(3)? }))
        })?;
        let known: Vec<(i64, Years)> = known.collect::<Result<_, _>>()?;
        for (id, before) in known {
            if let Some(years) = lineage.years.get(&id).filter(|y| **y != before) {
                self.conn
                    .prepare_cached(
                        "UPDATE organ SET valid_from = ?2, valid_to = ?3, series_id = ?4 WHERE id = ?1",
                    )?
                    .execute(params![id, years.from, years.to, years.series])?;
            }
        }
        let mut statement = self.conn.prepare(
            "SELECT organ_id, successor_id, year, COALESCE(note, '') FROM organ_successor",
        )?;
        let known = statement.query_map([], |r| {
            Ok(Link { organ: r.get(0)?, successor: r.get(1)?, year: r.get(2)?, note: r.get(3)? })
        })?;
        let known: HashSet<Link> = known.collect::<Result<_, _>>()?;
        let wanted: HashSet<&Link> = lineage.links.iter().collect();
        for link in known.iter().filter(|link| !wanted.contains(link)) {
            self.conn
                .prepare_cached(
                    "DELETE FROM organ_successor WHERE organ_id = ?1 AND successor_id = ?2",
                )?
                .execute([link.organ, link.successor])?;
        }
        for link in lineage.links.iter().filter(|link| !known.contains(link)) {
            let note = Some(&link.note).filter(|n| !n.is_empty());
            self.conn
                .prepare_cached("INSERT INTO organ_successor VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![link.organ, link.successor, link.year, note])?;
        }
        Ok(())
    }
}

/// A body that another was before or became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// Its name.
    pub organ: String,
    /// Region of the body that was asked for.
    pub region_code: Option<String>,
    /// Whether it came later.
    pub later: bool,
    /// First reporting year of what came later at the change next to this one.
    pub year: Option<i32>,
}

/// What the bodies of that id, key or full name were in `year`: those of their predecessors and
/// successors that report for it; if none does, the nearest on that side of the change.
///
/// # Errors
/// When SQLite fails.
pub fn relatives(conn: &Connection, body: &str, year: i32) -> Result<Vec<Relative>, StoreError> {
    let mut statement = conn.prepare(
        "WITH RECURSIVE step (id, next, later, year) AS (
             SELECT organ_id, successor_id, 1, year FROM organ_successor
             UNION ALL
             SELECT successor_id, organ_id, 0, year FROM organ_successor
         ),
         way (origin, id, later, year, steps) AS (
             SELECT o.id, s.next, s.later, s.year, 1
             FROM organ AS o INNER JOIN step AS s ON s.id = o.id
             WHERE (o.name = ?1 OR o.key = ?1 OR CAST(o.id AS TEXT) = ?1)
             UNION
             SELECT w.origin, s.next, w.later, s.year, w.steps + 1
             FROM way AS w INNER JOIN step AS s ON s.id = w.id AND s.later = w.later
             WHERE w.steps < 9
         )
         SELECT DISTINCT o.name, g.region_code, w.later, w.year, w.steps,
             EXISTS (SELECT 1 FROM report AS r WHERE r.organ_id = w.id AND r.year = ?2)
         FROM way AS w
         INNER JOIN organ AS o ON o.id = w.id
         INNER JOIN organ AS g ON g.id = w.origin
         WHERE w.id <> w.origin
         ORDER BY w.later, w.steps, o.name",
    )?;
    let rows = statement.query_map(params![body, year], |r| {
        let relative = Relative {
            organ: r.get(0)?,
            region_code: r.get(1)?,
            later: r.get(2)?,
            year: r.get(3)?,
        };
        Ok((relative, r.get::<_, i64>(4)?, r.get::<_, bool>(5)?))
    })?;
    let found: Vec<(Relative, i64, bool)> = rows.collect::<Result<_, _>>()?;
    let reports = found.iter().any(|(_, _, reports)| *reports);
    let near = |r: &Relative, steps: i64| {
        steps == 1 && r.year.is_none_or(|y| if r.later { year >= y } else { year < y })
    };
    let kept =
        found.into_iter().filter(|(r, steps, has)| if reports { *has } else { near(r, *steps) });
    Ok(kept.map(|(relative, ..)| relative).collect())
}
