//! `load`: reports into the database.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{anyhow, bail};
use rust_i18n::t;

use super::{Common, INTERRUPTED, SOME_FAILED, UNUSABLE, inputs};
use crate::load::{Fate, Job, Loader, follow_bodies, region_record};
use crate::parse::Hints;
use crate::reason;
use crate::region::{Region, Regions};
use crate::report::Scope;
use crate::store::{Outcome, Store};
use crate::table::{Column, Table, Value};

/// 加载报告：文件、文件夹、通配符、`-`（标准输入）、已解析的 JSON；重复加载不会改变任何内容
#[derive(clap::Args)]
pub struct Args {
    /// 文件、文件夹、通配符或 - · Files, folders, patterns or -
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// 所属地区（代码或名称），用于解析简称 · Region that short names belong to
    #[arg(long)]
    pub region: Option<String>,
    /// 报告年度 · Reporting year
    #[arg(long)]
    pub year: Option<i32>,
    /// 报告机关 · Name of the body
    #[arg(long)]
    pub organ: Option<String>,
    /// own 本机关，aggregate 汇总 · Own report or summary
    #[arg(long, value_parser = ["own", "aggregate"])]
    pub scope: Option<String>,
    /// 清单 CSV：path, organ, region, year, scope · What the files do not say
    #[arg(long, value_name = "CSV")]
    pub manifest: Option<PathBuf>,
    /// 并行解析的线程数 · Threads that parse
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// 不保存原文件 · Do not keep the bytes of the sources
    #[arg(long)]
    pub no_archive: bool,
    /// 只解析不写入 · Parse only, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// 失败清单写入 CSV · Write the failures to a CSV
    #[arg(long, value_name = "CSV")]
    pub failures: Option<PathBuf>,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let forms = common.forms()?;
    let regions = common.regions()?;
    let jobs = jobs(args, regions)?;
    if jobs.is_empty() {
        bail!("{}", t!("load.nothing"));
    }
    let organ_changes = common.organ_changes(regions)?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    // a second handler in one process (tests of the library) is no reason to fail
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));

    let mut store = if args.dry_run { None } else { Some(Store::open(&common.db, &forms)?) };
    if let Some(store) = &mut store {
        store.set_archive(!args.no_archive);
        // of two regions with one code the store has the one that has it now
        let holds = |r: &&Region| regions.get(r.code).is_some_and(|held| std::ptr::eq(held, *r));
        let records = || regions.iter().filter(holds).map(region_record).collect::<Vec<_>>();
        if !store.has_regions()? {
            store.put_regions(records().iter())?;
        } else if common.regions.is_some() {
            store.renew_regions(records().iter())?;
        }
        if let Some(changes) = &organ_changes {
            store.put_organ_changes(changes)?;
        }
        store.begin_run()?;
    }
    let threads =
        args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into));
    let loader = Loader { forms: &forms, regions, threads, stop: &stop };
    let bar = progress(common, jobs.len());
    let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
    let mut failures: Vec<(String, String)> = Vec::new();
    let database = (!args.dry_run).then_some(common.db.as_path());
    loader.run(&jobs, store.as_mut(), database, |job, fate| {
        bar.inc(1);
        match fate {
            Fate::Done(outcome) => *counts.entry(*outcome).or_default() += 1,
            Fate::Failed(reason) => failures.push((job.path.clone(), reason.clone())),
        }
    })?;
    bar.finish_and_clear();
    if let Some(mut store) = store {
        store.commit()?;
        follow_bodies(&mut store, regions)?;
        store.end_run(failures.len())?;
        store.close()?;
    }
    finish(common, args, &counts, &failures, jobs.len(), stop.load(Ordering::Relaxed))
}

fn jobs(args: &Args, regions: &Regions) -> anyhow::Result<Vec<Job>> {
    let all = Hints {
        region: args.region.as_deref().map(|r| inputs::find_region(r, regions)).transpose()?,
        year: args.year,
        organ: args.organ.clone(),
        scope: args
            .scope
            .as_deref()
            .map(|s| if s == "own" { Scope::Own } else { Scope::Aggregate }),
    };
    let manifest = args
        .manifest
        .as_deref()
        .map(|m| inputs::manifest(m, regions))
        .transpose()?
        .unwrap_or_default();
    let jobs = inputs::expand(&args.paths)?.into_iter().map(|path| {
        let said = manifest.get(&path).cloned().unwrap_or_default();
        let hints = Hints {
            region: said.region.or(all.region),
            year: said.year.or(all.year),
            organ: said.organ.or_else(|| all.organ.clone()),
            scope: said.scope.or(all.scope),
        };
        Job { path: path.to_string_lossy().into_owned(), hints }
    });
    Ok(jobs.collect())
}

fn progress(common: &Common, files: usize) -> indicatif::ProgressBar {
    if common.quiet || !std::io::stderr().is_terminal() || files < 20 {
        return indicatif::ProgressBar::hidden();
    }
    let style = indicatif::ProgressStyle::with_template("{bar:30} {pos}/{len}  {rate}  {eta}");
    let rate = |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
        // a rate that cannot be written is no reason to stop
        let _ = write!(out, "{:.0}/s", state.per_sec());
    };
    indicatif::ProgressBar::new(files as u64).with_style(
        style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()).with_key("rate", rate),
    )
}

/// Failures shown on the terminal; the CSV has them all.
const SHOWN: usize = 20;

fn finish(
    common: &Common,
    args: &Args,
    counts: &BTreeMap<Outcome, usize>,
    failures: &[(String, String)],
    files: usize,
    stopped: bool,
) -> anyhow::Result<ExitCode> {
    for (path, reason) in failures.iter().take(SHOWN) {
        eprintln!("{path}: {reason}");
    }
    if failures.len() > SHOWN {
        eprintln!("{}", t!("load.more_failures", count = failures.len() - SHOWN));
    }
    if let Some(path) = &args.failures {
        let write = || -> csv::Result<()> {
            let mut out = csv::Writer::from_path(path)?;
            out.write_record(["path", "reason"])?;
            failures.iter().try_for_each(|(p, r)| out.write_record([p, r]))?;
            Ok(out.flush()?)
        };
        write().map_err(|e| {
            let (path, reason) = (path.display(), reason::of_csv(&e));
            anyhow!("{}", t!("cli.cannot_write", path = path, reason = reason))
        })?;
    }
    if !common.quiet {
        let of = |o: Outcome| counts.get(&o).copied().unwrap_or(0);
        let names =
            ["files", "loaded", "unchanged", "revised", "further_source", "duplicate", "failed"];
        let values = [
            files,
            of(Outcome::Loaded),
            of(Outcome::Unchanged),
            of(Outcome::Revised),
            of(Outcome::FurtherSource),
            of(Outcome::Duplicate),
            failures.len(),
        ];
        let columns =
            names.map(|n| Column { title: Some(t!(format!("load.{n}")).into()), ..Column::new(n) });
        let row = values.map(|v| Value::Int(v as i64)).into();
        common.print(&Table { columns: columns.into(), rows: vec![row], total_rows: None })?;
    }
    if stopped {
        eprintln!("{}", t!("load.stopped"));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(match (failures.len(), files) {
        (0, _) => ExitCode::SUCCESS,
        (failed, files) if failed == files => ExitCode::from(UNUSABLE),
        _ => ExitCode::from(SOME_FAILED),
    })
}
