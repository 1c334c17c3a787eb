//! What the words before or behind a number name.

use super::context::Context;
use super::lexicon::{Kind, LEXICON};
use super::token::Token;

/// Whether a topic without words of its own is tied to disclosure in this clause.
pub(super) fn about_subject(list: &[Token]) -> bool {
    let first = list.iter().position(|t| matches!(t.kind, Kind::Bare(_)));
    let subject = list.iter().position(|t| matches!(t.kind, Kind::Subject | Kind::Noun(_)));
    matches!((subject, first), (Some(s), Some(f)) if s < f)
}

/// What a segment names.
pub(super) enum Name {
    /// The total of a topic, and whether in full.
    Total(usize, bool),
    /// One figure within a topic.
    Part(usize),
}

/// The figures that a segment names, in order.
pub(super) fn names(segment: &[Token]) -> Vec<Name> {
    let parts: Vec<usize> = segment
        .iter()
        .filter_map(|t| if let Kind::Part(p) = t.kind { Some(p) } else { None })
        .collect();
    if !parts.is_empty() {
        return parts.into_iter().map(Name::Part).collect();
    }
    let mut topics: Vec<(usize, bool, bool)> = Vec::new();
    for (i, token) in segment.iter().enumerate() {
        let (topic, full) = match token.kind {
            Kind::Noun(t) => (t, true),
            Kind::Bare(t) => (t, false),
            _ => continue,
        };
        let join = |at: Option<usize>| {
            at.and_then(|a| segment.get(a)).is_some_and(|t| t.kind == Kind::Join)
        };
        let joined = join(Some(i + 1)) || join(i.checked_sub(1));
        match topics.iter_mut().find(|(t, ..)| *t == topic) {
            Some(known) => known.1 |= full,
            None => topics.push((topic, full, joined)),
        }
    }
    // 因政府信息公开申请引发的行政复议: the request is only the cause
    let others = topics.iter().any(|(t, ..)| !LEXICON.topics[*t].cause);
    topics.retain(|(t, _, joined)| !others || !LEXICON.topics[*t].cause || *joined);
    topics.into_iter().map(|(t, full, _)| Name::Total(t, full)).collect()
}

/// The only topic that a segment names beside its part.
pub(super) fn names_topic(segment: &[Token]) -> Option<usize> {
    let mut found = None;
    for token in segment {
        if let Kind::Noun(t) | Kind::Bare(t) = token.kind {
            let cause = found.is_some_and(|f: usize| LEXICON.topics[f].cause);
            if found.is_some_and(|f| f != t) && !cause {
                return None;
            }
            found = Some(t);
        }
    }
    found
}

/// Whether a topic's total is about disclosure: named in full, or said before.
pub(super) fn informed(
    topic: usize,
    full: bool,
    segment: &[Token],
    verbs: &[usize],
    context: &Context,
) -> bool {
    if LEXICON.topics[topic].needs_verb {
        return full || context.topic == Some(topic);
    }
    // 引发, 被提起: what the sentence before told of led to it
    let led = |v: &usize| {
        !LEXICON.verbs[*v].is_empty()
            && LEXICON.verbs[*v].iter().all(|t| !LEXICON.topics[*t].needs_verb)
    };
    context.informed
        || context.requests
        || about_subject(segment)
        || context.stated && verbs.iter().any(led)
}

/// Whether a segment is about one channel or group, not all that a list names.
pub(super) fn single_channel(segment: &[Token]) -> bool {
    let last = segment.iter().rposition(|t| t.kind == Kind::Channel);
    let Some(last) = last else { return false };
    let named = segment.iter().filter(|t| t.kind == Kind::Channel).count();
    let all = segment[last + 1..].iter().any(|t| t.kind == Kind::AllChannels);
    // 通过 is one of them
    !(all && named > 2)
}

pub(super) fn verbs_of(segment: &[Token]) -> Vec<usize> {
    segment.iter().filter_map(|t| if let Kind::Verb(v) = t.kind { Some(v) } else { None }).collect()
}
