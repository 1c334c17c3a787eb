//! `search`: full text in the narratives.

use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::Common;
use super::output::columns;
use super::sql::rows;
use crate::store;
use crate::table::{Table, Unit, Value};

/// Sections a table on a terminal shows unless asked for more.
const SCREEN_SECTIONS: usize = 50;

/// 在报告文字中检索任意长度的词
#[derive(clap::Args)]
pub struct Args {
    /// 要找的文字 · Text to find
    pub text: String,
    /// 最多显示的段数；屏幕上的表格缺省为 50，其余为全部 · Sections shown; 50 in a table on the screen unless
    /// told otherwise, all elsewhere
    #[arg(long, value_name = "N", value_parser = super::inputs::count)]
    #[arg(allow_negative_numbers = true)]
    pub max_rows: Option<usize>,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    if args.text.trim().is_empty() {
        bail!("{}", t!("search.nothing"));
    }
    let conn = store::open_read_only(&common.db)?;
    let max_rows = rows(common, args.max_rows, SCREEN_SECTIONS)?;
    let (hits, total) = store::search(&conn, &args.text, max_rows.unwrap_or(usize::MAX))?;
    let found = hits.into_iter().map(|h| {
        vec![
            Value::Int(h.year),
            Value::Text(h.organ),
            Value::Int(h.no),
            Value::Text(h.snippet),
            Value::Int(h.report_id),
        ]
    });
    let names = ["year", "organ", "section", "snippet", "report_id"];
    let mut columns = columns(&names, |n| t!(format!("search.{n}")).into());
    for at in [0, 2, 4] {
        columns[at].unit = Unit::Label;
    }
    let rows: Vec<Vec<Value>> = found.collect();
    let total_rows = (total > rows.len()).then_some(total);
    common.print(&Table { columns, rows, total_rows })?;
    Ok(ExitCode::SUCCESS)
}
