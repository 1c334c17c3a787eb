//! Taking names apart: regions at the front, a township's suffix, short names.

use std::collections::HashSet;

use super::tree::Regions;
use super::{Kind, Level};
use crate::form::{Chars, fold_text};

/// Peoples in the names of autonomous regions, the longer before what they end with.
const PEOPLES: &[&str] = &[
    "维吾尔",
    "柯尔克孜",
    "哈萨克",
    "塔吉克",
    "锡伯",
    "蒙古族",
    "蒙古",
    "回族",
    "藏族",
    "壮族",
    "苗族",
    "彝族",
    "侗族",
    "瑶族",
    "白族",
    "傣族",
    "黎族",
    "土家族",
    "布依族",
    "朝鲜族",
    "满族",
    "哈尼族",
    "傈僳族",
    "佤族",
    "拉祜族",
    "纳西族",
    "景颇族",
    "布朗族",
    "羌族",
    "土族",
    "撒拉族",
    "仡佬族",
    "水族",
    "畲族",
    "仫佬族",
    "毛南族",
    "普米族",
    "怒族",
    "独龙族",
    "达斡尔族",
    "鄂温克族",
    "裕固族",
    "保安族",
    "东乡族",
    "各族",
];

/// Text as names are compared: folded, without blanks.
pub(super) fn squeeze(text: &str) -> String {
    let mut text = fold_text(text).into_owned();
    text.retain(|c| !c.is_whitespace());
    text
}

/// A region's name without what says its kind: `宿迁`, `酉阳`; none where that leaves one character.
pub(super) fn short_name(name: &str) -> Option<&str> {
    let kinds = [
        "特别行政区",
        "自治区",
        "自治州",
        "自治县",
        "自治旗",
        "地区",
        "林区",
        "新区",
        "特区",
        "省",
        "市",
        "区",
        "县",
        "州",
        "盟",
        "旗",
    ];
    let mut short = kinds.iter().find_map(|kind| name.strip_suffix(kind))?;
    if name.contains("自治") {
        while let Some(rest) = PEOPLES
            .iter()
            .filter_map(|people| short.strip_suffix(people))
            .filter(|rest| rest.chars().nth(1).is_some())
            .min_by_key(|rest| rest.len())
        {
            short = rest;
        }
    }
    (short.chars().count() > 1).then_some(short)
}

/// How an autonomous prefecture or county is called for short: `延边州`, `酉阳县`.
pub(super) fn plain_name(name: &str) -> Option<String> {
    let kind = ["州", "县"].into_iter().find(|k| name.ends_with(&format!("自治{k}")))?;
    short_name(name).map(|short| format!("{short}{kind}"))
}

/// The name a township is known by, with what kind it is: `桃花源街道` for a street office,
/// `凤凰镇` for its government. None for what is no township.
pub(super) fn township_name(name: &str) -> Option<(&str, Kind)> {
    let mut base = name;
    for suffix in ["街道办事处", "街道办", "街道人民政府", "地区办事处"] {
        if let Some(front) = name.strip_suffix(suffix) {
            let word = if suffix.starts_with("地区") { "地区" } else { "街道" };
            base = &name[..front.len() + word.len()];
        }
    }
    let kind = if base.ends_with("街道") || base.ends_with("地区") {
        Kind::Street
    } else {
        base = ["人民政府", "政府"].iter().find_map(|s| name.strip_suffix(s)).unwrap_or(name);
        if !["镇", "乡", "苏木"].iter().any(|s| base.ends_with(s)) {
            return None;
        }
        Kind::Township
    };
    // an office in or of a township is not the township
    let other = ["局", "委员会", "办公室", "人民政府", "中心", "公司"]
        .iter()
        .any(|word| base.contains(word));
    let named = base.chars().count() > if kind == Kind::Street { 2 } else { 1 };
    (named && !other).then_some((base, kind))
}

/// The first three characters of names; each place alone first, as most text fails there.
#[derive(Debug, Default)]
pub(super) struct Beginnings {
    places: [Chars; 3],
    whole: HashSet<[char; 3]>,
}

impl Beginnings {
    fn of(text: &str) -> Option<[char; 3]> {
        let mut chars = text.chars();
        Some([chars.next()?, chars.next()?, chars.next()?])
    }

    pub(super) fn add(&mut self, name: &str) {
        let Some(three) = Beginnings::of(name) else { return };
        self.places.iter_mut().zip(three).for_each(|(chars, c)| chars.insert(c));
        self.whole.insert(three);
    }

    /// Whether a name of three characters or more may stand at the front of `text`.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        let mut places = self.places.iter().zip(text.chars());
        places.all(|(chars, c)| chars.has(c))
            && Beginnings::of(text).is_some_and(|three| self.whole.contains(&three))
    }
}

