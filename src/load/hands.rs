//! What reads and parses files: here in this process, or behind a shield; with LibreOffice where it
//! is there and needed.

use super::input::parse_input;
use super::unread::{Cause, Unread};
use crate::office::Office;
use crate::parse::{Hints, Input, Parser};
use crate::reader::{Kind, Unreadable};
use crate::report::Report;
use crate::shield::{Answer, Request, Shield, Way};

/// The hands that files go through.
pub struct Hands<'l> {
    /// Parses here.
    pub parser: Parser<'l>,
    /// Parses in its children, in place of the parser.
    pub shield: Option<Shield>,
    /// LibreOffice.
    pub office: Option<Office>,
    /// Whether pictures are to be read.
    pub ocr: bool,
}

impl<'l> Hands<'l> {
    /// Hands that parse in this process and convert nothing.
    #[must_use]
    pub fn here(parser: Parser<'l>) -> Hands<'l> {
        Hands { parser, shield: None, office: None, ocr: false }
    }

    /// Parses a file; one that LibreOffice reads better is left for [`Hands::converted`].
    #[must_use]
    pub fn attempt(&self, input: &Input<'_>, hints: &Hints) -> Answer {
        self.ask(input, hints, Way { office: self.office.is_some(), ..self.way() })
    }

    /// Parses a file by what LibreOffice made of it; by itself where that failed.
    #[must_use]
    pub fn converted(
        &self,
        input: &Input<'_>,
        hints: &Hints,
        kind: Kind,
        made: &Result<Vec<u8>, Unread>,
    ) -> Answer {
        let here = || self.ask(input, hints, self.way());
        match made {
            Ok(bytes) => {
                let input = Input { bytes, ..input.clone() };
                let way = Way { converted: Some(kind), ..self.way() };
                match self.ask(&input, hints, way) {
                    Answer::Report(report, notes) if report.edition.is_some() => {
                        Answer::Report(report, notes)
                    }
                    // the reader here may have had doubts only
                    answer => match here() {
                        Answer::Report(report, notes) => Answer::Report(report, notes),
                        _ => answer,
                    },
                }
            }
            Err(failed) => match here() {
                // of the two reasons that of LibreOffice tells more
                Answer::Unread(Unread { cause: Cause::Format | Cause::Damaged, .. }) => {
                    Answer::Unread(failed.clone())
                }
                answer => answer,
            },
        }
    }

    /// Parses a file by what is at hand at once: neither LibreOffice nor pictures.
    #[must_use]
    pub fn quickly(&self, input: &Input<'_>, hints: &Hints) -> Answer {
        self.ask(input, hints, Way::default())
    }

    /// Parses a file, converted at once where need be.
    ///
    /// # Errors
    /// When it gives no report.
    pub fn parse(&self, input: &Input<'_>, hints: &Hints) -> Result<(Report, Vec<String>), Unread> {
        let mut answer = self.attempt(input, hints);
        if let (Answer::Convert(kind), Some(office)) = (&answer, &self.office) {
            let made = office.convert_one(input.bytes, *kind);
            answer = self.converted(input, hints, *kind, &made);
        }
        match answer {
            Answer::Report(report, notes) => Ok((*report, notes)),
            Answer::Unread(unread) => Err(unread),
            Answer::Convert(kind) => Err(Unreadable::Kind(kind).into()),
        }
    }

    fn way(&self) -> Way {
        Way { office: false, ocr: self.ocr, converted: None }
    }

    fn ask(&self, input: &Input<'_>, hints: &Hints, way: Way) -> Answer {
        let (path, sha256) = (input.path.clone(), input.sha256.clone());
        let request = Request { path, sha256, hints: hints.clone(), way };
        match &self.shield {
            Some(shield) => shield.parse(&request, input.bytes),
            None => answer(&self.parser, &request, input.bytes),
        }
    }
}

/// Parses the bytes of a request.
#[must_use]
pub fn answer(parser: &Parser<'_>, request: &Request, bytes: &[u8]) -> Answer {
    let Request { path, sha256, hints, way } = request;
    let kind = Kind::of(bytes);
    let (path, sha256) = (path.clone(), sha256.clone());
    let input = Input { bytes, sha256, path, converted: way.converted };
    let parsed = parse_input(parser, &input, hints, way.ocr);
    // starting it takes seconds: only for what was not read well without
    let helps = match &parsed {
        Ok((report, _)) => !is_whole(report),
        Err(unread) => matches!(unread.cause, Cause::Format | Cause::Damaged),
    };
    if way.office && helps && kind.is_for_office() {
        return Answer::Convert(kind);
    }
    match parsed {
        Ok((report, notes)) => Answer::Report(Box::new(report), notes),
        Err(unread) => Answer::Unread(unread),
    }
}

/// Whether a report has tables, and their merged cells are known.
fn is_whole(report: &Report) -> bool {
    report.edition.is_some() && report.findings.iter().all(|f| f.rule != "merged-cells")
}
