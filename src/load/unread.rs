//! Files that cannot be read, kept until the same path loads.

use super::{Fate, Job, Loader};
use crate::region::{Code, Level};
use crate::store::{LoadFailure, Store, StoreError};

/// A file that could not be read.
pub(super) struct Unread {
    /// Why, in one sentence.
    pub reason: String,
    /// Hash of its bytes; none where they could not be read.
    pub sha256: Option<String>,
}

impl Loader<'_> {
    /// Keeps that a file could not be read, where there is a store.
    pub(super) fn failed(
        &self,
        store: Option<&mut Store>,
        job: &Job,
        unread: Unread,
    ) -> Result<Fate, StoreError> {
        if let Some(store) = store {
            store.put_failure(&LoadFailure {
                path: job.name.clone(),
                sha256: unread.sha256,
                reason: unread.reason.clone(),
                region_code: job.hints.region.map(|code| self.county_or_above(code)),
                year: job.hints.year.or(job.hints.otherwise.year),
            })?;
        }
        Ok(Fate::Failed(unread.reason))
    }

    /// The six digits of a region; of a township those of the region above it.
    fn county_or_above(&self, code: Code) -> String {
        let above = self.regions.ancestors(code).first().map(|r| r.code);
        let township = code.level() == Level::Township;
        above.filter(|_| township).unwrap_or(code).to_string()
    }
}
