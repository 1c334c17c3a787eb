//! `why`: a figure explained, from its definition down to the cells it came from.

use std::process::ExitCode;

use anyhow::bail;
use rusqlite::Connection;
use rust_i18n::t;

use super::lookup::Wanted;
use super::metrics::Lists;
use super::output::SCREEN_ROWS;
use super::{Common, explained, inputs};
use crate::export::Format;
use crate::form::Forms;
use crate::lang::Lang;
use crate::metric::{
    self, CellShown, Measured, Metric, Metrics, Reason, Reported, Role, Selection,
};
use crate::region::Code;
use crate::report::Scope;
use crate::store::{CellReader, open_read_only};

/// 说明一个数的由来：定义、算式、所用各格及其在原文中的位置 · Where a figure comes from: definition, formula and cells
#[derive(clap::Args)]
#[command(override_usage = "nianbao why [OPTIONS] [BODY] YEAR METRIC")]
pub struct Args {
    /// 机关 年度 指标（nianbao metrics 列出指标）；不写机关则为 --region 的合计，也不写 --region 则为全部 · Body, year and measure (nianbao metrics lists them); without a body the sum over --region, or over all
    #[arg(required = true, num_args = 1.., value_name = "BODY YEAR METRIC")]
    pub what: Vec<String>,
    /// 地区代码或名称 · Region: code or name
    #[arg(long)]
    pub region: Option<String>,
    /// auto 有汇总用汇总，own 本机关，aggregate 汇总 · auto: a summary stands for the bodies under it; own, aggregate: that kind only
    #[arg(long, value_parser = ["auto", "own", "aggregate"])]
    pub scope: Option<String>,
    /// 机关报告的修订版次，缺省为现行 · Revision of a body's report; the current one if left out
    #[arg(long)]
    pub revision: Option<i64>,
    /// 附 95% 置信区间（Wilson） · With the 95% interval of a share (Wilson)
    #[arg(long)]
    pub interval: bool,
    #[command(flatten)]
    pub lists: Lists,
}

/// Whose figure it is.
pub enum Subject {
    /// One report of a body.
    Body(String),
    /// The reports of a region.
    Region(Code, String),
    /// All reports.
    Everywhere,
}

/// A figure with all it came from.
pub struct Figure<'m> {
    /// What it is.
    pub metric: &'m Metric,
    /// Whose it is.
    pub subject: Subject,
    /// Reporting year.
    pub year: i32,
    /// The scope asked for.
    pub scope: Option<Scope>,
    /// Whether the interval is asked for.
    pub interval: bool,
    /// The figure.
    pub measured: Measured,
    /// The reports that were asked for, and those that a summary stands for.
    pub reports: Vec<Evidence>,
}

/// A report with the cells that the measure uses.
pub struct Evidence {
    /// The report and its part.
    pub report: Reported,
    /// Its cells; none where it has none of the measure.
    pub cells: Vec<CellShown>,
}

impl Figure<'_> {
    /// The reports in the sums.
    pub fn used(&self) -> impl Iterator<Item = &Evidence> + Clone {
        self.reports.iter().filter(|e| e.report.reason == Reason::Used)
    }

    /// The reports left out.
    pub fn left_out(&self) -> impl Iterator<Item = &Evidence> + Clone {
        self.reports.iter().filter(|e| e.report.reason != Reason::Used)
    }
}

/// Runs the command.
pub fn run(common: &Common, args: &Args) -> anyhow::Result<ExitCode> {
    let asked = args.asked()?;
    let metrics = args.lists.read(common.forms()?)?;
    metrics.get(asked.metric)?;
    let conn = open_read_only(&common.db)?;
    let figure = figure(common, args, &metrics, &conn)?;
    let mut sink = common.sink()?;
    let beside = explained::write(common, &figure, &common.options(), &mut sink)?;
    sink.finish()?;
    if let Some(notice) = beside {
        eprintln!("{notice}");
    }
    Ok(ExitCode::SUCCESS)
}

/// What stands in the arguments.
struct Asked<'a> {
    body: Option<&'a String>,
    year: i32,
    metric: &'a str,
}

impl Args {
    fn asked(&self) -> anyhow::Result<Asked<'_>> {
        let (body, year, metric) = match self.what.as_slice() {
            [body, year] if inputs::year(body).is_err() && inputs::year(year).is_ok() => {
                bail!("{}", t!("why.no_metric", body = body, year = year))
            }
            [year, metric] => (None, year, metric),
            [body, year, metric] => (Some(body), year, metric),
            _ => bail!("{}", t!("why.usage")),
        };
        let year = inputs::year(year)
            .map_err(|_| anyhow::anyhow!("{}", t!("why.no_year", text = year)))?;
        Ok(Asked { body, year, metric })
    }
}

