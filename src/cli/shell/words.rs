//! The words that can be typed: names of the database, the canned queries, SQL.

use rusqlite::Connection;

use crate::form::Forms;
use crate::lang::Bilingual;
use crate::metric::{Metric, Metrics};
use crate::query::Error;
use crate::query::catalog::{Catalog, Query};
use crate::query::names::{self, Relation};

/// SQL's words as far as a statement that reads needs them.
pub const KEYWORDS: [&str; 84] = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "ORDER BY",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "JOIN",
    "INNER JOIN",
    "LEFT JOIN",
    "CROSS JOIN",
    "FULL JOIN",
    "RIGHT JOIN",
    "ON",
    "USING",
    "AS",
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS",
    "NULL",
    "LIKE",
    "GLOB",
    "REGEXP",
    "MATCH",
    "ESCAPE",
    "BETWEEN",
    "EXISTS",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "DISTINCT",
    "ALL",
    "UNION",
    "UNION ALL",
    "INTERSECT",
    "EXCEPT",
    "WITH",
    "RECURSIVE",
    "MATERIALIZED",
    "VALUES",
    "ASC",
    "DESC",
    "NULLS FIRST",
    "NULLS LAST",
    "COLLATE",
    "NOCASE",
    "BINARY",
    "CAST",
    "INTEGER",
    "TEXT",
    "REAL",
    "BLOB",
    "NUMERIC",
    "OVER",
    "PARTITION BY",
    "WINDOW",
    "ROWS",
    "RANGE",
    "GROUPS",
    "PRECEDING",
    "FOLLOWING",
    "UNBOUNDED",
    "CURRENT ROW",
    "EXCLUDE",
    "TIES",
    "OTHERS",
    "FILTER",
    "REGEXP",
    "ISNULL",
    "NOTNULL",
    "NATURAL",
    "OUTER",
    "EXPLAIN QUERY PLAN",
    "TRUE",
    "FALSE",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "INDEXED BY",
];

/// Whether a word is one of SQL's.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().flat_map(|keyword| keyword.split(' ')).any(|k| k.eq_ignore_ascii_case(word))
}

/// What there is at the beginning of a session; the database is only read in it.
pub struct Words {
    /// Tables and views.
    pub relations: Vec<Relation>,
    /// Functions that may be called.
    pub functions: Vec<String>,
    /// The canned queries.
    pub queries: Vec<Query>,
    /// The measures: key and name.
    pub metrics: Vec<(String, Bilingual)>,
}

impl Words {
    /// Reads the names.
    pub fn read(conn: &Connection, catalog: &Catalog) -> Result<Words, Error> {
        Ok(Words {
            relations: names::relations(conn)?,
            functions: names::functions(conn)?,
            queries: catalog.queries().to_vec(),
            metrics: metrics(),
        })
    }

    /// The table or view of a name, quoted or not.
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        let name = name.trim_matches(['"', '`', '[', ']']);
        self.relations.iter().find(|relation| relation.name.eq_ignore_ascii_case(name))
    }
}

/// The measures that the program brings; its tests say that they are sound.
fn metrics() -> Vec<(String, Bilingual)> {
    let known = Metrics::builtin(&Forms::builtin());
    let named = |metric: &Metric| (metric.key.clone(), metric.name.clone());
    known.map(|metrics| metrics.iter().map(named).collect()).unwrap_or_default()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::query::fixture;

    /// The words of a small database.
    pub fn words() -> Words {
        let catalog = Catalog::load(None).expect("the built-in queries are sound");
        Words::read(&fixture::database(), &catalog).expect("the schema can be read")
    }

    #[test]
    fn every_keyword_is_one() {
        for word in ["select", "BY", "Partition", "nulls"] {
            assert!(is_keyword(word), "{word}");
        }
        assert!(!is_keyword("organ") && !is_keyword("GROUP BY"));
    }
}
