//! What holds of every file that an export writes: other programs open it and show all of it, and
//! whatever stops the export leaves what was there before.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::loaded::Loaded;
use common::python::{ask, python};
use common::soffice::{has_office, pdf, text_of_pdf};
use regex::Regex;

/// The exports that people open, each with its options, and the endings it is written with.
const FOR_PEOPLE: [(&str, &[&str], &[&str]); 8] = [
    ("form", &["--body", "宿迁市示例局", "--year", "2023"], &["xlsx", "docx", "html"]),
    ("form", &["--region", "宿迁", "--year", "2023"], &["xlsx", "docx", "html"]),
    ("blank", &["--edition", "2021"], &["xlsx", "docx"]),
    ("blank", &["--edition", "2014"], &["xlsx", "docx"]),
    ("bulletin", &["--region", "宿迁"], &["docx", "html"]),
    ("matrix", &["--year", "2023"], &["xlsx"]),
    ("matrix", &["--year", "2023", "--cells"], &["xlsx"]),
    ("slips", &["--min-severity", "info"], &["docx", "html"]),
];

/// Everything that `export` writes, as a file or as a folder, each with its options.
const ALL: [(&str, &[&str]); 9] = [
    ("form.xlsx", &["form", "--region", "宿迁", "--year", "2023"]),
    ("form.docx", &["form", "--region", "宿迁", "--year", "2023"]),
    ("blank.xlsx", &["blank", "--edition", "2021"]),
    ("bulletin.docx", &["bulletin", "--region", "宿迁"]),
    ("matrix.xlsx", &["matrix", "--cells"]),
    ("slips.docx", &["slips", "--min-severity", "info"]),
    ("slips", &["slips", "--min-severity", "info"]),
    ("data", &["data"]),
    ("bundle.zip", &["bundle", "review-correction-rate"]),
];

fn examples() -> Loaded {
    let desk = Loaded::new(None);
    desk.ok(&["check", "--fail-on", "never", "--quiet"]);
    desk
}

/// Prints how often each sign stands in the texts of a document, blanks aside.
const SIGNS: &str = "
import collections, json, sys
path = sys.argv[1]
signs = collections.Counter()
if path.endswith('.xlsx'):
    import openpyxl
    for sheet in openpyxl.load_workbook(path):
        if sheet.sheet_state == 'visible':
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.data_type != 'f':
                        signs.update(cell.value)
elif path.endswith('.docx'):
    import docx
    document = docx.Document(path)
    for paragraph in document.element.body.iter(docx.oxml.ns.qn('w:t')):
        signs.update(paragraph.text or '')
else:
    import html.parser
    class Texts(html.parser.HTMLParser):
        silent = 0
        def handle_starttag(self, tag, attrs):
            self.silent += tag in ('style', 'title', 'svg', 'script')
        def handle_endtag(self, tag):
            self.silent -= tag in ('style', 'title', 'svg', 'script')
        def handle_data(self, data):
            if not self.silent:
                signs.update(data)
    Texts().feed(open(path, encoding='utf-8').read())
print(json.dumps({sign: n for sign, n in signs.items() if not sign.isspace()}))
";

/// How often each sign stands on the pages of a PDF.
fn printed(pdf: &Path) -> BTreeMap<char, usize> {
    // without -layout the hyphen that ends a line is left out, and its word is joined with the next line's
    let mut signs = BTreeMap::new();
    for sign in text_of_pdf(pdf).unwrap().chars() {
        *signs.entry(sign).or_default() += 1;
    }
    signs
}

#[test]
fn libreoffice_prints_every_file_without_a_warning_and_nothing_is_cut_off() {
    let has_pdftotext = Command::new("pdftotext").arg("-v").output().is_ok();
    let (Some(python), true, true) = (python("openpyxl, docx"), has_office(), has_pdftotext) else {
        return;
    };
    let desk = examples();
    let folder = desk.path(".");
    for (number, (kind, options, endings)) in FOR_PEOPLE.into_iter().enumerate() {
        for ending in endings {
            let name = format!("{number}-{kind}-{ending}.{ending}");
            desk.ok(&[&["export", kind, "--out", &name], options].concat());
            let file = folder.join(&name);
            let (pdf, said) = pdf(&file, &folder);
            assert_eq!(said, Vec::<String>::new(), "{name}");
            let printed = printed(&pdf);
            assert!(!printed.contains_key(&'\u{FFFD}'), "{name}");
            let signs = ask(&python, SIGNS, &[&file]);
            let signs: BTreeMap<char, usize> = serde_json::from_str(&signs).unwrap();
            assert!(signs.values().sum::<usize>() > 300, "{name}: {signs:?}");
            let lost: Vec<(char, usize, usize)> = signs
                .into_iter()
                .map(|(sign, n)| (sign, n, printed.get(&sign).copied().unwrap_or_default()))
                .filter(|(_, n, printed)| printed < n)
                .collect();
            assert!(lost.is_empty(), "{name}: sign, in the file, on paper: {lost:?}");
        }
    }
}

