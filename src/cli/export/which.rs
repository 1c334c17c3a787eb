//! The options that choose what an export is about.

use anyhow::{anyhow, bail};
use rusqlite::Connection;
use rust_i18n::t;

use super::super::lookup::find_body;
use super::super::{Common, inputs};
use crate::deliver::{Choice, Chosen};
use crate::region::Kind;
use crate::report::Scope;

/// Bodies and years.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Which {
    /// 机关：编号、全称，或在 --region 内唯一的名称，可写多次 · Body; may be given several times
    #[arg(long, value_name = "NAME", conflicts_with_all = ["level", "kind"])]
    pub body: Vec<String>,
    /// 地区代码或名称，含下属 · Region, by code or name, with all under it
    #[arg(long)]
    pub region: Option<String>,
    /// 只取这一级的机关 · Bodies of that level only
    #[arg(long, value_parser = inputs::levels())]
    pub level: Option<String>,
    /// 只取这一类的机关 · Bodies of that kind only
    #[arg(long, value_parser = inputs::kinds())]
    pub kind: Option<String>,
    /// 年度；不写年度的为最近一年，export data 为全部年度 · The year; if none is given the last there is, for export data all
    #[arg(long, value_name = "YEAR", value_parser = inputs::year, conflicts_with_all = ["from", "to"])]
    pub year: Option<i32>,
    /// 起始年度 · First year
    #[arg(long, value_name = "YEAR", value_parser = inputs::year)]
    pub from: Option<i32>,
    /// 截止年度 · Last year
    #[arg(long, value_name = "YEAR", value_parser = inputs::year)]
    pub to: Option<i32>,
    /// 表样版本 · Edition of the form
    #[arg(long)]
    pub edition: Option<String>,
    /// auto 有汇总用汇总，own 本机关，aggregate 汇总 · auto: a summary stands for the bodies under it; own, aggregate: that kind only
    #[arg(long, value_parser = ["auto", "own", "aggregate"])]
    pub scope: Option<String>,
}

impl Which {
    /// What is asked for, with all names found. Without a year it is the last there is.
    pub fn choice(&self, common: &Common, conn: &Connection) -> anyhow::Result<Choice> {
        let mut choice = self.any_year(common, conn)?;
        if self.year.is_none() && self.from.is_none() && self.to.is_none() {
            let Some(year) = choice.last_year(conn)? else { return Err(no_reports(conn, &choice)) };
            choice.years = year..=year;
        }
        Ok(choice)
    }

    /// Likewise; without a year it is all of them.
    pub fn any_year(&self, common: &Common, conn: &Connection) -> anyhow::Result<Choice> {
        let regions = common.regions()?;
        let region = self.region.as_deref().map(|r| inputs::find_region(r, regions)).transpose()?;
        let mut series = Vec::new();
        for body in &self.body {
            series.push(find_body(common, conn, body, self.region.as_deref(), self.year)?.series);
        }
        if let Some(edition) = &self.edition
            && common.forms()?.get(edition).is_none()
        {
            let known: Vec<&str> = common.forms()?.iter().map(|f| f.edition.as_str()).collect();
            bail!("{}", t!("deliver.edition", edition = edition, known = known.join(" ")));
        }
        let from = self.year.or(self.from).unwrap_or(i32::MIN);
        Ok(Choice {
            years: from..=self.year.or(self.to).unwrap_or(i32::MAX),
            series,
            region,
            level: self.level.as_deref().and_then(inputs::level),
            kind: self.kind.as_deref().and_then(Kind::of_key),
            edition: self.edition.clone(),
            scope: self.scope.as_deref().and_then(Scope::of_key),
        })
    }

    /// Whether several years are asked for.
    pub fn is_over_years(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// What was asked for, by name, for those who read the file; without a year those of the reports.
    pub fn facts(&self, reports: &[Chosen]) -> Vec<(String, String)> {
        let years = || reports.iter().map(|report| report.year);
        let years = match (years().min(), years().max()) {
            (Some(first), Some(last)) if first < last => Some(format!("{first}–{last}")),
            (first, _) => first.map(|year| year.to_string()),
        };
        let bodies = (!self.body.is_empty()).then(|| self.body.join(" "));
        let asked = [
            ("year", years),
            ("region", self.region.clone()),
            ("level", self.level.clone()),
            ("kind", self.kind.clone()),
            ("body", bodies),
            ("edition", self.edition.clone()),
            ("scope", Some(scope_said(self.scope.as_deref()))),
        ];
        let named = |(key, value): (&str, Option<String>)| {
            Some((t!(format!("deliver.asked.{key}")).into_owned(), value?))
        };
        asked.into_iter().filter_map(named).collect()
    }

    /// The reports that are asked for; none is an error.
    pub fn counted(
        &self,
        common: &Common,
        conn: &Connection,
    ) -> anyhow::Result<(Vec<Chosen>, usize)> {
        let choice = self.choice(common, conn)?;
        let (reports, covered) = choice.counted(conn)?;
        Ok((some(reports, conn, &choice)?, covered))
    }

    /// The same with those that a summary among them stands for.
    pub fn all_reports(&self, common: &Common, conn: &Connection) -> anyhow::Result<Vec<Chosen>> {
        let choice = self.choice(common, conn)?;
        some(choice.all(conn)?, conn, &choice)
    }
}

/// Whose reports are asked for, in words.
fn scope_said(scope: Option<&str>) -> String {
    match scope {
        Some("own") => t!("deliver.asked.scope_is.own"),
        Some("aggregate") => t!("deliver.asked.scope_is.aggregate"),
        _ => t!("deliver.asked.scope_is.auto"),
    }
    .into_owned()
}

/// Refuses an export of nothing.
fn some(found: Vec<Chosen>, conn: &Connection, choice: &Choice) -> anyhow::Result<Vec<Chosen>> {
    match found.is_empty() {
        true => Err(no_reports(conn, choice)),
        false => Ok(found),
    }
}

/// Says that there are no such reports, and of which years there are.
pub(super) fn no_reports(conn: &Connection, choice: &Choice) -> anyhow::Error {
    match choice.years_there(conn) {
        Ok(years) if years.is_empty() => anyhow!("{}", t!("deliver.no_reports")),
        Ok(years) => {
            let years: Vec<String> = years.iter().map(ToString::to_string).collect();
            anyhow!("{}", t!("deliver.no_reports_then", years = years.join(" ")))
        }
        Err(error) => error.into(),
    }
}
