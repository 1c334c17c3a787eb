mod kept;
mod printed;
mod searching;

use std::path::Path;

use super::*;
use crate::report::{Report, Scope};

/// A report of the 2021 form in which review and lawsuit lines are given and all else is missing.
fn report(path: &str, year: i32, region: &str, scope: Scope, review: [&str; 5]) -> Report {
    let mut cells = Vec::new();
    for row in ["review", "litigation_direct", "litigation_after_review"] {
        let columns = ["upheld", "corrected", "other", "pending", "total"];
        for (column, raw) in columns.iter().zip(review) {
            let raw = if row == "review" { raw } else { "0" };
            cells.push((format!("challenges/{row}/{column}"), raw.to_owned()));
        }
    }
    fixture::report("2021", path, (year, region, scope), &cells)
}

fn organ(report: &Report) -> OrganRecord {
    let region = report.region_code.clone().unwrap();
    OrganRecord {
        key: format!("{region}/{:?}", report.scope),
        name: region.clone(),
        kind: "government",
        region_code: Some(region),
        township_code: None,
    }
}

fn store() -> Store {
    let mut store = Store::in_memory(&Forms::builtin()).unwrap();
    let region = |code, level| fixture::region(code, code, level);
    store
        .put_regions(
            [region("320000", 1), region("321300", 2), region("321302", 3), region("320500", 2)]
                .iter(),
        )
        .unwrap();
    store
}

fn write(store: &mut Store, report: &Report) -> Outcome {
    store.write(report, &organ(report), None, Some(b"bytes")).unwrap().outcome
}

/// What is kept for questions is what a fresh scan of the reports gives, while some of it waits to
/// be worked out, when none does, and when all does.
fn assert_kept(store: &mut Store) {
    fn rows(store: &Store, sql: &str) -> Vec<String> {
        let mut s = store.connection().prepare(sql).unwrap();
        let n = s.column_count();
        let text = |r: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
            (0..n).map(|i| Ok(format!("{:?} ", r.get_ref(i)?))).collect()
        };
        let mut rows: Vec<String> =
            s.query_map([], text).unwrap().collect::<Result<_, _>>().unwrap();
        rows.sort();
        rows
    }
    let scanned = rows(
        store,
        "SELECT f.* FROM report AS r CROSS JOIN figure_of_report AS f ON f.report_id = r.id
         WHERE r.is_current = 1",
    );
    assert_eq!(rows(store, "SELECT * FROM report_figure"), scanned);
    let found = "SELECT report_id, SUM(severity = 'error'), SUM(severity = 'warning')
        FROM finding_open WHERE severity <> 'info' GROUP BY report_id";
    let kept = "SELECT * FROM report_found WHERE errors > 0 OR warnings > 0";
    assert_eq!(rows(store, kept), rows(store, found));
    let sums = |store: &Store| {
        [
            "v_place_figure",
            "v_place_breakdown",
            "v_place_line",
            "v_place_mark",
            "v_place_measure",
            "v_place_finding",
            "v_year_source",
            "v_attendance",
            "v_attended",
            "v_coverage",
        ]
        .map(|view| rows(store, &format!("SELECT * FROM {view}")))
    };
    store.put_expectations().unwrap();
    let some_due = sums(store);
    store.renew_places().unwrap();
    store.put_kept().unwrap();
    for waits in ["place_due", "attendance_wait", "coverage_wait", "finding_wait", "source_wait"] {
        assert_eq!(rows(store, &format!("SELECT * FROM {waits}")), [""; 0]);
    }
    let kept = sums(store);
    store.all_places_due().unwrap();
    store.all_wait().unwrap();
    let scanned = sums(store);
    store.renew_places().unwrap();
    store.put_kept().unwrap();
    assert!(!kept[0].is_empty());
    for ((some_due, kept), scanned) in some_due.iter().zip(&kept).zip(&scanned) {
        assert_eq!(some_due, kept);
        assert_eq!(kept, scanned);
    }
}

