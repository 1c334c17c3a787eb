//! What can go wrong with a statement, and where in its text.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode, ffi};
use rust_i18n::t;

use super::words::complaint;
pub(super) use crate::nearest::{closest, suggestion};
use crate::reason;

/// Why a statement gave no answer. Every variant's text is one sentence; [`Error::excerpt`] shows
/// the place in the statement.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The statement cannot be understood, or fails while it runs.
    #[error("{}{}{}", complaint(.message), at(*.place), hint(.message, .nearest.as_deref(), .known))]
    Statement {
        /// What SQLite says.
        message: String,
        /// The whole statement.
        sql: String,
        /// Where in it, if known.
        place: Option<Place>,
        /// A name that exists and looks like the unknown one.
        nearest: Option<String>,
        /// The names to choose from, where the statement's engine cannot be asked for them.
        known: Vec<String>,
    },
    /// Polars cannot understand the statement, or fails while it runs.
    #[error("{}", t!("query.polars", said = message))]
    Polars {
        /// What Polars says.
        message: String,
        /// The whole statement.
        sql: String,
    },
    /// The statement holds a NUL character, where SQLite would stop reading.
    #[error("{}{}", t!("query.nul"), at(Some(*place)))]
    Nul {
        /// Where.
        place: Place,
    },
    /// The statement would do something other than read this database.
    #[error("{}", t!("query.refused", what = what))]
    Refused {
        /// What it would do, as the subject of a sentence.
        what: String,
        /// The whole statement.
        sql: String,
    },
    /// There is nothing to run.
    #[error("{}", t!("query.empty"))]
    Empty,
    /// There is more than one statement.
    #[error("{}", t!("query.several"))]
    Several {
        /// The whole text.
        sql: String,
    },
    /// The text of the statement is over its limit.
    #[error("{}", t!("query.too_long", length = length, limit = limit))]
    TooLong {
        /// Bytes it has.
        length: usize,
        /// Bytes it may have.
        limit: usize,
    },
    /// A value or the work on it is over its limit.
    #[error("{}", t!("query.too_big", limit = limit))]
    TooBig {
        /// Bytes a single value may have.
        limit: usize,
        /// The whole statement.
        sql: String,
    },
    /// The whole answer is over its limit.
    #[error("{}", t!("query.answer_too_big", limit = limit >> 20, rows = rows))]
    AnswerTooBig {
        /// Bytes an answer may have.
        limit: usize,
        /// Rows read so far.
        rows: usize,
        /// The whole statement.
        sql: String,
    },
    /// The statement did not end in time.
    #[error("{}", t!("query.timeout", seconds = seconds(*limit), rows = rows))]
    Timeout {
        /// The time it had.
        limit: Duration,
        /// Rows read so far.
        rows: usize,
        /// The whole statement.
        sql: String,
    },
    /// Somebody interrupted the statement, through the connection's interrupt handle.
    #[error("{}", t!("query.interrupted", rows = rows))]
    Interrupted {
        /// Rows read so far.
        rows: usize,
        /// The whole statement.
        sql: String,
    },
    /// A parameter of the statement has no value.
    #[error("{}", t!("query.missing_parameter", name = name))]
    MissingParameter {
        /// Its name, without the colon.
        name: String,
    },
    /// A value was given for a parameter that the statement does not have.
    #[error("{}{}", t!("query.unknown_parameter", name = name), suggestion(.nearest.as_deref()))]
    UnknownParameter {
        /// The name given.
        name: String,
        /// A parameter that looks like it.
        nearest: Option<String>,
    },
    /// A parameter of the statement has no name.
    #[error("{}", t!("query.unnamed_parameter"))]
    UnnamedParameter {
        /// The whole statement.
        sql: String,
    },
    /// The database itself cannot be read.
    #[error("{}", t!("query.database", reason = reason::of_sqlite(.0)))]
    Database(#[source] rusqlite::Error),
}

/// A place in a statement, for people: both count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Character of that line.
    pub column: usize,
}

