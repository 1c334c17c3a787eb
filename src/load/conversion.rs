//! Files on their way through LibreOffice, which starts slowly and is quick then: as many as wait
//! are converted in one go.

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};

use super::unread::Unread;
use crate::office::{BATCH, Office};
use crate::parse::Input;
use crate::reader::{Kind, Unreadable};

/// How long the next file is waited for before those at hand are converted.
const PATIENCE: Duration = Duration::from_millis(200);

/// A file to convert, and then what was made of it.
pub(super) struct Conversion {
    /// Of its job.
    pub index: usize,
    pub kind: Kind,
    pub bytes: Vec<u8>,
    pub sha256: String,
    path: String,
    pub made: Result<Vec<u8>, Unread>,
}

impl Conversion {
    pub fn new(
        index: usize,
        kind: Kind,
        bytes: Vec<u8>,
        sha256: String,
        path: String,
    ) -> Conversion {
        let made = Err(Unreadable::Kind(kind).into());
        Conversion { index, kind, bytes, sha256, path, made }
    }

    /// The file as it is.
    pub fn input(&self) -> Input<'_> {
        let (sha256, path) = (self.sha256.clone(), self.path.clone());
        Input { bytes: &self.bytes, sha256, path, converted: None }
    }
}

/// Converts what comes, until nothing can come any more.
pub(super) fn convert(office: &Office, take: &Receiver<Conversion>, send: &Sender<Conversion>) {
    while let Ok(first) = take.recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = take.recv_timeout(PATIENCE)
        {
            batch.push(next);
        }
        let files: Vec<_> = batch.iter().map(|c| (c.bytes.as_slice(), c.kind)).collect();
        let made = office.convert(&files);
        for (mut conversion, made) in batch.into_iter().zip(made) {
            conversion.made = made;
            if send.send(conversion).is_err() {
                return;
            }
        }
    }
}
