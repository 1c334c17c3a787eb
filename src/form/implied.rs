//! Values that a form's own sums settle where a cell was left blank.
//!
//! A blank part is an implied zero where a total equals the sum of its other parts. A blank total
//! is an implied total where all its parts are known. A sum with a negative part implies nothing:
//! something else is wrong there. What one sum implies may serve
//! another: a total printed over a row settles the blanks under it, and these the blanks in their
//! columns. Nothing follows from blanks alone, and the order of the sums does not matter.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Equation, FormTable};
use crate::report::State;

/// Values implied for cells of one table, by row and column key.
pub type Implied<'f> = BTreeMap<(&'f str, &'f str), Decimal>;

/// What is printed in a cell: its state and its number.
pub type Printed = (State, Option<Decimal>);

/// The values that `table`'s sums imply for cells that hold no number.
///
/// `printed` gives a cell's state and number. Only blank and not-applicable cells are implied: a
/// missing or unreadable cell may hold anything.
pub fn imply<'f>(table: &'f FormTable, printed: impl Fn(&str, &str) -> Printed) -> Implied<'f> {
    let cells: Vec<Printed> = table.cells().map(|c| printed(&c.row.key, &c.column.key)).collect();
    let implied = imply_cells(table.equations(), &cells);
    let settled = implied.into_iter().enumerate().filter_map(|(n, value)| Some((n, value?)));
    settled
        .map(|(n, value)| {
            let cell = table.numbered_cell(n);
            ((cell.row.key.as_str(), cell.column.key.as_str()), value)
        })
        .collect()
}

/// The values that equations with a single total imply, by number of the cell.
pub fn imply_cells(equations: &[Equation], cells: &[Printed]) -> Vec<Option<Decimal>> {
    let open = |n: usize| matches!(cells[n].0, State::Blank | State::NotApplicable);
    let nothing = vec![None; cells.len()];
    if !(0..cells.len()).any(open) {
        return nothing;
    }
    let single = equations.iter().filter_map(|e| match e.total.as_slice() {
        [total] => Some((*total, &e.parts)),
        _ => None,
    });
    let single: Vec<(usize, &Vec<usize>)> = single.collect();
    // Round by round, each from what the round before knew, so that no order matters. Cells for
    // which two sums disagree are not settled; as others may rest on them, all is worked out anew
    // without them.
    let mut disputed = vec![false; cells.len()];
    loop {
        let mut implied = nothing.clone();
        let mut clash = Vec::new();
        loop {
            let known = |n: usize| cells[n].1.or(implied[n]);
            let mut found: Vec<(usize, Decimal)> = Vec::new();
            for (total, parts) in &single {
                let (mut sum, mut given) = (Some(Decimal::ZERO), 0);
                for value in parts.iter().filter_map(|p| known(*p)) {
                    // negative figures and such as are too large to be added up settle nothing
                    sum = sum.filter(|_| value >= Decimal::ZERO).and_then(|s| s.checked_add(value));
                    given += 1;
                }
                let Some(sum) = sum else { continue };
                if given == parts.len() && open(*total) {
                    found.push((*total, sum));
                }
                if given < parts.len() && known(*total) == Some(sum) {
                    let blank = parts.iter().filter(|p| open(**p) && known(**p).is_none());
                    found.extend(blank.map(|p| (*p, Decimal::ZERO)));
                }
            }
            let mut more = false;
            for (n, value) in found.into_iter().filter(|(n, _)| !disputed[*n]) {
                match implied[n] {
                    Some(other) if other != value => clash.push(n),
                    Some(_) => {}
                    None => {
                        implied[n] = Some(value);
                        more = true;
                    }
                }
            }
            // what would follow from a disputed value depends on which sum was looked at first
            if !more || !clash.is_empty() {
                break;
            }
        }
        if clash.is_empty() {
            return implied;
        }
        clash.into_iter().for_each(|n| disputed[n] = true);
    }
}

#[cfg(test)]
mod properties;

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

    /// Rows of one column and their grand total: a blank row total follows from blanks that the
    /// grand total settles, whichever sum is looked at first.
    #[test]
    fn one_sum_may_settle_what_another_needs() {
        let forms = Forms::builtin();
        let table = forms.get("2019").unwrap().table("applications").unwrap();
        let line = |row: &str| match row {
            "granted" => ["5", "1", "", "", "1", "0", ""],
            "processed_total" => ["5", "1", "", "", "1", "0", "7"],
            _ => ["0", "0", "", "", "0", "0", ""],
        };
        let implied = imply(table, |row, column| {
            let i = table.columns.iter().position(|c| c.key == column).unwrap();
            let value = line(row)[i].parse().ok();
            (if value.is_some() { State::Number } else { State::Blank }, value)
        });
        assert_eq!(implied.get(&("granted", "research")), Some(&Decimal::ZERO));
        assert_eq!(implied.get(&("granted", "total")), Some(&Decimal::from(7)));
        assert_eq!(implied.get(&("other", "total")), Some(&Decimal::ZERO));
    }

    #[test]
    fn what_two_sums_dispute_stays_open() {
        let forms = Forms::builtin();
        let table = forms.get("2019").unwrap().table("applications").unwrap();
        // the row says its total is 3, the column of totals is complete without it
        let implied = imply(table, |row, column| {
            let value = match (row, column) {
                ("granted", "total") => None,
                ("granted", "business") => Some(3),
                ("processed_total", "total") => Some(4),
                ("partially_granted", "total") => Some(4),
                ("partially_granted" | "processed_total", "natural_person") => Some(4),
                _ => Some(0),
            };
            (if value.is_some() { State::Number } else { State::Blank }, value.map(Decimal::from))
        });
        assert_eq!(implied.get(&("granted", "total")), None);
    }

    #[test]
    fn nothing_follows_from_blanks_alone_or_from_a_sum_that_fails() {
        assert!(challenge(&[]).is_empty());
        assert!(challenge(&[("upheld", "5"), ("total", "7")]).is_empty());
    }

    #[test]
    fn figures_beyond_all_sense_imply_nothing() {
        let huge = Decimal::MAX.to_string();
        assert!(challenge(&[("upheld", &huge), ("corrected", &huge), ("total", &huge)]).is_empty());
        let parts = [("upheld", "1"), ("corrected", "-3"), ("other", "0"), ("pending", "0")];
        assert!(challenge(&parts).is_empty());
    }

    #[test]
    fn blank_total_follows_from_its_parts() {
        let implied =
            challenge(&[("upheld", "1"), ("corrected", "2"), ("other", "0"), ("pending", "4")]);
        assert_eq!(implied, BTreeMap::from([("total".to_owned(), Decimal::from(7))]));
    }
}
