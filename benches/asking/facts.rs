//! The facts as Parquet, for the peer: what a load reads from the documents, and none of the sums
//! that it keeps.

use std::fs::File;
use std::path::Path;

use nianbao::store;
use polars::prelude::*;
use rusqlite::types::ValueRef;

const RELATIONS: &[&str] = &[
    "edition",
    "form_row",
    "form_column",
    "form_cell",
    "form_figure",
    "region",
    "organ",
    "organ_kin",
    "organ_successor",
    "expectation",
    "due_day",
    "load_failure",
    "report",
    "report_source",
    "report_check",
    "source",
    "processing_fee",
    "request_total",
    "case_total",
    "report_figure",
    "v_region_place",
    "cell_mark",
    "correction",
    "message",
    "rule",
    "finding",
    "decision",
    "application_fact",
    "challenge_fact",
    "disclosure_fact",
    "statistic_fact",
];

/// Rows of a frame: enough for Parquet's row groups, few enough to be held.
const ROWS: usize = 500_000;

/// Writes each relation as one or more Parquet files of a folder.
pub fn write(db: &Path, dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    let conn = store::open_read_only(db).unwrap();
    for relation in RELATIONS {
        let mut kept = conn
            .prepare("SELECT name, type FROM pragma_table_info(?1) WHERE name <> 'content'")
            .unwrap();
        let columns: Vec<(String, String)> = kept
            .query_map([relation], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let names: Vec<&str> = columns.iter().map(|c| c.0.as_str()).collect();
        let mut select =
            conn.prepare(&format!("SELECT {} FROM {relation}", names.join(", "))).unwrap();
        let mut rows = select.query([]).unwrap();
        for part in 0.. {
            let mut values: Vec<Vec<AnyValue>> = vec![Vec::new(); columns.len()];
            while let Some(row) = (values[0].len() < ROWS).then(|| rows.next().unwrap()).flatten() {
                for (i, column) in values.iter_mut().enumerate() {
                    column.push(value(row.get_ref(i).unwrap()));
                }
            }
            let height = values[0].len();
            if height == 0 && part > 0 {
                break;
            }
            let series = columns.iter().zip(values).map(|((name, kind), values)| {
                let integers = kind == "INTEGER"
                    || kind.is_empty() && values.iter().any(|v| matches!(v, AnyValue::Int64(_)));
                let kind = if integers { DataType::Int64 } else { DataType::String };
                Series::from_any_values_and_dtype(name.as_str().into(), &values, &kind, false)
                    .unwrap()
                    .into_column()
            });
            let mut frame = DataFrame::new(height, series.collect()).unwrap();
            let file = File::create(dir.join(format!("{relation}.{part}.parquet"))).unwrap();
            ParquetWriter::new(file).finish(&mut frame).unwrap();
            if height < ROWS {
                break;
            }
        }
    }
}

fn value(value: ValueRef<'_>) -> AnyValue<'static> {
    match value {
        ValueRef::Null => AnyValue::Null,
        ValueRef::Integer(n) => AnyValue::Int64(n),
        ValueRef::Real(x) => AnyValue::StringOwned(x.to_string().into()),
        ValueRef::Text(text) => {
            AnyValue::StringOwned(String::from_utf8_lossy(text).as_ref().into())
        }
        ValueRef::Blob(_) => AnyValue::Null,
    }
}
