//! Who should have reported and who has (`expect`, `coverage`), and a level's summary against the
//! reports below it (the rule `reconcile`): a city of three counties over two years.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use common::synth::Synth;
use insta::assert_snapshot;
use nianbao::region::{Context, Regions};
use nianbao::report::{Report, Scope, State};
use rust_decimal::Decimal;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a database, and reports to load into it by body, year and scope.
struct City {
    dir: TempDir,
    synth: Synth,
    reports: BTreeMap<(String, i32, &'static str), Report>,
}

/// Bodies of the city that report for themselves, each county's behind its name.
const OWN: [&str; 2] = ["宿迁市教育局", "宿迁市民政局"];
const COUNTIES: [(&str, [&str; 2]); 3] = [
    ("宿城区人民政府", ["宿城区教育局", "宿城区幸福街道办事处"]),
    ("沭阳县人民政府", ["沭阳县教育局", "沭阳县马厂镇人民政府"]),
    // this one publishes no summary
    ("宿豫区人民政府", ["宿豫区教育局", "宿豫区大兴镇人民政府"]),
];
const CITY: &str = "宿迁市人民政府";

impl City {
    fn empty() -> City {
        let dir = tempfile::tempdir().unwrap();
        City { dir, synth: Synth::default(), reports: BTreeMap::new() }
    }

    /// All bodies with figures of their own in 2022 and 2023, and summaries that are right.
    fn whole() -> City {
        let mut city = City::empty();
        for year in [2022, 2023] {
            let bodies = OWN.iter().chain(COUNTIES.iter().flat_map(|(_, bodies)| bodies));
            for (number, organ) in bodies.enumerate() {
                city.add(organ, year, Scope::Own, number as u64, |_| {});
            }
            city.sum_up(year);
        }
        city
    }

    /// Makes the summaries of a year what the bodies add up to.
    fn sum_up(&mut self, year: i32) {
        for (county, bodies) in &COUNTIES[..2] {
            self.summary(county, year, &bodies.map(|b| (b, Scope::Own)));
        }
        let mut units: Vec<(&str, Scope)> = OWN.map(|b| (b, Scope::Own)).into();
        units.extend(COUNTIES[..2].iter().map(|(county, _)| (*county, Scope::Aggregate)));
        units.extend(COUNTIES[2].1.map(|b| (b, Scope::Own)));
        self.summary(CITY, year, &units);
    }

    fn summary(&mut self, organ: &str, year: i32, units: &[(&str, Scope)]) {
        self.add(organ, year, Scope::Aggregate, 99, zero);
        for (unit, scope) in units {
            self.count(organ, year, (unit, *scope), 1);
        }
    }

    /// Counts a unit's figures in a summary so many times more.
    fn count(&mut self, organ: &str, year: i32, (unit, scope): (&str, Scope), times: i64) {
        let unit = self.reports[&(unit.to_owned(), year, scope.key())].clone();
        let summary = self.get(organ, year, Scope::Aggregate);
        for cell in &mut summary.cells {
            let same = unit.cells.iter().find(|c| c.name() == cell.name());
            let value = same.and_then(|c| c.value).unwrap_or_default();
            let sum = cell.value.unwrap() + value * Decimal::from(times);
            cell.raw = Some(sum.to_string());
            cell.state = if sum.is_zero() { State::Zero } else { State::Number };
            cell.value = Some(sum);
        }
    }

    fn get(&mut self, organ: &str, year: i32, scope: Scope) -> &mut Report {
        self.reports.get_mut(&(organ.to_owned(), year, scope.key())).unwrap()
    }

    fn remove(&mut self, organ: &str, year: i32, scope: Scope) {
        assert!(self.reports.remove(&(organ.to_owned(), year, scope.key())).is_some());
    }

