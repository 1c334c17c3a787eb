//! What a manifest says of the files: CSV with the columns path, organ, region, year, scope.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use rust_i18n::t;
use serde::Deserialize;

use super::inputs::{self, from_root};
use crate::parse::Hints;
use crate::reason;
use crate::region::Regions;
use crate::report::Scope;

#[derive(Deserialize)]
struct Row {
    path: String,
    #[serde(default)]
    organ: Option<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    year: Option<String>,
    #[serde(default)]
    scope: Option<String>,
}

/// The rows of a manifest.
#[derive(Default)]
pub struct Manifest {
    rows: Vec<(String, Hints)>,
    /// By the path from the root, read from here and from the folder of the manifest.
    index: HashMap<PathBuf, usize>,
}

impl Manifest {
    /// Reads a manifest.
    pub fn read(path: &Path, regions: &Regions) -> anyhow::Result<Manifest> {
        let unreadable = |e: csv::Error| {
            let (path, reason) = (path.display(), reason::of_csv(&e));
            anyhow!("{}", t!("cli.cannot_read", path = path, reason = reason))
        };
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(unreadable)?;
        let headers = reader.headers().map_err(unreadable)?.clone();
        if !headers.iter().any(|h| h == "path") {
            bail!("{}", t!("cli.manifest_path", path = path.display()));
        }
        let mut out = Manifest::default();
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, csv::Position::line);
            let row: Row = record.deserialize(Some(&headers)).map_err(unreadable)?;
            let wrong = |reason: String| {
                let path = path.display();
                anyhow!("{}", t!("cli.manifest_line", path = path, line = line, reason = reason))
            };
            let given = |text: Option<String>| text.filter(|t| !t.is_empty());
            let year = given(row.year).map(|text| {
                inputs::reporting_year(&text).map_err(|reason| {
                    wrong(t!("cli.bad_year", text = text, reason = reason).into())
                })
            });
            let region = given(row.region).map(|text| {
                inputs::find_region(&text, regions).map_err(|error| wrong(error.to_string()))
            });
            let scope = given(row.scope).map(|key| {
                Scope::of_key(&key).ok_or_else(|| wrong(t!("cli.bad_scope", scope = key).into()))
            });
            let hints = Hints {
                region: region.transpose()?,
                year: year.transpose()?,
                organ: given(row.organ),
                scope: scope.transpose()?,
                ..Hints::default()
            };
            let at = out.rows.len();
            if let Some(dir) = path.parent() {
                out.index.insert(from_root(&dir.join(&row.path)), at);
            }
            out.index.insert(from_root(Path::new(&row.path)), at);
            out.rows.push((row.path, hints));
        }
        Ok(out)
    }

    /// What it says of a file.
    pub fn get(&self, path: &Path) -> Option<&Hints> {
        self.rows.get(self.at(path)?).map(|(_, hints)| hints)
    }

    fn at(&self, path: &Path) -> Option<usize> {
        self.index.get(&from_root(path)).copied()
    }

    /// The paths of the rows that are about none of these files.
    pub fn without_file(&self, files: &[PathBuf]) -> Vec<&str> {
        let met: HashSet<usize> = files.iter().filter_map(|path| self.at(path)).collect();
        let rows = self.rows.iter().enumerate();
        rows.filter(|(at, _)| !met.contains(at)).map(|(_, (path, _))| path.as_str()).collect()
    }
}