#[test]
fn outcomes_follow_path_and_cells() {
    let mut store = store();
    let first = report("a.txt", 2023, "321302", Scope::Own, ["5", "2", "1", "0", "8"]);
    assert_eq!(write(&mut store, &first), Outcome::Loaded);
    assert_eq!(write(&mut store, &first), Outcome::Unchanged);
    let elsewhere = report("b.txt", 2023, "321302", Scope::Own, ["5", "2", "1", "0", "8"]);
    assert_eq!(write(&mut store, &elsewhere), Outcome::FurtherSource);
    let revised = report("a.txt", 2023, "321302", Scope::Own, ["5", "3", "1", "0", "9"]);
    assert_eq!(write(&mut store, &revised), Outcome::Revised);
    let other = report("c.txt", 2023, "321302", Scope::Own, ["1", "0", "0", "0", "1"]);
    assert_eq!(write(&mut store, &other), Outcome::Duplicate);
    assert_kept(&mut store);
    let corrected: i64 = store
        .connection()
        .query_row(
            "SELECT corrected FROM v_case WHERE proceeding = 'review' AND year = 2023",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(corrected, 3, "the revision is current, the duplicate is not");
}

#[test]
fn a_file_set_back_to_what_it_was_is_a_revision() {
    let mut store = store();
    let first = report("a.txt", 2023, "321302", Scope::Own, ["5", "2", "1", "0", "8"]);
    let second = report("a.txt", 2023, "321302", Scope::Own, ["5", "3", "1", "0", "9"]);
    for report in [&first, &second] {
        write(&mut store, report);
    }
    assert_eq!(write(&mut store, &first), Outcome::Revised);
    assert_eq!(write(&mut store, &first), Outcome::Unchanged);
    let sql = "SELECT MAX(report_id), MAX(revision), SUM(is_current) FROM v_report";
    let seen: (i64, i64, i64) =
        store.connection().query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    assert_eq!(seen, (3, 3, 1));
    let sql = "SELECT corrected FROM v_case WHERE proceeding = 'review'";
    assert_eq!(store.connection().query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap(), 2);
    assert_kept(&mut store);
}

#[test]
fn what_a_file_said_of_another_body_counts_no_more() {
    let mut store = store();
    let city = report("a", 2023, "321300", Scope::Aggregate, ["9", "9", "9", "9", "36"]);
    let again = report("b", 2023, "321300", Scope::Aggregate, ["8", "9", "9", "9", "35"]);
    let bureau = report("c", 2023, "321302", Scope::Own, ["1", "1", "1", "1", "4"]);
    for report in [&city, &again, &bureau] {
        write(&mut store, report);
    }
    let rows = |store: &Store| -> Vec<(String, i64, i64)> {
        let sql = "SELECT path, is_current, covered_depth FROM v_report ORDER BY report_id";
        let mut s = store.connection().prepare(sql).unwrap();
        let rows = s.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let row = |path: &str, current, depth| (path.to_owned(), current, depth);
    assert_eq!(rows(&store), [row("a", 1, 0), row("b", 0, 0), row("c", 1, 2)]);

    // the other file that says something of the city takes its place
    let county = report("a", 2023, "321302", Scope::Aggregate, ["3", "3", "3", "3", "12"]);
    let written = store.write(&county, &organ(&county), None, Some(b"bytes")).unwrap();
    assert_eq!(written.outcome, Outcome::Loaded);
    let left: Vec<&str> = written.left.iter().map(|filed| filed.organ.as_str()).collect();
    assert_eq!(left, ["321300"]);
    let b = |current| row("b", current, 0);
    assert_eq!(rows(&store), [row("a", 0, 0), b(1), row("c", 1, 3), row("a", 1, 2)]);
    assert_kept(&mut store);

    // and when that leaves it, too, nobody stands for the bodies below
    let other = report("b", 2024, "320500", Scope::Own, ["2", "2", "2", "2", "8"]);
    write(&mut store, &other);
    let rows = rows(&store);
    assert_eq!(rows[..3], [row("a", 0, 0), b(0), row("c", 1, 3)]);
    assert_eq!(rows[3..], [row("a", 1, 0), row("b", 1, 0)]);
    assert_kept(&mut store);
}

#[test]
fn a_report_that_another_file_holds_stays_when_its_file_says_something_else() {
    let mut store = store();
    let cells = ["5", "2", "1", "0", "8"];
    write(&mut store, &report("a", 2023, "321302", Scope::Own, cells));
    write(&mut store, &report("b", 2023, "321302", Scope::Own, cells));
    let other = report("a", 2023, "320500", Scope::Own, ["1", "0", "0", "0", "1"]);
    let written = store.write(&other, &organ(&other), None, Some(b"bytes")).unwrap();
    assert_eq!(written.outcome, Outcome::Loaded);
    assert!(written.left.is_empty() && written.lapsed.is_empty());
    let sql = "SELECT COUNT(*) FROM v_report WHERE is_current = 1";
    assert_eq!(store.connection().query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap(), 2);
}

#[test]
fn a_file_that_is_of_one_body_another_and_the_first_again_counts_for_that() {
    let mut store = store();
    let first = report("a", 2023, "321302", Scope::Own, ["5", "2", "1", "0", "8"]);
    let other = report("a", 2023, "320500", Scope::Own, ["1", "0", "0", "0", "1"]);
    let current = |store: &Store| -> Vec<String> {
        let sql = "SELECT organ FROM v_report WHERE is_current = 1 ORDER BY organ";
        let mut s = store.connection().prepare(sql).unwrap();
        s.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    for (report, outcome) in [
        (&first, Outcome::Loaded),
        (&other, Outcome::Loaded),
        (&first, Outcome::Revised),
        (&other, Outcome::Revised),
    ] {
        assert_eq!(write(&mut store, report), outcome);
        assert_eq!(current(&store), [report.region_code.clone().unwrap()]);
        assert_kept(&mut store);
    }
    // what it said of the first is no report that another file could be a further source of
    let mut beside = first.clone();
    beside.source.path = "b".to_owned();
    assert_eq!(write(&mut store, &beside), Outcome::Loaded);
    assert_eq!(current(&store), ["320500", "321302"]);
    assert_eq!(write(&mut store, &beside), Outcome::Unchanged);
}

#[test]
fn a_duplicate_that_comes_to_count_is_covered_like_others() {
    let mut store = store();
    let bureau = report("a", 2023, "321302", Scope::Own, ["1", "1", "1", "1", "4"]);
    let again = report("b", 2023, "321302", Scope::Own, ["2", "1", "1", "1", "5"]);
    let city = report("c", 2023, "321300", Scope::Aggregate, ["9", "9", "9", "9", "36"]);
    let other = report("a", 2023, "320500", Scope::Own, ["3", "0", "0", "0", "3"]);
    for report in [&bureau, &again, &city, &other] {
        write(&mut store, report);
    }
    let sql = "SELECT is_current, covered_depth FROM v_report WHERE path = 'b'";
    let seen: (i64, i64) =
        store.connection().query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    assert_eq!(seen, (1, 2));
    assert_kept(&mut store);
}

#[test]
fn several_reports_parsed_elsewhere_may_have_one_source() {
    let mut store = store();
    let cells = ["5", "2", "1", "0", "8"];
    let reports = ["321302", "320500"].map(|region| {
        let mut report = report("all.pdf", 2023, region, Scope::Own, cells);
        report.source.sha256 = "0".repeat(64);
        report
    });
    let mut write =
        |report: &Report, bytes| store.write(report, &organ(report), None, bytes).unwrap().outcome;
    assert_eq!(reports.each_ref().map(|r| write(r, None)), [Outcome::Loaded; 2]);
    assert_eq!(reports.each_ref().map(|r| write(r, None)), [Outcome::Unchanged; 2]);
    // the document itself adds its bytes
    assert_eq!(write(&reports[1], Some(b"bytes")), Outcome::Unchanged);
    let sql = "SELECT COUNT(*) FROM source WHERE content IS NOT NULL AND size = 5";
    assert_eq!(store.connection().query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn the_later_published_of_two_sources_is_current() {
    let mut store = store();
    let mut early = report("a.txt", 2023, "321302", Scope::Own, ["5", "2", "1", "0", "8"]);
    early.published = Some("2024-01-10".to_owned());
    let mut late = report("b.txt", 2023, "321302", Scope::Own, ["6", "2", "1", "0", "9"]);
    late.published = Some("2024-01-20".to_owned());
    write(&mut store, &early);
    assert_eq!(write(&mut store, &late), Outcome::Duplicate);
    let path: String = store
        .connection()
        .query_row("SELECT path FROM v_report WHERE is_current = 1", [], |r| r.get(0))
        .unwrap();
    assert_eq!(path, "b.txt");
    assert_kept(&mut store);
}

#[test]
fn a_summary_stands_for_the_bodies_under_it_whatever_comes_first() {
    let city = report("city", 2023, "321300", Scope::Aggregate, ["9", "9", "9", "9", "36"]);
    let county = report("county", 2023, "321302", Scope::Aggregate, ["3", "3", "3", "3", "12"]);
    let bureau = report("bureau", 2023, "321302", Scope::Own, ["1", "1", "1", "1", "4"]);
    let other = report("other", 2023, "320500", Scope::Own, ["2", "2", "2", "2", "8"]);
    let next = report("next", 2024, "321302", Scope::Own, ["7", "7", "7", "7", "28"]);
    let all = [&city, &county, &bureau, &other, &next];
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 3, 1, 4]] {
        let mut store = store();
        for i in order {
            write(&mut store, all[i]);
        }
        let mut s = store
            .connection()
            .prepare("SELECT path, covered_depth FROM v_report ORDER BY path")
            .unwrap();
        let depths: Vec<(String, i64)> = s
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let depths: Vec<(&str, i64)> = depths.iter().map(|(p, d)| (p.as_str(), *d)).collect();
        assert_eq!(
            depths,
            [("bureau", 3), ("city", 0), ("county", 2), ("next", 0), ("other", 0)],
            "{order:?}"
        );
        drop(s);
        assert_kept(&mut store);
    }
}

#[test]
fn blank_is_implied_or_unknown_but_never_zero() {
    let mut store = store();
    // 5 + 2 = 7: the blank correction is an implied 0; the other report's blanks say nothing
    write(&mut store, &report("a", 2023, "321302", Scope::Own, ["5", "", "2", "0", "7"]));
    write(&mut store, &report("b", 2023, "320500", Scope::Own, ["", "", "", "", ""]));
    let conn = store.connection();
    let rows: Vec<(Option<i64>, i64)> = conn
        .prepare("SELECT corrected, implied FROM challenge WHERE proceeding = 'review' ORDER BY report_id")
        .unwrap()
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(rows, [(Some(0), 1), (None, 0)]);
    let marks: i64 = conn
        .query_row("SELECT COUNT(*) FROM cell_mark WHERE state = 'blank'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(marks, 6);
    let incomplete: i64 = conn
        .query_row("SELECT SUM(incomplete) FROM v_case WHERE proceeding = 'review'", [], |r| {
            r.get(0)
        })
        .unwrap();
    assert_eq!(incomplete, 1);
}

#[test]
fn a_report_comes_back_as_it_was_written() {
    let mut store = store();
    let mut written = report("a", 2023, "321302", Scope::Own, ["5", "", "/", "0", "七"]);
    written.cells[0].raw = Some("59237.2449".to_owned());
    written.cells[0].value = "59237.2449".parse().ok();
    write(&mut store, &written);
    let found = find_reports(store.connection(), "321302", 2023).unwrap();
    assert_eq!(read_report(store.connection(), found[0].id).unwrap(), written);
}

#[test]
fn the_schema_alone_serves_the_official_editions() {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(SCHEMA_SQL).unwrap();
    for table in Forms::builtin().iter().flat_map(|f| &f.tables) {
        let mut known = conn
            .prepare(&format!("SELECT name FROM pragma_table_info('{}_fact')", table.store))
            .unwrap();
        let known: Vec<String> =
            known.query_map([], |r| r.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        for column in sync::fact_columns(table) {
            assert!(known.contains(&column.name), "{}_fact lacks {}", table.store, column.name);
        }
    }
}

#[test]
fn what_is_not_ours_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("text.db");
    std::fs::write(&text, "this is no database at all, but it is long enough to be taken for one")
        .unwrap();
    assert!(matches!(open_read_only(&text), Err(StoreError::Unusable { .. })));
    assert!(matches!(open_read_only(Path::new("nowhere.db")), Err(StoreError::NotFound(_))));
    let other = dir.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(matches!(Store::open(&other, &Forms::builtin()), Err(StoreError::Unusable { .. })));
    let newer = dir.path().join("newer.db");
    Store::open(&newer, &Forms::builtin()).unwrap().close().unwrap();
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(open_read_only(&newer), Err(StoreError::Newer { found: 99, .. })));
}

/// Every table with its columns, every view and trigger with its text. The inner tables of the
/// full-text index are SQLite's.
fn shape(conn: &Connection) -> Vec<String> {
    let mut statement = conn
        .prepare(
            "SELECT s.type, s.name, IIF(s.type = 'table', c.name || c.type || c.\"notnull\" || c.pk, s.sql)
             FROM sqlite_schema AS s LEFT JOIN pragma_table_info(IIF(s.type = 'table', s.name, '')) AS c
             WHERE s.name NOT LIKE 'sqlite%' AND s.name NOT LIKE 'section_index%' ORDER BY 1, 2, 3",
        )
        .unwrap();
    let rows = statement.query_map([], |r| {
        Ok(format!(
            "{} {} {}",
            r.get::<_, String>(0)?,
            r.get::<_, String>(1)?,
            r.get::<_, Option<String>>(2)?.unwrap_or_default()
        ))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_database_of_version_1_becomes_one_of_today() {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(include_str!("../../tests/fixtures/schema/1.sql")).unwrap();
    conn.pragma_update(None, "user_version", 1).unwrap();
    let store = Store::prepare(conn, Path::new("old.db"), &Forms::builtin()).unwrap();
    assert_eq!(version(store.connection()).unwrap(), SCHEMA_VERSION);
    let fresh = Store::in_memory(&Forms::builtin()).unwrap();
    assert_eq!(shape(store.connection()), shape(fresh.connection()));
    assert!(shape(fresh.connection()).iter().any(|l| l.starts_with("table organ series_id")));
}

#[test]
fn a_users_regions_renew_the_table() {
    let mut store = store();
    let changed = RegionRecord {
        valid: (None, Some(2020)),
        successors: vec!["320500".to_owned()],
        ..fixture::region("321300", "宿迁市", 2)
    };
    for _ in 0..2 {
        store
            .renew_regions([&changed, &fixture::region("110000", "北京市", 1)].into_iter())
            .unwrap();
        let places = store.places().unwrap();
        assert_eq!(places.len(), 5);
        assert_eq!(places["321300"].valid_to, Some(2020));
        assert_eq!(places["321300"].successors, ["320500"]);
    }
}

#[test]
fn a_path_with_other_content_is_a_revision_even_if_another_source_says_the_same() {
    let mut store = store();
    let path = |store: &Store| -> (String, i64) {
        let sql = "SELECT path, revision FROM v_report WHERE is_current = 1";
        store.connection().query_row(sql, [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap()
    };
    let first = report("a.txt", 2023, "321302", Scope::Own, ["5", "2", "1", "0", "8"]);
    let other = report("b.txt", 2023, "321302", Scope::Own, ["1", "0", "0", "0", "1"]);
    write(&mut store, &first);
    assert_eq!(write(&mut store, &other), Outcome::Duplicate);
    assert_eq!(path(&store), ("a.txt".to_owned(), 1));
    // b copied over a
    let mut copied = other.clone();
    copied.source.path = "a.txt".to_owned();
    assert_eq!(write(&mut store, &copied), Outcome::Revised);
    assert_eq!(path(&store), ("a.txt".to_owned(), 2));
    let total: i64 = store
        .connection()
        .query_row("SELECT total FROM v_case WHERE proceeding = 'review'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(total, 1);
    assert_kept(&mut store);
}

#[test]
fn a_summary_without_a_table_stands_for_nobody() {
    let depths = |store: &Store| -> Vec<(String, i64)> {
        let sql = "SELECT path, covered_depth FROM v_report WHERE is_current = 1 ORDER BY path";
        let mut s = store.connection().prepare(sql).unwrap();
        let rows = s.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let empty = |edition: &str| {
        let mut report = fixture::report(edition, "city", (2023, "321300", Scope::Aggregate), &[]);
        report.source.sha256 = format!("empty{edition}");
        report
    };
    let province = report("province", 2023, "320000", Scope::Aggregate, ["9"; 5]);
    let city = report("city", 2023, "321300", Scope::Aggregate, ["9", "9", "9", "9", "36"]);
    let bureau = report("bureau", 2023, "321302", Scope::Own, ["1", "1", "1", "1", "4"]);
    for edition in ["", "2021"] {
        for summary_first in [false, true] {
            let mut store = store();
            if summary_first {
                write(&mut store, &empty(edition));
                write(&mut store, &bureau);
            } else {
                write(&mut store, &bureau);
                write(&mut store, &empty(edition));
            }
            assert_eq!(depths(&store), [("bureau".to_owned(), 0), ("city".to_owned(), 0)]);
            // with a table it does, until a revision without one takes its place
            assert_eq!(write(&mut store, &city), Outcome::Revised);
            assert_eq!(depths(&store)[0].1, 2);
            let mut again = empty(edition);
            again.source.sha256.push_str("again");
            assert_eq!(write(&mut store, &again), Outcome::Revised);
            assert_eq!(depths(&store)[0].1, 0);
            write(&mut store, &province);
            assert_eq!(depths(&store)[0].1, 1);
            assert_kept(&mut store);
            // what an earlier program covered is uncovered
            store
                .connection()
                .execute_batch("UPDATE report SET covered_depth = 2 WHERE region_code = '321302'")
                .unwrap();
            for _ in 0..2 {
                store.uncover_empty().unwrap();
                assert_eq!(depths(&store)[0].1, 1);
                assert_kept(&mut store);
            }
        }
    }
}

#[test]
fn sums_are_worked_out_anew_where_the_lines_of_a_form_moved() {
    let mut store = store();
    write(&mut store, &report("a", 2023, "321302", Scope::Own, ["1", "1", "1", "1", "4"]));
    store.renew_places().unwrap();
    let due = |store: &Store| -> i64 {
        let sql = "SELECT COUNT(*) FROM place_due";
        store.connection().query_row(sql, [], |r| r.get(0)).unwrap()
    };
    sync::sync(&store.conn, &Forms::builtin()).unwrap();
    assert_eq!(due(&store), 0);
    store.conn.execute("UPDATE form_row SET ordinal = ordinal + 100", []).unwrap();
    sync::sync(&store.conn, &Forms::builtin()).unwrap();
    assert_eq!(due(&store), 1);
}
