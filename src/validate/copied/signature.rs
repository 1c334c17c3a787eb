//! What is kept of a section's 5-grams to find the sections that resemble it.

use super::grams::{Grams, mix};

/// Minima in a signature: as many as make it 256 bytes.
pub(super) const MINIMA: usize = 120;

/// Number of this way of making signatures. To be raised with any change to it, to the grams or
/// to the folding, and with no other.
const VERSION: u32 = 1;

/// MinHash signature of a section: the part of the minima that two signatures share estimates
/// the Jaccard similarity of the sections, give or take 0.04 (one standard deviation at 0.8).
///
/// 256 bytes as stored: 51 MB for 200,000 sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What the text was reduced by; signatures of another stamp tell nothing.
    stamp: u32,
    /// Number of grams.
    pub(super) count: u32,
    /// Sum of the grams' hashes. With the count it is as good as the set itself.
    pub(super) sum: u64,
    /// For each hash function the least of the grams' hashes, its low bits.
    pub(super) minima: [u16; MINIMA],
}

impl Signature {
    /// Bytes of a stored signature.
    pub const BYTES: usize = 16 + 2 * MINIMA;

    pub(super) fn new(grams: &Grams, stamp: u32) -> Signature {
        let mut least = [u64::MAX; MINIMA];
        for &gram in grams.hashes() {
            for (least, (factor, term)) in least.iter_mut().zip(&FUNCTIONS) {
                *least = (*least).min(gram.wrapping_mul(*factor).wrapping_add(*term));
            }
        }
        Signature {
            stamp,
            count: u32::try_from(grams.len()).unwrap_or(u32::MAX),
            sum: grams.hashes().iter().fold(0, |sum, gram| sum.wrapping_add(*gram)),
            // the high bits of a minimum are nearly always 0
            minima: least.map(|least| mix(least) as u16),
        }
    }

    /// The bytes to store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::BYTES);
        bytes.extend(self.stamp.to_le_bytes());
        bytes.extend(self.count.to_le_bytes());
        bytes.extend(self.sum.to_le_bytes());
        self.minima.iter().for_each(|m| bytes.extend(m.to_le_bytes()));
        bytes
    }

    /// A stored signature; none if the bytes are of another stamp ([`super::Prescribed::stamp`])
    /// or no signature: then it is to be made anew from the text.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], stamp: u32) -> Option<Signature> {
        let (head, tail) = bytes.split_at_checked(16)?;
        let (values, []) = tail.as_chunks::<2>() else { return None };
        let signature = Signature {
            stamp: u32::from_le_bytes(head[..4].try_into().ok()?),
            count: u32::from_le_bytes(head[4..8].try_into().ok()?),
            sum: u64::from_le_bytes(head[8..].try_into().ok()?),
            minima: values
                .iter()
                .map(|v| u16::from_le_bytes(*v))
                .collect::<Vec<_>>()
                .try_into()
                .ok()?,
        };
        (signature.stamp == stamp).then_some(signature)
    }

    /// Number of minima that two signatures share, of [`MINIMA`].
    pub(super) fn shared(&self, other: &Signature) -> u16 {
        self.minima.iter().zip(&other.minima).map(|(a, b)| u16::from(a == b)).sum()
    }
}

/// The stamp of signatures whose texts were reduced by what has this fingerprint.
pub(super) fn stamp(fingerprint: u64) -> u32 {
    mix(fingerprint ^ u64::from(VERSION)) as u32
}

/// Factor and term of each hash function. Never to be changed.
static FUNCTIONS: [(u64, u64); MINIMA] = {
    let mut functions = [(0, 0); MINIMA];
    let mut i = 0;
    while i < MINIMA {
        functions[i] = (mix(2 * i as u64) | 1, mix(2 * i as u64 + 1));
        i += 1;
    }
    functions
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;
    use crate::validate::copied::{Prescribed, Prose};

    const TEXT: &str = "全年共接待来访群众三百余人次，对反映集中的道路照明、河岸保洁等事项逐一列出清单，\
        明确由谁来办、何时办结，并在村口的公告栏里按月写明进度。年底回访时，多数群众表示满意，\
        也有人提出公告字号偏小、张贴位置偏高，我们已经按照这些意见作了调整。";

    fn grams(text: &str) -> Grams {
        Grams::new(&Prose::new(text, &Prescribed::new(&Forms::builtin())))
    }

    /// Stored signatures are of no use if this fails.
    #[test]
    fn a_signature_stays_what_it_is() {
        let signature = Signature::new(&grams(TEXT), 7);
        let bytes = signature.to_bytes();
        assert_eq!(bytes.len(), Signature::BYTES);
        assert_eq!(Signature::BYTES, 256);
        let sum = bytes.iter().fold(0, |hash, byte| mix(hash ^ u64::from(*byte)));
        assert_eq!((signature.count, sum), (102, 13_364_863_319_710_469_890));
        let keys = signature.keys();
        assert!(keys.is_sorted() && keys.iter().all(|k| u32::try_from(*k).is_ok()));
        let sum = keys.iter().fold(0, |hash, key| mix(hash ^ *key as u64));
        assert_eq!(sum, 6_753_961_569_890_473_294);
    }

    #[test]
    fn the_more_alike_the_more_keys_are_shared() {
        let keys = |text: &str| Signature::new(&grams(text), 7).keys();
        let shared = |text: &str| {
            let (a, b) = (keys(TEXT), keys(text));
            a.iter().zip(&b).filter(|(a, b)| a == b).count()
        };
        assert_eq!(shared(&TEXT.replace('，', "；")), 20);
        let changed = shared(&TEXT.replace("三百", "五百"));
        assert!((5..20).contains(&changed), "{changed}");
        assert_eq!(shared(&TEXT.chars().rev().collect::<String>()), 0);
    }

    #[test]
    fn only_whole_bytes_of_the_same_stamp_are_a_signature() {
        let signature = Signature::new(&grams(TEXT), 7);
        let bytes = signature.to_bytes();
        assert_eq!(Signature::from_bytes(&bytes, 7).as_ref(), Some(&signature));
        assert_eq!(Signature::from_bytes(&bytes, 8), None);
        for wrong in [&bytes[..255], &bytes[..16], &[]] {
            assert_eq!(Signature::from_bytes(wrong, 7), None);
        }
        assert_eq!(Signature::from_bytes(&[&bytes[..], &[0]].concat(), 7), None);
    }

    #[test]
    fn shared_minima_estimate_the_similarity() {
        // sets of numbers that share a known part
        let mut worst: f64 = 0.0;
        let mut bias = 0.0;
        for (round, shared) in (0..200u64).zip([50, 100, 150, 190].into_iter().cycle()) {
            let set = |own: u64| {
                let numbers = (0..shared).chain(own * 1000..own * 1000 + 200 - shared);
                let mut set: Vec<u64> = numbers.map(|n| mix(mix(n) ^ round)).collect();
                set.sort_unstable();
                Signature::new(&Grams::from_hashes(set), 0)
            };
            let truth = shared as f64 / (400 - shared) as f64;
            let off = f64::from(set(1).shared(&set(2))) / MINIMA as f64 - truth;
            worst = worst.max(off.abs());
            bias += off / 200.0;
        }
        assert!(worst < 0.2 && bias.abs() < 0.01, "off by {worst} at most, {bias} on average");
    }
}
