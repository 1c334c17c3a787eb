//! `query`: the canned queries.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Arg;
use rusqlite::Connection;
use rust_i18n::t;

use super::chart::{ChartArgs, Subject};
use super::lookup::find_body;
use super::output::{SCREEN_ROWS, columns};
use super::sql::{key_values, rows, timeout};
use super::{Common, describe, inputs};
use crate::export::{About, Format};
use crate::lang::Lang;
use crate::metric::{Metric, Metrics};
use crate::query::catalog::{Catalog, Kind, Query};
use crate::query::{Limits, uneven_years};
use crate::region::Level;
use crate::store::open_read_only;
use crate::table::{Table, Value};

/// 不带名称列出预置查询；带名称则运行。每个参数可写作 -p key=value 或 --key value
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Args {
    /// 查询的名称或标题，缺省为列出全部 · Name or title of a query; without one they are listed
    pub name: Option<String>,
    /// 参数，也可写作 --key value · A parameter; --key value does the same
    #[arg(short, long, value_name = "KEY=VALUE")]
    pub param: Vec<String>,
    /// 另加的查询文件夹 · Folder with your own queries
    #[arg(long, value_name = "DIR")]
    pub queries: Option<PathBuf>,
    /// 超时秒数 · Seconds until the query is interrupted
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, allow_negative_numbers = true)]
    pub timeout: f64,
    /// 最多保留的行数 · Rows kept; further ones are counted
    #[arg(long, value_name = "N", value_parser = inputs::count, allow_negative_numbers = true)]
    pub max_rows: Option<usize>,
    #[command(flatten)]
    pub chart: ChartArgs,
    /// 显示帮助；与名称同用则说明该查询，与 all 同用则说明全部 · Print help; with a name that of the query, with all that of all
    #[arg(short, long)]
    pub help: bool,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    if args.help && args.name.is_none() {
        let mut app = super::help::command(common.lang());
        let help = app.find_subcommand_mut("query").map(clap::Command::render_help);
        common.print_text(&help.unwrap_or_default().to_string())?;
        return Ok(ExitCode::SUCCESS);
    }
    let catalog = Catalog::load(args.queries.as_deref())?;
    if args.help && args.name.as_deref() == Some("all") {
        describe::print_all(common, &catalog)?;
        return Ok(ExitCode::SUCCESS);
    }
    // the one that is asked for is told as the error that it is
    let asked = args.name.as_ref().map(|name| catalog.get(name));
    if !common.quiet && asked.as_ref().is_none_or(Result::is_ok) {
        catalog.broken().for_each(|error| eprintln!("{}", t!("catalog.broken", error = error)));
    }
    let Some(query) = asked.transpose()? else {
        list(common, &catalog)?;
        return Ok(ExitCode::SUCCESS);
    };

    if args.help {
        describe::print(common, query)?;
        return Ok(ExitCode::SUCCESS);
    }
    args.chart.check(common)?;
    let mut given: BTreeMap<String, String> = key_values(&args.param)?.into_iter().collect();
    resolve(common, query, &mut given, &mut || Ok(open_read_only(&common.db)?))?;
    let params = query.params(&given)?;
    let limits = Limits {
        timeout: Some(timeout(args.timeout)?),
        max_rows: rows(common, args.max_rows, SCREEN_ROWS)?,
        ..Limits::default()
    };
    let mut conn = open_read_only(&common.db)?;
    let table = query.run(&mut conn, &params, &limits, common.lang())?;
    let subject = subject(query, &given, common.lang());
    let about = about(common, query, &given);
    args.chart.draw(common, &table, subject, || common.print_about(&table, &about))?;
    if let Some(said) = remark(common, query, &table)? {
        eprintln!("{said}");
    }
    Ok(ExitCode::SUCCESS)
}

/// What is said of the answer: what the query is and what was chosen.
pub fn about(common: &Common, query: &Query, given: &BTreeMap<String, String>) -> About {
    let lang = common.lang();
    let mut facts = vec![(
        t!("export.command", locale = lang.key()).into_owned(),
        format!("nianbao query {}", query.name),
    )];
    for parameter in &query.parameters {
        let value = match (given.get(&parameter.name), &parameter.default) {
            (Some(value), _) => value.clone(),
            (None, Some(default)) => default.to_string(),
            (None, None) => t!("query.everywhere", locale = lang.key()).into_owned(),
        };
        let name = format!("{} · {}", parameter.name, parameter.description.get(lang));
        facts.push((name, value));
    }
    let notes = vec![query.description.get(lang).to_owned()];
    common.about(query.title.get(lang), notes, facts)
}

/// What people must know of an answer beside its table.
pub fn remark(common: &Common, query: &Query, table: &Table) -> anyhow::Result<Option<String>> {
    let for_people = !common.quiet && common.format_or(Format::Table)?.tells_of_cuts();
    Ok(uneven_years(query, table, common.lang()).filter(|_| for_people))
}

/// What a picture of the answer is called.
fn subject<'q>(query: &'q Query, given: &BTreeMap<String, String>, lang: Lang) -> Subject<'q> {
    let is_year =
        |name: &str| query.parameters.iter().any(|p| p.name == name && p.kind == Kind::Year);
    let years = given.iter().filter(|(name, _)| is_year(name)).filter_map(|(_, y)| y.parse().ok());
    Subject {
        title: query.title.get(lang).to_owned(),
        command: format!("query {}", query.name),
        chosen: given.iter().map(|(name, value)| format!("{name} {value}")).collect(),
        years: years.collect(),
        chart: query.chart.as_ref(),
    }
}

