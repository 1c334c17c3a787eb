//! What files for other programs cost, against those programs on the same database in the same run.
//! Prints Markdown.
//!
//! ```text
//! cargo bench --bench delivering -- data DB DIR      `export data` against DuckDB's COPY … PARTITION_BY
//! cargo bench --bench delivering -- office DB DIR    matrix, form and slips of a province against
//!                                                    pandas, openpyxl and python-docx
//! ```
//! DIR must not be there yet. The peers need `pip install -r benches/peers/requirements.txt`, and
//! DuckDB its extension `sqlite`: installed by DuckDB itself, or from the file that
//! `NIANBAO_DUCKDB_SQLITE` names. `NIANBAO_PYTHON` is the Python that has them.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["data", db, dir] => data(Path::new(db), Path::new(dir)),
        ["office", db, dir] => office(Path::new(db), Path::new(dir)),
        _ => eprintln!("data DB DIR\noffice DB DIR"),
    }
}

/// Both write the same relations of the whole database as Parquet, by year and province.
fn data(db: &Path, dir: &Path) {
    std::fs::create_dir(dir).unwrap();
    println!("### `export data` of {} MB\n", std::fs::metadata(db).unwrap().len() >> 20);
    head();
    let ours = dir.join("ours");
    line("nianbao export data", export(db, &ours).arg("data"), &ours);
    let theirs = dir.join("duckdb");
    let mut command = peer("delivering.py");
    command.arg(db).arg(&theirs);
    line("DuckDB COPY … PARTITION_BY", &mut command, &theirs);
}

/// What an office makes of a province's last year: of some 500 bodies, of some 3,000, and a slip
/// for each of some 1,000 that have something to put right.
fn office(db: &Path, dir: &Path) {
    std::fs::create_dir(dir).unwrap();
    let conn = rusqlite::Connection::open(db).unwrap();
    let year: i64 = conn.query_row("SELECT MAX(year) FROM report", [], |r| r.get(0)).unwrap();
    let near = |wanted: i64, condition: &str| -> Option<(String, i64)> {
        let sql = format!(
            "SELECT SUBSTR(r.region_code, 1, 2), COUNT(*) AS n FROM report AS r
             WHERE r.is_current = 1 AND r.year = ?1 AND r.region_code IS NOT NULL {condition}
             GROUP BY 1 ORDER BY ABS(n - ?2) LIMIT 1"
        );
        conn.query_row(&sql, [year, wanted], |r| Ok((r.get(0)?, r.get(1)?))).ok()
    };
    let found =
        "AND EXISTS (SELECT 1 FROM finding AS f WHERE f.report_id = r.id AND f.outcome = 'fail'
                 AND f.severity IN ('error', 'warning'))";
    println!("### Office files of {} MB\n", std::fs::metadata(db).unwrap().len() >> 20);
    head();
    let all = ["--scope", "own"];
    for (what, bodies, ours, options, condition) in [
        ("matrix", 500, "matrix", &["--cells"][..], ""),
        ("sum", 3000, "form", &[], ""),
        ("slips", 1000, "slips", &[], found),
    ] {
        let Some((province, n)) = near(bodies, condition) else { continue };
        let (region, year) = (format!("{province}0000"), year.to_string());
        let ending = if what == "slips" { "" } else { ".xlsx" };
        let path = dir.join(format!("{what}{ending}"));
        let mut command = export(db, &path);
        command.arg(ours).args(options).args(["--region", &region, "--year", &year]);
        // the form of a region is that of its units; the others list a summary's bodies themselves
        if what == "matrix" {
            command.args(all);
        }
        line(&format!("export {ours}, {n} reports"), &mut command, &path);
        let path = dir.join(format!("{what}-peer{ending}"));
        let mut command = peer("office.py");
        command.arg(what).arg(db).args([&province, &year]).arg(&path);
        line(&format!("pandas, {what}, {n} reports"), &mut command, &path);
    }
}

fn head() {
    println!(
        "| program | seconds | of processors | peak memory, MB | files | MB |\n|---|---|---|---|---|---|"
    );
}

/// `export` to a path, its kind still to be named.
fn export(db: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
    command.args(["--quiet", "--db"]).arg(db).arg("--out").arg(out).arg("export");
    command
}

/// A script beside this file.
fn peer(script: &str) -> Command {
    let python = std::env::var("NIANBAO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script));
    command
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
