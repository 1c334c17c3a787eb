//! Prints a [`Table`] in one of the formats. An exporter turns an answer into bytes and writes
//! them to what it is given; opening files is the caller's business.
//!
//! Formats for people (`table`, `markdown`, `html`, `xlsx`) show rates as percentages and fen as
//! yuan; the first three say when rows were cut off. Formats for programs keep every value as it
//! is: a rate is a fraction. What is one whole file (`html`, `xlsx`) is written of a [`Document`]:
//! tables with what must be said of them.

mod csv;
mod document;
pub mod form;
pub(crate) mod html;
mod json;
mod junit;
mod layout;
mod markdown;
mod markup;
mod ndjson;
mod parquet;
mod terminal;
#[cfg(test)]
mod tests;
mod tsv;
pub(crate) mod workbook;
pub(crate) mod xlsx;

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;
use rust_i18n::t;

use crate::lang::Lang;
use crate::table::Table;

pub use document::{About, Document, Part};
pub(crate) use form::CORRECTED;
pub(crate) use html::escape as escape_html;
pub use junit::junit;
pub(crate) use layout::{pieces, width as text_width};
pub(crate) use markdown::escape as escape_markdown;
pub(crate) use markup::{cells as row_as_read, printable};
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
    /// A page for people that stands alone
    Html,
    /// A workbook with the notes in a sheet of their own
    Xlsx,
    /// Typed columns for other programs
    Parquet,
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
            "html" | "htm" => Ok(Format::Html),
            "xlsx" => Ok(Format::Xlsx),
            "parquet" => Ok(Format::Parquet),
            "xml" => Ok(Format::Junit),
            _ => Err(UnknownExtension(path.display().to_string())),
        }
    }

    /// Its name, as `--format` has it.
    #[must_use]
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Whether the format itself tells its reader that rows were cut off; the others carry rows
    /// only, and whoever prints them shows [`notice`] beside them.
    #[must_use]
    pub fn tells_of_cuts(self) -> bool {
        matches!(self, Format::Table | Format::Markdown | Format::Html)
    }

    /// Whether an answer is text that people read line by line, other text can stand around it.
    #[must_use]
    pub fn is_prose(self) -> bool {
        matches!(self, Format::Table | Format::Markdown)
    }

    /// Whether a file of it is one whole, so that nothing can be added behind an answer.
    #[must_use]
    pub fn is_whole(self) -> bool {
        matches!(self, Format::Html | Format::Xlsx | Format::Parquet)
    }

    /// Whether it is written of tables with what is said of them.
    #[must_use]
    pub fn is_document(self) -> bool {
        matches!(self, Format::Html | Format::Xlsx)
    }

    /// Whether it is no text, which a terminal cannot show.
    #[must_use]
    pub fn is_binary(self) -> bool {
        matches!(self, Format::Xlsx | Format::Parquet)
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
            Format::Html | Format::Xlsx => {
                self.write_document(&Document::of(table, About::default()), out, options)
            }
            Format::Parquet => parquet::write(table, out),
            Format::Junit => Err(io::Error::other(t!("export.findings_only"))),
        }
    }

    /// Writes tables with what is said of them; formats that are no document have the tables alone.
    ///
    /// # Errors
    /// As [`Format::write`].
    pub fn write_document(
        self,
        document: &Document<'_>,
        out: &mut dyn Write,
        options: &Options,
    ) -> io::Result<()> {
        match self {
            Format::Html => html::write(document, out, options),
            Format::Xlsx => xlsx::write(document, out, options),
            _ => document.parts.iter().try_for_each(|part| self.write(&part.table, out, options)),
        }
    }
}
