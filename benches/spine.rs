//! What the spine costs, measured against peers in the same run; prints Markdown.
//!
//! ```text
//! cargo bench --bench spine -- load 2000        parse and load rates, raw insert ceiling
//! cargo bench --bench spine -- ask 100000       rate query and full-text search
//! ```
//! The Python peers need `pip install -r benches/peers/requirements.txt`.

#[path = "../tests/common/synth.rs"]
mod synth;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use nianbao::form::Forms;
use nianbao::load::{Job, Loader, region_record};
use nianbao::parse::{Hints, Parser};
use nianbao::region::Regions;
use nianbao::store::{self, OrganRecord, Store};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use synth::Synth;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let n = |default| args.get(1).and_then(|n| n.parse().ok()).unwrap_or(default);
    match args.first().map(String::as_str) {
        Some("load") => load(n(2000)),
        Some("ask") => ask(n(100_000)),
        _ => {
            load(n(400));
            ask(n(4000));
        }
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

fn rate(n: u64, time: Duration) -> f64 {
    n as f64 / time.as_secs_f64()
}

fn new_store(path: &Path, forms: &Forms) -> Store {
    let mut store = Store::open(path, forms).unwrap();
    let records: Vec<_> = Regions::builtin().iter().map(region_record).collect();
    store.put_regions(records.iter()).unwrap();
    store
}

fn organ(synth: &Synth, number: u64) -> (nianbao::report::Report, OrganRecord) {
    let report = synth.report(number);
    let name = report.organ.clone().unwrap();
    let region_code = report.region_code.clone();
    (
        report,
        OrganRecord {
            key: name.clone(),
            name,
            kind: "department",
            region_code,
            township_code: None,
        },
    )
}

fn load(n: u64) {
    let dir = tempfile::tempdir().unwrap();
    let forms = Forms::builtin();
    let synth = Synth::default();
    let folder = dir.path().join("pages");
    std::fs::create_dir(&folder).unwrap();
    let mut bytes = 0;
    let pages: Vec<_> = (0..n)
        .map(|number| {
            // pages only: the peer reads HTML
            let number = number / 3 * 4 + number % 3;
            let (page, kind) = synth.page(number);
            let path = folder.join(format!("{number:06}.{kind}"));
            bytes += page.len();
            std::fs::write(&path, &page).unwrap();
            path
        })
        .collect();
    println!("### Loading {n} pages, {} KB each on average\n", bytes as u64 / n / 1024);
    println!("| what | reports a second |\n|---|---|");

    let parser = Parser::new(&forms, Regions::builtin());
    let texts: Vec<Vec<u8>> = pages.iter().map(|p| std::fs::read(p).unwrap()).collect();
    let ((), time) = timed(|| {
        for text in &texts {
            std::hint::black_box(parser.parse(text, "page", &Hints::default()).unwrap());
        }
    });
    let parse = rate(n, time);
    println!("| parse alone, one thread | {parse:.0} |");

    let jobs: Vec<Job> = pages
        .iter()
        .map(|p| Job { path: p.to_string_lossy().into_owned(), hints: Hints::default() })
        .collect();
    let mut rates = Vec::new();
    for threads in [1, 2] {
        let db = dir.path().join(format!("load{threads}.db"));
        let mut store = new_store(&db, &forms);
        let stop = AtomicBool::new(false);
        let loader = Loader { forms: &forms, regions: Regions::builtin(), threads, stop: &stop };
        let ((), time) = timed(|| loader.run(&jobs, Some(&mut store), None, |_, _| {}).unwrap());
        store.close().unwrap();
        rates.push(rate(n, time));
        println!(
            "| load, {threads} parsing thread(s) and the writer | {:.0} |",
            rates[threads - 1]
        );
    }
    let mut one_core = Command::new("taskset");
    one_core.args([
        "-c",
        "0",
        env!("CARGO_BIN_EXE_nianbao"),
        "load",
        "--quiet",
        "--jobs",
        "1",
        "--db",
    ]);
    one_core.arg(dir.path().join("one.db")).arg(&folder);
    let (status, time) = timed(|| one_core.status());
    if status.is_ok_and(|s| s.success()) {
        println!("| load, the program bound to one core | {:.0} |", rate(n, time));
    }
    let (peer, time) = timed(|| {
        python(
            "read_html.py",
            &[&folder.to_string_lossy(), &dir.path().join("peer.db").to_string_lossy()],
        )
    });
    if peer {
        println!("| pandas.read_html and sqlite-utils, one process | {:.1} |", rate(n, time));
        println!("| ratio on two cores | {:.0} |", rates[1] / rate(n, time));
    }
    store_against_bare_loop(n, &forms, &synth, dir.path());
}

fn python(script: &str, args: &[&str]) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script);
    Command::new("python3").arg(path).args(args).status().is_ok_and(|s| s.success())
}

