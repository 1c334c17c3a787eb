//! `why` on figures of every kind: each leads to the exact cells, these to their places in the
//! source, and the figure is what the cells make and what queries give.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use common::places::Source;
use common::{TrueCell, by_key, corpus, full, heads};
use nianbao::form::Forms;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;
use tempfile::TempDir;

/// What a figure is an example of, beside its edition and measure.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Every cell is printed.
    Printed,
    /// These blank cells are settled by the form's sums, as worked out by hand.
    Implied(&'static [(&'static str, i64)]),
    /// A cell that nothing settles: there is no figure.
    Open,
    /// The form of the edition has no such cell.
    NotAsked,
    /// A share of nothing.
    OfNothing,
}
use Kind::{Implied, NotAsked, OfNothing, Open, Printed};

/// A figure: the document, the measure, its kind and the statement that gives the same.
type Asked = (&'static str, &'static str, Kind, &'static str);

const RATE: &str = "SELECT part, whole FROM v_rate WHERE metric = :metric";
const REVIEWS: &str = "SELECT total, NULL FROM v_case WHERE proceeding = 'review'";
const RECEIVED: &str = "SELECT received, NULL FROM v_requests WHERE 1";
const PROCESSED: &str = "SELECT processed, NULL FROM v_requests WHERE 1";
const GRANTED: &str = "SELECT granted, processed FROM v_requests WHERE 1";
const LICENSING: &str = "SELECT decisions, NULL FROM v_disclosure WHERE item = 'licensing'";
const PENALTIES: &str = "SELECT decisions, NULL FROM v_disclosure WHERE item = 'penalties'";
const IN_FORCE: &str = "SELECT in_force, NULL FROM v_disclosure WHERE item = 'normative_documents'";
const CHARGED: &str = "SELECT amount_fen, NULL FROM v_disclosure WHERE item = 'fees'";
const FEE_ITEMS: &str =
    "SELECT items_last_year + change, NULL FROM v_disclosure WHERE item = 'fees'";
const OLD_FEES: &str = "SELECT value_fen, NULL FROM v_statistic WHERE item = 'fees.amount'";
const PRIVACY: &str = "SELECT SUM(value) FILTER (WHERE item = 'applications.replied.refused.privacy'), \
    SUM(value) FILTER (WHERE item = 'applications.replied.refused') FROM v_statistic WHERE 1";

/// Of the examples, which are there without the corpus.
const OF_EXAMPLES: [Asked; 8] = [
    ("example-city-2018.txt", "review-correction-rate", Printed, RATE),
    ("example-city-2016.html", "litigation-correction-rate", Printed, RATE),
    ("example-city-2018.txt", "refusal-2014-share-privacy", Printed, PRIVACY),
    ("example-city-2018.txt", "fees-for-applications", Printed, OLD_FEES),
    ("example-city-2018.txt", "unavailable-share", NotAsked, RATE),
    ("example-city-2016.html", "disclosure-rate", Printed, RATE),
    ("example-city-2020.html", "fee-items", Printed, FEE_ITEMS),
    ("example-city-2024.txt", "normative-documents-churn", Printed, RATE),
];

/// Of real documents.
const OF_CORPUS: [Asked; 26] = [
    // a city's summary, merged cells in a page
    ("suqian-2023.html", "disclosure-rate", Printed, RATE),
    ("suqian-2023.html", "refusal-rate", Printed, RATE),
    ("suqian-2023.html", "litigation-correction-rate", Printed, RATE),
    ("suqian-2023.html", "fees-charged", Printed, CHARGED),
    ("suqian-2023.html", "review-cases", Printed, REVIEWS),
    ("suqian-2023.html", "reviews-per-100-applications", Printed, RATE),
    ("city-2025.html", "fees-charged", Printed, CHARGED),
    ("city-2025.html", "licensing-decisions", Printed, LICENSING),
    ("city-2025.html", "normative-documents-churn", Printed, RATE),
    ("city-2025.html", "litigation-after-review-per-review", Printed, RATE),
    // blanks: 2 of 7 reviews pending and 5 upheld leave nothing for the other two; the cells of
    // 总计 in the table of applications are sums of their rows
    (
        "shanghai-2019.html",
        "review-correction-rate",
        Implied(&[("challenges/review/corrected", 0), ("challenges/review/other", 0)]),
        RATE,
    ),
    (
        "shanghai-2019.html",
        "granted-share",
        Implied(&[("applications/granted/total", 272)]),
        GRANTED,
    ),
    ("shanghai-2019.html", "litigation-correction-rate", Open, RATE),
    ("shanghai-2019.html", "fees-charged", NotAsked, CHARGED),
    ("shanghai-2019.html", "carry-out-ratio", Printed, RATE),
    // one cell a line
    ("taohuayuan-2025.txt", "applications-received", Printed, RECEIVED),
    ("taohuayuan-2025.txt", "litigation-correction-rate", OfNothing, RATE),
    ("taohuayuan-2025.txt", "fees-charged", Printed, CHARGED),
    // rows between pipes, most of them absent
    ("dapuqiao-2025-partial.md", "review-correction-rate", Printed, RATE),
    ("dapuqiao-2025-partial.md", "disclosure-rate", Open, RATE),
    ("dapuqiao-2025-partial.md", "applications-processed", Open, PROCESSED),
    // excerpts: signed changes, amounts below one, text in the place of a number
    ("0026.txt", "fee-items", Printed, FEE_ITEMS),
    ("0033.txt", "fees-charged", Printed, CHARGED),
    ("0010.txt", "normative-documents-in-force", Printed, IN_FORCE),
    ("0011.txt", "penalties-decisions", Printed, PENALTIES),
    ("0131.txt", "penalties-decisions", Printed, PENALTIES),
];

/// A document, whose it is and its true cells.
struct Document {
    file: String,
    organ: String,
    year: i32,
    edition: String,
    cells: Vec<TrueCell>,
}

/// A folder with a database of documents, and the program run inside it.
struct Desk {
    dir: TempDir,
    documents: Vec<Document>,
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

impl Desk {
    fn loaded(documents: Vec<(PathBuf, Document)>) -> Desk {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("reports")).unwrap();
        for (path, document) in &documents {
            fs::copy(path, dir.path().join("reports").join(&document.file)).unwrap();
        }
        let documents = documents.into_iter().map(|(_, document)| document).collect();
        let desk = Desk { dir, documents };
        desk.ok(&["load", "--quiet", "reports"]);
        desk
    }

    fn ok(&self, args: &[&str]) -> String {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["DB", "FORMS", "REGIONS", "ORGANS", "METRICS"] {
            command.env_remove(format!("NIANBAO_{name}"));
        }
        command.current_dir(self.dir.path()).env("LC_ALL", "zh_CN.UTF-8").args(args);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(&[args, &["--format", "json"]].concat())).unwrap()
    }

    fn document(&self, file: &str) -> &Document {
        self.documents.iter().find(|d| d.file == file).unwrap_or_else(|| panic!("no '{file}'"))
    }

    /// Both sums that a statement gives for a body's report.
    fn by_sql(&self, sql: &str, document: &Document, metric: &str) -> [Option<i64>; 2] {
        let sql = format!("{sql} AND organ = :organ AND year = :year");
        let year = document.year.to_string();
        let given = [("organ", &*document.organ), ("year", &year), ("metric", metric)];
        let given = given.into_iter().filter(|(name, _)| sql.contains(&format!(":{name}")));
        let given: Vec<String> = given.map(|(name, value)| format!("{name}={value}")).collect();
        let mut args = vec!["sql", &sql];
        args.extend(given.iter().flat_map(|pair| ["-p", pair.as_str()]));
        let rows = self.json(&args);
        let row = rows[0].as_object().cloned().unwrap_or_default();
        let mut sums = row.values().map(Value::as_i64);
        [sums.next().flatten(), sums.next().flatten()]
    }
}

