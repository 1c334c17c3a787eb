//! `export matrix`: bodies against measures, cells or years.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::super::Common;
use super::super::metrics::Lists;
use super::target::Target;
use super::which::Which;
use crate::deliver::matrix::{About, Matrix, Source};
use crate::deliver::{Chosen, form_of};
use crate::export::Format;
use crate::lang::Lang;
use crate::metric::{Metric, Metrics};
use crate::store::open_snapshot;

/// What it can be written as.
const KNOWN: [&str; 8] = ["xlsx", "csv", "tsv", "parquet", "html", "md", "json", "ndjson"];
/// The measures where none is named.
const USUAL: [&str; 12] = [
    "applications-received",
    "applications-processed",
    "disclosure-rate",
    "refusal-rate",
    "carry-out-ratio",
    "review-cases",
    "review-correction-rate",
    "litigation-cases",
    "litigation-correction-rate",
    "normative-documents-issued",
    "licensing-decisions",
    "penalties-decisions",
];

/// 对照表：机关 × 指标、机关 × 表样各格，或一个指标的机关 × 年度 · Bodies against measures, cells of the form, or years
#[derive(clap::Args)]
pub struct Args {
    /// 指标的键或名称，可写多次；只写一个并给出 --from 或 --to 的，各年一列 · Measure, by key or name; may be given several times. One alone with --from or --to has a column for each year
    #[arg(long = "metric", value_name = "METRIC", conflicts_with = "cells")]
    metric: Vec<String>,
    /// 表样的每一格各占一列 · A column for every cell of the form
    #[arg(long)]
    cells: bool,
    /// 比率旁另列分子、分母 · Numerator and denominator beside rates
    #[arg(long, conflicts_with = "cells")]
    parts: bool,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    target: Target,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    Target::extension(common, &KNOWN)?;
    let format = Format::from_path(common.out.as_deref().unwrap_or(Path::new("")))?;
    let forms = common.forms()?;
    let known = args.lists.read(forms)?;
    let conn = open_snapshot(&common.db)?;
    let lang = common.lang();
    let metrics = match args.cells {
        true => Vec::new(),
        false => measures(&args.metric, &known)?,
    };
    let mut out = args.target.file(common)?;
    let (reports, covered) = args.which.counted(common, &conn)?;
    let source = Source { conn: &conn, forms, lang };
    let over_years = args.metric.len() == 1 && args.which.is_over_years();
    let mut about = About {
        title: title(args, &reports, metrics.first().filter(|_| over_years), lang),
        ..About::default()
    };
    let cells;
    let mut matrix = match &*metrics {
        [] => {
            let Some(form) = form_of(&reports, forms) else {
                bail!("{}", t!("deliver.matrix.no_form"))
            };
            cells = form.cells().map(|cell| Metric::of_cell(cell, forms)).collect::<Vec<_>>();
            let locale = lang.key();
            about
                .notes
                .push(t!("deliver.matrix.form", locale = locale, edition = form.edition).into());
            Matrix::of_cells(source, &reports, &cells)?
        }
        [metric] if over_years => Matrix::of_years(source, &reports, metric)?,
        metrics => Matrix::of_measures(source, &reports, metrics)?,
    };
    // a load that begins meanwhile need not wait for the writing
    drop(conn);
    matrix.parts = args.parts;
    let count = matrix.lines.len().to_string();
    let facts = [(t!("deliver.matrix.lines", locale = lang.key()).into_owned(), count)];
    let facts = args.which.facts(&reports).into_iter().chain(facts).collect();
    about.facts = common.about("", Vec::new(), facts).facts;
    matrix.write(&about, format, out.writer(), &common.options())?;
    out.finish()?;
    if !common.quiet {
        eprintln!(
            "{}",
            t!("deliver.matrix.done", lines = matrix.lines.len(), columns = matrix.columns.len())
        );
        if covered > 0 && args.which.scope.is_none() {
            eprintln!("{}", t!("deliver.matrix.covered", count = covered));
        }
        if matrix.unchecked > 0 {
            eprintln!("{}", t!("deliver.matrix.unchecked", count = matrix.unchecked));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The measures of these names, or the usual ones.
fn measures(names: &[String], known: &Metrics) -> anyhow::Result<Vec<Metric>> {
    let mut chosen: Vec<Metric> = Vec::new();
    let named = names.iter().map(String::as_str);
    let usual = USUAL.into_iter().filter(|_| names.is_empty());
    for name in named.chain(usual) {
        let metric = known.get(name)?;
        if chosen.iter().all(|m| m.key != metric.key) {
            chosen.push(metric.clone());
        }
    }
    Ok(chosen)
}

/// What the matrix is.
fn title(args: &Args, reports: &[Chosen], alone: Option<&Metric>, lang: Lang) -> String {
    let years = || reports.iter().map(|report| report.year);
    let (first, last) = (years().min().unwrap_or_default(), years().max().unwrap_or_default());
    let years = match first == last {
        true => t!("deliver.year", year = first),
        false => t!("deliver.years", first = first, last = last),
    };
    match alone {
        _ if args.cells => t!("deliver.matrix.title_of_cells", years = years),
        Some(metric) => {
            t!("deliver.matrix.title_over_years", name = metric.name.get(lang), years = years)
        }
        None => t!("deliver.matrix.title", years = years),
    }
    .into()
}
