//! An evidence bundle: one archive with an answer, the very statement and values that gave it, what
//! its words mean, and which database was asked. [`write()`] makes it, [`Bundle::open`] reads it back,
//! [`verify()`] asks again and compares.
//!
//! The same answer of the same database is the same archive, byte for byte: nothing in it tells when
//! it was made.

mod definitions;
mod open;
mod verify;

use std::collections::BTreeMap;
use std::io::{self, Cursor, Write};

use rust_i18n::t;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

pub use definitions::definitions;
pub use open::{Bundle, Damage};
pub use verify::{Difference, Finding, VerifyError, verify};

use super::identity::Identity;
use crate::export::{Format, Options};
use crate::lang::Lang;
use crate::parse::sha256;
use crate::query::Params;
use crate::query::catalog::Query;
use crate::table::{Table, Value};

/// What it is.
const SCHEMA: &str = "nianbao.bundle/1";
const MANIFEST: &str = "manifest.json";
const STATEMENT: &str = "query.sql";
const PARAMETERS: &str = "parameters.json";
const RESULT_CSV: &str = "result.csv";
const RESULT_JSON: &str = "result.json";
const DEFINITIONS: &str = "definitions.md";
const README: &str = "README.txt";

/// An answer with what gave it.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The query.
    pub query: &'a Query,
    /// What was given of its parameters, as text.
    pub given: &'a BTreeMap<String, String>,
    /// The values that were bound, the year that `latest` was among them.
    pub bound: &'a Params,
    /// What came of it.
    pub table: &'a Table,
    /// The database that was asked.
    pub database: &'a Identity,
    /// [`definitions()`] of the query.
    pub definitions: String,
}

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    schema: String,
    program: String,
    /// Name of the query.
    pub query: String,
    /// The database that was asked.
    pub database: Identity,
    /// Rows of the result.
    pub rows: usize,
    /// SHA-256 of all other members, by name.
    members: BTreeMap<String, String>,
}

/// `parameters.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Parameters {
    given: BTreeMap<String, String>,
    bound: Map<String, Json>,
}

/// Writes the archive.
///
/// # Errors
/// Whatever the writer fails with.
pub fn write(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let members = members(answer)?;
    let manifest = Manifest {
        schema: SCHEMA.to_owned(),
        program: concat!("nianbao ", env!("CARGO_PKG_VERSION")).to_owned(),
        query: answer.query.name.clone(),
        database: answer.database.clone(),
        rows: answer.table.rows.len(),
        members: members.iter().map(|(name, bytes)| ((*name).to_owned(), sha256(bytes))).collect(),
    };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    let manifest = lines_of(&manifest)?;
    for (name, bytes) in members.iter().chain([&(MANIFEST, manifest)]) {
        zip.start_file(*name, options)?;
        zip.write_all(bytes)?;
    }
    out.write_all(zip.finish()?.get_ref())
}

/// All members but the manifest.
fn members(answer: &Answer<'_>) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let parameters = Parameters {
        given: answer.given.clone(),
        bound: answer.bound.iter().map(|(name, value)| (name.clone(), json(value))).collect(),
    };
    Ok(vec![
        (README, readme(answer).into_bytes()),
        (STATEMENT, answer.query.sql.clone().into_bytes()),
        (PARAMETERS, lines_of(&parameters)?),
        (RESULT_CSV, result(answer.table, Format::Csv)?),
        (RESULT_JSON, result(answer.table, Format::Json)?),
        (DEFINITIONS, answer.definitions.clone().into_bytes()),
    ])
}

/// An answer in a data format, the same in each language.
fn result(table: &Table, format: Format) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    format.write(table, &mut bytes, &Options { bom: true, ..Options::default() })?;
    Ok(bytes)
}

fn lines_of(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A value that is bound. Parameters are numbers and texts.
fn json(value: &Value) -> Json {
    match value {
        Value::Int(n) => (*n).into(),
        Value::Real(x) => (*x).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Null | Value::Blob(_) => Json::Null,
    }
}

/// The value that is bound for a JSON value.
fn value(json: &Json) -> Value {
    match json {
        Json::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(n), _) => Value::Int(n),
            (None, Some(x)) => Value::Real(x),
            (None, None) => Value::Null,
        },
        Json::String(text) => Value::Text(text.clone()),
        _ => Value::Null,
    }
}

/// How to run it again, in both languages.
fn readme(answer: &Answer<'_>) -> String {
    let given = answer.given.iter().map(|(name, value)| format!(" -p {name}={}", quoted(value)));
    let given: String = given.collect();
    let loaded = answer.database.loaded.as_deref().unwrap_or("-");
    let content = answer.database.content_sha256.as_str();
    let part = |lang: Lang| {
        t!(
            "deliver.bundle_readme",
            locale = lang.key(),
            query = answer.query.name,
            title = answer.query.title.get(lang),
            given = given,
            loaded = loaded,
            content = content
        )
        .into_owned()
    };
    format!("{}\n\n{}\n", part(Lang::Zh).trim_end(), part(Lang::En).trim_end())
}

/// A value as a shell takes it.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
    match !value.is_empty() && value.chars().all(plain) {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests;
