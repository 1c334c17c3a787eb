//! What there is to be asked: the tables and views with their columns and what these mean, and the
//! functions that a statement may call.

use std::collections::HashMap;
use std::sync::LazyLock;

use rusqlite::Connection;
use serde::Deserialize;

use super::{Error, guard};
use crate::lang::Bilingual;

/// A table or a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Its name.
    pub name: String,
    /// Whether it is a view.
    pub is_view: bool,
    /// What it holds, in a few words.
    pub title: Option<Bilingual>,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// The statement that made it.
    pub sql: String,
}

/// A column of a table or a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its declared type; empty where there is none.
    pub kind: String,
    /// What it holds.
    pub label: Option<Bilingual>,
}

/// The labels of `data/relations.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    relations: HashMap<String, Bilingual>,
    columns: HashMap<String, Bilingual>,
}

/// None where the file is broken, which a test excludes.
static LABELS: LazyLock<Option<Labels>> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/relations.toml")).ok());

/// Tables and views without the inner tables of the full-text index.
const RELATIONS: &str = "
SELECT
    l.name,
    l.type = 'view' AS is_view,
    COALESCE(s.sql, '') AS sql,
    c.name AS column_name,
    c.type AS column_type
FROM pragma_table_list AS l
INNER JOIN sqlite_schema AS s ON s.name = l.name
INNER JOIN pragma_table_xinfo(l.name) AS c
WHERE l.schema = 'main' AND l.type IN ('view', 'table', 'virtual') AND c.hidden IN (0, 2, 3)
ORDER BY l.type <> 'view', l.name NOT LIKE 'v!_%' ESCAPE '!', l.name, c.cid";

/// What the forms call their columns, the newest edition last.
const FORM_COLUMNS: &str = "
SELECT t.relation, c.column_key, c.label_zh, c.label_en
FROM form_column AS c
INNER JOIN form_table AS t USING (edition, table_key)
ORDER BY c.edition, c.ordinal DESC";

/// What the forms call their tables, the newest edition last.
const FORM_TABLES: &str =
    "SELECT relation, title_zh, title_en FROM form_table ORDER BY edition, ordinal DESC";

/// The tables and views there are: first the views, those with the report beside them foremost.
///
/// # Errors
/// [`Error::Database`] where the database cannot be read.
pub fn relations(conn: &Connection) -> Result<Vec<Relation>, Error> {
    read(conn).map_err(Error::Database)
}

fn read(conn: &Connection) -> rusqlite::Result<Vec<Relation>> {
    let labels = FormLabels::read(conn)?;
    let mut relations: Vec<Relation> = Vec::new();
    let mut statement = conn.prepare(RELATIONS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        if relations.last().is_none_or(|last| last.name != name) {
            let (is_view, sql, columns) = (row.get(1)?, row.get(2)?, Vec::new());
            let title = labels.title(&name);
            relations.push(Relation { name: name.clone(), is_view, title, columns, sql });
        }
        let (column, kind): (String, String) = (row.get(3)?, row.get(4)?);
        let label = labels.label(&name, &column);
        if let Some(relation) = relations.last_mut() {
            relation.columns.push(Column { name: column, kind, label });
        }
    }
    Ok(relations)
}

/// The names of the functions that a statement may call.
///
/// # Errors
/// [`Error::Database`] where the database cannot be read.
pub fn functions(conn: &Connection) -> Result<Vec<String>, Error> {
    let read = || {
        // a connection has ours from its first statement on; here it may not have had one
        super::functions::install(conn)?;
        conn.prepare("SELECT DISTINCT name FROM pragma_function_list ORDER BY name")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()
    };
    let mut names = read().map_err(Error::Database)?;
    let callable = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
    names.retain(|name| callable(name) && !guard::is_forbidden(name));
    Ok(names)
}

/// What relations and columns are called: by `data/relations.toml`, and those of the forms by the
/// forms in the database.
pub struct FormLabels {
    tables: HashMap<String, Bilingual>,
    columns: HashMap<(String, String), Bilingual>,
}

impl FormLabels {
    /// Reads what the forms bring.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn read(conn: &Connection) -> rusqlite::Result<FormLabels> {
        let tables = conn
            .prepare(FORM_TABLES)?
            .query_map([], |row| Ok((row.get(0)?, Bilingual { zh: row.get(1)?, en: row.get(2)? })))?
            .collect::<rusqlite::Result<_>>()?;
        let columns = conn
            .prepare(FORM_COLUMNS)?
            .query_map([], |row| {
                let label = Bilingual { zh: row.get(2)?, en: row.get(3)? };
                Ok(((row.get(0)?, row.get(1)?), label))
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(FormLabels { tables, columns })
    }

    /// What a relation holds, in a few words.
    #[must_use]
    pub fn title(&self, relation: &str) -> Option<Bilingual> {
        let own = LABELS.as_ref().and_then(|labels| labels.relations.get(relation));
        own.or_else(|| self.tables.get(form_relation(relation))).cloned()
    }

    /// What a column of a relation holds.
    #[must_use]
    pub fn label(&self, relation: &str, column: &str) -> Option<Bilingual> {
        let key = (form_relation(relation).to_owned(), column.to_owned());
        let own = || LABELS.as_ref().and_then(|labels| labels.columns.get(column));
        self.columns.get(&key).or_else(own).cloned()
    }
}

/// The form's own name for its view and the table behind it.
fn form_relation(name: &str) -> &str {
    let name = name.strip_suffix("_fact").unwrap_or(name);
    name.strip_prefix("v_").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn what_can_be_asked_has_labels_and_nothing_else_has() {
        let labels = LABELS.as_ref().expect("data/relations.toml is sound");
        let conn = fixture::database();
        let relations = relations(&conn).expect("the schema can be read");
        let columns = || relations.iter().flat_map(|relation| &relation.columns);
        for name in labels.relations.keys() {
            assert!(relations.iter().any(|relation| relation.name == *name), "no relation {name}");
        }
        for name in labels.columns.keys() {
            assert!(columns().any(|column| column.name == *name), "no column {name}");
        }
        for name in ["v_report", "v_requests", "v_case", "v_application", "v_disclosure"] {
            let view = relations.iter().find(|relation| relation.name == name).expect(name);
            assert!(view.is_view && view.title.is_some(), "{name}");
            for column in &view.columns {
                assert!(column.label.is_some(), "{name}.{}", column.name);
            }
        }
        assert!(relations.first().is_some_and(|first| first.name.starts_with("v_")));
        assert!(!relations.iter().any(|relation| relation.name == "section_index_data"));
    }

    #[test]
    fn forms_name_their_own_columns() {
        let relations = relations(&fixture::database()).expect("the schema can be read");
        let label = |relation: &str, column: &str| {
            let relation = relations.iter().find(|r| r.name == relation).expect(relation);
            let column = relation.columns.iter().find(|c| c.name == column).expect(column);
            column.label.clone().expect("it has one").zh
        };
        assert_eq!(label("v_application", "natural_person"), "自然人");
        assert_eq!(label("application_fact", "natural_person"), "自然人");
    }

    #[test]
    fn functions_are_those_that_may_be_called() {
        let functions = functions(&fixture::database()).expect("they can be listed");
        let known = |name: &str| functions.iter().any(|function| function == name);
        assert!(known("count") && known("group_concat") && known("json_extract"));
        assert!(!known("load_extension") && !known("unhex") && !known("->"));
    }
}