    /// A report of a body with figures of a number of its own.
    fn add(
        &mut self,
        organ: &str,
        year: i32,
        scope: Scope,
        number: u64,
        change: impl FnOnce(&mut Report),
    ) {
        let mut report = self.synth.report(number * 10 + (year - 2016) as u64);
        let context = Context { region: None, year: Some(year), mentions: &[] };
        let resolved = Regions::builtin().resolve(organ, context).unwrap();
        report.organ = Some(organ.to_owned());
        report.region_code = resolved.region_code.map(|c| c.to_string());
        report.township_code = resolved.township_code.map(|c| c.to_string());
        report.scope = Some(scope);
        report.source.path = format!("{organ}-{year}-{}.html", scope.key());
        report.source.sha256 = String::new();
        report.sections.clear();
        change(&mut report);
        self.reports.insert((organ.to_owned(), year, scope.key()), report);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
            command.env_remove(name);
        }
        command.current_dir(self.dir.path()).env("LC_ALL", "zh_CN.UTF-8");
        let output = command.args(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn ok(&self, args: &[&str]) -> String {
        let (code, out, errors) = self.run(args);
        assert_eq!(code, 0, "{args:?}: {out}{errors}");
        out
    }

    /// Writes the reports into the folder `in` and loads it.
    fn load(&self) {
        fs::create_dir_all(self.path("in")).unwrap();
        for ((organ, year, scope), report) in &self.reports {
            let text = serde_json::to_string(report).unwrap();
            fs::write(self.path(&format!("in/{organ}-{year}-{scope}.json")), text).unwrap();
        }
        self.ok(&["load", "in", "--quiet"]);
    }

    fn json(&self, args: &[&str]) -> Vec<Value> {
        let (_, out, errors) = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{errors}"))
    }

    /// What the rule says of the summaries, as `body year outcome`.
    fn outcomes(&self) -> Vec<String> {
        let found = self.json(&["check", "--rule", "reconcile", "--all"]);
        let shown = |f: &Value| {
            let text = |v: &Value| v.to_string().trim_matches('"').to_owned();
            let report = &f["report"];
            format!("{} {} {}", text(&report["organ"]), report["year"], text(&f["outcome"]))
        };
        let mut shown: Vec<String> = found.iter().map(shown).collect();
        shown.sort();
        shown
    }

    /// What the rule says of one summary.
    fn of(&self, organ: &str, year: i32) -> Vec<Value> {
        let mut found = self.json(&["check", "--rule", "reconcile", "--all"]);
        found.retain(|f| f["report"]["organ"] == organ && f["report"]["year"] == year);
        found
    }

    fn sql(&self, sql: &str) -> String {
        self.ok(&["sql", sql, "--format", "csv"])
    }
}

fn zero(report: &mut Report) {
    for cell in &mut report.cells {
        (cell.value, cell.state) = (Some(0.into()), State::Zero);
        cell.raw = Some("0".to_owned());
    }
}

/// Sets a cell to a number.
fn set(report: &mut Report, name: &str, value: i64) {
    let cell = report.cells.iter_mut().find(|c| c.name() == name).unwrap();
    (cell.value, cell.raw) = (Some(value.into()), Some(value.to_string()));
    cell.state = if value == 0 { State::Zero } else { State::Number };
}

const GRANTED: &str = "applications/granted/total";

/// What a cell says.
fn value(report: &Report, name: &str) -> i64 {
    let cell = report.cells.iter().find(|c| c.name() == name).unwrap();
    cell.value.unwrap().try_into().unwrap()
}

#[test]
fn summaries_that_are_right_pass_on_every_level() {
    let city = City::whole();
    city.load();
    let all = city.outcomes();
    assert_eq!(all.len(), 6, "{all:?}");
    assert!(all.iter().all(|o| o.ends_with(" pass")), "{all:?}");
    let runs = "SELECT passed, failed, not_assessable FROM v_check_run WHERE rule = 'reconcile'";
    assert_eq!(city.sql(runs).lines().nth(1), Some("6,0,0"));
    assert!(city.run(&["check"]).2.contains("没有要重新核对的报告"), "nothing changed");
}

#[test]
fn a_wrong_cell_is_named_with_its_place_in_the_summary() {
    let mut city = City::whole();
    let right = value(city.get(CITY, 2023, Scope::Aggregate), GRANTED);
    set(city.get(CITY, 2023, Scope::Aggregate), GRANTED, right + 7);
    city.load();
    let found = city.of(CITY, 2023);
    assert_eq!(found.len(), 1, "{found:?}");
    let f = &found[0];
    assert_eq!((&f["outcome"], &f["severity"]), (&"fail".into(), &"error".into()));
    assert_eq!(f["cells"], serde_json::json!([GRANTED]));
    assert_eq!((&f["found"], &f["expected"]), (&(right + 7).into(), &right.into()));
    assert_eq!(f["evidence"][0]["raw"], (right + 7).to_string());
    assert!(f["message"].as_str().unwrap().contains("6份下级报告"), "{f}");
    assert_eq!(city.run(&["check", "--rule", "reconcile"]).0, 1);
}

#[test]
fn a_unit_counted_twice_is_one_finding_with_its_name() {
    let mut city = City::whole();
    city.count(CITY, 2023, ("宿豫区大兴镇人民政府", Scope::Own), 1);
    city.load();
    let found = city.of(CITY, 2023);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["outcome"], "fail");
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("“宿豫区大兴镇人民政府”") && message.contains("重计"), "{message}");
    assert!(found[0]["cells"].as_array().unwrap().len() > 10);
    // a county's summary that the city's has left out, and no error below it
    let mut city = City::whole();
    city.count(CITY, 2023, ("沭阳县人民政府", Scope::Aggregate), -1);
    city.load();
    let found = city.of(CITY, 2023);
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("“沭阳县人民政府”") && message.contains("漏计"), "{message}");
    assert_eq!(city.outcomes().iter().filter(|o| o.ends_with(" fail")).count(), 1);
}

