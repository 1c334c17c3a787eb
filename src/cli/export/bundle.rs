//! `export bundle`: an answer as evidence.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use rust_i18n::t;

use super::super::Common;
use super::super::query::resolve;
use super::super::sql::{key_values, timeout};
use super::target::Target;
use crate::deliver::bundle::{self, Answer};
use crate::deliver::identity;
use crate::metric::Metrics;
use crate::query::Limits;
use crate::query::catalog::Catalog;
use crate::store::{open_read_only, open_snapshot};

/// 证据包：一个查询的结果、语句、参数、定义和所问数据库的校验和，用 verify 重新核对 · An answer with all that gave it;
/// `verify` runs it again
#[derive(clap::Args)]
pub struct Args {
    /// 查询的名称或标题 · Name or title of a query
    query: String,
    /// 参数 · A parameter
    #[arg(short, long, value_name = "KEY=VALUE")]
    param: Vec<String>,
    /// 另加的查询文件夹 · Folder with your own queries
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
    /// 超时秒数 · Seconds until the query is interrupted
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, allow_negative_numbers = true)]
    timeout: f64,
    #[command(flatten)]
    target: Target,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    Target::extension(common, &["zip"])?;
    let catalog = Catalog::load(args.queries.as_deref())?;
    let query = catalog.get(&args.query)?;
    let mut given: BTreeMap<String, String> = key_values(&args.param)?.into_iter().collect();
    resolve(common, query, &mut given, &mut || Ok(open_read_only(&common.db)?))?;
    let params = query.params(&given)?;
    let limits = Limits { timeout: Some(timeout(args.timeout)?), ..Limits::default() };
    let mut conn = open_snapshot(&common.db)?;
    let mut out = args.target.file(common)?;
    let bound = query.settled(&conn, &params)?;
    let table = query.run(&mut conn, &bound, &limits, common.lang())?;
    let database = identity::read(&conn)?;
    let metrics = Metrics::builtin(common.forms()?)?;
    let answer = Answer {
        definitions: bundle::definitions(query, &given, &metrics),
        query,
        given: &given,
        bound: &bound,
        table: &table,
        database: &database,
    };
    bundle::write(&answer, out.writer())?;
    out.finish()?;
    if !common.quiet {
        eprintln!("{}", t!("deliver.bundle_done", rows = table.rows.len()));
    }
    Ok(ExitCode::SUCCESS)
}
