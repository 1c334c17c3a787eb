//! The frame that every analysis begins with: one row a current report, with what is known of its
//! body and, for each measure, the figures of the measure's own statement.

use polars::prelude::{Column, DataFrame, IntoLazy, LazyFrame, NamedFrom, Series};
use rusqlite::Connection;

use super::error::Error;
use crate::form::Forms;
use crate::metric::{Metric, Selection, statement};
use crate::query::polars::read;
use crate::region::{Code, Level};

/// The columns of a report, with their types.
const REPORT: [(&str, &str); 15] = [
    ("report_id", "INTEGER"),
    ("year", "INTEGER"),
    ("scope", "TEXT"),
    ("edition", "TEXT"),
    ("covered_depth", "INTEGER"),
    ("organ_id", "INTEGER"),
    ("series_id", "INTEGER"),
    ("series", "TEXT"),
    ("organ", "TEXT"),
    ("kind", "TEXT"),
    ("level", "TEXT"),
    ("place", "TEXT"),
    ("region", "TEXT"),
    ("of_region", "INTEGER"),
    ("home", "TEXT"),
];

/// The columns of a measure.
const FIGURES: [(&str, &str); 4] =
    [("report_id", "INTEGER"), ("asked", "INTEGER"), ("n", "INTEGER"), ("d", "INTEGER")];

/// Reports with their figures of several measures.
#[derive(Debug, Clone)]
pub struct Base {
    reports: DataFrame,
    figures: Vec<DataFrame>,
}

impl Base {
    /// Reads the reports of a selection: all of them, also those that a summary stands for. `place` is the region one level below the one asked for, as in
    /// `queries/region-summary.sql`; `of_region` says that it is the summary of the region itself.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(
        conn: &mut Connection,
        forms: &Forms,
        metrics: &[&Metric],
        selection: &Selection,
        region: Option<Code>,
    ) -> Result<Base, Error> {
        // one state of the file for all that is read
        conn.execute_batch("BEGIN")?;
        let base = Base::read_all(conn, forms, metrics, selection, region);
        conn.execute_batch("COMMIT")?;
        base
    }

    fn read_all(
        conn: &mut Connection,
        forms: &Forms,
        metrics: &[&Metric],
        selection: &Selection,
        region: Option<Code>,
    ) -> Result<Base, Error> {
        let reports = read(conn, &reports_sql(selection, region), &REPORT)?;
        let mut figures = Vec::with_capacity(metrics.len());
        for metric in metrics {
            let of_metric = statement(conn, metric, forms, selection)?;
            let sql = format!(
                "SELECT report_id, asked, numerator AS n, denominator AS d
                 FROM ({of_metric}) ORDER BY report_id"
            );
            let mut frame = read(conn, &sql, &FIGURES)?;
            frame.drop_in_place("report_id")?;
            figures.push(frame);
        }
        Ok(Base { reports, figures })
    }

    /// The reports with the figures of one of the measures, `metric` being its number: `asked`,
    /// `n` and `d`, the last two null where the report cannot tell them. A plain number has 1 for d.
    ///
    /// # Errors
    /// Never: both were read of the same reports.
    pub fn of(&self, metric: usize) -> Result<LazyFrame, Error> {
        let number = vec![metric as i64; self.reports.height()];
        let mut columns: Vec<Column> = self.reports.columns().to_vec();
        columns.extend(self.figures.get(metric).into_iter().flat_map(|f| f.columns().to_vec()));
        columns.push(Series::new("metric".into(), number).into());
        Ok(DataFrame::new(self.reports.height(), columns)?.lazy())
    }

    /// The reports with the figures of all measures side by side: `asked_0`, `n_0`, `d_0` and so on.
    ///
    /// # Errors
    /// Never: all were read of the same reports.
    pub fn wide(&self) -> Result<LazyFrame, Error> {
        let mut columns: Vec<Column> = self.reports.columns().to_vec();
        for (number, figures) in self.figures.iter().enumerate() {
            for column in figures.columns() {
                let name = format!("{}_{number}", column.name());
                columns.push(column.clone().with_name(name.into()));
            }
        }
        Ok(DataFrame::new(self.reports.height(), columns)?.lazy())
    }

    /// The reports themselves.
    pub fn reports(&self) -> LazyFrame {
        self.reports.clone().lazy()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.reports.height()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The statement of the reports, in the order of their ids.
fn reports_sql(selection: &Selection, region: Option<Code>) -> String {
    let place = match region.map(Code::level) {
        None | Some(Level::Central) => "SUBSTR(r.region_code, 1, 2) || '0000'",
        Some(Level::Province) => "SUBSTR(r.region_code, 1, 4) || '00'",
        Some(Level::City) => "r.region_code",
        Some(Level::County | Level::Township) => "COALESCE(r.township_code, r.region_code)",
    };
    let own = region.map_or_else(
        || "0".to_owned(),
        |code| {
            format!(
                "r.scope = 'aggregate' AND r.region_code = '{code}' AND r.township_code IS NULL"
            )
        },
    );
    let condition = selection.reports();
    format!(
        "SELECT x.report_id, x.year, x.scope, x.edition, x.covered_depth, x.organ_id, x.series_id,
         x.series, x.organ, x.kind, x.level, x.place, n.name AS region, x.of_region, x.home FROM (
         SELECT r.id AS report_id, r.year, r.scope, r.edition, r.covered_depth, o.organ_id,
         s.id AS series_id, s.name AS series, o.organ, o.kind,
         CASE o.level WHEN 0 THEN 'central' WHEN 1 THEN 'province' WHEN 2 THEN 'city'
         WHEN 3 THEN 'county' WHEN 4 THEN 'township' END AS level,
         COALESCE(g.code, r.region_code) AS place,
         COALESCE({own}, 0) AS of_region, h.name AS home
         FROM report AS r
         INNER JOIN v_body AS o ON o.organ_id = r.organ_id
         INNER JOIN organ AS s ON s.id = o.series_id
         LEFT JOIN region AS h ON h.code = o.region_code
         LEFT JOIN region AS g ON g.code = {place}
         WHERE r.id IN (SELECT r.id FROM report AS r WHERE {condition})
         ) AS x
         LEFT JOIN region AS n ON n.code = x.place
         ORDER BY x.report_id"
    )
}
