//! How many bytes of files are under way.

use std::collections::VecDeque;

use super::{Job, MAX_FILE, WINDOW_BYTES};

/// The sizes of the files under way, in order.
#[derive(Default)]
pub(super) struct Sizes {
    sizes: VecDeque<u64>,
    all: u64,
}

impl Sizes {
    /// Whether there is room for one more file; then it is under way.
    pub fn take(&mut self, job: &Job) -> bool {
        // of what cannot be asked the most is expected
        let size = match &job.member {
            Some(member) => member.as_ref().ok().map(|m| m.size),
            None => std::fs::metadata(&job.path).ok().map(|m| m.len()),
        };
        let size = size.map_or(MAX_FILE, |size| size.min(MAX_FILE));
        if self.all + size > WINDOW_BYTES {
            return false;
        }
        self.sizes.push_back(size);
        self.all += size;
        true
    }

    /// The first file is done with.
    pub fn give_back(&mut self) {
        self.all -= self.sizes.pop_front().unwrap_or(0);
    }
}
