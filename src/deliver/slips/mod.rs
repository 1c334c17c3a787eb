//! Slips: for each body what was found in its report and is to be put right, with room for its
//! answer. The words are a template's, see [`super::template`].

mod finding;

use std::collections::HashMap;
use std::io::{self, Write};

use rusqlite::Connection;
use rust_i18n::t;
use serde::Serialize;

use super::docx::{Docx, Paper};
use super::prose::{self, Block, Format};
use super::template::{TemplateError, Templates};
use super::{Chosen, cell_said, corrected, open_findings};
use crate::export::html::head;
use crate::form::Forms;
use crate::lang::Lang;
use crate::report::{Scope, Severity};
use crate::store::{Shown, StoreError};

pub use finding::{CellSaid, Finding, Group, Passage};

use finding::finding;

/// Narrower than a letter's: with a few findings a slip is one page.
const MARGINS: [u16; 4] = [15, 20, 15, 20];
/// Characters, some half of a page, of what stands on the page of the reply.
const WITH_REPLY: usize = 700;

/// What a slip says.
#[derive(Debug, Clone, Serialize)]
pub struct Slip {
    /// Its number: the year and the id of the body, the same whatever else is asked for.
    pub number: String,
    /// How many slips there are.
    pub count: usize,
    /// Body.
    pub organ: String,
    /// Name of its region.
    pub region: Option<String>,
    /// Reporting year.
    pub year: i32,
    /// Own report or summary, in words.
    pub scope: String,
    /// Edition of the form.
    pub edition: Option<String>,
    /// When the report was published.
    pub published: Option<String>,
    /// Name of the file it was read from.
    pub source: String,
    /// When the slip is made out; none leaves it to be filled in.
    pub date: Option<String>,
    /// How many errors there are.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// Cells that were checked as corrected by hand.
    pub corrections: Vec<Correction>,
}

/// A cell that was corrected by hand.
#[derive(Debug, Clone, Serialize)]
pub struct Correction {
    /// The cell in words.
    pub cell: String,
    /// What the document says; none where it has no such cell.
    pub original: Option<String>,
    /// What it is taken to say.
    pub text: String,
}

/// What a template knows.
#[derive(Serialize)]
struct Filled<'s> {
    slip: &'s Slip,
}

/// What slips are made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The database.
    pub conn: &'a Connection,
    /// The forms of this run.
    pub forms: &'a Forms,
    /// Language of the slips.
    pub lang: Lang,
    /// Nothing milder is told.
    pub least: Severity,
}

/// Slips, and the bodies that get none.
#[derive(Debug, Default)]
pub struct Slips {
    /// In the order of the reports.
    pub slips: Vec<Slip>,
    /// Names of those in whose reports nothing was found, with the year where it is not one for all.
    pub clean: Vec<String>,
    /// Names of those whose reports were not checked since they changed.
    pub unchecked: Vec<String>,
}

impl Slips {
    /// Of these reports.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn of(
        source: Source<'_>,
        reports: &[Chosen],
        date: Option<&str>,
    ) -> Result<Slips, StoreError> {
        let mut all = Slips::default();
        let over_years = reports.iter().any(|r| Some(r.year) != reports.first().map(|r| r.year));
        let name = |report: &Chosen| match over_years {
            true => format!("{} {}", report.organ, report.year),
            false => report.organ.clone(),
        };
        let mut corrections: HashMap<i64, Vec<Correction>> = HashMap::new();
        for found in corrected(source.conn, reports.iter().map(|r| r.id))? {
            let cell = cell_said(&found, source.forms, source.lang);
            let (original, text) = (found.original, found.raw);
            let of_report = corrections.entry(found.report).or_default();
            of_report.push(Correction { cell, original, text });
        }
        for report in reports {
            match open_findings(source.conn, report.id, source.least)? {
                None => all.unchecked.push(name(report)),
                Some(found) if found.is_empty() => all.clean.push(name(report)),
                Some(found) => {
                    let corrections = corrections.remove(&report.id).unwrap_or_default();
                    all.slips.push(Slip { corrections, ..slip(source, report, &found, date) });
                }
            }
        }
        let count = all.slips.len();
        all.slips.iter_mut().for_each(|slip| slip.count = count);
        Ok(all)
    }
}

