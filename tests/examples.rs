//! The bundled examples: each parses to exactly the figures that were put into it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(examples().join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

fn parse(path: &Path) -> Value {
    let output = Command::cargo_bin("nianbao")
        .unwrap()
        .args(["parse", "--format", "json"])
        .arg(path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}: {output:?}", path.display());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A report in the words of `examples/expected`: what it says of itself, then a line of the form a
/// line; lines that the document lacks are left out.
fn written_out(report: &Value) -> String {
    let text = |key: &str| match &report[key] {
        Value::Null => "-".to_owned(),
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    let mut out = String::new();
    for (name, key) in [
        ("organ", "organ"),
        ("year", "year"),
        ("scope", "scope"),
        ("edition", "edition"),
        ("published", "published"),
        ("region", "region_code"),
    ] {
        writeln!(out, "{name} = {}", text(key)).unwrap();
    }
    let cells = report["cells"].as_array().unwrap();
    for line in cells.chunk_by(|a, b| (&a["table"], &a["row"]) == (&b["table"], &b["row"])) {
        if line.iter().all(|c| c["state"] == "missing") {
            continue;
        }
        let (table, row) = (&line[0]["table"], &line[0]["row"]);
        write!(out, "{}/{} =", table.as_str().unwrap(), row.as_str().unwrap()).unwrap();
        for cell in line {
            let shown = match cell["state"].as_str().unwrap() {
                state @ ("blank" | "missing") => state,
                _ => cell["raw"].as_str().unwrap().trim(),
            };
            write!(out, " {shown}").unwrap();
        }
        out.push('\n');
    }
    out
}

#[test]
fn every_example_parses_to_the_figures_put_into_it() {
    for path in files("reports") {
        let report = parse(&path);
        let name = format!("{}.txt", stem(&path));
        let expected = fs::read_to_string(examples().join("expected").join(&name)).unwrap();
        assert_eq!(written_out(&report), expected, "{name}");
    }
}

#[test]
fn a_number_has_the_value_that_is_printed() {
    for path in files("reports") {
        for cell in parse(&path)["cells"].as_array().unwrap() {
            let raw = cell["raw"].as_str().unwrap_or_default();
            match cell["state"].as_str().unwrap() {
                "zero" => assert_eq!(cell["value"].to_string(), "0", "{raw}"),
                // signs, words and units around the digits are part of how it is printed
                "number" => {
                    let digits: String =
                        raw.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
                    let value = cell["value"].to_string();
                    assert_eq!(value.trim_start_matches('-'), digits, "{raw}");
                    assert_eq!(value.starts_with('-'), raw.starts_with('-'), "{raw}");
                }
                _ => assert!(cell["value"].is_null(), "{raw}"),
            }
        }
    }
}

#[test]
fn complete_examples_have_all_cells_and_no_finding() {
    let flawed: BTreeSet<String> = files("reports")
        .iter()
        .filter(|path| !parse(path)["findings"].as_array().unwrap().is_empty())
        .map(|path| stem(path))
        .collect();
    let expected = [
        "dapuqiao-2025",
        "fuzhou-civil-affairs-2020",
        "jiangnanzhong-2020",
        "shanghai-office-2019",
        "suqian-2025",
    ];
    assert_eq!(flawed, expected.map(str::to_owned).into());
}

#[test]
fn examples_come_in_all_editions_and_encodings() {
    let reports: Vec<Value> = files("reports").iter().map(|p| parse(p)).collect();
    let all = |path: &[&str]| -> BTreeSet<String> {
        let at = |r: &Value| path.iter().fold(r.clone(), |v, key| v[*key].clone());
        reports.iter().map(|r| at(r).as_str().unwrap_or("null").to_lowercase()).collect()
    };
    assert_eq!(all(&["edition"]), ["2014", "2019", "2021"].map(str::to_owned).into());
    assert_eq!(all(&["scope"]), ["aggregate", "own"].map(str::to_owned).into());
    let encodings = ["gb18030", "utf-16le", "utf-8"].map(str::to_owned).into();
    assert_eq!(all(&["source", "encoding"]), encodings);
}

#[test]
fn the_readme_names_every_example() {
    let readme = fs::read_to_string(examples().join("README.md")).unwrap();
    for path in files("reports") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(readme.contains(&format!("| `{name}` |")), "{name} is not in examples/README.md");
    }
    assert_eq!(files("reports").len(), files("expected").len());
}
