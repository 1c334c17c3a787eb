//! What people read in place of the keys of an answer. Data formats keep the keys.

use std::collections::HashMap;

use rusqlite::Connection;
use rust_i18n::t;
use serde::{Deserialize, Serialize};

use super::catalog::Heading;
use super::{Error, Params};
use crate::lang::Lang;
use crate::table::{Table, Value};

/// Labels that are kept elsewhere than in the header of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelsOf {
    /// Whose reports were summed: `own`, `aggregate`, `aggregate+own`.
    Scope,
    /// The rows of tables of the form, a blank between their keys, in the edition that the answer's
    /// column `edition` names.
    Rows(String),
    /// The columns of tables of the form, likewise.
    Columns(String),
    /// The tables of the form, likewise.
    Tables,
    /// The rules of the check, by their Chinese titles.
    RuleTitles,
    /// Of a region that is the one asked for, while other rows are those below it: its own level,
    /// told by the answer's column `region_code`.
    OwnLevel,
}

/// Labels by edition and key; under no edition those of the newest.
type Labels = HashMap<(Option<String>, String), String>;

/// Gives a column of an answer its labels.
pub(super) fn label(
    conn: &Connection,
    table: &mut Table,
    index: usize,
    heading: &Heading,
    params: &Params,
    lang: Lang,
) -> Result<(), Error> {
    let mut labels: Labels = heading
        .labels
        .iter()
        .map(|(key, text)| ((None, key.clone()), text.get(lang).to_owned()))
        .collect();
    match &heading.labels_of {
        None => {}
        Some(LabelsOf::Scope) => labels.extend(scopes(lang)),
        Some(LabelsOf::Rows(names)) => labels.extend(of_form(conn, "row", names, lang)?),
        Some(LabelsOf::Columns(names)) => labels.extend(of_form(conn, "column", names, lang)?),
        Some(LabelsOf::Tables) => labels.extend(of_tables(conn, lang)?),
        Some(LabelsOf::RuleTitles) => labels.extend(of_rules(conn, lang)?),
        Some(LabelsOf::OwnLevel) => {
            table.columns[index].labels = own_level(conn, table, index, params, lang)?;
            return Ok(());
        }
    }
    if labels.is_empty() {
        return Ok(());
    }
    let edition = table.columns.iter().position(|column| column.name == "edition");
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    };
    let found = table.rows.iter().map(|row| {
        let key = text(&row[index])?;
        let edition = edition.and_then(|at| text(&row[at]));
        labels.get(&(edition, key.clone())).or_else(|| labels.get(&(None, key))).cloned()
    });
    table.columns[index].labels = found.collect();
    Ok(())
}

fn scopes(lang: Lang) -> [((Option<String>, String), String); 3] {
    let locale = lang.key();
    [
        ("own", t!("scope.own", locale = locale)),
        ("aggregate", t!("scope.aggregate", locale = locale)),
        ("aggregate+own", t!("scope.both", locale = locale)),
    ]
    .map(|(key, label)| ((None, key.to_owned()), label.into()))
}

/// What a statement gives, row by row.
fn read<T>(
    conn: &Connection,
    sql: &str,
    given: &[&str],
    row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Error> {
    let read = || {
        let given = rusqlite::params_from_iter(given);
        conn.prepare(sql)?.query_map(given, row)?.collect::<rusqlite::Result<Vec<T>>>()
    };
    read().map_err(Error::Database)
}

/// The labels of the rows or columns of a form's tables.
fn of_form(conn: &Connection, part: &str, names: &str, lang: Lang) -> Result<Labels, Error> {
    let sql = format!(
        "SELECT edition, {part}_key, label_{}, unit FROM form_{part} WHERE table_key = ?1 ORDER BY edition",
        lang.key()
    );
    let mut labels = Labels::new();
    for name in names.split_whitespace() {
        let found = read(conn, &sql, &[name], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?))
        })?;
        for (edition, key, label, unit) in found {
            let unit: Option<String> = unit;
            insert(&mut labels, edition, key, without_unit(label, unit.as_deref()));
        }
    }
    Ok(labels)
}

