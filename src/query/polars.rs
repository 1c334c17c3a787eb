//! The same statement on Polars: the relations and columns it names are read from SQLite into frames, its
//! parameters are written into the text as typed literals, since Polars binds none.
//!
//! Polars cannot be interrupted and holds all in memory, so only the rows of the answer are
//! limited here. At the time limit its work is left to itself: the error comes in time, but the
//! work goes on behind it until it ends or the process does.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use polars::prelude::{
    AnyValue, DataFrame, DataType, IntoLazy, LazyFrame, NamedFrom, PolarsError, PolarsResult,
    Series, polars_err,
};
use polars::sql::{SQLContext, extract_table_identifiers};
use rusqlite::Connection;
use rust_i18n::t;

use super::{Error, Limits, Params, dialect, run, scan};
use crate::reason;
use crate::table::{Column, Table, Value, blob_literal};

/// Runs one statement that reads on Polars.
///
/// # Errors
/// [`Error`]: the statement cannot be understood by Polars, is refused, names a relation that
/// the database does not have, or the database cannot be read.
pub fn run_polars(
    conn: &mut Connection,
    sql: &str,
    params: &Params,
    limits: &Limits,
) -> Result<Table, Error> {
    only_one_select(sql)?;
    let text = dialect::calls(&dialect::with_literals(sql, params)?, sql)?;
    let start = Instant::now();
    let named = extract_table_identifiers(&text, false, true).map_err(|e| fail(&e, sql, conn))?;
    let known = relations(conn)?;
    let mut context = SQLContext::new();
    let words = column_words(&text);
    // A name that no relation has is one the statement defines itself, or Polars complains.
    for name in known.iter().filter(|name| named.contains(name)) {
        let frame = load(conn, name, words.as_ref(), limits)?.map_err(|e| fail(&e, sql, conn))?;
        context.register(name, frame.lazy());
    }
    let left = limits.timeout.map(|limit| limit.saturating_sub(start.elapsed()));
    let frame = on_large_stack(left, move || context.execute(&text)?.collect());
    let frame = frame.ok_or_else(|| Error::Timeout {
        limit: limits.timeout.unwrap_or_default(),
        rows: 0,
        sql: sql.to_owned(),
    })?;
    let frame = frame.map_err(|e| fail(&e, sql, conn))?;
    into_table(&frame, limits).map_err(|e| fail(&e, sql, conn))
}

fn fail(error: &PolarsError, sql: &str, conn: &Connection) -> Error {
    Error::from_polars(&error.to_string(), sql, conn)
}

/// Bytes of stack for planning: Polars walks its plan by recursion, and a statement with a few
/// common table expressions overflows the two MiB of a thread.
const STACK: usize = 256 << 20;

/// Runs a statement where its plan has room; none where it takes longer than it may.
fn on_large_stack(
    limit: Option<Duration>,
    collect: impl FnOnce() -> PolarsResult<DataFrame> + Send + 'static,
) -> Option<PolarsResult<DataFrame>> {
    let failed = |what: String| Some(Err(polars_err!(ComputeError: "{what}")));
    let (send, receive) = mpsc::sync_channel(1);
    // who does not wait any longer needs no answer
    let work = move || drop(send.send(collect()));
    if let Err(error) = std::thread::Builder::new().stack_size(STACK).spawn(work) {
        return failed(reason::of_io(&error));
    }
    let answer = match limit {
        Some(limit) => receive.recv_timeout(limit),
        None => receive.recv().map_err(|_| RecvTimeoutError::Disconnected),
    };
    match answer {
        Ok(answer) => Some(answer),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => failed(t!("query.polars_gave_up").into()),
    }
}

/// Polars knows other statements and reads files by name; neither is for a query.
fn only_one_select(sql: &str) -> Result<(), Error> {
    let parts = scan::parts(sql);
    let refused = |what: Cow<'_, str>| Error::Refused { what: what.into(), sql: sql.to_owned() };
    match parts.iter().find(|(_, part)| !matches!(part, scan::Part::Sign("("))) {
        None => return Err(Error::Empty),
        Some((_, scan::Part::Word(word)))
            if word.eq_ignore_ascii_case("select") || word.eq_ignore_ascii_case("with") => {}
        Some(_) => return Err(refused(t!("refused.no_query"))),
    }
    let words = parts.iter().filter_map(|(_, part)| match part {
        scan::Part::Word(word) | scan::Part::Quoted(word) => Some(word.to_lowercase()),
        _ => None,
    });
    for word in words {
        if word.starts_with("read_") || word.starts_with("scan_") {
            return Err(refused(t!("refused.open_file")));
        }
    }
    let end = parts.iter().rposition(|(_, part)| !matches!(part, scan::Part::Sign(";")));
    match parts.iter().position(|(_, part)| matches!(part, scan::Part::Sign(";"))) {
        Some(semicolon) if end.is_some_and(|end| end > semicolon) => {
            Err(Error::Several { sql: sql.to_owned() })
        }
        _ => Ok(()),
    }
}

