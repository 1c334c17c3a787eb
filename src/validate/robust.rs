//! How far a value lies from its peers, as by Iglewicz and Hoaglin (How to Detect and Handle
//! Outliers, 1993): a few wild values move neither the median nor the deviation from it.

/// Makes the median absolute deviation comparable to a standard deviation.
const OF_MEDIAN: f64 = 0.6745;
/// Likewise for the mean absolute deviation: 1 / 1.253314.
const OF_MEAN: f64 = 0.797_885;

/// The middle of values and their spread around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Robust {
    /// Median.
    pub median: f64,
    /// What a difference from the median is multiplied by to give z; 0 where all values are the same.
    factor: f64,
}

impl Robust {
    /// Of values in any order; none of no values.
    ///
    /// Where more than half of the values are the same, the median absolute deviation is 0 and tells
    /// nothing of the others: then the mean absolute deviation takes its place.
    #[must_use]
    pub fn new(mut values: Vec<f64>) -> Option<Robust> {
        let middle = median(&mut values)?;
        values.iter_mut().for_each(|v| *v = (*v - middle).abs());
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let deviation = median(&mut values)?;
        let factor = if deviation > 0.0 {
            OF_MEDIAN / deviation
        } else if mean > 0.0 {
            OF_MEAN / mean
        } else {
            0.0
        };
        Some(Robust { median: middle, factor })
    }

    /// The robust z-score of a value.
    #[must_use]
    pub fn z(&self, value: f64) -> f64 {
        (value - self.median) * self.factor
    }
}

/// Median; of an even number of values the mean of the two in the middle.
fn median(values: &mut [f64]) -> Option<f64> {
    let (half, even) = (values.len() / 2, values.len().is_multiple_of(2));
    if values.is_empty() {
        return None;
    }
    let (below, upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let upper = *upper;
    if even {
        let lower = below.iter().copied().max_by(f64::total_cmp)?;
        return Some((lower + upper) / 2.0);
    }
    Some(upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_median_is_in_the_middle() {
        for (values, middle) in [
            (vec![3.0], 3.0),
            (vec![4.0, 1.0], 2.5),
            (vec![9.0, 1.0, 2.0], 2.0),
            (vec![9.0, 1.0, 2.0, 4.0], 3.0),
        ] {
            assert_eq!(Robust::new(values).unwrap().median, middle);
        }
        assert_eq!(Robust::new(Vec::new()), None);
    }

    #[test]
    fn the_score_is_that_of_the_book() {
        // median 3, deviations 2 1 0 1 97, their median 1
        let robust = Robust::new(vec![1.0, 2.0, 3.0, 4.0, 100.0]).unwrap();
        assert!(near(robust.z(100.0), 0.6745 * 97.0));
        assert!(near(robust.z(1.0), 0.6745 * -2.0));
    }

    #[test]
    fn where_most_are_the_same_the_mean_deviation_tells() {
        let mut values = vec![0.5; 9];
        values.push(0.7);
        let robust = Robust::new(values).unwrap();
        assert!(near(robust.z(0.7), 0.797_885 * 10.0));
        assert_eq!(robust.z(0.5), 0.0);
        assert_eq!(Robust::new(vec![0.5; 9]).unwrap().z(0.9), 0.0);
    }
}
