//! What a load takes, what it leaves aside, and what it tells: the real binary on folders as users
//! have them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use insta::assert_snapshot;
use tempfile::TempDir;

/// A folder of its own for each test, and the program run inside it.
struct Place {
    dir: TempDir,
}

fn example(name: &str) -> String {
    fs::read_to_string(Path::new("examples/reports").join(name)).unwrap()
}

impl Place {
    fn empty() -> Place {
        Place { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
            command.env_remove(name);
        }
        command.current_dir(self.dir.path()).env("LC_ALL", "zh_CN.UTF-8").args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Data of a command that must succeed.
    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", shown(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Code, data and messages as a user sees them.
    fn seen(&self, args: &[&str]) -> String {
        shown(&self.run(args))
    }

    /// The messages in both languages.
    fn told(&self, args: &[&str]) -> String {
        let told = |lang| {
            let output = self.run(&[args, &["--lang", lang]].concat());
            let code = output.status.code().unwrap();
            format!("[{code}]\n{}", String::from_utf8(output.stderr).unwrap())
        };
        [told("zh"), told("en")].concat()
    }

    fn filed(&self) -> String {
        self.ok(&[
            "sql",
            "SELECT path, organ, year, scope, revision, is_current FROM v_report ORDER BY report_id",
            "--format",
            "csv",
        ])
    }
}

fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap();
    format!("[{code}]\n{}{}", text(&output.stdout), text(&output.stderr))
}

const TOWNSHIP: &str = "shuyang-township-2023.txt";

/// What might be a report, and tells neither whose nor of which year.
const UNTITLED: &str = "一、总体情况\n今年做了不少工作。\n";

#[test]
fn the_database_is_no_place_for_answers() {
    let place = Place::empty();
    place.write("a.txt", example(TOWNSHIP));
    place.ok(&["load", "a.txt"]);
    let before = fs::read(place.path("nianbao.db")).unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    let mut names = vec!["nianbao.db", "./nianbao.db", "folder/../nianbao.db"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nianbao.db", place.path("link.csv")).unwrap();
        names.push("link.csv");
    }
    for name in names {
        for args in [
            &["info", "--format", "csv", "--out", name][..],
            &["parse", "a.txt", "--format", "json", "--out", name],
            &["load", "a.txt", "--format", "csv", "--out", name],
            &["load", "a.txt", "--failures", name],
        ] {
            let output = place.run(args);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {}", shown(&output));
            assert!(output.stdout.is_empty(), "{args:?}");
            assert!(fs::read(place.path("nianbao.db")).unwrap() == before, "{args:?}");
        }
    }
    // also one that is yet to be made
    assert_snapshot!(
        "database_as_target",
        place.told(&["load", "a.txt", "--db", "new.db", "--failures", "./new.db"])
    );
    assert!(!place.path("new.db").exists());
    assert_snapshot!(
        "failures_as_out",
        place.told(&["load", "a.txt", "--out", "x.csv", "--failures", "./x.csv"])
    );
}

