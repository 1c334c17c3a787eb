//! `export form` and `export blank`: every form that is written is read back as it was, and opened by
//! programs that are not ours.

mod common;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use common::python::{ask, python};
use common::soffice::{convert_file, has_office};
use nianbao::report::Report;
use tempfile::TempDir;
use zip::ZipArchive;

/// A folder with a database of reports.
struct Desk(TempDir);

impl Desk {
    fn of(reports: &Path) -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        // the program works in another folder
        let reports = reports.canonicalize().unwrap();
        desk.run(&["load", reports.to_str().unwrap(), "--quiet"]).assert().success();
        desk
    }

    fn examples() -> Desk {
        Desk::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports"))
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
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn refusal(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// One of its files as LibreOffice saves it.
    fn converted(&self, name: &str, format: &str) -> PathBuf {
        convert_file(&self.file(name), format, &self.file("converted"))
    }

    fn parse(&self, name: &str) -> Report {
        serde_json::from_str(&self.text(&["parse", name, "--format", "json"])).unwrap()
    }

    fn shown(&self, body: &str, year: &str) -> Report {
        serde_json::from_str(&self.text(&["show", body, year, "--format", "json"])).unwrap()
    }
}

/// What a report says in each cell: state, value, unit.
fn said(report: &Report) -> BTreeMap<String, String> {
    let cells = report.cells.iter().map(|c| {
        let name = format!("{}/{}/{}", c.table, c.row, c.column);
        (name, format!("{:?} {:?} {:?}", c.state, c.value, c.unit))
    });
    cells.collect()
}

const FORMATS: [&str; 4] = ["xlsx", "docx", "html", "md"];

#[test]
fn a_form_in_every_format_is_read_back_cell_by_cell() {
    let Some(corpus) = common::corpus() else { return };
    let desk = Desk::of(&corpus.join("full"));
    let mut compared = 0;
    for (body, year) in [
        ("宿迁市", "2023"),
        ("酉阳土家族苗族自治县人民政府桃花源街道办事处", "2025"),
        ("上海市人民政府办公厅", "2019"),
    ] {
        let report = desk.shown(body, year);
        for format in FORMATS {
            let name = format!("{year}.{format}");
            desk.text(&["export", "form", "--body", body, "--year", year, "--out", &name]);
            let back = desk.parse(&name);
            assert_eq!(said(&back), said(&report), "{name}");
            assert_eq!((&back.organ, back.year), (&report.organ, report.year), "{name}");
            assert_eq!((back.scope, &back.edition), (report.scope, &report.edition), "{name}");
            let doubts: Vec<&str> = back.findings.iter().map(|f| f.rule.as_ref()).collect();
            assert!(doubts.iter().all(|rule| *rule == "blank-cell"), "{name}: {doubts:?}");
            compared += report.cells.len();
        }
    }
    assert_eq!(compared, 4 * (200 + 200 + 198));
}

/// All editions, what LibreOffice saves of the form among them.
#[test]
fn forms_of_the_examples_are_read_back_from_libreoffice_too() {
    let desk = Desk::examples();
    let office = has_office();
    for (body, year) in [("示例市", "2018"), ("示例县", "2017"), ("宿迁市", "2023")] {
        let report = desk.shown(body, year);
        for format in FORMATS {
            let name = format!("{body}{year}.{format}");
            desk.text(&["export", "form", "--body", body, "--year", year, "--out", &name]);
            assert_eq!(said(&desk.parse(&name)), said(&report), "{name}");
        }
        if office {
            let name = format!("{body}{year}.xlsx");
            let again = desk.converted(&name, "ods");
            assert_eq!(said(&desk.parse(again.to_str().unwrap())), said(&report), "{name}");
        }
    }
}

/// What the units of a level come to, worked out here from their cells.
#[test]
fn a_level_is_the_sum_of_its_units() {
    let desk = Desk::examples();
    let args = ["export", "form", "--region", "宿迁", "--year", "2023", "--out"];
    let units = ["宿迁市示例局", "沭阳县示例镇人民政府"].map(|body| desk.shown(body, "2023"));
    let mut sums: BTreeMap<String, rust_decimal::Decimal> = BTreeMap::new();
    for cell in units.iter().flat_map(|unit| &unit.cells) {
        let name = format!("{}/{}/{}", cell.table, cell.row, cell.column);
        *sums.entry(name).or_default() += cell.value.unwrap();
    }
    for format in FORMATS {
        let name = format!("sum.{format}");
        desk.text(&[&args[..], &[&name]].concat());
        let back = desk.parse(&name);
        assert_eq!(back.cells.len(), 200, "{name}");
        for cell in &back.cells {
            let of = format!("{}/{}/{}", cell.table, cell.row, cell.column);
            assert_eq!(cell.value, Some(sums[&of]), "{name}: {of}");
        }
        assert_eq!((back.organ.as_deref(), back.year), (Some("宿迁市"), Some(2023)), "{name}");
        assert_eq!(back.scope, Some(nianbao::report::Scope::Aggregate), "{name}");
    }
    let page = std::fs::read_to_string(desk.file("sum.md")).unwrap();
    assert!(page.contains("由2份报告相加：本机关报告2份，下级汇总0份。"), "{page}");
    assert!(page.contains("公布的汇总与各单位之和有"), "{page}");
    if has_office() {
        // recalculated by another program, the formulas come to the same
        let again = desk.converted("sum.xlsx", "xlsx:Calc MS Excel 2007 XML");
        for cell in &desk.parse(again.to_str().unwrap()).cells {
            let of = format!("{}/{}/{}", cell.table, cell.row, cell.column);
            assert_eq!(cell.value, Some(sums[&of]), "recalculated: {of}");
        }
    }
}

/// Who filled in nothing, and where the sums do not add up.
#[test]
fn what_the_sums_lack_is_told() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
    let text = std::fs::read_to_string(example.join("shuyang-township-2023.txt")).unwrap();
    let reports = tempfile::tempdir().unwrap();
    for (town, from, to) in [
        ("测试镇", "行政许可\n35\n", "行政许可\n详见附件\n"),
        ("试验镇", "申请数量\n7\n", "申请数量\n8\n"),
    ] {
        assert!(text.contains(from));
        let text = text.replace("示例镇", town).replace(from, to);
        std::fs::write(reports.path().join(format!("{town}.txt")), text).unwrap();
    }
    let desk = Desk::of(reports.path());
    for format in FORMATS {
        let name = format!("sum.{format}");
        desk.text(&["export", "form", "--region", "沭阳", "--year", "2023", "--out", &name]);
        // what is told beside the form is not taken for a part of it
        assert_eq!(desk.parse(&name).cells.len(), 200, "{name}");
    }
    let page = std::fs::read_to_string(desk.file("sum.md")).unwrap();
    let town = "沭阳县测试镇人民政府";
    let gap = format!("| 主动公开政府信息情况 | 行政许可 | 全部 | 1 | {town} |");
    assert!(page.contains(&gap), "{page}");
    let total = "| 收到和处理政府信息公开申请情况：“一、本年新收政府信息公开申请数量”的“总计” | 14 | 15 | -1 |";
    assert!(page.contains(total), "{page}");
    for said in ["合计与分项之和不等，见所附", "其中2份报告尚未核对。"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    desk.run(&["check", "--fail-on", "never", "--quiet"]).assert().success();
    desk.text(&["export", "form", "--region", "沭阳", "--year", "2023", "--out", "checked.md"]);
    let page = std::fs::read_to_string(desk.file("checked.md")).unwrap();
    assert!(page.contains("其中2份报告核对有错误") && !page.contains("尚未核对"), "{page}");
}

#[test]
fn a_blank_form_waits_for_figures_and_is_read_when_they_are_there() {
    let desk = Desk::examples();
    let args = ["export", "blank", "--year", "2024", "--body", "宿迁市示例局", "--out"];
    for format in ["xlsx", "docx"] {
        let name = format!("blank.{format}");
        desk.text(&[&args[..], &[&name]].concat());
        let back = desk.parse(&name);
        assert_eq!(back.organ.as_deref(), Some("宿迁市示例局"), "{name}");
        assert_eq!((back.year, back.edition.as_deref()), (Some(2024), Some("2021")), "{name}");
        let last = desk.shown("宿迁市示例局", "2023");
        for cell in &back.cells {
            let carried = last.cells.iter().find(|c| {
                cell.row == "received.carried_in"
                    && (c.table.as_str(), c.row.as_str()) == (cell.table.as_str(), "carried_out")
                    && c.column == cell.column
            });
            assert_eq!(cell.value, carried.and_then(|c| c.value), "{name}: {cell:?}");
        }
    }
}

/// What is carried over alone is out of balance with what nobody filled in yet.
#[test]
fn a_blank_workbook_turns_red_only_where_both_sides_are_filled_in_and_says_so() {
    let desk = Desk::examples();
    let args = ["export", "blank", "--year", "2024", "--body", "宿迁市示例局"];
    desk.text(&[&args[..], &["--out", "blank.xlsx"]].concat());
    let mut zip = ZipArchive::new(File::open(desk.file("blank.xlsx")).unwrap()).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet2.xml");
    let rules: Vec<&str> = sheet.split("<cfRule").skip(1).collect();
    assert_eq!(rules.len(), 14, "two totals of seven columns");
    for rule in rules {
        let formula = rule.split("<formula>").nth(1).unwrap();
        assert!(formula.starts_with("AND(COUNT($"), "{formula}");
        assert_eq!(formula.matches("COUNT(").count(), 2, "{formula}");
    }
    assert!(part("xl/sharedStrings.xml").contains("红色格"));
}

#[test]
fn what_cannot_be_written_is_said_before_the_work_and_nothing_is_replaced() {
    let desk = Desk::examples();
    let form = ["export", "form", "--body", "宿迁市", "--year", "2023"];
    let with = |out: &str| desk.refusal(&[&form[..], &["--out", out]].concat());
    assert!(desk.refusal(&form).contains("--out"));
    assert!(with("form.pdf").contains(".xlsx .docx"));
    std::fs::write(desk.file("kept.xlsx"), "mine").unwrap();
    assert!(with("kept.xlsx").contains("--force"));
    assert_eq!(std::fs::read(desk.file("kept.xlsx")).unwrap(), b"mine");
    assert!(with("nowhere/form.xlsx").contains("nowhere"));
    assert!(
        desk.refusal(&["export", "form", "--year", "1999", "--out", "a.xlsx"])
            .contains("没有符合条件的报告")
    );
    desk.text(&[&form[..], &["--out", "kept.xlsx", "--force"]].concat());
    assert!(std::fs::read(desk.file("kept.xlsx")).unwrap().starts_with(b"PK"));
    let left: Vec<String> = std::fs::read_dir(desk.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".nianbao-") || name == "a.xlsx")
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Two hundred bodies of a city, every third on the form of 2019, some fees left blank.
fn made_city(folder: &Path) {
    let forms = nianbao::form::Forms::builtin();
    let mut random = common::synth::Random::new(7);
    for number in 0..200 {
        let edition = if number % 3 == 0 { "2019" } else { "2021" };
        let cells = forms.get(edition).unwrap().cells().map(|cell| {
            let blank = cell.table.key == "disclosure" && random.below(40) == 0;
            let value = random.below(500);
            let money = cell.kind() == nianbao::form::ValueKind::Money;
            let unit = if money { "万元" } else { "件" };
            let text = if money { format!("{value}.25") } else { value.to_string() };
            serde_json::json!({
                "table": cell.table.key, "row": cell.row.key, "column": cell.column.key,
                "value": (!blank).then(|| text.parse::<serde_json::Number>().unwrap()),
                "unit": unit,
                "raw": if blank { String::new() } else { text.clone() },
                "state": if blank { "blank" } else if text == "0" { "zero" } else { "number" },
                "at": { "line": 1, "offset": 0 },
            })
        });
        let report = serde_json::json!({
            "schema": "nianbao.report/1", "title": null,
            "organ": format!("宿迁市第{number}示例局"), "organ_printed": null,
            "region_code": "321300", "township_code": null, "year": 2021, "scope": "own",
            "edition": edition, "published": "2022-01-20",
            "source": { "path": "made", "sha256": format!("{number:064x}"), "media_type": "text/plain", "encoding": "utf-8" },
            "sections": [], "cells": cells.collect::<Vec<_>>(), "findings": [],
        });
        std::fs::write(folder.join(format!("{number}.json")), report.to_string()).unwrap();
    }
}

/// Adds up the cells that both editions have, as pandas does.
const PANDAS: &str = r#"
import glob, json, sys
import pandas as pd
rows = []
for path in glob.glob(sys.argv[1] + "/*.json"):
    report = json.load(open(path))
    for c in report["cells"]:
        rows.append([report["edition"], "/".join([c["table"], c["row"], c["column"]]), c["value"]])
cells = pd.DataFrame(rows, columns=["edition", "cell", "value"])
both = cells.groupby("cell")["edition"].nunique()
sums = cells[cells["cell"].isin(both[both == 2].index)].groupby("cell")["value"].sum(min_count=1)
print(json.dumps({cell: round(value, 6) for cell, value in sums.items()}))
"#;

#[test]
fn two_hundred_units_over_two_editions_come_to_what_pandas_says() {
    let folder = tempfile::tempdir().unwrap();
    made_city(folder.path());
    let desk = Desk::of(folder.path());
    let file = desk.file("city.xlsx");
    let args = ["export", "form", "--region", "宿迁", "--year", "2021", "--out", "city.xlsx"];
    desk.text(&args);
    let mut said = BTreeMap::new();
    for cell in desk.parse("city.xlsx").cells {
        let name = format!("{}/{}/{}", cell.table, cell.row, cell.column);
        said.insert(name, cell.value.map(|v| v.to_string().parse::<f64>().unwrap()));
    }
    assert_eq!(said.len(), 200);
    let summed = said.values().flatten().count();
    // 其他处理 is one row there, fees are another question, documents are counted otherwise
    assert!((150..200).contains(&summed), "{summed}");
    let Some(python) = python("pandas") else { return };
    let sums: BTreeMap<String, f64> =
        serde_json::from_str(&ask(&python, PANDAS, &[folder.path()])).unwrap();
    for (cell, value) in &said {
        assert_eq!(*value, sums.get(cell).copied(), "{cell}");
    }
    assert_eq!(summed, sums.len());
    if has_office() {
        let again = desk.converted("city.xlsx", "xlsx:Calc MS Excel 2007 XML");
        for cell in desk.parse(again.to_str().unwrap()).cells {
            let name = format!("{}/{}/{}", cell.table, cell.row, cell.column);
            let value = cell.value.map(|v| v.to_string().parse::<f64>().unwrap());
            assert_eq!(value, said[&name], "recalculated: {name}");
        }
    }
    assert!(file.is_file());
}

/// A body that never reported has a form all the same, if its name says where it is.
#[test]
fn a_blank_form_may_be_a_new_bodys() {
    let desk = Desk::examples();
    let blank = ["export", "blank", "--year", "2024", "--out"];
    desk.text(&[&blank[..], &["a.docx", "--body", "财政局", "--region", "沭阳"]].concat());
    assert_eq!(desk.parse("a.docx").organ.as_deref(), Some("沭阳县财政局"));
    let said = desk.refusal(&[&blank[..], &["b.docx", "--body", "财政局"]].concat());
    assert!(said.contains("没有名为“财政局”的机关"), "{said}");
}
