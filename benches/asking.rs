//! What questions cost as reports grow in number: every canned query and analysis, against DuckDB
//! on the same facts in the same run. Prints Markdown.
//!
//! ```text
//! cargo bench --bench asking -- all 100000       makes the reports, asks, compares
//! cargo bench --bench asking -- make N DB        writes N made-up reports through the store
//! cargo bench --bench asking -- check DB         rules on reports and years, for their findings
//! cargo bench --bench asking -- queries DB [ROUNDS]    the canned queries
//! cargo bench --bench asking -- one DB QUERY     one of them, and the memory of the process
//! cargo bench --bench asking -- analyses DB      the analyses, a process each for its memory
//! cargo bench --bench asking -- parquet DB DIR   the facts for the peer
//! cargo bench --bench asking -- peer DB DIR [queries|analyses]    both, here and in DuckDB
//! ```
//! The peer needs `pip install -r benches/peers/requirements.txt`; `benches/peers/growth.py DIR...`
//! puts what `peer` found in several folders side by side.

#[allow(dead_code, reason = "its pages are for another bench")]
#[path = "../tests/common/synth.rs"]
mod synth;

#[path = "asking/analyses.rs"]
mod analyses;
#[path = "asking/facts.rs"]
mod facts;
#[path = "asking/made.rs"]
mod made;
#[path = "asking/peer.rs"]
mod peer;
#[path = "asking/queries.rs"]
mod queries;

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use nianbao::check::Checker;
use nianbao::form::Forms;
use nianbao::store::{Due, Store};
use peer::Peer;

/// What the peer is asked, too.
const PEER: [&str; 2] = ["queries", "analyses"];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse().expect("a number");
    match words.as_slice() {
        ["make", n, db] => {
            let (_, time) = timed(|| made::make(number(n), Path::new(db)));
            println!("{n} reports written in {:.1} s, peak {} MB", time.as_secs_f64(), peak());
        }
        ["check", db] => check(Path::new(db)),
        ["queries", db] => queries::all(Path::new(db), 3, None),
        ["queries", db, rounds] => queries::all(Path::new(db), number(rounds) as usize, None),
        ["one", db, query] => queries::one(Path::new(db), query),
        ["analyses", db] => analyses::all(Path::new(db), None),
        ["parquet", db, dir] => facts::write(Path::new(db), Path::new(dir)),
        ["peer", db, dir] => peer(Path::new(db), Path::new(dir), &PEER),
        ["peer", db, dir, what] => peer(Path::new(db), Path::new(dir), &[what]),
        ["all", n] => all(number(n)),
        _ => all(2_000),
    }
}

fn all(n: u64) {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("asking.db");
    made::make(n, &db);
    check(&db);
    println!("### Asking {n} reports ({} MB)\n", std::fs::metadata(&db).unwrap().len() >> 20);
    facts::write(&db, dir.path());
    peer(&db, dir.path(), &PEER);
}

/// Queries and analyses, each here and right after it in DuckDB over the facts in the folder.
fn peer(db: &Path, dir: &Path, what: &[&str]) {
    let mut peer = Peer::new(db, dir);
    if what.contains(&PEER[0]) {
        queries::all(db, 5, Some(&mut peer));
    }
    if what.contains(&PEER[1]) {
        analyses::all(db, Some(&mut peer));
    }
    peer.tell();
}

/// Asks the rules of all reports on their own, so that there are findings to ask for.
fn check(db: &Path) {
    let forms = Forms::builtin();
    let mut store = Store::open(db, &forms).unwrap();
    let stop = AtomicBool::new(false);
    let checker = Checker { forms: &forms, database: db, threads: 2, stop: &stop };
    let due = checker.due(&mut store).unwrap();
    checker.run(&mut store, &Due { bodies: Vec::new(), ..due }, |_| {}).unwrap();
    store.close().unwrap();
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

/// The most memory this process had, in MB, where the system tells; else 0.
fn peak() -> u64 {
    peak_of("self")
}

/// Likewise of a process that runs.
fn peak_of(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) >> 10
}
