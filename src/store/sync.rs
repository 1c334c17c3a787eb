//! The forms in the database: dimension rows, and a table, column and view wherever an edition
//! needs one that is not there yet.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::{StoreError, places};
use crate::form::{CellDef, Form, FormTable, Forms, Row, ValueKind};

/// Where the facts of each edition go, and which cells make up its figures.
#[derive(Debug, Default)]
pub struct Dimensions {
    editions: HashMap<String, Vec<FactTable>>,
    figures: HashMap<String, Vec<Figure>>,
}

/// A figure of the one series over all editions.
#[derive(Debug)]
pub struct Figure {
    /// Key of the series.
    pub series: String,
    /// Key of the figure.
    pub name: String,
    /// Its cells: index of the table in the form, number of the cell in the table.
    pub cells: Vec<(usize, usize)>,
}

impl Figure {
    /// The figures of a form; its definition was checked, so each name is a cell.
    fn of(form: &Form) -> Vec<Figure> {
        let cell = |name: &String| {
            let cell = form.named_cell(name)?;
            let table = form.tables.iter().position(|t| std::ptr::eq(t, cell.table))?;
            Some((table, cell.table.cell_number(&cell.row.key, &cell.column.key)?))
        };
        let figures = form.series.iter().flat_map(|(series, figures)| {
            figures.iter().map(move |(name, cells)| (series, name, cells))
        });
        figures
            .map(|(series, name, cells)| Figure {
                series: series.clone(),
                name: name.clone(),
                cells: cells.iter().filter_map(cell).collect(),
            })
            .collect()
    }
}

impl Dimensions {
    /// The dimensions of a database that was brought to these forms.
    pub fn read(conn: &Connection, forms: &Forms) -> Result<Dimensions, StoreError> {
        let mut dimensions = Dimensions::default();
        let mut ids =
            conn.prepare("SELECT row_key, id FROM form_row WHERE edition = ?1 AND table_key = ?2")?;
        for form in forms.iter() {
            let mut tables = Vec::new();
            for table in &form.tables {
                let ids =
                    ids.query_map([&form.edition, &table.key], |r| Ok((r.get(0)?, r.get(1)?)))?;
                tables.push(FactTable::new(table, &ids.collect::<Result<_, _>>()?));
            }
            dimensions.editions.insert(form.edition.clone(), tables);
            dimensions.figures.insert(form.edition.clone(), Figure::of(form));
        }
        Ok(dimensions)
    }

    /// The fact tables of an edition, in the order of its tables.
    pub fn of(&self, edition: &str) -> Option<&[FactTable]> {
        self.editions.get(edition).map(Vec::as_slice)
    }

    /// The figures of an edition.
    pub fn figures(&self, edition: &str) -> &[Figure] {
        self.figures.get(edition).map(Vec::as_slice).unwrap_or_default()
    }
}

/// How the lines of one table of a form are written.
#[derive(Debug)]
pub struct FactTable {
    /// Statement that writes a line: row, report, implied bits, then the columns.
    pub insert: String,
    /// Statement that reads a line of the reports from one id to another: report, implied bits,
    /// then the columns.
    pub select: String,
    /// The same of the reports whose ids are the array `?2` in JSON: where they lie far apart.
    pub select_each: String,
    /// Its lines in form order.
    pub lines: Vec<FactLine>,
}

/// One line of a form and where its values come from.
#[derive(Debug)]
pub struct FactLine {
    /// Id in `form_row`.
    pub row_id: i64,
    /// For each column of the fact table the number of its cell, if the line has one.
    pub cells: Vec<Option<usize>>,
}

