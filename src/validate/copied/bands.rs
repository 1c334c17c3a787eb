//! Signatures in order, band by band, so that those alike in a band stand together.
//!
//! A band is [`ROWS`] minima. Two texts of similarity s are alike in one of the [`BANDS`] bands with
//! a chance of 1 - (1 - s⁶)²⁰: 0.27 at 0.5, 0.61 at 0.6, 0.92 at 0.7, 0.998 at 0.8, 1 from 0.9 on.

use super::grams::mix;
use super::signature::{MINIMA, Signature};

/// Minima in a band.
const ROWS: usize = 6;
/// Bands of a signature.
pub const BANDS: usize = MINIMA / ROWS;
/// Bits of a band's hash in its key: with the number of the band they make 31.
const HASH_BITS: usize = 26;
/// Minima by which a band is ordered: two more than a band has, so that among many that are alike
/// in it the more alike are nearer.
const ORDERED: usize = 8;
/// How many on each side are looked at where many are alike in a band. Where that are more than twice
/// as many, they share what many have, and what else a pair shares is in other bands.
const REACH: usize = 128;

/// For each band all signatures in its order, and the place of each in it.
pub(super) struct Bands<'s> {
    signatures: &'s [&'s Signature],
    bands: Vec<Band>,
}

struct Band {
    order: Vec<u32>,
    place: Vec<u32>,
}

impl<'s> Bands<'s> {
    /// Orders the signatures, on several threads.
    pub fn new(signatures: &'s [&'s Signature], threads: usize) -> Bands<'s> {
        let numbers: Vec<usize> = (0..BANDS).collect();
        let mut bands = Vec::with_capacity(BANDS);
        std::thread::scope(|scope| {
            let share = BANDS.div_ceil(threads.max(1));
            let workers: Vec<_> = numbers
                .chunks(share)
                .map(|numbers| {
                    scope.spawn(move || {
                        numbers.iter().map(|b| Band::new(signatures, *b)).collect::<Vec<_>>()
                    })
                })
                .collect();
            for worker in workers {
                match worker.join() {
                    Ok(done) => bands.extend(done),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        Bands { signatures, bands }
    }

    /// All signatures, those alike in the first band together.
    pub fn order(&self) -> &[u32] {
        &self.bands[0].order
    }

    /// Calls with each signature that is alike in some band, once for each such band.
    pub fn alike(&self, of: u32, mut found: impl FnMut(u32)) {
        let signature = self.signatures[of as usize];
        for (number, band) in self.bands.iter().enumerate() {
            let first = number * ROWS;
            let own = &signature.minima[first..first + ROWS];
            let same = |other: &&u32| {
                self.signatures[**other as usize].minima[first..first + ROWS] == *own
            };
            let place = band.place[of as usize] as usize;
            let before = band.order[..place].iter().rev().take(REACH).take_while(same);
            let after = band.order[place + 1..].iter().take(REACH).take_while(same);
            before.chain(after).for_each(|other| found(*other));
        }
    }
}

impl Signature {
    /// The key of a band, ascending with its number: signatures that share none are alike in no band,
    /// and of those that share one hardly any is not alike in it. Never to be changed: keys are
    /// stored.
    #[must_use]
    pub fn key(&self, band: usize) -> i64 {
        let minima = &self.minima[band * ROWS..][..ROWS];
        let hash = minima.iter().fold(0, |hash, m| mix(hash ^ u64::from(*m)));
        (band << HASH_BITS) as i64 | (hash & ((1 << HASH_BITS) - 1)) as i64
    }

    /// The keys of all bands.
    #[must_use]
    pub fn keys(&self) -> [i64; BANDS] {
        std::array::from_fn(|band| self.key(band))
    }
}

impl Band {
    fn new(signatures: &[&Signature], number: usize) -> Band {
        let key = |s: &Signature| {
            (0..ORDERED).fold(0u128, |key, i| {
                key << 16 | u128::from(s.minima[(number * ROWS + i) % MINIMA])
            })
        };
        let mut keys: Vec<(u128, u32)> =
            signatures.iter().zip(0..).map(|(s, i)| (key(s), i)).collect();
        keys.sort_unstable();
        let mut place = vec![0; keys.len()];
        for ((_, i), p) in keys.iter().zip(0..) {
            place[*i as usize] = p;
        }
        Band { order: keys.into_iter().map(|(_, i)| i).collect(), place }
    }
}
