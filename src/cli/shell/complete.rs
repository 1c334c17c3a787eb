//! What can stand at the cursor: what Tab proposes.

use std::collections::HashSet;

use super::clause::Tables;
use super::commands::{self, Takes};
use super::statement::is_end;
use super::words::{self, KEYWORDS, Words};
use crate::analyze::Dictionary;
use crate::cli::help;
use crate::lang::{Bilingual, Lang};
use crate::query::catalog::{Kind as ParameterKind, Query, SCOPES};
use crate::query::names::Relation;
use crate::query::{Kind, Token, tokens};

/// A proposal for the word that ends at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Byte offset of the word it takes the place of.
    pub start: usize,
    /// What it is.
    pub value: String,
    /// What it means.
    pub note: Option<String>,
    /// Whether a blank follows it.
    pub ends: bool,
}

/// Proposals for a text with the cursor at a byte offset, the likeliest first.
pub fn candidates(words: &Words, text: &str, cursor: usize, lang: Lang) -> Vec<Candidate> {
    let all = tokens(text);
    let before = all.iter().filter(|t| is_end(t) && t.end() <= cursor).map(Token::end);
    let start = before.max().unwrap_or(0);
    let end = all.iter().find(|t| is_end(t) && t.at >= cursor).map_or(text.len(), |t| t.at);
    let statement = &text[start..end];
    let mut found = match statement.trim_start().starts_with('.') {
        true => dotted(words, statement, cursor - start, lang),
        false => {
            Spot::of(words, statement, cursor - start, lang).map_or_else(Vec::new, |s| s.list())
        }
    };
    found.iter_mut().for_each(|candidate| candidate.start += start);
    found
}

/// Proposals in a dot command.
fn dotted(words: &Words, line: &str, cursor: usize, lang: Lang) -> Vec<Candidate> {
    let typed = &line[..cursor];
    let start = typed.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let prefix = &typed[start..];
    let earlier: Vec<&str> = typed[..start].split_whitespace().collect();
    let mut list = List { start, prefix, lang, found: Vec::new() };
    let Some((name, arguments)) = earlier.split_first() else {
        for command in commands::COMMANDS {
            list.add(&format!(".{}", command.name), Some(command.help(lang).to_owned()), true);
        }
        return list.found;
    };
    let takes = commands::find(name).map_or(Takes::Nothing, |command| command.takes);
    match (takes, arguments) {
        (Takes::Query, [query, ..]) => {
            if let Some(query) = words.queries.iter().find(|known| known.name == *query) {
                list.parameters(query);
            }
        }
        (Takes::Why, [_, ..]) => list.figure(words, "why"),
        (Takes::Analysis, [name, ..]) => list.options_of(words, name),
        (_, [_, ..]) => {}
        (Takes::Query, []) => list.queries(words),
        (Takes::Relation, []) => {
            list.relations(words);
            list.queries(words);
        }
        (Takes::OneOf(values), []) => values().iter().for_each(|v| list.add(v, None, true)),
        (Takes::Analysis, []) => list.analyses(),
        (Takes::Nothing | Takes::Why, []) => {}
    }
    list.found
}

/// Proposals as they come in.
struct List<'t> {
    start: usize,
    prefix: &'t str,
    lang: Lang,
    found: Vec<Candidate>,
}

