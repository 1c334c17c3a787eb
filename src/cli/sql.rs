//! `sql`: one statement, read-only.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use rust_i18n::t;

use super::output::SCREEN_ROWS;
use super::{Common, cannot_read};
use crate::export::Format;
use crate::query::{self, Limits, Params, guess_value};
use crate::store::open_read_only;

/// Who runs the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// SQLite
    Sqlite,
    /// Polars SQL over the same relations
    Polars,
}

/// 运行一条只读 SQL；`nianbao sql "SELECT name FROM sqlite_schema"` 列出可查的表和视图
#[derive(clap::Args)]
pub struct Args {
    /// SQL 语句，- 为标准输入 · The statement, or - for standard input
    #[arg(value_name = "SQL", required_unless_present = "file", conflicts_with = "file")]
    pub sql: Option<String>,
    /// 从文件读语句 · Read the statement from a file
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// 参数 key=value，对应 :key · A parameter, for :key in the statement
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub param: Vec<String>,
    /// 引擎 · Engine
    #[arg(long, value_enum, default_value = "sqlite")]
    pub engine: Engine,
    /// 超时秒数 · Seconds until the statement is interrupted
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0)]
    pub timeout: f64,
    /// 最多保留的行数 · Rows kept; further ones are counted
    #[arg(long, value_name = "N")]
    pub max_rows: Option<usize>,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let sql = match (&args.sql, &args.file) {
        (_, Some(path)) => std::fs::read_to_string(path).map_err(|e| cannot_read(path, &e))?,
        (Some(sql), None) if sql == "-" => {
            let mut sql = String::new();
            std::io::stdin()
                .read_to_string(&mut sql)
                .map_err(|e| cannot_read(Path::new("-"), &e))?;
            sql
        }
        (Some(sql), None) => sql.clone(),
        (None, None) => bail!("{}", t!("cli.no_statement")),
    };
    let params: Params =
        key_values(&args.param)?.into_iter().map(|(k, v)| (k, guess_value(&v))).collect();
    let limits = Limits {
        timeout: Some(timeout(args.timeout)?),
        max_rows: rows(common, args.max_rows)?,
        ..Limits::default()
    };
    let mut conn = open_read_only(&common.db)?;
    let table = match args.engine {
        Engine::Sqlite => query::run(&mut conn, &sql, &params, &limits)?,
        Engine::Polars => query::polars::run_polars(&mut conn, &sql, &params, &limits)?,
    };
    common.print(&table)?;
    Ok(ExitCode::SUCCESS)
}

/// Parameters given as `key=value`.
pub fn key_values(given: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let pair = |p: &String| {
        let (key, value) = p.split_once('=').with_context(|| t!("cli.bad_param", param = p))?;
        Ok((key.trim_start_matches(':').to_owned(), value.to_owned()))
    };
    given.iter().map(pair).collect()
}

/// A time limit in seconds.
pub fn timeout(seconds: f64) -> anyhow::Result<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|d| !d.is_zero())
        .with_context(|| t!("cli.bad_timeout", seconds = seconds))
}

/// Rows to keep: what is drawn on a screen is limited, data is not.
pub fn rows(common: &Common, asked: Option<usize>) -> anyhow::Result<Option<usize>> {
    let screen = common.out.is_none() && common.format_or(Format::Table)? == Format::Table;
    Ok(asked.or(screen.then_some(SCREEN_ROWS)))
}