/// The example's cells as `examples/expected` has them.
fn example(file: &str) -> (PathBuf, Document) {
    let name = file.split('.').next().unwrap();
    let text = fs::read_to_string(repository(&format!("examples/expected/{name}.txt"))).unwrap();
    let fact = |key: &str| {
        let mut facts = text.lines().filter_map(|line| line.split_once(" = "));
        facts.find(|(k, _)| *k == key).unwrap().1.to_owned()
    };
    let edition = fact("edition");
    let form = Forms::builtin();
    let form = form.get(&edition).unwrap();
    let mut cells = Vec::new();
    for (key, values) in text.lines().filter_map(|line| line.split_once(" = ")) {
        let Some((table, row)) = key.split_once('/') else { continue };
        let table = form.table(table).unwrap();
        let block = table.blocks.iter().find(|b| b.rows.iter().any(|r| r.key == row)).unwrap();
        for (column, raw) in block.columns.iter().zip(values.split(' ')) {
            let number = raw.trim_start_matches('+').parse();
            cells.push(TrueCell {
                table: table.key.clone(),
                row: row.to_owned(),
                column: column.clone(),
                raw: Some(raw.to_owned()),
                value: number.ok(),
                state: if raw == "0" { "zero" } else { "number" }.to_owned(),
                unit: None,
            });
        }
    }
    let (organ, year) = (fact("organ"), fact("year").parse().unwrap());
    let path = repository("examples/reports").join(file);
    (path, Document { file: file.to_owned(), organ, year, edition, cells })
}

