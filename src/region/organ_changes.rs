//! Bodies that were renamed, merged or reorganized: the built-in list and a user's own.

use std::collections::HashMap;
use std::io::Read;

use rust_i18n::t;

use super::name::squeeze;
use super::organ::full_office;
use super::{Context, RegionError, Regions};
use crate::reason;

/// The built-in list.
const BUILTIN: &str = include_str!("../../data/organ-changes.csv");
const BUILTIN_NAME: &str = "data/organ-changes.csv";

const COLUMNS: [&str; 7] =
    ["organ", "region", "valid_from", "valid_to", "successor", "year", "note"];

/// In place of a successor: there is none, whatever a rule says. No body has this key.
const NONE: &str = "-";

/// What is known of a body beside its reports: its years, and what it became.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganChange {
    /// Key of the body ([`super::Organ::key`]); `*/…` is a rule for the bodies of that name in
    /// every region.
    pub key: String,
    /// First year of its name.
    pub valid_from: Option<u16>,
    /// Last year of its name.
    pub valid_to: Option<u16>,
    /// Keys of what it became: of each the names it may have; several where it was divided.
    pub successors: Vec<Vec<String>>,
    /// First reporting year of the successor.
    pub year: Option<u16>,
    /// What says so.
    pub note: String,
}

impl OrganChange {
    /// The successors as one text: `|` between names of one body, a blank between bodies.
    #[must_use]
    pub fn successor_text(&self) -> String {
        self.successors.iter().map(|names| names.join("|")).collect::<Vec<_>>().join(" ")
    }

    /// The successors of such a text.
    #[must_use]
    pub fn parse_successors(text: &str) -> Vec<Vec<String>> {
        let names = |body: &str| body.split('|').map(str::to_owned).collect();
        text.split_whitespace().map(names).collect()
    }

    /// First reporting year of the successor, as far as is known.
    pub(super) fn successor_year(&self) -> Option<u16> {
        self.year.or(self.valid_to)
    }
}

impl Regions {
    /// The changes of bodies that the program knows of.
    ///
    /// # Errors
    /// Never: a test reads the list.
    pub fn known_organ_changes(&self) -> Result<Vec<OrganChange>, RegionError> {
        self.organ_changes(BUILTIN.as_bytes(), BUILTIN_NAME)
    }

    /// Reads a CSV with the columns of `data/organ-changes.csv`; `origin` names it in errors.
    ///
    /// # Errors
    /// When a line cannot be read, names no body, or repeats another; the message has its number.
    pub fn organ_changes(
        &self,
        input: impl Read,
        origin: &str,
    ) -> Result<Vec<OrganChange>, RegionError> {
        let fail = |message: String| RegionError::OrganChanges { origin: origin.into(), message };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
        let headers = reader.headers().map_err(|e| fail(reason::of_csv(&e)))?.clone();
        if let Some(unknown) = headers.iter().find(|h| !COLUMNS.contains(h)) {
            let columns = COLUMNS.join(",");
            return Err(fail(
                t!("organs.unknown_column", name = unknown, columns = columns).into(),
            ));
        }
        if !headers.iter().any(|h| h == "organ") {
            return Err(fail(t!("organs.no_organ_column").into()));
        }
        let mut changes = Vec::new();
        let mut lines: HashMap<String, u64> = HashMap::new();
        for record in reader.records() {
            let record = record.map_err(|e| fail(reason::of_csv(&e)))?;
            let line = record.position().map_or(0, csv::Position::line);
            let at = |reason: String| fail(t!("organs.line", line = line, reason = reason).into());
            let field = |name: &str| {
                let place = headers.iter().position(|h| h == name);
                place.and_then(|i| record.get(i)).unwrap_or_default()
            };
            let change = self.organ_change(&field).map_err(at)?;
            if let Some(first) = lines.insert(change.key.clone(), line) {
                return Err(at(t!("organs.repeated", line = first).into()));
            }
            changes.push(change);
        }
        Ok(changes)
    }

