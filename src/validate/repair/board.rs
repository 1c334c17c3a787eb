//! A report laid out for trying changes: its cells, and the checks they stand in.

use super::super::outcome::{Outcome, Quantity, Verdict};
use super::super::sheet::{Before, Case, Seen, Sheet};
use super::super::totals::name;
use super::super::{text, years};
use crate::form::{CellDef, FormTable, Over, ValueKind};
use crate::narrative::Certainty;
use crate::report::{Cell, State};

/// A cell of the report.
pub(super) struct Spot<'a> {
    pub def: CellDef<'a>,
    edition: &'a str,
    /// Index of its sheet and its table.
    pub table: (usize, usize),
    pub row: usize,
    pub column: usize,
    pub seen: Seen,
    /// The text of a cell that holds no count.
    pub odd: Option<&'a str>,
    /// Whether it is the total of its row.
    pub heads_row: bool,
}

impl Spot<'_> {
    /// `table/row/column`.
    pub fn name(&self) -> String {
        name(self.def)
    }

    /// Whether it may hold a value.
    pub fn admits(&self, value: i64) -> bool {
        match self.def.kind() {
            ValueKind::Count => value >= 0,
            ValueKind::Signed => true,
            ValueKind::Money => false,
        }
    }

    /// What is printed in it.
    pub fn printed(&self, cells: &[Cell]) -> Option<String> {
        let (table, row, column) = (&self.def.table.key, &self.def.row.key, &self.def.column.key);
        let own = |c: &&Cell| c.edition.as_deref().is_none_or(|e| e == self.edition);
        let named = |c: &&Cell| c.table == *table && c.row == *row && c.column == *column;
        let raw = cells.iter().filter(named).filter(own).find_map(|c| c.raw.clone());
        let known = || match self.seen.state {
            State::Blank => Some(String::new()),
            _ => self.odd.map(str::to_owned).or(self.seen.value.map(|v| v.to_string())),
        };
        raw.or_else(known)
    }
}

/// What kind of check it is, from what must hold to what only speaks for or against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A sum of the form.
    Sum,
    /// A part that cannot exceed its whole.
    Share,
    /// A cell that must hold a count.
    Count,
    /// A cell that must not be blank.
    Filled,
    /// A relation to last year's report.
    Tie,
    /// A figure of the narrative.
    Text,
}

impl Sort {
    /// Whether it belongs to the report's own arithmetic.
    pub fn is_hard(self) -> bool {
        !matches!(self, Sort::Tie | Sort::Text)
    }
}

/// What must hold of some cells: with their factors they add up to `want`, or to no less.
pub(super) struct Check<'a> {
    pub sort: Sort,
    rule: &'a str,
    /// Cells with their factors, in the order in which findings name them.
    pub terms: Vec<(usize, i64)>,
    pub want: i64,
    at_least: bool,
    /// The cell that is the sum of the others.
    pub total: Option<usize>,
    /// Whether it is a sum down a column.
    pub down: bool,
    /// What the printed terms add up to.
    pub known: i64,
    /// Terms without a printed number.
    pub open: usize,
    pub fails: bool,
}

impl Check<'_> {
    /// Whether it does if its terms add up to this.
    pub fn holds(&self, sum: i64) -> bool {
        if self.at_least { sum >= self.want } else { sum == self.want }
    }
}

/// A report's cells and checks.
#[derive(Default)]
pub(super) struct Board<'a> {
    pub spots: Vec<Spot<'a>>,
    pub checks: Vec<Check<'a>>,
    /// For each cell the checks it stands in, with its factor.
    pub of: Vec<Vec<(usize, i64)>>,
}

