//! What finding copied sections costs and how it grows, against all pairs compared; prints Markdown.
//!
//! ```text
//! cargo bench --bench copied                       2,000, 20,000 and 200,000 sections
//! cargo bench --bench copied -- 2000 20000         these numbers of sections
//! cargo bench --bench copied -- 20000 alike        three in four written by one template
//! ```
//! Texts lie in an SQLite file, as in use. Each measurement has a process of its own, for the
//! peak of its memory. Up to [`EXACT`] sections all pairs are compared; of more, a sample with all.

#[path = "../tests/common/sections.rs"]
mod sections;

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use nianbao::form::Forms;
use nianbao::validate::copied::{Copied, Entry, Grams, Prescribed, Prose, THRESHOLD, find};
use rusqlite::Connection;
use sections::Maker;

const THREADS: usize = 2;
const EXACT: usize = 20_000;
const SAMPLE: usize = 400;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let number = |i: usize| args.get(i).and_then(|n| n.parse().ok());
    match (args.first().map(String::as_str), number(1), args.get(2)) {
        (Some("make"), Some(n), Some(path)) => make(n, Path::new(path)),
        (Some("search"), Some(n), Some(path)) => run(n, Path::new(path)),
        (Some("pairs"), Some(n), Some(path)) => pairs(n, Path::new(path)),
        _ => {
            let sizes: Vec<usize> = args.iter().filter_map(|n| n.parse().ok()).collect();
            tables(if sizes.is_empty() { &[2_000, 20_000, 200_000] } else { &sizes });
        }
    }
}

fn tables(sizes: &[usize]) {
    let dir = tempfile::tempdir().unwrap();
    let file = |n: &usize| dir.path().join(format!("{n}.db")).to_string_lossy().into_owned();
    println!(
        "| sections | MB of text | signing, s | finding, s | of it new 1 %, s | peak MB | flagged | signatures MB |\n|---|---|---|---|---|---|---|---|"
    );
    for n in sizes {
        child(&["make", &n.to_string(), &file(n)]);
        child(&["search", &n.to_string(), &file(n)]);
    }
    println!(
        "\n| sections | pairs compared | seconds | peak MB | sections that resemble another | recall | precision | most similar named |\n|---|---|---|---|---|---|---|---|"
    );
    for n in sizes {
        child(&["pairs", &n.to_string(), &file(n)]);
    }
}

/// The sections of this run.
fn maker() -> Maker {
    Maker { seed: 11, alike: std::env::args().any(|a| a == "alike") }
}

fn child(args: &[&str]) {
    let program = std::env::current_exe().unwrap();
    let alike = maker().alike.then_some("alike");
    assert!(Command::new(program).args(args).args(alike).status().unwrap().success());
}

