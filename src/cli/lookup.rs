//! Which report is meant by a body's name and a year.

use anyhow::bail;
use rusqlite::Connection;
use rust_i18n::t;

use super::{Common, inputs};
use crate::nearest::closest_few;
use crate::region::{Code, Context, Regions};
use crate::report::Scope;
use crate::store::{
    NamedBody, Relative, StoredReport, find_bodies, find_reports, find_reports_like, organ_names,
    relatives, years_of,
};

/// Names proposed where none is known.
const PROPOSED: usize = 3;
/// Bodies listed where several may be meant.
const CANDIDATES: usize = 20;

/// A report as it is asked for.
pub struct Wanted<'a> {
    /// Id, key or name of the body.
    pub body: &'a str,
    /// Reporting year.
    pub year: i32,
    /// Region that the body lies in.
    pub region: Option<&'a str>,
    /// `own` or `aggregate`.
    pub scope: Option<&'a str>,
    /// Revision; none is the current one.
    pub revision: Option<i64>,
    /// Whether a part of the name will not do: nothing is changed by a guess.
    pub exact: bool,
}

impl Wanted<'_> {
    /// The id of the one report that is meant.
    pub fn find(&self, common: &Common, conn: &Connection) -> anyhow::Result<i64> {
        let regions = common.regions()?;
        let (body, year) = (self.body, self.year);
        let region = self.region.map(|r| inputs::find_region(r, regions)).transpose()?;
        let inside = |code: &Option<String>| {
            let code = code.as_ref().and_then(|c| c.parse().ok());
            region.is_none_or(|region| code.is_some_and(|c| regions.contains(region, c)))
        };
        let mut known = None;
        let mut found = Vec::new();
        for name in self.names(region, regions) {
            found = find_reports(conn, &name, year)?;
            if !found.is_empty() || !years_of(conn, &name)?.is_empty() {
                known = Some(name);
                break;
            }
        }
        let by_part = known.is_none();
        if by_part {
            found = find_reports_like(conn, body.trim(), year)?;
        }
        let all = found.clone();
        found.retain(|r| inside(&r.region_code));
        found.retain(|r| self.scope.is_none_or(|s| s == r.scope));
        match self.revision {
            Some(revision) => found.retain(|r| r.revision == revision),
            None => found.retain(|r| r.is_current),
        }
        let list = |reports: &[StoredReport]| {
            reports.iter().map(|r| candidate(r, regions)).collect::<Vec<_>>().join("\n  ")
        };
        match found.as_slice() {
            [one] if by_part && self.exact => {
                bail!("{}", t!("show.whole_name", body = body, organ = one.organ));
            }
            [one] => {
                if by_part && !common.quiet {
                    eprintln!("{}", t!("show.by_part", body = body, organ = one.organ));
                }
                Ok(one.id)
            }
            [] if !all.is_empty() => {
                bail!("{}\n  {}", t!("show.other_than_asked", body = body, year = year), list(&all))
            }
            [] => {
                let mut kin = relatives(conn, known.as_deref().unwrap_or(body), year)?;
                kin.retain(|r| inside(&r.region_code));
                let kin = describe(&kin);
                let hint = hint(conn, known.as_deref(), body)?;
                bail!("{}", t!("show.none", body = body, year = year, kin = kin, hint = hint));
            }
            several => {
                bail!("{}\n  {}", t!("show.several", body = body, year = year), list(several))
            }
        }
    }

    fn names(&self, region: Option<Code>, regions: &Regions) -> Vec<String> {
        names(self.body, Some(self.year), region, regions)
    }
}

/// What the store may know a body by: as it stands, as `load` would take the name, or the region
/// that is called so.
fn names(body: &str, year: Option<i32>, region: Option<Code>, regions: &Regions) -> Vec<String> {
    let body = body.trim();
    let mut names = vec![body.to_owned()];
    for region in [None, region] {
        let context = Context { region, year, mentions: &[] };
        names.extend(regions.resolve(body, context).map(|o| o.key()));
    }
    let year = year.and_then(|year| u16::try_from(year).ok());
    names.extend(regions.find(body, year).ok().map(|r| r.code.to_string()));
    names
}

