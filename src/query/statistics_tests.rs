//! The statistics and the regular expressions against naive computation, on both engines.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rusqlite::Connection;

use super::polars::run_polars;
use super::{Error, Limits, Params, run};
use crate::table::{Table, Value};

const AGGREGATES: &str = "median(x) AS a, percentile(x, 90) AS b, percentile(x, 37.5) AS c,
    quantile_cont(x, 0.25) AS d, stddev(x) AS e, stddev_samp(x) AS f, stddev_pop(x) AS h,
    variance(x) AS i, var_samp(x) AS j, var_pop(x) AS k, corr(x, y) AS l";

/// A row: its group and two numbers.
type Row = (i64, Option<f64>, Option<f64>);

fn database(rows: &[Row]) -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("CREATE TABLE t (g INTEGER, x REAL, y REAL, n INTEGER, s TEXT)").unwrap();
    for (g, x, y) in rows {
        conn.execute("INSERT INTO t (g, x, y) VALUES (?1, ?2, ?3)", (g, x, y)).unwrap();
    }
    conn
}

fn sqlite(conn: &mut Connection, sql: &str) -> Result<Table, Error> {
    run(conn, sql, &Params::new(), &Limits::default())
}

fn polars(conn: &mut Connection, sql: &str) -> Result<Table, Error> {
    run_polars(conn, sql, &Params::new(), &Limits::default())
}

/// Sorted numbers, interpolated.
fn naive_quantile(numbers: &[f64], at: f64) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = at * (sorted.len().checked_sub(1)? as f64);
    let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    Some(low + (high - low) * place.fract())
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

fn naive_variance(numbers: &[f64], less: usize) -> Option<f64> {
    let of = numbers.len().checked_sub(less).filter(|of| *of > 0)?;
    let mean = mean(numbers);
    Some(numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / of as f64)
}

fn naive_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (mx, my) = (mean(&x), mean(&y));
    let products: f64 = pairs.iter().map(|(a, b)| (a - mx) * (b - my)).sum();
    let spread = naive_variance(&x, 0)?.sqrt() * naive_variance(&y, 0)?.sqrt();
    (spread > 0.0).then(|| products / spread / pairs.len() as f64)
}

/// What [`AGGREGATES`] are of some rows.
fn naive(rows: &[Row]) -> Vec<Option<f64>> {
    let x: Vec<f64> = rows.iter().filter_map(|row| row.1).collect();
    let pairs: Vec<(f64, f64)> = rows.iter().filter_map(|(_, x, y)| x.zip(*y)).collect();
    let quantiles = [0.5, 0.9, 0.375, 0.25].map(|at| naive_quantile(&x, at));
    let variances = [1, 0].map(|less| naive_variance(&x, less));
    let [sample, all] = variances;
    let root = |variance: Option<f64>| variance.map(f64::sqrt);
    let mut found = quantiles.to_vec();
    found.extend([root(sample), root(sample), root(all), sample, sample, all]);
    found.push(naive_correlation(&pairs));
    found
}

fn is_near(found: &Value, expected: Option<f64>, scale: f64) -> bool {
    match (found, expected) {
        (Value::Null, None) => true,
        (Value::Real(x), Some(y)) => (x - y).abs() <= 1e-9 * scale.max(1.0),
        _ => false,
    }
}

/// Numbers as reports have them: many the same, some missing, some fractions.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let number = || {
        prop_oneof![
            2 => Just(None),
            5 => (-3_i32..4).prop_map(|n| Some(f64::from(n))),
            3 => (-1_000_000_i32..1_000_000).prop_map(|n| Some(f64::from(n) / 8.0)),
        ]
    };
    prop::collection::vec((0_i64..4, number(), number()), 0..40)
}

#[test]
fn both_engines_work_out_what_naive_arithmetic_does() {
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&rows(), |rows| {
        let mut conn = database(&rows);
        let by_group = format!("SELECT g, {AGGREGATES} FROM t GROUP BY g ORDER BY g");
        let of_all = format!("SELECT 0 AS g, {AGGREGATES} FROM t");
        let mut groups: Vec<i64> = rows.iter().map(|row| row.0).collect();
        groups.sort_unstable();
        groups.dedup();
        for engine in [sqlite, polars] {
            let table = engine(&mut conn, &by_group).unwrap_or_else(|e| panic!("{e}"));
            prop_assert_eq!(table.rows.len(), groups.len());
            for (row, group) in table.rows.iter().zip(&groups) {
                let of_group: Vec<Row> = rows.iter().filter(|r| r.0 == *group).copied().collect();
                compare(&row[1..], &of_group)?;
            }
            let table = engine(&mut conn, &of_all).unwrap_or_else(|e| panic!("{e}"));
            compare(&table.rows[0][1..], &rows)?;
        }
        Ok(())
    });
    outcome.unwrap();
}

