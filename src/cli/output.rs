//! Where answers go: stdout, or the file that `--out` names.

use std::fs::File;
use std::io::{BufWriter, IsTerminal as _, Write};

use anyhow::anyhow;
use rust_i18n::t;

use super::Common;
use crate::export::{self, Format, Options};
use crate::reason;
use crate::table::Table;

/// Rows a table on a terminal shows unless asked for more.
pub const SCREEN_ROWS: usize = 1000;

impl Common {
    /// The format asked for: by name, else by the extension of the file, else `fallback`.
    pub fn format_or(&self, fallback: Format) -> anyhow::Result<Format> {
        match (self.format, &self.out) {
            (Some(format), _) => Ok(format),
            (None, Some(path)) => Ok(Format::from_path(path)?),
            (None, None) => Ok(fallback),
        }
    }

    /// Opens the place where data goes.
    pub fn sink(&self) -> anyhow::Result<Box<dyn Write>> {
        Ok(match &self.out {
            Some(path) => {
                let file = File::create(path).map_err(|e| {
                    let (path, reason) = (path.display(), reason::of_io(&e));
                    anyhow!("{}", t!("cli.cannot_write", path = path, reason = reason))
                })?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(BufWriter::new(std::io::stdout().lock())),
        })
    }

    /// Options of the exporters.
    pub fn options(&self) -> Options {
        let width = (self.out.is_none() && std::io::stdout().is_terminal())
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(width, _)| width.0);
        Options { width, lang: self.lang(), bom: self.out.is_some() && !self.no_bom }
    }

    /// Prints an answer.
    pub fn print(&self, table: &Table) -> anyhow::Result<()> {
        let format = self.format_or(Format::Table)?;
        let mut sink = self.sink()?;
        format.write(table, &mut sink, &self.options())?;
        sink.flush()?;
        if !format.tells_of_cuts()
            && let Some(notice) = export::notice(table, self.lang())
        {
            eprintln!("{notice}");
        }
        Ok(())
    }

    /// Prints text as it is.
    pub fn print_text(&self, text: &str) -> anyhow::Result<()> {
        let mut sink = self.sink()?;
        sink.write_all(text.as_bytes())?;
        Ok(sink.flush()?)
    }
}
