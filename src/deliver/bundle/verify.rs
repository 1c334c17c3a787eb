//! Asking a bundle's question again.

use std::io;

use rusqlite::Connection;
use serde_json::{Map, Value as Json};

use super::open::Bundle;
use super::result;
use crate::deliver::identity;
use crate::export::Format;
use crate::query::{self, Limits};
use crate::store::StoreError;

/// What asking again has found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Whether the current reports say the same as those that were asked then.
    pub same_database: bool,
    /// Whether the forms are the same.
    pub same_forms: bool,
    /// Where the result differs first; none where it does not.
    pub difference: Option<Difference>,
}

/// The first difference of two results.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// Other columns.
    Columns {
        /// Those of the bundle.
        then: Vec<String>,
        /// Those of now.
        now: Vec<String>,
    },
    /// A row that is another; one of the two is none where there are fewer rows.
    Row {
        /// Its number, from 1.
        number: usize,
        /// As in the bundle.
        then: Option<String>,
        /// As now.
        now: Option<String>,
    },
}

/// What stopped asking again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The statement cannot be run.
    #[error(transparent)]
    Query(#[from] query::Error),
    /// The answer cannot be written to memory.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Asks a database what the bundle asked, and compares. The connection should be a snapshot
/// ([`crate::store::open_snapshot`]).
///
/// # Errors
/// When the statement cannot be run, or the database cannot be read.
pub fn verify(
    bundle: &Bundle,
    conn: &mut Connection,
    limits: &Limits,
) -> Result<Finding, VerifyError> {
    let database = identity::read(conn)?;
    let table = query::run(conn, &bundle.statement, &bundle.bound, limits)?;
    let then = &bundle.manifest.database;
    let text = result(&table, Format::Json)?;
    let now: Vec<Map<String, Json>> = serde_json::from_slice(&text).map_err(io::Error::from)?;
    Ok(Finding {
        same_database: then.content_sha256 == database.content_sha256,
        same_forms: then.forms_sha256 == database.forms_sha256,
        difference: difference(&bundle.rows, &now),
    })
}

/// Where two results differ first.
fn difference(then: &[Map<String, Json>], now: &[Map<String, Json>]) -> Option<Difference> {
    let columns = |rows: &[Map<String, Json>]| -> Option<Vec<String>> {
        Some(rows.first()?.keys().cloned().collect())
    };
    if let (Some(then), Some(now)) = (columns(then), columns(now))
        && then != now
    {
        return Some(Difference::Columns { then, now });
    }
    let at = (0..then.len().max(now.len())).find(|at| then.get(*at) != now.get(*at))?;
    let shown = |rows: &[Map<String, Json>]| rows.get(at).map(shown);
    Some(Difference::Row { number: at + 1, then: shown(then), now: shown(now) })
}

/// A row as it is told.
fn shown(row: &Map<String, Json>) -> String {
    let cells: Vec<String> = row.iter().map(|(name, value)| format!("{name}={value}")).collect();
    cells.join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(json: Json) -> Vec<Map<String, Json>> {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_first_difference_is_told() {
        let then = rows(json!([{"year": 2022, "n": 1}, {"year": 2023, "n": null}]));
        assert_eq!(difference(&then, &then), None);
        assert_eq!(difference(&[], &[]), None);
        let row = |number, then: Option<&str>, now: Option<&str>| {
            let (then, now) = (then.map(str::to_owned), now.map(str::to_owned));
            Some(Difference::Row { number, then, now })
        };
        let now = rows(json!([{"year": 2022, "n": 1}, {"year": 2023, "n": 0}]));
        let second = row(2, Some("year=2023 n=null"), Some("year=2023 n=0"));
        assert_eq!(difference(&then, &now), second);
        assert_eq!(difference(&then, &then[..1]), row(2, Some("year=2023 n=null"), None));
        assert_eq!(difference(&then[..1], &then), row(2, None, Some("year=2023 n=null")));
        let names = |names: [&str; 2]| names.map(str::to_owned).to_vec();
        let now = rows(json!([{"n": 1, "year": 2022}]));
        assert_eq!(
            difference(&then, &now),
            Some(Difference::Columns { then: names(["year", "n"]), now: names(["n", "year"]) })
        );
    }
}
