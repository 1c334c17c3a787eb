//! `export form`: the official form of one report, or of many added up.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::bail;
use rusqlite::Connection;
use rust_i18n::t;

use super::super::Common;
use super::super::lookup::Wanted;
use super::target::Target;
use super::which::Which;
use crate::check::Below;
use crate::deliver::form::{
    Annex, FormFile, Sums, Unit, reconciled, write_docx, write_html, write_markdown, write_xlsx,
};
use crate::deliver::{Chosen, of_ids};
use crate::form::{Form, Forms};
use crate::region::{Code, Level};
use crate::report::Scope;
use crate::store::{SubjectReader, corrections, open_read_only, read_report, summary_of};
use crate::table::{Column, Table, Value};
use crate::validate::Known;

/// 官方表样：--body 一个机关的原样；--region 该地区各单位相加，附与公布的汇总对照、各单位数字和未报单位；加 --level、--kind 或多个 --body 则为所选机关相加。写成 .xlsx（合计为公式）、.docx、.html 或 .md · The official form: of one --body as it stands; of a --region the sum of its units, with what the published summary differs in, the units' figures and who has not reported; with --level, --kind or several --body the sum of these. Written as .xlsx (sums are formulas), .docx, .html or .md
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    target: Target,
}

/// The language of the form and its title, whatever that of messages: a paper for Chinese offices, which
/// `load` knows by its title.
pub(super) const FORM: &str = "zh";

/// Formats that the form is written in.
const FORMATS: [&str; 5] = ["xlsx", "docx", "html", "htm", "md"];

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let format = Target::extension(common, &FORMATS)?;
    let conn = open_read_only(&common.db)?;
    let forms = common.forms()?;
    let mut out = args.target.file(common)?;
    let file = match args.which.body.as_slice() {
        [body] => one(common, &args.which, &conn, forms, body)?,
        _ => many(common, &args.which, &conn, forms)?,
    };
    match format {
        "xlsx" => write_xlsx(&file, out.writer())?,
        "docx" => write_docx(&file, out.writer())?,
        "md" => write_markdown(&file, out.writer())?,
        _ => write_html(&file, out.writer())?,
    }
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// One report as it stands.
fn one<'f>(
    common: &Common,
    which: &Which,
    conn: &Connection,
    forms: &'f Forms,
    body: &str,
) -> anyhow::Result<FormFile<'f>> {
    let year = single_year(which, || Ok(*which.choice(common, conn)?.years.end()))?;
    let wanted = Wanted {
        body,
        year,
        region: which.region.as_deref(),
        scope: which.scope.as_deref().filter(|scope| *scope != "auto"),
        revision: None,
        exact: false,
    };
    let report = read_report(conn, wanted.find(common, conn)?)?;
    let organ = report.organ.clone().unwrap_or_default();
    let Some(edition) = which.edition.as_ref().or(report.edition.as_ref()) else {
        bail!("{}", t!("deliver.form.no_table", organ = organ, year = year))
    };
    let Some(form) = forms.get(edition) else {
        bail!("{}", t!("show.unknown_form", edition = edition))
    };
    if report.cells.iter().all(|c| c.edition.as_ref().or(report.edition.as_ref()) != Some(edition))
    {
        bail!("{}", t!("deliver.form.no_cells", organ = organ, year = year, edition = edition))
    }
    let mut file = FormFile::of_report(&report, form);
    file.title = t!("deliver.form.title", locale = FORM, organ = organ, year = year).into_owned();
    file.notes = file.legend();
    file.notes.push(of_form(form));
    let path = &report.source.path;
    let published = report.published.clone().unwrap_or_else(|| t!("show.unknown").into_owned());
    file.notes.push(t!("deliver.form.source", path = path, published = published).into_owned());
    file.notes.push(made_by(common));
    Ok(file)
}

/// Many reports added up.
fn many<'f>(
    common: &Common,
    which: &Which,
    conn: &Connection,
    forms: &'f Forms,
) -> anyhow::Result<FormFile<'f>> {
    let choice = which.choice(common, conn)?;
    let year = single_year(which, || Ok(*choice.years.end()))?;
    // the units of a region are its bodies and the summaries below it, unless others are asked for
    let narrowed = which.level.is_some() || which.kind.is_some() || !which.body.is_empty();
    let whole = choice
        .region
        .filter(|region| !narrowed && choice.scope.is_none() && region.level() != Level::Township);
    let (level, reports) = match whole {
        Some(region) => {
            let level = LevelOf::find(conn, region, year)?;
            let mut reports =
                of_ids(conn, &level.below.units.iter().map(|p| p.id).collect::<Vec<_>>())?;
            reports.retain(|r| which.edition.is_none() || r.edition == which.edition);
            (Some(level), reports)
        }
        None => (None, choice.reports(conn)?),
    };
    let Some(form) = form_of(&reports, forms) else {
        match whole {
            Some(region) => {
                let region = common.regions()?.path(region);
                bail!("{}", t!("deliver.form.no_units", region = region, year = year))
            }
            None => bail!("{}", t!("deliver.no_reports")),
        }
    };
    let left = if whole.is_none() { choice.all(conn)?.len() - reports.len() } else { 0 };
    let reader = SubjectReader::new(conn, forms)?;
    let mut figures = reader.figures(&reports.iter().map(|r| r.id).collect::<Vec<_>>())?;
    let unit = |report: Chosen| Unit { sheet: figures.remove(&report.id), report };
    let sums = Sums::new(form, reports.into_iter().map(unit).collect());
    let mut file = FormFile::of_sums(&sums);
    file.title = match choice.region {
        Some(region) => {
            let region = common.regions()?.path(region);
            t!("deliver.form.title_sum", locale = FORM, region = region, year = year).into_owned()
        }
        None => t!("deliver.form.title_many", locale = FORM, count = sums.units.len(), year = year)
            .into_owned(),
    };
    file.facts.push(scope_of(&sums));
    file.notes = file.legend();
    file.notes.extend(corrected(conn, &sums)?);
    if left > 0 {
        file.notes.push(t!("deliver.form.covered", count = left).into_owned());
    }
    file.notes.push(of_form(form));
    if let Some(level) = level {
        level.tell(&reader, &sums, &mut file)?;
    }
    file.notes.push(made_by(common));
    Ok(file)
}