impl List<'_> {
    /// Adds a name that begins as what is typed does.
    fn add(&mut self, value: &str, note: Option<String>, ends: bool) {
        let begins = value.get(..self.prefix.len());
        if begins.is_some_and(|begin| begin.eq_ignore_ascii_case(self.prefix)) {
            self.push(value, note, ends);
        }
    }

    /// Adds a name that begins as what is typed does, or whose label has it: 收到 finds `received`.
    fn add_labelled(&mut self, value: &str, label: Option<&Bilingual>, ends: bool) {
        let note = label.map(|label| label.get(self.lang).to_owned());
        let labelled = !self.prefix.is_ascii()
            && label.is_some_and(|l| l.zh.contains(self.prefix) || l.en.contains(self.prefix));
        if labelled {
            self.push(value, note, ends);
        } else {
            self.add(value, note, ends);
        }
    }

    fn push(&mut self, value: &str, note: Option<String>, ends: bool) {
        self.found.push(Candidate { start: self.start, value: value.to_owned(), note, ends });
    }

    fn relations(&mut self, words: &Words) {
        for relation in &words.relations {
            self.add_labelled(&relation.name, relation.title.as_ref(), true);
        }
    }

    fn queries(&mut self, words: &Words) {
        for query in &words.queries {
            self.add_labelled(&query.name, Some(&query.title), true);
        }
    }

    fn analyses(&mut self) {
        for definition in Dictionary::get().iter().flat_map(|known| &known.analyses) {
            self.add_labelled(&definition.name, Some(&definition.title), true);
        }
    }

    fn metrics(&mut self, words: &Words) {
        for (key, name) in &words.metrics {
            self.add_labelled(key, Some(name), true);
        }
    }

    /// The key of a measure, or an option of the command.
    fn figure(&mut self, words: &Words, command: &str) {
        self.metrics(words);
        self.options(command, |_| true);
    }

    /// The options of an analysis, and the measures where one is to be named.
    fn options_of(&mut self, words: &Words, name: &str) {
        if let Some((option, typed)) = self.prefix.split_once('=') {
            if option.trim_start_matches('-') == "metric" {
                self.start += option.len() + 1;
                self.prefix = typed;
                self.metrics(words);
            }
            return;
        }
        let Some(definition) = Dictionary::get().ok().and_then(|known| known.find(name).ok())
        else {
            return;
        };
        self.options("analyze", |option| definition.options.iter().any(|known| known == option));
    }

    /// Options of a command of the program, as the dot command has them.
    fn options(&mut self, command: &str, takes: impl Fn(&str) -> bool) {
        let app = help::command(self.lang);
        for option in app.find_subcommand(command).into_iter().flat_map(|c| c.get_arguments()) {
            let own = option.get_long().filter(|name| takes(name) && !option.is_global_set());
            let Some(name) = own else { continue };
            let note = option.get_help().map(ToString::to_string);
            let is_switch = !option.get_action().takes_values();
            let written = if is_switch { format!("--{name}") } else { format!("{name}=") };
            self.add(&written, note, is_switch);
        }
    }

    /// The parameters of a canned query, and the values of one where they are few.
    fn parameters(&mut self, query: &Query) {
        let Some((name, value)) = self.prefix.split_once('=') else {
            for parameter in &query.parameters {
                let note = parameter.description.get(self.lang).to_owned();
                self.add(&format!("{}=", parameter.name), Some(note), false);
            }
            return;
        };
        let Some(parameter) = query.parameters.iter().find(|known| known.name == name) else {
            return;
        };
        let start = self.start + name.len() + 1;
        let mut values =
            List { start, prefix: value, lang: self.lang, found: std::mem::take(&mut self.found) };
        match parameter.kind {
            ParameterKind::Scope => {
                SCOPES.iter().for_each(|v| values.add(v, None, true));
            }
            ParameterKind::Level => parameter.levels().for_each(|v| values.add(v, None, true)),
            _ => parameter.choices.iter().for_each(|v| values.add(v, None, true)),
        }
        self.found = values.found;
    }
}

/// A place in a statement of SQL.
struct Spot<'a> {
    words: &'a Words,
    tokens: Vec<Token<'a>>,
    /// Where the word at the cursor begins, and what of it is typed.
    start: usize,
    prefix: &'a str,
    lang: Lang,
}

