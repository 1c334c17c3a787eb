//! Where a statement ends in what is typed.

use crate::query::{Kind, Token, tokens};

/// What is run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// A dot command, or one of the words that stand for one.
    Dot(&'t str),
    /// A statement without its semicolon.
    Sql(&'t str),
}

/// Words that other shells take without a dot. No statement begins with one.
const BARE_WORDS: [&str; 3] = ["exit", "quit", "help"];

/// Whether a token ends a statement. The wide semicolon is what a Chinese keyboard gives; it has no
/// other meaning in SQL.
pub fn is_end(token: &Token<'_>) -> bool {
    token.kind == Kind::Sign && matches!(token.text, ";" | "；")
}

fn is_bare_word(text: &str) -> bool {
    BARE_WORDS.contains(&text.trim().trim_end_matches([';', '；']))
}

/// Whether all that is typed can be run: nothing of a statement is left open behind the last end.
pub fn is_complete(text: &str) -> bool {
    if is_bare_word(text) {
        return true;
    }
    let (pieces, rest) = split(text);
    let rest = tokens(&text[rest..]);
    let blank = rest.iter().all(|token| token.kind == Kind::Blank);
    // a comment alone is no statement, but one may follow it
    let commented = !pieces.is_empty() && !rest.iter().any(|t| t.is_part() || t.is_open());
    blank || commented
}

/// Whether a script can be run as far as it is read, which is asked after each line: cheap where the
/// line, which begins at `from`, ends nothing.
pub fn may_end(text: &str, from: usize) -> bool {
    let line = &text[from..];
    let may =
        line.contains([';', '；']) || line.trim_start().starts_with('.') || is_bare_word(text);
    may && is_complete(text)
}

/// The pieces of a text with their byte offsets; the last one need not be ended.
pub fn pieces(text: &str) -> Vec<(usize, Piece<'_>)> {
    if is_bare_word(text) {
        return vec![(0, Piece::Dot(text.trim().trim_end_matches([';', '；'])))];
    }
    let (mut pieces, rest) = split(text);
    if let Some(first) = tokens(&text[rest..]).iter().find(|token| token.is_part()) {
        let at = rest + first.at;
        pieces.push((at, Piece::Sql(text[at..].trim_end())));
    }
    pieces
}

/// The pieces that are ended, and where the rest begins.
fn split(text: &str) -> (Vec<(usize, Piece<'_>)>, usize) {
    let mut pieces = Vec::new();
    let mut rest = 0;
    loop {
        let tokens = tokens(&text[rest..]);
        let Some(first) = tokens.iter().find(|token| token.is_part()) else { break };
        let at = rest + first.at;
        if first.text.starts_with('.') {
            let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
            pieces.push((at, Piece::Dot(text[at..end].trim_end())));
            rest = end;
            continue;
        }
        let Some(end) = tokens.iter().find(|token| is_end(token)) else { break };
        if end.at > first.at {
            pieces.push((at, Piece::Sql(text[at..rest + end.at].trim_end())));
        }
        rest += end.end();
    }
    (pieces, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_ends_at_a_semicolon_that_is_one() {
        for text in ["SELECT 1;", "SELECT ';' ; -- done", ".tables", "  .help x", "exit", "quit;"] {
            assert!(is_complete(text), "{text}");
        }
        for text in ["", "  \n", "SELECT '；'；", "SELECT 1;\n.timer on", "SELECT 1; /* c */"] {
            assert!(is_complete(text), "{text}");
        }
        for text in ["SELECT 1", "SELECT ';", "SELECT 1 -- ;", "SELECT 1; SELECT", "-- note"] {
            assert!(!is_complete(text), "{text}");
        }
        for text in ["/* ;", "SELECT \"a;", "exit 1", "SELECT 1; /* c"] {
            assert!(!is_complete(text), "{text}");
        }
    }

    #[test]
    fn pieces_are_statements_and_dot_commands() {
        use Piece::{Dot, Sql};
        let pieces = |text| pieces(text).into_iter().map(|(_, piece)| piece).collect::<Vec<_>>();
        assert_eq!(pieces("SELECT 1; SELECT ';'；;"), [Sql("SELECT 1"), Sql("SELECT ';'")]);
        assert_eq!(
            pieces("-- note\n.tables v%  \nSELECT 1\n;SELECT 2"),
            [Dot(".tables v%"), Sql("SELECT 1"), Sql("SELECT 2")]
        );
        assert_eq!(pieces(" quit; "), [Dot("quit")]);
        assert_eq!(pieces("-- note\n"), []);
        assert_eq!(pieces("SELECT .5; .lang en"), [Sql("SELECT .5"), Dot(".lang en")]);
        assert_eq!(pieces("SELECT 1 /* ; */"), [Sql("SELECT 1 /* ; */")]);
        let offsets: Vec<usize> =
            super::pieces("SELECT 1;\n-- 注\n SELECT").iter().map(|p| p.0).collect();
        assert_eq!(offsets, [0, 18]);
    }
}
