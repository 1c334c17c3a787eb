//! The arithmetic of distributions, correlations and forecasts.

use crate::metric::Z;

/// A quantile of sorted values, interpolated linearly between ranks (type 7 of Hyndman and Fan, as
/// in R, NumPy and spreadsheets); none of no values.
#[must_use]
pub fn quantile(sorted: &[f64], at: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = at.clamp(0.0, 1.0) * last as f64;
    let below = place.floor();
    let (low, high) = (sorted[below as usize], sorted[place.ceil() as usize]);
    Some(low + (high - low) * (place - below))
}

/// Pearson's coefficient of pairs; none where one side does not vary.
#[must_use]
pub fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mx, my) = (mean(|p| p.0), mean(|p| p.1));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        xx += (x - mx) * (x - mx);
        yy += (y - my) * (y - my);
        xy += (x - mx) * (y - my);
    }
    let spread = xx.sqrt() * yy.sqrt();
    (pairs.len() > 2 && spread > 0.0).then(|| (xy / spread).clamp(-1.0, 1.0))
}

/// Spearman's coefficient: Pearson's of the ranks, where equal values share their mean rank.
#[must_use]
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    let ranks = |of: fn(&(f64, f64)) -> f64| ranks(&pairs.iter().map(of).collect::<Vec<_>>());
    let pairs: Vec<_> = ranks(|p| p.0).into_iter().zip(ranks(|p| p.1)).collect();
    pearson(&pairs)
}

/// The rank of each value, from 1; equal values share their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut done = 0;
    for tied in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let mean = done as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|at| ranks[*at] = mean);
        done += tied.len();
    }
    ranks
}

/// The 95 % interval of a coefficient of n pairs by Fisher's z; none below 4 pairs.
#[must_use]
pub fn fisher(r: f64, n: usize) -> Option<(f64, f64)> {
    let free = n.checked_sub(3).filter(|free| *free > 0)?;
    let half = Z / (free as f64).sqrt();
    // all of one line: the transformed value is infinite, and so are its bounds
    let middle = r.atanh();
    Some(((middle - half).tanh(), (middle + half).tanh()))
}

/// A value ahead, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ahead {
    /// Value.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl Ahead {
    fn new(value: f64, deviation: f64) -> Ahead {
        Ahead { value, low: value - Z * deviation, high: value + Z * deviation }
    }

    /// With the bounds, and a value beyond them, put where they can be.
    #[must_use]
    pub fn within(self, least: f64, most: f64) -> Ahead {
        let put = |x: f64| x.clamp(least, most);
        Ahead { value: put(self.value), low: put(self.low), high: put(self.high) }
    }
}

/// The changes from each value to the next.
fn changes(values: &[f64]) -> Vec<f64> {
    values.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// The next value as the last, `ahead` steps on; none of fewer than two values.
#[must_use]
pub fn naive(values: &[f64], ahead: usize) -> Option<Ahead> {
    let (last, changes) = (*values.last()?, changes(values));
    if changes.is_empty() {
        return None;
    }
    let variance = changes.iter().map(|e| e * e).sum::<f64>() / changes.len() as f64;
    Some(Ahead::new(last, (variance * ahead as f64).sqrt()))
}

/// On along the mean change, `ahead` steps; none of fewer than three values.
#[must_use]
pub fn drift(values: &[f64], ahead: usize) -> Option<Ahead> {
    let ([first, .., last], changes) = (values, changes(values)) else { return None };
    if changes.len() < 2 {
        return None;
    }
    let steps = changes.len() as f64;
    let slope = (last - first) / steps;
    let residuals = changes.iter().map(|e| (e - slope) * (e - slope)).sum::<f64>();
    let (h, variance) = (ahead as f64, residuals / (steps - 1.0));
    Some(Ahead::new(last + h * slope, (variance * h * (1.0 + h / steps)).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn quantiles_lie_between_ranks() {
        let values = [1.0, 2.0, 4.0, 8.0];
        // places 0.3, 0.75, 1.5, 2.25, 2.7 of 0 to 3
        for (at, by_hand) in [(0.1, 1.3), (0.25, 1.75), (0.5, 3.0), (0.75, 5.0), (0.9, 6.8)] {
            assert!(near(quantile(&values, at).unwrap(), by_hand), "{at}");
        }
        assert_eq!((quantile(&[3.0], 0.9), quantile(&[], 0.5)), (Some(3.0), None));
    }

    #[test]
    fn coefficients_are_those_worked_out_by_hand() {
        let pairs = [(1.0, 2.0), (2.0, 4.0), (3.0, 3.0), (4.0, 5.0), (5.0, 6.0)];
        // around the means 3 and 4: 4 + 0 + 0 + 1 + 4 = 9 over sqrt(10 * 10); so are the ranks
        assert!(near(pearson(&pairs).unwrap(), 0.9));
        assert!(near(spearman(&pairs).unwrap(), 0.9));
        // ties: ranks 1.5 1.5 3 4 against 1 2 3 4: 4.5 / sqrt(4.5 * 5)
        let tied = [(1.0, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 4.0)];
        assert!(near(spearman(&tied).unwrap(), 4.5 / (4.5f64 * 5.0).sqrt()));
        assert_eq!(pearson(&[(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]), None);
        assert_eq!(pearson(&pairs[..2]), None);
    }

    #[test]
    fn the_interval_of_fisher_is_that_of_the_book() {
        // z = atanh(0.5) = 0.549306; 1.959964 / sqrt(25) = 0.391993: 0.157313 and 0.941299, of which
        // tanh x = (exp 2x - 1) / (exp 2x + 1) is 0.156028 and 0.735818
        let (low, high) = fisher(0.5, 28).unwrap();
        assert!((low - 0.156_028).abs() < 1e-6 && (high - 0.735_818).abs() < 1e-6, "{low} {high}");
        assert_eq!(fisher(0.5, 3), None);
        assert_eq!(fisher(1.0, 9), Some((1.0, 1.0)));
    }

    #[test]
    fn forecasts_and_their_deviations_are_those_worked_out_by_hand() {
        // changes 2 1 3 2, their squares 18 / 4; the mean change 2, residuals 0 -1 1 0: 2 / 3
        let values = [10.0, 12.0, 13.0, 16.0, 18.0];
        let one = naive(&values, 1).unwrap();
        assert!(near(one.value, 18.0) && near(one.high, 18.0 + Z * 4.5f64.sqrt()));
        assert!(near(naive(&values, 3).unwrap().low, 18.0 - Z * 13.5f64.sqrt()));
        let two = drift(&values, 2).unwrap();
        assert!(near(two.value, 22.0));
        // 2/3 * 2 * (1 + 2/4) = 2
        assert!(near(two.high - 22.0, Z * 2.0f64.sqrt()) && near(22.0 - two.low, Z * 2f64.sqrt()));
        assert_eq!(two.within(0.0, 20.0).high, 20.0);
        assert_eq!((naive(&[1.0], 1), drift(&[1.0, 2.0], 1)), (None, None));
    }
}
