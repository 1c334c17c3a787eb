//! Sums and 其中 lines of the forms, as `forms/*.toml` define them.

use rust_i18n::t;

use super::outcome::{Failure, Quantity, Sink};
use super::sheet::{Case, Seen};
use crate::form::{CellDef, FormTable, Over};
use crate::lang::{Bilingual, Lang};
use crate::report::State;

/// Name of a cell as findings give it.
pub(crate) fn name(cell: CellDef<'_>) -> String {
    format!("{}/{}/{}", cell.table.key, cell.row.key, cell.column.key)
}

/// A cell as a sentence names it: its row, and its column where the table has several.
pub(crate) fn label(cell: CellDef<'_>) -> Bilingual {
    let (row, column) = (cell.row, cell.column);
    let of = |lang: Lang| {
        let locale = lang.key();
        let row = match lang {
            Lang::Zh => cell.table.row_label(row),
            Lang::En => row.en.as_str().into(),
        };
        if cell.table.columns.len() == 1 {
            return t!("finding.row", locale = locale, row = row).into();
        }
        let column = lang.pick(&column.label, &column.en);
        t!("finding.cell", locale = locale, row = row, column = column).into()
    };
    Bilingual { zh: of(Lang::Zh), en: of(Lang::En) }
}

/// The sum of printed values; none if one is not printed.
pub(super) fn printed(cells: &[Seen], terms: &[usize]) -> Option<i64> {
    terms.iter().try_fold(0i64, |sum, n| sum.checked_add(cells[*n].value?))
}

/// The names of the terms that hold no printed number.
pub(super) fn unprinted<'a>(
    table: &'a FormTable,
    cells: &'a [Seen],
    terms: impl Iterator<Item = &'a usize> + 'a,
) -> impl Iterator<Item = String> + 'a {
    terms.filter(|n| cells[**n].value.is_none()).map(|n| name(table.numbered_cell(*n)))
}

/// Every sum of the rule in every row or column: printed values only.
pub(super) fn sums(case: &Case<'_>, sink: &mut Sink) {
    for (form, table, cells) in case.now.tables() {
        for equation in table.equations() {
            let def = &table.sums[equation.sum];
            if def.rule != sink.rule.id {
                continue;
            }
            let terms = || equation.total.iter().chain(&equation.parts);
            let sides = printed(cells, &equation.total).zip(printed(cells, &equation.parts));
            let Some((found, expected)) = sides else {
                // a line that is not there at all is told by the rules on tables and rows
                if terms().any(|n| cells[*n].state != State::Missing) {
                    sink.lacks("blank", unprinted(table, cells, terms()));
                }
                continue;
            };
            if found == expected {
                sink.holds();
                continue;
            }
            let total = table.numbered_cell(equation.total[0]);
            let column = match def.over {
                Over::Rows => Bilingual {
                    zh: format!("“{}”", total.column.label),
                    en: format!("'{}'", total.column.en),
                },
                Over::Columns => Bilingual::default(),
            };
            sink.fail(Failure {
                args: vec![("cell", label(total)), ("column", column)],
                cells: terms().map(|n| name(table.numbered_cell(*n))).collect(),
                edition: Some(form.edition.clone()),
                expected: Some(Quantity::Number(expected)),
                found: Some(Quantity::Number(found)),
                ..Failure::default()
            });
        }
    }
}

/// Every 其中 line of the rule.
pub(super) fn shares(case: &Case<'_>, sink: &mut Sink) {
    for (form, table, cells) in case.now.tables() {
        for share in table.shares.iter().filter(|s| s.rule == sink.rule.id) {
            for column in &table.columns {
                let number = |row: &str| table.cell_number(row, &column.key);
                let (Some(whole), Some(part)) = (number(&share.whole), number(&share.part)) else {
                    continue;
                };
                let Some((most, found)) = cells[whole].value.zip(cells[part].value) else {
                    sink.lacks("blank", unprinted(table, cells, [whole, part].iter()));
                    continue;
                };
                if found <= most {
                    sink.holds();
                    continue;
                }
                let (whole, part) = (table.numbered_cell(whole), table.numbered_cell(part));
                sink.fail(Failure {
                    args: vec![("cell", label(part)), ("whole", label(whole))],
                    cells: vec![name(part), name(whole)],
                    edition: Some(form.edition.clone()),
                    expected: Some(Quantity::Number(most)),
                    found: Some(Quantity::Number(found)),
                    ..Failure::default()
                });
            }
        }
    }
}
