//! One child as the program sees it.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use rust_i18n::t;

use super::{Answer, Limits, Request, frame};
use crate::load::{Cause, Unread};
use crate::reason;

/// How much of what a dying child says is looked at.
const LAST_WORDS: u64 = 64 << 10;

/// A child at work or waiting for it.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    requests: ChildStdin,
    answers: Receiver<io::Result<Option<Answer>>>,
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
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C is for the program, which lets the file in hand be finished
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command.spawn().map_err(|e| failed(reason::of_io(&e)))?;
        let (Some(requests), Some(mut output)) = (process.stdin.take(), process.stdout.take())
        else {
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
        Ok(Child { process, requests, answers })
    }

    /// Has a file parsed, within the deadline.
    pub fn ask(&mut self, request: &Request, bytes: &[u8], limits: Limits) -> Result<Answer, Lost> {
        let written = frame::write(&mut self.requests, request)
            .and_then(|()| frame::write_bytes(&mut self.requests, bytes))
            .and_then(|()| io::Write::flush(&mut self.requests));
        if written.is_err() {
            return Err(Lost { unread: self.death(limits), late: false });
        }
        let deadline = if request.way.ocr { limits.ocr_deadline } else { limits.deadline };
        match self.answers.recv_timeout(deadline) {
            Ok(Ok(Some(answer))) => Ok(answer),
            Err(RecvTimeoutError::Timeout) => Err(Lost { unread: late(deadline), late: true }),
            Ok(_) | Err(RecvTimeoutError::Disconnected) => {
                Err(Lost { unread: self.death(limits), late: false })
            }
        }
    }

    /// Why a child died, by its last words.
    fn death(&mut self, limits: Limits) -> Unread {
        self.kill();
        let mut words = Vec::new();
        if let Some(said) = self.process.stderr.take() {
            // nothing said is as good an answer
            let _ = said.take(LAST_WORDS).read_to_end(&mut words);
        }
        if memchr::memmem::find(&words, b"memory allocation").is_some() {
            let limit = limits.memory >> 20;
            return Unread::new(Cause::Memory, t!("shield.memory", limit = limit));
        }
        Unread::new(Cause::Crash, t!("shield.crash"))
    }

    /// Ends it, with what it has started itself.
    fn kill(&mut self) {
        #[cfg(unix)]
        if let Some(group) = rustix::process::Pid::from_raw(self.process.id().cast_signed()) {
            // gone already is as well
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

fn late(deadline: Duration) -> Unread {
    Unread::new(Cause::Deadline, t!("shield.deadline", seconds = deadline.as_secs()))
}
