//! `show`: one report as the official form, with its findings.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::lookup::Wanted;
use super::{Common, findings};
use crate::check;
use crate::export::{self, About, Document, Format};
use crate::form::Forms;
use crate::report::{Report, Scope};
use crate::store::{Shown, StoredReport, findings_of, open_read_only, read_report, stored_report};

/// 按官方表样显示一份报告及其问题
#[derive(clap::Args)]
pub struct Args {
    /// 机关：编号、全称，或在 --region 内唯一的名称 · Body: id, full name, or a name unique in --region
    #[arg(required_unless_present = "report")]
    pub body: Option<String>,
    /// 报告年度 · Reporting year
    #[arg(required_unless_present = "report", value_parser = super::inputs::year)]
    pub year: Option<i32>,
    /// 报告号，见 search 的结果，代替机关和年度 · Number of a report, as search gives it
    #[arg(long, value_name = "N", conflicts_with_all = ["body", "region", "scope", "revision"])]
    pub report: Option<i64>,
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
    let id = match (args.report, &args.body, args.year) {
        (Some(id), ..) => id,
        (None, Some(body), Some(year)) => {
            let wanted = Wanted {
                body,
                year,
                region: args.region.as_deref(),
                scope: args.scope.as_deref(),
                revision: args.revision,
                exact: false,
            };
            wanted.find(common, &conn)?
        }
        // clap asks for both
        (None, ..) => bail!("{}", t!("show.no_body")),
    };
    let (report, forms) = (read_report(&conn, id)?, common.forms()?);
    let found = match findings_of(&conn, id)? {
        Some(found) => found,
        // not checked yet: by the rules that need nothing beside the report
        None => check::failures(&report, forms, common.regions()?),
    };
    let stored = stored_report(&conn, id)?;
    let is_telling = args.revision.is_some() || stored.revision > 1 || !stored.is_current;
    let printed =
        Printed { report: &report, stored: Some(&stored).filter(|_| is_telling), found: &found };
    print_report(common, &printed, forms, common.format_or(Format::Table)?)?;
    Ok(ExitCode::SUCCESS)
}

/// A report with what is said of it.
pub struct Printed<'a> {
    /// The report.
    pub report: &'a Report,
    /// As it is stored, where that must be told.
    pub stored: Option<&'a StoredReport>,
    /// What was found in it.
    pub found: &'a [Shown],
}

/// Prints a report: JSON as parsed, tables as the official form, other formats cell by cell.
pub fn print_report(
    common: &Common,
    printed: &Printed<'_>,
    forms: &Forms,
    format: Format,
) -> anyhow::Result<()> {
    let Printed { report, stored, found } = *printed;
    let mut sink = common.sink()?;
    let options = common.options();
    match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut sink, report)?;
            writeln!(sink)?;
        }
        Format::Table | Format::Markdown => {
            let heading = if format == Format::Markdown { "## " } else { "" };
            for line in facts(common, report, stored) {
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
            writeln!(sink, "\n{heading}{}\n", t!("show.findings", count = found.len()))?;
            if !found.is_empty() {
                format.write(
                    &findings::of_report(found, forms, common.lang()),
                    &mut sink,
                    &options,
                )?;
            }
        }
        Format::Html => {
            let document = page(common, printed, forms);
            format.write_document(&document, &mut sink, &options)?;
        }
        format => format.write(&export::form::cells(report), &mut sink, &options)?,
    }
    sink.finish()
}

/// A report as a page: its tables as the official form has them, and its findings.
fn page(common: &Common, printed: &Printed<'_>, forms: &Forms) -> Document<'static> {
    let Printed { report, stored, found } = *printed;
    let mut facts = facts(common, report, stored).into_iter();
    let title = facts.next().unwrap_or_default();
    let mut about = About { title, notes: facts.collect(), facts: Vec::new() };
    let mut parts = Vec::new();
    match report.edition.as_deref().map(|e| forms.get(e).ok_or(e)) {
        None => {}
        Some(Ok(form)) => {
            let layout = export::form::layout(report, form, common.lang());
            about.notes.extend(layout.legend);
            for sheet in layout.sheets {
                about.notes.extend(sheet.note);
                parts.push((sheet.title, sheet.table));
            }
        }
        Some(Err(edition)) => {
            about.notes.push(t!("show.unknown_form", edition = edition).into_owned());
        }
    }
    let mut document = Document { about, parts: Vec::new() };
    parts.into_iter().for_each(|(title, table)| document.add(title, table));
    let heading = t!("show.findings", count = found.len());
    let findings = findings::of_report(found, forms, common.lang());
    match found.is_empty() {
        true => document.about.notes.push(heading.into_owned()),
        false => document.add(heading, findings),
    }
    document
}

/// The lines above the tables.
fn facts(common: &Common, report: &Report, stored: Option<&StoredReport>) -> Vec<String> {
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
    facts.extend(stored.map(|stored| match stored.is_current {
        true => t!("show.revision_current", revision = stored.revision).into_owned(),
        false => t!("show.revision_superseded", revision = stored.revision).into_owned(),
    }));
    lines.push(facts.join(" · "));
    if !common.quiet {
        let path = Path::new(&report.source.path).display();
        lines.push(t!("show.source", path = path).to_string());
    }
    lines
}
