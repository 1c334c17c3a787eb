//! What must be said beside a matrix: what each measure is and how many reports are in it, what the
//! marks mean, what was asked for.

use rust_i18n::t;

use super::{About, Matrix, State};
use crate::export::{About as Page, CORRECTED, Document};
use crate::lang::Lang;
use crate::metric::{Measured, Metric};
use crate::table::{Column, Table, Unit as Meaning, Value};

/// The columns of the table of measures.
const MEASURES: [&str; 8] =
    ["name", "key", "definition", "formula", "least", "used", "left_open", "left_out"];
/// The first of them that are numbers; those that are counts of reports.
const LEAST: usize = 4;
const COUNTS: std::ops::RangeFrom<usize> = 5..;

impl Matrix<'_> {
    /// With all that is said of it.
    pub(super) fn document(&self, about: &About, lang: Lang) -> Document<'static> {
        let mut page = Page { title: about.title.clone(), ..Page::default() };
        page.notes = self.notes(about, lang);
        page.facts.clone_from(&about.facts);
        let mut document = Document { about: page, parts: Vec::new() };
        document.add("", self.for_people(lang));
        document.add(t!("deliver.matrix.measures", locale = lang.key()), self.measures(lang));
        document
    }

    /// What the marks that occur mean, and what else must be known.
    pub(super) fn notes(&self, about: &About, lang: Lang) -> Vec<String> {
        let locale = lang.key();
        let has = |state| self.entries().any(|(_, entry)| entry.state == state);
        let is_small = self.entries().any(|(column, e)| e.is_small(self.columns[column].metric));
        let is_corrected =
            self.lines.iter().any(|line| (0..line.entries.len()).any(|n| line.is_corrected(n)));
        let mut notes = about.notes.clone();
        let legend = [
            (has(State::Open), "open"),
            (has(State::NotAsked), "not_asked"),
            (has(State::NoReport), "no_report"),
            (self.entries().any(|(_, entry)| entry.implied), "implied"),
            (is_small, "small"),
            (is_corrected, "corrected"),
            (self.columns.iter().any(|c| !c.metric.unit.is_plain()), "ratio"),
        ];
        for (_, which) in legend.into_iter().filter(|(occurs, _)| *occurs) {
            notes.push(
                t!(format!("deliver.matrix.legend.{which}"), locale = locale, mark = CORRECTED)
                    .into(),
            );
        }
        if self.unchecked > 0 {
            let said = t!("deliver.matrix.unchecked", locale = locale, count = self.unchecked);
            notes.push(said.into());
        }
        for caveat in self.caveats(lang) {
            notes.push(caveat);
        }
        notes
    }

    fn entries(&self) -> impl Iterator<Item = (usize, &super::Entry)> {
        self.lines.iter().flat_map(|line| line.entries.iter().enumerate())
    }

    /// What to mind, where the matrix has reports of several editions.
    fn caveats(&self, lang: Lang) -> Vec<String> {
        let mut editions: Vec<_> =
            self.totals.iter().flat_map(|t| &t.sums).flat_map(|sum| &sum.editions).collect();
        editions.sort();
        editions.dedup();
        let mut said: Vec<String> = Vec::new();
        if editions.len() < 2 {
            return said;
        }
        for metric in self.metrics() {
            for caveat in &metric.caveats {
                let (name, note) = (metric.name.get(lang), caveat.get(lang));
                let locale = lang.key();
                said.push(
                    t!("deliver.matrix.caveat", locale = locale, name = name, note = note).into(),
                );
            }
        }
        said
    }

    /// What each measure is, and how many reports are in its sums; of cells how many settle them.
    pub(super) fn measures(&self, lang: Lang) -> Table {
        let named = |key: &&str| {
            let title = t!(format!("deliver.matrix.measure.{key}"), locale = lang.key());
            Column { title: Some(title.into()), ..Column::new(*key) }
        };
        let keys = if self.of_cells { &MEASURES[COUNTS] } else { &MEASURES[..] };
        let mut columns: Vec<Column> = MEASURES[..2].iter().map(named).collect();
        columns.extend(keys.iter().filter(|key| !MEASURES[..2].contains(*key)).map(named));
        let counts = columns.iter_mut().filter(|c| MEASURES[LEAST..].contains(&c.name.as_str()));
        counts.for_each(|column| column.unit = Meaning::Count);
        let rows = self.metrics().enumerate().map(|(number, metric)| {
            let fact = |key: &str| self.measure(number, metric, key, lang);
            columns.iter().map(|column| fact(&column.name)).collect()
        });
        Table { rows: rows.collect(), columns: columns.clone(), total_rows: None }
    }

    fn measure(&self, number: usize, metric: &Metric, key: &str, lang: Lang) -> Value {
        let text = |text: &str| Value::Text(text.to_owned());
        let count = |of: fn(&Measured) -> i64| {
            let sums = self.totals.iter().flat_map(|total| match self.is_over_years() {
                true => &total.sums[..],
                false => &total.sums[number..=number],
            });
            Value::Int(sums.map(of).sum())
        };
        match key {
            "name" => text(metric.name.get(lang)),
            "key" => text(&metric.key),
            "definition" => text(metric.definition.get(lang)),
            "formula" => text(&metric.formula(lang)),
            "least" => metric.least.map_or(Value::Null, Value::Int),
            "used" => count(|sum| sum.used),
            "left_open" => count(|sum| sum.incomplete),
            _ => count(|sum| sum.not_asked),
        }
    }
}
