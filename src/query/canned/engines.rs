//! SQLite and Polars give the same answers.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::catalog::{Kind, Query};
use super::super::fixture::{database, odd, wide};
use super::super::polars::run_polars;
use super::super::scan::parameters;
use super::super::{Limits, Params, run};
use super::catalog;
use crate::table::Value;

/// Every combination of a region, years and a scope that the fixture tells apart; and each value
/// that another parameter can have, by itself.
fn choices(query: &Query) -> Vec<BTreeMap<String, String>> {
    let mut all = vec![BTreeMap::new()];
    let mut alone = Vec::new();
    for parameter in &query.parameters {
        let values: Vec<&str> = match (parameter.kind, parameter.name.as_str()) {
            (Kind::Region, _) => vec!["", "32", "3213", "321302", "99"],
            (Kind::Scope, _) => vec!["auto", "own", "aggregate"],
            (Kind::Choice, "scope") => parameter.choices.iter().map(String::as_str).collect(),
            (_, "from") => vec!["0", "2022"],
            (kind, name) => {
                let values: Vec<&str> = match kind {
                    Kind::Choice => parameter.choices.iter().map(String::as_str).collect(),
                    Kind::Level => parameter.levels().collect(),
                    _ if ["count", "limit", "minimum"].contains(&name) => vec!["1", "2", "100"],
                    _ => Vec::new(),
                };
                let one = |value: &&str| BTreeMap::from([(name.to_owned(), (*value).to_owned())]);
                alone.extend(values.iter().map(one));
                continue;
            }
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
    all.extend(alone);
    all
}

/// What reads sums that are kept gives what the reports themselves give: each such query has a plain
/// form beside it, which is also what the peer of the bench is asked.
#[test]
fn a_query_of_what_is_kept_gives_what_its_plain_form_gives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/plain");
    let mut compared = 0;
    for mut conn in [wide(), database(), odd()] {
        for query in catalog().queries() {
            let Ok(plain) = std::fs::read_to_string(folder.join(format!("{}.sql", query.name)))
            else {
                continue;
            };
            for given in choices(query) {
                let params = query.params(&given).expect("they fit");
                let params = query.settled(&conn, &params).expect("the database is sound");
                let limits = Limits::default();
                let used = |params: &Params| -> Params {
                    let named: Vec<&str> = parameters(&plain).collect();
                    let of_plain = |(name, _): &(&String, &Value)| named.contains(&name.as_str());
                    params.iter().filter(of_plain).map(|(n, v)| (n.clone(), v.clone())).collect()
                };
                let ours = run(&mut conn, &query.sql, &params, &limits);
                let plain = run(&mut conn, &plain, &used(&params), &limits);
                let ours = ours.unwrap_or_else(|error| panic!("{}: {error}", query.name));
                let plain = plain.unwrap_or_else(|error| panic!("{}: {error}", query.name));
                assert_eq!(ours.rows, plain.rows, "{} {given:?}", query.name);
                compared += ours.rows.len();
            }
        }
    }
    assert!(compared > 1_000, "{compared} rows");
}

#[test]
fn both_engines_give_the_same() {
    let mut compared = 0;
    let mut conn = wide();
    for query in catalog().queries() {
        for given in choices(query) {
            let params = query.params(&given).expect("they fit");
            let params = query.settled(&conn, &params).expect("the database is sound");
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
