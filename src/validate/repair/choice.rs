//! Which of the candidates is proposed for which failing checks, and whether it is the only one.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::board::{Board, Sort};
use super::candidates::Candidate;

/// Alternatives that a proposal names at most; where more are as good, nothing is proposed.
const MOST: usize = 7;

/// What is proposed.
pub(super) struct Choice<'c> {
    pub lead: &'c Candidate,
    pub determined: bool,
    /// What explains as much.
    pub alternatives: Vec<&'c Candidate>,
    /// The failing checks it is proposed for.
    pub checks: Vec<usize>,
}

/// How good a candidate is, the best greatest: what it settles, what else speaks for it, what it
/// leaves undone on its own cells, and how readily such a thing happens.
fn rank(c: &Candidate) -> (usize, i64, Reverse<usize>, u8) {
    (c.effect.hard, c.effect.support, Reverse(c.effect.still), c.kind.plausibility())
}

/// Chooses the best candidate for each failing check: the best of all for what it settles, the best
/// of what is left for the rest, and so on.
pub(super) fn choose<'c>(board: &Board<'_>, candidates: &'c [Candidate]) -> Vec<Choice<'c>> {
    let mut order: Vec<&Candidate> = candidates.iter().collect();
    order.sort_by_cached_key(|c| (Reverse(rank(c)), Reverse(c.own), c.apart, c.changes.clone()));
    let mut open: BTreeSet<usize> = (0..board.checks.len()).collect();
    let mut out = Vec::new();
    for best in &order {
        let hard = |c: &&usize| board.checks[**c].sort.is_hard();
        let settled = best.effect.settled.iter();
        let here: BTreeSet<usize> =
            settled.clone().filter(hard).copied().filter(|c| open.contains(c)).collect();
        if here.is_empty() {
            continue;
        }
        let shares = |c: &&&Candidate| c.effect.settled.iter().any(|s| here.contains(s));
        let rivals: Vec<&Candidate> =
            order.iter().filter(|c| !std::ptr::eq(**c, *best)).filter(shares).copied().collect();
        let alone = settled.filter(hard).all(|c| open.contains(c));
        let choice = decide(board, best, &rivals, alone).map(|choice| {
            let checks = choice.lead.effect.settled.iter().copied();
            Choice { checks: checks.filter(|c| open.contains(c)).collect(), ..choice }
        });
        let told = choice.iter().flat_map(|c| c.checks.iter().copied());
        let done: BTreeSet<usize> = here.into_iter().chain(told).collect();
        open.retain(|c| !done.contains(c));
        out.extend(choice);
    }
    out
}

/// What to propose where `best` is the best, and `rivals`, the better first, explain some of the
/// same; `alone`, where no better proposal was made for any of it.
fn decide<'c>(
    board: &Board<'_>,
    best: &'c Candidate,
    rivals: &[&'c Candidate],
    alone: bool,
) -> Option<Choice<'c>> {
    let tied: Vec<&Candidate> = rivals.iter().copied().filter(|r| rank(r) == rank(best)).collect();
    let sound = alone && best.effect.still == 0 && best.effect.refuted == 0;
    let several = best.effect.sums > 1;
    let sure = several || is_known_cell(board, best) || evidence_decides(best, rivals);
    if tied.is_empty() && sound && sure {
        return Some(Choice {
            lead: best,
            determined: true,
            alternatives: Vec::new(),
            checks: Vec::new(),
        });
    }
    // of one sum any cell may be wrong: what is proposed first is the sum itself
    let (lead, mut alternatives) = match (several, own(best, rivals)) {
        (false, Some(own)) => {
            let others = [best].into_iter().chain(rivals.iter().copied());
            (own, others.filter(|c| !std::ptr::eq(*c, own)).collect())
        }
        _ if tied.len() > MOST => return None,
        _ => (best, tied),
    };
    alternatives.truncate(MOST);
    Some(Choice { lead, determined: false, alternatives, checks: Vec::new() })
}

/// The candidate that writes the sum of the parts into the total, where nothing speaks against it.
fn own<'c>(best: &'c Candidate, rivals: &[&'c Candidate]) -> Option<&'c Candidate> {
    let as_good = |c: &Candidate| {
        c.own && c.effect.hard == best.effect.hard && c.effect.support == best.effect.support
    };
    [best].into_iter().chain(rivals.iter().copied()).find(|c| as_good(c))
}

/// Whether it fills a cell that is wrong by itself, and a sum says how.
fn is_known_cell(board: &Board<'_>, c: &Candidate) -> bool {
    let of_cell = |check: &usize| matches!(board.checks[*check].sort, Sort::Count | Sort::Filled);
    let [(spot, to)] = c.changes.as_slice() else { return false };
    let sum = board.of[*spot].iter().any(|(check, _)| board.checks[*check].total == Some(*spot));
    let printed = board.spots[*spot].seen.value.is_some();
    c.effect.sums > 0 && c.effect.settled.iter().any(of_cell) && (sum || printed || *to == 0)
}

/// Whether the words, last year's report or the digits speak for it and for no rival as much.
fn evidence_decides(best: &Candidate, rivals: &[&Candidate]) -> bool {
    let next = rivals.iter().max_by_key(|r| rank(r));
    let supported = best.effect.support > next.map_or(0, |r| r.effect.support);
    let told = best.kind.is_of_digits() && !next.is_some_and(|r| r.kind.is_of_digits());
    best.effect.sums > 0 && (supported || told)
}