/// The level of a region: its units, and what it published itself.
struct LevelOf {
    below: Below,
    summary: Option<i64>,
}

impl LevelOf {
    fn find(conn: &Connection, region: Code, year: i32) -> anyhow::Result<LevelOf> {
        let region = region.to_string();
        let summary = summary_of(conn, &region, year)?;
        Ok(LevelOf { below: Below::of(conn, &region, year, summary)?, summary })
    }

    /// Adds who has not reported, and what the published summary differs in.
    fn tell(
        &self,
        reader: &SubjectReader<'_, '_>,
        sums: &Sums<'_>,
        file: &mut FormFile<'_>,
    ) -> anyhow::Result<()> {
        let figures = self.summary.map(|id| reader.figures(&[id])).transpose()?;
        match figures.as_ref().and_then(|f| f.values().next()) {
            Some(summary) => {
                let title = t!("deliver.form.reconciliation").into_owned();
                let table = reconciled(sums, summary);
                file.notes.push(match table.rows.len() {
                    0 => t!("deliver.form.agrees").into_owned(),
                    n => t!("deliver.form.differs", count = n).into_owned(),
                });
                file.annexes.push(Annex { title, table });
            }
            None => file.notes.push(t!("deliver.form.no_summary").into_owned()),
        }
        let missing = &self.below.missing;
        let title = Some(t!("deliver.form.unit.organ").into_owned());
        let table = Table {
            columns: vec![Column { title, ..Column::new("organ") }],
            rows: missing.iter().map(|name| vec![Value::Text(name.clone())]).collect(),
            total_rows: None,
        };
        file.notes.push(match (self.below.known, missing.len()) {
            (Known::Nobody, _) => t!("deliver.form.nobody_expected").into_owned(),
            (Known::Listed, n) => t!("deliver.form.missing_listed", count = n).into_owned(),
            (Known::LastYear, n) => t!("deliver.form.missing_last_year", count = n).into_owned(),
        });
        if !missing.is_empty() {
            file.annexes.push(Annex { title: t!("deliver.form.not_reported").into_owned(), table });
        }
        Ok(())
    }
}

/// The figures that were corrected by hand, in sentences.
fn corrected(conn: &Connection, sums: &Sums<'_>) -> anyhow::Result<Vec<String>> {
    let mut said = Vec::new();
    for correction in corrections(conn)?.iter().filter(|c| c.standing == "active") {
        let of_report = |u: &&Unit<'_>| {
            let (report, scope) = (&u.report, u.report.scope.key());
            (report.series, report.year, scope)
                == (correction.series, correction.year, &*correction.scope)
                && report.path == correction.path
        };
        if let Some(unit) = sums.units.iter().find(of_report) {
            let (organ, cell) = (&unit.report.organ, &correction.cell);
            let original = correction.original.as_deref().unwrap_or_default();
            let text = &correction.raw;
            said.push(
                t!(
                    "deliver.form.unit_corrected",
                    organ = organ,
                    cell = cell,
                    original = original,
                    text = text
                )
                .into_owned(),
            );
        }
    }
    Ok(said)
}

/// The form of the edition that most reports have; of several the newest.
fn form_of<'f>(reports: &[Chosen], forms: &'f Forms) -> Option<&'f Form> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for edition in reports.iter().filter_map(|r| r.edition.as_deref()) {
        *counts.entry(edition).or_default() += 1;
    }
    let known = counts.into_iter().filter_map(|(edition, n)| Some((n, forms.get(edition)?)));
    known.max_by_key(|(n, form)| (*n, form.first_year)).map(|(_, form)| form)
}

/// The one year that a form is about.
fn single_year(which: &Which, year: impl FnOnce() -> anyhow::Result<i32>) -> anyhow::Result<i32> {
    match (which.from, which.to) {
        (None, None) => year(),
        (Some(from), Some(to)) if from == to => Ok(from),
        _ => bail!("{}", t!("deliver.form.one_year")),
    }
}

/// What was added up, in a sentence.
fn scope_of(sums: &Sums<'_>) -> String {
    let of = |scope| sums.units.iter().filter(|u| u.report.scope == scope).count();
    let without = sums.units.iter().filter(|u| u.sheet.is_none()).count();
    let (own, aggregate) = (of(Scope::Own), of(Scope::Aggregate));
    let mut said =
        t!("deliver.form.range", count = sums.units.len(), own = own, aggregate = aggregate)
            .into_owned();
    if without > 0 {
        said += &t!("deliver.form.without", count = without);
    }
    said
}

fn of_form(form: &Form) -> String {
    t!("deliver.form.edition", edition = form.edition, basis = form.basis).into_owned()
}

fn made_by(common: &Common) -> String {
    let file = common.db.file_name().unwrap_or_default().to_string_lossy();
    t!("deliver.form.made_by", version = env!("CARGO_PKG_VERSION"), database = file).into_owned()
}