/// The regions at the front of a name.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    /// Regions the last of them can be; empty if none stands there.
    pub found: Vec<usize>,
    /// The names as they stand, the highest first.
    pub names: Vec<&'a str>,
    /// What follows.
    pub rest: &'a str,
}

impl Regions {
    /// Takes region names off the front of `text`, each below the one before. `short` admits short
    /// names, which elsewhere are often the beginning of something else (南京路, 朝阳街).
    pub(super) fn walk<'a>(&self, text: &'a str, year: Option<u16>, short: bool) -> Walk<'a> {
        let mut walk = Walk { found: Vec::new(), names: Vec::new(), rest: text };
        while let Some((found, name, rest)) = self.step(&walk, short) {
            walk.found = found;
            walk.names.push(name);
            walk.rest = rest;
        }
        walk.found = self.select(walk.found, year);
        walk
    }

    fn step<'a>(&self, walk: &Walk<'a>, short: bool) -> Option<(Vec<usize>, &'a str, &'a str)> {
        let below = |i: &usize| {
            walk.found.is_empty()
                || walk.found.iter().any(|&above| {
                    let (above, region) = (self.at(above), self.at(*i));
                    above.code != region.code && self.contains(above.code, region.code)
                })
        };
        let mut ends: Vec<usize> =
            walk.rest.char_indices().map(|(i, c)| i + c.len_utf8()).take(self.longest).collect();
        ends.reverse();
        for short_names in if short { &[false, true][..] } else { &[false] } {
            for &end in &ends {
                let (name, rest) = walk.rest.split_at(end);
                // 城区街道: the name of a street
                if matches!(
                    rest,
                    "街道" | "街道办" | "街道办事处" | "镇" | "镇人民政府" | "乡" | "乡人民政府"
                ) {
                    continue;
                }
                let hits = if *short_names { self.named_short(name) } else { self.named(name) };
                let found: Vec<usize> = hits.iter().copied().filter(below).collect();
                if !found.is_empty() {
                    return Some((found, name, rest));
                }
            }
        }
        None
    }

    /// A short city or province name at the front where only a place can stand: before a zone
    /// (石家庄高新区…) or in the name of a central office's branch (国家统计局宿迁调查队).
    pub(super) fn walk_short<'a>(&self, text: &'a str) -> Option<Walk<'a>> {
        let ends = text.char_indices().map(|(i, c)| i + c.len_utf8()).take(8);
        let mut hit = None;
        for end in ends {
            let (name, rest) = text.split_at(end);
            let found: Vec<usize> = self
                .named_short(name)
                .iter()
                .copied()
                .filter(|&i| self.at(i).level() <= Level::City && !self.at(i).is_former())
                .collect();
            // 黄山路, 长白山; the full name has been tried
            if found.len() == 1 && !rest.starts_with(['山', '路', '街', '大', '市', '县']) {
                hit = Some(Walk { found, names: vec![name], rest });
            }
        }
        hit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_drop_kind_and_people() {
        for (name, short) in [
            ("宿迁市", Some("宿迁")),
            ("酉阳土家族苗族自治县", Some("酉阳")),
            ("广西壮族自治区", Some("广西")),
            ("内蒙古自治区", Some("内蒙古")),
            ("新疆维吾尔自治区", Some("新疆")),
            ("克孜勒苏柯尔克孜自治州", Some("克孜勒苏")),
            ("鄂温克族自治旗", Some("鄂温克族")),
            ("赣县", None),
            ("城区", None),
            ("神农架林区", Some("神农架")),
        ] {
            assert_eq!(short_name(name), short, "{name}");
        }
    }

    #[test]
    fn a_township_is_known_by_one_name() {
        for name in ["桃花源街道", "桃花源街道办", "桃花源街道办事处"] {
            assert_eq!(township_name(name), Some(("桃花源街道", Kind::Street)), "{name}");
        }
        for name in ["凤凰镇", "凤凰镇政府", "凤凰镇人民政府"] {
            assert_eq!(township_name(name), Some(("凤凰镇", Kind::Township)), "{name}");
        }
        assert_eq!(township_name("黑庄户地区办事处"), Some(("黑庄户地区", Kind::Street)));
        assert_eq!(township_name("鲊埠回族乡人民政府"), Some(("鲊埠回族乡", Kind::Township)));
        for name in [
            "街道办事处",
            "镇",
            "镇人民政府",
            "教育局",
            "凤凰镇财政所",
            "县人民政府",
            "市场监督管理局凤凰镇",
        ] {
            assert_eq!(township_name(name), None, "{name}");
        }
    }
}
