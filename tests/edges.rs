//! What the commands do and say at their edges: stopped, misspelt, asked for what is not there, with
//! more rows than a screen has, with files that went away.

mod common;

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::desk::{Desk, set};
use rusqlite::Connection;
use serde_json::Value;

const CODE: &str = "examples/reports/suqian-2023.html";

/// With all examples loaded from a folder of its own.
fn loaded() -> Desk {
    let desk = Desk::new();
    let reports = desk.dir.path().join("reports");
    fs::create_dir(&reports).unwrap();
    for entry in fs::read_dir("examples/reports").unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, reports.join(path.file_name().unwrap())).unwrap();
    }
    let (code, _, errors) = desk.run(&["load", "reports", "--quiet"]);
    assert_eq!(code, 0, "{errors}");
    desk
}

/// With reports that have something to find.
fn with_findings() -> Desk {
    let desk = Desk::new();
    for year in [2020, 2021, 2023] {
        desk.report(year, |r| {
            for row in ["received.new", "granted", "processed_total"] {
                for column in ["natural_person", "total"] {
                    set(r, &format!("applications/{row}/{column}"), 8);
                }
            }
            set(r, "applications/granted/total", 11);
        });
    }
    desk.load();
    assert_eq!(desk.run(&["check", "--quiet"]).0, 1);
    desk
}

fn json(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let (_, out, errors) = desk.run(&[args, &["--format", "json"]].concat());
    serde_json::from_str(&out).unwrap_or_else(|e| panic!("{args:?}: {e}: {out}{errors}"))
}

fn connect(desk: &Desk) -> Connection {
    Connection::open(desk.dir.path().join("nianbao.db")).unwrap()
}

#[test]
fn files_are_checked_by_many_hands_in_their_order() {
    let desk = loaded();
    let check = ["check", "reports", "--all", "--format", "csv", "--fail-on", "never", "--jobs"];
    let (code, one, _) = desk.run(&[&check[..], &["1"]].concat());
    assert_eq!(code, 0);
    let (_, four, _) = desk.run(&[&check[..], &["4"]].concat());
    assert!(one.lines().count() > 100 && one == four);
    for (option, value) in [("--jobs", "-3"), ("--jobs", "x"), ("--year", "-3")] {
        let (code, _, error) = desk.run(&["check", "reports", option, value]);
        assert!(code == 2 && error.contains("的值不能是"), "{option} {value}: {error}");
    }
}

#[cfg(unix)]
#[test]
fn a_check_of_files_stops_and_says_that_nothing_is_kept() {
    let desk = Desk::new();
    for number in 0..2000 {
        fs::copy(CODE, desk.dir.path().join(format!("{number}.html"))).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
    command.args(["check", ".", "--jobs", "1", "--lang", "zh"]).current_dir(desk.dir.path());
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1000));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success(), "it was over before it could be stopped");
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("核对文件不保存结果"), "{said}");
}

#[test]
fn that_nothing_could_be_checked_has_its_own_words() {
    let desk = Desk::new();
    fs::create_dir(desk.dir.path().join("empty")).unwrap();
    for name in ["a.txt", "b.txt"] {
        fs::write(desk.dir.path().join(name), "").unwrap();
    }
    let (code, _, error) = desk.run(&["check", "a.txt", "b.txt"]);
    assert!(code == 2 && error.contains("2 个文件都无法读取"), "{error}");
    let (code, _, error) = desk.run(&["check", "empty"]);
    assert!(code == 2 && error.contains("没有可核对的文件"), "{error}");
}

#[test]
fn a_database_of_an_earlier_program_is_brought_up_to_date_by_the_command_that_is_named() {
    let desk = Desk::new();
    let conn = connect(&desk);
    conn.execute_batch(&fs::read_to_string("tests/fixtures/schema/1.sql").unwrap()).unwrap();
    conn.pragma_update(None, "user_version", 1).unwrap();
    drop(conn);
    for args in [&["info"][..], &["findings"], &["sql", "SELECT 1"], &["coverage"]] {
        let (code, _, error) = desk.run(args);
        assert_eq!(code, 3, "{args:?}: {error}");
        assert!(error.contains("请先运行 nianbao check --db nianbao.db"), "{args:?}: {error}");
    }
    let (code, _, error) = desk.run(&["check", "--db", "nianbao.db"]);
    assert_eq!(code, 0, "{error}");
    assert_eq!(desk.run(&["info"]).0, 0);
    // only a load makes a database
    assert_eq!(desk.run(&["check", "--db", "other.db"]).0, 3);
    assert!(!desk.dir.path().join("other.db").exists());
}