impl<'a> Board<'a> {
    /// Lays out a report.
    pub fn new(case: &Case<'a>) -> Board<'a> {
        let mut board = Board::default();
        let mut first = Vec::new();
        for (s, sheet) in case.now.sheets.iter().enumerate() {
            for (t, (table, seen)) in sheet.tables().enumerate() {
                if s == 0 {
                    first.push(board.spots.len());
                }
                board.lay(sheet, (s, t), table, seen);
                board.sums(table, seen.len());
                board.ties(case, table, seen.len());
            }
        }
        board.odd_cells(case);
        if let Some(sheet) = case.now.sheets.first() {
            board.claims(case, sheet, &first);
        }
        board
    }

    /// The cells of a table.
    fn lay(
        &mut self,
        sheet: &'a Sheet<'a>,
        at: (usize, usize),
        table: &'a FormTable,
        seen: &[Seen],
    ) {
        for (number, seen) in seen.iter().enumerate() {
            self.spots.push(Spot {
                def: table.numbered_cell(number),
                edition: &sheet.form.edition,
                table: at,
                row: table.row_of(number),
                column: table.column_of(number),
                seen: *seen,
                odd: None,
                heads_row: false,
            });
            self.of.push(Vec::new());
        }
        let first = self.spots.len() - seen.len();
        for (t, number, raw) in &sheet.odd {
            if *t == at.1 {
                self.spots[first + number].odd = Some(raw);
            }
        }
    }

    /// The sums and shares of the table laid out last.
    fn sums(&mut self, table: &'a FormTable, size: usize) {
        let first = self.spots.len() - size;
        for equation in table.equations() {
            let def = &table.sums[equation.sum];
            let total = equation.total.iter().map(|n| (first + n, 1));
            let terms = total.chain(equation.parts.iter().map(|n| (first + n, -1))).collect();
            let (down, before) = (def.over == Over::Rows, self.checks.len());
            self.add(Sort::Sum, &def.rule, terms, 0, false);
            let whole = match equation.total.as_slice() {
                [whole] => Some(first + whole),
                _ => None,
            };
            if let Some(check) = self.checks.get_mut(before) {
                (check.total, check.down) = (whole, down);
            }
            if let Some(whole) = whole.filter(|_| !down) {
                self.spots[whole].heads_row = true;
            }
        }
        for share in &table.shares {
            for column in &table.columns {
                let number = |row: &str| table.cell_number(row, &column.key);
                let (Some(whole), Some(part)) = (number(&share.whole), number(&share.part)) else {
                    continue;
                };
                let terms = vec![(first + part, -1), (first + whole, 1)];
                self.add(Sort::Share, &share.rule, terms, 0, true);
            }
        }
    }

    /// What ties the table laid out last to last year's.
    fn ties(&mut self, case: &Case<'a>, table: &'a FormTable, size: usize) {
        let first = self.spots.len() - size;
        let Before::Known { reports, .. } = case.before else { return };
        if reports.is_empty() {
            return;
        }
        for (continuity, tie) in table.continuities.iter().enumerate() {
            for relation in years::relations(reports, table, continuity) {
                let Some(before) = relation.before() else { continue };
                let side = |cells: &[usize], factor: i64| -> Vec<(usize, i64)> {
                    cells.iter().map(|n| (first + n, factor)).collect()
                };
                let mut terms = side(relation.now, 1);
                terms.extend(side(relation.plus, -1));
                terms.extend(side(relation.minus, 1));
                self.add(Sort::Tie, &tie.rule, terms, before, tie.at_least);
            }
        }
    }

    /// The cells that hold what no count is, and a blank where it is the only one of its table.
    fn odd_cells(&mut self, case: &Case<'a>) {
        for spot in 0..self.spots.len() {
            let here = &self.spots[spot];
            let counts = here.def.kind() != ValueKind::Money;
            let (sort, rule) = match (here.seen.state, here.seen.value) {
                (State::Text, _) => (Sort::Count, "not-a-number"),
                (State::Number, None) if counts => (Sort::Count, "fraction"),
                (_, Some(value)) if counts && !here.admits(value) => (Sort::Count, "negative"),
                (State::Blank, _) if counts && self.is_only_blank(case, spot) => {
                    (Sort::Filled, "blank-cell")
                }
                _ => continue,
            };
            self.add(sort, rule, vec![(spot, 1)], 0, true);
            if let Some(check) = self.checks.last_mut().filter(|c| c.sort == sort) {
                check.fails = true;
            }
        }
    }

    fn is_only_blank(&self, case: &Case<'_>, spot: usize) -> bool {
        let (sheet, table) = self.spots[spot].table;
        let seen = &case.now.sheets[sheet].tables[table];
        seen.iter().filter(|s| s.state == State::Blank).count() == 1
    }

    /// What the narrative says of the cells.
    fn claims(&mut self, case: &Case<'a>, sheet: &'a Sheet<'a>, first: &[usize]) {
        for claim in &case.now.claims().claims {
            let certain = claim.certainty == Certainty::Certain;
            let (Some((cells, _)), Ok(value)) =
                (text::of_table(sheet, &claim.figure), i64::try_from(claim.value))
            else {
                continue;
            };
            let spot = |cell: &CellDef<'_>| {
                let t = sheet.form.tables.iter().position(|t| std::ptr::eq(t, cell.table))?;
                let number = cell.table.cell_number(&cell.row.key, &cell.column.key)?;
                Some((first[t] + number, 1))
            };
            let terms: Option<Vec<_>> = cells.iter().map(spot).collect();
            if let Some(terms) = terms.filter(|_| certain) {
                self.add(Sort::Text, "text-number", terms, value, false);
            }
        }
    }

