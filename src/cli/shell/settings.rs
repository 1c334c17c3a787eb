//! How a session is set: the dot commands that change how answers look and where they are cut.

use anyhow::bail;
use clap::ValueEnum as _;
use rust_i18n::t;

use super::Flow;
use super::commands::{first, go};
use super::session::{Rows, Session, Width};
use crate::cli::inputs;
use crate::export::Format;
use crate::lang::Lang;

/// The values of a switch.
pub const SWITCH: [&str; 2] = ["on", "off"];
/// The languages.
pub const LANGUAGES: [&str; 2] = ["zh", "en"];

/// Tells how something is set.
fn tell_setting(name: &str, value: &str) -> anyhow::Result<()> {
    eprintln!("{}", t!("shell.setting", name = name, value = value));
    Ok(())
}

/// Words as a list of their own.
pub fn own(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// The formats of answers that are text; one is for findings only.
pub fn formats() -> Vec<String> {
    let all = Format::value_variants().iter().filter(|format| is_mode(**format));
    all.map(|format| format.name()).collect()
}

fn is_mode(format: Format) -> bool {
    format != Format::Junit && !format.is_binary()
}

/// Sets the format of the answers, or tells it.
pub fn mode(session: &mut Session, arguments: &[String]) -> anyhow::Result<Flow> {
    let Some(name) = first(arguments) else {
        return go(tell_setting("mode", &session.common.format_or(Format::Table)?.name()));
    };
    match Format::from_str(name, false) {
        Ok(format) if is_mode(format) => session.common.format = Some(format),
        Ok(format) if format.is_binary() => {
            bail!("{}", t!("shell.mode_of_file", format = format.name()))
        }
        _ => bail!("{}", wrong_value("mode", name, &formats().join(", "))),
    }
    Ok(Flow::Go)
}

/// A value that is none of those there are.
fn wrong_value(command: &str, value: &str, values: &str) -> String {
    t!("shell.value", name = command, value = value, values = values).into()
}

/// Sets how many rows are kept, or tells it.
pub fn maxrows(session: &mut Session, arguments: &[String]) -> anyhow::Result<Flow> {
    match first(arguments) {
        None => return go(tell_setting("maxrows", &session.rows.to_string())),
        Some("auto") => session.rows = Rows::Auto,
        Some("all") => session.rows = Rows::All,
        Some(text) => match inputs::count(text) {
            Ok(count) => session.rows = Rows::Most(count),
            Err(_) => bail!("{}", wrong_value("maxrows", text, "N, all, auto")),
        },
    }
    Ok(Flow::Go)
}

/// Sets how wide tables are, or tells it.
pub fn width(session: &mut Session, arguments: &[String]) -> anyhow::Result<Flow> {
    match first(arguments) {
        None => return go(tell_setting("width", &session.width.to_string())),
        Some("auto") => session.width = Width::Auto,
        Some("all") => session.width = Width::All,
        Some(text) => match text.parse().ok().filter(|width| *width > 0) {
            Some(width) => session.width = Width::Cells(width),
            None => bail!("{}", wrong_value("width", text, "N, all, auto")),
        },
    }
    Ok(Flow::Go)
}

/// Turns something on or off, or tells how it is.
pub fn switch(
    session: &mut Session,
    name: &str,
    arguments: &[String],
    of: fn(&mut Session) -> &mut bool,
) -> anyhow::Result<()> {
    match first(arguments) {
        None => {
            let value = if *of(session) { "on" } else { "off" };
            return tell_setting(name, value);
        }
        Some("on") => *of(session) = true,
        Some("off") => *of(session) = false,
        Some(text) => bail!("{}", wrong_value(name, text, &SWITCH.join(", "))),
    }
    Ok(())
}

/// Sets the language, or tells it.
pub fn lang(session: &mut Session, arguments: &[String]) -> anyhow::Result<Flow> {
    let Some(name) = first(arguments) else {
        return go(tell_setting("lang", session.common.lang().key()));
    };
    match Lang::from_str(name, false) {
        Ok(lang) => {
            session.common.lang = Some(lang);
            rust_i18n::set_locale(lang.key());
        }
        Err(_) => bail!("{}", wrong_value("lang", name, &LANGUAGES.join(", "))),
    }
    Ok(Flow::Go)
}
