//! Parameters of the canned queries: what their values are and how they are bound.

use rust_i18n::t;
use serde::{Deserialize, Serialize};

use super::catalog::{Error, shared_labels, words_of_level};
use crate::form::fold_year;
use crate::lang::Bilingual;
use crate::table::Value;

/// A parameter of a canned query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Name, as in `-p name=value` and `--name value`.
    pub name: String,
    /// A name that it had before and is still given by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formerly: Option<String>,
    /// What its values are.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The value where none is given; without one it must be given.
    #[serde(default)]
    pub default: Option<Default>,
    /// The values it may have, where they are few.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The least whole number it may be, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<i64>,
    /// What it does.
    pub description: Bilingual,
}

/// What the values of a parameter are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A whole number.
    Int,
    /// Any text.
    Text,
    /// A reporting year.
    Year,
    /// A region with all under it.
    Region,
    /// Whose figures are summed.
    Scope,
    /// How high bodies stand: a level's key or `all`.
    Level,
    /// One of `choices`.
    Choice,
}

/// A default as TOML has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Default {
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

impl Parameter {
    /// Whether a text is its default.
    #[must_use]
    pub fn is_default(&self, text: &str) -> bool {
        self.default.as_ref().is_some_and(|default| default.to_string() == text)
    }

    /// The keys of the levels that it may be.
    pub fn levels(&self) -> impl Iterator<Item = &'static str> {
        let allowed = |level: i64| self.least.is_none_or(|least| level >= least);
        LEVELS.iter().filter(move |(level, _)| allowed(*level)).map(|(_, key)| *key)
    }

    /// The names it is bound under.
    pub(super) fn bound_names(&self) -> Vec<String> {
        let name = &self.name;
        match self.kind {
            Kind::Region => {
                vec![
                    name.clone(),
                    format!("{name}_from"),
                    format!("{name}_to"),
                    format!("{name}_level"),
                ]
            }
            _ => vec![name.clone()],
        }
    }

    /// The values it is bound to.
    pub(super) fn bind(&self, text: &str) -> Result<Vec<(String, Value)>, Error> {
        let values = match (self.kind, self.value(text)?) {
            (Kind::Region, Value::Text(code)) => {
                let (to, level) = region_bounds(&code);
                vec![
                    Value::Text(code.clone()),
                    Value::Text(code),
                    Value::Text(to),
                    Value::Int(level),
                ]
            }
            (_, value) => vec![value],
        };
        Ok(self.bound_names().into_iter().zip(values).collect())
    }

    /// The value a text means.
    pub(super) fn value(&self, text: &str) -> Result<Value, Error> {
        let wrong = |expected: String| Error::Value {
            name: self.name.clone(),
            expected,
            value: text.to_owned(),
        };
        let one_of = |choices: &[&str]| {
            if choices.contains(&text) {
                Ok(Value::Text(text.to_owned()))
            } else {
                Err(wrong(t!("catalog.one_of", choices = choices.join(", ")).into()))
            }
        };
        match self.kind {
            Kind::Text => Ok(Value::Text(text.to_owned())),
            Kind::Int => {
                let number = text.trim().parse::<i64>().ok();
                let number = number.filter(|n| self.least.is_none_or(|least| *n >= least));
                let expected = || match self.least {
                    Some(least) => t!("catalog.at_least", least = least),
                    None => t!("catalog.whole_number"),
                };
                number.map(Value::Int).ok_or_else(|| wrong(expected().into()))
            }
            Kind::Year if text == "latest" => Ok(LATEST),
            Kind::Year => match fold_year(text) {
                Some(year) => Ok(Value::Int(year.into())),
                None => Err(wrong(t!("catalog.year").into())),
            },
            Kind::Scope => one_of(&SCOPES),
            Kind::Level => match level(text) {
                Some(level) if self.least.is_none_or(|least| level >= least) => {
                    Ok(Value::Int(level))
                }
                _ => {
                    let keys: Vec<&str> = self.levels().collect();
                    Err(wrong(t!("catalog.one_of", choices = keys.join(", ")).into()))
                }
            },
            Kind::Choice => match choice(&self.name, &self.choices, text) {
                Some(choice) => Ok(Value::Text(choice.clone())),
                None => one_of(&self.choices.iter().map(String::as_str).collect::<Vec<_>>()),
            },
            Kind::Region => {
                let digits = text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
                // Trailing zeros do not matter: 3213 is 321300.
                digits
                    .then(|| Value::Text(format!("{text:0<6}")))
                    .ok_or_else(|| wrong(t!("catalog.region").into()))
            }
        }
    }
}

