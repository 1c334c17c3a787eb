//! The canned queries against the same worked out anew by another program, from the raw tables.

mod common;

use std::path::Path;
use std::process::Command;

#[test]
fn python_works_out_the_same() {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("NIANBAO_CORPUS").is_none(), "CI has Python");
        eprintln!("skipped: no python3");
        return;
    }
    let program = env!("CARGO_BIN_EXE_nianbao");
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("nianbao.db");
    let mut load = Command::new(program);
    load.args(["load", "--quiet", "--db"]).arg(&db).arg("examples/reports");
    if let Some(corpus) = common::corpus() {
        load.arg(corpus.join("full"));
    }
    let load = load.output().unwrap();
    assert!(load.status.success(), "{}", String::from_utf8_lossy(&load.stderr));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries.py");
    let python = Command::new("python3").arg(script).arg(program).arg(&db).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let compared: usize = String::from_utf8_lossy(&python.stdout).trim().parse().unwrap();
    assert!(compared > 150, "{compared}");
}