#[test]
fn where_a_unit_is_missing_nothing_is_judged_and_it_is_named() {
    let mut city = City::whole();
    city.remove("宿迁市民政局", 2023, Scope::Own);
    city.remove("沭阳县教育局", 2023, Scope::Own);
    city.load();
    let said = |organ: &str, year| {
        let found = city.of(organ, year);
        assert_eq!(found.len(), 1, "{found:?}");
        let text = |key: &str| found[0][key].as_str().unwrap().to_owned();
        (text("outcome"), text("message"))
    };
    // last year tells who is missing; the county's summary stands for its own bodies
    let (outcome, message) = said(CITY, 2023);
    assert_eq!(outcome, "not_assessable");
    assert!(message.contains("宿迁市民政局") && !message.contains("沭阳县"), "{message}");
    let (outcome, message) = said("沭阳县人民政府", 2023);
    assert_eq!(outcome, "not_assessable");
    assert!(message.contains("沭阳县教育局"), "{message}");
    assert_eq!(said("宿城区人民政府", 2023).0, "pass");
    assert_eq!(said(CITY, 2022).0, "pass");

    // a list tells of bodies that never reported, and of nobody else
    fs::write(
        city.path("list.csv"),
        "机关,地区,年度\n教育局,宿城区,\n幸福街道,宿城区,\n财政局,宿城区,2023\n马厂镇,沭阳县,\n",
    )
    .unwrap();
    city.ok(&["expect", "list.csv", "--quiet"]);
    let (outcome, message) = said("宿城区人民政府", 2023);
    assert_eq!(outcome, "not_assessable");
    assert!(message.contains("宿城区财政局"), "{message}");
    assert_eq!(said("宿城区人民政府", 2022).0, "pass");
    // all on the list are there: what the summary has beside is wrong
    let found = city.of("沭阳县人民政府", 2023);
    assert!(!found.is_empty() && found.iter().all(|f| f["outcome"] == "fail"), "{found:?}");
    city.ok(&["expect", "--clear", "--quiet"]);
    assert_eq!(said("宿城区人民政府", 2023).0, "pass");
    assert_eq!(said("沭阳县人民政府", 2023).0, "not_assessable");
}

#[test]
fn without_a_countys_summary_its_bodies_are_counted() {
    let mut city = City::whole();
    city.remove("宿城区人民政府", 2023, Scope::Aggregate);
    city.load();
    assert_eq!(city.of(CITY, 2023)[0]["outcome"], "pass");
    // but not where they do not all tell
    city.remove("宿城区教育局", 2023, Scope::Own);
    let other = City { dir: tempfile::tempdir().unwrap(), ..city };
    other.load();
    let found = other.of(CITY, 2023);
    assert_eq!(found[0]["outcome"], "not_assessable");
    assert!(found[0]["message"].as_str().unwrap().contains("宿城区教育局"), "{found:?}");
}

