//! The tree of regions: the built-in data, lookup by code and by name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::sync::OnceLock;

use super::name::{Beginnings, plain_name, short_name, squeeze, township_name};
use super::{Code, Level, RegionError, changes};
use crate::form::Chars;
use crate::nearest;

const REGIONS: &[u8] = include_bytes!("../../data/regions.txt.zst");
const TOWNSHIPS: &[u8] = include_bytes!("../../data/townships.txt.zst");

/// Candidates that an error lists at most.
const LISTED: usize = 12;

/// A region as it is or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code.
    pub code: Code,
    /// Its full name, without those above it: `黄浦区`.
    pub name: Cow<'static, str>,
    /// The region above it; none for a province.
    pub parent: Option<Code>,
    /// First year of its name and code, where it is known.
    pub valid_from: Option<u16>,
    /// Last year of its name and code; none while it lasts.
    pub valid_to: Option<u16>,
    /// What it became; several where it was divided.
    pub successors: Vec<Code>,
    /// What happened, in a few words.
    pub note: String,
}

impl Region {
    fn current(code: Code, name: &'static str, parent: Option<Code>) -> Region {
        Region {
            code,
            name: Cow::Borrowed(name),
            parent,
            valid_from: None,
            valid_to: None,
            successors: Vec::new(),
            note: String::new(),
        }
    }

    /// Province to township.
    #[must_use]
    pub fn level(&self) -> Level {
        self.code.level()
    }

    /// Whether it is of the past.
    #[must_use]
    pub fn is_former(&self) -> bool {
        self.valid_to.is_some() || !self.successors.is_empty()
    }

    /// Whether it bore its name in `year`, as far as is known.
    #[must_use]
    pub fn is_valid_in(&self, year: u16) -> bool {
        self.valid_from.is_none_or(|from| from <= year) && self.valid_to.is_none_or(|to| year <= to)
    }
}

/// The tree of regions with their changes.
#[derive(Debug)]
pub struct Regions {
    /// Province to county, today's in order of code, then the former ones.
    regions: Vec<Region>,
    by_code: HashMap<Code, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_short: HashMap<String, Vec<usize>>,
    /// Length in characters of the longest name.
    pub(super) longest: usize,
    /// The first three characters of all names that long.
    beginnings: Beginnings,
    /// The last characters of all names.
    endings: Chars,
    townships: OnceLock<Townships>,
}

/// The level below the counties: thirteen times as many, so read only when one is asked for.
#[derive(Debug)]
struct Townships {
    /// In order of code.
    regions: Vec<Region>,
    /// The last of each name.
    by_name: HashMap<&'static str, usize>,
    /// For each the one before it of the same name: a chain costs no list per name.
    before: Vec<Option<usize>>,
}

/// The text of a built-in file; the files are part of the program, which a test reads.
fn unpacked(packed: &[u8]) -> &'static str {
    let bytes = zstd::decode_all(packed).unwrap_or_default();
    Box::leak(String::from_utf8(bytes).unwrap_or_default().into_boxed_str())
}

