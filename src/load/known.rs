//! What is loaded already, which need not be parsed again.

use std::path::Path;

use rusqlite::Connection;

use crate::parse::Input;
use crate::store;

/// A look into the database that a load writes to.
pub(super) struct Known {
    pub conn: Connection,
    /// Whether a source without its bytes must be read again.
    with_bytes: bool,
}

impl Known {
    /// None where it cannot be opened: then what is there is found out when it is written.
    pub fn open(database: &Path, with_bytes: bool) -> Option<Known> {
        let conn = store::open_read_only(database).ok()?;
        // it asks two indexes, in the order of the files
        let _ = conn.pragma_update(None, "cache_size", -256);
        Some(Known { conn, with_bytes })
    }

    /// Whether this is what was last loaded from the file.
    pub fn has(&self, input: &Input<'_>) -> bool {
        // what cannot be asked now is asked again when it is written
        store::is_loaded(&self.conn, &input.path, &input.sha256, self.with_bytes).unwrap_or(false)
    }
}
