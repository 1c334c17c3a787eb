//! Who is to report: the user's list, and what follows from it and from last year's reports.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError, read_key};
use crate::region::{ExpectedBody, Kin, Kind};
use crate::report::Scope;
use crate::validate::due_days;

/// What is expected of a year: for a body's key and a scope.
type Expectations = BTreeMap<(String, String), Expectation>;

/// That a body is to report.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expectation {
    origin: String,
    organ: Option<String>,
    kind: Option<String>,
    region: Option<String>,
    township: Option<String>,
}

/// A body's place, and its name and kind where only the list tells them.
#[derive(Clone)]
struct Home {
    organ: Option<String>,
    kind: Option<String>,
    region: Option<String>,
    township: Option<String>,
}

/// What all years have in common.
struct Known {
    list: Vec<ExpectedBody>,
    /// Where in the list a body stands first.
    places: HashMap<String, usize>,
    /// Which bodies a body is over the years.
    kin: HashMap<String, Vec<Kin>>,
}

impl Known {
    /// The bodies that a body is in a year: its kin of that year, else itself.
    fn in_year(&self, key: &str, year: i32, also_earlier: bool) -> Vec<String> {
        let is = |k: &&Kin| {
            (k.later || also_earlier) && (i32::from(k.first)..=i32::from(k.last)).contains(&year)
        };
        let kin = self.kin.get(key).into_iter().flatten().filter(is);
        let keys: Vec<String> = kin.map(|k| k.other.clone()).collect();
        if keys.is_empty() { vec![key.to_owned()] } else { keys }
    }
}

