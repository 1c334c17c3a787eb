//! What people read: words and not keys, differences as differences, names however they are
//! written, and messages that say what, where and what to do.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with the examples in a database, and the program run inside it.
struct Desk(TempDir);

fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

impl Desk {
    fn empty() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn loaded() -> Desk {
        let desk = Desk::empty();
        desk.ok(&["load", "--quiet", &repository("examples/reports").to_string_lossy()]);
        desk
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["DB", "FORMS", "REGIONS", "ORGANS", "METRICS"] {
            command.env_remove(format!("NIANBAO_{name}"));
        }
        command.current_dir(self.0.path()).env("LC_ALL", "zh_CN.UTF-8").args(args).output().unwrap()
    }

    /// What a command that must succeed prints.
    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it says beside that.
    fn says(&self, args: &[&str]) -> String {
        String::from_utf8(self.run(args).stderr).unwrap()
    }

    fn rows(&self, args: &[&str]) -> Vec<Value> {
        serde_json::from_str(&self.ok(&[args, &["--format", "json"]].concat())).unwrap()
    }
}

/// The cells of a Markdown table, its head first.
fn cells(table: &str) -> Vec<Vec<String>> {
    let lines = table.lines().filter(|line| line.starts_with('|') && !line.starts_with("|-"));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|c| c.trim().into()).collect();
    lines.filter(|line| !line.starts_with("| -") && !line.starts_with("|:")).map(cells).collect()
}

/// Columns of names, paths and codes, which are the same in both languages.
const CODES: [&str; 4] = ["规则", "文件类型", "编码", "现行报告的来源"];

