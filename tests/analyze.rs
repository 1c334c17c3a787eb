//! `analyze`: every answer held against an independent computation in Python, over the examples, the
//! corpus and made-up reports; what people read; what is refused.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output};
use std::sync::LazyLock;

use assert_cmd::Command;
use common::corpus;
use common::synth::Synth;
use insta::assert_snapshot;
use nianbao::region::Regions;
use nianbao::report::{Report, Scope, State};
use serde_json::Value;
use tempfile::TempDir;

/// Works the analyses out again with Python's standard library alone.
const SCRIPT: &str = "tests/fixtures/analyze.py";
/// The bodies of the made-up reports, ten years each.
const BODIES: u64 = 60;
const ANALYSES: [&str; 10] = [
    "trend",
    "correction-rate",
    "compare",
    "rank",
    "benchmark",
    "outliers",
    "breakdown",
    "cohort",
    "correlate",
    "forecast",
];

/// A folder with a database.
struct Desk(TempDir);

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

impl Desk {
    fn loaded(args: &[&str]) -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let output = desk.run(&[&["load", "--quiet"], args].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        desk
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["DB", "FORMS", "REGIONS", "ORGANS", "METRICS"] {
            command.env_remove(format!("NIANBAO_{name}"));
        }
        command.current_dir(self.0.path()).env("LC_ALL", "zh_CN.UTF-8").args(args).output().unwrap()
    }

    /// Code, data and messages as a user sees them.
    fn seen(&self, args: &[&str]) -> String {
        let output = self.run(&[&["analyze"], args].concat());
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let code = output.status.code().unwrap();
        format!("exit {code}\n{}{}", text(output.stdout), text(output.stderr))
    }

    fn json(&self, args: &[&str]) -> Vec<Value> {
        let output = self.run(&[args, &["--format", "json"]].concat());
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        match serde_json::from_slice(&output.stdout).unwrap() {
            Value::Array(rows) => rows,
            other => vec![other],
        }
    }

    /// How many values of each analysis Python works out as the program does.
    fn compared(&self) -> Option<BTreeMap<String, usize>> {
        if Process::new("python3").arg("--version").output().is_err() {
            assert!(std::env::var_os("NIANBAO_CORPUS").is_none(), "CI has Python");
            eprintln!("skipped: no python3");
            return None;
        }
        let python = Process::new("python3")
            .arg(repository(SCRIPT))
            .arg(env!("CARGO_BIN_EXE_nianbao"))
            .arg(self.0.path().join("nianbao.db"))
            .output()
            .unwrap();
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        Some(serde_json::from_slice(&python.stdout).unwrap())
    }
}

fn examples() -> Desk {
    Desk::loaded(&[repository("examples/reports").to_str().unwrap()])
}

/// Leaves the cells of a row open.
fn blank(report: &mut Report, row: &str) {
    for cell in report.cells.iter_mut().filter(|cell| cell.name().starts_with(row)) {
        (cell.value, cell.raw, cell.state) = (None, None, State::Blank);
    }
}

/// Sixty bodies over ten years, one of them renamed; some of their counties have summaries, and some
/// figures are open.
static MADE_UP: LazyLock<Desk> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let synth = Synth::default();
    let write = |name: String, report: &mut Report| {
        report.source.path = format!("{name}.json");
        report.source.sha256.clear();
        report.sections.clear();
        let text = serde_json::to_string(report).unwrap();
        fs::write(folder.path().join(format!("{name}.json")), text).unwrap();
    };
    let mut changes = "organ,region,valid_from,valid_to,successor,year,note\n".to_owned();
    for number in 0..BODIES * 10 {
        let (body, mut report) = (number / 10, synth.report(number));
        let year = report.year.unwrap();
        match (body, year) {
            // a county's summary, which stands for its department
            (0..8, 2020..) => {
                let mut summary = synth.report(number + 10_000);
                let code = report.region_code.as_ref().unwrap().parse().unwrap();
                summary.organ = Some(format!("{}人民政府", Regions::builtin().path(code)));
                summary.organ_printed = None;
                summary.region_code = report.region_code.clone();
                summary.scope = Some(Scope::Aggregate);
                summary.title = None;
                (summary.year, summary.edition) = (report.year, report.edition.clone());
                write(format!("summary-{number}"), &mut summary);
            }
            (8, ..2021) => {
                let organ = report.organ.clone().unwrap();
                let old = format!("{organ}筹备办公室");
                if year == 2016 {
                    let code = report.region_code.clone().unwrap();
                    changes += &format!("{old},{code},2010,2020,{organ},2021,改名\n");
                }
                (report.organ, report.organ_printed) = (Some(old.clone()), Some(old));
                report.title = None;
            }
            (9, 2022) => blank(&mut report, "challenges/review"),
            (10, 2021) => blank(&mut report, "applications/received.new"),
            (11, 2018) => continue,
            _ => {}
        }
        write(format!("report-{number:04}"), &mut report);
    }
    let list = folder.path().join("organs.csv");
    fs::write(&list, changes).unwrap();
    Desk::loaded(&[folder.path().to_str().unwrap(), "--organs", list.to_str().unwrap()])
});

