//! `show`: one report as the official form, with its findings.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::Common;
use crate::export::{self, Format};
use crate::form::Forms;
use crate::region::Regions;
use crate::report::{Report, Scope, Severity};
use crate::store::{Relative, StoredReport, find_reports, open_read_only, read_report, relatives};
use crate::table::{Column, Table, Unit, Value};

/// 按官方表样显示一份报告及其问题
#[derive(clap::Args)]
pub struct Args {
    /// 机关：编号、全称，或在 --region 内唯一的名称 · Body: id, full name, or a name unique in --region
    pub body: String,
    /// 报告年度 · Reporting year
    pub year: i32,
    /// 地区 · Region of the body
    #[arg(long)]
    pub region: Option<String>,
    /// own 本机关，aggregate 汇总 · Own report or summary
    #[arg(long, value_parser = ["own", "aggregate"])]
    pub scope: Option<String>,
    /// 修订版次，缺省为现行 · Revision; the current one if left out
    #[arg(long)]
    pub revision: Option<i64>,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let conn = open_read_only(&common.db)?;
    let regions = common.regions()?;
    let mut found = find_reports(&conn, &args.body, args.year)?;
    if let Some(region) = &args.region {
        let region = super::inputs::find_region(region, regions)?;
        let inside = |r: &StoredReport| {
            r.region_code
                .as_ref()
                .and_then(|c| c.parse().ok())
                .is_some_and(|c| regions.contains(region, c))
        };
        found.retain(inside);
    }
    found.retain(|r| args.scope.as_ref().is_none_or(|s| *s == r.scope));
    match args.revision {
        Some(revision) => found.retain(|r| r.revision == revision),
        None => found.retain(|r| r.is_current),
    }
    let report = match found.as_slice() {
        [] => {
            let kin = kin(args, regions, relatives(&conn, &args.body, args.year)?)?;
            bail!("{}", t!("show.none", body = args.body, year = args.year, kin = kin));
        }
        [one] => read_report(&conn, one.id)?,
        several => {
            let list =
                several.iter().map(|r| candidate(r, regions)).collect::<Vec<_>>().join("\n  ");
            bail!("{}\n  {list}", t!("show.several", body = args.body, year = args.year));
        }
    };
    print_report(common, &report, &common.forms()?, common.format_or(Format::Table)?)?;
    Ok(ExitCode::SUCCESS)
}

/// What the body was before or became: its report of the year may stand under that name.
fn kin(args: &Args, regions: &Regions, found: Vec<Relative>) -> anyhow::Result<String> {
    let mut found = found;
    if let Some(region) = &args.region {
        let region = super::inputs::find_region(region, regions)?;
        let code = |r: &Relative| r.region_code.as_ref().and_then(|c| c.parse().ok());
        found.retain(|r| code(r).is_some_and(|c| regions.contains(region, c)));
    }
    let mut out = String::new();
    for group in found.chunk_by(|a, b| (a.later, a.year) == (b.later, b.year)) {
        let [first, ..] = group else { continue };
        let names: Vec<&str> = group.iter().map(|r| r.organ.as_str()).collect();
        let names = names.join(&t!("show.and"));
        out.push_str(&match (first.later, first.year) {
            (false, Some(year)) => t!("show.before", year = year, names = names),
            (true, Some(year)) => t!("show.after", year = year, names = names),
            (false, None) => t!("show.before_unknown", names = names),
            (true, None) => t!("show.after_unknown", names = names),
        });
    }
    Ok(out)
}

fn candidate(r: &StoredReport, regions: &Regions) -> String {
    let region = r
        .region_code
        .as_ref()
        .and_then(|c| c.parse().ok())
        .map(|c| regions.path(c))
        .unwrap_or_default();
    let scope = if r.scope == Scope::Own.key() { t!("show.own") } else { t!("show.aggregate") };
    let revision = t!("show.revision", revision = r.revision);
    format!("{}  {region}  {}  {scope} {revision}  {}", r.organ, r.year, r.path)
}

