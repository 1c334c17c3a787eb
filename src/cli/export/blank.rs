//! `export blank`: the official form to be filled in.

use std::process::ExitCode;

use anyhow::bail;
use rusqlite::Connection;
use rust_i18n::t;

use super::super::lookup::{Wanted, find_body};
use super::super::{Common, inputs};
use super::form::FORM;
use super::target::Target;
use crate::deliver::form::{FormFile, write_docx, write_xlsx};
use crate::form::{Form, Forms};
use crate::region::{Context, Organ};
use crate::store::{SubjectReader, open_snapshot};

/// 空白表样：合计是公式，填好后 load 能读；--body 预填机关名称，数据库里有上一年报告的，还预填上年结转 · The form to be filled in, its totals formulas; load reads it back. With --body the name is filled in, and what last year's report carried over, where the database has it. Written as .xlsx or .docx
#[derive(clap::Args)]
pub struct Args {
    /// 表样版本，缺省为该年度施行的 · Edition of the form; that in force for the year if left out
    #[arg(long)]
    edition: Option<String>,
    /// 机关：编号、全称，或在 --region 内唯一的名称 · Body to fill in
    #[arg(long, value_name = "NAME")]
    body: Option<String>,
    /// 地区 · Region of the body
    #[arg(long)]
    region: Option<String>,
    /// 报告年度 · Reporting year
    #[arg(long, value_name = "YEAR", value_parser = inputs::year)]
    year: Option<i32>,
    #[command(flatten)]
    target: Target,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let format = Target::extension(common, &["xlsx", "docx"])?;
    let forms = common.forms()?;
    let form = form(args, forms)?;
    let mut out = args.target.file(common)?;
    let mut file = FormFile::blank(form);
    let (mut organ, year) = (t!("deliver.blank.organ", locale = FORM).into_owned(), args.year);
    let year_said = year
        .map_or_else(|| t!("deliver.blank.year", locale = FORM).into_owned(), |y| y.to_string());
    if let Some(body) = &args.body {
        let conn = open_snapshot(&common.db)?;
        organ = match find_body(common, &conn, body, args.region.as_deref(), year) {
            Ok(found) => found.name,
            // one that never reported has a name all the same
            Err(unknown) => named(common, args, body)?.ok_or(unknown)?,
        };
        if let Some(year) = year {
            carry_over(common, args, &conn, (&organ, year), form, &mut file)?;
        }
    }
    file.title =
        t!("deliver.form.title", locale = FORM, organ = organ, year = year_said).into_owned();
    match format {
        "xlsx" => write_xlsx(&file, out.writer())?,
        _ => write_docx(&file, out.writer())?,
    }
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// The full name of a body of which nothing is loaded; none where nothing tells its place.
fn named(common: &Common, args: &Args, body: &str) -> anyhow::Result<Option<String>> {
    let regions = common.regions()?;
    let region = args.region.as_deref().map(|r| inputs::find_region(r, regions)).transpose()?;
    let context = Context { region, year: args.year, mentions: &[] };
    Ok(regions.resolve(body, context).filter(Organ::is_placed).map(|organ| organ.name))
}

/// The edition asked for, else that in force for the year, else the newest.
fn form<'f>(args: &Args, forms: &'f Forms) -> anyhow::Result<&'f Form> {
    let known = || forms.iter().map(|f| f.edition.as_str()).collect::<Vec<_>>().join(" ");
    if let Some(edition) = &args.edition {
        return match forms.get(edition) {
            Some(form) => Ok(form),
            None => bail!("{}", t!("deliver.edition", edition = edition, known = known())),
        };
    }
    let in_force = |form: &&Form| args.year.is_none_or(|year| form.in_force(year));
    match forms.iter().filter(in_force).max_by_key(|form| form.first_year) {
        Some(form) => Ok(form),
        None => bail!(
            "{}",
            t!("deliver.blank.none", year = args.year.unwrap_or_default(), known = known())
        ),
    }
}

/// Fills in what last year's report of the body says of this year's, if it is there.
fn carry_over(
    common: &Common,
    args: &Args,
    conn: &Connection,
    (organ, year): (&str, i32),
    form: &Form,
    file: &mut FormFile<'_>,
) -> anyhow::Result<()> {
    // its own report, else the summary it made
    let find = |scope| {
        let region = args.region.as_deref();
        let wanted =
            Wanted { body: organ, year: year - 1, region, scope, revision: None, exact: true };
        wanted.find(common, conn)
    };
    let Ok(last) = find(Some("own")).or_else(|_| find(Some("aggregate"))) else {
        file.notes.push(t!("deliver.blank.no_last", year = year - 1).into_owned());
        return Ok(());
    };
    let reader = SubjectReader::new(conn, common.forms()?)?;
    match reader.figures(&[last])?.remove(&last).filter(|f| f.form.edition == form.edition) {
        Some(figures) => {
            file.carry_over(&figures);
            file.notes.push(t!("deliver.blank.carried", year = year - 1).into_owned());
        }
        None => file.notes.push(t!("deliver.blank.other_form", year = year - 1).into_owned()),
    }
    Ok(())
}
