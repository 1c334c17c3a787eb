//! `docs/corpus-findings.md` is what `check` says of the corpus, finding by finding.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use common::corpus;
use nianbao::check;
use nianbao::form::Forms;
use nianbao::parse::{Hints, Parser};
use nianbao::region::Regions;
use nianbao::store::Shown;

const DOCUMENT: &str = "docs/corpus-findings.md";
/// Rules that speak of what an excerpt does not reach: one line a file.
const CUT: [&str; 5] =
    ["missing-section", "missing-table", "missing-row", "no-table", "processing-fee"];

/// A line of the document, without the reasons: file, rule or rules, severity, cells, figures.
type Line = Vec<String>;

/// What a finding of [`CUT`] says beside its rule.
fn short(finding: &Shown) -> String {
    match finding.rule.as_str() {
        "missing-section" => finding.expected.to_string(),
        "missing-table" => finding.cells.join(" "),
        "missing-row" => {
            let table = finding.cells[0].split('/').next().unwrap_or_default();
            format!("{table} {}", finding.cells.len())
        }
        _ => String::new(),
    }
}

fn together(file: &str, findings: &[&Shown]) -> Line {
    let mut by_rule: Vec<String> = Vec::new();
    for rule in CUT {
        let of_rule: Vec<String> =
            findings.iter().filter(|f| f.rule == rule).map(|f| short(f)).collect();
        if !of_rule.is_empty() {
            by_rule.push(format!("{rule} {}", of_rule.join(", ")).trim().to_owned());
        }
    }
    vec![format!("`{file}`"), by_rule.join("; ")]
}

fn single(file: &str, finding: &Shown) -> Line {
    let cells = match finding.cells.as_slice() {
        [first, .., last] if finding.cells.len() > 2 => {
            format!("{first} … {last} ({})", finding.cells.len())
        }
        few => few.join(", "),
    };
    let figure = match (&finding.found, &finding.expected) {
        (serde_json::Value::Null, serde_json::Value::Null) => String::new(),
        // the words of a cell are the document's
        (serde_json::Value::String(text), serde_json::Value::Null) if text.chars().count() > 8 => {
            "text".to_owned()
        }
        (found, serde_json::Value::Null) => found.to_string(),
        (found, expected) => format!("{found} for {expected}"),
    };
    let severity = finding.severity.key().to_owned();
    vec![format!("`{file}`"), finding.rule.clone(), severity, cells, figure.replace('"', "")]
}

/// The lines of what `check` says of every document.
fn said(corpus: &Path) -> BTreeSet<Line> {
    let forms = Forms::builtin();
    let parser = Parser::new(&forms, Regions::builtin());
    let mut out = BTreeSet::new();
    for folder in ["full", "heads"] {
        for entry in fs::read_dir(corpus.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.ends_with(".json") || name.ends_with(".jsonl") {
                continue;
            }
            let file = format!("{folder}/{name}");
            let report = parser.parse(&fs::read(&path).unwrap(), &file, &Hints::default()).unwrap();
            let failures = check::failures(&report, &forms, Regions::builtin());
            let (cut, other): (Vec<&Shown>, Vec<&Shown>) =
                failures.iter().partition(|f| CUT.contains(&f.rule.as_str()));
            if !cut.is_empty() {
                out.insert(together(&file, &cut));
            }
            out.extend(other.into_iter().map(|f| single(&file, f)));
        }
    }
    out
}

/// The lines of the document, each with its judgement and its reason.
fn written() -> BTreeMap<Line, (String, String)> {
    let text = fs::read_to_string(DOCUMENT).unwrap();
    let lines = text.lines().filter(|l| l.starts_with("| `"));
    let each = |line: &str| {
        let mut fields: Vec<String> =
            line.trim_matches('|').split('|').map(|f| f.trim().to_owned()).collect();
        let why = fields.pop().unwrap();
        let judgement = fields.pop().unwrap();
        (fields, (judgement, why))
    };
    lines.map(each).collect()
}

fn listed<'l>(lines: impl Iterator<Item = &'l Line>) -> String {
    lines.map(|l| format!("| {} |", l.join(" | "))).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_finding_in_the_corpus_is_written_down_and_judged() {
    let Some(corpus) = corpus() else { return };
    let (said, written) = (said(&corpus), written());
    let unwritten = listed(said.iter().filter(|l| !written.contains_key(*l)));
    let gone = listed(written.keys().filter(|l| !said.contains(*l)));
    assert!(
        unwritten.is_empty() && gone.is_empty(),
        "{DOCUMENT} lacks:\n{unwritten}\nand has, though check does not say it:\n{gone}"
    );
    assert!(said.len() > 100, "only {} lines", said.len());
}

/// A rule or the reader is mended until nothing false is left above a remark.
#[test]
fn no_error_and_no_warning_is_judged_false() {
    for (line, (judgement, why)) in written() {
        let remark = line.get(2).is_some_and(|severity| severity == "info");
        assert!(judgement == "true" || judgement == "false" && remark, "{line:?}: {judgement}");
        assert!(why.chars().count() > 5, "{line:?} has no reason");
    }
}
