//! `sql`: one statement, read-only.

use std::ffi::OsString;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use rust_i18n::t;

use super::output::SCREEN_ROWS;
use super::{Common, cannot_read, inputs};
use crate::export::Format;
use crate::query::{self, Limits, Params, guess_value};
use crate::store::open_read_only;
use crate::table::{Unit, Value};

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
    /// SQL 语句，- 或不给为标准输入；除 SQLite 的函数外有 median、percentile、quantile_cont、stddev、stddev_pop、variance、var_pop、corr，以及 REGEXP 和 regexp_like
    /// · The statement; - or none for standard input. Beside SQLite's functions there are median,
    /// percentile, quantile_cont, stddev, stddev_pop, variance, var_pop, corr, and REGEXP and
    /// regexp_like
    #[arg(value_name = "SQL", conflicts_with = "file")]
    pub sql: Option<String>,
    /// 从文件读语句 · Read the statement from a file
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// 参数 key=value，对应 :key；32 为数，key:text=32 与 032 为文字 · A parameter, for :key in the
    /// statement; 32 is a number, key:text=32 and 032 are texts
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub param: Vec<String>,
    /// 引擎 · Engine
    #[arg(long, value_enum, default_value = "sqlite")]
    pub engine: Engine,
    /// 超时秒数 · Seconds until the statement is interrupted
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, allow_negative_numbers = true)]
    pub timeout: f64,
    /// 最多保留的行数 · Rows kept; further ones are counted
    #[arg(long, value_name = "N", value_parser = inputs::count, allow_negative_numbers = true)]
    pub max_rows: Option<usize>,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let sql = match (&args.sql, &args.file) {
        (_, Some(path)) => std::fs::read_to_string(path).map_err(|e| cannot_read(path, &e))?,
        (Some(sql), None) if sql != inputs::STDIN => sql.clone(),
        (None, None) if std::io::stdin().is_terminal() => bail!("{}", t!("cli.no_statement")),
        (_, None) => {
            let mut sql = String::new();
            std::io::stdin()
                .read_to_string(&mut sql)
                .map_err(|e| cannot_read(Path::new("-"), &e))?;
            sql
        }
    };
    if let Some(command) = sql.split_whitespace().next().filter(|word| word.starts_with('.')) {
        bail!("{}", t!("cli.dot_command", command = command));
    }
    let typed = |(key, value): (String, String)| match key.strip_suffix(":text") {
        Some(key) => (key.to_owned(), Value::Text(value)),
        None => (key, guess_value(&value)),
    };
    let params: Params = key_values(&args.param)?.into_iter().map(typed).collect();
    let limits = Limits {
        timeout: Some(timeout(args.timeout)?),
        max_rows: rows(common, args.max_rows, SCREEN_ROWS)?,
        ..Limits::default()
    };
    let mut conn = open_read_only(&common.db)?;
    let table = match args.engine {
        Engine::Sqlite => query::run(&mut conn, &sql, &params, &limits)?,
        Engine::Polars => query::polars::run_polars(&mut conn, &sql, &params, &limits)?,
    };
    let engine = args.engine.to_possible_value().map(|e| e.get_name().to_owned());
    let mut facts = vec![(t!("export.statement").into_owned(), sql.trim().to_owned())];
    facts.extend(params.iter().map(|(name, value)| (format!(":{name}"), said(value))));
    facts.push((t!("export.engine").into_owned(), engine.unwrap_or_default()));
    common.print_about(&table, &common.about("", Vec::new(), facts))?;
    Ok(ExitCode::SUCCESS)
}

/// The value of a parameter as it is told beside the answer.
fn said(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => crate::export::shown(other, Unit::Plain),
    }
}

/// Parameters given as `key=value`, each once.
pub fn key_values(given: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for p in given {
        let (key, value) = p.split_once('=').with_context(|| t!("cli.bad_param", param = p))?;
        let key = key.trim_start_matches(':');
        if pairs.iter().any(|(known, _)| known == key) {
            bail!("{}", t!("cli.param_twice", name = key));
        }
        pairs.push((key.to_owned(), value.to_owned()));
    }
    Ok(pairs)
}

/// The arguments of the process with a statement that begins with a comment, `-- note⏎SELECT 1`,
/// moved by a blank: no option's name holds one, but clap would take it for an option.
pub fn comments_as_statements(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut in_sql = false;
    let shift = |argument: OsString| {
        in_sql |= argument == "sql";
        let name = argument.to_str().and_then(|a| a.strip_prefix("--")?.split('=').next());
        if !in_sql || !name.is_some_and(|name| name.contains(char::is_whitespace)) {
            return argument;
        }
        let mut moved = OsString::from(" ");
        moved.push(argument);
        moved
    };
    arguments.map(shift).collect()
}

/// A time limit in seconds.
pub fn timeout(seconds: f64) -> anyhow::Result<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|d| !d.is_zero())
        .with_context(|| t!("cli.bad_timeout", seconds = seconds))
}

/// Rows to keep: what is drawn on a screen is limited, data is not.
pub fn rows(
    common: &Common,
    asked: Option<usize>,
    on_screen: usize,
) -> anyhow::Result<Option<usize>> {
    let screen = common.out.is_none() && common.format_or(Format::Table)? == Format::Table;
    Ok(asked.or(screen.then_some(on_screen)))
}
