//! Files and folders that are being written: what Ctrl-C must not leave behind.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::INTERRUPTED;

/// How often it is tried to remove what is under way.
const TRIES: usize = 100;

static UNDER_WAY: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn under_way() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A temporary file or folder that is gone, or stands under its name, once this is dropped.
#[derive(Debug)]
pub struct Partial(PathBuf);

impl Partial {
    /// Makes one and remembers its path; Ctrl-C does not come between.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make<T: AsRef<Path>>(make: impl FnOnce() -> io::Result<T>) -> io::Result<(T, Partial)> {
        let mut under_way = under_way();
        let made = make()?;
        let path = made.as_ref().to_owned();
        under_way.insert(path.clone());
        Ok((made, Partial(path)))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        under_way().remove(&self.0);
    }
}

/// Does what Ctrl-C must not come between.
pub fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
    let _held = under_way();
    work()
}

/// From now on Ctrl-C removes what is under way before it ends the program; for commands that have
/// nothing else to bring to an end.
pub fn clean_on_interrupt() {
    let end = || {
        // held to the end: nothing is begun any more
        let under_way = under_way();
        for path in under_way.iter() {
            // who is writing there may add to it while it is removed
            for _ in 0..TRIES {
                let _ = match path.is_dir() {
                    true => std::fs::remove_dir_all(path),
                    false => std::fs::remove_file(path),
                };
                if !path.exists() {
                    break;
                }
            }
        }
        std::process::exit(INTERRUPTED.into());
    };
    // without a handler the program ends all the same
    let _ = ctrlc::set_handler(end);
}
