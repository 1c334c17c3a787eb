//! Asks the database. [`run`] answers one statement as a [`Table`], whoever wrote it: it may only
//! read, and has limits of time and memory. [`catalog`] holds the canned queries, [`names`] what
//! there is to be asked.
//!
//! The caller opens the database read-only; what guards the rest is described in `guard`.

#[cfg(test)]
mod attacks;
mod built_in;
#[cfg(test)]
pub(crate) mod canned;
pub mod catalog;
mod chart;
mod dialect;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod functions;
mod guard;
mod header;
mod labels;
mod latest;
pub mod names;
mod parameter;
mod pattern;
pub mod polars;
#[cfg(test)]
mod polars_tests;
#[cfg(test)]
mod portable;
mod scan;
mod statistics;
#[cfg(test)]
mod statistics_tests;
#[cfg(test)]
mod tests;
mod uneven;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, Row, Statement};
use rust_i18n::t;

use crate::table::{Column, Table, Value};
use guard::Guard;

pub use error::{Error, Place};
pub use scan::{Kind, Token, tokens};
pub use uneven::uneven_years;

/// Bytes a single value may have: many times the longest report's text.
const MAX_VALUE: usize = 4 << 20;
/// Bytes the text of a statement may have.
const MAX_SQL: usize = 100_000;

/// Values of a statement's parameters by name, without the colon.
pub type Params = BTreeMap<String, Value>;

/// How much a statement may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time until it is interrupted; none: never.
    pub timeout: Option<Duration>,
    /// Rows kept; further rows are counted and not kept. None: all.
    pub max_rows: Option<usize>,
    /// Bytes of all rows kept; a larger answer is an error.
    pub max_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { timeout: Some(Duration::from_secs(30)), max_rows: None, max_bytes: 512 << 20 }
    }
}

/// Runs one statement that reads.
///
/// # Errors
/// [`Error`]: the statement cannot be understood, is refused, goes over a limit, or the database
/// cannot be read.
pub fn run(
    conn: &mut Connection,
    sql: &str,
    params: &Params,
    limits: &Limits,
) -> Result<Table, Error> {
    if sql.len() > MAX_SQL {
        return Err(Error::TooLong { length: sql.len(), limit: MAX_SQL });
    }
    // SQLite stops reading at a NUL, so what stands behind it would be dropped in silence.
    if let Some(offset) = sql.find('\0') {
        return Err(Error::Nul { place: Place::of(sql, offset) });
    }
    let mut answer = Answer::default();
    let guard = Guard::new(conn, limits).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => {
            Error::Interrupted { rows: 0, sql: sql.to_owned() }
        }
        _ => Error::Database(error),
    })?;
    let outcome = answer.read(guard.conn, sql, params, limits);
    let (refused, is_late) = (guard.refused(), guard.is_late());
    drop(guard);
    match outcome {
        Ok(()) => Ok(answer.into_table()),
        Err(Failure::Ours(error)) => Err(error),
        Err(Failure::Sqlite(error)) => {
            let sql = sql.to_owned();
            Err(match (error.sqlite_error_code(), refused) {
                (Some(ErrorCode::OperationInterrupted), _) if is_late => Error::Timeout {
                    limit: limits.timeout.unwrap_or_default(),
                    rows: answer.total,
                    sql,
                },
                (Some(ErrorCode::OperationInterrupted), _) => {
                    Error::Interrupted { rows: answer.total, sql }
                }
                (Some(ErrorCode::TooBig | ErrorCode::OutOfMemory), _) => {
                    Error::TooBig { limit: MAX_VALUE, sql }
                }
                (_, Some(what)) => Error::Refused { what, sql },
                (_, None) => Error::from_sqlite(error, &sql, conn),
            })
        }
    }
}

/// The value a parameter's text means where nothing declares its type: a number where the text
/// is exactly how that number is written, else the text (`007` and `1e5` stay as they are).
#[must_use]
pub fn guess_value(text: &str) -> Value {
    if let Some(n) = text.parse::<i64>().ok().filter(|n| n.to_string() == text) {
        return Value::Int(n);
    }
    match text.parse::<f64>().ok().filter(|x| x.is_finite() && x.to_string() == text) {
        Some(x) => Value::Real(x),
        None => Value::Text(text.to_owned()),
    }
}

