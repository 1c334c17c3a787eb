//! What `schema.sql` says of its tables and views, for those who ask what they hold.

use super::SCHEMA_SQL;

/// The comment on a table or a view: in `schema.sql` it stands above it; a view made from the forms
/// has it inside, below its first line.
#[must_use]
pub fn comment_on(relation: &str, sql: &str) -> Option<String> {
    above(relation).or_else(|| inside(sql))
}

fn above(relation: &str) -> Option<String> {
    let lines: Vec<&str> = SCHEMA_SQL.lines().collect();
    let at = lines.iter().position(|line| created(line) == Some(relation))?;
    let comments = lines[..at].iter().rev().take_while(|line| line.starts_with("--")).count();
    joined(lines[at - comments..at].iter().copied())
}

/// The table or view that a statement makes which begins with this line.
fn created(line: &str) -> Option<&str> {
    let mut words = line.strip_prefix("CREATE ")?.split(' ').skip_while(|word| *word == "VIRTUAL");
    matches!(words.next()?, "TABLE" | "VIEW").then(|| words.next()).flatten()
}

fn inside(sql: &str) -> Option<String> {
    joined(sql.lines().skip(1).take_while(|line| line.starts_with("--")))
}

/// The comment on a column: what stands behind it in the statement that made the table.
#[must_use]
pub fn comment_on_column(column: &str, sql: &str) -> Option<String> {
    let line = sql.lines().find(|line| line.split_whitespace().next() == Some(column))?;
    joined(std::iter::once(line.split_once("-- ")?.1))
}

/// Lines of a comment as text. Those that are set in are an example and stay lines.
fn joined<'l>(lines: impl Iterator<Item = &'l str>) -> Option<String> {
    let mut text = String::new();
    for line in lines {
        let line = line.strip_prefix("--").unwrap_or(line);
        let line = line.strip_prefix(' ').unwrap_or(line);
        if !text.is_empty() {
            text.push(if line.starts_with(' ') { '\n' } else { ' ' });
        }
        text.push_str(line);
    }
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_found_where_they_stand() {
        let of = |relation: &str| comment_on(relation, "").expect(relation);
        assert_eq!(of("section"), "Narrative by section.");
        assert!(of("section_index").starts_with("Index of the pairs"));
        assert!(of("v_case").ends_with("concluded never counts pending."), "{}", of("v_case"));
        assert!(of("v_organ_series").contains("as well:\n  SELECT s.name"));
        assert_eq!(comment_on("sqlite_schema", ""), None);
        let made = "CREATE VIEW challenge AS\n-- 复议: one row\n-- per line.\nSELECT 1 -- x";
        assert_eq!(comment_on("challenge", made).as_deref(), Some("复议: one row per line."));
    }

    #[test]
    fn columns_have_what_stands_behind_them() {
        let sql = "CREATE TABLE t (\n    no INTEGER, -- 1 to 6\n    note TEXT\n)";
        assert_eq!(comment_on_column("no", sql).as_deref(), Some("1 to 6"));
        assert_eq!(comment_on_column("note", sql), None);
        assert_eq!(comment_on_column("other", sql), None);
    }
}
