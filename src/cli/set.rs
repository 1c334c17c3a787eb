//! `set` and `corrections`: what a cell truly says where it was read wrong or cannot be read.

use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::lookup::{Wanted, find_body};
use super::output::columns;
use super::{Common, inputs};
use crate::load::follow_bodies;
use crate::report::Scope;
use crate::store::{Corrected, Store, Withdrawal, corrections, open_read_only};
use crate::table::{Table, Unit, Value};

/// 更正一格：原文保留，查询、核对和导出用更正值，如 nianbao set 机关 2023 applications/received.new/total 25 --reason 理由 --by 姓名 · Correct a cell beside the original: queries, checks and exports use what is set, as in nianbao set BODY 2023 applications/received.new/total 25 --reason WHY --by WHO
#[derive(clap::Args)]
pub struct Args {
    /// 机关：编号、全称，或在 --region 内唯一的名称 · Body: id, full name, or a name unique in --region
    pub body: String,
    /// 报告年度 · Reporting year
    #[arg(value_parser = inputs::year)]
    pub year: i32,
    /// 单元格：表/行/列的键，nianbao parse 文件 --format csv 列出 · Cell: table/row/column, as parse FILE --format csv lists them
    pub cell: String,
    /// 这一格应是什么：数，或 / 表示不适用 · What it says: a number, or / where it does not apply
    #[arg(required_unless_present = "withdraw", allow_negative_numbers = true)]
    pub value: Option<String>,
    /// 撤销更正，恢复原文 · Withdraw the correction
    #[arg(long, conflicts_with = "value")]
    pub withdraw: bool,
    /// 理由 · Why
    #[arg(long)]
    pub reason: String,
    /// 更正的人 · Who corrects it
    #[arg(long)]
    pub by: String,
    /// 地区 · Region of the body
    #[arg(long)]
    pub region: Option<String>,
    /// own 本机关，aggregate 汇总 · Own report or summary
    #[arg(long, value_parser = ["own", "aggregate"])]
    pub scope: Option<String>,
}

/// Runs `set`.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let (reason, by) = (args.reason.trim(), args.by.trim());
    if reason.is_empty() || by.is_empty() {
        bail!("{}", t!("findings.empty_reason"));
    }
    let conn = open_read_only(&common.db)?;
    let wanted = Wanted {
        body: &args.body,
        year: args.year,
        region: args.region.as_deref(),
        scope: args.scope.as_deref(),
        revision: None,
        exact: true,
    };
    let report = wanted.find(common, &conn)?;
    drop(conn);
    let mut store = Store::open_existing(&common.db, common.forms()?)?;
    let original = match &args.value {
        Some(value) => store.correct(report, &args.cell, value, reason, by)?,
        None => store.withdraw_correction(report, &args.cell, reason, by)?,
    };
    follow_bodies(&mut store, common.regions()?)?;
    store.close()?;
    if !common.quiet {
        let original = original.raw.unwrap_or_default();
        let cell = &args.cell;
        match &args.value {
            Some(value) => {
                let value = value.trim();
                eprintln!(
                    "{}",
                    t!("correction.made", cell = cell, value = value, original = original)
                );
            }
            None => eprintln!("{}", t!("correction.withdrawn", cell = cell, original = original)),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// 列出更正：更正值、原文、理由、更正人和现状，撤销的写明由谁、为何 · The corrections, with what the documents say
#[derive(clap::Args)]
pub struct ListArgs {
    /// 只看这个机关：编号、全称，或在 --region 内唯一的名称 · This body only: id, full name, or a name unique in --region
    pub body: Option<String>,
    /// 地区及其下属 · This region and all under it
    #[arg(long)]
    pub region: Option<String>,
    /// 报告年度 · Reporting year
    #[arg(long, value_parser = inputs::year, allow_negative_numbers = true)]
    pub year: Option<i32>,
}

/// Runs `corrections`.
pub fn list(common: &Common, args: &ListArgs) -> anyhow::Result<ExitCode> {
    let conn = open_read_only(&common.db)?;
    let regions = common.regions()?;
    let region = args.region.as_deref();
    let body = args.body.as_ref().map(|body| find_body(common, &conn, body, region, args.year));
    let body = body.transpose()?;
    let region = region.map(|region| inputs::find_region(region, regions)).transpose()?;
    let mut found = corrections(&conn)?;
    found.retain(|c| {
        let code = c.region_code.as_ref().and_then(|code| code.parse().ok());
        body.as_ref().is_none_or(|body| body.series == c.series)
            && args.year.is_none_or(|year| year == c.year)
            && region.is_none_or(|region| code.is_some_and(|code| regions.contains(region, code)))
    });
    common.print(&table(&found))?;
    Ok(ExitCode::SUCCESS)
}

fn table(all: &[Corrected]) -> Table {
    const NAMES: [&str; 15] = [
        "id",
        "organ",
        "year",
        "scope",
        "cell",
        "original",
        "corrected",
        "reason",
        "by",
        "at",
        "standing",
        "withdrawn_reason",
        "withdrawn_by",
        "withdrawn_at",
        "source",
    ];
    let mut columns = columns(&NAMES, |n| t!(format!("correction.{n}")).into());
    columns[2].unit = Unit::Label;
    let word = |standing: &str| match standing {
        "active" => t!("correction.is.active"),
        "withdrawn" => t!("correction.is.withdrawn"),
        "replaced" => t!("correction.is.replaced"),
        "carried" => t!("correction.is.carried"),
        _ => t!("correction.is.lapsed"),
    };
    let scope = |scope: &str| match Scope::of_key(scope) {
        Some(Scope::Own) => t!("show.own"),
        Some(Scope::Aggregate) => t!("show.aggregate"),
        None => scope.to_owned().into(),
    };
    columns[3].labels = all.iter().map(|c| Some(scope(&c.scope).into_owned())).collect();
    columns[10].labels = all.iter().map(|c| Some(word(&c.standing).into_owned())).collect();
    let text = |s: &str| Value::Text(s.to_owned());
    let row = |c: &Corrected| {
        let end = |of: fn(&Withdrawal) -> &String| {
            c.withdrawal.as_ref().map_or(Value::Null, |end| text(of(end)))
        };
        vec![
            Value::Int(c.id),
            text(&c.organ),
            Value::Int(c.year.into()),
            text(&c.scope),
            text(&c.cell),
            c.original.as_deref().map_or(Value::Null, text),
            text(&c.raw),
            text(&c.reason),
            text(&c.by),
            text(&c.at),
            text(&c.standing),
            end(|w| &w.reason),
            end(|w| &w.by),
            end(|w| &w.at),
            text(&c.path),
        ]
    };
    Table { columns, rows: all.iter().map(row).collect(), total_rows: None }
}
