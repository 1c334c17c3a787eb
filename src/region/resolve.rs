//! From a body's printed name to the body.

use super::evidence::Evidence;
use super::name::{squeeze, township_name};
use super::organ::{after_central, central, full_office};
use super::{Code, Context, Kind, Level, Organ, Region, Regions};
use crate::report::Scope;

/// Words in the names of zones, which GB/T 2260 does not know.
const ZONES: &[&str] = &[
    "高新区",
    "开发区",
    "经开区",
    "新区",
    "示范区",
    "园区",
    "工业园",
    "产业园",
    "保税区",
    "风景区",
    "名胜区",
    "度假区",
    "管理区",
    "合作区",
    "试验区",
    "集聚区",
];

/// A name taken apart, and where its body stands.
#[derive(Default)]
pub(super) struct Parts {
    /// Names of its regions, to stand at the front.
    pub names: Vec<String>,
    /// The region, where it is certain.
    pub region: Option<usize>,
    /// The township that it is.
    pub township: Option<Code>,
    /// What follows the regions.
    pub rest: String,
}

impl Regions {
    /// The body of this printed name; none where the name only says "we" and the context does not
    /// tell who (`我局`), or says nothing.
    #[must_use]
    pub fn resolve(&self, printed: &str, context: Context<'_>) -> Option<Organ> {
        let text = squeeze(printed);
        let (text, scope) =
            without_scope(text.trim_matches(|c: char| !c.is_alphanumeric() && !"()".contains(c)));
        if !text.chars().any(char::is_alphanumeric) {
            return None;
        }
        let bare =
            text.strip_prefix("中华人民共和国").filter(|rest| !rest.is_empty()).unwrap_or(text);
        let mut organ = if let Some(full) = central(bare) {
            Some(Organ {
                name: full.to_owned(),
                region_code: None,
                township_code: None,
                kind: Kind::Ministry,
                level: Some(Level::Central),
                scope_default: Scope::Own,
                parent: None,
                core: full.to_owned(),
            })
        } else if let Some(rest) = after_central(bare) {
            Some(self.branch(bare, rest, context))
        } else if bare.ends_with("海关") {
            // a customs district follows no region's border
            Some(self.organ(Parts { rest: bare.to_owned(), ..Parts::default() }, Kind::Other))
        } else {
            self.local(text, context)
        }?;
        if let Some(scope) = scope {
            organ.scope_default = scope;
        }
        Some(organ)
    }

    /// A central body's branch, `国家税务总局石家庄市税务局`: the region is named inside.
    fn branch(&self, text: &str, rest: &str, context: Context<'_>) -> Organ {
        let walk = self.walk(rest, year(context), false);
        let found = match walk.found.as_slice() {
            [] => self.walk_short(rest).map_or_else(Vec::new, |walk| walk.found),
            _ => self.narrow(walk.found, context, &Evidence::default()),
        };
        let region = one(&found);
        let parts = Parts { region, rest: text.to_owned(), ..Parts::default() };
        let mut organ = self.organ(parts, Kind::Department);
        if region.is_none() && walk.names.is_empty() {
            organ.level = Some(Level::Central);
        }
        organ
    }

    fn local(&self, text: &str, context: Context<'_>) -> Option<Organ> {
        let evidence = Evidence::read(self, context.mentions, year(context));
        let walk = self.walk(text, year(context), false);
        let parts = if walk.names.is_empty() {
            self.without_region(text, context, &evidence)?
        } else {
            let region = one(&self.narrow(walk.found.clone(), context, &evidence));
            let names = walk.names.iter().map(|n| (*n).to_owned()).collect();
            let rest = walk.rest;
            let mut parts = Parts { names, region, rest: rest.to_owned(), township: None };
            if let Some((base, _)) = township_name(after_government(rest)) {
                let found = self.townships_named(base, &walk.found);
                let found: Vec<_> = found
                    .into_iter()
                    .filter(|t| region.is_none_or(|i| self.holds(i, t.code)))
                    .collect();
                if let [township] = found.as_slice() {
                    parts.township = Some(township.code);
                    // 桥西区 is two districts, but only one has this street
                    parts.region =
                        region.or_else(|| one_where(&walk.found, |i| self.holds(i, township.code)));
                }
            }
            self.complete(&mut parts.names, parts.region, context, &evidence);
            parts
        };
        Some(self.finish(parts, &evidence))
    }

