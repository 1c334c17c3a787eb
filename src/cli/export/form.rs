//! `export form`: the official form of one report, or of many added up.

use std::process::ExitCode;

use anyhow::bail;
use rusqlite::Connection;
use rust_i18n::t;

use super::super::Common;
use super::super::lookup::Wanted;
use super::target::Target;
use super::which::{Which, no_reports};
use crate::deliver::form::{
    FormFile, LevelSum, Sums, Unit, corrections_said, write_docx, write_html, write_markdown,
    write_xlsx,
};
use crate::deliver::{Chosen, form_of, of_ids};
use crate::form::{Form, Forms};
use crate::region::Level;
use crate::store::{SubjectReader, open_snapshot, read_report};

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
    let conn = open_snapshot(&common.db)?;
    let forms = common.forms()?;
    let mut out = args.target.file(common)?;
    let file = match args.which.body.as_slice() {
        [body] => one(common, &args.which, &conn, forms, body)?,
        _ => many(common, &args.which, &conn, forms)?,
    };
    // a load that begins meanwhile need not wait for the writing
    drop(conn);
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
    let (level, left, reports) = match whole {
        Some(region) => {
            let level = LevelSum::find(conn, region, year)?;
            let mut reports =
                of_ids(conn, &level.below.units.iter().map(|p| p.id).collect::<Vec<_>>())?;
            reports.retain(|r| which.edition.is_none() || r.edition == which.edition);
            (Some(level), 0, reports)
        }
        None => {
            let (reports, covered) = choice.counted(conn)?;
            (None, covered, reports)
        }
    };
    let Some(form) = form_of(&reports, forms) else {
        match whole {
            Some(region) => {
                let region = common.regions()?.path(region);
                bail!("{}", t!("deliver.form.no_units", region = region, year = year))
            }
            None => return Err(no_reports(conn, &choice)),
        }
    };
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
        None => match sums.units.as_slice() {
            [one] => {
                let organ = &one.report.organ;
                t!("deliver.form.title_sum", locale = FORM, region = organ, year = year)
            }
            many => t!("deliver.form.title_many", locale = FORM, count = many.len(), year = year),
        }
        .into_owned(),
    };
    file.facts.push(sums.range());
    file.notes = file.legend();
    let summary = level.as_ref().and_then(|level| level.summary);
    let read = sums.units.iter().map(|unit| unit.report.id).chain(summary);
    file.notes.extend(corrections_said(conn, forms, read)?);
    if left > 0 {
        let said = t!("deliver.form.covered", count = left).into_owned();
        if !common.quiet {
            eprintln!("{said}");
        }
        file.notes.push(said);
    }
    sums.tell(conn, &mut file)?;
    file.notes.push(of_form(form));
    if let Some(level) = level {
        level.tell(&reader, &sums, &mut file)?;
    }
    file.notes.push(made_by(common));
    Ok(file)
}

/// The one year that a form is about.
fn single_year(which: &Which, year: impl FnOnce() -> anyhow::Result<i32>) -> anyhow::Result<i32> {
    match (which.from, which.to) {
        (None, None) => year(),
        (Some(from), Some(to)) if from == to => Ok(from),
        _ => bail!("{}", t!("deliver.form.one_year")),
    }
}

fn of_form(form: &Form) -> String {
    t!("deliver.form.edition", edition = form.edition, basis = form.basis).into_owned()
}

fn made_by(common: &Common) -> String {
    let file = common.db.file_name().unwrap_or_default().to_string_lossy();
    t!("deliver.form.made_by", version = env!("CARGO_PKG_VERSION"), database = file).into_owned()
}
