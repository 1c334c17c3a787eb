//! Statements that fill the heap end in an error, while the process stays small. They have a
//! process of their own, because SQLite's heap limit is the whole process's.

use std::time::Duration;

use nianbao::query::{Error, Limits, Params, run};
use rusqlite::Connection;

/// Each grows a value inside SQLite before its length is looked at: row by row, and at once.
fn attacks() -> [String; 2] {
    let text = "SELECT CAST(zeroblob(4000000) AS TEXT) AS v";
    let arguments = vec!["replace(v, char(0), char(1))"; 60].join(", ");
    [
        format!(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n),
                 s AS MATERIALIZED (SELECT replace(v, char(0), char(1)) AS v FROM ({text}))
             SELECT json_group_array(v) FROM s, n"
        ),
        format!("WITH s AS MATERIALIZED ({text}) SELECT json_array({arguments}) FROM s"),
    ]
}

#[test]
fn a_value_that_fills_the_heap_ends_in_an_error_and_a_small_process() {
    for sql in attacks() {
        let mut conn = Connection::open_in_memory().expect("memory is there");
        let limits = Limits { timeout: Some(Duration::from_secs(4)), ..Limits::default() };
        let error = run(&mut conn, &sql, &Params::new(), &limits).expect_err(&sql);
        // An aggregate that has lost its memory goes on to the end of its rows or of its time.
        assert!(matches!(error, Error::TooBig { .. } | Error::Timeout { .. }), "{sql}: {error}");
        let after = run(&mut conn, "SELECT 1", &Params::new(), &limits);
        assert!(after.is_ok(), "the connection serves the next statement");
    }
    let Some(peak) = peak_kib() else { return };
    assert!(peak < 1_400_000, "{peak} KiB at the peak");
}

/// The most memory this process had, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
