//! The axis of values: from where to where, with ticks at round numbers.

use crate::table::Unit;

/// An axis of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Value at its beginning, a round number.
    pub low: f64,
    /// Value at its end, a round number.
    pub high: f64,
    /// From tick to tick: 1, 2 or 5 times a power of ten.
    pub step: f64,
}

/// By how much a part of a step is none.
const HAIR: f64 = 1e-9;

impl Scale {
    /// The axis that holds these values with some `ticks` ticks; it begins at zero where `zero` asks
    /// for it, or the values are not far from it. Where they are `whole`, so are the ticks.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>, ticks: usize, zero: bool, whole: bool) -> Scale {
        let finite = values.filter(|value| value.is_finite());
        let (mut low, mut high) = finite
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            (low, high) = (0.0, 0.0);
        }
        // a box among values near each other says nothing from zero
        if zero || low < high / 2.0 {
            low = low.min(0.0);
        }
        if zero || high > low / 2.0 {
            high = if high < 0.0 { 0.0 } else { high };
        }
        // of one value alone: from zero; never beyond it, since a share above 100% is none
        if low == high {
            (low, high) = if low == 0.0 { (0.0, 1.0) } else { (low.min(0.0), high.max(0.0)) };
        }
        let least = if whole { 1.0 } else { 0.0 };
        let step = round_step((high - low) / ticks.max(1) as f64).max(least);
        // a sum of shares may be a hair above 1
        let (first, last) = ((low / step + HAIR).floor(), (high / step - HAIR).ceil());
        Scale { low: first * step, high: last * step, step }
    }

    /// The values at the ticks.
    pub fn ticks(&self) -> impl Iterator<Item = f64> {
        let (low, step) = (self.low, self.step);
        let last = ((self.high - low) / step).round().clamp(0.0, 1000.0) as u32;
        let first = (low / step).round();
        // by multiplication: a sum of steps would drift
        (0..=last).map(move |n| (first + f64::from(n)) * step)
    }

    /// How far along the axis a value stands, from 0 to 1.
    #[must_use]
    pub fn part(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// A tick as people read it, in the unit of the tables and with no more digits than it needs.
    #[must_use]
    pub fn label(&self, tick: f64, unit: Unit) -> String {
        let (factor, mark) = match unit {
            Unit::Rate | Unit::Growth => (100.0, "%"),
            Unit::Points => (100.0, ""),
            Unit::Fen => (0.01, ""),
            _ => (1.0, ""),
        };
        let digits = (-(self.step * factor).log10() - 1e-9).ceil().clamp(0.0, 9.0) as usize;
        let number = format!("{:.digits$}", tick * factor);
        let number = if tick == 0.0 { number.trim_start_matches('-') } else { &number };
        format!("{number}{mark}")
    }
}

/// The least step of 1, 2 or 5 times a power of ten that is no smaller.
fn round_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.log10().floor());
    let times = [1.0, 2.0, 5.0].into_iter().find(|times| times * power >= rough * (1.0 - 1e-9));
    times.unwrap_or(10.0) * power
}
