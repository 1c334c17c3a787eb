//! What a statement that reads gives, and how errors point at their place.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use super::{Error, Limits, Params, guess_value, run};
use crate::table::{Table, Value};

fn database() -> Connection {
    let conn = Connection::open_in_memory().expect("memory is there");
    conn.execute_batch(
        "CREATE TABLE challenge (organ TEXT, year INTEGER, upheld INTEGER, corrected INTEGER) STRICT;
         INSERT INTO challenge VALUES ('a', 2023, 1, 2), ('b', 2023, NULL, 0), ('a', 2024, 5, 1);",
    )
    .expect("the fixture is sound");
    conn
}

fn ask(sql: &str) -> Result<Table, Error> {
    run(&mut database(), sql, &Params::new(), &Limits::default())
}

fn fail(sql: &str) -> Error {
    ask(sql).expect_err(sql)
}

#[test]
fn an_answer_keeps_types_order_and_null() {
    let table = ask("SELECT organ, upheld, 1e0 * corrected AS c, x'0aFF' FROM challenge;").unwrap();
    let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["organ", "upheld", "c", "x'0aFF'"]);
    let blob = Value::Blob(vec![0x0A, 0xFF]);
    assert_eq!(table.rows[1], [Value::Text("b".to_owned()), Value::Null, Value::Real(0.0), blob]);
    assert_eq!(table.total_rows, None);
}

#[test]
fn two_columns_of_one_name_stay_two() {
    let table = ask("SELECT year, year, 1 AS year_1 FROM challenge").unwrap();
    let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["year", "year_1", "year_1_1"]);
}

#[test]
fn parameters_are_bound_with_their_types() {
    let params = Params::from([
        ("year".to_owned(), Value::Int(2023)),
        ("organ".to_owned(), Value::Text("a' OR '1'='1".to_owned())),
        ("none".to_owned(), Value::Null),
    ]);
    let sql = "SELECT :year = 2023, typeof(:year), :organ, :none FROM challenge WHERE year > :year";
    let table = run(&mut database(), sql, &params, &Limits::default()).unwrap();
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(table.rows, [[Value::Int(1), text("integer"), text("a' OR '1'='1"), Value::Null]]);
}

#[test]
fn parameters_must_all_be_there_and_used() {
    let params = Params::from([("yaer".to_owned(), Value::Int(1))]);
    let ask = |sql| run(&mut database(), sql, &params, &Limits::default()).expect_err(sql);
    assert_eq!(
        ask("SELECT :year").to_string(),
        "parameter 'year' has no value: give one with -p year=VALUE"
    );
    assert!(matches!(ask("SELECT ?"), Error::UnnamedParameter { .. }));
    assert!(matches!(ask("SELECT ?7"), Error::UnnamedParameter { .. }));
    let params = Params::from([("year".into(), Value::Null), ("yaer".into(), Value::Int(1))]);
    let error = run(&mut database(), "SELECT :year", &params, &Limits::default());
    assert_eq!(
        error.expect_err("yaer").to_string(),
        "there is no parameter 'yaer'; did you mean 'year'?"
    );
}

#[test]
fn an_unknown_column_is_pointed_at_with_the_nearest_name() {
    let error = fail("SELECT organ,\n  '中文', correctd\nFROM challenge");
    assert_eq!(
        error.to_string(),
        "no such column: correctd at line 2, column 9; did you mean 'corrected'?"
    );
    assert_eq!(error.excerpt().unwrap(), "    '中文', correctd\n            ^");
    assert!(error.sql().unwrap().starts_with("SELECT organ"));
}

#[test]
fn unknown_tables_and_functions_have_a_place_and_a_nearest_name() {
    let error = fail("SELECT * FROM chalenge");
    assert_eq!(
        error.to_string(),
        "no such table: chalenge at line 1, column 15; did you mean 'challenge'?"
    );
    let error = fail("SELECT coalesc(1, 2)");
    assert!(error.to_string().ends_with("did you mean 'coalesce'?"), "{error}");
    let error = fail("SELECT zzzzqqqq FROM challenge");
    assert!(!error.to_string().contains("did you mean"), "{error}");
}

#[test]
fn a_syntax_error_is_pointed_at() {
    let error = fail("SELECT year FORM challenge WHERE");
    assert!(error.to_string().contains("near"), "{error}");
    assert!(error.excerpt().unwrap().contains('^'));
    let long = format!("SELECT {} FROM challenge WHERE x = = 1", "1, ".repeat(300) + "1");
    let excerpt = fail(&long).excerpt().unwrap();
    assert!(excerpt.lines().all(|line| line.chars().count() < 130), "{excerpt}");
}

#[test]
fn nothing_and_too_much_are_said_plainly() {
    for empty in ["", "  \n", "-- only a comment", ";", "/* x */ ;"] {
        assert!(matches!(fail(empty), Error::Empty), "{empty:?}: {}", fail(empty));
    }
    assert!(matches!(fail("SELECT 1; SELECT 2"), Error::Several { .. }));
    assert!(ask("SELECT 1; -- the end").is_ok());
    assert!(matches!(fail(&format!("SELECT '{}'", "x".repeat(200_000))), Error::TooLong { .. }));
    assert!(fail("SELECT 1\0; DROP TABLE challenge").to_string().contains("NUL"));
}