#[test]
fn what_a_folder_holds_is_read_or_named() {
    let place = Place::empty();
    place.write("in/a.txt", example(TOWNSHIP));
    for (name, content) in [
        ("b.pdf", &b"%PDF-1.7 "[..]),
        ("c.PDF", b"%PDF-1.4 "),
        ("d.docx", b"PK\x03\x04 "),
        ("e.xlsx", b"PK\x03\x04 "),
        ("f.doc", b"\xD0\xCF\x11\xE0 "),
        ("g.wps", b"\xD0\xCF\x11\xE0 "),
        ("h.rtf", b"{\\rtf1 text}"),
        ("i.7z", b"7z\xBC\xAF\x27\x1C "),
        ("j.mht", b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n\r\n"),
        ("k.jpg", b"\xFF\xD8\xFF "),
        ("empty.pdf", b""),
        ("strange.xyz", b"?"),
        ("README", b"?"),
        // no documents
        (".hidden.txt", b"?"),
        ("~$d.docx", b"?"),
        ("list.csv", b"?"),
        ("other.db", b"?"),
        ("data.json", b"{}"),
        ("page.html", b"<html><p>nothing</p></html>"),
        ("page_files/logo.png", b"\x89PNG"),
        (".git/x.txt", b"?"),
    ] {
        place.write(&format!("in/{name}"), content);
    }
    let load = ["load", "in", "--failures", "failed.csv", "--format", "csv"];
    assert_snapshot!("folder_zh", place.seen(&load));
    let failures = fs::read_to_string(place.path("failed.csv")).unwrap();
    assert!(failures.starts_with('\u{FEFF}'));
    assert_snapshot!("folder_failures", failures.trim_start_matches('\u{FEFF}'));
    let english = [&load[..], &["--lang", "en", "--no-bom"]].concat();
    assert_snapshot!("folder_en", place.seen(&english));
    assert!(fs::read_to_string(place.path("failed.csv")).unwrap().starts_with("path,"));
    // a list that cannot be written is told before the work
    let load = ["load", "in", "--failures", "absent/failed.csv", "--db", "new.db"];
    assert_eq!(place.run(&load).status.code(), Some(2));
    assert!(!place.path("new.db").exists());
}

#[test]
fn many_failures_of_one_kind_do_not_hide_a_rare_one() {
    let place = Place::empty();
    for n in 0..30 {
        place.write(&format!("in/a{n:02}.txt"), "一张便条，不是年报。\n");
    }
    place.write("in/z.txt", "");
    assert_snapshot!("many_failures", place.told(&["load", "in"]));
}

#[test]
fn an_option_for_all_says_only_what_a_document_does_not() {
    let place = Place::empty();
    place.write("a.txt", example(TOWNSHIP));
    let load = ["load", "a.txt", "--year", "2020", "--organ", "泗洪县教育局", "--region", "南京市"];
    assert_snapshot!("options_against_document", place.told(&load));
    assert_snapshot!(place.filed(), @"
    path,organ,year,scope,revision,is_current
    a.txt,沭阳县示例镇人民政府,2023,own,1,1
    ");
    // what it does not say is taken from them
    let place = Place::empty();
    place.write("c.txt", UNTITLED);
    assert_eq!(place.run(&["load", "c.txt"]).status.code(), Some(2));
    place.ok(&["load", "c.txt", "--year", "２０２０年", "--organ", "泗洪县教育局"]);
    assert_snapshot!(place.filed(), @"
    path,organ,year,scope,revision,is_current
    c.txt,泗洪县教育局,2020,own,1,1
    ");
}

#[test]
fn a_manifest_wins_and_the_difference_is_told() {
    let place = Place::empty();
    place.write("a.txt", example(TOWNSHIP));
    place.write(
        "m.csv",
        "path,organ,region,year\na.txt,泗洪县教育局,泗洪县,2021\nabsent.txt,,,\nno.txt,,,2020\n",
    );
    assert_snapshot!(
        "manifest_against_document",
        place.told(&["load", "./a.txt", "--manifest", "m.csv", "--dry-run"])
    );
    place.ok(&["load", "a.txt", "--manifest", "m.csv"]);
    assert_snapshot!(place.filed(), @"
    path,organ,year,scope,revision,is_current
    a.txt,泗洪县教育局,2021,own,1,1
    ");
    // what agrees is told by nobody, nor is a name without its place
    place.write("m.csv", "path,organ,region,year\na.txt,示例镇人民政府,沭阳县,2023年\n");
    let quiet = place.run(&["load", "a.txt", "--manifest", "m.csv", "--db", "b.db"]);
    assert_eq!(String::from_utf8(quiet.stderr).unwrap(), "");
}

#[test]
fn years_without_reports_are_refused() {
    let place = Place::empty();
    place.write("a.txt", example(TOWNSHIP));
    place.write("m.csv", "path,year\na.txt,2999\n");
    for year in ["2007", "2999", "23", "-2020"] {
        let output = place.run(&["load", "a.txt", "--year", year]);
        assert_eq!(output.status.code(), Some(2), "{year}: {}", shown(&output));
    }
    let told = place.told(&["load", "a.txt", "--manifest", "m.csv"]);
    let told =
        regex::Regex::new("(至 |to )[0-9]{4}").unwrap().replace_all(&told, "$1[NOW]").into_owned();
    assert_snapshot!("manifest_year", told);
    assert!(!place.path("nianbao.db").exists());
}

#[test]
fn one_body_is_not_said_of_many_files() {
    let place = Place::empty();
    place.write("a.txt", example(TOWNSHIP));
    place.write("b.txt", example("suqian-bureau-2023.txt"));
    assert_snapshot!(
        "organ_of_many",
        place.told(&["load", "a.txt", "b.txt", "--organ", "泗洪县教育局"])
    );
    // parsed reports say it themselves, and a manifest may say it of the others
    for name in ["a", "b"] {
        let json = place.ok(&["parse", &format!("{name}.txt"), "--format", "json"]);
        place.write(&format!("{name}.json"), json.replace("\"source\": {", "\"source\": { "));
    }
    place.ok(&["load", "a.json", "b.json", "--organ", "泗洪县教育局"]);
    assert_snapshot!(place.filed(), @"
    path,organ,year,scope,revision,is_current
    a.txt,沭阳县示例镇人民政府,2023,own,1,1
    b.txt,宿迁市示例局,2023,own,1,1
    ");
    place.write("m.csv", "path,organ\na.txt,沭阳县示例镇人民政府\n");
    place.ok(&["load", "a.txt", "b.txt", "--organ", "泗洪县教育局", "--manifest", "m.csv"]);
}

#[test]
fn a_known_file_stays_where_it_is_filed_and_that_is_told() {
    let place = Place::empty();
    place.write("c.txt", UNTITLED);
    let load = |year: &str| {
        ["load", "c.txt", "--organ", "泗洪县教育局", "--year", year].map(str::to_owned)
    };
    let first = load("2020");
    place.ok(&first.each_ref().map(String::as_str));
    let other = load("2021");
    assert_snapshot!("filed_elsewhere", place.told(&other.each_ref().map(String::as_str)));
    assert_snapshot!(place.filed(), @"
    path,organ,year,scope,revision,is_current
    c.txt,泗洪县教育局,2020,own,1,1
    ");
    let same = place.run(&first.each_ref().map(String::as_str));
    assert_eq!(String::from_utf8(same.stderr).unwrap(), "");
}

#[test]
fn sources_that_contradict_each_other_are_named() {
    let place = Place::empty();
    let text = example("suqian-2025.md");
    place.write("a.md", &text);
    place.write("b.md", text.replace("| 119 | 25 |", "| 118 | 26 |"));
    assert_snapshot!("duplicates", place.seen(&["load", "a.md", "b.md"]));
    // one copied over the other is a revision of that one
    place.write("a.md", fs::read(place.path("b.md")).unwrap());
    let summary = place.ok(&["load", "a.md", "--format", "csv"]);
    assert_eq!(summary.lines().last(), Some("1,0,0,1,0,0,0"));
    assert_snapshot!(place.filed(), @"
    path,organ,year,scope,revision,is_current
    a.md,宿迁市,2025,aggregate,1,0
    b.md,宿迁市,2025,aggregate,1,0
    a.md,宿迁市,2025,aggregate,2,1
    ");
}

#[test]
fn a_dry_run_says_so() {
    let place = Place::empty();
    place.write("a.txt", example(TOWNSHIP));
    assert_snapshot!("dry_run_zh", place.seen(&["load", "a.txt", "--dry-run"]));
    assert_snapshot!("dry_run_en", place.seen(&["load", "a.txt", "--dry-run", "--lang", "en"]));
}

#[test]
fn changes_of_bodies_that_are_about_nobody_are_counted() {
    let place = Place::empty();
    place.write("a.txt", example(TOWNSHIP));
    place.write(
        "organs.csv",
        "organ,region,successor,year\n沭阳县示例镇人民政府,,沭阳县示例街道办事处,2024\n泗洪县教育局,,泗洪县教育体育局,2024\n",
    );
    assert_snapshot!(
        "idle_changes",
        place.told(&["load", "a.txt", "--organs", "organs.csv", "--quiet"])
    );
    assert_snapshot!("idle_changes_told", place.told(&["load", "a.txt", "--organs", "organs.csv"]));
}

#[test]
fn a_file_is_what_its_content_says() {
    let place = Place::empty();
    place.write("a.json", "{\\rtf1\\ansi text}");
    place.write("b.txt", "\n {\\rtf1\\ansi text}");
    assert_snapshot!("rtf", place.told(&["load", "a.json", "b.txt"]));
    let json = {
        place.write("a.txt", example(TOWNSHIP));
        place.ok(&["parse", "a.txt", "--format", "json"])
    };
    place.write("marked.json", format!("\u{FEFF}{json}"));
    place.ok(&["load", "marked.json"]);
}

#[test]
fn a_path_is_one_source_however_it_is_written() {
    let place = Place::empty();
    place.write("r/a.html", example("suqian-2023.html"));
    place.ok(&["load", "r", "--quiet"]);
    let whole = place.path("r").to_string_lossy().into_owned();
    // files, loaded, unchanged, revised, further sources, duplicates, failed
    let counts = |path: &str| place.ok(&["load", path, "--format", "csv"]);
    for path in ["./r", "r/../r", &whole] {
        assert!(counts(path).ends_with("1,0,1,0,0,0,0\n"), "{path}: {}", counts(path));
    }
    place.write("r/a.html", example("suqian-2023.html").replace("<body>", "<body> "));
    assert!(counts(&whole).ends_with("1,0,0,1,0,0,0\n"));
    assert_eq!(place.filed().lines().count(), 3, "header and two revisions: {}", place.filed());
}

#[test]
fn a_file_that_is_now_of_another_body_is_told() {
    let place = Place::empty();
    place.write("a", example("suqian-2023.html"));
    place.ok(&["load", "a", "--quiet"]);
    place.write("a", example("suqian-bureau-2023.txt"));
    let told = place.seen(&["load", "a", "--format", "csv"]);
    assert!(told.contains("a: 此文件以前是“宿迁市”2023年（汇总报告）的报告"), "{told}");
    let filed = place.filed();
    let rows: Vec<&str> = filed.lines().skip(1).collect();
    assert_eq!(rows, ["a,宿迁市,2023,aggregate,1,0", "a,宿迁市示例局,2023,own,1,1"]);
}
