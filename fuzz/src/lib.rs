//! Fuzz targets of nianbao. What each checks is written once, beside the program's tests, which
//! replay the kept seeds through it.

#[path = "../../tests/common/checks.rs"]
pub mod checks;