/// The labels of a form's tables.
fn of_tables(conn: &Connection, lang: Lang) -> Result<Labels, Error> {
    let sql =
        format!("SELECT edition, table_key, title_{} FROM form_table ORDER BY edition", lang.key());
    let mut labels = Labels::new();
    for (edition, key, label) in
        read(conn, &sql, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
    {
        insert(&mut labels, edition, key, label);
    }
    Ok(labels)
}

/// Under its edition, and under none; there the last that comes stays.
fn insert(labels: &mut Labels, edition: String, key: String, label: String) {
    labels.insert((Some(edition), key.clone()), label.clone());
    labels.insert((None, key), label);
}

/// The titles of the rules by their Chinese ones.
fn of_rules(conn: &Connection, lang: Lang) -> Result<Labels, Error> {
    let sql = format!("SELECT title_zh, title_{} FROM rule", lang.key());
    let titles = read(conn, &sql, &[], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(titles.into_iter().map(|(zh, title)| ((None, zh), title)).collect())
}

/// The labels of a column of regions.
fn own_level(
    conn: &Connection,
    table: &Table,
    index: usize,
    params: &Params,
    lang: Lang,
) -> Result<Vec<Option<String>>, Error> {
    let Some(Value::Text(asked)) = params.get("region") else { return Ok(Vec::new()) };
    let code = table.columns.iter().position(|column| column.name == "region_code");
    let Some(code) = code else { return Ok(Vec::new()) };
    if !has_regions_below(conn, asked)? {
        return Ok(Vec::new());
    }
    let label = |row: &Vec<Value>| match (&row[code], &row[index]) {
        (Value::Text(code), Value::Text(name)) if code == asked => {
            Some(t!("labels.own_level", locale = lang.key(), region = name).into())
        }
        _ => None,
    };
    Ok(table.rows.iter().map(label).collect())
}

/// Whether a region has any below it: a city without counties is one place with its towns.
fn has_regions_below(conn: &Connection, code: &str) -> Result<bool, Error> {
    let sql =
        "SELECT 1 FROM region WHERE parent_code = ?1 AND (level < 4 OR ?1 NOT LIKE '%00') LIMIT 1";
    Ok(!read(conn, sql, &[code], |_| Ok(()))?.is_empty())
}

/// A label without the unit that the form prints in it, as in 本年收费金额（单位：万元）: the answer
/// has its own.
fn without_unit(label: String, unit: Option<&str>) -> String {
    let Some(unit) = unit else { return label };
    for mark in [format!("（单位：{unit}）"), format!("（{unit}）")] {
        if let Some(bare) = label.strip_suffix(&mark) {
            return bare.to_owned();
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::super::canned::{ask, catalog, lines};
    use crate::table::Value;

    #[test]
    fn no_label_has_a_unit_that_is_not_the_value_s() {
        use crate::lang::Lang;
        use crate::query::Limits;
        let catalog = catalog();
        let query = catalog.get("disclosure-by-year").unwrap();
        let params = query.params(&Default::default()).unwrap();
        let mut conn = super::super::fixture::database();
        let table = query.run(&mut conn, &params, &Limits::default(), Lang::Zh).unwrap();
        let labels: Vec<&str> =
            table.columns[3].labels.iter().flatten().map(String::as_str).collect();
        assert!(labels.contains(&"本年收费金额"), "{labels:?}");
        assert!(labels.iter().all(|label| !label.contains('元')), "{labels:?}");
        assert_eq!(table.columns[7].title.as_deref(), Some("金额（元）"));
    }

    #[test]
    fn people_read_labels_of_the_edition_of_the_row() {
        let table = ask("disclosure-by-year", &[]);
        let label = |row: &str, column: usize| {
            let at = lines(&table).iter().position(|found| found.starts_with(row)).expect(row);
            table.columns[column].labels[at].clone().expect("it has a label")
        };
        assert_eq!(label("2020 2019 procurement amount", 2), "centralized procurement");
        assert_eq!(label("2020 2019 procurement amount", 3), "procurement amount");
        assert_eq!(label("2023 2021 fees amount", 3), "fees charged this year");
        assert_eq!(label("2023 2021 fees amount", 8), "summaries");
        assert_eq!(label("2023 2021 licensing decisions", 8), "summaries and own reports");
        let outcomes = ask("outcomes", &[("from", "2023"), ("to", "2023")]);
        assert!(outcomes.columns[2].labels.contains(&Some("partly granted".to_owned())));
        for query in catalog().queries() {
            let table = ask(&query.name, &[]);
            for column in table.columns.iter().filter(|column| !column.labels.is_empty()) {
                let index =
                    table.columns.iter().position(|other| other == column).expect("it is one");
                for (row, label) in table.rows.iter().zip(&column.labels) {
                    assert!(
                        label.is_some() || row[index] == Value::Null,
                        "{}: {row:?}",
                        query.name
                    );
                }
            }
        }
    }
}
