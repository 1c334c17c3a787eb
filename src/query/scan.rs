//! Cuts the text of a statement into its smallest parts, as far as parameters and the rules of
//! portable SQL need them.

/// A part of a statement. White space and comments are no parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A keyword, a name or a number.
    Word(&'a str),
    /// A text in single quotes.
    Text(&'a str),
    /// A name in double quotes, backticks or brackets.
    Quoted(&'a str),
    /// `:name`, without the colon.
    Parameter(&'a str),
    /// An operator or a bracket; `||` is one part.
    Sign(&'a str),
}

/// Makes a part of its text.
type Make<'a> = fn(&'a str) -> Part<'a>;

/// The parts of a statement, each with its byte offset.
pub(super) fn parts<'a>(sql: &'a str) -> Vec<(usize, Part<'a>)> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(first) = sql[at..].chars().next() {
        let rest = &sql[at..];
        let word = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
        // `1e-7` is one number; in `e-7` the sign is an operator.
        let number = |text: &str| match text[word(text)..].strip_prefix(['-', '+']) {
            Some(exponent) if text[..word(text)].ends_with(['e', 'E']) => {
                word(text) + 1 + word(exponent)
            }
            _ => word(text),
        };
        let quoted = |quote: char| rest[1..].find(quote).map_or(rest.len(), |end| end + 2);
        let (length, part): (usize, Option<Make<'a>>) = match first {
            '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), None),
            '/' if rest.starts_with("/*") => {
                (rest[2..].find("*/").map_or(rest.len(), |end| end + 4), None)
            }
            c if c.is_whitespace() => (c.len_utf8(), None),
            '\'' => (quoted('\''), Some(Part::Text)),
            '"' | '`' => (quoted(first), Some(Part::Quoted)),
            '[' => (quoted(']'), Some(Part::Quoted)),
            ':' if rest[1..].starts_with(is_word) => {
                (word(&rest[1..]) + 1, Some(|text| Part::Parameter(&text[1..])))
            }
            '0'..='9' | '.' => (number(rest), Some(Part::Word)),
            c if is_word(c) => (word(rest), Some(Part::Word)),
            '|' if rest.starts_with("||") => (2, Some(Part::Sign)),
            c => (c.len_utf8(), Some(Part::Sign)),
        };
        if let Some(part) = part {
            parts.push((at, part(&rest[..length])));
        }
        at += length;
    }
    parts
}

/// Names of the parameters in a statement, in order of appearance, with repetitions.
pub(super) fn parameters(sql: &str) -> impl Iterator<Item = &str> {
    parts(sql).into_iter().filter_map(|(_, part)| match part {
        Part::Parameter(name) => Some(name),
        _ => None,
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_outside_of_texts_and_comments() {
        let sql = "-- :a\nSELECT ':b', \":c\", x::text, /* :d */ :e_1 || :中文, a:f -- :g";
        assert_eq!(parameters(sql).collect::<Vec<_>>(), ["text", "e_1", "中文", "f"]);
    }

    #[test]
    fn parts_keep_their_place_and_unclosed_quotes_end_with_the_text() {
        let sql = "1e0 * t.x||'it''s";
        let found = parts(sql);
        assert_eq!(found[0], (0, Part::Word("1e0")));
        assert_eq!(found[2], (6, Part::Word("t.x")));
        assert_eq!(found[3], (9, Part::Sign("||")));
        assert_eq!(found.last(), Some(&(15, Part::Text("'s"))));
        assert_eq!(parts("1.5e-7-e-7").len(), 5);
        assert_eq!(parts("SELECT /* open"), [(0, Part::Word("SELECT"))]);
    }
}
