//! The dot commands: a table with a line for each. `.help`, completion and colours are made from it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{anyhow, bail};
use rust_i18n::t;

use super::session::Session;
use super::settings::{LANGUAGES, SWITCH, formats, lang, maxrows, mode, own, switch, width};
use super::{Flow, explain, schema};
use crate::cli::help::in_language;
use crate::cli::{query, sql};
use crate::export::{self, Format};
use crate::lang::Lang;
use crate::nearest::closest;
use crate::table::{Column, Table, Value};

/// A dot command.
pub struct DotCommand {
    /// Its name without the dot.
    pub name: &'static str,
    /// Its arguments as `.help` writes them: `[NAME]` may be left out, `...` may be repeated.
    pub arguments: &'static str,
    /// What completion proposes for them.
    pub takes: Takes,
    /// What it does, in both languages.
    help: &'static str,
    run: fn(&mut Session, &[String]) -> anyhow::Result<Flow>,
}

/// What an argument is, for completion.
#[derive(Clone, Copy)]
pub enum Takes {
    /// Nothing, or what cannot be proposed.
    Nothing,
    /// The name of a table, a view or a canned query.
    Relation,
    /// The name of a canned query and its parameters.
    Query,
    /// A figure: a body, a year, the key of a measure, and options.
    Why,
    /// The name of an analysis and its options.
    Analysis,
    /// One of a few words.
    OneOf(fn() -> Vec<String>),
}

/// All of them, in the order of `.help`.
pub const COMMANDS: &[DotCommand] = &[
    DotCommand {
        name: "help",
        arguments: "",
        takes: Takes::Nothing,
        help: "列出点命令 · List the dot commands",
        run: help,
    },
    DotCommand {
        name: "tables",
        arguments: "[PATTERN]",
        takes: Takes::Relation,
        help: "列出视图和表，如 .tables v_% · List views and tables, as in .tables v_%",
        run: |session, arguments| go(schema::tables(session, first(arguments))),
    },
    DotCommand {
        name: "schema",
        arguments: "[NAME]",
        takes: Takes::Relation,
        help: "建表建视图的 SQL · The SQL that made the tables and views",
        run: |session, arguments| go(schema::sql(session, first(arguments))),
    },
    DotCommand {
        name: "describe",
        arguments: "NAME",
        takes: Takes::Relation,
        help: "说明视图、表或预置查询及其各列 · What a view, table or canned query holds, column by column",
        run: |session, arguments| go(schema::describe(session, &arguments[0])),
    },
    DotCommand {
        name: "queries",
        arguments: "",
        takes: Takes::Nothing,
        help: "列出预置查询 · List the canned queries",
        run: |session, _| {
            let table = query::table_of(&session.catalog, session.common.lang());
            go(session.print(&table))
        },
    },
    DotCommand {
        name: "run",
        arguments: "NAME [key=value]...",
        takes: Takes::Query,
        help: "运行预置查询，如 .run outcomes from=2021 region=江苏 · Run a canned query, as in .run outcomes from=2021 region=江苏",
        run: run_query,
    },
    DotCommand {
        name: "why",
        arguments: "[BODY] YEAR METRIC [key=value]...",
        takes: Takes::Why,
        help: "一个数的由来，如 .why 2023 disclosure-rate region=江苏 · Where a figure comes from, as in .why 2023 disclosure-rate region=江苏",
        run: |session, arguments| go(explain::why(session, arguments, &usage("why"))),
    },
    DotCommand {
        name: "analyze",
        arguments: "NAME [WHAT] [key=value]...",
        takes: Takes::Analysis,
        help: "分析，如 .analyze rank metric=disclosure-rate year=2023 · An analysis, as in .analyze rank metric=disclosure-rate year=2023",
        run: |session, arguments| go(explain::analyze(session, arguments, &usage("analyze"))),
    },
    DotCommand {
        name: "mode",
        arguments: "[FORMAT]",
        takes: Takes::OneOf(formats),
        help: "输出格式 · Format of the answers",
        run: mode,
    },
    DotCommand {
        name: "output",
        arguments: "[FILE]",
        takes: Takes::Nothing,
        help: "此后的结果写入文件，格式按扩展名；不带文件名则回到屏幕 · Write what follows to a file, in the format of its extension; without one, to the screen again",
        run: output,
    },
    DotCommand {
        name: "maxrows",
        arguments: "[N|all|auto]",
        takes: Takes::OneOf(|| own(&["all", "auto"])),
        help: "最多保留的行数，其余只计数；auto：屏幕上的表格 1000 行，文件全部 · Rows kept, others are counted; auto: 1000 in a table on the screen, all in a file",
        run: maxrows,
    },
    DotCommand {
        name: "width",
        arguments: "[N|all|auto]",
        takes: Takes::OneOf(|| own(&["all", "auto"])),
        help: "表格的宽度；auto：随屏幕，all：不限 · Width of the tables; auto: the screen's, all: unlimited",
        run: width,
    },
    DotCommand {
        name: "pager",
        arguments: "[on|off]",
        takes: Takes::OneOf(|| own(&SWITCH)),
        help: "超出一屏的结果分页显示（$PAGER 或 less） · Show what is longer than the screen page by page ($PAGER or less)",
        run: |session, arguments| {
            go(switch(session, "pager", arguments, |session| &mut session.pager))
        },
    },
    DotCommand {
        name: "timer",
        arguments: "[on|off]",
        takes: Takes::OneOf(|| own(&SWITCH)),
        help: "显示每条语句的用时 · Tell how long each statement took",
        run: |session, arguments| {
            go(switch(session, "timer", arguments, |session| &mut session.timer))
        },
    },
    DotCommand {
        name: "lang",
        arguments: "[zh|en]",
        takes: Takes::OneOf(|| own(&LANGUAGES)),
        help: "标签与消息的语言 · Language of labels and messages",
        run: lang,
    },
    DotCommand {
        name: "quit",
        arguments: "",
        takes: Takes::Nothing,
        help: "离开，Ctrl-D 亦可 · Leave, as Ctrl-D does",
        run: |_, _| Ok(Flow::Leave),
    },
    DotCommand {
        name: "exit",
        arguments: "",
        takes: Takes::Nothing,
        help: "离开 · Leave",
        run: |_, _| Ok(Flow::Leave),
    },
];

