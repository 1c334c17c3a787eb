//! Where answers go: stdout, or the file that `--out` names. A file stands under its name only
//! when it is whole.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use rust_i18n::t;
use tempfile::{NamedTempFile, PersistError};

use super::partial::Partial;
use super::{Common, color};
use crate::export::{self, About, Document, Format, Options};
use crate::reason;
use crate::table::{Column, Table};

/// Rows a table on a terminal shows unless asked for more.
pub const SCREEN_ROWS: usize = 1000;

/// Columns with their headings.
pub fn columns(names: &[&str], heading: impl Fn(&str) -> String) -> Vec<Column> {
    let column = |name: &&str| Column { title: Some(heading(name)), ..Column::new(*name) };
    names.iter().map(column).collect()
}

/// The place where data goes; without [`Sink::finish`] a file is as it was before.
pub enum Sink {
    /// Standard output.
    Stdout(BufWriter<StdoutLock<'static>>),
    /// A pipe or a device, which cannot be replaced.
    Device(BufWriter<File>, PathBuf),
    /// A file beside the one it will become.
    File(BufWriter<NamedTempFile>, PathBuf, Partial),
}

impl Sink {
    fn open(path: &Path) -> io::Result<Sink> {
        // what a link leads to is replaced, and not the link
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let known = target.metadata().ok();
        if known.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if known.as_ref().is_some_and(|m| !m.is_file()) {
            let device = BufWriter::new(File::create(&target)?);
            return Ok(Sink::Device(device, target));
        }
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".nianbao-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // a temporary file is its owner's alone; this one will be read by others
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let folder = folder.unwrap_or(Path::new("."));
        let (file, partial) = Partial::make(|| builder.tempfile_in(folder))?;
        if let Some(known) = known {
            if known.permissions().readonly() {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            file.as_file().set_permissions(known.permissions())?;
        }
        Ok(Sink::File(BufWriter::new(file), target, partial))
    }

    /// A file that stands under its name once it is whole.
    pub fn to(path: &Path) -> anyhow::Result<Sink> {
        Sink::open(path).map_err(|e| cannot_write(path, &e))
    }

    /// An error of writing with the place that was written to. What a closed pipe is told by, and
    /// what is merely tried again, stays as it is.
    fn named(&self, error: io::Error) -> io::Error {
        if matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::Interrupted) {
            return error;
        }
        io::Error::other(match self {
            Sink::Stdout(_) => {
                let (path, reason) = (t!("cli.stdout"), reason::of_io(&error));
                t!("cli.cannot_write", path = path, reason = reason).into_owned()
            }
            Sink::Device(_, path) | Sink::File(_, path, _) => {
                cannot_write(path, &error).to_string()
            }
        })
    }

    /// Ends writing: what was written is there, and whole.
    pub fn finish(self) -> anyhow::Result<()> {
        self.persist(|file, target| file.persist(target))
    }

    /// The same where nothing may stand under its name yet, also not what came there meanwhile.
    pub fn finish_new(self) -> anyhow::Result<()> {
        self.persist(|file, target| match file.persist_noclobber(target) {
            // not every file system has a word for it
            Err(failed) if failed.error.kind() != io::ErrorKind::AlreadyExists => {
                match target.symlink_metadata() {
                    Ok(_) => {
                        Err(PersistError { error: io::ErrorKind::AlreadyExists.into(), ..failed })
                    }
                    Err(_) => failed.file.persist(target),
                }
            }
            done => done,
        })
    }

    fn persist(
        mut self,
        put: impl FnOnce(NamedTempFile, &Path) -> Result<File, PersistError>,
    ) -> anyhow::Result<()> {
        self.flush()?;
        if let Sink::File(file, target, _partial) = self {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            put(file, &target).map_err(|e| match e.error.kind() {
                io::ErrorKind::AlreadyExists => {
                    anyhow!("{}", t!("deliver.exists", path = target.display()))
                }
                _ => cannot_write(&target, &e.error),
            })?;
        }
        Ok(())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            Sink::Stdout(out) => out.write(bytes),
            Sink::Device(out, _) => out.write(bytes),
            Sink::File(out, ..) => out.write(bytes),
        };
        written.map_err(|e| self.named(e))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match self {
            Sink::Stdout(out) => out.flush(),
            Sink::Device(out, _) => out.flush(),
            Sink::File(out, ..) => out.flush(),
        };
        flushed.map_err(|e| self.named(e))
    }
}

pub fn cannot_write(path: &Path, error: &io::Error) -> anyhow::Error {
    let reason = reason::of_no_folder(path).unwrap_or_else(|| reason::of_io(error));
    let path = path.display();
    anyhow!("{}", t!("cli.cannot_write", path = path, reason = reason))
}

/// Whether two paths lead to one file, also to one that is yet to be made.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        path.canonicalize().ok().or_else(|| {
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
            Some(folder.unwrap_or(Path::new(".")).canonicalize().ok()?.join(path.file_name()?))
        })
    };
    place(a).is_some_and(|a| place(b) == Some(a))
}

impl Common {
    /// The format asked for: by name, else by the extension of the file, else `fallback`.
    pub fn format_or(&self, fallback: Format) -> anyhow::Result<Format> {
        let named = self.out.as_deref().map(Format::from_path).transpose();
        match (self.format, named) {
            // a text of that name would not open
            (Some(_), Ok(Some(named))) if named.is_binary() || named == Format::Html => Ok(named),
            (Some(format), _) => Ok(format),
            (None, named) => Ok(named?.unwrap_or(fallback)),
        }
    }

