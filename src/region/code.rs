//! Region codes: GB/T 2260 (six digits) and GB/T 10114 (nine).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::RegionError;

/// How high a region, or the body that governs it, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The whole country.
    Central,
    /// 省, 自治区, 直辖市.
    Province,
    /// 地级市, 自治州, 地区, 盟.
    City,
    /// 县, 市辖区, 县级市, 旗.
    County,
    /// 街道, 镇, 乡, 苏木.
    Township,
}

impl Level {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Level::Central => "central",
            Level::Province => "province",
            Level::City => "city",
            Level::County => "county",
            Level::Township => "township",
        }
    }
}

/// A region's code; `32`, `3200` and `320000` are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Code(u32); // always nine digits: 320000000

impl Code {
    /// From six digits.
    pub(super) fn county(six: u32) -> Code {
        Code(six * 1000)
    }

    /// From six digits and the three below them.
    pub(super) fn township(six: u32, three: u32) -> Code {
        Code(six * 1000 + three)
    }

    /// What its digits alone tell of its level.
    #[must_use]
    pub fn level(self) -> Level {
        match self.0 {
            c if c % 1000 != 0 => Level::Township,
            c if c % 100_000 != 0 => Level::County,
            c if c % 10_000_000 != 0 => Level::City,
            _ => Level::Province,
        }
    }

    /// Its first digits, which the codes of all regions below it share: `3213` for 宿迁市.
    #[must_use]
    pub fn prefix(self) -> String {
        let digits = match self.level() {
            Level::Central | Level::Province => 2,
            Level::City => 4,
            Level::County => 6,
            Level::Township => 9,
        };
        let mut text = format!("{:09}", self.0);
        text.truncate(digits);
        text
    }

    /// Whether `other` is this region or, by its digits, one below it.
    #[must_use]
    pub fn contains(self, other: Code) -> bool {
        let size = match self.level() {
            Level::Central | Level::Province => 10_000_000,
            Level::City => 100_000,
            Level::County => 1000,
            Level::Township => 1,
        };
        self.0 / size == other.0 / size
    }

    /// The code that its digits put above it, down to `level`; itself if it is not below that.
    pub(super) fn at(self, level: Level) -> Code {
        let size = match level {
            Level::Central | Level::Province => 10_000_000,
            Level::City => 100_000,
            Level::County => 1000,
            Level::Township => 1,
        };
        Code(self.0 / size * size)
    }
}

impl fmt::Display for Code {
    /// Six digits; nine for a township.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level() {
            Level::Township => write!(f, "{:09}", self.0),
            _ => write!(f, "{:06}", self.0 / 1000),
        }
    }
}

impl FromStr for Code {
    type Err = RegionError;

    fn from_str(text: &str) -> Result<Code, RegionError> {
        let text = text.trim();
        let bad = || RegionError::BadCode(text.to_owned());
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad());
        }
        // statistics codes have three further digits for villages
        let digits = match text.len() {
            2 | 4 | 6 | 9 => text,
            12 if text.ends_with("000") => &text[..9],
            _ => return Err(bad()),
        };
        match format!("{digits:0<9}").parse() {
            Ok(number) if number >= 110_000_000 => Ok(Code(number)),
            _ => Err(bad()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        text.parse().unwrap()
    }

    #[test]
    fn trailing_zeros_do_not_matter() {
        assert_eq!(code("3213"), code("321300"));
        assert_eq!(code("32"), code("320000"));
        assert_eq!(code("321300000000"), code("3213"));
        assert_eq!(code("32").to_string(), "320000");
        assert_eq!(code("500242001").to_string(), "500242001");
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "3", "321", "32130a", "000000", "3213000000", "٣٢"] {
            assert!(text.parse::<Code>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_region_contains_what_shares_its_digits() {
        assert_eq!(code("3213").prefix(), "3213");
        assert_eq!(code("441900").prefix(), "4419");
        assert!(code("32").contains(code("321302")));
        assert!(code("4419").contains(code("441900003")));
        assert!(code("321302").contains(code("321302")));
        assert!(!code("321302").contains(code("3213")));
        assert!(!code("3213").contains(code("321282")));
    }
}
