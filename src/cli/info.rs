//! `info`: what the database holds.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use rusqlite::Connection;
use rust_i18n::t;

use super::coverage::Group;
use super::{Common, inputs, sources};
use crate::export::Format;
use crate::query::{self, Limits, Params};
use crate::region::Code;
use crate::store;
use crate::table::{Column, Table, Unit, Value};

/// 数据库里有什么：按年度、表样、地区的报告数和问题数 · What the database holds: reports and findings by year,
/// form and region
#[derive(clap::Args)]
pub struct Args {
    /// 按什么计数，缺省为全部，数据格式中为年度 · What to count by: all three unless told, the year in data formats
    #[arg(long, value_enum, conflicts_with = "sources")]
    pub by: Option<By>,
    /// 地区：只计其中的，并列出其下一级各地区 · Region: what lies in it is counted, by the regions of the level below
    #[arg(long, conflicts_with = "sources")]
    pub region: Option<String>,
    /// 列出来源文件，并与现在的文件对照 · List the sources, and compare them with the files there are now
    #[arg(long)]
    pub sources: bool,
    /// 与 --sources 同用：另列出其中未加载的文件 · With --sources: files, of which those not loaded are listed, too
    #[arg(value_name = "PATH", requires = "sources")]
    pub paths: Vec<PathBuf>,
}

/// What reports are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// 报告年度 · Reporting year
    Year,
    /// 表样 · Form
    Edition,
    /// 地区 · Region
    Region,
}

impl By {
    /// The columns that tell what is counted, and those that stand after the numbers of reports.
    fn columns(self) -> [&'static str; 2] {
        match self {
            By::Year => [
                "r.year,",
                "GROUP_CONCAT(DISTINCT COALESCE(r.edition, '-') ORDER BY COALESCE(r.edition, '-')) AS editions,",
            ],
            By::Edition => [
                "COALESCE(r.edition, '-') AS edition, MIN(r.year) AS first_year, MAX(r.year) AS last_year,",
                "",
            ],
            By::Region => ["p.value AS region, p.value AS region_code,", ""],
        }
    }
}

/// Reports counted; `:places` has the number of its region for each place that counts.
const COUNTS: &str = "
WITH place AS MATERIALIZED (SELECT key, value FROM json_each(:places))
SELECT
    {head}
    COUNT(*) AS reports,
    SUM(r.is_current) AS current,
    SUM(r.scope = 'aggregate' AND r.is_current) AS summaries,
    COUNT(DISTINCT r.organ_id) AS organs,
    {of}
    SUM(r.is_current * (SELECT COUNT(*) FROM finding AS f WHERE f.report_id = r.id AND f.outcome = 'fail')) AS findings,
    SUM(r.is_current AND COALESCE(c.bodies, 0) = 0) AS unchecked
FROM report AS r
INNER JOIN place AS p ON p.key = COALESCE(r.township_code, r.region_code, '')
LEFT JOIN report_check AS c ON c.report_id = r.id
GROUP BY 1
ORDER BY 1";

/// The places of reports, each with the number of the region that it is counted in.
struct Places {
    groups: Vec<Group>,
    of: BTreeMap<String, usize>,
}

impl Places {
    fn of(common: &Common, conn: &Connection, asked: Option<Code>) -> anyhow::Result<Places> {
        let regions = common.regions()?;
        let places = "SELECT DISTINCT COALESCE(township_code, region_code, '') FROM report";
        let mut places = conn.prepare(places)?;
        let places: Vec<String> = places.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let mut found: BTreeMap<Group, Vec<String>> = BTreeMap::new();
        for place in places {
            let code: Option<Code> = place.parse().ok();
            if asked.is_none_or(|asked| code.is_some_and(|c| regions.contains(asked, c))) {
                found.entry(Group::holding(regions, asked, code)).or_default().push(place);
            }
        }
        let mut out = Places { groups: Vec::new(), of: BTreeMap::new() };
        for (group, places) in found {
            out.of.extend(places.into_iter().map(|place| (place, out.groups.len())));
            out.groups.push(group);
        }
        Ok(out)
    }

    /// The reports counted; people need no codes of regions.
    fn count(&self, conn: &mut Connection, by: By, people: bool) -> anyhow::Result<Table> {
        let places = Value::Text(serde_json::to_string(&self.of)?);
        let params = Params::from([("places".to_owned(), places)]);
        let [head, of] = by.columns();
        let sql = COUNTS.replace("{head}", head).replace("{of}", of);
        let mut table = query::run(conn, &sql, &params, &Limits::default())?;
        title(&mut table.columns);
        if by == By::Region {
            for row in &mut table.rows {
                let Some(Value::Int(at)) = row.first() else { continue };
                let Some(group) = self.groups.get(*at as usize) else { continue };
                let code = group.code.clone().map_or(Value::Null, Value::Text);
                row[..2].clone_from_slice(&[Value::Text(group.name.clone()), code]);
            }
            if people {
                table.columns.remove(1);
                table.rows.iter_mut().for_each(|row| drop(row.remove(1)));
            }
        }
        Ok(table)
    }
}

/// Gives columns their headings.
fn title(columns: &mut [Column]) {
    for column in columns {
        column.title = Some(t!(format!("info.{}", column.name)).into());
        if matches!(column.name.as_str(), "year" | "edition" | "first_year" | "last_year") {
            column.unit = Unit::Label;
        }
    }
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let mut conn = store::open_read_only(&common.db)?;
    if !common.quiet {
        let size = std::fs::metadata(&common.db).map_or(0, |m| m.len());
        let (path, version) = (common.db.display(), store::schema_version(&conn)?);
        eprintln!("{}", t!("info.file", path = path, size = size / 1024, version = version));
    }
    if args.sources {
        return sources::run(common, &conn, &args.paths);
    }
    let regions = common.regions()?;
    let region = args.region.as_deref().map(|r| inputs::find_region(r, regions)).transpose()?;
    let places = Places::of(common, &conn, region)?;
    let people = common.format_or(Format::Table)?.tells_of_cuts();
    let by = match (args.by, region) {
        (Some(by), _) => vec![by],
        (None, _) if people && !places.of.is_empty() => vec![By::Year, By::Edition, By::Region],
        (None, Some(_)) => vec![By::Region],
        (None, None) => vec![By::Year],
    };
    let tables = by.into_iter().map(|by| places.count(&mut conn, by, people));
    match tables.collect::<anyhow::Result<Vec<_>>>()?.as_slice() {
        [one] => common.print(one)?,
        several => common.print_all(several)?,
    }
    Ok(ExitCode::SUCCESS)
}
