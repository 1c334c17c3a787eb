//! `query NAME --help`: what a canned query answers, what can be chosen, what it gives.

use std::io::Write;

use rust_i18n::t;

use super::Common;
use crate::export::{self, Format, Options};
use crate::lang::Lang;
use crate::query::catalog::{Kind, Parameter, Query};
use crate::table::{Column, Table, Unit, Value};

/// Prints the description of a query; as JSON, the query as the listing has it.
pub fn print(common: &Common, query: &Query) -> anyhow::Result<()> {
    let format = common.format_or(Format::Table)?;
    if format == Format::Json {
        return common.print_text(&format!("{}\n", serde_json::to_string_pretty(query)?));
    }
    let how = t!("query.how_to_choose");
    let mut sink = common.sink()?;
    write(query, &how, format, &mut sink, &common.options())?;
    sink.finish()
}

/// Writes the description of a query; `how` tells how its parameters are given.
pub fn write(
    query: &Query,
    how: &str,
    format: Format,
    out: &mut dyn Write,
    options: &Options,
) -> anyhow::Result<()> {
    let lang = options.lang;
    writeln!(out, "{}　{}\n", query.name, query.title.get(lang))?;
    writeln!(out, "{}\n", export::fold(query.description.get(lang), options.width))?;
    writeln!(out, "{}", export::fold(how, options.width))?;
    format.write(&parameters(query, lang), out, options)?;
    writeln!(out, "\n{}", t!("query.what_it_gives"))?;
    format.write(&columns(query, lang), out, options)?;
    Ok(())
}

fn parameters(query: &Query, lang: Lang) -> Table {
    let rows = query.parameters.iter().map(|parameter| {
        let default = match (&parameter.default, parameter.kind) {
            (Some(default), _) => default.to_string(),
            (None, Kind::Region) => t!("query.everywhere").into(),
            (None, _) => t!("query.required").into(),
        };
        let name = format!("--{}", parameter.name);
        let description = parameter.description.get(lang).to_owned();
        [name, values(parameter), default, description].map(Value::Text).into()
    });
    let titles =
        [t!("query.name"), t!("query.values"), t!("query.default"), t!("query.description")];
    Table { rows: rows.collect(), columns: titles.map(Column::new).into(), total_rows: None }
}

/// What a parameter may be.
fn values(parameter: &Parameter) -> String {
    match parameter.kind {
        Kind::Int => t!("query.kind.int").into(),
        Kind::Text => t!("query.kind.text").into(),
        Kind::Year => t!("query.kind.year").into(),
        Kind::Region => t!("query.kind.region").into(),
        Kind::Scope => "auto, own, aggregate".to_owned(),
        Kind::Choice => parameter.choices.join(", "),
    }
}

fn columns(query: &Query, lang: Lang) -> Table {
    let rows = query.columns.iter().map(|column| {
        let unit = match column.unit {
            Unit::Count => t!("query.unit.count"),
            Unit::Rate => t!("query.unit.rate"),
            Unit::Fen => t!("query.unit.fen"),
            Unit::Plain | Unit::Label | Unit::Severity => "".into(),
        };
        let title = column.title.get(lang).to_owned();
        [column.name.clone(), title, unit.into()].map(Value::Text).into()
    });
    let titles = [t!("query.name"), t!("query.heading"), t!("query.measure")];
    Table { rows: rows.collect(), columns: titles.map(Column::new).into(), total_rows: None }
}
