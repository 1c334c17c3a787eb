//! The canned queries are portable: they use only what SQLite, Polars, DuckDB and Spark have with
//! one meaning.

use super::catalog::Catalog;
use super::scan::{Part, parameters, parts};

#[test]
fn every_query_is_portable() {
    let catalog = Catalog::load(None).unwrap_or_else(|error| panic!("{error}"));
    for query in catalog.queries() {
        let faults = faults(&query.sql);
        assert!(faults.is_empty(), "{}: {faults:?}", query.name);
        let documented: usize = query.parameters.len();
        assert!(documented > 0 && parameters(&query.sql).count() >= documented, "{}", query.name);
        for text in [&query.title, &query.description] {
            assert!(!text.zh.is_ascii() && text.en.is_ascii(), "{}: {text:?}", query.name);
        }
    }
}

/// Functions that SQLite, Polars, DuckDB and Spark have with one meaning, and the words before
/// a bracket that are none. Windows (`OVER`) are those of sums over a partition.
const PORTABLE: [&str; 27] = [
    "ABS", "AND", "AS", "AVG", "BETWEEN", "BY", "CASE", "CAST", "COALESCE", "COUNT", "ELSE",
    "FROM", "IN", "LENGTH", "LOWER", "MAX", "MIN", "NOT", "NULLIF", "ON", "OR", "OVER", "SUBSTR",
    "SUM", "THEN", "WHEN", "WHERE",
];

/// What in a statement is not portable.
fn faults(sql: &str) -> Vec<String> {
    let parts: Vec<Part<'_>> = parts(sql).into_iter().map(|(_, part)| part).collect();
    let mut faults = Vec::new();
    let next = |index: usize| parts.get(index + 1).copied();
    let before = |index: usize| index.checked_sub(1).and_then(|index| parts.get(index)).copied();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Quoted(name) => faults.push(format!("{name} is quoted")),
            Part::Sign("?") => faults.push("a parameter without a name".to_owned()),
            Part::Sign("%") => faults.push("% is not the same everywhere".to_owned()),
            Part::Sign("/") => {
                if next(index) != Some(Part::Word("NULLIF")) {
                    faults.push("a division without NULLIF".to_owned());
                }
                if !numerator_is_real(&parts[..index]) {
                    faults.push("a division without CAST(… AS DOUBLE)".to_owned());
                }
            }
            Part::Sign("||") => {
                let text =
                    |part: Option<Part<'_>>| matches!(part, Some(Part::Text(_) | Part::Sign(")")));
                if !text(before(index)) || !matches!(next(index), Some(Part::Text(_))) {
                    faults.push("|| on what may be no text".to_owned());
                }
            }
            Part::Word(word) if word.parse::<f64>().is_ok() && word.parse::<i64>().is_err() => {
                faults.push(format!("{word} is not read alike everywhere"));
            }
            Part::Word(word) if next(index) == Some(Part::Sign("(")) => {
                let named = matches!(before(index), Some(Part::Sign(",") | Part::Word("WITH")));
                let upper = word.to_uppercase();
                if !named && !PORTABLE.contains(&upper.as_str()) {
                    faults.push(format!("{word}() is not everywhere"));
                }
            }
            Part::Word(word)
                if ["GLOB", "ISNULL", "NOTNULL", "REGEXP", "MATCH", "ILIKE", "ROWID", "TOTAL"]
                    .contains(&word.to_uppercase().as_str())
                    && *word == word.to_uppercase() =>
            {
                faults.push(format!("{word} is not everywhere"));
            }
            _ => {}
        }
    }
    faults
}

/// Whether what stands before a division is `CAST(… AS DOUBLE)`. Polars cannot read `1e0`, and
/// `1.0` is a decimal in Spark.
fn numerator_is_real(before: &[Part<'_>]) -> bool {
    let [rest @ .., Part::Word("AS"), Part::Word("DOUBLE"), Part::Sign(")")] = before else {
        return false;
    };
    let mut depth = 1;
    let open = rest.iter().rposition(|part| {
        match part {
            Part::Sign(")") => depth += 1,
            Part::Sign("(") => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    matches!(open.map(|open| &rest[..open]), Some([.., Part::Word("CAST")]))
}

#[test]
fn the_lint_finds_what_is_not_portable() {
    for bad in [
        "SELECT a / b FROM t",
        "SELECT 1e0 * a / b FROM t",
        "SELECT a / NULLIF(b, 0) FROM t",
        "SELECT 1.0 * a / NULLIF(b, 0) FROM t",
        "SELECT 1e0 * a / NULLIF(b, 0) FROM t",
        "SELECT CAST(a AS DOUBLE) + b / NULLIF(c, 0) FROM t",
        "SELECT CAST(a AS INTEGER) / NULLIF(c, 0) FROM t",
        "SELECT GROUP_CONCAT(a) FROM t",
        "SELECT strftime('%Y', a) FROM t",
        "SELECT json_extract(a, '$') FROM t",
        "SELECT year || 'x' FROM t",
        "SELECT \"a\" FROM t",
        "SELECT a FROM t WHERE a GLOB 'x*'",
        "SELECT a % 2 FROM t",
        "SELECT ?1",
        "SELECT IIF(a, 1, 2), IFNULL(a, 0) FROM t",
    ] {
        assert!(!faults(bad).is_empty(), "{bad}");
    }
    for good in [
        "SELECT CAST(a AS DOUBLE) / NULLIF(b, 0), CAST(SUM(a) AS DOUBLE) / NULLIF(SUM(b), 0) FROM t",
        "SELECT CAST((a + b) * 2 AS DOUBLE) / NULLIF(c, 0) FROM t",
        "WITH u AS (SELECT SUBSTR(a, 1, 2) || '00' AS b FROM t) SELECT b FROM u WHERE b IN ('1')",
    ] {
        assert_eq!(faults(good), Vec::<String>::new(), "{good}");
    }
}