/// What `latest` is bound to until the database tells the year.
pub(super) const LATEST: Value = Value::Int(-1);

/// The values of a scope.
pub const SCOPES: [&str; 3] = ["auto", "own", "aggregate"];

/// The levels with their numbers.
const LEVELS: [(i64, &str); 6] =
    [(-1, "all"), (0, "central"), (1, "province"), (2, "city"), (3, "county"), (4, "township")];

/// The number of a level, which may be written as that number; -1 for all.
fn level(text: &str) -> Option<i64> {
    let text = text.trim();
    let is = |(number, key): &&(i64, &str)| {
        *key == text || number.to_string() == text || words_of_level(key).any(|word| word == text)
    };
    LEVELS.iter().find(is).map(|(number, _)| *number)
}

/// The choice that a text means: itself, or the one whose label it is or alone is a part of.
fn choice<'c>(name: &str, choices: &'c [String], text: &str) -> Option<&'c String> {
    let text = text.trim();
    if let Some(itself) = choices.iter().find(|choice| *choice == text) {
        return Some(itself);
    }
    let labels = shared_labels(name)?;
    let label = |choice: &String| labels.get(choice);
    let is = |l: &Bilingual| l.zh == text || l.en.eq_ignore_ascii_case(text);
    if let Some(named) = choices.iter().find(|choice| label(choice).is_some_and(is)) {
        return Some(named);
    }
    let holds = |l: &Bilingual| !text.is_empty() && l.zh.contains(text);
    let mut parts = choices.iter().filter(|choice| label(choice).is_some_and(holds));
    parts.next().filter(|_| parts.next().is_none())
}

/// The last code under a region, and its level: 0 everywhere, 1 province, 2 city, 3 county.
fn region_bounds(code: &str) -> (String, i64) {
    for (zeros, level) in [("000000", 0), ("0000", 1), ("00", 2)] {
        if let Some(stem) = code.strip_suffix(zeros) {
            return (format!("{stem}{}", "9".repeat(zeros.len())), level);
        }
    }
    (code.to_owned(), 3)
}

impl std::fmt::Display for Default {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Default::Int(n) => write!(f, "{n}"),
            Default::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::canned::catalog;
    use crate::table::Value;

    #[test]
    fn parameters_are_typed_and_errors_name_them() {
        let catalog = catalog();
        let query = catalog.get("review-correction-rate").unwrap();
        let fail = |name: &str, value: &str| {
            let given = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            query.params(&given).expect_err(value).to_string()
        };
        assert_eq!(fail("from", "二零"), "parameter 'from' is a year such as 2023, not '二零'");
        assert_eq!(
            fail("scope", "all"),
            "parameter 'scope' is one of auto, own, aggregate, not 'all'"
        );
        assert!(fail("region", "宿迁").contains("six digits"));
        assert_eq!(fail("form", "2020"), "there is no parameter 'form'; did you mean 'from'?");
        let params = query.params(&BTreeMap::from([("region".into(), "3213".into())])).unwrap();
        assert_eq!(params["region_from"], Value::Text("321300".to_owned()));
        assert_eq!(params["region_to"], Value::Text("321399".to_owned()));
        assert_eq!(params["region_level"], Value::Int(2));
        assert_eq!(params["from"], Value::Int(0));
        for year in ["2023", "２０２３", "2023年"] {
            let params = query.params(&BTreeMap::from([("from".into(), year.into())])).unwrap();
            assert_eq!(params["from"], Value::Int(2023), "{year}");
        }
        let ranking = catalog.get("rate-ranking").unwrap();
        let level = |text: &str| ranking.params(&BTreeMap::from([("level".into(), text.into())]));
        for (text, number) in [("all", -1), ("county", 3), ("县级", 3), ("市", 2), ("4", 4)] {
            assert_eq!(level(text).unwrap()["level"], Value::Int(number), "{text}");
        }
        assert!(level("村").expect_err("no level").to_string().contains("township"));
        let largest = catalog.get("largest-receivers").unwrap();
        let error = largest.params(&BTreeMap::from([("count".into(), "-1".into())]));
        let error = error.expect_err("a list has no negative length").to_string();
        assert_eq!(error, "parameter 'limit' is a whole number not below 1, not '-1'");
        let params = largest.params(&BTreeMap::from([("count".into(), "7".into())])).unwrap();
        assert_eq!(params["limit"], Value::Int(7));
        let both = BTreeMap::from([("count".into(), "7".into()), ("limit".into(), "8".into())]);
        assert!(largest.params(&both).is_err());
        let error = catalog.get("review-corection-rate").expect_err("misspelt");
        assert!(error.to_string().contains("did you mean 'review-correction-rate'?"));
    }
}
