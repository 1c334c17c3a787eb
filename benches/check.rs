//! What checking costs: the rules on single reports and a body's years against a bare scan of the
//! facts that they look at, the rules over bodies, and both again after ten new reports. Prints
//! Markdown.
//!
//! ```text
//! cargo bench --bench check                100,000 reports
//! cargo bench --bench check -- 2000        so many
//! ```
//! Of 2,000 reports 22 % fail `carry-over` (4.2 cells each: those of one in eight whose figures stand
//! alone, and of the year after), 25 % `jump`, 9 % each `in-force-continuity` and `pending-vanished`,
//! 3 % `part-exceeds-whole`, 39 % have a copied section and 6 % an outlier; none lacks a section.
//! Three sections of each report are made-up text with planted copies. Each measurement has a process
//! of its own, for the peak of its memory.

#[path = "../tests/common/sections.rs"]
mod sections;
#[allow(dead_code, reason = "its pages are for the other bench")]
#[path = "../tests/common/synth.rs"]
mod synth;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use nianbao::check::Checker;
use nianbao::form::Forms;
use nianbao::load::region_record;
use nianbao::region::Regions;
use nianbao::report::Report;
use nianbao::store::{self, Due, OrganRecord, Store};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sections::Maker;
use synth::Synth;

const THREADS: usize = 2;
/// Reports of the later load.
const NEW: u64 = 10;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let number = |i: usize| args.get(i).and_then(|n| n.parse().ok());
    match (args.first().map(String::as_str), number(1), args.get(2)) {
        (Some("make"), Some(n), Some(path)) => make(n, Path::new(path)),
        (Some("add"), Some(n), Some(path)) => add(n, Path::new(path)),
        (Some("facts"), _, Some(path)) => measure(|| scan(Path::new(path), FACTS)),
        (Some("all"), _, Some(path)) => measure(|| scan(Path::new(path), ALL)),
        (Some("reports"), _, Some(path)) => {
            check(Path::new(path), |due| Due { bodies: Vec::new(), ..due });
        }
        (Some("bodies"), _, Some(path)) => check(Path::new(path), |due| due),
        _ => table(number(0).unwrap_or(100_000)),
    }
}

fn table(n: u64) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("check.db").to_string_lossy().into_owned();
    let child = |what: &str| -> (f64, u64, usize) {
        let program = std::env::current_exe().unwrap();
        let args = [what, &n.to_string(), &path];
        let out = Command::new(program).args(args).stderr(Stdio::inherit()).output().unwrap();
        assert!(out.status.success(), "{what}");
        let text = String::from_utf8(out.stdout).unwrap();
        let mut words = text.split_whitespace();
        let mut next = || words.next().and_then(|w| w.parse::<f64>().ok()).unwrap_or(0.0);
        (next(), next() as u64, next() as usize)
    };
    let row = |what: &str, (seconds, peak, count): (f64, u64, usize)| {
        println!("| {what} | {count} | {seconds:.3} | {peak} |");
        seconds
    };
    child("make");
    let size = std::fs::metadata(&path).unwrap().len() >> 20;
    println!("### Checking {n} reports ({size} MB)\n");
    println!("| what | rows or reports | seconds | peak MB |\n|---|---|---|---|");
    let facts = row("bare scan of the facts", child("facts"));
    let all = row("bare scan of facts, marks and narrative", child("all"));
    let reports = row("rules on single reports and a body's years", child("reports"));
    let bodies = row("rules over bodies", child("bodies"));
    child("add");
    let new = row(&format!("all rules after {NEW} new reports"), child("bodies"));
    let size = (std::fs::metadata(&path).unwrap().len() >> 20) - size;
    println!("\n| ratio | |\n|---|---|");
    println!(
        "| rules on reports and years against the scan of the facts | {:.2} |",
        reports / facts
    );
    println!("| the same against the scan of facts, marks and narrative | {:.2} |", reports / all);
    println!(
        "| the full run against the run after {NEW} new reports | {:.0} |",
        (reports + bodies) / new
    );
    println!("| MB that checking adds to the file | {size} |");
}

/// One report in so many has figures that last year's do not lead to.
const ASTRAY: u64 = 8;

/// A report of a number, three of its sections with words of their own. Its figures follow from last
/// year's, but for one in [`ASTRAY`].
fn report(synth: &Synth, number: u64) -> (Report, OrganRecord) {
    let mut report = synth.report(number);
    if !number.is_multiple_of(ASTRAY) {
        settle(&mut report, synth, number);
    }
    // the sentences of the maker of reports are few and would resemble each other
    for (seed, no) in [(13, 1), (11, 2), (12, 5)] {
        let maker = Maker { seed, alike: false };
        let section = report.sections.iter_mut().find(|s| s.no == no).unwrap();
        section.text = maker.text(number as usize);
    }
    let name = report.organ.clone().unwrap();
    let region_code = report.region_code.clone();
    let organ = OrganRecord {
        key: name.clone(),
        name,
        kind: "department",
        region_code,
        township_code: None,
    };
    (report, organ)
}

