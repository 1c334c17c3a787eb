//! `parse`: one report without a database.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::Common;
use super::inputs::{self, Inputs};
use super::reading::Reading;
use super::show::{Printed, print_report};
use crate::check;
use crate::export::Format;
use crate::load::{Job, bytes, input, refusal};
use crate::parse::Hints;

/// 解析一份报告：JSON（--format json）、官方表样（table，缺省）或逐格清单（csv、ndjson…）
#[derive(clap::Args)]
pub struct Args {
    /// 文件，或只装一份报告的 zip，- 为标准输入 · A file, a zip archive with one report in it, or - for standard input
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
    let job = job(path, Hints { region, ..Hints::default() })?;
    let failed = |unread| anyhow::anyhow!("{}: {unread}", job.path);
    let bytes = bytes(&job).map_err(failed)?;
    let hands = args.reading.hands(common)?;
    let (report, _) = hands.parse(&input(&job.name, &bytes), &job.hints).map_err(failed)?;
    let format = common.format_or(Format::Table)?;
    if let Some(why) = refusal(&report, forms) {
        let said = format!("{}: {why}", job.path);
        // data say what there is of it; an empty form would only look like a report
        match format {
            Format::Json if common.quiet => {}
            Format::Json => eprintln!("{said}"),
            _ => bail!("{said}"),
        }
    }
    let found = check::failures(&report, forms, regions);
    let printed = Printed { report: &report, stored: None, found: &found };
    print_report(common, &printed, forms, format)?;
    Ok(ExitCode::SUCCESS)
}

/// The file at a path, or the only one in an archive.
fn job(path: &str, hints: Hints) -> anyhow::Result<Job> {
    if inputs::extension(Path::new(path)) != "zip" || !Path::new(path).is_file() {
        return Ok(Job::new(path.to_owned(), hints));
    }
    let inputs = Inputs::of(&[path.into()])?;
    match inputs.files.as_slice() {
        [one] => Ok(inputs.job(one, None, hints)),
        several => bail!("{}", t!("cli.many_in_archive", path = path, count = several.len())),
    }
}
