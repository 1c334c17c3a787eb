//! How fast pages are loaded, and how much memory that takes.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nianbao::form::Forms;
use nianbao::load::{Hands, Job, Loader};
use nianbao::parse::{Hints, Parser};
use nianbao::region::Regions;
use nianbao::report::Report;
use nianbao::store::{self, OrganRecord};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::synth::Synth;
use crate::{new_store, organ, python, timed};

/// Pages on disk and the same reports in memory.
struct Loading {
    forms: Forms,
    folder: PathBuf,
    pages: Vec<PathBuf>,
    reports: Vec<(Report, OrganRecord)>,
    prepared: Prepared,
}

/// What something took.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    /// Of all threads and of processes started: it hardly depends on who else uses the machine.
    processor: Duration,
}

/// One way to load all pages or reports, into a folder of its own; none where it cannot be run.
type Way = fn(&Loading, &Path) -> Option<Cost>;

const PARSE: usize = 0;
const TWO_CORES: usize = 3;
const ONE_CORE: usize = 4;
const PEER: usize = 5;
const STORE: usize = 6;
const BARE: usize = 7;
const WAYS: [(&str, Way); 8] = [
    ("parse alone, one thread", parse),
    ("load, one parsing thread and the writer", |l, dir| l.load(dir, 1)),
    ("load, two parsing threads and the writer", |l, dir| l.load(dir, 2)),
    ("load, the whole program on two cores, its start included", |l, dir| l.program(dir, "0,1")),
    ("load, the whole program bound to one core", |l, dir| l.program(dir, "0")),
    ("pandas.read_html and sqlite-utils, one process", peer),
    ("the store alone, reports in memory", |l, dir| {
        Some(write(&l.reports, &dir.join("store.db"), &l.forms))
    }),
    ("bare loop over the same rows", |l, dir| Some(l.prepared.insert(dir, &l.forms))),
];

/// All ways in turn, `rounds` times; the best of each, since others may use the machine.
pub fn rates(n: u64, rounds: usize) {
    let dir = tempfile::tempdir().unwrap();
    let synth = Synth::default();
    let forms = Forms::builtin();
    let folder = dir.path().join("pages");
    let pages = pages(&synth, n, &folder);
    let bytes: u64 = pages.iter().map(|p| std::fs::metadata(p).unwrap().len()).sum();
    let reports: Vec<_> = (0..n).map(|i| organ(&synth, i)).collect();
    let model = dir.path().join("model.db");
    write(&reports, &model, &forms);
    let prepared = Prepared::read(&model);
    let loading = Loading { forms, folder, pages, reports, prepared };
    let mut best = [[0.0f64; 2]; WAYS.len()];
    for _ in 0..rounds {
        for ((_, way), best) in WAYS.iter().zip(&mut best) {
            let own = tempfile::tempdir_in(dir.path()).unwrap();
            let Some(cost) = way(&loading, own.path()) else { continue };
            for (time, best) in [cost.wall, cost.processor].into_iter().zip(best) {
                *best = best.max(n as f64 / time.as_secs_f64());
            }
        }
    }
    println!("### Loading {n} pages, {} KB each on average\n", bytes / n / 1024);
    println!("| what, best of {rounds} | reports a second | a second of processor time |");
    println!("|---|---|---|");
    for ((what, _), [wall, processor]) in WAYS.iter().zip(best).filter(|(_, b)| b[0] > 0.0) {
        println!("| {what} | {wall:.0} | {processor:.0} |");
    }
    println!("\n| ratio | times | of processor time |\n|---|---|---|");
    for (what, above, below) in [
        ("two cores to the Python process", TWO_CORES, PEER),
        ("one core to the Python process", ONE_CORE, PEER),
        ("parsing alone to the Python process", PARSE, PEER),
        ("the bare loop to the store", BARE, STORE),
    ] {
        let [wall, processor] = [0, 1].map(|i| best[above][i] / best[below][i]);
        println!("| {what} | {wall:.2} | {processor:.2} |");
    }
    println!("\n{} bytes a report on disk\n", std::fs::metadata(&model).unwrap().len() / n);
}

fn costs<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let before = processor_time();
    let (value, wall) = timed(work);
    (value, Cost { wall, processor: processor_time() - before })
}

/// Processor time of this process and of those that it started and that ended.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks = fields.skip(11).take(4).filter_map(|n| n.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Writes made-up pages into a folder. Pages only: the peer reads HTML.
pub fn pages(synth: &Synth, n: u64, folder: &Path) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).unwrap();
    let page = |number: u64| {
        let number = number / 3 * 4 + number % 3;
        let (page, kind) = synth.page(number);
        let path = folder.join(format!("{number:06}.{kind}"));
        std::fs::write(&path, &page).unwrap();
        path
    };
    (0..n).map(page).collect()
}

fn parse(loading: &Loading, _: &Path) -> Option<Cost> {
    let parser = Parser::new(&loading.forms, Regions::builtin());
    let texts: Vec<Vec<u8>> = loading.pages.iter().map(|p| std::fs::read(p).unwrap()).collect();
    let ((), time) = costs(|| {
        for text in &texts {
            std::hint::black_box(parser.parse(text, "page", &Hints::default()).unwrap());
        }
    });
    Some(time)
}

impl Loading {
    /// In this process.
    fn load(&self, dir: &Path, threads: usize) -> Option<Cost> {
        let job = |p: &PathBuf| Job::new(p.to_string_lossy().into_owned(), Hints::default());
        let jobs: Vec<Job> = self.pages.iter().map(job).collect();
        let mut store = new_store(&dir.join("load.db"), &self.forms);
        let stop = AtomicBool::new(false);
        let regions = Regions::builtin();
        let hands = Hands::here(Parser::new(&self.forms, regions));
        let loader = Loader { forms: &self.forms, regions, hands: &hands, threads, stop: &stop };
        let ((), time) = costs(|| loader.run(&jobs, Some(&mut store), None, |_, _| {}).unwrap());
        store.close().unwrap();
        Some(time)
    }