/// Every document of the corpus whose body its truth names.
fn of_corpus(corpus: &Path) -> Vec<(PathBuf, Document)> {
    let whole = full(corpus).into_iter().map(|(path, t)| {
        let (file, organ, year, edition, cells) = (t.file, t.organ, t.year, t.edition, t.cells);
        (path, Document { file, organ, year, edition, cells })
    });
    let excerpts = heads(corpus).into_iter().filter_map(|(path, head)| {
        let (organ, year, edition) = (head.organ?, head.year?, head.edition?);
        let asked =
            OF_CORPUS.iter().any(|(file, ..)| *file == head.file) || head.file == "0015.txt";
        let (file, cells) = (head.file, head.cells);
        asked.then_some((path, Document { file, organ, year, edition, cells }))
    });
    whole.chain(excerpts).collect()
}

/// What a cell counts for: money in fen, from yuan or 10,000 yuan.
fn counted(cell: &TrueCell, unit: Option<&str>, is_money: bool) -> Option<i64> {
    let value: Decimal = cell.value.as_ref()?.to_string().parse().unwrap();
    let scale = match unit {
        _ if !is_money => 1,
        Some("元") => 100,
        _ => 1_000_000,
    };
    (value * Decimal::from(scale)).to_i64()
}

/// Holds every cell of a report in an answer against the truth and the source, and gives what the
/// cells sum to as numerator and as denominator; none where one of them is not settled.
fn sums_of_cells(desk: &Desk, said: &Value, report: &Value, about: &str) -> [Option<i64>; 2] {
    let path = Path::new(report["path"].as_str().unwrap());
    let document = desk.document(path.file_name().unwrap().to_str().unwrap());
    let (source, truths) = (Source::read(&desk.dir.path().join(path)), by_key(&document.cells));
    let is_money = said["metric"]["unit"] == "money_fen";
    let mut sums = [Some(0), Some(0)];
    for cell in report["cells"].as_array().unwrap() {
        let name = cell["cell"].as_str().unwrap();
        let about = format!("{about}: {name}");
        let key: Vec<String> = name.split('/').map(str::to_owned).collect();
        match truths.get(&(key[0].clone(), key[1].clone(), key[2].clone())) {
            None => {
                assert_eq!((&cell["state"], &cell["value"]), (&"missing".into(), &Value::Null));
                assert!(cell["at"].is_null(), "{about}");
            }
            Some(truth) => {
                let raw = truth.raw.as_deref().unwrap_or_default();
                assert_eq!(cell["state"], truth.state, "{about}");
                assert_eq!(cell["raw"].as_str().map(str::trim), Some(raw.trim()), "{about}");
                let printed = cell["printed"].as_number().map(ToString::to_string);
                assert_eq!(printed, truth.value.as_ref().map(ToString::to_string), "{about}");
                if cell["implied"] == false {
                    let value = counted(truth, cell["unit"].as_str(), is_money);
                    assert_eq!(cell["value"].as_i64(), value, "{about}");
                }
                source.holds(&cell["at"], raw, &about);
            }
        }
        for (sum, part) in sums.iter_mut().zip(["numerator", "denominator"]) {
            if cell["parts"].as_array().unwrap().iter().any(|p| p == part) {
                *sum = sum.zip(cell["value"].as_i64()).map(|(sum, value)| sum + value);
            }
        }
    }
    sums
}

