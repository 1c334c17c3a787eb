//! Who reported, what checks found and where reports came from, as kept and as scanned.

use rusqlite::params;

use super::*;

const RUN: &str = "INSERT INTO check_run VALUES (1, '2024-05-01', '2024-05-01', '0', '', '{}', 3);
    INSERT INTO message VALUES (1, '不平', 'does not add up');";

/// A finding of the report read from a path.
fn find(store: &Store, key: &str, path: &str, (outcome, severity): (&str, &str)) {
    store
        .connection()
        .execute(
            "INSERT INTO finding (key, report_id, check_run_id, rule, outcome, severity, message_id, cells,
             facts_sha256)
             SELECT ?1, r.report_id, 1, 'balance', ?3, ?4, 1, '[]', 'f' FROM v_report AS r
             WHERE r.path = ?2 AND r.is_current = 1",
            params![key, path, outcome, severity],
        )
        .unwrap();
}

fn number(store: &Store, sql: &str) -> i64 {
    store.connection().query_row(sql, [], |r| r.get(0)).unwrap()
}

/// Two cities and a county in two years, the second without one of the cities.
fn attended() -> Store {
    let mut store = store();
    for (path, year, region) in [
        ("a", 2022, "321302"),
        ("b", 2022, "321300"),
        ("c", 2022, "320500"),
        ("d", 2023, "321302"),
        ("e", 2023, "321300"),
    ] {
        let mut report = report(path, year, region, Scope::Own, ["5", "2", "1", "0", "8"]);
        report.published = Some(format!("{}-04-05", year + 1));
        write(&mut store, &report);
    }
    store
}

#[test]
fn who_reported_is_kept_as_it_is_scanned() {
    let mut store = attended();
    assert_kept(&mut store);
    let missing = "SELECT COUNT(*) FROM v_expected WHERE state = 'missing'";
    assert_eq!(number(&store, missing), 1, "who reported the year before");
    assert_eq!(number(&store, "SELECT SUM(late) FROM v_attended"), 5);
    // it comes; another source of one differs
    write(&mut store, &report("f", 2023, "320500", Scope::Own, ["1", "0", "0", "0", "1"]));
    assert_eq!(number(&store, missing), 0, "at once");
    write(&mut store, &report("g", 2023, "320500", Scope::Own, ["2", "0", "0", "0", "2"]));
    assert_eq!(number(&store, "SELECT SUM(twice) FROM v_attended"), 1);
    assert_kept(&mut store);
    // its file says the same as the other
    let mut same = report("g", 2023, "320500", Scope::Own, ["1", "0", "0", "0", "1"]);
    same.source.sha256.push_str("same");
    write(&mut store, &same);
    assert_eq!(number(&store, "SELECT SUM(twice) FROM v_attended"), 0);
    assert_kept(&mut store);
    // a file that is of another year now
    let mut moved = report("a", 2021, "321302", Scope::Own, ["5", "2", "1", "0", "8"]);
    moved.source.sha256.push_str("moved");
    write(&mut store, &moved);
    assert_kept(&mut store);
}

#[test]
fn a_list_of_expected_bodies_and_a_body_that_appears_are_seen_at_once() {
    let mut store = attended();
    store.renew_expectations().unwrap();
    let body = crate::region::ExpectedBody {
        key: "320500/Some(Aggregate)".to_owned(),
        name: "苏州".to_owned(),
        kind: crate::region::Kind::Government,
        region_code: Some("320500".to_owned()),
        township_code: None,
        scope: Scope::Aggregate,
        first_year: Some(2020),
        last_year: Some(2023),
    };
    store.put_expected(&[body]).unwrap();
    assert_kept(&mut store);
    let named = "SELECT COUNT(*) FROM v_expected WHERE organ = '苏州' AND state = 'missing'";
    assert_eq!(number(&store, named), 4);
    // of the years in which it did not report, too, the store knows its name by now
    write(&mut store, &report("h", 2023, "320500", Scope::Aggregate, ["1", "0", "0", "0", "1"]));
    assert_eq!(number(&store, named), 0);
    assert_kept(&mut store);
    store.put_expected(&[]).unwrap();
    assert_kept(&mut store);
    assert_eq!(number(&store, "SELECT COUNT(*) FROM attendance WHERE year = 2020"), 0);
}

