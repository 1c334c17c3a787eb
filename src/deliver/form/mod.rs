//! The official form as a file: one report's, or many reports' added up, in the layout of the
//! circular that prescribes it.
//!
//! `paper` says where everything stands, `sum` what many reports come to; a [`FormFile`] is both
//! with what must be said of them, and each format writes that.

mod annexes;
mod docx;
mod file;
mod html;
mod level;
mod markdown;
mod paper;
mod sum;
mod units;
mod xlsx;

pub use docx::write as write_docx;
pub use file::{Annex, Entry, FormFile, Formula, Remark, Units};
pub use html::write as write_html;
pub use level::{LevelSum, corrections_said};
pub use markdown::write as write_markdown;
pub use paper::{Content, Placed, Sheet, sheets};
pub use sum::{Sum, Sums, Unit};
pub use xlsx::write as write_xlsx;