/// The list of expected bodies, in its order.
///
/// # Errors
/// When SQLite fails.
pub fn expected_bodies(conn: &Connection) -> Result<Vec<ExpectedBody>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT organ_key, organ, kind, region_code, township_code, scope, first_year, last_year
         FROM expected_body ORDER BY ordinal",
    )?;
    let rows = statement.query_map([], |r| {
        Ok(ExpectedBody {
            key: r.get(0)?,
            name: r.get(1)?,
            kind: read_key(r, 2, Kind::of_key)?,
            region_code: r.get(3)?,
            township_code: r.get(4)?,
            scope: read_key(r, 5, Scope::of_key)?,
            first_year: r.get(6)?,
            last_year: r.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Those of a list under whose name no report was ever loaded: it may be wrong.
///
/// # Errors
/// When SQLite fails.
pub fn never_reported(conn: &Connection, list: &[ExpectedBody]) -> Result<Vec<String>, StoreError> {
    let mut find = conn.prepare(
        "SELECT EXISTS (
             SELECT 1 FROM organ AS o INNER JOIN report AS r ON r.organ_id = o.id WHERE o.key = ?1
         )",
    )?;
    let mut names = Vec::new();
    for body in list {
        let has: bool = find.query_row([&body.key], |r| r.get(0))?;
        if !has && !names.contains(&body.name) {
            names.push(body.name.clone());
        }
    }
    Ok(names)
}

/// Whether what is expected waits to be worked out anew, as after a load that was killed.
///
/// # Errors
/// When SQLite fails.
pub fn expectations_wait(conn: &Connection) -> Result<bool, StoreError> {
    let waits = "SELECT EXISTS (SELECT 1 FROM expectation_due)";
    Ok(conn.query_row(waits, [], |r| r.get(0))?)
}

impl Store {
    /// Keeps a list of expected bodies in place of an earlier one.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_expected(&mut self, list: &[ExpectedBody]) -> Result<(), StoreError> {
        if expected_bodies(&self.conn)? == list {
            return Ok(());
        }
        self.begin()?;
        self.all_years_due()?;
        self.conn.execute("DELETE FROM expected_body", [])?;
        for (ordinal, b) in list.iter().enumerate() {
            self.conn
                .prepare_cached(
                    "INSERT INTO expected_body (organ_key, organ, kind, region_code, township_code, scope,
                     first_year, last_year, ordinal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                )?
                .execute(params![
                    b.key,
                    b.name,
                    b.kind.key(),
                    b.region_code,
                    b.township_code,
                    b.scope.key(),
                    b.first_year,
                    b.last_year,
                    ordinal as i64
                ])?;
        }
        self.all_years_due()
    }

    /// Every year of which something is known or expected is to be worked out anew.
    pub(super) fn all_years_due(&self) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT OR IGNORE INTO expectation_due
             SELECT year FROM report WHERE is_current = 1 UNION SELECT year FROM expectation",
            [],
        )?;
        self.conn.execute(
            "WITH RECURSIVE span (year, last) AS (
                 SELECT first_year, last_year FROM expected_body
                 WHERE first_year IS NOT NULL AND last_year IS NOT NULL
                 UNION SELECT year + 1, last FROM span WHERE year < last
             )
             INSERT OR IGNORE INTO expectation_due SELECT DISTINCT year FROM span",
            [],
        )?;
        // who is whom, or the list, may say otherwise who reported
        self.conn.execute(
            "INSERT OR IGNORE INTO attendance_wait SELECT year FROM expectation_due",
            [],
        )?;
        Ok(())
    }

    /// Brings what bodies are over the years to `kin`; where that changes something, all years are
    /// to be worked out anew, and the summaries of the regions to be compared.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn put_kin(&mut self, kin: &BTreeSet<Kin>) -> Result<(), StoreError> {
        let known: BTreeSet<Kin> = self.kin()?.into_iter().collect();
        if known == *kin {
            return Ok(());
        }
        self.begin()?;
        let mut regions: BTreeSet<&str> = BTreeSet::new();
        for gone in known.difference(kin) {
            regions.extend(gone.key.get(..6));
            self.conn
                .prepare_cached("DELETE FROM organ_kin WHERE organ_key = ?1 AND kin_key = ?2")?
                .execute([&gone.key, &gone.other])?;
        }
        for new in kin.difference(&known) {
            regions.extend(new.key.get(..6));
            self.conn
                .prepare_cached("INSERT OR REPLACE INTO organ_kin VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![new.key, new.other, new.later, new.first, new.last])?;
        }
        self.all_years_due()?;
        let compared = "SELECT EXISTS (SELECT 1 FROM reconcile_check)";
        if !self.conn.query_row(compared, [], |r| r.get::<_, bool>(0))? {
            return Ok(());
        }
        for region in regions {
            self.conn
                .prepare_cached(
                    "DELETE FROM reconcile_check WHERE report_id IN (
                         SELECT id FROM report WHERE is_current = 1 AND scope = 'aggregate' AND region_code IN
                         (SUBSTR(?1, 1, 2) || '0000', SUBSTR(?1, 1, 4) || '00', ?1))",
                )?
                .execute([region])?;
        }
        Ok(())
    }

    fn kin(&self) -> Result<Vec<Kin>, StoreError> {
        let mut statement = self
            .conn
            .prepare("SELECT organ_key, kin_key, later, first_year, last_year FROM organ_kin")?;
        let rows = statement.query_map([], |r| {
            Ok(Kin {
                key: r.get(0)?,
                other: r.get(1)?,
                later: r.get(2)?,
                first: r.get(3)?,
                last: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Works out anew what is expected in the years that wait for it and who reported, what is kept of
    /// findings and sources with it, and commits.
    ///
    /// # Errors
    /// When SQLite fails; then the years still wait.
    pub fn renew_expectations(&mut self) -> Result<(), StoreError> {
        self.begin()?;
        self.put_expectations()?;
        self.put_kept()?;
        self.commit()
    }

    /// Works out anew what is expected in the years that wait for it.
    pub(super) fn put_expectations(&self) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare("SELECT year FROM expectation_due ORDER BY year")?;
        let due = statement.query_map([], |r| r.get(0))?.collect::<Result<Vec<i32>, _>>()?;
        drop(statement);
        if due.is_empty() {
            return Ok(());
        }
        let mut kin: HashMap<String, Vec<Kin>> = HashMap::new();
        for k in self.kin()? {
            kin.entry(k.key.clone()).or_default().push(k);
        }
        let list = expected_bodies(&self.conn)?;
        // the first of several counts, so it comes last
        let places = list.iter().enumerate().rev().map(|(i, b)| (b.key.clone(), i)).collect();
        let known = Known { list, places, kin };
        for year in due {
            let wanted = self.expectations(year, &known)?;
            self.bring(year, &wanted)?;
        }
        self.conn.execute("DELETE FROM expectation_due", [])?;
        Ok(())
    }

    /// What is expected in a year.
    fn expectations(&self, year: i32, known: &Known) -> Result<Expectations, StoreError> {
        let reported = "SELECT EXISTS (SELECT 1 FROM report WHERE is_current = 1 AND year = ?1)";
        let reported: bool = self.conn.prepare_cached(reported)?.query_row([year], |r| r.get(0))?;
        let mut out = Expectations::new();
        let mut listed_regions = HashSet::new();
        let of_year = |b: &&ExpectedBody| {
            let span = b.first_year.zip(b.last_year).is_some();
            (reported || span)
                && b.first_year.is_none_or(|f| f <= year)
                && b.last_year.is_none_or(|l| year <= l)
        };
        for body in known.list.iter().filter(of_year) {
            for key in known.in_year(&body.key, year, true) {
                let mut home = self.home(&key, known)?;
                if key == body.key {
                    // the list may know better what it is
                    let same =
                        home.kind.is_none() && self.kind(&key)?.as_deref() == Some(body.kind.key());
                    home.kind = (!same).then(|| body.kind.key().to_owned());
                }
                listed_regions.insert(home.region.clone());
                let entry = expectation("listed", home);
                out.insert((key, body.scope.key().to_owned()), entry);
            }
        }
        if !reported {
            return Ok(out);
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT o.key, r.scope FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
             WHERE r.is_current = 1 AND r.year = ?1 - 1",
        )?;
        let mut rows = statement.query([year])?;
        while let Some(r) = rows.next()? {
            let (key, scope): (String, String) = (r.get(0)?, r.get(1)?);
            for key in known.in_year(&key, year, false) {
                let home = self.home(&key, known)?;
                if !listed_regions.contains(&home.region) {
                    out.entry((key, scope.clone()))
                        .or_insert_with(|| expectation("last_year", home));
                }
            }
        }
        Ok(out)
    }

    /// Where a body is at home; what the store knows of it counts more than the list.
    fn home(&self, key: &str, known: &Known) -> Result<Home, StoreError> {
        let stored = self
            .conn
            .prepare_cached("SELECT region_code, township_code FROM organ WHERE key = ?1")?
            .query_row([key], |r| {
                Ok(Home { organ: None, kind: None, region: r.get(0)?, township: r.get(1)? })
            })
            .optional()?;
        if let Some(home) = stored {
            return Ok(home);
        }
        let said = known.places.get(key).map(|i| &known.list[*i]);
        Ok(Home {
            organ: said.map(|b| b.name.clone()),
            kind: said.map(|b| b.kind.key().to_owned()),
            region: said.and_then(|b| b.region_code.clone()),
            township: said.and_then(|b| b.township_code.clone()),
        })
    }

    /// The kind of a body that reports.
    fn kind(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut find = self.conn.prepare_cached("SELECT kind FROM organ WHERE key = ?1")?;
        Ok(find.query_row([key], |r| r.get(0)).optional()?)
    }

    /// Brings the expectations of a year to `wanted`; what is so already is not touched.
    fn bring(&self, year: i32, wanted: &Expectations) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT organ_key, scope, origin, organ, kind, region_code, township_code
             FROM expectation WHERE year = ?1",
        )?;
        let known = |r: &Row<'_>| {
            let entry = Expectation {
                origin: r.get(2)?,
                organ: r.get(3)?,
                kind: r.get(4)?,
                region: r.get(5)?,
                township: r.get(6)?,
            };
            Ok(((r.get(0)?, r.get(1)?), entry))
        };
        let known = statement.query_map([year], known)?.collect::<Result<Expectations, _>>()?;
        let same = |a: &Expectations, (key, entry): (&(String, String), &Expectation)| {
            a.get(key) == Some(entry)
        };
        for (key, _) in known.iter().filter(|e| !same(wanted, *e)) {
            self.conn
                .prepare_cached(
                    "DELETE FROM expectation WHERE year = ?1 AND organ_key = ?2 AND scope = ?3",
                )?
                .execute(params![year, key.0, key.1])?;
        }
        for (key, e) in wanted.iter().filter(|e| !same(&known, *e)) {
            self.conn
                .prepare_cached(
                    "INSERT INTO expectation (year, organ_key, scope, origin, organ, kind, region_code,
                     township_code) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute(params![
                    year, key.0, key.1, e.origin, e.organ, e.kind, e.region, e.township
                ])?;
        }
        Ok(())
    }
}

