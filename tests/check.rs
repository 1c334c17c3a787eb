//! `check` and `findings`: what they find, what they keep, and what becomes of decisions.

mod common;

use std::fs;

use common::desk::{Desk, set};
use insta::assert_snapshot;
use nianbao::report::{Report, Section};
use serde_json::Value;

/// New applications of natural persons, all granted.
fn granted(report: &mut Report, count: i64) {
    for row in ["received.new", "granted", "processed_total"] {
        for column in ["natural_person", "total"] {
            set(report, &format!("applications/{row}/{column}"), count);
        }
    }
}

#[test]
fn a_wrong_sum_is_named_with_its_cells_and_their_places() {
    let desk = Desk::new();
    let path = desk.report(2023, |r| {
        granted(r, 8);
        set(r, "applications/granted/total", 11);
    });
    let path = path.to_string_lossy();
    let (code, out, _) = desk.run(&["check", &path, "--format", "json", "--min-severity", "error"]);
    assert_eq!(code, 1);
    let found: Vec<Value> = serde_json::from_str(&out).unwrap();
    let of = |rule: &str| found.iter().find(|f| f["rule"] == rule).unwrap();
    let (row, column) = (of("row-total"), of("processed-total"));
    assert_eq!(
        (&row["found"], &row["expected"], &row["difference"]),
        (&11.into(), &8.into(), &3.into())
    );
    assert_eq!(row["cells"][0], "applications/granted/total");
    assert_eq!(row["cells"].as_array().unwrap().len(), 7);
    assert_eq!(row["evidence"][0]["raw"], "11");
    assert_eq!(column["cells"][0], "applications/processed_total/total");
    assert_eq!(found.len(), 2, "{out}");
    assert_eq!(desk.run(&["check", &path, "--fail-on", "never"]).0, 0);
    let (_, table, summary) = desk.run(&["check", &path, "--min-severity", "error"]);
    assert_snapshot!("wrong_sum", table + &summary);
}

#[test]
fn a_clean_report_passes_and_what_cannot_be_assessed_is_said() {
    let desk = Desk::new();
    let path = desk.report(2023, |r| {
        granted(r, 8);
        r.published = None;
    });
    let (code, out, _) = desk.run(&["check", &path.to_string_lossy(), "--all", "--format", "json"]);
    assert_eq!(code, 0);
    let found: Vec<Value> = serde_json::from_str(&out).unwrap();
    let outcome = |rule: &str| &found.iter().find(|f| f["rule"] == rule).unwrap()["outcome"];
    assert_eq!(outcome("balance"), "pass");
    assert_eq!(outcome("late"), "not_assessable");
    assert!(!found.iter().any(|f| f["rule"] == "carry-over"), "needs a database");
}

#[test]
fn text_and_table_are_compared() {
    let desk = Desk::new();
    let path = desk.report(2023, |r| {
        granted(r, 8);
        r.sections = (1..=6)
            .map(|no| Section {
                no, title: String::new(), text: "本年度情况见表。".to_owned()
            })
            .collect();
        r.sections[0].text = "全年共收到政府信息公开申请18件。未发生行政诉讼。".to_owned();
        set(r, "challenges/litigation_direct/upheld", 1);
        set(r, "challenges/litigation_direct/total", 1);
    });
    let (_, out, _) = desk.run(&["check", &path.to_string_lossy(), "--format", "json"]);
    let found: Vec<Value> = serde_json::from_str(&out).unwrap();
    let of = |rule: &str| found.iter().find(|f| f["rule"] == rule).unwrap();
    assert_eq!(of("text-number")["found"], 18);
    assert_eq!(of("text-number")["evidence"].as_array().unwrap().last().unwrap()["section"], 1);
    assert_eq!(of("text-contradiction")["expected"], 1);
}

#[test]
fn only_what_a_load_touched_is_checked_again() {
    let desk = Desk::new();
    desk.report(2022, |r| set(r, "applications/carried_out/total", 4));
    desk.report(2024, |_| {});
    desk.load();
    assert!(desk.check("carry-over").is_empty());
    let checked = |desk: &Desk| desk.run(&["check", "--rule", "carry-over"]).2;
    assert!(checked(&desk).contains("没有要重新核对的报告"), "{}", checked(&desk));
    // the report between the two is checked, and the one after it again
    desk.report(2023, |r| set(r, "applications/carried_out/total", 2));
    desk.load();
    let (_, out, errors) = desk.run(&["check", "--rule", "carry-over"]);
    assert!(errors.contains("核对 2 份"), "{errors}");
    assert_snapshot!("carry_over", out);
    let sql = "SELECT check_run_id, reports, passed, failed, not_assessable FROM v_check_run WHERE rule = 'carry-over'";
    assert_snapshot!("runs", desk.run(&["sql", sql]).1);
}

