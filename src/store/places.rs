//! Sums by place, kept so that a question about a region reads a few hundred rows and not its
//! reports; see `place_breakdown` in `schema.sql`.

use rusqlite::{Connection, params};

use super::sync::{existing, replace};
use super::{Store, StoreError};

/// What is kept summed. Beside each relation stands its `_due`: what it is to be, of the years and
/// provinces in `place_due`.
const KEPT: [&str; 4] = ["place_figure", "place_breakdown", "place_line", "place_mark"];

/// The same for `place_measure`, which is laid out by measure.
const MEASURES: &str = "
    DELETE FROM place_measure
    WHERE (place_level, measure, year, place_code, scope, kind, level, covered_depth) IN (
        SELECT k.place_level, k.measure, k.year, k.place_code, k.scope, k.kind, k.level, k.covered_depth
        FROM place_due AS d
        CROSS JOIN (SELECT 0 AS l UNION ALL SELECT 1)
        CROSS JOIN measure AS m
        CROSS JOIN place_measure AS k
            ON k.place_level = l
            AND k.measure = m.measure
            AND k.year = d.year
            AND k.place_code BETWEEN d.province || '0000' AND d.province || '9999'
    );
    INSERT INTO place_measure SELECT * FROM place_measure_due;";

/// Columns of `place_figure` before the figures.
const BEFORE: usize = 9;

/// What a sum over several reports is told apart by.
const ALIKE: &str = "year, edition, scope, covered_depth, settled";

const ALL_DUE: &str = "INSERT OR IGNORE INTO place_due
    SELECT DISTINCT year, COALESCE(SUBSTR(region_code, 1, 2), '00') FROM report_figure";

/// Makes `place_figure` and its views from the columns of `report_figure`, if they are not there as
/// they should be. All sums are to be worked out anew where the lines of a form `moved`.
///
/// # Errors
/// When SQLite fails.
pub fn objects(conn: &Connection, moved: bool) -> Result<(), StoreError> {
    let figures = existing(conn, "report_figure")?;
    let figures = figures.iter().skip_while(|name| *name != "covered_depth").skip(1);
    let figures: Vec<&String> = figures.collect();
    let kept = existing(conn, "place_figure")?;
    // rows are put in by position
    let is_new = !kept.iter().skip(BEFORE).eq(figures.iter().copied());
    if is_new {
        conn.execute_batch(&table(&figures))?;
    }
    if moved || is_new {
        conn.execute_batch(ALL_DUE)?;
    }
    replace(conn, "VIEW", "place_figure_due", &due(&figures))?;
    replace(conn, "VIEW", "v_place_figure", &view(&figures))
}

/// Each name as `pattern` has it, where `{}` stands for the name, one a line.
fn each(names: &[&String], pattern: &str) -> String {
    let lines: Vec<String> = names.iter().map(|name| pattern.replace("{}", name)).collect();
    lines.join(",\n    ")
}

fn table(figures: &[&String]) -> String {
    format!(
        "DROP TABLE IF EXISTS place_figure;
CREATE TABLE place_figure (
    place_level INTEGER NOT NULL,
    place_code TEXT NOT NULL,
    place_depth INTEGER NOT NULL,
    year INTEGER NOT NULL,
    edition TEXT,
    scope TEXT NOT NULL,
    covered_depth INTEGER NOT NULL,
    settled INTEGER NOT NULL, -- a bit for each figure
    reports INTEGER NOT NULL,
    {}
) STRICT;
CREATE INDEX place_figure_by_place ON place_figure (place_level, place_code, year);",
        each(figures, "{} INTEGER")
    )
}

