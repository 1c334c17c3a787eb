//! `export matrix`: what is in the file is what the store has, whoever opens it.

mod common;

use std::fs;
use std::path::PathBuf;

use common::desk::{Desk, set};
use common::python::{ask, python};
use common::soffice::{convert_file, has_office};
use common::{corpus, full};
use nianbao::report::{Report, State};
use serde_json::Value;

/// A name with all that a format could take for its own.
const HOSTILE: &str = "=1+1|<b>甲*&\"局";

/// Leaves the cells of a row open.
fn blank(report: &mut Report, row: &str) {
    for cell in report.cells.iter_mut().filter(|cell| cell.name().starts_with(row)) {
        (cell.value, cell.raw, cell.state) = (None, Some(String::new()), State::Blank);
    }
}

fn renamed(desk: &Desk, body: u64, year: i32, name: &str) -> Report {
    let mut report = desk.other(body, year);
    report.organ = Some(name.to_owned());
    report.organ_printed = Some(name.to_owned());
    report.title = None;
    report.region_code = Some("321322".to_owned());
    report
}

/// Bodies of a county: figures of their own, one with a false sum, one with open cells, one of an
/// earlier form.
fn county() -> Desk {
    let desk = Desk::new();
    for (number, name) in ["甲局", "乙局", HOSTILE, "丁局"].into_iter().enumerate() {
        let body = number as u64;
        let mut report = renamed(&desk, body, 2023, name);
        let n = 10 + 10 * body as i64;
        for column in ["natural_person", "total"] {
            for row in ["received.new", "granted", "processed_total"] {
                set(&mut report, &format!("applications/{row}/{column}"), n);
            }
        }
        set(&mut report, "disclosure/fees/amount", 5 + body as i64);
        set(&mut report, "challenges/review/corrected", body as i64);
        set(&mut report, "challenges/review/upheld", 3);
        set(&mut report, "challenges/review/total", 3 + body as i64);
        if number == 1 {
            set(&mut report, "applications/received.new/total", 21);
        }
        if number == 3 {
            blank(&mut report, "challenges/review/");
            blank(&mut report, "disclosure/licensing/");
        }
        desk.write(&format!("{number}.json"), report);
    }
    let earlier = renamed(&desk, 4, 2020, "甲局");
    desk.write("earlier.json", earlier);
    desk.load();
    let (code, _, errors) = desk.run(&["check", "--fail-on", "never", "--quiet"]);
    assert_eq!(code, 0, "{errors}");
    desk
}

fn exported(desk: &Desk, args: &[&str], file: &str) -> PathBuf {
    let (code, _, errors) = desk.run(&[&["export", "matrix", "--out", file], args].concat());
    assert_eq!(code, 0, "{args:?}: {errors}");
    desk.dir.path().join(file)
}

fn rows(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let file = exported(desk, &[args, &["--force"]].concat(), "rows.json");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

fn of<'r>(rows: &'r [Value], organ: &str) -> &'r Value {
    rows.iter().find(|row| row["organ"].as_str().unwrap().ends_with(organ)).expect(organ)
}

#[test]
fn values_are_those_of_the_measures_and_a_blank_is_no_zero() {
    let desk = county();
    let rows = rows(&desk, &["--year", "2023", "--parts"]);
    assert_eq!(rows.len(), 4);
    let (second, last) = (of(&rows, "乙局"), of(&rows, "丁局"));
    assert_eq!(second["applications-received"], 21);
    assert_eq!(second["review-correction-rate"], 0.25);
    assert_eq!(second["review-correction-rate.numerator"], 1);
    assert_eq!(second["review-correction-rate.denominator"], 4);
    assert_eq!(second["litigation-correction-rate"], Value::Null, "no cases have no rate");
    assert_eq!(last["review-cases"], Value::Null);
    let open = last["open"].as_str().unwrap();
    assert!(open.contains("review-cases") && open.contains("licensing-decisions"), "{open}");
    assert_eq!(second["open"], Value::Null);
    assert!(second["errors"].as_i64() > Some(0), "{second}");
    assert_eq!(of(&rows, "甲局")["errors"], 0);
    // held against `why`, which takes a figure back to its cells
    let (mut compared, measures) =
        (0, ["disclosure-rate", "review-correction-rate", "refusal-rate"]);
    for row in &rows {
        for measure in measures {
            let organ = row["organ"].as_str().unwrap();
            let (code, out, errors) =
                desk.run(&["why", organ, "2023", measure, "--format", "json"]);
            assert_eq!(code, 0, "{errors}");
            let why: Value = serde_json::from_str(&out).unwrap();
            assert_eq!(row[format!("{measure}.numerator")], why["numerator"], "{organ} {measure}");
            assert_eq!(
                row[format!("{measure}.denominator")],
                why["denominator"],
                "{organ} {measure}"
            );
            compared += usize::from(why["numerator"].is_number());
        }
    }
    assert!(compared > 8, "{compared}");
}