/// Characters shown on each side of the place; longer lines are cut.
const WINDOW: usize = 60;

impl Place {
    /// The place of a byte offset.
    #[must_use]
    pub fn of(sql: &str, offset: usize) -> Place {
        let before = &sql[..sql.floor_char_boundary(offset)];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
        }
    }
}

impl Error {
    /// The statement the error is about.
    #[must_use]
    pub fn sql(&self) -> Option<&str> {
        match self {
            Error::Statement { sql, .. }
            | Error::Polars { sql, .. }
            | Error::Refused { sql, .. }
            | Error::Several { sql }
            | Error::TooBig { sql, .. }
            | Error::AnswerTooBig { sql, .. }
            | Error::Timeout { sql, .. }
            | Error::Interrupted { sql, .. }
            | Error::UnnamedParameter { sql } => Some(sql),
            _ => None,
        }
    }

    /// The line of the statement with a caret below the place, to be printed after the sentence.
    #[must_use]
    pub fn excerpt(&self) -> Option<String> {
        let Error::Statement { sql, place: Some(place), .. } = self else { return None };
        let line: Vec<char> = sql.lines().nth(place.line - 1).unwrap_or_default().chars().collect();
        let at = (place.column - 1).min(line.len());
        let (from, to) = (at.saturating_sub(WINDOW), (at + WINDOW).min(line.len()));
        let mut text = String::from("  ");
        text.extend(line[from..to].iter().map(|c| if c.is_control() { ' ' } else { *c }));
        text.push_str("\n  ");
        for c in &line[from..at] {
            // Chinese characters and full-width signs take two places on a screen.
            text.push_str(if matches!(c, '\u{2E80}'..'\u{FF61}') { "  " } else { " " });
        }
        text.push('^');
        Some(text)
    }

    /// Makes SQLite's complaint ours: gives it a place and the nearest name that exists.
    pub(super) fn from_sqlite(error: rusqlite::Error, sql: &str, conn: &Connection) -> Error {
        let (message, offset) = match error {
            rusqlite::Error::MultipleStatement => return Error::Several { sql: sql.to_owned() },
            rusqlite::Error::SqlInputError { msg, offset, .. } => {
                (msg, usize::try_from(offset).ok())
            }
            rusqlite::Error::SqliteFailure(ffi::Error { code, .. }, ref message)
                if !is_damage(code) =>
            {
                (message.clone().unwrap_or_else(|| error.to_string()), None)
            }
            error => return Error::Database(error),
        };
        let unknown = UnknownName::read(&message);
        let offset = offset.or_else(|| unknown.as_ref().and_then(|name| name.find(sql)));
        Error::Statement {
            place: offset.map(|offset| Place::of(sql, offset)),
            nearest: unknown.and_then(|name| name.nearest(sql, conn)),
            message,
            sql: sql.to_owned(),
            known: Vec::new(),
        }
    }

    /// Makes Polars' complaint of an unknown name SQLite's; others stay as Polars words them.
    pub(super) fn from_polars(said: &str, sql: &str, conn: &Connection) -> Error {
        let between = |before: &str, after: &str| {
            let rest = said.split_once(before)?.1;
            rest.split_once(after).map(|(name, _)| name.to_owned())
        };
        let column =
            between("unable to find column \"", "\"").or_else(|| between("no column named '", "'"));
        if let Some(name) = between("unsupported function '", "'") {
            let message = t!("query.polars_function", name = name).into_owned();
            return Error::Polars { message, sql: sql.to_owned() };
        }
        if let Some(name) = between("duplicate output name '", "'") {
            let message = t!("query.polars_twice", name = name).into_owned();
            return Error::Polars { message, sql: sql.to_owned() };
        }
        let message = match (column, between("relation '", "' was not found")) {
            (Some(name), _) => format!("no such column: {name}"),
            (None, Some(name)) => format!("no such table: {name}"),
            (None, None) => {
                return Error::Polars { message: said.replace('\n', " "), sql: sql.to_owned() };
            }
        };
        let unknown = UnknownName::read(&message);
        let mut known = unknown.as_ref().map_or_else(Vec::new, |name| name.candidates(sql, conn));
        if message.starts_with("no such table") {
            // the views are for asking; a list of everything would hide them
            known.retain(|name| name.starts_with("v_"));
        }
        Error::Statement {
            place: unknown.as_ref().and_then(|n| n.find(sql)).map(|at| Place::of(sql, at)),
            nearest: unknown.and_then(|name| name.nearest(sql, conn)),
            message,
            sql: sql.to_owned(),
            known,
        }
    }
}

