//! Regions that were renamed, merged or raised: the built-in list and a user's own.

use std::borrow::Cow;
use std::io::Read;

use rust_i18n::t;
use serde::Deserialize;

use super::{Code, Region, RegionError};

/// The built-in list.
pub(super) const BUILTIN: &str = include_str!("../../data/region-changes.csv");

#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
    #[serde(default)]
    parent: String,
    valid_from: Option<u16>,
    valid_to: Option<u16>,
    #[serde(default)]
    successor: String,
    #[serde(default)]
    note: String,
}

/// Reads `code,name,parent,valid_from,valid_to,successor,note`; `origin` names the file in errors.
pub(super) fn read(input: impl Read, origin: &str) -> Result<Vec<Region>, RegionError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    let mut regions = Vec::new();
    let headers = reader.headers().map_err(|e| RegionError::changes(origin, &e))?.clone();
    for record in reader.records() {
        let record = record.map_err(|e| RegionError::changes(origin, &e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row: Row =
            record.deserialize(Some(&headers)).map_err(|e| RegionError::changes(origin, &e))?;
        let at = |e: RegionError| RegionError::Changes {
            origin: origin.to_owned(),
            message: t!("region.line", line = line, what = e).into(),
        };
        let code: Code = row.code.parse().map_err(at)?;
        if row.name.is_empty() {
            return Err(RegionError::Changes {
                origin: origin.to_owned(),
                message: t!("region.empty_name", line = line).into(),
            });
        }
        let parent = match row.parent.as_str() {
            "" => None,
            parent => Some(parent.parse().map_err(at)?),
        };
        let successors = row
            .successor
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(at)?;
        regions.push(Region {
            code,
            name: Cow::Owned(crate::form::fold_text(&row.name).into_owned()),
            parent,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            successors,
            note: row.note,
        });
    }
    Ok(regions)
}
