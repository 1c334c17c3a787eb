//! Tables and charts of a bulletin: answers of canned queries, asked for its region and year.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rust_i18n::t;

use super::{Error, Subject};
use crate::chart::{self, Drawing, Figure, Words};
use crate::export::row_as_read;
use crate::lang::Lang;
use crate::query::Limits;
use crate::query::catalog::{Kind, Query};
use crate::region::Level;
use crate::table::{Table, Value};

/// Rows that a ranking lists.
const LISTED: &str = "10";

/// Columns that readers have no use for: keys of rules, and the outcome, which is `fail` throughout.
const ASIDE: [&str; 2] = ["rule", "outcome"];
/// Columns that tell of a ranking as a whole. Where they say the same in every row they are told once.
const OF_ALL: [&str; 7] =
    ["year", "received_all", "ranked", "without", "below_minimum", "left_out", "scope_used"];

/// What stands between the paragraphs.
#[derive(Debug)]
pub enum Exhibit {
    /// A table with its heading.
    Table {
        /// What it shows.
        title: String,
        /// Its rows.
        table: Table,
        /// What holds of all its rows.
        shared: Option<String>,
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

impl Exhibit {
    /// A table that needs no word beneath it.
    pub(super) fn of(title: String, table: Table) -> Exhibit {
        Exhibit::Table { title, table, shared: None }
    }
}

/// Asks a query: of the region and year, and of the years before where its rows say of which they are.
pub(super) fn ask(
    conn: &mut Connection,
    subject: &Subject<'_>,
    query: &Query,
) -> Result<Table, Error> {
    let mut given = BTreeMap::new();
    let year = subject.year.to_string();
    let is_series = query.columns.iter().any(|column| column.name == "year");
    for parameter in &query.parameters {
        let latest = parameter.is_default("latest");
        let value = match (parameter.kind, parameter.name.as_str()) {
            (Kind::Region, _) if subject.region.level() != Level::Township => {
                subject.region.to_string()
            }
            (Kind::Year, "from") if is_series && !latest => continue,
            (Kind::Year, _) => year.clone(),
            (Kind::Int, "limit") => LISTED.to_owned(),
            // what could not be judged is nothing to tell of a body
            (Kind::Choice, "outcome") => "fail".to_owned(),
            _ => continue,
        };
        given.insert(parameter.name.clone(), value);
    }
    let params = query.params(&given)?;
    Ok(query.run(conn, &params, &Limits::default(), subject.lang)?)
}

/// An answer for people: without the columns that name things to programs; what holds of every row of
/// a ranking is told once, beneath it.
pub(super) fn for_readers(title: String, answer: &Table, lang: Lang) -> Exhibit {
    let is_shared = |n: &usize| {
        let mut values = answer.rows.iter().map(|row| &row[*n]);
        let first = values.next();
        OF_ALL.contains(&&*answer.columns[*n].name)
            && answer.rows.len() > 1
            && values.all(|value| Some(value) == first)
    };
    let known = (0..answer.columns.len()).filter(|&n| !ASIDE.contains(&&*answer.columns[n].name));
    let (of_all, kept): (Vec<usize>, Vec<usize>) = known.partition(is_shared);
    let texts: Vec<String> =
        if of_all.is_empty() { Vec::new() } else { row_as_read(answer, 0).collect() };
    let said = of_all.iter().map(|&n| {
        let column = &answer.columns[n];
        let name = column.title.as_deref().unwrap_or(&column.name);
        t!("deliver.bulletin.shared_one", locale = lang.key(), name = name, value = &texts[n])
    });
    let said: Vec<_> = said.collect();
    let shared = (!said.is_empty()).then(|| {
        let said = said.join(&t!("deliver.bulletin.shared_between", locale = lang.key()));
        t!("deliver.bulletin.shared", locale = lang.key(), said = said).into_owned()
    });
    let pick = |row: &Vec<Value>| kept.iter().map(|&n| row[n].clone()).collect();
    let table = Table {
        columns: kept.iter().map(|&n| answer.columns[n].clone()).collect(),
        rows: answer.rows.iter().map(pick).collect(),
        total_rows: answer.total_rows,
    };
    Exhibit::Table { title, table, shared }
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
