//! What users see and get: the real binary, its answers in both languages, its exit codes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use assert_cmd::Command;
use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for each test, and the program run inside it.
struct Place {
    dir: TempDir,
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn example(name: &str) -> String {
    repository("examples/reports").join(name).to_string_lossy().into_owned()
}

impl Place {
    fn empty() -> Place {
        Place { dir: tempfile::tempdir().unwrap() }
    }

    /// With all examples loaded.
    fn loaded() -> Place {
        let place = Place::empty();
        let reports = repository("examples/reports");
        place.ok(&["load", &reports.to_string_lossy()]);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        name.to_owned()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        command
            .current_dir(self.dir.path())
            .env_remove("NIANBAO_DB")
            .env_remove("NIANBAO_FORMS")
            .env_remove("NIANBAO_REGIONS")
            .env_remove("NIANBAO_ORGANS")
            .env("LC_ALL", "zh_CN.UTF-8")
            .args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Data of a command that must succeed.
    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", self.shown(&output));
        self.scrub(&String::from_utf8(output.stdout).unwrap())
    }

    /// Code, data and messages as a user sees them.
    fn seen(&self, args: &[&str]) -> String {
        self.shown(&self.run(args))
    }

    fn shown(&self, output: &Output) -> String {
        let text = |bytes: &[u8]| self.scrub(std::str::from_utf8(bytes).unwrap());
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        format!("exit {}\n{out}{err}", output.status.code().unwrap())
    }

    /// Without what changes from run to run.
    fn scrub(&self, text: &str) -> String {
        let sizes = regex::Regex::new(r"[0-9]+ KB").unwrap();
        let text = text
            .replace(&*self.dir.path().to_string_lossy(), "[DIR]")
            .replace(&*repository("").to_string_lossy(), "[REPOSITORY]/")
            .replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
        sizes.replace_all(&text, "[SIZE] KB").into_owned()
    }

    fn rows(&self, sql: &str) -> Vec<Value> {
        serde_json::from_str(&self.ok(&["sql", sql, "--format", "json"])).unwrap()
    }

