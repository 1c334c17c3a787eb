//! Colours of what is typed.

use reedline::{Color, Highlighter, StyledText};
use std::sync::Arc;

use super::clause::Tables;
use super::commands;
use super::words::{Words, is_keyword};
use crate::query::{Kind, Token, tokens};

/// What a part of the text is, as far as colours tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Plain,
    Keyword,
    Relation,
    Function,
    Text,
    Number,
    Comment,
    Parameter,
    Command,
    Unknown,
}

/// Colours SQL and dot commands.
pub struct Colours {
    /// The names there are.
    pub words: Arc<Words>,
}

impl Highlighter for Colours {
    fn highlight(&self, line: &str, _cursor: usize) -> StyledText {
        let mut styled = StyledText::new();
        for (tone, text) in tones(&self.words, line) {
            let style = match tone {
                Tone::Plain => Color::Default.normal(),
                Tone::Keyword => Color::Blue.bold(),
                Tone::Relation => Color::Cyan.normal(),
                Tone::Function => Color::Blue.normal(),
                Tone::Text => Color::Green.normal(),
                Tone::Number => Color::Magenta.normal(),
                Tone::Comment => Color::DarkGray.normal(),
                Tone::Parameter => Color::Yellow.normal(),
                Tone::Command => Color::Default.bold(),
                Tone::Unknown => Color::Red.normal(),
            };
            styled.push((style, text.to_owned()));
        }
        styled
    }
}

/// The parts of a text with what they are.
fn tones<'t>(words: &Words, text: &'t str) -> Vec<(Tone, &'t str)> {
    if text.trim_start().starts_with('.') {
        let start = text.len() - text.trim_start().len();
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |at| start + at);
        let name = &text[start..end];
        let known = commands::COMMANDS.iter().any(|command| command.name.starts_with(&name[1..]));
        let tone = if known { Tone::Command } else { Tone::Unknown };
        return vec![(Tone::Plain, &text[..start]), (tone, name), (Tone::Plain, &text[end..])];
    }
    let tokens = tokens(text);
    let called = |at: usize| tokens.get(at + 1).is_some_and(|next| next.text == "(");
    let named = Tables::of(&tokens).named;
    let tone = |at: usize, token: &Token<'_>| match words.relation(token.text) {
        Some(_) if named.contains(&at) => Tone::Relation,
        _ => tone(words, token, called(at)),
    };
    tokens.iter().enumerate().map(|(at, token)| (tone(at, token), token.text)).collect()
}

fn tone(words: &Words, token: &Token<'_>, called: bool) -> Tone {
    match token.kind {
        Kind::Comment => Tone::Comment,
        Kind::Text => Tone::Text,
        Kind::Parameter => Tone::Parameter,
        Kind::Blank | Kind::Sign => Tone::Plain,
        Kind::Word if token.text.starts_with(|c: char| c.is_ascii_digit()) => Tone::Number,
        Kind::Word
            if called && words.functions.iter().any(|f| f.eq_ignore_ascii_case(token.text)) =>
        {
            Tone::Function
        }
        Kind::Word if is_keyword(token.text) => Tone::Keyword,
        Kind::Word | Kind::Quoted => Tone::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::tests::words;
    use super::*;

    #[test]
    fn every_part_has_its_tone_and_none_is_lost() {
        let words = words();
        let sql = "select count(organ), 'a' from v_case -- 注\nwhere year = 2023 and total > :n";
        let tones = tones(&words, sql);
        assert_eq!(tones.iter().map(|(_, text)| *text).collect::<String>(), sql);
        let of = |part: &str| tones.iter().find(|(_, text)| *text == part).expect(part).0;
        for (part, tone) in [
            ("select", Tone::Keyword),
            ("count", Tone::Function),
            ("organ", Tone::Plain),
            ("'a'", Tone::Text),
            ("v_case", Tone::Relation),
            ("-- 注", Tone::Comment),
            ("2023", Tone::Number),
            (":n", Tone::Parameter),
        ] {
            assert_eq!(of(part), tone, "{part}");
        }
    }

    #[test]
    fn a_dot_command_that_is_none_is_seen_while_it_is_typed() {
        let tone = |line: &str| tones(&words(), line)[1].0;
        assert_eq!(tone(".ta"), Tone::Command);
        assert_eq!(tone("  .tables v%"), Tone::Command);
        assert_eq!(tone(".import x"), Tone::Unknown);
    }
}
