//! Narratives: true ones, and such with one wrong statement.

use super::chance::Chance;
use super::forms::titles;
use super::wording::{Scene, WORDS, any, denials, statements};

/// A numbered section.
#[derive(Debug, Clone)]
pub struct Chapter {
    pub no: usize,
    pub title: String,
    pub lines: Vec<String>,
}

/// The one statement that is wrong, if any.
#[derive(Debug, Clone)]
pub enum Told {
    Truth,
    /// A figure with another value, in a wording.
    Wrong(&'static str, i64, usize),
    /// Figures denied, in a wording.
    Denied(&'static [&'static str], usize),
    /// A breakdown with a wrong total (`t`) or part, in a wording.
    Broken(&'static str, usize),
}

const REQUESTS: [&str; 7] =
    ["received", "carried_in", "granted", "partly", "refused", "unavailable", "not_processed"];

impl Told {
    fn facts(&self) -> Vec<&'static str> {
        match self {
            Told::Wrong(fact, ..) => vec![fact],
            Told::Denied(facts, _) => facts.to_vec(),
            _ => Vec::new(),
        }
    }

    fn sentence(&self, scene: &Scene<'_>, chance: &mut Chance) -> Option<String> {
        match self {
            Told::Truth => None,
            Told::Wrong(fact, value, n) => {
                scene.fill(&statements(fact)[*n], Some((fact, *value)), chance)
            }
            Told::Denied(facts, n) => scene.fill(&denials(facts)[*n], None, chance),
            Told::Broken(off, n) => scene.list(&WORDS.listings.texts[*n], Some(off), chance),
        }
    }
}

/// The six sections of a report; none where its edition cannot tell what is to be told.
pub fn story(scene: &Scene<'_>, told: &Told, chance: &mut Chance) -> Option<Vec<Chapter>> {
    let wrong = match told {
        Told::Truth => None,
        _ => Some(told.sentence(scene, chance)?),
    };
    let about_requests = told.facts().iter().any(|f| REQUESTS.contains(f));
    let about_cases = !told.facts().is_empty() && !about_requests;
    let (mut requests, mut cases, mut lists) = (None, None, None);
    match (about_requests, about_cases) {
        (true, _) => requests = wrong,
        (_, true) => cases = wrong,
        _ => lists = wrong,
    }
    let requests = requests.map_or_else(|| of_requests(scene, chance), |w| vec![w]);
    let cases = cases.map_or_else(|| of_cases(scene, chance), |w| vec![w]);
    let lists = match lists {
        Some(wrong) => vec![wrong],
        None if chance.percent(50) => {
            let text: &String = chance.pick(&WORDS.listings.texts);
            scene.list(text, None, chance).into_iter().collect()
        }
        None => Vec::new(),
    };
    let titles = titles(scene.figures.edition);
    let chapter =
        |no: usize, lines: Vec<String>| Chapter { no, title: titles[no - 1].to_owned(), lines };
    let filler = |chance: &mut Chance| any(&WORDS.fillers.texts, scene, chance);
    let mut first = vec![any(&WORDS.openings.texts, scene, chance) + &filler(chance)];
    let heads = chance.below(3);
    first.push(paragraph("主动公开情况", heads, 1, lists, scene, chance));
    let (mut third, mut fourth) = (Vec::new(), Vec::new());
    match chance.percent(25) && scene.figures.edition != 2014 {
        true => third = requests,
        false => first.push(paragraph("依申请公开情况", heads, 2, requests, scene, chance)),
    }
    match chance.percent(25) {
        true => fourth = cases,
        false => first.push(paragraph("监督保障情况", heads, 3, cases, scene, chance)),
    }
    let problems = (0..2).map(|_| any(&WORDS.problems.texts, scene, chance)).collect();
    let fees = scene.year >= 2021;
    let last = any(if fees { &WORDS.fees.texts } else { &WORDS.nothing.texts }, scene, chance);
    Some(vec![
        chapter(1, first),
        chapter(2, Vec::new()),
        chapter(3, third),
        chapter(4, fourth),
        chapter(5, problems),
        chapter(6, vec![last]),
    ])
}

/// A paragraph with a few sentences about other matters around what is to be said.
fn paragraph(
    head: &str,
    heads: usize,
    no: usize,
    said: Vec<String>,
    scene: &Scene<'_>,
    chance: &mut Chance,
) -> String {
    let number = ["一", "二", "三"][no - 1];
    let mut out = match heads {
        0 => format!("（{number}）{head}。"),
        1 => format!(
            "{number}是{}。",
            any(&WORDS.fillers.texts, scene, chance).trim_end_matches('。')
        ),
        _ => String::new(),
    };
    let around = |chance: &mut Chance| match chance.below(10) {
        0..5 => any(&WORDS.others.texts, scene, chance),
        5..8 => any(&WORDS.fillers.texts, scene, chance),
        _ => String::new(),
    };
    let before = around(chance);
    // an undated statement behind one about another year could be that year's too
    if said.first().is_none_or(|s| is_dated(s, scene.year)) {
        out += &before;
    }
    for sentence in said {
        out += &sentence;
    }
    out += &around(chance);
    if out.is_empty() { any(&WORDS.fillers.texts, scene, chance) } else { out }
}

/// What is truly said of applications.
fn of_requests(scene: &Scene<'_>, chance: &mut Chance) -> Vec<String> {
    let received = scene.figures.fact("received").unwrap_or(0);
    if received == 0 && chance.percent(70) {
        return vec![any(denials(&["received"]), scene, chance)];
    }
    let mut out = vec![any(statements("received"), scene, chance)];
    let processed = scene.figures.fact("processed").unwrap_or(0);
    if processed > 0 && chance.percent(60) {
        let fact = *chance.pick(&REQUESTS[2..]);
        if scene.figures.fact(fact).is_some() {
            out.push(any(statements(fact), scene, chance));
        }
    }
    if scene.figures.fact("carried_in").is_some() && chance.percent(30) {
        out.push(any(statements("carried_in"), scene, chance));
    }
    out
}

/// What is truly said of reviews and lawsuits.
fn of_cases(scene: &Scene<'_>, chance: &mut Chance) -> Vec<String> {
    let count = |fact: &str| scene.figures.fact(fact).unwrap_or(0);
    let (reviews, lawsuits) = (count("reviews"), count("lawsuits"));
    if reviews + lawsuits == 0 && chance.percent(70) {
        return vec![any(denials(&["reviews", "lawsuits"]), scene, chance)];
    }
    let mut out = Vec::new();
    for (fact, n) in [("reviews", reviews), ("lawsuits", lawsuits)] {
        let corrected = format!("{fact}_corrected");
        out.push(match n {
            0 if chance.percent(70) => any(denials(&[fact]), scene, chance),
            1.. if chance.percent(40) => any(statements(&corrected), scene, chance),
            _ => any(statements(fact), scene, chance),
        });
    }
    out
}

/// Whether a statement begins with its own time.
fn is_dated(sentence: &str, year: i32) -> bool {
    let year = year.to_string();
    let times = ["全年", "本年", "报告期", "一年来", "二〇", year.as_str()];
    times.iter().any(|t| sentence.starts_with(t))
}
