//! Full-text search holds what `LIKE` finds, width and script folded.

use super::*;

#[test]
fn search_finds_what_like_finds() {
    let mut store = store();
    let texts = [
        "本年收到行政复议3件，均已办结。",
        "未收到申请；A1信访100%办结",
        "复 议",
        "议",
        "100 percent",
    ];
    for (i, text) in texts.iter().enumerate() {
        let mut r = report(&format!("{i}"), 2000 + i as i32, "321302", Scope::Own, ["0"; 5]);
        r.sections[0].text = (*text).to_owned();
        write(&mut store, &r);
    }
    let conn = store.connection();
    for word in [
        "复议",
        "议",
        "行政复议",
        "a1信",
        "100%",
        "0",
        "，",
        "办结。",
        "没有",
        "年收到行政复",
        "_",
        "1信访1",
    ] {
        let (hits, total) = search(conn, word, 100).unwrap();
        let escaped = word.replace('%', "\\%").replace('_', "\\_");
        let mut like =
            conn.prepare("SELECT report_id FROM section WHERE text LIKE ?1 ESCAPE '\\'").unwrap();
        let mut like: Vec<i64> = like
            .query_map([format!("%{escaped}%")], |r| r.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let mut found: Vec<i64> = hits.iter().map(|h| h.report_id).collect();
        like.sort_unstable();
        found.sort_unstable();
        assert_eq!((&found, total), (&like, like.len()), "{word}");
    }
}

#[test]
fn search_folds_width_and_script() {
    let mut store = store();
    for (year, text) in [(2020, "收到行政複議3件（ＡＩ办理）"), (2021, "收到行政复议3件(AI办理)")]
    {
        let mut r = report(&format!("{year}"), year, "321302", Scope::Own, ["0"; 5]);
        r.sections[0].text = text.to_owned();
        write(&mut store, &r);
    }
    let conn = store.connection();
    let all = |conn: &Connection| {
        for word in ["复议", "複議", "行政複議", "ai", "ＡＩ", "(ai办", "（ＡＩ", "議", "（"]
        {
            let (hits, total) = search(conn, word, 10).unwrap();
            assert_eq!((hits.len(), total), (2, 2), "{word}");
        }
    };
    all(conn);
    let (hits, _) = search(conn, "复议", 10).unwrap();
    assert_eq!(hits[1].snippet, "收到行政複議3件（ＡＩ办理）", "shown as it stands");
    for _ in 0..2 {
        search::rebuild(conn).unwrap();
        all(conn);
    }
}

#[test]
fn an_older_index_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.db");
    let mut store = Store::open(&path, &Forms::builtin()).unwrap();
    store.put_regions([fixture::region("321302", "321302", 3)].iter()).unwrap();
    let mut r = report("a", 2020, "321302", Scope::Own, ["0"; 5]);
    r.sections[0].text = "收到複議".to_owned();
    write(&mut store, &r);
    store.commit().unwrap();
    // as it was before: the pairs of the text as it stands
    let conn = store.connection();
    conn.execute("INSERT INTO section_index (section_index) VALUES ('delete-all')", []).unwrap();
    conn.execute("INSERT INTO section_index (rowid, pairs) VALUES (1, '收到 到複 複議 議')", [])
        .unwrap();
    assert_eq!(search(conn, "复议", 10).unwrap().1, 0);
    conn.execute_batch(
        "DROP TRIGGER report_named; DROP TRIGGER organ_moved;
         DROP TRIGGER decision_added; DROP TRIGGER decision_removed; DROP TRIGGER source_changed;
         DROP VIEW place_finding_due; DROP VIEW v_place_finding; DROP VIEW finding_open;
         DROP VIEW report_twice; DROP VIEW coverage_due; DROP VIEW v_attended;
         DROP VIEW v_coverage; DROP VIEW v_expected; DROP VIEW v_finding; DROP VIEW v_report;
         DROP TABLE finding; DROP INDEX parse_finding_by_report;
         ALTER TABLE parse_finding RENAME TO finding; ALTER TABLE finding DROP COLUMN message_en;
         CREATE INDEX finding_by_report ON finding (report_id);
         DROP VIEW held_report; ALTER TABLE source DROP COLUMN is_last; PRAGMA user_version = 2;",
    )
    .unwrap();
    store.close().unwrap();
    let store = Store::open(&path, &Forms::builtin()).unwrap();
    assert_eq!(search(store.connection(), "复议", 10).unwrap().1, 1);
}
