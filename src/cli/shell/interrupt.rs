//! Ctrl-C: it interrupts the running statement and not the shell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::InterruptHandle;

/// An editor that does not see within this time that the program is to end has lost its terminal: it
/// reads the end of what is no more, over and over.
const GRACE: Duration = Duration::from_secs(2);

/// What a signal is to do. While a statement runs it interrupts that. At the prompt the editor reads
/// Ctrl-C as a key, so what comes there as a signal asks the program to end.
pub struct Interrupts {
    at_prompt: Arc<AtomicBool>,
    /// Whether the program was asked to end.
    pub ended: Arc<AtomicBool>,
    /// Whether nobody looks at `ended`, as the terminal is read line by line.
    pub unattended: Arc<AtomicBool>,
}

impl Interrupts {
    /// Takes over the signals of the process.
    pub fn install(statement: InterruptHandle) -> Interrupts {
        let interrupts = Interrupts {
            at_prompt: Arc::default(),
            ended: Arc::default(),
            unattended: Arc::default(),
        };
        let at_prompt = Arc::clone(&interrupts.at_prompt);
        let ended = Arc::clone(&interrupts.ended);
        let unattended = Arc::clone(&interrupts.unattended);
        // where it cannot be taken over, Ctrl-C ends the program as it does by itself
        let _ = ctrlc::set_handler(move || {
            if !at_prompt.load(Ordering::Relaxed) {
                statement.interrupt();
            } else if unattended.load(Ordering::Relaxed) {
                std::process::exit(super::INTERRUPTED.into());
            } else {
                ended.store(true, Ordering::Relaxed);
                std::thread::sleep(GRACE);
                if ended.load(Ordering::Relaxed) {
                    std::process::exit(super::INTERRUPTED.into());
                }
            }
        });
        interrupts
    }

    /// Tells whether the prompt is waiting. What came while it was about to wait was meant for the
    /// statement.
    pub fn at_prompt(&self, waits: bool) {
        self.ended.store(false, Ordering::Relaxed);
        self.at_prompt.store(waits, Ordering::Relaxed);
    }
}
