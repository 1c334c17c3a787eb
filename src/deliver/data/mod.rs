//! The stored data as a folder of files for other programs: facts by year and province, dimensions
//! and definitions, with a manifest and a Frictionless data package that tell what they are.
//!
//! ```text
//! manifest.json  datapackage.json
//! facts/application/year=2023/province=32/application.parquet  …
//! dimensions/region.parquet  …    definitions/metric.parquet  …
//! ```
//!
//! What is not there is null and never 0; money is in fen, a whole number; codes of regions are text.

mod batch;
mod dataset;
mod definitions;
mod flow;
mod manifest;
mod package;
mod parquet;
mod partition;
mod relation;
mod shape;

use std::io;

use rusqlite::Connection;
use serde::Serialize;

pub use manifest::{MANIFEST, Manifest};
pub use package::PACKAGE;
pub use shape::Shape;

use super::identity::Identity;
use super::{Choice, identity};
use crate::form::Forms;
use crate::parse::sha256;
use crate::store::StoreError;
use partition::Reports;

/// What stopped an export.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        Error::Store(error.into())
    }
}

/// Where files go.
pub trait Files: Sync {
    /// Adds bytes to the file of that path, whose parts are set apart by `/`; folders and file are
    /// made where they are not there yet.
    ///
    /// # Errors
    /// When they cannot be written.
    fn append(&self, path: &str, bytes: &[u8]) -> io::Result<()>;
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Its path in the folder.
    pub path: String,
    /// What it holds rows of.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub relation: String,
    /// How many.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Written {
    fn new(relation: &str, path: &str) -> Written {
        Written {
            path: path.to_owned(),
            relation: relation.to_owned(),
            rows: 0,
            bytes: 0,
            sha256: String::new(),
        }
    }
}

/// What is exported, and how.
#[derive(Debug, Clone)]
pub struct Request<'w> {
    /// The reports.
    pub choice: Choice,
    /// Leave out what a chosen summary stands for.
    pub once: bool,
    /// Format of the files.
    pub shape: Shape,
    /// What the user asked for, for the manifest.
    pub filters: serde_json::Value,
    /// The forms of this run.
    pub forms: &'w Forms,
}

/// Writes everything; none where there is no such report. The connection should be a snapshot
/// ([`crate::store::open_snapshot`]).
///
/// # Errors
/// When the database cannot be read, or a file cannot be written.
pub fn export(
    conn: &Connection,
    request: &Request<'_>,
    files: &dyn Files,
) -> Result<Option<Manifest>, Error> {
    let reports = Reports::chosen(conn, &request.choice, request.once)?;
    if reports.count() == 0 {
        return Ok(None);
    }
    let relations = dataset::relations(conn, request.forms)?;
    let mut written = Vec::new();
    for relation in &relations {
        written.extend(flow::write(conn, relation, &reports, request.shape, files)?);
    }
    let package = package::text(&relations, &written, request.shape)?;
    files.append(PACKAGE, package.as_bytes())?;
    written.push(Written {
        bytes: package.len() as u64,
        sha256: sha256(package.as_bytes()),
        ..Written::new("", PACKAGE)
    });
    let database = identity::read(conn)?;
    let manifest = Manifest::new(request, database, reports.count(), &relations, written);
    files.append(MANIFEST, manifest.text()?.as_bytes())?;
    Ok(Some(manifest))
}
