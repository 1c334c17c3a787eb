//! Full-text search for Chinese words of any length.
//!
//! Chinese is written without blanks, and FTS5's trigrams miss the words of two characters that
//! people ask for most. Here every pair of neighbouring characters is a token; a word is looked up
//! by all its pairs, and what is found is compared with the text, so that exactly the sections
//! are given that hold it. Width and script are folded on both sides: 複議 and 复议, ＡＩ and AI
//! are the same.

use memchr::memmem::Finder;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::StoreError;
use crate::form::fold_text;

/// Characters that take part in pairs: everything but ASCII punctuation, blanks and controls,
/// which the index's tokenizer takes for separators.
fn is_token(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric()
}

/// The tokens of a text: each pair of neighbours, and the last character of every run alone.
#[must_use]
pub fn pairs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    let mut before = None;
    for c in fold_text(text).chars() {
        let token = Some(c).filter(|c| is_token(*c));
        if let Some(before) = before {
            out.push(before);
            out.extend(token);
            out.push(' ');
        }
        before = token;
    }
    if let Some(last) = before {
        out.push(last);
        out.push(' ');
    }
    out.make_ascii_lowercase();
    out
}

/// The FTS5 query that finds every section that may hold a text; empty if no token helps.
#[must_use]
pub fn bigrams(text: &str) -> String {
    let text = fold_text(text);
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

/// A section that holds a text.
struct Found {
    id: i64,
    report_id: i64,
    no: i64,
    year: i64,
}

/// From this share of all rows on one pass over them costs less than looking each up.
const SHARE: usize = 48;

/// The sections of current reports that hold `text`, ASCII letters in either case, width and script
/// folded, newest year first; with the number of all.
///
/// # Errors
/// When SQLite fails.
pub fn search(
    conn: &Connection,
    text: &str,
    limit: usize,
) -> Result<(Vec<Hit>, usize), StoreError> {
    let wanted = Needle::new(text);
    if wanted.folded.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let mut found = sections_with(conn, &wanted)?;
    set_years(conn, &mut found)?;
    found.sort_by_key(|f| (std::cmp::Reverse(f.year), f.report_id, f.no));
    let total = found.len();
    let mut read = conn.prepare_cached(
        "SELECT o.name, s.title, s.text
         FROM section AS s
         INNER JOIN report AS r ON r.id = s.report_id
         INNER JOIN organ AS o ON o.id = r.organ_id
         WHERE s.id = ?1",
    )?;
    let hits = found.into_iter().take(limit).map(|f| {
        read.query_row([f.id], |r| {
            Ok(Hit {
                report_id: f.report_id,
                organ: r.get(0)?,
                year: f.year,
                no: f.no,
                title: r.get(1)?,
                snippet: snippet(&r.get::<_, String>(2)?, &wanted),
            })
        })
    });
    Ok((hits.collect::<Result<_, _>>()?, total))
}

/// The sections of all reports that hold a text; their years are still open.
fn sections_with(conn: &Connection, wanted: &Needle) -> Result<Vec<Found>, StoreError> {
    let text = &wanted.folded;
    let rows = last_id(conn, "section")?;
    // the index knows pairs: of what is longer or shorter it tells only where it may be
    if text.chars().count() == 2 && text.chars().all(is_token) {
        return sections_of_pair(conn, &bigrams(text), rows);
    }
    let query = match common_pair(conn, wanted, rows)? {
        Some(pair) => bigrams(&pair),
        None => bigrams(text),
    };
    let mut statement = if query.is_empty() {
        conn.prepare_cached("SELECT id, report_id, no, text FROM section")?
    } else {
        conn.prepare_cached(
            "SELECT s.id, s.report_id, s.no, s.text
             FROM section_index AS i
             CROSS JOIN section AS s ON s.id = i.rowid
             WHERE section_index MATCH ?1",
        )?
    };
    let mut rows = statement.query(params_from_iter((!query.is_empty()).then_some(query)))?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        if wanted.is_in(r.get_ref(3)?.as_bytes().map_err(rusqlite::Error::from)?) {
            out.push(found(r)?);
        }
    }
    Ok(out)
}

