//! Which bodies of a store are one over the years: rules for names, changes of regions.
//!
//! Nothing here makes a body. A link joins two that are there, where a list names both or a rule
//! leads to exactly one; what lies between them may be missing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::OrganChange;

/// A body that reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Id in the store.
    pub id: i64,
    /// Its key.
    pub key: String,
    /// First and last year of its reports.
    pub reported: Option<(u16, u16)>,
}

/// A region, as far as its bodies follow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Name without those above.
    pub name: String,
    /// Code of the region above.
    pub parent: Option<String>,
    /// First year of name and code.
    pub valid_from: Option<u16>,
    /// Last year of name and code.
    pub valid_to: Option<u16>,
    /// Codes of what it became.
    pub successors: Vec<String>,
    /// What happened.
    pub note: String,
}

/// One body became another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// Id of the former body.
    pub organ: i64,
    /// Id of what it became.
    pub successor: i64,
    /// First reporting year of the successor.
    pub year: Option<u16>,
    /// What says so.
    pub note: String,
}

/// What is known of a body's years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    /// First year.
    pub from: Option<u16>,
    /// Last year.
    pub to: Option<u16>,
    /// Id of the last body of its series, where that is another.
    pub series: Option<i64>,
}

/// What became of the bodies of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// In order of their ids.
    pub links: Vec<Link>,
    /// For every body.
    pub years: HashMap<i64, Years>,
}

/// The lists of changes, the user's before the built-in one.
#[derive(Debug)]
pub struct Succession<'c> {
    by_key: HashMap<&'c str, &'c OrganChange>,
    /// Those for every region, by the name alone.
    rules: HashMap<&'c str, &'c OrganChange>,
    /// By their six digits.
    places: &'c HashMap<String, Place>,
}

/// A way on from a body.
struct Step<'c> {
    /// What it became, of each the keys that it may have.
    successors: Vec<Vec<String>>,
    year: Option<u16>,
    note: &'c str,
    /// When the old name ended: of two ways the earlier comes first.
    ended: Option<u16>,
}

/// A body that another became; `body` is its place in the list.
#[derive(Clone, Copy)]
struct Target<'c> {
    body: usize,
    year: Option<u16>,
    note: &'c str,
}

