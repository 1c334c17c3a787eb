//! What is written: facts, dimensions and definitions.
//!
//! The relations of `data/dataset.toml` are read as they stand there; each table of the forms is
//! one more, with the columns that its editions have.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use rust_i18n::t;
use serde::Deserialize;

use super::definitions;
use super::relation::{Field, Group, Kind, Relation, Source, Stored};
use crate::form::Forms;
use crate::lang::{Bilingual, Lang};
use crate::query::names::FormLabels;
use crate::store::{StoreError, comment_on, comment_on_column};

const DATASET: &str = include_str!("../../../data/dataset.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dataset {
    titles: BTreeMap<String, Bilingual>,
    relations: Vec<Entry>,
    definitions: Vec<Defined>,
}

/// A definition as the file has it; its rows are made here.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defined {
    name: String,
    title: Bilingual,
    columns: Vec<DefinedColumn>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DefinedColumn {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    title: Bilingual,
}

/// A relation as the file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    group: Group,
    /// The relation that its words are taken from, where that is not its own name.
    of: Option<String>,
    table: String,
    report: Option<String>,
    lead: Option<String>,
    #[serde(default)]
    joins: String,
    #[serde(rename = "where")]
    condition: Option<String>,
    key: Vec<String>,
    #[serde(default)]
    refers: Vec<[String; 3]>,
    columns: Vec<String>,
}

/// All relations: facts, dimensions, definitions.
///
/// # Errors
/// When SQLite fails.
pub fn relations(conn: &Connection, forms: &Forms) -> Result<Vec<Relation>, StoreError> {
    let dataset: Dataset =
        toml::from_str(DATASET).map_err(|e| StoreError::Damaged(e.to_string()))?;
    let words = Words::read(conn, dataset.titles)?;
    let mut found = of_forms(conn, &words)?;
    let (facts, others): (Vec<Entry>, Vec<Entry>) =
        dataset.relations.into_iter().partition(|entry| entry.group == Group::Facts);
    found.splice(0..0, facts.into_iter().map(|entry| entry.relation(&words)));
    found.extend(others.into_iter().map(|entry| entry.relation(&words)));
    found.extend(dataset.definitions.into_iter().map(|defined| defined.relation(forms)));
    Ok(found)
}

/// What relations and columns are called, and what the schema says of them.
struct Words {
    /// Of the file.
    titles: BTreeMap<String, Bilingual>,
    labels: FormLabels,
    /// Statements that made the relations.
    made: Vec<(String, String)>,
}

impl Words {
    fn read(conn: &Connection, titles: BTreeMap<String, Bilingual>) -> Result<Words, StoreError> {
        let mut made =
            conn.prepare("SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'view')")?;
        let made = made.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let made = made.collect::<Result<_, _>>()?;
        Ok(Words { titles, labels: FormLabels::read(conn)?, made })
    }

    fn made(&self, relation: &str) -> &str {
        let found = self.made.iter().find(|(name, _)| name == relation);
        found.map_or("", |(_, sql)| sql)
    }

    fn title(&self, relation: &str) -> Option<Bilingual> {
        self.labels.title(relation).or_else(|| self.titles.get(relation).cloned())
    }

    fn field(&self, relation: &str, name: &str, kind: Kind) -> Field {
        let own = self.titles.get(name).cloned();
        Field {
            name: name.to_owned(),
            kind,
            title: own.or_else(|| self.labels.label(relation, name)),
            unit: name
                .ends_with("_fen")
                .then(|| t!("deliver.fen", locale = Lang::Zh.key()).into_owned()),
            note: comment_on_column(name, self.made(relation)),
        }
    }
}

