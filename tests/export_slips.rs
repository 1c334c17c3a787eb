//! `export slips`: what each body is told, in the files that it gets.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::desk::{Desk, set};
use common::python::{ask, python};
use common::soffice::{convert_file, has_office, text_of_pdf};
use nianbao::report::{Report, State};
use serde_json::Value;

/// A name with all that a format or a system could take for its own.
const HOSTILE: &str = "../# 甲|<b>*{{ x }}*局";

fn report(desk: &Desk, body: u64, name: &str) -> Report {
    let mut report = desk.other(body, 2023);
    report.organ = Some(name.to_owned());
    report.organ_printed = Some(name.to_owned());
    report.title = None;
    report.region_code = Some("321322".to_owned());
    report
}

/// Three bodies with something wrong, and one without.
fn county() -> Desk {
    let desk = Desk::new();
    for (number, name) in ["甲局", HOSTILE, "丙局", "丁局"].into_iter().enumerate() {
        let mut report = report(&desk, number as u64, name);
        let received = "applications/received.new";
        set(&mut report, &format!("{received}/natural_person"), 15);
        set(&mut report, &format!("{received}/total"), if number < 3 { 51 } else { 15 });
        for row in ["granted", "processed_total"] {
            set(&mut report, &format!("applications/{row}/natural_person"), 15);
            set(&mut report, &format!("applications/{row}/total"), 15);
        }
        if number == 0 {
            let cell =
                report.cells.iter_mut().find(|c| c.name() == "disclosure/licensing/decisions");
            let cell = cell.unwrap();
            (cell.value, cell.raw, cell.state) = (None, Some("若干".to_owned()), State::Text);
        }
        desk.write(&format!("{number}.json"), report);
    }
    desk.load();
    let (code, _, errors) = desk.run(&["check", "--fail-on", "never", "--quiet"]);
    assert_eq!(code, 0, "{errors}");
    desk
}

/// The findings of bodies as `findings` has them, of errors and warnings.
fn found(desk: &Desk) -> BTreeMap<String, Vec<Value>> {
    let (_, out, _) = desk.run(&["findings", "--min-severity", "warning", "--format", "json"]);
    let all: Vec<Value> = serde_json::from_str(&out).unwrap();
    let mut by_body: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for finding in all {
        let organ = finding["report"]["organ"].as_str().unwrap().to_owned();
        by_body.entry(organ).or_default().push(finding);
    }
    by_body
}

fn exported(desk: &Desk, args: &[&str], out: &str) -> (PathBuf, String) {
    let (code, _, errors) = desk.run(&[&["export", "slips", "--out", out], args].concat());
    assert_eq!(code, 0, "{args:?}: {errors}");
    (desk.dir.path().join(out), errors)
}

/// Prints the paragraphs and tables of a document, and its paper.
const DOCUMENT: &str = "
import docx, json, sys
d = docx.Document(sys.argv[1])
s = d.sections[0]
print(json.dumps({
    'titles': [p.text for p in d.paragraphs if p.style.name == 'Title'],
    'headings': [p.text for p in d.paragraphs if p.style.name == 'Heading 1'],
    'text': [p.text for p in d.paragraphs],
    'breaks': sum(bool(p.paragraph_format.page_break_before) for p in d.paragraphs),
    'tables': [[[c.text for c in r.cells] for r in t.rows] for t in d.tables],
    'paper': [round(s.page_width.mm), round(s.page_height.mm)],
}, ensure_ascii=False))
";