fn compare(found: &[Value], rows: &[Row]) -> Result<(), TestCaseError> {
    let greatest = rows.iter().filter_map(|row| row.1).fold(0.0, |most: f64, x| most.max(x.abs()));
    let expected = naive(rows);
    prop_assert_eq!(found.len(), expected.len());
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        // an error of a variance is one of a square
        let scale = if (4..10).contains(&index) { greatest * greatest } else { greatest };
        prop_assert!(is_near(found, expected, scale), "{index}: {found:?} {expected:?} {rows:?}");
    }
    Ok(())
}

#[test]
fn of_nothing_the_answer_is_null_and_of_one_what_it_must_be() {
    let (null, real) = (Value::Null, Value::Real);
    for engine in [sqlite, polars] {
        let mut conn = database(&[(0, None, None)]);
        for from in ["t", "t WHERE g > 5"] {
            let table = engine(&mut conn, &format!("SELECT {AGGREGATES} FROM {from}")).unwrap();
            assert_eq!(table.rows, [vec![Value::Null; 11]], "{from}");
        }
        let mut conn = database(&[(0, Some(5.0), Some(1.0)), (0, None, Some(2.0))]);
        let table = engine(&mut conn, &format!("SELECT {AGGREGATES} FROM t")).unwrap();
        let (five, none) = (real(5.0), real(0.0));
        let quantiles = [&five; 4];
        let spreads = [&null, &null, &none, &null, &null, &none];
        let expected: Vec<&Value> = quantiles.into_iter().chain(spreads).chain([&null]).collect();
        assert_eq!(table.rows[0].iter().collect::<Vec<_>>(), expected);
        // whole numbers do as well, and a filter restricts the aggregate
        let mut conn = database(&[]);
        conn.execute_batch("INSERT INTO t (n) VALUES (1), (2), (3), (40)").unwrap();
        let sql =
            "SELECT median(n) AS m, percentile(n, 100) AS p, var_pop(n) FILTER (WHERE n < 40) AS v,
            stddev_pop(n) FILTER (WHERE n < 3) AS s FROM t";
        let table = engine(&mut conn, sql).unwrap();
        let [median, greatest, variance, deviation] = table.rows[0].as_slice() else { panic!() };
        assert_eq!([median, greatest, deviation], [&real(2.5), &real(40.0), &real(0.5)]);
        assert!(is_near(variance, Some(2.0 / 3.0), 1.0), "{variance:?}");
    }
}

#[test]
fn what_is_no_number_or_no_quantile_is_told() {
    let mut conn = database(&[(0, Some(1.0), None), (1, Some(2.0), None)]);
    conn.execute_batch("UPDATE t SET s = 'n/a', n = g * 50").unwrap();
    for (sql, says) in [
        ("SELECT median(s) FROM t", "median() takes numbers, not 'n/a'"),
        ("SELECT stddev(s) FROM t", "stddev() takes numbers, not 'n/a'"),
        ("SELECT corr(x, s) FROM t", "corr() takes numbers, not 'n/a'"),
        ("SELECT percentile(x, s) FROM t", "percentile() takes numbers, not 'n/a'"),
        ("SELECT percentile(x, 101) FROM t", "percentile() is a number from 0 to 100"),
        ("SELECT quantile_cont(x, 2) FROM t", "quantile_cont() is a number from 0 to 1"),
        ("SELECT percentile(x, NULL) FROM t", "percentile() is a number from 0 to 100"),
        ("SELECT percentile(x, n) FROM t", "percentile() is the same for all rows"),
        ("SELECT median(x, 1) FROM t", "wrong number of arguments to the function median()"),
        ("SELECT regexp('(', 'a') FROM t", "'(' is no regular expression: unclosed group"),
        ("SELECT regexp('((a{99}){99}){99}', 'a') FROM t", "too complex: let it repeat less"),
        ("SELECT mediam(x) FROM t", "did you mean 'median'?"),
    ] {
        let said = sqlite(&mut conn, sql).expect_err(sql).to_string();
        assert!(said.contains(says), "{sql}: {said}");
    }
    assert_eq!(sqlite(&mut conn, "SELECT median(' 3 ')").unwrap().rows, [[Value::Real(3.0)]]);
    for sql in [
        "SELECT median(s) FROM t",
        "SELECT stddev(s) FROM t",
        "SELECT corr(x, s) FROM t",
        "SELECT var_pop(s) FROM t",
        "SELECT stddev_pop(s) FROM t",
        "SELECT percentile(s, 50) FROM t",
        "SELECT percentile(x, 101) FROM t",
        "SELECT s FROM t WHERE s REGEXP '('",
    ] {
        let table = polars(&mut conn, sql).map(|table| table.rows);
        assert!(table.is_err(), "{sql}: {table:?}");
    }
    let said =
        polars(&mut conn, "SELECT median(x), stddev(x) FROM t").expect_err("twice").to_string();
    assert!(said.ends_with("two columns are called 'x': name them with AS"), "{said}");
    let said = polars(&mut conn, "SELECT unicode(s) FROM t").expect_err("no such").to_string();
    assert!(said.contains("unicode()") && said.contains("--engine sqlite"), "{said}");
}

