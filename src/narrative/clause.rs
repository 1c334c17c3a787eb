//! Which figure a number in a clause is.

use std::ops::Range;

use super::context::{About, Context, Found, Sentence};
use super::lexicon::{Kind, LEXICON};
use super::names::{Name, about_subject, informed, names, names_topic, single_channel, verbs_of};
use super::token::{Number, Token};
use super::{Claimed, denial};

/// Reads the clauses of a sentence in order.
pub(super) fn read(sentence: &mut Sentence<'_>, context: &mut Context) {
    context.requests = false;
    context.totals.clear();
    context.channels = 0;
    context.parts = false;
    context.elsewhere = false;
    context.astray = false;
    context.side_by_side.clear();
    context.about = About::Unsaid;
    if begins_anew(sentence, context.turned) {
        context.unsure.clear();
    }
    let list = &sentence.tokens.list;
    let mut start = 0;
    for end in 0..=list.len() {
        let stop = list.get(end).map(|t| t.kind);
        if stop.is_some_and(|k| !matches!(k, Kind::Stop(_))) {
            continue;
        }
        if start < end {
            clause(sentence, start..end, context);
        }
        if list.get(end).is_some_and(|t| sentence.folded.text[t.span.clone()] == *";") {
            context.channels = 0;
            context.parts = false;
            context.side_by_side.clear();
        }
        start = end + 1;
    }
}

/// Words that begin the name of a figure of this year: 本年度新收.
const THIS_YEAR: [&str; 3] = ["本年", "当年", "今年"];

/// Whether a sentence says before its first figure whose or which year's cases it is about, as
/// the first one of a paragraph need not: 上半年收到5件。2024年,政府信息公开申请予以公开8件.
fn begins_anew(sentence: &Sentence<'_>, turned: bool) -> bool {
    let list = &sentence.tokens.list;
    let figure = list.iter().position(|t| matches!(t.kind, Kind::Number(_)));
    let lead = &list[..figure.unwrap_or(list.len())];
    if !lead.iter().any(|t| matches!(t.kind, Kind::Noun(_) | Kind::Bare(_))) {
        return false;
    }
    let lead: Vec<Token> = lead
        .iter()
        .zip(&sentence.doubts)
        .filter(|(_, doubt)| !**doubt)
        .map(|(t, _)| t.clone())
        .collect();
    let this_year = |t: &Token| {
        let text = &sentence.folded.text[t.span.clone()];
        matches!(t.kind, Kind::Part(_)) && THIS_YEAR.iter().any(|w| text.starts_with(w))
    };
    let whose = |t: &Token| matches!(t.kind, Kind::WholeYear | Kind::OwnBody) || this_year(t);
    let named = lead.iter().any(|t| matches!(t.kind, Kind::Noun(_))) || about_subject(&lead);
    named && (turned || lead.iter().any(whose))
}

fn clause(sentence: &mut Sentence<'_>, range: Range<usize>, context: &mut Context) {
    let tokens = sentence.tokens;
    let list = &tokens.list[range.clone()];
    let has = |kind: Kind| list.iter().any(|t| t.kind == kind);
    context.parts |= list.iter().any(|t| t.kind.opens_parts());
    let denied = list.iter().position(|t| matches!(t.kind, Kind::Deny(_)));
    if !list.iter().any(is_anchor) {
        let among = list.last().is_some_and(|t| sentence.folded.text[t.span.clone()] == *"中");
        context.about = context.about.after_lead(list, among);
    }
    let usable = list.iter().enumerate().take(denied.unwrap_or(list.len()));
    let numbers: Vec<usize> =
        usable.filter(|(_, t)| matches!(t.kind, Kind::Number(_))).map(|(i, _)| i).collect();
    if !has(Kind::Condition) {
        if let Some(at) = denied {
            denial::read(sentence, list, range.start, at, context);
        }
        if let Some(first) = numbers.first() {
            let before = list[..*first].iter().any(is_anchor);
            // ……(……)341件、: what the number counts stands before the bracket
            let hangs = list.get(first + 1).is_none_or(|t| t.kind == Kind::Join);
            let clause = Clause { list, offset: range.start };
            if before || hangs {
                clause.names_first(sentence, &numbers, context);
            } else {
                clause.numbers_first(sentence, &numbers, context);
            }
        }
    }
    context.astray |= context.totals.is_empty() && counts_another(sentence, list);
    remember(list, !numbers.is_empty() || denied.is_some(), context);
}