/// Names of the tables and views.
fn relations(conn: &Connection) -> Result<Vec<String>, Error> {
    let read = || {
        conn.prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()
    };
    read().map_err(Error::Database)
}

/// The words of a statement that may name columns; none where it may take columns without naming
/// them. A view over all facts is large, and most statements ask for few of its columns.
fn column_words(sql: &str) -> Option<HashSet<&str>> {
    let mut words = HashSet::new();
    let mut before = scan::Part::Sign("(");
    for (_, part) in scan::parts(sql) {
        let word = match before {
            scan::Part::Word(word) => word,
            _ => "",
        };
        let is =
            |word: &str, one_of: &[&str]| one_of.iter().any(|one| word.eq_ignore_ascii_case(one));
        match part {
            // `a * b` and `COUNT(*)` are no wildcards; `SELECT *`, `a, *` and `t.*` are.
            scan::Part::Sign("*")
                if matches!(before, scan::Part::Sign(","))
                    || word.ends_with('.')
                    || is(word, &["select", "distinct", "all"]) =>
            {
                return None;
            }
            scan::Part::Word(word) if is(word, &["natural", "columns", "table"]) => return None,
            // A subquery may begin with FROM and then has all columns.
            scan::Part::Word(word)
                if is(word, &["from"]) && matches!(before, scan::Part::Sign("(")) =>
            {
                return None;
            }
            scan::Part::Word(word) => words.extend(word.split('.')),
            scan::Part::Quoted(name) => {
                words.extend(name.get(1..name.len().saturating_sub(1)));
            }
            _ => {}
        }
        before = part;
    }
    Some(words)
}

/// A relation as a frame, with those of its columns that are among the words; without words all.
fn load(
    conn: &mut Connection,
    name: &str,
    words: Option<&HashSet<&str>>,
    limits: &Limits,
) -> Result<PolarsResult<DataFrame>, Error> {
    let mut declared = declared_columns(conn, name).map_err(Error::Database)?;
    let first = declared.first().cloned();
    declared.retain(|(column, _)| words.is_none_or(|words| words.contains(column.as_str())));
    if declared.is_empty() {
        // Only the number of rows is asked for: one column tells it.
        declared.extend(first);
    }
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let list: Vec<String> = declared.iter().map(|(column, _)| quoted(column)).collect();
    let sql = format!("SELECT {} FROM {}", list.join(", "), quoted(name));
    let limits = Limits { max_rows: None, ..*limits };
    let table = run(conn, &sql, &Params::new(), &limits)?;
    let declared = declared.iter().map(|(column, kind)| (column.as_str(), kind.as_str()));
    Ok(frame(&table, declared))
}

/// An answer of SQLite's as a frame, with the names and declared types of its columns.
fn frame<'d>(
    table: &Table,
    declared: impl Iterator<Item = (&'d str, &'d str)>,
) -> PolarsResult<DataFrame> {
    let columns = declared.enumerate().map(|(index, (column, declared))| {
        let values = || table.rows.iter().map(|row| &row[index]);
        Kind::of(values(), declared).series(column, values()).into()
    });
    DataFrame::new(table.rows.len(), columns.collect())
}

/// The rows of a statement of ours as a frame, with the names and types of its columns; it may take
/// its time and its room.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn read(
    conn: &mut Connection,
    sql: &str,
    declared: &[(&str, &str)],
) -> Result<DataFrame, Error> {
    let limits = Limits { timeout: None, max_rows: None, max_bytes: usize::MAX };
    let table = run(conn, sql, &Params::new(), &limits)?;
    frame(&table, declared.iter().copied()).map_err(|e| fail(&e, sql, conn))
}

/// Works a plan out where it has room.
///
/// # Errors
/// When Polars fails.
pub(crate) fn collect(plan: LazyFrame) -> PolarsResult<DataFrame> {
    // without a limit it is waited for
    on_large_stack(None, move || plan.collect())
        .unwrap_or_else(|| Err(polars_err!(ComputeError: "{}", t!("query.polars_gave_up"))))
}

/// All rows of a frame.
///
/// # Errors
/// When Polars fails.
pub(crate) fn rows(frame: &DataFrame) -> PolarsResult<Table> {
    into_table(frame, &Limits { max_rows: None, ..Limits::default() })
}

/// Names and declared types of a relation's columns, in order.
fn declared_columns(conn: &Connection, name: &str) -> rusqlite::Result<Vec<(String, String)>> {
    conn.prepare("SELECT name, type FROM pragma_table_info(?1)")?
        .query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The type of a frame's column: SQLite types values, Polars columns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Int,
    Real,
    Text,
}

