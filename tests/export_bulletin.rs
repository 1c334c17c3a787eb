//! `export bulletin`: its numbers, its templates, and the files it becomes.

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use common::python::{ask, python};
use common::soffice::{convert_file, has_office};
use tempfile::TempDir;

/// A folder with the examples loaded and checked.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
        desk.run(&["load", examples.to_str().unwrap(), "--quiet"]).assert().success();
        desk.run(&["check", "--fail-on", "never", "--quiet"]).assert().success();
        desk
    }

    fn run(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        command.current_dir(self.0.path()).env_remove("NIANBAO_DB").env("LC_ALL", "zh_CN.UTF-8");
        command.args(arguments);
        command
    }

    fn export(&self, name: &str, more: &[&str]) -> PathBuf {
        let arguments = ["export", "bulletin", "--region", "宿迁", "--out", name];
        self.run(&[&arguments[..], more].concat()).assert().success();
        self.0.path().join(name)
    }

    fn text(&self, name: &str, more: &[&str]) -> String {
        std::fs::read_to_string(self.export(name, more)).unwrap()
    }
}

/// The numbers of a text: digits with what belongs to them.
fn numbers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut number = String::new();
    for c in text.chars().chain([' ']) {
        match c {
            '0'..='9' => number.push(c),
            '.' if !number.is_empty() => number.push(c),
            _ => {
                let whole = number.trim_end_matches('.').to_owned();
                number.clear();
                found.extend((!whole.is_empty()).then_some(whole));
            }
        }
    }
    found
}

#[test]
fn every_number_of_the_text_is_in_its_appendix() {
    let desk = Desk::new();
    for lang in ["zh", "en"] {
        let page = desk.text(&format!("{lang}.md"), &["--year", "2023", "--lang", lang]);
        let heading = if lang == "zh" { "### 附：数据附表" } else { "### Appendix: figures" };
        let (text, appendix) = page.split_once(heading).expect("there is an appendix");
        let of_text: String = text
            .lines()
            .filter(|line| !line.starts_with(['|', '*']))
            .collect::<Vec<_>>()
            .join("\n");
        let known = numbers(appendix);
        let mut unknown = numbers(&of_text);
        assert!(unknown.len() > 20, "{of_text}");
        unknown.retain(|number| !known.contains(number));
        // the year that it is about stands in the title
        assert_eq!(unknown, BTreeSet::from(["2023".to_owned()]), "{page}");
    }
}

