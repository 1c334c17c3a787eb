//! Cuts the text of a statement into its smallest parts, as far as parameters, the rules of
//! portable SQL and an editor need them.

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

/// What a token of a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// White space.
    Blank,
    /// `-- …` or `/* … */`.
    Comment,
    /// A keyword, a name or a number.
    Word,
    /// A text in single quotes.
    Text,
    /// A name in double quotes, backticks or brackets.
    Quoted,
    /// `:name`.
    Parameter,
    /// An operator or a bracket; `||` is one.
    Sign,
}

/// A token of a statement; all of them together are its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its byte offset.
    pub at: usize,
    /// What it is.
    pub kind: Kind,
    /// Its text.
    pub text: &'a str,
}

impl Token<'_> {
    /// The byte offset behind it.
    #[must_use]
    pub fn end(&self) -> usize {
        self.at + self.text.len()
    }

    /// Whether it is a quotation or a comment that goes on to the end because nothing closes it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let closed = |opening: &str, closing: &str| {
            self.text.len() >= opening.len() + closing.len() && self.text.ends_with(closing)
        };
        match self.kind {
            Kind::Comment => self.text.starts_with("/*") && !closed("/*", "*/"),
            Kind::Text | Kind::Quoted if self.text.starts_with('[') => !closed("[", "]"),
            Kind::Text | Kind::Quoted => !closed("'", &self.text[..1]),
            _ => false,
        }
    }

    /// Whether SQLite takes notice of it.
    #[must_use]
    pub fn is_part(&self) -> bool {
        !matches!(self.kind, Kind::Blank | Kind::Comment)
    }
}

/// The tokens of a text that is a statement, or the beginning of one.
#[must_use]
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = sql[at..].chars().next() {
        let (length, kind) = token(&sql[at..], first);
        tokens.push(Token { at, kind, text: &sql[at..at + length] });
        at += length;
    }
    tokens
}

/// Length and kind of the token that a text begins with.
fn token(rest: &str, first: char) -> (usize, Kind) {
    let word = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
    // `1e-7` is one number; in `e-7` the sign is an operator.
    let number = |text: &str| match text[word(text)..].strip_prefix(['-', '+']) {
        Some(exponent) if text[..word(text)].ends_with(['e', 'E']) => {
            word(text) + 1 + word(exponent)
        }
        _ => word(text),
    };
    let quoted = |quote: char| rest[1..].find(quote).map_or(rest.len(), |end| end + 2);
    match first {
        '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), Kind::Comment),
        '/' if rest.starts_with("/*") => {
            (rest[2..].find("*/").map_or(rest.len(), |end| end + 4), Kind::Comment)
        }
        c if c.is_whitespace() => (c.len_utf8(), Kind::Blank),
        '\'' => (quoted('\''), Kind::Text),
        '"' | '`' => (quoted(first), Kind::Quoted),
        '[' => (quoted(']'), Kind::Quoted),
        ':' if rest[1..].starts_with(is_word) => (word(&rest[1..]) + 1, Kind::Parameter),
        '0'..='9' | '.' => (number(rest), Kind::Word),
        c if is_word(c) => (word(rest), Kind::Word),
        '|' if rest.starts_with("||") => (2, Kind::Sign),
        c => (c.len_utf8(), Kind::Sign),
    }
}

/// The parts of a statement, each with its byte offset.
pub(super) fn parts(sql: &str) -> Vec<(usize, Part<'_>)> {
    tokens(sql).into_iter().filter_map(|token| Some((token.at, part(token)?))).collect()
}

fn part(token: Token<'_>) -> Option<Part<'_>> {
    match token.kind {
        Kind::Blank | Kind::Comment => None,
        Kind::Word => Some(Part::Word(token.text)),
        Kind::Text => Some(Part::Text(token.text)),
        Kind::Quoted => Some(Part::Quoted(token.text)),
        Kind::Parameter => Some(Part::Parameter(&token.text[1..])),
        Kind::Sign => Some(Part::Sign(token.text)),
    }
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

    #[test]
    fn tokens_are_the_whole_text_and_tell_what_nothing_closes() {
        let sql = "-- 注\nSELECT 'a', \"b\" /* c */;";
        assert_eq!(tokens(sql).iter().map(|token| token.text).collect::<String>(), sql);
        assert!(tokens(sql).iter().all(|token| !token.is_open()));
        for open in ["'", "'a''", "\"b", "[b", "/*", "/*/", "SELECT /* c *"] {
            assert!(tokens(open).last().expect("there is one").is_open(), "{open}");
        }
    }
}