#[test]
fn findings_are_counted_as_they_are_decided() {
    let mut store = attended();
    assert_kept(&mut store);
    store.connection().execute_batch(RUN).unwrap();
    for (key, path, said) in [
        ("1", "a", ("fail", "error")),
        ("2", "a", ("fail", "warning")),
        ("3", "b", ("fail", "error")),
        ("4", "b", ("not_assessable", "error")),
        ("5", "c", ("fail", "info")),
    ] {
        find(&store, key, path, said);
    }
    let checked = "INSERT INTO report_check SELECT r.report_id, 1, 0, 0 FROM v_report AS r";
    store.connection().execute(checked, []).unwrap();
    assert_kept(&mut store);
    store.connection().execute("UPDATE report_check SET bodies = 1", []).unwrap();
    let states = |store: &Store| {
        let sums =
            "SELECT SUM(with_errors) * 100 + SUM(clean) * 10 + SUM(unchecked) FROM v_attended";
        number(store, sums)
    };
    assert_eq!(states(&store), 230);
    assert_kept(&mut store);
    let dismissed = |store: &Store| {
        number(store, "SELECT SUM(dismissed) FROM v_place_finding WHERE place_level = 1")
    };
    store.decide("1", false, "笔误", "某人").unwrap();
    assert_eq!((states(&store), dismissed(&store)), (140, 1));
    assert_kept(&mut store);
    store.decide("1", true, "确有其误", "某人").unwrap();
    assert_eq!((states(&store), dismissed(&store)), (230, 0));
    assert_kept(&mut store);
    store.decide("1", false, "笔误", "某人").unwrap();
    // the facts changed: the decision lapses
    store
        .connection()
        .execute("UPDATE finding SET facts_sha256 = 'g' WHERE key = '1'", [])
        .unwrap();
    assert_eq!((states(&store), dismissed(&store)), (230, 0));
    assert_kept(&mut store);
    store.connection().execute("DELETE FROM decision WHERE finding_key = '1'", []).unwrap();
    assert_kept(&mut store);
    for gone in ["1", "4"] {
        store.connection().execute("DELETE FROM finding WHERE key = ?1", [gone]).unwrap();
    }
    assert_eq!(states(&store), 140);
    assert_kept(&mut store);
    // a revision has no findings yet
    let mut revised = report("b", 2022, "321300", Scope::Own, ["5", "3", "1", "0", "9"]);
    revised.source.sha256.push_str("revised");
    write(&mut store, &revised);
    assert_eq!(number(&store, "SELECT SUM(with_errors) FROM v_attended"), 0);
    assert_kept(&mut store);
}

#[test]
fn figures_that_are_mended_in_place_are_summed_anew() {
    let mut store = attended();
    assert_kept(&mut store);
    store
        .connection()
        .execute("UPDATE report_figure SET review_corrected = 3 WHERE year = 2023", [])
        .unwrap();
    let most = "SELECT MAX(most) FROM v_place_measure WHERE measure = 'review-corrected'";
    assert_eq!(number(&store, most), 3);
    store.renew_places().unwrap();
    assert_eq!(number(&store, most), 3);
    assert_eq!(number(&store, "SELECT COUNT(*) FROM place_due"), 0);
}

/// Makes of a database one of version 5: figures without their place, nothing of the rest.
fn unkept(conn: &Connection) {
    let mut names = conn
        .prepare("SELECT type, name FROM sqlite_schema WHERE type IN ('view', 'trigger')")
        .unwrap();
    let names: Vec<(String, String)> = names
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for (kind, name) in names {
        conn.execute_batch(&format!("DROP {kind} IF EXISTS {name}")).unwrap();
    }
    for kept in [
        "attendance",
        "attendance_wait",
        "coverage",
        "coverage_wait",
        "finding_wait",
        "place_finding",
        "place_mark",
        "place_measure",
        "report_found",
        "source_wait",
        "year_source",
    ] {
        conn.execute_batch(&format!("DROP TABLE {kept}")).unwrap();
    }
    conn.execute_batch("CREATE TABLE figures AS SELECT * FROM report_figure; DROP TABLE report_figure;
        ALTER TABLE figures RENAME TO report_figure; ALTER TABLE report_figure DROP COLUMN place_code;
        PRAGMA user_version = 5;")
        .unwrap();
}

#[test]
fn a_database_of_version_5_gets_what_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("five.db");
    let mut store = Store::open(&path, &Forms::builtin()).unwrap();
    store.put_regions([fixture::region("321302", "321302", 3)].iter()).unwrap();
    write(&mut store, &report("a", 2022, "321302", Scope::Own, ["5", "2", "1", "0", "8"]));
    store.connection().execute_batch(RUN).unwrap();
    find(&store, "1", "a", ("fail", "error"));
    store.renew_expectations().unwrap();
    let all = |store: &Store| -> Vec<i64> {
        let kept = [
            "report_figure",
            "report_found",
            "attendance",
            "coverage",
            "place_finding",
            "year_source",
            "place_measure",
        ];
        kept.map(|kept| number(store, &format!("SELECT COUNT(*) FROM {kept}"))).to_vec()
    };
    store.renew_places().unwrap();
    let before = all(&store);
    assert!(before.iter().all(|count| *count > 0), "{before:?}");
    unkept(store.connection());
    store.close().unwrap();
    let mut store = Store::open(&path, &Forms::builtin()).unwrap();
    assert_eq!(all(&store), before);
    assert_eq!(number(&store, "SELECT COUNT(*) FROM place_due"), 0);
    assert_kept(&mut store);
}
