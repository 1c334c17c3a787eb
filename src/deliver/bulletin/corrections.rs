//! Which figures of a bulletin are not as they were published.

use rusqlite::Connection;
use rust_i18n::t;

use super::Subject;
use crate::deliver::{Choice, cell_said, corrected};
use crate::store::StoreError;
use crate::table::{Column, Table, Unit, Value};

/// The corrections by hand in the region's reports of the year and the one before.
pub(super) fn table(conn: &Connection, subject: &Subject<'_>) -> Result<Table, StoreError> {
    let choice = Choice {
        years: subject.year - 1..=subject.year,
        series: Vec::new(),
        region: Some(subject.region),
        level: None,
        kind: None,
        edition: None,
        scope: None,
    };
    let reports = choice.all(conn)?;
    let text = |text: Option<String>| text.map_or(Value::Null, Value::Text);
    let rows = corrected(conn, reports.iter().map(|r| r.id))?.into_iter().map(|c| {
        let year = Value::Int(c.year.into());
        let cell = cell_said(&c, subject.forms, subject.lang);
        vec![text(Some(c.organ)), year, text(Some(cell)), text(c.original), text(Some(c.raw))]
    });
    let locale = subject.lang.key();
    let column = |(key, unit): (&str, Unit)| {
        let title = t!(format!("deliver.bulletin.column.{key}"), locale = locale).into_owned();
        Column { title: Some(title), unit, ..Column::new(key) }
    };
    let columns = [
        ("organ", Unit::Plain),
        ("year", Unit::Label),
        ("cell", Unit::Plain),
        ("original", Unit::Plain),
        ("corrected", Unit::Plain),
    ];
    Ok(Table { columns: columns.map(column).into(), rows: rows.collect(), total_rows: None })
}