/// The store writing reports that are in memory, against a bare loop writing the very same rows.
fn store_against_bare_loop(n: u64, forms: &Forms, synth: &Synth, dir: &Path) {
    let reports: Vec<_> = (0..n).map(|i| organ(synth, i)).collect();
    let ours = dir.join("ours.db");
    let mut store = new_store(&ours, forms);
    let ((), time) = timed(|| {
        for (report, organ) in &reports {
            store.write(report, organ, None, Some(b"the bytes of the page")).unwrap();
        }
        store.commit().unwrap();
    });
    store.close().unwrap();

    // every row the store wrote, report by report, and the inner text of the index
    let conn = Connection::open(&ours).unwrap();
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
    let mut rows: Vec<(i64, usize, Vec<Value>)> = Vec::new();
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
        if *table == "section" {
            let mut all = conn.prepare("SELECT report_id, id, text FROM section").unwrap();
            let read = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)?)));
            let pairs = read.unwrap().map(Result::unwrap);
            rows.extend(pairs.map(|(report, id, text): (i64, i64, String)| {
                (report, tables.len(), vec![Value::Integer(id), Value::Text(store::pairs(&text))])
            }));
        }
    }
    inserts.push("INSERT INTO section_index (rowid, pairs) VALUES (?1, ?2)".to_owned());
    rows.sort_by_key(|(report, table, _)| (*report, *table));

    let bare = dir.join("bare.db");
    new_store(&bare, forms).close().unwrap();
    let conn = Connection::open(&bare).unwrap();
    conn.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA cache_size = -65536; DELETE FROM load_run;").unwrap();
    conn.set_prepared_statement_cache_capacity(64);
    let ((), ceiling) = timed(|| {
        let mut last = 0;
        conn.execute_batch("BEGIN").unwrap();
        for (report, table, values) in &rows {
            if *report != last && *report % 256 == 0 {
                conn.execute_batch("COMMIT; BEGIN").unwrap();
            }
            last = *report;
            conn.prepare_cached(&inserts[*table])
                .unwrap()
                .execute(params_from_iter(values))
                .unwrap();
        }
        conn.execute_batch("COMMIT").unwrap();
    });
    println!("| the store alone, reports in memory | {:.0} |", rate(n, time));
    println!("| bare loop over the same rows | {:.0} |", rate(n, ceiling));
    println!(
        "| store against bare loop, times the time | {:.2} |",
        time.as_secs_f64() / ceiling.as_secs_f64()
    );
    println!("\n{} bytes a report on disk\n", std::fs::metadata(&ours).unwrap().len() / n);
}

fn ask(n: u64) {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("ask.db");
    let forms = Forms::builtin();
    let synth = Synth::default();
    let mut store = new_store(&db, &forms);
    store.set_archive(false);
    for number in 0..n {
        let (report, organ) = organ(&synth, number);
        store.write(&report, &organ, None, None).unwrap();
    }
    store.close().unwrap();
    println!("### Asking {n} reports ({} MB)\n", std::fs::metadata(&db).unwrap().len() >> 20);
    rate_query(&db, dir.path());
    search(&db);
}

fn best(mut work: impl FnMut()) -> Duration {
    (0..7).map(|_| timed(&mut work).1).min().unwrap()
}

fn rate_query(db: &Path, dir: &Path) {
    use nianbao::lang::Lang;
    use nianbao::query::{Limits, catalog::Catalog};
    let catalog = Catalog::load(None).unwrap();
    let query = catalog.get("review-correction-rate").unwrap();
    let params = query.params(&std::collections::BTreeMap::new()).unwrap();
    let mut conn = store::open_read_only(db).unwrap();
    let time = best(|| {
        query.run(&mut conn, &params, &Limits::default(), Lang::Zh).unwrap();
    });
    println!("`review-correction-rate`: {:.1} ms here", time.as_secs_f64() * 1e3);
    python("correction_rate.py", &[&db.to_string_lossy(), &dir.to_string_lossy()]);
    println!();
}

const SHORT: [&str; 20] = [
    "公开", "政府", "信息", "培训", "申请", "复议", "诉讼", "答复", "网站", "新媒", "考核", "整改",
    "收费", "教育", "水利", "北京", "江苏", "宿迁", "海淀", "未收",
];
const LONG: [&str; 10] = [
    "信息公开",
    "行政复议",
    "法定期限",
    "政务新媒体",
    "未发出收费通知",
    "部分信息更新不够及时",
    "认真落实条例的要求",
    "海淀区教育局",
    "逐件登记、逐件审核",
    "全年新收申请12件",
];

fn search(db: &Path) {
    let conn = store::open_read_only(db).unwrap();
    println!("| word | sections | LIKE, ms | search, ms |\n|---|---|---|---|");
    let (mut slow, mut fast) = (Duration::ZERO, Duration::ZERO);
    for word in SHORT.iter().chain(&LONG) {
        let like = || -> i64 {
            let sql = "SELECT COUNT(*) FROM section WHERE text LIKE ?1";
            conn.prepare_cached(sql)
                .unwrap()
                .query_row([format!("%{word}%")], |r| r.get(0))
                .unwrap()
        };
        let (expected, scan) = timed(like);
        let ((_, found), indexed) = timed(|| store::search(&conn, word, 50).unwrap());
        assert_eq!(expected, found as i64, "'{word}' finds what LIKE finds");
        slow += scan;
        fast += indexed;
        println!(
            "| {word} | {found} | {:.1} | {:.1} |",
            scan.as_secs_f64() * 1e3,
            indexed.as_secs_f64() * 1e3
        );
    }
    println!("| all | | {:.0} | {:.0} |", slow.as_secs_f64() * 1e3, fast.as_secs_f64() * 1e3);
}
