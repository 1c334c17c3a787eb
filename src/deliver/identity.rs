//! Which database a file was made from: what can be compared after the database has been copied,
//! compacted or loaded anew.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::parse::hex;
use crate::store::{StoreError, schema_version};

/// A line for each current report and each correction that holds, in the order of their bytes. What
/// is asked of a report stands in its cells; ids, paths and the layout of the file are not in it.
pub const CONTENT: &str = "SELECT line FROM (
    SELECT o.key || char(9) || r.year || char(9) || r.scope || char(9) || COALESCE(r.edition, '')
        || char(9) || COALESCE(r.region_code, '') || char(9) || COALESCE(r.township_code, '')
        || char(9) || COALESCE(r.published, '') || char(9) || r.cells_sha256 AS line
    FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
    WHERE r.is_current = 1
    UNION ALL
    SELECT 'correction' || char(9) || o.key || char(9) || r.year || char(9) || r.scope
        || char(9) || c.edition || char(9) || c.cell || char(9) || c.raw
    FROM correction AS c
    INNER JOIN report AS r ON r.id = c.report_id
    INNER JOIN organ AS o ON o.id = r.organ_id
    WHERE c.withdrawn_at IS NULL AND r.is_current = 1
) ORDER BY line";

/// A line for each cell of the forms with what is printed beside and above it.
const FORMS: &str = "SELECT c.edition || char(9) || c.table_key || char(9) || c.row_key
        || char(9) || c.column_key || char(9) || d.label_zh || char(9) || k.label_zh
        || char(9) || COALESCE(d.unit, '') || char(9) || COALESCE(k.unit, '') AS line
    FROM form_cell AS c
    INNER JOIN form_row AS d USING (edition, table_key, row_key)
    INNER JOIN form_column AS k USING (edition, table_key, column_key)
    ORDER BY line";

/// What is counted.
const COUNTS: [(&str, &str); 8] = [
    ("reports", "SELECT COUNT(*) FROM report"),
    ("current_reports", "SELECT COUNT(*) FROM report WHERE is_current = 1"),
    ("bodies", "SELECT COUNT(*) FROM organ"),
    ("sources", "SELECT COUNT(*) FROM source"),
    ("corrections", "SELECT COUNT(*) FROM correction WHERE withdrawn_at IS NULL"),
    ("findings", "SELECT COUNT(*) FROM finding"),
    ("decisions", "SELECT COUNT(*) FROM decision"),
    ("expected_bodies", "SELECT COUNT(*) FROM expected_body"),
];

/// A database as it is told apart from others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of its schema.
    pub schema_version: i64,
    /// Of the lines that `content_sql` gives, each ended by a line feed: what the current reports
    /// say, with the corrections.
    pub content_sha256: String,
    /// The statement.
    pub content_sql: String,
    /// Of the forms as the database has them.
    pub forms_sha256: String,
    /// End of its last load, in UTC; what a file made of it is dated by.
    pub loaded: Option<String>,
    /// How much of each there is.
    pub counts: BTreeMap<String, i64>,
}

/// Tells a database apart; at best within the transaction of what is read besides.
///
/// # Errors
/// When SQLite fails.
pub fn read(conn: &Connection) -> Result<Identity, StoreError> {
    let count = |(name, sql): &(&str, &str)| {
        Ok(((*name).to_owned(), conn.query_row(sql, [], |r| r.get(0))?))
    };
    Ok(Identity {
        schema_version: schema_version(conn)?,
        content_sha256: digest(conn, CONTENT)?,
        content_sql: CONTENT.split_whitespace().collect::<Vec<_>>().join(" "),
        forms_sha256: digest(conn, FORMS)?,
        loaded: conn.query_row("SELECT MAX(finished) FROM load_run", [], |r| r.get(0))?,
        counts: COUNTS.iter().map(count).collect::<Result<_, StoreError>>()?,
    })
}

/// SHA-256 of the lines that a statement gives.
fn digest(conn: &Connection, sql: &str) -> Result<String, StoreError> {
    let mut hash = Sha256::new();
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        hash.update(row.get_ref(0)?.as_bytes().unwrap_or_default());
        hash.update(b"\n");
    }
    Ok(hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::fixture;

    #[test]
    fn what_reports_say_tells_databases_apart_and_ids_do_not() {
        let conn = fixture::database();
        let first = read(&conn).unwrap();
        assert_eq!(first.content_sha256.len(), 64);
        assert!(first.counts["current_reports"] > 0);
        assert_eq!(read(&conn).unwrap(), first);
        conn.execute_batch("UPDATE source SET path = path || 'x'").unwrap();
        assert_eq!(read(&conn).unwrap().content_sha256, first.content_sha256);
        conn.execute_batch("UPDATE report SET cells_sha256 = 'x' WHERE id = (SELECT MIN(id) FROM report WHERE is_current = 1)")
            .unwrap();
        assert_ne!(read(&conn).unwrap().content_sha256, first.content_sha256);
    }
}