#[test]
fn what_an_edition_does_not_ask_for_is_told_from_what_is_open() {
    let desk = county();
    let args = ["--metric", "fees-charged", "--metric", "licensing-decisions"];
    let rows = rows(&desk, &[&args[..], &["--from", "2020"]].concat());
    assert_eq!(rows.len(), 5);
    let earlier = rows.iter().find(|row| row["year"] == 2020).unwrap();
    assert_eq!(earlier["not_asked"], "fees-charged");
    assert_eq!((&earlier["fees-charged"], &earlier["open"]), (&Value::Null, &Value::Null));
    let last = of(&rows, "丁局");
    assert_eq!((&last["open"], &last["not_asked"]), (&"licensing-decisions".into(), &Value::Null));
    let page = exported(&desk, &[&args[..], &["--from", "2020"]].concat(), "a.html");
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains(">未设</td>") && page.contains(">未定</td>"), "{page}");
    assert!(page.contains("2020年合计（1 行）") && page.contains("2023年合计（4 行）"), "{page}");
    let text = fs::read_to_string(exported(&desk, &args, "a.md")).unwrap();
    assert!(text.starts_with("# 2023年度政府信息公开年报指标对照表\n"), "{text}");
    assert!(text.contains("- 未定") && text.contains("不等于 0"), "{text}");
}

#[test]
fn one_measure_over_years_has_a_column_for_each() {
    let desk = county();
    let rows = rows(&desk, &["--metric", "applications-received", "--from", "2016"]);
    assert_eq!(rows.len(), 4, "甲局 is one line");
    let first = of(&rows, "甲局");
    assert_eq!((&first["2020"], &first["2023"]), (&0.into(), &10.into()));
    let second = of(&rows, "乙局");
    assert_eq!((&second["2020"], &second["no_report"]), (&Value::Null, &"2020".into()));
}

#[test]
fn every_cell_is_what_the_document_says() {
    let Some(corpus) = corpus() else { return };
    let desk = Desk::new();
    let folder = corpus.join("full").canonicalize().unwrap();
    let (code, _, errors) = desk.run(&["load", folder.to_str().unwrap(), "--quiet"]);
    assert!(code <= 1, "{errors}");
    let (mut numbers, mut others) = (0, 0);
    for (path, truth) in full(&corpus) {
        let (year, edition) = (truth.year.to_string(), truth.edition.as_str());
        let args = ["--cells", "--year", &year, "--edition", edition, "--scope", &truth.scope];
        let rows = rows(&desk, &args);
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let (_, sources, _) = desk.run(&[
            "sql",
            &format!("SELECT organ FROM v_report WHERE is_current = 1 AND year = {year} AND path LIKE '%{file}'"),
            "--format",
            "json",
        ]);
        let organ: Value = serde_json::from_str(&sources).unwrap();
        let Some(organ) = organ[0]["organ"].as_str() else { continue };
        let row = of(&rows, organ);
        let lists =
            |which: &str| row[which].as_str().unwrap_or_default().split(' ').collect::<Vec<_>>();
        for cell in &truth.cells {
            let name = format!("{}/{}/{}", cell.table, cell.row, cell.column);
            let value = &row[&name];
            match &cell.value {
                // money is kept in fen
                Some(_)
                    if value.is_number()
                        && cell.unit.as_deref().is_some_and(|u| u.contains('元')) => {}
                Some(number) => {
                    assert_eq!(value.to_string(), number.to_string(), "{file}: {name}");
                    numbers += 1;
                }
                None => {
                    let told = lists("open").contains(&name.as_str())
                        || lists("implied").contains(&name.as_str());
                    assert!(told, "{file}: {name} is {value} for {:?}", cell.raw);
                    others += 1;
                }
            }
        }
    }
    assert!(numbers > 500 && others > 0, "{numbers} {others}");
}

/// Prints formulas, notes, grounds and formats of a workbook, then takes out what the formulas gave.
const WORKBOOK: &str = r#"
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
sheet = book.worksheets[0]
print(json.dumps({
    'formulas': {c.coordinate: c.value for r in sheet for c in r if str(c.value).startswith('=') and c.data_type == 'f'},
    'notes': {c.coordinate: c.comment.text for r in sheet for c in r if c.comment},
    'grounds': {c.coordinate: c.fill.fgColor.rgb for r in sheet for c in r if c.fill.fgColor.rgb != '00000000'},
    'formats': {c.coordinate: c.number_format for c in sheet[2]},
    'rows': [[c.value for c in r] for r in sheet],
    'freeze': sheet.freeze_panes, 'filter': sheet.auto_filter.ref,
    'sheets': book.sheetnames,
    'second': [[c.value for c in r] for r in book.worksheets[1]],
}, ensure_ascii=False))
cached = openpyxl.load_workbook(sys.argv[1], data_only=True).worksheets[0]
print(json.dumps([[c.value for c in r] for r in cached], ensure_ascii=False))
book.save(sys.argv[2])
"#;
const VALUES: &str = "
import json, sys, openpyxl
sheet = openpyxl.load_workbook(sys.argv[1], data_only=True).worksheets[0]
print(json.dumps([[c.value for c in r] for r in sheet], ensure_ascii=False))
";

