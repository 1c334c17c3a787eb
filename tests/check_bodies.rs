//! `check` over several bodies: copied text, outliers, two sources of one report; and what a later
//! load changes in what was found.

mod common;

use common::desk::{Desk, set};
use common::sections::{Made, Maker};
use insta::assert_snapshot;
use nianbao::report::{Report, Scope, Section};
use serde_json::{Value, json};

/// Made-up text, another for each number.
fn prose(number: usize) -> String {
    let maker = Maker { seed: 5, alike: false };
    let alone = (0..).filter(|n| maker.made(*n) == Made::Alone).nth(number).unwrap();
    maker.text(alone)
}

/// The text with its last sentence written anew.
fn revised(text: &str) -> String {
    let last = text.trim_end_matches('。').rfind('。').unwrap();
    format!("{}。窗口的座椅换新了八把，老人另有专座。", &text[..last])
}

fn section(no: u8, text: &str) -> Section {
    Section { no, title: String::new(), text: text.to_owned() }
}

/// The report of a body whose section five has that text.
fn worded(desk: &Desk, body: u64, year: i32, text: &str) -> Report {
    let mut report = desk.other(body, year);
    report.sections = vec![section(1, "本年度情况见表。"), section(5, text)];
    report
}

fn named(mut report: Report, region: &str, organ: &str) -> Report {
    report.region_code = Some(region.to_owned());
    report.organ = Some(organ.to_owned());
    report.organ_printed = Some(organ.to_owned());
    report.title = None;
    report
}

/// Of 100 applications so many were granted.
fn granted(desk: &Desk, body: u64, year: i32, count: i64) -> Report {
    let mut report = desk.other(body, year);
    for (row, value) in [("received.new", 100), ("granted", count), ("processed_total", 100)] {
        set(&mut report, &format!("applications/{row}/total"), value);
    }
    report
}

/// What a finding says of whom, without the words.
fn told(found: &[Value]) -> Vec<String> {
    let mut lines: Vec<String> = found
        .iter()
        .map(|f| {
            let report = &f["report"];
            let (organ, year) = (report["organ"].as_str().unwrap(), &report["year"]);
            format!("{organ}{year}：{}", f["message"].as_str().unwrap())
        })
        .collect();
    lines.sort();
    lines
}

/// How many reports a run checked.
fn checked(desk: &Desk) -> String {
    let (_, _, errors) = desk.run(&["check", "--rule", "copied-text"]);
    errors.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
}

#[test]
fn a_copied_section_is_named_with_both_passages() {
    let desk = Desk::new();
    let (own, others) = (prose(0), prose(1));
    desk.write("a22.json", worded(&desk, 0, 2022, &own));
    desk.write("a23.json", worded(&desk, 0, 2023, &revised(&own)));
    desk.write("b.json", worded(&desk, 1, 2021, &others));
    desk.write("c.json", worded(&desk, 2, 2023, &others.replace('，', "、")));
    // a summary and one of its units are two bodies
    let mut summary = named(worded(&desk, 3, 2023, &prose(2)), "321300", "宿迁市");
    summary.scope = Some(Scope::Aggregate);
    desk.write("summary.json", summary);
    let unit = named(worded(&desk, 3, 2023, &prose(2)), "321300", "宿迁市教育局");
    desk.write("unit.json", unit);
    desk.write("alone.json", worded(&desk, 4, 2023, &prose(3)));
    desk.write("short.json", worded(&desk, 5, 2023, "无其他需要报告的事项。"));
    desk.write("none.json", desk.other(6, 2023));
    desk.load();
    let found = desk.check("copied-text");
    assert_snapshot!("copied", told(&found).join("\n"));
    let of = |path: &str| found.iter().find(|f| f["report"]["path"] == path).unwrap();
    let evidence = of("c.json")["evidence"].as_array().unwrap();
    assert_eq!(evidence[0]["section"], 5);
    assert_eq!(evidence[0]["report"], Value::Null);
    assert_eq!(evidence[1]["report"]["path"], "b.json");
    let words = |i: usize| evidence[i]["text"].as_str().unwrap().trim_end_matches('…');
    assert!(others.contains(words(1)) && others.replace('，', "、").contains(words(0)));
    assert_eq!(of("a23.json")["evidence"][1]["report"]["year"], 2022);
    assert_eq!(of("c.json")["found"], 100);
    let counts =
        "SELECT passed, failed, not_assessable FROM v_check_run WHERE rule = 'copied-text'";
    assert_snapshot!("copied_counts", desk.run(&["sql", counts, "--format", "csv"]).1);
    let (_, out, _) =
        desk.run(&["check", "--all", "--rule", "copied-text", "--format", "csv", "--year", "2023"]);
    assert!(out.contains("没有读到正文") && out.contains("不足100字"), "{out}");
}