#[test]
fn patterns_match_alike_on_both_engines() {
    let mut conn = database(&[]);
    conn.execute_batch(
        "INSERT INTO t (g, s) VALUES (1, '宿迁市教育局'), (2, '宿城区人民政府'), (3, NULL), (4, 'Abc 12');",
    )
    .unwrap();
    for (condition, expected) in [
        ("s REGEXP '(市|区).*局$'", vec![1]),
        ("s NOT REGEXP '局'", vec![2, 4]),
        ("regexp('^宿', s)", vec![1, 2]),
        ("regexp_like(s, '\\d+$')", vec![4]),
        ("regexp_like(s, '(?i)^aBC\\b')", vec![4]),
        ("regexp_like(s, '^\\p{Han}{6}$')", vec![1]),
        ("regexp_like(s, '')", vec![1, 2, 4]),
    ] {
        let sql = format!("SELECT g FROM t WHERE {condition} ORDER BY g");
        let expected: Vec<Vec<Value>> = expected.iter().map(|g| vec![Value::Int(*g)]).collect();
        for (name, engine) in [("sqlite", sqlite as fn(&mut _, &_) -> _), ("polars", polars)] {
            let table: Table = engine(&mut conn, &sql).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(table.rows, expected, "{name}: {condition}");
        }
    }
    let row = "SELECT regexp('a', NULL), regexp(NULL, 'a'), 12 REGEXP '^1', NULL REGEXP 'a'";
    let expected = [Value::Null, Value::Null, Value::Int(1), Value::Null];
    assert_eq!(sqlite(&mut conn, row).unwrap().rows, [expected]);
    // a pattern of each row's own
    let sql = "SELECT COUNT(*) AS n FROM t WHERE s REGEXP substr(s, 1, 1)";
    assert_eq!(sqlite(&mut conn, sql).unwrap().rows, [[Value::Int(3)]]);
}

/// However a pattern and a text are chosen, one look at them does not outlast the time limit by long.
#[test]
fn the_worst_patterns_are_refused_or_quick() {
    let mut conn = database(&[]);
    let limits = Limits { timeout: Some(Duration::from_millis(500)), ..Limits::default() };
    for pattern in [
        "(0|1|00|11|22|222){90}[^0-9A-F]",
        "([0-9A-F]*)*[^0-9A-F]",
        "[0-7][0-9A-F]{60}$[^0-9A-F]",
        "[0-7][0-9A-F]{300}[^0-9A-F]",
        "([0-7][0-9A-F]{200}|[2-9][0-9A-F]{300}|[0-3A][0-9A-F]{100})[^0-9A-F]",
        "(?:0?){200}0{200}[^0-9A-F]",
        "\\w+\\W\\w{20}",
    ] {
        for length in [2_500, 50_000, 2_000_000] {
            let sql = format!("SELECT regexp('{pattern}', hex(randomblob({length})))");
            let start = Instant::now();
            let answer = run(&mut conn, &sql, &Params::new(), &limits);
            let took = start.elapsed();
            assert!(took < Duration::from_secs(6), "{pattern} {length}: {took:?}");
            match answer {
                Ok(table) => assert_eq!(table.rows.len(), 1),
                Err(error) => assert!(
                    matches!(error, Error::Timeout { .. })
                        || error.to_string().contains("too complex for a text of"),
                    "{pattern} {length}: {error}"
                ),
            }
        }
    }
}

#[test]
fn what_quantiles_hold_is_bounded() {
    let mut conn = database(&[]);
    let limits = Limits { timeout: Some(Duration::from_secs(60)), ..Limits::default() };
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT median(i), median(i + 1), median(i + 2), median(i + 3), percentile(i, 1),
            percentile(i, 2), percentile(i, 3), percentile(i, 4) FROM n";
    match run(&mut conn, sql, &Params::new(), &limits) {
        Err(Error::TooBig { .. } | Error::Timeout { .. }) => {}
        other => panic!("{:?}", other.map(|table| table.rows)),
    }
    // what was held is given back
    let few = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
        SELECT median(i) FROM n";
    assert_eq!(sqlite(&mut conn, few).unwrap().rows, [[Value::Real(501.0)]]);
}