/// The texts of a Word document, a line a paragraph.
fn lines_of_docx(file: &Path) -> String {
    let mut zip = zip::ZipArchive::new(fs::File::open(file).unwrap()).unwrap();
    let mut xml = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let xml = xml.replace("</w:p>", "\n").replace("<w:br ", "\n<w:br ");
    let text = Regex::new("<[^>]*>").unwrap().replace_all(&xml, "");
    Regex::new("&[a-z]+;").unwrap().replace_all(&text, " ").into_owned()
}

/// Numbers with what belongs to them, and words, by how often they stand in a text.
fn words(text: &str) -> BTreeMap<String, usize> {
    let text = text.replace('ﬁ', "fi").replace('ﬂ', "fl");
    let mut words = BTreeMap::new();
    for word in Regex::new(r"\d(?:[\d.,/-]*\d)?%?|[A-Za-z]+").unwrap().find_iter(&text) {
        *words.entry(word.as_str().to_owned()).or_default() += 1;
    }
    words
}

#[test]
fn no_number_and_no_word_is_broken_on_paper() {
    if !has_office() {
        return;
    }
    let desk = examples();
    let folder = desk.path(".");
    let level: &[&str] = &["--region", "宿迁", "--year", "2023"];
    for (kind, options) in [("bulletin", level), ("form", level), ("slips", &[])] {
        for lang in ["zh", "en"] {
            let name = format!("{kind}-{lang}.docx");
            desk.ok(&[&["export", kind, "--out", &name, "--lang", lang], options].concat());
            let file = folder.join(&name);
            let (pdf, _) = pdf(&file, &folder);
            let Some(printed) = text_of_pdf(&pdf) else { return };
            let (said, printed) = (words(&lines_of_docx(&file)), words(&printed));
            assert!(said.len() > 10, "{name}: {said:?}");
            let of = |word: &String| printed.get(word).copied().unwrap_or_default();
            let broken: Vec<_> = said.iter().filter(|(word, n)| of(word) < **n).collect();
            assert!(broken.is_empty(), "{name}: {broken:?}");
        }
    }
}

/// What is in a folder: the bytes of each file by its path.
fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path());
    files.map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

