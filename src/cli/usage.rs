//! Wrong usage, in the language of the run: what clap found out, in our words.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ColorChoice, CommandFactory as _, ValueEnum as _};
use rust_i18n::t;

use super::{App, UNUSABLE, color};
use crate::lang::Lang;
use crate::reason;

/// The value of an option that must be known before the command line is understood.
fn early<'a>(arguments: &'a [OsString], option: &str) -> Option<&'a str> {
    let mut found = None;
    let mut arguments = arguments.iter().skip(1).filter_map(|a| a.to_str());
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix(option) {
            Some("") => found = arguments.next(),
            Some(value) => found = value.strip_prefix('=').or(found),
            None if argument == "--" => break,
            None => {}
        }
    }
    found
}

/// The language asked for, as far as it can be told.
pub fn lang(arguments: &[OsString]) -> Lang {
    let asked = early(arguments, "--lang").and_then(|l| Lang::from_str(l, false).ok());
    asked.unwrap_or_else(Lang::of_environment)
}

/// The command given, as far as it can be told.
fn command(arguments: &[OsString]) -> Option<String> {
    let app = App::command();
    let mut arguments = arguments.iter().skip(1).filter_map(|a| a.to_str());
    let (mut command, mut path) = (&app, Vec::new());
    while let Some(argument) = arguments.next() {
        let Some(option) = argument.strip_prefix('-') else {
            let Some(found) = command.find_subcommand(argument) else { break };
            path.push(found.get_name());
            command = found;
            continue;
        };
        let long = option.strip_prefix('-');
        let known = app.get_arguments().find(|a| a.get_long().is_some() && a.get_long() == long);
        if known.is_some_and(|a| a.get_action().takes_values()) {
            arguments.next();
        }
    }
    (!path.is_empty()).then(|| path.join(" "))
}

/// When to use colour, as far as it can be told.
pub fn color(arguments: &[OsString]) -> ColorChoice {
    let asked = early(arguments, "--color").and_then(|c| ColorChoice::from_str(c, false).ok());
    asked.unwrap_or(ColorChoice::Auto)
}

/// Tells what is wrong with a command line, or prints the help that it asks for.
pub fn explain(error: &clap::Error, arguments: &[OsString], color: ColorChoice) -> ExitCode {
    let Some(sentence) = sentence(error) else {
        // help and version; and what is too rare to have words of ours
        let _ = error.print();
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(UNUSABLE));
    };
    eprintln!("{}: {sentence}", color::error_word(color));
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        eprintln!("\n{} {}", t!("usage.heading"), usage.trim_start_matches("Usage:").trim());
    }
    match command(arguments) {
        Some(command) => eprintln!("\n{}", t!("usage.help_of", command = command)),
        None => eprintln!("\n{}", t!("usage.help")),
    }
    ExitCode::from(UNUSABLE)
}

/// What clap knows of an error under one head, as one text.
fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

fn sentence(error: &clap::Error) -> Option<String> {
    let nearest = |kind| {
        context(error, kind).map_or_else(String::new, |n| t!("usage.nearest", name = n).into())
    };
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            let said = t!("usage.unknown_argument", argument = argument?);
            format!("{said}{}", nearest(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => {
            let command = context(error, ContextKind::InvalidSubcommand)?;
            let said = t!("usage.unknown_command", command = command);
            format!("{said}{}", nearest(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::MissingSubcommand => t!("usage.no_command").into(),
        ErrorKind::MissingRequiredArgument => t!("usage.missing", arguments = argument?).into(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let said = match value {
                None => t!("usage.no_value", argument = argument?),
                Some(value) => t!("usage.bad_value", argument = argument?, value = value),
            };
            let possible = context(error, ContextKind::ValidValue)
                .map(|values| t!("usage.one_of", values = values))
                .unwrap_or_default();
            let why = std::error::Error::source(error)
                .map(|e| t!("usage.why", reason = reason::of_data(&e.to_string())))
                .unwrap_or_default();
            format!("{said}{possible}{why}")
        }
        ErrorKind::ArgumentConflict => {
            let argument = argument?;
            match context(error, ContextKind::PriorArg)? {
                prior if prior == argument => t!("usage.twice", argument = argument).into(),
                prior => t!("usage.conflict", argument = argument, other = prior).into(),
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn said(arguments: &[&str]) -> Option<String> {
        let all = ["nianbao"].iter().chain(arguments);
        sentence(&App::try_parse_from(all).err()?)
    }

    #[test]
    fn the_frequent_mistakes_have_words() {
        for (arguments, says) in [
            (&["lode"][..], "there is no command 'lode'; did you mean 'load'?"),
            (
                &["info", "--source"],
                "there is no option '--source', or nothing more may stand here; did you mean '--sources'?",
            ),
            (&["load"], "still missing: <PATH>..."),
            (&["info", "--db"], "'--db <FILE>' takes a value"),
            (&["info", "--lang", "fr"], "'--lang <LANG>' cannot be 'fr'; give one of zh, en"),
            (
                &["load", "x", "--year", "y"],
                "'--year <YEAR>' cannot be 'y': a year such as 2023 is expected",
            ),
            (
                &["parse", "x", "--deadline", "0"],
                "'--deadline <SECONDS>' cannot be '0': a whole number from 1 to 31536000 is expected",
            ),
            (
                &["load", "x", "--memory", "1"],
                "'--memory <MB>' cannot be '1': a whole number from 16 to 1048576 is expected",
            ),
            (&["sql", "SELECT 1", "-f", "x"], "'[SQL]' cannot stand beside --file <FILE>"),
            (&["info", "--db", "a", "--db", "b"], "'--db <FILE>' may be given once"),
        ] {
            assert_eq!(said(arguments).as_deref(), Some(says), "{arguments:?}");
        }
        assert_eq!(said(&["--help"]), None);
    }

    #[test]
    fn the_command_is_known_behind_options() {
        let of = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            command(&arguments)
        };
        assert_eq!(of(&["nianbao", "load"]).as_deref(), Some("load"));
        assert_eq!(
            of(&["nianbao", "--db", "show", "-q", "--lang=en", "info"]).as_deref(),
            Some("info")
        );
        assert_eq!(of(&["nianbao", "lode"]), None);
        assert_eq!(of(&["nianbao", "--quiet"]), None);
    }

    #[test]
    fn the_language_is_known_before_the_rest() {
        let of = |arguments: &[&str]| {
            let arguments: Vec<OsString> = arguments.iter().map(OsString::from).collect();
            early(&arguments, "--lang").map(str::to_owned)
        };
        assert_eq!(of(&["nianbao", "lode", "--lang", "en"]).as_deref(), Some("en"));
        assert_eq!(of(&["nianbao", "--lang=zh", "lode"]).as_deref(), Some("zh"));
        assert_eq!(of(&["nianbao", "--language=zh"]), None);
        assert_eq!(of(&["nianbao", "sql", "--", "--lang=zh"]), None);
    }
}
