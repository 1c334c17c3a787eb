//! A user's list of the bodies that are to report.

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::GB18030;
use rust_i18n::t;

use super::{Code, Context, Kind, Organ, RegionError, Regions};
use crate::form::fold_year;
use crate::reason;
use crate::report::Scope;

/// A body that is to report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedBody {
    /// Key of the body ([`Organ::key`]).
    pub key: String,
    /// Its name, completed.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Six digits.
    pub region_code: Option<String>,
    /// Nine digits.
    pub township_code: Option<String>,
    /// Whose figures it is to give.
    pub scope: Scope,
    /// First year; none is open.
    pub first_year: Option<i32>,
    /// Last year; none is open.
    pub last_year: Option<i32>,
}

/// Columns with the headings that stand for them, the key first.
const COLUMNS: [&[&str]; 5] = [
    &["organ", "机关", "机关名称", "单位", "单位名称"],
    &["region", "地区", "区划"],
    &["year", "年度", "年份"],
    &["scope", "范围"],
    &["kind", "类别"],
];

/// Words for a scope, the key first.
const SCOPES: [(Scope, &[&str]); 2] = [
    (Scope::Own, &["own", "本机关", "本级", "本单位"]),
    (Scope::Aggregate, &["aggregate", "汇总", "全部"]),
];

/// Words for a kind beside its key.
const KINDS: [(Kind, &str); 6] = [
    (Kind::Government, "政府"),
    (Kind::Department, "部门"),
    (Kind::Township, "乡镇"),
    (Kind::Street, "街道"),
    (Kind::Ministry, "部委"),
    (Kind::Other, "其他"),
];

/// The first year of which the regulations demand a report, and the end of all sense.
const YEARS: std::ops::Range<i32> = 2008..2100;

/// The text of a list: UTF-8 with or without its mark, else GB18030, as spreadsheets save it.
fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    GB18030.decode_without_bom_handling_and_without_replacement(bytes)
}

impl Regions {
    /// Reads a CSV with the columns organ, region, year, scope, kind; `origin` names it in errors.
    ///
    /// # Errors
    /// When a line cannot be read, names no body, or repeats another; the message has its number.
    pub fn expected_bodies(
        &self,
        bytes: &[u8],
        origin: &str,
    ) -> Result<Vec<ExpectedBody>, RegionError> {
        let fail = |message: String| RegionError::Expected { origin: origin.into(), message };
        let text = decoded(bytes).ok_or_else(|| fail(t!("expect.not_text").into()))?;
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|e| fail(reason::of_csv(&e)))?.clone();
        let places = places(&headers).map_err(fail)?;
        let mut list: Vec<ExpectedBody> = Vec::new();
        let mut lines: HashMap<String, Vec<(usize, u64)>> = HashMap::new();
        for record in reader.records() {
            let record = record.map_err(|e| fail(reason::of_csv(&e)))?;
            let line = record.position().map_or(0, csv::Position::line);
            let at = |reason: String| fail(t!("organs.line", line = line, reason = reason).into());
            let field = |column: usize| places[column].and_then(|i| record.get(i)).unwrap_or("");
            let body = self.expected_body(&field).map_err(at)?;
            let known = lines.entry(body.key.clone()).or_default();
            if let Some((_, first)) = known.iter().find(|(i, _)| overlap(&list[*i], &body)) {
                return Err(at(t!("organs.repeated", line = first).into()));
            }
            known.push((list.len(), line));
            list.push(body);
        }
        if list.is_empty() {
            return Err(fail(t!("expect.no_rows").into()));
        }
        Ok(list)
    }

    fn expected_body<'f>(&self, field: &impl Fn(usize) -> &'f str) -> Result<ExpectedBody, String> {
        let (first_year, last_year) = years(field(2))?;
        let year = first_year.or(last_year);
        let region = match field(1) {
            "" => None,
            text => Some(self.region_in(text, year)?),
        };
        let name = field(0);
        if name.is_empty() {
            return Err(t!("organs.no_name").into());
        }
        let context = Context { region, year, mentions: &[] };
        let organ = self.resolve(name, context).filter(Organ::is_placed);
        let organ = organ.ok_or_else(|| t!("expect.unplaced", name = name).to_string())?;
        let scope = match field(3) {
            "" => organ.scope_default,
            text => SCOPES
                .iter()
                .find(|(_, words)| words.contains(&text))
                .map(|(scope, _)| *scope)
                .ok_or_else(|| t!("expect.bad_scope", text = text).to_string())?,
        };
        let kind = match field(4) {
            "" => organ.kind,
            text => Kind::of_key(text)
                .or_else(|| KINDS.iter().find(|(_, word)| *word == text).map(|(kind, _)| *kind))
                .ok_or_else(|| t!("expect.bad_kind", text = text).to_string())?,
        };
        Ok(ExpectedBody {
            key: organ.key(),
            region_code: organ.region_code.map(|c| c.to_string()),
            township_code: organ.township_code.map(|c| c.to_string()),
            name: organ.name,
            kind,
            scope,
            first_year,
            last_year,
        })
    }

    fn region_in(&self, text: &str, year: Option<i32>) -> Result<Code, String> {
        let year = year.and_then(|y| u16::try_from(y).ok());
        self.find(text, year).map(|r| r.code).map_err(|e| e.to_string())
    }
}

