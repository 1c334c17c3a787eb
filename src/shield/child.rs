//! One child as the program sees it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use rust_i18n::t;

use super::{Answer, Limits, NO_MEMORY, Request, frame};
use crate::load::{Cause, Unread};
use crate::{process, reason};

/// How much of what a dying child says is looked at.
const LAST_WORDS: u64 = 64 << 10;

/// A child at work or waiting for it.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    requests: ChildStdin,
    answers: Receiver<io::Result<Option<Answer>>>,
    /// What it says beside its answers: a pipe that nobody reads would fill up.
    words: File,
    /// Whether it was waited for: its number may be another's since.
    ended: bool,
}

/// A child is gone, and with it this file.
pub struct Lost {
    /// What to say of the file.
    pub unread: Unread,
    /// Whether it was killed for its deadline. Else it may have been gone before.
    pub late: bool,
}

impl Child {
    /// Starts one.
    pub fn start(program: &Path, arguments: &[OsString]) -> Result<Child, Unread> {
        let failed =
            |reason: String| Unread::new(Cause::Shield, t!("shield.start", reason = reason));
        let mut command = Command::new(program);
        command.args(arguments);
        let words = tempfile::tempfile().map_err(|e| failed(reason::of_io(&e)))?;
        let written = words.try_clone().map_err(|e| failed(reason::of_io(&e)))?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(written);
        process::set_apart(&mut command);
        let mut child = command.spawn().map_err(|e| failed(reason::of_io(&e)))?;
        let (Some(requests), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(String::new()));
        };
        let (send, answers) = bounded(1);
        std::thread::spawn(move || {
            loop {
                let answer = frame::read(&mut output);
                let last = !matches!(answer, Ok(Some(_)));
                if send.send(answer).is_err() || last {
                    break;
                }
            }
        });
        Ok(Child { process: child, requests, answers, words, ended: false })
    }

    /// Has a file parsed, within the deadline.
    pub fn ask(&mut self, request: &Request, bytes: &[u8], limits: Limits) -> Result<Answer, Lost> {
        let deadline = if request.way.ocr { limits.ocr_deadline } else { limits.deadline };
        let Child { process: child, requests, answers, ended, .. } = self;
        let answer = std::thread::scope(|scope| {
            // a child that does not read must not hold the program up: killed, it breaks the pipe
            scope.spawn(|| {
                let _ = frame::write(requests, request)
                    .and_then(|()| frame::write_bytes(requests, bytes))
                    .and_then(|()| requests.flush());
            });
            let answer = answers.recv_timeout(deadline);
            if !matches!(answer, Ok(Ok(Some(_)))) {
                kill(child, ended);
            }
            answer
        });
        match answer {
            Ok(Ok(Some(answer))) => Ok(answer),
            Err(RecvTimeoutError::Timeout) => Err(Lost { unread: late(deadline), late: true }),
            Ok(_) | Err(RecvTimeoutError::Disconnected) => {
                Err(Lost { unread: self.death(limits), late: false })
            }
        }
    }

    /// Why a child died, by its last words.
    fn death(&mut self, limits: Limits) -> Unread {
        let mut words = Vec::new();
        let length = self.words.metadata().map_or(0, |m| m.len());
        // nothing said is as good an answer
        let _ = self.words.seek(SeekFrom::Start(length.saturating_sub(LAST_WORDS)));
        let _ = (&self.words).take(LAST_WORDS).read_to_end(&mut words);
        if memchr::memmem::find(&words, NO_MEMORY.as_bytes()).is_some() {
            let limit = limits.memory >> 20;
            return Unread::new(Cause::Memory, t!("shield.memory", limit = limit));
        }
        Unread::new(Cause::Crash, t!("shield.crash"))
    }
}

/// Ends a child, once.
fn kill(child: &mut std::process::Child, ended: &mut bool) {
    if !std::mem::replace(ended, true) {
        process::end(child);
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        kill(&mut self.process, &mut self.ended);
    }
}

fn late(deadline: Duration) -> Unread {
    Unread::new(Cause::Deadline, t!("shield.deadline", seconds = deadline.as_secs()))
}
