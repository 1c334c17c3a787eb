//! The analyses, each in a process of its own: the whole command, its start included.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nianbao::store;

/// What each is asked; `BODY` and `OTHER` are names.
const ASKED: [&[&str]; 13] = [
    &["trend", "--metric", "disclosure-rate"],
    &["trend", "--metric", "applications-received", "--by", "region"],
    &["correction-rate"],
    &["correction-rate", "--by", "level"],
    &["compare", "BODY", "OTHER"],
    &["rank", "--metric", "disclosure-rate"],
    &["benchmark", "BODY"],
    &["outliers", "--metric", "disclosure-rate"],
    &["breakdown", "refusals"],
    &["breakdown", "applicants"],
    &["cohort", "--metric", "disclosure-rate"],
    &["correlate", "--metric", "disclosure-rate", "--metric", "refusal-rate"],
    &["forecast", "--metric", "applications-received"],
];

/// Runs all and prints seconds and peak memory of each.
pub fn all(db: &Path) {
    let names: Vec<String> = {
        let conn = store::open_read_only(db).unwrap();
        let sql = "SELECT o.name FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
            WHERE r.scope = 'own' GROUP BY o.id ORDER BY MIN(r.id) LIMIT 2";
        let mut select = conn.prepare(sql).unwrap();
        select.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
    };
    println!("\n| analysis | seconds | peak MB |\n|---|---|---|");
    for words in ASKED {
        let words = words.iter().map(|word| match *word {
            "BODY" => names[0].as_str(),
            "OTHER" => names[1].as_str(),
            word => word,
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
        command.arg("--db").arg(db).arg("analyze").args(words.clone());
        let (seconds, peak, done) = measured(&mut command);
        let words: Vec<&str> = words.collect();
        let failed = if done { "" } else { " (no answer)" };
        println!("| `{}`{failed} | {seconds:.2} | {peak} |", words.join(" "));
    }
}

/// Seconds, peak memory in MB as far as the system tells, and whether it succeeded.
fn measured(command: &mut Command) -> (f64, u64, bool) {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        peak = peak.max(line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) >> 10);
        if let Some(status) = child.try_wait().unwrap() {
            return (start.elapsed().as_secs_f64(), peak, status.success());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