impl Entry {
    fn relation(self, words: &Words) -> Relation {
        let of = self.of.as_deref().unwrap_or(&self.name);
        let alias = self.table.rsplit(' ').next().unwrap_or_default();
        let mut fields = Vec::new();
        let mut select = Vec::new();
        for column in &self.columns {
            let mut parts = column.splitn(3, ' ');
            let name = parts.next().unwrap_or_default();
            let kind = if parts.next() == Some("int") { Kind::Int } else { Kind::Text };
            fields.push(words.field(of, name, kind));
            select.push(parts.next().map_or_else(|| format!("{alias}.{name}"), str::to_owned));
        }
        Relation {
            title: words.title(of),
            note: comment_on(of, words.made(of)),
            fields,
            source: Source::Stored(Stored {
                select,
                lead: self.lead,
                table: self.table,
                joins: self.joins,
                condition: self.condition,
                report: self.report,
            }),
            name: self.name,
            group: self.group,
            key: self.key,
            refers: self.refers,
        }
    }
}

impl Defined {
    fn relation(self, forms: &Forms) -> Relation {
        let field = |column: DefinedColumn| Field {
            name: column.name,
            kind: column.kind,
            title: Some(column.title),
            unit: None,
            note: None,
        };
        Relation {
            group: Group::Definitions,
            title: Some(self.title),
            note: None,
            fields: self.columns.into_iter().map(field).collect(),
            key: vec![self.name.clone()],
            refers: Vec::new(),
            source: Source::Here(definitions::rows(&self.name, forms)),
            name: self.name,
        }
    }
}

/// The facts of each table of the forms, with the columns of all editions.
fn of_forms(conn: &Connection, words: &Words) -> Result<Vec<Relation>, StoreError> {
    let mut tables =
        conn.prepare("SELECT DISTINCT relation, table_key FROM form_table ORDER BY relation")?;
    let tables = tables.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let tables: Vec<(String, String)> = tables.collect::<Result<_, _>>()?;
    tables.iter().map(|(relation, table)| of_form(conn, words, relation, table)).collect()
}

