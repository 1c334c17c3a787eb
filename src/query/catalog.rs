//! The canned queries: one `.sql` file each, in `queries/` and in a user's own folder.
//!
//! A file begins with a header, TOML inside SQL comments between two fences:
//!
//! ```sql
//! -- ---
//! -- title = { zh = "各年收到申请", en = "Applications received by year" }
//! -- description = { zh = "……", en = "…" }
//! -- subject = "trends"
//! -- parameters = [
//! --     "from",
//! --     { name = "least", type = "int", default = 30, description = { zh = "最少件数", en = "least number" } },
//! -- ]
//! -- columns = [
//! --     "year",
//! --     { name = "rate", unit = "rate", title = { zh = "比率", en = "rate" } },
//! -- ]
//! -- chart = { kind = "line", x = "year", y = ["rate"] }
//! -- ---
//! SELECT …
//! ```
//!
//! Subjects, and the parameters and columns that are only named, stand in `data/queries.toml`;
//! those spelled out may as well be `[[parameters]]` and `[[columns]]`. Of all keys only title and
//! description must be there.
//!
//! A column of keys says what people read in their place, in tables and Markdown: `labels =
//! { granted = { zh = "予以公开", en = "granted" } }`, or `labels_of = "scope"`, `labels_of =
//! { rows = "disclosure" }` or `{ columns = "disclosure" }` for the labels of a form's tables, a
//! blank between their keys, `"tables"` for the tables themselves, `"rule_titles"` for titles of
//! rules, and `"own_level"` for regions, of which the one asked for may stand beside those below it.
//!
//! Types of parameters are `int`, `text`, `year`, `region`, `scope` (`auto`, `own` or
//! `aggregate`), `level` (bound as -1 for all, 0 centre, 1 province, 2 city, 3 county, 4 township)
//! and `choice` (with `choices`). An `int` may have a `least`; `formerly` is another name that a
//! parameter had. A parameter without a `default` must be given, but for a region: none means
//! everywhere. Each is bound under its name; a region `r` also as
//!
//! | parameter | everywhere | province 32 | city 3213 | county 321302 |
//! |---|---|---|---|---|
//! | `:r` | `000000` | `320000` | `321300` | `321302` |
//! | `:r_from` | `000000` | `320000` | `321300` | `321302` |
//! | `:r_to` | `999999` | `329999` | `321399` | `321302` |
//! | `:r_level` | 0 | 1 | 2 | 3 |
//!
//! so that `(:r_level = 0 OR region_code BETWEEN :r_from AND :r_to)` is the region with all
//! under it, and a report without a region counts everywhere only. A township is no such region:
//! the figures are kept by county. With a scope `s`,
//! `(:s = 'auto' OR scope = :s)` and
//! `(:s = 'own' OR covered_depth < CASE WHEN :r_level = 0 THEN 1 ELSE :r_level END)` count no
//! body twice: what a summary inside the region stands for is left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rust_i18n::t;
use serde::{Deserialize, Serialize};

pub use super::chart::{Chart, ChartKind};
use super::header::Header;
pub use super::header::{Subject, shared_labels, subjects, words_of_level};
pub use super::labels::LabelsOf;
pub use super::parameter::{Default, Kind, Parameter, SCOPES};
use super::{Limits, Params, built_in::BUILT_IN, error, labels, run, scan};
use crate::lang::{Bilingual, Lang};
use crate::reason;
use crate::table::{Table, Unit};

/// A canned query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Query {
    /// Name: the file's, without its extension.
    pub name: String,
    /// What it answers, in a few words.
    pub title: Bilingual,
    /// What it counts and what it leaves out.
    pub description: Bilingual,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// What can be chosen.
    pub parameters: Vec<Parameter>,
    /// What it gives.
    pub columns: Vec<Heading>,
    /// How it is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<Chart>,
    /// The statement.
    #[serde(skip)]
    pub sql: String,
}

/// A column of a canned query's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// Name in the answer.
    pub name: String,
    /// How its values are meant.
    #[serde(default)]
    pub unit: Unit,
    /// Heading for people.
    pub title: Bilingual,
    /// What people read in place of its keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, Bilingual>,
    /// Where else the labels of its keys are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels_of: Option<LabelsOf>,
}