impl Regions {
    /// The tree of the program, read once; the townships when first asked for.
    #[must_use]
    pub fn builtin() -> &'static Regions {
        static BUILTIN: OnceLock<Regions> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let known = changes::read(changes::BUILTIN.as_bytes(), "data/region-changes.csv");
            Regions::build(known.unwrap_or_default())
        })
    }

    /// The same with the changes of a user's CSV, which has the columns of
    /// `data/region-changes.csv`; `origin` is its name in errors.
    pub fn with_changes(input: impl Read, origin: &str) -> Result<Regions, RegionError> {
        let mut known = changes::read(changes::BUILTIN.as_bytes(), "data/region-changes.csv")?;
        known.extend(changes::read(input, origin)?);
        Ok(Regions::build(known))
    }

    fn build(changes: Vec<Region>) -> Regions {
        static TEXT: OnceLock<&str> = OnceLock::new();
        let text = TEXT.get_or_init(|| unpacked(REGIONS));
        let mut regions = Vec::with_capacity(text.lines().count() + changes.len());
        let mut by_code = HashMap::with_capacity(regions.capacity());
        for line in text.lines() {
            let Some((Ok(six), name)) = line.split_at_checked(6).map(|(c, n)| (c.parse(), n))
            else {
                continue;
            };
            let code = Code::county(six);
            // in order of code, so that what is above stands before
            let parent = [Level::City, Level::Province]
                .into_iter()
                .map(|level| code.at(level))
                .find(|above| *above != code && by_code.contains_key(above));
            by_code.insert(code, regions.len());
            regions.push(Region::current(code, name, parent));
        }
        let mut tree = Regions {
            regions,
            by_code,
            by_name: HashMap::new(),
            by_short: HashMap::new(),
            longest: 0,
            beginnings: Beginnings::default(),
            endings: Chars::default(),
            townships: OnceLock::new(),
        };
        tree.apply(changes);
        tree.index();
        tree
    }

    fn apply(&mut self, changes: Vec<Region>) {
        let mut former: HashMap<(Code, String), usize> = HashMap::new();
        for change in changes {
            let key = (change.code, change.name.to_string());
            let same = former.get(&key).copied().or_else(|| {
                self.by_code
                    .get(&change.code)
                    .copied()
                    .filter(|&i| self.regions[i].name == change.name)
            });
            if let Some(i) = same {
                let region = &mut self.regions[i];
                let parent = change.parent.or(region.parent);
                *region = Region { parent, ..change };
                continue;
            }
            let i = self.regions.len();
            former.insert(key, i);
            // a code that two names share is today's region's
            let holder = self.by_code.entry(change.code).or_insert(i);
            if self.regions.get(*holder).is_some_and(Region::is_former) && !change.is_former() {
                *holder = i;
            }
            self.regions.push(change);
        }
    }

    fn index(&mut self) {
        for (i, region) in self.regions.iter().enumerate() {
            self.longest = self.longest.max(region.name.chars().count());
            self.beginnings.add(&region.name);
            self.by_name.entry(region.name.to_string()).or_default().push(i);
            if let Some(plain) = plain_name(&region.name) {
                self.beginnings.add(&plain);
                self.by_name.entry(plain).or_default().push(i);
            }
            if let Some(short) = short_name(&region.name) {
                self.by_short.entry(short.to_owned()).or_default().push(i);
            }
        }
        let last = self.by_name.keys().filter_map(|name| name.chars().next_back());
        last.for_each(|c| self.endings.insert(c));
    }

    fn townships(&self) -> &Townships {
        static TEXT: OnceLock<&str> = OnceLock::new();
        self.townships.get_or_init(|| {
            let text = TEXT.get_or_init(|| unpacked(TOWNSHIPS));
            let mut regions = Vec::with_capacity(45_000);
            let mut by_name = HashMap::with_capacity(36_000);
            let mut before = Vec::with_capacity(45_000);
            let (mut six, mut parent) = (0, None);
            for line in text.lines() {
                if line.len() == 6 {
                    six = line.parse().unwrap_or_default();
                    parent = [Level::County, Level::City, Level::Province]
                        .into_iter()
                        .map(|level| Code::county(six).at(level))
                        .find(|above| self.by_code.contains_key(above));
                } else if let Some((three, name)) = line.split_at_checked(3)
                    && let Ok(three) = three.parse()
                {
                    // the tree writes out a few; see `township_name`
                    let office = name.ends_with("街道办事处");
                    let known_by = if office { name.trim_end_matches("办事处") } else { name };
                    before.push(by_name.insert(known_by, regions.len()));
                    regions.push(Region::current(Code::township(six, three), name, parent));
                }
            }
            Townships { regions, by_name, before }
        })
    }

    /// Every region from province to county, today's first, then the former ones.
    pub fn iter(&self) -> impl Iterator<Item = &Region> + Clone {
        self.regions.iter()
    }

    /// The region that has this code, or had it last.
    #[must_use]
    pub fn get(&self, code: Code) -> Option<&Region> {
        if let Some(&i) = self.by_code.get(&code) {
            return self.regions.get(i);
        }
        if code.level() != Level::Township {
            return None;
        }
        let all = &self.townships().regions;
        all.binary_search_by_key(&code, |r| r.code).ok().and_then(|i| all.get(i))
    }

    /// The regions above, the nearest first.
    #[must_use]
    pub fn ancestors(&self, code: Code) -> Vec<&Region> {
        let mut above = Vec::new();
        let mut next = self.get(code).and_then(|r| r.parent);
        // four levels; a user's list may go in circles
        while let Some(region) = next.and_then(|code| self.get(code)).filter(|_| above.len() < 4) {
            above.push(region);
            next = region.parent;
        }
        above
    }

    /// Whether `code` is `region` or lies below it.
    #[must_use]
    pub fn contains(&self, region: Code, code: Code) -> bool {
        region.contains(code) || self.ancestors(code).iter().any(|above| above.code == region)
    }

    /// The name with those above it: `江苏省苏州市张家港市`.
    #[must_use]
    pub fn path(&self, code: Code) -> String {
        let own = self.get(code).map(|r| r.name.as_ref());
        self.ancestors(code).iter().rev().map(|r| r.name.as_ref()).chain(own).collect()
    }

    /// The one region of this code or name, as a query or an option gives it: `3213`, `宿迁`,
    /// `石家庄市桥西区`, `桃花源街道`. Where a name was passed on, `year` tells whose it was.
    pub fn find(&self, text: &str, year: Option<u16>) -> Result<&Region, RegionError> {
        let name = squeeze(text);
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            let code = name.parse()?;
            return self.get(code).ok_or(RegionError::UnknownCode(name));
        }
        match self.candidates(&name, year).as_slice() {
            [] => Err(RegionError::NotFound { similar: self.similar(&name), name }),
            [region] => Ok(region),
            several => {
                let mut candidates: Vec<String> =
                    several.iter().map(|r| format!("{} {}", r.code, self.path(r.code))).collect();
                candidates.sort();
                if candidates.len() > LISTED {
                    candidates.truncate(LISTED);
                    candidates.push("…".to_owned());
                }
                Err(RegionError::Ambiguous { name, candidates })
            }
        }
    }

    /// The regions that a squeezed name may mean.
    fn candidates(&self, name: &str, year: Option<u16>) -> Vec<&Region> {
        let mut found = self.select(self.named(name).to_vec(), year);
        if found.is_empty() {
            found = self.select(self.named_short(name).to_vec(), year);
        }
        if !found.is_empty() {
            return found.into_iter().map(|i| &self.regions[i]).collect();
        }
        let walk = self.walk(name, year, true);
        match walk.rest {
            "" => walk.found.iter().map(|&i| &self.regions[i]).collect(),
            rest => self.townships_named(rest, &walk.found),
        }
    }

    /// Whether a name means exactly one region; cheaper than an error that proposes others.
    pub fn is_name(&self, text: &str) -> bool {
        self.candidates(&squeeze(text), None).len() == 1
    }

    fn similar(&self, name: &str) -> Option<String> {
        nearest::closest(name, self.by_name.keys().map(String::as_str))
    }

    /// Whether a name of three characters or more may stand at the front of `text`.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        self.beginnings.may_begin(text)
    }

    /// Index of the regions of exactly this full name.
    pub(super) fn named(&self, name: &str) -> &[usize] {
        // most of what is tried ends as no name does
        let known = Some(name).filter(|name| name.ends_with(|c| self.endings.has(c)));
        known.and_then(|name| self.by_name.get(name)).map_or(&[], Vec::as_slice)
    }

    /// Index of the regions of exactly this short name.
    pub(super) fn named_short(&self, name: &str) -> &[usize] {
        self.by_short.get(name).map_or(&[], Vec::as_slice)
    }

    /// Index of the region, county or higher, that has this code.
    pub(super) fn index_of(&self, code: Code) -> Option<usize> {
        self.by_code.get(&code).copied()
    }

    /// The region of an index.
    pub(super) fn at(&self, index: usize) -> &Region {
        &self.regions[index]
    }

    /// Townships of this name below one of `regions` or what became of it; anywhere if there are none.
    pub(super) fn townships_named(&self, name: &str, regions: &[usize]) -> Vec<&Region> {
        let Some((name, _)) = township_name(name) else {
            return Vec::new();
        };
        let all = self.townships();
        let last = all.by_name.get(name).copied();
        std::iter::successors(last, |&i| all.before.get(i).copied().flatten())
            .filter_map(|i| all.regions.get(i))
            .filter(|t| regions.is_empty() || regions.iter().any(|&i| self.holds(i, t.code)))
            .collect()
    }

    /// Whether a region, or what became of it, holds a township of today.
    pub(super) fn holds(&self, region: usize, township: Code) -> bool {
        let region = &self.regions[region];
        // twice: 平安县 changed its code, then became a district
        let next = region.successors.iter();
        let after = next.clone().filter_map(|&c| self.get(c)).flat_map(|r| r.successors.iter());
        self.contains(region.code, township)
            || next.chain(after).any(|&c| self.contains(c, township))
    }

    /// Of regions that share a name, those that bore it in `year`; without a year today's, if any.
    /// One that passed its name on to another of them gives way.
    pub(super) fn select(&self, found: Vec<usize>, year: Option<u16>) -> Vec<usize> {
        if found.len() < 2 {
            return found;
        }
        let fitting: Vec<usize> = found
            .iter()
            .copied()
            .filter(|&i| match year {
                Some(year) => self.regions[i].is_valid_in(year),
                None => !self.regions[i].is_former(),
            })
            .collect();
        let found = if fitting.is_empty() { found } else { fitting };
        let passed_on = |i: usize| {
            found
                .iter()
                .any(|&j| j != i && self.regions[i].successors.contains(&self.regions[j].code))
        };
        found.iter().copied().filter(|&i| !passed_on(i)).collect()
    }
}
