//! What the analyses are, as `analyze` lists and explains them.

use std::io::Write;

use rust_i18n::t;

use super::{Common, help};
use crate::analyze::{Definition, Dictionary};
use crate::export::{self, About, Document, Format, Options};
use crate::lang::Lang;
use crate::table::{Column, Table, Value};

/// The help of the command itself.
pub fn usage(common: &Common) -> anyhow::Result<()> {
    let mut app = help::command(common.lang());
    let help = app.find_subcommand_mut("analyze").map(clap::Command::render_help);
    common.print_text(&help.unwrap_or_default().to_string())
}

/// Lists the analyses.
pub fn list(common: &Common, dictionary: &Dictionary) -> anyhow::Result<()> {
    let analyses = &dictionary.analyses;
    if common.format_or(Format::Table)? == Format::Json {
        return common.print_text(&format!("{}\n", serde_json::to_string_pretty(analyses)?));
    }
    let lang = common.lang();
    let rows = analyses.iter().map(|d| {
        let title = d.title.get(lang).to_owned();
        [d.name.clone(), title, d.takes.join(" "), options(d)].map(Value::Text).into()
    });
    let mut columns = columns(["name", "title", "takes", "options"], lang);
    columns[2].labels = analyses.iter().map(|d| Some(takes(d, lang))).collect();
    let about = About::of(t!("analyze.all", locale = lang.key()));
    common.print_about(&Table { columns, rows: rows.collect(), total_rows: None }, &about)
}

/// What stands behind the name of an analysis, as usage lines have it.
fn takes(definition: &Definition, lang: Lang) -> String {
    let locale = lang.key();
    let word = |key: &str| match key {
        "body" => t!("analyze.takes.body", locale = locale).into_owned(),
        "pair" => t!("analyze.takes.pair", locale = locale).into_owned(),
        "whole" => t!("analyze.takes.whole", locale = locale).into_owned(),
        other => other.to_owned(),
    };
    let part = |what: &String| match what.strip_suffix('?') {
        Some(key) => format!("[{}]", word(key)),
        None => word(what),
    };
    definition.takes.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// The pages of analyses.
pub fn print(common: &Common, analyses: &[Definition]) -> anyhow::Result<()> {
    let format = common.format_or(Format::Table)?;
    if format == Format::Json {
        let text = match analyses {
            [one] => serde_json::to_string_pretty(one)?,
            all => serde_json::to_string_pretty(all)?,
        };
        return common.print_text(&format!("{text}\n"));
    }
    if format.is_whole() {
        return match analyses {
            [one] if format.is_document() => common.print_document(&document(one, common.lang())?),
            _ => list(common, Dictionary::get()?),
        };
    }
    let mut sink = common.sink()?;
    for (number, definition) in analyses.iter().enumerate() {
        if number > 0 {
            writeln!(sink)?;
        }
        page(&mut sink, definition, format, &common.options())?;
    }
    sink.finish()
}

/// An analysis for people: what it answers, its options, its columns, a command to try.
fn page(
    out: &mut dyn Write,
    definition: &Definition,
    format: Format,
    options: &Options,
) -> anyhow::Result<()> {
    let lang = options.lang;
    let locale = lang.key();
    let heading = if format == Format::Markdown { "# " } else { "" };
    writeln!(out, "{heading}{} · {}\n", definition.name, definition.title.get(lang))?;
    writeln!(out, "{}\n", export::fold(definition.about.get(lang), options.width))?;
    let example = format!("nianbao {}", definition.example);
    writeln!(out, "{}\n", t!("analyze.example", locale = locale, command = example))?;
    format.write(&option_table(definition, lang), out, options)?;
    writeln!(out, "\n{}\n", t!("query.what_it_gives", locale = locale))?;
    format.write(&column_table(definition, lang)?, out, options)?;
    Ok(())
}

/// The same as a document.
fn document(definition: &Definition, lang: Lang) -> anyhow::Result<Document<'static>> {
    let locale = lang.key();
    let example = format!("nianbao {}", definition.example);
    let notes = vec![
        definition.about.get(lang).to_owned(),
        t!("analyze.example", locale = locale, command = example).into_owned(),
    ];
    let title = format!("{} · {}", definition.name, definition.title.get(lang));
    let mut document =
        Document { about: About { title, notes, facts: Vec::new() }, parts: Vec::new() };
    document.add(t!("analyze.column.options", locale = locale), option_table(definition, lang));
    document.add(t!("query.what_it_gives", locale = locale), column_table(definition, lang)?);
    Ok(document)
}

fn options(definition: &Definition) -> String {
    definition.options.iter().map(|o| format!("--{o}")).collect::<Vec<_>>().join(" ")
}

/// The options of an analysis, with the words of the command's help.
fn option_table(definition: &Definition, lang: Lang) -> Table {
    let app = help::command(lang);
    let mut rows = Vec::new();
    let command = app.find_subcommand("analyze");
    for arg in command.into_iter().flat_map(clap::Command::get_arguments) {
        let Some(name) = arg.get_long() else { continue };
        if !definition.options.iter().any(|option| option == name) {
            continue;
        }
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let help = match name {
            "by" => t!("analyze.by", locale = lang.key(), groups = definition.by.join(", ")).into(),
            _ => help,
        };
        rows.push([format!("--{name}"), help].map(Value::Text).into());
    }
    Table { columns: columns(["option", "meaning"], lang), rows, total_rows: None }
}

/// The columns of an answer.
fn column_table(definition: &Definition, lang: Lang) -> anyhow::Result<Table> {
    let dictionary = Dictionary::get()?;
    let rows = definition.columns.iter().map(|name| {
        let title = match dictionary.heading(name) {
            Some(heading) => heading.title().get(lang).to_owned(),
            None => t!("analyze.group", locale = lang.key()).into(),
        };
        [name.clone(), title].map(Value::Text).into()
    });
    Ok(Table {
        columns: columns(["column", "heading"], lang),
        rows: rows.collect(),
        total_rows: None,
    })
}

fn columns<const N: usize>(names: [&str; N], lang: Lang) -> Vec<Column> {
    let title = |name: &str| t!(format!("analyze.column.{name}"), locale = lang.key()).into_owned();
    names.map(|name| Column { title: Some(title(name)), ..Column::new(name) }).into()
}