/// The value that two sums make, as a number and as people are shown it.
fn value(unit: &str, [numerator, denominator]: [Option<i64>; 2]) -> (Option<f64>, String) {
    let scale = if unit == "per_100" { 100.0 } else { 1.0 };
    let quotient = numerator.zip(denominator).filter(|(_, of)| *of != 0);
    let quotient = quotient.map(|(part, of)| scale * part as f64 / of as f64);
    let plain = numerator.filter(|_| matches!(unit, "count" | "money_fen")).map(|n| n as f64);
    let value = plain.or(quotient);
    let shown = value.map(|x| match unit {
        "rate" => format!("{:.2}%", x * 100.0),
        "money_fen" => format!("{:.2} 元", x / 100.0),
        "count" => format!("{x}"),
        _ => format!("{x:.2}"),
    });
    (value, shown.unwrap_or_default())
}

/// Holds the figure of an answer against its sums, and that shown to people against both.
fn holds_figure(desk: &Desk, args: &[&str], said: &Value, sums: [Option<i64>; 2], about: &str) {
    let found = [said["numerator"].as_i64(), said["denominator"].as_i64()];
    assert_eq!(found, sums, "{about}");
    let (value, shown) = value(said["metric"]["unit"].as_str().unwrap(), sums);
    assert_eq!(said["value"].as_f64(), value, "{about}");
    let text = desk.ok(args);
    let sentence = text.lines().nth(2).unwrap();
    assert!(sentence.starts_with(&shown), "{about}: {sentence} is not {shown}");
}

/// One figure of a body, from the answer down to the source.
fn leads_to_its_cells(desk: &Desk, (file, metric, kind, sql): &Asked) {
    let document = desk.document(file);
    let about = format!("{file} {metric}");
    let year = document.year.to_string();
    let args = ["why", &document.organ, &year, metric];
    let said = desk.json(&args);
    let reports = |list: &str| said[list].as_array().unwrap().clone();
    let all = [reports("contributing"), reports("left_out")].concat();
    let [report] = all.as_slice() else { panic!("{about}: {said}") };
    assert_eq!(report["edition"], document.edition, "{about}");
    let mut sums = sums_of_cells(desk, &said, report, &about);
    if said["metric"]["denominator"].is_null() {
        sums[1] = None;
    }
    let cells = report["cells"].as_array().unwrap();
    let implied: Vec<(&str, i64)> = cells
        .iter()
        .filter(|c| c["implied"] == true)
        .map(|c| (c["cell"].as_str().unwrap(), c["value"].as_i64().unwrap()))
        .collect();
    let reason = report["reason"].as_str().unwrap();
    match kind {
        Printed => assert_eq!((reason, implied.len()), ("used", 0), "{about}"),
        Implied(expected) => assert_eq!((reason, &*implied), ("used", *expected), "{about}"),
        OfNothing => assert_eq!((reason, sums[1]), ("used", Some(0)), "{about}"),
        Open => {
            assert_eq!(reason, "incomplete", "{about}");
            assert!(cells.iter().any(|c| c["value"].is_null()), "{about}: all is settled");
        }
        NotAsked => assert_eq!((reason, cells.len()), ("not_asked", 0), "{about}"),
    }
    let has_figure = !matches!(kind, Open | NotAsked);
    assert_eq!(!cells.is_empty(), *kind != NotAsked, "{about}");
    let sums = if has_figure { sums } else { [None, None] };
    holds_figure(desk, &args, &said, sums, &about);
    assert_eq!(desk.by_sql(sql, document, metric), sums, "{about}: {sql}");
}