/// Where each of the columns stands.
fn places(headers: &csv::StringRecord) -> Result<[Option<usize>; 5], String> {
    let column = |header: &str| {
        let header = header.to_lowercase();
        COLUMNS.iter().position(|names| names.contains(&header.as_str()))
    };
    let keys = || COLUMNS.map(|names| names[0]).join(", ");
    let mut places = [None; 5];
    for (i, header) in headers.iter().enumerate() {
        // spreadsheets leave empty columns behind
        if header.is_empty() {
            continue;
        }
        let Some(column) = column(header) else {
            return Err(t!("organs.unknown_column", name = header, columns = keys()).into());
        };
        if places[column].replace(i).is_some() {
            return Err(t!("expect.column_twice", name = COLUMNS[column][0]).into());
        }
    }
    match places[0] {
        Some(_) => Ok(places),
        None => Err(t!("expect.no_organ_column").into()),
    }
}

/// `2023`, `2019-2023`, `2019-`, or nothing for every year.
fn years(text: &str) -> Result<(Option<i32>, Option<i32>), String> {
    let bad = || t!("expect.bad_year", text = text).to_string();
    let one = |text: &str| match fold_year(text).filter(|y| YEARS.contains(y)) {
        Some(year) => Ok(Some(year)),
        None if text.trim().is_empty() => Ok(None),
        None => Err(bad()),
    };
    let ends = ['-', '–', '—', '－', '～', '~', '至'];
    let (first, last) = match text.split_once(ends) {
        Some((first, last)) => (one(first)?, one(last)?),
        None => (one(text)?, one(text)?),
    };
    match (first, last) {
        (Some(first), Some(last)) if first > last => Err(t!("expect.years_reversed").into()),
        (None, None) if !text.is_empty() => Err(bad()),
        years => Ok(years),
    }
}

/// Whether two lines ask for one report.
fn overlap(a: &ExpectedBody, b: &ExpectedBody) -> bool {
    let begins_by = |from: Option<i32>, to: Option<i32>| from.zip(to).is_none_or(|(f, t)| f <= t);
    (a.key == b.key && a.scope == b.scope)
        && begins_by(a.first_year, b.last_year)
        && begins_by(b.first_year, a.last_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "机关,地区,年度,范围,类别\n\
        教育局,宿迁市,,,\n\
        宿迁市,,2019-2023,汇总,\n\
        双沟镇,泗洪县,2020-,,\n\
        民政局,321302,2021,own,部门\n\
        发改委,宿迁市,2020年至2022年,,\n";

    fn shown(bytes: &[u8]) -> Vec<String> {
        let list = Regions::builtin().expected_bodies(bytes, "a.csv").unwrap();
        let year = |y: Option<i32>| y.map_or_else(String::new, |y| y.to_string());
        let shown = |b: &ExpectedBody| {
            let years = format!("{}-{}", year(b.first_year), year(b.last_year));
            format!("{} {} {} {years}", b.key, b.kind.key(), b.scope.key())
        };
        list.iter().map(shown).collect()
    }

    #[test]
    fn a_list_names_bodies_as_people_write_them_in_any_encoding() {
        let expected = [
            "321300/教育局 department own -",
            "321300 government aggregate 2019-2023",
            "321324101 township own 2020-",
            "321302/民政局 department own 2021-2021",
            "321300/发展和改革委员会 department own 2020-2022",
        ];
        assert_eq!(shown(LIST.as_bytes()), expected);
        assert_eq!(shown(&[b"\xEF\xBB\xBF", LIST.as_bytes()].concat()), expected);
        assert_eq!(shown(&GB18030.encode(LIST).0), expected);
        let english = LIST.replace("机关,地区,年度,范围,类别", "Organ,region,year,scope,kind,");
        let english = english.replace(",\n", ",,\n").replace("部门\n", "部门,\n");
        assert_eq!(shown(english.replace("kind,,", "kind,").as_bytes()), expected);
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let line = |n: u8| [format!("line {n}: "), format!("第{n}行：")];
        for (lines, at) in [
            ("教育局,,,", 2),
            ("宿迁市教育局,,,\n,宿迁市,,", 3),
            ("教育局,无此县,,", 2),
            ("宿迁市教育局,,去年,", 2),
            ("宿迁市教育局,,2023-2019,", 2),
            ("宿迁市教育局,,-,", 2),
            ("宿迁市教育局,,1999,", 2),
            ("宿迁市教育局,,,全市", 2),
            ("宿迁市教育局,,,\n宿迁市民政局,,,\n教育局,宿迁市,2023,", 4),
        ] {
            let csv = format!("organ,region,year,scope\n{lines}\n");
            let error = Regions::builtin().expected_bodies(csv.as_bytes(), "a.csv").unwrap_err();
            let error = error.to_string();
            assert!(line(at).iter().any(|l| error.contains(l)), "{lines}: {error}");
            assert!(error.contains("a.csv"), "{error}");
        }
        for bad in [
            &b"region\n321300\n"[..],
            b"organ,what\n",
            b"organ,organ\n",
            b"organ\n",
            b"organ\n\xFF\xFF\xFF",
        ] {
            assert!(Regions::builtin().expected_bodies(bad, "a.csv").is_err(), "{bad:?}");
        }
    }

    #[test]
    fn one_body_may_stand_twice_for_different_reports() {
        let csv = "organ,year,scope\n宿迁市,,own\n宿迁市,-2019,aggregate\n宿迁市,2020-,aggregate\n";
        assert_eq!(shown(csv.as_bytes()).len(), 3);
    }
}