/// Empties a folder and puts into it what [`content`] had of it.
fn put_back(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) {
    fs::remove_dir_all(folder).unwrap();
    fs::create_dir(folder).unwrap();
    for (path, bytes) in files {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// The program, in a folder of its own, at an export.
fn export(db: &Path, folder: &Path, name: &str, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
    command.arg("export").args(options).args(["--out", name, "--force", "--db"]).arg(db);
    command.current_dir(folder).env("LC_ALL", "zh_CN.UTF-8").stderr(Stdio::piped());
    command
}

#[test]
#[cfg(unix)]
fn an_interrupt_at_any_moment_leaves_the_old_file_or_the_new_one() {
    use std::os::unix::process::ExitStatusExt as _;
    let desk = examples();
    let db = desk.path("nianbao.db").canonicalize().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("out");
    let (mut stopped, mut kept) = (BTreeSet::new(), 0);
    for (name, options) in ALL {
        // the old one is that of another language or of other reports
        let old = match options[0] {
            "data" => &["--region", "宿迁"][..],
            "bundle" => &["--param", "from=2022"],
            "blank" => &["--body", "宿迁市示例局", "--year", "2024"],
            _ => &["--lang", "en"],
        };
        let run = |more: &[&str]| export(&db, &folder, name, &[options, more].concat());
        let made = |more: &[&str]| {
            put_back(&folder, &BTreeMap::new());
            let start = Instant::now();
            let output = run(more).output().unwrap();
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            (content(&folder), start.elapsed())
        };
        fs::create_dir_all(&folder).unwrap();
        let (old, _) = made(old);
        let (new, whole) = made(&[]);
        assert!(old != new, "{name}");
        for step in 0..12 {
            put_back(&folder, &old);
            let child = run(&[]).spawn().unwrap();
            thread::sleep(whole * step / 10);
            let pid = child.id().to_string();
            Command::new("kill").args(["-INT", &pid]).stderr(Stdio::null()).status().unwrap();
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let now = content(&folder);
            let code = output.status.code();
            match code {
                Some(0) => {}
                Some(130) => _ = stopped.insert(name),
                // before it listens the signal ends it
                None if output.status.signal() == Some(2) => {}
                other => panic!("{name}: {other:?} {said}"),
            }
            kept += usize::from(now == old);
            let is_whole = now == new || now == old && code != Some(0);
            let paths = now.keys().collect::<Vec<_>>();
            assert!(is_whole, "{name}, after {step}: {code:?} {said}{paths:?}");
        }
    }
    assert!(stopped.len() > ALL.len() / 2, "{stopped:?}");
    assert!(kept > 2 * ALL.len(), "{kept} old ones left");
}

#[test]
#[cfg(unix)]
fn where_writing_ends_half_way_nothing_is_left_of_it() {
    let desk = examples();
    let db = desk.path("nianbao.db").canonicalize().unwrap();
    for (name, options) in ALL {
        let folder = tempfile::tempdir().unwrap();
        let old = export(&db, folder.path(), name, options).output().unwrap();
        assert!(old.status.success(), "{name}: {}", String::from_utf8_lossy(&old.stderr));
        let before = content(folder.path());
        let longest = before.values().map(Vec::len).max().unwrap();
        // files may grow to a part of what is to be written, as on a disk that fills
        let blocks = (longest / 512 / 2).to_string();
        let command = export(&db, folder.path(), name, options);
        let mut limited = Command::new("sh");
        limited
            .args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"", &blocks])
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(folder.path())
            .env("LC_ALL", "zh_CN.UTF-8");
        let output = limited.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        let sentence = said.lines().last().unwrap();
        assert!(sentence.starts_with("错误: 无法写入"), "{name}: {said}");
        assert!(sentence.contains("超过"), "{name}: {said}");
        assert!(content(folder.path()) == before, "{name}: {said}");
    }
}

#[test]
fn a_file_that_came_meanwhile_or_is_open_is_not_replaced() {
    let desk = examples();
    let name = "表.xlsx";
    let options = ["export", "form", "--region", "宿迁", "--year", "2023", "--out", name];
    // that of another file, whose name ends alike
    fs::write(desk.path("~$xlsx"), "").unwrap();
    for lock in [".~lock.表.xlsx#", "~$表.xlsx"] {
        fs::write(desk.path(lock), "").unwrap();
        let (code, _, said) = desk.run(&[&options[..], &["--force"]].concat());
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("中打开") && said.lines().count() == 1, "{said}");
        assert!(!desk.path(name).exists());
        fs::remove_file(desk.path(lock)).unwrap();
    }
    let folder = ["export", "slips", "--out", "slips"];
    for (options, name, came) in [(&options[..], name, name), (&folder, "slips", "slips/甲.docx")]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
        command.args(options).current_dir(desk.path(".")).env("LC_ALL", "zh_CN.UTF-8");
        let child = command.stderr(Stdio::piped()).spawn().unwrap();
        // it is under way once its temporary file stands there
        let is_temporary =
            |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with(".nianbao-");
        let under_way = || fs::read_dir(desk.path(".")).unwrap().flatten().any(is_temporary);
        let start = Instant::now();
        while !under_way() {
            assert!(start.elapsed() < Duration::from_secs(60), "{options:?}");
        }
        if name != came {
            fs::create_dir(desk.path(name)).unwrap();
        }
        fs::write(desk.path(came), "甲").unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("已经存在"), "{said}");
        assert_eq!(fs::read_to_string(desk.path(came)).unwrap(), "甲");
    }
}

