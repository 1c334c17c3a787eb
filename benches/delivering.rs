//! What files for other programs cost, against those programs on the same database in the same run.
//! Prints Markdown.
//!
//! ```text
//! cargo bench --bench delivering -- data DB DIR    `export data` against DuckDB's COPY … PARTITION_BY
//! ```
//! DIR must not be there yet. The peer needs `pip install -r benches/peers/requirements.txt` and
//! DuckDB's extension `sqlite`: installed by DuckDB itself, or from the file that
//! `NIANBAO_DUCKDB_SQLITE` names. `NIANBAO_PYTHON` is the Python that has them.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["data", db, dir] => data(Path::new(db), Path::new(dir)),
        _ => eprintln!("data DB DIR"),
    }
}

/// Both write the same relations of the whole database as Parquet, by year and province.
fn data(db: &Path, dir: &Path) {
    std::fs::create_dir(dir).unwrap();
    println!("### `export data` of {} MB\n", std::fs::metadata(db).unwrap().len() >> 20);
    println!(
        "| program | seconds | of processors | peak memory, MB | files | MB |\n|---|---|---|---|---|---|"
    );
    let ours = dir.join("ours");
    let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
    command.args(["export", "data", "--quiet", "--db"]).arg(db).arg("--out").arg(&ours);
    line("nianbao export data", &mut command, &ours);
    let theirs = dir.join("duckdb");
    let python = std::env::var("NIANBAO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/delivering.py");
    let mut command = Command::new(python);
    command.arg(script).arg(db).arg(&theirs);
    line("DuckDB COPY … PARTITION_BY", &mut command, &theirs);
}

/// Runs a program, and prints what it took and what it wrote.
fn line(name: &str, command: &mut Command, dir: &Path) {
    let (time, busy, peak) = measured(command);
    let (mut files, mut bytes) = (0, 0);
    for entry in walkdir::WalkDir::new(dir).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            files += 1;
            bytes += entry.metadata().unwrap().len();
        }
    }
    let seconds = time.as_secs_f64();
    println!("| {name} | {seconds:.1} | {busy:.1} | {peak} | {files} | {} |", bytes >> 20);
}

/// Time, time of processors and the most memory (in MB) of a program; the latter two where the system
/// tells, else 0.
fn measured(command: &mut Command) -> (Duration, f64, u64) {
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    let folder = format!("/proc/{}", child.id());
    let (mut busy, mut peak) = (0.0, 0);
    let code = loop {
        let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}"));
        busy = read("stat").ok().and_then(|text| busy_of(&text)).unwrap_or(busy);
        let status = read("status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let now: u64 = line.trim().trim_end_matches(" kB").parse().unwrap_or(0);
        peak = peak.max(now >> 10);
        match child.try_wait().unwrap() {
            Some(code) => break code,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    assert!(code.success(), "{command:?}");
    (start.elapsed(), busy, peak)
}

/// Seconds of processors, of a line of `/proc/…/stat`, which has hundredths.
fn busy_of(stat: &str) -> Option<f64> {
    let behind_name = stat.rsplit_once(") ")?.1;
    let ticks = behind_name.split(' ').skip(11).take(2);
    Some(ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0)
}