#[test]
fn python_says_the_same_of_the_examples() {
    let Some(compared) = examples().compared() else { return };
    for analysis in ANALYSES {
        assert!(compared.get(analysis).is_some_and(|n| *n >= 10), "{analysis}: {compared:?}");
    }
}

#[test]
fn python_says_the_same_of_the_corpus() {
    let Some(corpus) = corpus() else { return };
    let desk = Desk::loaded(&[corpus.join("full").canonicalize().unwrap().to_str().unwrap()]);
    let Some(compared) = desk.compared() else { return };
    // ten documents make no series of five years
    for analysis in ANALYSES.iter().filter(|name| **name != "forecast") {
        assert!(compared.get(*analysis).is_some_and(|n| *n >= 5), "{analysis}: {compared:?}");
    }
}

#[test]
fn python_says_the_same_of_made_up_reports() {
    let Some(compared) = MADE_UP.compared() else { return };
    for analysis in ANALYSES {
        assert!(compared.get(analysis).is_some_and(|n| *n >= 50), "{analysis}: {compared:?}");
    }
}

/// A renamed body is one body, and summaries stand for those under them.
#[test]
fn the_made_up_reports_have_what_they_are_made_for() {
    let desk = &MADE_UP;
    let panel = desk.json(&["analyze", "cohort", "--metric", "review-correction-rate"]);
    // without the one that has a figure open in 2022 and the one that has no report of 2018
    assert_eq!(panel.len(), 10);
    assert!(panel.iter().all(|row| row["bodies"] == BODIES - 2), "{panel:?}");
    let trend = desk.json(&["analyze", "trend", "--metric", "applications-received"]);
    assert_eq!(trend.last().unwrap()["scope_used"], "aggregate+own");
    assert_eq!(trend[2]["reports"], BODIES - 1);
}

