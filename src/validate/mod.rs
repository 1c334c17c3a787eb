//! What can be checked in a report.

pub mod copied;
pub mod text;