impl Kind {
    /// What holds all values; where there are none, what is declared.
    fn of<'a>(values: impl Iterator<Item = &'a Value>, declared: &str) -> Kind {
        let kinds = values.filter_map(|value| match value {
            Value::Null => None,
            Value::Int(_) => Some(Kind::Int),
            Value::Real(_) => Some(Kind::Real),
            Value::Text(_) | Value::Blob(_) => Some(Kind::Text),
        });
        let wider = |a, b| match (a, b) {
            (Kind::Text, _) | (_, Kind::Text) => Kind::Text,
            (Kind::Real, _) | (_, Kind::Real) => Kind::Real,
            (Kind::Int, Kind::Int) => Kind::Int,
        };
        let declared = match declared {
            "TEXT" | "BLOB" => Kind::Text,
            "REAL" => Kind::Real,
            _ => Kind::Int,
        };
        kinds.reduce(wider).unwrap_or(declared)
    }

    fn series<'a>(self, name: &str, values: impl Iterator<Item = &'a Value>) -> Series {
        match self {
            Kind::Int => {
                let int = |value: &Value| if let Value::Int(n) = value { Some(*n) } else { None };
                Series::new(name.into(), values.map(int).collect::<Vec<Option<i64>>>())
            }
            Kind::Real => Series::new(name.into(), values.map(real).collect::<Vec<_>>()),
            Kind::Text => Series::new(name.into(), values.map(text).collect::<Vec<_>>()),
        }
    }
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Real(x) => Some(*x),
        Value::Null | Value::Text(_) | Value::Blob(_) => None,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Int(n) => Some(n.to_string()),
        Value::Real(x) => Some(x.to_string()),
        Value::Text(text) => Some(text.clone()),
        Value::Blob(bytes) => Some(blob_literal(bytes)),
    }
}

/// A frame as an answer.
fn into_table(frame: &DataFrame, limits: &Limits) -> PolarsResult<Table> {
    let total = frame.height();
    let kept = limits.max_rows.unwrap_or(total).min(total);
    let mut rows = vec![Vec::with_capacity(frame.width()); kept];
    for column in frame.columns() {
        // Counts come unsigned and sums in their own widths: an answer has one kind of each.
        let column = match column.dtype() {
            kind if kind.is_integer() || kind.is_bool() => column.cast(&DataType::Int64)?,
            kind if kind.is_float() => column.cast(&DataType::Float64)?,
            DataType::Null => column.clone(),
            _ => column.cast(&DataType::String)?,
        };
        for (index, row) in rows.iter_mut().enumerate() {
            row.push(match column.get(index)? {
                AnyValue::Int64(n) => Value::Int(n),
                // SQLite has no NaN: what is not a number is NULL
                AnyValue::Float64(x) if !x.is_nan() => Value::Real(x),
                AnyValue::String(text) => Value::Text(text.to_owned()),
                AnyValue::StringOwned(text) => Value::Text(text.to_string()),
                _ => Value::Null,
            });
        }
    }
    let columns = frame.get_column_names().into_iter().map(|name| Column::new(name.as_str()));
    Ok(Table { columns: columns.collect(), rows, total_rows: (kept < total).then_some(total) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_columns_are_read_unless_a_wildcard_takes_all() {
        let words =
            column_words("SELECT t.year, COUNT(*), a * b FROM t WHERE \"other\" > 1").unwrap();
        for named in ["year", "a", "b", "other"] {
            assert!(words.contains(named), "{named}");
        }
        assert!(!words.contains("total"));
        for all in [
            "SELECT * FROM t",
            "SELECT DISTINCT * FROM t",
            "SELECT a, * FROM t",
            "SELECT t.* FROM t",
            "SELECT \"t\".* FROM t",
            "SELECT a FROM t NATURAL JOIN u",
            "SELECT COLUMNS('^a') FROM t",
            "WITH x AS (FROM t) SELECT a FROM x",
        ] {
            assert!(column_words(all).is_none(), "{all}");
        }
    }

    #[test]
    fn a_frame_has_the_columns_asked_for_and_all_rows() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE t (a INTEGER, b TEXT); INSERT INTO t VALUES (1, 'x'), (2, NULL);",
        )
        .unwrap();
        let mut shape = |sql: &str| {
            let words = column_words(sql);
            let frame = load(&mut conn, "t", words.as_ref(), &Limits::default()).unwrap().unwrap();
            (frame.height(), frame.width())
        };
        assert_eq!(shape("SELECT b FROM t"), (2, 1));
        assert_eq!(shape("SELECT COUNT(*) FROM t"), (2, 1));
        assert_eq!(shape("SELECT * FROM t"), (2, 2));
        let sql = "SELECT COUNT(*) AS n, COUNT(b) AS m FROM t";
        let table = run_polars(&mut conn, sql, &Params::new(), &Limits::default()).unwrap();
        assert_eq!(table.rows, [[Value::Int(2), Value::Int(1)]]);
    }
}
