//! How the answer of a canned query is drawn, as its header says.

use clap::ValueEnum;
use rust_i18n::t;
use serde::{Deserialize, Serialize};

use super::catalog::Heading;

/// A picture of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    /// What kind of picture.
    pub kind: ChartKind,
    /// The column along the axis.
    pub x: String,
    /// The columns that are drawn; of a heat map the one that the colours show.
    pub y: Vec<String>,
    /// The column of keys of which each has a line, bar or row of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// Kinds of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// Lines.
    Line,
    /// Bars side by side.
    Bar,
    /// Bars on top of each other.
    Stacked,
    /// The spread of values at each place of the axis.
    Box,
    /// A field of colours.
    Heat,
}

impl ChartKind {
    /// Its name in headers, options and the message catalogue.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            ChartKind::Line => "line",
            ChartKind::Bar => "bar",
            ChartKind::Stacked => "stacked",
            ChartKind::Box => "box",
            ChartKind::Heat => "heat",
        }
    }
}

impl Chart {
    /// The columns it names.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let named = std::iter::once(&self.x).chain(&self.y).chain(&self.group);
        named.map(String::as_str)
    }

    /// What is wrong with it beside those columns.
    pub(super) fn check(&self, columns: &[Heading]) -> Result<(), String> {
        let known = |name: &str| columns.iter().any(|column| column.name == name);
        if let Some(name) = self.columns().find(|name| !known(name)) {
            return Err(t!("catalog.chart_column", name = name).into());
        }
        let heat = self.kind == ChartKind::Heat;
        if self.y.is_empty() || (heat && (self.y.len() > 1 || self.group.is_none())) {
            return Err(t!("catalog.chart_shape").into());
        }
        Ok(())
    }
}