#[test]
fn a_document_has_a_page_for_each_body_with_all_that_was_found() {
    let desk = county();
    let found = found(&desk);
    assert_eq!(found.len(), 3, "{found:?}");
    let (file, errors) = exported(&desk, &["--date", "2024年3月1日"], "a.docx");
    assert!(errors.contains("整改通知单 3 份"), "{errors}");
    assert!(errors.contains("不发通知单的 1 个：") && errors.contains("丁局"), "{errors}");
    let Some(python) = python("docx") else { return };
    let said: Value = serde_json::from_str(&ask(&python, DOCUMENT, &[&file])).unwrap();
    assert_eq!(said["titles"], serde_json::json!(vec!["政府信息公开年报整改通知单"; 3]));
    assert_eq!((&said["breaks"], &said["paper"]), (&2.into(), &serde_json::json!([210, 297])));
    let (text, tables) = (said["text"].to_string(), said["tables"].to_string());
    for (organ, findings) in &found {
        assert!(tables.contains(&Value::from(organ.as_str()).to_string()), "{organ}: {tables}");
        for finding in findings {
            let message = Value::from(finding["message"].as_str().unwrap()).to_string();
            assert!(text.contains(message.trim_matches('"')), "{message}: {text}");
        }
    }
    // what is printed, where, what should stand there, and what would settle it
    assert!(text.contains("填51，各类申请人之和为15，相差36。建议："), "{text}");
    let cells = said["tables"].as_array().unwrap().iter().flat_map(|t| t.as_array().unwrap());
    let printed = "总计：51；自然人：15；其余 5 格填 0";
    let printed: Vec<&Value> =
        cells.filter(|row| row[1].as_str().unwrap().starts_with(printed)).collect();
    assert_eq!(printed.len(), 3, "{tables}");
    assert!(printed[0][0].as_str().unwrap().contains("新收"), "{printed:?}");
    assert!(tables.contains("2024年3月1日") && tables.contains("2023-001"), "{tables}");
    for room in ["整改情况", "经办人", "日期", "签章"] {
        assert_eq!(
            tables.matches(&format!("\"{room}\"")).count(),
            if room == "日期" { 6 } else { 3 },
            "{room}"
        );
    }
}

#[test]
fn only_what_is_that_bad_and_was_not_dismissed_is_told() {
    let desk = county();
    let all = found(&desk);
    let (organ, findings) = all.iter().find(|(organ, _)| organ.ends_with("丙局")).unwrap();
    for finding in findings {
        let id = finding["id"].as_str().unwrap();
        desk.run(&["findings", "dismiss", id, "--reason", "原件如此", "--by", "李"]);
    }
    let (file, errors) = exported(&desk, &[], "a.md");
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains(organ.as_str()) && errors.contains(organ.as_str()), "{errors}");
    assert_eq!(text.matches("# 政府信息公开年报整改通知单").count(), 2);
    assert!(text.contains("若干"), "{text}");
    let (file, _) = exported(&desk, &["--min-severity", "error"], "b.md");
    let errors_only = fs::read_to_string(file).unwrap();
    assert!(errors_only.matches("（错误）").count() > 0 && !errors_only.contains("（警告）"));
    let (code, _, said) = desk.run(&["export", "slips", "--body", "丁局", "--out", "c.docx"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("不需要通知单") && !desk.dir.path().join("c.docx").exists(), "{said}");
}

