//! The list of analyses, and what counts in them, over reports of which the sums are known.

use rusqlite::Connection;

use super::*;
use crate::form::Forms;
use crate::lang::Lang;
use crate::metric::Metrics;
use crate::query::fixture::{database, odd};
use crate::region::{Code, Level};
use crate::table::{Table, Value};

/// What is listed can be run, and names only columns, groups and options that there are.
#[test]
fn the_list_and_the_functions_agree() {
    let dictionary = Dictionary::get().unwrap();
    let listed: Vec<&str> = dictionary.analyses.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(listed, RUN.map(|(name, _)| name));
    for definition in &dictionary.analyses {
        for column in definition.columns.iter().filter(|column| *column != "group") {
            assert!(dictionary.heading(column).is_some(), "{}: {column}", definition.name);
        }
        for by in &definition.by {
            let by = By::ALL.into_iter().find(|known| known.key() == by).expect(by);
            assert!(by.columns().iter().all(|column| dictionary.heading(column).is_some()));
        }
        let asked = definition.metrics != Count::None;
        assert_eq!(asked, definition.options.iter().any(|o| o == "metric"));
        assert!(definition.example.starts_with(&format!("analyze {}", definition.name)));
    }
}

/// The answer of an analysis of applications received, with what is asked changed.
fn ask(conn: &mut Connection, name: &str, change: impl FnOnce(&mut Request<'_>)) -> Table {
    let forms = Forms::builtin();
    let known = Metrics::builtin(&forms).unwrap();
    let mut request = Request {
        definition: Dictionary::get().unwrap().find(name).unwrap(),
        forms: &forms,
        known: &known,
        metrics: vec![known.get("applications-received").unwrap()],
        subjects: Vec::new(),
        by: None,
        region: None,
        level: None,
        kind: None,
        from: None,
        to: None,
        peers: Vec::new(),
        scope: None,
        minimum: None,
        method: Method::Mad,
        lang: Lang::En,
    };
    change(&mut request);
    run(conn, &request).unwrap_or_else(|error| panic!("{name}: {error}")).table
}

/// Some columns as text, a row a line.
fn lines(table: &Table, columns: &[&str]) -> Vec<String> {
    let at = |name: &&str| table.columns.iter().position(|column| column.name == *name).unwrap();
    let at: Vec<usize> = columns.iter().map(at).collect();
    let shown = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Real(x) => format!("{x:.4}"),
        Value::Text(text) => text.clone(),
        Value::Blob(_) => unreachable!("no analysis gives bytes"),
    };
    let line =
        |row: &Vec<Value>| at.iter().map(|at| shown(&row[*at])).collect::<Vec<_>>().join(" ");
    table.rows.iter().map(line).collect()
}

fn summaries(request: &mut Request<'_>, year: i32) {
    request.scope = Some(Scope::Aggregate);
    (request.from, request.to) = (Some(year), Some(year));
}

/// In 2023 the city's summary stands for its county, in 2024 the province's for the city.
#[test]
fn summaries_that_are_added_up_are_none_of_each_other() {
    let conn = &mut database();
    let sums = ["kind", "reports", "value"];
    let by_kind = |year| {
        move |request: &mut Request<'_>| {
            summaries(request, year);
            request.by = Some(By::Kind);
        }
    };
    assert_eq!(lines(&ask(conn, "trend", by_kind(2023)), &sums), ["government 1 100"]);
    assert_eq!(lines(&ask(conn, "trend", by_kind(2024)), &sums), ["government 1 1000"]);
    let cohort = ask(conn, "cohort", |request| summaries(request, 2024));
    assert_eq!(lines(&cohort, &["year", "bodies", "value"]), ["2024 1 1000"]);
    // each level for itself
    let levels = ask(conn, "trend", |request| {
        summaries(request, 2024);
        request.by = Some(By::Level);
    });
    assert_eq!(lines(&levels, &["level", "value"]), ["province 1000", "city 90"]);
}

#[test]
fn summaries_of_a_level_count_whatever_stands_above_them() {
    let conn = &mut database();
    let county = ask(conn, "trend", |request| {
        summaries(request, 2023);
        request.level = Some(Level::County);
    });
    assert_eq!(lines(&county, &["reports", "value"]), ["1 20"]);
}

#[test]
fn the_first_year_has_something_before_it() {
    // 100 + 9 + 8 of 2023
    let trend = ask(&mut database(), "trend", |request| request.from = Some(2024));
    let rows = lines(&trend, &["year", "value", "change", "moving"]);
    assert_eq!(rows, ["2024 1500 1383 -", "2025 4 -1496 540.3333"]);
}

#[test]
fn a_region_is_not_ranked_among_those_below_it() {
    let ranked = ask(&mut database(), "rank", |request| {
        request.by = Some(By::Region);
        request.region = "320000".parse::<Code>().ok();
        request.to = Some(2023);
    });
    assert_eq!(lines(&ranked, &["rank", "region", "value"]), ["1 宿迁市 100", "2 苏州市 9"]);
}

#[test]
fn bodies_of_no_level_have_a_series_too() {
    let trend = ask(&mut odd(), "trend", |request| {
        request.by = Some(By::Level);
        request.from = Some(2024);
    });
    let rows = lines(&trend, &["level", "year", "value", "change"]);
    assert!(rows.ends_with(&["- 2024 8 -".to_owned(), "- 2025 9 1".to_owned()]), "{rows:?}");
}