/// Whether a clause counts what is no request, review or lawsuit: 人大代表建议12件,
/// 上年结转的行政许可申请3件.
fn counts_another(sentence: &Sentence<'_>, list: &[Token]) -> bool {
    let has = |kind: fn(&Kind) -> bool| list.iter().any(|t| kind(&t.kind));
    let counted = |t: &Token| match t.kind {
        Kind::Number(n) => sentence.tokens.numbers.get(n).is_some_and(|n| n.counts),
        _ => false,
    };
    let topic = has(|k| matches!(k, Kind::Noun(_) | Kind::Bare(_)));
    let part = has(|k| matches!(k, Kind::Part(_)));
    let another = has(|k| matches!(k, Kind::Other | Kind::Outcome | Kind::Decider));
    let strange = another || !part && has(|k| matches!(k, Kind::Unknown));
    !topic && strange && list.iter().any(counted)
}

/// Takes over from a clause what it names.
pub(super) fn remember(list: &[Token], states: bool, context: &mut Context) {
    let mut topics: Vec<usize> = Vec::new();
    let acts = list.iter().any(|t| matches!(t.kind, Kind::Verb(_)));
    for token in list {
        match token.kind {
            // 主动公开100条,依申请公开20条: how documents are marked
            Kind::Noun(_) if context.elsewhere && !acts => {}
            Kind::Noun(t) => {
                context.elsewhere = false;
                context.requests |= states;
                topics.push(t);
            }
            Kind::Bare(t) if !LEXICON.topics[t].needs_verb => topics.push(t),
            Kind::Elsewhere => {
                context.topic = None;
                context.elsewhere = true;
            }
            _ => {}
        }
    }
    // a cause is not what the clause is about
    if topics.iter().any(|t| !LEXICON.topics[*t].cause) {
        context.informed |= about_subject(list);
        topics.retain(|t| !LEXICON.topics[*t].cause);
    }
    topics.dedup();
    context.astray &= topics.is_empty();
    match topics.as_slice() {
        [] => {}
        [topic] => context.topic = Some(*topic),
        _ => context.topic = None,
    }
}

/// Whether only results of cases are named that the sentence has counted: 复议3件,复议机关纠正1件.
fn results_of(named: &[Name], context: &Context) -> bool {
    let counted = |part: &usize| {
        let figures = &LEXICON.parts[*part].figures;
        figures.len() > 1 && context.totals.iter().any(|t| figures.contains_key(t))
    };
    named.iter().all(|n| matches!(n, Name::Part(p) if counted(p)))
}

fn is_anchor(token: &Token) -> bool {
    matches!(token.kind, Kind::Noun(_) | Kind::Bare(_) | Kind::Part(_))
}

struct Clause<'a> {
    list: &'a [Token],
    offset: usize,
}

