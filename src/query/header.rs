//! The header of a query file: TOML inside SQL comments between two fences. What many queries
//! share stands once, in `data/queries.toml`, and is named here.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::LazyLock;

use rust_i18n::t;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::catalog::Heading;
use super::chart::Chart;
use super::parameter::Parameter;
use crate::lang::Bilingual;
use crate::nearest::{closest, suggestion};
use crate::reason;

/// The line that a header begins and ends with.
pub(super) const FENCE: &str = "-- ---";

/// A header as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub title: Bilingual,
    pub description: Bilingual,
    #[serde(default)]
    pub subject: Option<Subject>,
    #[serde(default)]
    pub parameters: Vec<Entry<Parameter>>,
    #[serde(default)]
    pub columns: Vec<Entry<Heading>>,
    #[serde(default)]
    pub chart: Option<Chart>,
}

/// What several queries share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    subjects: Vec<SubjectRecord>,
    parameters: BTreeMap<String, Parameter>,
    columns: BTreeMap<String, Heading>,
    levels: BTreeMap<String, Vec<String>>,
}

/// A subject of `data/queries.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectRecord {
    key: String,
    title: Bilingual,
}

/// None where the file is broken, which a test excludes.
static SHARED: LazyLock<Option<Shared>> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/queries.toml")).ok());

/// What people read in place of the keys of a shared column.
#[must_use]
pub fn shared_labels(column: &str) -> Option<&'static BTreeMap<String, Bilingual>> {
    SHARED.as_ref()?.columns.get(column).map(|heading| &heading.labels)
}

/// The words that people write for a level, besides its key.
pub fn words_of_level(key: &str) -> impl Iterator<Item = &'static str> + use<> {
    let words = SHARED.as_ref().and_then(|shared| shared.levels.get(key));
    words.into_iter().flatten().map(String::as_str)
}

/// The subjects in their order, by key and title.
pub fn subjects() -> impl Iterator<Item = (&'static str, &'static Bilingual)> {
    SHARED.iter().flat_map(|s| &s.subjects).map(|s| (s.key.as_str(), &s.title))
}

/// The key of a subject that there is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Subject(pub String);

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Subject, D::Error> {
        let key = String::deserialize(deserializer)?;
        let known = || subjects().map(|(key, _)| key);
        if known().any(|known| known == key) {
            return Ok(Subject(key));
        }
        Err(D::Error::custom(unknown(&key, known())))
    }
}

/// A parameter or column: spelled out, or the name of a shared one.
pub(super) struct Entry<T>(pub T);

/// What `data/queries.toml` has under a name.
pub(super) trait Share: DeserializeOwned + Clone + 'static {
    fn shared() -> Option<&'static BTreeMap<String, Self>>;
}

impl Share for Parameter {
    fn shared() -> Option<&'static BTreeMap<String, Parameter>> {
        SHARED.as_ref().map(|shared| &shared.parameters)
    }
}

impl Share for Heading {
    fn shared() -> Option<&'static BTreeMap<String, Heading>> {
        SHARED.as_ref().map(|shared| &shared.columns)
    }
}

impl<'de, T: Share> Deserialize<'de> for Entry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entry<T>, D::Error> {
        deserializer.deserialize_any(EntryVisitor(PhantomData)).map(Entry)
    }
}

struct EntryVisitor<T>(PhantomData<T>);

impl<'de, T: Share> Visitor<'de> for EntryVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table or the name of a shared one")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<T, E> {
        let known = T::shared();
        known.and_then(|known| known.get(key)).cloned().ok_or_else(|| {
            E::custom(unknown(key, known.into_iter().flat_map(|k| k.keys().map(String::as_str))))
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

fn unknown<'n>(key: &str, known: impl Iterator<Item = &'n str>) -> String {
    let nearest = closest(key, known);
    t!("catalog.not_shared", key = key, nearest = suggestion(nearest.as_deref())).into()
}

impl Header {
    /// Reads the header that a text begins with; an error comes with its line, from 1.
    pub fn read(text: &str) -> Result<Header, (usize, String)> {
        let toml = toml_of(text)?;
        toml::from_str(&toml).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start.min(toml.len()));
            let line = toml.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count();
            (line + 2, reason::of_data(&error.message().replace('\n', " ")))
        })
    }
}

/// The TOML between the fences.
fn toml_of(text: &str) -> Result<String, (usize, String)> {
    let mut lines = text.lines();
    if lines.next().map(str::trim_end) != Some(FENCE) {
        return Err((1, t!("catalog.no_header", fence = FENCE).into()));
    }
    let open = || t!("catalog.open_header", fence = FENCE).into_owned();
    let mut toml = String::new();
    for (index, line) in lines.enumerate() {
        if line.trim_end() == FENCE {
            return Ok(toml);
        }
        let Some(content) = line.strip_prefix("--") else {
            return Err((index + 2, open()));
        };
        // A blank in the place of each dash keeps columns and lines as they are in the file.
        toml.push_str("  ");
        toml.push_str(content);
        toml.push('\n');
    }
    Err((text.lines().count(), open()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(body: &str) -> Result<Header, (usize, String)> {
        let both = "{ zh = \"题\", en = \"x\" }";
        Header::read(&format!("-- ---\n-- title = {both}\n-- description = {both}\n{body}-- ---\n"))
    }

    #[test]
    fn what_is_shared_is_sound() {
        let text = include_str!("../../data/queries.toml");
        let shared: Shared = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
        assert!(shared.parameters.len() > 5 && shared.columns.len() > 10);
        for (key, heading) in &shared.columns {
            assert!(!heading.title.zh.is_ascii() && heading.title.en.is_ascii(), "{key}");
        }
        for (key, parameter) in &shared.parameters {
            assert!(!parameter.description.zh.is_ascii(), "{key}");
        }
        let keys: std::collections::BTreeSet<_> = subjects().map(|(key, _)| key).collect();
        assert_eq!(keys.len(), shared.subjects.len());
    }

    #[test]
    fn shared_entries_stand_beside_those_spelled_out() {
        let own = "{ name = \"n\", type = \"int\", description = { zh = \"数\", en = \"n\" } }";
        let read = header(&format!("-- parameters = [\"from\", {own}]\n-- columns = [\"year\"]\n"));
        let read = read.unwrap_or_else(|(line, what)| panic!("{line}: {what}"));
        let names: Vec<_> = read.parameters.iter().map(|p| p.0.name.as_str()).collect();
        assert_eq!(names, ["from", "n"]);
        assert_eq!(read.columns[0].0.title.zh, "年度");
    }

    #[test]
    fn a_name_that_nobody_shares_is_told() {
        for (body, says) in [
            ("-- columns = [\"yaer\"]\n", "did you mean 'year'?"),
            ("-- parameters = [\"form\"]\n", "did you mean 'from'?"),
            ("-- subject = \"outcome\"\n", "did you mean 'outcomes'?"),
        ] {
            let Err((line, what)) = header(body) else { panic!("{body}") };
            assert!(line == 4 && what.contains(says), "{line}: {what}");
        }
    }
}
