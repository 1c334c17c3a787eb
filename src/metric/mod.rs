//! The measures: what each is, what its figures are for any set of reports, and where they come
//! from.
//!
//! [`Metrics`] is the dictionary, data in `metrics/*.toml`. [`evaluate()`] works a measure out over
//! a [`Selection`] of reports in one statement; [`list()`] gives the same report by report, with
//! those that were left out and why; [`cells()`] shows the cells of one of them.

mod definition;
mod evaluate;
#[cfg(test)]
mod figures_tests;
mod resolve;
mod statement;
#[cfg(test)]
mod tests;
mod why;

use std::path::{Path, PathBuf};

use rust_i18n::t;

pub use definition::{Comparable, Metric, Part, Unit};
pub(crate) use evaluate::Z;
pub use evaluate::{
    Figure, Measured, Reason, Reported, covered, evaluate, figures, list, value, wilson,
};
pub use resolve::{Kept, Term};
pub(crate) use statement::depth;
pub use statement::{Selection, statement};
pub use why::{CellShown, Role, cells, label};

use crate::form::Forms;
use crate::lang::Bilingual;
use crate::nearest::{closest, suggestion};
use crate::reason;
use definition::{File, Resolved};

/// A file of measures that cannot be used, or a measure that is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file or folder cannot be read.
    #[error("{}", t!("metric.read", path = path.display(), reason = reason::of_io(source)))]
    Read {
        /// File or folder.
        path: PathBuf,
        /// Cause.
        source: std::io::Error,
    },
    /// The file is no list of measures.
    #[error("{}", t!("metric.syntax", path = path.display(), what = what))]
    Syntax {
        /// File.
        path: PathBuf,
        /// Line, column and cause.
        what: String,
    },
    /// A measure names what is not there, or contradicts itself.
    #[error("{}", t!("metric.inconsistent", path = path.display(), key = key, what = what))]
    Inconsistent {
        /// File.
        path: PathBuf,
        /// Measure.
        key: String,
        /// What is wrong.
        what: String,
    },
    /// There is no measure of that name.
    #[error("{}", t!("metric.unknown", name = name, nearest = suggestion(.nearest.as_deref())))]
    Unknown {
        /// The name given.
        name: String,
        /// A name that looks like it.
        nearest: Option<String>,
    },
    /// A part of the names of several measures.
    #[error("{}", t!("metric.several", name = name, names = names.join(&t!("load.and"))))]
    Several {
        /// The part given.
        name: String,
        /// The names that have it, with their keys.
        names: Vec<String>,
    },
}

macro_rules! built_in {
    ($($name:literal),+ $(,)?) => {
        &[$((
            concat!("metrics/", $name, ".toml"),
            include_str!(concat!("../../metrics/", $name, ".toml")),
        )),+]
    };
}

/// The lists in the repository's `metrics` folder, in the order in which they are shown.
const BUILT_IN: &[(&str, &str)] = built_in!["challenges", "requests", "applicants", "disclosure"];

/// All measures known to this run.
#[derive(Debug, Clone)]
pub struct Metrics(Vec<Metric>);

impl Metrics {
    /// The measures built in, as these forms have them: one that a user's edition lacks cells for
    /// is not in that edition.
    ///
    /// # Errors
    /// Never in a released program: the lists are compiled in and every test reads them.
    pub fn builtin(forms: &Forms) -> Result<Metrics, Error> {
        let mut all = Vec::new();
        for (name, text) in BUILT_IN {
            let read = parse(text, Path::new(name), forms)?;
            all.extend(read.into_iter().map(|(metric, _)| metric));
        }
        Ok(Metrics(all))
    }

    /// The measures of one list of ours.
    ///
    /// # Errors
    /// When it is no list of measures.
    pub(crate) fn of_list(text: &str, path: &Path, forms: &Forms) -> Result<Metrics, Error> {
        let read = parse(text, path, forms)?;
        Ok(Metrics(read.into_iter().map(|(metric, _)| metric).collect()))
    }

    /// Adds every `*.toml` of a folder; a measure of the same key replaces the known one.
    ///
    /// # Errors
    /// When the folder cannot be listed, a file in it is no list of measures, or a measure names a
    /// cell that no edition has.
    pub fn with_dir(mut self, dir: &Path, forms: &Forms) -> Result<Metrics, Error> {
        let read = |source| Error::Read { path: dir.into(), source };
        let mut paths = std::fs::read_dir(dir)
            .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>())
            .map_err(read)?;
        paths.retain(|path| path.extension().is_some_and(|x| x == "toml"));
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path)
                .map_err(|source| Error::Read { path: path.clone(), source })?;
            for (metric, problems) in parse(&text, &path, forms)? {
                if let Some(what) = problems.into_iter().next() {
                    return Err(Error::Inconsistent { path, key: metric.key, what });
                }
                match self.0.iter_mut().find(|known| known.key == metric.key) {
                    Some(known) => *known = metric,
                    None => self.0.push(metric),
                }
            }
        }
        Ok(self)
    }

    /// All measures, in the order of the lists.
    pub fn iter(&self) -> impl Iterator<Item = &Metric> {
        self.0.iter()
    }

    /// The measure of a key or a name, or of a part of a name that only one of them has.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the nearest key; [`Error::Several`] with those whose names have the
    /// part.
    pub fn get(&self, name: &str) -> Result<&Metric, Error> {
        let called = |of: &Bilingual| of.zh == name || of.en.eq_ignore_ascii_case(name);
        let by_name = || {
            let mut found = self.0.iter().filter(|metric| called(&metric.name));
            found.next().filter(|_| found.next().is_none())
        };
        let by_key = || self.0.iter().find(|metric| metric.key == name);
        if let Some(metric) = by_key().or_else(by_name) {
            return Ok(metric);
        }
        let holds = |m: &&Metric| m.name.zh.contains(name) && name.chars().count() > 1;
        let parts: Vec<&Metric> = self.0.iter().filter(holds).collect();
        if parts.len() > 1 {
            let names = parts.iter().map(|m| format!("{} ({})", m.name.zh, m.key)).collect();
            return Err(Error::Several { name: name.to_owned(), names });
        }
        parts.first().copied().ok_or_else(|| {
            let keys = self.0.iter().map(|metric| metric.key.as_str());
            let names = self.0.iter().flat_map(|m| [m.name.zh.as_str(), m.name.en.as_str()]);
            Error::Unknown { name: name.to_owned(), nearest: closest(name, keys.chain(names)) }
        })
    }
}

/// Reads one list.
fn parse(text: &str, path: &Path, forms: &Forms) -> Result<Vec<Resolved>, Error> {
    let file: File = toml::from_str(text)
        .map_err(|e| Error::Syntax { path: path.into(), what: reason::of_toml(&e, text) })?;
    Ok(file.resolve(forms))
}
