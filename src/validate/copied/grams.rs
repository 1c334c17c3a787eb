//! The set of a text's character 5-grams.

use super::prose::{CUT, Prose};

/// Characters in a gram.
const LENGTH: u32 = 5;
/// Bits of a character.
const BITS: u32 = 21;

/// Distinct 5-grams of a text, each as a 64-bit hash, in ascending order.
///
/// Two grams of different characters share a hash once in 2^64 pairs: less than once in a million
/// comparisons of long texts does this change a similarity at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grams(Vec<u64>);

impl Grams {
    /// The grams of a text. None reaches over a place where prescribed text was taken out.
    #[must_use]
    pub fn new(prose: &Prose) -> Grams {
        let mut grams = Vec::with_capacity(prose.chars().len());
        let mut window = 0u128;
        let mut filled = 0;
        for &c in prose.chars() {
            filled = if c == CUT { 0 } else { filled + 1 };
            window = (window << BITS | u128::from(u32::from(c))) & ((1 << (LENGTH * BITS)) - 1);
            if filled >= LENGTH {
                grams.push(mix(window as u64 ^ mix((window >> 64) as u64)));
            }
        }
        grams.sort_unstable();
        grams.dedup();
        Grams(grams)
    }

    /// Number of distinct grams.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the text has no gram.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[cfg(test)]
    pub(super) fn from_hashes(hashes: Vec<u64>) -> Grams {
        Grams(hashes)
    }

    /// The hashes, ascending.
    pub(super) fn hashes(&self) -> &[u64] {
        &self.0
    }

    /// Jaccard similarity: shared grams by all grams, 0 to 1; 0 where neither text has any.
    #[must_use]
    pub fn similarity(&self, other: &Grams) -> f64 {
        let (mut a, mut b, mut shared) = (0, 0, 0usize);
        while let (Some(x), Some(y)) = (self.0.get(a), other.0.get(b)) {
            shared += usize::from(x == y);
            a += usize::from(x <= y);
            b += usize::from(y <= x);
        }
        let all = self.len() + other.len() - shared;
        if all == 0 { 0.0 } else { shared as f64 / all as f64 }
    }
}

/// Spreads a number over 64 bits, one to one (the finalizer of splitmix64). Never to be changed:
/// signatures are stored.
pub(super) const fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ x >> 31
}
