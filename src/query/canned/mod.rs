//! Every canned query: complete, with the figures worked out by hand (a file a subject), and the
//! same on both engines.

mod challenges;
mod disclosure;
mod engines;
mod files;
mod quality;
mod rankings;
mod regions;
mod trends;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;

use super::catalog::{Catalog, Parameter};
use super::fixture::{database, wide};
use super::{Limits, run};
use crate::lang::Lang;
use crate::table::{Table, Unit, Value};

pub(crate) fn catalog() -> Catalog {
    Catalog::load(None).unwrap_or_else(|error| panic!("{error}"))
}

/// The answer of the wide fixture.
pub(super) fn ask_wide(name: &str, given: &[(&str, &str)]) -> Table {
    ask_of(&mut wide(), name, given)
}

pub(super) fn ask(name: &str, given: &[(&str, &str)]) -> Table {
    ask_of(&mut database(), name, given)
}

/// The answer of a database, of all years unless told.
pub(crate) fn ask_of(conn: &mut Connection, name: &str, given: &[(&str, &str)]) -> Table {
    let catalog = catalog();
    let query = catalog.get(name).expect(name);
    let mut given: BTreeMap<String, String> =
        given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    if query.parameters.iter().any(|p| p.name == "from") {
        given.entry("from".to_owned()).or_insert("0".to_owned());
    }
    let params = query.params(&given).expect("they fit");
    query.run(conn, &params, &Limits::default(), Lang::En).unwrap_or_else(|e| panic!("{e}"))
}

/// The rows as text, one a line.
pub(super) fn lines(table: &Table) -> Vec<String> {
    let show = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Real(x) => format!("{x:.4}"),
        Value::Text(text) => text.clone(),
        Value::Blob(_) => unreachable!("no query gives bytes"),
    };
    table.rows.iter().map(|row| row.iter().map(show).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_catalog_holds_every_file_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    let listed = catalog().queries().iter().map(|query| format!("{}.sql", query.name)).collect();
    assert_eq!(files, listed);
}

/// Each query by year counts the same reports: those of a year in all its rows for one figure.
#[test]
fn the_number_of_reports_means_the_same_in_every_query() {
    let counted = |name: &str, scope: &str| {
        let table = ask(name, &[("scope", scope)]);
        let at = |column: &str| table.columns.iter().position(|c| c.name == column);
        let number = |row: &[Value], column: &str| match at(column).map(|index| &row[index]) {
            Some(Value::Int(n)) => *n,
            other => panic!("{name}: {other:?}"),
        };
        let mut years: BTreeMap<i64, BTreeMap<String, i64>> = BTreeMap::new();
        for row in &table.rows {
            let edition = at("edition").map(|index| format!("{:?}", row[index]));
            let editions = years.entry(number(row, "year")).or_default();
            let reports = number(row, "reports");
            let known = editions.entry(edition.unwrap_or_default()).or_insert(reports);
            assert_eq!(*known, reports, "{name}: {row:?}");
        }
        let total = |editions: BTreeMap<String, i64>| editions.values().sum::<i64>();
        years.into_iter().map(|(year, e)| (year, total(e))).collect::<Vec<_>>()
    };
    for scope in ["auto", "own", "aggregate"] {
        let reviews = counted("review-correction-rate", scope);
        assert!(!reviews.is_empty());
        for name in [
            "litigation-correction-rate",
            "applications-by-year",
            "outcomes",
            "disclosure-by-year",
            "carried-over",
        ] {
            assert_eq!(counted(name, scope), reviews, "{name} {scope}");
        }
    }
}

/// Without a first year a ranking is of the last one that the region has reports of.
#[test]
fn rankings_are_of_the_last_year_unless_told() {
    let catalog = catalog();
    let mut conn = wide();
    let mut ranked = 0;
    for query in catalog.queries() {
        let latest = |p: &Parameter| p.is_default("latest");
        if !query.parameters.iter().any(latest) {
            continue;
        }
        ranked += 1;
        let years = |conn: &mut Connection, given: &[(&str, &str)]| -> Vec<Value> {
            let given = given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            let params = query.params(&given).expect("they fit");
            let params = query.settled(conn, &params).expect("the database is sound");
            ["from", "to"].map(|name| params[name].clone()).into()
        };
        let last: i64 =
            conn.query_row("SELECT MAX(year) FROM v_requests", [], |r| r.get(0)).unwrap();
        assert_eq!(years(&mut conn, &[]), [Value::Int(last), Value::Int(9999)]);
        assert_eq!(years(&mut conn, &[("to", "2022")]), [Value::Int(2022), Value::Int(2022)]);
        assert_eq!(years(&mut conn, &[("from", "0")]), [Value::Int(0), Value::Int(9999)]);
        assert_eq!(years(&mut conn, &[("to", "latest")]), [Value::Int(last), Value::Int(last)]);
    }
    assert!(ranked > 5);
}

#[test]
fn columns_are_as_the_header_says() {
    let mut conn = wide();
    for query in catalog().queries() {
        let given = BTreeMap::new();
        let table = run(
            &mut conn,
            &query.sql,
            &query.params(&given).expect("all have defaults"),
            &Limits::default(),
        )
        .unwrap_or_else(|error| panic!("{}: {error}", query.name));
        let told: Vec<_> = query.columns.iter().map(|column| &column.name).collect();
        let given: Vec<_> = table.columns.iter().map(|column| &column.name).collect();
        assert_eq!(told, given, "{}", query.name);
        assert!(!table.rows.is_empty(), "{}: the fixture shows nothing", query.name);
        for (index, column) in query.columns.iter().enumerate() {
            if column.unit == Unit::Rate {
                let fraction = |row: &Vec<Value>| {
                    matches!(row[index], Value::Null)
                        || matches!(row[index], Value::Real(x) if (0.0..=1.0).contains(&x))
                };
                assert!(table.rows.iter().all(fraction), "{}: {}", query.name, column.name);
            }
        }
    }
}

#[test]
fn headings_and_units_reach_the_answer() {
    let table = ask("review-correction-rate", &[]);
    let rate = table.columns.iter().find(|column| column.name == "correction_rate").unwrap();
    assert_eq!((rate.title.as_deref(), rate.unit), (Some("correction rate"), Unit::Rate));
}

#[test]
fn the_listing_has_the_fields_of_the_contract() {
    let catalog = catalog();
    let json = serde_json::to_value(catalog.queries()).expect("it is data");
    let named = |query: &&serde_json::Value| query["name"] == "review-correction-rate";
    let first = json.as_array().expect("a list").iter().find(named).expect("it is listed");
    assert_eq!((&first["subject"], &first["chart"]["x"]), (&"challenges".into(), &"year".into()));
    assert!(first["title"]["zh"].is_string() && first["description"]["en"].is_string());
    assert_eq!(first["parameters"][0]["type"], "year");
    assert_eq!(first["parameters"][0]["default"], 0);
    assert!(first["parameters"][2]["default"].is_null());
    assert!(first.get("sql").is_none());
}
