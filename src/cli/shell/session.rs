//! What a session is: the connection, the names there are, how answers are shown.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use rusqlite::{Connection, InterruptHandle};
use rust_i18n::t;

use super::words::Words;
use super::{Args, paging};
use crate::cli::output::{SCREEN_ROWS, Sink, cannot_write};
use crate::cli::{Common, query as canned, sql as limits};
use crate::export::{About, Format, Options};
use crate::query::catalog::{Catalog, Error as CatalogError};
use crate::query::{self, Error as QueryError, Limits, Params};
use crate::store::open_read_only;
use crate::table::Table;

/// How many rows of an answer are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// As many as a table on the screen has; all where they go elsewhere.
    Auto,
    /// All.
    All,
    /// No more than these.
    Most(usize),
}

/// How wide a drawn table may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// As wide as the screen.
    Auto,
    /// As wide as it likes.
    All,
    /// So many characters.
    Cells(u16),
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rows::Auto => f.write_str("auto"),
            Rows::All => f.write_str("all"),
            Rows::Most(count) => write!(f, "{count}"),
        }
    }
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Width::Auto => f.write_str("auto"),
            Width::All => f.write_str("all"),
            Width::Cells(count) => write!(f, "{count}"),
        }
    }
}

/// A session of the shell.
pub struct Session {
    /// The options of the program, as far as dot commands have not changed them.
    pub common: Common,
    /// The canned queries.
    pub catalog: Catalog,
    /// The names that can be typed.
    pub words: Arc<Words>,
    /// How many rows are kept.
    pub rows: Rows,
    /// How wide tables are.
    pub width: Width,
    /// Whether long answers are shown page by page, where there is a pager.
    pub pager: bool,
    /// Whether the time of each statement is told.
    pub timer: bool,
    /// The connection, which reads only.
    pub conn: Connection,
    timeout: Duration,
    /// Whether the file that answers go to holds some of this session already.
    begun: bool,
}

impl Session {
    /// Opens the database.
    pub fn open(common: &Common, args: &Args) -> anyhow::Result<Session> {
        let timeout = limits::timeout(args.timeout)?;
        let catalog = Catalog::load(args.queries.as_deref())?;
        if !common.quiet {
            catalog.broken().for_each(|error| eprintln!("{}", t!("catalog.broken", error = error)));
        }
        let conn = open_read_only(&common.db)?;
        let words = Arc::new(Words::read(&conn, &catalog)?);
        Ok(Session {
            common: common.clone(),
            catalog,
            words,
            rows: args.max_rows.map_or(Rows::Auto, Rows::Most),
            width: Width::Auto,
            pager: io::stdin().is_terminal(),
            timer: false,
            conn,
            timeout,
            begun: false,
        })
    }