    /// Adds a check, but for one on money, or on more than can be added up.
    fn add(
        &mut self,
        sort: Sort,
        rule: &'a str,
        terms: Vec<(usize, i64)>,
        want: i64,
        at_least: bool,
    ) {
        let value = |spot: usize| self.spots[spot].seen.value;
        let money = |spot: usize| self.spots[spot].def.kind() == ValueKind::Money;
        let printed = terms.iter().filter_map(|(spot, factor)| Some(value(*spot)? * factor));
        let known = printed.clone().try_fold(0i64, i64::checked_add);
        let (Some(known), false) = (known, terms.iter().any(|(spot, _)| money(*spot))) else {
            return;
        };
        let open = terms.len() - printed.count();
        for (spot, factor) in &terms {
            self.of[*spot].push((self.checks.len(), *factor));
        }
        let mut check = Check {
            sort,
            rule,
            terms,
            want,
            at_least,
            total: None,
            down: false,
            known,
            open,
            fails: false,
        };
        check.fails = open == 0 && !check.holds(known);
        self.checks.push(check);
    }

    /// For each check that fails the outcomes that tell of it.
    pub fn told(&self, outcomes: &[Outcome]) -> Vec<Vec<usize>> {
        let failures = || outcomes.iter().enumerate().filter(|(_, o)| o.verdict == Verdict::Fail);
        let tell = |check: &Check<'_>| -> Vec<usize> {
            if !check.fails {
                return Vec::new();
            }
            let names: Vec<String> =
                check.terms.iter().map(|(spot, _)| self.spots[*spot].name()).collect();
            let edition = Some(self.spots[check.terms[0].0].edition);
            let telling = failures().filter(|(_, o)| {
                o.edition.as_deref() == edition && o.cells == names && is_of(check, o)
            });
            telling.map(|(number, _)| number).collect()
        };
        self.checks.iter().map(tell).collect()
    }
}

/// Whether an outcome on a check's cells is the check's.
fn is_of(check: &Check<'_>, outcome: &Outcome) -> bool {
    let id = outcome.rule.id.as_str();
    match check.sort {
        Sort::Text => {
            matches!(id, "text-number" | "text-contradiction")
                && outcome.found == Some(Quantity::Number(check.want))
        }
        _ => id == check.rule,
    }
}
