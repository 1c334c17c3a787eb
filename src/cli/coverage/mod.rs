//! `coverage`: who should have reported, who has, and in what state the reports are.

mod names;
mod tally;

use std::process::ExitCode;

use rust_i18n::t;
use serde_json::{Value as Json, json};

use super::{Common, inputs};
use crate::export::Format;
use crate::region::{Code, Regions};
use crate::store::{self, Attended, LoadFailure, Origin};
use names::{Body, bodies};
pub use tally::Group;
use tally::{Line, lines};

/// 覆盖情况，按年度和地区：应报 = 已报 + 缺报；已报 + 应报外 = 有错误 + 无错误 + 未核对。逾期：晚于法定日期公布；两种数：另一来源数字不同；未读出：加载失败的文件；有错误：核对发现且未排除 · Who should have reported, by year and region: expected = come + missing; come + unexpected = with errors + clean + unchecked. late: after the day of the statute; twice: another source has other figures; unparsed: files that failed to load; with errors: found by check and not dismissed
#[derive(clap::Args)]
pub struct Args {
    /// 地区：列出其下一级各地区 · Region: those of the level below it are listed
    #[arg(long)]
    pub region: Option<String>,
    /// 报告年度 · Reporting year
    #[arg(long, value_parser = inputs::year, allow_negative_numbers = true)]
    pub year: Option<i32>,
    /// 逐个列出机关及其状态 · One body a line with its state
    #[arg(long)]
    pub names: bool,
    /// 只列出缺报的机关 · The missing bodies only
    #[arg(long)]
    pub missing: bool,
}

/// Bodies and failed files inside what was asked for.
struct Asked<'r> {
    regions: &'r Regions,
    region: Option<Code>,
    attended: Vec<Attended>,
    failures: Vec<LoadFailure>,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let regions = common.regions()?;
    let region = args.region.as_deref().map(|r| inputs::find_region(r, regions)).transpose()?;
    let conn = store::open_read_only(&common.db)?;
    let mut asked = Asked {
        regions,
        region,
        attended: store::attendance(&conn, args.year)?,
        failures: store::load_failures(&conn, args.year)?,
    };
    let inside = |code: &Option<String>| {
        let code = code.as_ref().and_then(|c| c.parse().ok());
        region.is_none_or(|r| code.is_some_and(|c| regions.contains(r, c)))
    };
    asked.attended.retain(|a| inside(&a.region_code) || inside(&a.township_code));
    asked.failures.retain(|f| inside(&f.region_code));
    let lines = lines(&asked);
    match (args.names || args.missing, common.format_or(Format::Table)?) {
        (true, format) => {
            let bodies = bodies(&asked);
            let bodies: Vec<Body<'_>> =
                bodies.into_iter().filter(|b| !args.missing || b.is_missing()).collect();
            common.print(&names::table(&bodies, format.tells_of_cuts()))?;
        }
        (false, Format::Json) => {
            let all: Vec<Json> = lines.iter().map(object).collect();
            common.print_text(&format!("{}\n", serde_json::to_string_pretty(&all)?))?;
        }
        (false, Format::Ndjson) => {
            let all = lines.iter().map(|l| format!("{}\n", object(l)));
            common.print_text(&all.collect::<String>())?;
        }
        (false, Format::Table | Format::Markdown | Format::Html) => {
            // where nobody is expected, all are unexpected
            let known = |year, group: &Group| {
                lines.iter().any(|l| l.year == year && l.group == *group && l.origin() != "none")
            };
            let worth = |b: &Body<'_>| b.is_worth_a_name(known(b.year(), b.group()));
            let named: Vec<Body<'_>> = bodies(&asked).into_iter().filter(worth).collect();
            let mut tables = vec![tally::table(&lines, true)];
            if !named.is_empty() {
                tables.push(names::short_table(&named));
            }
            common.print_all(&tables)?;
        }
        (false, _) => common.print(&tally::table(&lines, false))?,
    }
    if !common.quiet {
        remark(&conn, &lines)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A line as an object, with the names of the bodies.
fn object(line: &Line<'_>) -> Json {
    let g = &line.group;
    let names = |of: fn(&Attended) -> bool| -> Vec<&str> {
        line.bodies.iter().filter(|a| of(a)).map(|a| a.organ.as_str()).collect()
    };
    let counts = &line.counts;
    json!({
        "year": line.year,
        "region": g.name,
        "region_code": g.code,
        "origin": line.origin(),
        "expected": counts.expected(),
        "come": counts.come,
        "missing": counts.missing,
        "unexpected": counts.unexpected,
        "late": counts.late,
        "twice": counts.twice,
        "unparsed": counts.unparsed,
        "with_errors": counts.with_errors,
        "clean": counts.clean,
        "unchecked": counts.unchecked,
        "names": {
            "missing": names(|a| a.state == store::Attendance::Missing),
            "unexpected": names(|a| a.state == store::Attendance::Unexpected),
            "late": names(|a| a.late),
            "twice": names(|a| a.twice),
            "with_errors": names(|a| a.checked && a.errors > 0),
            "unparsed": line.failures.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(),
        },
    })
}

/// What must be known of the figures.
fn remark(conn: &rusqlite::Connection, lines: &[Line<'_>]) -> anyhow::Result<()> {
    let expected = |origin| lines.iter().any(|l| l.bodies.iter().any(|a| a.origin == origin));
    if expected(Some(Origin::LastYear)) {
        eprintln!("{}", t!("coverage.derived"));
    }
    if lines.iter().any(|l| !l.bodies.is_empty() && l.origin() == "none") {
        let has_list = !store::expected_bodies(conn)?.is_empty();
        eprintln!("{}", if has_list { t!("coverage.unlisted") } else { t!("coverage.unknown") });
    }
    if store::expectations_wait(conn)? {
        eprintln!("{}", t!("coverage.stale"));
    }
    let waiting = store::due(conn)?.count();
    if waiting > 0 {
        eprintln!("{}", t!("findings.waiting", count = waiting));
    }
    Ok(())
}

impl Asked<'_> {
    /// The region of the level below the one asked for that holds a place.
    fn group(&self, region: &Option<String>, township: &Option<String>) -> Group {
        let code = township.as_ref().or(region.as_ref()).and_then(|c| c.parse::<Code>().ok());
        Group::holding(self.regions, self.region, code)
    }
}
