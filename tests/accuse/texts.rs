//! Damages to the narrative: one figure told wrong, denied or not adding up.

use super::chance::Chance;
use super::damages::{ALL, NEW, mistyped};
use super::report::Made;
use super::score::{Kind, Wound};
use super::story::Told;
use super::wording::{WORDS, denials, is_held, statements};

/// Kinds of wrong narratives.
pub fn kinds() -> Vec<Kind> {
    let mut out: Vec<Kind> = [
        ("received", ALL),
        ("carried_in", NEW),
        ("granted", ALL),
        ("partly", ALL),
        ("refused", ALL),
        ("unavailable", NEW),
        ("not_processed", NEW),
        ("reviews", ALL),
        ("lawsuits", ALL),
        ("reviews_corrected", ALL),
        ("lawsuits_corrected", ALL),
    ]
    .into_iter()
    .map(|(fact, editions)| wrong_number(fact, editions))
    .collect();
    out.push(denied("received", &["received"]));
    out.push(denied("reviews", &["reviews"]));
    out.push(denied("lawsuits", &["lawsuits"]));
    out.push(denied("reviews or lawsuits", &["reviews", "lawsuits"]));
    out.extend(["received", "reviews", "lawsuits"].map(claimed));
    out.push(broken("the total of a breakdown wrong", "t"));
    out.push(broken("a part of a breakdown wrong", "part"));
    out
}

fn text(
    name: String,
    rule: &'static str,
    editions: &'static [u16],
    wound: impl Fn(&mut Made, &mut Chance) -> Option<Wound> + 'static,
) -> Kind {
    Kind { name, rule, severity: "warning", editions, wound: Box::new(wound) }
}

/// Rules that one wrong figure in a text may break beside its own.
const BESIDE: [&str; 1] = ["text-sum"];

/// Tells a figure otherwise than the tables, in a wording by chance.
fn tell(made: &mut Made, fact: &'static str, value: i64, chance: &mut Chance) -> Option<Wound> {
    let wording = chance.below(statements(fact).len());
    made.story = made.tell(&Told::Wrong(fact, value, wording), chance)?;
    Some(Wound {
        cells: made.figures.cells_of(fact),
        also: BESIDE.to_vec(),
        found: Some(value),
        held: Some(is_held(wording)),
        note: statements(fact)[wording].clone(),
        ..Wound::default()
    })
}

fn wrong_number(fact: &'static str, editions: &'static [u16]) -> Kind {
    text(format!("{fact} told wrong"), "text-number", editions, move |made, chance| {
        let truth = made.figures.fact(fact).filter(|v| *v > 0)?;
        let value = mistyped(truth, chance);
        // together with what was carried in: another true figure
        let other = fact == "received" && made.figures.fact("all") == Some(value);
        if value == 0 || other { None } else { tell(made, fact, value, chance) }
    })
}

/// Says that there was something where the tables have none.
fn claimed(fact: &'static str) -> Kind {
    text(
        format!("{fact} told where there was none"),
        "text-contradiction",
        ALL,
        move |made, chance| {
            let all = made.figures.fact("all").unwrap_or(0);
            if made.figures.fact(fact)? != 0 || fact == "received" && all > 0 {
                return None;
            }
            let value = chance.range(1, 9);
            tell(made, fact, value, chance)
        },
    )
}

fn denied(name: &str, facts: &'static [&'static str]) -> Kind {
    text(format!("{name} denied"), "text-contradiction", ALL, move |made, chance| {
        let some = facts.iter().any(|f| made.figures.fact(f).is_some_and(|v| v > 0));
        if !some {
            return None;
        }
        let wording = chance.below(denials(facts).len());
        made.story = made.tell(&Told::Denied(facts, wording), chance)?;
        Some(Wound {
            cells: facts.iter().flat_map(|f| made.figures.cells_of(f)).collect(),
            found: Some(0),
            held: Some(is_held(wording)),
            note: denials(facts)[wording].clone(),
            ..Wound::default()
        })
    })
}

fn broken(name: &'static str, off: &'static str) -> Kind {
    text(name.to_owned(), "text-sum", ALL, move |made, chance| {
        let wording = chance.below(WORDS.listings.texts.len());
        made.story = made.tell(&Told::Broken(off, wording), chance)?;
        let note = WORDS.listings.texts[wording].clone();
        Some(Wound { held: Some(is_held(wording)), note, ..Wound::default() })
    })
}