#[test]
fn its_figures_are_those_of_the_dictionary() {
    let desk = Desk::new();
    let page = desk.text("a.md", &["--year", "2023"]);
    let why = |metric: &str| -> serde_json::Value {
        let output = desk
            .run(&["why", "--region", "宿迁", "2023", metric, "--format", "json"])
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    for metric in ["applications-received", "disclosure-rate", "review-correction-rate"] {
        let said = why(metric);
        let (numerator, denominator) = (&said["numerator"], &said["denominator"]);
        let name = said["metric"]["name"]["zh"].as_str().or(said["name"]["zh"].as_str());
        let name = name.unwrap_or_else(|| panic!("{said}"));
        let row = page.lines().find(|l| l.starts_with(&format!("| {name}"))).expect(metric);
        assert!(row.contains(&format!("| {numerator} |")), "{row}: {said}");
        if !denominator.is_null() {
            assert!(row.contains(&format!("| {denominator} |")), "{row}: {said}");
        }
    }
}

#[test]
fn a_template_that_names_an_unknown_figure_fails_with_its_line() {
    let desk = Desk::new();
    let folder = desk.0.path().join("own");
    std::fs::create_dir(&folder).unwrap();
    let with = |text: &str| {
        std::fs::write(folder.join("bulletin.zh.md"), text).unwrap();
        let arguments = ["--region", "宿迁", "--templates", "own", "--out", "own.md", "--force"];
        let output =
            desk.run(&[&["export", "bulletin"], &arguments[..]].concat()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for (text, line, what) in [
        ("# {{ region }}\n\n{{ figures.disclosure_rates.text }}\n", "3", "disclosure_rates"),
        ("{{ tables.no_such_query }}", "1", "no_such_query"),
        ("a\n{{ coverage.lost }}", "2", "lost"),
        // handed on, or where it is not looked at
        (
            "{% macro s(f) %}{{ f.text }}{% endmacro %}\n\n{{ s(figures.nothing) }}",
            "3",
            "figures.nothing",
        ),
        ("{% if false %}{{ tables.nothing }}{% endif %}", "1", "tables.nothing"),
    ] {
        let (code, said) = with(text);
        assert_eq!(code, Some(2), "{said}");
        assert!(
            said.contains("bulletin.zh.md") && said.contains(line) && said.contains(what),
            "{said}"
        );
    }
    // a measure is no word, a list neither
    for text in ["a\n{{ figures.disclosure_rate }}", "a\n{{ coverage.late_names }}"] {
        let (code, said) = with(text);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("第2行") && said.contains(".text"), "{said}");
    }
    // a table stands alone, whatever is written around it
    let (code, said) = with("甲{{ tables.outcomes }}乙{{ charts.outcomes }}\n\n丙");
    assert_eq!(code, Some(0), "{said}");
    let page = std::fs::read_to_string(desk.0.path().join("own.md")).unwrap();
    assert!(!page.contains("@@") && page.contains("\n乙\n"), "{page}");
    let (code, said) = with("# {{ region }}\n\n{{ figures.applications_received.text }}\n");
    assert_eq!(code, Some(0), "{said}");
    let page = std::fs::read_to_string(desk.0.path().join("own.md")).unwrap();
    assert!(page.starts_with("# 江苏省宿迁市\n"), "{page}");
}

/// The town of the example, in two years: in one with an error, and beside two others of which one
/// does not report again.
#[test]
fn a_year_is_told_without_those_before_and_with_who_is_in_it() {
    let desk = Desk(tempfile::tempdir().unwrap());
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
    let text = std::fs::read_to_string(example.join("shuyang-township-2023.txt")).unwrap();
    let folder = desk.0.path().join("in");
    std::fs::create_dir(&folder).unwrap();
    for (town, year) in
        [("示例镇", 2022), ("测试镇", 2022), ("试验镇", 2022), ("示例镇", 2023), ("测试镇", 2023)]
    {
        let text = text.replace("示例镇", town).replace("2023", &year.to_string());
        // of the year before, one with a total that is not the sum
        let text = match (town, year) {
            ("示例镇", 2022) => text.replace("申请数量\n7\n", "申请数量\n8\n"),
            _ => text,
        };
        std::fs::write(folder.join(format!("{town}-{year}.txt")), text).unwrap();
    }
    desk.run(&["load", "in", "--region", "沭阳县", "--quiet"]).assert().success();
    desk.run(&["check", "--fail-on", "never", "--quiet"]).assert().success();
    let export = |name: &str, year: &str| {
        let arguments = ["export", "bulletin", "--region", "沭阳", "--year", year, "--out", name];
        desk.run(&arguments).assert().success();
        std::fs::read_to_string(desk.0.path().join(name)).unwrap()
    };
    let (last, this) = (export("last.md", "2022"), export("this.md", "2023"));
    assert!(last.contains("\n| 行合计 "), "{last}");
    assert!(!this.contains("\n| 行合计 "), "an error of the year before: {this}");
    assert!(!this.contains("无法判断") && this.contains("（上年计入3份报告，本年2份）"), "{this}");
    assert!(this.contains("无从计算（0/0）") && !this.contains("0/0），分母过小"), "{this}");
    // what holds of all rows of a ranking is told once
    assert!(this.contains("*以上各行：年度 2023"), "{this}");
}

#[test]
fn a_page_needs_nothing_else() {
    let desk = Desk::new();
    let page = desk.text("a.html", &[]);
    assert!(page.contains("<svg") && page.contains("default-src 'none'"), "{page}");
    for outside in ["src=", "href=\"http", "url(http", "<script"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(!page.contains("@@"), "a marker is left");
}

#[test]
fn a_document_is_opened_by_other_programs() {
    let desk = Desk::new();
    let path = desk.export("a.docx", &[]);
    let script = "import docx, sys
d = docx.Document(sys.argv[1])
print(len(d.tables), len(d.inline_shapes), d.paragraphs[0].text)";
    if let Some(python) = python("docx") {
        let said = ask(&python, script, &[&path]);
        assert!(said.contains("宿迁市2025年度"), "{said}");
        let counts: Vec<usize> = said.split(' ').take(2).map(|n| n.parse().unwrap()).collect();
        assert!(counts[0] >= 5, "{said}");
    }
    if has_office() {
        convert_file(&path, "pdf", desk.0.path());
    }
}
