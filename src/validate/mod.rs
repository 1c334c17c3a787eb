//! What can be checked in a report.

pub mod text;
