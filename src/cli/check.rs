//! `check`: the rules, on files or on the database.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::bail;
use rust_i18n::t;

use super::findings::{Selection, print, sort, summary};
use super::inputs::{self, Inputs, listed};
use super::output::columns;
use super::reading::Reading;
use super::{Common, FAILED, INTERRUPTED, work};
use crate::check::{self, Checker};
use crate::lang::Lang;
use crate::load::{bytes, input};
use crate::nearest::{closest, suggestion};
use crate::parse::Hints;
use crate::report::Severity;
use crate::store::{self, Asked, Shown, Store};
use crate::table::{Table, Value};
use crate::validate::{self, Reach, Rule};

/// 核对报告：给出文件则核对文件，否则核对数据库中有变动的报告
#[derive(clap::Args)]
pub struct Args {
    /// 文件、文件夹、通配符；不写则核对数据库 · Files; without them the database is checked
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// 列出全部规则 · List the rules
    #[arg(long, conflicts_with_all = ["files", "explain"])]
    pub list: bool,
    /// 说明一条规则，all 为全部 · Explain a rule, or all
    #[arg(long, value_name = "RULE", conflicts_with = "files")]
    pub explain: Option<String>,
    #[command(flatten)]
    pub selection: Selection,
    /// 达到此级别的问题使退出码为 1 · Exit with 1 if something this bad is found
    #[arg(long, value_name = "SEVERITY", default_value = "error", value_parser = ["error", "warning", "info", "never"])]
    pub fail_on: String,
    /// 并行的线程数 · Threads
    #[arg(long, value_name = "N", value_parser = inputs::count, allow_negative_numbers = true)]
    pub jobs: Option<usize>,
    #[command(flatten)]
    pub reading: Reading,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    if args.list {
        list(common)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(id) = &args.explain {
        let explained: String = match id.as_str() {
            "all" => validate::rules().iter().map(|r| explain(r, common.lang())).collect(),
            id => explain(find(id)?, common.lang()),
        };
        common.print_text(&explained)?;
        return Ok(ExitCode::SUCCESS);
    }
    for id in &args.selection.rule {
        find(id)?;
    }
    let asked = args.selection.asked(common)?;
    let stop = work::stop_flag();
    let of_files = !args.files.is_empty();
    let (mut shown, checked, unread) = match of_files {
        false => database(common, args, &asked, &stop)?,
        true => files(common, args, &asked, &stop)?,
    };
    if stop.load(Ordering::Relaxed) {
        eprintln!("{}", if of_files { t!("check.files_stopped") } else { t!("check.stopped") });
        return Ok(ExitCode::from(INTERRUPTED));
    }
    sort(&mut shown);
    print(common, &shown)?;
    if !common.quiet {
        let is_empty = !of_files && shown.is_empty();
        match is_empty && !asked.has_reports(&store::open_read_only(&common.db)?)? {
            true => eprintln!("{}", t!("check.none_there")),
            false => eprintln!("{}", summary(&shown, Some(checked))),
        }
    }
    let bad = |s: &Shown| {
        let dismissed = s.decision.as_ref().is_some_and(|d| d.verdict == "dismissed");
        // 'never' is none
        let limit = Severity::of_key(&args.fail_on);
        s.outcome == "fail" && !dismissed && limit.is_some_and(|limit| s.severity >= limit)
    };
    // what could not be read was not found good
    let failed = unread > 0 || shown.iter().any(bad);
    Ok(if failed { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

/// The rule of an id, or the nearest.
fn find(id: &str) -> anyhow::Result<&'static Rule> {
    if let Some(rule) = validate::rule(id) {
        return Ok(rule);
    }
    let nearest = closest(id, validate::rules().iter().map(|r| r.id.as_str()));
    bail!("{}", t!("check.unknown_rule", rule = id, nearest = suggestion(nearest.as_deref())))
}

/// Brings what was found in the database up to date and reads it.
fn database(
    common: &Common,
    args: &Args,
    asked: &Asked<'_>,
    stop: &AtomicBool,
) -> anyhow::Result<(Vec<Shown>, usize, usize)> {
    let forms = common.forms()?;
    // only a load makes a database
    let mut store = Store::open_existing(&common.db, forms)?;
    // a load that was killed may not have come to it
    store.renew_expectations()?;
    let threads = work::threads(args.jobs);
    let checker = Checker { forms, database: &common.db, threads, stop };
    let due = checker.due(&mut store)?;
    if due.count() > 0 {
        let bar = work::progress(common, due.reports.len(), 2000);
        checker.run(&mut store, &due, |done| bar.inc(done as u64))?;
        bar.finish_and_clear();
    }
    let shown = store::findings(store.connection(), asked)?;
    store.close()?;
    Ok((shown, due.count(), 0))
}

/// Looks at files by the rules that need no database.
fn files(
    common: &Common,
    args: &Args,
    asked: &Asked<'_>,
    stop: &AtomicBool,
) -> anyhow::Result<(Vec<Shown>, usize, usize)> {
    let forms = common.forms()?;
    let regions = common.regions()?;
    let hands = args.reading.hands(common)?;
    let inputs = Inputs::of(&args.files)?;
    let files = &inputs.files;
    if files.is_empty() {
        bail!("{}", t!("check.no_files", paths = listed(&args.files)));
    }
    let bar = work::progress(common, files.len(), 200);
    let looked = work::in_order(files, work::threads(args.jobs), stop, |file| {
        let job = inputs.job(file, None, Hints::default());
        let read =
            bytes(&job).and_then(|bytes| hands.parse(&input(&job.name, &bytes), &Hints::default()));
        bar.inc(1);
        let (report, _) = read.map_err(|unread| format!("{}: {unread}", job.path))?;
        let mut found = check::report(report, forms, regions);
        found.retain(|s| asked.keeps(s));
        Ok::<_, String>(found)
    });
    bar.finish_and_clear();
    let mut shown = Vec::new();
    let mut failed = 0;
    for found in looked {
        match found {
            Ok(found) => shown.extend(found),
            Err(said) if files.len() == 1 => bail!(said),
            Err(said) => {
                failed += 1;
                eprintln!("{said}");
            }
        }
    }
    if files.len() == failed {
        bail!("{}", t!("check.none_read", count = failed));
    }
    Ok((shown, files.len() - failed, failed))
}

fn list(common: &Common) -> anyhow::Result<()> {
    let lang = common.lang();
    let text = |s: &str| Value::Text(s.to_owned());
    let rows = validate::rules().iter().map(|r| {
        let severity = text(r.severity.key());
        vec![
            text(&r.id),
            severity,
            text(r.reach.key()),
            text(r.title.get(lang)),
            text(r.basis.get(lang)),
        ]
    });
    let names = ["rule", "severity", "reach", "title", "basis"];
    let mut columns = columns(&names, |n| t!(format!("check.column.{n}")).into());
    columns[1].labels =
        validate::rules().iter().map(|r| Some(super::findings::word(r.severity))).collect();
    let reach = |r: &Rule| Some(reach(r.reach, lang));
    columns[2].labels = validate::rules().iter().map(reach).collect();
    common.print(&Table { columns, rows: rows.collect(), total_rows: None })
}

/// The word for what a rule looks at.
fn reach(reach: Reach, lang: Lang) -> String {
    let locale = lang.key();
    match reach {
        Reach::Report => t!("check.reach.report", locale = locale).into(),
        Reach::Years => t!("check.reach.years", locale = locale).into(),
        Reach::Bodies => t!("check.reach.bodies", locale = locale).into(),
    }
}

/// A rule as `--explain` and the documentation print it, in Markdown.
#[must_use]
pub fn explain(rule: &Rule, lang: Lang) -> String {
    let locale = lang.key();
    let heading = |key: &str| t!(format!("check.column.{key}"), locale = locale).into_owned();
    let mut out = format!("# {} · {}\n\n", rule.id, rule.title.get(lang));
    let severity = t!(format!("finding.severity.{}", rule.severity.key()), locale = locale);
    let reach = reach(rule.reach, lang);
    out += &format!("{}: {severity} · {}: {reach}\n\n", heading("severity"), heading("reach"));
    let parts = [("why", &rule.why), ("example", &rule.example), ("basis", &rule.basis)];
    for (key, text) in parts {
        out += &format!("**{}** {}\n\n", heading(key), text.get(lang));
    }
    if !rule.params.is_empty() {
        let params: BTreeMap<&String, &i64> = rule.params.iter().collect();
        let params: Vec<String> = params.iter().map(|(k, v)| format!("`{k}` = {v}")).collect();
        out += &format!("**{}** {}\n\n", heading("params"), params.join(", "));
    }
    out
}