    /// Kind and full name of what stands behind the regions.
    fn finish(&self, mut parts: Parts, evidence: &Evidence) -> Organ {
        let rest = std::mem::take(&mut parts.rest);
        let tail = after_government(&rest);
        if let Some((base, kind)) = township_name(tail) {
            // the form 区人民政府X街道办事处 where the document uses it
            let county = parts.names.last().cloned().unwrap_or_default();
            let long = kind == Kind::Street
                && !county.is_empty()
                && evidence.says(&format!("{county}人民政府{base}办事处"));
            let front = if rest.len() > tail.len() || long { "人民政府" } else { "" };
            let suffix = if kind == Kind::Street { "办事处" } else { "人民政府" };
            parts.rest = format!("{front}{base}{suffix}");
            let mut organ = self.organ(parts, kind);
            organ.core = base.to_owned();
            organ.level = Some(Level::Township);
            return organ;
        }
        match rest.as_str() {
            "" | "本级" | "人民政府" | "政府" if !parts.names.is_empty() => {
                let own = rest == "本级";
                parts.rest = if rest == "政府" { "人民政府".to_owned() } else { rest };
                let mut organ = self.organ(parts, Kind::Government);
                organ.core = organ.name.trim_end_matches("人民政府").to_owned();
                if own {
                    organ.scope_default = Scope::Own;
                }
                organ
            }
            _ => {
                let kind = kind_of(&rest, parts.names.is_empty());
                let office = full_office(&rest).to_owned();
                parts.rest = office.clone();
                let mut organ = self.organ(parts, kind);
                organ.core = match (kind, organ.region_code) {
                    // 区人民政府国资委 and 区国资委 are one; without a region the name is all there is
                    (Kind::Department | Kind::Other, Some(_)) => {
                        after_government(&office).to_owned()
                    }
                    (Kind::Government, _) => organ.name.trim_end_matches("人民政府").to_owned(),
                    _ => organ.name.clone(),
                };
                organ
            }
        }
    }

    fn organ(&self, parts: Parts, kind: Kind) -> Organ {
        let mut names = parts.names;
        // 四川省乐山市气象局 calls itself 乐山市气象局
        if names.len() > 1
            && !names[0].ends_with('市')
            && self.named(&names[0]).iter().any(|&i| self.at(i).level() == Level::Province)
        {
            names.remove(0);
        }
        let name = format!("{}{}", names.concat(), parts.rest);
        let region = parts.region.map(|i| self.at(i));
        let scope_default = if kind == Kind::Government { Scope::Aggregate } else { Scope::Own };
        Organ {
            core: name.clone(),
            name,
            region_code: region.map(|r| r.code),
            township_code: parts.township,
            kind,
            level: region.map(Region::level),
            scope_default,
            parent: if kind == Kind::Government {
                region.and_then(|r| r.parent)
            } else {
                region.map(|r| r.code)
            },
        }
    }

