//! Breakdowns: a whole with the parts listed for it.

use std::ops::Range;

use super::folded::Folded;
use super::lexicon::{Kind, LEXICON};
use super::token::{Token, Tokens};
use super::{Certainty, Listing};

/// Fewest parts that make a breakdown to be checked.
const FEWEST: usize = 3;

/// Fewest numbers in a sentence with a breakdown: a whole and two parts.
pub(super) const NUMBERS: usize = 3;

/// Reads the breakdowns of a sentence.
pub(super) fn read(
    folded: &Folded,
    tokens: &Tokens,
    section: u8,
    sentence: &Range<usize>,
    out: &mut Vec<Listing>,
) {
    let list = &tokens.list;
    let mut at = 0;
    while at < list.len() {
        let Kind::Number(n) = list[at].kind else {
            at += 1;
            continue;
        };
        let whole = &tokens.numbers[n];
        let Some(opened) = opening(folded, tokens, at) else {
            at += 1;
            continue;
        };
        let mut parts = Vec::new();
        let mut exact = !whole.rough;
        let mut rest = false;
        let mut end = at;
        for (i, token) in list.iter().enumerate().skip(opened.first) {
            let text = &folded.text[token.span.clone()];
            match token.kind {
                Kind::Number(n) if tokens.numbers[n].unit == whole.unit => {
                    exact &= !tokens.numbers[n].rough;
                    parts.push(tokens.numbers[n].value);
                    end = i;
                    rest = list[opened.first..i]
                        .iter()
                        .rev()
                        .take_while(|t| !matches!(t.kind, Kind::Number(_) | Kind::Stop(_)))
                        .any(|t| LEXICON.rest.iter().any(|w| folded.text[t.span.clone()] == **w));
                }
                Kind::Number(_) => exact = false,
                // a bracket inside the list, or one that closes it
                Kind::Stop(true) => exact = false,
                Kind::Stop(_)
                    if matches!(text, "。" | ";" | "\n") || text == ")" && opened.bracket =>
                {
                    break;
                }
                // the last part may be all that is left
                Kind::Partly | Kind::Besides if LEXICON.rest.iter().any(|w| w == text) => {}
                Kind::Partly
                | Kind::Besides
                | Kind::Exhaustive
                | Kind::Change
                | Kind::Compare
                | Kind::Approximate => {
                    exact = false;
                }
                Kind::Filler if text.starts_with('等') => exact = false,
                // 60条中, 申请中: a part of the parts; 集中 is none
                Kind::Filler if text == "中" && divides(list, i) => exact = false,
                Kind::WholeYear | Kind::OtherTime | Kind::Since | Kind::Verb(_) => exact = false,
                _ => {}
            }
        }
        if parts.len() > 1 && whole.value > 0 && !whole.unit.is_empty() {
            let sum: u128 = parts.iter().copied().map(u128::from).sum();
            let total = u128::from(whole.value);
            // far from the whole, the list is not meant to be complete
            let near = sum * 10 >= total * 7 && sum * 10 <= total * 14;
            // 其中 names all parts only where the last is the rest
            let certain = exact && (opened.exhaustive || rest) && parts.len() >= FEWEST && near;
            out.push(Listing {
                total: whole.value,
                parts,
                certainty: if certain { Certainty::Certain } else { Certainty::Ambiguous },
                section,
                span: folded.original(&(list[at].span.start..list[end].span.end)),
                sentence: sentence.clone(),
            });
            at = end;
        }
        at += 1;
    }
}

/// Whether a word stands behind a figure or ends its clause.
fn divides(list: &[Token], at: usize) -> bool {
    let figure = |t: Option<&Token>| t.is_some_and(|t| matches!(t.kind, Kind::Number(_)));
    let ends = list.get(at + 1).is_none_or(|t| matches!(t.kind, Kind::Stop(_)));
    ends || figure(list.get(at + 1)) || figure(at.checked_sub(1).and_then(|b| list.get(b)))
}

struct Opening {
    first: usize,
    exhaustive: bool,
    bracket: bool,
}

/// Whether parts follow a number: 108条,包括; 108条(; 108条:; 12件,其中.
fn opening(folded: &Folded, tokens: &Tokens, at: usize) -> Option<Opening> {
    let list = &tokens.list;
    let text = |i: usize| list.get(i).map(|t| &folded.text[t.span.clone()]);
    let mut i = at + 1;
    let mut bracket = false;
    let mut stops = false;
    if matches!(list.get(i)?.kind, Kind::Stop(_)) {
        bracket = text(i) == Some("(");
        stops = bracket || text(i) == Some(":");
        i += 1;
    }
    match list.get(i)?.kind {
        Kind::Exhaustive => Some(Opening { first: i + 1, exhaustive: true, bracket }),
        Kind::Respectively => Some(Opening { first: i + 1, exhaustive: true, bracket }),
        Kind::Partly | Kind::Besides => Some(Opening { first: i + 1, exhaustive: false, bracket }),
        _ if stops => Some(Opening { first: i, exhaustive: true, bracket }),
        _ => None,
    }
}
