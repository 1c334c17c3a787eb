//! Files of strangers are read and parsed in child processes of the program itself, each with a
//! limit on its address space and a deadline a file: what hangs, aborts or eats memory in some
//! reader costs one file and one sentence.
//!
//! A child is used again and again; a new one takes the place of one that died.

mod child;
mod frame;
mod serve;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::load::Unread;
use crate::parse::Hints;
use crate::reader::Kind;
use crate::report::Report;
use child::Child;

pub use serve::serve;

/// What a process says that dies for want of memory.
const NO_MEMORY: &str = "memory allocation";

/// What one file may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of memory beside what the program takes by itself. Kept where the system limits the
    /// address space of a process, as Linux does.
    pub memory: u64,
    /// Time, after which the child is killed.
    pub deadline: Duration,
    /// Time for a file whose pictures are read.
    pub ocr_deadline: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory: 1 << 30,
            deadline: Duration::from_secs(20),
            ocr_deadline: Duration::from_secs(300),
        }
    }
}

/// A file to parse; its bytes go beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Request {
    /// What the file is known by.
    pub path: String,
    /// SHA-256 of the file, before anything was converted.
    pub sha256: String,
    /// What is known beside the content.
    pub hints: Hints,
    /// How far the reader may go.
    pub way: Way,
}

/// How far a reader may go.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Way {
    /// Whether LibreOffice is there, for what it reads better.
    pub office: bool,
    /// Whether pictures are to be read.
    pub ocr: bool,
    /// What the file was before LibreOffice converted it to the bytes at hand.
    pub converted: Option<Kind>,
}

/// What became of a file.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// A report, and what must be told of it, a sentence each.
    Report(Box<Report>, Vec<String>),
    /// No report.
    Unread(Unread),
    /// LibreOffice reads this kind better.
    Convert(Kind),
}

/// Children to parse files in.
#[derive(Debug)]
pub struct Shield {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
    idle: Mutex<Vec<Child>>,
}

impl Shield {
    /// A shield whose children are `program` run with `arguments`, which must come to [`serve`].
    #[must_use]
    pub fn new(program: PathBuf, arguments: Vec<OsString>, limits: Limits) -> Shield {
        Shield { program, arguments, limits, idle: Mutex::default() }
    }

    /// Has a file parsed. As many children live as threads ask at once.
    #[must_use]
    pub fn parse(&self, request: &Request, bytes: &[u8]) -> Answer {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        // one that was idle may have gone meanwhile, through no fault of this file
        let again = idle.is_some();
        let mut child = match idle.map_or_else(|| self.child(), Ok) {
            Ok(child) => child,
            Err(unread) => return Answer::Unread(unread),
        };
        let mut asked = child.ask(request, bytes, self.limits);
        if again && matches!(&asked, Err(lost) if !lost.late) {
            child = match self.child() {
                Ok(child) => child,
                Err(unread) => return Answer::Unread(unread),
            };
            asked = child.ask(request, bytes, self.limits);
        }
        match asked {
            Ok(answer) => {
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(child);
                answer
            }
            Err(lost) => Answer::Unread(lost.unread),
        }
    }

    fn child(&self) -> Result<Child, Unread> {
        Child::start(&self.program, &self.arguments)
    }
}
