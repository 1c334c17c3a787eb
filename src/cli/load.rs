//! `load`: reports into the database.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use anyhow::bail;
use rust_i18n::t;

use super::inputs::{self, Inputs, listed};
use super::manifest::Manifest;
use super::output::is_same_file;
use super::reading::Reading;
use super::summary::Summary;
use super::{Common, work};
use crate::load::{Job, Loader, follow_bodies, idle_changes, region_record};
use crate::parse::{Hints, Otherwise};
use crate::region::{Region, Regions};
use crate::report::Scope;
use crate::store::Store;

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
    #[arg(long, value_parser = inputs::reporting_year, allow_negative_numbers = true)]
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
    #[arg(long, value_name = "N", value_parser = inputs::count, allow_negative_numbers = true)]
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
    #[command(flatten)]
    pub reading: Reading,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let forms = common.forms()?;
    let regions = common.regions()?;
    if let Some(path) = &args.failures {
        common.check_target("--failures", path)?;
        if let Some(out) = common.out.as_ref().filter(|out| is_same_file(out, path)) {
            bail!("{}", t!("load.failures_is_out", path = out.display()));
        }
    }
    let inputs = Inputs::of(&args.paths)?;
    let is_input = |path: &&PathBuf| inputs.files.iter().any(|file| is_same_file(file, path));
    if let Some(path) = args.failures.as_ref().filter(is_input) {
        bail!("{}", t!("load.failures_is_input", path = path.display()));
    }
    let manifest = args.manifest.as_deref().map(|m| Manifest::read(m, regions)).transpose()?;
    let manifest = manifest.unwrap_or_default();
    let mut summary = Summary::new(args.dry_run);
    summary.remark_unknown(&inputs.unknown);
    summary.remark_rows_without_file(&manifest.without_file(&inputs.files));
    let jobs = jobs(args, regions, &inputs, &manifest, &common.db)?;
    if jobs.is_empty() {
        summary.tell(common);
        bail!("{}", t!("load.nothing", paths = listed(&args.paths)));
    }
    let organ_changes = common.organ_changes(regions)?;
    let stop = work::stop_flag();

    let mut store = if args.dry_run { None } else { Some(Store::open(&common.db, forms)?) };
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
    let hands = args.reading.hands(common)?;
    let threads = work::threads(args.jobs);
    let loader = Loader { forms, regions, hands: &hands, threads, stop: &stop };
    let bar = work::progress(common, jobs.len(), 20);
    let database = (!args.dry_run).then_some(common.db.as_path());
    loader.run(&jobs, store.as_mut(), database, |job, fate| {
        bar.inc(1);
        summary.add(job, fate);
    })?;
    bar.finish_and_clear();
    if let Some(mut store) = store {
        store.commit()?;
        follow_bodies(&mut store, regions)?;
        if let Some(changes) = &organ_changes {
            summary.remark_idle_changes(idle_changes(&store, changes)?, changes.len());
        }
        summary.name_duplicates(store.connection())?;
        store.end_run(summary.failures.len())?;
        store.close()?;
    }
    summary.finish(common, args.failures.as_deref(), jobs.len(), stop.load(Ordering::Relaxed))
}

fn jobs(
    args: &Args,
    regions: &Regions,
    inputs: &Inputs,
    manifest: &Manifest,
    database: &Path,
) -> anyhow::Result<Vec<Job>> {
    let region = args.region.as_deref().map(|r| inputs::find_region(r, regions)).transpose()?;
    let scope = args.scope.as_deref().map(|s| match s {
        "own" => Scope::Own,
        _ => Scope::Aggregate,
    });
    let mut without_organ = 0;
    let jobs = inputs.files.iter().map(|path| {
        let said = manifest.get(path).cloned().unwrap_or_default();
        // a parsed report says itself whose it is
        if said.organ.is_none() && inputs::extension(path) != "json" {
            without_organ += 1;
        }
        let hints = Hints {
            region: said.region.or(region),
            scope: said.scope.or(scope),
            otherwise: Otherwise { year: args.year, organ: args.organ.clone() },
            ..said
        };
        inputs.job(path, Some(database), hints)
    });
    let jobs = jobs.collect();
    if args.organ.is_some() && without_organ > 1 {
        bail!("{}", t!("load.organ_of_many", count = without_organ));
    }
    Ok(jobs)
}
