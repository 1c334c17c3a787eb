//! The forms in the database: dimension rows, and a table, column and view wherever an edition
//! needs one that is not there yet.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};

use super::StoreError;
use crate::form::{Form, FormTable, Forms, ValueKind};

/// Where facts go: row ids by edition, table and row.
#[derive(Debug, Default)]
pub struct Dimensions {
    rows: HashMap<(String, String, String), i64>,
}

impl Dimensions {
    /// Id of a row of a form.
    pub fn row(&self, edition: &str, table: &str, row: &str) -> Option<i64> {
        self.rows.get(&(edition.to_owned(), table.to_owned(), row.to_owned())).copied()
    }
}

/// A column of a fact table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactColumn {
    /// Column key on the form.
    pub key: String,
    /// Name in the table; money ends in `_fen`.
    pub name: String,
    /// Whether it holds fen.
    pub money: bool,
}

/// The columns that a table's facts need, in form order.
pub fn fact_columns(table: &FormTable) -> Vec<FactColumn> {
    let mut out = Vec::new();
    for column in &table.columns {
        let kinds: BTreeSet<bool> = table
            .cells()
            .filter(|c| c.column.key == column.key)
            .map(|c| c.kind() == ValueKind::Money)
            .collect();
        for money in kinds {
            let name = if money { format!("{}_fen", column.key) } else { column.key.clone() };
            out.push(FactColumn { key: column.key.clone(), name, money });
        }
    }
    out
}

/// Brings the database to the forms.
pub fn sync(conn: &Connection, forms: &Forms) -> Result<Dimensions, StoreError> {
    let mut dimensions = Dimensions::default();
    for form in forms.iter() {
        conn.execute(
            "INSERT INTO edition VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET
             basis = excluded.basis, first_year = excluded.first_year, last_year = excluded.last_year",
            params![form.edition, form.basis, form.first_year, form.last_year],
        )?;
        for (t, table) in form.tables.iter().enumerate() {
            conn.execute(
                "INSERT INTO form_table VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET
                 title_zh = excluded.title_zh, title_en = excluded.title_en",
                params![form.edition, table.key, table.store, table.title, table.en, t as i64],
            )?;
            for (i, row) in table.rows().enumerate() {
                let unit = row.unit.as_ref().or(table.unit.as_ref());
                conn.execute(
                    "INSERT INTO form_row (edition, table_key, row_key, label_zh, label_en, ordinal, unit)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET
                     label_zh = excluded.label_zh, label_en = excluded.label_en, ordinal = excluded.ordinal",
                    params![form.edition, table.key, row.key, row.label, row.en, i as i64, unit],
                )?;
            }
            for (i, column) in table.columns.iter().enumerate() {
                conn.execute(
                    "INSERT INTO form_column VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET
                     label_zh = excluded.label_zh, label_en = excluded.label_en, ordinal = excluded.ordinal",
                    params![form.edition, table.key, column.key, column.label, column.en, i as i64, column.unit],
                )?;
            }
            extend(conn, table)?;
        }
        cells(conn, form)?;
    }
    let mut relations: Vec<&FormTable> = forms.iter().flat_map(|f| &f.tables).collect();
    relations.sort_by_key(|t| &t.store);
    relations.dedup_by_key(|t| &t.store);
    for table in relations {
        views(conn, table)?;
    }
    let mut rows = conn.prepare("SELECT edition, table_key, row_key, id FROM form_row")?;
    let rows = rows.query_map([], |r| Ok(((r.get(0)?, r.get(1)?, r.get(2)?), r.get(3)?)))?;
    dimensions.rows = rows.collect::<Result<_, _>>()?;
    Ok(dimensions)
}