impl DotCommand {
    /// What it does.
    pub fn help(&self, lang: Lang) -> &'static str {
        in_language(self.help, lang)
    }

    /// How it is written.
    fn usage(&self) -> String {
        format!(".{} {}", self.name, self.arguments).trim_end().to_owned()
    }

    /// Whether it takes that many arguments.
    fn takes_count(&self, count: usize) -> bool {
        let words: Vec<&str> = self.arguments.split_whitespace().collect();
        let least = words.iter().filter(|word| !word.starts_with('[')).count();
        let most = if self.arguments.ends_with("...") { usize::MAX } else { words.len() };
        (least..=most).contains(&count)
    }
}

/// How the command of a name is written.
fn usage(name: &str) -> String {
    find(name).map(DotCommand::usage).unwrap_or_default()
}

/// The command of a name, with or without its dot; a name may be cut short where it stays the only
/// one.
pub fn find(name: &str) -> Result<&'static DotCommand, Vec<&'static str>> {
    let name = name.trim_start_matches('.');
    if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        return Ok(command);
    }
    let cut_short = |command: &&DotCommand| !name.is_empty() && command.name.starts_with(name);
    let found: Vec<&DotCommand> = COMMANDS.iter().filter(cut_short).collect();
    match found.as_slice() {
        [command] => Ok(command),
        found => Err(found.iter().map(|command| command.name).collect()),
    }
}

/// Runs the command on a line.
pub fn run(session: &mut Session, line: &str) -> anyhow::Result<Flow> {
    let mut words = words(line).into_iter();
    let name = words.next().unwrap_or_default();
    let command = find(&name).map_err(|several| unknown(&name, &several))?;
    let arguments: Vec<String> = words.collect();
    if !command.takes_count(arguments.len()) {
        bail!("{}", t!("shell.usage", usage = command.usage()));
    }
    (command.run)(session, &arguments)
}

