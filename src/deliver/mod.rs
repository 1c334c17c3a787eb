//! What leaves the program as files that stand for themselves: the summary form of a level, the
//! matrix of its units, and what else a supervisory department sends on.
//!
//! A file is made of [`Chosen`] reports. This module turns them into bytes; where these go, and that
//! a file stands under its name only when it is whole, is the command's business.

pub mod bundle;
mod chosen;
pub mod data;
pub mod datasette;
pub mod identity;

pub use chosen::{Choice, Chosen, Place};
