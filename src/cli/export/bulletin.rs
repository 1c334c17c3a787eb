//! `export bulletin`: what a level has to tell of a year.

use std::path::PathBuf;
use std::process::ExitCode;

use super::super::{Common, inputs};
use super::target::Target;
use super::which::no_reports;
use crate::deliver::Choice;
use crate::deliver::bulletin::{Bulletin, Subject, write};
use crate::deliver::prose::Format;
use crate::deliver::template::Templates;
use crate::query::catalog::Catalog;
use crate::store::open_snapshot;

/// 通报：一个地区一个年度的报送、申请、复议诉讼和填报质量，附图表、数据附表和指标定义；写成 .docx、.html（单独一页）或 .md · A region's year in words, tables and charts, with all figures of the text and the definitions at the end; .docx, .html (one page that stands alone) or .md
#[derive(clap::Args)]
pub struct Args {
    /// 地区代码或名称，含下属 · Region, by code or name, with all under it
    #[arg(long)]
    region: String,
    /// 年度，缺省为最近一年 · The year; the last there is if left out
    #[arg(long, value_name = "YEAR", value_parser = inputs::year)]
    year: Option<i32>,
    /// 自己的模板文件夹，其中的 bulletin.zh.md 取代内置的 · Folder of templates of your own: bulletin.en.md there takes the place of ours
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let format = Format::of_extension(Target::extension(common, &Format::EXTENSIONS)?);
    let templates = Templates::read(args.templates.as_deref())?;
    let mut out = args.target.file(common)?;
    let mut conn = open_snapshot(&common.db)?;
    let regions = common.regions()?;
    let region = inputs::find_region(&args.region, regions)?;
    let asked = Choice {
        years: args.year.map_or(i32::MIN..=i32::MAX, |year| year..=year),
        series: Vec::new(),
        region: Some(region),
        level: None,
        kind: None,
        edition: None,
        scope: None,
    };
    let Some(year) = asked.last_year(&conn)? else { return Err(no_reports(&conn, &asked)) };
    let catalog = Catalog::load(None)?;
    let subject = Subject {
        region,
        name: regions.path(region),
        year,
        database: common.db.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        forms: common.forms()?,
        catalog: &catalog,
        lang: common.lang(),
    };
    let bulletin = Bulletin::make(&mut conn, &subject, &templates)?;
    drop(conn);
    write(&bulletin, format, out.writer())?;
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}