/// The one body that is meant by an id, a name or a part of one; `year` tells whose a name was.
/// Names that one body had over the years are one.
pub fn find_body(
    common: &Common,
    conn: &Connection,
    body: &str,
    region: Option<&str>,
    year: Option<i32>,
) -> anyhow::Result<NamedBody> {
    let regions = common.regions()?;
    let region = region.map(|r| inputs::find_region(r, regions)).transpose()?;
    let inside = |found: &NamedBody| {
        let code = found.region_code.as_ref().and_then(|code| code.parse().ok());
        region.is_none_or(|region| code.is_some_and(|code| regions.contains(region, code)))
    };
    let search = |name: &str, in_part: bool| -> anyhow::Result<Vec<NamedBody>> {
        let mut found = find_bodies(conn, name, in_part)?;
        found.retain(inside);
        Ok(found)
    };
    let mut found = Vec::new();
    for name in names(body, year, region, regions) {
        found = search(&name, false)?;
        if !found.is_empty() {
            break;
        }
    }
    let by_part = found.is_empty();
    if by_part {
        found = search(body.trim(), true)?;
    }
    let one = found.first().filter(|first| found.iter().all(|f| f.series == first.series));
    match one {
        Some(one) => {
            if by_part && !common.quiet {
                eprintln!("{}", t!("show.by_part", body = body, organ = one.name));
            }
            Ok(one.clone())
        }
        None if found.is_empty() => {
            bail!("{}", t!("analyze.no_body", body = body, hint = hint(conn, None, body)?))
        }
        None => {
            let mut list: Vec<String> =
                found.iter().take(CANDIDATES).map(|f| candidate_body(f, regions)).collect();
            if found.len() > CANDIDATES {
                list.push("…".to_owned());
            }
            bail!("{}\n  {}", t!("analyze.several_bodies", body = body), list.join("\n  "))
        }
    }
}

fn candidate_body(body: &NamedBody, regions: &Regions) -> String {
    let code = body.region_code.as_ref().and_then(|code| code.parse().ok());
    let region = code.map(|code| regions.path(code)).unwrap_or_default();
    format!("{}  {}  {region}", body.id, body.name)
}

/// What to do where there is no such report: the years there are, or names like the one asked for.
fn hint(conn: &Connection, known: Option<&str>, body: &str) -> anyhow::Result<String> {
    let joined = |names: Vec<String>| names.join(&t!("load.and"));
    if let Some(known) = known {
        let years = years_of(conn, known)?.iter().map(ToString::to_string).collect();
        return Ok(t!("show.years", years = joined(years)).into());
    }
    let names = organ_names(conn)?;
    let like = closest_few(body.trim(), names.iter().map(String::as_str), PROPOSED);
    Ok(match like.is_empty() {
        true => t!("show.see_info").into(),
        false => {
            let like = like.into_iter().map(str::to_owned).collect();
            t!("show.nearest", names = joined(like)).into()
        }
    })
}

/// What the body was before or became: its report of the year may stand under that name.
fn describe(found: &[Relative]) -> String {
    let mut out = String::new();
    for group in found.chunk_by(|a, b| (a.later, a.year) == (b.later, b.year)) {
        let [first, ..] = group else { continue };
        let names: Vec<&str> = group.iter().map(|r| r.organ.as_str()).collect();
        let names = names.join(&t!("show.and"));
        out.push_str(&match (first.later, first.year) {
            (false, Some(year)) => t!("show.before", year = year, names = names),
            (true, Some(year)) => t!("show.after", year = year, names = names),
            (false, None) => t!("show.before_unknown", names = names),
            (true, None) => t!("show.after_unknown", names = names),
        });
    }
    out
}

fn candidate(r: &StoredReport, regions: &Regions) -> String {
    let region = r
        .region_code
        .as_ref()
        .and_then(|c| c.parse().ok())
        .map(|c| regions.path(c))
        .unwrap_or_default();
    let scope = if r.scope == Scope::Own.key() { t!("show.own") } else { t!("show.aggregate") };
    let revision = t!("show.revision", revision = r.revision);
    format!("{}  {region}  {}  {scope} {revision}  {}", r.organ, r.year, r.path)
}
