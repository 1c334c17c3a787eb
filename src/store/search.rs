//! Full-text search for Chinese words of any length.
//!
//! Chinese is written without blanks, and FTS5's trigrams miss the words of two characters that
//! people ask for most. Here every pair of neighbouring characters is a token; a word is looked up
//! by all its pairs, and what is found is compared with the text, so that exactly the sections
//! are given that `LIKE '%word%'` gives.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::StoreError;

/// Characters that take part in pairs: everything but ASCII punctuation, blanks and controls,
/// which the index's tokenizer takes for separators.
fn is_token(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric()
}

/// The tokens of a text: each pair of neighbours, and the last character of every run alone.
#[must_use]
pub fn pairs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for run in text.split(|c| !is_token(c)).filter(|r| !r.is_empty()) {
        let mut chars = run.char_indices().map(|(i, _)| i).chain([run.len()]).collect::<Vec<_>>();
        chars.push(run.len());
        for window in chars.windows(3) {
            out.push_str(&run[window[0]..window[2]]);
            out.push(' ');
        }
    }
    out.make_ascii_lowercase();
    out
}

/// The FTS5 query that finds every section that may hold a text; empty if no token helps.
#[must_use]
pub fn bigrams(text: &str) -> String {
    let mut terms: Vec<String> = Vec::new();
    for run in text.split(|c| !is_token(c)).filter(|r| !r.is_empty()) {
        let chars: Vec<char> = run.chars().map(|c| c.to_ascii_lowercase()).collect();
        match chars.as_slice() {
            [one] => terms.push(format!("\"{one}\"*")),
            _ => terms.extend(chars.windows(2).map(|w| format!("\"{}{}\"", w[0], w[1]))),
        }
    }
    terms.sort();
    terms.dedup();
    terms.join(" AND ")
}

/// A section that holds the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Report.
    pub report_id: i64,
    /// Body.
    pub organ: String,
    /// Reporting year.
    pub year: i64,
    /// Section number.
    pub no: i64,
    /// Heading of the section.
    pub title: String,
    /// The text around the first place.
    pub snippet: String,
}

/// The sections of current reports that hold `text`, ASCII letters in either case, newest year
/// first; with the number of all.
///
/// # Errors
/// When SQLite fails.
pub fn search(
    conn: &Connection,
    text: &str,
    limit: usize,
) -> Result<(Vec<Hit>, usize), StoreError> {
    if text.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let query = bigrams(text);
    let pattern =
        format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let source = if query.is_empty() {
        "FROM section AS s".to_owned()
    } else {
        "FROM section_index AS i INNER JOIN section AS s ON s.id = i.rowid".to_owned()
    };
    let filter = if query.is_empty() { "?1 = ''" } else { "section_index MATCH ?1" };
    let sql = format!(
        "SELECT s.report_id, o.name, r.year, s.no, s.title, s.text
         {source}
         INNER JOIN report AS r ON r.id = s.report_id
         INNER JOIN organ AS o ON o.id = r.organ_id
         WHERE {filter} AND r.is_current = 1 AND s.text LIKE ?2 ESCAPE '\\'
         ORDER BY r.year DESC, s.report_id, s.no"
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query(rusqlite::params![query, pattern])?;
    let (mut hits, mut total) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        total += 1;
        if hits.len() < limit {
            let body: String = row.get(5)?;
            hits.push(Hit {
                report_id: row.get(0)?,
                organ: row.get(1)?,
                year: row.get(2)?,
                no: row.get(3)?,
                title: row.get(4)?,
                snippet: snippet(&body, text),
            });
        }
    }
    Ok((hits, total))
}

/// Up to thirty characters on each side of the first place.
fn snippet(body: &str, text: &str) -> String {
    let at = body.to_ascii_lowercase().find(&text.to_ascii_lowercase()).unwrap_or(0);
    let before: Vec<char> = body[..at].chars().rev().take(30).collect();
    let after: String = body[at..].chars().take(30 + text.chars().count()).collect();
    let cut = body[..at].chars().count() > 30;
    let start: String = before.into_iter().rev().collect();
    let rest = body[at..].chars().count() > 30 + text.chars().count();
    let line =
        format!("{}{start}{after}{}", if cut { "…" } else { "" }, if rest { "…" } else { "" });
    line.replace('\n', " ")
}

/// Gives SQL the function `bigrams(text)`.
pub fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("bigrams", 1, flags, |ctx| Ok(bigrams(&ctx.get::<String>(0)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_queries_meet() {
        assert_eq!(pairs("行政复议，12件"), "行政 政复 复议 议， ，1 12 2件 件 ");
        assert_eq!(pairs("A b"), "a b ");
        assert_eq!(bigrams("复议"), "\"复议\"");
        assert_eq!(bigrams("政"), "\"政\"*");
        assert_eq!(bigrams("--"), "");
    }
}
