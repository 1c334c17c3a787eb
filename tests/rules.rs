//! Every rule of the list on documents that look real: at least one fails it and one passes.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use common::office::bare_doc;
use nianbao::check;
use nianbao::form::Forms;
use nianbao::parse::{Hints, Parser};
use nianbao::region::Regions;
use nianbao::validate::{self, Reach};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    case: Vec<Case>,
}

/// Documents and what the rule says of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    outcome: Said,
    /// Failures, where it fails.
    #[serde(default = "one")]
    count: usize,
    /// Of the failures, where it is not the rule's own.
    severity: Option<String>,
    /// Among the cells of the failures.
    #[serde(default)]
    cells: Vec<String>,
    /// Of the first failure.
    found: Option<Value>,
    expected: Option<Value>,
    /// The list of bodies that are to report, as `expect` reads it.
    bodies: Option<String>,
    report: Vec<Document>,
}

fn one() -> usize {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Fail,
    Pass,
    NotAssessable,
}

/// A document made from another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    /// A file of `examples/reports` or of `tests/fixtures/rules/documents`.
    base: String,
    /// Texts that stand in it, with what stands there instead.
    #[serde(default)]
    change: Vec<[String; 2]>,
    /// What is left out: from the first text up to the second, which stays.
    #[serde(default)]
    cut: Vec<[String; 2]>,
    /// One document for each of these; `{0}`, `{1}` … in the changes are its words.
    #[serde(default)]
    each: Vec<Vec<String>>,
    /// Whether it is a Word file without the definitions of its rows.
    #[serde(default)]
    doc: bool,
}

impl Document {
    fn files(&self) -> Vec<Vec<u8>> {
        let file = |text: String| if self.doc { bare_doc(&text) } else { text.into_bytes() };
        self.texts().into_iter().map(file).collect()
    }

    fn texts(&self) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = ["examples/reports", "tests/fixtures/rules/documents"];
        let paths = folders.map(|f| root.join(f).join(&self.base));
        let path = paths.iter().find(|p| p.exists()).unwrap_or_else(|| panic!("no {}", self.base));
        let base = fs::read_to_string(path).unwrap();
        let once = vec![Vec::new()];
        let each = if self.each.is_empty() { &once } else { &self.each };
        each.iter().map(|words| self.made(&base, words)).collect()
    }

    fn made(&self, base: &str, words: &[String]) -> String {
        let mut text = base.to_owned();
        for [from, to] in &self.cut {
            let start = text.find(from).unwrap_or_else(|| panic!("no '{from}' in {}", self.base));
            let length = text[start..].find(to).unwrap_or_else(|| panic!("no '{to}' behind it"));
            text.replace_range(start..start + length, "");
        }
        for [old, new] in &self.change {
            assert!(text.contains(old), "no '{old}' in {}", self.base);
            let filled =
                |new: String, (n, word): (usize, &String)| new.replace(&format!("{{{n}}}"), word);
            text = text.replace(old, &words.iter().enumerate().fold(new.clone(), filled));
        }
        text
    }
}

/// What a rule said: its failures and how often it held.
struct Outcomes {
    failures: Vec<Value>,
    passed: usize,
}

/// By itself, as `check FILE` does.
fn alone(rule: &str, file: &[u8]) -> Outcomes {
    let forms = Forms::builtin();
    let parser = Parser::new(&forms, Regions::builtin());
    let report = parser.parse(file, "report.txt", &Hints::default()).unwrap();
    let mut said = check::report(report, &forms, Regions::builtin());
    said.retain(|s| s.rule == rule);
    let failed = said.iter().filter(|s| s.outcome == "fail");
    let failure = |s: &nianbao::store::Shown| {
        serde_json::json!({
            "cells": s.cells, "found": s.found, "expected": s.expected, "severity": s.severity.key(),
        })
    };
    Outcomes {
        failures: failed.map(failure).collect(),
        passed: said.iter().filter(|s| s.outcome == "pass").count(),
    }
}

