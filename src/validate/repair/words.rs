//! A repair as a sentence.

use rust_i18n::t;

use super::super::totals::label;
use super::{Change, Kind, Repair};
use crate::form::{CellDef, Form, Forms};
use crate::lang::Lang;

impl Repair {
    /// One sentence: what to change, and what that settles. Cells have the names of the form in
    /// force for the year, or of the first that has them.
    #[must_use]
    pub fn sentence(&self, forms: &Forms, year: Option<i32>, lang: Lang) -> String {
        let namer = Namer { forms, year, lang };
        let locale = lang.key();
        let change = namer.change(self.kind, &self.cells);
        let slip = match self.kind {
            Kind::DigitDropped => t!("repair.slip.digit_dropped", locale = locale),
            Kind::DigitDoubled => t!("repair.slip.digit_doubled", locale = locale),
            Kind::DigitsSwapped => t!("repair.slip.digits_swapped", locale = locale),
            _ => "".into(),
        };
        // a rule that is no sum has one finding
        let count = self.equations.max(self.settles.len());
        if self.determined {
            return t!("repair.is", locale = locale, change = change, slip = slip, count = count)
                .into();
        }
        let others = match self.alternatives.as_ref().map_or(0, Vec::len) {
            0 => "".into(),
            n => t!("repair.others", locale = locale, count = n),
        };
        t!(
            "repair.may_be",
            locale = locale,
            change = change,
            slip = slip,
            count = count,
            others = others
        )
        .into()
    }
}

/// Names cells.
struct Namer<'f> {
    forms: &'f Forms,
    year: Option<i32>,
    lang: Lang,
}

impl<'f> Namer<'f> {
    fn cell(&self, name: &str) -> Option<CellDef<'f>> {
        let of_year = |f: &&Form| self.year.is_some_and(|year| f.in_force(year));
        let mine = self.forms.iter().filter(of_year);
        mine.chain(self.forms.iter()).find_map(|f| f.named_cell(name))
    }

    /// A cell in words; its key where no form has it.
    fn label(&self, name: &str) -> String {
        self.cell(name).map_or_else(|| name.to_owned(), |c| label(c).get(self.lang).to_owned())
    }

    /// What is changed.
    fn change(&self, kind: Kind, cells: &[Change]) -> String {
        let locale = self.lang.key();
        match (kind, cells) {
            (_, []) => String::new(),
            (_, [one]) => {
                let cell = self.label(&one.cell);
                t!("repair.one", locale = locale, cell = cell, to = one.to).into()
            }
            (Kind::CellsSwapped, [a, b, ..]) => {
                let (a, b) = (self.label(&a.cell), self.label(&b.cell));
                t!("repair.swap", locale = locale, a = a, b = b).into()
            }
            (_, [first, ..]) => {
                let row = self.cell(&first.cell).map(|c| self.lang.pick(&c.row.label, &c.row.en));
                let row = row.unwrap_or(&first.cell);
                t!("repair.shift", locale = locale, row = row).into()
            }
        }
    }
}