#[test]
fn a_renamed_body_copies_from_itself() {
    let desk = Desk::new();
    let text = prose(0);
    let place = |body: u64, organ: &str, year: i32, text: &str| {
        named(worded(&desk, body, year, text), "321300", organ)
    };
    desk.write("before.json", place(0, "宿迁市国土资源局", 2018, &revised(&text)));
    desk.write("after.json", place(0, "宿迁市自然资源和规划局", 2019, &text));
    // nearer in words, but another's
    desk.write("other.json", place(1, "宿迁市教育局", 2019, &text));
    desk.load();
    let found = desk.check("copied-text");
    let after = found.iter().find(|f| f["report"]["path"] == "after.json").unwrap();
    assert_eq!(after["evidence"][1]["report"]["organ"], "宿迁市国土资源局");
}

#[test]
fn a_copy_that_is_loaded_later_is_found_and_forgotten_with_what_it_copies() {
    let desk = Desk::new();
    for body in 0..12 {
        desk.write(&format!("{body}.json"), worded(&desk, body, 2023, &prose(body as usize)));
    }
    desk.load();
    assert!(desk.check("copied-text").is_empty());
    let copy = worded(&desk, 12, 2023, &prose(7));
    desk.write("copy.json", copy);
    desk.load();
    assert_eq!(checked(&desk), "1", "the others have been asked");
    let found = desk.check("copied-text");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["report"]["path"], "copy.json");
    assert_eq!(found[0]["evidence"][1]["report"]["path"], "7.json");
    let id = found[0]["id"].as_str().unwrap();
    let decide = ["findings", "dismiss", id, "--reason", "同一科室起草", "--by", "王某"];
    assert_eq!(desk.run(&decide).0, 0);

    // the same again, read from a file with another title: a revision with the same words
    let mut again = worded(&desk, 7, 2023, &prose(7));
    again.title = Some("另一标题".to_owned());
    desk.write("7.json", again);
    desk.load();
    assert_eq!(checked(&desk), "2", "the revision, and the report that names what it revises");
    let found = desk.check("copied-text");
    let of_copy = found.iter().find(|f| f["report"]["path"] == "copy.json").unwrap();
    assert_eq!(of_copy["id"].as_str(), Some(id));
    assert_eq!(of_copy["decision"]["verdict"], "dismissed");

    // other words
    desk.write("7.json", worded(&desk, 7, 2023, &prose(20)));
    desk.load();
    assert_eq!(checked(&desk), "2");
    assert!(desk.check("copied-text").is_empty());
    let kept = "SELECT
            (SELECT COUNT(*) FROM section_signature AS g
             INNER JOIN report AS r ON r.id = g.report_id WHERE r.is_current = 0) AS superseded,
            COUNT(*) AS bands, COUNT(DISTINCT b.section_id) AS sections
        FROM section_band AS b";
    let (_, kept, _) = desk.run(&["sql", kept, "--format", "csv"]);
    assert!(kept.ends_with("0,260,13\n") || kept.ends_with("0,260,13\r\n"), "{kept}");
}

#[test]
fn a_report_of_last_year_that_is_loaded_later_is_found_in_this_years() {
    let desk = Desk::new();
    for body in 0..12 {
        desk.write(&format!("{body}.json"), worded(&desk, body, 2023, &prose(body as usize)));
    }
    desk.load();
    assert!(desk.check("copied-text").is_empty());
    desk.write("before.json", worded(&desk, 4, 2022, &prose(4)));
    desk.load();
    let found = desk.check("copied-text");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["report"]["path"], "4.json");
    assert_eq!(found[0]["evidence"][1]["report"]["path"], "before.json");
}

#[test]
fn a_rate_far_from_its_peers_is_named_if_there_are_enough() {
    let desk = Desk::new();
    for body in 0..10 {
        let count = if body == 3 { 2 } else { 50 + body as i64 };
        desk.write(&format!("{body}.json"), granted(&desk, body, 2023, count));
    }
    // of too few applications no share is taken
    let mut few = granted(&desk, 40, 2023, 0);
    set(&mut few, "applications/processed_total/total", 19);
    set(&mut few, "applications/received.new/total", 19);
    desk.write("few.json", few);
    desk.load();
    assert!(desk.check("outlier").is_empty());
    let all = |desk: &Desk| -> Vec<Value> {
        let (_, out, _) = desk.run(&["check", "--all", "--rule", "outlier", "--format", "json"]);
        serde_json::from_str(&out).unwrap()
    };
    let lacking = all(&desk);
    assert_eq!(lacking.len(), 10, "{lacking:?}");
    for f in &lacking {
        assert_eq!(f["outcome"], "not_assessable");
        assert_eq!(f["message"], "同级同年可比的报告只有10份，不足20份");
    }

    for body in 10..25 {
        desk.write(&format!("{body}.json"), granted(&desk, body, 2023, 40 + body as i64));
    }
    desk.load();
    let found = desk.check("outlier");
    assert_snapshot!("outlier", told(&found).join("\n"));
    assert_eq!((&found[0]["found"], &found[0]["expected"]), (&json!("2.0%"), &json!("56.0%")));
    assert_eq!(found[0]["cells"][0], "applications/granted/total");
    assert_eq!(found[0]["evidence"][0]["raw"], "2");
    let outcomes = all(&desk);
    let passed = outcomes.iter().filter(|f| f["outcome"] == "pass").count();
    assert_eq!((outcomes.len(), passed), (25, 24), "none is still without peers");

    // another peer is no reason to decide again
    let id = found[0]["id"].as_str().unwrap();
    let decide = ["findings", "confirm", id, "--reason", "已核实", "--by", "王某"];
    assert_eq!(desk.run(&decide).0, 0);
    desk.write("25.json", granted(&desk, 25, 2023, 70));
    desk.load();
    let found = desk.check("outlier");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["id"].as_str(), Some(id));
    assert!(found[0]["message"].as_str().unwrap().contains("同级26份报告"), "{found:?}");
    assert_eq!(found[0]["decision"]["verdict"], "confirmed");
}

