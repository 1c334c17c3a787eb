//! What became of the damages of a kind.

use std::collections::BTreeSet;

use super::chance::Chance;
use super::program::Outcome;
use super::report::Made;

/// What a damage did, and so what a rule must say.
#[derive(Debug, Clone, Default)]
pub struct Wound {
    /// Cells that were changed, or the rows or tables.
    pub cells: Vec<String>,
    /// Of these the ones the finding must name, if not any of them.
    pub named: Vec<String>,
    /// Other rules that the same damage breaks.
    pub also: Vec<&'static str>,
    /// The wrong value, where the finding must give it.
    pub found: Option<i64>,
    /// Cells to set right: name, printed, true.
    pub repair: Vec<(String, String, String)>,
    /// Whether its wording is held out.
    pub held: Option<bool>,
    /// What was done, for people.
    pub note: String,
}

/// Damages a report; none if it has no place for that.
pub type Damage = dyn Fn(&mut Made, &mut Chance) -> Option<Wound>;

/// A kind of damage that is done to a report.
pub struct Kind {
    pub name: String,
    pub rule: &'static str,
    pub severity: &'static str,
    pub editions: &'static [u16],
    pub wound: Box<Damage>,
}

/// A row of the table of results.
#[derive(Debug, Clone, Default)]
pub struct Score {
    pub kind: String,
    pub rule: &'static str,
    pub severity: &'static str,
    pub editions: BTreeSet<u16>,
    pub cases: usize,
    pub found: usize,
    pub right: usize,
    /// Accusations that the damage does not explain.
    pub wrong: usize,
    /// Cases and finds with a wording that is held out.
    pub held: (usize, usize),
    /// Repairs said to be determined, and those that are true.
    pub repairs: (usize, usize),
    /// What went wrong, to be printed.
    pub misses: Vec<String>,
}

/// Whether a name of a finding and that of a damage are of one cell, row or table.
fn touches(a: &str, b: &str) -> bool {
    let under =
        |long: &str, short: &str| long.strip_prefix(short).is_some_and(|r| r.starts_with('/'));
    a == b || under(a, b) || under(b, a)
}

impl Score {
    pub fn new(kind: &str, rule: &'static str, severity: &'static str) -> Score {
        Score { kind: kind.to_owned(), rule, severity, ..Score::default() }
    }

    /// Counts a case.
    pub fn add(&mut self, file: &str, edition: u16, wound: &Wound, outcomes: &[Outcome]) {
        self.cases += 1;
        self.editions.insert(edition);
        let named = |o: &Outcome, cells: &[String]| {
            cells.iter().any(|w| o.cells.iter().any(|c| touches(c, w)))
        };
        let must = if wound.named.is_empty() { &wound.cells } else { &wound.named };
        let told: Vec<&Outcome> =
            outcomes.iter().filter(|o| o.fails() && o.rule == self.rule).collect();
        let told: Vec<&Outcome> = told
            .into_iter()
            .filter(|o| self.severity.split('/').any(|s| s == o.severity))
            .collect();
        let found = !told.is_empty();
        let right = told.iter().any(|o| {
            let value = wound.found.is_none_or(|n| o.found == n);
            value && (must.is_empty() || named(o, must))
        });
        self.found += usize::from(found);
        self.right += usize::from(right);
        if let Some(held) = wound.held {
            self.held.0 += usize::from(held);
            self.held.1 += usize::from(held && right);
        }
        if !right && wound.held != Some(true) {
            self.misses.push(format!("{file}: missed {:?} {}", wound.cells, wound.note));
        }
        let wrong = outcomes.iter().filter(|o| {
            let own = o.rule == self.rule && (must.is_empty() || named(o, must));
            let explained = own || wound.also.contains(&o.rule.as_str()) || named(o, &wound.cells);
            o.accuses() && !explained
        });
        for outcome in wrong {
            self.wrong += 1;
            if wound.held != Some(true) {
                self.misses.push(format!("{file}: false {}: {}", outcome.rule, outcome.message));
            }
        }
        self.repair(wound, outcomes);
    }

    /// Counts what is said of a true report beside a damaged one.
    pub fn clean(&mut self, file: &str, outcomes: &[Outcome]) {
        for outcome in outcomes.iter().filter(|o| o.accuses()) {
            self.wrong += 1;
            self.misses.push(format!("{file}: false {}: {}", outcome.rule, outcome.message));
        }
    }

    /// Counts what the rule says of a report that none of its damages was done to.
    pub fn beside(&mut self, file: &str, outcomes: &[Outcome]) {
        let own = |o: &&Outcome| o.fails() && (o.accuses() || o.rule == self.rule);
        for outcome in outcomes.iter().filter(own) {
            self.wrong += 1;
            self.misses.push(format!("{file}: false {}: {}", outcome.rule, outcome.message));
        }
    }

    /// Counts the repairs proposed for a case: each once, however many findings it settles.
    fn repair(&mut self, wound: &Wound, outcomes: &[Outcome]) {
        let text = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        let proposed: BTreeSet<String> = outcomes
            .iter()
            .filter(|o| o.fails() && o.repair["determined"] == true)
            .map(|o| o.repair["cells"].to_string())
            .collect();
        let plain = |s: &str| super::wording::narrow(s);
        let mut truth: Vec<(String, String)> =
            wound.repair.iter().map(|(cell, _, to)| (cell.clone(), plain(to))).collect();
        truth.sort();
        for cells in proposed {
            let cells: serde_json::Value = serde_json::from_str(&cells).unwrap();
            let mut cells: Vec<(String, String)> = cells
                .as_array()
                .into_iter()
                .flatten()
                .map(|c| (text(&c["cell"]), plain(&text(&c["to"]))))
                .collect();
            cells.sort();
            self.repairs.0 += 1;
            self.repairs.1 += usize::from(cells == truth);
        }
    }
}
