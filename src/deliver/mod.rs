//! What leaves the program as files that stand for themselves: the summary form of a level, the
//! matrix of its units, and what else a supervisory department sends on.
//!
//! A file is made of [`Chosen`] reports. This module turns them into bytes; where these go, and that
//! a file stands under its name only when it is whole, is the command's business.

pub mod bulletin;
pub mod bundle;
mod chosen;
pub mod data;
pub mod datasette;
pub mod docx;
pub mod form;
pub mod identity;
pub mod matrix;
pub mod prose;
pub mod slips;
pub mod template;

use std::collections::HashSet;
use std::io::{self, Write};

use rusqlite::Connection;

use crate::export::{Document, Format, Options, escape_markdown};
use crate::form::Forms;
use crate::lang::Lang;
use crate::report::Severity;
use crate::store::{Corrected, Shown, StoreError, corrections, findings_of};
use crate::validate::label;

pub use chosen::{Choice, Chosen, Place, form_of, of_ids};

/// The failures of a report that nobody dismissed, the worst first. None where it was not checked
/// since it changed.
fn open_findings(
    conn: &Connection,
    report: i64,
    least: Severity,
) -> Result<Option<Vec<Shown>>, StoreError> {
    let dismissed =
        |s: &Shown| s.decision.as_ref().is_some_and(|decision| decision.verdict == "dismissed");
    let found = findings_of(conn, report)?;
    Ok(found.map(|mut found| {
        found.retain(|s| s.severity >= least && !dismissed(s));
        found.sort_by_key(|s| std::cmp::Reverse(s.severity));
        found
    }))
}

/// The corrections by hand that count in these reports.
fn corrected(
    conn: &Connection,
    reports: impl Iterator<Item = i64>,
) -> Result<Vec<Corrected>, StoreError> {
    let reports: HashSet<i64> = reports.collect();
    let mut all = corrections(conn)?;
    all.retain(|c| c.standing == "active" && reports.contains(&c.report));
    Ok(all)
}

/// The cell of a correction in words.
fn cell_said(correction: &Corrected, forms: &Forms, lang: Lang) -> String {
    let form = forms.get(&correction.edition);
    let cell = form.and_then(|form| form.named_cell(&correction.cell));
    cell.map_or_else(|| correction.cell.clone(), |cell| label(cell).get(lang).to_owned())
}

/// Writes a document in Markdown: its title, its tables, and what is said of them at the end.
fn markdown(document: &Document<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let about = &document.about;
    if !about.title.is_empty() {
        writeln!(out, "# {}\n", escape_markdown(&about.title))?;
    }
    for part in &document.parts {
        if !part.title.is_empty() {
            writeln!(out, "## {}\n", escape_markdown(&part.title))?;
        }
        Format::Markdown.write(&part.table, out, options)?;
        writeln!(out)?;
    }
    for note in &about.notes {
        writeln!(out, "- {}", escape_markdown(note))?;
    }
    let colon = options.lang.pick("：", ": ");
    for (name, value) in &about.facts {
        writeln!(out, "- {}{colon}{}", escape_markdown(name), escape_markdown(value))?;
    }
    Ok(())
}
