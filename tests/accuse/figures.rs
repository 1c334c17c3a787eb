//! Figures that agree with every sum of their form and, for a second year, with the year before.
//! The sums are written out here once more; nothing is asked of the program.

use std::collections::BTreeMap;

use super::chance::Chance;
use super::forms::{APPLICANTS, PROCEEDINGS, outcomes};
use super::statistics::{PARTS_2014, SHARES_2014, STATISTICS};

/// The true figures of a report.
#[derive(Debug, Clone)]
pub struct Figures {
    pub edition: u16,
    /// Counts by `table/row/column`.
    pub counts: BTreeMap<String, i64>,
    /// Amounts as printed.
    pub money: BTreeMap<String, String>,
}

/// How much comes to a body in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Nothing,
    Small,
    Middle,
    Large,
}

impl Size {
    pub fn any(chance: &mut Chance) -> Size {
        match chance.below(10) {
            0..2 => Size::Nothing,
            2..6 => Size::Small,
            6..9 => Size::Middle,
            _ => Size::Large,
        }
    }

    fn draw(self, chance: &mut Chance) -> i64 {
        match self {
            Size::Nothing => 0,
            Size::Small if chance.percent(90) => 0,
            Size::Small => chance.range(1, 6),
            Size::Middle if chance.percent(55) => 0,
            Size::Middle => chance.range(1, 30),
            Size::Large if chance.percent(30) => 0,
            Size::Large => chance.range(1, 400),
        }
    }
}

impl Figures {
    /// Figures of a first year.
    pub fn draw(edition: u16, size: Size, chance: &mut Chance) -> Figures {
        let mut figures = Figures { edition, counts: BTreeMap::new(), money: BTreeMap::new() };
        if edition == 2014 {
            figures.statistics(size, chance);
        } else {
            figures.disclosure(chance);
            for (applicant, _) in &APPLICANTS[..6] {
                let often = *applicant == "natural_person" || chance.percent(30);
                let draw = |chance: &mut Chance| if often { size.draw(chance) } else { 0 };
                for row in outcomes(edition) {
                    let n = draw(chance);
                    figures.set("applications", row, applicant, n);
                }
                let (carried_in, carried_out) = (draw(chance) / 3, draw(chance) / 3);
                figures.set("applications", "received.carried_in", applicant, carried_in);
                figures.set("applications", "carried_out", applicant, carried_out);
            }
            for row in PROCEEDINGS {
                for result in ["upheld", "corrected", "other", "pending"] {
                    let n = size.draw(chance) / 4;
                    figures.set("challenges", row, result, n);
                }
            }
        }
        figures.settle();
        figures
    }

    /// Figures of the year after, near to these and tied to them.
    pub fn next(&self, edition: u16, chance: &mut Chance) -> Figures {
        let size = Size::Small;
        if edition == 2014 || self.edition == 2014 {
            let mut next = Figures::draw(edition, size, chance);
            if edition == self.edition {
                next = self.clone();
                next.counts.values_mut().for_each(|n| *n = near(*n, chance));
                next.money.values_mut().for_each(|m| *m = amount(chance, 60));
                next.settle();
            }
            return next;
        }
        let mut next = self.clone();
        next.counts.values_mut().for_each(|n| *n = near(*n, chance));
        if edition != self.edition {
            next = Figures::draw(edition, size, chance);
            for (applicant, _) in &APPLICANTS[..6] {
                for row in outcomes(edition) {
                    let before = self.at("applications", row, applicant);
                    next.set("applications", row, applicant, before.map_or(0, |n| near(n, chance)));
                }
            }
        } else if edition == 2021 {
            for row in ["regulations", "normative_documents"] {
                let known = |column| self.at("disclosure", row, column).unwrap_or(0);
                let repealed = near(known("repealed"), chance).min(known("in_force"));
                let issued = near(known("issued"), chance);
                next.set("disclosure", row, "issued", issued);
                next.set("disclosure", row, "repealed", repealed);
                next.set("disclosure", row, "in_force", known("in_force") + issued - repealed);
            }
        }
        for (applicant, _) in &APPLICANTS[..6] {
            let before = self.at("applications", "carried_out", applicant).unwrap_or(0);
            next.set("applications", "received.carried_in", applicant, before);
        }
        for row in PROCEEDINGS {
            let pending = self.at("challenges", row, "pending").unwrap_or(0);
            let upheld = next.at("challenges", row, "upheld").unwrap_or(0);
            next.set("challenges", row, "upheld", upheld.max(pending));
        }
        next.edition = edition;
        next.settle();
        next
    }

