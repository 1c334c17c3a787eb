//! What a load tells at its end: what became of the files, and what must be known of them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use rusqlite::Connection;
use rust_i18n::t;

use super::output::{Sink, columns};
use super::{Common, INTERRUPTED, SOME_FAILED, UNUSABLE};
use crate::load::{Cause, Fate, Job, Unread, filing};
use crate::store::{Filed, Outcome, StoreError, current_source};
use crate::table::{Table, Unit, Value};

/// Reasons, and remarks of each kind, that are shown; the CSV of the failures has them all.
const SHOWN: usize = 20;
/// Files that are named of those with the same reason.
const EXAMPLES: usize = 3;

/// What became of the files of a load.
#[derive(Default)]
pub struct Summary {
    /// Whether nothing was written.
    dry_run: bool,
    /// Path of each that failed, and why.
    pub failures: Vec<(String, Unread)>,
    counts: BTreeMap<Outcome, usize>,
    /// Path and sentence.
    notes: Vec<(String, String)>,
    duplicates: Vec<(String, Filed)>,
    /// Sentences about the load as a whole.
    remarks: Vec<String>,
}

impl Summary {
    /// Of a load that has yet to begin.
    pub fn new(dry_run: bool) -> Summary {
        Summary { dry_run, ..Summary::default() }
    }

    /// Takes in what became of a file.
    pub fn add(&mut self, job: &Job, fate: &Fate) {
        match fate {
            Fate::Done(done) => {
                *self.counts.entry(done.outcome).or_default() += 1;
                self.notes.extend(done.notes.iter().map(|n| (job.path.clone(), n.clone())));
                if let (Outcome::Duplicate, Some(filed)) = (done.outcome, &done.filed) {
                    self.duplicates.push((job.path.clone(), filed.clone()));
                }
            }
            Fate::Failed(unread) => self.failures.push((job.path.clone(), unread.clone())),
        }
    }

    /// That files of folders were left aside.
    pub fn remark_unknown(&mut self, unknown: &BTreeMap<String, usize>) {
        let count: usize = unknown.values().sum();
        if count > 0 {
            self.remarks.push(t!("load.unknown", count = count, kinds = kinds(unknown)).into());
        }
    }

    /// That rows of the manifest are about none of the files.
    pub fn remark_rows_without_file(&mut self, paths: &[&str]) {
        if !paths.is_empty() {
            let mut named = paths[..paths.len().min(EXAMPLES)].join(&t!("load.and"));
            named.push_str(if paths.len() > EXAMPLES { "…" } else { "" });
            let count = paths.len();
            self.remarks.push(t!("load.rows_without_file", count = count, paths = named).into());
        }
    }

    /// That changes of bodies are about none of the store.
    pub fn remark_idle_changes(&mut self, idle: usize, all: usize) {
        if idle > 0 {
            self.remarks.push(t!("load.idle_changes", count = idle, all = all).into());
        }
    }

    /// Notes for each file that contradicts another which of them counts.
    pub fn name_duplicates(&mut self, conn: &Connection) -> Result<(), StoreError> {
        for (path, filed) in std::mem::take(&mut self.duplicates) {
            let current = current_source(conn, &filed)?.unwrap_or_default();
            let note = t!("load.note.duplicate", filed = filing(&filed), current = current);
            self.notes.push((path, note.into()));
        }
        Ok(())
    }

    /// Tells what must be known of files that did not fail, and of the load as a whole.
    pub fn tell(&self, common: &Common) {
        if common.quiet {
            return;
        }
        for (path, note) in self.notes.iter().take(SHOWN) {
            eprintln!("{path}: {note}");
        }
        if let Some(more) = self.notes.len().checked_sub(SHOWN).filter(|n| *n > 0) {
            eprintln!("{}", t!("load.more_notes", count = more));
        }
        for remark in &self.remarks {
            eprintln!("{remark}");
        }
    }

