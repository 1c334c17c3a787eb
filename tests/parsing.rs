//! `parse`: archives with one report, files that are no reports, options out of their bounds; and
//! that `load` takes no stray document for a report whatever is said of it.

mod common;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use common::office::package;
use tempfile::TempDir;

/// No report: headings that any text has, and nothing else of an annual report.
const NOTICE: &str = "关于举办培训班的通知\n\n一、基本情况\n\n为提高业务水平，定于五月举办培训班。\n\n\
    二、时间和地点\n\n五月六日，在三楼会议室。\n\n三、存在的问题\n\n请各科室准时参加。\n";

/// An annual report of before 2014: a narrative under the headings of its time.
const OLD: &str = "一、概述\n\n本年度认真贯彻条例。\n\n二、主动公开政府信息的情况\n\n\
    主动公开政府信息三百余条。\n\n三、依申请公开政府信息的情况\n\n没有收到申请。\n";

struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.0.path().join(name), content).unwrap();
    }

    /// Exit code, data and messages.
    fn run(&self, lang: &str, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
            command.env_remove(name);
        }
        let out = command.current_dir(self.0.path()).args(["--lang", lang]).args(args).output();
        let out = out.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (out.status.code().unwrap(), text(&out.stdout), text(&out.stderr))
    }
}

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports/example-city-2024.txt");
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_one_report_of_an_archive_is_parsed() {
    let place = Place::new();
    let report = example();
    place.write("a.txt", report.as_bytes());
    place.write("one.zip", &package(&[("县/甲.txt", &report), ("__MACOSX/x.txt", "")]));
    place.write("two.zip", &package(&[("甲.txt", &report), ("乙.txt", &report)]));
    place.write("none.zip", &package(&[("读我.md.bak", "")]));
    let cells = |path: &str| {
        let (code, data, told) = place.run("en", &["parse", "--format", "csv", path]);
        assert_eq!(code, 0, "{told}");
        data
    };
    assert_eq!(cells("one.zip"), cells("a.txt"));
    let (_, json, _) = place.run("en", &["parse", "--format", "json", "one.zip"]);
    assert!(json.contains("\"path\": \"one.zip/县/甲.txt\""), "{json}");
    for (path, said) in [("two.zip", "holds 2 files"), ("none.zip", "holds 0 files")] {
        let (code, data, told) = place.run("en", &["parse", path]);
        assert_eq!((code, data.as_str()), (2, ""), "{told}");
        assert!(told.contains(said) && told.trim().lines().count() == 1, "{told}");
    }
}

#[test]
fn what_is_no_report_is_said_to_be_none() {
    let place = Place::new();
    place.write("notice.txt", NOTICE.as_bytes());
    place.write("old.txt", OLD.as_bytes());
    for (lang, said) in [("zh", "不像年度报告"), ("en", "does not look like an annual report")]
    {
        let (code, data, told) = place.run(lang, &["parse", "notice.txt"]);
        assert_eq!((code, data.as_str()), (2, ""), "{told}");
        assert!(told.contains(said) && told.trim().lines().count() == 1, "{told}");
    }
    // data say what there is of it
    let (code, json, told) = place.run("en", &["parse", "--format", "json", "notice.txt"]);
    assert!(code == 0 && json.contains("\"edition\": null"), "{json}");
    assert!(told.contains("does not look like an annual report"), "{told}");
    assert_eq!(place.run("en", &["parse", "old.txt"]).0, 0);
}

#[test]
fn a_stray_document_is_not_loaded_whatever_is_said_of_it() {
    let place = Place::new();
    place.write("notice.txt", NOTICE.as_bytes());
    place.write("old.txt", OLD.as_bytes());
    let load = |path: &str| {
        let said = ["--organ", "宿迁市教育局", "--year", "2010", "--scope", "own"];
        let args = [&["load", "--db", "x.db", path], &said[..]].concat();
        let (code, _, told) = place.run("en", &args);
        (code, told)
    };
    let (code, told) = load("notice.txt");
    assert!(code == 2 && told.contains("does not look like an annual report"), "{told}");
    // a narrative is all that there was before 2014
    let (code, told) = load("old.txt");
    assert_eq!(code, 0, "{told}");
    let (_, rows, _) =
        place.run("en", &["sql", "--db", "x.db", "SELECT year FROM report", "--format", "csv"]);
    assert_eq!(rows.trim_start_matches('\u{FEFF}'), "year\n2010\n");
}

#[test]
fn bounds_of_options_are_told_in_the_language_of_the_run() {
    let place = Place::new();
    for (option, value, bounds) in
        [("--deadline", "0", ["1", "31536000"]), ("--memory", "1", ["16", "1048576"])]
    {
        let (code, _, told) = place.run("zh", &["parse", "x", option, value]);
        assert_eq!(code, 2, "{told}");
        let [least, most] = bounds;
        assert!(told.contains(&format!("应为 {least} 至 {most} 的整数")), "{told}");
        assert!(!told.contains(" is not in "), "{told}");
    }
}