    fn disclosure(&mut self, chance: &mut Chance) {
        let few = |chance: &mut Chance| if chance.percent(60) { 0 } else { chance.range(1, 40) };
        let edition = self.edition;
        let mut set = |row: &str, column: &str, n: i64| self.set("disclosure", row, column, n);
        if edition == 2021 {
            for row in ["regulations", "normative_documents"] {
                let (issued, repealed) = (few(chance), few(chance));
                set(row, "issued", issued);
                set(row, "repealed", repealed);
                set(row, "in_force", issued + repealed + few(chance));
            }
            for row in ["licensing", "penalties", "coercion"] {
                set(row, "decisions", few(chance) * 7);
            }
            let fees = if chance.percent(50) { "0".to_owned() } else { amount(chance, 9000) };
            self.money.insert("disclosure/fees/amount".to_owned(), fees);
            return;
        }
        for row in ["regulations", "normative_documents"] {
            let (made, published) = (few(chance), few(chance));
            set(row, "made", made);
            set(row, "published", published);
            set(row, "public_total", published + few(chance));
        }
        for row in ["licensing", "other_services", "penalties", "coercion", "fees"] {
            let items = few(chance);
            set(row, "items_last_year", items);
            set(row, "change", chance.range(-3, 3).max(-items));
            if row != "fees" {
                set(row, "decisions", few(chance) * 5);
            }
        }
        set("procurement", "projects", few(chance));
        let amount = match chance.below(4) {
            0 => "0".to_owned(),
            1 => format!("{}元", chance.range(10_000, 9_000_000)),
            _ => format!("{}万元", amount(chance, 4000)),
        };
        self.money.insert("disclosure/procurement/amount".to_owned(), amount);
    }

    fn statistics(&mut self, size: Size, chance: &mut Chance) {
        for (key, _, _, unit) in STATISTICS {
            if unit == "万元" {
                self.money.insert(format!("statistics/{key}/value"), amount(chance, 60));
                continue;
            }
            let n = if unit == "件" { size.draw(chance) } else { chance.range(0, 60) };
            self.set("statistics", key, "value", n);
        }
        // a website publishes many
        let n = chance.range(60, 900);
        self.set("statistics", "disclosure.total", "value", n);
    }

    /// Works out every total.
    pub fn settle(&mut self) {
        if self.edition == 2014 {
            let key = |row: &str| format!("statistics/{row}/value");
            for (whole, part) in SHARES_2014 {
                let most = self.counts[&key(whole)];
                self.counts.entry(key(part)).and_modify(|n| *n = (*n).min(most));
            }
            for (whole, parts) in PARTS_2014 {
                let sum = parts.iter().map(|p| self.counts[&key(p)]).sum();
                self.counts.insert(key(whole), sum);
            }
            return;
        }
        for (applicant, _) in &APPLICANTS[..6] {
            let at = |f: &Figures, row| f.at("applications", row, applicant).unwrap_or(0);
            let processed: i64 = outcomes(self.edition).iter().map(|row| at(self, row)).sum();
            let carried_in = at(self, "received.carried_in");
            // more carried in than there is to tell of: the rest is carried on
            let carried_out = at(self, "carried_out").max(carried_in - processed);
            let (applicant, t) = (*applicant, "applications");
            self.set(t, "processed_total", applicant, processed);
            self.set(t, "carried_out", applicant, carried_out);
            self.set(t, "received.new", applicant, processed + carried_out - carried_in);
        }
        let mut rows = outcomes(self.edition);
        rows.extend(["received.new", "received.carried_in", "processed_total", "carried_out"]);
        for row in rows {
            let parts = APPLICANTS[..6].iter().map(|(a, _)| self.at("applications", row, a));
            let sum = parts.map(|n| n.unwrap_or(0)).sum();
            self.set("applications", row, "total", sum);
        }
        for row in PROCEEDINGS {
            let parts = ["upheld", "corrected", "other", "pending"];
            let sum = parts.iter().map(|r| self.at("challenges", row, r).unwrap_or(0)).sum();
            self.set("challenges", row, "total", sum);
        }
    }