#[test]
fn figures_of_the_examples_lead_to_their_cells() {
    let mut files = OF_EXAMPLES.map(|(file, ..)| file).to_vec();
    files.sort_unstable();
    files.dedup();
    let desk = Desk::loaded(files.into_iter().map(example).collect());
    OF_EXAMPLES.iter().for_each(|asked| leads_to_its_cells(&desk, asked));
}

#[test]
fn figures_of_real_reports_lead_to_their_cells() {
    let Some(corpus) = corpus() else { return };
    let desk = Desk::loaded(of_corpus(&corpus));
    OF_CORPUS.iter().for_each(|asked| leads_to_its_cells(&desk, asked));
}

/// Figures of regions: the reports in them, each down to its cells, and the canned query.
#[test]
fn figures_of_regions_lead_to_the_reports_and_their_cells() {
    let Some(corpus) = corpus() else { return };
    let desk = Desk::loaded(of_corpus(&corpus));
    let reviews = &["review-correction-rate", "corrected", "concluded"][..];
    let decisions = &["administrative-decisions", "decisions"][..];
    let rate = &["rate-by-year", "numerator", "denominator"][..];
    for (region, year, metric, files, query) in [
        ("宿迁市", "2023", "review-correction-rate", &["suqian-2023.html"][..], reviews),
        ("江苏", "2023", "disclosure-rate", &["suqian-2023.html"], rate),
        ("石家庄", "2021", "penalties-decisions", &["0015.txt", "0033.txt"], decisions),
        ("310000", "2025", "review-correction-rate", &["dapuqiao-2025-partial.md"], reviews),
    ] {
        let about = format!("{region} {year} {metric}");
        let args = ["why", "--region", region, year, metric];
        let said = desk.json(&args);
        let mut sums = [Some(0), Some(0)];
        let mut found = Vec::new();
        for report in said["contributing"].as_array().unwrap() {
            let parts = sums_of_cells(&desk, &said, report, &about);
            found.push(Path::new(report["path"].as_str().unwrap()).file_name().unwrap());
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum = sum.zip(part).map(|(sum, part)| sum + part);
            }
        }
        assert_eq!(found, files, "{about}");
        if said["metric"]["denominator"].is_null() {
            sums[1] = None;
        }
        holds_figure(&desk, &args, &said, sums, &about);
        let mut args = vec!["query", query[0], "--region", region, "--from", year, "--to", year];
        if query[0] == "rate-by-year" {
            args.extend(["--metric", metric]);
        }
        let rows = desk.json(&args);
        let rows = rows.as_array().unwrap();
        let of_metric = |row: &&Value| row["item"].is_null() || row["item"] == "penalties";
        let row = rows.iter().find(of_metric).unwrap();
        assert_eq!(row[query[1]].as_i64(), sums[0], "{about}: {row}");
        assert_eq!(query.get(2).and_then(|of| row[*of].as_i64()), sums[1], "{about}: {row}");
    }
}