impl FactTable {
    fn new(table: &FormTable, row_ids: &HashMap<String, i64>) -> FactTable {
        let columns = fact_columns(table);
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        let marks: Vec<String> = (4..4 + names.len()).map(|i| format!("?{i}")).collect();
        let cell = |row: &str, column: &FactColumn| {
            let number = table.cell_number(row, &column.key)?;
            let money = table.numbered_cell(number).kind() == ValueKind::Money;
            (money == column.money).then_some(number)
        };
        let line = |row: &Row| FactLine {
            row_id: row_ids[&row.key],
            cells: columns.iter().map(|c| cell(&row.key, c)).collect(),
        };
        FactTable {
            insert: format!(
                "INSERT INTO {}_fact (row_id, report_id, implied, {}) VALUES (?1, ?2, ?3, {})",
                table.store,
                names.join(", "),
                marks.join(", ")
            ),
            select: format!(
                "SELECT report_id, implied, {} FROM {}_fact
                 WHERE row_id = ?1 AND report_id BETWEEN ?2 AND ?3",
                names.join(", "),
                table.store
            ),
            select_each: format!(
                "SELECT f.report_id, f.implied, {} FROM json_each(?2) AS j
                 CROSS JOIN {}_fact AS f ON f.row_id = ?1 AND f.report_id = j.value",
                names.iter().map(|name| format!("f.{name}")).collect::<Vec<_>>().join(", "),
                table.store
            ),
            lines: table.rows().map(line).collect(),
        }
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

/// The column of a fact table that holds a cell.
pub fn fact_column(cell: CellDef<'_>) -> String {
    column_name(&cell.column.key, cell.kind() == ValueKind::Money)
}

fn column_name(key: &str, money: bool) -> String {
    if money { format!("{key}_fen") } else { key.to_owned() }
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
            let name = column_name(&column.key, money);
            out.push(FactColumn { key: column.key.clone(), name, money });
        }
    }
    out
}

/// Brings the database to the forms.
pub fn sync(conn: &Connection, forms: &Forms) -> Result<Dimensions, StoreError> {
    // what is kept summed has the places of the lines in its form
    let mut moved = 0;
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
                moved += conn.execute(
                    "INSERT INTO form_row AS d (edition, table_key, row_key, label_zh, label_en, ordinal, unit)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET
                     label_zh = excluded.label_zh, label_en = excluded.label_en, ordinal = excluded.ordinal
                     WHERE d.label_zh <> excluded.label_zh OR d.label_en <> excluded.label_en
                         OR d.ordinal <> excluded.ordinal",
                    params![form.edition, table.key, row.key, row.label, row.en, i as i64, unit],
                )?;
            }
            for (i, column) in table.columns.iter().enumerate() {
                moved += conn.execute(
                    "INSERT INTO form_column AS k VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET
                     label_zh = excluded.label_zh, label_en = excluded.label_en, ordinal = excluded.ordinal
                     WHERE k.label_zh <> excluded.label_zh OR k.label_en <> excluded.label_en
                         OR k.ordinal <> excluded.ordinal",
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
    places::objects(conn, moved > 0)?;
    Dimensions::read(conn, forms)
}

/// Writes the cells of an edition, and which of them make up its figures, unless they are there.
fn cells(conn: &Connection, form: &Form) -> Result<(), StoreError> {
    let keys = |cell: CellDef<'_>| {
        [&cell.table.key, &cell.row.key, &cell.column.key].map(String::to_owned).to_vec()
    };
    let cells = form.cells().map(keys).collect();
    let mut figures = BTreeSet::new();
    for figure in Figure::of(form) {
        for (table, number) in figure.cells {
            let cell = keys(form.tables[table].numbered_cell(number));
            figures.insert([vec![figure.series.clone(), figure.name.clone()], cell].concat());
        }
    }
    let edition = &form.edition;
    if rows_of(conn, "form_cell", edition)? == cells
        && rows_of(conn, "form_figure", edition)? == figures
    {
        return Ok(());
    }
    // a figure refers to its cells
    for relation in ["form_figure", "form_cell"] {
        conn.execute(&format!("DELETE FROM {relation} WHERE edition = ?1"), [edition])?;
    }
    for (relation, rows) in [("form_cell", &cells), ("form_figure", &figures)] {
        let marks = ", ?".repeat(rows.first().map_or(0, Vec::len));
        let mut insert = conn.prepare(&format!("INSERT INTO {relation} VALUES (?{marks})"))?;
        for row in rows {
            insert.execute(params_from_iter([edition].into_iter().chain(row)))?;
        }
    }
    Ok(())
}

