//! The words of `data/narrative.toml`, and a search for the one that begins a text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Figure;
use super::trie::Trie;

/// What a word or a stretch of text does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names disclosure, which the reports are about.
    Subject,
    /// Names a topic in full.
    Noun(usize),
    /// Names a topic where the text speaks of it already.
    Bare(usize),
    /// Names one figure within a topic.
    Part(usize),
    /// What is done with a topic.
    Verb(usize),
    /// 未, 无; true where it may stand with the thing itself.
    Deny(bool),
    /// 、 and 和 between the items of a list.
    Join,
    /// 分别.
    Respectively,
    /// 均, 各.
    Each,
    /// 其中, 含: parts follow, not all of them.
    Partly,
    /// 另有, 除: parts follow that are told from what was spoken of.
    Besides,
    /// 包括: all parts follow.
    Exhaustive,
    /// 全年, or the reporting year.
    WholeYear,
    /// 去年, 上半年, or another year.
    OtherTime,
    /// 累计, 截至: since some earlier day.
    Since,
    /// 较, 比: a comparison.
    Compare,
    /// 增加, 下降: the figure that follows is a change.
    Change,
    /// 各部门, 所属: bodies other than the one that reports.
    OtherBody,
    /// 全市: all bodies of a place.
    Place,
    /// 我局: the body that reports, or its name.
    OwnBody,
    /// 当面, 自然人: a channel or a group of applicants.
    Channel,
    /// 等渠道: the channels named before are all of them.
    AllChannels,
    /// Another matter.
    Other,
    /// A result, a reason or a stage that the series do not follow.
    Outcome,
    /// 法院, 复议机关: who decides the cases.
    Decider,
    /// 主动公开: the text turns to another matter.
    Elsewhere,
    /// 如, 避免: not a statement of fact.
    Condition,
    /// 约, 左右.
    Approximate,
    /// Changes nothing.
    Filler,
    /// A figure: index into the figures of the sentence.
    Number(usize),
    /// End of a clause; true where a bracket opens.
    Stop(bool),
    /// Anything else.
    Unknown,
}

impl Kind {
    /// Opens the parts of a whole.
    pub fn opens_parts(self) -> bool {
        matches!(self, Kind::Partly | Kind::Besides | Kind::Exhaustive)
    }
}

/// What a topic's figures are called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Topic {
    #[serde(deserialize_with = "figure")]
    pub total: Figure,
    #[serde(default)]
    pub needs_verb: bool,
    #[serde(default)]
    pub cause: bool,
    pub section: u8,
    nouns: Vec<String>,
    bare: Vec<String>,
}

/// One figure within a topic, by topic.
#[derive(Debug)]
pub(super) struct Part {
    pub figures: BTreeMap<usize, Figure>,
    pub beyond_total: bool,
    pub deniable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartEntry {
    figures: BTreeMap<String, String>,
    #[serde(default)]
    beyond_total: bool,
    #[serde(default)]
    deniable: bool,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerbEntry {
    topics: Vec<String>,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    deny: Vec<String>,
    absent: Vec<String>,
    join: Vec<String>,
    respectively: Vec<String>,
    each: Vec<String>,
    partly: Vec<String>,
    besides: Vec<String>,
    exhaustive: Vec<String>,
    whole_year: Vec<String>,
    other_time: Vec<String>,
    since: Vec<String>,
    compare: Vec<String>,
    change: Vec<String>,
    other_body: Vec<String>,
    place: Vec<String>,
    own_body: Vec<String>,
    channel: Vec<String>,
    all_channels: Vec<String>,
    other: Vec<String>,
    outcome: Vec<String>,
    decider: Vec<String>,
    elsewhere: Vec<String>,
    condition: Vec<String>,
    approximate: Vec<String>,
    filler: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    units: Vec<String>,
    goes_on: Vec<String>,
    rest: Vec<String>,
    subject: Vec<String>,
    topics: BTreeMap<String, Topic>,
    parts: Vec<PartEntry>,
    verbs: Vec<VerbEntry>,
    words: Words,
}

/// All words, searchable.
pub(super) struct Lexicon {
    /// Units in which requests and cases are counted.
    pub units: Vec<String>,
    /// Words that begin a sentence which goes on with the one before.
    pub goes_on: Vec<String>,
    /// Words for the last part of a breakdown that is all the rest.
    pub rest: Vec<String>,
    pub topics: Vec<Topic>,
    pub parts: Vec<Part>,
    /// For each verb the topics whose total it may stand with.
    pub verbs: Vec<Vec<usize>>,
    words: Vec<(String, Kind)>,
    search: Trie<Kind>,
}

/// The words built in.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let text = include_str!("../../data/narrative.toml");
    let data = toml::from_str(text).expect("the built-in words are well-formed");
    Lexicon::new(data)
});

fn figure<'d, D: serde::Deserializer<'d>>(from: D) -> Result<Figure, D::Error> {
    Ok(name(&String::deserialize(from)?))
}

