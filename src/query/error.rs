//! What can go wrong with a statement, and where in its text.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode, ffi};

/// Why a statement gave no answer. Every variant's text is one sentence; [`Error::excerpt`] shows
/// the place in the statement.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The statement cannot be understood, or fails while it runs.
    #[error("{message}{}{}", at(*.place), suggestion(.nearest.as_deref()))]
    Statement {
        /// What SQLite (or Polars) says.
        message: String,
        /// The whole statement.
        sql: String,
        /// Where in it, if known.
        place: Option<Place>,
        /// A name that exists and looks like the unknown one.
        nearest: Option<String>,
    },
    /// The statement would do something other than read this database.
    #[error("refused: {what}, and a query may only read this database; use one SELECT")]
    Refused {
        /// What it would do, as the subject of a sentence.
        what: String,
        /// The whole statement.
        sql: String,
    },
    /// There is nothing to run.
    #[error("the statement is empty: give one SELECT")]
    Empty,
    /// There is more than one statement.
    #[error("there is more than one statement: run them one by one")]
    Several {
        /// The whole text.
        sql: String,
    },
    /// The text of the statement is over its limit.
    #[error("the statement has {length} bytes and may have {limit}: shorten it")]
    TooLong {
        /// Bytes it has.
        length: usize,
        /// Bytes it may have.
        limit: usize,
    },
    /// A value or the work on it is over its limit.
    #[error(
        "the statement makes a value too big or needs too much memory (a value may have {limit} bytes): read less at a time"
    )]
    TooBig {
        /// Bytes a single value may have.
        limit: usize,
        /// The whole statement.
        sql: String,
    },
    /// The whole answer is over its limit.
    #[error(
        "the answer is larger than {} MiB after {rows} rows: add a LIMIT, or name fewer columns",
        .limit >> 20
    )]
    AnswerTooBig {
        /// Bytes an answer may have.
        limit: usize,
        /// Rows read so far.
        rows: usize,
        /// The whole statement.
        sql: String,
    },
    /// The statement did not end in time.
    #[error(
        "interrupted after {:.1} s with {rows} rows so far: narrow it, or give it more time",
        .limit.as_secs_f64()
    )]
    Timeout {
        /// The time it had.
        limit: Duration,
        /// Rows read so far.
        rows: usize,
        /// The whole statement.
        sql: String,
    },
    /// A parameter of the statement has no value.
    #[error("parameter '{name}' has no value: give one with -p {name}=VALUE")]
    MissingParameter {
        /// Its name, without the colon.
        name: String,
    },
    /// A value was given for a parameter that the statement does not have.
    #[error("there is no parameter '{name}'{}", suggestion(.nearest.as_deref()))]
    UnknownParameter {
        /// The name given.
        name: String,
        /// A parameter that looks like it.
        nearest: Option<String>,
    },
    /// A parameter of the statement has no name.
    #[error("the statement has a parameter without a name: write :name instead of ?")]
    UnnamedParameter {
        /// The whole statement.
        sql: String,
    },
    /// The database itself cannot be read.
    #[error("the database cannot be read: {0}")]
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
            | Error::Refused { sql, .. }
            | Error::Several { sql }
            | Error::TooBig { sql, .. }
            | Error::AnswerTooBig { sql, .. }
            | Error::Timeout { sql, .. }
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
        let names = match self.kind {
            "table" => list(
                conn,
                "SELECT name FROM sqlite_schema
                 WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'",
                [],
            ),
            // Columns of the relations that the statement names, so that a name of another
            // relation is not proposed.
            "column" => list(
                conn,
                "SELECT DISTINCT c.name FROM sqlite_schema AS s JOIN pragma_table_xinfo(s.name) AS c
                 WHERE s.type IN ('table', 'view') AND instr(lower(?1), lower(s.name)) > 0",
                [sql],
            ),
            "function" => list(conn, "SELECT DISTINCT name FROM pragma_function_list", []),
            _ => return None,
        };
        closest(self.name, names.iter().map(String::as_str))
    }
}

/// Names for a suggestion; without any there is no suggestion, which is no error of its own.
fn list(conn: &Connection, sql: &str, params: impl rusqlite::Params) -> Vec<String> {
    let read =
        || conn.prepare(sql)?.query_map(params, |row| row.get(0))?.collect::<rusqlite::Result<_>>();
    read().unwrap_or_default()
}

/// The name most like another, if one is like enough to be meant.
pub(super) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = name.to_lowercase();
    known
        .map(|candidate| (strsim::jaro_winkler(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate.to_owned())
}

fn at(place: Option<Place>) -> String {
    place.map_or_else(String::new, |Place { line, column }| {
        format!(" at line {line}, column {column}")
    })
}

pub(super) fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean '{name}'?"))
}