#[test]
fn a_branch_of_a_central_body_is_none_of_the_citys() {
    let mut city = City::whole();
    city.add("国家税务总局宿迁市税务局", 2023, Scope::Own, 50, |_| {});
    city.load();
    assert_eq!(city.of(CITY, 2023)[0]["outcome"], "pass");
}

#[test]
fn a_unit_on_an_older_form_is_compared_in_what_both_have() {
    let mut city = City::whole();
    // figures of 2019, on the form of that year
    let old = city.synth.report(777 * 10 + 3);
    assert_eq!(old.edition.as_deref(), Some("2019"));
    let unit = city.get("宿迁市教育局", 2023, Scope::Own);
    (unit.cells, unit.edition) = (old.cells, old.edition);
    city.sum_up(2023);
    city.load();
    assert_eq!(city.of(CITY, 2023)[0]["outcome"], "pass");
    let mut city = City { dir: tempfile::tempdir().unwrap(), ..city };
    let right = value(city.get(CITY, 2023, Scope::Aggregate), GRANTED);
    set(city.get(CITY, 2023, Scope::Aggregate), GRANTED, right + 7);
    city.load();
    assert_eq!(city.of(CITY, 2023)[0]["cells"], serde_json::json!([GRANTED]));
}

#[test]
fn only_summaries_whose_units_or_expectations_changed_are_compared_again() {
    let mut city = City::whole();
    city.load();
    city.ok(&["check", "--quiet", "--fail-on", "never"]);
    let latest = "SELECT v.organ, v.year FROM reconcile_check AS c
        INNER JOIN v_report AS v ON v.report_id = c.report_id
        WHERE c.check_run_id = (SELECT MAX(id) FROM check_run) ORDER BY v.year, v.organ";
    // a list of one county in one year: that county's summary and the city's
    fs::write(city.path("list.csv"), "organ,region,year\n马厂镇,沭阳县,2023\n").unwrap();
    city.ok(&["expect", "list.csv", "--quiet"]);
    assert!(city.run(&["findings"]).2.contains("另有 2 份"));
    assert!(city.run(&["check"]).2.contains("核对 2 份"));
    assert_eq!(city.sql(latest), "organ,year\n宿迁市人民政府,2023\n沭阳县人民政府,2023\n");
    // the same list again changes nothing
    city.ok(&["expect", "list.csv", "--quiet"]);
    assert!(city.run(&["check"]).2.contains("没有要重新核对的报告"));
    // another report of a unit: its county's summary and the city's; the report itself, too
    let unit = city.get("宿城区教育局", 2022, Scope::Own);
    let right = value(unit, GRANTED);
    set(unit, GRANTED, right + 1);
    city.load();
    city.ok(&["check", "--quiet", "--fail-on", "never"]);
    assert_eq!(city.sql(latest), "organ,year\n宿城区人民政府,2022\n宿迁市人民政府,2022\n");
}

/// Two years of a city with everything that `coverage` counts; all figures are 0.
fn attended() -> City {
    let mut city = City::empty();
    let bodies = ["宿迁市教育局", "宿迁市民政局", "宿城区教育局", "宿城区幸福街道办事处"];
    for organ in bodies {
        city.add(organ, 2022, Scope::Own, 1, zero);
        city.add(organ, 2023, Scope::Own, 1, zero);
    }
    city.remove("宿迁市民政局", 2023, Scope::Own);
    city.add("宿迁市财政局", 2023, Scope::Own, 1, zero);
    let published = |date: &'static str| move |r: &mut Report| r.published = Some(date.to_owned());
    published("2024-02-20")(city.get("宿迁市教育局", 2023, Scope::Own));
    // a street has no day of the statute
    published("2024-03-01")(city.get("宿城区幸福街道办事处", 2023, Scope::Own));
    set(city.get("宿城区教育局", 2023, Scope::Own), GRANTED, 3);
    city.load();
    // another source of the same report, and files that are none
    let mut other = city.get("宿城区教育局", 2023, Scope::Own).clone();
    set(&mut other, GRANTED, 4);
    other.source.path = "other.html".to_owned();
    fs::write(city.path("other.json"), serde_json::to_string(&other).unwrap()).unwrap();
    city.ok(&["load", "other.json", "--quiet"]);
    fs::write(city.path("a.txt"), "%PDF-1.7 ").unwrap();
    fs::write(city.path("b.txt"), "%PDF-1.7 ").unwrap();
    city.run(&["load", "a.txt", "--region", "宿城区", "--year", "2023", "--quiet"]);
    city.run(&["load", "b.txt", "--quiet"]);
    city
}