    fn organ_change<'f>(&self, field: &impl Fn(&str) -> &'f str) -> Result<OrganChange, String> {
        let [valid_from, valid_to, year] =
            ["valid_from", "valid_to", "year"].map(|name| year_of(field(name)));
        let (valid_from, valid_to, year) = (valid_from?, valid_to?, year?);
        if valid_from.zip(valid_to).is_some_and(|(from, to)| from > to) {
            return Err(t!("organs.years_reversed").into());
        }
        let region = match field("region") {
            "" => Place::Named,
            "*" => Place::Every,
            text => Place::In(self.find(text, valid_to).map_err(|e| e.to_string())?.code),
        };
        let key = self.organ_key(field("organ"), &region, valid_to.or(valid_from))?;
        if key == NONE {
            return Err(t!("organs.no_name").into());
        }
        let mut successors = Vec::new();
        for body in field("successor").split_whitespace() {
            let names = body.split(['|', '｜']);
            let keys = names.map(|name| self.organ_key(name, &region, year.or(valid_to)));
            let keys = keys.collect::<Result<Vec<_>, _>>()?;
            if keys.contains(&key) {
                return Err(t!("organs.own_successor", name = body).into());
            }
            successors.push(keys);
        }
        Ok(OrganChange { key, valid_from, valid_to, successors, year, note: field("note").into() })
    }

    fn organ_key(&self, name: &str, region: &Place, year: Option<u16>) -> Result<String, String> {
        if name.is_empty() {
            return Err(t!("organs.no_name").into());
        }
        let region = match region {
            _ if name == NONE => return Ok(NONE.to_owned()),
            Place::Every => return Ok(format!("*/{}", full_office(&squeeze(name)))),
            Place::In(code) => Some(*code),
            Place::Named => None,
        };
        let context = Context { region, year: year.map(i32::from), mentions: &[] };
        let organ = self.resolve(name, context).filter(super::Organ::is_placed);
        organ.map(|o| o.key()).ok_or_else(|| t!("organs.unplaced", name = name).into())
    }
}

/// Where the bodies of a line are.
enum Place {
    /// Their names say it.
    Named,
    /// In every region: the line is a rule.
    Every,
    /// In this region.
    In(super::Code),
}

fn year_of(text: &str) -> Result<Option<u16>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(year @ 1949..2100) => Ok(Some(year)),
        _ => Err(t!("organs.bad_year", text = text).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::Kind;

    #[test]
    fn the_built_in_list_names_bodies_that_there_are() {
        let regions = Regions::builtin();
        let known = regions.known_organ_changes().unwrap();
        assert!(known.len() > 90);
        for change in &known {
            let keys = [&change.key].into_iter().chain(change.successors.iter().flatten());
            for key in keys {
                let (place, name) = key.split_once('/').unwrap();
                if place == "*" {
                    assert_eq!(full_office(name), name, "a short name never is in a key");
                } else {
                    let organ = regions.resolve(name, Context::default()).unwrap();
                    assert_eq!((place, organ.kind), ("central", Kind::Ministry), "{key}");
                }
            }
            assert!(change.year.is_none() || !change.successors.is_empty(), "{}", change.key);
        }
    }

    #[test]
    fn a_line_names_its_body_in_three_ways() {
        let csv = "\u{FEFF}organ,region,valid_from,valid_to,successor,year,note\n\
            宿迁市环保局,,,2018,宿迁市生态环境局,2019,\n\
            国土资源局,密云县,,2015,密云区国土资源局,,\n\
            扶贫办,*,,2021,乡村振兴局|农业农村局 民政局,,说明\n\
            银监会,,,2018,银保监会,,\n\
            密云县人民政府,,,2015,密云区人民政府,,\n";
        let found = Regions::builtin().organ_changes(csv.as_bytes(), "a.csv").unwrap();
        let shown: Vec<String> =
            found.iter().map(|c| format!("{} > {}", c.key, c.successor_text())).collect();
        assert_eq!(
            shown,
            [
                "321300/环保局 > 321300/生态环境局",
                "110228/国土资源局 > 110118/国土资源局",
                "*/扶贫办 > */乡村振兴局|*/农业农村局 */民政局",
                "central/中国银行业监督管理委员会 > central/中国银行保险监督管理委员会",
                "110228 > 110118",
            ]
        );
        let again = OrganChange::parse_successors(&found[2].successor_text());
        assert_eq!(again, found[2].successors);
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let head = "organ,region,valid_from,valid_to,successor,year,note";
        // in whichever language this run of the tests speaks
        let line = |n: u8| [format!("line {n}: "), format!("第{n}行：")];
        for (lines, at) in [
            ("教育局,,,,,,", 2),
            ("教育局,无此县,,,,,", 2),
            ("宿迁市教育局,,18,,,,", 2),
            ("宿迁市教育局,,2020,2018,,,", 2),
            (",*,,,,,", 2),
            ("-,*,,,,,", 2),
            ("宿迁市教育局,,,2018,宿迁市教育局,,", 2),
            ("教育局,*,,,,,\n民政局,*,,,,,\n教育局,*,,,,,", 4),
        ] {
            let csv = format!("{head}\n{lines}\n");
            let error = Regions::builtin().organ_changes(csv.as_bytes(), "a.csv").unwrap_err();
            let error = error.to_string();
            assert!(line(at).iter().any(|l| error.contains(l)), "{lines}: {error}");
            assert!(error.contains("a.csv"), "{error}");
        }
        for (csv, said) in [
            ("name,region", "'name'"),
            ("organ,sucessor", "'sucessor'"),
            ("region,note", "'organ'"),
            ("organ,region,note\n教育局,*", "2"),
        ] {
            let error = Regions::builtin().organ_changes(csv.as_bytes(), "a.csv").unwrap_err();
            let said = said.trim_matches('\'');
            assert!(error.to_string().contains(said), "{csv}: {error}");
        }
    }
}
