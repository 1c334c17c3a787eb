//! Slips of the pen that the digits of a number give away.

use super::Kind;
use crate::form::fold_text;

impl Kind {
    /// The slip that makes `printed` of `truth`, if it is one.
    pub(super) fn of_digits(printed: &str, truth: i64) -> Option<Kind> {
        let (printed, truth) = (printed.as_bytes(), truth.to_string());
        let truth = truth.as_bytes();
        if printed.is_empty() || !printed.iter().chain(truth).all(u8::is_ascii_digit) {
            None
        } else if lacks_one(truth, printed) {
            Some(Kind::DigitDropped)
        } else if lacks_one(printed, truth) {
            Some(Kind::DigitDoubled)
        } else if swapped(printed, truth) {
            Some(Kind::DigitsSwapped)
        } else {
            None
        }
    }

    /// Whether the digits tell it.
    pub(super) fn is_of_digits(self) -> bool {
        matches!(self, Kind::DigitDropped | Kind::DigitDoubled | Kind::DigitsSwapped)
    }

    /// How readily it happens, against others that explain as much.
    pub(super) fn plausibility(self) -> u8 {
        match self {
            Kind::DigitDropped | Kind::DigitDoubled | Kind::DigitsSwapped => 3,
            Kind::SumMistyped | Kind::BlankForZero => 2,
            Kind::CellsSwapped | Kind::RowShifted => 1,
            Kind::OtherValue => 0,
        }
    }
}

/// The digits of a text that is no number.
pub(super) fn digits(raw: &str) -> String {
    fold_text(raw).chars().filter(char::is_ascii_digit).collect()
}

/// Whether `short` is `long` without one of its digits.
fn lacks_one(long: &[u8], short: &[u8]) -> bool {
    if long.len() != short.len() + 1 {
        return false;
    }
    let same = long.iter().zip(short).take_while(|(a, b)| a == b).count();
    long[same + 1..] == short[same..]
}

/// Whether two digits of one stand in each other's place in the other.
fn swapped(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let differ: Vec<usize> = (0..a.len()).filter(|i| a[*i] != b[*i]).collect();
    matches!(differ.as_slice(), [i, j] if a[*i] == b[*j] && a[*j] == b[*i])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_tell_their_slips() {
        use Kind::{DigitDoubled, DigitDropped, DigitsSwapped};
        for (printed, truth, kind) in [
            ("5", 15, Some(DigitDropped)),
            ("0", 10, Some(DigitDropped)),
            ("12", 112, Some(DigitDropped)),
            ("1234", 123, Some(DigitDoubled)),
            ("155", 15, Some(DigitDoubled)),
            ("05", 5, Some(DigitDoubled)),
            ("51", 15, Some(DigitsSwapped)),
            ("321", 123, Some(DigitsSwapped)),
            ("11", 8, None),
            ("312", 123, None),
            ("5", 125, None),
            ("", 5, None),
            ("5", -15, None),
        ] {
            assert_eq!(Kind::of_digits(printed, truth), kind, "{printed} for {truth}");
        }
        assert_eq!(digits("１2O件"), "12");
    }
}