fn expectation(origin: &str, home: Home) -> Expectation {
    Expectation {
        origin: origin.to_owned(),
        organ: home.organ,
        kind: home.kind,
        region: home.region,
        township: home.township,
    }
}

/// Brings the table of days on which reports are due to the rule.
pub(super) fn sync_due_days(conn: &Connection) -> Result<(), StoreError> {
    let wanted: Vec<[String; 7]> = due_days()
        .map(|d| {
            [
                d.kind.key().to_owned(),
                d.scope.key().to_owned(),
                d.first_year.to_string(),
                d.last_year.to_string(),
                d.due,
                d.doubtful.to_owned(),
                i64::from(d.statutory).to_string(),
            ]
        })
        .collect();
    let mut statement = conn.prepare(
        "SELECT kind, scope, CAST(first_year AS TEXT), CAST(last_year AS TEXT), due, doubtful,
                CAST(statutory AS TEXT)
         FROM due_day",
    )?;
    let row = |r: &Row<'_>| {
        Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?])
    };
    let known = statement.query_map([], row)?.collect::<Result<HashSet<[String; 7]>, _>>()?;
    if known == wanted.iter().cloned().collect() {
        return Ok(());
    }
    conn.execute("DELETE FROM due_day", [])?;
    conn.execute("INSERT OR IGNORE INTO attendance_wait SELECT DISTINCT year FROM attendance", [])?;
    for day in &wanted {
        conn.prepare_cached("INSERT INTO due_day VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(rusqlite::params_from_iter(day))?;
    }
    Ok(())
}