fn name(text: &str) -> Figure {
    let (series, figure) = text.split_once('.').unwrap_or((text, ""));
    Figure { series: series.into(), figure: figure.into() }
}

impl Lexicon {
    fn new(data: Data) -> Self {
        let keys: Vec<String> = data.topics.keys().cloned().collect();
        let index = |key: &String| keys.iter().position(|k| k == key).expect("a topic's key");
        let topics: Vec<Topic> = data.topics.into_values().collect();
        let mut words: Vec<(String, Kind)> = Vec::new();
        let mut add = |list: &[String], kind| words.extend(list.iter().map(|w| (w.clone(), kind)));
        add(&data.subject, Kind::Subject);
        for (i, topic) in topics.iter().enumerate() {
            add(&topic.nouns, Kind::Noun(i));
            add(&topic.bare, Kind::Bare(i));
        }
        data.parts.iter().enumerate().for_each(|(i, p)| add(&p.words, Kind::Part(i)));
        data.verbs.iter().enumerate().for_each(|(i, v)| add(&v.words, Kind::Verb(i)));
        let w = &data.words;
        for (list, kind) in [
            (&w.deny, Kind::Deny(false)),
            (&w.absent, Kind::Deny(true)),
            (&w.join, Kind::Join),
            (&w.respectively, Kind::Respectively),
            (&w.each, Kind::Each),
            (&w.partly, Kind::Partly),
            (&w.besides, Kind::Besides),
            (&w.exhaustive, Kind::Exhaustive),
            (&w.whole_year, Kind::WholeYear),
            (&w.other_time, Kind::OtherTime),
            (&w.since, Kind::Since),
            (&w.compare, Kind::Compare),
            (&w.change, Kind::Change),
            (&w.other_body, Kind::OtherBody),
            (&w.place, Kind::Place),
            (&w.own_body, Kind::OwnBody),
            (&w.channel, Kind::Channel),
            (&w.all_channels, Kind::AllChannels),
            (&w.other, Kind::Other),
            (&w.outcome, Kind::Outcome),
            (&w.decider, Kind::Decider),
            (&w.elsewhere, Kind::Elsewhere),
            (&w.condition, Kind::Condition),
            (&w.approximate, Kind::Approximate),
            (&w.filler, Kind::Filler),
        ] {
            add(list, kind);
        }
        let parts = data.parts.iter().map(|p| Part {
            figures: p.figures.iter().map(|(t, f)| (index(t), name(f))).collect(),
            beyond_total: p.beyond_total,
            deniable: p.deniable,
        });
        let verbs = data.verbs.iter().map(|v| v.topics.iter().map(index).collect());
        Lexicon {
            units: data.units,
            goes_on: data.goes_on,
            rest: data.rest,
            parts: parts.collect(),
            verbs: verbs.collect(),
            topics,
            search: Trie::new(words.iter().map(|(word, kind)| (word.as_str(), *kind))),
            words,
        }
    }

    /// All words with what they do.
    pub fn words(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.words.iter().map(|(word, kind)| (word.as_str(), *kind))
    }

    /// The word that begins the text, the longest one: its length in bytes and what it does.
    pub fn at(&self, text: &str) -> Option<(usize, Kind)> {
        self.search.longest(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_one_meaning() {
        let data: Data = toml::from_str(include_str!("../../data/narrative.toml")).unwrap();
        let mut all: Vec<String> = data.subject.clone();
        for t in data.topics.values() {
            all.extend(t.nouns.iter().chain(&t.bare).cloned());
        }
        all.extend(data.parts.iter().flat_map(|p| p.words.clone()));
        all.extend(data.verbs.iter().flat_map(|v| v.words.clone()));
        let w = data.words;
        for list in [
            w.deny,
            w.absent,
            w.all_channels,
            w.join,
            w.respectively,
            w.each,
            w.partly,
            w.besides,
            w.exhaustive,
            w.whole_year,
            w.other_time,
            w.since,
            w.compare,
            w.change,
            w.other_body,
            w.place,
            w.own_body,
            w.channel,
            w.other,
            w.outcome,
            w.decider,
            w.elsewhere,
            w.condition,
            w.approximate,
            w.filler,
        ] {
            all.extend(list);
        }
        let count = all.len();
        assert!(all.iter().all(|w| !w.is_empty()));
        all.sort();
        let twice: Vec<_> = all.windows(2).filter(|p| p[0] == p[1]).map(|p| &p[0]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(count > 500, "only {count} words");
    }

    #[test]
    fn every_figure_is_one_of_a_form() {
        let forms = crate::form::Forms::builtin();
        let known = |f: &Figure| {
            forms
                .iter()
                .any(|form| form.series.get(&*f.series).is_some_and(|s| s.contains_key(&*f.figure)))
        };
        let parts = LEXICON.parts.iter().flat_map(|p| p.figures.values());
        for figure in LEXICON.topics.iter().map(|t| &t.total).chain(parts) {
            assert!(known(figure), "{figure:?}");
        }
    }
}
