//! From bytes to a [`Report`].
//!
//! A [`reader`] turns bytes into a document and knows nothing of the form; the matcher
//! (`items`, `walk`, `header`, `align`, `tables`) finds the tables of a [`Form`](crate::form::Form) in
//! it by their labels.

mod align;
mod found;
mod header;
mod identify;
mod items;
mod meta;
mod reading;
mod sections;
mod tables;
mod title;
mod vocabulary;
mod walk;

pub(crate) use title::{is_about_reports, is_of_sums};

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::form::{Forms, read_cell};
use crate::reader::document::Document;
use crate::reader::{self, Kind, Unreadable};
use crate::region::{Code, Level, Organ, Regions};
use crate::report::{Finding, Report, SCHEMA, Scope, Severity, Source, State, said};
use meta::Meta;
use vocabulary::Vocabulary;

/// What is known of a file beside its content. What is said of this one file counts more than what
/// the document says.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Hints {
    /// Region that the file belongs to: resolves short names, never replaces a region found.
    pub region: Option<Code>,
    /// Reporting year.
    pub year: Option<i32>,
    /// Name of the body.
    pub organ: Option<String>,
    /// Own report or summary.
    pub scope: Option<Scope>,
    /// What holds where neither the above nor the document tells.
    pub otherwise: Otherwise,
}

impl Hints {
    /// Whether nothing is known.
    #[must_use]
    pub fn are_empty(&self) -> bool {
        let Hints { region, year, organ, scope, otherwise } = self;
        region.is_none()
            && year.or(otherwise.year).is_none()
            && organ.as_ref().or(otherwise.organ.as_ref()).is_none()
            && scope.is_none()
    }
}

/// What was said of many files at once: it holds where a document does not tell plainly.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Otherwise {
    /// Reporting year.
    pub year: Option<i32>,
    /// Name of the body.
    pub organ: Option<String>,
}

/// What a document says plainly of itself, whatever the hints.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    /// Year that its title or its head names.
    pub year: Option<i32>,
    /// The body that it names, its place known.
    pub organ: Option<Organ>,
}

/// A document's bytes and what it is known by.
#[derive(Debug, Clone)]
pub struct Input<'b> {
    /// Its content.
    pub bytes: &'b [u8],
    /// SHA-256 of the content.
    pub sha256: String,
    /// Path, which is only recorded.
    pub path: String,
    /// What the file was before it was converted to these bytes.
    pub converted: Option<Kind>,
}

/// Turns the bytes of a document into a report.
pub struct Parser<'f> {
    forms: &'f Forms,
    regions: &'f Regions,
    vocabulary: Vocabulary<'f>,
}

impl<'f> Parser<'f> {
    /// A parser for the editions in `forms`.
    #[must_use]
    pub fn new(forms: &'f Forms, regions: &'f Regions) -> Parser<'f> {
        Parser { forms, regions, vocabulary: Vocabulary::new(forms) }
    }

    /// The regions that it knows.
    #[must_use]
    pub fn regions(&self) -> &'f Regions {
        self.regions
    }

    /// Parses one document; `path` is only recorded.
    ///
    /// # Errors
    /// When the bytes are no document. A document that is not a report parses to one without
    /// edition, organ or year.
    pub fn parse(&self, bytes: &[u8], path: &str, hints: &Hints) -> Result<Report, Unreadable> {
        let input = Input { bytes, sha256: sha256(bytes), path: path.to_owned(), converted: None };
        self.parse_and_state(&input, hints).map(|(report, _)| report)
    }

    /// Parses one document, and tells what it says of itself where the hints may say otherwise.
    ///
    /// # Errors
    /// As [`Parser::parse`].
    pub fn parse_and_state(
        &self,
        input: &Input<'_>,
        hints: &Hints,
    ) -> Result<(Report, Stated), Unreadable> {
        reader::read(input.bytes).map(|doc| self.interpret(&doc, input, hints))
    }

    /// Finds the report in a document that was read from the input: for a reader of one's own, or
    /// for scans ([`reader::ocr`]).
    #[must_use]
    pub fn interpret(&self, doc: &Document, input: &Input<'_>, hints: &Hints) -> (Report, Stated) {
        let v = &self.vocabulary;
        let headings = sections::headings(doc, self.forms, v);
        let items = items::items(doc, v);
        let table_of = |no: u8| {
            let mut tables = self.forms.iter().flat_map(|f| &f.tables);
            tables.find(|t| t.section == Some(no)).map(|t| t.key.as_str())
        };
        let walk = walk::walk(&items, v, doc.breaks_off, |block| {
            headings.iter().find(|h| h.block == block).map(|h| table_of(h.no))
        });
        let sections = sections::sections(doc, &headings, &items, &walk.used);
        let meta = meta::read(doc, headings.first().map(|h| h.block), &sections);
        let year = hints.year.or(meta.stated_year).or(hints.otherwise.year).or(meta.year);
        let mut tables = tables::place(&walk, v, year, doc.pictures);
        tables.doubt(&doc.unsure);
        tables.findings.extend(doc.findings.iter().cloned());
        tables.findings.extend(years_disagree(&meta, &input.path, hints));
        let body = identify::body(doc, &meta, &sections, self.regions, hints, year);
        let stated = Stated { year: meta.stated_year, organ: body.stated };
        let report = Report {
            schema: SCHEMA.to_owned(),
            title: meta.title,
            organ: body.organ.as_ref().map(|o| o.name.clone()),
            organ_printed: body.printed,
            region_code: body.organ.as_ref().and_then(|o| o.region_code).map(|c| c.to_string()),
            township_code: body.organ.as_ref().and_then(|o| o.township_code).map(|c| c.to_string()),
            year,
            scope: body.scope,
            edition: tables.edition,
            published: meta.published,
            source: Source {
                path: input.path.clone(),
                sha256: input.sha256.clone(),
                media_type: input.converted.map_or(doc.media_type, Kind::media_type).to_owned(),
                encoding: doc.encoding.map(str::to_owned),
            },
            sections,
            cells: tables.cells,
            findings: tables.findings,
        };
        (report, stated)
    }
}