/// What is wrong with a query file, or with what was asked of a query.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A folder or file cannot be read.
    #[error("{}", t!("catalog.io", path = path.display(), reason = reason::of_io(source)))]
    Io {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A query file is not as it must be.
    #[error("{}", t!("catalog.file", file = file, line = line, message = message))]
    File {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
    /// There is no query of that name.
    #[error("{}", t!("catalog.unknown", name = name, nearest = error::suggestion(.nearest.as_deref())))]
    Unknown {
        /// The name given.
        name: String,
        /// A name that looks like it.
        nearest: Option<String>,
    },
    /// A parameter's value does not fit its type.
    #[error("{}", t!("catalog.value", name = name, expected = expected, value = value))]
    Value {
        /// The parameter.
        name: String,
        /// What it must be.
        expected: String,
        /// What was given.
        value: String,
    },
    /// A parameter is missing or unknown, or the statement fails.
    #[error(transparent)]
    Query(#[from] super::Error),
}

/// All queries that can be asked by name.
#[derive(Debug, Clone)]
pub struct Catalog {
    queries: Vec<Query>,
    /// Files of the user's that cannot be used, with what is wrong with them.
    broken: Vec<(PathBuf, String)>,
}

impl Catalog {
    /// The queries built in, and those of a user's folder, which replace others of their name. A
    /// file that cannot be used is set aside, see [`Catalog::broken`].
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be read.
    pub fn load(folder: Option<&Path>) -> Result<Catalog, Error> {
        let built_in = BUILT_IN
            .iter()
            .map(|(name, text)| Query::parse(name, &format!("queries/{name}.sql"), text));
        let mut queries = built_in.collect::<Result<Vec<_>, _>>()?;
        let mut broken = Vec::new();
        for path in folder.map(sql_files).transpose()?.unwrap_or_default() {
            let query = match Query::read(&path) {
                Ok(query) => query,
                Err(error) => {
                    broken.push((path, error.to_string()));
                    continue;
                }
            };
            match queries.iter_mut().find(|known| known.name == query.name) {
                Some(known) => *known = query,
                None => queries.push(query),
            }
        }
        Ok(Catalog { queries, broken })
    }

    /// What is wrong with each file of the user's that was set aside.
    pub fn broken(&self) -> impl Iterator<Item = &str> {
        self.broken.iter().map(|(_, error)| error.as_str())
    }

    /// All of them: the built-in ones first.
    #[must_use]
    pub fn queries(&self) -> &[Query] {
        &self.queries
    }

    /// Those of each subject that has any, with its key and title; those without a subject come
    /// last, under an empty key.
    pub fn by_subject(&self) -> impl Iterator<Item = (&str, Bilingual, Vec<&Query>)> {
        let of = |key: Option<&str>| {
            let about = |q: &&Query| q.subject.as_ref().map(|s| s.0.as_str()) == key;
            self.queries.iter().filter(about).collect::<Vec<_>>()
        };
        let known = subjects().map(move |(key, title)| (key, title.clone(), of(Some(key))));
        let title = |lang: Lang| t!("catalog.no_subject", locale = lang.key()).into_owned();
        let others = Bilingual { zh: title(Lang::Zh), en: title(Lang::En) };
        known.chain([("", others, of(None))]).filter(|(_, _, queries)| !queries.is_empty())
    }

    /// The names of the queries built in.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The query of a name, or of a title that only one of them has.
    ///
    /// # Errors
    /// [`Error::Unknown`], with the nearest name; what is wrong with the user's file of that name.
    pub fn get(&self, name: &str) -> Result<&Query, Error> {
        if let Some((path, _)) = self.broken.iter().find(|(path, _)| query_name(path) == name) {
            Query::read(path)?;
        }
        let titled =
            |query: &&Query| query.title.zh == name || query.title.en.eq_ignore_ascii_case(name);
        let by_title = || {
            let mut found = self.queries.iter().filter(titled);
            found.next().filter(|_| found.next().is_none())
        };
        let by_name = self.queries.iter().find(|query| query.name == name);
        by_name.or_else(by_title).ok_or_else(|| Error::Unknown {
            name: name.to_owned(),
            nearest: error::closest(name, self.queries.iter().map(|query| query.name.as_str())),
        })
    }
}

/// The name of the query in a file.
fn query_name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The query files of a folder, by name.
fn sql_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let list = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    };
    let mut paths = list().map_err(|source| Error::Io { path: folder.to_owned(), source })?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    paths.sort();
    Ok(paths)
}

impl Query {
    fn read(path: &Path) -> Result<Query, Error> {
        let text = fs::read_to_string(path)
            .map_err(|source| Error::Io { path: path.to_owned(), source })?;
        Query::parse(&query_name(path), &path.display().to_string(), &text)
    }

