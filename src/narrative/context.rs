//! Sentences in their context: topic, time and body carry over from what was said before.

use std::ops::Range;

use super::bearing::{self, Bearing};
use super::folded::{Folded, is_table};
use super::lexicon::{Kind, LEXICON};
use super::names::about_subject;
use super::organ::Organ;
use super::token::{Token, Tokens, tokens};
use super::{Body, Certainty, Claim, Claimed, Figure, Reading, clause, listing};
use crate::report::{Scope, Section};

/// What the reviews and lawsuits of a sentence are said to be about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum About {
    /// Nothing, in this sentence.
    #[default]
    Unsaid,
    /// Disclosure.
    Subject,
    /// Another matter: 因违建查处被提起行政复议18件、行政诉讼9件.
    Other,
}

impl About {
    /// After a segment that names one of them: what it is said to be about holds for the next.
    pub fn after(self, segment: &[Token]) -> About {
        if about_subject(segment) {
            About::Subject
        } else if segment
            .iter()
            .any(|t| matches!(t.kind, Kind::Other | Kind::Besides | Kind::Unknown))
        {
            About::Other
        } else {
            self
        }
    }

    /// After a clause that names none of them: 非政府信息公开类:行政复议11件. `among` tells
    /// whether it names a group of cases: 治安处罚案件中,行政复议21件.
    pub fn after_lead(self, clause: &[Token], among: bool) -> About {
        let has = |kind: Kind| clause.iter().any(|t| t.kind == kind);
        let group = among && has(Kind::Unknown) && !has(Kind::Subject);
        if has(Kind::Other) || group { About::Other } else { self }
    }
}

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
    /// What the reviews and lawsuits of this sentence are about.
    pub about: About,
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
    /// A total of reviews or lawsuits that its sentence does not tie to disclosure.
    pub loose: bool,
    /// A part that its topic's total does not hold.
    pub beyond_total: bool,
}

/// Longest line that is a heading.
const HEADING: usize = 30;

/// Reads a section.
pub(super) fn section(section: &Section, body: &Body<'_>, organ: &Organ, reading: &mut Reading) {
    let folded = Folded::new(&section.text);
    let mut sentences = sentences(&folded);
    // nothing is carried on to behind the last one that states anything
    let states = |s: &Range<usize>| bearing::of(&folded.text[s.clone()]) == Bearing::States;
    let last = sentences.iter().rposition(states);
    sentences.truncate(last.map_or(0, |last| last + 1));
    if sentences.is_empty() {
        return;
    }
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
    let mut marks = Vec::new();
    let mut fresh = false;
    for span in sentences {
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
        let short = text.len() <= HEADING * 4 && text.chars().count() <= HEADING;
        let heading = short && !text.trim().is_empty();
        fresh = text.ends_with('\n') && !heading;
        if bearing::of(text) == Bearing::None {
            context.stated = false;
            continue;
        }
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
            marks.push(Mark {
                is_total: found.is_total,
                beyond_total: found.beyond_total,
                loose: found.loose,
            });
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
    compare(&mut reading.claims[first..], &marks);
}

/// Sentences of the folded text; 其中 after a full stop goes on with the one before.
fn sentences(folded: &Folded) -> Vec<Range<usize>> {
    let text = &folded.text;
    let mut out = Vec::with_capacity(folded.stops.len() + 1);
    let mut start = 0;
    for &end in &folded.stops {
        let goes_on = text[..end].ends_with('。')
            && LEXICON.goes_on.iter().any(|w| text[end..].starts_with(w.as_str()));
        if !goes_on {
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
    let lists = list.iter().any(|t| t.kind.opens_parts());
    // 收到申请45件,其中行政许可申请33件,政府信息公开申请12件
    for claim in sentence.claims.iter_mut().filter(|c| c.bare) {
        let mut behind = list.iter().filter(|t| t.span.start > claim.span.start);
        claim.certain &=
            !behind.any(|t| matches!(t.kind, Kind::Noun(_)) || lists && t.kind == Kind::Other);
    }
    narrow(sentence);
    let beyond = sentence.claims.iter().position(|c| c.beyond_total && c.value > 0);
    let Some(beyond) = beyond else { return };
    // 收到15件,其中上年结转3件; 上年结转3件,共收到15件
    for (i, claim) in sentence.claims.iter_mut().enumerate() {
        claim.certain &= !(claim.is_total && (lists || i > beyond));
    }
}

/// Reviews and lawsuits of all kinds, of which those about disclosure are told apart behind them.
fn narrow(sentence: &mut Sentence<'_>) {
    let (list, folded) = (&sentence.tokens.list, sentence.folded);
    let all_kinds = |claim: &Found| {
        let behind = || list.iter().skip_while(|t| t.span.start <= claim.span.start);
        // 行政复议5件,其中政府信息公开类1件; 行政复议5件,均与政府信息公开无关
        let subject = |t: &Token| matches!(t.kind, Kind::Subject | Kind::Noun(_));
        // 行政复议1件(宗教活动场所登记)
        let bracket = behind().next().is_some_and(|t| t.kind == Kind::Stop(true));
        let rest = |t: &Token| LEXICON.rest.iter().any(|w| folded.text[t.span.clone()] == **w);
        let matter = |t: &Token| t.kind == Kind::Unknown || t.kind == Kind::Other && !rest(t);
        let inside = behind().take_while(|t| folded.text[t.span.clone()] != *")");
        behind().any(subject) || bracket && inside.skip(1).any(matter)
    };
    let claims = sentence.claims.iter().enumerate();
    let wide: Vec<usize> =
        claims.filter(|(_, c)| c.loose && all_kinds(c)).map(|(i, _)| i).collect();
    for i in wide {
        let series = sentence.claims[i].figure.series.clone();
        // none at all is none about disclosure
        sentence.claims[i].certain &= sentence.claims[i].value == 0;
        let parts = sentence.claims[i + 1..].iter_mut().filter(|c| !c.is_total);
        parts.filter(|c| c.figure.series == series).for_each(|c| c.certain = false);
    }
}

/// What only its sentence tells of a claim.
struct Mark {
    is_total: bool,
    beyond_total: bool,
    loose: bool,
}

/// What the section as a whole tells of its claims.
fn compare(claims: &mut [Claim], marks: &[Mark]) {
    // a total that differs from the one tied to disclosure is one of all kinds
    doubt(claims, marks, |_, m| m.loose, |c, m| !m.loose && c.certainty == Certainty::Certain);
    // one that differs from what a narrower word names, beside cases carried over, is the sum of both
    if claims.iter().zip(marks).any(|(c, m)| m.beyond_total && c.value > 0) {
        doubt(claims, marks, |_, m| m.is_total, |_, m| !m.is_total);
    }
}

/// Doubts those of the `wide` claims that differ from a `narrow` one of the same figure.
fn doubt(
    claims: &mut [Claim],
    marks: &[Mark],
    wide: impl Fn(&Claim, &Mark) -> bool,
    narrow: impl Fn(&Claim, &Mark) -> bool,
) {
    let known: Vec<(Figure, u64)> = claims
        .iter()
        .zip(marks)
        .filter(|(c, m)| narrow(c, m))
        .map(|(c, _)| (c.figure.clone(), c.value))
        .collect();
    for (claim, mark) in claims.iter_mut().zip(marks) {
        let differs = known.iter().any(|(f, v)| *f == claim.figure && *v != claim.value);
        if differs && wide(claim, mark) {
            claim.certainty = Certainty::Ambiguous;
        }
    }
}