#[test]
fn a_decision_stays_until_the_facts_change() {
    let desk = Desk::new();
    let wrong = |count: i64| {
        move |r: &mut Report| {
            granted(r, 8);
            set(r, "applications/granted/total", count);
        }
    };
    desk.report(2023, wrong(11));
    desk.load();
    let id = desk.check("row-total")[0]["id"].as_str().unwrap().to_owned();
    let decide = ["findings", "dismiss", &id[..6], "--reason", "来函说明系笔误", "--by", "王某"];
    assert_eq!(desk.run(&decide).0, 0);
    let decision = |desk: &Desk| desk.check("row-total")[0]["decision"].clone();
    assert_eq!(decision(&desk)["verdict"], "dismissed");
    assert_eq!(desk.run(&["check", "--rule", "row-total"]).0, 0, "dismissed does not fail");
    assert!(desk.run(&["findings"]).2.contains("已排除 1"), "nor does it vanish");

    // loading the same again, and a later program that brings its own views and triggers
    desk.load();
    assert_eq!(decision(&desk)["verdict"], "dismissed");
    let conn = rusqlite::Connection::open(desk.dir.path().join("nianbao.db")).unwrap();
    conn.execute_batch("DROP VIEW v_finding; DROP TRIGGER report_added; DELETE FROM report_check;")
        .unwrap();
    drop(conn);
    assert_eq!(decision(&desk)["verdict"], "dismissed");

    // a later program whose schema changed: what was found by older rules is found anew
    let conn = rusqlite::Connection::open(desk.dir.path().join("nianbao.db")).unwrap();
    conn.execute_batch(
        "DROP VIEW v_finding; DROP VIEW v_report; DROP VIEW v_coverage; DROP VIEW v_expected;
         ALTER TABLE decision ADD COLUMN remark TEXT;
         ALTER TABLE report ADD COLUMN remark TEXT;
         DELETE FROM finding; DELETE FROM message; DELETE FROM check_count;
         UPDATE check_run SET rules = 'of an older program';",
    )
    .unwrap();
    drop(conn);
    assert_eq!(decision(&desk)["verdict"], "dismissed");

    // another parse of the same cells
    desk.report(2023, |r| {
        wrong(11)(r);
        r.title = Some("另一标题".to_owned());
        r.source.sha256 = "f".repeat(64);
    });
    desk.load();
    assert_eq!(decision(&desk)["verdict"], "dismissed");

    // other figures
    desk.report(2023, |r| {
        wrong(12)(r);
        r.source.sha256 = "e".repeat(64);
    });
    desk.load();
    assert_eq!(decision(&desk)["verdict"], "lapsed");
    assert_eq!(desk.run(&["check", "--rule", "row-total"]).0, 1);
}

/// What people decided is kept by these: a program that gives the same finding of the same cells
/// another id, or other facts, loses the decisions of all databases there are.
#[test]
fn findings_keep_their_ids_from_program_to_program() {
    let desk = Desk::new();
    desk.report(2023, |r| {
        granted(r, 8);
        set(r, "applications/granted/total", 11);
        r.sections = vec![Section {
            no: 1,
            title: String::new(),
            text: "全年共收到政府信息公开申请18件。".to_owned(),
        }];
    });
    desk.load();
    desk.check("row-total");
    let sql = "SELECT rule, key, facts_sha256 FROM finding
               WHERE outcome = 'fail' AND rule IN ('row-total', 'text-number', 'missing-section')
               ORDER BY rule, key";
    assert_snapshot!("ids", desk.run(&["sql", sql, "--format", "csv"]).1);
}

#[test]
fn a_decision_needs_a_reason_and_a_finding() {
    let desk = Desk::new();
    desk.report(2023, |_| {});
    desk.load();
    let dismiss = |id: &str, reason: &str| {
        desk.run(&["findings", "dismiss", id, "--reason", reason, "--by", "王某"])
    };
    assert_snapshot!("no_such_finding", dismiss("abc", "笔误").2);
    assert_snapshot!("no_reason", dismiss("abc", " ").2);
    assert_snapshot!("no_such_rule", desk.run(&["check", "--explain", "row-totals"]).2);
}

#[test]
fn findings_go_to_build_servers_and_spreadsheets() {
    let desk = Desk::new();
    let path = desk.report(2023, |r| {
        r.published = Some("2024-02-20".to_owned());
        set(r, "challenges/review/total", 1);
    });
    let path = path.to_string_lossy();
    let only = ["--min-severity", "warning", "--rule", "challenge-total,late"];
    let run = |format: &str| {
        let mut args = vec!["check", &path, "--format", format];
        args.extend(only);
        desk.run(&args).1.replace(&*path, "2023.json")
    };
    assert_snapshot!("junit", run("junit"));
    assert_snapshot!("csv", run("csv"));
    let (code, _, error) = desk.run(&["info", "--format", "junit"]);
    assert_eq!(code, 2);
    assert_snapshot!("junit_elsewhere", error);
}

/// Every rule has its page, in both languages.
#[test]
fn the_written_rules_are_those_of_the_list() {
    let desk = Desk::new();
    for (lang, path) in [("zh", "docs/rules.md"), ("en", "docs/rules.en.md")] {
        let (_, printed, _) = desk.run(&["check", "--explain", "all", "--lang", lang]);
        let kept = fs::read_to_string(path).unwrap();
        assert!(kept == printed, "run: cargo run -- check --explain all --lang {lang} > {path}");
    }
    assert_snapshot!("list", desk.run(&["check", "--list"]).1);
}
