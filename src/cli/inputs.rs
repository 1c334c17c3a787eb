//! The files that a command's paths stand for, and what a manifest says of them.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use rust_i18n::t;
use serde::Deserialize;

use super::cannot_read;
use crate::parse::Hints;
use crate::reason;
use crate::region::Regions;
use crate::report::{SCHEMA, Scope};

/// Standard input, as a path.
pub const STDIN: &str = "-";

/// Extensions of files that hold reports; a folder's other files are not touched.
const REPORTS: [&str; 7] = ["txt", "md", "markdown", "html", "htm", "shtml", "json"];

/// Expands files, folders and patterns, in order and without repetition.
pub fn expand(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut add = |path: PathBuf| {
        if seen.insert(path.clone()) {
            out.push(path);
        }
    };
    for path in paths {
        let text = path.to_string_lossy();
        if text == STDIN || path.is_file() {
            add(path.clone());
        } else if path.is_dir() {
            folder(path)?.into_iter().for_each(&mut add);
        } else if text.contains(['*', '?', '[']) {
            let found = glob::glob(&text)
                .map_err(|_| anyhow!("{}", t!("cli.bad_pattern", pattern = text)))?;
            let mut found: Vec<PathBuf> = found.filter_map(Result::ok).collect();
            if found.is_empty() {
                bail!("{}", t!("cli.no_match", pattern = text));
            }
            found.sort();
            for path in found {
                if path.is_dir() {
                    folder(&path)?.into_iter().for_each(&mut add);
                } else {
                    add(path);
                }
            }
        } else {
            bail!("{}", t!("cli.no_such_file", path = path.display()));
        }
    }
    Ok(out)
}

fn folder(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.map_err(|e| {
            let path = e.path().unwrap_or(dir).to_owned();
            cannot_read(&path, &e.into())
        })?;
        let extension = entry.path().extension().map(|e| e.to_string_lossy().to_lowercase());
        let known = extension.as_deref().is_some_and(|e| REPORTS.contains(&e));
        let data = extension.as_deref() == Some("json") && !is_parsed_report(entry.path());
        if entry.file_type().is_file() && known && !data {
            out.push(entry.into_path());
        }
    }
    Ok(out)
}

/// Whether a JSON file in a folder is a parsed report: other data is nobody's report.
fn is_parsed_report(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|f| f.take(4096).read_to_end(&mut head));
    read.is_ok() && String::from_utf8_lossy(&head).contains(SCHEMA)
}

#[derive(Deserialize)]
struct Row {
    path: String,
    #[serde(default)]
    organ: Option<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    year: Option<i32>,
    #[serde(default)]
    scope: Option<String>,
}

/// What a manifest says of each path: CSV with the columns path, organ, region, year, scope. Paths
/// are as given or relative to the manifest.
pub fn manifest(path: &Path, regions: &Regions) -> anyhow::Result<HashMap<PathBuf, Hints>> {
    let unreadable = |e: csv::Error| {
        let (path, reason) = (path.display(), reason::of_csv(&e));
        anyhow!("{}", t!("cli.cannot_read", path = path, reason = reason))
    };
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(unreadable)?;
    let headers = reader.headers().map_err(unreadable)?;
    if !headers.iter().any(|h| h == "path") {
        bail!("{}", t!("cli.manifest_path", path = path.display()));
    }
    let mut out = HashMap::new();
    for row in reader.deserialize::<Row>() {
        let row = row.map_err(unreadable)?;
        let given = |text: Option<String>| text.filter(|t| !t.is_empty());
        let hints = Hints {
            region: match given(row.region) {
                Some(region) => Some(find_region(&region, regions)?),
                None => None,
            },
            year: row.year,
            organ: given(row.organ),
            scope: match given(row.scope).as_deref() {
                None => None,
                Some("own") => Some(Scope::Own),
                Some("aggregate") => Some(Scope::Aggregate),
                Some(other) => bail!("{}", t!("cli.bad_scope", scope = other)),
            },
        };
        let beside =
            path.parent().map_or_else(|| PathBuf::from(&row.path), |dir| dir.join(&row.path));
        out.insert(beside, hints.clone());
        out.insert(PathBuf::from(row.path), hints);
    }
    Ok(out)
}

/// The code of the region of a name or code.
pub fn find_region(text: &str, regions: &Regions) -> anyhow::Result<crate::region::Code> {
    Ok(regions.find(text, None)?.code)
}
