//! Reading a bundle back. Whoever sent it may have changed it: everything is held against its
//! manifest, and nothing of it is trusted but as a statement that only reads.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek};

use rust_i18n::t;
use serde_json::{Map, Value as Json};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{
    DEFINITIONS, MANIFEST, Manifest, PARAMETERS, Parameters, README, RESULT_CSV, RESULT_JSON,
    SCHEMA, STATEMENT, value,
};
use crate::parse::sha256;
use crate::query::Params;

/// Bytes that a member may have: more than the largest answer that a query may give.
const LARGEST: u64 = 512 << 20;
/// The members that every bundle has besides its manifest.
const MEMBERS: [&str; 6] = [README, STATEMENT, PARAMETERS, RESULT_CSV, RESULT_JSON, DEFINITIONS];

/// Why a file is no bundle that could be run again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("{}", t!("deliver.bundle_foreign"))]
    Foreign,
    /// Of another kind than this program knows.
    #[error("{}", t!("deliver.bundle_schema", found = .0, known = SCHEMA))]
    Schema(String),
    /// A member is not there.
    #[error("{}", t!("deliver.bundle_missing", name = .0))]
    Missing(String),
    /// A member that the manifest does not know.
    #[error("{}", t!("deliver.bundle_unknown", name = .0))]
    Unknown(String),
    /// A member is not what the manifest says, or cannot be unpacked.
    #[error("{}", t!("deliver.bundle_changed", name = .0))]
    Changed(String),
}

/// A bundle that is whole.
#[derive(Debug)]
pub struct Bundle {
    /// What it is of.
    pub manifest: Manifest,
    /// The statement.
    pub statement: String,
    /// The values that are bound.
    pub bound: Params,
    /// The rows of the result.
    pub rows: Vec<Map<String, Json>>,
}

impl Bundle {
    /// Reads a bundle and sees that it is whole.
    ///
    /// # Errors
    /// [`Damage`].
    pub fn open(file: impl Read + Seek) -> Result<Bundle, Damage> {
        let mut zip = ZipArchive::new(file).map_err(|error| match error {
            ZipError::Io(error) => Damage::Io(error),
            _ => Damage::Foreign,
        })?;
        let manifest = member(&mut zip, MANIFEST).map_err(|damage| match damage {
            Damage::Missing(_) => Damage::Foreign,
            damage => damage,
        })?;
        let manifest = read_manifest(&manifest)?;
        let mut members = BTreeMap::new();
        let names = zip.file_names().map(|name| name.map(std::borrow::Cow::into_owned));
        let names: Vec<String> = names.collect::<Result<_, _>>().map_err(|_| Damage::Foreign)?;
        for name in names.iter().filter(|name| *name != MANIFEST) {
            let Some(expected) = manifest.members.get(name) else {
                return Err(Damage::Unknown(name.clone()));
            };
            let bytes = member(&mut zip, name)?;
            if sha256(&bytes) != *expected {
                return Err(Damage::Changed(name.clone()));
            }
            members.insert(name.as_str(), bytes);
        }
        let listed = manifest.members.keys().map(String::as_str);
        if let Some(name) = listed.chain(MEMBERS).find(|name| !members.contains_key(name)) {
            return Err(Damage::Missing(name.to_owned()));
        }
        let changed = |name: &str| Damage::Changed(name.to_owned());
        let parameters: Parameters =
            serde_json::from_slice(&members[PARAMETERS]).map_err(|_| changed(PARAMETERS))?;
        Ok(Bundle {
            statement: String::from_utf8(members[STATEMENT].clone())
                .map_err(|_| changed(STATEMENT))?,
            bound: parameters.bound.iter().map(|(name, v)| (name.clone(), value(v))).collect(),
            rows: serde_json::from_slice(&members[RESULT_JSON])
                .map_err(|_| changed(RESULT_JSON))?,
            manifest,
        })
    }
}

fn read_manifest(bytes: &[u8]) -> Result<Manifest, Damage> {
    let json: Json = serde_json::from_slice(bytes).map_err(|_| Damage::Foreign)?;
    match json["schema"].as_str() {
        Some(SCHEMA) => {
            serde_json::from_value(json).map_err(|_| Damage::Changed(MANIFEST.to_owned()))
        }
        Some(other) if other.starts_with("nianbao.bundle/") => {
            Err(Damage::Schema(other.to_owned()))
        }
        _ => Err(Damage::Foreign),
    }
}

/// A member, unpacked.
fn member(zip: &mut ZipArchive<impl Read + Seek>, name: &str) -> Result<Vec<u8>, Damage> {
    let changed = || Damage::Changed(name.to_owned());
    let file = zip.by_name(name).map_err(|error| match error {
        ZipError::FileNotFound => Damage::Missing(name.to_owned()),
        _ => changed(),
    })?;
    let mut bytes = Vec::new();
    // its own word for its size is not believed
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|_| changed())?;
    if bytes.len() as u64 > LARGEST {
        return Err(changed());
    }
    Ok(bytes)
}
