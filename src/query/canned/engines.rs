//! SQLite and Polars give the same answers.

use std::collections::BTreeMap;

use super::super::catalog::{Kind, Query};
use super::super::polars::run_polars;
use super::super::{Limits, run};
use super::{catalog, wide};

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
