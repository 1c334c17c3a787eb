//! A canned query as Datasette runs it.
//!
//! Datasette binds every parameter as a text, an empty one where nothing is given, and knows
//! neither types nor defaults. So the statement begins with relations of one row that make of the
//! texts what the program itself would bind, and reads the values from there. They are worked out
//! once and for all: put into one another, as SQLite else does, they would grow without end.

use std::fmt::Write as _;

use crate::query::catalog::{Kind, Parameter, Query};
use crate::query::{Kind as Token, tokens};

/// The relation with the values; no query has one of that name, which a test sees to.
const GIVEN: &str = "nianbao_given";
/// That with the texts, defaults filled in.
const TEXTS: &str = "nianbao_text";
/// That with the codes of regions beside them.
const CODES: &str = "nianbao_code";

/// The statement.
#[must_use]
pub fn statement(query: &Query) -> String {
    let body = without_header(&query.sql);
    let (with, rest) = after_with(body);
    let replaced = with_values(rest);
    let relations = [
        (TEXTS, texts(query), String::new()),
        (CODES, codes(query), format!("\n    FROM {TEXTS}")),
        (GIVEN, values(query), format!("\n    FROM {CODES}")),
    ];
    let relation = |(name, columns, from): (&str, Vec<String>, String)| {
        let columns = columns.join(",\n        ");
        format!("{name} AS MATERIALIZED (\n    SELECT\n        {columns}{from}\n)")
    };
    let relations = relations.map(relation).join(",\n");
    let then = if with.is_some() { "," } else { "" };
    format!("{} {relations}{then}\n{}", with.unwrap_or("WITH"), replaced.trim())
}

/// What stands behind the header and other comments.
fn without_header(sql: &str) -> &str {
    let first = tokens(sql).into_iter().find(|token| token.is_part());
    first.map_or("", |token| &sql[token.at..])
}

/// The words with which a statement begins that has relations of its own, and what stands behind
/// them.
fn after_with(sql: &str) -> (Option<&'static str>, &str) {
    let mut words = tokens(sql).into_iter().filter(|token| token.is_part());
    let mut is = |word: &str| words.next().filter(|token| token.text.eq_ignore_ascii_case(word));
    match (is("WITH"), is("RECURSIVE")) {
        (Some(_), Some(last)) => (Some("WITH RECURSIVE"), &sql[last.end()..]),
        (Some(last), None) => (Some("WITH"), &sql[last.end()..]),
        (None, _) => (None, sql),
    }
}

/// The statement with each parameter read from the relation.
fn with_values(sql: &str) -> String {
    let mut out = String::new();
    for token in tokens(sql) {
        match token.kind {
            Token::Parameter => {
                let _ = write!(out, "(SELECT given_{} FROM {GIVEN})", &token.text[1..]);
            }
            _ => out.push_str(token.text),
        }
    }
    out
}

/// A text in a statement.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn texts(query: &Query) -> Vec<String> {
    let text = |parameter: &Parameter| {
        let default = parameter.default.as_ref().map(ToString::to_string).unwrap_or_default();
        let (name, default) = (&parameter.name, literal(&default));
        format!("COALESCE(NULLIF(TRIM(:{name}), ''), {default}) AS text_{name}")
    };
    query.parameters.iter().map(text).collect()
}

fn codes(query: &Query) -> Vec<String> {
    let regions = query.parameters.iter().filter(|p| p.kind == Kind::Region).map(|p| {
        let name = &p.name;
        format!("{} AS code_{name}", code(&format!("text_{name}")))
    });
    std::iter::once(format!("{TEXTS}.*")).chain(regions).collect()
}

