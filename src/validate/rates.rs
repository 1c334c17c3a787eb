//! The rates that bodies are compared by, read from `data/rates.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::form::Form;
use crate::lang::Bilingual;

const RATES: &str = include_str!("../../data/rates.toml");

/// A part of a whole, each the sum of figures of the one series over all editions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Stable id.
    pub id: String,
    zh: String,
    en: String,
    /// Figures as `series/figure`.
    pub part: Vec<String>,
    /// Likewise.
    pub whole: Vec<String>,
}

/// What a report says of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Its edition does not have the figures.
    NotAsked,
    /// Some figure is not settled.
    Unsettled,
    /// Part and whole.
    Settled(i64, i64),
}

impl Rate {
    /// What it is called in a sentence.
    #[must_use]
    pub fn title(&self) -> Bilingual {
        Bilingual { zh: self.zh.clone(), en: self.en.clone() }
    }

    /// What a report of an edition says of it, given the value of each figure.
    pub fn said(&self, form: &Form, value: impl Fn(&str) -> Option<i64>) -> Said {
        if self.figures().any(|figure| cells_of(form, figure).is_none()) {
            return Said::NotAsked;
        }
        let sum = |figures: &[String]| {
            figures.iter().try_fold(0i64, |sum, figure| sum.checked_add(value(figure)?))
        };
        match sum(&self.part).zip(sum(&self.whole)) {
            Some((part, whole)) => Said::Settled(part, whole),
            None => Said::Unsettled,
        }
    }

    /// Names of the cells that it comes from in an edition, each once, those of the part first.
    #[must_use]
    pub fn cells(&self, form: &Form) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.figures().filter_map(|figure| cells_of(form, figure)).flatten() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    fn figures(&self) -> impl Iterator<Item = &str> {
        self.part.iter().chain(&self.whole).map(String::as_str)
    }
}

/// The cells of an edition that make up a figure.
fn cells_of<'f>(form: &'f Form, figure: &str) -> Option<&'f Vec<String>> {
    let (series, figure) = figure.split_once('/')?;
    form.series.get(series)?.get(figure)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    rates: Vec<Rate>,
}

static LIST: LazyLock<List> = LazyLock::new(|| toml::from_str(RATES).expect("data/rates.toml"));

/// All rates in the order of the list.
#[must_use]
pub fn rates() -> &'static [Rate] {
    &LIST.rates
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;

    #[test]
    fn the_form_in_force_has_every_rate() {
        let forms = Forms::builtin();
        let form = forms.get("2021").unwrap();
        for rate in rates() {
            assert!(!rate.title().zh.is_empty() && !rate.title().en.is_empty());
            assert_eq!(rate.said(form, |_| Some(2)), {
                let sum = |figures: &[String]| 2 * figures.len() as i64;
                Said::Settled(sum(&rate.part), sum(&rate.whole))
            });
            for name in rate.cells(form) {
                assert!(form.named_cell(&name).is_some(), "{name}");
            }
        }
        let mut ids: Vec<&str> = rates().iter().map(|r| r.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), rates().len());
    }

    #[test]
    fn an_edition_has_a_rate_only_with_all_its_figures() {
        let forms = Forms::builtin();
        let of = |edition: &str, id: &str| {
            let rate = rates().iter().find(|r| r.id == id).unwrap();
            rate.said(forms.get(edition).unwrap(), |f| (f != "requests/refused").then_some(30))
        };
        assert_eq!(of("2014", "granted"), Said::Settled(30, 30));
        assert_eq!(of("2014", "carried-out"), Said::NotAsked);
        assert_eq!(of("2021", "carried-out"), Said::Settled(30, 60));
        assert_eq!(of("2021", "refused"), Said::Unsettled);
    }

    #[test]
    fn the_cells_of_a_rate_are_named_once() {
        let forms = Forms::builtin();
        let review = &rates()[0];
        assert_eq!(
            review.cells(forms.get("2021").unwrap()),
            ["corrected", "upheld", "other"].map(|c| format!("challenges/review/{c}"))
        );
    }
}