#[test]
fn what_an_export_wrote_about_reports_is_loaded_as_none() {
    let desk = examples();
    for (number, (kind, options, endings)) in FOR_PEOPLE.into_iter().enumerate() {
        // the form of one body is its report
        if options.contains(&"--body") {
            continue;
        }
        for ending in endings {
            let name = format!("{number}-{kind}.{ending}");
            desk.ok(&[&["export", kind, "--out", &name], options].concat());
            if kind == "form" {
                let (code, _, said) = desk.run(&["load", &name, "--db", "other.db"]);
                assert_eq!(code, 2, "{name}: {said}");
                assert!(said.contains("汇总表") && said.contains("--scope aggregate"), "{said}");
                desk.ok(&["load", &name, "--scope", "aggregate", "--db", "sums.db", "--quiet"]);
                continue;
            }
            let (code, _, said) =
                desk.run(&["load", &name, "--organ", "宿迁市示例局", "--db", "other.db"]);
            assert_eq!(code, 2, "{name}: {said}");
            let why = if kind == "blank" {
                "表样没有填写"
            } else {
                "是关于年度报告的文件"
            };
            assert!(said.contains(why), "{name}: {said}");
        }
    }
}

#[test]
fn figures_corrected_by_hand_are_marked() {
    let desk = examples();
    let cell = "applications/received.new/total";
    let set = ["set", "宿迁市示例局", "2023", cell, "77", "--reason", "复核", "--by", "甲"];
    desk.ok(&set);
    let read = |name: &str, options: &[&str]| {
        desk.ok(&[&["export"], options, &["--out", name, "--force"]].concat());
        fs::read_to_string(desk.path(name)).unwrap()
    };
    let cells = ["matrix", "--cells", "--body", "宿迁市示例局", "--year", "2023"];
    let text = read("matrix.md", &cells);
    assert_eq!(text.matches("※77").count(), 1, "{text}");
    assert!(text.contains("- ※（工作簿中有底色和批注）"), "{text}");
    let lines: Vec<String> = read("matrix.ndjson", &cells).lines().map(str::to_owned).collect();
    let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!((&line["corrected"], &line[cell]), (&cell.into(), &77.into()), "{line}");
    let years = ["matrix", "--metric", "applications-received", "--from", "2022", "--scope", "own"];
    assert!(read("years.md", &years).contains("※77"));
    let bulletin = read("bulletin.md", &["bulletin", "--region", "宿迁", "--year", "2023"]);
    let mut lines = bulletin.lines().filter(|line| line.starts_with("| 宿迁市示例局 | 2023 |"));
    assert!(lines.any(|line| line.ends_with("“总计” | 48 | 77 |")), "{bulletin}");
    desk.ok(&["check", "--fail-on", "never", "--quiet"]);
    let slips = read("slips.md", &["slips", "--body", "宿迁市示例局", "--year", "2023"]);
    assert!(slips.contains("“总计”更正为77（48）"), "{slips}");
    let sums = read("sums.md", &["form", "--region", "宿迁", "--year", "2023"]);
    assert!(sums.contains("原件为“48”，按更正值“77”相加"), "{sums}");
}

#[test]
fn a_prefilled_blank_is_a_report_once_something_is_filled_in() {
    let desk = examples();
    let blank = ["export", "blank", "--body", "宿迁市示例局", "--year", "2024", "--out", "b.xlsx"];
    desk.ok(&blank);
    let (code, _, said) = desk.run(&["load", "b.xlsx", "--db", "other.db"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("表样没有填写"), "{said}");
    let (_, text, _) = desk.run(&["parse", "b.xlsx", "--format", "json", "--quiet"]);
    let mut report: serde_json::Value = serde_json::from_str(&text).unwrap();
    // some offices fill in the totals and nothing else
    let cells = report["cells"].as_array_mut().unwrap();
    let total = ["applications", "received.new", "total"];
    let is_total = |cell: &&mut serde_json::Value| {
        ["table", "row", "column"].iter().zip(total).all(|(key, name)| cell[*key] == name)
    };
    let cell = cells.iter_mut().find(is_total).unwrap();
    (cell["value"], cell["raw"], cell["state"]) = (3.into(), "3".into(), "number".into());
    fs::write(desk.path("b.json"), report.to_string()).unwrap();
    desk.ok(&["load", "b.json", "--db", "other.db", "--quiet"]);
}