#[test]
fn a_report_that_is_not_there_is_no_damage() {
    let desk = loaded();
    let (code, _, error) = desk.run(&["show", "--report", "999"]);
    assert!(code == 2 && error.contains("没有编号为 999 的报告"), "{code} {error}");
}

#[test]
fn only_the_screen_has_limits() {
    let desk = Desk::new();
    for year in 2016..=2025 {
        desk.report(year, |r| r.sections.iter_mut().for_each(|s| s.text.push_str("测试用语。")));
    }
    desk.load();
    let lines = |args: &[&str]| {
        let (code, out, errors) = desk.run(args);
        assert_eq!(code, 0, "{errors}");
        (out.lines().count(), out + &errors)
    };
    let (all, text) = lines(&["search", "测试用语", "--format", "csv"]);
    assert!(all == 61 && !text.contains("共"), "{all}: {text}");
    let (_, screen) = lines(&["search", "测试用语"]);
    assert!(screen.contains(&format!("前 50 行，共 {} 行", all - 1)), "{screen}");
    assert_eq!(lines(&["search", "测试用语", "--out", "all.csv"]).0, 0);
    let written = fs::read_to_string(desk.dir.path().join("all.csv")).unwrap();
    assert_eq!(written.lines().count(), all);
    assert_eq!(lines(&["search", "测试用语", "--format", "csv", "--max-rows", "2"]).0, 3);

    let queries = desk.dir.path().join("queries");
    fs::create_dir(&queries).unwrap();
    let query = fs::read_to_string("queries/carried-over.sql").unwrap();
    for number in 0..1005 {
        fs::write(queries.join(format!("own-{number}.sql")), &query).unwrap();
    }
    let (own, _) = lines(&["query", "--queries", "queries", "--format", "csv"]);
    assert_eq!(own, lines(&["query", "--format", "csv"]).0 + 1005);
}