/// The number of the slip of a report.
fn number(report: &Chosen) -> String {
    // a body may have a slip for its own report and one for its summary
    let kind = if report.scope == Scope::Aggregate { "S" } else { "" };
    format!("{}-{:03}{kind}", report.year, report.organ_id)
}

fn slip(source: Source<'_>, report: &Chosen, found: &[Shown], date: Option<&str>) -> Slip {
    let locale = source.lang.key();
    let scope = match report.scope {
        Scope::Own => t!("show.own", locale = locale),
        Scope::Aggregate => t!("show.aggregate", locale = locale),
    };
    let count = |severity| found.iter().filter(|s| s.severity == severity).count();
    let form = report.edition.as_deref().and_then(|edition| source.forms.get(edition));
    let name = report.path.rsplit(['/', '\\']).next().unwrap_or(&report.path);
    Slip {
        number: number(report),
        count: 0,
        organ: report.organ.clone(),
        region: report.region.clone(),
        year: report.year,
        scope: scope.into(),
        edition: report.edition.clone(),
        published: report.published.clone(),
        source: name.to_owned(),
        date: date.map(str::to_owned),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        findings: (1..).zip(found).map(|(n, s)| finding(source, form, n, s)).collect(),
        corrections: Vec::new(),
    }
}

/// Writes slips into one file, each on a page of its own.
///
/// # Errors
/// Whatever the writer fails with, and mistakes of the template.
pub fn write(
    slips: &[Slip],
    templates: &Templates,
    lang: Lang,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let title = t!("deliver.slips.title", locale = lang.key());
    let name = lang.pick("slip.zh.md", "slip.en.md");
    let text = |slip: &Slip| templates.render(name, Filled { slip });
    match format {
        Format::Docx => {
            let mut docx =
                Docx::new(&title, Paper { numbered: true, margins: MARGINS, ..Paper::default() });
            for slip in slips {
                docx.page_break();
                add_to(&prose::parse(&text(slip)?), &mut docx);
            }
            docx.write(out)?;
        }
        Format::Html => {
            head(out, lang, &title, include_str!("page.css"))?;
            for slip in slips {
                let text = prose::html(&prose::parse(&text(slip)?));
                writeln!(out, "<section>\n{text}</section>")?;
            }
            writeln!(out, "</body>\n</html>")?;
        }
        Format::Markdown => {
            for (number, slip) in slips.iter().enumerate() {
                let between = if number > 0 { "\n---\n\n" } else { "" };
                writeln!(out, "{between}{}", text(slip)?.trim_end_matches('\n'))?;
            }
        }
    }
    Ok(())
}

/// Adds a slip. Its last part, the reply, stands on a page with the part before: a signature alone on
/// a page would be one under nothing.
fn add_to(blocks: &[Block], docx: &mut Docx) {
    let is_heading = |block: &Block| matches!(block, Block::Heading(..));
    let reply = blocks.iter().rposition(is_heading).unwrap_or(0);
    let mut room = WITH_REPLY;
    let mut from = reply;
    for at in (0..reply).rev() {
        match room.checked_sub(blocks[at].characters()) {
            // what is longer goes over to the next page as it comes
            None => break,
            Some(left) => (room, from) = (left, at),
        }
        if is_heading(&blocks[at]) {
            break;
        }
    }
    let (before, kept) = blocks.split_at(from);
    let (kept, last) = kept.split_at(kept.len().saturating_sub(1));
    prose::add_to(before, docx);
    docx.keep(true);
    prose::add_to(kept, docx);
    docx.keep(false);
    prose::add_to(last, docx);
}

/// Why slips could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The writer.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A name for the file of a slip: its number and the body, of signs that every system takes.
#[must_use]
pub fn file_name(slip: &Slip, extension: &str) -> String {
    /// Bytes that a name may have, with some to spare.
    const MOST: usize = 180;
    let plain = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {
            '_'
        }
        c => c,
    };
    let mut name = String::new();
    for c in slip.organ.chars().map(plain) {
        if name.len() + c.len_utf8() > MOST {
            break;
        }
        name.push(c);
    }
    let name = name.trim_matches([' ', '.']);
    format!("{} {name}.{extension}", slip.number)
}
