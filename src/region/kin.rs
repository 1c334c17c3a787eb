//! Which body another is in a year: the links between bodies followed both ways.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Link;

/// One body is another in some years.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kin {
    /// Key of the body.
    pub key: String,
    /// Key of the other.
    pub other: String,
    /// Whether the other is what it became; else it is what it was before.
    pub later: bool,
    /// First year in which it is that.
    pub first: u16,
    /// Last year; before the first where there is none, since no year of the change is known.
    pub last: u16,
}

/// Beyond all years.
const OPEN: u16 = 9999;

/// Steps from body to body by id, with the year of each change.
type Steps = HashMap<i64, Vec<(i64, Option<u16>)>>;

/// All pairs of bodies that links join, over any number of changes, each way; `keys` are those of
/// the bodies by their ids.
#[must_use]
pub fn kin(links: &[Link], keys: &HashMap<i64, &str>) -> BTreeSet<Kin> {
    let (mut onward, mut back) = (Steps::new(), Steps::new());
    for link in links {
        onward.entry(link.organ).or_default().push((link.successor, link.year));
        back.entry(link.successor).or_default().push((link.organ, link.year));
    }
    let mut out: BTreeMap<(String, String), Kin> = BTreeMap::new();
    let ids: BTreeSet<i64> = onward.keys().chain(back.keys()).copied().collect();
    for id in ids {
        for (later, steps) in [(true, &onward), (false, &back)] {
            for (other, first, last) in reached(id, later, steps, &onward, &back) {
                let Some((key, other)) = keys.get(&id).zip(keys.get(&other)) else { continue };
                let (key, other) = ((*key).to_owned(), (*other).to_owned());
                let pair = (key.clone(), other.clone());
                out.entry(pair).or_insert(Kin { key, other, later, first, last });
            }
        }
    }
    out.into_values().collect()
}

/// What lies beyond a body in one direction, with the years in which the body is that.
fn reached(
    start: i64,
    later: bool,
    steps: &Steps,
    onward: &Steps,
    back: &Steps,
) -> Vec<(i64, u16, u16)> {
    let mut out = Vec::new();
    // a user's list may go in circles
    let mut seen = HashSet::from([start]);
    // the years that are left beyond what was passed
    let mut open = vec![(start, Some((0, OPEN)))];
    while let Some((at, within)) = open.pop() {
        for &(next, year) in steps.get(&at).map(Vec::as_slice).unwrap_or_default() {
            if !seen.insert(next) {
                continue;
            }
            let within = within.zip(year).map(|((from, to), year)| match later {
                true => (year.max(from), to),
                false => (from, to.min(year.saturating_sub(1))),
            });
            let (first, last) = match within {
                Some((from, to)) => (from.max(since(next, back)), to.min(until(next, onward))),
                None => (OPEN, 0),
            };
            out.push(if first <= last { (next, first, last) } else { (next, OPEN, 0) });
            open.push((next, within));
        }
    }
    out
}

/// First year of a body, as its links tell.
fn since(body: i64, back: &Steps) -> u16 {
    back.get(&body).into_iter().flatten().filter_map(|(_, year)| *year).max().unwrap_or(0)
}

/// Last year of a body, as its links tell.
fn until(body: i64, onward: &Steps) -> u16 {
    let years = onward.get(&body).into_iter().flatten().filter_map(|(_, year)| *year);
    years.min().map_or(OPEN, |year| year.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(links: &[(i64, i64, u16)]) -> Vec<String> {
        let link = |&(organ, successor, year): &(i64, i64, u16)| Link {
            organ,
            successor,
            year: Some(year).filter(|y| *y > 0),
            note: String::new(),
        };
        let links: Vec<Link> = links.iter().map(link).collect();
        let names = ["-", "a", "b", "c", "d"];
        let keys = names.iter().enumerate().map(|(i, name)| (i as i64, *name)).collect();
        let shown = |k: Kin| {
            let arrow = if k.later { '>' } else { '<' };
            format!("{}{arrow}{} {}-{}", k.key, k.other, k.first, k.last)
        };
        kin(&links, &keys).into_iter().map(shown).collect()
    }

    #[test]
    fn a_chain_is_followed_both_ways() {
        assert_eq!(
            followed(&[(1, 2, 2015), (2, 3, 2019)]),
            [
                "a>b 2015-2018",
                "a>c 2019-9999",
                "b<a 0-2014",
                "b>c 2019-9999",
                "c<a 0-2014",
                "c<b 2015-2018",
            ]
        );
    }

    #[test]
    fn parts_of_a_merged_body_are_what_it_was() {
        assert_eq!(
            followed(&[(1, 3, 2019), (2, 3, 2019)]),
            ["a>c 2019-9999", "b>c 2019-9999", "c<a 0-2018", "c<b 0-2018"]
        );
    }

    #[test]
    fn a_change_of_no_known_year_makes_kin_of_no_year() {
        assert_eq!(followed(&[(1, 2, 0)]), ["a>b 9999-0", "b<a 9999-0"]);
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(followed(&[(1, 2, 2015), (2, 1, 2019)]).len(), 2);
    }
}