fn due(figures: &[&String]) -> String {
    let bits = figures.iter().enumerate();
    let bits: Vec<String> =
        bits.map(|(n, name)| format!("({name} IS NOT NULL) * {}", 1_u64 << n)).collect();
    format!(
        "CREATE VIEW place_figure_due AS
-- place_figure as it is to be, of the years and provinces in place_due.
SELECT
    COALESCE(p.place_level, 1) AS place_level,
    COALESCE(p.place_code, '000000') AS place_code,
    COALESCE(p.place_depth, 1) AS place_depth,
    {ALIKE},
    SUM(reports) AS reports,
    {sums}
FROM (
    SELECT
    region_code,
    {ALIKE},
    COUNT(*) AS reports,
    {sums}
    FROM (
        SELECT f.*, {bits} AS settled
        FROM report_figure AS f
        WHERE f.year IN (SELECT d.year FROM place_due AS d)
            AND (f.year, COALESCE(SUBSTR(f.region_code, 1, 2), '00')) IN (
                SELECT d.year, d.province FROM place_due AS d
            )
    )
    GROUP BY region_code, {ALIKE}
)
LEFT JOIN v_region_place AS p USING (region_code)
GROUP BY 1, 2, 3, {ALIKE}",
        sums = each(figures, "SUM({}) AS {}"),
        bits = bits.join(" + "),
    )
}

fn view(figures: &[&String]) -> String {
    let place =
        "place_level, place_code, place_depth, year, edition, scope, covered_depth, reports";
    let names = each(figures, "{}");
    format!(
        "CREATE VIEW v_place_figure AS
-- Figures of the current reports by place, over all editions. A row sums the reports of one place
-- that leave the same figures unsettled: those are NULL, and what may be added up can still be told.
-- A report of a township or street stands for its place of level 4.
SELECT {place},
    {names}
FROM place_figure AS p
WHERE NOT EXISTS (
    SELECT 1 FROM place_due AS d WHERE d.year = p.year AND d.province = SUBSTR(p.place_code, 1, 2)
)
UNION ALL
SELECT {place},
    {names}
FROM place_figure_due
UNION ALL
SELECT 4, township_code, 4, year, edition, scope, covered_depth, 1,
    {names}
FROM report_figure
WHERE township_code IS NOT NULL"
    )
}

impl Store {
    /// Brings the sums by place up to date, and commits.
    ///
    /// # Errors
    /// When SQLite fails; then the views read the reports.
    pub fn renew_places(&mut self) -> Result<(), StoreError> {
        self.begin()?;
        self.put_places()?;
        self.commit()
    }

    /// Brings the sums by place up to date.
    pub(super) fn put_places(&self) -> Result<(), StoreError> {
        for kept in KEPT {
            self.conn.execute_batch(&format!(
                "DELETE FROM {kept} WHERE rowid IN (
                     SELECT k.rowid
                     FROM place_due AS d
                     CROSS JOIN (SELECT 1 AS l UNION ALL SELECT 2 UNION ALL SELECT 3)
                     CROSS JOIN {kept} AS k
                         ON k.place_level = l
                         AND k.place_code BETWEEN d.province || '0000' AND d.province || '9999'
                         AND k.year = d.year
                 );
                 INSERT INTO {kept} SELECT * FROM {kept}_due;"
            ))?;
        }
        self.piecewise("place_due", MEASURES)
    }

    /// Works out what waits in a list one year and province after another, as all at once may need
    /// more room to be sorted than there is; nothing waits then.
    pub(super) fn piecewise(&self, list: &str, work: &str) -> Result<(), StoreError> {
        let mut waits = self.conn.prepare(&format!("SELECT year, province FROM {list}"))?;
        let waits = waits.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let waits: Vec<(i64, String)> = waits.collect::<Result<_, _>>()?;
        let none = format!("DELETE FROM {list}");
        self.conn.execute(&none, [])?;
        for (year, province) in waits {
            let one = format!("INSERT INTO {list} VALUES (?1, ?2)");
            self.conn.prepare_cached(&one)?.execute(params![year, province])?;
            self.conn.execute_batch(work)?;
            self.conn.execute(&none, [])?;
        }
        Ok(())
    }

    /// Reads the figures of all current reports anew; all sums by place are to be worked out.
    pub(crate) fn renew_figures(&self) -> Result<(), StoreError> {
        self.conn.execute_batch(
            "DELETE FROM report_figure;
             INSERT INTO report_figure SELECT f.* FROM report AS r
             CROSS JOIN figure_of_report AS f ON f.report_id = r.id WHERE r.is_current = 1",
        )?;
        self.all_places_due()
    }

    /// All sums by place are to be worked out anew: regions lie elsewhere than before.
    pub(super) fn all_places_due(&self) -> Result<(), StoreError> {
        self.conn.execute(ALL_DUE, [])?;
        Ok(())
    }
}
