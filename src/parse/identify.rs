//! Which body reports, and for whom: the names in the document resolved with everything it says
//! about its place.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::Hints;
use super::meta::Meta;
use crate::form::fold_text;
use crate::reader::document::{Block, Document};
use crate::region::{Context, Kind, Organ, Regions};
use crate::report::{Scope, Section};

/// The body of a report.
pub struct Body {
    /// As printed.
    pub printed: Option<String>,
    /// As resolved.
    pub organ: Option<Organ>,
    /// Whose figures the report gives.
    pub scope: Option<Scope>,
    /// The body that the document itself names, its place known.
    pub stated: Option<Organ>,
}

/// Words that say that a report sums up the bodies under its own.
static SUMMARY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"汇总(?:编制|形成|而成|全|各)|根据[^。]{0,30}(?:各级|各地|各部门|各单位)[^。]{0,20}(?:汇总|编制)|(?:全省|全市|全县|全区|全州|全旗|海关系统)(?:各级)?(?:行政机关|政府信息公开工作情况(?:编制|汇总))",
    )
    .expect("constant pattern")
});

/// Resolves the body. A name given for this file counts before those in the document, and these,
/// where one of them has a place, before a name given for many files.
pub fn body(
    doc: &Document,
    meta: &Meta,
    sections: &[Section],
    regions: &Regions,
    hints: &Hints,
    year: Option<i32>,
) -> Body {
    let mut mentions: Vec<Cow<'_, str>> = doc
        .meta
        .iter()
        .filter(|(k, _)| {
            k == "title"
                || k.eq_ignore_ascii_case("SiteName")
                || k.eq_ignore_ascii_case("ContentSource")
        })
        .map(|(_, v)| fold_text(v))
        .collect();
    for block in &doc.blocks {
        match block {
            Block::Paragraph(p) => mentions.push(fold_text(&p.text)),
            Block::Grid(g) if g.rows.len() < 12 => {
                mentions.extend(g.rows.iter().flatten().map(|c| fold_text(&c.text)));
            }
            Block::Grid(_) => {}
        }
    }
    let mentions: Vec<&str> = mentions.iter().map(|m| &**m).collect();
    let context = Context { region: hints.region, year, mentions: &mentions };
    let resolve = |name: &String| Some((name.clone(), regions.resolve(name, context)?));
    let own = named(meta, context, regions);
    let stated = own.as_ref().map(|(_, o)| o.clone()).filter(Organ::is_placed);
    let said = hints.organ.as_ref().and_then(resolve);
    let otherwise = || hints.otherwise.organ.as_ref().and_then(resolve);
    let given = said.or_else(|| if stated.is_none() { otherwise() } else { None });
    let is_given = given.is_some();
    let best = given.or(own);
    let best = best.as_ref();
    // thousands of towns are called 团结乡: one that nothing places is not named by that
    let organ = best.map(|(_, o)| o.clone()).filter(|o| {
        let bare = matches!(o.kind, Kind::Township | Kind::Street) && !o.is_placed();
        !bare
            || best.is_some_and(|(printed, _)| {
                printed.ends_with("政府") || printed.ends_with("办事处")
            })
    });
    let printed = meta.organs.first().cloned().or_else(|| best.map(|(n, _)| (*n).clone()));
    let scope = hints.scope.or_else(|| organ.as_ref().map(|o| scope(o, &mentions, sections)));
    Body {
        printed: best.filter(|_| !is_given).map(|(n, _)| (*n).clone()).or(printed),
        organ,
        scope,
        stated,
    }
}

/// Of the names that the document gives the first whose place is known, else the first.
fn named(meta: &Meta, context: Context<'_>, regions: &Regions) -> Option<(String, Organ)> {
    let resolve = |name: &String| Some((name.clone(), regions.resolve(name, context)?));
    let fuller = || with_region(meta.organs.first()?, context.mentions, regions);
    let printed = meta.organs.iter().filter_map(resolve);
    let mut names =
        printed.chain(std::iter::once_with(fuller).flatten().filter_map(|n| resolve(&n)));
    let first = names.next();
    let best = match first {
        Some((_, ref organ)) if !organ.is_placed() => names.find(|(_, o)| o.is_placed()).or(first),
        first => first,
    };
    // where the document itself says of which place its 教育局 is, the user's region is not asked
    let Some((short, _)) = best.as_ref().filter(|_| context.region.is_some()) else { return best };
    let alone = Context { region: None, ..context };
    let longer =
        meta.organs.iter().filter(|o| o.len() > short.len() && o.ends_with(short.as_str()));
    let mut placed = longer.filter_map(|o| Some((o.clone(), regions.resolve(o, alone)?)));
    placed.find(|(_, o)| o.is_placed()).or(best)
}

/// The name as the text gives it with its region before it: 盘锦 before 辽滨沿海经济技术开发区….
fn with_region(name: &str, mentions: &[&str], regions: &Regions) -> Option<String> {
    let begins = |m: &&&str| name.chars().next().is_some_and(|c| m.contains(c));
    for text in mentions.iter().filter(begins) {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for (at, _) in text.match_indices(name) {
            let before: Vec<char> = text[..at].chars().rev().take(6).collect();
            for n in (2..=before.len()).rev() {
                let prefix: String = before[..n].iter().rev().collect();
                if regions.is_name(&prefix) {
                    return Some(format!("{prefix}{name}"));
                }
            }
        }
    }
    None
}

fn scope(organ: &Organ, mentions: &[&str], sections: &[Section]) -> Scope {
    // an office or a street that speaks of the whole county reports for itself all the same
    let sums = !matches!(organ.kind, Kind::Township | Kind::Street);
    let first = sections.iter().find(|s| s.no == 1).map_or("", |s| s.text.as_str());
    let says = |text: &str| SUMMARY.is_match(text);
    let head: Vec<&&str> =
        mentions.iter().take_while(|m| !first.starts_with(**m) || m.is_empty()).collect();
    if sums && organ.scope_default == Scope::Own && head.iter().any(|m| says(m)) {
        return Scope::Aggregate;
    }
    organ.scope_default
}
