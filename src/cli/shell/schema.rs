//! What there is to be asked: `.tables`, `.schema`, `.describe`.

use std::borrow::Cow;

use anyhow::{anyhow, bail};
use rust_i18n::t;

use super::session::Session;
use crate::cli::describe as canned;
use crate::export::{self, Format};
use crate::lang::{Bilingual, Lang};
use crate::nearest::closest;
use crate::query::names::Relation;
use crate::store::{comment_on, comment_on_column};
use crate::table::{Column, Table, Value};

/// Lists views and tables, those whose names are like a pattern of SQL's.
pub fn tables(session: &mut Session, pattern: Option<&str>) -> anyhow::Result<()> {
    let lang = session.common.lang();
    let row = |relation: &Relation| {
        let kind = if relation.is_view { t!("shell.view") } else { t!("shell.table") };
        vec![
            Value::Text(relation.name.clone()),
            Value::Text(kind.into()),
            label(relation.title.as_ref(), lang),
        ]
    };
    let relations = session.words.relations.iter();
    let liked = relations.filter(|r| pattern.is_none_or(|pattern| is_like(&r.name, pattern)));
    let columns = headings([
        ("name", t!("shell.name")),
        ("kind", t!("shell.kind")),
        ("title", t!("shell.holds")),
    ]);
    let table = Table { columns, rows: liked.map(row).collect(), total_rows: None };
    session.print(&table)
}

/// The SQL that made a table or a view, or all of them.
pub fn sql(session: &mut Session, name: Option<&str>) -> anyhow::Result<()> {
    let words = session.words.clone();
    let relations = match name {
        Some(name) => vec![words.relation(name).ok_or_else(|| unknown(session, name))?],
        None => words.relations.iter().collect(),
    };
    session.write(|_, _, out| {
        for relation in relations {
            writeln!(out, "{};", relation.sql)?;
        }
        Ok(())
    })
}

/// What a view, a table or a canned query holds.
pub fn describe(session: &mut Session, name: &str) -> anyhow::Result<()> {
    let format = session.common.format_or(Format::Table)?;
    if let Ok(query) = session.catalog.get(name) {
        let query = query.clone();
        let format = if format.is_whole() { Format::Table } else { format };
        return session.write(|_, options, out| {
            canned::write(&query, &t!("shell.how_to_choose"), format, out, options)
        });
    }
    let words = session.words.clone();
    let Some(relation) = words.relation(name) else { bail!(unknown(session, name)) };
    let columns = columns(relation, session.common.lang());
    if !matches!(format, Format::Table | Format::Markdown) {
        return session.print(&columns);
    }
    session.write(|_, options, out| {
        writeln!(out, "{}", heading(relation, options.lang))?;
        if let Some(comment) = comment_on(&relation.name, &relation.sql) {
            writeln!(out, "{}", export::fold(&comment, options.width))?;
        }
        Ok(format.write(&columns, out, options)?)
    })
}

fn heading(relation: &Relation, lang: Lang) -> String {
    match &relation.title {
        Some(title) => format!("{}　{}", relation.name, title.get(lang)),
        None => relation.name.clone(),
    }
}

/// The columns of a table or view; what says nothing of any of them is left out.
fn columns(relation: &Relation, lang: Lang) -> Table {
    let row = |column: &crate::query::names::Column| {
        let comment = comment_on_column(&column.name, &relation.sql);
        vec![
            Value::Text(column.name.clone()),
            Value::Text(column.kind.clone()),
            label(column.label.as_ref(), lang),
            comment.map_or(Value::Null, Value::Text),
        ]
    };
    let columns = headings([
        ("name", t!("shell.column")),
        ("type", t!("shell.type")),
        ("label", t!("shell.meaning")),
        ("comment", t!("shell.comment")),
    ]);
    let mut table =
        Table { columns, rows: relation.columns.iter().map(row).collect(), total_rows: None };
    let empty =
        |value: &Value| matches!(value, Value::Null) || *value == Value::Text(String::new());
    for index in (1..table.columns.len()).rev() {
        if table.rows.iter().all(|row| empty(&row[index])) {
            table.columns.remove(index);
            table.rows.iter_mut().for_each(|row| drop(row.remove(index)));
        }
    }
    table
}

/// Columns by their names and headings.
fn headings<const N: usize>(names: [(&str, Cow<'_, str>); N]) -> Vec<Column> {
    let heading = |(name, title): (&str, Cow<'_, str>)| Column {
        title: Some(title.into()),
        ..Column::new(name)
    };
    names.map(heading).into()
}

fn label(label: Option<&Bilingual>, lang: Lang) -> Value {
    label.map_or(Value::Null, |label| Value::Text(label.get(lang).to_owned()))
}

fn unknown(session: &Session, name: &str) -> anyhow::Error {
    let relations = session.words.relations.iter().map(|relation| relation.name.as_str());
    let queries = session.words.queries.iter().map(|query| query.name.as_str());
    let nearest = closest(name, relations.chain(queries));
    let hint = nearest.map_or_else(
        || t!("shell.see_tables").into_owned(),
        |nearest| t!("query.nearest", name = nearest).into_owned(),
    );
    anyhow!("{}{hint}", t!("sql.no_table", name = name))
}

/// Whether a name is like a pattern in which `%` is any text and `_` itself or any character.
fn is_like(name: &str, pattern: &str) -> bool {
    let (name, pattern) = (name.to_lowercase(), pattern.to_lowercase());
    let Some((first, rest)) = pattern.split_once('%') else { return name == pattern };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('%').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::words;
    use super::*;

    #[test]
    fn patterns_are_those_of_sql() {
        for pattern in ["v_case", "v%", "%case", "V_%", "%", "v%a%e"] {
            assert!(is_like("v_case", pattern), "{pattern}");
        }
        for pattern in ["case", "x%", "%cas", "v%ee", "v_cas"] {
            assert!(!is_like("v_case", pattern), "{pattern}");
        }
    }

    #[test]
    fn a_view_has_labels_and_a_table_comments() {
        let words = words();
        let names = |name: &str| -> Vec<String> {
            let relation = words.relation(name).expect(name);
            columns(relation, Lang::Zh).columns.into_iter().map(|column| column.name).collect()
        };
        assert_eq!(names("v_requests"), ["name", "type", "label"]);
        assert_eq!(names("processing_fee"), ["name", "type", "label", "comment"]);
        let table = columns(words.relation("v_case").expect("a view"), Lang::Zh);
        let upheld = table.rows.iter().find(|row| row[0] == Value::Text("upheld".to_owned()));
        assert_eq!(upheld.expect("a column")[2], Value::Text("结果维持".to_owned()));
    }
}