fn names(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|v| v.as_str().unwrap_or_default()).collect()
}

#[test]
fn a_workbook_has_live_sums_notes_and_marks() {
    let Some(python) = python("openpyxl") else { return };
    let desk = county();
    let metrics = ["applications-received", "review-correction-rate", "fees-charged"];
    let metrics = metrics.map(|m| ["--metric", m]).concat();
    let file = exported(&desk, &[&metrics[..], &["--year", "2023", "--parts"]].concat(), "a.xlsx");
    let plain = desk.dir.path().join("plain.xlsx");
    let said = ask(&python, WORKBOOK, &[&file, &plain]);
    let (book, cached) = said.trim_end().split_once('\n').unwrap();
    let (book, cached): (Value, Value) =
        (serde_json::from_str(book).unwrap(), serde_json::from_str(cached).unwrap());
    let headings = names(&book["rows"][0]);
    let at = |heading: &str| headings.iter().position(|h| *h == heading).expect(heading);
    let letter = |heading: &str| char::from(b'A' + u8::try_from(at(heading)).unwrap());
    let (received, rate) = (letter("新收申请数"), letter("行政复议纠错率"));
    let (part, all) = (char::from(rate as u8 + 1), char::from(rate as u8 + 2));
    let fees = letter("行政事业性收费金额（元）");
    // counts are sums, a rate is the ratio of the sums beside it
    let formulas = &book["formulas"];
    assert_eq!(formulas[format!("{received}7")], format!("=SUM({received}2:{received}5)"));
    assert_eq!(formulas[format!("{rate}7")], format!("={part}7/{all}7"));
    assert_eq!(formulas[format!("{fees}7")], format!("=SUM({fees}2:{fees}5)"));
    assert_eq!(formulas.as_object().unwrap().len(), 7, "{formulas}");
    assert_eq!(
        (&book["freeze"], &book["sheets"]),
        (&"B2".into(), &serde_json::json!(["数据", "说明"]))
    );
    assert_eq!(book["filter"], format!("A1:{}5", letter("警告")));
    assert_eq!(book["formats"][format!("{rate}2")], "0.00%");
    assert_eq!(book["formats"][format!("{received}2")], "#,##0");
    // the body with the false sum has a note on its name and on the cell
    let rows = book["rows"].as_array().unwrap();
    let row = |organ: &str| {
        1 + rows
            .iter()
            .position(|r| r[0].as_str().is_some_and(|o| o.ends_with(organ)))
            .expect(organ)
    };
    let (false_sum, open) = (row("乙局"), row("丁局"));
    let notes = &book["notes"];
    for cell in [format!("A{false_sum}"), format!("{received}{false_sum}")] {
        assert!(notes[&cell].as_str().unwrap().starts_with("【错误】"), "{cell}: {notes}");
        assert_eq!(book["grounds"][&cell], "FFF8CBAD", "{cell}");
    }
    assert_eq!(notes[format!("{rate}{false_sum}")], Value::Null);
    // what is open is empty and on its ground; a name is a text whatever it begins with
    assert_eq!(rows[open - 1][at("行政复议纠错率")], Value::Null);
    assert!(book["grounds"][format!("{rate}{open}")].is_string());
    assert_eq!(rows[row(HOSTILE) - 1][0].as_str().map(|o| o.ends_with(HOSTILE)), Some(true));
    assert!(formulas[format!("A{}", row(HOSTILE))].is_null());
    let second = book["second"].to_string();
    for said in ["行政复议纠错率", "分母下限", "nianbao.db", "不等于 0", "行数"] {
        assert!(second.contains(said), "{said} in {second}");
    }
    // what the formulas gave is what the store sums
    let (_, sums, _) = desk.run(&["sql", "SELECT SUM(q.received) AS received, SUM(d.amount_fen) AS fen FROM v_requests AS q INNER JOIN v_disclosure AS d ON d.report_id = q.report_id AND d.item = 'fees' WHERE q.year = 2023", "--format", "json"]);
    let sums: Value = serde_json::from_str(&sums).unwrap();
    let total = |values: &Value, heading: &str| values[6][at(heading)].as_f64();
    let mut seen = vec![cached];
    if has_office() {
        // openpyxl has thrown away what they gave: LibreOffice must work it out
        let to = desk.dir.path().join("office");
        convert_file(&plain, "xlsx", &to);
        seen.push(serde_json::from_str(&ask(&python, VALUES, &[&to.join("plain.xlsx")])).unwrap());
    }
    for values in seen {
        assert_eq!(total(&values, "新收申请数"), sums[0]["received"].as_f64());
        let yuan = sums[0]["fen"].as_f64().map(|fen| fen / 100.0);
        assert_eq!(total(&values, "行政事业性收费金额（元）"), yuan);
        let rate = total(&values, "行政复议纠错率").unwrap();
        assert!((rate - 3.0 / 12.0).abs() < 1e-12, "{rate}");
    }
}

