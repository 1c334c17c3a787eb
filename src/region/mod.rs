//! Who reports: the tree of regions, from province to township, and the bodies that govern them.
//!
//! [`Regions`] is the tree with what is known of its changes; [`Regions::resolve`] turns a body's
//! name as printed into an [`Organ`]. What the name and its [`Context`] leave open stays open.
//! [`Succession`] tells which bodies became which.

mod changes;
mod code;
mod evidence;
mod expected;
mod kin;
mod name;
mod organ;
mod organ_changes;
mod place;
mod resolve;
mod succession;
#[cfg(test)]
mod tests;
mod tree;

pub use code::{Code, Level};
pub use expected::ExpectedBody;
pub use kin::{Kin, kin};
pub use organ::{Context, Kind, Organ, is_central_branch};
pub use organ_changes::OrganChange;
pub use succession::{Body, Lineage, Link, Place, Succession, Years};
pub use tree::{Region, Regions};

use std::borrow::Cow;

use rust_i18n::t;

use crate::reason;

/// Why a region could not be told.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RegionError {
    /// Not 2, 4, 6 or 9 digits.
    #[error("{}", t!("region.bad_code", code = .0))]
    BadCode(String),
    /// A code that no region has.
    #[error("{}", t!("region.unknown_code", code = .0))]
    UnknownCode(String),
    /// A name that no region has.
    #[error("{}", not_found(name, similar.as_deref()))]
    NotFound {
        /// The name asked for.
        name: String,
        /// A name that is like it.
        similar: Option<String>,
    },
    /// A name that several regions have.
    #[error("{}", t!("region.ambiguous", name = name, candidates = candidates.join(", ")))]
    Ambiguous {
        /// The name asked for.
        name: String,
        /// `130104 河北省石家庄市桥西区`, in order of code.
        candidates: Vec<String>,
    },
    /// A list of changes that cannot be read.
    #[error("{}", t!("region.changes", origin = origin, message = message))]
    Changes {
        /// The file.
        origin: String,
        /// Line and reason.
        message: String,
    },
    /// A list of expected bodies that cannot be read.
    #[error("{}", t!("expect.cannot", origin = origin, message = message))]
    Expected {
        /// The file.
        origin: String,
        /// Line and reason.
        message: String,
    },
    /// A list of changes of bodies that cannot be read.
    #[error("{}", rust_i18n::t!("organs.cannot", origin = origin, message = message))]
    OrganChanges {
        /// The file.
        origin: String,
        /// Line and reason.
        message: String,
    },
}

fn not_found(name: &str, similar: Option<&str>) -> Cow<'static, str> {
    match similar {
        Some(similar) => t!("region.similar", name = name, similar = similar),
        None => t!("region.not_found", name = name),
    }
}

impl RegionError {
    fn changes(origin: &str, error: &csv::Error) -> RegionError {
        RegionError::Changes { origin: origin.to_owned(), message: reason::of_csv(error) }
    }
}
