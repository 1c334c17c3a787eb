//! From the rows of a relation to its files.
//!
//! Rows come in the order in which they lie, which is not that of the partitions: each partition
//! gathers its rows, and when all together hold enough, the fullest are written. What is held is
//! bounded whatever the number of reports; one file is open at a time, while it is added to. One
//! thread reads, another encodes and writes.

use std::io;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::batch::Batch;
use super::partition::Reports;
use super::relation::{Field, Group, Relation, Source, Stored};
use super::shape::{Encoder, Shape};
use super::{Error, Files, Written};
use crate::parse::hex;
use crate::store::StoreError;

/// Bytes that rows may take before they are written.
const HELD: usize = 48 << 20;
/// Rows of a batch at most.
const ROWS: usize = 1 << 17;
/// Batches on their way from one thread to the other.
const WAITING: usize = 2;

/// A batch and the number of the file that it belongs to.
type Full = (usize, Batch);

/// Writes the files of a relation.
///
/// # Errors
/// When SQLite fails, or a file cannot be written.
pub fn write(
    conn: &Connection,
    relation: &Relation,
    reports: &Reports,
    shape: Shape,
    files: &dyn Files,
) -> Result<Vec<Written>, Error> {
    let names = names(relation, reports, shape);
    thread::scope(|scope| {
        let (send, receive) = bounded::<Full>(WAITING);
        let writing = scope.spawn(|| put(receive, relation, names, shape, files));
        let read = match &relation.source {
            Source::Stored(stored) => Gatherer::new(relation, &send).read(conn, stored, reports),
            Source::Here(rows) => {
                let mut batch = Batch::new(&relation.fields);
                rows.iter().for_each(|row| batch.push(row));
                // the other end hangs up where it failed, and tells why
                let _ = send.send((0, batch));
                Ok(())
            }
        };
        drop(send);
        let written = writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        read?;
        Ok(written?)
    })
}

/// The paths of the files, by their number.
fn names(relation: &Relation, reports: &Reports, shape: Shape) -> Vec<String> {
    let (group, name, extension) = (relation.group.folder(), &relation.name, shape.extension());
    match relation.group {
        Group::Facts => {
            let path = |folder: String| format!("{group}/{name}/{folder}/{name}.{extension}");
            reports.partitions().iter().map(|partition| path(partition.folder())).collect()
        }
        Group::Dimensions | Group::Definitions => vec![format!("{group}/{name}.{extension}")],
    }
}

/// Rows that wait for enough others.
struct Gatherer<'r> {
    relation: &'r Relation,
    send: &'r Sender<Full>,
    /// By number of the file.
    waiting: Vec<Option<Batch>>,
    held: usize,
}

impl<'r> Gatherer<'r> {
    fn new(relation: &'r Relation, send: &'r Sender<Full>) -> Gatherer<'r> {
        Gatherer { relation, send, waiting: Vec::new(), held: 0 }
    }

    fn read(
        mut self,
        conn: &Connection,
        stored: &Stored,
        reports: &Reports,
    ) -> Result<(), StoreError> {
        let is_facts = stored.report.is_some();
        let few = reports.few().filter(|_| is_facts);
        let mut statement = conn.prepare(&stored.sql(few.is_some()))?;
        let mut rows = statement.query(rusqlite::params_from_iter(few))?;
        while let Some(row) = rows.next()? {
            let slot = if is_facts { reports.slot(row.get(0)?) } else { Some(0) };
            let Some(slot) = slot else { continue };
            if self.waiting.len() <= slot {
                self.waiting.resize_with(slot + 1, || None);
            }
            let fields = &self.relation.fields;
            let batch = self.waiting[slot].get_or_insert_with(|| Batch::new(fields));
            let before = batch.size;
            batch.push_row(row, usize::from(is_facts), fields)?;
            self.held += batch.size - before;
            let is_full = batch.rows >= ROWS;
            if is_full && !self.pass_on(slot) || self.held > HELD && !self.relieve() {
                return Ok(());
            }
        }
        let _ = (0..self.waiting.len()).all(|slot| self.pass_on(slot));
        Ok(())
    }

    /// Hands over what waits for a file; false where nobody takes it any more.
    fn pass_on(&mut self, slot: usize) -> bool {
        let Some(batch) = self.waiting[slot].take() else { return true };
        self.held -= batch.size;
        self.send.send((slot, batch)).is_ok()
    }

    /// Hands over the fullest, until half of what may be held is free.
    fn relieve(&mut self) -> bool {
        let size = |batch: &Option<Batch>| batch.as_ref().map_or(0, |batch| batch.size);
        let mut slots: Vec<(usize, usize)> =
            self.waiting.iter().map(size).enumerate().map(|(slot, size)| (size, slot)).collect();
        slots.sort_unstable_by(|a, b| b.cmp(a));
        slots.into_iter().all(|(_, slot)| self.held <= HELD / 2 || self.pass_on(slot))
    }
}

/// A file under way.
struct Output {
    written: Written,
    encoder: Encoder,
    hash: Sha256,
}

impl Output {
    fn begin(relation: &Relation, path: &str, shape: Shape) -> io::Result<Output> {
        Ok(Output {
            written: Written::new(&relation.name, path),
            encoder: Encoder::new(shape, &relation.fields)?,
            hash: Sha256::new(),
        })
    }

    fn add(&mut self, files: &dyn Files, batch: &Batch, fields: &[Field]) -> io::Result<()> {
        let bytes = self.encoder.add(batch, fields)?;
        self.written.rows += batch.rows as u64;
        self.written.append(files, &mut self.hash, &bytes)
    }

    fn end(self, files: &dyn Files) -> io::Result<Written> {
        let Output { mut written, encoder, mut hash } = self;
        written.append(files, &mut hash, &encoder.end()?)?;
        written.sha256 = hex(&hash.finalize());
        Ok(written)
    }
}

impl Written {
    fn append(&mut self, files: &dyn Files, hash: &mut Sha256, bytes: &[u8]) -> io::Result<()> {
        files.append(&self.path, bytes)?;
        hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

/// Encodes what comes in and adds it to the files.
fn put(
    receive: Receiver<Full>,
    relation: &Relation,
    names: Vec<String>,
    shape: Shape,
    files: &dyn Files,
) -> io::Result<Vec<Written>> {
    let mut outputs: Vec<Option<Output>> = names.iter().map(|_| None).collect();
    for (slot, batch) in receive {
        let output = match &mut outputs[slot] {
            Some(output) => output,
            none => none.insert(Output::begin(relation, &names[slot], shape)?),
        };
        output.add(files, &batch, &relation.fields)?;
    }
    let mut written = Vec::new();
    for output in outputs.into_iter().flatten() {
        written.push(output.end(files)?);
    }
    written.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(written)
}
