//! Tables and charts of a bulletin: answers of canned queries, asked for its region and year.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rust_i18n::t;

use super::{Error, Subject};
use crate::chart::{self, Drawing, Figure, Words};
use crate::query::Limits;
use crate::query::catalog::{Kind, Query};
use crate::region::Level;
use crate::table::{Table, Value};

/// Rows that a ranking lists.
const LISTED: &str = "10";

/// What stands between the paragraphs.
#[derive(Debug)]
pub enum Exhibit {
    /// A table with its heading.
    Table {
        /// What it shows.
        title: String,
        /// Its rows.
        table: Table,
    },
    /// A chart.
    Chart {
        /// What it shows.
        title: String,
        /// The picture.
        drawing: Drawing,
    },
    /// What is said where there is nothing to draw.
    Nothing(String),
}

/// Asks a query: of the region, up to the year, and of the year alone where that is its default.
pub(super) fn ask(
    conn: &mut Connection,
    subject: &Subject<'_>,
    query: &Query,
) -> Result<Table, Error> {
    let mut given = BTreeMap::new();
    let year = subject.year.to_string();
    for parameter in &query.parameters {
        let latest = parameter.is_default("latest");
        let value = match (parameter.kind, parameter.name.as_str()) {
            (Kind::Region, _) if subject.region.level() != Level::Township => {
                subject.region.to_string()
            }
            (Kind::Year, "from") if !latest => continue,
            (Kind::Year, _) => year.clone(),
            (Kind::Int, "limit") => LISTED.to_owned(),
            _ => continue,
        };
        given.insert(parameter.name.clone(), value);
    }
    let params = query.params(&given)?;
    Ok(query.run(conn, &params, &Limits::default(), subject.lang)?)
}

/// Draws an answer as the query says.
pub(super) fn draw(subject: &Subject<'_>, query: &Query, answer: &Table) -> Exhibit {
    let title = query.title.get(subject.lang).to_owned();
    if answer.rows.len() < 2 {
        // a point is no picture
        return Exhibit::Nothing(t!("deliver.bulletin.one_row", title = title).into_owned());
    }
    let program = concat!("nianbao ", env!("CARGO_PKG_VERSION"));
    let from = [program, &subject.database, &format!("query {}", query.name)].join(" · ");
    let words = Words {
        title: title.clone(),
        subtitle: subject.name.clone(),
        source: t!("chart.source", from = from).into_owned(),
        lang: subject.lang,
    };
    let kind = match &query.chart {
        Some(kind) => Ok(kind.clone()),
        None => chart::default_chart(answer),
    };
    match kind.and_then(|kind| Figure::of(answer, &kind, words)) {
        Ok(figure) => Exhibit::Chart { title, drawing: chart::low_svg(&figure) },
        Err(error) => Exhibit::Nothing(format!("{title}：{error}")),
    }
}

/// Whether a table has nothing to show.
#[must_use]
pub fn is_empty(table: &Table) -> bool {
    table.rows.iter().flatten().all(|value| *value == Value::Null)
}
