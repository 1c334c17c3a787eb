//! What Polars refuses, and how it tells of unknown names.

use super::fixture::database;
use super::polars::run_polars;
use super::{Limits, Params, run};

/// Unknown names are told as SQLite's are; where none is near, the names to choose from.
#[test]
fn polars_proposes_names_as_sqlite_does() {
    let mut conn = database();
    let mut ask = |sql: &str, polars: bool| {
        let engine = if polars { run_polars } else { run };
        engine(&mut conn, sql, &Params::new(), &Limits::default()).expect_err(sql)
    };
    for sql in [
        "SELECT yaer FROM v_report",
        "SELECT year FROM v_report WHERE yaer = 2023",
        "SELECT r.yaer FROM v_report AS r",
        "SELECT * FROM v_reprot",
    ] {
        let (sqlite, polars) = (ask(sql, false), ask(sql, true));
        assert!(polars.to_string().contains("did you mean"), "{polars}");
        // SQLite names the column with its table, and points at both
        if !sql.contains("r.yaer") {
            assert_eq!(polars.to_string(), sqlite.to_string(), "{sql}");
        }
    }
    let column = ask("SELECT zzzz FROM v_report", true).to_string();
    assert!(column.contains("line 1, column 8; there are report_id, organ, "), "{column}");
    let table = ask("SELECT * FROM qqqq", true).to_string();
    assert!(table.contains("; there are v_") && !table.contains("_fact"), "{table}");
}

#[test]
fn polars_refuses_what_is_no_query() {
    let mut conn = database();
    let none = Params::new();
    for sql in [
        "DROP TABLE region",
        "CREATE TABLE t AS SELECT 1",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM scan_parquet('x')",
        "SELECT 1; SELECT 2",
        "-- nothing",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM nowhere",
        "EXPLAIN SELECT 1",
        "TRUNCATE TABLE region",
    ] {
        assert!(run_polars(&mut conn, sql, &none, &Limits::default()).is_err(), "{sql}");
    }
    let limits = Limits { max_rows: Some(1), ..Limits::default() };
    let cut = run_polars(&mut conn, "SELECT code FROM region;", &none, &limits).unwrap();
    assert_eq!((cut.rows.len(), cut.total_rows), (1, Some(6)));
}
