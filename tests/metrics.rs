//! `metrics` and `why`: the dictionary, and figures held against what the documents say, summed
//! here cell by cell.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use common::measures::{Case, OF_2014, OF_2019, OF_2021};
use common::{corpus, full};
use insta::assert_snapshot;
use nianbao::form::Forms;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a database, and the program run inside it.
struct Desk(TempDir);

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

impl Desk {
    /// With a copy of a folder loaded: its path is the same wherever the repository lies.
    fn loaded(from: &Path) -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        let reports = desk.0.path().join("reports");
        fs::create_dir(&reports).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), reports.join(entry.file_name())).unwrap();
        }
        let output = desk.run(&["load", "--quiet", "reports"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        desk
    }

    fn examples() -> Desk {
        Desk::loaded(&repository("examples/reports"))
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
        let output = self.run(args);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        format!(
            "exit {}\n{}{}",
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr)
        )
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--format", "json"]].concat());
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// What a document says, by cell: its text, where it has one.
type Sheet = BTreeMap<String, String>;

/// The cells of an example as `examples/expected` has them: a line of the form a line.
fn example(name: &str) -> Sheet {
    let text =
        fs::read_to_string(repository("examples/expected").join(format!("{name}.txt"))).unwrap();
    let edition = text.lines().find_map(|line| line.strip_prefix("edition = ")).unwrap();
    let forms = Forms::builtin();
    let form = forms.get(edition).unwrap();
    let mut sheet = Sheet::new();
    for (key, values) in text.lines().filter_map(|line| line.split_once(" = ")) {
        let Some((table, row)) = key.split_once('/') else { continue };
        let table = form.table(table).unwrap();
        let block = table.blocks.iter().find(|b| b.rows.iter().any(|r| r.key == row)).unwrap();
        for (column, value) in block.columns.iter().zip(values.split(' ')) {
            if !matches!(value, "blank" | "missing") {
                sheet.insert(format!("{}/{row}/{column}", table.key), value.to_owned());
            }
        }
    }
    sheet
}

/// The sum of cells, each a plain number; none if one is not there. Money is 10,000 yuan on paper
/// and fen in a figure.
fn sum(sheet: &Sheet, cells: &[&str], money: bool) -> Option<i64> {
    let mut total = Decimal::ZERO;
    for cell in cells {
        total += sheet.get(*cell)?.trim_start_matches('+').parse::<Decimal>().ok()?;
    }
    (total * Decimal::from(if money { 1_000_000 } else { 1 })).to_i64()
}

fn is_money(metric: &str) -> bool {
    matches!(metric, "fees-charged" | "fees-for-applications")
}

/// The value that two sums make.
fn value(metric: &str, numerator: Option<i64>, denominator: Option<i64>) -> Option<f64> {
    let scale = if metric == "reviews-per-100-applications" { 100.0 } else { 1.0 };
    match (numerator?, denominator) {
        (_, Some(0)) => None,
        (n, Some(d)) => Some(scale * n as f64 / d as f64),
        (n, None) => Some(n as f64),
    }
}

/// Holds the figures of one report against its sheet, and each cell against its text.
fn holds(desk: &Desk, (body, year): (&str, &str), sheet: &Sheet, cases: &[Case]) {
    for (metric, numerator, denominator) in cases {
        let said = desk.json(&["why", body, year, metric]);
        let sums = (
            sum(sheet, numerator, is_money(metric)),
            sum(sheet, denominator, false).filter(|_| !denominator.is_empty()),
        );
        let about = format!("{body} {year} {metric}");
        assert!(sums.0.is_some(), "{about}: the sheet lacks a cell");
        assert_eq!((said["numerator"].as_i64(), said["denominator"].as_i64()), sums, "{about}");
        assert_eq!(said["value"].as_f64(), value(metric, sums.0, sums.1), "{about}");
        let cells = said["contributing"][0]["cells"].as_array().unwrap();
        let parts = |part: &str| -> Vec<&str> {
            let of_part = |c: &&Value| c["parts"].as_array().unwrap().iter().any(|p| p == part);
            let mut names: Vec<_> =
                cells.iter().filter(of_part).map(|c| c["cell"].as_str().unwrap()).collect();
            names.sort_unstable();
            names
        };
        let sorted = |cells: &[&'static str]| -> Vec<&str> {
            let mut cells = cells.to_vec();
            cells.sort_unstable();
            cells
        };
        assert_eq!(parts("numerator"), sorted(numerator), "{about}");
        assert_eq!(parts("denominator"), sorted(denominator), "{about}");
        for cell in cells {
            let name = cell["cell"].as_str().unwrap();
            assert_eq!(
                cell["raw"].as_str().map(str::trim),
                sheet.get(name).map(String::as_str),
                "{about}"
            );
            assert!(cell["at"]["line"].is_u64(), "{about}: {cell}");
            assert_eq!(cell["implied"], false, "{about}");
        }
    }
}

#[test]
fn figures_of_the_examples_are_sums_of_their_cells() {
    let desk = Desk::examples();
    holds(&desk, ("宿迁市", "2023"), &example("suqian-2023"), &OF_2021);
    holds(&desk, ("宿迁市示例局", "2023"), &example("suqian-bureau-2023"), &OF_2021);
    holds(&desk, ("示例市", "2018"), &example("example-city-2018"), &OF_2014);
    holds(&desk, ("示例市", "2020"), &example("example-city-2020"), &OF_2019);
}

#[test]
fn figures_of_the_corpus_are_sums_of_the_true_cells() {
    let Some(corpus) = corpus() else { return };
    let desk = Desk::loaded(&corpus.join("full"));
    let mut complete = 0;
    for (_, truth) in full(&corpus) {
        let cells = truth.cells.iter().filter(|cell| cell.value.is_some());
        let sheet: Sheet = cells
            .map(|c| {
                (
                    format!("{}/{}/{}", c.table, c.row, c.column),
                    c.raw.clone().unwrap().trim().to_owned(),
                )
            })
            .collect();
        let whole = truth.edition == "2021"
            && OF_2021
                .iter()
                .all(|(_, n, d)| n.iter().chain(*d).all(|cell| sheet.contains_key(*cell)));
        if whole {
            holds(&desk, (&truth.organ, &truth.year.to_string()), &sheet, &OF_2021);
            complete += 1;
        }
    }
    assert!(complete >= 3, "{complete}");
    // 结果纠正 is blank and implied to be 0; the wholly blank 复议后起诉 stays unknown
    let said = desk.json(&["why", "上海市人民政府办公厅", "2019", "review-correction-rate"]);
    assert_eq!((said["numerator"].as_i64(), said["denominator"].as_i64()), (Some(0), Some(5)));
    let said = desk.json(&["why", "上海市人民政府办公厅", "2019", "litigation-correction-rate"]);
    assert_eq!((&said["value"], &said["incomplete"]), (&Value::Null, &Value::from(1)));
}

/// Blank is not 0: what the sums settle is marked, what nothing settles leaves the report out.
#[test]
fn blanks_count_only_where_the_sums_settle_them() {
    let desk = Desk::examples();
    let office = "上海市人民政府办公厅";
    let said = desk.json(&["why", office, "2019", "review-correction-rate"]);
    let cell = |said: &Value, name: &str| {
        let reports = said["contributing"]
            .as_array()
            .unwrap()
            .iter()
            .chain(said["left_out"].as_array().unwrap());
        let cells = reports.flat_map(|r| r["cells"].as_array().unwrap());
        cells.into_iter().find(|c| c["cell"] == name).cloned().unwrap()
    };
    assert_eq!((said["numerator"].as_i64(), said["denominator"].as_i64()), (Some(0), Some(5)));
    let corrected = cell(&said, "challenges/review/corrected");
    assert_eq!((&corrected["state"], &corrected["implied"]), (&"blank".into(), &true.into()));
    assert_eq!((&corrected["printed"], &corrected["value"]), (&Value::Null, &0.into()));
    // 258 + 12 + 1 + 1, of which the total is blank, and 3
    let said = desk.json(&["why", office, "2019", "disclosure-rate"]);
    assert_eq!((said["numerator"].as_i64(), said["denominator"].as_i64()), (Some(275), Some(805)));
    let said = desk.json(&["why", office, "2019", "litigation-correction-rate"]);
    assert_eq!(said["contributing"].as_array().unwrap().len(), 0);
    assert_eq!(said["left_out"][0]["reason"], "incomplete");
    assert_eq!(said["incomplete"], 1);
    let open = cell(&said, "challenges/litigation_after_review/total");
    assert_eq!((&open["state"], &open["value"]), (&"blank".into(), &Value::Null));
    // its edition does not ask for it, and a summary cannot tell
    let said = desk.json(&["why", "示例市", "2018", "carry-out-ratio"]);
    assert_eq!(
        (&said["not_asked"], &said["left_out"][0]["reason"]),
        (&1.into(), &"not_asked".into())
    );
    let said = desk.json(&["why", "宿迁市", "2023", "applications-per-body"]);
    assert_eq!(said["left_out"][0]["reason"], "summary");
}

/// The sum over reports by hand: of those that have all cells, no other.
fn by_hand(
    sheets: &[&str],
    (metric, numerator, denominator): Case,
) -> (usize, Option<i64>, Option<i64>) {
    let (mut used, mut sums) = (0, (None, None));
    for sheet in sheets.iter().map(|name| example(name)) {
        let parts = (sum(&sheet, numerator, is_money(metric)), sum(&sheet, denominator, false));
        if let (Some(n), Some(d)) = parts {
            used += 1;
            sums.0 = Some(sums.0.unwrap_or(0) + n);
            if !denominator.is_empty() {
                sums.1 = Some(sums.1.unwrap_or(0) + d);
            }
        }
    }
    (used, sums.0, sums.1)
}

#[test]
fn a_region_is_the_sum_of_its_reports_and_no_body_counts_twice() {
    let desk = Desk::examples();
    let own = ["suqian-bureau-2023", "shuyang-township-2023"];
    for (args, sheets, covered, cases) in [
        // the city's summary stands for its bureau and its township
        (&["--region", "3213", "2023"][..], &["suqian-2023"][..], 2, &OF_2021[..]),
        (&["--region", "宿迁", "2023", "--scope", "aggregate"], &["suqian-2023"], 0, &OF_2021[..4]),
        (&["--region", "321300", "2023", "--scope", "own"], &own, 0, &OF_2021),
        // seen from the county the city's summary is elsewhere
        (&["--region", "321322", "2023"], &["shuyang-township-2023"], 0, &OF_2021[4..8]),
        (&["2023"], &["suqian-2023"], 2, &OF_2021[8..12]),
        (&["2023", "--scope", "own"], &own, 0, &OF_2021[12..16]),
        (
            &["2025"],
            &["dapuqiao-2025", "shifan-city-2025", "suqian-2025", "taohuayuan-2025"],
            0,
            &OF_2021,
        ),
        (
            &["2020"],
            &["example-city-2020", "fuzhou-civil-affairs-2020", "jiangnanzhong-2020"],
            0,
            &OF_2019,
        ),
    ] {
        for case in cases {
            let said = desk.json(&[&["why"], args, &[case.0]].concat());
            let (used, numerator, denominator) = by_hand(sheets, *case);
            let about = format!("{args:?} {}", case.0);
            assert_eq!(said["used"], used, "{about}");
            assert_eq!(said["reports"], sheets.len(), "{about}");
            assert_eq!(said["numerator"].as_i64(), numerator, "{about}");
            assert_eq!(said["denominator"].as_i64(), denominator, "{about}");
            assert_eq!(said["value"].as_f64(), value(case.0, numerator, denominator), "{about}");
            let reports = said["contributing"].as_array().unwrap();
            let parts: i64 = reports.iter().map(|r| r["numerator"].as_i64().unwrap()).sum();
            assert_eq!((reports.len(), parts), (used, numerator.unwrap_or(0)), "{about}");
            let left_out = said["left_out"].as_array().unwrap();
            let stood_for = left_out.iter().filter(|r| r["reason"] == "covered").count();
            assert_eq!(stood_for, covered, "{about}");
            assert_eq!(left_out.len(), sheets.len() - used + covered, "{about}");
        }
    }
}

/// What `why` explains is what the canned queries say, in every year of the examples.
#[test]
fn why_says_what_the_canned_queries_say() {
    let desk = Desk::examples();
    let mut compared = 0;
    for (query, metric, numerator, denominator, rate, keep) in [
        (
            "review-correction-rate",
            "review-correction-rate",
            "corrected",
            "concluded",
            "correction_rate",
            "",
        ),
        (
            "litigation-correction-rate",
            "litigation-correction-rate",
            "corrected",
            "concluded",
            "correction_rate",
            "",
        ),
        ("carried-over", "carry-out-ratio", "carried_out", "at_hand", "carried_rate", ""),
        ("outcomes", "granted-share", "applications", "processed", "share", "granted"),
        ("outcomes", "refusal-rate", "applications", "processed", "share", "refused"),
        ("disclosure-by-year", "penalties-decisions", "value", "", "value", "penalties"),
        ("disclosure-by-year", "fees-charged", "fen", "", "fen", "fees"),
    ] {
        let rows = desk.json(&["query", query]);
        for row in rows.as_array().unwrap() {
            let figure = |row: &Value| row["outcome"] == keep || row["item"] == keep;
            let column = ["decisions", "amount"].iter().any(|column| row["figure"] == *column);
            if !keep.is_empty() && !(figure(row) && (column || row["figure"].is_null())) {
                continue;
            }
            let year = row["year"].to_string();
            let said = desk.json(&["why", &year, metric]);
            let about = format!("{metric} {year}");
            assert_eq!(said["numerator"], row[numerator], "{about}");
            assert_eq!(said["denominator"], row[denominator], "{about}");
            assert_eq!(said["value"], row[rate], "{about}");
            assert_eq!(said["scope_used"], row["scope_used"], "{about}");
            compared += 1;
        }
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn the_dictionary_is_listed_and_explained_in_both_languages() {
    let desk = Desk(tempfile::tempdir().unwrap());
    for lang in ["zh", "en"] {
        let of = |args: &[&str]| desk.seen(&[args, &["--lang", lang]].concat());
        assert_snapshot!(format!("list_{lang}"), of(&["metrics"]));
        assert_snapshot!(format!("page_{lang}"), of(&["metrics", "disclosure-rate-with-public"]));
        assert_snapshot!(format!("unknown_{lang}"), of(&["metrics", "review-corection-rate"]));
    }
    let listed = desk.json(&["metrics"]);
    let keys: Vec<&str> = listed[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "key",
            "name",
            "definition",
            "unit",
            "editions",
            "since",
            "comparable",
            "caveats",
            "least",
            "own_only",
            "numerator",
            "denominator"
        ]
    );
    assert_eq!(desk.json(&["metrics", "行政复议纠错率"]), listed[0]);
    let cells = desk.seen(&["metrics", "refusal-rate", "--format", "csv"]);
    assert!(
        cells.contains("\nnumerator,statistics/applications.replied.refused/value,2014,"),
        "{cells}"
    );
}

#[test]
fn the_written_measures_are_those_of_the_lists() {
    let desk = Desk(tempfile::tempdir().unwrap());
    for (lang, path) in [("zh", "docs/metrics.md"), ("en", "docs/metrics.en.md")] {
        let printed = desk.run(&["metrics", "all", "--format", "markdown", "--lang", lang]).stdout;
        let kept = fs::read(repository(path)).unwrap();
        assert!(
            kept == printed,
            "run: cargo run -- metrics all --format markdown --lang {lang} > {path}"
        );
    }
}

#[test]
fn people_read_where_a_figure_comes_from() {
    let desk = Desk::examples();
    assert_snapshot!(
        "body_zh",
        desk.seen(&["why", "上海市人民政府办公厅", "2019", "review-correction-rate"])
    );
    assert_snapshot!(
        "region_en",
        desk.seen(&[
            "why",
            "--region",
            "3213",
            "2023",
            "review-correction-rate",
            "--interval",
            "--lang",
            "en"
        ])
    );
    assert_snapshot!(
        "left_out",
        desk.seen(&["why", "2025", "litigation-correction-rate", "--format", "markdown"])
    );
    assert_snapshot!(
        "open",
        desk.seen(&["why", "上海市人民政府办公厅", "2019", "litigation-correction-rate"])
    );
    assert_snapshot!(
        "cells",
        desk.seen(&["why", "2023", "fees-charged", "--scope", "own", "--format", "csv"])
    );
    let lines = desk.run(&[
        "why",
        "2023",
        "review-correction-rate",
        "--scope",
        "own",
        "--format",
        "ndjson",
    ]);
    let lines = String::from_utf8(lines.stdout).unwrap();
    assert_eq!(lines.lines().count(), 10);
    for line in lines.lines() {
        let cell: Value = serde_json::from_str(line).unwrap();
        assert!(cell["cell"].is_string() && cell["line"].is_u64(), "{line}");
    }
    let said = desk.json(&["why", "宿迁市", "2023", "review-correction-rate", "--interval"]);
    let interval: Vec<f64> =
        said["interval"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    assert!(
        (interval[0] - 0.025_78).abs() < 1e-4 && (interval[1] - 0.064_75).abs() < 1e-4,
        "{interval:?}"
    );
    assert_eq!((&said["small"], &said["metric"]["least"]), (&false.into(), &20.into()));
    let small = desk.json(&["why", "宿迁市示例局", "2023", "review-correction-rate"]);
    assert_eq!((&small["small"], &small["interval"]), (&true.into(), &Value::Null));
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let desk = Desk::examples();
    let mut seen = String::new();
    for args in [
        &["why", "示例", "2023", "refusal-rate"][..],
        &["why", "宿迁市", "2023", "refusal-rat"],
        &["why", "宿迁市", "refusal-rate"],
        &["why", "refusal-rate"],
        &["why", "--region", "3213", "2022", "refusal-rate"],
        &["why", "宿迁市", "2022", "refusal-rate"],
        &["why", "2023", "refusal-rate", "--revision", "1"],
        &["why", "宿迁市", "2023", "refusal-rate", "--scope", "own"],
        &["why", "宿迁市", "2023", "refusal-rate", "--db", "none.db"],
    ] {
        seen += &format!("$ {}\n{}\n", args.join(" "), desk.seen(args));
    }
    assert_snapshot!("mistakes", seen);
}

#[test]
fn a_revision_is_explained_by_itself() {
    let desk = Desk(tempfile::tempdir().unwrap());
    let text = fs::read_to_string(repository("examples/reports/suqian-bureau-2023.txt")).unwrap();
    let path = desk.0.path().join("bureau.txt");
    fs::write(&path, &text).unwrap();
    assert!(desk.run(&["load", "-q", "bureau.txt"]).status.success());
    assert!(text.contains("1260"));
    fs::write(&path, text.replace("1260", "1300")).unwrap();
    assert!(desk.run(&["load", "-q", "bureau.txt"]).status.success());
    let figure = |more: &[&str]| {
        let args = [&["why", "宿迁市示例局", "2023", "licensing-decisions"], more].concat();
        desk.json(&args)["value"].as_i64()
    };
    assert_eq!(figure(&[]), Some(1300));
    assert_eq!(figure(&["--revision", "1"]), Some(1260));
    assert_eq!(figure(&["--revision", "2"]), Some(1300));
    assert_eq!(desk.json(&["why", "2023", "licensing-decisions"])["value"], 1300);
}

#[test]
fn a_folder_of_one_s_own_adds_measures() {
    let desk = Desk::examples();
    let folder = desk.0.path().join("own");
    fs::create_dir(&folder).unwrap();
    let list = |cells: &str| {
        format!(
            "[[metrics]]\nkey = 'pending-reviews'\nname = {{ zh = '未结复议', en = 'pending reviews' }}\n\
             definition = {{ zh = '尚未审结的行政复议。', en = 'Reviews still open.' }}\nunit = 'count'\n\
             comparable = 'yes'\n[metrics.numerator]\nname = {{ zh = '未结', en = 'pending' }}\ncells = '{cells}'\n"
        )
    };
    fs::write(folder.join("own.toml"), list("challenges/review/pending")).unwrap();
    let said = desk.json(&["why", "宿迁市", "2023", "pending-reviews", "--metrics", "own"]);
    assert_eq!(said["value"], 26);
    assert!(desk.seen(&["metrics", "--metrics", "own"]).contains("pending-reviews"));
    fs::write(folder.join("own.toml"), list("challenges/review/pendign")).unwrap();
    assert_snapshot!("own_mistake", desk.seen(&["metrics", "--metrics", "own"]));
}