    /// Reads the text of a query file.
    fn parse(name: &str, file: &str, text: &str) -> Result<Query, Error> {
        let wrong =
            |line: usize, message: String| Error::File { file: file.to_owned(), line, message };
        let text = text.trim_start_matches('\u{FEFF}');
        let header = Header::read(text).map_err(|(line, message)| wrong(line, message))?;
        let query = Query {
            name: name.to_owned(),
            title: header.title,
            description: header.description,
            subject: header.subject,
            parameters: header.parameters.into_iter().map(|entry| entry.0).collect(),
            columns: header.columns.into_iter().map(|entry| entry.0).collect(),
            chart: header.chart,
            sql: text.to_owned(),
        };
        query.check().map_err(|(word, message)| {
            let at = text.lines().position(|line| line.contains(&word)).unwrap_or(0);
            wrong(at + 1, message)
        })?;
        Ok(query)
    }

    /// Holds header and statement against each other: a word to find the line by, and what is
    /// wrong there.
    fn check(&self) -> Result<(), (String, String)> {
        let used: Vec<&str> = scan::parameters(&self.sql).collect();
        for parameter in &self.parameters {
            let name = &parameter.name;
            let at = |message: String| (format!("\"{name}\""), message);
            if !parameter.bound_names().iter().any(|bound| used.contains(&bound.as_str())) {
                return Err(at(t!("catalog.unused", name = name).into()));
            }
            if parameter.kind == Kind::Choice && parameter.choices.is_empty() {
                return Err(at(t!("catalog.no_choices", name = name).into()));
            }
            if let Some(default) = &parameter.default {
                let text = default.to_string();
                parameter
                    .value(&text)
                    .map_err(|error| at(t!("catalog.default", error = error).into()))?;
            }
        }
        if let Some(chart) = &self.chart {
            chart.check(&self.columns).map_err(|message| ("chart = ".to_owned(), message))?;
        }
        let known: Vec<String> = self.parameters.iter().flat_map(Parameter::bound_names).collect();
        match used.into_iter().find(|name| !known.iter().any(|known| known == name)) {
            Some(name) => Err((format!(":{name}"), t!("catalog.undescribed", name = name).into())),
            None => Ok(()),
        }
    }

    /// The values to bind, from those given as text; a region must be a code here (the caller
    /// looks names up). Defaults fill in what is not given.
    ///
    /// # Errors
    /// [`Error::Value`] for a value that does not fit, [`Error::Query`] for a missing or an
    /// unknown parameter.
    pub fn params(&self, given: &BTreeMap<String, String>) -> Result<Params, Error> {
        let known = || self.parameters.iter().map(|parameter| parameter.name.as_str());
        // a former name is none beside the name itself
        let is_former = |p: &Parameter, name: &str| {
            p.formerly.as_deref() == Some(name) && !given.contains_key(&p.name)
        };
        let is_known =
            |name: &str| self.parameters.iter().any(|p| p.name == name || is_former(p, name));
        if let Some(name) = given.keys().find(|name| !is_known(name)) {
            let nearest = error::closest(name, known());
            return Err(super::Error::UnknownParameter { name: name.clone(), nearest }.into());
        }
        let mut params = Params::new();
        for parameter in &self.parameters {
            let default = || parameter.default.as_ref().map(Default::to_string);
            let everywhere = || (parameter.kind == Kind::Region).then(String::new);
            let former = || parameter.formerly.as_ref().and_then(|name| given.get(name));
            let told = given.get(&parameter.name).or_else(former).cloned();
            match told.or_else(default).or_else(everywhere) {
                Some(text) => params.extend(parameter.bind(&text)?),
                None => {
                    let name = parameter.name.clone();
                    return Err(super::Error::MissingParameter { name }.into());
                }
            }
        }
        params.retain(|name, _| scan::parameters(&self.sql).any(|used| used == name));
        Ok(params)
    }

    /// Asks, and gives the answer its headings, units and labels.
    ///
    /// # Errors
    /// As [`run`].
    pub fn run(
        &self,
        conn: &mut Connection,
        params: &Params,
        limits: &Limits,
        lang: Lang,
    ) -> Result<Table, super::Error> {
        let params = self.settled(conn, params)?;
        let mut table = run(conn, &self.sql, &params, limits)?;
        for index in 0..table.columns.len() {
            let column = &mut table.columns[index];
            if let Some(heading) = self.columns.iter().find(|known| known.name == column.name) {
                column.title = Some(heading.title.get(lang).to_owned());
                column.unit = heading.unit;
                labels::label(conn, &mut table, index, heading, &params, lang)?;
            }
        }
        Ok(table)
    }
}
