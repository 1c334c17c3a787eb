//! What must hold of implied values whatever is printed: they are true wherever the sums and what
//! is printed leave only one truth, and depend on nothing but the sums and what is printed.

use std::path::Path;

use proptest::prelude::*;

use super::super::{Form, Forms};
use super::*;

/// Two rows and two columns with totals over both: small enough to try every completion.
const SQUARE: &str = r#"
edition = "9"
basis = "-"
first_year = 1
[[tables]]
key = "t"
title = "t"
en = "t"
store = "t"
row_key = "r"
columns = [{ key = "a", label = "a", en = "a" }, { key = "b", label = "b", en = "b" }, { key = "sum", label = "s", en = "s" }]
sums = [
    { rule = "across", over = "columns", total = ["sum"], parts = ["a", "b"] },
    { rule = "down", over = "rows", total = ["all"], parts = ["x", "y"] },
]
[[tables.blocks]]
columns = ["a", "b", "sum"]
rows = [{ key = "x", label = "x", en = "x" }, { key = "y", label = "y", en = "y" }, { key = "all", label = "z", en = "z" }]
"#;

/// The square, and every official table that has sums.
fn tables() -> Vec<FormTable> {
    let mut tables = Form::parse(SQUARE, Path::new("square")).unwrap().tables;
    for form in Forms::builtin().iter() {
        tables.extend(form.tables.iter().filter(|t| !t.sums.is_empty()).cloned());
    }
    tables
}

type Name = (String, String);
type Page = BTreeMap<Name, Printed>;
type Values = BTreeMap<Name, Decimal>;
/// A sum: the cell of its total and the cells of its parts.
type Written = (Name, Vec<Name>);

fn read(table: &FormTable, page: &Page) -> Values {
    let implied = imply(table, |row, column| page[&(row.to_owned(), column.to_owned())]);
    implied.into_iter().map(|((r, c), v)| ((r.to_owned(), c.to_owned()), v)).collect()
}

fn keys(table: &FormTable) -> Vec<Name> {
    table.cells().map(|c| (c.row.key.clone(), c.column.key.clone())).collect()
}

/// The sums of the table that have a single total, written out.
fn sums(table: &FormTable) -> Vec<Written> {
    let name = |n: &usize| {
        let cell = table.numbered_cell(*n);
        (cell.row.key.clone(), cell.column.key.clone())
    };
    let single = table.equations().iter().filter(|e| e.total.len() == 1);
    single.map(|e| (name(&e.total[0]), e.parts.iter().map(name).collect())).collect()
}

/// A page on which every sum holds: free cells from `seed`, totals worked out.
fn true_page(table: &FormTable, seed: &[u8]) -> Values {
    let sums = sums(table);
    fn value(key: &Name, free: &Values, sums: &[Written]) -> Decimal {
        match sums.iter().find(|(total, _)| total == key) {
            Some((_, parts)) => parts.iter().map(|part| value(part, free, sums)).sum(),
            None => free[key],
        }
    }
    let figure = |i: usize| Decimal::from(seed[i % seed.len()]);
    let free = keys(table).into_iter().enumerate().map(|(i, key)| (key, figure(i))).collect();
    keys(table).into_iter().map(|key| (key.clone(), value(&key, &free, &sums))).collect()
}

fn printed(value: Decimal) -> Printed {
    (if value.is_zero() { State::Zero } else { State::Number }, Some(value))
}

fn holds(values: &Values, sums: &[Written]) -> bool {
    sums.iter().all(|(total, parts)| values[total] == parts.iter().map(|p| values[p]).sum())
}

/// Mostly zeros, as on real pages: they are what makes blanks settle.
fn figures(most: u8) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![3 => Just(0), 1 => 0..=most], 37..97)
}

/// What a cell may look like where nothing need be true.
fn any_cell() -> impl Strategy<Value = Printed> {
    prop_oneof![
        4 => Just((State::Blank, None)),
        1 => Just((State::NotApplicable, None)),
        1 => Just((State::Missing, None)),
        1 => Just((State::Text, None)),
        4 => (0..4i64).prop_map(|n| printed(Decimal::from(n))),
        1 => prop_oneof![Just(Decimal::from(-2)), Just(Decimal::MAX)].prop_map(printed),
    ]
}