/// The figure that is asked for, of the measures there are.
pub fn figure<'m>(
    common: &Common,
    args: &Args,
    metrics: &'m Metrics,
    conn: &Connection,
) -> anyhow::Result<Figure<'m>> {
    let Asked { body, year, metric } = args.asked()?;
    let metric = metrics.get(metric)?;
    let forms = common.forms()?;
    let scope = args.scope.as_deref().and_then(Scope::of_key);
    let (subject, selection) = match body {
        Some(body) => {
            let wanted = Wanted {
                body,
                year,
                region: args.region.as_deref(),
                scope: scope.map(Scope::key),
                revision: args.revision,
                exact: false,
            };
            let id = wanted.find(common, conn)?;
            (None, Selection::Report(id))
        }
        None if args.revision.is_some() => bail!("{}", t!("why.revision_of_body")),
        None => region(common, args.region.as_deref(), year, scope)?,
    };
    let every = !common.format_or(Format::Table)?.is_prose();
    let (measured, reports) = evidence(conn, metric, forms, &selection, every)?;
    let organ = || reports.first().map(|e| e.report.organ.clone()).unwrap_or_default();
    let subject = subject.unwrap_or_else(|| Subject::Body(organ()));
    if reports.is_empty() {
        bail!("{}", t!("why.no_reports", subject = subject.name(common.lang()), year = year));
    }
    Ok(Figure { metric, subject, year, scope, interval: args.interval, measured, reports })
}

/// The reports of a region, or all.
fn region(
    common: &Common,
    region: Option<&str>,
    year: i32,
    scope: Option<Scope>,
) -> anyhow::Result<(Option<Subject>, Selection)> {
    let regions = common.regions()?;
    let region = region.map(|text| inputs::find_region(text, regions)).transpose()?;
    let subject = match region {
        Some(code) => Subject::Region(code, regions.path(code)),
        None => Subject::Everywhere,
    };
    Ok((Some(subject), Selection::Reports { years: year..=year, region, scope }))
}

/// The figure and its reports. With `every` the cells of all that the measure reads, else those
/// that people are shown: of a single report, and why the first of the others are left out.
fn evidence(
    conn: &Connection,
    metric: &Metric,
    forms: &Forms,
    selection: &Selection,
    every: bool,
) -> anyhow::Result<(Measured, Vec<Evidence>)> {
    let measured = metric::evaluate(conn, metric, forms, selection)?;
    let measured = measured.into_iter().next().map(|(_, m)| m).unwrap_or_default();
    let mut reports = metric::list(conn, metric, forms, selection)?;
    reports.extend(metric::covered(conn, metric, selection)?);
    let printed = CellReader::new(conn)?;
    let mut incomplete = 0;
    let mut with_cells = |report: Reported| -> anyhow::Result<Evidence> {
        let form = report.edition.as_ref().and_then(|edition| forms.get(edition));
        let is_shown = match report.reason {
            Reason::Used => every || measured.used == 1,
            Reason::Incomplete => {
                incomplete += 1;
                every || incomplete <= SCREEN_ROWS
            }
            _ => false,
        };
        let cells = match form.filter(|_| is_shown) {
            Some(form) => metric::cells(metric, form, &printed.all(report.report)?),
            None => Vec::new(),
        };
        Ok(Evidence { report, cells })
    };
    let reports = reports.into_iter().map(&mut with_cells).collect::<Result<_, _>>()?;
    Ok((measured, reports))
}

impl Subject {
    /// As a heading names it.
    pub fn name(&self, lang: Lang) -> String {
        match self {
            Subject::Body(organ) => organ.clone(),
            Subject::Region(code, name) => {
                t!("why.region", locale = lang.key(), name = name, code = code).into()
            }
            Subject::Everywhere => t!("why.everywhere", locale = lang.key()).into(),
        }
    }
}

/// The word for what a cell is in a measure.
pub fn role(role: Role, lang: Lang) -> String {
    let locale = lang.key();
    let word = match role {
        Role::Numerator => t!("metric.part.numerator", locale = locale),
        Role::Denominator => t!("metric.part.denominator", locale = locale),
        Role::Needed => t!("metric.part.needed", locale = locale),
    };
    word.into_owned()
}
