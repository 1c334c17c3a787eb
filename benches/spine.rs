//! What the spine costs, measured against peers in the same run; prints Markdown.
//!
//! ```text
//! cargo bench --bench spine -- load 2000 3      parse and load rates, raw insert ceiling, best of 3 rounds
//! cargo bench --bench spine -- memory           peak memory of loading 500, 2,000 and 8,000 pages
//! cargo bench --bench spine -- ask 100000       rate query and full-text search
//! cargo bench --bench spine -- pages 400 DIR    the pages of the first, to count instructions over
//! ```
//! The Python peers need `pip install -r benches/peers/requirements.txt`.

#[allow(dead_code, reason = "its counties are for another bench")]
#[path = "../tests/common/synth.rs"]
mod synth;

#[path = "spine/asking.rs"]
mod asking;
#[path = "spine/loading.rs"]
mod loading;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nianbao::form::Forms;
use nianbao::load::region_record;
use nianbao::region::Regions;
use nianbao::report::Report;
use nianbao::store::{OrganRecord, Store};
use synth::Synth;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let n = |default| args.get(1).and_then(|n| n.parse().ok()).unwrap_or(default);
    match args.first().map(String::as_str) {
        Some("load") => {
            loading::rates(n(2000), args.get(2).map_or(1, |rounds| rounds.parse().unwrap()))
        }
        Some("memory") => loading::memory(),
        Some("ask") => asking::all(n(100_000)),
        Some("pages") => drop(loading::pages(&Synth::default(), n(400), Path::new(&args[2]))),
        _ => {
            loading::rates(n(400), 1);
            asking::all(n(4000));
        }
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

fn new_store(path: &Path, forms: &Forms) -> Store {
    let mut store = Store::open(path, forms).unwrap();
    let records: Vec<_> = Regions::builtin().iter().map(region_record).collect();
    store.put_regions(records.iter()).unwrap();
    store
}

fn organ(synth: &Synth, number: u64) -> (Report, OrganRecord) {
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

fn python(script: &str, args: &[&str]) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script);
    Command::new("python3").arg(path).args(args).status().is_ok_and(|s| s.success())
}
