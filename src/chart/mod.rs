//! Pictures of answers. [`Figure`] is what to draw, taken from a [`Table`](crate::table::Table) as a
//! [`Chart`](crate::query::catalog::Chart) says; [`svg`] and [`terminal`] draw it and [`png`] makes
//! pixels of the same SVG, so that both pictures are one.
//!
//! No font is needed to lay a picture out: a Chinese character is as wide as it is high in every
//! font, and Latin letters are taken at the width of a wide font, so that nothing is cut off. What
//! colour tells is told by marks, dashes and hatching, too, for those who print in grey.

mod axes;
mod boxes;
mod canvas;
mod choice;
mod draw;
mod heat;
mod marks;
mod palette;
pub mod png;
mod scale;
mod spec;
mod spread;
pub mod terminal;
#[cfg(test)]
mod tests;
mod text;

use rust_i18n::t;

pub use canvas::Drawing;
pub use choice::default_chart;
pub use draw::{low_svg, svg};
pub use scale::Scale;
pub use spec::{Figure, Marks, Point, Series, Words};
pub use spread::Spread;

/// Why an answer cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The answer has no rows.
    #[error("{}", t!("chart.empty"))]
    Empty,
    /// No column has numbers to draw.
    #[error("{}", t!("chart.no_numbers"))]
    NoNumbers,
    /// The answer has no such column.
    #[error("{}", t!("chart.no_column", name = .0))]
    NoColumn(String),
    /// A column to be drawn has something else than numbers.
    #[error("{}", t!("chart.not_numbers", name = .0))]
    NotNumbers(String),
    /// A number is beyond what an axis can hold.
    #[error("{}", t!("chart.too_large"))]
    TooLarge,
    /// What is drawn has several units.
    #[error("{}", t!("chart.units"))]
    Units,
    /// Several rows would stand in one place.
    #[error("{}", t!("chart.repeated", place = .0))]
    Repeated(String),
    /// The picture's file has an extension that stands for no picture.
    #[error("{}", t!("chart.extension", path = .0))]
    Extension(String),
    /// No font of the system has these characters.
    #[error("{}", t!("chart.no_font", missing = .0))]
    NoFont(String),
    /// The picture is too large, or an error in the SVG made here.
    #[error("{}", t!("chart.broken", message = .0))]
    Broken(String),
}