/// The rows of an edition in a relation of keys, without the edition.
fn rows_of(
    conn: &Connection,
    relation: &str,
    edition: &str,
) -> Result<BTreeSet<Vec<String>>, StoreError> {
    let sql = format!("SELECT * FROM {relation} WHERE edition = ?1");
    let mut statement = conn.prepare(&sql)?;
    let width = statement.column_count();
    let rows = statement.query_map([edition], |r| (1..width).map(|i| r.get(i)).collect())?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The columns a relation has.
pub(super) fn existing(conn: &Connection, relation: &str) -> Result<Vec<String>, StoreError> {
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
         -- {title}, current reports only, with the report beside each line. row_edition is the line's\n\
         -- edition: another than the report's where a document mixes editions.\n\
         SELECT\n    f.report_id,\n    o.name AS organ,\n    o.kind,\n    r.year,\n    r.scope,\n    r.edition,\n    r.region_code,\n    r.township_code,\n    r.covered_depth,\n    d.row_key AS {key},\n    d.label_zh AS {key}_zh,\n{list}    f.implied <> 0 AS implied,\n    COALESCE(o.series_id, o.id) AS series_id,\n    d.edition AS row_edition\n\
         FROM form_row AS d\nINNER JOIN {relation}_fact AS f ON f.row_id = d.id\nINNER JOIN report AS r ON r.id = f.report_id\nINNER JOIN organ AS o ON o.id = r.organ_id\nWHERE d.table_key = '{table_key}' AND r.is_current = 1",
        title = table.title,
        table_key = table.key,
    );
    replace(conn, "VIEW", relation, &plain)?;
    replace(conn, "VIEW", &format!("v_{relation}"), &wide)
}

/// Makes what the schema has and the database lacks; views and triggers are brought to what the
/// schema says. Only a change of a table that is there needs a migration.
pub fn schema_objects(conn: &Connection, schema: &str) -> Result<(), StoreError> {
    for (at, _) in schema.match_indices("\nCREATE ") {
        let sql = statement(&schema[at + 1..]);
        let mut words =
            sql.split_whitespace().skip(1).skip_while(|w| matches!(*w, "VIRTUAL" | "UNIQUE"));
        let (Some(kind), Some(name)) = (words.next(), words.next()) else { continue };
        if matches!(kind, "VIEW" | "TRIGGER") {
            replace(conn, kind, name, sql)?;
        } else if known(conn, name)?.is_none() {
            conn.execute_batch(sql)?;
        }
    }
    Ok(())
}

/// The statement that a text begins with: the schema ends each with a semicolon at the end of a
/// line, the last one of a trigger behind its END.
fn statement(text: &str) -> &str {
    let end = if text.starts_with("CREATE TRIGGER") { "\nEND;" } else { ";\n" };
    let length = text.find(end).map_or(text.len(), |at| at + end.trim_end_matches(";\n").len());
    text[..length].trim_end().trim_end_matches(';')
}

/// The text that made an object of the database.
fn known(conn: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let find =
        conn.query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [name], |r| r.get(0));
    Ok(find.optional()?)
}

/// Makes a view or trigger, if it is not there as it should be.
pub(super) fn replace(
    conn: &Connection,
    kind: &str,
    name: &str,
    sql: &str,
) -> Result<(), StoreError> {
    if known(conn, name)?.as_deref() != Some(sql) {
        conn.execute_batch(&format!("DROP {kind} IF EXISTS {name}; {sql};"))?;
    }
    Ok(())
}