    /// Everything the store holds of the reports, whatever the ids.
    fn content(&self) -> Vec<String> {
        [
            "SELECT organ, year, scope, edition, published, region_code, revision, is_current FROM v_report ORDER BY organ, year",
            "SELECT * FROM v_challenge ORDER BY organ, year, proceeding",
            "SELECT path, sha256 FROM source ORDER BY path",
        ]
        .map(|sql| self.ok(&["sql", sql, "--format", "csv"]))
        .into()
    }
}

#[test]
fn help_is_in_one_language() {
    let place = Place::loaded();
    for lang in ["zh", "en"] {
        for (name, args) in [
            ("app", &["--help"][..]),
            ("load", &["load", "--help"]),
            ("query", &["query", "--help"]),
            ("sql_short", &["sql", "-h"]),
            ("describe", &["query", "outcomes", "--help"]),
        ] {
            let seen = place.seen(&[args, &["--lang", lang]].concat());
            assert_snapshot!(format!("help_{name}_{lang}"), seen);
        }
    }
    // the locale says it where nothing else does
    assert_eq!(place.seen(&["--help"]), place.seen(&["--help", "--lang", "zh"]));
    let json = place.ok(&["query", "outcomes", "--help", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["name"], "outcomes");
}

#[test]
fn a_query_answers_to_its_title() {
    let place = Place::loaded();
    let by_name = place.ok(&["query", "outcomes", "--format", "csv"]);
    for title in ["申请办理结果", "How applications ended", "how applications ended"] {
        assert_eq!(place.ok(&["query", title, "--format", "csv"]), by_name, "{title}");
    }
    let script = place.ok(&["completions", "bash"]);
    assert!(script.contains("review-correction-rate litigation-correction-rate"), "{script}");
}

#[test]
fn several_reports_are_told_apart_in_words() {
    let place = Place::loaded();
    let show = ["show", "示例", "2023"];
    assert_snapshot!("show_several_zh", place.seen(&show));
    assert_snapshot!("show_several_en", place.seen(&[&show[..], &["--lang", "en"]].concat()));
}

const RATE: [&str; 2] = ["query", "review-correction-rate"];

#[test]
fn demo_walks_through_the_whole_job() {
    let place = Place::empty();
    let dir = place.path("demo");
    assert_snapshot!(place.ok(&["demo", &dir.to_string_lossy()]));
    // the command it proposes next works as printed
    let db = place.path("demo/demo.db");
    let db = db.to_string_lossy();
    let next = [&RATE[..], &["--region", "江苏", "--db", &db]].concat();
    assert_eq!(place.ok(&next).lines().count(), 6);
    // a second walk finds everything as it was
    let again = place.ok(&["demo", &dir.to_string_lossy()]);
    let summary = again.lines().find(|l| l.starts_with("│   17")).unwrap();
    assert_snapshot!(summary, @"│   17 ┆      0 ┆   17 ┆    0 ┆                  0 ┆            0 ┆    0 │");
}

#[test]
fn demo_speaks_english() {
    let place = Place::empty();
    let demo = place.ok(&["demo", &place.path("demo").to_string_lossy(), "--lang", "en"]);
    for part in ["│ files ┆ loaded ┆", "correction rate", "Next, try:"] {
        assert!(demo.contains(part), "{part}: {demo}");
    }
}

#[test]
fn load_sums_up_and_names_what_failed() {
    let place = Place::empty();
    place.write("note.txt", "一张便条，不是年报。\n");
    let suqian = example("suqian-2023.html");
    assert_snapshot!(place.seen(&["load", "note.txt", &suqian]));
    assert_snapshot!(place.seen(&["load", "note.txt", &suqian, "--lang", "en"]));
}

#[test]
fn failures_go_to_a_csv() {
    let place = Place::empty();
    place.write("note.txt", "一张便条，不是年报。\n");
    let suqian = example("suqian-2023.html");
    let output = place.run(&["load", "note.txt", &suqian, "--failures", "failed.csv", "--quiet"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "quiet leaves out the summary");
    let failures = fs::read_to_string(place.path("failed.csv")).unwrap();
    assert_snapshot!(failures.strip_prefix('\u{FEFF}').unwrap(), @"
    path,reason,cause
    note.txt,不像年度报告：没有统计表，没有年度报告的标题，也没有表样各部分的标题；请核对文件是否拿错、是否完整,no-report
    ");
}

#[test]
fn the_canned_queries_are_listed() {
    let place = Place::empty();
    assert_snapshot!("query_list_zh", place.ok(&["query"]));
    assert_snapshot!("query_list_en", place.ok(&["query", "--lang", "en"]));
    let list: Vec<Value> = serde_json::from_str(&place.ok(&["query", "--format", "json"])).unwrap();
    for query in &list {
        let keys: Vec<&str> = query.as_object().unwrap().keys().map(String::as_str).collect();
        for key in ["name", "title", "description", "parameters"] {
            assert!(keys.contains(&key), "{query}");
        }
    }
}

#[test]
fn every_canned_query_answers() {
    let place = Place::loaded();
    place.seen(&["check", "--quiet"]);
    let list: Vec<Value> = serde_json::from_str(&place.ok(&["query", "--format", "json"])).unwrap();
    assert!(list.len() >= 45);
    // what the examples have none of: two years of a large body, late or several reports
    let none = ["biggest-movers", "application-movers", "late-publishers", "several-reports"];
    for query in list {
        let name = query["name"].as_str().unwrap();
        let rows: Vec<Value> =
            serde_json::from_str(&place.ok(&["query", name, "--from", "0", "--format", "json"]))
                .unwrap();
        assert_eq!(rows.is_empty(), none.contains(&name), "{name}");
    }
}

#[test]
fn review_correction_rate_in_both_languages() {
    let place = Place::loaded();
    assert_snapshot!("rate_zh", place.ok(&RATE));
    assert_snapshot!("rate_en", place.ok(&[&RATE[..], &["--lang", "en"]].concat()));
}

#[test]
fn no_body_is_counted_twice() {
    let place = Place::loaded();
    let of_2023 = |scope: &str| {
        let args = [&RATE[..], &["--from", "2023", "--to=2023", "--scope", scope]].concat();
        place.ok(&[&args[..], &["--format", "csv"]].concat())
    };
    // the bureau (8 reviews) and the township (2) stand in the city's 440
    assert_snapshot!(of_2023("auto"), @"
    year,reports,incomplete,upheld,corrected,other,pending,total,concluded,correction_rate,scope_used
    2023,1,0,309,17,88,26,440,414,0.04106280193236715,aggregate
    ");
    assert_snapshot!(of_2023("own"), @"
    year,reports,incomplete,upheld,corrected,other,pending,total,concluded,correction_rate,scope_used
    2023,2,0,6,2,1,1,10,9,0.2222222222222222,own
    ");
    assert_eq!(of_2023("auto"), of_2023("aggregate"));
}

#[test]
fn a_region_is_a_name_or_a_code_of_any_length() {
    let place = Place::loaded();
    let of = |region: &str| place.ok(&[&RATE[..], &["--region", region]].concat());
    assert_snapshot!(of("江苏"));
    for region in ["江苏省", "32", "320000", "宿迁", "321300", "3213"] {
        assert_eq!(of(region), of("江苏"), "{region}");
    }
}

#[test]
fn formats_of_an_answer() {
    let place = Place::loaded();
    for format in ["table", "csv", "tsv", "json", "ndjson", "markdown"] {
        let args = [&RATE[..], &["--from", "2023", "--format", format]].concat();
        assert_snapshot!(format!("format_{format}"), place.ok(&args));
    }
}

#[test]
fn a_file_has_the_format_of_its_extension() {
    let place = Place::loaded();
    let out = |file: &str, more: &[&str]| {
        let printed = place.ok(&[&RATE[..], &["--out", file], more].concat());
        assert!(printed.is_empty(), "{printed}");
        fs::read(place.path(file)).unwrap()
    };
    let csv = out("rate.csv", &[]);
    assert_eq!(&csv[..3], b"\xEF\xBB\xBF");
    assert_eq!(&csv[3..], place.ok(&[&RATE[..], &["--format", "csv"]].concat()).as_bytes());
    assert_eq!(out("plain.csv", &["--no-bom"]), &csv[3..]);
    assert!(out("rate.json", &[]).starts_with(b"["));
    assert!(out("rate.md", &[]).starts_with("| 年度".as_bytes()));
    assert_snapshot!(place.seen(&[&RATE[..], &["--out", "rate.doc"]].concat()));
    assert!(!place.path("rate.doc").exists());
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let place = Place::loaded();
    let names = || {
        let entries = fs::read_dir(place.dir.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    // what fails leaves the file of before and nothing beside it
    place.write("kept.csv", "before");
    let before = names();
    let failed = place.run(&["sql", "SELECT nothing", "--out", "kept.csv"]);
    assert_eq!(failed.status.code(), Some(2));
    assert_eq!(fs::read_to_string(place.path("kept.csv")).unwrap(), "before");
    assert_eq!(names(), before);
    // a place that cannot be written is told before the work
    fs::create_dir(place.path("folder")).unwrap();
    for out in ["absent/x.csv", "folder", "kept.csv/x.csv"] {
        let load = ["load", &example("suqian-2025.md"), "--db", "new.db", "--out", out];
        assert_eq!(place.run(&load).status.code(), Some(2), "{out}");
        assert!(!place.path("new.db").exists(), "{out}");
    }
    place.ok(&["sql", "SELECT 1 AS one", "--out", "kept.csv", "--no-bom"]);
    assert_eq!(fs::read_to_string(place.path("kept.csv")).unwrap(), "one\n1\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let mode =
            |name: &str| fs::metadata(place.path(name)).unwrap().permissions().mode() & 0o777;
        fs::set_permissions(place.path("kept.csv"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("kept.csv", place.path("link.csv")).unwrap();
        place.ok(&["sql", "SELECT 2 AS two", "--out", "link.csv", "--no-bom"]);
        assert_eq!(fs::read_to_string(place.path("kept.csv")).unwrap(), "two\n2\n");
        assert_eq!(mode("kept.csv"), 0o640);
        // a new file has the rights that any other new file has
        place.ok(&["sql", "SELECT 1", "--out", "new.csv"]);
        place.write("other.csv", "");
        assert_eq!(mode("new.csv"), mode("other.csv"));
        // a device is written to and not replaced
        place.ok(&["sql", "SELECT 1", "--format", "csv", "--out", "/dev/null"]);
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let place = Place::loaded();
    let show = ["show", "打浦桥街道", "2025"];
    let escape = |text: &str| text.contains('\u{1b}');
    assert!(!escape(&place.seen(&show)), "a pipe is no terminal");
    assert!(!escape(&place.seen(&["lode"])));
    let painted = place.ok(&[&show[..], &["--color", "always"]].concat());
    assert!(painted.contains("\u{1b}[31m错误\u{1b}[0m ┆"), "{painted}");
    for wrong in [&["lode", "--color=always"][..], &["sql", "SELEC", "--color", "always"]] {
        assert!(place.seen(wrong).contains("\u{1b}[31m错误\u{1b}[0m: "), "{wrong:?}");
    }
    place.ok(&[&show[..], &["--color", "always", "--out", "show.txt"]].concat());
    assert!(!escape(&fs::read_to_string(place.path("show.txt")).unwrap()), "a file has none");
    assert_eq!(place.run(&["info", "--color", "green"]).status.code(), Some(2));
}

#[test]
fn sql_points_at_the_place_of_a_mistake() {
    let place = Place::loaded();
    assert_snapshot!(
        "sql_mistake_zh",
        place.seen(&["sql", "SELECT organ,\n  yaer\nFROM v_report"])
    );
    assert_snapshot!(
        "sql_mistake_en",
        place.seen(&["sql", "SELECT organ,\n  yaer\nFROM v_report", "--lang", "en"])
    );
    assert_snapshot!("sql_write", place.seen(&["sql", "DELETE FROM report"]));
    assert_eq!(place.rows("SELECT COUNT(*) AS n FROM report")[0]["n"], 17);
}

#[test]
fn sql_from_stdin_file_and_with_parameters() {
    let place = Place::loaded();
    let sql = "SELECT organ FROM v_report WHERE year = :year";
    let args = ["--param", "year=2024", "--format", "csv"];
    let direct = place.ok(&[&["sql", sql], &args[..]].concat());
    assert_eq!(direct, "organ\n示例市\n");
    place.write("q.sql", sql);
    assert_eq!(place.ok(&[&["sql", "-f", "q.sql"], &args[..]].concat()), direct);
    let piped = place.command(&[&["sql", "-"], &args[..]].concat()).write_stdin(sql).output();
    assert_eq!(String::from_utf8(piped.unwrap().stdout).unwrap(), direct);
}

#[test]
fn a_cut_off_answer_says_so() {
    let place = Place::loaded();
    assert_snapshot!(place.seen(&[
        "sql",
        "SELECT year FROM report ORDER BY year, id",
        "--max-rows",
        "2"
    ]));
}

#[test]
fn show_prints_the_form_with_its_findings() {
    let place = Place::loaded();
    assert_snapshot!("show_zh", place.ok(&["show", "上海市人民政府办公厅", "2019"]));
    assert_snapshot!("show_en", place.ok(&["show", "打浦桥街道", "2025", "--lang", "en"]));
    assert_snapshot!("show_2014_zh", place.ok(&["show", "示例县", "2017"]));
    assert_snapshot!("show_2014_en", place.ok(&["show", "示例县", "2017", "--lang", "en"]));
    assert_snapshot!("show_none", place.seen(&["show", "宿迁市", "1999"]));
}

#[test]
fn search_finds_words_of_any_length() {
    let place = Place::loaded();
    assert_snapshot!("search_zh", place.seen(&["search", "会商制度"]));
    assert_snapshot!(
        "search_en",
        place.seen(&["search", "复议", "--max-rows", "2", "--lang", "en"])
    );
}

#[test]
fn info_tells_what_the_file_holds() {
    let place = Place::loaded();
    assert_snapshot!("info_zh", place.seen(&["info"]));
    assert_snapshot!("info_en", place.seen(&["info", "--lang", "en"]));
    let sources = place.ok(&["info", "--sources", "--format", "csv"]);
    assert_eq!(sources.lines().count(), 18);
}

#[test]
fn wrong_usage_is_2() {
    let place = Place::loaded();
    for (args, message) in [
        (&["load"][..], "<PATH>"),
        (&["lode"], "lode"),
        (&["load", "absent.txt"], "absent.txt"),
        (&["parse", "absent.txt"], "absent.txt"),
        (&["query", "no-such-query"], "no-such-query"),
        (&["query", "review-correction-rate", "--colour", "red"], "colour"),
        (&["query", "review-correction-rate", "--scope", "half"], "half"),
        (&["query", "review-correction-rate", "--region", "乌有国"], "乌有国"),
        (&["sql", "SELECT 1", "--timeout", "0"], "--timeout"),
        (&["sql", "SELECT 1; SELECT 2"], "逐条"),
        (&["show", "无此机关", "2023"], "无此机关"),
    ] {
        let output = place.run(args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(error.contains(message), "{args:?}: {error}");
        assert!(!error.contains("panicked"), "{args:?}: {error}");
    }
}

#[test]
fn a_statement_over_its_time_is_2() {
    let place = Place::loaded();
    let endless =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT MAX(n) FROM c";
    let output = place.run(&["sql", endless, "--timeout", "0.2"]);
    assert_eq!(output.status.code(), Some(2), "{}", place.shown(&output));
}

#[test]
fn without_a_database_it_is_3() {
    let place = Place::empty();
    place.write("broken.db", "this is no database");
    for args in [&["info"][..], &["sql", "SELECT 1"], &RATE, &["show", "宿迁市", "2023"]] {
        for db in ["absent.db", "broken.db"] {
            let output = place.run(&[args, &["--db", db]].concat());
            assert_eq!(output.status.code(), Some(3), "{args:?} {db}: {}", place.shown(&output));
        }
    }
    assert!(!place.path("absent.db").exists(), "asking makes no file");
    let load = place.run(&["load", &example("suqian-2023.html"), "--db", "broken.db"]);
    assert_eq!(load.status.code(), Some(3), "{}", place.shown(&load));
    assert_eq!(fs::read_to_string(place.path("broken.db")).unwrap(), "this is no database");
}

#[test]
fn nothing_loaded_is_2() {
    let place = Place::empty();
    place.write("note.txt", "一张便条，不是年报。\n");
    fs::create_dir(place.path("empty")).unwrap();
    assert_eq!(place.run(&["load", "note.txt"]).status.code(), Some(2));
    assert_snapshot!(place.seen(&["load", "empty"]), @"
    exit 2
    错误: “empty”里没有可加载的文件：请给出放报告的文件夹、压缩包（zip），或写明文件
    ");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let place = Place::loaded();
    let many = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000) SELECT n FROM c";
    let csv = ["sql", many, "--format", "csv"];
    let tsv = ["sql", many, "--format", "tsv"];
    let json = ["sql", many, "--format", "json"];
    let table = ["sql", many, "--max-rows", "100000"];
    let show = ["json", "table", "csv", "markdown"]
        .map(|format| ["show", "宿迁市", "2023", "--format", format]);
    for args in [&csv[..], &tsv, &json, &table, &["completions", "bash"], &["man"], &["demo", "d"]]
        .into_iter()
        .chain(show.iter().map(|args| &args[..]))
    {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("nianbao"))
            .current_dir(place.dir.path())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", place.shown(&output));
    }
}

#[test]
fn loading_twice_changes_nothing() {
    let place = Place::loaded();
    let before = place.content();
    let reports = repository("examples/reports");
    let summary = place.ok(&["load", &reports.to_string_lossy(), "--format", "csv"]);
    assert_snapshot!(summary, @"
    files,loaded,unchanged,revised,further_source,duplicate,failed
    17,0,17,0,0,0,0
    ");
    assert_eq!(place.content(), before);
}

#[test]
fn another_content_of_a_file_is_a_revision() {
    let place = Place::empty();
    let text = fs::read_to_string(example("suqian-2025.md")).unwrap();
    place.write("suqian.md", &text);
    place.ok(&["load", "suqian.md"]);
    place.write("suqian.md", &text.replace("| 119 | 25 |", "| 118 | 26 |"));
    let summary = place.ok(&["load", "suqian.md", "--format", "csv"]);
    assert_eq!(summary.lines().last(), Some("1,0,0,1,0,0,0"));
    let rate = place.rows("SELECT corrected FROM v_challenge WHERE proceeding = 'review'");
    assert_eq!(rate.len(), 1, "views give the current revision only");
    assert_eq!(rate[0]["corrected"], 26);
    assert!(place.ok(&["show", "宿迁市", "2025", "--revision", "1"]).contains("119"));
}

#[test]
fn load_reads_standard_input() {
    let place = Place::empty();
    let page = fs::read(example("example-district-2022.html")).unwrap();
    let load =
        || place.command(&["load", "-", "--format", "csv"]).write_stdin(page.clone()).output();
    let summary = |output: Output| String::from_utf8(output.stdout).unwrap();
    assert!(summary(load().unwrap()).ends_with("1,1,0,0,0,0,0\n"));
    assert!(summary(load().unwrap()).ends_with("1,0,1,0,0,0,0\n"), "the same content again");
    assert_eq!(place.rows("SELECT organ FROM v_report")[0]["organ"], "示例区");
}

#[test]
fn a_parsed_report_loads_as_its_document_does() {
    let facts = "SELECT organ, year, scope, edition, published, region_code FROM v_report";
    let cells = ["application", "challenge", "disclosure", "statistic"]
        .map(|view| format!("SELECT * FROM {view}"));
    for name in ["shanghai-office-2019.html", "example-county-2017.txt", "dapuqiao-2025.md"] {
        let (direct, through) = (Place::empty(), Place::empty());
        direct.ok(&["load", &example(name)]);
        let json = direct.ok(&["parse", &example(name), "--format", "json"]);
        let load = through.command(&["load", "-"]).write_stdin(json).output().unwrap();
        assert_eq!(load.status.code(), Some(0), "{}", through.shown(&load));
        for sql in [facts].into_iter().chain(cells.iter().map(String::as_str)) {
            assert_eq!(through.rows(sql), direct.rows(sql), "{name}: {sql}");
        }
    }
}

#[test]
fn json_that_is_no_parsed_report_is_refused() {
    let place = Place::empty();
    let text = place.ok(&["parse", &example("suqian-2025.md"), "--format", "json"]);
    for (name, from, to) in [
        ("schema", "nianbao.report/1", "nianbao.report/99"),
        ("row", "\"row\": \"received.new\"", "\"row\": \"received.newer\""),
        ("field", "\"cells\"", "\"sells\""),
        ("state", "\"state\": \"number\"", "\"state\": \"blank\""),
        ("twice", "\"row\": \"received.carried_in\"", "\"row\": \"received.new\""),
        ("region", "\"region_code\": \"321300\"", "\"region_code\": \"3213\""),
        ("edition", "\"edition\": \"2021\"", "\"edition\": \"1999\""),
    ] {
        place.write("report.json", &text.replace(from, to));
        assert_snapshot!(
            format!("bad_json_{name}"),
            place.seen(&["load", "report.json", "--quiet"])
        );
    }
}

#[test]
fn a_manifest_says_what_files_do_not() {
    let place = Place::empty();
    let text = fs::read_to_string(example("shuyang-township-2023.txt")).unwrap();
    place.write("a.txt", &text.replace("沭阳县示例镇人民政府2023年", ""));
    assert_eq!(place.run(&["load", "a.txt"]).status.code(), Some(2));
    place.write(
        "manifest.csv",
        "\u{FEFF}path,organ,region,year,scope\na.txt,示例镇人民政府,沭阳县,2021,own\n",
    );
    place.ok(&["load", "a.txt", "--manifest", "manifest.csv"]);
    let report = &place.rows("SELECT year, scope, region_code, published FROM v_report")[0];
    assert_snapshot!(report.to_string(), @r#"{"year":2021,"scope":"own","region_code":"321322","published":"2024-01-25"}"#);
}

#[test]
fn a_dry_run_writes_nothing() {
    let place = Place::empty();
    let reports = repository("examples/reports");
    let summary = place.ok(&["load", &reports.to_string_lossy(), "--dry-run", "--format", "csv"]);
    assert!(summary.ends_with("17,17,0,0,0,0,0\n"), "{summary}");
    assert_eq!(fs::read_dir(place.dir.path()).unwrap().count(), 0);
}

#[test]
fn no_archive_keeps_no_bytes() {
    let place = Place::empty();
    place.ok(&["load", &example("suqian-2023.html"), "--no-archive"]);
    assert_eq!(place.rows("SELECT content IS NULL AS gone FROM source")[0]["gone"], 1);
}

#[test]
fn a_fourth_edition_needs_a_form_file_and_no_code() {
    let place = Place::loaded();
    let forms = repository("tests/fixtures/forms").to_string_lossy().into_owned();
    let report = repository("tests/fixtures/reports/example-city-2031.html");
    let report = report.to_string_lossy().into_owned();

    let text = place.ok(&["parse", &report, "--forms", &forms, "--format", "json"]);
    let parsed: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed["edition"], "2031");
    let cells = parsed["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 10 + 26 * 8 + 15);
    assert!(cells.iter().all(|c| c["state"] != "missing"));

    // into a store that was made without it
    place.ok(&["load", &report, "--forms", &forms]);
    let sql = "SELECT item, natural_person, media, total, implied FROM v_application
               WHERE year = 2031 AND item IN ('received.new', 'granted', 'refused.personal_data') ORDER BY item";
    assert_snapshot!("fourth_edition_cells", place.ok(&["sql", sql]));
    let older = "SELECT COUNT(*) AS n FROM v_application WHERE year < 2031 AND media IS NOT NULL";
    assert_eq!(place.rows(older)[0]["n"], 0, "no other edition has that column");

    // the one series goes on, with the new row in its sum
    assert_snapshot!("fourth_edition_rate", place.ok(&[&RATE[..], &["--from", "2031"]].concat()));
    let refused = place.ok(&["query", "outcomes", "--from", "2031", "--format", "csv"]);
    let refused = refused.lines().find(|l| l.contains(",refused,")).unwrap();
    assert!(refused.starts_with("2031,2031,refused,1,0,7,52,"), "{refused}");

    let shown = place.ok(&["show", "示例市", "2031", "--forms", &forms]);
    assert!(shown.contains("新闻媒体") && shown.contains("9.属于个人信息保护"), "{shown}");
    assert_snapshot!("fourth_edition_unknown_form", place.ok(&["show", "示例市", "2031"]));
}

#[test]
fn the_json_schema_names_what_parse_prints() {
    let place = Place::empty();
    let schema: Value = serde_json::from_str(&place.ok(&["parse", "--schema"])).unwrap();
    let text = place.ok(&["parse", &example("suqian-2023.html"), "--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    for key in report.as_object().unwrap().keys() {
        assert!(!schema["properties"][key].is_null(), "{key}");
    }
}

#[test]
fn show_takes_a_body_by_any_of_its_names() {
    let place = Place::loaded();
    let direct = place.ok(&["show", "沭阳县示例镇人民政府", "2023"]);
    for name in
        ["沭阳县示例镇", "江苏省宿迁市沭阳县示例镇人民政府", " 沭陽縣示例鎮 ", "沭阳县 示例镇政府"]
    {
        assert_eq!(place.ok(&["show", name, "2023"]), direct, "{name}");
    }
    for year in ["２０２３", "2023年"] {
        assert_eq!(place.ok(&["show", "沭阳县示例镇", year]), direct, "{year}");
    }
    assert_eq!(place.ok(&["show", "宿迁", "2023"]), place.ok(&["show", "321300", "2023"]));
    // the number that a search gives
    let hits = place.ok(&["search", "会商制度", "--format", "json"]);
    let hits: Vec<Value> = serde_json::from_str(&hits).unwrap();
    let (organ, year) = (hits[0]["organ"].as_str().unwrap(), hits[0]["year"].to_string());
    let by_number = place.ok(&["show", "--report", &hits[0]["report_id"].to_string()]);
    assert_eq!(by_number, place.ok(&["show", organ, &year]));
    assert_eq!(place.run(&["show", "--report", "999"]).status.code(), Some(2));
    assert_eq!(place.run(&["show", "宿迁市"]).status.code(), Some(2));
    let messages = |args: &[&str]| {
        let output = place.run(args);
        place.scrub(&String::from_utf8(output.stderr).unwrap())
    };
    let told = [
        &["show", "示例镇人民", "2023"][..],
        &["show", "沭阳县示例镇", "2019"],
        &["show", "沭阳县实例镇人民政府", "2023"],
        &["show", "宿迁市", "2023", "--revision", "7"],
        &["show", "宿迁市", "2023", "--scope", "own", "--lang", "en"],
        &["show", "zzz", "2023", "--lang", "en"],
    ];
    assert_snapshot!("show_lookup", told.map(messages).concat());
}

#[test]
fn a_short_or_old_name_is_the_body_that_load_would_take() {
    let place = Place::empty();
    let text = fs::read_to_string(example("suqian-bureau-2023.txt")).unwrap();
    for (file, organ) in [
        ("a.txt", "科学技术部"),
        ("b.txt", "国家发展和改革委员会"),
        ("c.txt", "泗洪县卫生健康委员会"),
    ] {
        place.write(file, &text.replace("宿迁市示例局", organ));
    }
    place.ok(&["load", "a.txt", "b.txt", "c.txt"]);
    for (name, organ) in [
        ("科技部", "科学技术部"),
        ("国家发改委", "国家发展和改革委员会"),
        ("泗洪县卫健委", "泗洪县卫生健康委员会"),
        ("江苏省宿迁市泗洪县卫健委", "泗洪县卫生健康委员会"),
        ("國家發改委", "国家发展和改革委员会"),
    ] {
        let shown = place.run(&["show", name, "2023"]);
        let (out, err) = (String::from_utf8(shown.stdout).unwrap(), shown.stderr);
        assert!(out.starts_with(organ), "{name}: {out}");
        assert!(err.is_empty(), "{name}");
    }
}

#[test]
fn what_is_given_wrongly_is_never_taken_in_silence() {
    let place = Place::loaded();
    let told = [
        &["query", "outcomes", "--from", "2020", "--from", "2021"][..],
        &["query", "outcomes", "-p", "from=2020", "--from=2021", "--lang", "en"],
        &["sql", "SELECT :a", "-p", "a=1", "-p", ":a=2"],
        &["query", "largest-receivers", "--count", "-1"],
        &["query", "largest-receivers", "--count", "0", "--lang", "en"],
        &["query", "outcomes", "--max-rows", "-1"],
        &["search", "复议", "--max-rows", "-1", "--lang", "en"],
        &["sql", "SELECT 1", "--timeout", "-1"],
        &["load", "x", "--jobs", "-1"],
        &["--lang", "en", "load", "--yaer", "2020"],
        &["lode"],
    ];
    assert_snapshot!("given_wrongly", told.map(|args| place.seen(args)).concat());
    // a year as people write it
    let of = |year: &str| place.ok(&["query", "outcomes", "--from", year]);
    assert_eq!(of("２０２３年"), of("2023"));
}

#[test]
fn quiet_is_quiet_where_there_is_nothing() {
    let place = Place::loaded();
    for format in ["table", "csv", "markdown", "json"] {
        let args = ["sql", "SELECT 1 AS one WHERE 0", "--format", format];
        assert!(place.seen(&args).contains("没有数据"), "{format}");
        let seen = place.seen(&[&args[..], &["-q"]].concat());
        assert!(!seen.contains("没有数据"), "{format}: {seen}");
        assert!(format == "json" || seen.contains("one"), "{format}: {seen}");
    }
}

#[test]
fn a_statement_may_begin_with_a_comment_and_come_from_a_pipe() {
    let place = Place::loaded();
    for sql in ["-- note\nSELECT 1 AS one", "--note\nSELECT 1 AS one", "/* note */ SELECT 1 AS one"]
    {
        for args in [&["sql", sql, "--format", "csv"][..], &["sql", "--format", "csv", sql]] {
            assert_eq!(place.ok(args), "one\n1\n", "{args:?}");
        }
    }
    let piped = place.command(&["sql", "--format", "csv"]).write_stdin("SELECT 1 AS one").output();
    assert_eq!(String::from_utf8(piped.unwrap().stdout).unwrap(), "one\n1\n");
    let told = [
        &["sql", ".tables"][..],
        &["sql", " .schema report", "--lang", "en"],
        &["sql", "-- nothing"],
        &["sql", "-- note\nSELECT yaer FROM report"],
    ];
    assert_snapshot!("sql_begins", told.map(|args| place.seen(args)).concat());
    let count = |param: &str| {
        let sql = "SELECT COUNT(*) AS n FROM report WHERE substr(region_code, 1, 2) = :p";
        place.ok(&["sql", sql, "-p", param, "--format", "csv"])
    };
    assert_eq!(count("p=32"), "n\n0\n", "a number is no text");
    assert_ne!(count("p:text=32"), "n\n0\n");
}

#[test]
fn a_broken_query_file_does_not_hide_the_others() {
    let place = Place::loaded();
    fs::create_dir(place.path("mine")).unwrap();
    let good = "-- ---\n-- title = { zh = \"题\", en = \"t\" }\n-- description = { zh = \"说\", en = \"d\" }\n-- ---\nSELECT 1 AS one\n";
    place.write("mine/good.sql", good);
    place.write("mine/bad.sql", "SELECT 1\n");
    let told = [
        &["query", "good", "--queries", "mine"][..],
        &["query", "good", "--queries", "mine", "--quiet"],
        &["query", "bad", "--queries", "mine", "--lang", "en"],
    ];
    assert_snapshot!("broken_query", told.map(|args| place.seen(args)).concat());
    assert!(place.seen(&["query", "--queries", "mine"]).contains("bad.sql"));
}
