//! Every canned query: complete, with the figures worked out by hand, and the same on both engines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;

use super::catalog::{Catalog, Error, Kind, Query};
use super::fixture::database;
use super::polars::run_polars;
use super::{Limits, run};
use crate::lang::Lang;
use crate::table::{Table, Unit, Value};

pub(super) fn catalog() -> Catalog {
    Catalog::load(None).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn ask(name: &str, given: &[(&str, &str)]) -> Table {
    ask_of(&mut database(), name, given)
}

/// The answer of a database.
pub(crate) fn ask_of(conn: &mut Connection, name: &str, given: &[(&str, &str)]) -> Table {
    let catalog = catalog();
    let query = catalog.get(name).expect(name);
    let given = given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
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

#[test]
fn the_correction_rate_sums_each_body_once() {
    // 2023: the city's summary stands for its bureau and its county; the other city's bureaus and
    // the province's department count themselves; one of them has an unsettled part.
    let rows = lines(&ask("review-correction-rate", &[("from", "2023"), ("to", "2023")]));
    assert_eq!(rows, ["2023 4 1 12 4 5 3 24 21 0.1905 aggregate+own"]);
    // Seen from the county, the city's summary is elsewhere: the county's own summary stands.
    let county = lines(&ask("review-correction-rate", &[("region", "321302"), ("to", "2023")]));
    assert_eq!(county, ["2023 1 0 3 1 0 0 4 4 0.2500 aggregate"]);
    // Seen from the city, so is the province's.
    let city = lines(&ask("review-correction-rate", &[("region", "3213"), ("from", "2024")]));
    assert_eq!(city[0], "2024 1 0 9 9 9 9 36 27 0.3333 aggregate");
    let own = lines(&ask("review-correction-rate", &[("region", "3213"), ("scope", "own")]));
    assert_eq!(
        own,
        [
            "2018 1 0 4 1 2 - 7 7 0.1429 own",
            "2020 1 1 - - - - - - - -",
            "2023 2 0 4 1 1 1 7 6 0.1667 own",
            "2024 1 0 8 8 8 8 32 24 0.3333 own",
            "2025 2 0 6 5 5 5 21 16 0.3125 own",
        ]
    );
    let summaries = lines(&ask("review-correction-rate", &[("scope", "aggregate")]));
    assert_eq!(summaries[0], "2023 1 0 10 3 4 2 19 17 0.1765 aggregate");
    assert_eq!(summaries[1], "2024 1 0 49 10 20 1 80 79 0.1266 aggregate");
}

#[test]
fn a_province_or_street_summary_stands_for_its_own_area_only() {
    // 2024: the province's summary stands for everything in it, also for its cities' summaries.
    let rows = lines(&ask("review-correction-rate", &[("from", "2024"), ("to", "2024")]));
    assert_eq!(rows, ["2024 2 0 50 10 20 1 81 80 0.1250 aggregate+own"]);
    // 2025: a street's summary stands for the street's own bodies, and for nothing else.
    let rows = lines(&ask("review-correction-rate", &[("from", "2025")]));
    assert_eq!(rows, ["2025 2 0 3 0 0 0 3 3 0.0000 aggregate+own"]);
}

#[test]
fn nothing_concluded_gives_no_rate_and_nothing_settled_no_sums() {
    assert_eq!(
        lines(&ask("litigation-correction-rate", &[])),
        [
            "2013 1 1 - - - - - - - -",
            "2018 2 1 0 0 1 - 1 1 0.0000 own",
            "2020 1 1 - - - - - - - -",
            "2023 4 0 0 0 0 2 2 0 - aggregate+own",
            "2024 2 2 - - - - - - - -",
            "2025 2 2 - - - - - - - -",
        ]
    );
}

#[test]
fn applications_are_summed_by_edition_and_carried_over() {
    assert_eq!(
        lines(&ask("applications-by-year", &[])),
        [
            "2013 - 1 1 - - -",
            "2018 2014 2 1 12 12 own",
            "2020 2019 1 0 20 19 own",
            "2023 2019 1 0 9 9 own",
            "2023 2021 3 1 108 98 aggregate+own",
            "2024 2021 2 0 1500 1540 aggregate+own",
            "2025 2021 2 0 4 4 aggregate+own",
        ]
    );
    assert_eq!(
        lines(&ask("carried-over", &[("from", "2018"), ("to", "2024")])),
        [
            "2018 2 2 - - - - - - -",
            "2020 1 0 1 20 19 2 21 0.0952 own",
            "2023 4 1 5 117 107 15 122 0.1230 aggregate+own",
            "2024 2 0 120 1500 1540 80 1620 0.0494 aggregate+own",
        ]
    );
}

#[test]
fn each_outcome_has_its_own_numerator_and_denominator() {
    // 2014 does not ask for three; one of its two reports does not settle `processed`.
    assert_eq!(
        lines(&ask("outcomes", &[("to", "2018"), ("from", "2018")])),
        [
            "2018 2014 granted 2 1 6 12 0.5000 own",
            "2018 2014 partially_granted 2 1 2 12 0.1667 own",
            "2018 2014 refused 2 1 1 12 0.0833 own",
        ]
    );
    // a report without tables may have said anything
    let unknown = lines(&ask("outcomes", &[("to", "2013")]));
    assert_eq!(unknown.len(), 6);
    assert!(unknown.iter().all(|row| row.ends_with(" 1 1 - - - -")), "{unknown:?}");
    assert_eq!(
        lines(&ask("outcomes", &[("from", "2023"), ("to", "2023")]))[6..],
        [
            "2023 2021 granted 3 0 41 101 0.4059 aggregate+own",
            "2023 2021 partially_granted 3 0 21 101 0.2079 aggregate+own",
            "2023 2021 refused 3 0 10 101 0.0990 aggregate+own",
            "2023 2021 unavailable 3 0 10 101 0.0990 aggregate+own",
            "2023 2021 not_processed 3 0 9 101 0.0891 aggregate+own",
            "2023 2021 other 3 0 10 101 0.0990 aggregate+own",
        ]
    );
}

#[test]
fn disclosure_has_a_row_for_each_figure_that_the_edition_asks_for() {
    let (unsettled, settled): (Vec<_>, Vec<_>) =
        lines(&ask("disclosure-by-year", &[])).into_iter().partition(|row| row.ends_with(" - - -"));
    assert_eq!(
        settled,
        [
            "2020 2019 regulations made 1 0 2 - own",
            "2020 2019 regulations published 1 0 1 - own",
            "2020 2019 regulations public_total 1 0 9 - own",
            "2020 2019 licensing items_last_year 1 0 30 - own",
            "2020 2019 licensing change 1 0 -3 - own",
            "2020 2019 licensing decisions 1 0 100 - own",
            "2020 2019 procurement projects 1 0 4 - own",
            "2020 2019 procurement amount 1 0 - 25100000 own",
            "2023 2019 licensing items_last_year 1 0 1 - own",
            "2023 2019 licensing change 1 0 3 - own",
            "2023 2019 licensing decisions 1 0 8 - own",
            // of three reports one leaves the fees open, and one has no such table
            "2023 2021 licensing decisions 3 1 12 - aggregate+own",
            "2023 2021 fees amount 3 2 - 1500000 aggregate",
        ]
    );
    // 22 cells in 2019's form, asked twice; 10 in 2021's, asked three times; a row for the reports
    // without tables of 2013, and for 2014's form, which has none of these
    assert_eq!(settled.len() + unsettled.len(), 2 * 22 + 3 * 10 + 2);
    for row in [
        "2013 - - - 1 1 - - -",
        "2018 2014 - - 2 2 - - -",
        "2020 2019 fees items_last_year 1 1 - - -",
        "2023 2021 regulations in_force 3 3 - - -",
        "2025 2021 fees amount 2 2 - - -",
    ] {
        assert!(unsettled.iter().any(|found| found == row), "{row}: {unsettled:?}");
    }
    // the form has no decisions on fees, so nobody is asked for them
    assert!(unsettled.iter().all(|row| !row.contains("fees decisions")));
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

#[test]
fn the_largest_receivers_are_shares_of_what_is_counted_once() {
    assert_eq!(
        lines(&ask("largest-receivers", &[("from", "2023"), ("count", "2")])),
        ["国家某部 - 2024 500 500 1.0000", "宿迁市教育局 321300 2023 30 47 0.6383"]
    );
    assert_eq!(
        lines(&ask(
            "largest-receivers",
            &[("scope", "aggregate"), ("from", "2024"), ("to", "2024")]
        )),
        [
            "江苏省人民政府 320000 2024 1000 1000 1.0000",
            "宿迁市人民政府 321300 2024 90 1000 0.0900",
        ]
    );
}

#[test]
fn a_summary_of_the_regions_below_goes_one_level_down() {
    let year = |year, region| {
        lines(&ask("region-summary", &[("from", year), ("to", year), ("region", region)]))
    };
    assert_eq!(year("2023", ""), ["320000 江苏省 2023 4 1 117 107 66 0.6168 aggregate+own"]);
    assert_eq!(
        year("2023", "32"),
        [
            "320000 江苏省 2023 1 0 8 0 0 - own",
            "320500 苏州市 2023 2 1 9 9 6 0.6667 own",
            "321300 宿迁市 2023 1 0 100 98 60 0.6122 aggregate",
        ]
    );
    assert_eq!(year("2023", "321302"), ["321302 宿城区 2023 1 1 - - - - -"]);
    assert_eq!(
        year("2025", "321302"),
        [
            "321302001 河滨街道 2025 1 0 3 3 3 1.0000 aggregate",
            "321302002 幸福街道 2025 1 0 1 1 1 1.0000 own",
        ]
    );
}

#[test]
fn columns_are_as_the_header_says() {
    let mut conn = database();
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

/// Every combination of a region, years and a scope that the fixture tells apart.
fn choices(query: &Query) -> Vec<BTreeMap<String, String>> {
    let mut all = vec![BTreeMap::new()];
    for parameter in &query.parameters {
        let values: Vec<&str> = match (parameter.kind, parameter.name.as_str()) {
            (Kind::Region, _) => vec!["", "32", "3213", "321302", "99"],
            (Kind::Scope, _) => vec!["auto", "own", "aggregate"],
            (Kind::Choice, _) => parameter.choices.iter().map(String::as_str).collect(),
            (_, "from") => vec!["0", "2024"],
            (_, "count") => vec!["2", "100"],
            _ => continue,
        };
        let with = |given: BTreeMap<String, String>| {
            let name = parameter.name.clone();
            values
                .clone()
                .into_iter()
                .map(move |value| {
                    let mut given = given.clone();
                    given.insert(name.clone(), value.to_owned());
                    given
                })
                .collect::<Vec<_>>()
        };
        all = all.into_iter().flat_map(with).collect();
    }
    all
}

#[test]
fn both_engines_give_the_same() {
    let mut compared = 0;
    let mut conn = database();
    for query in catalog().queries() {
        for given in choices(query) {
            let params = query.params(&given).expect("they fit");
            let limits = Limits::default();
            let sqlite = run(&mut conn, &query.sql, &params, &limits);
            let polars = run_polars(&mut conn, &query.sql, &params, &limits);
            let sqlite = sqlite.unwrap_or_else(|error| panic!("{}: {error}", query.name));
            let polars = polars.unwrap_or_else(|error| panic!("{}: {error}", query.name));
            assert_eq!(sqlite.columns, polars.columns, "{} {given:?}", query.name);
            assert_eq!(sqlite.rows, polars.rows, "{} {given:?}", query.name);
            compared += sqlite.rows.len();
        }
    }
    assert!(compared > 200, "{compared} rows");
}

#[test]
fn the_listing_has_the_fields_of_the_contract() {
    let catalog = catalog();
    let json = serde_json::to_value(catalog.queries()).expect("it is data");
    let first = &json[0];
    assert_eq!(first["name"], "review-correction-rate");
    assert!(first["title"]["zh"].is_string() && first["description"]["en"].is_string());
    assert_eq!(first["parameters"][0]["type"], "year");
    assert_eq!(first["parameters"][0]["default"], 0);
    assert!(first["parameters"][2]["default"].is_null());
    assert!(first.get("sql").is_none());
}

#[test]
fn a_folder_adds_and_overrides_and_errors_name_file_and_line() {
    let folder = tempfile::tempdir().expect("a temp folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let text = |zh: &str| format!("{{ zh = \"{zh}\", en = \"x\" }}");
    let head = format!("-- ---\n-- title = {}\n-- description = {}\n", text("题"), text("说"));
    write("mine.sql", &format!("{head}-- ---\nSELECT 1 AS one\n"));
    write("outcomes.sql", &format!("\u{FEFF}{head}-- ---\nSELECT 2 AS two\n"));
    write("notes.txt", "no query");
    let catalog = Catalog::load(Some(folder.path())).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(catalog.get("outcomes").unwrap().title.zh, "题");
    assert_eq!(catalog.queries().last().unwrap().name, "mine");

    let int = "-- [[parameters]]\n-- name = \"n\"\n-- type = \"int\"\n-- description = { zh = \"\", en = \"\" }\n";
    for (body, line, says) in [
        ("SELECT 1".to_owned(), 1, "header is missing"),
        (format!("{head}SELECT 1"), 4, "no end"),
        (head.clone(), 3, "no end"),
        (format!("{head}-- nonsense\n-- ---\nSELECT 1"), 4, ""),
        (format!("{head}-- colour = 1\n-- ---\nSELECT 1"), 4, "colour"),
        (format!("{head}-- ---\nSELECT 1,\n  :lost"), 6, "':lost'"),
        (format!("{head}{int}-- ---\nSELECT 1"), 5, "does not use"),
        (format!("{head}{int}-- default = \"x\"\n-- ---\nSELECT :n"), 5, "whole number"),
    ] {
        write("mine.sql", &body);
        let catalog = Catalog::load(Some(folder.path())).expect(&body);
        assert_eq!(catalog.broken().count(), 1);
        assert!(catalog.get("outcomes").is_ok(), "the others are there");
        let error = catalog.get("mine").expect_err(&body);
        assert_eq!(catalog.broken().next(), Some(error.to_string().as_str()));
        let Error::File { file, line: at, message } = &error else { panic!("{error}") };
        assert!(file.ends_with("mine.sql") && message.contains(says), "{error}");
        assert_eq!(*at, line, "{error}");
    }
    let missing = Catalog::load(Some(Path::new("/nowhere/at/all"))).expect_err("no folder");
    assert!(missing.to_string().contains("/nowhere/at/all"));
}
