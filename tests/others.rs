//! Other programs open the file: SQLite as Debian and Python bring it is some years old.

use std::process::Command;

/// Reads every table and view, and counts the reports.
const SCRIPT: &str = "
import sqlite3, sys
conn = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
names = [r[0] for r in conn.execute(\"SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')\")]
assert len(names) > 30, names
for name in names:
    conn.execute(f'SELECT * FROM \"{name}\" LIMIT 1').fetchall()
print(conn.execute(\"SELECT COUNT(*) FROM v_case WHERE proceeding = 'review'\").fetchone()[0])
";

#[test]
fn python_reads_every_table_and_view() {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("NIANBAO_CORPUS").is_none(), "CI has Python");
        eprintln!("skipped: no python3");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("nianbao.db");
    let load = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["load", "examples/reports", "--quiet", "--db"])
        .arg(&db)
        .output()
        .unwrap();
    assert!(load.status.success(), "{}", String::from_utf8_lossy(&load.stderr));
    let python = Command::new("python3").arg("-c").arg(SCRIPT).arg(&db).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    let count: usize = String::from_utf8_lossy(&python.stdout).trim().parse().unwrap();
    assert!(count >= 15, "{count}");
}
