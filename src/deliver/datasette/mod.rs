//! The metadata file with which [Datasette](https://datasette.io) shows the database as this
//! program does: the canned queries with their parameters, and what tables and columns hold.

mod statement;
mod yaml;

use rusqlite::Connection;
use rust_i18n::t;
use serde_json::{Map, Value, json};

pub use statement::statement;

use crate::export::escape_html;
use crate::lang::{Bilingual, Lang};
use crate::query::catalog::{Kind, Parameter, Query};
use crate::query::names::{Relation, relations};
use crate::query::{self, catalog::Catalog};
use crate::store::{comment_on, comment_on_column};

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// The text of the file; `database` is the name that Datasette gives the database, that of its file
/// without the extension.
///
/// # Errors
/// When the database cannot be read.
pub fn text(
    conn: &Connection,
    catalog: &Catalog,
    database: &str,
    style: Style,
) -> Result<String, query::Error> {
    let metadata = metadata(conn, catalog, database)?;
    Ok(match style {
        Style::Json => format!("{metadata:#}\n"),
        Style::Yaml => yaml::text(&metadata),
    })
}

fn metadata(conn: &Connection, catalog: &Catalog, name: &str) -> Result<Value, query::Error> {
    let queries: Map<String, Value> =
        catalog.queries().iter().map(|query| (query.name.clone(), canned(query))).collect();
    let tables: Map<String, Value> =
        relations(conn)?.iter().map(|relation| (relation.name.clone(), table(relation))).collect();
    let mut databases = Map::new();
    databases.insert(
        name.to_owned(),
        json!({
            "description": in_both("datasette_database"),
            "queries": queries,
            "tables": tables,
        }),
    );
    Ok(json!({
        "title": in_both("datasette_title"),
        "description": in_both("datasette_description"),
        "databases": databases,
    }))
}

fn canned(query: &Query) -> Value {
    let params: Vec<&str> = query.parameters.iter().map(|p| p.name.as_str()).collect();
    let parameters: String = query.parameters.iter().map(parameter).collect();
    let (zh, en) = (escape_html(&query.description.zh), escape_html(&query.description.en));
    json!({
        "title": query.title.both(),
        "description_html": format!("<p>{zh}</p><p>{en}</p><ul>{parameters}</ul>"),
        "params": params,
        "sql": statement(query),
    })
}

/// A parameter with what it may be and what it is where nothing is given.
fn parameter(parameter: &Parameter) -> String {
    let default = parameter.default.as_ref().map(ToString::to_string).filter(|d| !d.is_empty());
    let choices = match parameter.kind {
        Kind::Choice => parameter.choices.join(", "),
        Kind::Level => parameter.levels().collect::<Vec<_>>().join(", "),
        _ => String::new(),
    };
    let choices = if choices.is_empty() { choices } else { format!(": {choices}") };
    let default =
        default.map(|d| format!(" = <code>{}</code>", escape_html(&d))).unwrap_or_default();
    format!(
        "<li><code>{}</code>{default} {}{}</li>",
        escape_html(&parameter.name),
        escape_html(&parameter.description.both()),
        escape_html(&choices)
    )
}

fn table(relation: &Relation) -> Value {
    let comment = comment_on(&relation.name, &relation.sql);
    let described: Vec<String> =
        relation.title.iter().map(Bilingual::both).chain(comment).collect();
    let columns: Map<String, Value> = relation
        .columns
        .iter()
        .filter_map(|column| {
            let label = column.label.as_ref().map(Bilingual::both);
            let unit = column.name.ends_with("_fen").then(|| in_both("fen"));
            let comment = comment_on_column(&column.name, &relation.sql);
            let said: Vec<String> = [label, unit, comment].into_iter().flatten().collect();
            (!said.is_empty()).then(|| (column.name.clone(), said.join("; ").into()))
        })
        .collect();
    json!({ "description": described.join(": "), "columns": columns })
}

/// A message in both languages.
fn in_both(leaf: &str) -> String {
    let of = |lang: Lang| t!(format!("deliver.{leaf}"), locale = lang.key()).into_owned();
    Bilingual { zh: of(Lang::Zh), en: of(Lang::En) }.both()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{canned, fixture};

    #[test]
    fn everything_that_can_be_asked_is_described() {
        let conn = fixture::database();
        let catalog = canned::catalog();
        let text = text(&conn, &catalog, "年报", Style::Json).unwrap();
        let metadata: Value = serde_json::from_str(&text).unwrap();
        let database = &metadata["databases"]["年报"];
        assert_eq!(database["queries"].as_object().unwrap().len(), catalog.queries().len());
        let rate = &database["queries"]["review-correction-rate"];
        assert_eq!(rate["params"], json!(["from", "to", "region", "scope"]));
        assert!(rate["title"].as_str().unwrap().contains("行政复议纠错率"));
        assert!(rate["description_html"].as_str().unwrap().contains("<code>auto</code>"));
        let view = &database["tables"]["v_disclosure"];
        assert!(view["description"].as_str().unwrap().contains("current reports only"), "{view}");
        assert!(view["columns"]["amount_fen"].as_str().unwrap().contains("fen"), "{view}");
        let yaml = super::text(&conn, &catalog, "年报", Style::Yaml).unwrap();
        assert!(yaml.contains("\n      review-correction-rate:\n"), "{yaml}");
    }
}