/// Whether a result code speaks of the file and not of the statement.
fn is_damage(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::PermissionDenied
    )
}

/// The tables and views there are.
const RELATIONS: &str = "SELECT name FROM sqlite_schema
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY name";

/// A name that SQLite does not know.
struct UnknownName<'a> {
    kind: &'a str,
    name: &'a str,
}

impl<'a> UnknownName<'a> {
    fn read(message: &'a str) -> Option<UnknownName<'a>> {
        let (kind, name) = message.strip_prefix("no such ")?.split_once(": ")?;
        // "no such column: "a" - should this be a string literal in single-quotes?"
        let name = name.split(" - ").next().unwrap_or(name).trim_matches('"');
        Some(UnknownName { kind, name: name.rsplit('.').next().unwrap_or(name) })
    }

    /// Where it stands as a whole word; SQLite gives no offset for tables.
    fn find(&self, sql: &str) -> Option<usize> {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        sql.match_indices(self.name)
            .find(|(at, found)| {
                !sql[..*at].ends_with(word) && !sql[at + found.len()..].starts_with(word)
            })
            .map(|(at, _)| at)
    }

    fn nearest(&self, sql: &str, conn: &Connection) -> Option<String> {
        closest(self.name, self.candidates(sql, conn).iter().map(String::as_str))
    }

    /// The names that might be meant.
    fn candidates(&self, sql: &str, conn: &Connection) -> Vec<String> {
        match self.kind {
            "table" => list(conn, RELATIONS, []),
            // Columns of the relations that the statement names, so that a name of another
            // relation is not proposed.
            "column" => {
                let sql = sql.to_lowercase();
                let relations = list(conn, RELATIONS, []);
                let named = relations.iter().filter(|name| {
                    UnknownName { kind: "table", name: &name.to_lowercase() }.find(&sql).is_some()
                });
                let columns = "SELECT name FROM pragma_table_xinfo(?1) ORDER BY cid";
                let mut found: Vec<String> = Vec::new();
                for column in named.flat_map(|name| list(conn, columns, [name])) {
                    if !found.contains(&column) {
                        found.push(column);
                    }
                }
                found
            }
            "function" => list(conn, "SELECT DISTINCT name FROM pragma_function_list", []),
            _ => Vec::new(),
        }
    }
}

/// Names for a suggestion; without any there is no suggestion, which is no error of its own.
fn list(conn: &Connection, sql: &str, params: impl rusqlite::Params) -> Vec<String> {
    let read =
        || conn.prepare(sql)?.query_map(params, |row| row.get(0))?.collect::<rusqlite::Result<_>>();
    read().unwrap_or_default()
}

fn at(place: Option<Place>) -> String {
    place.map_or_else(String::new, |Place { line, column }| {
        t!("query.at", line = line, column = column).into()
    })
}

/// What to do about a complaint: take the name that was meant, or look the names up.
fn hint(message: &str, nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(_) => suggestion(nearest),
        None if !known.is_empty() => t!("query.choose", names = known.join(", ")).into(),
        None if message.starts_with("no such table") => t!("query.list_tables").into(),
        None if message.starts_with("no such column") => t!("query.list_columns").into(),
        None if message.starts_with("ambiguous column") => t!("query.qualify").into(),
        None => String::new(),
    }
}

fn seconds(limit: Duration) -> String {
    format!("{:.1}", limit.as_secs_f64())
}