/// One definition: a year of the trend is what `why` says of it.
#[test]
fn a_trend_is_what_why_explains() {
    let desk = examples();
    let mut compared = 0;
    for metric in ["disclosure-rate", "review-correction-rate", "fees-charged", "carry-out-ratio"] {
        for scope in ["auto", "own", "aggregate"] {
            let with = ["--scope", scope];
            let args = [&["analyze", "trend", "--metric", metric][..], &with].concat();
            for row in desk.json(&args) {
                let year = row["year"].to_string();
                let said = &desk.json(&[&["why", &year, metric][..], &with].concat())[0];
                for (column, of_why) in [
                    ("numerator", "numerator"),
                    ("denominator", "denominator"),
                    ("value", "value"),
                    ("reports", "reports"),
                    ("used", "used"),
                    ("scope_used", "scope_used"),
                ] {
                    assert_eq!(row[column], said[of_why], "{metric} {year} {scope} {column}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn people_read_the_answers_in_both_languages() {
    let examples = examples();
    for (name, args) in [
        ("trend_zh", &["trend", "--metric", "disclosure-rate"][..]),
        ("correction_rate_en", &["correction-rate", "--by", "region", "--lang", "en"]),
        ("compare_zh", &["compare", "2023", "2025", "--by", "year"]),
        (
            "breakdown_en",
            &["breakdown", "outcomes", "--from", "2018", "--to", "2020", "--lang", "en"],
        ),
        ("forecast_zh", &["forecast", "--metric", "applications-received"]),
        ("trend_of_body_en", &["trend", "宿迁市", "--metric", "fees-charged", "--lang", "en"]),
    ] {
        assert_snapshot!(name, examples.seen(args));
    }
    let body = MADE_UP.json(&["analyze", "rank", "--metric", "refusal-rate", "--year", "2023"]);
    let body = body[0]["body"].as_str().unwrap();
    let two = ["--metric", "disclosure-rate", "--metric", "refusal-rate"];
    let iqr = ["--method", "iqr", "--lang", "en"];
    let rank = ["rank", "--metric", "refusal-rate", "--year", "2023", "--max-rows", "8"];
    for (name, args) in [
        ("rank_zh", [&rank[..], &["--peers", "level,kind"]].concat()),
        ("rank_regions_en", [&rank[..], &["--by", "region", "--lang", "en"]].concat()),
        ("benchmark_zh", [&["benchmark", body, "--year", "2023"], &two[..]].concat()),
        ("outliers_en", [&["outliers", "--from", "2023", "--to", "2023"], &iqr[..]].concat()),
        ("cohort_en", vec!["cohort", "--metric", "review-correction-rate", "--lang", "en"]),
        ("correlate_zh", [&["correlate", "--year", "2023"], &two[..]].concat()),
        ("markdown", vec!["breakdown", "review", "--format", "markdown"]),
    ] {
        assert_snapshot!(name, MADE_UP.seen(&args));
    }
}

#[test]
fn the_analyses_are_listed_and_explained() {
    let desk = Desk(tempfile::tempdir().unwrap());
    for lang in ["zh", "en"] {
        assert_snapshot!(format!("list_{lang}"), desk.seen(&["--lang", lang]));
        assert_snapshot!(format!("page_{lang}"), desk.seen(&["rank", "--help", "--lang", lang]));
    }
    let listed = desk.json(&["analyze"]);
    let names: Vec<&str> = listed.iter().map(|d| d["name"].as_str().unwrap()).collect();
    assert_eq!(names, ANALYSES);
    assert_eq!(desk.json(&["analyze", "trend", "--help"])[0], listed[0]);
    let usage = desk.seen(&["--help", "--lang", "en"]);
    assert!(usage.contains("--metric <METRIC>") && usage.contains("--peers"), "{usage}");
}

#[test]
fn the_written_analyses_are_those_of_the_list() {
    let desk = Desk(tempfile::tempdir().unwrap());
    for (lang, path) in [("zh", "docs/analyses.md"), ("en", "docs/analyses.en.md")] {
        let printed = desk.run(&["analyze", "all", "--format", "markdown", "--lang", lang]).stdout;
        let kept = fs::read(repository(path)).unwrap();
        assert!(
            kept == printed,
            "run: cargo run -- analyze all --format markdown --lang {lang} > {path}"
        );
    }
}

/// Every format, and notes that never mix with data.
#[test]
fn data_goes_to_stdout_and_notes_beside_it() {
    let desk = examples();
    let args = ["analyze", "trend", "--metric", "disclosure-rate"];
    for format in ["csv", "tsv", "json", "ndjson"] {
        let output = desk.run(&[&args[..], &["--format", format]].concat());
        let (out, err) = (output.stdout, String::from_utf8(output.stderr).unwrap());
        assert!(!String::from_utf8(out.clone()).unwrap().contains("口径："), "{format}");
        assert!(err.contains("口径："), "{format}: {err}");
        let quiet = desk.run(&[&args[..], &["--format", format, "--quiet"]].concat());
        assert_eq!((quiet.stdout, quiet.stderr), (out, Vec::new()), "{format}");
    }
    let file = desk.0.path().join("trend.md");
    let output = desk.run(&[&args[..], &["--out", "trend.md"]].concat());
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
    assert!(fs::read_to_string(file).unwrap().contains("· 口径："));
    let cut = desk.seen(&["trend", "--metric", "disclosure-rate", "--max-rows", "2"]);
    assert!(cut.contains("2016") && cut.contains("2017") && !cut.contains("│ 2018"), "{cut}");
    assert!(cut.contains("10"), "what there is in all: {cut}");
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let desk = examples();
    let mut seen = String::new();
    for args in [
        &["trnd"][..],
        &["trend"],
        &["trend", "--metric", "disclosure-rat"],
        &["trend", "--metric", "disclosure-rate", "--metric", "refusal-rate"],
        &["trend", "--metric", "disclosure-rate", "--peers", "all"],
        &["trend", "--metric", "disclosure-rate", "--by", "year"],
        &["trend", "--metric", "disclosure-rate", "--from", "2024", "--to", "2020"],
        &["trend", "--metric", "disclosure-rate", "--region", "拉萨"],
        &["trend", "某某局", "--metric", "disclosure-rate"],
        &["trend", "示例", "--metric", "disclosure-rate"],
        &["trend", "--metric", "disclosure-rate", "--minimum", "-1"],
        &["compare", "宿迁市"],
        &["compare", "宿迁市", "示例市"],
        &["compare", "去年", "今年", "--by", "year"],
        &["benchmark"],
        &["breakdown", "outcome"],
        &["correlate", "--metric", "disclosure-rate"],
        &["cohort", "--metric", "disclosure-rate"],
        &["forecast", "示例市", "--metric", "disclosure-rate"],
        &["rank", "--metric", "disclosure-rate", "--year", "1999"],
        &["trend", "--metric", "disclosure-rate", "--db", "none.db"],
    ] {
        for lang in ["zh", "en"] {
            let args = [args, &["--lang", lang]].concat();
            seen += &format!("$ {}\n{}\n", args.join(" "), desk.seen(&args));
        }
    }
    assert_snapshot!("mistakes", seen);
}
