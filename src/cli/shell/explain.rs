//! `.why` and `.analyze`: the commands of the same names, with their options as `key=value` or
//! `--key value`.

use anyhow::bail;
use clap::Args;
use rust_i18n::t;

use super::session::Session;
use crate::analyze::Dictionary;
use crate::cli::{analyze, explained, why};

/// The arguments of a command as its own options. Where they are none, how it is used is told.
fn read<A: Args>(arguments: &[String], usage: &str) -> anyhow::Result<A> {
    let spelt = arguments.iter().map(|argument| match argument.split_once('=') {
        Some((key, value)) if is_key(key) => format!("--{key}={value}"),
        _ => argument.clone(),
    });
    let command = A::augment_args(clap::Command::new("").no_binary_name(true));
    // the environment's options hold here, too
    let command = command.disable_help_flag(true).args_override_self(false);
    let read = command.try_get_matches_from(spelt).and_then(|found| A::from_arg_matches(&found));
    match read {
        Ok(args) => Ok(args),
        Err(error) => {
            let usage = t!("shell.usage", usage = usage);
            match error.get(clap::error::ContextKind::InvalidArg) {
                Some(what) => bail!("{}", t!("shell.argument", what = what, usage = usage)),
                None => bail!("{usage}"),
            }
        }
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_')
}

/// Explains a figure.
pub fn why(session: &mut Session, arguments: &[String], usage: &str) -> anyhow::Result<()> {
    let args: why::Args = read(arguments, usage)?;
    let common = session.common.clone();
    let metrics = args.lists.read(common.forms()?)?;
    let figure = why::figure(&common, &args, &metrics, &session.conn)?;
    session.print_with(|common, options, out| {
        Ok(explained::write(common, &figure, options, out)?.into_iter().collect())
    })
}

/// Works an analysis out.
pub fn analyze(session: &mut Session, arguments: &[String], usage: &str) -> anyhow::Result<()> {
    let args: analyze::Args = read(arguments, usage)?;
    let definition = Dictionary::get()?.find(args.name.as_deref().unwrap_or_default())?;
    let common = session.common.clone();
    let mut found = None;
    analyze::answer(&common, &args, definition, &mut session.conn, |outcome, about| {
        found = Some((outcome.clone(), about.clone()));
        Ok(())
    })?;
    let Some((outcome, about)) = found else { return Ok(()) };
    session
        .print_with(|common, options, out| analyze::write(common, &outcome, &about, options, out))
}
