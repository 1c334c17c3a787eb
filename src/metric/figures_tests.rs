//! The evaluator counts as the reports say and as the canned queries do.

use rusqlite::Connection;

use super::tests::all;
use super::*;
use crate::query::canned::ask_of;
use crate::query::fixture::{database, wide};
use crate::region::Code;
use crate::report::Scope;
use crate::table::{Table, Value};

/// The fixture with what evaluates it.
struct Desk {
    conn: Connection,
    forms: Forms,
    metrics: Metrics,
}

impl Desk {
    fn new() -> Desk {
        Desk { conn: database(), forms: Forms::builtin(), metrics: all() }
    }

    /// The measure in every year.
    fn measured(&self, key: &str, region: &str, scope: Option<Scope>) -> Vec<(i32, Measured)> {
        let metric = self.metrics.get(key).unwrap_or_else(|e| panic!("{e}"));
        let region = (!region.is_empty()).then(|| region.parse().expect("a code"));
        let selection = Selection::Reports { years: 0..=9999, region, scope };
        evaluate(&self.conn, metric, &self.forms, &selection).expect("it is sound")
    }

    fn of_year(&self, key: &str, year: i32) -> Measured {
        let years = self.measured(key, "", None);
        years.into_iter().find(|(y, _)| *y == year).map(|(_, m)| m).unwrap_or_default()
    }
}

/// Figures of the fixture, worked out by hand.
#[test]
fn figures_are_those_of_the_reports() {
    let desk = Desk::new();
    let of_year = |key, year| desk.of_year(key, year);
    // 2023: the city's summary, the other city's two bureaus (one with an open part), the province's
    let rate = of_year("review-correction-rate", 2023);
    assert_eq!((rate.numerator, rate.denominator), (Some(4), Some(21)));
    assert_eq!((rate.reports, rate.used, rate.incomplete, rate.not_asked), (4, 3, 1, 0));
    assert_eq!(rate.scope_used, Some("aggregate+own"));
    assert_eq!(rate.editions.iter().collect::<Vec<_>>(), ["2019", "2021"]);
    assert_eq!(of_year("review-corrected-share", 2023).denominator, Some(24));
    // nothing concluded: no rate, but the cases are there
    let rate = of_year("litigation-correction-rate", 2023);
    assert_eq!((rate.numerator, rate.denominator), (Some(0), Some(0)));
    assert_eq!(rate.value(Unit::Rate), Value::Null);
    // nothing settled: no sums
    let none = of_year("litigation-correction-rate", 2024);
    assert_eq!((none.numerator, none.denominator, none.used), (None, None, 0));
    // 2014 has no carry-over; before it there are no tables
    let carried = of_year("carry-out-ratio", 2018);
    assert_eq!((carried.used, carried.incomplete, carried.not_asked), (0, 0, 2));
    let before = of_year("carry-out-ratio", 2013);
    assert_eq!((before.used, before.incomplete, before.not_asked), (0, 1, 0));
    // own reports only, whatever summaries there are: 30, 9 and 8 of three bodies; the other two
    // of them do not say
    let mean = of_year("applications-per-body", 2023);
    assert_eq!((mean.numerator, mean.denominator), (Some(47), Some(3)));
    assert_eq!((mean.incomplete, mean.scope_used), (2, Some("own")));
    assert_eq!(of_year("fees-charged", 2023).value(Unit::MoneyFen), Value::Int(1_500_000));
    assert_eq!(of_year("fee-items", 2020).used, 0);
    let per = of_year("reviews-per-100-applications", 2024);
    assert_eq!((per.numerator, per.denominator), (Some(81), Some(1500)));
    assert_eq!(per.value(Unit::Per100), Value::Real(5.4));
}

/// What a canned query says of a year: reports used, numerator, denominator.
type Said = (i32, i64, Option<i64>, Option<i64>);

