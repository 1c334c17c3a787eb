//! What Polars refuses, and how it tells of unknown names.

use std::time::{Duration, Instant};

use super::fixture::database;
use super::polars::run_polars;
use super::{Error, Limits, Params, run};

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
    assert_eq!((cut.rows.len(), cut.total_rows), (1, Some(7)));
}

/// Polars cannot be interrupted, but nobody waits for it longer than was asked.
#[test]
fn polars_is_not_waited_for_beyond_the_limit() {
    let mut conn = rusqlite::Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "CREATE TABLE t (n INTEGER);
         WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000)
         INSERT INTO t SELECT n FROM c;",
    )
    .unwrap();
    let limit = Duration::from_millis(200);
    let limits = Limits { timeout: Some(limit), ..Limits::default() };
    let sql = "SELECT SUM(a.n % b.n) AS s FROM t AS a CROSS JOIN t AS b WHERE a.n % 7 <> b.n % 5";
    let start = Instant::now();
    match run_polars(&mut conn, sql, &Params::new(), &limits) {
        Err(Error::Timeout { limit: told, .. }) => assert_eq!(told, limit),
        other => panic!("{:?} after {:?}", other.map(|t| t.rows), start.elapsed()),
    }
}