#[test]
fn no_table_of_a_query_shows_a_key() {
    let desk = Desk::loaded();
    desk.ok(&["check", "--quiet", "--fail-on", "never"]);
    let word = Regex::new("[A-Za-z]{2,}").unwrap();
    let han = Regex::new(r"\p{Han}").unwrap();
    let mut seen = 0;
    for query in desk.rows(&["query"]) {
        let name = query["name"].as_str().unwrap();
        let table = cells(&desk.ok(&["query", name, "--format", "markdown"]));
        for row in &table {
            for (heading, cell) in table[0].iter().zip(row) {
                let is_code = CODES.contains(&heading.as_str());
                assert!(is_code || !word.is_match(cell), "{name}: {heading} '{cell}'");
                seen += 1;
            }
        }
        let english = ["query", name, "--format", "markdown", "--lang", "en"];
        let table = cells(&desk.ok(&english));
        for row in &table {
            for (heading, cell) in table[0].iter().zip(row) {
                // names of bodies and places are Chinese wherever they stand
                let is_name = ["body", "region", "source"].iter().any(|n| heading.contains(n));
                assert!(is_name || !han.is_match(cell), "{name}: {heading} '{cell}'");
            }
        }
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn a_region_beside_those_below_it_is_its_own_level() {
    let desk = Desk::loaded();
    let summary = |region: &str| desk.ok(&["query", "region-summary", "--region", region]);
    let city = summary("宿迁");
    assert!(city.contains("宿迁市本级") && city.contains("沭阳县"), "{city}");
    // in the province the city is a whole
    assert!(!summary("江苏").contains("本级"), "{}", summary("江苏"));
    let trend = ["analyze", "trend", "--metric", "公开率", "--by", "region", "--region", "宿迁"];
    assert!(desk.ok(&trend).contains("宿迁市本级"));
    let english = desk.ok(&[&trend[..], &["--lang", "en"]].concat());
    assert!(english.contains("宿迁市 (own level)"), "{english}");
    // a city without counties is one place with its towns
    let undivided = Desk::empty();
    let example = fs::read_to_string(repository("examples/reports/suqian-bureau-2023.txt"));
    undivided.write("a.txt", &example.unwrap().replace("宿迁市示例局", "东莞市财政局"));
    undivided.ok(&["load", "a.txt"]);
    let trend = ["analyze", "trend", "--metric", "公开率", "--by", "region", "--region", "东莞"];
    for args in [&trend[..], &["query", "region-summary", "--region", "东莞"]] {
        let table = undivided.ok(args);
        let is_whole = table.contains("┆ 东莞市 ") && !table.contains("东莞市本级");
        assert!(is_whole, "{table}");
    }
    // data keep the name
    let rows = desk.rows(&["query", "region-summary", "--region", "宿迁"]);
    assert!(rows.iter().any(|row| row["region"] == "宿迁市"), "{rows:?}");
}

#[test]
fn differences_of_rates_are_in_points_and_ratios_have_two_decimals() {
    let desk = Desk::loaded();
    let ask = ["query", "rate-by-year"];
    let table = desk.ok(&ask);
    assert!(table.contains("变化（百分点）"), "{table}");
    let rows = desk.rows(&ask);
    let change = rows.iter().find(|row| row["year"] == 2019).unwrap()["change"].as_f64().unwrap();
    assert_eq!(change, 275.0 / 805.0 - 320.0 / 720.0);
    let row = table.lines().find(|line| line.contains("│ 2019 ")).unwrap();
    assert!(row.contains(" -10.28 ┆"), "{row}");
    let compare = desk.ok(&["analyze", "compare", "2023", "2024", "--by", "year"]);
    let row = compare.lines().find(|line| line.starts_with("│ 行政复议纠错率 ")).unwrap();
    assert!(row.contains(" 5.98个百分点 "), "{row}");
    let trend = desk.ok(&["analyze", "trend", "--metric", "公开率"]);
    assert!(trend.contains("比上年（百分点）") && trend.contains(" -10.28 "), "{trend}");
    let mean = desk.ok(&["query", "applications-per-body"]);
    assert!(mean.contains(" 27.50 ") && mean.contains(" 859.00 "), "{mean}");
    assert!(desk.ok(&["query", "applications-per-body", "--format", "csv"]).contains(",27.5,"));
}

#[test]
fn years_of_very_different_numbers_of_reports_are_told_under_the_table() {
    let desk = Desk::loaded();
    let told = "各年报告数差别很大（2024年1份，2025年4份），合计不可直接比较\n";
    assert_eq!(desk.says(&["query", "review-correction-rate"]), told);
    assert_eq!(desk.says(&["query", "review-correction-rate", "--quiet"]), "");
    assert_eq!(desk.says(&["query", "review-correction-rate", "--format", "csv"]), "");
    assert_eq!(desk.says(&["query", "review-correction-rate", "--to", "2018"]), "");
    let english = desk.says(&["query", "review-correction-rate", "--lang", "en"]);
    assert!(english.contains("2024: 1, 2025: 4"), "{english}");
}

#[test]
fn names_are_the_same_for_every_command() {
    let desk = Desk::loaded();
    let rates = |metric: &str| desk.ok(&["query", "rate-by-year", "--metric", metric]);
    for name in ["公开率", "disclosure-rate"] {
        assert_eq!(rates(name), rates("disclosure-rate"));
        assert!(desk.ok(&["why", "宿迁市", "2023", name]).contains("43.57%"));
        assert!(desk.ok(&["metrics", name]).starts_with("disclosure-rate"));
    }
    assert_eq!(rates("不予公开"), rates("refusal-rate"));
    assert!(desk.ok(&["metrics", "新收申请数"]).starts_with("applications-received"));
    // a part of one name is that one, of several it is asked back
    assert!(desk.ok(&["metrics", "规范性文件更替"]).starts_with("normative-documents-churn"));
    let several = desk.says(&["why", "宿迁市", "2023", "纠错率"]);
    for key in ["review-correction-rate", "litigation-correction-rate"] {
        assert!(several.contains(key), "{several}");
    }
    let history = |organ: &str| desk.ok(&["query", "body-history", "--organ", organ]);
    for organ in ["示例局", "宿迁市示例局"] {
        assert_eq!(history(organ), history("宿迁市示例局"), "{organ}");
        assert!(history(organ).contains("55.32%"), "{organ}");
    }
    let unknown = desk.says(&["query", "body-history", "--organ", "火星局"]);
    assert!(unknown.contains("没有名为“火星局”的机关"), "{unknown}");
    let ranked = |level: &str| {
        let query = desk.ok(&["query", "largest-receivers", "--level", level]);
        let analysis = ["analyze", "rank", "--metric", "新收申请数", "--year", "2023", "--level"];
        query + &desk.ok(&[&analysis[..], &[level]].concat())
    };
    for (word, key) in [("乡级", "township"), ("乡镇", "township"), ("市级", "city")] {
        assert_eq!(ranked(word), ranked(key), "{word}");
    }
    assert!(ranked("乡级").contains("沭阳县示例镇") && !ranked("市级").contains("沭阳县示例镇"));
    let departments = desk.ok(&["query", "largest-receivers", "--kind", "部门"]);
    assert!(departments.contains("示例局") && !departments.contains("示例镇"), "{departments}");
}

#[test]
fn messages_say_what_and_where_and_what_to_do() {
    let desk = Desk::loaded();
    fs::create_dir(desk.0.path().join("空")).unwrap();
    for (args, parts) in [
        (&["why", "机关", "2023"][..], &["还缺指标", "nianbao metrics"][..]),
        (&["why", "火星局", "2023", "公开率"], &["“火星局”2023年", "coverage --names"]),
        (&["query", "outcomes", "--out", "没有/结果.csv"], &["没有文件夹“没有”", "请先建立"]),
        (&["load", "空", "--db", "没有/a.db"], &["“空”里没有可加载的文件", "zip"]),
        (&["search", ""], &["请写明要找的文字", "search 收费通知"]),
        (&["search", "　"], &["请写明要找的文字"]),
        (&["check", "空"], &["“空”里没有可核对的文件"]),
    ] {
        let output = desk.run(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(said.trim_end().lines().count(), 1, "{args:?}: {said}");
        for part in parts {
            assert!(said.contains(part), "{args:?}: {said}");
        }
    }
    let report = repository("examples/reports/suqian-2023.html");
    let output = desk.run(&["load", &report.to_string_lossy(), "--db", "没有/a.db"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("没有文件夹“没有”，请先建立"), "{said}");
}

#[test]
fn a_check_of_nothing_says_why() {
    let desk = Desk::loaded();
    let check = ["check", "--fail-on", "never"];
    let first = desk.says(&check);
    assert!(first.contains("本次核对 17 份报告"), "{first}");
    let again = desk.says(&check);
    assert!(again.starts_with("没有要重新核对的报告") && !again.contains("0 份"), "{again}");
    let nowhere = desk.says(&["check", "--region", "西藏"]);
    assert!(nowhere.contains("数据库里没有所选地区和年度的报告"), "{nowhere}");
    let never = desk.says(&["check", "--year", "1999"]);
    assert!(never.contains("数据库里没有所选地区和年度的报告"), "{never}");
}

#[test]
fn coverage_says_what_the_list_leaves_open() {
    let desk = Desk::loaded();
    let args = ["coverage", "--year", "2023", "--region", "宿迁"];
    assert!(desk.says(&args).contains("既没有名单"), "{}", desk.says(&args));
    desk.write("名单.csv", "organ,region,year\n宿迁市示例局,宿迁,2023\n");
    desk.ok(&["expect", "名单.csv"]);
    let said = desk.says(&args);
    assert!(said.contains("名单没有写到该地区和年度") && !said.contains("既没有名单"), "{said}");
}

#[test]
fn the_help_of_findings_tells_what_a_decision_needs() {
    let desk = Desk::empty();
    let help = desk.ok(&["findings", "--help"]);
    for option in ["--reason", "--by"] {
        assert!(help.matches(option).count() >= 2, "{help}");
    }
}

#[test]
fn what_is_no_report_does_not_load_as_one() {
    let desk = Desk::empty();
    desk.write("垃圾.txt", "今天天气很好。\n没有什么要说的，1 2 3。\n");
    let told = ["--organ", "宿迁市财政局", "--region", "宿迁", "--year", "2023"];
    let output = desk.run(&[&["load", "垃圾.txt"][..], &told].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("不像年度报告"), "{said}");
    // a title is enough: many reports of old have neither tables nor today's sections
    desk.write("旧.txt", "宿迁市财政局2012年政府信息公开工作年度报告\n今年做了很多工作。\n");
    desk.ok(&["load", "旧.txt", "--region", "宿迁"]);
}

#[test]
fn a_report_shown_by_revision_says_which_it_is() {
    let desk = Desk::empty();
    let example =
        fs::read_to_string(repository("examples/reports/suqian-bureau-2023.txt")).unwrap();
    desk.write("a.txt", &example);
    desk.ok(&["load", "a.txt"]);
    let shown = |more: &[&str]| desk.ok(&[&["show", "宿迁市示例局", "2023"], more].concat());
    assert!(!shown(&[]).contains("修订"), "{}", shown(&[]));
    assert!(shown(&["--revision", "1"]).contains("修订1（现行）"));
    desk.write("a.txt", &example.replace("60元", "61元"));
    desk.ok(&["load", "a.txt"]);
    assert!(shown(&[]).contains("修订2（现行）"), "{}", shown(&[]));
    assert!(shown(&["--revision", "1"]).contains("修订1（不是现行的）"));
    // the file has a third content now: it changed once, not twice
    desk.write("a.txt", &example.replace("60元", "62元"));
    let sources = desk.ok(&["info", "--sources"]);
    assert_eq!(sources.matches("│ 内容已变 ┆").count(), 1, "{sources}");
}
