//! The spread of values: what a box is drawn from.

/// A box with its whiskers.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Ends of the whiskers, edges of the box and the line in it, from below.
    pub marks: [f64; 5],
    /// What stands out beyond the whiskers, or the one that is compared.
    pub points: Vec<f64>,
}

impl Spread {
    /// Of these values: quartiles, interpolated linearly between ranks, and whiskers to the last
    /// values within one and a half times their distance (Tukey's). None of no values.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Option<Spread> {
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        let (first, last) = (*values.first()?, *values.last()?);
        let quantile = |part: f64| {
            let at = part * (values.len() - 1) as f64;
            let (below, above) = (values[at.floor() as usize], values[at.ceil() as usize]);
            below + (above - below) * at.fract()
        };
        let [q1, median, q3] = [0.25, 0.5, 0.75].map(quantile);
        let reach = 1.5 * (q3 - q1);
        let within = |value: &f64| (q1 - reach..=q3 + reach).contains(value);
        let low = values.iter().copied().find(within).unwrap_or(first);
        let high = values.iter().rev().copied().find(within).unwrap_or(last);
        let points = values.iter().copied().filter(|value| !within(value)).collect();
        Some(Spread { marks: [low, q1, median, q3, high], points })
    }

    /// All that must have room on the axis.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.marks.iter().chain(&self.points).copied()
    }
}
