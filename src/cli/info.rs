//! `info`: what the database holds.

use std::process::ExitCode;

use rust_i18n::t;

use super::Common;
use crate::query::{self, Limits, Params};
use crate::store;
use crate::table::Unit;

/// 数据库里有什么：按年度的报告数、表样、问题数 · What the database holds: reports, forms and findings by year
#[derive(clap::Args)]
pub struct Args {
    /// 列出来源文件 · List the sources
    #[arg(long)]
    pub sources: bool,
}

const BY_YEAR: &str = "
SELECT
    r.year,
    COUNT(*) AS reports,
    SUM(r.is_current) AS current,
    SUM(r.scope = 'aggregate' AND r.is_current) AS summaries,
    COUNT(DISTINCT r.organ_id) AS organs,
    GROUP_CONCAT(DISTINCT COALESCE(r.edition, '-') ORDER BY COALESCE(r.edition, '-')) AS editions,
    (SELECT COUNT(*) FROM v_finding AS f WHERE f.year = r.year AND f.outcome = 'fail') AS findings,
    SUM(r.is_current AND COALESCE(c.bodies, 0) = 0) AS unchecked
FROM report AS r
LEFT JOIN report_check AS c ON c.report_id = r.id
GROUP BY r.year
ORDER BY r.year";

const SOURCES: &str = "
SELECT s.path, s.sha256, s.media_type, s.encoding, s.size, s.content IS NOT NULL AS archived, r.year, o.name AS organ
FROM source AS s
LEFT JOIN report_source AS l ON l.source_id = s.id
LEFT JOIN report AS r ON r.id = l.report_id
LEFT JOIN organ AS o ON o.id = r.organ_id
ORDER BY s.id";

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let mut conn = store::open_read_only(&common.db)?;
    let sql = if args.sources { SOURCES } else { BY_YEAR };
    let mut table = query::run(&mut conn, sql, &Params::new(), &Limits::default())?;
    for column in &mut table.columns {
        column.title = Some(t!(format!("info.{}", column.name)).into());
        if column.name == "year" {
            column.unit = Unit::Label;
        }
    }
    if !common.quiet {
        let size = std::fs::metadata(&common.db).map_or(0, |m| m.len());
        let version = store::SCHEMA_VERSION;
        eprintln!(
            "{}",
            t!("info.file", path = common.db.display(), size = size / 1024, version = version)
        );
    }
    common.print(&table)?;
    Ok(ExitCode::SUCCESS)
}
