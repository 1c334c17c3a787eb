//! `metrics`: the dictionary of measures, and the page of one of them.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use rust_i18n::t;

use super::{Common, output};
use crate::export::{self, About, Format};
use crate::form::Forms;
use crate::lang::Lang;
use crate::metric::{self, Comparable, Metric, Metrics, Role, Unit};
use crate::table::{Column, Table, Unit as Meaning, Value};

/// 指标字典：列出各指标，或说明其中一个 · The dictionary of measures
#[derive(clap::Args)]
pub struct Args {
    /// 指标的键或名称，all 为全部，缺省为列出 · Key or name of a measure, or all; without one they are listed
    pub name: Option<String>,
    #[command(flatten)]
    pub lists: Lists,
}

/// Where measures come from besides the program.
#[derive(clap::Args)]
pub struct Lists {
    /// 另加的指标文件夹 · Folder with further measures (*.toml)
    #[arg(long, env = "NIANBAO_METRICS", value_name = "DIR")]
    pub metrics: Option<PathBuf>,
}

impl Lists {
    /// The measures of this run.
    pub fn read(&self, forms: &Forms) -> Result<Metrics, metric::Error> {
        let metrics = Metrics::builtin(forms)?;
        match &self.metrics {
            Some(dir) => metrics.with_dir(dir, forms),
            None => Ok(metrics),
        }
    }
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let forms = common.forms()?;
    let metrics = args.lists.read(forms)?;
    match args.name.as_deref() {
        None => list(common, &metrics)?,
        Some("all") => print_all(common, &metrics, forms)?,
        Some(name) => print(common, metrics.get(name)?, forms)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(common: &Common, metrics: &Metrics) -> anyhow::Result<()> {
    let lang = common.lang();
    if common.format_or(Format::Table)? == Format::Json {
        let metrics: Vec<&Metric> = metrics.iter().collect();
        return common.print_text(&format!("{}\n", serde_json::to_string_pretty(&metrics)?));
    }
    let text = |s: &str| Value::Text(s.to_owned());
    let rows = metrics.iter().map(|m| {
        vec![
            text(&m.key),
            text(m.name.get(lang)),
            text(m.unit.key()),
            m.since.map_or(Value::Null, |year| Value::Int(year.into())),
            text(&m.editions.join(" ")),
            text(m.comparable.key()),
        ]
    });
    let mut columns = columns(["key", "name", "unit", "since", "editions", "comparable"], lang);
    columns[2].labels = metrics.iter().map(|m| Some(unit(m.unit, lang))).collect();
    columns[3].unit = Meaning::Label;
    columns[5].labels = metrics.iter().map(|m| Some(comparable(m.comparable, lang))).collect();
    let about = About::of(t!("metric.all", locale = lang.key()));
    common.print_about(&Table { columns, rows: rows.collect(), total_rows: None }, &about)
}

/// Columns with their headings.
fn columns<const N: usize>(names: [&str; N], lang: Lang) -> Vec<Column> {
    output::columns(&names, |n| t!(format!("metric.column.{n}"), locale = lang.key()).into())
}

/// The word for a unit.
fn unit(unit: Unit, lang: Lang) -> String {
    let locale = lang.key();
    let word = match unit {
        Unit::Rate => t!("metric.unit.rate", locale = locale),
        Unit::Ratio => t!("metric.unit.ratio", locale = locale),
        Unit::Per100 => t!("metric.unit.per_100", locale = locale),
        Unit::Mean => t!("metric.unit.mean", locale = locale),
        Unit::Count => t!("metric.unit.count", locale = locale),
        Unit::MoneyFen => t!("metric.unit.money_fen", locale = locale),
    };
    word.into_owned()
}

/// The word for how far editions compare.
fn comparable(comparable: Comparable, lang: Lang) -> String {
    let locale = lang.key();
    let word = match comparable {
        Comparable::Yes => t!("metric.comparable.yes", locale = locale),
        Comparable::WithCare => t!("metric.comparable.with_care", locale = locale),
        Comparable::No => t!("metric.comparable.no", locale = locale),
    };
    word.into_owned()
}

/// The page of one measure: JSON as the list has it, other data formats its cells.
fn print(common: &Common, metric: &Metric, forms: &Forms) -> anyhow::Result<()> {
    match common.format_or(Format::Table)? {
        Format::Json => common.print_text(&format!("{}\n", serde_json::to_string_pretty(metric)?)),
        format if format.is_prose() => {
            let mut sink = common.sink()?;
            page(&mut sink, metric, forms, format, &common.options())?;
            sink.finish()
        }
        _ => {
            let lang = common.lang();
            let about = About {
                title: format!("{} · {}", metric.key, metric.name.get(lang)),
                notes: description(metric, lang),
                facts: Vec::new(),
            };
            common.print_about(&formula(metric, forms, lang), &about)
        }
    }
}

/// All pages, as the documentation has them.
fn print_all(common: &Common, metrics: &Metrics, forms: &Forms) -> anyhow::Result<()> {
    let format = common.format_or(Format::Table)?;
    if !format.is_prose() {
        return list(common, metrics);
    }
    let mut sink = common.sink()?;
    for (number, metric) in metrics.iter().enumerate() {
        if number > 0 {
            writeln!(sink)?;
        }
        page(&mut sink, metric, forms, format, &common.options())?;
    }
    sink.finish()
}

/// A measure for people: definition, formula, comparability, caveats, and its cells by edition.
fn page(
    out: &mut dyn Write,
    metric: &Metric,
    forms: &Forms,
    format: Format,
    options: &export::Options,
) -> anyhow::Result<()> {
    let lang = options.lang;
    let heading = if format == Format::Markdown { "# " } else { "" };
    writeln!(out, "{heading}{} · {}\n", metric.key, metric.name.get(lang))?;
    for line in description(metric, lang) {
        writeln!(out, "{}\n", export::fold(&line, options.width))?;
    }
    format.write(&formula(metric, forms, lang), out, options)?;
    Ok(())
}

/// The sentences about a measure: what it counts, its formula in words, its unit and editions, and
/// what to mind.
pub fn description(metric: &Metric, lang: Lang) -> Vec<String> {
    let locale = lang.key();
    let mut lines = vec![metric.definition.get(lang).to_owned()];
    lines.push(t!("metric.formula", locale = locale, formula = metric.formula(lang)).into());
    let since = metric.since.map_or_else(String::new, |year| year.to_string());
    lines.push(
        t!(
            "metric.facts",
            locale = locale,
            unit = unit(metric.unit, lang),
            since = since,
            editions = metric.editions.join(" "),
            comparable = comparable(metric.comparable, lang)
        )
        .into(),
    );
    if let Some(least) = metric.least {
        lines.push(t!("metric.least", locale = locale, least = least).into());
    }
    lines.extend(metric.caveats.iter().map(|caveat| {
        t!("metric.caveat", locale = locale, caveat = caveat.get(lang)).into_owned()
    }));
    lines
}

/// The cells of a measure, each with the editions that have it and what the newest calls it.
fn formula(metric: &Metric, forms: &Forms, lang: Lang) -> Table {
    let mut lines: Vec<(Role, String, Vec<&str>, String)> = Vec::new();
    for form in forms.iter().filter(|form| metric.is_in(&form.edition)) {
        let edition = form.edition.as_str();
        let part = |part: Option<&metric::Part>| -> Vec<String> {
            part.map(|part| part.cells(edition).cloned().collect()).unwrap_or_default()
        };
        let roles = [
            (Role::Numerator, part(Some(&metric.numerator))),
            (Role::Denominator, part(metric.denominator.as_ref())),
            (Role::Needed, metric.needs(edition).into_iter().cloned().collect()),
        ];
        for (role, cells) in roles {
            for cell in cells {
                let label = form.named_cell(&cell).map(metric::label).unwrap_or_default();
                let label = label.get(lang).to_owned();
                match lines.iter_mut().find(|(r, c, ..)| (*r, c) == (role, &cell)) {
                    Some((_, _, editions, newest)) => {
                        editions.push(edition);
                        *newest = label;
                    }
                    None => lines.push((role, cell, vec![edition], label)),
                }
            }
        }
    }
    let mut columns = columns(["part", "cell", "editions", "label"], lang);
    columns[0].labels =
        lines.iter().map(|(role, ..)| Some(super::why::role(*role, lang))).collect();
    let rows = lines.into_iter().map(|(role, cell, editions, label)| {
        [role.key().to_owned(), cell, editions.join(" "), label].map(Value::Text).into()
    });
    Table { columns, rows: rows.collect(), total_rows: None }
}
