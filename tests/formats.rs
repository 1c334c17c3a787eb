//! The formats that are files of other programs, read back by other programs: spreadsheets by Python's
//! standard library (a workbook is a zip archive of XML), Parquet by DuckDB or PyArrow where they are
//! installed.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

mod common;

use common::python::{ask, python};

/// A folder with the examples loaded.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
        desk.run(&["load", examples.to_str().unwrap(), "--quiet"]).assert().success();
        desk
    }

    fn run(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        command.current_dir(self.0.path()).env_remove("NIANBAO_DB").env("LC_ALL", "zh_CN.UTF-8");
        command.args(arguments);
        command
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Prints the cells of the first sheet as they are kept, each row in JSON, then what the sheets hold
/// besides.
const WORKBOOK: &str = r#"
import json, re, sys, zipfile
from xml.etree import ElementTree as tree
M = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
book = zipfile.ZipFile(sys.argv[1])
part = lambda name: tree.fromstring(book.read(name))
shared = [''.join(t.text or '' for t in s.iter(M + 't')) for s in part('xl/sharedStrings.xml')]
styles = part('xl/styles.xml')
codes = {f.get('numFmtId'): f.get('formatCode') for f in styles.iter(M + 'numFmt')}
codes.update({'0': 'General', '1': '0', '3': '#,##0', '4': '#,##0.00', '10': '0.00%', '49': '@'})
looks = [codes[x.get('numFmtId')] for x in styles.find(M + 'cellXfs')]
sheet = part('xl/worksheets/sheet1.xml')
for row in sheet.iter(M + 'row'):
    cells = []
    for cell in row:
        value = cell.find(M + 'v')
        if value is None: continue
        text = shared[int(value.text)] if cell.get('t') == 's' else float(value.text)
        cells.append([cell.get('r'), text, looks[int(cell.get('s', 0))]])
    print(json.dumps(cells, ensure_ascii=False))
print(json.dumps({
    'pane': [p.get('topLeftCell') for p in sheet.iter(M + 'pane')],
    'filter': sheet.find(M + 'autoFilter').get('ref'),
    'widths': [float(c.get('width')) for c in sheet.iter(M + 'col')],
    'sheets': [s.get('name') for s in part('xl/workbook.xml').iter(M + 'sheet')],
    'fonts': sorted({f.get('val') for f in styles.iter(M + 'name')}),
    'notes': [shared[int(v.text)] for v in part('xl/worksheets/sheet2.xml').iter(M + 'v')],
}, ensure_ascii=False))
"#;

#[test]
fn a_workbook_has_numbers_as_numbers_and_codes_as_text() {
    let Some(python) = python("zipfile") else { return };
    let desk = Desk::new();
    let statement = "SELECT '032100' AS code, '1e5' AS text, 9007199254740993 AS big, 1234567 AS n, \
                     0.5 AS x, NULL AS none, '=1+1' AS formula, '甲' AS name";
    desk.run(&["sql", statement, "--out", "a.xlsx"]).assert().success();
    let said = ask(&python, WORKBOOK, &[desk.file("a.xlsx")]);
    let lines: Vec<serde_json::Value> =
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let row = serde_json::json!([
        ["A2", "032100", "@"],
        ["B2", "1e5", "@"],
        ["C2", "9007199254740993", "@"],
        ["D2", 1_234_567.0, "0"],
        ["E2", 0.5, "General"],
        ["G2", "=1+1", "@"],
        ["H2", "甲", "@"]
    ]);
    assert_eq!(lines[1], row);
    assert!(lines[2]["notes"].to_string().contains("SELECT '032100' AS code"), "{}", lines[2]);
}

#[test]
fn a_workbook_of_a_query_has_headings_formats_and_notes() {
    let Some(python) = python("zipfile") else { return };
    let desk = Desk::new();
    let query = ["query", "outcomes", "--from", "2021"];
    desk.run(&query).args(["--out", "a.xlsx"]).assert().success();
    let said = ask(&python, WORKBOOK, &[desk.file("a.xlsx")]);
    let lines: Vec<serde_json::Value> =
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (besides, rows) = lines.split_last().unwrap();
    let rows: Vec<&Vec<serde_json::Value>> = rows.iter().map(|r| r.as_array().unwrap()).collect();
    let answer = desk.text(&[&query[..], &["--format", "json"]].concat());
    let answer: Vec<serde_json::Value> = serde_json::from_str(&answer).unwrap();
    assert_eq!(rows.len(), answer.len() + 1);
    let headings: Vec<&str> = rows[0].iter().map(|cell| cell[1].as_str().unwrap()).collect();
    assert_eq!(headings[..3], ["年度", "表样", "结果"]);
    let columns: Vec<String> = answer[0].as_object().unwrap().keys().cloned().collect();
    let mut compared = 0;
    for (row, answer) in rows[1..].iter().zip(&answer) {
        for cell in row.iter() {
            let at = usize::from(cell[0].as_str().unwrap().as_bytes()[0] - b'A');
            let expected = &answer[&columns[at]];
            if expected.is_number() {
                assert_eq!(cell[1].as_f64(), expected.as_f64(), "{cell} in {answer}");
                let look = match columns[at].as_str() {
                    "share" => "0.00%",
                    "year" => "0",
                    _ => "#,##0",
                };
                assert_eq!(cell[2], look, "{cell}");
                compared += 1;
            } else {
                assert_eq!(cell[2], "@", "{cell}");
            }
        }
    }
    assert!(compared > 50, "{compared}");
    assert_eq!(besides["pane"], serde_json::json!(["A2"]));
    assert_eq!(besides["filter"], format!("A1:I{}", rows.len()));
    assert_eq!(besides["sheets"], serde_json::json!(["数据", "说明"]));
    assert!(besides["fonts"].to_string().contains("宋体"), "{}", besides["fonts"]);
    let notes = besides["notes"].to_string();
    for note in ["申请办理结果", "nianbao query outcomes", "2021", "nianbao.db", "办理总数"]
    {
        assert!(notes.contains(note), "{note} in {notes}");
    }
    let widths = besides["widths"].as_array().unwrap();
    assert!(widths.iter().all(|w| w.as_f64().is_some_and(|w| (6.0..62.0).contains(&w))));

    desk.run(&query).args(["--out", "b.xlsx", "--lang", "en"]).assert().success();
    let said = ask(&python, WORKBOOK, &[desk.file("b.xlsx")]);
    assert!(said.starts_with(r#"[["A1", "year""#), "{said}");
}

/// Prints the types of the columns and the sum of one of them.
const PARQUET: &str = "
import duckdb, json, sys
types = duckdb.sql(f\"DESCRIBE SELECT * FROM '{sys.argv[1]}'\").fetchall()
print(json.dumps([[t[0], t[1]] for t in types]))
print(json.dumps(duckdb.sql(f\"SELECT * FROM '{sys.argv[1]}'\").fetchall()))
";

#[test]
fn parquet_is_typed_and_keeps_every_value() {
    let Some(python) = python("duckdb") else { return };
    let desk = Desk::new();
    let statement = "SELECT '032100' AS code, 9007199254740993 AS big, 0.5 AS x, NULL AS none \
                     UNION ALL SELECT NULL, NULL, 1, NULL";
    desk.run(&["sql", statement, "--out", "a.parquet"]).assert().success();
    let said = ask(&python, PARQUET, &[desk.file("a.parquet")]);
    let (types, rows) = said.trim_end().split_once('\n').unwrap();
    assert_eq!(
        types,
        r#"[["code", "VARCHAR"], ["big", "BIGINT"], ["x", "DOUBLE"], ["none", "VARCHAR"]]"#
    );
    assert_eq!(rows, r#"[["032100", 9007199254740993, 0.5, null], [null, null, 1.0, null]]"#);
}

#[test]
fn a_page_is_whole_and_says_what_it_shows() {
    let desk = Desk::new();
    let page = desk.text(&["query", "outcomes", "--format", "html"]);
    assert!(page.starts_with("<!doctype html>\n<html lang=\"zh-CN\">"), "{page}");
    assert!(page.ends_with("</body>\n</html>\n"), "{page}");
    for said in
        ["<h1>申请办理结果</h1>", ">部分公开</td>", "<td class=\"n\">6.02%</td>", "<dd>auto</dd>"]
    {
        assert!(page.contains(said), "{said} in {page}");
    }
    let notes = desk.text(&["analyze", "trend", "--metric", "disclosure-rate", "--format", "html"]);
    assert!(notes.contains("<p>口径："), "{notes}");
    let why = desk.text(&["why", "2023", "disclosure-rate", "--format", "html"]);
    assert_eq!(why.matches("<!doctype").count(), 1, "{why}");
    assert!(why.matches("<table>").count() > 1, "{why}");
    for command in [
        &["metrics", "disclosure-rate"][..],
        &["metrics", "all"],
        &["metrics"],
        &["coverage"],
        &["info"],
        &["findings"],
        &["search", "公开"],
        &["query"],
        &["query", "outcomes", "--help"],
        &["analyze"],
        &["analyze", "trend", "--help"],
    ] {
        let page = desk.text(&[command, &["--format", "html"]].concat());
        assert_eq!(page.matches("<!doctype").count(), 1, "{command:?}: {page}");
        assert!(page.ends_with("</body>\n</html>\n") && page.contains("<table>"), "{command:?}");
    }
}

#[test]
fn an_export_ignores_the_limit_of_the_screen_and_is_whole_or_not_at_all() {
    let desk = Desk::new();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
        SELECT i, 'x' AS t FROM n";
    assert!(desk.text(&["sql", many]).contains("1000"), "the screen has a limit");
    for file in ["a.html", "a.xlsx", "a.parquet", "a.txt"] {
        desk.run(&["sql", many, "--out", file]).assert().success();
    }
    let page = std::fs::read_to_string(desk.file("a.html")).unwrap();
    assert_eq!(page.matches("<tr>").count(), 1501);
    if let Some(python) = python("zipfile") {
        let said = ask(&python, WORKBOOK, &[desk.file("a.xlsx")]);
        assert_eq!(said.lines().count(), 1502);
    }
    let before = std::fs::read(desk.file("a.xlsx")).unwrap();
    let long = "SELECT group_concat(i, '字字字字字字字字字字字字字字字字字字字字字') AS t FROM (
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT i FROM n)";
    let failed = desk.run(&["sql", long, "--out", "a.xlsx", "--lang", "en"]).output().unwrap();
    let said = String::from_utf8_lossy(&failed.stderr);
    assert_eq!(failed.status.code(), Some(2), "{said}");
    assert!(
        said.contains("row 1 of column t has") && said.contains("use csv or parquet"),
        "{said}"
    );
    assert_eq!(std::fs::read(desk.file("a.xlsx")).unwrap(), before);
    let names: Vec<_> =
        std::fs::read_dir(desk.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains(".tmp")), "{names:?}");
}
