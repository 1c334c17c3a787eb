//! `query NAME --help`: what a canned query answers, what can be chosen, what it gives.

use std::io::Write;

use rust_i18n::t;

use super::Common;
use crate::export::{self, About, Document, Format, Options};
use crate::lang::Lang;
use crate::query::catalog::{Catalog, ChartKind, Kind, Parameter, Query, SCOPES};
use crate::table::{Column, Table, Unit, Value};

/// Prints the description of a query; as JSON, the query as the listing has it.
pub fn print(common: &Common, query: &Query) -> anyhow::Result<()> {
    let format = common.format_or(Format::Table)?;
    if format == Format::Json {
        return common.print_text(&format!("{}\n", serde_json::to_string_pretty(query)?));
    }
    let how = t!("query.how_to_choose");
    if format.is_whole() {
        return common.print_document(&page(query, common.lang()));
    }
    let mut sink = common.sink()?;
    let options = common.options();
    write(query, &how, format, &mut sink, &options)?;
    let kind = match query.chart.as_ref().map(|chart| chart.kind) {
        None => t!("chart.kind.none"),
        Some(ChartKind::Line) => t!("chart.kind.line"),
        Some(ChartKind::Bar) => t!("chart.kind.bar"),
        Some(ChartKind::Stacked) => t!("chart.kind.stacked"),
        Some(ChartKind::Box) => t!("chart.kind.box"),
        Some(ChartKind::Heat) => t!("chart.kind.heat"),
    };
    let draw = t!("query.how_to_draw", kind = kind);
    writeln!(sink, "\n{}", export::fold(&draw, options.width))?;
    sink.finish()
}

/// Prints all descriptions by subject, as the documentation has them.
pub fn print_all(common: &Common, catalog: &Catalog) -> anyhow::Result<()> {
    let (format, options) = (common.format_or(Format::Markdown)?, common.options());
    if format.is_whole() {
        return common.print(&super::query::table_of(catalog, options.lang));
    }
    let mut sink = common.sink()?;
    let how = t!("query.how_to_choose");
    writeln!(sink, "{}\n", t!("query.page"))?;
    for (_, title, queries) in catalog.by_subject() {
        writeln!(sink, "# {}\n", title.get(options.lang))?;
        for query in queries {
            write!(sink, "## ")?;
            write(query, &how, format, &mut sink, &options)?;
            writeln!(sink, "\n{}\n", t!("query.example", command = example(query)))?;
        }
    }
    sink.finish()
}

/// The description of a query as a page; what is no document has its columns.
fn page(query: &Query, lang: Lang) -> Document<'static> {
    let about = About {
        title: format!("{} · {}", query.name, query.title.get(lang)),
        notes: vec![query.description.get(lang).to_owned()],
        facts: Vec::new(),
    };
    let mut document = Document { about, parts: Vec::new() };
    document.add(t!("query.parameters"), parameters(query, lang));
    document.add(t!("query.what_it_gives"), columns(query, lang));
    document
}

/// A command that asks the query, with some of what can be chosen.
fn example(query: &Query) -> String {
    let mut command = format!("nianbao query {}", query.name);
    for parameter in &query.parameters {
        let value = match parameter.kind {
            Kind::Year if parameter.name == "from" => "2021".to_owned(),
            Kind::Region => "江苏".to_owned(),
            Kind::Choice if !["scope", "kind"].contains(&parameter.name.as_str()) => {
                match parameter.choices.iter().find(|c| !parameter.is_default(c)) {
                    Some(choice) => choice.clone(),
                    None => continue,
                }
            }
            _ => continue,
        };
        command.push_str(&format!(" --{} {value}", parameter.name));
    }
    command
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
    if format == Format::Markdown {
        writeln!(out)?;
    }
    format.write(&parameters(query, lang), out, options)?;
    writeln!(out, "\n{}", t!("query.what_it_gives"))?;
    if format == Format::Markdown {
        writeln!(out)?;
    }
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
        Kind::Scope => SCOPES.join(", "),
        Kind::Level => parameter.levels().collect::<Vec<_>>().join(", "),
        Kind::Choice => parameter.choices.join(", "),
    }
}

fn columns(query: &Query, lang: Lang) -> Table {
    let rows = query.columns.iter().map(|column| {
        let unit = match column.unit {
            Unit::Count => t!("query.unit.count"),
            Unit::Rate | Unit::Growth => t!("query.unit.rate"),
            Unit::Points => t!("query.unit.points"),
            Unit::Ratio => t!("query.unit.ratio"),
            Unit::Fen => t!("query.unit.fen"),
            Unit::Plain | Unit::Label | Unit::Severity => "".into(),
        };
        let title = column.title.get(lang).to_owned();
        [column.name.clone(), title, unit.into()].map(Value::Text).into()
    });
    let titles = [t!("query.name"), t!("query.heading"), t!("query.measure")];
    Table { rows: rows.collect(), columns: titles.map(Column::new).into(), total_rows: None }
}