    /// The program as one calls it, on these cores.
    fn program(&self, dir: &Path, cores: &str) -> Option<Cost> {
        let mut command = Command::new("taskset");
        command.args(["-c", cores, env!("CARGO_BIN_EXE_nianbao"), "load", "--quiet", "--db"]);
        command.arg(dir.join("program.db")).arg(&self.folder);
        let (status, time) = costs(|| command.status());
        status.is_ok_and(|s| s.success()).then_some(time)
    }
}

fn peer(loading: &Loading, dir: &Path) -> Option<Cost> {
    let database = dir.join("peer.db");
    let args = [&*loading.folder.to_string_lossy(), &*database.to_string_lossy()];
    let (done, time) = costs(|| python("read_html.py", &args));
    done.then_some(time)
}

/// The store writing reports that are in memory.
fn write(reports: &[(Report, OrganRecord)], path: &Path, forms: &Forms) -> Cost {
    let mut store = new_store(path, forms);
    let ((), time) = costs(|| {
        for (report, organ) in reports {
            store.write(report, organ, None, Some(b"the bytes of the page")).unwrap();
        }
        store.commit().unwrap();
    });
    store.close().unwrap();
    time
}

/// Every row that the store wrote, report by report, and the inner text of the index.
struct Prepared {
    /// Report, number of the statement, values.
    rows: Vec<(i64, usize, Vec<Value>)>,
    inserts: Vec<String>,
}

impl Prepared {
    fn read(model: &Path) -> Prepared {
        let conn = Connection::open(model).unwrap();
        let tables = [
            ("organ", "id"),
            ("source", "id"),
            ("report", "id"),
            ("report_source", "report_id"),
            ("report_cell_json", "report_id"),
            ("application_fact", "report_id"),
            ("challenge_fact", "report_id"),
            ("disclosure_fact", "report_id"),
            ("statistic_fact", "report_id"),
            ("cell_mark", "report_id"),
            ("case_total", "report_id"),
            ("request_total", "report_id"),
            ("section", "report_id"),
            ("processing_fee", "report_id"),
        ];
        let mut rows = Vec::new();
        let mut inserts = Vec::new();
        for (t, (table, key)) in tables.iter().enumerate() {
            let mut all = conn.prepare(&format!("SELECT {key}, * FROM {table}")).unwrap();
            let width = all.column_count();
            let marks: Vec<String> = (1..width).map(|i| format!("?{i}")).collect();
            inserts.push(format!("INSERT INTO {table} VALUES ({})", marks.join(", ")));
            let read = all.query_map([], |r| {
                Ok((r.get(0)?, t, (1..width).map(|i| r.get(i)).collect::<Result<Vec<Value>, _>>()?))
            });
            rows.extend(read.unwrap().map(Result::unwrap));
        }
        let mut all = conn.prepare("SELECT report_id, id, text FROM section").unwrap();
        let read = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)?)));
        rows.extend(read.unwrap().map(Result::unwrap).map(
            |(report, id, text): (i64, i64, String)| {
                (report, tables.len(), vec![Value::Integer(id), Value::Text(store::pairs(&text))])
            },
        ));
        inserts.push("INSERT INTO section_index (rowid, pairs) VALUES (?1, ?2)".to_owned());
        rows.sort_by_key(|(report, table, _)| (*report, *table));
        Prepared { rows, inserts }
    }

    /// A bare loop that writes them.
    fn insert(&self, dir: &Path, forms: &Forms) -> Cost {
        let path = dir.join("bare.db");
        new_store(&path, forms).close().unwrap();
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA cache_size = -65536; DELETE FROM load_run;").unwrap();
        conn.set_prepared_statement_cache_capacity(64);
        let ((), time) = costs(|| {
            let mut last = 0;
            conn.execute_batch("BEGIN").unwrap();
            for (report, table, values) in &self.rows {
                if *report != last && *report % 256 == 0 {
                    conn.execute_batch("COMMIT; BEGIN").unwrap();
                }
                last = *report;
                conn.prepare_cached(&self.inserts[*table])
                    .unwrap()
                    .execute(params_from_iter(values))
                    .unwrap();
            }
            conn.execute_batch("COMMIT").unwrap();
        });
        time
    }
}

/// The most memory that the program takes over numbers of pages.
pub fn memory() {
    let dir = tempfile::tempdir().unwrap();
    let synth = Synth::default();
    println!("| pages | MB of pages | peak MB, two threads | seconds |\n|---|---|---|---|");
    for n in [500, 2_000, 8_000] {
        let folder = dir.path().join(format!("{n}"));
        let pages = pages(&synth, n, &folder);
        let bytes: u64 = pages.iter().map(|p| std::fs::metadata(p).unwrap().len()).sum();
        let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
        command.args(["load", "--quiet", "--jobs", "2", "--db"]);
        command.arg(dir.path().join(format!("{n}.db"))).arg(&folder);
        let (peak, time) = timed(|| peak_kib(command.spawn().unwrap()));
        let (peak, time) = (peak as f64 / 1024.0, time.as_secs_f64());
        println!("| {n} | {} | {peak:.1} | {time:.1} |", bytes >> 20);
    }
    println!();
}

/// The most memory that a process has until it ends, as the system tells while it runs.
fn peak_kib(mut child: Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let now = std::fs::read_to_string(&status).unwrap_or_default();
        let line = now.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        peak = peak.max(line.trim().trim_end_matches(" kB").parse().unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}
