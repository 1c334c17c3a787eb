//! How the facts of the application table could lie in the file: a row per cell or a row per
//! printed line, clustered by report or by line. Prints Markdown for `docs/performance.md`.
//!
//! ```text
//! cargo bench --bench layouts -- 100000
//! ```

#[allow(dead_code, reason = "its pages are for the other bench")]
#[path = "../tests/common/synth.rs"]
mod synth;

use std::path::Path;
use std::time::{Duration, Instant};

use nianbao::form::Forms;
use rusqlite::{Connection, params_from_iter};
use synth::Synth;

/// The applicant columns and their total.
const COLUMNS: [&str; 7] =
    ["natural_person", "business", "research", "welfare", "legal_service", "other_org", "total"];

/// One candidate: what a row of its table is, and what its key begins with.
struct Layout {
    name: &'static str,
    per_cell: bool,
    key: &'static str,
}

const LAYOUTS: [Layout; 4] = [
    Layout { name: "row per cell, by report", per_cell: true, key: "report_id, row_id, column_id" },
    Layout { name: "row per cell, by line", per_cell: true, key: "row_id, column_id, report_id" },
    Layout { name: "row per line, by report", per_cell: false, key: "report_id, row_id" },
    Layout { name: "row per line, by line", per_cell: false, key: "row_id, report_id" },
];

/// A report's year and the values of the lines of its table, by line.
type Facts = (i32, Vec<[Option<i64>; 7]>);

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let n = args.first().and_then(|n| n.parse().ok()).unwrap_or(2000);
    let forms = Forms::builtin();
    let form = forms.get("2021").expect("built in");
    let table = form.table("applications").expect("the form has applications");
    let lines: Vec<&str> = table.rows().map(|r| r.key.as_str()).collect();
    let line = |key: &str| lines.iter().position(|l| *l == key).expect("a line of the form");
    let synth = Synth::default();
    // the years of the present form only: every report has every line
    let reports: Vec<Facts> = (0..)
        .filter(|number| number % 10 >= 5)
        .take(n)
        .map(|number| {
            let report = synth.report(number);
            let mut rows = vec![[None; 7]; lines.len()];
            for cell in report.cells.iter().filter(|c| c.table == "applications") {
                let column = COLUMNS.iter().position(|c| *c == cell.column).expect("a column");
                rows[line(&cell.row)][column] = cell.value.and_then(|v| v.try_into().ok());
            }
            (report.year.unwrap_or(0), rows)
        })
        .collect();

    println!("### Layouts of the application facts, {n} reports\n");
    println!(
        "| layout | bytes a report | load, s | one line by year, ms | applicants by year, ms | one report, µs |"
    );
    println!("|---|---|---|---|---|---|");
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (i, layout) in LAYOUTS.iter().enumerate() {
        let path = dir.path().join(format!("{i}.db"));
        let load = layout.load(&path, &reports);
        let bytes = std::fs::metadata(&path).expect("the file").len() / n as u64;
        let conn = Connection::open(&path).expect("the file opens");
        let received = line("received.new");
        let ask = |sql: String, runs: u32| best(&conn, &sql, runs).as_secs_f64();
        let granted = ask(layout.one_line(line("granted")), 5);
        let applicants = ask(layout.applicants(received), 5);
        let whole = ask(Layout::whole(n / 2), 200);
        println!(
            "| {} | {bytes} | {:.2} | {:.1} | {:.1} | {:.0} |",
            layout.name,
            load.as_secs_f64(),
            granted * 1e3,
            applicants * 1e3,
            whole * 1e6,
        );
    }
}

fn best(conn: &Connection, sql: &str, runs: u32) -> Duration {
    let once = || {
        let start = Instant::now();
        let mut statement = conn.prepare_cached(sql).expect("the statement is right");
        let mut rows = statement.query([]).expect("it runs");
        while rows.next().expect("it goes on").is_some() {}
        start.elapsed()
    };
    (0..runs).map(|_| once()).min().expect("at least one run")
}

impl Layout {
    fn schema(&self) -> String {
        let values = match self.per_cell {
            true => "column_id INTEGER NOT NULL, value INTEGER".to_owned(),
            false => COLUMNS.map(|c| format!("{c} INTEGER")).join(", "),
        };
        format!(
            "CREATE TABLE fact (report_id INTEGER NOT NULL, row_id INTEGER NOT NULL, {values},
             PRIMARY KEY ({})) STRICT, WITHOUT ROWID",
            self.key
        )
    }

    fn load(&self, path: &Path, reports: &[Facts]) -> Duration {
        let conn = Connection::open(path).expect("a new file");
        conn.execute_batch(
            "PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA cache_size = -65536;",
        )
        .expect("pragmas");
        conn.execute_batch(&self.schema()).expect("the schema is right");
        conn.execute_batch(
            "CREATE TABLE report (id INTEGER PRIMARY KEY, year INTEGER NOT NULL) STRICT",
        )
        .expect("the schema is right");
        let width = if self.per_cell { 4 } else { 9 };
        let marks: Vec<String> = (1..=width).map(|i| format!("?{i}")).collect();
        let insert = format!("INSERT INTO fact VALUES ({})", marks.join(", "));
        let start = Instant::now();
        for (batch, reports) in reports.chunks(256).enumerate() {
            conn.execute_batch("BEGIN").expect("begin");
            let mut report =
                conn.prepare_cached("INSERT INTO report VALUES (?1, ?2)").expect("insert");
            let mut fact = conn.prepare_cached(&insert).expect("insert");
            for (i, (year, lines)) in reports.iter().enumerate() {
                let id = (batch * 256 + i) as i64;
                report.execute([id, i64::from(*year)]).expect("a report");
                for (line, values) in (0i64..).zip(lines) {
                    if self.per_cell {
                        for (column, value) in (0i64..).zip(values) {
                            fact.execute([Some(id), Some(line), Some(column), *value])
                                .expect("a fact");
                        }
                    } else {
                        let row = [Some(id), Some(line)].into_iter().chain(values.iter().copied());
                        fact.execute(params_from_iter(row)).expect("a fact");
                    }
                }
            }
            conn.execute_batch("COMMIT").expect("commit");
        }
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("checkpoint");
        start.elapsed()
    }

    /// The total of one line by year.
    fn one_line(&self, line: usize) -> String {
        let (value, filter) =
            if self.per_cell { ("value", "AND column_id = 6") } else { ("total", "") };
        format!(
            "SELECT year, SUM({value}) FROM fact INNER JOIN report ON report.id = report_id
             WHERE row_id = {line} {filter} GROUP BY year"
        )
    }

    /// One line by kind of applicant and year.
    fn applicants(&self, line: usize) -> String {
        if self.per_cell {
            return format!(
                "SELECT year, column_id, SUM(value) FROM fact INNER JOIN report ON report.id = report_id
                 WHERE row_id = {line} GROUP BY year, column_id"
            );
        }
        let sums: Vec<String> = COLUMNS.iter().map(|c| format!("SUM({c})")).collect();
        format!(
            "SELECT year, {} FROM fact INNER JOIN report ON report.id = report_id
             WHERE row_id = {line} GROUP BY year",
            sums.join(", ")
        )
    }

    /// Everything that one report says; by its lines, so that either key can be used.
    fn whole(report: usize) -> String {
        let lines: Vec<String> = (0..25).map(|line| line.to_string()).collect();
        format!(
            "SELECT * FROM fact WHERE report_id = {report} AND row_id IN ({})",
            lines.join(", ")
        )
    }
}
