//! Colour: on a terminal and where it is asked for, never in files and pipes by itself.

use anstream::AutoStream;
use anstream::stream::RawStream;
use anstyle::AnsiColor;
use clap::ColorChoice;
use rust_i18n::t;

/// Whether a stream takes colour. `NO_COLOR` and its kin are heeded where nothing is said.
pub fn wanted(choice: ColorChoice, stream: &impl RawStream) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            stream.is_terminal() && AutoStream::choice(stream) != anstream::ColorChoice::Never
        }
    }
}

/// The word that begins an error.
pub fn error_word(choice: ColorChoice) -> String {
    let word = t!("cli.error");
    if wanted(choice, &std::io::stderr()) {
        let style = AnsiColor::Red.on_default().bold();
        format!("{style}{word}{style:#}")
    } else {
        word.into()
    }
}
