//! The name that was meant where one is misspelt.

use rust_i18n::t;

/// From this likeness on a name may be meant; of Chinese names, which are short, from the lower one.
const LIKE: f64 = 0.8;
const LIKE_IN_HAN: f64 = 0.75;

/// The name most like another, if one is like enough to be meant.
pub fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let best = like(name, known).max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    best.map(|(_, candidate)| candidate.to_owned())
}

/// The names like another, the most like first, at most so many.
pub fn closest_few<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str>,
    few: usize,
) -> Vec<&'a str> {
    let mut found: Vec<(f64, &str)> = like(name, known).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().take(few).map(|(_, candidate)| candidate).collect()
}

/// The names that are like enough to be meant, with how like they are.
fn like<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> impl Iterator<Item = (f64, &'a str)> {
    let wanted = name.to_lowercase();
    let least = if wanted.is_ascii() { LIKE } else { LIKE_IN_HAN };
    known
        .map(move |candidate| (strsim::jaro_winkler(&wanted, &candidate.to_lowercase()), candidate))
        .filter(move |(likeness, _)| *likeness > least)
}

/// The end of a sentence that proposes a name; nothing where none is like enough.
pub fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| t!("query.nearest", name = name).into())
}
