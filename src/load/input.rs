//! From a file to a report: a document is parsed, a report parsed elsewhere is taken as it is.

use std::io::Read as _;

use rust_i18n::t;

use super::unread::{Cause, Unread};
use super::{Job, MAX_FILE, notes};
use crate::parse::{Hints, Input, Misfit, Parser, Stated, sha256};
use crate::reader::ocr::{self, Tesseract};
use crate::reader::{Kind, Unreadable};
use crate::reason;
use crate::region::{Context, Organ};
use crate::report::{Report, SCHEMA};
use crate::store::StoreError;

/// The bytes of a file, of a member of an archive, or of standard input.
///
/// # Errors
/// When it cannot be read or is too large.
pub fn bytes(job: &Job) -> Result<Vec<u8>, Unread> {
    if let Some(member) = &job.member {
        return member.as_ref().map_err(Unread::clone)?.bytes();
    }
    let mut bytes = Vec::new();
    let read = if job.path == "-" {
        std::io::stdin().take(MAX_FILE + 1).read_to_end(&mut bytes)
    } else {
        let file = std::fs::File::open(&job.path).map_err(|e| Unread::of_io(&e))?;
        let size = file.metadata().map_or(0, |m| m.len());
        if size > MAX_FILE {
            return Err(Unread::too_large());
        }
        // room for all at once, and for the look that finds the end
        bytes.reserve(size as usize + 1);
        file.take(MAX_FILE + 1).read_to_end(&mut bytes)
    };
    read.map_err(|e| Unread::of_io(&e))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Unread::too_large());
    }
    Ok(bytes)
}

/// A file with what it is known by: standard input has no name, so its content must do.
#[must_use]
pub fn input<'b>(name: &str, bytes: &'b [u8]) -> Input<'b> {
    let sha256 = sha256(bytes);
    let path = if name == "-" { format!("stdin:{}", &sha256[..16]) } else { name.to_owned() };
    Input { bytes, sha256, path, converted: None }
}

/// Parses a document, or takes a parsed report as it is; with what must be told of it, a sentence
/// each. `ocr`: whether pictures are read.
pub(super) fn parse_input(
    parser: &Parser<'_>,
    input: &Input<'_>,
    hints: &Hints,
    ocr: bool,
) -> Result<(Report, Vec<String>), Unread> {
    let (mut report, stated) = if is_json(input.bytes) {
        let parsed = parsed_json(parser, without_mark(input.bytes), hints);
        parsed.map_err(|reason| Unread::new(Cause::Parsed, reason))?
    } else if ocr && matches!(Kind::of(input.bytes), Kind::Pdf | Kind::Picture) {
        let tesseract = Tesseract::find().map_err(Unreadable::from)?;
        let doc = ocr::read(input.bytes, &tesseract)?;
        let (mut report, stated) = parser.interpret(&doc, input, hints);
        if report.title.is_none() && hints.organ.is_none() && hints.otherwise.organ.is_none() {
            // where the title could not be read, a body that the text names may be another
            (report.organ, report.region_code, report.township_code) = (None, None, None);
        }
        (report, stated)
    } else {
        parser.parse_and_state(input, hints)?
    };
    if report.source.sha256.is_empty() {
        report.source.sha256.clone_from(&input.sha256);
    }
    if report.source.path.is_empty() {
        report.source.path.clone_from(&input.path);
    }
    let notes = notes::differences(&report, &stated, hints, parser.regions());
    Ok((report, notes))
}

/// Bytes without a byte order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Whether a file is JSON: a report parsed elsewhere.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let text = without_mark(bytes).trim_ascii_start();
    text.starts_with(b"{") && !text.starts_with(b"{\\rtf")
}

/// A report parsed elsewhere: it says itself what it is, and the hints fill in what it does not.
fn parsed_json(
    parser: &Parser<'_>,
    bytes: &[u8],
    hints: &Hints,
) -> Result<(Report, Stated), String> {
    let mut report: Report = serde_json::from_slice(bytes)
        .map_err(|e| t!("load.bad_json", reason = reason::of_json(&e)).to_string())?;
    if report.schema != SCHEMA {
        return Err(t!("load.bad_schema", found = report.schema, expected = SCHEMA).to_string());
    }
    parser.take_back(&mut report);
    let told = parser.check(&report).map_err(|misfit| match misfit {
        Misfit::Edition(edition) => StoreError::UnknownEdition(edition).to_string(),
        Misfit::Cell(cell) => t!("load.bad_cell", cell = cell).to_string(),
        Misfit::Twice(cell) => t!("load.cell_twice", cell = cell).to_string(),
        Misfit::State(cell) => t!("load.bad_state", cell = cell).to_string(),
        Misfit::Region(code) => t!("load.bad_region", code = code).to_string(),
    });
    told?;
    let regions = parser.regions();
    let region = report.region_code.as_ref().and_then(|c| c.parse().ok());
    let context = Context { region, year: report.year, mentions: &[] };
    let organ = report.organ.as_ref().and_then(|name| regions.resolve(name, context));
    let stated = Stated { year: report.year, organ: organ.filter(Organ::is_placed) };
    report.year = hints.year.or(report.year).or(hints.otherwise.year);
    report.scope = hints.scope.or(report.scope);
    let otherwise = hints.otherwise.organ.as_ref().filter(|_| report.organ.is_none());
    if let Some(name) = hints.organ.as_ref().or(otherwise) {
        notes::set_organ(&mut report, name, hints.region, regions);
    }
    Ok((report, stated))
}
