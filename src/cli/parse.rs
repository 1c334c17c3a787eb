//! `parse`: one report without a database.

use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::reading::Reading;
use super::show::{Printed, print_report};
use super::{Common, inputs};
use crate::check;
use crate::export::Format;
use crate::load::{Job, bytes, input};
use crate::parse::Hints;

/// 解析一份报告：JSON（--format json）、官方表样（table，缺省）或逐格清单（csv、ndjson…）
#[derive(clap::Args)]
pub struct Args {
    /// 文件，- 为标准输入 · A file, or - for standard input
    #[arg(value_name = "FILE", required_unless_present = "schema")]
    pub file: Option<String>,
    /// 所属地区 · Region that short names belong to
    #[arg(long)]
    pub region: Option<String>,
    /// 输出 JSON Schema · Print the JSON Schema of parsed reports
    #[arg(long)]
    pub schema: bool,
    #[command(flatten)]
    pub reading: Reading,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    if args.schema {
        let schema = serde_json::to_string_pretty(&schemars::schema_for!(crate::report::Report))?;
        common.print_text(&format!("{schema}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(path) = &args.file else { bail!("{}", t!("cli.no_file")) };
    let forms = common.forms()?;
    let regions = common.regions()?;
    let region = args.region.as_deref().map(|r| inputs::find_region(r, regions)).transpose()?;
    let job = Job::new(path.clone(), Hints { region, ..Hints::default() });
    let failed = |unread| anyhow::anyhow!("{path}: {unread}");
    let bytes = bytes(&job).map_err(failed)?;
    let hands = args.reading.hands(common)?;
    let (report, _) = hands.parse(&input(&job.name, &bytes), &job.hints).map_err(failed)?;
    let found = check::failures(&report, forms, regions);
    let printed = Printed { report: &report, stored: None, found: &found };
    print_report(common, &printed, forms, common.format_or(Format::Table)?)?;
    Ok(ExitCode::SUCCESS)
}
