//! `analyze`: the analyses, what each is, and their answers.

use std::io::Write;
use std::process::ExitCode;

use rusqlite::Connection;
use rust_i18n::t;

use super::chart::{self, ChartArgs};
use super::lookup::find_body;
use super::metrics::Lists;
use super::output::SCREEN_ROWS;
use super::sql::rows;
use super::{Common, analyses, inputs};
use crate::analyze::{
    self, By, Count, Definition, Dictionary, Error, Method, Outcome, Peer, Request, Subject,
};
use crate::export::{self, About, Format, Options};
use crate::form::Forms;
use crate::lang::Lang;
use crate::metric::{Metric, Metrics};
use crate::nearest::closest;
use crate::query;
use crate::query::catalog::Chart;
use crate::region::Kind;
use crate::report::Scope;
use crate::store::open_read_only;

/// 分析：不写名称列出各项；名称加 --help 说明该项 · The analyses: without a name they are listed; NAME --help explains one
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Args {
    /// 分析的名称，all 为全部说明 · Name of an analysis; all explains every one
    pub name: Option<String>,
    /// 机关；compare 的两者；breakdown 的总体 · A body; the two of compare; the whole of breakdown
    pub what: Vec<String>,
    /// 指标的键或名称，可写多次 · Key or name of a measure; may be given several times
    #[arg(long, value_name = "METRIC")]
    pub metric: Vec<String>,
    /// 分组：region 下一级地区、level 级别、kind 类别、body 机关、year 年度 · Groups: the regions one level below, level, kind, body, year
    #[arg(long, value_parser = ["region", "level", "kind", "body", "year"])]
    pub by: Option<String>,
    /// 地区代码或名称，含下属 · Region, by code or name, with all under it
    #[arg(long)]
    pub region: Option<String>,
    /// 只取这一级的机关 · Bodies of that level only
    #[arg(long, value_parser = inputs::levels())]
    pub level: Option<String>,
    /// 只取这一类的机关 · Bodies of that kind only
    #[arg(long, value_parser = inputs::kinds())]
    pub kind: Option<String>,
    /// 起始年度 · First year
    #[arg(long, value_name = "YEAR", value_parser = inputs::year)]
    pub from: Option<i32>,
    /// 截止年度 · Last year
    #[arg(long, value_name = "YEAR", value_parser = inputs::year)]
    pub to: Option<i32>,
    /// 年度，缺省为最近一年 · The year; the last there is if left out
    #[arg(long, value_name = "YEAR", value_parser = inputs::year)]
    pub year: Option<i32>,
    /// 同类：level、kind、region 的组合（用逗号隔开）或 all · Peers: of the same level, kind, region (with commas between), or all
    #[arg(long, value_delimiter = ',', value_parser = ["level", "kind", "region", "all"])]
    pub peers: Vec<String>,
    /// auto 有汇总用汇总，own 本机关，aggregate 汇总 · auto: a summary stands for the bodies under it; own, aggregate: that kind only
    #[arg(long, value_parser = ["auto", "own", "aggregate"])]
    pub scope: Option<String>,
    /// 分母的下限，取代指标自己的 · Least denominator, in place of the measure's
    #[arg(long, value_name = "N", value_parser = inputs::count, allow_negative_numbers = true)]
    pub minimum: Option<usize>,
    /// 离群的判法：mad 中位数绝对差，iqr 四分位距 · How outliers are told: median absolute deviation, interquartile range
    #[arg(long, value_parser = ["mad", "iqr"])]
    pub method: Option<String>,
    /// 最多保留的行数 · Rows kept; further ones are counted
    #[arg(long, value_name = "N", value_parser = inputs::count, allow_negative_numbers = true)]
    pub max_rows: Option<usize>,
    #[command(flatten)]
    pub chart: ChartArgs,
    #[command(flatten)]
    pub lists: Lists,
    /// 显示帮助；与名称同用则说明该项分析 · Print help; with a name that of the analysis
    #[arg(short, long)]
    pub help: bool,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let dictionary = Dictionary::get()?;
    match args.name.as_deref() {
        None if args.help => analyses::usage(common)?,
        None => analyses::list(common, dictionary)?,
        Some("all") => analyses::print(common, &dictionary.analyses)?,
        Some(name) => {
            let definition = dictionary.find(name)?;
            match args.help {
                true => analyses::print(common, std::slice::from_ref(definition))?,
                false => {
                    let mut conn = open_read_only(&common.db)?;
                    answer(common, args, definition, &mut conn, |outcome, about| {
                        let mut sink = common.sink()?;
                        let options = common.options();
                        let beside = write(common, outcome, about, &options, &mut sink)?;
                        sink.finish()?;
                        beside.iter().for_each(|said| eprintln!("{said}"));
                        Ok(())
                    })?;
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Works an analysis out; `print` shows what it says.
pub fn answer(
    common: &Common,
    args: &Args,
    definition: &Definition,
    conn: &mut Connection,
    print: impl FnOnce(&Outcome, &About) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    refuse_others(args, definition)?;
    args.chart.check(common)?;
    let forms = common.forms()?;
    let known = args.lists.read(forms)?;
    let metrics = measures(args, definition, &known)?;
    let request = request(common, args, definition, conn, (forms, &known), metrics)?;
    let mut outcome = analyze::run(conn, &request).map_err(plain)?;
    if let Some(most) = rows(common, args.max_rows, SCREEN_ROWS)? {
        let total = outcome.table.rows.len();
        outcome.table.rows.truncate(most);
        outcome.table.total_rows = (most < total).then_some(total);
    }
    let drawn = match args.chart.is_wanted() {
        true => Some(outcome.drawn(&request)?.ok_or(crate::chart::Error::Units)?),
        false => None,
    };
    let subject = subject(args, definition, &request, &outcome, drawn.as_ref().map(|d| &d.1))?;
    let table = drawn.as_ref().map_or(&outcome.table, |drawn| &drawn.0);
    let mut notes = vec![definition.about.get(request.lang).to_owned()];
    notes.extend(outcome.notes.iter().cloned());
    let about = common.about(&subject.title, notes, facts(args, &subject, request.lang));
    args.chart.draw(common, table, subject, || print(&outcome, &about))
}

/// What was asked for, by the names of the options.
fn facts(args: &Args, subject: &chart::Subject<'_>, lang: Lang) -> Vec<(String, String)> {
    let text = |value: &Option<String>| value.clone();
    let number = |value: Option<i32>| value.map(|n| n.to_string());
    let listed = |values: &[String]| Some(values.join(", ")).filter(|text| !text.is_empty());
    let given = [
        ("what", listed(&args.what)),
        ("metric", listed(&args.metric)),
        ("by", text(&args.by)),
        ("region", text(&args.region)),
        ("level", text(&args.level)),
        ("kind", text(&args.kind)),
        ("from", number(args.from)),
        ("to", number(args.to)),
        ("year", number(args.year)),
        ("peers", listed(&args.peers)),
        ("scope", text(&args.scope)),
        ("minimum", args.minimum.map(|n| n.to_string())),
        ("method", text(&args.method)),
    ];
    let command = t!("export.command", locale = lang.key()).into_owned();
    let mut facts = vec![(command, format!("nianbao {}", subject.command))];
    facts.extend(given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    facts
}

/// What a picture of the answer is called.
fn subject<'c>(
    args: &Args,
    definition: &Definition,
    request: &Request<'_>,
    outcome: &Outcome,
    chart: Option<&'c Chart>,
) -> Result<chart::Subject<'c>, Error> {
    let mut title = definition.title.get(request.lang).to_owned();
    if (1..=2).contains(&request.metrics.len()) {
        let named = request.metrics.iter().map(|metric| metric.name.get(request.lang));
        let named = named.collect::<Vec<_>>().join(", ");
        title = t!("chart.title", locale = request.lang.key(), what = title, of = named).into();
    }
    let dictionary = Dictionary::get()?;
    let name = |subject: &Subject| match subject {
        Subject::Whole(key) => dictionary.label("whole", key).get(request.lang).to_owned(),
        other => other.name(),
    };
    let mut chosen: Vec<String> = request.subjects.iter().map(name).collect();
    let options =
        [("by", &args.by), ("region", &args.region), ("level", &args.level), ("kind", &args.kind)];
    let given = options.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    chosen.extend(given.map(|(name, value)| format!("{name} {value}")));
    chosen
        .extend(Some(args.peers.join(",")).filter(|p| !p.is_empty()).map(|p| format!("peers {p}")));
    let years = outcome.years;
    Ok(chart::Subject {
        title,
        command: format!("analyze {}", definition.name),
        chosen,
        years: years.into_iter().flatten().map(i64::from).collect(),
        chart,
    })
}

/// An error of the database or of a measure is told as such wherever it comes from.
fn plain(error: Error) -> anyhow::Error {
    match error {
        Error::Query(error) => error.into(),
        Error::Database(error) => query::Error::Database(error).into(),
        Error::Metric(error) => error.into(),
        other => other.into(),
    }
}

/// Writes the answer with its notes, which stand below a table for people, and gives what must be
/// said beside data for programs.
pub fn write(
    common: &Common,
    outcome: &Outcome,
    about: &About,
    options: &Options,
    out: &mut dyn Write,
) -> anyhow::Result<Vec<String>> {
    let format = common.format_or(Format::Table)?;
    let mut beside: Vec<String> =
        common.write(&outcome.table, about, out, options)?.into_iter().collect();
    let notes = outcome.notes.iter().filter(|_| !common.quiet && !format.is_document());
    if !format.is_prose() {
        beside.extend(notes.cloned());
        return Ok(beside);
    }
    for note in notes {
        let note = t!("analyze.note.line", locale = options.lang.key(), note = note);
        let mark = if format == Format::Markdown { "\n" } else { "" };
        writeln!(out, "{mark}{}", export::fold(&note, options.width))?;
    }
    Ok(beside)
}

/// Refuses the options that the analysis does not take.
fn refuse_others(args: &Args, definition: &Definition) -> Result<(), Error> {
    let given = [
        ("metric", !args.metric.is_empty()),
        ("by", args.by.is_some()),
        ("region", args.region.is_some()),
        ("level", args.level.is_some()),
        ("kind", args.kind.is_some()),
        ("from", args.from.is_some()),
        ("to", args.to.is_some()),
        ("year", args.year.is_some()),
        ("peers", !args.peers.is_empty()),
        ("scope", args.scope.is_some()),
        ("minimum", args.minimum.is_some()),
        ("method", args.method.is_some()),
    ];
    let takes = |option: &str| definition.options.iter().any(|known| known == option);
    let listed = |names: &[String], mark: &str| {
        names.iter().map(|name| format!("{mark}{name}")).collect::<Vec<_>>().join(" ")
    };
    let refused = |option: String, options: String| Error::NotTaken {
        analysis: definition.name.clone(),
        option,
        options,
    };
    if let Some((option, _)) = given.iter().find(|(option, given)| *given && !takes(option)) {
        return Err(refused(format!("--{option}"), listed(&definition.options, "--")));
    }
    match &args.by {
        Some(by) if !definition.by.contains(by) => {
            Err(refused(format!("--by {by}"), listed(&definition.by, "--by ")))
        }
        _ => Ok(()),
    }
}

/// The measures that an analysis is asked for.
fn measures<'m>(
    args: &Args,
    definition: &Definition,
    known: &'m Metrics,
) -> anyhow::Result<Vec<&'m Metric>> {
    let named: Vec<&Metric> =
        args.metric.iter().map(|name| known.get(name)).collect::<Result<_, _>>()?;
    let analysis = || definition.name.clone();
    let missing = |what: &str| Error::Missing { analysis: analysis(), what: what.to_owned() };
    let usage = || Error::WrongNumber { analysis: analysis(), usage: definition.example.clone() };
    match (definition.metrics, named.len()) {
        (Count::One, 0) => Err(missing("--metric").into()),
        (Count::Two, 0 | 1) => Err(missing("--metric A --metric B").into()),
        (Count::One, 2..) | (Count::Two, 3..) => Err(usage().into()),
        (Count::Any, 0) => Ok(known.iter().collect()),
        (Count::Rates, 0) => Ok(known.iter().filter(|m| m.denominator.is_some()).collect()),
        _ => Ok(named),
    }
}

/// The request with all names found.
fn request<'r>(
    common: &Common,
    args: &Args,
    definition: &'r Definition,
    conn: &Connection,
    (forms, known): (&'r Forms, &'r Metrics),
    metrics: Vec<&'r Metric>,
) -> anyhow::Result<Request<'r>> {
    let regions = common.regions()?;
    let region = args.region.as_deref().map(|r| inputs::find_region(r, regions)).transpose()?;
    let by = args.by.as_deref().and_then(|by| By::ALL.into_iter().find(|b| b.key() == by));
    let (from, to) = (args.year.or(args.from), args.year.or(args.to));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(Error::Years { from, to }.into());
    }
    let peer = |key: &String| Peer::ALL.into_iter().find(|peer| peer.key() == key);
    Ok(Request {
        definition,
        forms,
        known,
        metrics,
        subjects: subjects(common, args, definition, conn, by)?,
        by,
        region,
        level: args.level.as_deref().and_then(inputs::level),
        kind: args.kind.as_deref().and_then(Kind::of_key),
        from,
        to,
        peers: args.peers.iter().filter_map(peer).collect(),
        scope: args.scope.as_deref().and_then(Scope::of_key),
        minimum: args.minimum.map(|least| i64::try_from(least).unwrap_or(i64::MAX)),
        method: if args.method.as_deref() == Some("iqr") { Method::Iqr } else { Method::Mad },
        lang: common.lang(),
    })
}