fn make(n: usize, path: &Path) {
    let maker = maker();
    let mut conn = Connection::open(path).unwrap();
    conn.execute_batch("CREATE TABLE section (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        .unwrap();
    let transaction = conn.transaction().unwrap();
    for i in 0..n {
        let mut insert = transaction.prepare_cached("INSERT INTO section VALUES (?1, ?2)").unwrap();
        insert.execute((i as i64, maker.text(i))).unwrap();
    }
    transaction.commit().unwrap();
}

/// A reader of texts by their number.
fn reader(path: &Path) -> rusqlite::Result<impl FnMut(usize) -> rusqlite::Result<String>> {
    let conn = Connection::open(path)?;
    Ok(move |i: usize| {
        conn.prepare_cached("SELECT text FROM section WHERE id = ?1")?
            .query_row([i as i64], |row| row.get(0))
    })
}

/// Calls for each number on several threads; results in order.
fn each<T: Send>(n: usize, path: &Path, work: impl Fn(usize, String) -> T + Sync) -> Vec<T> {
    let share = n.div_ceil(THREADS);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|t| {
                let work = &work;
                scope.spawn(move || {
                    let mut read = reader(path).unwrap();
                    let numbers = t * share..n.min((t + 1) * share);
                    numbers.map(|i| work(i, read(i).unwrap())).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|w| w.join().unwrap()).collect()
    })
}

fn entries(n: usize, path: &Path, prescribed: &Prescribed) -> Vec<Entry> {
    let maker = maker();
    each(n, path, |i, text| Entry {
        body: maker.body(i) as i64,
        year: maker.year(i),
        asked: true,
        signature: prescribed.signature(&text).unwrap(),
    })
}

fn search(entries: &[Entry], path: &Path, prescribed: &Prescribed) -> Vec<Copied> {
    find(entries, prescribed, THREADS, || reader(path)).unwrap()
}

fn run(n: usize, path: &Path) {
    let prescribed = Prescribed::new(&Forms::builtin());
    let start = Instant::now();
    let mut entries = entries(n, path, &prescribed);
    let signing = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let found = search(&entries, path, &prescribed).len();
    let finding = start.elapsed().as_secs_f64();
    let peak = peak();
    entries.iter_mut().for_each(|e| e.asked = false);
    entries[n - n / 100..].iter_mut().for_each(|e| e.asked = true);
    let start = Instant::now();
    std::hint::black_box(search(&entries, path, &prescribed));
    let new = start.elapsed().as_secs_f64();
    let text = std::fs::metadata(path).unwrap().len() >> 20;
    println!(
        "| {n} | {text} | {signing:.2} | {finding:.2} | {new:.2} | {peak} | {found} | {:.1} |",
        (n * 256) as f64 / 1e6
    );
}

/// All pairs compared, or those of a sample, and what was found held against them.
fn pairs(n: usize, path: &Path) {
    let prescribed = Prescribed::new(&Forms::builtin());
    let entries = entries(n, path, &prescribed);
    let grams = each(n, path, |_, text| Grams::new(&Prose::new(&text, &prescribed)));
    let all = n <= EXACT;
    // odd and no multiple of five, so that all years come in
    let step = if all { 1 } else { n / SAMPLE / 10 * 10 + 1 };
    let start = Instant::now();
    // each pair once, or all of the sampled sections; in turns, since later ones have more
    let near: Vec<(usize, usize, f64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|t| {
                let grams = &grams;
                scope.spawn(move || {
                    let mut near = Vec::new();
                    for i in (t * step..n).step_by(THREADS * step) {
                        let with = |j| (i, j, grams[i].similarity(&grams[j]));
                        let others = 0..if all { i } else { n };
                        near.extend(others.map(with).filter(|(i, j, s)| i != j && *s >= THRESHOLD));
                    }
                    near
                })
            })
            .collect();
        workers.into_iter().flat_map(|w| w.join().unwrap()).collect()
    });
    let seconds = start.elapsed().as_secs_f64();
    let peak = peak();
    let counts = |i: usize, j: usize| {
        entries[i].body != entries[j].body || entries[j].year == entries[i].year - 1
    };
    let mut similar: HashMap<usize, HashMap<usize, f64>> = HashMap::new();
    let both = near.iter().flat_map(|(i, j, s)| [(*i, *j, *s), (*j, *i, *s)]);
    for (i, j, s) in both.filter(|(i, j, _)| i % step == 0 && counts(*i, *j)) {
        similar.entry(i).or_default().insert(j, s);
    }
    let mut found = search(&entries, path, &prescribed);
    found.retain(|c| c.section % step == 0);
    let truly = |c: &&Copied| similar.get(&c.section)?.get(&c.of).copied();
    let right = found.iter().filter(|c| truly(c) == Some(c.similarity)).count();
    let best = found.iter().filter(|c| {
        let own = |j: usize| entries[j].body == entries[c.section].body;
        let mut rivals =
            similar.get(&c.section).into_iter().flatten().filter(|(j, _)| own(**j) == own(c.of));
        rivals.all(|(_, s)| *s <= c.similarity)
    });
    let compared = if all { n * (n - 1) / 2 } else { n.div_ceil(step) * n };
    println!(
        "| {n} | {:.0} million | {seconds:.1} | {peak} | {} | {:.4} | {:.4} | {:.4} |",
        compared as f64 / 1e6,
        similar.len(),
        right as f64 / similar.len() as f64,
        right as f64 / found.len() as f64,
        best.count() as f64 / found.len() as f64,
    );
}

/// The most memory this process had, in MB, where the system tells; else 0.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) >> 10
}
