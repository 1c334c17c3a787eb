//! Text that the form prescribes: `data/prescribed.toml` and the labels of the forms.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;
use serde::Deserialize;

use super::grams::{Grams, mix};
use super::prose::Prose;
use super::signature::{self, Signature};
use crate::form::{Form, Forms, fold_label};

/// Sentences of one kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    /// What they say; for the reader of the file.
    #[serde(rename = "what")]
    _what: String,
    /// Most characters of a sentence that the patterns are for.
    longest: usize,
    /// Words of which a sentence must have one.
    #[serde(default)]
    words: Vec<String>,
    /// Regular expressions over the bare sentence; if there are none, the words suffice.
    #[serde(default, deserialize_with = "patterns")]
    patterns: Vec<Regex>,
}

impl Kind {
    fn is_of_it(&self, sentence: &str, length: usize) -> bool {
        length <= self.longest
            && (self.words.is_empty() || self.words.iter().any(|w| sentence.contains(w.as_str())))
            && (self.patterns.is_empty() || self.patterns.iter().any(|p| p.is_match(sentence)))
    }
}

fn patterns<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<Regex>, D::Error> {
    let patterns = Vec::<String>::deserialize(from)?;
    patterns.iter().map(|p| Regex::new(p).map_err(serde::de::Error::custom)).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sentences: Vec<Kind>,
}

const FILE: &str = include_str!("../../../data/prescribed.toml");

/// Knows the text that all must use.
pub struct Prescribed {
    sentences: Vec<Kind>,
    /// The labels of the forms, folded, with a line break between them.
    labels: String,
    /// The same, to find those that run together.
    finder: AhoCorasick,
    stamp: u32,
}

/// Characters of a line that may be a piece of a label: longer lines are sentences.
const LONGEST_PIECE: usize = 60;

impl Prescribed {
    /// The built-in sentences, and all labels of the forms.
    ///
    /// # Panics
    /// Never in a released program: the patterns are compiled in and every test reads them.
    #[must_use]
    pub fn new(forms: &Forms) -> Prescribed {
        let file: File = toml::from_str(FILE).expect("constant data");
        let labels = labels(forms);
        let joined = joined(&labels);
        Prescribed {
            stamp: stamp(&joined),
            sentences: file.sentences,
            finder: AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(&labels)
                .expect("few labels"),
            labels: joined,
        }
    }

    /// The [`stamp`](Prescribed::stamp) of what is prescribed with these forms, without the rest.
    #[must_use]
    pub fn stamp_of(forms: &Forms) -> u32 {
        stamp(&joined(&labels(forms)))
    }

    /// Tells signatures that were made with other patterns, forms or methods.
    #[must_use]
    pub fn stamp(&self) -> u32 {
        self.stamp
    }

    /// The signature of a section; none where too little of it is the body's own words
    /// ([`super::MIN_CHARS`]): then nothing can be said of it.
    #[must_use]
    pub fn signature(&self, text: &str) -> Option<Signature> {
        let prose = Prose::new(text, self);
        prose.is_assessable().then(|| Signature::new(&Grams::new(&prose), self.stamp))
    }

    /// Whether a sentence, bare, is one that all must write.
    pub(super) fn is_prescribed(&self, sentence: &str) -> bool {
        let length = sentence.chars().count();
        self.sentences.iter().any(|kind| kind.is_of_it(sentence, length))
    }

    /// Whether a line or cell, bare, is nothing but labels and figures of a form: what is left
    /// of a table that could not be read.
    pub(super) fn is_of_form(&self, line: &str) -> bool {
        let line = line.trim_matches(is_figure);
        if line.chars().count() <= LONGEST_PIECE && self.labels.contains(line) {
            return true;
        }
        let mut from = 0;
        let mut between = self.finder.find_iter(line).map(|label| {
            let rest = &line[from..label.start()];
            from = label.end();
            rest
        });
        let labels = between.all(|rest| rest.chars().all(is_figure));
        labels && line[from..].chars().all(is_figure)
    }
}

/// Labels with line breaks between and around them.
fn joined(labels: &BTreeSet<String>) -> String {
    labels.iter().fold(String::from("\n"), |all, label| all + label + "\n")
}

/// Tells signatures apart that were made with these labels from others.
fn stamp(labels: &str) -> u32 {
    let bytes = labels.bytes().chain(FILE.bytes().filter(|b| *b != b'\r'));
    signature::stamp(bytes.fold(0, |hash, byte| mix(hash ^ u64::from(byte))))
}

/// Digits and numbering.
fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c)
}

/// Headings, labels and notes of all forms, bare.
fn labels(forms: &Forms) -> BTreeSet<String> {
    let mut labels = BTreeSet::new();
    for form in forms.iter() {
        each_label(form, |label| {
            labels.insert(fold_label(label).into_owned());
        });
    }
    labels.retain(|label| !label.is_empty());
    labels
}

fn each_label(form: &Form, mut add: impl FnMut(&str)) {
    for section in &form.sections {
        section.variants.iter().chain([&section.title]).for_each(|l| add(l));
    }
    for table in &form.tables {
        add(&table.title);
        table.note.iter().chain(&table.corner).for_each(|l| add(l));
        for column in &table.columns {
            add(&column.label);
            column.variants.iter().chain(&column.group).for_each(|l| add(l));
        }
        for block in &table.blocks {
            let around = block.unit_labels.iter().chain(&block.caption).chain(&block.corner);
            around.for_each(|l| add(l));
        }
        for row in table.rows() {
            add(&row.label);
            row.variants.iter().chain(&row.path).for_each(|l| add(l));
        }
    }
}