#[test]
fn a_folder_has_a_file_for_each_body_and_a_list() {
    let desk = county();
    let (folder, _) = exported(&desk, &[], "slips");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    // the list of what an export wrote, by which it is known
    assert_eq!(names.remove(0), ".nianbao-export");
    assert_eq!(names.len(), 4, "{names:?}");
    assert_eq!(names.pop().as_deref(), Some("index.csv"));
    let list = fs::read_to_string(folder.join("index.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(list.trim_start_matches('\u{feff}').as_bytes());
    let listed: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(listed.len(), 3);
    for record in &listed {
        assert!(names.contains(&record[5].to_owned()), "{record:?}: {names:?}");
    }
    assert!(listed.iter().any(|record| record[1].ends_with(HOSTILE)), "{listed:?}");
    assert!(!desk.dir.path().join("# 甲").exists());
    let (code, _, errors) = desk.run(&["export", "slips", "--out", "slips/"]);
    assert_eq!(code, 2, "{errors}");
    exported(&desk, &["--force"], "slips/");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 5);
    // an answer that came back is not thrown away
    fs::write(folder.join("answer.txt"), "x").unwrap();
    let (code, _, errors) = desk.run(&["export", "slips", "--out", "slips/", "--force"]);
    assert!(code == 2 && errors.contains("answer.txt"), "{errors}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 6);
}

#[test]
fn a_page_prints_a_slip_on_each_sheet_and_no_name_is_markup() {
    let desk = county();
    let (file, _) = exported(&desk, &[], "a.html");
    let page = fs::read_to_string(file).unwrap();
    assert_eq!(page.matches("<section>").count(), 3);
    assert!(page.contains("break-after: page") && page.contains("size: A4"));
    assert!(page.contains("../# 甲|&lt;b&gt;*{{ x }}*局"), "{page}");
    assert!(!page.contains("<b>") && !page.contains("<i>"), "{page}");
    let (file, _) = exported(&desk, &["--lang", "en"], "b.html");
    let page = fs::read_to_string(file).unwrap();
    assert!(page.contains("<h1>Notice of corrections</h1>") && page.contains("<html lang=\"en\">"));
}

#[test]
fn a_template_of_ones_own_takes_the_place_of_ours() {
    let desk = county();
    let folder = desk.dir.path().join("own");
    fs::create_dir(&folder).unwrap();
    let write = |text: &str| fs::write(folder.join("slip.zh.md"), text).unwrap();
    write(
        "# {{ slip.organ }}\n\n共 {{ slip.count }} 份：{% for f in slip.findings %}{{ f.id }} {{ f.found }}/{{ f.expected }} {% endfor %}\n",
    );
    let (file, _) = exported(&desk, &["--templates", "own"], "a.md");
    let text = fs::read_to_string(file).unwrap();
    let ids: Vec<String> =
        found(&desk).values().flatten().map(|f| f["id"].as_str().unwrap().to_owned()).collect();
    assert!(!ids.is_empty() && ids.iter().all(|id| text.contains(id)), "{text}");
    assert!(text.contains(" 51/15 "), "{text}");
    assert!(
        text.contains("共 3 份") && text.contains("\\# 甲\\|&lt;b&gt;\\*{{ x }}\\*局"),
        "{text}"
    );
    for (template, said) in [
        ("一\n\n{{ slip.oragn }}\n", "slip.zh.md”第3行：没有“slip.oragn”这个名称"),
        ("{% for %}", "slip.zh.md”第1行"),
    ] {
        write(template);
        let args = ["export", "slips", "--templates", "own", "--out", "b.docx"];
        let (code, _, errors) = desk.run(&args);
        assert_eq!(code, 2, "{errors}");
        assert!(errors.contains(said), "{errors}");
        assert!(!desk.dir.path().join("b.docx").exists());
    }
}

#[test]
fn the_same_slips_are_the_same_file_and_print_on_as_many_pages() {
    let desk = county();
    let (file, _) = exported(&desk, &[], "a.docx");
    let before = fs::read(&file).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    exported(&desk, &["--force"], "a.docx");
    assert!(fs::read(&file).unwrap() == before, "the files differ");
    if !has_office() {
        return;
    }
    let to = desk.dir.path().join("pdf");
    convert_file(&file, "pdf", &to);
    if let Some(text) = pages(&to.join("a.pdf")) {
        assert_eq!(text.len(), 3, "{text:?}");
        for page in text {
            assert!(page.contains("整改通知单") && page.contains("签章"), "{page}");
        }
    }
}

/// A body with so much wrong that its slip goes over the page.
#[test]
fn a_signature_stands_on_no_page_of_its_own() {
    let desk = Desk::new();
    for number in 0..6 {
        let mut report = report(&desk, number, &format!("第{number}局"));
        let rows = ["received.new", "granted", "partially_granted", "processed_total"];
        let rows = rows.iter().chain(&["carried_out", "received.carried_in"]);
        for row in rows.take(number as usize + 1) {
            set(&mut report, &format!("applications/{row}/total"), 500 + number as i64);
        }
        desk.write(&format!("{number}.json"), report);
    }
    desk.load();
    desk.run(&["check", "--fail-on", "never", "--quiet"]);
    if !has_office() {
        return;
    }
    let to = desk.dir.path().join("pdf");
    let (file, _) = exported(&desk, &["--min-severity", "info"], "a.docx");
    convert_file(&file, "pdf", &to);
    let Some(pages) = pages(&to.join("a.pdf")) else { return };
    let signed: Vec<&String> = pages.iter().filter(|page| page.contains("签章")).collect();
    assert_eq!(signed.len(), 6, "{pages:?}");
    let is_heading = |line: &str| line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    for page in signed {
        let findings = page.lines().filter(|line| is_heading(line) && line.contains('（'));
        assert!(findings.count() > 0 && page.contains("反馈"), "{page}");
    }
}

/// The text of each page; none without pdftotext.
fn pages(pdf: &Path) -> Option<Vec<String>> {
    let text = text_of_pdf(pdf)?;
    Some(text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect())
}