fn of_form(
    conn: &Connection,
    words: &Words,
    relation: &str,
    table: &str,
) -> Result<Relation, StoreError> {
    let fact = format!("{relation}_fact");
    let mut columns = conn.prepare(
        "SELECT name FROM pragma_table_info(?1)
         WHERE name NOT IN ('row_id', 'report_id', 'implied') ORDER BY cid",
    )?;
    let columns = columns.query_map([&fact], |r| r.get(0))?;
    let columns: Vec<String> = columns.collect::<Result<_, _>>()?;
    let mut unit = conn.prepare(
        "SELECT MAX(unit) FROM form_column WHERE table_key = ?1 AND column_key = ?2
         GROUP BY table_key HAVING COUNT(*) = COUNT(unit) AND MIN(unit) = MAX(unit)",
    )?;
    let mut fields = vec![
        words.field(relation, "report_id", Kind::Int),
        words.field(relation, "row_edition", Kind::Text),
        words.field(relation, "row_key", Kind::Text),
    ];
    let mut select = ["f.report_id", "d.edition", "d.row_key"].map(str::to_owned).to_vec();
    for column in columns {
        let mut field = words.field(relation, &column, Kind::Int);
        if field.unit.is_none() {
            let mut found = unit.query_map(params![table, column], |r| r.get(0))?;
            field.unit = found.next().transpose()?;
        }
        select.push(format!("f.{column}"));
        fields.push(field);
    }
    fields.push(words.field(relation, "implied_bits", Kind::Int));
    select.push("f.implied".to_owned());
    Ok(Relation {
        name: relation.to_owned(),
        group: Group::Facts,
        title: words.title(relation),
        note: comment_on(&fact, words.made(&fact)),
        fields,
        key: ["report_id", "row_edition", "row_key"].map(str::to_owned).to_vec(),
        refers: vec![
            ["report_id", "report", "report_id"].map(str::to_owned),
            ["row_edition", "edition", "edition"].map(str::to_owned),
        ],
        source: Source::Stored(Stored {
            select,
            // in the order in which facts lie; an index on the key of the table would be another
            lead: Some("form_row AS d".to_owned()),
            table: format!("{fact} AS f"),
            joins: String::new(),
            condition: Some(format!("f.row_id = d.id AND +d.table_key = '{table}'")),
            report: Some("f.report_id".to_owned()),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::fixture;
    use crate::table::Value;

    fn all() -> (Connection, Vec<Relation>) {
        let conn = fixture::database();
        let relations = relations(&conn, &Forms::builtin()).expect("they can be read");
        (conn, relations)
    }

    #[test]
    fn every_column_is_told_in_both_languages() {
        let (_, relations) = all();
        assert!(relations.len() > 15, "{}", relations.len());
        for relation in &relations {
            let title = relation.title.as_ref().unwrap_or_else(|| panic!("{}", relation.name));
            assert!(!title.zh.is_ascii(), "{}", relation.name);
            for field in &relation.fields {
                let title = field.title.as_ref();
                let title = title.unwrap_or_else(|| panic!("{}.{}", relation.name, field.name));
                assert!(!title.zh.is_ascii() && title.en.is_ascii(), "{title:?}");
            }
            for name in &relation.key {
                assert!(relation.fields.iter().any(|f| f.name == *name), "{name}");
            }
            for [column, there, name] in &relation.refers {
                assert!(relation.fields.iter().any(|f| f.name == *column), "{column}");
                let there = relations.iter().find(|r| r.name == *there).expect(there);
                assert!(there.fields.iter().any(|f| f.name == *name), "{name}");
            }
        }
    }

    #[test]
    fn nothing_is_sorted_and_few_reports_are_looked_up() {
        let (conn, relations) = all();
        for relation in &relations {
            let Source::Stored(stored) = &relation.source else { continue };
            for few in [false, true] {
                if few && relation.group != Group::Facts {
                    continue;
                }
                let sql = format!("EXPLAIN QUERY PLAN {}", stored.sql(few));
                let mut plan = conn.prepare(&sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
                let ids: &[&str] = if few { &["[1]"] } else { &[] };
                let steps = plan.query_map(rusqlite::params_from_iter(ids), |r| r.get(3));
                let steps: Vec<String> = steps.unwrap().map(Result::unwrap).collect();
                assert!(!steps.iter().any(|s| s.contains("TEMP B-TREE")), "{sql}: {steps:?}");
                if few {
                    let scans = |s: &&String| s.starts_with("SCAN");
                    let scanned: Vec<&String> = steps.iter().filter(scans).collect();
                    let small = |s: &&String| {
                        s.starts_with("SCAN j")
                            || s.starts_with("SCAN d")
                            || s.contains("VALUES CLAUSE")
                    };
                    assert!(scanned.iter().all(small), "{sql}: {steps:?}");
                }
            }
        }
    }

    #[test]
    fn definitions_have_the_columns_that_are_told() {
        let (_, relations) = all();
        let defined: Vec<&Relation> =
            relations.iter().filter(|r| r.group == Group::Definitions).collect();
        assert_eq!(defined.len(), 2);
        for relation in defined {
            let Source::Here(rows) = &relation.source else { panic!("{}", relation.name) };
            assert!(rows.len() > 20, "{}", relation.name);
            for row in rows {
                assert_eq!(row.len(), relation.fields.len(), "{}", relation.name);
                for (value, field) in row.iter().zip(&relation.fields) {
                    let fits = match value {
                        Value::Int(_) => field.kind == Kind::Int,
                        Value::Text(_) => field.kind == Kind::Text,
                        other => *other == Value::Null,
                    };
                    assert!(fits, "{}: {value:?}", field.name);
                }
            }
        }
    }

    #[test]
    fn money_is_in_fen_and_codes_are_text() {
        let (_, relations) = all();
        let field = |relation: &str, name: &str| {
            let relation = relations.iter().find(|r| r.name == relation).expect(relation);
            relation.fields.iter().find(|f| f.name == name).expect(name).clone()
        };
        let money = field("disclosure", "amount_fen");
        assert_eq!((money.kind, money.unit.as_deref()), (Kind::Int, Some("分")));
        assert_eq!(field("report", "region_code").kind, Kind::Text);
        assert_eq!(field("organ", "township_code").kind, Kind::Text);
        assert_eq!(field("application", "natural_person").title.expect("told").zh, "自然人");
    }
}
