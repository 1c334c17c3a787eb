//! `export form`: the official form.

use std::process::ExitCode;

use super::super::Common;
use super::target::Target;
use super::which::Which;
use crate::store::open_read_only;

/// 汇总表：官方表样，一个机关的或多个机关相加的 · The official form, of one body or summed over many
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    target: Target,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let conn = open_read_only(&common.db)?;
    let reports = args.which.reports(common, &conn)?;
    let out = args.target.file(common)?;
    eprintln!("{}", reports.len());
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}