/// What is bound, in the order of the parameters.
fn values(query: &Query) -> Vec<String> {
    let mut out = Vec::new();
    for parameter in &query.parameters {
        let name = &parameter.name;
        let text = format!("text_{name}");
        let mut put = |end: &str, value: String| out.push(format!("{value} AS given_{name}{end}"));
        match parameter.kind {
            Kind::Region => {
                let code = format!("code_{name}");
                put("", code.clone());
                put("_from", code.clone());
                put("_to", last_code(&code));
                put("_level", level_of_code(&code));
            }
            Kind::Year => put("", year(query, &text)),
            Kind::Int => {
                let number = format!("CAST({text} AS INTEGER)");
                let least = parameter.least.map(|least| format!("MAX({least}, {number})"));
                put("", least.unwrap_or(number));
            }
            Kind::Level => put("", level(&text)),
            Kind::Text | Kind::Scope | Kind::Choice => put("", text),
        }
    }
    out
}

/// The code of a region that is given by its code or its name; everywhere where nothing is given,
/// and none that there is where the name is not known, or is that of several.
fn code(text: &str) -> String {
    format!(
        "CASE WHEN {text} = '' OR {text} GLOB '[0-9]*' THEN SUBSTR({text} || '000000', 1, 6) \
         ELSE COALESCE((SELECT CASE COUNT(*) WHEN 1 THEN MIN(code) END FROM region WHERE LENGTH(code) = 6 AND name = {text}), '999999') END"
    )
}

fn level_of_code(code: &str) -> String {
    format!(
        "CASE WHEN {code} = '000000' THEN 0 WHEN {code} LIKE '%0000' THEN 1 \
         WHEN {code} LIKE '%00' THEN 2 ELSE 3 END"
    )
}

fn last_code(code: &str) -> String {
    format!(
        "CASE WHEN {code} = '000000' THEN '999999' WHEN {code} LIKE '%0000' THEN SUBSTR({code}, 1, 2) || '9999' \
         WHEN {code} LIKE '%00' THEN SUBSTR({code}, 1, 4) || '99' ELSE {code} END"
    )
}

fn level(text: &str) -> String {
    format!(
        "CASE {text} WHEN 'all' THEN -1 WHEN 'central' THEN 0 WHEN 'province' THEN 1 WHEN 'city' THEN 2 \
         WHEN 'county' THEN 3 WHEN 'township' THEN 4 ELSE CAST({text} AS INTEGER) END"
    )
}