#[test]
fn rows_over_the_limit_are_counted_and_not_kept() {
    let limits = Limits { max_rows: Some(2), ..Limits::default() };
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
               SELECT i, 'text of row ' || i FROM n";
    let table = run(&mut database(), sql, &Params::new(), &limits).unwrap();
    assert_eq!((table.rows.len(), table.total_rows), (2, Some(100_000)));
    let exact = Limits { max_rows: Some(3), ..limits };
    let table = run(&mut database(), "TABLE_", &Params::new(), &exact);
    assert!(table.is_err());
    let table = run(&mut database(), "SELECT * FROM challenge", &Params::new(), &exact).unwrap();
    assert_eq!(table.total_rows, None);
}

#[test]
fn a_statement_over_its_time_is_interrupted_and_says_how_far_it_got() {
    let limits = Limits { timeout: Some(Duration::from_millis(100)), ..Limits::default() };
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let limits = Limits { max_rows: Some(10), ..limits };
    let error = run(&mut database(), sql, &Params::new(), &limits).expect_err("it never ends");
    assert!(matches!(error, Error::Timeout { rows: 1000.., .. }), "{error}");
    assert!(error.to_string().starts_with("interrupted after 0.1 s with "), "{error}");
}

#[test]
fn an_interrupt_from_elsewhere_is_told_from_the_time_limit() {
    let mut conn = database();
    let handle = conn.get_interrupt_handle();
    let ended = AtomicBool::new(false);
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let limits = Limits { timeout: None, max_rows: Some(10), ..Limits::default() };
    let error = std::thread::scope(|scope| {
        // before the statement runs there is nothing to interrupt
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                handle.interrupt();
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        let error = run(&mut conn, sql, &Params::new(), &limits).expect_err("it never ends");
        ended.store(true, Ordering::Relaxed);
        error
    });
    assert!(matches!(error, Error::Interrupted { .. }), "{error}");
    assert_eq!(error.sql(), Some(sql));
    let table = run(&mut conn, "SELECT 1", &Params::new(), &limits).expect("it goes on");
    assert_eq!(table.rows.len(), 1);
}

#[test]
fn an_answer_over_its_size_is_an_error() {
    let limits = Limits { max_bytes: 10_000, ..Limits::default() };
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
               SELECT i FROM n";
    let error = run(&mut database(), sql, &Params::new(), &limits).expect_err("too big");
    assert!(matches!(error, Error::AnswerTooBig { .. }), "{error}");
}

#[test]
fn the_connection_is_given_back_as_it_was() {
    let mut conn = database();
    for sql in ["SELECT 1", "DROP TABLE challenge", "SELECT nope"] {
        let _ = run(&mut conn, sql, &Params::new(), &Limits::default());
        conn.execute("INSERT INTO challenge VALUES ('c', 2025, 0, 0)", []).expect("writable again");
        let long: i64 = conn
            .query_row("SELECT length(zeroblob(50000000))", [], |row| row.get(0))
            .expect("no limit is left");
        assert_eq!(long, 50_000_000);
    }
}

#[test]
fn text_functions_answer_as_sqlite_does() {
    let plain = Connection::open_in_memory().unwrap();
    let mut guarded = database();
    let values =
        ["NULL", "''", "'a'", "'报告年报'", "'年报'", "' 年 '", "12", "x'E5B9B4'", "x'B9'"];
    let mut checked = 0;
    for a in values {
        for b in values {
            for sql in [
                format!("SELECT instr({a}, {b})"),
                format!("SELECT trim({a}), ltrim({a}, {b}), rtrim({a}, {b}), trim({a}, {b})"),
                format!("SELECT replace({a}, {b}, 'xy'), replace({a}, 'a', {b})"),
            ] {
                // A lone continuation byte is no character; what a text function makes of it
                // is undefined in SQLite too.
                if sql.contains("x'B9'") && !sql.contains("instr(x'E5B9B4', x'B9')") {
                    continue;
                }
                let expected: Vec<Value> = plain
                    .query_row(&sql, [], |row| {
                        let count = row.as_ref().column_count();
                        (0..count).map(|i| row.get_ref(i).map(super::value)).collect()
                    })
                    .unwrap();
                let table = run(&mut guarded, &sql, &Params::new(), &Limits::default()).unwrap();
                assert_eq!(table.rows[0], expected, "{sql}");
                checked += 1;
            }
        }
    }
    assert!(checked > 150, "{checked}");
}

#[test]
fn a_value_is_guessed_only_where_nothing_is_lost() {
    assert_eq!(guess_value("2023"), Value::Int(2023));
    assert_eq!(guess_value("-0.5"), Value::Real(-0.5));
    for text in ["007", "1e5", "+1", "", " 1", "inf", "NaN", "教育局", "1.50"] {
        assert_eq!(guess_value(text), Value::Text(text.to_owned()));
    }
}