/// Where the ways from a body lead.
enum Found<'c> {
    Nothing,
    /// To several bodies of which only one can be meant.
    Unclear,
    One(Target<'c>),
    /// It was divided among these, and perhaps others that are not there.
    Divided(Vec<Target<'c>>),
}

impl<'c> Succession<'c> {
    /// A line of the user's takes the place of the built-in one for the same body or rule.
    #[must_use]
    pub fn new(
        known: &'c [OrganChange],
        user: &'c [OrganChange],
        places: &'c HashMap<String, Place>,
    ) -> Succession<'c> {
        let all = || known.iter().chain(user);
        let by_key = all().map(|c| (c.key.as_str(), c)).collect();
        let rules = all().filter_map(|c| Some((c.key.strip_prefix("*/")?, c))).collect();
        Succession { by_key, rules, places }
    }

    /// Links, years and series of all bodies; whatever their order.
    #[must_use]
    pub fn follow(&self, bodies: &[Body]) -> Lineage {
        let index: HashMap<&str, usize> =
            bodies.iter().enumerate().map(|(i, b)| (b.key.as_str(), i)).collect();
        let mut lineage = Lineage::default();
        let mut next: HashMap<usize, usize> = HashMap::new();
        let mut linked = BTreeSet::new();
        for (i, body) in bodies.iter().enumerate() {
            let mut passed = vec![body.key.clone()];
            let targets = match self.find(&body.key, body.reported, &index, &mut passed) {
                Found::Nothing | Found::Unclear => continue,
                Found::One(target) => {
                    next.insert(i, target.body);
                    vec![target]
                }
                Found::Divided(targets) => targets,
            };
            for target in targets {
                linked.extend([i, target.body]);
                lineage.links.push(Link {
                    organ: body.id,
                    successor: bodies[target.body].id,
                    year: target.year,
                    note: target.note.to_owned(),
                });
            }
        }
        lineage.links.sort();
        for (i, body) in bodies.iter().enumerate() {
            let (from, to) = self.years(body, linked.contains(&i));
            let series = end(i, &next).map(|last| bodies[last].id);
            lineage.years.insert(body.id, Years { from, to, series });
        }
        lineage
    }

    /// The nearest bodies of the list that this one became; `passed` are the keys on the way,
    /// since a user's list may go in circles.
    fn find(
        &self,
        key: &str,
        reported: Option<(u16, u16)>,
        index: &HashMap<&str, usize>,
        passed: &mut Vec<String>,
    ) -> Found<'c> {
        for step in self.steps(key, reported) {
            let mut targets = Vec::new();
            for names in &step.successors {
                match self.nearest(names, &step, index, passed) {
                    Found::Nothing => {}
                    Found::One(target) => targets.push(target),
                    Found::Unclear | Found::Divided(_) => return Found::Unclear,
                }
            }
            match (targets.as_slice(), step.successors.len()) {
                ([], _) => {}
                ([only], 1) => return Found::One(*only),
                _ => return Found::Divided(targets),
            }
        }
        Found::Nothing
    }

    /// The one body that has one of these keys, or that one of these became.
    fn nearest(
        &self,
        names: &[String],
        step: &Step<'c>,
        index: &HashMap<&str, usize>,
        passed: &mut Vec<String>,
    ) -> Found<'c> {
        let mut reached: BTreeMap<usize, Target<'c>> = BTreeMap::new();
        for name in names {
            if passed.contains(name) {
                continue;
            }
            if let Some(&body) = index.get(name.as_str()) {
                reached.insert(body, Target { body, year: step.year, note: step.note });
                continue;
            }
            passed.push(name.clone());
            let beyond = self.find(name, None, index, passed);
            passed.pop();
            match beyond {
                Found::Nothing => {}
                Found::One(target) => {
                    reached.entry(target.body).or_insert(target);
                }
                Found::Unclear | Found::Divided(_) => return Found::Unclear,
            }
        }
        let mut reached = reached.into_values();
        match (reached.next(), reached.next()) {
            (None, _) => Found::Nothing,
            (Some(only), None) => Found::One(only),
            _ => Found::Unclear,
        }
    }

    /// What a list says of this very body; else the rule for its name and the change of its
    /// region, the earlier first.
    fn steps(&self, key: &str, reported: Option<(u16, u16)>) -> Vec<Step<'c>> {
        if let Some(own) = self.by_key.get(key).filter(|c| !c.successors.is_empty()) {
            return vec![Step {
                successors: own.successors.clone(),
                year: own.successor_year(),
                note: &own.note,
                ended: own.valid_to,
            }];
        }
        let Some((code, name, place)) = self.place(key) else { return Vec::new() };
        let mut steps = Vec::new();
        let lives_on = |c: &OrganChange| {
            reported.zip(c.valid_to).is_some_and(|((_, last), valid_to)| last > valid_to)
        };
        if let Some(rule) = name.and_then(|n| self.rule(n, place)).filter(|c| !lives_on(c))
            && !rule.successors.is_empty()
        {
            let here = |name: &String| match name.strip_prefix("*/") {
                Some(name) => format!("{code}/{}", fill(name, place, self.places)),
                None => name.clone(),
            };
            let successors = rule.successors.iter().map(|names| names.iter().map(here).collect());
            steps.push(Step {
                successors: successors.collect(),
                year: rule.successor_year(),
                note: &rule.note,
                ended: rule.valid_to,
            });
        }
        // of a region that was divided nobody knows which part an office went to
        if let [successor] = place.successors.as_slice() {
            let key = match name {
                Some(name) => format!("{successor}/{name}"),
                None => successor.clone(),
            };
            steps.push(Step {
                successors: vec![vec![key]],
                year: place.valid_to,
                note: &place.note,
                ended: place.valid_to,
            });
        }
        steps.sort_by_key(|s| s.ended.unwrap_or(u16::MAX));
        steps
    }

    /// Region and name of a body that a region holds; a government has no name beside it.
    fn place<'k>(&self, key: &'k str) -> Option<(&'k str, Option<&'k str>, &'c Place)> {
        let (code, name) = match key.split_once('/') {
            Some((code, name)) => (code, Some(name)),
            None => (key, None),
        };
        Some((code, name, self.places.get(code)?))
    }

    /// The rule for bodies of this name.
    fn rule(&self, name: &str, place: &Place) -> Option<&'c OrganChange> {
        if let Some(rule) = self.rules.get(name) {
            return Some(rule);
        }
        // most names do not hold that of their region
        if !name.contains(&place.name) {
            return None;
        }
        let parent = place.parent.as_ref().and_then(|p| self.places.get(p));
        let below = parent.map(|p| name.replace(&format!("{}{}", p.name, place.name), BELOW));
        let plain = name.replace(&place.name, REGION);
        let rule = below.and_then(|below| self.rules.get(below.as_str()));
        rule.or_else(|| self.rules.get(plain.as_str())).copied()
    }

    /// First and last year: what a list says of this very body; else what the rule for its name
    /// and its region allow, unless its own reports say otherwise. A rule speaks of bodies that
    /// are linked only: elsewhere an office may have the name for another reason.
    fn years(&self, body: &Body, linked: bool) -> (Option<u16>, Option<u16>) {
        let own = self.by_key.get(body.key.as_str());
        let (mut from, mut to) = (None, None);
        if let Some((_, name, place)) = self.place(&body.key) {
            let rule = name.filter(|_| linked).and_then(|n| self.rule(n, place));
            from = place.valid_from.max(rule.and_then(|r| r.valid_from));
            to = [place.valid_to, rule.and_then(|r| r.valid_to)].into_iter().flatten().min();
            if let Some((first, last)) = body.reported {
                from = from.filter(|from| *from <= first);
                to = to.filter(|to| *to >= last);
            }
        }
        (own.and_then(|c| c.valid_from).or(from), own.and_then(|c| c.valid_to).or(to))
    }
}

/// In a rule: the name of the body's region.
const REGION: &str = "{region}";
/// In a rule: the name of the region above, then that of its own.
const BELOW: &str = "{parent}{region}";

fn fill(name: &str, place: &Place, places: &HashMap<String, Place>) -> String {
    let parent = place.parent.as_ref().and_then(|p| places.get(p));
    name.replace("{parent}", parent.map_or("", |p| &p.name)).replace(REGION, &place.name)
}

/// The end of the chain from a body; none where it stands alone or the chain is a circle.
fn end(start: usize, next: &HashMap<usize, usize>) -> Option<usize> {
    let mut at = *next.get(&start)?;
    for _ in 0..next.len() {
        match next.get(&at) {
            None => return Some(at),
            Some(&further) => at = further,
        }
    }
    None
}

#[cfg(test)]
#[path = "succession_tests.rs"]
mod tests;
