//! Values that a form's own sums settle where a cell was left blank.
//!
//! A blank part is an implied zero where a printed total equals the sum of its printed parts, none
//! negative. A blank total is an implied total where all its parts are printed or implied. Nothing
//! follows from blanks alone, and the result does not depend on the order of the sums.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{FormTable, Over};
use crate::report::State;

/// Values implied for cells of one table, by row and column key.
pub type Implied<'f> = BTreeMap<(&'f str, &'f str), Decimal>;

/// What is printed in a cell: its state and its number.
type Printed = (State, Option<Decimal>);

type Key<'f> = (&'f str, &'f str);

/// One sum written out: the cell of its total and the cells of its parts.
type Equation<'f> = (Key<'f>, Vec<Key<'f>>);

/// The values that `table`'s sums imply for cells that hold no number.
///
/// `printed` gives a cell's state and number. Only blank and not-applicable cells are implied: a
/// missing or unreadable cell may hold anything.
pub fn imply<'f>(table: &'f FormTable, printed: impl Fn(&str, &str) -> Printed) -> Implied<'f> {
    let cells: BTreeMap<Key<'f>, Printed> = table
        .cells()
        .map(|c| (c.row.key.as_str(), c.column.key.as_str()))
        .map(|key| (key, printed(key.0, key.1)))
        .collect();
    let equations = equations(table, &cells);
    let open = |key: &Key| matches!(cells[key].0, State::Blank | State::NotApplicable);
    let number = |key: &Key| cells[key].1;

    let mut zeros: BTreeSet<Key<'f>> = BTreeSet::new();
    for (total, parts) in &equations {
        let Some(sum) = number(total) else { continue };
        let given: Vec<Decimal> = parts.iter().filter_map(number).collect();
        let none_negative = given.iter().all(|v| *v >= Decimal::ZERO);
        if none_negative && given.iter().sum::<Decimal>() == sum {
            zeros.extend(parts.iter().filter(|p| open(p)));
        }
    }

    // Cells for which two sums disagree are not settled; taking one out may unsettle others, so
    // the totals are worked out anew until no two sums disagree.
    let mut disputed: BTreeSet<Key<'f>> = BTreeSet::new();
    loop {
        let mut implied: Implied<'f> =
            zeros.iter().filter(|k| !disputed.contains(*k)).map(|k| (*k, Decimal::ZERO)).collect();
        let mut clash: BTreeSet<Key<'f>> = BTreeSet::new();
        loop {
            let mut found: Vec<(Key<'f>, Decimal)> = Vec::new();
            for (total, parts) in &equations {
                if !open(total) || disputed.contains(total) {
                    continue;
                }
                let values: Option<Vec<Decimal>> =
                    parts.iter().map(|p| number(p).or_else(|| implied.get(p).copied())).collect();
                if let Some(values) = values {
                    found.push((*total, values.iter().sum()));
                }
            }
            let before = implied.len();
            for (key, value) in found {
                if *implied.entry(key).or_insert(value) != value {
                    clash.insert(key);
                }
            }
            if implied.len() == before {
                break;
            }
        }
        if clash.is_empty() {
            return implied;
        }
        disputed.extend(clash);
    }
}

/// Every sum with a single total, written out over the cells it holds for.
fn equations<'f>(table: &'f FormTable, cells: &BTreeMap<Key<'f>, Printed>) -> Vec<Equation<'f>> {
    let mut out = Vec::new();
    for sum in &table.sums {
        let [total] = sum.total.as_slice() else { continue };
        let lines: BTreeSet<&'f str> = match sum.over {
            Over::Columns => table.rows().map(|r| r.key.as_str()).collect(),
            Over::Rows => table.columns.iter().map(|c| c.key.as_str()).collect(),
        };
        for line in lines {
            let key = |term: &'f str| match sum.over {
                Over::Columns => (line, term),
                Over::Rows => (term, line),
            };
            let parts: Vec<Key<'f>> = sum.parts.iter().map(|p| key(p)).collect();
            let total = key(total);
            if cells.contains_key(&total) && parts.iter().all(|p| cells.contains_key(p)) {
                out.push((total, parts));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Forms;
    use super::*;

    fn challenge(line: &[(&str, &str)]) -> BTreeMap<String, Decimal> {
        let forms = Forms::builtin();
        let table = forms.get("2021").unwrap().table("challenges").unwrap();
        let implied = imply(table, |row, column| {
            let raw = line.iter().find(|(c, _)| *c == column && row == "review");
            match raw.map(|(_, v)| *v) {
                None | Some("") => (State::Blank, None),
                Some(v) => (State::Number, Some(v.parse().unwrap())),
            }
        });
        implied
            .into_iter()
            .filter(|(k, _)| k.0 == "review")
            .map(|(k, v)| (k.1.to_owned(), v))
            .collect()
    }

    #[test]
    fn blank_part_of_a_settled_total_is_zero() {
        let implied =
            challenge(&[("upheld", "5"), ("other", "2"), ("pending", "0"), ("total", "7")]);
        assert_eq!(implied, BTreeMap::from([("corrected".to_owned(), Decimal::ZERO)]));
    }

    #[test]
    fn parts_of_a_printed_total_of_zero_are_zero() {
        assert_eq!(challenge(&[("total", "0")]).len(), 4);
    }

    #[test]
    fn nothing_follows_from_blanks_alone_or_from_a_sum_that_fails() {
        assert!(challenge(&[]).is_empty());
        assert!(challenge(&[("upheld", "5"), ("total", "7")]).is_empty());
    }

    #[test]
    fn blank_total_follows_from_its_parts() {
        let implied =
            challenge(&[("upheld", "1"), ("corrected", "2"), ("other", "0"), ("pending", "4")]);
        assert_eq!(implied, BTreeMap::from([("total".to_owned(), Decimal::from(7))]));
    }
}