fn unknown(name: &str, several: &[&str]) -> anyhow::Error {
    if !several.is_empty() {
        let names: Vec<String> = several.iter().map(|name| format!(".{name}")).collect();
        return anyhow!("{}", t!("shell.several", name = name, names = names.join(", ")));
    }
    let wanted = name.trim_start_matches('.');
    match closest(wanted, COMMANDS.iter().map(|command| command.name)) {
        Some(nearest) => anyhow!("{}", t!("shell.nearest", name = name, nearest = nearest)),
        None => anyhow!("{}", t!("shell.unknown", name = name)),
    }
}

/// The words of a line; quotes keep blanks in one. SQL's semicolon at the end is forgiven.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.trim_end().trim_end_matches([';', '；']).chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, _) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The first argument.
pub fn first(arguments: &[String]) -> Option<&str> {
    arguments.first().map(String::as_str)
}

/// Goes on with the next.
pub fn go(done: anyhow::Result<()>) -> anyhow::Result<Flow> {
    done.map(|()| Flow::Go)
}

fn help(session: &mut Session, _: &[String]) -> anyhow::Result<Flow> {
    let lang = session.common.lang();
    let row = |command: &DotCommand| {
        [command.usage(), command.help(lang).to_owned()].map(Value::Text).to_vec()
    };
    let columns = [t!("shell.command"), t!("shell.does")].map(Column::new).to_vec();
    let table = Table { columns, rows: COMMANDS.iter().map(row).collect(), total_rows: None };
    session.write(|_, options, out| {
        Format::Table.write(&table, out, options)?;
        Ok(writeln!(out, "{}", export::fold(&t!("shell.help_keys"), options.width))?)
    })?;
    Ok(Flow::Go)
}

fn run_query(session: &mut Session, arguments: &[String]) -> anyhow::Result<Flow> {
    let given: BTreeMap<String, String> = sql::key_values(&arguments[1..])?.into_iter().collect();
    go(session.run_query(&arguments[0], given))
}

fn output(session: &mut Session, arguments: &[String]) -> anyhow::Result<Flow> {
    go(session.redirect(first(arguments).filter(|name| *name != "stdout").map(PathBuf::from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_explains_itself_in_both_languages() {
        let han = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        for command in COMMANDS {
            assert!(han(command.help(Lang::Zh)), "{}", command.name);
            assert!(command.help.contains(" · "), "{}", command.name);
            assert_eq!(find(command.name).ok().map(|found| found.name), Some(command.name));
        }
    }

    #[test]
    fn names_may_be_cut_short_while_they_are_clear() {
        let name = |typed: &str| find(typed).map(|command| command.name);
        assert_eq!(name(".desc"), Ok("describe"));
        assert_eq!(name("exit"), Ok("exit"));
        assert_eq!(name(".q"), Err(vec!["queries", "quit"]));
        assert_eq!(name(".whz"), Err(vec![]));
        assert_eq!(name("."), Err(vec![]));
    }

    #[test]
    fn unknown_names_get_the_nearest() {
        let said = |name: &str| unknown(name, &[]).to_string();
        assert_eq!(said(".tabels"), "there is no '.tabels'; did you mean '.tables'?");
        assert_eq!(said(".import"), "there is no '.import'; .help lists what there is");
    }

    #[test]
    fn arguments_are_counted_by_their_usage() {
        let takes =
            |name: &str, count: usize| find(name).ok().is_some_and(|c| c.takes_count(count));
        assert!(takes("help", 0) && !takes("help", 1));
        assert!(takes("tables", 0) && takes("tables", 1) && !takes("tables", 2));
        assert!(!takes("run", 0) && takes("run", 1) && takes("run", 9));
    }

    #[test]
    fn quotes_keep_blanks_and_a_semicolon_is_forgiven() {
        assert_eq!(words(".output 'a b.csv';"), [".output", "a b.csv"]);
        assert_eq!(words(".run x organ=\"甲 乙\" y=''"), [".run", "x", "organ=甲 乙", "y="]);
        assert_eq!(words("  "), [""; 0]);
    }
}