/// What stands behind the name.
fn subjects(
    common: &Common,
    args: &Args,
    definition: &Definition,
    conn: &Connection,
    by: Option<By>,
) -> anyhow::Result<Vec<Subject>> {
    let takes = &definition.takes;
    let least = takes.iter().filter(|what| !what.ends_with('?')).count();
    if args.what.len() < least || args.what.len() > takes.len() {
        let (analysis, usage) = (definition.name.clone(), definition.example.clone());
        return Err(Error::WrongNumber { analysis, usage }.into());
    }
    let mut found = Vec::new();
    for (what, text) in takes.iter().zip(&args.what) {
        found.push(match (what.trim_end_matches('?'), by) {
            ("whole", _) => whole(text)?,
            ("pair", Some(By::Region)) => {
                let regions = common.regions()?;
                let code = inputs::find_region(text, regions)?;
                Subject::Region { code, name: regions.path(code) }
            }
            ("pair", Some(By::Year)) => Subject::Year(
                inputs::year(text)
                    .map_err(|_| anyhow::anyhow!("{}", t!("analyze.no_year", text = text)))?,
            ),
            _ => {
                let year = args.year.or(args.to);
                let body = find_body(common, conn, text, args.region.as_deref(), year)?;
                Subject::Body { organ: body.id, series: body.series, name: body.name }
            }
        });
    }
    Ok(found)
}

/// The whole of a name.
fn whole(text: &str) -> Result<Subject, Error> {
    let known = Dictionary::get()?.labels("whole").into_iter().flatten();
    let found =
        known.clone().find(|(key, name)| *key == text || name.zh == text || name.en == text);
    found.map(|(key, _)| Subject::Whole(key.clone())).ok_or_else(|| {
        let keys: Vec<&str> = known.map(|(key, _)| key.as_str()).collect();
        Error::UnknownWhole {
            name: text.to_owned(),
            known: keys.join(", "),
            nearest: closest(text, keys.iter().copied()),
        }
    })
}
