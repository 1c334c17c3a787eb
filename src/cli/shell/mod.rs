//! `shell`: an interactive prompt over the guarded, read-only connection. What is typed is SQL,
//! ended by a semicolon, or a dot command on a line of its own; without a terminal the same is read
//! as a script.

mod clause;
mod commands;
mod complete;
mod editor;
mod explain;
mod highlight;
mod history;
mod interrupt;
mod paging;
mod schema;
mod session;
mod settings;
mod statement;
mod words;

use std::io::{self, BufRead, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use rust_i18n::t;

use super::{Common, INTERRUPTED, exit_code, inputs, is_closed_pipe, tell};
use crate::query::Error as QueryError;
use editor::{Editor, Read};
use interrupt::Interrupts;
use session::Session;
use statement::Piece;

/// 交互式提示符：SQL 以分号结束，点命令见 .help；标准输入不是终端时逐条运行
/// · An interactive prompt: SQL ends with a semicolon, .help lists the dot commands; where standard
/// input is no terminal, what it holds is run statement by statement
#[derive(clap::Args)]
pub struct Args {
    /// 另加的查询文件夹 · Folder with your own queries
    #[arg(long, value_name = "DIR")]
    pub queries: Option<PathBuf>,
    /// 每条语句的超时秒数 · Seconds until a statement is interrupted
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, allow_negative_numbers = true)]
    pub timeout: f64,
    /// 最多保留的行数 · Rows kept; further ones are counted
    #[arg(long, value_name = "N", value_parser = inputs::count, allow_negative_numbers = true)]
    pub max_rows: Option<usize>,
    /// 遇错即停（用于脚本） · Stop after the first error of a script
    #[arg(long)]
    pub bail: bool,
}

/// Whether to go on after a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// The next one.
    Go,
    /// Leave the shell.
    Leave,
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(format) = common.format.filter(|f| f.is_binary() && common.out.is_none()) {
        bail!("{}", t!("shell.mode_of_file", format = format.name()));
    }
    let session = Session::open(common, args)?;
    if io::stdin().is_terminal() {
        converse(session)
    } else {
        run_script(session, &mut io::stdin().lock(), args.bail)
    }
}

/// Reads from a terminal until its user leaves.
fn converse(mut session: Session) -> anyhow::Result<ExitCode> {
    let interrupts = Interrupts::install(session.interrupt_handle());
    let mut editor = Editor::new(&session, &interrupts);
    if !session.common.quiet {
        session.greet();
    }
    loop {
        interrupts.at_prompt(true);
        let read = editor.read()?;
        interrupts.at_prompt(false);
        match read {
            Read::Text(text) => {
                if run_pieces(&mut session, &text)? == Flow::Leave {
                    return Ok(ExitCode::SUCCESS);
                }
            }
            Read::Nothing => {}
            Read::End => return Ok(ExitCode::SUCCESS),
            Read::Killed => return Ok(ExitCode::from(INTERRUPTED)),
        }
    }
}

/// Runs what was entered at the prompt; an interrupt drops what is left of it.
fn run_pieces(session: &mut Session, text: &str) -> anyhow::Result<Flow> {
    for (_, piece) in statement::pieces(text) {
        match run_piece(session, &piece) {
            Ok(Flow::Go) => {}
            Ok(Flow::Leave) => return Ok(Flow::Leave),
            Err(error) if is_closed_pipe(&error) => return Err(error),
            Err(error) => match error.downcast_ref::<QueryError>() {
                Some(interrupted @ QueryError::Interrupted { .. }) => {
                    eprintln!("{interrupted}");
                    return Ok(Flow::Go);
                }
                _ => tell(&error, "", session.common.color),
            },
        }
    }
    Ok(Flow::Go)
}

fn run_piece(session: &mut Session, piece: &Piece<'_>) -> anyhow::Result<Flow> {
    match piece {
        Piece::Dot(line) => commands::run(session, line),
        Piece::Sql(sql) => session.run_sql(sql).map(|()| Flow::Go),
    }
}

/// Runs a script, each statement as soon as it is read. An error is told with the line on which its
/// statement begins, and the next one runs unless `bail` says otherwise.
fn run_script(
    mut session: Session,
    script: &mut impl BufRead,
    bail: bool,
) -> anyhow::Result<ExitCode> {
    let mut failed = None;
    let mut text = String::new();
    let mut first_line = 1;
    loop {
        let before = text.len();
        let at_end = read_line(script, &mut text)? == 0;
        if !at_end && !statement::may_end(&text, before) {
            continue;
        }
        for (at, piece) in statement::pieces(&text) {
            match run_piece(&mut session, &piece) {
                Ok(Flow::Go) => {}
                Ok(Flow::Leave) => return Ok(failed.unwrap_or(ExitCode::SUCCESS)),
                Err(error) if is_closed_pipe(&error) => return Err(error),
                Err(error) => {
                    let line = first_line + text[..at].matches('\n').count();
                    tell(&error, &t!("shell.script_line", line = line), session.common.color);
                    let code = ExitCode::from(exit_code(&error));
                    failed = failed.or(Some(code));
                    if bail {
                        return Ok(code);
                    }
                }
            }
        }
        if at_end {
            return Ok(failed.unwrap_or(ExitCode::SUCCESS));
        }
        first_line += text.matches('\n').count();
        text.clear();
    }
}

/// Reads a line. A script in another encoding than UTF-8 is told as such.
fn read_line(script: &mut impl BufRead, text: &mut String) -> anyhow::Result<usize> {
    script.read_line(text).map_err(|error| super::cannot_read(inputs::STDIN.as_ref(), &error))
}