/// Beside others, in a database.
fn together(rule: &str, case: &Case) -> Outcomes {
    let dir = TempDir::new().unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
            command.env_remove(name);
        }
        let output = command.current_dir(dir.path()).args(args).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}: {errors}", case.name);
        String::from_utf8(output.stdout).unwrap()
    };
    let texts = case.report.iter().flat_map(Document::files);
    let names: Vec<String> = texts
        .enumerate()
        .map(|(n, text)| {
            let name = format!("{n}.txt");
            fs::write(dir.path().join(&name), text).unwrap();
            name
        })
        .collect();
    let mut load = vec!["load", "--quiet"];
    load.extend(names.iter().map(String::as_str));
    run(&load);
    if let Some(list) = &case.bodies {
        fs::write(dir.path().join("bodies.csv"), list).unwrap();
        run(&["expect", "bodies.csv"]);
    }
    let failures = run(&["check", "--rule", rule, "--format", "json"]);
    let sql = format!("SELECT sum(passed) AS passed FROM v_check_run WHERE rule = '{rule}'");
    let passed: Value = serde_json::from_str(&run(&["sql", &sql, "--format", "json"])).unwrap();
    Outcomes {
        failures: serde_json::from_str(&failures).unwrap(),
        passed: passed[0]["passed"].as_u64().unwrap_or(0) as usize,
    }
}

fn look(rule: &validate::Rule, case: &Case) -> Result<(), String> {
    let said = match rule.reach {
        Reach::Report if case.report.len() == 1 => alone(&rule.id, &case.report[0].files()[0]),
        _ => together(&rule.id, case),
    };
    let outcome = match (said.failures.len(), said.passed) {
        (1.., _) => Said::Fail,
        (0, 1..) => Said::Pass,
        (0, 0) => Said::NotAssessable,
    };
    let wanted = |what: &str, is: String, want: String| {
        if is == want {
            Ok(())
        } else {
            Err(format!("{what} {is}, not {want}: {:#?}", said.failures))
        }
    };
    wanted("outcome", format!("{outcome:?}"), format!("{:?}", case.outcome))?;
    let Some(first) = said.failures.first() else { return Ok(()) };
    wanted("failures", said.failures.len().to_string(), case.count.to_string())?;
    let severity = case.severity.as_deref().unwrap_or(rule.severity.key());
    wanted("severity", first["severity"].to_string(), format!("\"{severity}\""))?;
    for (key, want) in [("found", &case.found), ("expected", &case.expected)] {
        if let Some(want) = want {
            wanted(key, first[key].to_string(), want.to_string())?;
        }
    }
    let cells = said.failures.iter().filter_map(|f| f["cells"].as_array()).flatten();
    let cells: Vec<&str> = cells.filter_map(Value::as_str).collect();
    let missing = case.cells.iter().find(|c| !cells.contains(&c.as_str()));
    missing.map_or(Ok(()), |c| Err(format!("{c} is not among {cells:?}")))
}

fn fixtures() -> BTreeMap<String, (PathBuf, Fixture)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rules");
    let paths = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let read = |path: PathBuf| {
        let rule = path.file_stem().unwrap().to_string_lossy().into_owned();
        let fixture = toml::from_str(&fs::read_to_string(&path).unwrap());
        let fixture = fixture.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        (rule, (path, fixture))
    };
    paths.filter(|p| p.extension().is_some_and(|e| e == "toml")).map(read).collect()
}

/// What readers tell of pages, which fixtures of text have not: `pages_in` and `ocr` try these.
const OF_PAGES: [&str; 5] =
    ["ocr-doubtful", "pages-without-text", "read-by-ocr", "unruled-table", "unsure-cell"];

#[test]
fn every_rule_has_a_document_that_fails_it_and_one_that_passes() {
    let fixtures = fixtures();
    for rule in validate::rules() {
        if OF_PAGES.contains(&rule.id.as_str()) {
            continue;
        }
        let (_, fixture) = fixtures.get(&rule.id).unwrap_or_else(|| panic!("none for {}", rule.id));
        for outcome in [Said::Fail, Said::Pass] {
            let there = fixture.case.iter().any(|c| c.outcome == outcome);
            assert!(there, "{} has no case that is {outcome:?}", rule.id);
        }
    }
    let unknown: Vec<_> = fixtures.keys().filter(|id| validate::rule(id).is_none()).collect();
    assert!(unknown.is_empty(), "no such rules: {unknown:?}");
}

#[test]
fn each_document_gives_the_outcome_written_beside_it() {
    let mut wrong = Vec::new();
    let mut looked = 0;
    for (id, (path, fixture)) in fixtures() {
        for case in &fixture.case {
            looked += 1;
            if let Err(error) = look(validate::rule(&id).unwrap(), case) {
                wrong.push(format!("{} '{}': {error}", path.display(), case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {looked}:\n{}", wrong.len(), wrong.join("\n"));
}
