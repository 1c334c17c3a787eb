//! `manifest.json`: what an export is of, and what belongs to it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::relation::Relation;
use super::{Identity, Request, Written};

/// Its name.
pub const MANIFEST: &str = "manifest.json";
/// What it is.
const SCHEMA: &str = "nianbao.data/1";

/// The manifest.
#[derive(Debug, Clone, Serialize)]
pub struct Manifest {
    schema: &'static str,
    program: &'static str,
    /// What it is taken from.
    pub database: Identity,
    format: &'static str,
    filters: serde_json::Value,
    /// Reports in it.
    pub reports: usize,
    /// Rows by relation.
    pub rows: BTreeMap<String, u64>,
    /// All other files.
    pub files: Vec<Written>,
}

impl Manifest {
    pub(super) fn new(
        request: &Request<'_>,
        database: Identity,
        reports: usize,
        relations: &[Relation],
        files: Vec<Written>,
    ) -> Manifest {
        let rows = |relation: &Relation| {
            let of = files.iter().filter(|file| file.relation == relation.name);
            (relation.name.clone(), of.map(|file| file.rows).sum())
        };
        Manifest {
            schema: SCHEMA,
            program: concat!("nianbao ", env!("CARGO_PKG_VERSION")),
            database,
            format: request.shape.extension(),
            filters: request.filters.clone(),
            reports,
            rows: relations.iter().map(rows).collect(),
            files,
        }
    }

    /// Its text.
    ///
    /// # Errors
    /// Never: it holds nothing that JSON has not.
    pub fn text(&self) -> std::io::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}
