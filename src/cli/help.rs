//! The command line as its reader sees it: help in one language, with the options that every
//! command knows under a heading of their own.

use clap::builder::Resettable;
use clap::{Arg, ArgAction, Command, CommandFactory as _};
use rust_i18n::t;

use super::App;
use crate::lang::Lang;

/// The help texts of the commands are written `中文 · English`.
const BETWEEN: &str = " · ";

/// The commands with their help in one language.
pub fn command(lang: Lang) -> Command {
    let mut command = App::command();
    // what clap adds by itself has words, too
    command.build();
    localized(command, lang)
}

fn localized(mut command: Command, lang: Lang) -> Command {
    let locale = lang.key();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let about = match command.get_name() {
        "help" => t!("help.help_command", locale = locale).into(),
        _ => in_language(&about, lang).to_owned(),
    };
    let header = *command.get_styles().get_header();
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let usage = usage.replace("[OPTIONS]", &t!("help.usage_options", locale = locale));
    let usage = usage.replace("<COMMAND>", &t!("help.usage_command", locale = locale));
    let usage = usage.replace("[COMMAND]", &t!("help.usage_command", locale = locale));
    let heading = t!("usage.heading", locale = locale);
    command
        .about(about)
        .override_usage(usage)
        .subcommand_help_heading(t!("help.commands", locale = locale).into_owned())
        .help_template(format!(
            "{{about-with-newline}}\n{header}{heading}{header:#} {{usage}}\n\n{{all-args}}"
        ))
        .mut_args(|arg| explained(arg, lang))
        .mut_subcommands(|command| localized(command, lang))
}

/// The part of a text that is in that language.
pub fn in_language(text: &str, lang: Lang) -> &str {
    text.split_once(BETWEEN).map_or(text, |(zh, en)| lang.pick(zh, en))
}

/// An argument with its help in one language, followed by its default and the values it takes.
fn explained(arg: Arg, lang: Lang) -> Arg {
    let locale = lang.key();
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let mut help = match arg.get_id().as_str() {
        "help" => t!("help.help", locale = locale).into(),
        "version" => t!("help.version", locale = locale).into(),
        _ => in_language(&help, lang).to_owned(),
    };
    let values: Vec<String> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|d| d.to_string_lossy().into_owned()).collect();
    let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    if takes_value && !values.is_empty() {
        help += &t!("help.values", locale = locale, values = values.join(", "));
    }
    if takes_value && !defaults.is_empty() {
        help += &t!("help.default", locale = locale, default = defaults.join(", "));
    }
    if let Some(name) = arg.get_env() {
        help += &t!("help.env", locale = locale, name = name.to_string_lossy());
    }
    let is_common = arg.is_global_set() || matches!(arg.get_id().as_str(), "help" | "version");
    let heading = match (arg.is_positional(), is_common) {
        (true, _) => t!("help.arguments", locale = locale),
        (false, true) => t!("help.common", locale = locale),
        (false, false) => t!("help.options", locale = locale),
    };
    arg.help(help)
        .long_help(Resettable::Reset)
        .help_heading(heading.into_owned())
        .hide_default_value(true)
        .hide_possible_values(true)
        .hide_env(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(command: &Command, see: &mut impl FnMut(&Command)) {
        see(command);
        command.get_subcommands().for_each(|command| each(command, see));
    }

    #[test]
    fn every_help_text_is_in_both_languages() {
        let han = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        let mut texts = 0;
        for lang in [Lang::Zh, Lang::En] {
            each(&command(lang), &mut |command| {
                let about = command.get_about().map(ToString::to_string);
                let help = command.get_arguments().filter_map(Arg::get_help);
                for text in about.into_iter().chain(help.map(ToString::to_string)) {
                    assert_eq!(han(&text), lang == Lang::Zh, "{}: {text}", command.get_name());
                    texts += 1;
                }
            });
        }
        assert!(texts > 200, "{texts}");
    }
}