/// Writes the cells of an edition, and which of them make up its figures.
fn cells(conn: &Connection, form: &Form) -> Result<(), StoreError> {
    let edition = &form.edition;
    conn.execute("DELETE FROM form_figure WHERE edition = ?1", [edition])?;
    conn.execute("DELETE FROM form_cell WHERE edition = ?1", [edition])?;
    let mut insert = conn.prepare("INSERT INTO form_cell VALUES (?1, ?2, ?3, ?4)")?;
    for cell in form.cells() {
        insert.execute(params![edition, cell.table.key, cell.row.key, cell.column.key])?;
    }
    let mut insert =
        conn.prepare("INSERT OR IGNORE INTO form_figure VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (series, figures) in &form.series {
        for (figure, names) in figures {
            // the definition was checked: each name is a cell
            for cell in names.iter().filter_map(|name| form.named_cell(name)) {
                let (table, row, column) = (&cell.table.key, &cell.row.key, &cell.column.key);
                insert.execute(params![edition, series, figure, table, row, column])?;
            }
        }
    }
    Ok(())
}

/// The columns a relation has.
fn existing(conn: &Connection, relation: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    let names = statement.query_map([relation], |r| r.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Creates or extends the fact table of a form's table.
fn extend(conn: &Connection, table: &FormTable) -> Result<(), StoreError> {
    let relation = format!("{}_fact", table.store);
    let mut known = existing(conn, &relation)?;
    if known.is_empty() {
        conn.execute_batch(&format!(
            "CREATE TABLE {relation} (
                row_id INTEGER NOT NULL REFERENCES form_row,
                report_id INTEGER NOT NULL REFERENCES report,
                implied INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (row_id, report_id)
            ) STRICT, WITHOUT ROWID;"
        ))?;
        known = existing(conn, &relation)?;
    }
    for column in fact_columns(table) {
        if !known.contains(&column.name) {
            conn.execute_batch(&format!(
                "ALTER TABLE {relation} ADD COLUMN {} INTEGER",
                column.name
            ))?;
        }
    }
    Ok(())
}

/// Makes the views of a relation, if they are not there as they should be.
fn views(conn: &Connection, table: &FormTable) -> Result<(), StoreError> {
    let relation = &table.store;
    let columns: Vec<String> = existing(conn, &format!("{relation}_fact"))?
        .into_iter()
        .filter(|c| !matches!(c.as_str(), "row_id" | "report_id" | "implied"))
        .collect();
    let mut list = String::new();
    for column in &columns {
        list.push_str(&format!("    f.{column},\n"));
    }
    let key = &table.row_key;
    let plain = format!(
        "CREATE VIEW {relation} AS\n\
         -- {title}: one row per line of the form; implied = 1 where a value is not printed but\n\
         -- settled by the form's sums, NULL where nothing settles it.\n\
         SELECT\n    f.report_id,\n    d.row_key AS {key},\n    d.label_zh AS {key}_zh,\n{list}    f.implied <> 0 AS implied\n\
         FROM form_row AS d\nINNER JOIN {relation}_fact AS f ON f.row_id = d.id\nWHERE d.table_key = '{table_key}'",
        title = table.title,
        table_key = table.key,
    );
    let wide = format!(
        "CREATE VIEW v_{relation} AS\n\
         -- {title}, current reports only, with the report beside each line.\n\
         SELECT\n    f.report_id,\n    o.name AS organ,\n    o.kind,\n    r.year,\n    r.scope,\n    r.edition,\n    r.region_code,\n    r.township_code,\n    r.covered_depth,\n    d.row_key AS {key},\n    d.label_zh AS {key}_zh,\n{list}    f.implied <> 0 AS implied\n\
         FROM form_row AS d\nINNER JOIN {relation}_fact AS f ON f.row_id = d.id\nINNER JOIN report AS r ON r.id = f.report_id\nINNER JOIN organ AS o ON o.id = r.organ_id\nWHERE d.table_key = '{table_key}' AND r.is_current = 1",
        title = table.title,
        table_key = table.key,
    );
    for (name, sql) in [(relation.clone(), plain), (format!("v_{relation}"), wide)] {
        let known = conn.query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [&name], |r| {
            r.get::<_, String>(0)
        });
        if known.is_ok_and(|k| k == sql) {
            continue;
        }
        conn.execute_batch(&format!("DROP VIEW IF EXISTS {name}; {sql};"))?;
    }
    Ok(())
}
