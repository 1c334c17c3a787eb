//! `sql` as its user has it, on both engines: where the statement comes from, its parameters, names that
//! are misspelt, and the functions that SQLite does not bring.

use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

const ENGINES: [&str; 2] = ["sqlite", "polars"];

/// A folder with the examples loaded.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
        desk.command(&["load", examples.to_str().unwrap(), "--quiet"]).assert().success();
        desk
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        command.current_dir(self.0.path()).env_remove("NIANBAO_DB").env("LC_ALL", "en_US.UTF-8");
        command.args(arguments);
        command
    }

    /// What is said of a statement that gives an answer.
    fn answer(&self, engine: &str, arguments: &[&str], input: &str) -> String {
        let all = [&["sql", "--format", "csv", "--engine", engine], arguments].concat();
        let output = self.command(&all).write_stdin(input).output().unwrap();
        assert!(output.status.success(), "{all:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What is said of a statement that cannot be run.
    fn complaint(&self, engine: &str, sql: &str) -> String {
        let output = self.command(&["sql", "--engine", engine, sql]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{engine}: {sql}");
        assert!(output.stdout.is_empty(), "{engine}: {sql}");
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn a_statement_is_an_argument_a_file_or_the_input_on_both_engines() {
    let desk = Desk::new();
    let sql = "SELECT year, organ FROM v_report WHERE year = :year AND organ LIKE :organ
        AND :code = '032' AND is_current = 1 ORDER BY organ";
    std::fs::write(desk.0.path().join("q.sql"), sql).unwrap();
    let given = ["-p", "year=2023", "-p", "organ=%县%", "-p", "code:text=032"];
    let direct = desk.answer("sqlite", &[&[sql], &given[..]].concat(), "");
    assert!(direct.lines().count() > 1, "{direct}");
    for engine in ENGINES {
        for (from, input) in [(&[sql][..], ""), (&["-f", "q.sql"], ""), (&["-"], sql), (&[], sql)] {
            let answer = desk.answer(engine, &[from, &given[..]].concat(), input);
            assert_eq!(answer, direct, "{engine} {from:?}");
        }
        let said = desk.complaint(engine, "SELECT year FROM v_report WHERE year = :year");
        assert!(said.contains("parameter 'year' has no value"), "{engine}: {said}");
        let text =
            desk.answer(engine, &["SELECT :a AS a, :b AS b", "-p", "a=x'y", "-p", "b=032"], "");
        assert_eq!(text, "a,b\nx'y,032\n", "{engine}");
    }
}

#[test]
fn misspelt_names_get_the_nearest_on_both_engines() {
    let desk = Desk::new();
    for engine in ENGINES {
        for (sql, nearest) in [
            ("SELECT yaer FROM v_report", "year"),
            ("SELECT year FROM v_reprot", "v_report"),
            ("SELECT year FROM v_report WHERE ogran = 'x'", "organ"),
            ("SELECT organ FROM v_report GROUP BY ogran", "organ"),
        ] {
            let said = desk.complaint(engine, sql);
            assert!(said.contains(&format!("did you mean '{nearest}'?")), "{engine} {sql}: {said}");
        }
    }
    assert!(desk.complaint("sqlite", "SELECT mediam(year) FROM v_report").contains("'median'"));
    let said = desk.complaint("polars", "SELECT mediam(year) FROM v_report");
    assert!(said.contains("mediam()"), "{said}");
}

#[test]
fn statistics_are_alike_on_both_engines() {
    let desk = Desk::new();
    let sql = "SELECT year, COUNT(received) AS n, median(received) AS median,
            percentile(received, 90) AS p90, quantile_cont(received, 0.25) AS q1,
            stddev(received) AS s, stddev_pop(received) AS sp, variance(received) AS v,
            var_pop(received) AS vp, corr(received, year) AS r
        FROM v_requests WHERE organ REGEXP '市|县' AND NOT regexp_like(organ, '^\\d')
        GROUP BY year ORDER BY year";
    let [sqlite, polars] = ENGINES.map(|engine| desk.answer(engine, &[sql], ""));
    assert!(sqlite.lines().count() > 5, "{sqlite}");
    assert_eq!(sqlite.lines().next(), polars.lines().next());
    for (a, b) in sqlite.lines().zip(polars.lines()).skip(1) {
        for (a, b) in a.split(',').zip(b.split(',')) {
            let near = match (a.parse::<f64>(), b.parse::<f64>()) {
                (Ok(a), Ok(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
                _ => a == b,
            };
            assert!(near, "{a} {b}\n{sqlite}{polars}");
        }
    }
    assert_eq!(sqlite.lines().count(), polars.lines().count());
}
