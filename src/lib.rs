//! nianbao (年报): an embedded analytics database for China's government-information-disclosure
//! annual reports (政府信息公开工作年度报告).
//!
//! The flow, top to bottom: [`load`] hands files to a [`reader`], which turns bytes into a
//! document of paragraphs and grids, behind a [`shield`] and with [`office`] for what LibreOffice reads better; the matcher in [`parse`] finds the tables of a [`form`] by their
//! labels and gives a [`report`]; [`region`] tells which body that is; [`store`] writes it in one transaction.
//! [`validate`] has the rules on a report, for which [`narrative`] reads the figures of its text, and
//! [`check`] asks them of all that is stored. [`query`] asks and answers with a [`table`], which
//! [`export`] prints and [`chart`] draws, and [`deliver`] makes files of what is stored; [`metric`] tells what a measure is and where its figures come from, and [`analyze`] works on
//! many of them; texts come in the languages of [`lang`]; [`cli`] is the outside of it all.

rust_i18n::i18n!("locales", fallback = "zh");

pub mod analyze;
pub mod chart;
pub mod check;
pub mod cli;
pub mod deliver;
pub mod export;
pub mod form;
pub mod lang;
pub mod load;
pub mod metric;
pub mod narrative;
mod nearest;
pub mod office;
pub mod parse;
mod process;
pub mod query;
pub mod reader;
mod reason;
pub mod region;
pub mod report;
pub mod shield;
pub mod store;
pub mod table;
pub mod validate;
