//! The list of rules, read from `data/rules.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::lang::Bilingual;
use crate::report::Severity;

const RULES: &str = include_str!("../../data/rules.toml");

/// What a rule needs beside the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Nothing.
    Report,
    /// Last year's report of the body.
    Years,
    /// Reports of other bodies.
    Bodies,
}

impl Reach {
    /// The key, as JSON and the store have it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Reach::Report => "report",
            Reach::Years => "years",
            Reach::Bodies => "bodies",
        }
    }
}

/// A rule: what must hold, how bad it is if not, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable id.
    pub id: String,
    /// Raised when its meaning changes: what an earlier version found is checked again.
    pub version: u32,
    /// How bad a failure is, unless the case makes it milder.
    pub severity: Severity,
    /// What it needs.
    pub reach: Reach,
    /// Name.
    pub title: Bilingual,
    /// What it checks and why.
    pub why: Bilingual,
    /// Legal or arithmetic basis.
    pub basis: Bilingual,
    /// A case that fails.
    pub example: Bilingual,
    /// Thresholds, whole numbers.
    #[serde(default)]
    pub params: BTreeMap<String, i64>,
    /// Sentences of its outcomes.
    #[serde(default)]
    pub messages: BTreeMap<String, Bilingual>,
}

impl Rule {
    /// A threshold; 0 where the list has none of that name, which a test excludes.
    #[must_use]
    pub fn param(&self, name: &str) -> i64 {
        self.params.get(name).copied().unwrap_or_default()
    }

    /// A sentence of this rule, or of those that all rules share.
    #[must_use]
    pub fn message(&self, key: &str) -> &Bilingual {
        static NONE: LazyLock<Bilingual> = LazyLock::new(Bilingual::default);
        self.messages.get(key).or_else(|| LIST.reasons.get(key)).unwrap_or(&NONE)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    reasons: BTreeMap<String, Bilingual>,
    rules: Vec<Rule>,
}

static LIST: LazyLock<List> = LazyLock::new(|| toml::from_str(RULES).expect("data/rules.toml"));

/// All rules in the order of the list.
#[must_use]
pub fn rules() -> &'static [Rule] {
    &LIST.rules
}

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    LIST.rules.iter().find(|r| r.id == id)
}

/// Identity of the list: changes when a rule comes, goes or gets another version or threshold, or
/// the rates change that one compares.
#[must_use]
pub fn fingerprint() -> &'static str {
    static PRINT: LazyLock<String> = LazyLock::new(|| {
        let mut hash = Sha256::new();
        for rule in rules() {
            let text = format!("{} {} {:?}\n", rule.id, rule.version, rule.params);
            hash.update(text.as_bytes());
        }
        hash.update(format!("{:?}", super::rates::rates()).as_bytes());
        hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
    });
    &PRINT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_explains_itself_in_both_languages() {
        for rule in rules() {
            let texts = [&rule.title, &rule.why, &rule.basis, &rule.example];
            for text in texts.into_iter().chain(rule.messages.values()) {
                assert!(!text.zh.is_empty() && !text.en.is_empty(), "{}", rule.id);
            }
            let blanks = |text: &str| -> Vec<String> {
                let mut names: Vec<_> =
                    text.split("%{").skip(1).map(|r| r.split('}').next().unwrap().into()).collect();
                names.sort();
                names
            };
            for (key, message) in &rule.messages {
                assert_eq!(blanks(&message.zh), blanks(&message.en), "{}.{key}", rule.id);
            }
        }
        let mut ids: Vec<&str> = rules().iter().map(|r| r.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), rules().len());
    }
}
