//! A report as the official form: one table for each block of the form.

use std::collections::HashMap;

use rust_i18n::t;

use crate::form::{Block, Form, FormTable, imply};
use crate::lang::Lang;
use crate::report::{Cell, Report, State};
use crate::table::{Column, Table, Value};

/// The form's tables with their headings, in form order. Implied values stand in brackets.
#[must_use]
pub fn tables(report: &Report, form: &Form, lang: Lang) -> Vec<(String, Table)> {
    let edition = |c: &&Cell| c.edition.is_none() || c.edition.as_ref() == Some(&form.edition);
    let cells: HashMap<_, &Cell> = report
        .cells
        .iter()
        .filter(edition)
        .map(|c| ((c.table.as_str(), c.row.as_str(), c.column.as_str()), c))
        .collect();
    let mut out = Vec::new();
    for table in &form.tables {
        let get = |row: &str, column: &str| cells.get(&(table.key.as_str(), row, column)).copied();
        let implied = imply(table, |row, column| {
            get(row, column).map_or((State::Missing, None), |c| (c.state, c.value))
        });
        let shown = |row: &str, column: &str| match get(row, column) {
            None => String::new(),
            Some(c) if c.state == State::Missing => {
                t!("export.missing", locale = lang.key()).into()
            }
            Some(c) => {
                let raw = c.raw.clone().unwrap_or_default();
                match implied.get(&(row, column)) {
                    Some(value) => format!("{raw}({value})"),
                    None => raw,
                }
            }
        };
        for block in &table.blocks {
            let title = lang.pick(&table.title, &table.en);
            let caption = match lang {
                Lang::Zh => block.caption.as_ref(),
                Lang::En => block.caption_en.as_ref().or(block.caption.as_ref()),
            };
            let title = match caption {
                Some(caption) => format!("{title} · {caption}"),
                None => title.to_owned(),
            };
            out.push((title, one(table, block, lang, shown)));
        }
    }
    out
}

fn one(
    table: &FormTable,
    block: &Block,
    lang: Lang,
    shown: impl Fn(&str, &str) -> String,
) -> Table {
    let mut columns = vec![Column::new(String::new())];
    for c in table.block_columns(block) {
        columns.push(Column::new(lang.pick(&c.label, &c.en)));
    }
    let rows = block.rows.iter().map(|row| {
        let label = lang.pick(&row.label, &row.en).to_owned();
        let path = row.path.last().filter(|_| lang == Lang::Zh && !label.starts_with('（'));
        let label = path.map_or(label.clone(), |p| format!("{p} {label}"));
        let values = table.block_columns(block).map(|c| Value::Text(shown(&row.key, &c.key)));
        [Value::Text(label)].into_iter().chain(values).collect()
    });
    Table { rows: rows.collect(), columns, total_rows: None }
}

/// Every cell as a row: table, row, column, state, value, unit and text.
#[must_use]
pub fn cells(report: &Report) -> Table {
    let text = |s: &str| Value::Text(s.to_owned());
    let rows = report.cells.iter().map(|c| {
        vec![
            c.edition.as_ref().or(report.edition.as_ref()).map_or(Value::Null, |e| text(e)),
            text(&c.table),
            text(&c.row),
            text(&c.column),
            text(c.state.key()),
            c.value.map_or(Value::Null, |v| Value::Text(v.to_string())),
            c.unit.as_deref().map_or(Value::Null, text),
            c.raw.as_deref().map_or(Value::Null, text),
        ]
    });
    let names = ["edition", "table", "row", "column", "state", "value", "unit", "raw"];
    Table { rows: rows.collect(), columns: names.map(Column::new).into(), total_rows: None }
}