/// The sections that the index has a pair of; their texts need not be read.
fn sections_of_pair(conn: &Connection, query: &str, rows: usize) -> Result<Vec<Found>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT rowid FROM section_index WHERE section_index MATCH ?1")?;
    let ids: Vec<i64> = statement.query_map([query], |r| r.get(0))?.collect::<Result<_, _>>()?;
    if ids.len() < rows / SHARE {
        let mut one = conn.prepare_cached("SELECT id, report_id, no FROM section WHERE id = ?1")?;
        let found = ids.iter().map(|id| one.query_row([id], found));
        return Ok(found.collect::<Result<_, _>>()?);
    }
    let mut holds = vec![false; rows + 1];
    for id in ids {
        // what a load adds meanwhile is not asked for
        holds.get_mut(id as usize).into_iter().for_each(|holds| *holds = true);
    }
    let mut all = conn.prepare_cached("SELECT id, report_id, no FROM section")?;
    let mut rows = all.query([])?;
    let mut out = Vec::new();
    while let Some(r) = rows.next()? {
        if holds.get(r.get::<_, i64>(0)? as usize) == Some(&true) {
            out.push(found(r)?);
        }
    }
    Ok(out)
}

fn found(r: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found { id: r.get(0)?, report_id: r.get(1)?, no: r.get(2)?, year: 0 })
}

/// Sections looked at to tell how common a text is.
const SAMPLE: usize = 200;
/// A text that this share of the sample holds is common.
const COMMON: usize = 4;

/// For a text that stands nearly everywhere the one of its pairs that fewest sections of a sample
/// have: to find where all its pairs are takes longer than to read what holds the rarest.
fn common_pair(
    conn: &Connection,
    wanted: &Needle,
    rows: usize,
) -> Result<Option<String>, StoreError> {
    let chars: Vec<char> = wanted.folded.chars().collect();
    if rows < SAMPLE * SHARE || chars.len() < 3 || !chars.iter().copied().all(is_token) {
        return Ok(None);
    }
    let pairs: Vec<String> = chars.windows(2).map(|w| w.iter().collect()).collect();
    let mut with: Vec<usize> = vec![0; pairs.len()];
    let mut whole = 0;
    let mut one = conn.prepare_cached("SELECT text FROM section WHERE id = ?1")?;
    for n in 0..SAMPLE {
        let id = (1 + n * rows / SAMPLE) as i64;
        let Some(body) = one.query_row([id], |r| r.get::<_, String>(0)).optional()? else {
            continue;
        };
        whole += usize::from(body.contains(&wanted.folded));
        let has = pairs.iter().map(|pair| usize::from(body.contains(pair)));
        with.iter_mut().zip(has).for_each(|(count, has)| *count += has);
    }
    let rarest = with.iter().zip(pairs).min_by_key(|(count, _)| **count);
    Ok(rarest.filter(|_| whole * COMMON >= SAMPLE).map(|(_, pair)| pair))
}

fn last_id(conn: &Connection, relation: &str) -> Result<usize, StoreError> {
    let sql = format!("SELECT COALESCE(MAX(id), 0) FROM {relation}");
    Ok(usize::try_from(conn.query_row(&sql, [], |r| r.get::<_, i64>(0))?).unwrap_or(0))
}

/// Sets the years of what was found and drops what stands in reports that are not current.
fn set_years(conn: &Connection, found: &mut Vec<Found>) -> Result<(), StoreError> {
    let reports = last_id(conn, "report")?;
    let mut years: Vec<Option<i64>> = vec![None; reports + 1];
    if found.len() < reports / SHARE {
        let sql = "SELECT year FROM report WHERE id = ?1 AND is_current = 1";
        let mut one = conn.prepare_cached(sql)?;
        for f in found.iter() {
            if let Some(year) = years.get_mut(f.report_id as usize) {
                *year = one.query_row([f.report_id], |r| r.get(0)).optional()?.flatten();
            }
        }
    } else {
        let mut all = conn.prepare_cached("SELECT id, year FROM report WHERE is_current = 1")?;
        let mut rows = all.query([])?;
        while let Some(r) = rows.next()? {
            if let Some(year) = years.get_mut(r.get::<_, i64>(0)? as usize) {
                *year = r.get(1)?;
            }
        }
    }
    found.retain_mut(|f| match years.get(f.report_id as usize).copied().flatten() {
        Some(year) => {
            f.year = year;
            true
        }
        None => false,
    });
    Ok(())
}