    /// Tells all, and gives the exit code.
    pub fn finish(
        &self,
        common: &Common,
        failures: Option<&Path>,
        files: usize,
        stopped: bool,
    ) -> anyhow::Result<ExitCode> {
        self.tell_failures(common);
        self.tell(common);
        if let Some(path) = failures {
            self.write_failures(path, !common.no_bom)?;
        }
        if !common.quiet {
            common.print(&self.table(files))?;
            if self.dry_run {
                eprintln!("{}", t!("load.dry_run"));
            }
        }
        if stopped {
            eprintln!("{}", t!("load.stopped"));
            return Ok(ExitCode::from(INTERRUPTED));
        }
        Ok(match (self.failures.len(), files) {
            (0, _) => ExitCode::SUCCESS,
            (failed, files) if failed == files => ExitCode::from(UNUSABLE),
            _ => ExitCode::from(SOME_FAILED),
        })
    }

    /// How many files failed by which cause, where it takes a table to see it.
    fn tell_causes(&self, common: &Common) {
        let mut causes: BTreeMap<Cause, (i64, &str)> = BTreeMap::new();
        for (path, unread) in &self.failures {
            causes.entry(unread.cause).or_insert((0, path)).0 += 1;
        }
        if common.quiet || self.failures.len() <= SHOWN || causes.len() < 2 {
            return;
        }
        let mut causes: Vec<_> = causes.into_iter().collect();
        causes.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let mut columns =
            columns(&["reason", "failed", "example"], |n| t!(format!("load.{n}")).into());
        columns[0].labels = causes.iter().map(|(cause, _)| Some(cause.word())).collect();
        columns[0].unit = Unit::Label;
        let rows = causes.iter().map(|(cause, (count, path))| {
            let text = |text: &str| Value::Text(text.to_owned());
            vec![text(cause.key()), Value::Int(*count), text(path)]
        });
        let rows = rows.collect();
        common.tell_table(&Table { columns, rows, total_rows: None });
    }

    fn tell_failures(&self, common: &Common) {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for (path, Unread { reason, .. }) in &self.failures {
            match reasons.iter_mut().find(|(known, _)| known == reason) {
                Some((_, paths)) => paths.push(path),
                None => reasons.push((reason, vec![path])),
            }
        }
        let mut told = 0;
        for (reason, paths) in reasons.iter().take(SHOWN) {
            if let [path] = paths.as_slice() {
                eprintln!("{path}: {reason}");
            } else {
                eprintln!("{}", t!("load.failures_of", count = paths.len(), reason = reason));
                paths.iter().take(EXAMPLES).for_each(|path| eprintln!("  {path}"));
            }
            told += paths.len().min(EXAMPLES);
        }
        if self.failures.len() > told {
            eprintln!("{}", t!("load.more_failures", count = self.failures.len() - told));
        }
        self.tell_causes(common);
    }

    fn write_failures(&self, path: &Path, bom: bool) -> anyhow::Result<()> {
        let mut sink = Sink::to(path)?;
        if bom {
            sink.write_all("\u{FEFF}".as_bytes())?;
        }
        let mut out = csv::Writer::from_writer(&mut sink);
        out.write_record(["path", "reason", "cause"])?;
        for (path, Unread { cause, reason }) in &self.failures {
            out.write_record([path, reason, cause.key()])?;
        }
        out.flush()?;
        drop(out);
        sink.finish()
    }

    fn table(&self, files: usize) -> Table {
        let of = |o: Outcome| self.counts.get(&o).copied().unwrap_or(0);
        let names =
            ["files", "loaded", "unchanged", "revised", "further_source", "duplicate", "failed"];
        let values = [
            files,
            of(Outcome::Loaded),
            of(Outcome::Unchanged),
            of(Outcome::Revised),
            of(Outcome::FurtherSource),
            of(Outcome::Duplicate),
            self.failures.len(),
        ];
        let title = |name: &str| match name {
            // nothing was compared with the database
            "loaded" if self.dry_run => t!("load.loadable"),
            name => t!(format!("load.{name}")),
        };
        let columns = columns(&names, |n| title(n).into());
        let row = values.map(|v| Value::Int(v as i64)).into();
        Table { columns, rows: vec![row], total_rows: None }
    }
}

/// `pdf 2、docx 1`, the commonest first.
fn kinds(counts: &BTreeMap<String, usize>) -> String {
    let mut kinds: Vec<(&String, &usize)> = counts.iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let none = t!("load.no_extension");
    let name = |kind: &String| if kind.is_empty() { none.to_string() } else { kind.clone() };
    let kinds = kinds.into_iter().map(|(kind, count)| format!("{} {count}", name(kind)));
    kinds.collect::<Vec<_>>().join(&t!("load.and"))
}
