//! SQLite's complaints about a statement in the language of this run.

use rust_i18n::t;

/// What SQLite says of a statement. The frequent complaints are translated; of the others its own
/// words stand in our sentence.
pub(super) fn complaint(said: &str) -> String {
    let after = |prefix: &str| said.strip_prefix(prefix);
    let call = |name: &str| name.trim_end_matches("()").to_owned();
    if let Some(name) = after("no such table: ") {
        t!("sql.no_table", name = name).into()
    } else if let Some(name) = after("no such column: ") {
        // a build without quoted texts adds: `"a" - should this be a string literal in …?`
        let name = name.split(" - ").next().unwrap_or(name).trim_matches('"');
        t!("sql.no_column", name = name).into()
    } else if let Some(name) = after("no such function: ") {
        t!("sql.no_function", name = name).into()
    } else if let Some(name) = after("ambiguous column name: ") {
        t!("sql.ambiguous", name = name).into()
    } else if let Some(name) = after("wrong number of arguments to function ") {
        t!("sql.arguments", name = call(name)).into()
    } else if let Some(name) =
        after("misuse of aggregate: ").or(after("misuse of aggregate function "))
    {
        t!("sql.aggregate", name = call(name)).into()
    } else if let Some(word) =
        after("near \"").and_then(|rest| rest.strip_suffix("\": syntax error"))
    {
        t!("sql.syntax", word = word).into()
    } else if let Some(word) =
        after("unrecognized token: \"").and_then(|rest| rest.strip_suffix('"'))
    {
        t!("sql.token", word = word).into()
    } else if said.starts_with("SELECTs to the left and right of ") {
        t!("sql.compound").into()
    } else {
        match said {
            "incomplete input" => t!("sql.incomplete").into(),
            "no tables specified" => t!("sql.no_tables").into(),
            "integer overflow" => t!("sql.overflow").into(),
            _ => t!("sql.other", said = said).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::complaint;

    /// Held against SQLite itself: a new version that words a complaint otherwise is noticed.
    #[test]
    fn the_frequent_complaints_are_known() {
        let conn = Connection::open_in_memory().expect("memory is there");
        conn.execute_batch("CREATE TABLE t (a); CREATE TABLE u (a);").expect("it is sound");
        for (sql, says) in [
            ("SELECT * FROM v", "no such table: v"),
            ("SELECT b FROM t", "no such column: b"),
            ("SELECT f(1)", "no such function: f"),
            ("SELECT a FROM t, u", "ambiguous column: a"),
            ("SELECT abs(1, 2)", "wrong number of arguments to the function abs()"),
            ("SELECT a FROM t WHERE sum(a) > 1", "the aggregate sum() cannot stand here"),
            ("SELECT a FORM t", "syntax error near 't'"),
            ("SELECT #", "'#' is no SQL"),
            ("SELECT a FROM (SELECT", "the statement is incomplete"),
            ("SELECT a FROM t UNION SELECT a, a FROM u", "the parts of a compound"),
            ("SELECT *", "it names no table"),
            ("SELECT a FROM t GROUP BY 9", "SQLite cannot run the statement: 1st GROUP BY"),
        ] {
            let message = match conn.prepare(sql).err() {
                Some(rusqlite::Error::SqlInputError { msg, .. }) => msg,
                Some(rusqlite::Error::SqliteFailure(_, Some(msg))) => msg,
                other => panic!("{sql}: {other:?}"),
            };
            let said = complaint(&message);
            assert!(said.starts_with(says), "{sql}: {message}: {said}");
        }
    }
}