/// Title, period, file and what was given for it, where they are not about one year.
fn years_disagree(meta: &Meta, path: &str, hints: &Hints) -> Vec<Finding> {
    let Some(title) = meta.title_year else { return Vec::new() };
    let mut messages = Vec::new();
    // a text may give last year's period beside this one
    if let Some(other) = meta.periods.first().filter(|_| !meta.periods.contains(&title)) {
        messages.push(said!("finding.year_period", title = title, other = other));
    }
    if let Some(other) = hints.year.filter(|y| *y != title) {
        messages.push(said!("finding.year_given", title = title, other = other));
    }
    if let Some(other) = title::file_year(path).filter(|y| *y != title) {
        messages.push(said!("finding.year_file", title = title, other = other));
    }
    let rule = || "year-mismatch".to_owned();
    let finding =
        |message| Finding { rule: rule(), severity: Severity::Error, message, cells: Vec::new() };
    messages.into_iter().map(finding).collect()
}

/// Why a report parsed elsewhere is none that this program could have parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misfit {
    /// No form defines its edition.
    Edition(String),
    /// The form of its edition has no such cell.
    Cell(String),
    /// The cell is given twice.
    Twice(String),
    /// The cell's state and value contradict each other.
    State(String),
    /// No region of its kind has that code.
    Region(String),
}

impl Parser<'_> {
    /// Takes corrections by hand back: the cells say what the document says. They are those of
    /// another database, whose people answer for them.
    pub fn take_back(&self, report: &mut Report) {
        let own = report.edition.clone();
        for cell in &mut report.cells {
            let Some(correction) = cell.correction.take() else { continue };
            let edition = cell.edition.as_ref().or(own.as_ref());
            let def = edition
                .and_then(|e| self.forms.get(e))
                .and_then(|f| f.table(&cell.table)?.cell(&cell.row, &cell.column));
            let read =
                def.zip(correction.raw.as_deref()).map(|(def, raw)| read_cell(raw, def.kind()));
            cell.value = read.as_ref().and_then(|read| read.value);
            let of_form = def.and_then(|def| def.unit()).map(str::to_owned);
            cell.unit = read.and_then(|read| read.unit).or(of_form);
            cell.state = correction.state;
            cell.raw = correction.raw;
        }
    }

    /// Whether a report parsed elsewhere fits the forms and the regions.
    ///
    /// # Errors
    /// The first thing that does not.
    pub fn check(&self, report: &Report) -> Result<(), Misfit> {
        if let Some(unknown) = report.edition.as_ref().filter(|e| self.forms.get(e).is_none()) {
            return Err(Misfit::Edition(unknown.clone()));
        }
        let mut seen = HashSet::new();
        for cell in &report.cells {
            let edition = cell.edition.as_ref().or(report.edition.as_ref());
            let known = (edition.and_then(|e| self.forms.get(e)))
                .and_then(|f| f.table(&cell.table)?.cell(&cell.row, &cell.column));
            if known.is_none() {
                return Err(Misfit::Cell(cell.name()));
            }
            if !seen.insert((edition, &cell.table, &cell.row, &cell.column)) {
                return Err(Misfit::Twice(cell.name()));
            }
            let fits = match (cell.state, cell.value) {
                (State::Number, Some(value)) => !value.is_zero(),
                (State::Zero, Some(value)) => value.is_zero(),
                (State::Number | State::Zero, None) => false,
                (_, value) => value.is_none(),
            };
            if !fits {
                return Err(Misfit::State(cell.name()));
            }
        }
        // the store refers to both by their codes as they are written here
        for (code, township) in [(&report.region_code, false), (&report.township_code, true)] {
            let Some(code) = code else { continue };
            let known = code.parse::<Code>().ok().filter(|c| {
                c.to_string() == *code
                    && (c.level() == Level::Township) == township
                    && self.regions.get(*c).is_some()
            });
            if known.is_none() {
                return Err(Misfit::Region(code.clone()));
            }
        }
        Ok(())
    }
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or_default();
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}