#[test]
fn what_was_dismissed_is_not_marked_and_what_was_not_checked_is_told() {
    let desk = county();
    let (_, out, _) = desk.run(&["findings", "--min-severity", "error", "--format", "json"]);
    let found: Vec<Value> = serde_json::from_str(&out).unwrap();
    let before = rows(&desk, &["--year", "2023"]);
    assert!(of(&before, "乙局")["errors"].as_i64() > Some(0), "{before:?}");
    let mut dismissed = 0;
    for finding in &found {
        if finding["report"]["organ"].as_str().unwrap().ends_with("乙局") {
            let id = finding["id"].as_str().unwrap();
            let args = ["findings", "dismiss", id, "--reason", "原件如此", "--by", "李"];
            let (code, _, errors) = desk.run(&args);
            assert_eq!(code, 0, "{errors}");
            dismissed += 1;
        }
    }
    assert!(dismissed > 0);
    assert_eq!(of(&rows(&desk, &["--year", "2023"]), "乙局")["errors"], 0);
    let fresh = Desk::new();
    fresh.write("a.json", renamed(&fresh, 0, 2023, "甲局"));
    fresh.load();
    let (code, _, errors) = fresh.run(&["export", "matrix", "--out", "a.csv"]);
    assert_eq!(code, 0);
    assert!(errors.contains("1 份报告尚未核对"), "{errors}");
}

#[test]
fn every_format_has_the_same_lines_and_no_name_breaks_one() {
    let desk = county();
    let csv = exported(&desk, &["--year", "2023"], "a.csv");
    let text = fs::read_to_string(csv).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names: Vec<String> = reader.records().map(|r| r.unwrap()[0].to_owned()).collect();
    assert_eq!(names.len(), 4);
    assert!(names.iter().any(|name| name.ends_with(HOSTILE)), "{names:?}");
    let lines = fs::read_to_string(exported(&desk, &["--year", "2023"], "a.ndjson")).unwrap();
    assert_eq!(lines.lines().count(), 4);
    let tabs = fs::read_to_string(exported(&desk, &["--year", "2023"], "a.tsv")).unwrap();
    assert_eq!(tabs.lines().count(), 5);
    let page = fs::read_to_string(exported(&desk, &["--year", "2023"], "a.html")).unwrap();
    assert!(page.contains("=1+1|&lt;b&gt;甲*&amp;&quot;局") && !page.contains("<b>"), "{page}");
    let parquet = exported(&desk, &["--year", "2023"], "a.parquet");
    if let Some(python) = python("pandas, pyarrow") {
        let script = "import pandas, sys; f = pandas.read_parquet(sys.argv[1]); print(len(f), f['applications-received'].sum(), f['review-cases'].isna().sum())";
        assert_eq!(ask(&python, script, &[&parquet]), "4 101 1\n");
    }
}

#[test]
fn nothing_is_replaced_unasked_and_the_same_matrix_is_the_same_file() {
    let desk = county();
    let file = exported(&desk, &[], "a.xlsx");
    let before = fs::read(&file).unwrap();
    let (code, _, errors) = desk.run(&["export", "matrix", "--out", "a.xlsx", "--year", "2020"]);
    assert_eq!(code, 2, "{errors}");
    assert_eq!(fs::read(&file).unwrap(), before);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    exported(&desk, &["--force"], "a.xlsx");
    assert!(fs::read(&file).unwrap() == before, "the files differ");
    for (args, said) in [
        (&["--metric", "disclosure-rat"][..], "disclosure-rate"),
        (&["--year", "1999"], "没有"),
        (&["--cells", "--parts"], "--parts"),
        (&["--out", "a.docx"], ".xlsx"),
    ] {
        let out = if args.contains(&"--out") { &[][..] } else { &["--out", "b.xlsx"] };
        let (code, _, errors) = desk.run(&[&["export", "matrix"], out, args].concat());
        assert_eq!(code, 2, "{args:?}: {errors}");
        assert!(errors.contains(said), "{args:?}: {errors}");
        assert!(!desk.dir.path().join("b.xlsx").exists(), "{args:?}");
    }
}