/// A line whose cells stand in many sums at once, as no official form has it but a user's may.
fn tangle() -> impl Strategy<Value = FormTable> {
    let sum = (0..7usize, prop::sample::subsequence((0..7).collect::<Vec<usize>>(), 1..4));
    prop::collection::vec(sum, 3..8).prop_map(|sums| {
        let mut table = Form::parse(SQUARE, Path::new("square")).unwrap().tables.remove(0);
        let key = |i: usize| format!("c{i}");
        let column = |i| super::super::Column { key: key(i), ..table.columns[0].clone() };
        table.columns = (0..7).map(column).collect();
        table.blocks[0].columns = (0..7).map(key).collect();
        table.blocks[0].rows.truncate(1);
        let sum = |(total, parts): (usize, Vec<usize>)| super::super::Sum {
            total: vec![key(total)],
            parts: parts.into_iter().filter(|p| *p != total).map(key).collect(),
            ..table.sums[0].clone()
        };
        table.sums = sums.into_iter().map(sum).filter(|s| !s.parts.is_empty()).collect();
        table.number_cells();
        table
    })
}

fn any_page() -> impl Strategy<Value = (FormTable, Page)> {
    let table = prop_oneof![1 => prop::sample::select(tables()), 3 => tangle()];
    (table, prop::collection::vec(any_cell(), 200)).prop_map(|(table, cells)| {
        let page = keys(&table).into_iter().zip(cells).collect();
        (table, page)
    })
}

/// The same table with its sums, their parts, its rows and columns in another order.
fn reordered(table: &FormTable, turn: usize) -> FormTable {
    fn turned<T>(list: &mut [T], turn: usize) {
        if !list.is_empty() {
            list.reverse();
            list.rotate_left(turn % list.len());
        }
    }
    let mut table = table.clone();
    turned(&mut table.sums, turn);
    table.sums.iter_mut().for_each(|sum| turned(&mut sum.parts, turn / 3));
    turned(&mut table.columns, turn / 5);
    turned(&mut table.blocks, turn / 7);
    for block in &mut table.blocks {
        turned(&mut block.rows, turn / 11);
        turned(&mut block.columns, turn / 13);
    }
    table.number_cells();
    table
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_blanked_comes_back_true_or_not_at_all(
        table in prop::sample::select(tables()),
        seed in figures(9),
        blank in prop::collection::vec(prop::bool::weighted(0.4), 200),
    ) {
        let truth = true_page(&table, &seed);
        prop_assert!(holds(&truth, &sums(&table)));
        let page: Page = truth.iter().zip(blank).map(|((key, value), blank)| {
            (key.clone(), if blank { (State::Blank, None) } else { printed(*value) })
        }).collect();
        let implied = read(&table, &page);
        for (key, value) in &implied {
            prop_assert_eq!(page[key].1, None, "{:?} is printed", key);
            prop_assert_eq!(value, &truth[key], "{:?}", key);
        }
        // a second look with the first one's values printed finds nothing more
        let mut full = page.clone();
        full.extend(implied.into_iter().map(|(key, value)| (key, printed(value))));
        prop_assert_eq!(read(&table, &full), Values::new());
    }

    #[test]
    fn no_order_matters((table, page) in any_page(), turn in any::<u16>()) {
        let turned = reordered(&table, usize::from(turn));
        prop_assert_eq!(read(&table, &page), read(&turned, &page));
    }

    #[test]
    fn only_blanks_are_filled_and_never_below_zero((table, page) in any_page()) {
        for (key, value) in read(&table, &page) {
            prop_assert!(matches!(page[&key].0, State::Blank | State::NotApplicable), "{:?}", key);
            prop_assert!(value >= Decimal::ZERO, "{:?} = {}", key, value);
        }
    }

    /// Every way to fill the blanks of a small page is tried: a value is implied only if it stands
    /// in all of them. Some pages have a figure changed, so that their sums fail.
    #[test]
    fn what_two_completions_dispute_is_never_implied(
        seed in figures(1),
        blank in prop::collection::btree_set(0..9usize, 1..5),
        wrong in prop::option::weighted(0.3, (0..9usize, 0..4i64)),
    ) {
        let table = Form::parse(SQUARE, Path::new("square")).unwrap().tables.remove(0);
        let mut values = true_page(&table, &seed);
        let keys: Vec<_> = values.keys().cloned().collect();
        if let Some((i, value)) = wrong {
            values.insert(keys[i].clone(), Decimal::from(value));
        }
        let blanks: Vec<_> = blank.iter().map(|i| keys[*i].clone()).collect();
        let page: Page = values.iter().map(|(key, value)| {
            (key.clone(), if blanks.contains(key) { (State::Blank, None) } else { printed(*value) })
        }).collect();
        let implied = read(&table, &page);
        let sums = sums(&table);
        // no figure exceeds 4: four parts of at most 1
        for number in 0..6u32.pow(blanks.len() as u32) {
            let mut completed = values.clone();
            for (i, key) in blanks.iter().enumerate() {
                completed.insert(key.clone(), Decimal::from(number / 6u32.pow(i as u32) % 6));
            }
            if holds(&completed, &sums) {
                for (key, value) in &implied {
                    prop_assert_eq!(&completed[key], value, "{:?} may be otherwise", key);
                }
            }
        }
    }
}
