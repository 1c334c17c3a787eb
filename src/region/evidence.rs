//! What else a document says about the place: regions named in its breadcrumb, preamble, portal.

use super::{Level, Regions};
use crate::form::fold_text;

/// What follows a region's name where a page names the portal it stands on.
const PORTAL: &[&str] = &[
    "人民政府网",
    "人民政府门户",
    "人民政府信息公开",
    "人民政府政府信息公开",
    "人民政府官网",
    "人民政府官方网",
    "政府网",
    "政府门户",
    "政府信息公开网",
];

/// The regions that a document names by their full names.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    text: String,
    named: Vec<Named>,
}

/// One such place in the text.
#[derive(Debug)]
pub(super) struct Named {
    /// Regions it can be.
    pub found: Vec<usize>,
    /// The names as they stand, the highest first.
    pub names: Vec<String>,
    end: usize,
}

impl Evidence {
    pub(super) fn read(regions: &Regions, mentions: &[&str], year: Option<u16>) -> Evidence {
        let mut text = String::with_capacity(mentions.iter().map(|m| m.len() + 1).sum());
        for (i, mention) in mentions.iter().enumerate() {
            text.extend((i > 0).then_some('\n'));
            fold_text(mention).split_whitespace().for_each(|word| text.push_str(word));
        }
        let mut named = Vec::new();
        let mut from = 0;
        while let Some(c) = text[from..].chars().next() {
            // two characters alone are as likely a word: 城区, 省市和县
            if !regions.may_begin(&text[from..]) {
                from += c.len_utf8();
                continue;
            }
            let line = text[from..].split('\n').next().unwrap_or_default();
            let walk = regions.walk(line, year, false);
            let telling =
                walk.names.len() > 1 || walk.names.iter().any(|n| n.chars().nth(2).is_some());
            if !telling {
                from += c.len_utf8();
                continue;
            }
            from += line.len() - walk.rest.len();
            let names = walk.names.iter().map(|n| (*n).to_owned()).collect();
            named.push(Named { found: walk.found, names, end: from });
        }
        Evidence { text, named }
    }

    /// Whether the text names one of these regions, or a region below.
    pub(super) fn names(&self, regions: &Regions, region: usize) -> bool {
        let code = regions.at(region).code;
        self.named
            .iter()
            .any(|n| n.found.iter().any(|&i| regions.contains(code, regions.at(i).code)))
    }

    /// Whether it names any region at all.
    pub(super) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// The places where a region stands right before `township`.
    pub(super) fn before(&self, township: &str) -> Vec<&Named> {
        self.named
            .iter()
            .filter(|n| {
                let rest = &self.text[n.end..];
                rest.strip_prefix("人民政府").unwrap_or(rest).starts_with(township)
            })
            .collect()
    }

    /// The places where a county's portal is named.
    pub(super) fn portals(&self, regions: &Regions) -> Vec<&Named> {
        self.named
            .iter()
            .filter(|n| {
                let rest = &self.text[n.end..];
                PORTAL.iter().any(|p| rest.starts_with(p))
                    && n.found.iter().all(|&i| regions.at(i).level() == Level::County)
            })
            .collect()
    }

    /// The fullest way in which the text names this one region, `哈尔滨市道里区`.
    pub(super) fn fullest(&self, region: usize) -> Option<&[String]> {
        let same = self.named.iter().filter(|n| n.found == [region]);
        same.max_by_key(|n| n.names.len()).map(|n| n.names.as_slice())
    }

    /// Whether the text has these very words.
    pub(super) fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }
}
