//! What the tests share: the corpus of real documents and their true cells.
#![allow(dead_code)] // each test binary uses its part

pub mod desk;
pub mod loaded;
pub mod measures;
pub mod office;
pub mod pages;
pub mod paper;
pub mod places;
pub mod python;
pub mod sections;
pub mod shapes;
pub mod soffice;
pub mod synth;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nianbao::report::{Cell, Report, State};
use serde::Deserialize;

/// A true cell.
#[derive(Debug, Clone, Deserialize, PartialEq)]
pub struct TrueCell {
    pub table: String,
    pub row: String,
    pub column: String,
    pub raw: Option<String>,
    pub value: Option<serde_json::Number>,
    pub state: String,
    #[serde(default)]
    pub unit: Option<String>,
}

/// What a document of `full/` truly says.
#[derive(Debug, Clone, Deserialize)]
pub struct Truth {
    pub file: String,
    pub organ: String,
    pub year: i32,
    pub scope: String,
    pub edition: String,
    pub published: Option<String>,
    pub cells: Vec<TrueCell>,
}

/// What an excerpt of `heads/` truly says.
#[derive(Debug, Clone, Deserialize)]
pub struct Head {
    pub file: String,
    pub organ: Option<String>,
    #[serde(default)]
    pub organ_full: Option<String>,
    pub year: Option<i32>,
    pub published: Option<String>,
    pub edition: Option<String>,
    pub cells: Vec<TrueCell>,
}

/// The corpus, which lies beside the repository or where `NIANBAO_CORPUS` says.
///
/// It is not part of the repository: without it the tests that need it say so and pass, unless
/// the variable is set, as it is in CI.
pub fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("NIANBAO_CORPUS");
    let dir = named.clone().map_or_else(|| PathBuf::from("../shared/corpus"), PathBuf::from);
    if dir.join("full").is_dir() {
        return Some(dir);
    }
    assert!(named.is_none(), "no corpus in '{}'", dir.display());
    eprintln!("skipped: no corpus beside the repository; set NIANBAO_CORPUS to its folder");
    None
}

/// The complete documents with their truths.
pub fn full(corpus: &Path) -> Vec<(PathBuf, Truth)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(corpus.join("full")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".truth.json") {
            let truth: Truth = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            out.push((path.with_file_name(&truth.file), truth));
        }
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

/// The excerpts with their truths.
pub fn heads(corpus: &Path) -> Vec<(PathBuf, Head)> {
    let manifest = std::fs::read_to_string(corpus.join("heads/manifest.jsonl")).unwrap();
    let heads = manifest.lines().map(|l| serde_json::from_str::<Head>(l).unwrap());
    heads.map(|h| (corpus.join("heads").join(&h.file), h)).collect()
}

/// Cells by their place in the form.
pub fn by_key(cells: &[TrueCell]) -> BTreeMap<(String, String, String), TrueCell> {
    cells.iter().map(|c| ((c.table.clone(), c.row.clone(), c.column.clone()), c.clone())).collect()
}

/// Whether a parsed cell says what the document truly says, value, state and unit.
pub fn same(cell: &Cell, truth: Option<&TrueCell>) -> bool {
    let Some(truth) = truth else { return cell.state == State::Missing };
    let value = truth.value.as_ref().map(ToString::to_string);
    let unit = truth.unit.is_none() || truth.unit == cell.unit;
    cell.state.key() == truth.state && cell.value.map(|v| v.to_string()) == value && unit
}

/// The cells of a report that do not say what its document truly says.
pub fn differences(report: &Report, truth: &Truth) -> impl Iterator<Item = String> {
    let truths = by_key(&truth.cells);
    for key in truths.keys() {
        let here = |c: &&Cell| (&c.table, &c.row, &c.column) == (&key.0, &key.1, &key.2);
        assert_eq!(report.cells.iter().filter(here).count(), 1, "{}: {key:?}", truth.file);
    }
    let key = |cell: &Cell| (cell.table.clone(), cell.row.clone(), cell.column.clone());
    let wrong = report.cells.iter().filter(|cell| !same(cell, truths.get(&key(cell))));
    let wrong: Vec<String> = wrong.map(|cell| format!("{} is {cell:?}", cell.name())).collect();
    wrong.into_iter()
}
