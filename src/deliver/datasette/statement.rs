//! A canned query as Datasette runs it.
//!
//! Datasette binds every parameter as a text, an empty one where nothing is given, and knows
//! neither types nor defaults. So the statement begins with a relation of one row, `given`, that
//! makes of the texts what the program itself would bind, and reads them from there.

use std::fmt::Write as _;

use crate::query::catalog::{Kind, Parameter, Query};
use crate::query::{Kind as Token, tokens};

/// The relation with the values; no query has one of that name, which a test sees to.
const GIVEN: &str = "nianbao_given";
/// That with the texts, defaults filled in.
const TEXTS: &str = "nianbao_text";

/// The statement.
#[must_use]
pub fn statement(query: &Query) -> String {
    let body = without_header(&query.sql);
    let (has_with, rest) = after_with(body);
    let replaced = with_values(rest);
    let (texts, values) = (texts(query), values(query));
    let then = if has_with { ",\n" } else { "\n" };
    format!(
        "WITH {TEXTS} AS (\n    SELECT\n{texts}\n),\n{GIVEN} AS (\n    SELECT\n{values}\n    FROM {TEXTS}\n){then}{}\n",
        replaced.trim()
    )
}

/// What stands behind the header and other comments.
fn without_header(sql: &str) -> &str {
    let first = tokens(sql).into_iter().find(|token| token.is_part());
    first.map_or("", |token| &sql[token.at..])
}

/// Whether a statement begins with relations of its own, and what stands behind that word.
fn after_with(sql: &str) -> (bool, &str) {
    match tokens(sql).first() {
        Some(first) if first.text.eq_ignore_ascii_case("WITH") => (true, &sql[first.end()..]),
        _ => (false, sql),
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

fn texts(query: &Query) -> String {
    let text = |parameter: &Parameter| {
        let default = parameter.default.as_ref().map(ToString::to_string).unwrap_or_default();
        let (name, default) = (&parameter.name, literal(&default));
        format!("        COALESCE(NULLIF(TRIM(:{name}), ''), {default}) AS text_{name}")
    };
    query.parameters.iter().map(text).collect::<Vec<_>>().join(",\n")
}

/// What is bound, in the order of the parameters; a year that `latest` is needs those beside it.
fn values(query: &Query) -> String {
    let mut out = Vec::new();
    for parameter in &query.parameters {
        let name = &parameter.name;
        let text = format!("text_{name}");
        match parameter.kind {
            Kind::Region => {
                let code = code(&text);
                out.push((name.clone(), code.clone()));
                out.push((format!("{name}_from"), code.clone()));
                out.push((format!("{name}_to"), last_code(&code)));
                out.push((format!("{name}_level"), level_of_code(&code)));
            }
            Kind::Year => out.push((name.clone(), year(query, &text))),
            Kind::Int => {
                let number = format!("CAST({text} AS INTEGER)");
                let least = parameter.least.map(|least| format!("MAX({least}, {number})"));
                out.push((name.clone(), least.unwrap_or(number)));
            }
            Kind::Level => out.push((name.clone(), level(&text))),
            Kind::Text | Kind::Scope | Kind::Choice => out.push((name.clone(), text)),
        }
    }
    let lines = out.iter().map(|(name, value)| format!("        {value} AS given_{name}"));
    lines.collect::<Vec<_>>().join(",\n")
}

/// The code of a region that is given by its code or its name; everywhere where nothing is given,
/// and none that there is where the name is not known.
fn code(text: &str) -> String {
    format!(
        "CASE WHEN {text} = '' OR {text} GLOB '[0-9]*' THEN SUBSTR({text} || '000000', 1, 6) \
         ELSE COALESCE((SELECT MIN(code) FROM region WHERE LENGTH(code) = 6 AND name = {text}), '999999') END"
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
        let code = code("text_region");
        conditions.push(format!(
            "({code} = '000000' OR f.region_code BETWEEN {code} AND {})",
            last_code(&code)
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

    use super::*;
    use crate::lang::Lang;
    use crate::query::canned::catalog;
    use crate::query::{Limits, Params, fixture, run};
    use crate::table::Value;

    /// What a statement answers when all its parameters are texts, as Datasette binds them.
    fn of_texts(conn: &mut Connection, query: &Query, given: &[(&str, &str)]) -> Vec<Vec<Value>> {
        let text = |parameter: &Parameter| {
            let told = given.iter().find(|(name, _)| *name == parameter.name);
            let text = told.map_or("", |(_, text)| text);
            (parameter.name.clone(), Value::Text(text.to_owned()))
        };
        let params: Params = query.parameters.iter().map(text).collect();
        let sql = statement(query);
        let answer = run(conn, &sql, &params, &Limits::default());
        answer.unwrap_or_else(|error| panic!("{}: {error}\n{sql}", query.name)).rows
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
                assert_eq!(of_texts(&mut conn, query, &given), ours, "{} {given:?}", query.name);
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
    fn a_region_may_be_given_by_name() {
        let mut conn = fixture::database();
        let catalog = catalog();
        let query = catalog.get("applications-by-year").unwrap();
        let name: String = conn
            .query_row("SELECT name FROM region WHERE code = '321300'", [], |r| r.get(0))
            .unwrap();
        let by_name = of_texts(&mut conn, query, &[("region", &name)]);
        assert_eq!(by_name, of_texts(&mut conn, query, &[("region", "321300")]));
        let nowhere = of_texts(&mut conn, query, &[("region", "没有这个地方")]);
        assert_ne!(by_name, nowhere);
    }
}
