//! Runs the real program on folders of documents and reads what it found.

use std::collections::BTreeMap;
use std::path::Path;

use assert_cmd::Command;
use serde::Deserialize;

/// An outcome as `check --format json` gives it, as far as the trial asks.
#[derive(Debug, Clone, Deserialize)]
pub struct Outcome {
    pub rule: String,
    pub severity: String,
    pub outcome: String,
    pub message: String,
    pub report: Source,
    pub cells: Vec<String>,
    pub found: serde_json::Value,
    pub repair: serde_json::Value,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Source {
    pub path: String,
}

impl Outcome {
    pub fn fails(&self) -> bool {
        self.outcome == "fail"
    }

    /// Whether it accuses a report of something.
    pub fn accuses(&self) -> bool {
        self.fails() && self.severity != "info"
    }
}

/// Outcomes by the stem of the file.
pub type Found = BTreeMap<String, Vec<Outcome>>;

fn run(args: &[&str]) -> (i32, Vec<u8>) {
    let mut command = Command::cargo_bin("nianbao").unwrap();
    for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
        command.env_remove(name);
    }
    let output = command.env("LC_ALL", "zh_CN.UTF-8").args(args).output().unwrap();
    let code = output.status.code().unwrap();
    assert!(code < 2, "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    (code, output.stdout)
}

fn by_file(json: &[u8]) -> Found {
    let outcomes: Vec<Outcome> = serde_json::from_slice(json).unwrap();
    let mut found = Found::new();
    for outcome in outcomes {
        let stem = Path::new(&outcome.report.path).file_stem().unwrap();
        found.entry(stem.to_string_lossy().into_owned()).or_default().push(outcome);
    }
    found
}

/// Checks the documents of a folder by themselves.
pub fn check_files(dir: &Path) -> Found {
    let dir = dir.to_string_lossy();
    by_file(&run(&["check", &dir, "--format", "json", "--all", "--fail-on", "never", "--quiet"]).1)
}

/// Loads the documents of a folder, with more arguments.
pub fn load(db: &Path, dir: &Path, more: &[&str]) {
    let (db, dir) = (db.to_string_lossy(), dir.to_string_lossy());
    let mut args = vec!["load", &dir, "--db", &db, "--quiet"];
    args.extend(more);
    assert_eq!(run(&args).0, 0, "{args:?}");
}

/// Checks a database.
pub fn check_database(db: &Path) -> Found {
    let db = db.to_string_lossy();
    let args = ["check", "--db", &db, "--format", "json", "--all", "--fail-on", "never", "--quiet"];
    by_file(&run(&args).1)
}

/// Gives a database the list of bodies that are to report.
pub fn expect(db: &Path, list: &Path) {
    let (db, list) = (db.to_string_lossy(), list.to_string_lossy());
    assert_eq!(run(&["expect", &list, "--db", &db, "--quiet"]).0, 0);
}
