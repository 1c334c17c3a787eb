//! Repairs as users meet them: in every format, of files and of the database, never applied.

mod common;

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use common::synth::Synth;
use insta::assert_snapshot;
use nianbao::report::{Report, State};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with a database and a report to load into it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    /// Writes a report of 2023 whose figures are 0 but for these.
    fn report(&self, figures: &[(&str, &str)]) -> String {
        let mut report = Synth::default().report(7);
        assert_eq!(report.year, Some(2023));
        report.sections.iter_mut().for_each(|s| s.text = "情况见表。".to_owned());
        let zeros: Vec<String> = report.cells.iter().map(|c| c.name()).collect();
        zeros.iter().for_each(|name| set(&mut report, name, "0"));
        figures.iter().for_each(|(name, raw)| set(&mut report, name, raw));
        let path: PathBuf = self.0.path().join("2023.json");
        fs::write(&path, serde_json::to_string(&report).unwrap()).unwrap();
        "2023.json".to_owned()
    }

    fn run(&self, args: &[&str]) -> String {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
            command.env_remove(name);
        }
        command.current_dir(self.0.path()).env("LC_ALL", "zh_CN.UTF-8");
        let output = command.args(args).output().unwrap();
        assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Vec<Value> {
        let out = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}"))
    }
}

fn set(report: &mut Report, name: &str, raw: &str) {
    let cell = report.cells.iter_mut().find(|c| c.name() == name).unwrap();
    let value: i64 = raw.trim().parse().unwrap();
    (cell.value, cell.raw) = (Some(value.into()), Some(raw.to_owned()));
    cell.state = if value == 0 { State::Zero } else { State::Number };
}

/// 15 applications of natural persons, all granted, where the outcome says 5; and a line of reviews
/// that does not add up.
const FIGURES: [(&str, &str); 8] = [
    ("applications/received.new/natural_person", "15"),
    ("applications/received.new/total", "15"),
    ("applications/granted/natural_person", " 5"),
    ("applications/granted/total", "15"),
    ("applications/processed_total/natural_person", "15"),
    ("applications/processed_total/total", "15"),
    ("challenges/review/upheld", "2"),
    ("challenges/review/total", "3"),
];

const ERRORS: [&str; 2] = ["--min-severity", "error"];

fn repairs(found: &[Value]) -> Vec<(&str, &Value)> {
    found.iter().map(|f| (f["rule"].as_str().unwrap(), &f["repair"])).collect()
}

#[test]
fn a_finding_has_the_repair_that_settles_it() {
    let desk = Desk::new();
    let path = desk.report(&FIGURES);
    let found = desk.json(&[&["check", &path][..], &ERRORS].concat());
    let digit = json!({
        "kind": "digit_dropped",
        "determined": true,
        "cells": [{ "cell": "applications/granted/natural_person", "from": " 5", "to": 15 }],
        "settles": ["row-total", "processed-total"],
        "equations": 2,
        "remaining": 1,
        "alternatives": [],
    });
    let found = repairs(&found);
    assert_eq!(found[..2], [("row-total", &digit), ("processed-total", &digit)]);
    let (rule, review) = found[2];
    assert_eq!((rule, found.len()), ("challenge-total", 3));
    assert_eq!((&review["kind"], &review["determined"]), (&"sum_mistyped".into(), &false.into()));
    let cell = json!([{ "cell": "challenges/review/total", "from": "3", "to": 2 }]);
    assert_eq!(review["cells"], cell);
    let others = review["alternatives"].as_array().unwrap();
    assert_eq!(others.len(), 4, "any of the results may be one more");
    assert!(others.iter().all(|o| o.get("alternatives").is_none() && o["equations"] == 1));
}

#[test]
fn what_no_repair_settles_has_none() {
    let desk = Desk::new();
    let mut figures = FIGURES[..6].to_vec();
    figures[2].1 = "15";
    let path = desk.report(&figures);
    assert!(desk.json(&[&["check", &path][..], &ERRORS].concat()).is_empty());
    let found = desk.json(&["check", &path]);
    assert!(!found.is_empty());
    assert!(repairs(&found).iter().all(|(_, repair)| repair.is_null()), "{found:?}");
}

#[test]
fn people_read_a_repair_under_its_finding() {
    let desk = Desk::new();
    let path = desk.report(&FIGURES);
    let check = |lang: &str| {
        desk.run(&[&["check", &path, "--lang", lang, "--quiet"][..], &ERRORS].concat())
    };
    assert_snapshot!("table_zh", check("zh"));
    assert_snapshot!("table_en", check("en"));
    let formats =
        |format: &str| desk.run(&[&["check", &path, "--format", format][..], &ERRORS].concat());
    let junit = formats("junit");
    let advice = "建议：“（一）予以公开”的“自然人”改为 15（似漏一位数字，可消除 2 条）";
    assert_eq!(junit.matches(advice).count(), 2, "{junit}");
    assert!(formats("markdown").contains(&format!("<br>{advice}")));
    let csv = formats("csv");
    assert!(csv.contains(r#""{""kind"":""digit_dropped"",""determined"":true,"#), "{csv}");
    assert!(!csv.contains("建议"), "data has the sentence of the finding alone");
}

#[test]
fn the_database_keeps_repairs_and_the_figures_stay() {
    let desk = Desk::new();
    let path = desk.report(&FIGURES);
    let of_file = desk.json(&[&["check", &path][..], &ERRORS].concat());
    desk.run(&["load", &path, "--quiet"]);
    let checked = desk.json(&[&["check"][..], &ERRORS].concat());
    assert_eq!(repairs(&checked), repairs(&of_file));
    let kept = desk.json(&[&["findings"][..], &ERRORS].concat());
    assert_eq!(repairs(&kept), repairs(&of_file));
    let sql = "SELECT rule, repair ->> '$.kind' AS kind, repair ->> '$.cells[0].to' AS value
               FROM v_finding WHERE outcome = 'fail' AND severity = 'error' ORDER BY rule";
    let rows = desk.run(&["sql", sql, "--format", "csv"]);
    assert_eq!(
        rows,
        "rule,kind,value\nchallenge-total,sum_mistyped,2\nprocessed-total,digit_dropped,15\nrow-total,digit_dropped,15\n"
    );
    let printed = "SELECT natural_person FROM v_application WHERE item = 'granted'";
    let facts = desk.run(&["sql", printed, "--format", "csv"]);
    assert_eq!(facts, "natural_person\n5\n", "nothing is applied");
    let shown = desk.run(&["show", "1", "2023"]);
    assert!(shown.contains("建议：") && shown.contains("改为 15"), "{shown}");
}