    /// Finds out before the work whether the file that `--out` names can be written.
    pub fn check_out(&self) -> anyhow::Result<()> {
        self.out.as_deref().map_or(Ok(()), |path| self.check_target("--out", path))
    }

    /// Finds out before the work whether the file that an option names can be written, and is not
    /// the database.
    pub fn check_target(&self, option: &str, path: &Path) -> anyhow::Result<()> {
        if is_same_file(path, &self.db) {
            bail!("{}", t!("cli.target_is_database", option = option, path = path.display()));
        }
        // opening a pipe would tell its reader that all is said
        if path.metadata().is_ok_and(|m| !m.is_file() && !m.is_dir()) {
            return Ok(());
        }
        Sink::to(path).map(drop)
    }

    /// Opens the place where data goes.
    pub fn sink(&self) -> anyhow::Result<Sink> {
        match &self.out {
            Some(path) => Sink::to(path),
            None => Ok(Sink::Stdout(BufWriter::new(io::stdout().lock()))),
        }
    }

    /// Options of the exporters.
    pub fn options(&self) -> Options {
        let screen = self.out.is_none();
        let width = (screen && io::stdout().is_terminal())
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(width, _)| width.0);
        Options {
            width,
            lang: self.lang(),
            bom: self.out.is_some() && !self.no_bom,
            color: screen && color::wanted(self.color, &io::stdout()),
        }
    }

    /// Refuses to show on a terminal what is no text.
    pub fn check_screen(&self) -> anyhow::Result<()> {
        let format = self.format_or(Format::Table).unwrap_or_default();
        if format.is_binary() && self.out.is_none() && io::stdout().is_terminal() {
            bail!("{}", t!("export.not_on_screen", format = format.name()));
        }
        Ok(())
    }

    /// What is said of an answer from the database, for the formats that have room for it.
    pub fn about(&self, title: &str, notes: Vec<String>, facts: Vec<(String, String)>) -> About {
        let mut about = About { title: title.to_owned(), notes, facts };
        let locale = self.lang().key();
        let file = self.db.file_name().unwrap_or_default().to_string_lossy();
        about.add(t!("export.database", locale = locale), file);
        about.add(
            t!("export.program", locale = locale),
            concat!("nianbao ", env!("CARGO_PKG_VERSION")),
        );
        about
    }

    /// Prints an answer.
    pub fn print(&self, table: &Table) -> anyhow::Result<()> {
        self.print_about(table, &About::default())
    }

    /// Prints an answer with what is said of it.
    pub fn print_about(&self, table: &Table, about: &About) -> anyhow::Result<()> {
        let mut sink = self.sink()?;
        let beside = self.write(table, about, &mut sink, &self.options())?;
        sink.finish()?;
        if let Some(notice) = beside {
            eprintln!("{notice}");
        }
        Ok(())
    }

    /// Prints tables with what is said of them, in a format that has room for it.
    pub fn print_document(&self, document: &Document<'_>) -> anyhow::Result<()> {
        let mut sink = self.sink()?;
        self.format_or(Format::Table)?.write_document(document, &mut sink, &self.options())?;
        sink.finish()
    }

    /// Prints tables for people, one below the other.
    pub fn print_all(&self, tables: &[Table]) -> anyhow::Result<()> {
        let format = self.format_or(Format::Table)?;
        if format.is_document() {
            let mut document = Document::default();
            tables.iter().for_each(|table| document.add("", table.clone()));
            return self.print_document(&document);
        }
        let mut text = Vec::new();
        for (i, table) in tables.iter().enumerate() {
            if i > 0 {
                text.push(b'\n');
            }
            format.write(table, &mut text, &self.options())?;
        }
        self.print_text(&String::from_utf8_lossy(&text))
    }

    /// Writes an answer, and gives what must be said beside it of how much it shows.
    pub fn write(
        &self,
        table: &Table,
        about: &About,
        out: &mut dyn Write,
        options: &Options,
    ) -> anyhow::Result<Option<String>> {
        let format = self.format_or(Format::Table)?;
        // that there is nothing is no data
        let silent = self.quiet && table.rows.is_empty() && table.total_rows.is_none_or(|n| n == 0);
        let notice = export::notice(table, self.lang());
        match notice.as_ref().filter(|_| silent && format.is_prose()) {
            None => {
                let document = Document::of(table, about.clone());
                format.write_document(&document, out, options)?;
            }
            Some(notice) => {
                let mut text = Vec::new();
                format.write(table, &mut text, options)?;
                let text = String::from_utf8_lossy(&text);
                let end = text.rfind(notice.as_str()).unwrap_or(text.len());
                let data = text[..end].trim_end_matches(['*', '\n']);
                if !data.is_empty() {
                    writeln!(out, "{data}")?;
                }
            }
        }
        Ok(notice.filter(|_| !silent && !format.tells_of_cuts()))
    }

    /// Tells a table beside the data, for people.
    pub fn tell_table(&self, table: &Table) {
        let mut text = Vec::new();
        // memory does not refuse
        let _ = Format::Table.write(table, &mut text, &self.options());
        eprint!("{}", String::from_utf8_lossy(&text));
    }

    /// Prints text as it is.
    pub fn print_text(&self, text: &str) -> anyhow::Result<()> {
        let mut sink = self.sink()?;
        sink.write_all(text.as_bytes())?;
        sink.finish()
    }
}
