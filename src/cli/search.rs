//! `search`: full text in the narratives.

use std::process::ExitCode;

use rust_i18n::t;

use super::Common;
use crate::store;
use crate::table::{Column, Table, Unit, Value};

/// 在报告文字中检索任意长度的词
#[derive(clap::Args)]
pub struct Args {
    /// 要找的文字 · Text to find
    pub text: String,
    /// 最多显示的段数 · Sections shown
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = super::inputs::count)]
    #[arg(allow_negative_numbers = true)]
    pub max_rows: usize,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let conn = store::open_read_only(&common.db)?;
    let (hits, total) = store::search(&conn, &args.text, args.max_rows)?;
    let rows = hits.into_iter().map(|h| {
        vec![
            Value::Int(h.year),
            Value::Text(h.organ),
            Value::Int(h.no),
            Value::Text(h.snippet),
            Value::Int(h.report_id),
        ]
    });
    let names = ["year", "organ", "section", "snippet", "report_id"];
    let columns = names.map(|n| Column {
        title: Some(t!(format!("search.{n}")).into()),
        unit: if n == "snippet" || n == "organ" { Unit::Plain } else { Unit::Label },
        ..Column::new(n)
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    let total_rows = (total > rows.len()).then_some(total);
    common.print(&Table { columns: columns.into(), rows, total_rows })?;
    Ok(ExitCode::SUCCESS)
}