impl<'a> Spot<'a> {
    /// None where no name can stand: in a text, a comment or a number.
    fn of(words: &'a Words, sql: &'a str, cursor: usize, lang: Lang) -> Option<Spot<'a>> {
        let tokens = tokens(sql);
        let touches = |token: &&Token<'_>| token.at < cursor && cursor <= token.end();
        let start = match tokens.iter().find(touches) {
            Some(token) if token.kind == Kind::Word => token.at,
            Some(token) if matches!(token.kind, Kind::Text | Kind::Quoted | Kind::Comment) => {
                if cursor < token.end() || token.is_open() || token.text.starts_with("--") {
                    return None;
                }
                cursor
            }
            _ => cursor,
        };
        let prefix = &sql[start..cursor];
        let number = prefix.starts_with(|c: char| c.is_ascii_digit());
        (!number).then_some(Spot { words, tokens, start, prefix, lang })
    }

    fn list(self) -> Vec<Candidate> {
        if let Some((qualifier, column)) = self.prefix.rsplit_once('.') {
            return self.qualified(qualifier, column);
        }
        let mut list =
            List { start: self.start, prefix: self.prefix, lang: self.lang, found: Vec::new() };
        if self.wants_relation() {
            list.relations(self.words);
        } else {
            self.expressions(&mut list);
        }
        let mut seen = HashSet::new();
        list.found.retain(|candidate| seen.insert(candidate.value.clone()));
        list.found
    }

    /// Words before the one at the cursor.
    fn earlier(&self) -> impl DoubleEndedIterator<Item = &str> {
        let parts = self.tokens.iter().filter(|t| t.is_part() && t.end() <= self.start);
        parts.map(|token| token.text)
    }

    /// Whether a table is missing at the cursor.
    fn wants_relation(&self) -> bool {
        let earlier = self.tokens.partition_point(|token| token.end() <= self.start);
        Tables::of(&self.tokens[..earlier]).expected
    }

    /// The tables and views that the statement reads, as written before the cursor or behind it,
    /// each with the index of its token.
    fn named(&self) -> impl Iterator<Item = (usize, &'a Relation)> {
        let others = |at: &usize| self.prefix.is_empty() || self.tokens[*at].at != self.start;
        let named = Tables::of(&self.tokens).named.into_iter().filter(others);
        named.filter_map(|at| Some((at, self.words.relation(self.tokens[at].text)?)))
    }

    /// Columns of the tables named first, then functions, SQL's words, tables.
    fn expressions(&self, list: &mut List<'_>) {
        let begins = self.earlier().next().is_none();
        let mut named: Vec<&Relation> = self.named().map(|(_, relation)| relation).collect();
        let after_relation = named.iter().any(|r| self.earlier().next_back() == Some(&r.name));
        if !begins {
            if named.is_empty() && !self.prefix.is_empty() {
                // none is named yet: those that are there to be asked
                named.extend(self.words.relations.iter().filter(|r| r.name.starts_with("v_")));
            }
            for column in named.iter().flat_map(|relation| &relation.columns) {
                list.add_labelled(&column.name, column.label.as_ref(), false);
            }
        }
        if begins && self.prefix.is_empty() {
            ["SELECT", "WITH"].iter().for_each(|word| list.add(word, None, true));
            return;
        }
        if self.prefix.is_empty() && !after_relation {
            return;
        }
        for keyword in KEYWORDS {
            list.add(&in_case_of(keyword, self.prefix), None, true);
        }
        if self.prefix.is_empty() || begins {
            return;
        }
        for function in &self.words.functions {
            if !words::is_keyword(function) {
                list.add(&format!("{function}("), None, false);
            }
        }
        list.relations(self.words);
    }

    /// The columns of the table that is named before the dot, or of the one that it stands for.
    fn qualified(&self, qualifier: &str, column: &str) -> Vec<Candidate> {
        let start = self.start + qualifier.len() + 1;
        let mut list = List { start, prefix: column, lang: self.lang, found: Vec::new() };
        let relation = self.alias(qualifier).or_else(|| self.words.relation(qualifier));
        for column in relation.iter().flat_map(|relation| &relation.columns) {
            list.add_labelled(&column.name, column.label.as_ref(), false);
        }
        list.found
    }

    /// The table that a name stands for: `v_case AS c` or `v_case c`.
    fn alias(&self, name: &str) -> Option<&'a Relation> {
        let stands_for = |at: usize| {
            let mut behind = self.tokens[at + 1..].iter().filter(|token| token.is_part());
            let next = behind.next()?;
            let alias = if next.text.eq_ignore_ascii_case("AS") { behind.next()? } else { next };
            alias.text.eq_ignore_ascii_case(name).then_some(())
        };
        self.named().find(|(at, _)| stands_for(*at).is_some()).map(|(_, relation)| relation)
    }
}

/// SQL's words are written as they were begun.
fn in_case_of(keyword: &str, prefix: &str) -> String {
    let small = prefix.contains(|c: char| c.is_ascii_lowercase());
    if small { keyword.to_ascii_lowercase() } else { keyword.to_owned() }
}

#[cfg(test)]
mod tests;