/// Prints a report: JSON as parsed, tables as the official form, other formats cell by cell.
pub fn print_report(
    common: &Common,
    report: &Report,
    forms: &Forms,
    format: Format,
) -> anyhow::Result<()> {
    let mut sink = common.sink()?;
    let options = common.options();
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut sink, report)?;
            writeln!(sink)?;
        }
        Format::Table | Format::Markdown => {
            let heading = if format == Format::Markdown { "## " } else { "" };
            for line in facts(common, report) {
                writeln!(sink, "{line}")?;
            }
            match report.edition.as_deref().map(|e| forms.get(e).ok_or(e)) {
                None => {}
                Some(Ok(form)) => {
                    let layout = export::form::layout(report, form, common.lang());
                    for sheet in layout.sheets {
                        writeln!(sink, "\n{heading}{}\n", sheet.title)?;
                        if let Some(note) = sheet.note {
                            writeln!(sink, "{}\n", export::fold(&note, options.width))?;
                        }
                        format.write(&sheet.table, &mut sink, &options)?;
                    }
                    if let Some(legend) = layout.legend {
                        writeln!(sink, "\n{}", export::fold(&legend, options.width))?;
                    }
                }
                // its cells are there: keeping silent would show a report without tables
                Some(Err(edition)) => {
                    writeln!(sink, "\n{}", t!("show.unknown_form", edition = edition))?;
                }
            }
            writeln!(sink, "\n{heading}{}\n", t!("show.findings", count = report.findings.len()))?;
            if !report.findings.is_empty() {
                format.write(&findings(report), &mut sink, &options)?;
            }
        }
        format => format.write(&export::form::cells(report), &mut sink, &options)?,
    }
    sink.finish()
}

/// The lines above the tables.
fn facts(common: &Common, report: &Report) -> Vec<String> {
    let unknown = || t!("show.unknown").to_string();
    let scope = report.scope.map(|s| match s {
        Scope::Own => t!("show.own").to_string(),
        Scope::Aggregate => t!("show.aggregate").to_string(),
    });
    let organ = report.organ.clone().unwrap_or_else(unknown);
    let year = report.year.map_or_else(unknown, |y| y.to_string());
    let mut lines = vec![t!("show.heading", organ = organ, year = year).to_string()];
    let mut facts = vec![scope.unwrap_or_else(unknown)];
    facts.push(
        t!("show.edition", edition = report.edition.clone().unwrap_or_else(unknown)).to_string(),
    );
    facts.push(
        t!("show.published", date = report.published.clone().unwrap_or_else(unknown)).to_string(),
    );
    facts.push(
        t!("show.region", code = report.region_code.clone().unwrap_or_else(unknown)).to_string(),
    );
    lines.push(facts.join(" · "));
    if !common.quiet {
        let path = Path::new(&report.source.path).display();
        lines.push(t!("show.source", path = path).to_string());
    }
    lines
}

fn findings(report: &Report) -> Table {
    let text = |s: &str| Value::Text(s.to_owned());
    let rows = report.findings.iter().map(|f| {
        vec![text(f.severity.key()), text(&f.rule), text(&f.message), text(&f.cells.join(" "))]
    });
    let names = ["severity", "rule", "message", "cells"];
    let mut columns = names.map(|n| Column {
        title: Some(t!(format!("finding.column.{n}")).into()),
        ..Column::new(n)
    });
    columns[0].unit = Unit::Severity;
    columns[0].labels = report
        .findings
        .iter()
        .map(|f| match f.severity {
            Severity::Error => Some(t!("finding.severity.error").into()),
            Severity::Warning => Some(t!("finding.severity.warning").into()),
            Severity::Info => Some(t!("finding.severity.info").into()),
        })
        .collect();
    Table { rows: rows.collect(), columns: columns.into(), total_rows: None }
}
