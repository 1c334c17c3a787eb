//! Clauses that say that there was none: 未收到…申请, 行政复议、行政诉讼均未发生.

use super::Claimed;
use super::context::{Context, Found, Sentence};
use super::lexicon::{Kind, LEXICON};
use super::names::{Name, informed, names};
use super::token::Token;

/// Reads a clause with a denying word at `at`.
pub(super) fn read(
    sentence: &mut Sentence<'_>,
    list: &[Token],
    offset: usize,
    at: usize,
    context: &mut Context,
) {
    let (before, after) = (&list[..at], &list[at + 1..]);
    let anchor = |t: &Token| matches!(t.kind, Kind::Noun(_) | Kind::Bare(_) | Kind::Part(_));
    let verbs: Vec<usize> = after
        .iter()
        .filter_map(|t| if let Kind::Verb(v) = t.kind { Some(v) } else { None })
        .collect();
    // 未收到…申请, 无…申请: what is denied stands behind; else before: …均未发生
    let behind = after.iter().any(anchor);
    let segment: Vec<Token> = if behind { after.to_vec() } else { before.to_vec() };
    if before.iter().any(|t| matches!(t.kind, Kind::Number(_))) {
        return;
    }
    let bare = list[at].kind == Kind::Deny(true);
    let first = after.iter().find(|t| !matches!(t.kind, Kind::Filler | Kind::Subject));
    let opens = first.is_some_and(|t| matches!(t.kind, Kind::Verb(_)));
    if !bare && !opens {
        return;
    }
    let clean = |t: &Token| {
        matches!(
            t.kind,
            Kind::Noun(_)
                | Kind::Bare(_)
                | Kind::Part(_)
                | Kind::Verb(_)
                | Kind::Subject
                | Kind::Filler
                | Kind::Join
                | Kind::OwnBody
                | Kind::WholeYear
                | Kind::Each
        ) || one(sentence, t)
    };
    // another matter in the same list takes nothing away: 复议、诉讼和举报
    let listed = |i: usize, t: &Token, all: &[Token]| {
        let join =
            |j: Option<usize>| j.and_then(|j| all.get(j)).is_some_and(|t| t.kind == Kind::Join);
        match t.kind {
            Kind::Other | Kind::Outcome => {
                let opens = i == 0 || matches!(all[i - 1].kind, Kind::Verb(_));
                join(i.checked_sub(1)) || opens && join(Some(i + 1))
            }
            Kind::Deny(_) => join(i.checked_sub(1)),
            _ => false,
        }
    };
    let mut certain = after.iter().enumerate().all(|(i, t)| clean(t) || listed(i, t, after));
    // the place and the other body are judged by the doubts
    certain &= before.iter().all(|t| clean(t) || matches!(t.kind, Kind::Place));
    certain &= !sentence.doubts[offset..offset + list.len()].iter().any(|d| *d);
    for name in names(&segment) {
        let (figure, sure) = match name {
            Name::Total(topic, full) => {
                let known = &LEXICON.topics[topic];
                let fits = |v: &usize| LEXICON.verbs[*v].contains(&topic);
                // 未收到和处理: the first says it
                let verb = if opens { verbs.first().is_some_and(fits) } else { bare };
                let verb = verb && (known.needs_verb || verbs.iter().all(fits));
                (&known.total, verb && informed(topic, full, list, &verbs, context))
            }
            Name::Part(part) if LEXICON.parts[part].deniable => {
                let Some(figure) = LEXICON.parts[part].figures.values().next() else { continue };
                (figure, behind && verbs.is_empty())
            }
            // none of the cases was corrected: that tells nothing of how many there were
            Name::Part(_) => return,
        };
        sentence.claims.push(Found {
            figure: figure.clone(),
            value: 0,
            claimed: Claimed::Denied,
            certain: certain && sure,
            span: list[at].span.clone(),
            is_total: false,
            bare: false,
            loose: false,
            beyond_total: false,
        });
    }
}

/// 未收到一件申请.
fn one(sentence: &Sentence<'_>, token: &Token) -> bool {
    match token.kind {
        Kind::Number(n) => sentence.tokens.numbers.get(n).is_some_and(|n| n.value == 1 && n.counts),
        _ => false,
    }
}
