//! Prints a [`Table`] in one of the formats. An exporter turns an answer into bytes and writes
//! them to what it is given; opening files is the caller's business.
//!
//! Formats for people (`table`, `markdown`) show rates as percentages, fen as yuan and say when
//! rows were cut off. Formats for programs keep every value as it is: a rate is a fraction.

mod csv;
pub mod form;
mod json;
mod junit;
mod layout;
mod markdown;
mod markup;
mod ndjson;
mod terminal;
#[cfg(test)]
mod tests;
mod tsv;

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use rust_i18n::t;

use crate::lang::Lang;
use crate::table::Table;

pub use junit::junit;
pub use markup::{notice, shown};

/// A sentence beside the tables in lines of at most `room`, where there is a terminal.
#[must_use]
pub fn fold(text: &str, room: Option<u16>) -> String {
    match room {
        Some(room) => layout::wrap(text, room.into()).join("\n"),
        None => text.to_owned(),
    }
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// A drawn table for people
    #[default]
    Table,
    /// Comma-separated values
    Csv,
    /// Tab-separated values
    Tsv,
    /// An array of objects
    Json,
    /// One object a line
    Ndjson,
    /// A Markdown table for people
    Markdown,
    /// JUnit XML, for findings only
    Junit,
}

/// A file name from which no format can be told.
#[derive(Debug, thiserror::Error)]
#[error("{}", t!("export.unknown_extension", path = .0))]
pub struct UnknownExtension(String);

/// What an exporter must know besides the answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Characters a drawn table may take in a line; unlimited where there is no terminal.
    pub width: Option<u16>,
    /// Language of headings and notices.
    pub lang: Lang,
    /// Headings and severities of drawn tables in colour.
    pub color: bool,
    /// Begin CSV with a byte order mark, which Excel needs to see UTF-8.
    pub bom: bool,
}

impl Format {
    /// The format a file's extension stands for.
    ///
    /// # Errors
    /// [`UnknownExtension`] where it stands for none.
    pub fn from_path(path: &Path) -> Result<Format, UnknownExtension> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "txt" => Ok(Format::Table),
            "csv" => Ok(Format::Csv),
            "tsv" => Ok(Format::Tsv),
            "json" => Ok(Format::Json),
            "ndjson" | "jsonl" => Ok(Format::Ndjson),
            "md" | "markdown" => Ok(Format::Markdown),
            "xml" => Ok(Format::Junit),
            _ => Err(UnknownExtension(path.display().to_string())),
        }
    }

    /// Whether the format itself tells its reader that rows were cut off; the others carry rows
    /// only, and whoever prints them shows [`notice`] beside them.
    #[must_use]
    pub fn tells_of_cuts(self) -> bool {
        matches!(self, Format::Table | Format::Markdown)
    }

    /// Writes the answer.
    ///
    /// # Errors
    /// Whatever the writer fails with; a closed pipe is [`io::ErrorKind::BrokenPipe`].
    pub fn write(self, table: &Table, out: &mut dyn Write, options: &Options) -> io::Result<()> {
        match self {
            Format::Table => terminal::write(table, out, options),
            Format::Csv => csv::write(table, out, options.bom),
            Format::Tsv => tsv::write(table, out),
            Format::Json => json::write(table, out),
            Format::Ndjson => ndjson::write(table, out),
            Format::Markdown => markdown::write(table, out, options),
            Format::Junit => Err(io::Error::other(t!("export.findings_only"))),
        }
    }
}
