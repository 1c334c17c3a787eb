//! What would settle a report's failing sums: one cell, two cells swapped, a row one column off.
//!
//! `board` lays the report out as cells and the checks they stand in, and `trial` says what becomes
//! of these when cells change; `candidates` takes from the failing checks what may have happened,
//! and keeps what settles some of them and breaks none; `choice` ranks that and says whether it is
//! the only explanation; `words` tells it. A repair is proposed and never applied.

mod board;
mod candidates;
mod choice;
#[cfg(test)]
mod evidence;
mod kind;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod trial;
mod words;

use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, Verdict};
use super::sheet::Case;
use crate::report::Cell;
use board::Board;
use choice::Choice;

/// What may have happened to the true figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A digit is lost: 5 for 15.
    DigitDropped,
    /// A digit is too many, or stands there twice: 155 for 15.
    DigitDoubled,
    /// Two digits of a number changed places: 51 for 15.
    DigitsSwapped,
    /// Two cells of a row or a column changed places.
    CellsSwapped,
    /// The figures of a row stand one column off.
    RowShifted,
    /// A total is not the sum of its parts, and they are in order.
    SumMistyped,
    /// A cell was left blank for 0.
    BlankForZero,
    /// Another figure, the one that all sums agree on.
    OtherValue,
}

/// A cell and what should stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `table/row/column`.
    pub cell: String,
    /// What stands there, as printed; none where there is no such cell.
    pub from: Option<String>,
    /// What should.
    pub to: i64,
}

/// A proposal for a report's failing checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// What may have happened.
    pub kind: Kind,
    /// Whether the checks leave no other explanation as good.
    pub determined: bool,
    /// The cells in form order.
    pub cells: Vec<Change>,
    /// Ids of the rules whose findings it settles.
    pub settles: Vec<String>,
    /// Failing checks of the report's arithmetic that it makes hold.
    pub equations: usize,
    /// Failing checks of the report's arithmetic that it leaves.
    pub remaining: usize,
    /// What explains the same as well; none in an alternative itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<Repair>>,
}

/// Whether a repair may be made from outcomes: they hold failures of the report's arithmetic.
#[must_use]
pub fn is_possible(case: &Case<'_>, outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|o| concerns(case, o))
}

/// The repair of each outcome, where there is one. `cells` are the report's as parsed, for what is
/// printed in them; without them the figures are given.
#[must_use]
pub fn propose(case: &Case<'_>, outcomes: &[Outcome], cells: &[Cell]) -> Vec<Option<Repair>> {
    let mut repairs = vec![None; outcomes.len()];
    if !is_possible(case, outcomes) {
        return repairs;
    }
    let board = Board::new(case);
    let candidates = candidates::all(&board);
    let teller = Teller { told: board.told(outcomes), board: &board, outcomes, cells };
    for choice in choice::choose(&board, &candidates) {
        let repair = teller.lead(&choice);
        for check in &choice.checks {
            for outcome in &teller.told[*check] {
                repairs[*outcome] = Some(repair.clone());
            }
        }
    }
    repairs
}

/// Whether an outcome is one that a repair can be made from.
fn concerns(case: &Case<'_>, outcome: &Outcome) -> bool {
    let id = &outcome.rule.id;
    let sums = |t: &&crate::form::FormTable| {
        t.sums.iter().any(|s| s.rule == *id) || t.shares.iter().any(|s| s.rule == *id)
    };
    outcome.verdict == Verdict::Fail
        && match id.as_str() {
            "negative" | "fraction" | "not-a-number" => true,
            "blank-cell" => outcome.cells.len() == 1,
            _ => case.now.tables().any(|(_, table, _)| sums(&table)),
        }
}

/// Puts what was chosen into the words of findings.
struct Teller<'b, 'a> {
    board: &'b Board<'a>,
    outcomes: &'b [Outcome],
    /// For each check the outcomes that tell of it.
    told: Vec<Vec<usize>>,
    cells: &'b [Cell],
}

impl Teller<'_, '_> {
    fn lead(&self, choice: &Choice<'_>) -> Repair {
        let alternatives = choice.alternatives.iter().map(|c| self.repair(c)).collect();
        Repair {
            determined: choice.determined,
            alternatives: Some(alternatives),
            ..self.repair(choice.lead)
        }
    }

    fn repair(&self, candidate: &candidates::Candidate) -> Repair {
        let effect = &candidate.effect;
        let mut outcomes: Vec<usize> =
            effect.settled.iter().flat_map(|check| &self.told[*check]).copied().collect();
        outcomes.sort_unstable();
        let mut settles: Vec<String> = Vec::new();
        for outcome in outcomes {
            let id = &self.outcomes[outcome].rule.id;
            if !settles.contains(id) {
                settles.push(id.clone());
            }
        }
        let change = |(spot, to): &(usize, i64)| Change {
            cell: self.board.spots[*spot].name(),
            from: self.board.spots[*spot].printed(self.cells),
            to: *to,
        };
        Repair {
            kind: candidate.kind,
            determined: false,
            cells: candidate.changes.iter().map(change).collect(),
            settles,
            equations: effect.hard,
            remaining: self.board.remaining(effect),
            alternatives: None,
        }
    }
}
