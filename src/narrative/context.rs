//! Sentences in their context: topic, time and body carry over from what was said before.

use std::ops::Range;

use super::clause;
use super::folded::{Folded, is_table};
use super::lexicon::{Kind, LEXICON};
use super::organ::Organ;
use super::token::{Tokens, tokens};
use super::{Body, Certainty, Claim, Claimed, Figure, Reading, listing};
use crate::report::{Scope, Section};

/// What the text before a clause settles.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// Topic last named.
    pub topic: Option<usize>,
    /// Topics without words of their own that the text has said to be about disclosure.
    pub informed: bool,
    /// Whether requests were spoken of in this sentence.
    pub requests: bool,
    /// Whether the sentence before stated the figure of a topic.
    pub stated: bool,
    /// Another year that the paragraph goes on speaking of.
    past: bool,
    /// Topics whose total this sentence has given.
    pub totals: Vec<usize>,
    /// Topics whose last total may be another count, so that its parts may be too.
    pub unsure: Vec<usize>,
    /// Topics whose totals stand side by side, so that a part behind them may be of either.
    pub side_by_side: Vec<usize>,
    /// Segments for single channels since the last total.
    pub channels: usize,
    /// Whether this sentence turned to what the body publishes by itself.
    pub elsewhere: bool,
    /// Whether parts of a whole are being listed.
    pub parts: bool,
    /// Whether the paragraph has given no figures yet.
    pub turned: bool,
    /// Whether this sentence counts another matter and has named no topic since.
    pub astray: bool,
}

/// A sentence with all that is needed to judge it.
pub(super) struct Sentence<'a> {
    pub folded: &'a Folded,
    pub tokens: &'a Tokens,
    /// For each token whether its time or body is not the report's.
    pub doubts: Vec<bool>,
    /// A figure claimed by a total's verb, a part, or denied.
    pub claims: Vec<Found>,
}

/// A claim before it is judged in its sentence.
pub(super) struct Found {
    pub figure: Figure,
    pub value: u64,
    pub claimed: Claimed,
    pub certain: bool,
    pub span: Range<usize>,
    /// The total of a topic that no narrower word names.
    pub is_total: bool,
    /// A total whose topic is named only by the context.
    pub bare: bool,
    /// A part that its topic's total does not hold.
    pub beyond_total: bool,
}

/// Longest line that is a heading.
const HEADING: usize = 30;

/// Reads a section.
pub(super) fn section(section: &Section, body: &Body<'_>, organ: &Organ, reading: &mut Reading) {
    let folded = Folded::new(&section.text);
    let title = tokens(&section.title, 0..section.title.len(), organ, body.year);
    let names_subject = title.list.iter().any(|t| matches!(t.kind, Kind::Subject | Kind::Noun(_)));
    let own = |no: u8| LEXICON.topics.iter().position(|t| t.section == no);
    let start = || Context {
        topic: own(section.no).filter(|t| LEXICON.topics[*t].needs_verb),
        informed: names_subject && own(section.no).is_some_and(|t| !LEXICON.topics[t].needs_verb),
        ..Context::default()
    };
    let mut context = start();
    let first = reading.claims.len();
    let mut all = Vec::new();
    let mut fresh = false;
    for span in sentences(&folded.text) {
        let text = &folded.text[span.clone()];
        if is_table(&section.text[folded.original(&span)]) {
            continue;
        }
        if text.starts_with('(') {
            context = start();
        }
        if fresh {
            context.informed = start().informed;
            context.past = false;
            context.turned = true;
        }
        // a heading speaks for the paragraphs under it
        let heading = text.trim() != "" && text.chars().count() <= HEADING;
        fresh = text.ends_with('\n') && !heading;
        let tokens = tokens(&folded.text, span.clone(), organ, body.year);
        let doubts = doubts(&tokens, body.scope, &mut context);
        let mut sentence =
            Sentence { folded: &folded, tokens: &tokens, doubts, claims: Vec::new() };
        clause::read(&mut sentence, &mut context);
        settle(&mut sentence);
        let place = folded.original(&span);
        context.stated = !sentence.claims.is_empty();
        context.turned &= sentence.claims.is_empty();
        for found in sentence.claims {
            all.push((found.is_total, found.beyond_total));
            reading.claims.push(Claim {
                figure: found.figure,
                value: found.value,
                claimed: found.claimed,
                certainty: if found.certain { Certainty::Certain } else { Certainty::Ambiguous },
                section: section.no,
                span: folded.original(&found.span),
                sentence: place.clone(),
            });
        }
        listing::read(&folded, &tokens, section.no, &place, &mut reading.listings);
    }
    compare(&mut reading.claims[first..], &all);
}

