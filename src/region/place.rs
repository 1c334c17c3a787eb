//! Where a body stands that its name does not place: what document and user say of it.

use super::evidence::{Evidence, Named};
use super::resolve::{Parts, one};
use super::{Code, Context, Level, Region, Regions};

impl Regions {
    /// Index of a region, or of the one that a township belongs to.
    pub(super) fn county_of(&self, code: Code) -> Option<usize> {
        match code.level() {
            Level::Township => self.get(code).and_then(|t| t.parent).and_then(|c| self.index_of(c)),
            _ => self.index_of(code),
        }
    }

    /// `凤凰镇`: what the document or the user says of its place; else unique in the tree; else open.
    pub(super) fn bare_township(
        &self,
        base: &str,
        context: Context<'_>,
        evidence: &Evidence,
    ) -> Parts {
        let mut before = evidence.before(base);
        if let Some(hint) = context.region {
            let fits = |n: &&Named| n.found.iter().any(|&i| self.related(hint, self.at(i).code));
            if before.iter().any(fits) {
                before.retain(|n| fits(n));
            }
        }
        if !before.is_empty() {
            return self.named_township(base, &before, context, evidence);
        }
        let hint = context.region.and_then(|c| self.county_of(c));
        let mut places = self.townships_named(base, hint.as_slice());
        if let Some(code) = context.region.filter(|c| c.level() == Level::Township) {
            places.retain(|t| t.code == code);
        }
        if let [township] = places.as_slice()
            && hint.is_some()
        {
            return self.below(township, base);
        }
        // the nearest level that singles one out
        for level in [Level::County, Level::City, Level::Province] {
            let named: Vec<_> = places
                .iter()
                .filter(|t| {
                    let above = self.ancestors(t.code).into_iter().find(|r| r.level() == level);
                    above
                        .and_then(|r| self.index_of(r.code))
                        .is_some_and(|i| evidence.names(self, i))
                })
                .collect();
            if let [township] = named.as_slice() {
                return self.below(township, base);
            }
            if !named.is_empty() {
                break;
            }
        }
        let portals: Vec<usize> =
            evidence.portals(self).iter().flat_map(|n| n.found.clone()).collect();
        let county = hint.filter(|&i| self.at(i).level() == Level::County);
        let portal = portals.first().copied().filter(|first| portals.iter().all(|i| i == first));
        if let Some(region) = county.or(portal).filter(|_| places.is_empty()) {
            return Parts {
                names: self.usual(region),
                region: Some(region),
                rest: base.to_owned(),
                township: None,
            };
        }
        match places.as_slice() {
            // unique in the tree, and nothing speaks against it
            [township] if evidence.is_empty() => {
                let Parts { region, township, rest, .. } = self.below(township, base);
                Parts { names: Vec::new(), region, township, rest }
            }
            _ => Parts { rest: base.to_owned(), ..Parts::default() },
        }
    }

    /// A township that the document names together with the region above it.
    fn named_township(
        &self,
        base: &str,
        before: &[&Named],
        context: Context<'_>,
        evidence: &Evidence,
    ) -> Parts {
        // two places of this name in one document: neither is the body for certain
        let everywhere = |&i: &usize| {
            let code = self.at(i).code;
            before.iter().all(|n| n.found.iter().any(|&j| self.related(code, self.at(j).code)))
        };
        let mut found: Vec<usize> =
            before.iter().flat_map(|n| n.found.iter().copied()).filter(everywhere).collect();
        found.sort_unstable();
        found.dedup();
        let places = match found.as_slice() {
            [] => Vec::new(),
            found => self.townships_named(base, found),
        };
        let township = match places.as_slice() {
            [only] => Some(only.code),
            _ => None,
        };
        let holding = |&i: &usize| township.is_none_or(|code| self.holds(i, code));
        let mut narrowed: Vec<usize> = found.into_iter().filter(holding).collect();
        // 苏州市凤凰镇 beside 张家港市凤凰镇: the lower one
        if let Some(&low) = narrowed.iter().max_by_key(|&&i| self.at(i).level())
            && narrowed.iter().all(|&i| self.contains(self.at(i).code, self.at(low).code))
        {
            narrowed = vec![low];
        }
        let Some(region) = one(&self.narrow(narrowed, context, evidence)) else {
            return Parts { rest: base.to_owned(), ..Parts::default() };
        };
        let names =
            before.iter().filter(|n| n.found.contains(&region)).max_by_key(|n| n.names.len());
        Parts {
            names: names.map(|n| n.names.clone()).unwrap_or_default(),
            region: Some(region),
            township,
            rest: base.to_owned(),
        }
    }

    pub(super) fn below(&self, township: &Region, base: &str) -> Parts {
        let region = township.parent.and_then(|c| self.index_of(c));
        Parts {
            names: region.map(|i| self.usual(i)).unwrap_or_default(),
            region,
            township: Some(township.code),
            rest: base.to_owned(),
        }
    }

    /// Regions' names as a body below bears them: a district's with its city, any other alone.
    pub(super) fn usual(&self, region: usize) -> Vec<String> {
        let region = self.at(region);
        let mut names = vec![region.name.to_string()];
        if region.level() == Level::County
            && region.name.ends_with('区')
            && let Some(city) =
                region.parent.and_then(|c| self.get(c)).filter(|c| c.name.ends_with('市'))
        {
            names.insert(0, city.name.to_string());
        }
        names
    }

    /// Puts the city before a district where the document or the user's hint names it.
    pub(super) fn complete(
        &self,
        names: &mut Vec<String>,
        region: Option<usize>,
        context: Context<'_>,
        evidence: &Evidence,
    ) {
        let (Some(region), [name]) = (region, names.as_slice()) else {
            return;
        };
        if self.at(region).level() != Level::County || !name.ends_with('区') {
            return;
        }
        let hinted = context.region.is_some_and(|hint| self.related(hint, self.at(region).code));
        let full = self.usual(region);
        if hinted
            || evidence.fullest(region).is_some_and(|seen| full.iter().all(|n| seen.contains(n)))
        {
            *names = full;
        }
    }

    /// Of regions that share a name, what hint and document leave.
    pub(super) fn narrow(
        &self,
        found: Vec<usize>,
        context: Context<'_>,
        evidence: &Evidence,
    ) -> Vec<usize> {
        if found.len() < 2 {
            return found;
        }
        if let Some(hint) = context.region {
            let fitting: Vec<usize> =
                found.iter().copied().filter(|&i| self.related(hint, self.at(i).code)).collect();
            if fitting.len() == 1 {
                return fitting;
            }
        }
        // named in full elsewhere, or the city above it, or the province
        let seen: Vec<usize> =
            found.iter().copied().filter(|&i| evidence.fullest(i).is_some()).collect();
        if seen.len() == 1 {
            return seen;
        }
        for level in [Level::City, Level::Province] {
            let named: Vec<usize> = found
                .iter()
                .copied()
                .filter(|&i| {
                    let above =
                        self.ancestors(self.at(i).code).into_iter().find(|r| r.level() == level);
                    above
                        .and_then(|r| self.index_of(r.code))
                        .is_some_and(|up| evidence.fullest(up).is_some())
                })
                .collect();
            if named.len() == 1 {
                return named;
            }
        }
        found
    }

    /// Whether one of two regions lies in the other.
    pub(super) fn related(&self, a: Code, b: Code) -> bool {
        self.contains(a, b) || self.contains(b, a)
    }
}