#[test]
fn coverage_counts_by_region_and_year_and_nothing_contradicts() {
    let city = attended();
    let waiting = city.run(&["coverage", "--year", "2023", "--format", "csv"]);
    assert!(waiting.2.contains("尚未核对"), "{}", waiting.2);
    assert!(waiting.1.contains("江苏省,320000,last_year,4,3,1,1,1,1,1,0,0,4,"), "{}", waiting.1);
    city.ok(&["check", "--quiet", "--fail-on", "never"]);
    let both = |args: &[&str]| {
        let told = |lang| {
            let (code, out, errors) = city.run(&[args, &["--lang", lang]].concat());
            format!("[{code}]\n{out}{errors}")
        };
        [told("zh"), told("en")].concat()
    };
    assert_snapshot!("of_a_city", both(&["coverage", "--region", "宿迁市", "--year", "2023"]));
    assert_snapshot!("of_the_country", both(&["coverage"]));
    assert_snapshot!("of_a_county", both(&["coverage", "--region", "宿城区", "--names"]));
    assert_snapshot!("missing", both(&["coverage", "--missing"]));
    assert_snapshot!(
        "coverage_csv",
        city.run(&["coverage", "--region", "宿迁", "--format", "csv"]).1
    );
    assert_snapshot!(
        "coverage_json",
        city.run(&["coverage", "--region", "宿迁", "--format", "json"]).1
    );
    // each line adds up, and SQL says the same
    let lines = city.json(&["coverage", "--region", "宿迁"]);
    let of = |l: &Value, key: &str| l[key].as_i64().unwrap();
    for l in &lines {
        assert_eq!(of(l, "expected"), of(l, "come") + of(l, "missing"), "{l}");
        let there = of(l, "come") + of(l, "unexpected");
        assert_eq!(there, of(l, "with_errors") + of(l, "clean") + of(l, "unchecked"), "{l}");
        assert_eq!(of(l, "missing"), l["names"]["missing"].as_array().unwrap().len() as i64);
    }
    let keys = ["expected", "come", "missing", "unexpected", "late", "twice", "unparsed"];
    let sums = keys.map(|k| lines.iter().map(|l| of(l, k)).sum::<i64>().to_string()).join(",");
    let sql = keys.map(|k| format!("SUM({k})")).join(", ");
    let sql =
        format!("SELECT {sql} FROM v_coverage WHERE region_code BETWEEN '321300' AND '321399'");
    assert_eq!(city.sql(&sql).lines().nth(1), Some(sums.as_str()));
}

#[test]
fn a_dismissed_error_counts_no_more_and_a_file_that_loads_is_no_failure() {
    let city = attended();
    city.ok(&["check", "--quiet", "--fail-on", "never"]);
    let of = |key: &str| {
        let lines = city.json(&["coverage", "--year", "2023"]);
        lines.iter().map(|l| l[key].as_i64().unwrap()).sum::<i64>()
    };
    assert_eq!((of("with_errors"), of("clean"), of("unparsed")), (1, 3, 1));
    for finding in city.json(&["findings", "--min-severity", "error"]) {
        let id = finding["id"].as_str().unwrap();
        city.ok(&["findings", "dismiss", id, "--reason", "笔误", "--by", "王某", "--quiet"]);
    }
    assert_eq!((of("with_errors"), of("clean")), (0, 4));
    let example = fs::read("examples/reports/shuyang-township-2023.txt").unwrap();
    fs::write(city.path("a.txt"), example).unwrap();
    city.ok(&["load", "a.txt", "--quiet"]);
    assert_eq!(of("unparsed"), 0);
    assert_eq!(city.sql("SELECT path FROM load_failure"), "path\nb.txt\n");
}