/// A year, or the last one in which a report is among those that are asked of: as `latest` is
/// settled elsewhere.
fn year(query: &Query, text: &str) -> String {
    let find = |name: &str| query.parameters.iter().find(|p| p.name == name);
    let mut conditions = Vec::new();
    if find("to").is_some() {
        conditions.push("(text_to = 'latest' OR f.year <= CAST(text_to AS INTEGER))".to_owned());
    }
    if find("region").is_some() {
        let last = last_code("code_region");
        conditions.push(format!(
            "(code_region = '000000' OR f.region_code BETWEEN code_region AND {last})"
        ));
    }
    if find("scope").is_some() {
        conditions
            .push("(text_scope NOT IN ('own', 'aggregate') OR f.scope = text_scope)".to_owned());
    }
    // that of regions says how they are added up, not which reports count
    if let Some(of_bodies) =
        query.parameters.iter().find(|p| p.kind == Kind::Level && p.least.is_none())
    {
        let level = level(&format!("text_{}", of_bodies.name));
        conditions.push(format!("({level} < 0 OR f.level = {level})"));
    }
    if find("kind").is_some() {
        conditions.push("(text_kind IN ('', 'all') OR f.kind = text_kind)".to_owned());
    }
    if find("organ").is_some() {
        conditions.push(
            "(text_organ = '' OR f.organ_id IN (SELECT id FROM organ WHERE name = text_organ))"
                .to_owned(),
        );
    }
    let filter = match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    };
    format!(
        "CASE {text} WHEN 'latest' THEN COALESCE((SELECT f.year FROM report_figure AS f{filter} ORDER BY f.year DESC LIMIT 1), 0) \
         ELSE CAST({text} AS INTEGER) END"
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rusqlite::Connection;
    use rusqlite::types::ValueRef;

    use super::*;
    use crate::lang::Lang;
    use crate::query::canned::catalog;
    use crate::query::{Limits, fixture};
    use crate::table::Value;

    /// What SQLite alone answers when all parameters are texts, as Datasette binds them.
    fn of_texts(conn: &Connection, query: &Query, given: &[(&str, &str)]) -> Vec<Vec<Value>> {
        let sql = statement(query);
        let failed = |error| panic!("{}: {error}\n{sql}", query.name);
        let mut asked = conn.prepare(&sql).unwrap_or_else(failed);
        for parameter in &query.parameters {
            let told = given.iter().find(|(name, _)| *name == parameter.name);
            let name = format!(":{}", parameter.name);
            let index = asked.parameter_index(&name).unwrap().expect(&name);
            asked.raw_bind_parameter(index, told.map_or("", |(_, text)| text)).unwrap();
        }
        let width = asked.column_count();
        let mut rows = asked.raw_query();
        let mut out = Vec::new();
        while let Some(row) = rows.next().unwrap_or_else(|error| panic!("{}: {error}", query.name))
        {
            let value = |index| match row.get_ref(index).unwrap() {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(n) => Value::Int(n),
                ValueRef::Real(x) => Value::Real(x),
                ValueRef::Text(text) => Value::Text(String::from_utf8(text.to_vec()).unwrap()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
            };
            out.push((0..width).map(value).collect());
        }
        out
    }

    fn of_the_program(
        conn: &mut Connection,
        query: &Query,
        given: &[(&str, &str)],
    ) -> Vec<Vec<Value>> {
        let given: BTreeMap<String, String> =
            given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let params = query.params(&given).unwrap();
        query.run(conn, &params, &Limits::default(), Lang::Zh).unwrap().rows
    }

    #[test]
    fn every_query_answers_texts_as_it_answers_the_program() {
        let mut conn = fixture::database();
        let mut answered = 0;
        for query in catalog().queries() {
            let has = |name: &str| query.parameters.iter().any(|p| p.name == name);
            let choices: [&[(&str, &str)]; 7] = [
                &[],
                &[("from", "2019"), ("to", "2023")],
                &[("from", "latest")],
                &[("region", "3213")],
                &[("region", "320000"), ("from", "0")],
                &[("scope", "own"), ("from", "0")],
                &[("level", "county"), ("limit", "3"), ("minimum", "1"), ("from", "0")],
            ];
            for given in choices {
                let given: Vec<(&str, &str)> =
                    given.iter().filter(|(name, _)| has(name)).copied().collect();
                // a county is no scope of a query that takes other levels
                if query
                    .params(
                        &given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
                    )
                    .is_err()
                {
                    continue;
                }
                let ours = of_the_program(&mut conn, query, &given);
                assert_eq!(of_texts(&conn, query, &given), ours, "{} {given:?}", query.name);
                answered += usize::from(!ours.is_empty());
            }
        }
        assert!(answered > 100, "{answered}");
    }

    #[test]
    fn names_of_its_own_are_nobody_elses() {
        for query in catalog().queries() {
            assert!(!query.sql.contains("nianbao_") && !query.sql.contains("given_"));
            assert!(!statement(query).contains("-- ---"), "{}", query.name);
        }
    }

    #[test]
    fn relations_of_its_own_stand_behind() {
        for (sql, with, rest) in [
            ("SELECT 1", None, "SELECT 1"),
            ("with a AS (SELECT 1) SELECT 2", Some("WITH"), " a AS (SELECT 1) SELECT 2"),
            ("WITH RECURSIVE a AS (b) SELECT 2", Some("WITH RECURSIVE"), " a AS (b) SELECT 2"),
        ] {
            assert_eq!(after_with(sql), (with, rest));
        }
    }

    #[test]
    fn a_region_may_be_given_by_name() {
        let conn = fixture::database();
        let catalog = catalog();
        let query = catalog.get("applications-by-year").unwrap();
        let name: String = conn
            .query_row("SELECT name FROM region WHERE code = '321300'", [], |r| r.get(0))
            .unwrap();
        let by_name = of_texts(&conn, query, &[("region", &name)]);
        assert_eq!(by_name, of_texts(&conn, query, &[("region", "321300")]));
        let nowhere = of_texts(&conn, query, &[("region", "没有这个地方")]);
        assert_ne!(by_name, nowhere);
    }
}