/// The commands with the names of the built-in queries, for completions. Nothing else is told
/// them: a folder of one's own has more.
pub fn with_names(app: clap::Command) -> clap::Command {
    app.mut_subcommand("query", |query| {
        query.mut_arg("name", |name| {
            name.value_parser(clap::builder::PossibleValuesParser::new(Catalog::built_in_names()))
        })
    })
}

/// The arguments of the process with the parameters of a canned query as clap knows them:
/// `--key value` and `--key=value` become `--param key=value` wherever they stand among the common
/// options, of `query` and of `export bundle`. Other commands' arguments stay as they are.
pub fn spell_out_parameters(
    mut arguments: impl Iterator<Item = OsString>,
    app: &clap::Command,
) -> Vec<OsString> {
    let mut out: Vec<OsString> = arguments.next().into_iter().collect();
    let mut known: Vec<&Arg> = app.get_arguments().collect();
    let (mut command, mut in_query) = (app, false);
    while let Some(argument) = arguments.next() {
        let long = argument.to_str().and_then(|a| a.strip_prefix("--")).filter(|a| !a.is_empty());
        let Some(long) = long else {
            let short = argument.to_str().is_some_and(|a| a.starts_with('-'));
            if !short && !in_query {
                match command.find_subcommand(&argument) {
                    Some(found) if ["query", "export", "bundle"].contains(&found.get_name()) => {
                        known.extend(found.get_arguments());
                        (command, in_query) = (found, !found.has_subcommands());
                    }
                    // clap reads what belongs to any other command
                    _ => return out.into_iter().chain([argument]).chain(arguments).collect(),
                }
            }
            out.push(argument);
            continue;
        };
        let (key, value) = match long.split_once('=') {
            Some((key, value)) => (key, Some(OsString::from(value))),
            None => (long, None),
        };
        let option = known.iter().find(|a| a.get_long() == Some(key));
        if in_query && option.is_none() && !matches!(key, "help" | "version") {
            out.push("--param".into());
            let mut pair = OsString::from(key);
            if let Some(value) = value.or_else(|| arguments.next()) {
                pair.push("=");
                pair.push(value);
            }
            out.push(pair);
            continue;
        }
        let takes_next = value.is_none() && option.is_some_and(|a| a.get_action().takes_values());
        out.push(argument);
        if takes_next {
            out.extend(arguments.next());
        }
    }
    out
}

/// Regions, measures and bodies may be given by any name that other commands know them by; the
/// database is opened for bodies only.
pub fn resolve(
    common: &Common,
    query: &Query,
    given: &mut BTreeMap<String, String>,
    open: &mut dyn FnMut() -> anyhow::Result<Connection>,
) -> anyhow::Result<()> {
    resolve_regions(common, query, given)?;
    let region = given.get("region").filter(|region| !region.is_empty()).cloned();
    for parameter in &query.parameters {
        let Some(text) = given.get_mut(&parameter.name).filter(|t| !t.trim().is_empty()) else {
            continue;
        };
        match (parameter.name.as_str(), parameter.kind) {
            ("metric", Kind::Choice) if !parameter.choices.contains(text) => {
                let metrics = Metrics::builtin(common.forms()?)?;
                let called = |m: &&Metric| m.name.zh == *text || m.name.en == *text;
                let named = metrics.iter().find(called).map(|metric| metric.key.clone());
                if let Some(key) = named {
                    *text = key;
                }
            }
            // a query of the user's own may mean something else by it
            ("organ", Kind::Text) if Catalog::built_in_names().any(|name| name == query.name) => {
                *text = find_body(common, &open()?, text, region.as_deref(), None)?.name;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Regions may be given by name.
fn resolve_regions(
    common: &Common,
    query: &Query,
    given: &mut BTreeMap<String, String>,
) -> anyhow::Result<()> {
    for parameter in query.parameters.iter().filter(|p| p.kind == Kind::Region) {
        if let Some(text) = given.get_mut(&parameter.name).filter(|t| !t.is_empty()) {
            let regions = common.regions()?;
            let code = inputs::find_region(text, regions)?;
            if code.level() == Level::Township {
                let above = regions.get(code).and_then(|r| r.parent).map(|c| c.to_string());
                let (name, above) = (regions.path(code), above.unwrap_or_default());
                bail!("{}", t!("cli.township", name = name, code = code, above = above));
            }
            *text = code.to_string();
        }
    }
    Ok(())
}

fn list(common: &Common, catalog: &Catalog) -> anyhow::Result<()> {
    if common.format_or(Format::Table)? == Format::Json {
        return common
            .print_text(&format!("{}\n", serde_json::to_string_pretty(catalog.queries())?));
    }
    let title = t!("query.all", locale = common.lang().key());
    common.print_about(&table_of(catalog, common.lang()), &About::of(title))
}

/// The canned queries by subject, with their parameters. People read a subject once.
pub fn table_of(catalog: &Catalog, lang: Lang) -> Table {
    let text = |s: &str| Value::Text(s.to_owned());
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut labels = Vec::new();
    for (key, title, queries) in catalog.by_subject() {
        for (number, q) in queries.iter().enumerate() {
            let parameters: Vec<&str> = q.parameters.iter().map(|p| p.name.as_str()).collect();
            let parameters = parameters.join(" ");
            let subject = if key.is_empty() { Value::Null } else { text(key) };
            rows.push(vec![subject, text(&q.name), text(q.title.get(lang)), text(&parameters)]);
            labels.push(Some(if number == 0 { title.get(lang).to_owned() } else { String::new() }));
        }
    }
    let names = ["subject", "name", "title", "parameters"];
    let mut columns = columns(&names, |n| t!(format!("query.{n}")).into());
    columns[0].labels = labels;
    Table { columns, rows, total_rows: None }
}