    /// A name that begins with no region: a bare township, `市教育局`, `我局`, `石家庄高新区…`.
    fn without_region(
        &self,
        text: &str,
        context: Context<'_>,
        evidence: &Evidence,
    ) -> Option<Parts> {
        let ours = text.strip_prefix(['我', '本', '全']);
        let unit = ours.unwrap_or(text);
        if let Some((names, region, rest)) = self.by_level_word(unit, context) {
            return Some(Parts { names, region: Some(region), rest, township: None });
        }
        if ours.is_some() {
            // 我镇: the township itself, if the user named it
            let township = context
                .region
                .filter(|c| c.level() == Level::Township)
                .and_then(|c| self.get(c))?;
            let (base, kind) = township_name(&township.name)?;
            let word = if kind == Kind::Street { "街" } else { "镇乡苏" };
            if !unit.starts_with(|c| word.contains(c)) {
                return None;
            }
            return Some(self.below(township, base));
        }
        if let Some((base, _)) = township_name(text) {
            return Some(self.bare_township(base, context, evidence));
        }
        if ZONES.iter().any(|zone| text.contains(zone))
            && let Some(walk) = self.walk_short(text)
        {
            return Some(Parts {
                names: vec![walk.names.concat()],
                region: one(&walk.found),
                rest: walk.rest.to_owned(),
                township: None,
            });
        }
        // 教育局 in the folder of a city
        let hint = context.region.and_then(|c| self.county_of(c));
        match hint {
            Some(region)
                if kind_of(text, true) == Kind::Department && !text.starts_with(LEVEL_WORDS) =>
            {
                Some(Parts {
                    names: self.usual(region),
                    region: Some(region),
                    rest: text.to_owned(),
                    township: None,
                })
            }
            _ => Some(Parts { rest: text.to_owned(), ..Parts::default() }),
        }
    }

    /// `市教育局`, `区政府办`: the word for a level stands for the region of that level at or above the hint.
    fn by_level_word(
        &self,
        text: &str,
        context: Context<'_>,
    ) -> Option<(Vec<String>, usize, String)> {
        let words =
            ["自治区", "自治州", "自治县", "自治旗", "省", "市", "区", "县", "州", "盟", "旗"];
        let (word, rest) =
            words.iter().find_map(|w| text.strip_prefix(w).map(|rest| (*w, rest)))?;
        let hint = context.region?;
        let own = self.get(hint).filter(|r| r.level() != Level::Township);
        let chain = own.into_iter().chain(self.ancestors(hint));
        let region = chain.into_iter().find(|r| r.name.ends_with(word))?;
        let region = self.index_of(region.code)?;
        Some((self.usual(region), region, rest.to_owned()))
    }
}

/// First characters of [`Regions::by_level_word`].
const LEVEL_WORDS: [char; 8] = ['省', '市', '区', '县', '州', '盟', '旗', '自'];

fn year(context: Context<'_>) -> Option<u16> {
    context.year.and_then(|y| u16::try_from(y).ok())
}

pub(super) fn one(found: &[usize]) -> Option<usize> {
    match found {
        [only] => Some(*only),
        _ => None,
    }
}

fn one_where(found: &[usize], fits: impl Fn(usize) -> bool) -> Option<usize> {
    let fitting: Vec<usize> = found.iter().copied().filter(|&i| fits(i)).collect();
    one(&fitting)
}

fn after_government(rest: &str) -> &str {
    rest.strip_prefix("人民政府").filter(|tail| !tail.is_empty()).unwrap_or(rest)
}

/// `海关总署(海关系统)`: what stands in brackets behind a name often tells whose figures these are.
fn without_scope(text: &str) -> (&str, Option<Scope>) {
    let Some((front, inner)) = text.strip_suffix(')').and_then(|t| t.rsplit_once('(')) else {
        return (text, None);
    };
    match inner {
        "人民政府" => (front, None),
        _ if inner.ends_with("本级") || inner.ends_with("机关") => (front, Some(Scope::Own)),
        _ if ["系统", "关区", "汇总"].iter().any(|s| inner.ends_with(s)) => {
            (front, Some(Scope::Aggregate))
        }
        _ => (text, None),
    }
}

/// The kind of what is neither a township nor the government of a known region.
fn kind_of(name: &str, alone: bool) -> Kind {
    let ends = |words: &[&str]| words.iter().any(|w| name.ends_with(w));
    if ends(&[
        "管理委员会",
        "管委会",
        "公司",
        "集团",
        "医院",
        "学校",
        "中学",
        "小学",
        "大学",
        "学院",
    ]) || ends(ZONES)
    {
        Kind::Other
    } else if alone && ends(&["人民政府", "省", "市", "县", "区", "自治州", "盟", "旗"])
    {
        // of a region that the tree does not know
        Kind::Government
    } else {
        Kind::Department
    }
}
