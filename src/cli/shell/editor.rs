//! What reads from the terminal: a line editor, or plain lines where the terminal cannot have one.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reedline::{
    Color, ColumnarMenu, Completer, CompletionResult, DefaultHinter, EditCommand, Emacs, KeyCode,
    KeyModifiers, MenuBuilder as _, Prompt, PromptEditMode, PromptHistorySearch,
    PromptHistorySearchStatus, Reedline, ReedlineEvent, ReedlineMenu, Signal, Span, Suggestion,
    ValidationResult, Validator, default_emacs_keybindings,
};
use rust_i18n::t;

use super::complete::candidates;
use super::highlight::Colours;
use super::interrupt::Interrupts;
use super::session::Session;
use super::words::Words;
use super::{history, statement};
use crate::cli::color;
use crate::lang::Lang;

const PROMPT: &str = "nianbao> ";
const CONTINUED: &str = "    ...> ";
const MENU: &str = "completion";

/// What was read.
pub enum Read {
    /// What can be run.
    Text(String),
    /// Nothing: the line was cleared.
    Nothing,
    /// The end: Ctrl-D.
    End,
    /// Somebody told the process to end.
    Killed,
}

/// Reads what is typed.
pub struct Editor {
    /// None where the terminal can only be read line by line.
    lines: Option<Box<Reedline>>,
    unattended: Arc<AtomicBool>,
}

impl Editor {
    /// For a session.
    pub fn new(session: &Session, interrupts: &Interrupts) -> Editor {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let drawn = !dumb && io::stdout().is_terminal() && io::stderr().is_terminal();
        let lines = drawn.then(|| Box::new(line_editor(session, interrupts)));
        interrupts.unattended.store(lines.is_none(), Ordering::Relaxed);
        Editor { lines, unattended: Arc::clone(&interrupts.unattended) }
    }

    /// Waits for something that can be run.
    pub fn read(&mut self) -> anyhow::Result<Read> {
        let Some(editor) = &mut self.lines else { return read_lines() };
        match editor.read_line(&Sign) {
            Ok(Signal::Success(text)) => {
                // it would be written at the end, which a closed terminal does not wait for
                let _ = editor.sync_history();
                Ok(Read::Text(text))
            }
            Ok(Signal::CtrlD) => Ok(Read::End),
            Ok(Signal::ExternalBreak(_)) => Ok(Read::Killed),
            Ok(_) => Ok(Read::Nothing),
            Err(_) => {
                if writeln!(io::stderr(), "{}", t!("shell.plain")).is_err() {
                    return Ok(Read::Killed);
                }
                self.lines = None;
                self.unattended.store(true, Ordering::Relaxed);
                read_lines()
            }
        }
    }
}

/// Reads lines until they can be run.
fn read_lines() -> anyhow::Result<Read> {
    let mut text = String::new();
    loop {
        let prompt = if text.is_empty() { PROMPT } else { CONTINUED };
        // a terminal that is gone takes nothing more
        if write!(io::stderr(), "{prompt}").and_then(|()| io::stderr().flush()).is_err() {
            return Ok(Read::Killed);
        }
        if io::stdin().read_line(&mut text)? == 0 {
            let _ = writeln!(io::stderr());
            return Ok(if text.trim().is_empty() { Read::End } else { Read::Text(text) });
        }
        if statement::is_complete(&text) {
            return Ok(Read::Text(text));
        }
    }
}

fn line_editor(session: &Session, interrupts: &Interrupts) -> Reedline {
    let colour = color::wanted(session.common.color, &io::stderr());
    let mut keys = default_emacs_keybindings();
    let tab = vec![ReedlineEvent::Menu(MENU.to_owned()), ReedlineEvent::MenuNext];
    keys.add_binding(KeyModifiers::NONE, KeyCode::Tab, ReedlineEvent::UntilFound(tab));
    keys.add_binding(KeyModifiers::SHIFT, KeyCode::BackTab, ReedlineEvent::MenuPrevious);
    // what Enter gives while a statement runs: taken as Enter, it would run the first line that was
    // typed ahead and drop the others
    let newline = ReedlineEvent::Edit(vec![EditCommand::InsertNewline]);
    keys.add_binding(KeyModifiers::CONTROL, KeyCode::Char('j'), newline);
    let menu = ColumnarMenu::default()
        .with_name(MENU)
        .with_marker("")
        .with_text_style(Color::Default.normal())
        .with_selected_text_style(Color::Default.reverse())
        .with_match_text_style(Color::Default.bold())
        .with_selected_match_text_style(Color::Default.reverse())
        .with_description_text_style(Color::DarkGray.normal());
    let completer = Proposals { words: Arc::clone(&session.words), notes: colour };
    let editor = Reedline::create()
        .with_edit_mode(Box::new(Emacs::new(keys)))
        .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
        .with_completer(Box::new(completer))
        .with_quick_completions(true)
        .with_partial_completions(true)
        .with_highlighter(Box::new(Colours { words: Arc::clone(&session.words) }))
        .with_hinter(Box::new(DefaultHinter::default().with_style(Color::DarkGray.normal())))
        .with_validator(Box::new(Ends))
        .with_ansi_colors(colour)
        .use_bracketed_paste(true)
        .with_break_signal(Arc::clone(&interrupts.ended));
    match history::open() {
        Some(history) => editor.with_history(Box::new(history)),
        None => {
            eprintln!("{}", t!("shell.no_history"));
            editor
        }
    }
}

/// Whether Enter runs what is typed.
struct Ends;

impl Validator for Ends {
    fn validate(&self, line: &str) -> ValidationResult {
        if statement::is_complete(line) {
            ValidationResult::Complete
        } else {
            ValidationResult::Incomplete
        }
    }
}

/// Proposals for the menu.
struct Proposals {
    words: Arc<Words>,
    /// Without colours the menu cannot fit Chinese into its line.
    notes: bool,
}

impl Completer for Proposals {
    fn complete(&mut self, line: &str, cursor: usize) -> CompletionResult {
        let found = candidates(&self.words, line, cursor, Lang::current());
        if found.is_empty() {
            // the menu would say so, in a language of its own
            return CompletionResult::Pending;
        }
        let suggestion = |candidate: super::complete::Candidate| Suggestion {
            value: candidate.value,
            description: candidate.note.filter(|_| self.notes),
            span: Span::new(candidate.start, cursor),
            append_whitespace: candidate.ends,
            ..Suggestion::default()
        };
        CompletionResult::fresh(found.into_iter().map(suggestion).collect::<Vec<_>>())
    }
}

/// The sign that something can be typed.
struct Sign;

impl Prompt for Sign {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        PROMPT.into()
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        "".into()
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        "".into()
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        CONTINUED.into()
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        match search.status {
            PromptHistorySearchStatus::Passing => t!("shell.search", term = search.term),
            PromptHistorySearchStatus::Failing => t!("shell.search_failed", term = search.term),
        }
    }

    fn get_prompt_color(&self) -> Color {
        Color::Default
    }

    fn get_prompt_multiline_color(&self) -> Color {
        Color::DarkGray
    }
}