#[test]
fn the_list_is_kept_shown_replaced_and_cleared() {
    let city = attended();
    let told = |args: &[&str]| {
        let (code, out, errors) = city.run(args);
        format!("[{code}]\n{out}{errors}")
    };
    let list =
        "机关,地区,年度,范围\n教育局,宿迁市,,\n宿迁市,,2022-2023,汇总\n幸福街道,宿城区,2023,\n";
    let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    fs::write(city.path("list.csv"), gb(list)).unwrap();
    fs::write(city.path("bad.csv"), format!("{list}某局,,,\n")).unwrap();
    let mut seen = told(&["expect"]);
    seen += &told(&["expect", "list.csv"]);
    seen += &told(&["expect", "--show"]);
    seen += &told(&["expect", "bad.csv"]);
    seen += &told(&["expect", "bad.csv", "--lang", "en"]);
    seen += &told(&["expect", "--format", "csv"]);
    assert_snapshot!("list", seen);
    assert_snapshot!("listed", told(&["coverage", "--region", "宿迁", "--year", "2023"]));
    // what is written can be read again
    let written = city.ok(&["expect", "--format", "csv", "--quiet"]);
    fs::write(city.path("written.csv"), &written).unwrap();
    city.ok(&["expect", "written.csv", "--quiet"]);
    assert_eq!(city.ok(&["expect", "--format", "csv", "--quiet"]), written);
    city.ok(&["expect", "--clear"]);
    assert!(city.run(&["expect"]).2.contains("没有应报名单"));
    assert!(!city.ok(&["coverage", "--format", "csv"]).contains("listed"));
    // a year without reports is there if the list names it
    fs::write(city.path("next.csv"), "organ,year\n宿迁市教育局,2024\n").unwrap();
    city.ok(&["expect", "next.csv", "--quiet"]);
    let next = city.ok(&["coverage", "--year", "2024", "--format", "csv"]);
    assert!(next.contains("2024,江苏省,320000,listed,1,0,1,0,"), "{next}");
}

#[test]
fn a_body_is_expected_under_the_name_it_has_in_the_year() {
    let mut city = City::empty();
    for (organ, year) in [
        ("宿迁市国土资源局", 2018),
        ("宿迁市工商行政管理局", 2018),
        ("宿迁市质量技术监督局", 2018),
        ("宿迁市教育局", 2018),
        ("宿迁市自然资源和规划局", 2019),
        ("宿迁市教育局", 2019),
        // when these two were merged no list says: their reports do
        ("宿迁市市场监督管理局", 2019),
        ("宿迁市教育局", 2020),
    ] {
        city.add(organ, year, Scope::Own, 1, zero);
    }
    city.load();
    let of = |year: &str| {
        let mut args = vec!["coverage", "--names", "--format", "csv", "--quiet"];
        args.extend(["--year", year]);
        let shown = city.ok(&args);
        let cut = |line: &str| {
            let fields: Vec<&str> = line.split(',').collect();
            format!("{} {}", fields[3], fields[6])
        };
        let mut shown: Vec<String> = shown.lines().skip(1).map(cut).collect();
        shown.sort();
        shown
    };
    assert_eq!(
        of("2019"),
        ["宿迁市市场监督管理局 come", "宿迁市教育局 come", "宿迁市自然资源和规划局 come"]
    );
    assert_eq!(
        of("2020"),
        ["宿迁市市场监督管理局 missing", "宿迁市教育局 come", "宿迁市自然资源和规划局 missing"]
    );
    // a list with old names, and a new one for the years before it
    fs::write(
        city.path("list.csv"),
        "organ\n宿迁市国土资源局\n宿迁市市场监督管理局\n宿迁市教育局\n宿迁市环境保护局\n",
    )
    .unwrap();
    city.ok(&["expect", "list.csv", "--quiet"]);
    assert_eq!(
        of("2018"),
        [
            "宿迁市国土资源局 come",
            "宿迁市工商行政管理局 come",
            "宿迁市教育局 come",
            "宿迁市环境保护局 missing",
            "宿迁市质量技术监督局 come",
        ]
    );
    assert_eq!(
        of("2019"),
        [
            "宿迁市市场监督管理局 come",
            "宿迁市教育局 come",
            "宿迁市环境保护局 missing",
            "宿迁市自然资源和规划局 come",
        ]
    );
}