/// What stopped a statement: our own error, or SQLite's that has yet to be explained.
enum Failure {
    Ours(Error),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        Failure::Sqlite(error)
    }
}

/// An answer as it comes in.
#[derive(Default)]
struct Answer {
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    bytes: usize,
    total: usize,
}

impl Answer {
    fn read(
        &mut self,
        conn: &Connection,
        sql: &str,
        params: &Params,
        limits: &Limits,
    ) -> Result<(), Failure> {
        let mut statement = conn.prepare(sql)?;
        let refused =
            |what: Cow<'_, str>| Error::Refused { what: what.into(), sql: sql.to_owned() };
        if statement.expanded_sql().is_none_or(|text| text.is_empty()) {
            return Err(Failure::Ours(Error::Empty));
        }
        if !statement.readonly() {
            return Err(Failure::Ours(refused(t!("refused.write_file"))));
        }
        // What gives no columns has another purpose than to be read: REINDEX of a table without
        // an index passes every other lock.
        if statement.column_count() == 0 {
            return Err(Failure::Ours(refused(t!("refused.no_query"))));
        }
        bind(&mut statement, sql, params)?;
        self.columns = columns(&statement);
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            self.total += 1;
            if limits.max_rows.is_none_or(|most| self.rows.len() < most) {
                self.keep(row, sql, limits)?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, row: &Row<'_>, sql: &str, limits: &Limits) -> Result<(), Failure> {
        let mut values = Vec::with_capacity(self.columns.len());
        for index in 0..self.columns.len() {
            let value = value(row.get_ref(index)?);
            let length = match &value {
                Value::Text(text) => text.len(),
                Value::Blob(bytes) => bytes.len(),
                _ => 0,
            };
            self.bytes = self.bytes.saturating_add(size_of::<Value>() + length);
            values.push(value);
        }
        self.rows.push(values);
        if self.bytes > limits.max_bytes {
            let (limit, rows) = (limits.max_bytes, self.total);
            return Err(Failure::Ours(Error::AnswerTooBig { limit, rows, sql: sql.to_owned() }));
        }
        Ok(())
    }

    fn into_table(self) -> Table {
        let total_rows = (self.total > self.rows.len()).then_some(self.total);
        Table { columns: self.columns, rows: self.rows, total_rows }
    }
}

/// Gives every parameter of the statement its value; each must have one, and be used.
fn bind(statement: &mut Statement<'_>, sql: &str, params: &Params) -> Result<(), Failure> {
    let mut names = Vec::new();
    for index in 1..=statement.parameter_count() {
        let name =
            statement.parameter_name(index).map(|name| name.trim_start_matches([':', '@', '$']));
        let Some(name) = name.filter(|name| !name.starts_with('?')).map(str::to_owned) else {
            return Err(Failure::Ours(Error::UnnamedParameter { sql: sql.to_owned() }));
        };
        match params.get(&name) {
            None => return Err(Failure::Ours(Error::MissingParameter { name })),
            Some(Value::Null) => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
            Some(Value::Int(n)) => statement.raw_bind_parameter(index, n)?,
            Some(Value::Real(x)) => statement.raw_bind_parameter(index, x)?,
            Some(Value::Text(text)) => statement.raw_bind_parameter(index, text)?,
            Some(Value::Blob(bytes)) => statement.raw_bind_parameter(index, bytes)?,
        }
        names.push(name);
    }
    match params.keys().find(|given| !names.contains(given)) {
        None => Ok(()),
        Some(name) => Err(Failure::Ours(Error::UnknownParameter {
            nearest: error::closest(name, names.iter().map(String::as_str)),
            name: name.clone(),
        })),
    }
}

/// The columns of the answer, each with a name of its own: a data format keys values by name,
/// and of two that are alike one would be lost.
fn columns(statement: &Statement<'_>) -> Vec<Column> {
    let mut taken = HashSet::new();
    let unique = |name: &str| {
        let mut candidate = name.to_owned();
        let mut number = 0;
        while !taken.insert(candidate.clone()) {
            number += 1;
            candidate = format!("{name}_{number}");
        }
        Column::new(candidate)
    };
    statement.column_names().map(unique).collect()
}

/// A value of SQLite's.
fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::Real(x),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
    }
}
