//! The child's side: one file after another, as long as the program asks.

use std::io::{self, BufWriter, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::bounded;
use rust_i18n::t;

use super::{Answer, NO_MEMORY, Request, frame};
use crate::load::{Cause, Unread, answer};
use crate::parse::Parser;

/// Answers requests on standard input until it ends. `memory`: bytes that may be taken from now on.
///
/// # Errors
/// When the pipe breaks.
pub fn serve(parser: &Parser<'_>, memory: u64) -> io::Result<()> {
    limit(memory);
    // a panic is told by the program, in one sentence
    std::panic::set_hook(Box::new(|_| {}));
    let (send, requests) = bounded(1);
    std::thread::spawn(move || {
        let mut pipe = io::stdin().lock();
        while let Ok(Some(request)) = frame::read::<Request>(&mut pipe) {
            let bytes = match frame::read_bytes(&mut pipe) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => break,
                Err(e) => {
                    // the last words tell why
                    if e.kind() == io::ErrorKind::OutOfMemory {
                        eprintln!("{NO_MEMORY} for a file failed");
                    }
                    break;
                }
            };
            if send.send((request, bytes)).is_err() {
                break;
            }
        }
        // the program is gone or wants no more, whatever is under way
        std::process::exit(0);
    });
    let mut answers = BufWriter::new(io::stdout().lock());
    for (request, bytes) in requests {
        // the parser changes nothing while it parses, so the next file finds it as this one did
        let parsed = catch_unwind(AssertUnwindSafe(|| answer(parser, &request, &bytes)));
        let crashed = |_| Answer::Unread(Unread::new(Cause::Crash, t!("shield.crash")));
        frame::write(&mut answers, &parsed.unwrap_or_else(crashed))?;
        answers.flush()?;
    }
    Ok(())
}

/// Limits what this process may take. Where the system knows no
/// such limit the deadline must do.
fn limit(memory: u64) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let taken = taken().unwrap_or(1 << 30);
        let most = Some(taken.saturating_add(memory));
        // a system that refuses is one without the limit
        let _ = setrlimit(Resource::As, Rlimit { current: most, maximum: most });
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = memory;
}

/// Bytes of address space that this process has now: program and libraries, mostly.
#[cfg(target_os = "linux")]
fn taken() -> Option<u64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = pages.split(' ').next()?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}
