//! Every canned query: complete, portable, and the same on both engines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;

use super::catalog::{Catalog, Error, Kind, Query};
use super::polars::run_polars;
use super::scan::{Part, parameters, parts};
use super::{Limits, run};
use crate::lang::Lang;
use crate::table::{Table, Unit, Value};

fn catalog() -> Catalog {
    Catalog::load(None).unwrap_or_else(|error| panic!("{error}"))
}

/// Relations of the shapes that the queries read, with a province's summary (32), a city's (3213),
/// a county's (321302) and a street's (321302001), own reports beneath, and two editions.
fn database() -> Connection {
    let conn = Connection::open_in_memory().expect("memory is there");
    conn.execute_batch(include_str!("canned.sql")).expect("the fixture is sound");
    conn
}

fn ask(name: &str, given: &[(&str, &str)]) -> Table {
    let catalog = catalog();
    let query = catalog.get(name).expect(name);
    let given = given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let params = query.params(&given).expect("they fit");
    query
        .run(&mut database(), &params, &Limits::default(), Lang::En)
        .unwrap_or_else(|e| panic!("{e}"))
}

/// The rows as text, one a line.
fn lines(table: &Table) -> Vec<String> {
    let show = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Int(n) => n.to_string(),
        Value::Real(x) => format!("{x:.4}"),
        Value::Text(text) => text.clone(),
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
    // 2023: the city's summary stands for its bureau and its county; the other city's bureau and
    // the province's department count themselves; one of them has an unsettled part.
    let rows = lines(&ask("review-correction-rate", &[("from", "2023"), ("to", "2023")]));
    assert_eq!(rows, ["2023 3 1 12 4 4 3 23 20 0.2000 aggregate+own"]);
    // Seen from the county, the city's summary is elsewhere: the county's own summary stands.
    let county = lines(&ask("review-correction-rate", &[("region", "321302"), ("to", "2023")]));
    assert_eq!(county, ["2023 1 0 3 1 0 0 4 4 0.2500 aggregate"]);
    let own = lines(&ask("review-correction-rate", &[("region", "3213"), ("scope", "own")]));
    assert_eq!(own[0], "2023 3 0 5 2 1 1 9 8 0.2500 own");
}

#[test]
fn a_province_or_street_summary_stands_for_its_own_area_only() {
    // 2024: the province's summary stands for everything in it, also for its cities' summaries.
    let rows = lines(&ask("review-correction-rate", &[("from", "2024"), ("to", "2024")]));
    assert_eq!(rows, ["2024 2 0 50 10 20 - 80 80 0.1250 aggregate+own"]);
    // 2025: a street's summary stands for the street's own report, and for nothing else.
    let rows = lines(&ask("review-correction-rate", &[("from", "2025")]));
    assert_eq!(rows, ["2025 2 0 3 0 0 0 3 3 0.0000 aggregate+own"]);
}

#[test]
fn nothing_concluded_gives_no_rate_and_nothing_settled_no_sums() {
    let rows = lines(&ask("litigation-correction-rate", &[]));
    assert_eq!(rows, ["2023 1 0 0 0 0 2 2 0 - own", "2024 1 1 - - - - - - - -"]);
}

