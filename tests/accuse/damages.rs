//! Damages to the figures of a report, each with one known error.

use super::chance::Chance;
use super::forms::{APPLICANTS, PROCEEDINGS, RESULTS, outcomes};
use super::pages::Layout;
use super::report::Made;
use super::score::{Kind, Wound};
use super::statistics::{PARTS_2014, SHARES_2014};
use super::wording::narrow;

pub const ALL: &[u16] = &[2014, 2019, 2021];
pub const NEW: &[u16] = &[2019, 2021];

/// Rules that look at what the narrative says of a cell.
const TEXT: [&str; 2] = ["text-number", "text-contradiction"];

type Change = fn(&mut Made, &mut Chance) -> Option<Wound>;

fn kind(name: &str, rule: &'static str, editions: &'static [u16], change: Change) -> Kind {
    let wound = Box::new(move |made: &mut Made, chance: &mut Chance| change(made, chance));
    Kind { name: name.to_owned(), rule, severity: "error", editions, wound }
}

/// Kinds of wrong figures.
pub fn kinds() -> Vec<Kind> {
    vec![
        kind("a row's total mistyped", "row-total", NEW, |m, c| {
            let row = *c.pick(&outcomes(m.edition));
            slip(m, &format!("applications/{row}/total"), c)
        }),
        kind("an applicant's cell mistyped", "row-total", NEW, |m, c| {
            let cell = applicant_cell(m, c, 0)?;
            slip(m, &cell, c)
        }),
        kind("a digit left out", "row-total", NEW, |m, c| {
            let cell = applicant_cell(m, c, 10)?;
            let text = m.count(&cell).to_string();
            replace(m, &cell, &text[..text.len() - 1])
        }),
        kind("two digits exchanged", "row-total", NEW, |m, c| {
            let cell = applicant_cell(m, c, 12)?;
            let mut digits: Vec<char> = m.count(&cell).to_string().chars().collect();
            digits.swap(0, 1);
            let text: String = digits.iter().collect();
            if digits[0] == '0' || text == m.count(&cell).to_string() {
                None
            } else {
                replace(m, &cell, &text)
            }
        }),
        kind("a digit doubled", "row-total", NEW, |m, c| {
            let cell = applicant_cell(m, c, 1)?;
            let text = m.count(&cell).to_string();
            replace(m, &cell, &format!("{}{text}", &text[..1]))
        }),
        kind("two rows exchanged in a column", "row-total", NEW, |m, c| {
            let (a, b) = two(&outcomes(m.edition), c);
            let column = c.pick(&APPLICANTS[..6]).0;
            let cell = |row: &str| format!("applications/{row}/{column}");
            exchange(m, &cell(a), &cell(b))
        }),
        kind("a row shifted by a column", "row-total", NEW, shifted_row),
        kind("the total of outcomes mistyped", "processed-total", NEW, |m, c| {
            let column = c.pick(&APPLICANTS).0;
            slip(m, &format!("applications/processed_total/{column}"), c)
        }),
        kind("two applicants exchanged in a row", "processed-total", NEW, |m, c| {
            let row = *c.pick(&outcomes(m.edition));
            let (a, b) = two(&[0usize, 1, 2, 3, 4, 5], c);
            let cell = |n: usize| format!("applications/{row}/{}", APPLICANTS[n].0);
            exchange(m, &cell(a), &cell(b))
        }),
        kind("an outcome miscounted in its whole row", "processed-total", NEW, |m, c| {
            let row = *c.pick(&outcomes(m.edition));
            whole_row(m, row, c)
        }),
        kind("carried out miscounted", "balance", NEW, |m, c| whole_row(m, "carried_out", c)),
        kind("new applications miscounted", "balance", NEW, |m, c| whole_row(m, "received.new", c)),
        kind("a total of cases mistyped", "challenge-total", NEW, |m, c| {
            let row = *c.pick(&PROCEEDINGS);
            slip(m, &format!("challenges/{row}/total"), c)
        }),
        kind("a result of cases mistyped", "challenge-total", NEW, |m, c| {
            let (row, result) = (*c.pick(&PROCEEDINGS), c.pick(&RESULTS[..4]).0);
            slip(m, &format!("challenges/{row}/{result}"), c)
        }),
        kind("a whole mistyped", "part-sum", &[2014], |m, c| {
            let whole = c.pick(&PARTS_2014).0;
            slip(m, &format!("statistics/{whole}/value"), c)
        }),
        kind("a part mistyped", "part-sum", &[2014], |m, c| {
            let parts = c.pick(&PARTS_2014).1;
            let part = *c.pick(parts);
            slip(m, &format!("statistics/{part}/value"), c)
        }),
        kind("a part larger than its whole", "part-exceeds-whole", &[2014], |m, c| {
            let (whole, part) = *c.pick(&SHARES_2014);
            let most = m.count(&format!("statistics/{whole}/value"));
            let more = (most + c.range(1, 9)).to_string();
            replace(m, &format!("statistics/{part}/value"), &more)
        }),
        kind("a minus before a count", "negative", ALL, |m, c| {
            let cell = any_cell(m, c);
            let n = m.count(&cell);
            if n < 1 || cell.ends_with("/change") {
                return None;
            }
            replace(m, &cell, &format!("-{n}"))
        }),
        kind("a count with decimals", "fraction", ALL, |m, c| {
            let cell = any_cell(m, c);
            let text = format!("{}.{}", m.count(&cell).abs(), c.range(1, 9));
            replace(m, &cell, &text)
        }),
        kind("a count beyond all sense", "fraction", ALL, |m, c| {
            let cell = any_cell(m, c);
            let text =
                format!("{}{}", c.range(1_000_000, 9_999_999), c.range(1_000_000, 9_999_999));
            replace(m, &cell, &text)
        }),
        kind("words in a cell", "not-a-number", ALL, |m, c| {
            let cell = any_cell(m, c);
            let words = ["见附件", "详见下表", "已公开", "本单位未制作", "若干", "数据待补"];
            let text = *c.pick(&words);
            // with a cell a line, words are no cell
            m.layout = *c.pick(&Layout::GRIDS);
            replace(m, &cell, text)
        }),
    ]
}

