//! Sections whose text is nearly that of another: the body's own of last year, or another body's.
//!
//! A section is reduced to the body's own words (`prose`: folded, without blanks and punctuation,
//! without what the form prescribes, `data/prescribed.toml`), these to the set of their
//! character 5-grams (`grams`). Two sections are nearly the same where the Jaccard similarity of
//! the sets is [`THRESHOLD`] or more. Not all pairs are compared: a [`Signature`] of 256 bytes a
//! section (`signature`) is looked up in bands (`bands`), and only sections whose signatures are
//! near are compared by their texts (`search`). So what is found is exact, and what may be missed
//! is known. [`passages`] shows what two texts have in common.
//!
//! MinHash is written here because no crate fits: gaoya, the most complete, has had no release since
//! 2023, promises no lasting hash functions and brings rayon and rand; lshdedup and
//! datasketch-minhash-lsh are first releases that estimate and do not compare. Signatures are
//! stored, so the hash functions must never change.

mod bands;
mod grams;
mod passages;
mod prescribed;
mod prose;
mod search;
mod signature;
#[cfg(test)]
mod tests;

pub use bands::BANDS;
pub use grams::Grams;
pub use passages::{Passage, passages};
pub use prescribed::Prescribed;
pub use prose::{MIN_CHARS, Prose};
pub use search::{Copied, Entry, Kind, find};
pub use signature::Signature;

/// Jaccard similarity of the 5-grams from which on two texts are nearly the same.
pub const THRESHOLD: f64 = 0.8;