#[test]
fn two_sources_with_other_cells_are_named_and_a_revision_is_not() {
    let desk = Desk::new();
    desk.write("bureau.json", granted(&desk, 0, 2023, 50));
    desk.write("county.json", granted(&desk, 0, 2023, 52));
    // a further source that says the same
    let mut copy = granted(&desk, 0, 2023, 50);
    copy.title = None;
    desk.write("page.json", copy);
    desk.load();
    let found = desk.check("duplicate-report");
    assert_snapshot!("duplicate", told(&found).join("\n"));
    assert_eq!(found[0]["cells"], json!(["applications/granted/total"]));
    let evidence = found[0]["evidence"].as_array().unwrap();
    assert_eq!((&evidence[0]["raw"], &evidence[1]["raw"]), (&json!("50"), &json!("52")));
    assert_eq!(evidence[1]["report"]["path"], "county.json");
    let id = found[0]["id"].as_str().unwrap();
    let decide = ["findings", "confirm", id, "--reason", "以县局为准", "--by", "王某"];
    assert_eq!(desk.run(&decide).0, 0);

    // the other source is revised: the same finding about other facts
    desk.write("county.json", granted(&desk, 0, 2023, 53));
    desk.load();
    let found = desk.check("duplicate-report");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0]["id"].as_str(), &found[0]["evidence"][1]["raw"]),
        (Some(id), &json!("53"))
    );
    assert_eq!(found[0]["decision"]["verdict"], "lapsed");

    // and says the same in the end
    desk.write("county.json", granted(&desk, 0, 2023, 50));
    desk.load();
    assert!(desk.check("duplicate-report").is_empty());
    // what one source said before is no other source
    desk.write("bureau.json", granted(&desk, 0, 2023, 51));
    desk.write("county.json", granted(&desk, 0, 2023, 51));
    desk.load();
    assert!(desk.check("duplicate-report").is_empty());
}

/// Everything the rules over bodies said, without ids.
fn state(desk: &Desk) -> String {
    let sql =
        "SELECT organ, year, rule, outcome, message, cells, expected, found, key FROM v_finding
        WHERE rule IN ('outlier', 'duplicate-report', 'copied-text') ORDER BY 1, 2, 3, 5, 9";
    desk.run(&["sql", sql, "--format", "csv"]).1
}

#[test]
fn loads_one_after_another_end_where_one_load_does() {
    let desks = [Desk::new(), Desk::new()];
    for step in 0..5 {
        for desk in &desks {
            for body in (step * 9)..(step * 9 + 9) {
                let count = if body % 20 == 7 { 1 } else { 40 + (body * 7 % 13) as i64 };
                let mut report = granted(desk, body, 2022 + (body % 2) as i32, count);
                if body % 11 == 5 {
                    // a summary has no peers among the bureaus
                    report.scope = Some(Scope::Aggregate);
                }
                desk.write(&format!("{body:02}.json"), report);
            }
            // every second step corrects a report of the first, and finds a second source of it
            if step % 2 == 1 {
                desk.write("03.json", granted(desk, 3, 2023, 60 + step as i64));
                desk.write("03b.json", granted(desk, 3, 2023, 50));
            }
        }
        desks[0].load();
        desks[0].check("outlier");
        if step == 4 || step % 2 == 1 {
            // the same revisions, without looking between
            desks[1].load();
        }
    }
    desks[1].check("outlier");
    let known = state(&desks[1]);
    assert!(known.contains("outlier,fail") && known.contains("duplicate-report,fail"), "{known}");
    assert_eq!(state(&desks[0]), known);

    // asked anew, all say the same
    let conn = rusqlite::Connection::open(desks[0].dir.path().join("nianbao.db")).unwrap();
    conn.execute_batch("UPDATE report_check SET bodies = 0").unwrap();
    drop(conn);
    assert_eq!(checked(&desks[0]), "45");
    assert_eq!(state(&desks[0]), known);
}