/// A pipe can be read once.
#[cfg(unix)]
#[test]
fn a_users_regions_are_read_once() {
    let desk = with_findings();
    let pipe = desk.dir.path().join("regions.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut command = assert_cmd::Command::cargo_bin("nianbao").unwrap();
    command.args(["findings", "--region", "320000", "--regions", "regions.csv"]);
    command.current_dir(desk.dir.path()).timeout(Duration::from_secs(30));
    let writer = std::thread::spawn(move || {
        let mut pipe = fs::OpenOptions::new().write(true).open(pipe).unwrap();
        pipe.write_all(b"code,name,parent,valid_from,valid_to,successor,note\n").unwrap();
    });
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    writer.join().unwrap();
}

#[test]
fn what_other_rules_passed_is_not_told_of_todays() {
    let desk = with_findings();
    let passed = || {
        let all = json(&desk, &["findings", "--all"]);
        all.iter().filter(|f| f["outcome"] == "pass").count()
    };
    assert!(passed() > 20);
    connect(&desk).execute("UPDATE check_run SET rules = 'earlier'", []).unwrap();
    assert_eq!(passed(), 0);
}

#[test]
fn findings_are_chosen_by_the_database_as_they_would_be_one_by_one() {
    let desk = with_findings();
    let all = json(&desk, &["findings", "--all"]);
    let code = |f: &Value| f["report"]["path"].as_str().unwrap().to_owned();
    type Choice = fn(&Value) -> bool;
    let choices: [(&[&str], Choice); 6] = [
        (&["--rule", "row-total,processed-total"], |f| {
            f["rule"] == "row-total" || f["rule"] == "processed-total"
        }),
        (&["--min-severity", "error"], |f| f["severity"] == "error"),
        (&["--year", "2021"], |f| f["report"]["year"] == 2021),
        (&["--region", "110000"], |_| true),
        (&["--region", "650000"], |_| false),
        (&["--rule", "row-total", "--year", "2023", "--min-severity", "warning"], |f| {
            f["rule"] == "row-total" && f["report"]["year"] == 2023 && f["severity"] != "info"
        }),
    ];
    for (args, choice) in choices {
        let found = json(&desk, &[&["findings", "--all"], args].concat());
        let chosen: Vec<&Value> = all.iter().filter(|f| choice(f)).collect();
        assert_eq!(found.len(), chosen.len(), "{args:?}");
        assert_eq!(chosen.is_empty(), args[1] == "650000", "{args:?}");
        let of = |f: &Value| (code(f), f["rule"].clone(), f["id"].clone());
        assert!(found.iter().all(|f| chosen.iter().any(|c| of(c) == of(f))), "{args:?}");
    }
}

/// The same finding may stand in several rows, which need not be neighbours.
#[test]
fn an_id_means_one_finding_however_many_rows_it_has() {
    let desk = with_findings();
    let conn = connect(&desk);
    let columns: String = conn
        .query_row(
            "SELECT GROUP_CONCAT(name, ', ') FROM pragma_table_info('finding') WHERE name <> 'id'",
            [],
            |r| r.get(0),
        )
        .unwrap();
    let copy = format!(
        "INSERT INTO finding ({columns}) SELECT {columns} FROM finding
         WHERE id = (SELECT MIN(id) FROM finding WHERE outcome = 'fail')"
    );
    conn.execute(&copy, []).unwrap();
    let first = "SELECT key FROM finding WHERE outcome = 'fail' ORDER BY id LIMIT 1";
    let key: String = conn.query_row(first, [], |r| r.get(0)).unwrap();
    drop(conn);
    let why = ["--reason", "已核实", "--by", "王某"];
    let (code, _, said) = desk.run(&[&["findings", "confirm", &key[..10]], &why[..]].concat());
    assert_eq!(code, 0, "{said}");
    let (code, _, said) = desk.run(&[&["findings", "confirm", ""], &why[..]].concat());
    assert!(code == 2 && said.contains("请多写几位"), "{said}");
    let (code, _, said) = desk.run(&[&["findings", "confirm", "zzzz"], &why[..]].concat());
    assert!(code == 2 && said.contains("没有编号为"), "{said}");
}

#[test]
fn a_key_that_nobody_knows_is_damage() {
    let desk = with_findings();
    let conn = connect(&desk);
    conn.execute_batch(
        "PRAGMA ignore_check_constraints = ON; UPDATE finding SET severity = 'dire';",
    )
    .unwrap();
    drop(conn);
    let id = "1";
    let (code, _, error) = desk.run(&["show", "--report", id]);
    assert!(code == 3 && error.contains("dire"), "{code} {error}");
}

#[test]
fn info_counts_by_year_form_and_region() {
    let desk = loaded();
    let rows = |args: &[&str]| desk.run(&[&["info", "--format", "csv"], args].concat()).1;
    let total = |text: &str, column: &str| -> i64 {
        let mut lines = text.lines();
        let at = lines.next().unwrap().split(',').position(|c| c == column).unwrap();
        // a list of editions in quotes would shift the columns, and no example has one
        lines.map(|l| l.split(',').nth(at).unwrap().parse::<i64>().unwrap()).sum()
    };
    let (year, edition) = (rows(&[]), rows(&["--by", "edition"]));
    let region = rows(&["--by", "region"]);
    for text in [&year, &edition, &region] {
        assert_eq!(total(text, "reports"), 17, "{text}");
        assert_eq!(total(text, "current"), 17, "{text}");
    }
    insta::assert_snapshot!("info_by", format!("{edition}\n{region}"));
    let below = rows(&["--region", "江苏"]);
    insta::assert_snapshot!("info_region", below);
    let (_, people, _) = desk.run(&["info", "--region", "江苏"]);
    assert_eq!(people.matches("╞").count(), 3, "{people}");
    assert!(people.contains("宿迁市"), "{people}");
}

#[test]
fn sources_and_files_are_compared_both_ways() {
    let desk = loaded();
    let reports = desk.dir.path().join("reports");
    let mut names: Vec<_> = fs::read_dir(&reports).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    fs::remove_file(&names[0]).unwrap();
    let mut changed = fs::read(&names[1]).unwrap();
    changed.extend_from_slice(b"\n<!-- changed -->");
    fs::write(&names[1], changed).unwrap();
    // the same content elsewhere is loaded, other content is not
    fs::copy(&names[2], reports.join("copy.html")).unwrap();
    fs::write(reports.join("new.txt"), "新的报告").unwrap();
    let (code, out, said) = desk.run(&["info", "--sources", "reports", "--format", "csv"]);
    assert_eq!(code, 0, "{said}");
    let of = |state: &str| -> Vec<&str> {
        let lines = out.lines().filter(|l| l.starts_with(&format!("{state},")));
        lines.map(|l| l.split(',').nth(1).unwrap()).collect()
    };
    let name = |at: usize| format!("reports/{}", names[at].file_name().unwrap().to_string_lossy());
    assert_eq!((of("gone"), of("changed")), (vec![&*name(0)], vec![&*name(1)]), "{out}");
    assert_eq!(of("same").len(), 15, "{out}");
    // what was changed is not loaded as it is now
    assert_eq!(of("not_loaded"), [&*name(1), "reports/new.txt"], "{out}");
    assert!(
        said.contains("一致 15，内容已变 1，已不在 1，无法读取 0；所给文件中未加载 2"),
        "{said}"
    );
    // loaded again, the earlier content is one that was replaced
    assert_eq!(desk.run(&["load", &name(1), "--quiet"]).0, 0);
    let (_, out, _) = desk.run(&["info", "--sources", "--format", "csv"]);
    let states = out.lines().filter(|l| l.starts_with("replaced,")).count();
    assert_eq!((states, out.contains("changed,")), (1, false), "{out}");
    assert_eq!(desk.run(&["info", "reports"]).0, 2);
    // paths are taken from the folder of the database, wherever one is oneself
    let moved = desk.dir.path().join("moved");
    fs::create_dir(&moved).unwrap();
    for name in ["nianbao.db", "reports"] {
        fs::rename(desk.dir.path().join(name), moved.join(name)).unwrap();
    }
    let args = ["info", "--sources", "--db", "moved/nianbao.db", "--format", "csv"];
    assert_eq!(desk.run(&args).1, out);
}

#[test]
fn a_demo_has_a_folder_for_each_user_and_exports() {
    let desk = Desk::new();
    let demo = |user: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
        command.args(["demo", "--lang", "zh"]).env("USER", user).env("TMPDIR", desk.dir.path());
        command.output().unwrap()
    };
    // what somebody else left under the name that all once shared
    fs::write(desk.dir.path().join("nianbao-demo"), "").unwrap();
    let output = demo("zhang");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let folder = desk.dir.path().join("nianbao-demo-zhang");
    let csv = fs::read_to_string(folder.join("outcomes.csv")).unwrap();
    assert!(csv.lines().count() > 5, "{csv}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("outcomes.csv"));
    fs::write(desk.dir.path().join("nianbao-demo-li"), "").unwrap();
    let output = demo("li");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && error.contains("nianbao-demo-li"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_is_named() {
    let desk = loaded();
    for args in [
        &["query", "outcomes", "--format", "csv"][..],
        &["query", "outcomes", "--format", "json"],
        &["show", "--report", "1"],
        &["query", "--help"],
    ] {
        let (code, _, error) = desk.run(&[args, &["--out", "/dev/full"]].concat());
        let expected = "错误: 无法写入“/dev/full”：磁盘已满\n";
        assert!(
            code == 2 && error == expected || error.contains("看不出格式"),
            "{args:?}: {error}"
        );
        let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command.args(args).args(["--lang", "zh"]).current_dir(desk.dir.path());
        let output = output.stdout(full).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("无法写入“标准输出”：磁盘已满"), "{args:?}: {error}");
    }
}

#[test]
fn what_is_wrong_in_a_manifest_has_its_line() {
    let desk = Desk::new();
    fs::copy(CODE, desk.dir.path().join("a.html")).unwrap();
    for (row, said) in [
        ("a.html,苏迁市,,", "清单“m.csv”第2行：没有名为“苏迁市”的地区"),
        ("a.html,,去年,", "清单“m.csv”第2行：年度“去年”不行"),
        ("a.html,,,all", "清单“m.csv”第2行：scope 只能是 own 或 aggregate，而不是“all”"),
    ] {
        let text = format!("path,region,year,scope\n{row}\n");
        fs::write(desk.dir.path().join("m.csv"), text).unwrap();
        let (code, _, error) = desk.run(&["load", "a.html", "--manifest", "m.csv"]);
        assert!(code == 2 && error.contains(said), "{error}");
    }
}

#[test]
fn a_name_is_proposed_only_where_one_is_near() {
    let desk = Desk::new();
    let (code, _, error) = desk.run(&["check", "--explain", "nope1234"]);
    assert!(code == 2 && error.contains("nope1234") && !error.contains("是否想用"), "{error}");
    let (_, _, error) = desk.run(&["check", "--rule", "row-totl"]);
    assert!(error.contains("是否想用“row-total”"), "{error}");
}

#[test]
fn a_function_complains_in_the_language_of_the_run() {
    let desk = loaded();
    let ask = |lang: &str| desk.run(&["sql", "SELECT trim(1.5)", "--lang", lang]).2;
    assert!(ask("zh").contains("小数请写作 CAST(x AS TEXT)"), "{}", ask("zh"));
    assert!(ask("en").contains("write CAST(x AS TEXT) for a real"), "{}", ask("en"));
}
