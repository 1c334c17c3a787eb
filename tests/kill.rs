//! A load that is killed leaves whole reports only, and the same command continues it.

mod common;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::synth::{Random, Synth};
use rusqlite::Connection;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

fn load(folder: &Path, db: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
    command
        .arg("load")
        .arg(folder)
        .arg("--db")
        .arg(db)
        .arg("--quiet")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Every table of the database as text, but for the runs and the inner tables of the index.
fn content(db: &Path) -> Vec<String> {
    let conn = Connection::open(db).unwrap();
    let strings = |sql: &str| -> Vec<String> {
        let mut statement = conn.prepare(sql).unwrap();
        let n = statement.column_count();
        let rows = statement.query_map([], |r| {
            (0..n)
                .map(|i| Ok(format!("{:?}", r.get_ref(i)?)))
                .collect::<Result<Vec<_>, _>>()
                .map(|v| v.join("|"))
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    };
    let tables = strings(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'section_index%'
         AND name NOT LIKE 'sqlite%' AND name NOT IN ('load_run', 'source') ORDER BY name",
    );
    let mut out = strings("SELECT id, path, sha256, size, content FROM source ORDER BY id");
    for table in tables {
        let name = table.split('"').nth(1).map_or_else(|| text(&table), str::to_owned);
        out.push(name.clone());
        let mut rows = strings(&format!("SELECT * FROM {name}"));
        rows.sort_unstable();
        out.extend(rows);
    }
    out.extend(strings("SELECT rowid FROM section_index WHERE section_index MATCH '\"培训\"'"));
    out
}

/// `Text([98, 97])` as rusqlite shows it, back as text.
fn text(debug: &str) -> String {
    let bytes = debug.trim_start_matches("Text([").trim_end_matches("])");
    bytes.split(", ").map(|b| char::from(b.parse::<u8>().unwrap())).collect()
}

/// What must hold of a database whenever the load died.
fn assert_whole(db: &Path) -> i64 {
    let conn = Connection::open(db).unwrap();
    let one = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    let check: String = conn.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!(check, "ok");
    let orphans = one("SELECT COUNT(*) FROM pragma_foreign_key_check");
    assert_eq!(orphans, 0);
    if one("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'report'") == 0 {
        return 0;
    }
    let torn = one("SELECT COUNT(*) FROM report AS r WHERE
            (SELECT COUNT(*) FROM section AS s WHERE s.report_id = r.id) <> 6
            OR (SELECT COUNT(*) FROM case_total AS c WHERE c.report_id = r.id) <> 2
            OR NOT EXISTS (SELECT 1 FROM report_cell_json AS j WHERE j.report_id = r.id)
            OR (SELECT COUNT(*) FROM form_row AS d WHERE d.edition = r.edition) <>
               (SELECT COUNT(*) FROM application_fact AS f WHERE f.report_id = r.id)
               + (SELECT COUNT(*) FROM challenge_fact AS f WHERE f.report_id = r.id)
               + (SELECT COUNT(*) FROM disclosure_fact AS f WHERE f.report_id = r.id)
               + (SELECT COUNT(*) FROM statistic_fact AS f WHERE f.report_id = r.id)");
    assert_eq!(torn, 0, "reports that are not whole");
    one("SELECT COUNT(*) FROM report")
}

#[test]
fn a_killed_load_leaves_whole_reports_and_goes_on() {
    let (files, kills) = (setting("NIANBAO_KILL_FILES", 300), setting("NIANBAO_KILLS", 4));
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("reports");
    std::fs::create_dir(&folder).unwrap();
    let synth = Synth::default();
    for number in 0..files {
        let (page, kind) = synth.page(number);
        std::fs::write(folder.join(format!("{number:05}.{kind}")), page).unwrap();
    }
    let whole = dir.path().join("whole.db");
    let start = Instant::now();
    assert!(load(&folder, &whole).status().unwrap().success());
    let undisturbed = start.elapsed();
    assert_eq!(assert_whole(&whole), files as i64);
    let expected = content(&whole);

    let mut random = Random::new(files + kills);
    let mut partial = 0;
    for kill in 0..kills {
        let db = dir.path().join(format!("killed-{kill}.db"));
        let mut child = load(&folder, &db).spawn().unwrap();
        let moment = undisturbed.mul_f64(random.below(1000) as f64 / 1000.0);
        std::thread::sleep(moment.max(Duration::from_millis(1)));
        child.kill().unwrap();
        child.wait().unwrap();
        if db.exists() {
            let there = assert_whole(&db);
            partial += usize::from(there > 0 && there < files as i64);
        }
        assert!(load(&folder, &db).status().unwrap().success());
        let found = content(&db);
        let differs = found.iter().zip(&expected).position(|(a, b)| a != b);
        assert_eq!(differs.map(|i| (&found[i], &expected[i])), None, "killed after {moment:?}");
        assert_eq!(found.len(), expected.len());
        std::fs::remove_file(&db).unwrap();
    }
    println!("{partial} of {kills} kills hit a load half done ({undisturbed:?} undisturbed)");
}