/// Gives a report the figures of the first year of its edition, with as many applications carried
/// in as out and as many documents repealed as issued: those of each year then follow from the
/// last's. No part is more than its whole.
fn settle(report: &mut Report, synth: &Synth, number: u64) {
    let mut first = number;
    while !first.is_multiple_of(10) && synth.report(first - 1).edition == report.edition {
        first -= 1;
    }
    report.cells = synth.report(first).cells;
    let form = synth.form(report.edition.as_deref().unwrap());
    for share in form.tables.iter().flat_map(|t| &t.shares) {
        let whole = report.cells.iter().find(|c| c.row == share.whole).cloned();
        let part = report.cells.iter_mut().find(|c| c.row == share.part);
        if let Some((part, whole)) =
            part.zip(whole).filter(|(part, whole)| part.value > whole.value)
        {
            (part.value, part.raw, part.state) = (whole.value, whole.raw, whole.state);
        }
    }
    for (from, to, column) in [
        ("applications/processed_total", "received.new", None),
        ("applications/carried_out", "received.carried_in", None),
        ("disclosure/regulations", "regulations", Some(("issued", "repealed"))),
        ("disclosure/normative_documents", "normative_documents", Some(("issued", "repealed"))),
    ] {
        let (table, row) = from.split_once('/').unwrap();
        let source: Vec<_> =
            report.cells.iter().filter(|c| c.table == table && c.row == row).cloned().collect();
        for cell in report.cells.iter_mut().filter(|c| c.table == table && c.row == to) {
            let column = match column {
                None => cell.column.clone(),
                Some((one, other)) if cell.column == other => one.to_owned(),
                Some(_) => continue,
            };
            if let Some(like) = source.iter().find(|c| c.column == column) {
                (cell.value, cell.state) = (like.value, like.state);
                cell.raw.clone_from(&like.raw);
            }
        }
    }
}

fn make(n: u64, path: &Path) {
    let mut store = Store::open(path, &Forms::builtin()).unwrap();
    let records: Vec<_> = Regions::builtin().iter().map(region_record).collect();
    store.put_regions(records.iter()).unwrap();
    write(store, 0..n);
}

/// Reports of as many bodies, one year after another.
fn add(n: u64, path: &Path) {
    let first = n.next_multiple_of(10);
    let store = Store::open(path, &Forms::builtin()).unwrap();
    write(store, (0..NEW).map(|i| first + 11 * i));
}

fn write(mut store: Store, numbers: impl Iterator<Item = u64>) {
    let synth = Synth::default();
    store.set_archive(false);
    for number in numbers {
        let (report, organ) = report(&synth, number);
        store.write(&report, &organ, None, None).unwrap();
    }
    store.close().unwrap();
}

/// Prints seconds, peak memory and the count that the work gives.
fn measure(work: impl FnOnce() -> usize) {
    let start = Instant::now();
    let count = work();
    println!("{} {} {count}", start.elapsed().as_secs_f64(), peak());
}

const FACTS: &[&str] = &["application_fact", "challenge_fact", "disclosure_fact", "statistic_fact"];
const ALL: &[&str] = &[
    "application_fact",
    "challenge_fact",
    "disclosure_fact",
    "statistic_fact",
    "cell_mark",
    "report",
    "section",
];

/// Reads all rows of these tables, shared among the threads as they come; how many they are.
fn scan(path: &Path, tables: &[&str]) -> usize {
    // the threads take turns, so that the large tables do not fall to one of them
    let next = std::sync::Mutex::new(parts(path, tables).into_iter());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let conn = store::open_read_only(path).unwrap();
                    let mut rows = 0;
                    while let Some(sql) = { next.lock().unwrap().next() } {
                        rows += read(&conn, &sql);
                    }
                    rows
                })
            })
            .collect();
        workers.into_iter().map(|w| w.join().unwrap()).sum()
    })
}

/// A statement for each line of the forms in the fact tables; the others whole.
fn parts(path: &Path, tables: &[&str]) -> Vec<String> {
    let conn = store::open_read_only(path).unwrap();
    let ids: Vec<i64> = conn
        .prepare("SELECT id FROM form_row")
        .unwrap()
        .query_map([], |r| r.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut parts = Vec::new();
    for table in tables {
        match table.ends_with("_fact") {
            true => parts
                .extend(ids.iter().map(|id| format!("SELECT * FROM {table} WHERE row_id = {id}"))),
            false => parts.push(format!("SELECT * FROM {table}")),
        }
    }
    parts
}

fn read(conn: &Connection, sql: &str) -> usize {
    let mut statement = conn.prepare(sql).unwrap();
    let width = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let (mut count, mut sum) = (0, 0i64);
    while let Some(row) = rows.next().unwrap() {
        count += 1;
        for i in 0..width {
            match row.get_ref(i).unwrap() {
                ValueRef::Integer(n) => sum = sum.wrapping_add(n),
                ValueRef::Text(text) => sum = sum.wrapping_add(text.len() as i64),
                _ => {}
            }
        }
    }
    std::hint::black_box(sum);
    count
}

/// Checks what is due of what is wanted.
fn check(path: &Path, wanted: impl FnOnce(Due) -> Due) {
    let forms = Forms::builtin();
    let mut store = Store::open(path, &forms).unwrap();
    let stop = AtomicBool::new(false);
    let checker = Checker { forms: &forms, database: path, threads: THREADS, stop: &stop };
    measure(|| {
        let due = wanted(checker.due(&mut store).unwrap());
        checker.run(&mut store, &due, |_| {}).unwrap();
        due.reports.len().max(due.bodies.len())
    });
    store.close().unwrap();
}

/// The most memory this process had, in MB, where the system tells; else 0.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) >> 10
}
