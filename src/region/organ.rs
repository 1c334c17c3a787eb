//! The body that reports.

use std::sync::LazyLock;

use super::{Code, Level, Regions};
use crate::report::Scope;

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A county's or higher region's government, or the region itself in a summary.
    Government,
    /// An office of a government, or a central body's branch.
    Department,
    /// The government of a 镇, 乡 or 苏木.
    Township,
    /// A street or area office.
    Street,
    /// A ministry or other central body.
    Ministry,
    /// Anything else: customs, zones' committees, companies.
    Other,
}

impl Kind {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Kind::Government => "government",
            Kind::Department => "department",
            Kind::Township => "township",
            Kind::Street => "street",
            Kind::Ministry => "ministry",
            Kind::Other => "other",
        }
    }

    /// All of them.
    pub const ALL: [Kind; 6] = [
        Kind::Government,
        Kind::Department,
        Kind::Township,
        Kind::Street,
        Kind::Ministry,
        Kind::Other,
    ];

    /// The kind of a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// What is known beside a body's name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The region that the user gave for the folder or the file.
    pub region: Option<Code>,
    /// The reporting year: a region is looked up as it was then.
    pub year: Option<i32>,
    /// Other texts of the document, in any order: site name, breadcrumb, publisher, preamble.
    pub mentions: &'a [&'a str],
}

/// A body as far as its name and the context tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organ {
    /// Its name: the printed form, completed.
    pub name: String,
    /// The region it belongs to; none where that is not certain.
    pub region_code: Option<Code>,
    /// The street or township that it is; none where that is not certain.
    pub township_code: Option<Code>,
    /// What it is.
    pub kind: Kind,
    /// How high it stands; none where that is not certain.
    pub level: Option<Level>,
    /// Whose figures its report gives, where the text does not say.
    pub scope_default: Scope,
    /// The region of the body above it: for a government the region above its own.
    pub parent: Option<Code>,
    /// Its name without its region and without what two printings of it may differ in.
    pub(super) core: String,
}

impl Organ {
    /// Identity of the body: equal for all spellings of its name.
    ///
    /// A body without a region is known by its name alone, and another of that name elsewhere has
    /// the same key; [`Organ::is_placed`] tells.
    #[must_use]
    pub fn key(&self) -> String {
        match (self.kind, self.township_code, self.region_code) {
            (Kind::Ministry, _, _) => format!("central/{}", self.core),
            (_, Some(township), _) => township.to_string(),
            (Kind::Government, None, Some(region)) => region.to_string(),
            (_, None, Some(region)) => format!("{region}/{}", self.core),
            (_, None, None) => format!("?/{}", self.core),
        }
    }

    /// Whether its place is known, so that its key is its own.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        self.kind == Kind::Ministry || self.region_code.is_some()
    }

    /// Whether both are one body.
    #[must_use]
    pub fn same_body(&self, other: &Organ) -> bool {
        self.key() == other.key()
    }
}

impl Regions {
    /// Whether two names, each by itself, mean one body: `凤凰镇` and `凤凰镇人民政府`.
    #[must_use]
    pub fn same_body(&self, a: &str, b: &str) -> bool {
        let resolve = |name| self.resolve(name, Context::default());
        resolve(a).zip(resolve(b)).is_some_and(|(a, b)| a.same_body(&b))
    }
}

/// Central bodies with their short names, the full name first.
static CENTRAL: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    include_str!("../../data/central-bodies.txt").lines().map(|l| l.split(' ').collect()).collect()
});

/// Short names of offices and what they stand for.
static SHORT: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    include_str!("../../data/short-names.txt").lines().filter_map(|l| l.split_once(' ')).collect()
});

/// The full name of the central body of this full or short name.
pub(super) fn central(name: &str) -> Option<&'static str> {
    CENTRAL.iter().find(|names| names.contains(&name)).and_then(|names| names.first().copied())
}

/// Whether a body of this name is a central body's branch (`国家税务总局石家庄市税务局`): it reports
/// upwards, and is none of the region's own.
#[must_use]
pub fn is_central_branch(name: &str) -> bool {
    after_central(name).is_some_and(|rest| !rest.is_empty())
}

/// What follows a central body's full name at the front.
pub(super) fn after_central(name: &str) -> Option<&str> {
    let rests = CENTRAL.iter().filter_map(|names| name.strip_prefix(*names.first()?));
    rests.min_by_key(|rest| rest.len())
}

/// An office's full name.
pub(super) fn full_office(name: &str) -> &str {
    SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, full)| full)
}