    pub fn set(&mut self, table: &str, row: &str, column: &str, n: i64) {
        self.counts.insert(format!("{table}/{row}/{column}"), n);
    }

    pub fn at(&self, table: &str, row: &str, column: &str) -> Option<i64> {
        self.counts.get(&format!("{table}/{row}/{column}")).copied()
    }

    /// The cells of a figure that narratives state; empty where the edition has none.
    pub fn cells_of(&self, fact: &str) -> Vec<String> {
        if self.edition == 2014 {
            let row = match fact {
                "received" => "applications.received",
                "processed" => "applications.replied",
                "granted" => "applications.replied.granted",
                "partly" => "applications.replied.partially_granted",
                "refused" => "applications.replied.refused",
                "reviews" => "review.total",
                "reviews_upheld" => "review.upheld",
                "reviews_corrected" => "review.corrected",
                "reviews_other" => "review.other",
                "lawsuits" => "litigation.total",
                "lawsuits_upheld" => "litigation.upheld",
                "lawsuits_corrected" => "litigation.corrected",
                _ => return Vec::new(),
            };
            return vec![format!("statistics/{row}/value")];
        }
        let total = |row: &str| format!("applications/{row}/total");
        let group = |name: &str| {
            let rows = outcomes(self.edition).into_iter();
            rows.filter(|r| *r == name || r.starts_with(&format!("{name}."))).map(total).collect()
        };
        let suits = |result: &str| {
            PROCEEDINGS[1..].iter().map(|p| format!("challenges/{p}/{result}")).collect()
        };
        match fact {
            "received" => vec![total("received.new")],
            "carried_in" => vec![total("received.carried_in")],
            "carried_out" => vec![total("carried_out")],
            "processed" => vec![total("processed_total")],
            "granted" => vec![total("granted")],
            "partly" => vec![total("partially_granted")],
            "refused" | "unavailable" | "not_processed" | "other" => group(fact),
            "direct" => vec!["challenges/litigation_direct/total".to_owned()],
            "after_review" => vec!["challenges/litigation_after_review/total".to_owned()],
            "lawsuits" => suits("total"),
            _ => match (fact.strip_prefix("reviews_"), fact.strip_prefix("lawsuits_")) {
                (Some(result), _) => vec![format!("challenges/review/{result}")],
                (_, Some(result)) => suits(result),
                _ if fact == "reviews" => vec!["challenges/review/total".to_owned()],
                _ => Vec::new(),
            },
        }
    }

    /// A figure that narratives state, or one that follows from two of them.
    pub fn fact(&self, fact: &str) -> Option<i64> {
        match fact {
            "all" => return Some(self.fact("received")? + self.fact("carried_in")?),
            "rest" => {
                let told = self.fact("granted")? + self.fact("partly")?;
                return Some(self.fact("processed")? - told);
            }
            _ => {}
        }
        let cells = self.cells_of(fact);
        let sum = cells.iter().map(|c| self.counts.get(c).copied()).sum::<Option<i64>>()?;
        (!cells.is_empty()).then_some(sum)
    }
}

/// A figure as the next year may have it: nearly the same.
fn near(n: i64, chance: &mut Chance) -> i64 {
    match n {
        0 if chance.percent(80) => 0,
        0..=9 => chance.range(0, 9),
        _ => n + chance.range(-n / 4, n / 4),
    }
}

/// An amount with two or four decimals.
pub fn amount(chance: &mut Chance, most: i64) -> String {
    let (whole, part) = (chance.range(10, most), chance.range(1, 99));
    if chance.percent(20) {
        format!("{whole}.{part:02}{:02}", chance.range(1, 99))
    } else {
        format!("{whole}.{part:02}")
    }
}
