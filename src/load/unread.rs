//! Files that cannot be read, kept until the same path loads.

use std::fmt;

use rust_i18n::t;
use serde::{Deserialize, Serialize};

use super::{Fate, Job, Loader, MAX_FILE};
use crate::reader::Unreadable;
use crate::reason;
use crate::region::{Code, Level};
use crate::store::{LoadFailure, Store, StoreError};

/// A file that gives no report: by what cause, and why in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The cause by which failures are counted.
    pub cause: Cause,
    /// Why, in one sentence.
    pub reason: String,
}

impl Unread {
    /// A file that gives no report.
    pub fn new(cause: Cause, reason: impl Into<String>) -> Unread {
        Unread { cause, reason: reason.into() }
    }

    /// A file that cannot be opened or read.
    pub(super) fn of_io(error: &std::io::Error) -> Unread {
        let reason = reason::of_io(error);
        Unread::new(Cause::Access, t!("load.cannot_read", reason = reason))
    }

    /// A file of more than [`MAX_FILE`].
    pub(super) fn too_large() -> Unread {
        Unread::new(Cause::Size, t!("load.too_large", limit = MAX_FILE >> 20))
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl From<Unreadable> for Unread {
    fn from(error: Unreadable) -> Unread {
        let cause = match error {
            Unreadable::Empty => Cause::Empty,
            Unreadable::Kind(_) => Cause::Format,
            Unreadable::TooDeep | Unreadable::TooLarge => Cause::Size,
            Unreadable::Locked => Cause::Locked,
            Unreadable::NoText(_) | Unreadable::Pictures(_) => Cause::NoText,
            Unreadable::Damaged(_) => Cause::Damaged,
            Unreadable::NoMemory => Cause::Memory,
            Unreadable::Recognition(_) => Cause::Ocr,
        };
        Unread::new(cause, error.to_string())
    }
}

/// Why files give no report, as failures are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The file cannot be opened or read.
    Access,
    /// There is nothing in it.
    Empty,
    /// Of a format that is not read.
    Format,
    /// Damaged or cut off.
    Damaged,
    /// Locked by a password.
    Locked,
    /// A scan: pictures without text.
    NoText,
    /// Too large, or nested too deep.
    Size,
    /// A document, but no annual report.
    NoReport,
    /// Whose report it is, or of which year, is not told.
    Unnamed,
    /// A parsed report that does not fit.
    Parsed,
    /// It took too long.
    Deadline,
    /// It took too much memory.
    Memory,
    /// The reader broke down.
    Crash,
    /// LibreOffice is wanting, or failed.
    Office,
    /// Pictures could not be read.
    Ocr,
    /// The process that reads could not be started.
    Shield,
}

impl Cause {
    /// Its key in the list of failures.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Cause::Access => "access",
            Cause::Empty => "empty",
            Cause::Format => "format",
            Cause::Damaged => "damaged",
            Cause::Locked => "locked",
            Cause::NoText => "no-text",
            Cause::Size => "size",
            Cause::NoReport => "no-report",
            Cause::Unnamed => "unnamed",
            Cause::Parsed => "parsed",
            Cause::Deadline => "deadline",
            Cause::Memory => "memory",
            Cause::Crash => "crash",
            Cause::Office => "office",
            Cause::Ocr => "ocr",
            Cause::Shield => "shield",
        }
    }

    /// Its word in the language of this run.
    #[must_use]
    pub fn word(self) -> String {
        t!(format!("load.cause.{}", self.key())).into()
    }
}

impl Loader<'_> {
    /// Keeps that a file could not be read, where there is a store. `sha256`: of its bytes; none
    /// where they could not be read.
    pub(super) fn failed(
        &self,
        store: Option<&mut Store>,
        job: &Job,
        unread: Unread,
        sha256: Option<String>,
    ) -> Result<Fate, StoreError> {
        if let Some(store) = store {
            store.put_failure(&LoadFailure {
                path: job.name.clone(),
                sha256,
                reason: unread.reason.clone(),
                region_code: job.hints.region.map(|code| self.county_or_above(code)),
                year: job.hints.year.or(job.hints.otherwise.year),
            })?;
        }
        Ok(Fate::Failed(unread))
    }

    /// The six digits of a region; of a township those of the region above it.
    fn county_or_above(&self, code: Code) -> String {
        let above = self.regions.ancestors(code).first().map(|r| r.code);
        let township = code.level() == Level::Township;
        above.filter(|_| township).unwrap_or(code).to_string()
    }
}