/// Sentences of the folded text; 其中 after a full stop goes on with the one before.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let goes_on =
            c == '。' && LEXICON.goes_on.iter().any(|w| text[end..].starts_with(w.as_str()));
        if matches!(c, '。' | '!' | '?' | '\n') && !goes_on {
            out.push(start..end);
            start = end;
        }
    }
    out.push(start..text.len());
    out.retain(|s| !s.is_empty());
    out
}

/// Where a sentence speaks of another time or body than the report's.
fn doubts(tokens: &Tokens, scope: Option<Scope>, context: &mut Context) -> Vec<bool> {
    let summary = scope == Some(Scope::Aggregate);
    let (mut past, mut since, mut others) = (context.past, false, false);
    let (mut named, mut leads) = (false, true);
    let mut carried = context.past;
    let mut out = Vec::with_capacity(tokens.list.len());
    for (i, token) in tokens.list.iter().enumerate() {
        let clause = |kind: Kind| {
            let before =
                tokens.list[..i].iter().rev().take_while(|t| !matches!(t.kind, Kind::Stop(_)));
            let after = tokens.list[i..].iter().take_while(|t| !matches!(t.kind, Kind::Stop(_)));
            before.chain(after).any(|t| t.kind == kind)
        };
        match token.kind {
            Kind::WholeYear => {
                (past, carried, named) = (false, false, true);
            }
            Kind::OtherTime if !clause(Kind::Compare) => {
                past = true;
                carried |= leads;
            }
            Kind::Since if !named => since = true,
            Kind::OtherBody => others = true,
            Kind::OwnBody => others = summary,
            Kind::Place => others = !summary,
            _ => {}
        }
        leads &= matches!(token.kind, Kind::Filler | Kind::Stop(_));
        out.push(past || since || others);
    }
    context.past = carried;
    out
}

/// What a sentence as a whole tells of its claims.
fn settle(sentence: &mut Sentence<'_>) {
    let list = &sentence.tokens.list;
    let lists = list.iter().any(|t| matches!(t.kind, Kind::Partly | Kind::Exhaustive));
    // 收到申请45件,其中行政许可申请33件,政府信息公开申请12件
    for claim in sentence.claims.iter_mut().filter(|c| c.bare) {
        let mut behind = list.iter().filter(|t| t.span.start > claim.span.start);
        claim.certain &=
            !behind.any(|t| matches!(t.kind, Kind::Noun(_)) || lists && t.kind == Kind::Other);
    }
    let beyond = sentence.claims.iter().position(|c| c.beyond_total && c.value > 0);
    let Some(beyond) = beyond else { return };
    // 收到15件,其中上年结转3件; 上年结转3件,共收到15件
    for (i, claim) in sentence.claims.iter_mut().enumerate() {
        claim.certain &= !(claim.is_total && (lists || i > beyond));
    }
}

/// What the section as a whole tells of its claims: a total that differs from what a narrower
/// word names, beside cases carried over, is the sum of both.
fn compare(claims: &mut [Claim], marks: &[(bool, bool)]) {
    let carried = claims.iter().zip(marks).any(|(c, m)| m.1 && c.value > 0);
    if !carried {
        return;
    }
    let narrow: Vec<(Figure, u64)> = claims
        .iter()
        .zip(marks)
        .filter(|(_, m)| !m.0)
        .map(|(c, _)| (c.figure.clone(), c.value))
        .collect();
    for (claim, _) in claims.iter_mut().zip(marks).filter(|(_, m)| m.0) {
        if narrow.iter().any(|(f, v)| *f == claim.figure && *v != claim.value) {
            claim.certainty = Certainty::Ambiguous;
        }
    }
}