fn any_cell(made: &Made, chance: &mut Chance) -> String {
    let cells = made.cells();
    chance.pick(&cells).clone()
}

/// A cell of an outcome and an applicant that is at least so large.
fn applicant_cell(made: &Made, chance: &mut Chance, least: i64) -> Option<String> {
    let rows = outcomes(made.edition);
    let cells = rows.iter().flat_map(|row| {
        APPLICANTS[..6].iter().map(move |(column, _)| format!("applications/{row}/{column}"))
    });
    let cells: Vec<String> = cells.filter(|c| made.count(c) >= least).collect();
    (!cells.is_empty()).then(|| chance.pick(&cells).clone())
}

fn two<T: Copy + PartialEq>(of: &[T], chance: &mut Chance) -> (T, T) {
    loop {
        let (a, b) = (*chance.pick(of), *chance.pick(of));
        if a != b {
            return (a, b);
        }
    }
}

/// Prints another text in a cell.
pub fn replace(made: &mut Made, cell: &str, text: &str) -> Option<Wound> {
    let before = narrow(&made.printed(cell));
    made.print(cell, text);
    Some(Wound {
        cells: vec![cell.to_owned()],
        also: TEXT.to_vec(),
        repair: vec![(cell.to_owned(), text.to_owned(), before)],
        ..Wound::default()
    })
}

/// A number off by a little, as one mistypes it.
pub fn mistyped(n: i64, chance: &mut Chance) -> i64 {
    loop {
        let other = match chance.below(4) {
            0 => n + chance.range(1, 9),
            1 => n - chance.range(1, 9),
            2 => n * 10 + chance.range(0, 9),
            _ => n + *chance.pick(&[10, -10, 100, 1]),
        };
        if other >= 0 && other != n {
            return other;
        }
    }
}

fn slip(made: &mut Made, cell: &str, chance: &mut Chance) -> Option<Wound> {
    let wrong = mistyped(made.count(cell), chance).to_string();
    replace(made, cell, &wrong)
}

/// Exchanges what two cells print.
fn exchange(made: &mut Made, a: &str, b: &str) -> Option<Wound> {
    let (x, y) = (made.printed(a), made.printed(b));
    if made.count(a) == made.count(b) {
        return None;
    }
    let mut wound = replace(made, a, &y)?;
    wound.cells.push(b.to_owned());
    wound.repair.extend(replace(made, b, &x)?.repair);
    Some(wound)
}

/// A row whose figures all stand one column to the right.
fn shifted_row(made: &mut Made, chance: &mut Chance) -> Option<Wound> {
    let row = *chance.pick(&outcomes(made.edition));
    let name = format!("applications/{row}");
    let printed = made.row_mut(&name)?;
    let before = printed.values.clone();
    if narrow(&before[5]) == narrow(&before[6]) {
        return None;
    }
    printed.values.rotate_right(1);
    printed.values[0] = "0".to_owned();
    let after = printed.values.clone();
    let changed = APPLICANTS.iter().zip(before.iter().zip(&after));
    let changed = changed.filter(|(_, (b, a))| narrow(b) != narrow(a));
    let cell = |column: &str| format!("{name}/{column}");
    let repair: Vec<_> =
        changed.map(|((key, _), (b, a))| (cell(key), a.clone(), narrow(b))).collect();
    // the row may add up by chance
    let sum: i64 = after[..6].iter().map(|v| narrow(v).parse().unwrap_or(0)).sum();
    if narrow(&after[6]) == sum.to_string() {
        return None;
    }
    let cells = repair.iter().map(|r| r.0.clone()).collect();
    Some(Wound {
        cells,
        named: vec![cell("total")],
        also: TEXT.to_vec(),
        repair,
        ..Wound::default()
    })
}

/// A row whose figure is wrong with its total: the row adds up, its columns do not.
fn whole_row(made: &mut Made, row: &str, chance: &mut Chance) -> Option<Wound> {
    let column = chance.pick(&APPLICANTS[..6]).0;
    let cell = |column: &str| format!("applications/{row}/{column}");
    let (part, total) = (cell(column), cell("total"));
    let wrong = mistyped(made.count(&part), chance);
    let sum = made.count(&total) + wrong - made.count(&part);
    let mut wound = replace(made, &part, &wrong.to_string())?;
    wound.repair.extend(replace(made, &total, &sum.to_string())?.repair);
    wound.cells.push(total);
    Some(wound)
}