#[test]
fn columns_are_as_the_header_says() {
    for query in catalog().queries() {
        let given = BTreeMap::new();
        let table = run(
            &mut database(),
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
    for query in catalog().queries() {
        for given in choices(query) {
            let params = query.params(&given).expect("they fit");
            let mut conn = database();
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
fn every_query_is_portable() {
    for query in catalog().queries() {
        let faults = faults(&query.sql);
        assert!(faults.is_empty(), "{}: {faults:?}", query.name);
        let documented: usize = query.parameters.len();
        assert!(documented > 0 && parameters(&query.sql).count() >= documented, "{}", query.name);
        for text in [&query.title, &query.description] {
            assert!(!text.zh.is_ascii() && text.en.is_ascii(), "{}: {text:?}", query.name);
        }
    }
}

/// Functions that SQLite, Polars, DuckDB and Spark have with one meaning, and the words before
/// a bracket that are none.
const PORTABLE: [&str; 26] = [
    "ABS", "AND", "AS", "AVG", "BETWEEN", "BY", "CASE", "CAST", "COALESCE", "COUNT", "ELSE",
    "FROM", "IN", "LENGTH", "LOWER", "MAX", "MIN", "NOT", "NULLIF", "ON", "OR", "SUBSTR", "SUM",
    "THEN", "WHEN", "WHERE",
];

/// What in a statement is not portable.
fn faults(sql: &str) -> Vec<String> {
    let parts: Vec<Part<'_>> = parts(sql).into_iter().map(|(_, part)| part).collect();
    let mut faults = Vec::new();
    let next = |index: usize| parts.get(index + 1).copied();
    let before = |index: usize| index.checked_sub(1).and_then(|index| parts.get(index)).copied();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Quoted(name) => faults.push(format!("{name} is quoted")),
            Part::Sign("?") => faults.push("a parameter without a name".to_owned()),
            Part::Sign("%") => faults.push("% is not the same everywhere".to_owned()),
            Part::Sign("/") => {
                if next(index) != Some(Part::Word("NULLIF")) {
                    faults.push("a division without NULLIF".to_owned());
                }
                if !numerator_is_real(&parts[..index]) {
                    faults.push("a division without CAST(… AS DOUBLE)".to_owned());
                }
            }
            Part::Sign("||") => {
                let text =
                    |part: Option<Part<'_>>| matches!(part, Some(Part::Text(_) | Part::Sign(")")));
                if !text(before(index)) || !matches!(next(index), Some(Part::Text(_))) {
                    faults.push("|| on what may be no text".to_owned());
                }
            }
            Part::Word(word) if word.parse::<f64>().is_ok() && word.parse::<i64>().is_err() => {
                faults.push(format!("{word} is not read alike everywhere"));
            }
            Part::Word(word) if next(index) == Some(Part::Sign("(")) => {
                let named = matches!(before(index), Some(Part::Sign(",") | Part::Word("WITH")));
                let upper = word.to_uppercase();
                if !named && !PORTABLE.contains(&upper.as_str()) {
                    faults.push(format!("{word}() is not everywhere"));
                }
            }
            Part::Word(word)
                if ["GLOB", "ISNULL", "NOTNULL", "REGEXP", "MATCH", "ILIKE", "ROWID", "TOTAL"]
                    .contains(&word.to_uppercase().as_str())
                    && *word == word.to_uppercase() =>
            {
                faults.push(format!("{word} is not everywhere"));
            }
            _ => {}
        }
    }
    faults
}

/// Whether what stands before a division is `CAST(… AS DOUBLE)`. Polars cannot read `1e0`, and
/// `1.0` is a decimal in Spark.
fn numerator_is_real(before: &[Part<'_>]) -> bool {
    let [rest @ .., Part::Word("AS"), Part::Word("DOUBLE"), Part::Sign(")")] = before else {
        return false;
    };
    let mut depth = 1;
    let open = rest.iter().rposition(|part| {
        match part {
            Part::Sign(")") => depth += 1,
            Part::Sign("(") => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    matches!(open.map(|open| &rest[..open]), Some([.., Part::Word("CAST")]))
}

#[test]
fn the_lint_finds_what_is_not_portable() {
    for bad in [
        "SELECT a / b FROM t",
        "SELECT 1e0 * a / b FROM t",
        "SELECT a / NULLIF(b, 0) FROM t",
        "SELECT 1.0 * a / NULLIF(b, 0) FROM t",
        "SELECT 1e0 * a / NULLIF(b, 0) FROM t",
        "SELECT CAST(a AS DOUBLE) + b / NULLIF(c, 0) FROM t",
        "SELECT CAST(a AS INTEGER) / NULLIF(c, 0) FROM t",
        "SELECT GROUP_CONCAT(a) FROM t",
        "SELECT strftime('%Y', a) FROM t",
        "SELECT json_extract(a, '$') FROM t",
        "SELECT year || 'x' FROM t",
        "SELECT \"a\" FROM t",
        "SELECT a FROM t WHERE a GLOB 'x*'",
        "SELECT a % 2 FROM t",
        "SELECT ?1",
        "SELECT IIF(a, 1, 2), IFNULL(a, 0) FROM t",
    ] {
        assert!(!faults(bad).is_empty(), "{bad}");
    }
    for good in [
        "SELECT CAST(a AS DOUBLE) / NULLIF(b, 0), CAST(SUM(a) AS DOUBLE) / NULLIF(SUM(b), 0) FROM t",
        "SELECT CAST((a + b) * 2 AS DOUBLE) / NULLIF(c, 0) FROM t",
        "WITH u AS (SELECT SUBSTR(a, 1, 2) || '00' AS b FROM t) SELECT b FROM u WHERE b IN ('1')",
    ] {
        assert_eq!(faults(good), Vec::<String>::new(), "{good}");
    }
}

#[test]
fn parameters_are_typed_and_errors_name_them() {
    let catalog = catalog();
    let query = catalog.get("review-correction-rate").unwrap();
    let fail = |name: &str, value: &str| {
        let given = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        query.params(&given).expect_err(value).to_string()
    };
    assert_eq!(fail("from", "二零"), "parameter 'from' is a year such as 2023, not '二零'");
    assert_eq!(fail("scope", "all"), "parameter 'scope' is one of auto, own, aggregate, not 'all'");
    assert!(fail("region", "宿迁").contains("six digits"));
    assert_eq!(fail("form", "2020"), "there is no parameter 'form'; did you mean 'from'?");
    let params = query.params(&BTreeMap::from([("region".into(), "3213".into())])).unwrap();
    assert_eq!(params["region_from"], Value::Text("321300".to_owned()));
    assert_eq!(params["region_to"], Value::Text("321399".to_owned()));
    assert_eq!(params["region_level"], Value::Int(2));
    assert_eq!(params["from"], Value::Int(0));
    let error = catalog.get("review-corection-rate").expect_err("misspelt");
    assert!(error.to_string().contains("did you mean 'review-correction-rate'?"));
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
        let error = Catalog::load(Some(folder.path())).expect_err(&body);
        let Error::File { file, line: at, message } = &error else { panic!("{error}") };
        assert!(file.ends_with("mine.sql") && message.contains(says), "{error}");
        assert_eq!(*at, line, "{error}");
    }
    let missing = Catalog::load(Some(Path::new("/nowhere/at/all"))).expect_err("no folder");
    assert!(missing.to_string().contains("/nowhere/at/all"));
}

#[test]
fn polars_refuses_what_is_no_query() {
    let mut conn = database();
    let none = super::Params::new();
    for sql in [
        "DROP TABLE region",
        "CREATE TABLE t AS SELECT 1",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM scan_parquet('x')",
        "SELECT 1; SELECT 2",
        "-- nothing",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM nowhere",
        "EXPLAIN SELECT 1",
        "TRUNCATE TABLE region",
    ] {
        assert!(run_polars(&mut conn, sql, &none, &Limits::default()).is_err(), "{sql}");
    }
    let limits = Limits { max_rows: Some(1), ..Limits::default() };
    let cut = run_polars(&mut conn, "SELECT code FROM region;", &none, &limits).unwrap();
    assert_eq!((cut.rows.len(), cut.total_rows), (1, Some(4)));
}
