//! `export datasette`: the metadata file for Datasette.

use std::path::PathBuf;
use std::process::ExitCode;

use super::super::Common;
use super::target::Target;
use crate::deliver::datasette::{self, Style};
use crate::query::catalog::Catalog;
use crate::store::open_snapshot;

/// Datasette 的元数据：同样的预置查询、表和列的说明 · Metadata for Datasette: the same canned queries, and what tables
/// and columns hold
#[derive(clap::Args)]
pub struct Args {
    /// 另加的查询文件夹 · Folder with your own queries
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let style = match Target::extension(common, &["json", "yaml", "yml"])? {
        "json" => Style::Json,
        _ => Style::Yaml,
    };
    let catalog = Catalog::load(args.queries.as_deref())?;
    let conn = open_snapshot(&common.db)?;
    let mut out = args.target.file(common)?;
    let name = common.db.file_stem().unwrap_or_default().to_string_lossy();
    let text = datasette::text(&conn, &catalog, &name, style)?;
    out.writer().write_all(text.as_bytes())?;
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}