    /// What interrupts the running statement from elsewhere.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.conn.get_interrupt_handle()
    }

    /// Says what this is and what there is.
    pub fn greet(&self) {
        let counted = self.conn.query_row(
            "SELECT COUNT(*), COALESCE(MIN(year), 0), COALESCE(MAX(year), 0) FROM report WHERE is_current = 1",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?)),
        );
        let (version, path) = (env!("CARGO_PKG_VERSION"), self.common.db.display());
        match counted {
            Ok((reports, first, last)) if reports > 0 => eprintln!(
                "{}",
                t!(
                    "shell.greeting",
                    version = version,
                    path = path,
                    reports = reports,
                    first = first,
                    last = last
                )
            ),
            _ => eprintln!("{}", t!("shell.greeting_empty", version = version, path = path)),
        }
        eprintln!("{}", t!("shell.how"));
    }

    /// Runs a statement.
    pub fn run_sql(&mut self, sql: &str) -> anyhow::Result<()> {
        let limits = self.limits()?;
        let start = Instant::now();
        let table = query::run(&mut self.conn, sql, &Params::new(), &limits).map_err(in_shell)?;
        let statement = (t!("export.statement").into_owned(), sql.trim().to_owned());
        let about = self.common.about("", Vec::new(), vec![statement]);
        self.answer(&table, &about, start.elapsed())
    }

    /// Runs a canned query.
    pub fn run_query(
        &mut self,
        name: &str,
        mut given: BTreeMap<String, String>,
    ) -> anyhow::Result<()> {
        let query = self.catalog.get(name)?;
        let db = &self.common.db;
        canned::resolve(&self.common, query, &mut given, &mut || Ok(open_read_only(db)?))?;
        let params = query.params(&given).map_err(|error| match error {
            CatalogError::Query(error) => in_shell(error),
            error => error.into(),
        })?;
        let limits = self.limits()?;
        let start = Instant::now();
        let table = query.run(&mut self.conn, &params, &limits, self.common.lang())?;
        let took = start.elapsed();
        let about = canned::about(&self.common, query, &given);
        let said = canned::remark(&self.common, query, &table)?;
        self.answer(&table, &about, took)?;
        said.iter().for_each(|said| eprintln!("{said}"));
        Ok(())
    }

    fn answer(&mut self, table: &Table, about: &About, took: Duration) -> anyhow::Result<()> {
        self.print_about(table, about)?;
        if self.timer {
            eprintln!("{}", t!("shell.took", seconds = format!("{:.3}", took.as_secs_f64())));
        }
        Ok(())
    }

    fn limits(&self) -> anyhow::Result<Limits> {
        let max_rows = match self.rows {
            Rows::Auto => limits::rows(&self.common, None, SCREEN_ROWS)?,
            Rows::All => None,
            Rows::Most(count) => Some(count),
        };
        Ok(Limits { timeout: Some(self.timeout), max_rows, ..Limits::default() })
    }

    /// Shows an answer, or writes it to the file.
    pub fn print(&mut self, table: &Table) -> anyhow::Result<()> {
        self.print_about(table, &About::default())
    }

    /// The same with what is said of it, where the format has room for that.
    pub fn print_about(&mut self, table: &Table, about: &About) -> anyhow::Result<()> {
        self.print_with(|common, options, out| {
            Ok(common.write(table, about, out, options)?.into_iter().collect())
        })
    }

    /// Shows an answer that a function writes, and what this says must stand beside it.
    pub fn print_with(
        &mut self,
        write: impl FnOnce(&Common, &Options, &mut dyn Write) -> anyhow::Result<Vec<String>>,
    ) -> anyhow::Result<()> {
        let beside = match self.whole_file() {
            None => self.write(write)?,
            Some(path) if self.begun => {
                bail!("{}", t!("shell.one_answer", path = path.display()))
            }
            Some(_) => {
                let mut sink = self.common.sink()?;
                let beside = write(&self.common, &self.options(), &mut sink)?;
                sink.finish()?;
                self.begun = true;
                beside
            }
        };
        beside.iter().for_each(|said| eprintln!("{said}"));
        Ok(())
    }

    /// The file that answers go to, where it has room for one only: nothing can be added to it.
    fn whole_file(&self) -> Option<PathBuf> {
        let path = self.common.out.as_ref()?;
        let format = self.common.format_or(Format::Table).ok()?;
        format.is_whole().then(|| path.clone())
    }

    /// Shows what a function writes, or writes it to the file, if that can hold more than an answer.
    pub fn write<T>(
        &mut self,
        write: impl FnOnce(&Common, &Options, &mut dyn Write) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let options = self.options();
        if let Some(path) = self.common.out.as_ref().filter(|_| self.whole_file().is_none()) {
            let mut file = OpenOptions::new();
            file.create(true).append(self.begun).write(true).truncate(!self.begun);
            let file = file.open(path).map_err(|e| cannot_write(path, &e))?;
            let mut file = Sink::Device(BufWriter::new(file), path.clone());
            let written = write(&self.common, &options, &mut file)?;
            file.flush()?;
            self.begun = true;
            return Ok(written);
        }
        if !self.pager || !io::stdout().is_terminal() {
            let mut out = Sink::Stdout(BufWriter::new(io::stdout().lock()));
            let written = write(&self.common, &options, &mut out)?;
            out.flush()?;
            return Ok(written);
        }
        let mut text = Vec::new();
        let written = write(&self.common, &options, &mut text)?;
        paging::show(&text)?;
        Ok(written)
    }

    fn options(&self) -> Options {
        let options = self.common.options();
        let width = match self.width {
            Width::Auto => options.width,
            Width::All => None,
            Width::Cells(width) => Some(width),
        };
        Options { width, bom: options.bom && !self.begun, ..options }
    }

    /// Sends answers to a file, or to the screen again. The file is begun anew by the first answer,
    /// so that a statement that fails leaves what it held.
    pub fn redirect(&mut self, path: Option<PathBuf>) -> anyhow::Result<()> {
        if let Some(path) = &path {
            self.common.check_target(".output", path)?;
            let redirected = Common { out: Some(path.clone()), ..self.common.clone() };
            redirected.format_or(Format::Table)?;
        }
        self.common.out = path;
        self.begun = false;
        Ok(())
    }
}

/// Errors whose remedy is another at the prompt than on the command line.
fn in_shell(error: QueryError) -> anyhow::Error {
    match error {
        QueryError::MissingParameter { name } => {
            anyhow!("{}", t!("shell.no_value", name = name))
        }
        error => error.into(),
    }
}