/// The rows of an answer by year, those that `keep` wants added up; `of` names the columns of the
/// numerator and the denominator.
fn said(
    table: &Table,
    of: (&str, &str),
    keep: impl Fn(&dyn Fn(&str) -> String) -> bool,
) -> Vec<Said> {
    let at = |name: &str| table.columns.iter().position(|column| column.name == name);
    let mut out: Vec<Said> = Vec::new();
    for row in &table.rows {
        let text = |name: &str| match at(name).map(|i| &row[i]) {
            Some(Value::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let int = |name: &str| match at(name).map(|i| &row[i]) {
            Some(Value::Int(n)) => Some(*n),
            _ => None,
        };
        if !keep(&text) {
            continue;
        }
        let year = int("year").and_then(|y| i32::try_from(y).ok()).expect("a year");
        let used = int("reports").unwrap_or(0) - int("incomplete").unwrap_or(0);
        if out.last().is_none_or(|(last, ..)| *last != year) {
            out.push((year, 0, None, None));
        }
        let Some(last) = out.last_mut() else { continue };
        let add = |sum: &mut Option<i64>, more: Option<i64>| {
            if let Some(more) = more {
                *sum = Some(sum.unwrap_or(0) + more);
            }
        };
        last.1 += used;
        add(&mut last.2, int(of.0));
        add(&mut last.3, int(of.1));
    }
    out
}

/// Every region and scope in which the fixture is asked.
fn everywhere() -> impl Iterator<Item = (&'static str, Option<Scope>)> {
    let regions = ["", "32", "3213", "321302", "3205"];
    let scopes = [None, Some(Scope::Own), Some(Scope::Aggregate)];
    regions.into_iter().flat_map(move |region| scopes.map(|scope| (region, scope)))
}

/// Compares measures with a canned query in every region, scope and year. Each comes with the
/// columns of its numerator and denominator and the keys (outcome, or item and figure) of its rows;
/// none of the keys stands for every row. A query that asks for several figures leaves out a report
/// of which one is open; with `strict` that may not happen. Gives the number of years compared.
fn agrees(
    desk: &mut Desk,
    query: &str,
    measures: &[(&str, &str, &str, &str)],
    strict: bool,
) -> usize {
    let mut compared = 0;
    for (region, scope) in everywhere() {
        let given = [("region", region), ("scope", scope.map_or("auto", Scope::key))];
        let table = ask_of(&mut desk.conn, query, &given);
        for (key, numerator, denominator, rows) in measures {
            let keep = |text: &dyn Fn(&str) -> String| {
                let keys = ["outcome", "item", "figure"].map(text);
                rows.is_empty() || keys.concat() == *rows
            };
            let years = desk.measured(key, region, scope);
            for (year, used, numerator, denominator) in said(&table, (numerator, denominator), keep)
            {
                let found = years.iter().find(|(y, _)| *y == year).map(|(_, m)| m.clone());
                let found = found.unwrap_or_default();
                if strict || found.used == used {
                    let ours = (found.used, found.numerator, found.denominator);
                    assert_eq!(
                        ours,
                        (used, numerator, denominator),
                        "{key} {region} {scope:?} {year}"
                    );
                    compared += usize::from(used > 0);
                }
            }
        }
    }
    compared
}

#[test]
fn the_canned_queries_count_as_the_measures_do() {
    let mut desk = Desk::new();
    let mut compared = 0;
    for (query, measures) in [
        (
            "review-correction-rate",
            &[
                ("review-correction-rate", "corrected", "concluded", ""),
                ("review-upheld-rate", "upheld", "concluded", ""),
                ("review-corrected-share", "corrected", "total", ""),
                ("review-cases", "total", "", ""),
            ][..],
        ),
        (
            "litigation-correction-rate",
            &[
                ("litigation-correction-rate", "corrected", "concluded", ""),
                ("litigation-upheld-rate", "upheld", "concluded", ""),
                ("litigation-corrected-share", "corrected", "total", ""),
                ("litigation-cases", "total", "", ""),
            ],
        ),
        (
            "outcomes",
            &[
                ("granted-share", "applications", "processed", "granted"),
                ("partly-granted-share", "applications", "processed", "partially_granted"),
                ("refusal-rate", "applications", "processed", "refused"),
                ("unavailable-share", "applications", "processed", "unavailable"),
                ("not-processed-share", "applications", "processed", "not_processed"),
                ("other-share", "applications", "processed", "other"),
            ],
        ),
        (
            "disclosure-by-year",
            &[
                ("licensing-decisions", "value", "", "licensingdecisions"),
                ("penalties-decisions", "value", "", "penaltiesdecisions"),
                ("fees-charged", "fen", "", "feesamount"),
                ("normative-documents-in-force", "value", "", "normative_documentsin_force"),
            ],
        ),
    ] {
        compared += agrees(&mut desk, query, measures, true);
    }
    assert!(compared > 150, "{compared}");
    let received = [
        ("applications-received", "received", "", ""),
        ("applications-processed", "processed", "", ""),
    ];
    let mut joint = agrees(&mut desk, "applications-by-year", &received, false);
    let carried = [("carry-out-ratio", "carried_out", "at_hand", "")];
    joint += agrees(&mut desk, "carried-over", &carried, false);
    assert!(joint > 60, "{joint}");
}

#[test]
fn the_report_list_gives_the_same_sums_and_every_reason() {
    let (conn, forms, metrics) = (database(), Forms::builtin(), all());
    let mut reasons = std::collections::BTreeSet::new();
    for metric in metrics.iter() {
        for (region, scope) in everywhere() {
            let region: Option<Code> = region.parse().ok();
            let selection = Selection::Reports { years: 0..=9999, region, scope };
            let listed = list(&conn, metric, &forms, &selection).expect("it is sound");
            for (year, sums) in evaluate(&conn, metric, &forms, &selection).expect("likewise") {
                let of_year = || listed.iter().filter(|r| r.year == year);
                let used = of_year().filter(|r| r.reason == Reason::Used);
                assert_eq!(sums.used, used.clone().count() as i64);
                assert_eq!(sums.reports, of_year().count() as i64);
                let total = |of: fn(&Reported) -> Option<i64>| -> Option<i64> {
                    used.clone().map(of).reduce(|a, b| Some(a? + b?)).flatten()
                };
                assert_eq!(sums.numerator, total(|r| r.numerator), "{} {year}", metric.key);
                assert_eq!(sums.denominator, total(|r| r.denominator), "{} {year}", metric.key);
            }
            reasons.extend(listed.iter().map(|r| r.reason.key()));
            let covered = covered(&conn, metric, &selection).expect("likewise");
            assert!(covered.iter().all(|c| listed.iter().all(|l| l.report != c.report)));
            reasons.extend(covered.iter().map(|r| r.reason.key()));
        }
    }
    let expected = ["covered", "incomplete", "no_table", "not_asked", "summary", "used"];
    assert_eq!(reasons.into_iter().collect::<Vec<_>>(), expected);
}

/// The statement for a million reports reads each line of the form as a range, never the whole of
/// its facts.
#[test]
fn no_statement_scans_the_facts() {
    let (conn, forms, metrics) = (database(), Forms::builtin(), all());
    let selection = Selection::Reports { years: 2019..=2025, region: None, scope: None };
    let mut lines = 0;
    for metric in metrics.iter() {
        let sql = statement(&conn, metric, &forms, &selection).expect("it is sound");
        let plan = |conn: &Connection| -> rusqlite::Result<Vec<String>> {
            let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            explain.query_map([], |r| r.get(3))?.collect()
        };
        let plan = plan(&conn).expect("it can be explained");
        let of_line = |step: &&String| step.contains("_0 ") || step.contains("_1 ");
        for step in plan.iter().filter(of_line) {
            assert!(
                step.starts_with("SEARCH") && step.contains("(row_id=? AND report_id=?)"),
                "{step}"
            );
        }
        let scans =
            plan.iter().find(|step| step.starts_with("SCAN") && !step.starts_with("SCAN ("));
        assert_eq!(scans, None, "{}", metric.key);
        lines += plan.iter().filter(of_line).count();
    }
    assert!(lines > 20, "{lines}");
}

#[test]
fn the_interval_is_wilson_s() {
    let near =
        |(low, high): (f64, f64), l: f64, h: f64| (low - l).abs() < 5e-5 && (high - h).abs() < 5e-5;
    assert!(near(wilson(5, 10).expect("a share"), 0.2366, 0.7634));
    assert!(near(wilson(0, 10).expect("a share"), 0.0, 0.2775));
    assert!(near(wilson(17, 414).expect("a share"), 0.0258, 0.0648));
    assert_eq!(wilson(1, 0), None);
    assert_eq!(wilson(3, 2), None);
    assert_eq!(wilson(-1, 2), None);
}

/// The view that canned queries take rates from has, report by report, what the dictionary has.
#[test]
fn the_view_of_rates_is_the_dictionary() {
    let (conn, forms, metrics) = (wide(), Forms::builtin(), all());
    let read = |sql: &str, metric: &str| -> rusqlite::Result<Vec<[Option<i64>; 3]>> {
        let mut statement = conn.prepare(sql)?;
        let row = |r: &rusqlite::Row<'_>| Ok([r.get(0)?, r.get(1)?, r.get(2)?]);
        statement.query_map([metric], row)?.collect()
    };
    let mut keys: Vec<String> = Vec::new();
    let mut statement = conn.prepare("SELECT DISTINCT metric FROM v_rate").expect("it is there");
    for key in statement.query_map([], |r| r.get(0)).expect("it can be read") {
        keys.push(key.expect("a text"));
    }
    assert_eq!(keys.len(), 12);
    let mut used = 0;
    for key in keys {
        let metric = metrics.get(&key).unwrap_or_else(|e| panic!("{e}"));
        // of summaries in one another the outer counts
        let sql = "SELECT report_id, part, whole FROM v_rate
                   WHERE metric = ?1 AND (scope = 'own' OR covered_depth = 0) ORDER BY report_id";
        let found = read(sql, &key).expect("it can be read");
        let mut expected = Vec::new();
        for scope in [Scope::Own, Scope::Aggregate] {
            let selection =
                Selection::Reports { years: 0..=9999, region: None, scope: Some(scope) };
            let listed = list(&conn, metric, &forms, &selection).expect("it is sound");
            expected.extend(listed.iter().map(|r| {
                let settled = r.reason == Reason::Used;
                used += usize::from(settled);
                [Some(r.report), r.numerator.filter(|_| settled), r.denominator.filter(|_| settled)]
            }));
        }
        expected.sort_unstable();
        assert_eq!(found, expected, "{key}");
        let sql = "SELECT DISTINCT least, 0, 0 FROM v_rate WHERE metric = ?1";
        let least = read(sql, &key).expect("it can be read");
        assert_eq!(least, [[metric.least, Some(0), Some(0)]], "{key}");
    }
    assert!(used > 100, "{used}");
}

/// Those who know the reports get the same parts, of measures and of single cells.
#[test]
fn parts_of_chosen_reports_are_those_of_the_list() {
    let desk = Desk::new();
    let everything = Selection::Current { years: 0..=9999, region: None };
    let cell = "challenges/review/corrected";
    let form = desk.forms.get("2021").expect("it is built in");
    let of_cell = Metric::of_cell(form.named_cell(cell).expect(cell), &desk.forms);
    assert_eq!(
        (of_cell.key.as_str(), of_cell.editions.len(), of_cell.unit),
        (cell, 2, Unit::Count)
    );
    let mut used = 0;
    for metric in desk.metrics.iter().chain([&of_cell]) {
        let listed = list(&desk.conn, metric, &desk.forms, &everything).expect("it is sound");
        let these = Selection::These(listed.iter().map(|report| report.report).collect());
        let figures = figures(&desk.conn, metric, &desk.forms, &these).expect("it is sound");
        assert_eq!(figures.len(), listed.len(), "{}", metric.key);
        for report in &listed {
            let figure = figures.iter().find(|f| f.report == report.report).expect("it was asked");
            let parts = (figure.numerator, figure.denominator, figure.reason);
            assert_eq!(parts, (report.numerator, report.denominator, report.reason), "{report:?}");
            used += usize::from(figure.reason == Reason::Used);
        }
        let sums = evaluate(&desk.conn, metric, &desk.forms, &these).expect("it is sound");
        let sum: i64 = sums.iter().filter_map(|(_, sum)| sum.numerator).sum();
        assert_eq!(sum, figures.iter().filter_map(|f| f.numerator).sum::<i64>(), "{}", metric.key);
    }
    assert!(used > 100, "{used}");
}