/// A text to be found: ASCII letters in either case, width and script folded.
struct Needle {
    text: String,
    folded: String,
    letters: bool,
    /// Finds it as it was asked for.
    as_asked: Finder<'static>,
}

impl Needle {
    fn new(text: &str) -> Needle {
        let folded = fold_text(text).to_ascii_lowercase();
        let letters = folded.bytes().any(|b| b.is_ascii_alphabetic());
        let text = text.to_ascii_lowercase();
        let as_asked = Finder::new(&text).into_owned();
        Needle { text, folded, letters, as_asked }
    }

    /// As it stands, which is what most sections have; else folded.
    fn is_in(&self, body: &[u8]) -> bool {
        // whether they are UTF-8 takes longer to tell than whether they hold the text
        if self.as_asked.find(body).is_some() {
            return true;
        }
        let body = fold_text(&String::from_utf8_lossy(body)).into_owned();
        match self.letters {
            true => body.to_ascii_lowercase().contains(&self.folded),
            false => body.contains(&self.folded),
        }
    }

    /// Where it stands first: the bytes of the body.
    fn place_in(&self, body: &str) -> (usize, usize) {
        if let Some(at) = body.to_ascii_lowercase().find(&self.text) {
            return (at, at + self.text.len());
        }
        // character by character, to know where each folded one comes from
        let (mut folded, mut from) = (String::new(), Vec::new());
        for (at, c) in body.char_indices() {
            folded.push_str(&fold_text(c.encode_utf8(&mut [0; 4])));
            from.resize(folded.len(), at);
        }
        let Some(at) = folded.to_ascii_lowercase().find(&self.folded) else { return (0, 0) };
        let start = from.get(at).copied().unwrap_or(0);
        let end = from.get(at + self.folded.len()).copied().unwrap_or(body.len());
        (start, end)
    }
}

/// Up to thirty characters on each side of the first place.
fn snippet(body: &str, wanted: &Needle) -> String {
    let (start, end) = wanted.place_in(body);
    let before: Vec<char> = body[..start].chars().rev().take(30).collect();
    let after: String = body[end..].chars().take(30).collect();
    let cut = |cut: bool| if cut { "…" } else { "" };
    let front = cut(body[..start].chars().count() > 30);
    let back = cut(body[end..].chars().count() > 30);
    let before: String = before.into_iter().rev().collect();
    format!("{front}{before}{}{after}{back}", &body[start..end]).replace('\n', " ")
}

/// Makes the index anew: earlier programs did not fold. A second time changes nothing.
pub fn rebuild(conn: &Connection) -> Result<(), StoreError> {
    conn.execute("INSERT INTO section_index (section_index) VALUES ('delete-all')", [])?;
    let mut insert = conn.prepare("INSERT INTO section_index (rowid, pairs) VALUES (?1, ?2)")?;
    let mut sections = conn.prepare("SELECT id, text FROM section ORDER BY id")?;
    let mut rows = sections.query([])?;
    while let Some(r) = rows.next()? {
        insert.execute((r.get::<_, i64>(0)?, pairs(&r.get::<_, String>(1)?)))?;
    }
    Ok(())
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
        assert_eq!(pairs("行政复议，12件"), "行政 政复 复议 议 12 2件 件 ");
        assert_eq!(pairs("行政複議ＡＩ"), pairs("行政复议ai"));
        assert_eq!(bigrams("複議"), bigrams("复议"));
        assert_eq!(pairs("A b"), "a b ");
        assert_eq!(bigrams("复议"), "\"复议\"");
        assert_eq!(bigrams("政"), "\"政\"*");
        assert_eq!(bigrams("--"), "");
    }
}