impl Clause<'_> {
    /// 收到申请12件, 复议3件、诉讼5件, 复议、诉讼分别为3件、5件.
    fn names_first(&self, sentence: &mut Sentence<'_>, numbers: &[usize], context: &mut Context) {
        let mut from = 0;
        let mut verbs: Vec<usize> = Vec::new();
        let mut n = 0;
        while n < numbers.len() {
            let at = numbers[n];
            let segment = &self.list[from..at];
            if segment.iter().any(|t| matches!(t.kind, Kind::Compare | Kind::Change)) {
                return;
            }
            if segment.iter().any(|t| matches!(t.kind, Kind::Verb(_))) {
                verbs.clear();
            }
            verbs.extend(verbs_of(segment));
            let mut last = n;
            if segment.iter().any(|t| t.kind == Kind::Respectively) {
                // the numbers that only 、 or 和 divide
                while let Some(next) = numbers.get(last + 1) {
                    let between = &self.list[numbers[last] + 1..*next];
                    if !between.iter().all(|t| t.kind == Kind::Join) {
                        break;
                    }
                    last += 1;
                }
            }
            let run: Vec<usize> = numbers[n..=last].to_vec();
            self.judge(sentence, segment, &verbs, &run, self.follows(numbers[last]), context);
            remember(segment, true, context);
            from = numbers[last] + 1;
            n = last + 1;
        }
    }

    /// 收到12件申请, 3件予以公开.
    fn numbers_first(&self, sentence: &mut Sentence<'_>, numbers: &[usize], context: &mut Context) {
        let lead = &self.list[..numbers[0]];
        if lead.iter().any(|t| matches!(t.kind, Kind::Compare | Kind::Change)) {
            return;
        }
        let verbs = verbs_of(lead);
        for (n, at) in numbers.iter().enumerate() {
            let end = numbers.get(n + 1).copied().unwrap_or(self.list.len());
            let behind = &self.list[at + 1..end];
            let names = behind
                .iter()
                .take_while(|t| {
                    is_anchor(t)
                        || matches!(t.kind, Kind::Subject | Kind::Join)
                        || self.word(sentence, t, &["的", "因", "起"])
                        || matches!(t.kind, Kind::Verb(v) if !LEXICON.verbs[v].is_empty())
                })
                .count();
            let mut segment: Vec<Token> = if n == 0 { lead.to_vec() } else { Vec::new() };
            segment.extend(behind[..names].iter().cloned());
            while segment.last().is_some_and(|t| t.kind == Kind::Join) {
                segment.pop();
            }
            let mut all = verbs.clone();
            all.extend(verbs_of(&behind[..names]));
            let within = behind.get(names).is_some_and(|t| self.word(sentence, t, &["中", "内"]));
            let odd = within
                || behind.get(names).is_some_and(|t| {
                    matches!(
                        t.kind,
                        Kind::Unknown
                            | Kind::Other
                            | Kind::Outcome
                            | Kind::Decider
                            | Kind::Channel
                            | Kind::Approximate
                    )
                });
            self.judge(sentence, &segment, &all, &[*at], !odd, context);
            remember(&segment, true, context);
        }
    }

    fn word(&self, sentence: &Sentence<'_>, token: &Token, words: &[&str]) -> bool {
        words.contains(&&sentence.folded.text[token.span.clone()])
    }

    /// Whether nothing right behind a number makes it another thing's.
    fn follows(&self, at: usize) -> bool {
        !self.list.get(at + 1).is_some_and(|t| {
            matches!(
                t.kind,
                Kind::Unknown
                    | Kind::Other
                    | Kind::Outcome
                    | Kind::Decider
                    | Kind::Channel
                    | Kind::Approximate
                    | Kind::Part(_)
            )
        })
    }

    /// Gives the numbers to the figures that a segment names.
    fn judge(
        &self,
        sentence: &mut Sentence<'_>,
        segment: &[Token],
        verbs: &[usize],
        run: &[usize],
        follows: bool,
        context: &mut Context,
    ) {
        let has = |kind: Kind| segment.iter().any(|t| t.kind == kind);
        let numbers: Vec<Number> = run.iter().filter_map(|i| self.number(sentence, *i)).collect();
        if numbers.len() != run.len() {
            return;
        }
        let named = names(segment);
        let channel = single_channel(segment);
        if channel {
            context.channels += 1;
        }
        let zero = numbers.iter().all(|n| n.value == 0);
        let values: Vec<usize> = match (named.len(), run.len()) {
            (0, _) => return,
            (1, 1) => vec![0],
            (k, n) if k == n => (0..n).collect(),
            (_, 1) if zero || has(Kind::Each) => vec![0; named.len()],
            _ => return,
        };
        let strange = run.iter().any(|i| sentence.doubts[self.offset + i]);
        let doubt = strange
            || segment.iter().any(|t| {
                matches!(
                    t.kind,
                    Kind::Other
                        | Kind::Outcome
                        | Kind::Elsewhere
                        | Kind::Unknown
                        | Kind::Approximate
                ) || t.kind == Kind::Decider && !results_of(&named, context)
            })
            || !follows;
        for (name, value) in named.into_iter().zip(values) {
            let number = &numbers[value];
            let unit = number.counts || self.plain(sentence, run[value], number);
            let sure = !doubt && unit && !number.rough;
            let span = self.list[run[value]].span.clone();
            let found = |figure: &super::Figure, certain, is_total, beyond_total| Found {
                figure: figure.clone(),
                value: number.value,
                claimed: Claimed::Stated,
                certain,
                span: span.clone(),
                is_total,
                bare: false,
                loose: false,
                beyond_total,
            };
            if !unit && !number.unit.is_empty() {
                continue;
            }
            match name {
                Name::Total(topic, full) => {
                    let known = &LEXICON.topics[topic];
                    let fits = |v: &usize| LEXICON.verbs[*v].contains(&topic);
                    let verb = if zero {
                        verbs.iter().any(fits)
                    } else {
                        !verbs.is_empty() && verbs.iter().all(fits)
                    };
                    let verb = verb || (!known.needs_verb && verbs.is_empty());
                    let informed = informed(topic, full, segment, verbs, context);
                    if !known.needs_verb {
                        context.about = context.about.after(segment);
                    }
                    let sure = sure && (known.needs_verb || context.about != About::Other);
                    let again =
                        context.totals.contains(&topic) || context.parts && known.needs_verb;
                    // another year's or body's total is no first one: 2023年3件,2024年5件
                    if !strange {
                        context.totals.push(topic);
                    }
                    context.side_by_side.push(topic);
                    if !channel {
                        context.channels = 0;
                        context.unsure.retain(|t| *t != topic);
                        if !sure || !informed || !verb && !known.needs_verb {
                            context.unsure.push(topic);
                        }
                    }
                    let sure = sure && !(known.needs_verb && channel);
                    let mut claim =
                        found(&known.total, sure && verb && informed && !again, true, false);
                    claim.bare = known.needs_verb && !full;
                    claim.loose = !known.needs_verb && context.about == About::Unsaid;
                    sentence.claims.push(claim);
                }
                Name::Part(part) => {
                    let named = names_topic(segment);
                    let own = named.or(context.topic);
                    let astray = context.astray && named.is_none();
                    // 复议3件、诉讼2件,其中纠正1件: of either
                    let rivals = context.side_by_side.iter();
                    let either = named.is_none()
                        && LEXICON.parts[part].figures.len() > 1
                        && rivals.filter(|t| LEXICON.parts[part].figures.contains_key(t)).count()
                            > 1;
                    context.side_by_side.clear();
                    let part = &LEXICON.parts[part];
                    // only one topic has such a part, but the text does not speak of it
                    let only = part.figures.iter().next().filter(|_| part.figures.len() == 1);
                    let (sure, named) = match own {
                        Some(topic) => (sure, part.figures.get_key_value(&topic)),
                        None => (false, only),
                    };
                    let Some((topic, figure)) = named else { continue };
                    let other =
                        part.deniable && verbs.iter().any(|v| !LEXICON.verbs[*v].contains(topic));
                    let known = LEXICON.topics[*topic].needs_verb
                        || informed(*topic, false, segment, verbs, context);
                    let certain = sure
                        && !either
                        && known
                        && !other
                        && !channel
                        && !astray
                        && context.channels != 1
                        && !context.unsure.contains(topic);
                    sentence.claims.push(found(figure, certain, false, part.beyond_total));
                }
            }
        }
    }

    fn number(&self, sentence: &Sentence<'_>, at: usize) -> Option<Number> {
        match self.list[at].kind {
            Kind::Number(n) => sentence.tokens.numbers.get(n).cloned(),
            _ => None,
        }
    }

    /// A number without unit that ends its clause: 为0, 为零.
    fn plain(&self, sentence: &Sentence<'_>, at: usize, number: &Number) -> bool {
        let last = at + 1 == self.list.len();
        let before = at.checked_sub(1).map(|b| &sentence.folded.text[self.list[b].span.clone()]);
        number.unit.is_empty() && last && before.is_some_and(|w| w.ends_with(['为', '是']))
    }
}
