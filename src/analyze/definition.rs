//! What the analyses are, read from `data/analyses.toml`: titles, definitions, options, columns.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::request::LEVELS;
use crate::lang::Bilingual;
use crate::nearest::closest;
use crate::query::catalog::{Chart, shared_labels};

/// An analysis as people choose and read it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its name for people who type.
    pub name: String,
    /// What it is called.
    pub title: Bilingual,
    /// What it answers, and by which arithmetic.
    pub about: Bilingual,
    /// What stands behind the name: `whole`, `body`, `pair`; `?` where it may be left out.
    pub takes: Vec<String>,
    /// How many measures it is asked for.
    pub metrics: Count,
    /// What it groups by.
    pub by: Vec<String>,
    /// Its options, without hyphens.
    pub options: Vec<String>,
    /// The columns of its answer; `group` stands for those of `by`.
    pub columns: Vec<String>,
    /// How its answer is drawn; `group` stands for the last of the columns of `by`.
    pub chart: Chart,
    /// A command to try.
    pub example: String,
}

/// How many measures an analysis is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// It has its own.
    None,
    /// One.
    One,
    /// Two.
    Two,
    /// Those named, else all.
    Any,
    /// Those named, else all that have a denominator.
    Rates,
}

/// How the values of a column are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// As it is.
    #[default]
    Plain,
    /// A year or a code.
    Label,
    /// A number of something.
    Count,
    /// A fraction.
    Rate,
    /// A number of no unit.
    Number,
    /// In the unit of the measure.
    Metric,
    /// A difference of two values in the unit of the measure.
    Difference,
    /// A difference of two fractions.
    Points,
    /// A numerator: of the measure's money or number.
    Part,
}

/// What a column is called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    zh: String,
    en: String,
    /// How its values are meant.
    #[serde(default)]
    pub unit: Meaning,
}

impl Heading {
    /// In both languages.
    #[must_use]
    pub fn title(&self) -> Bilingual {
        Bilingual { zh: self.zh.clone(), en: self.en.clone() }
    }
}

/// All that `data/analyses.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dictionary {
    /// The analyses, in the order in which they are listed.
    pub analyses: Vec<Definition>,
    columns: BTreeMap<String, Heading>,
    labels: BTreeMap<String, BTreeMap<String, Bilingual>>,
}

static DICTIONARY: LazyLock<Result<Dictionary, toml::de::Error>> = LazyLock::new(|| {
    let mut dictionary: Dictionary = toml::from_str(include_str!("../../data/analyses.toml"))?;
    dictionary.labels.insert("kind".to_owned(), shared_labels("kind").cloned().unwrap_or_default());
    // there levels are numbers, from the centre on
    let levels = LEVELS.iter().zip(0..).filter_map(|(level, number)| {
        let word = shared_labels("level")?.get(&format!("{number}"))?;
        Some((level.key().to_owned(), word.clone()))
    });
    dictionary.labels.insert("level".to_owned(), levels.collect());
    Ok(dictionary)
});

impl Dictionary {
    /// The dictionary.
    ///
    /// # Errors
    /// Never in a released program: it is compiled in and every test reads it.
    pub fn get() -> Result<&'static Dictionary, Error> {
        DICTIONARY.as_ref().map_err(|error| Error::Broken(error.to_string()))
    }

    /// The analysis of a name, or of a title that it has in either language.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the nearest name.
    pub fn find(&self, name: &str) -> Result<&Definition, Error> {
        let called = |d: &&Definition| {
            d.name == name || d.title.zh == name || d.title.en.eq_ignore_ascii_case(name)
        };
        self.analyses.iter().find(called).ok_or_else(|| {
            let names = self.analyses.iter().map(|d| d.name.as_str());
            let titles = self.analyses.iter().flat_map(|d| [d.title.zh.as_str(), &d.title.en]);
            Error::Unknown { name: name.to_owned(), nearest: closest(name, names.chain(titles)) }
        })
    }

    /// What a column is called.
    #[must_use]
    pub fn heading(&self, column: &str) -> Option<&Heading> {
        self.columns.get(column)
    }

    /// What people read in place of the keys of a column; none where they read the keys.
    #[must_use]
    pub fn labels(&self, column: &str) -> Option<&BTreeMap<String, Bilingual>> {
        self.labels.get(column)
    }

    /// The words for a group of peers, `county/department`.
    #[must_use]
    pub fn group(&self, key: &str) -> Bilingual {
        let mut words = Bilingual::default();
        for part in key.split('/') {
            let known = ["level", "kind", "peers"]
                .iter()
                .filter_map(|column| self.labels(column).and_then(|labels| labels.get(part)));
            let word = known.into_iter().next().cloned().unwrap_or_else(|| Bilingual::same(part));
            let between = if words.zh.is_empty() { "" } else { " " };
            words.zh += &format!("{between}{}", word.zh);
            words.en += &format!("{between}{}", word.en);
        }
        words
    }

    /// The word for a key of a column.
    #[must_use]
    pub fn label(&self, column: &str, key: &str) -> Bilingual {
        let found = self.labels(column).and_then(|labels| labels.get(key));
        found.cloned().unwrap_or_else(|| Bilingual::same(key))
    }
}
