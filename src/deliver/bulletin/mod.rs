//! Bulletins: what a level has to tell of a year, in words that a template gives, with tables, charts
//! and, at the end, all figures of the text with what they are made of.
//!
//! A template may name every measure of the dictionary (`figures.disclosure_rate`), every canned query
//! (`tables.largest_receivers`, `charts.applications_by_year`; `-` is `_`), and the counts of
//! `coverage`. Only what it names is worked out.

mod corrections;
mod coverage;
mod exhibit;
mod figures;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use rust_i18n::t;
use serde::Serialize;

use super::template::{TemplateError, Templates};
use crate::form::Forms;
use crate::lang::Lang;
use crate::metric::{Metric, Metrics};
use crate::query::catalog::Catalog;
use crate::region::Code;
use crate::store::StoreError;

pub use coverage::Coverage;
pub use exhibit::Exhibit;
pub use figures::Figure;
pub use write::write;

/// What a bulletin is about.
pub struct Subject<'s> {
    /// Region with all under it.
    pub region: Code,
    /// Its name with those above it.
    pub name: String,
    /// Reporting year.
    pub year: i32,
    /// Name of the database, for what says where it is from.
    pub database: String,
    /// Editions.
    pub forms: &'s Forms,
    /// Canned queries.
    pub catalog: &'s Catalog,
    /// Language.
    pub lang: Lang,
}

/// Why there is no bulletin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The template.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A measure.
    #[error(transparent)]
    Metric(#[from] crate::metric::Error),
    /// A canned query.
    #[error(transparent)]
    Catalog(#[from] crate::query::catalog::Error),
    /// The statement of one.
    #[error(transparent)]
    Query(#[from] crate::query::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// SQLite.
    #[error("{}", t!("store.failed", reason = crate::reason::of_sqlite(.0)))]
    Sqlite(#[from] rusqlite::Error),
}

/// A bulletin with its words filled in.
#[derive(Debug)]
pub struct Bulletin {
    /// Markdown; a line of the form `@@kind:name@@` stands for an exhibit.
    pub text: String,
    /// Tables and charts by marker.
    pub exhibits: BTreeMap<String, Exhibit>,
    /// Its name.
    pub title: String,
    /// Language.
    pub lang: Lang,
}

/// What a template knows.
#[derive(Serialize)]
struct Filled<'b> {
    region: &'b str,
    year: i32,
    last: i32,
    figures: BTreeMap<String, Figure>,
    coverage: &'b Coverage,
    tables: BTreeMap<String, String>,
    charts: BTreeMap<String, String>,
}

/// The line that stands for an exhibit, until it is written.
fn marker(kind: &str, name: &str) -> String {
    format!("@@{kind}:{name}@@")
}

/// A key as templates write it.
fn variable(key: &str) -> String {
    key.replace('-', "_")
}

impl Bulletin {
    /// Fills in the template.
    ///
    /// # Errors
    /// Where the template names what there is not, or the database cannot be read.
    pub fn make(
        conn: &mut Connection,
        subject: &Subject<'_>,
        templates: &Templates,
    ) -> Result<Bulletin, Error> {
        let template = subject.lang.pick("bulletin.zh.md", "bulletin.en.md");
        let names = templates.names(template)?;
        let of = |what: &str| -> BTreeSet<&str> {
            names.iter().filter_map(|name| name.strip_prefix(what)?.strip_prefix('.')).collect()
        };
        let metrics = Metrics::builtin(subject.forms)?;
        let known = |name: &str| {
            let mut parts = name.split('.');
            let (what, key) = (parts.next(), parts.next().unwrap_or_default());
            match what {
                Some("figures") => metrics.iter().any(|m| variable(&m.key) == key),
                Some("tables" | "charts") => {
                    subject.catalog.queries().iter().any(|q| variable(&q.name) == key)
                }
                _ => true,
            }
        };
        // handed on to a macro, or asked for where a condition does not hold, it would go unnoticed
        if let Some(unknown) = names.iter().filter(|name| name.contains('.')).find(|n| !known(n)) {
            return Err(templates.unknown(template, unknown).into());
        }
        let wanted = of("figures");
        let named: Vec<&Metric> =
            metrics.iter().filter(|m| is_named(&wanted, &variable(&m.key))).collect();
        let mut figures = BTreeMap::new();
        for metric in &named {
            figures.insert(variable(&metric.key), figures::figure(conn, subject, metric)?);
        }
        let coverage = Coverage::of(conn, subject)?;
        let mut exhibits = BTreeMap::new();
        let (mut tables, mut charts) = (BTreeMap::new(), BTreeMap::new());
        let (named_tables, named_charts) = (of("tables"), of("charts"));
        for query in subject.catalog.queries() {
            let name = variable(&query.name);
            let (table, chart) = (named_tables.contains(&*name), named_charts.contains(&*name));
            if !table && !chart {
                continue;
            }
            let answer = exhibit::ask(conn, subject, query)?;
            if chart {
                let mark = marker("chart", &query.name);
                exhibits.insert(mark.clone(), exhibit::draw(subject, query, &answer));
                charts.insert(name.clone(), mark);
            }
            if table {
                let mark = marker("table", &query.name);
                let title = query.title.get(subject.lang).to_owned();
                let shown = exhibit::for_readers(title, &answer, subject.lang);
                exhibits.insert(mark.clone(), shown);
                tables.insert(name, mark);
            }
        }
        let appendix = figures::appendix(&figures, &coverage, subject.lang);
        let title = t!("deliver.bulletin.appendix").into_owned();
        exhibits.insert(marker("table", "figures"), Exhibit::of(title, appendix));
        let title = t!("deliver.bulletin.definitions").into_owned();
        let table = figures::definitions(&named, subject.lang);
        exhibits.insert(marker("table", "definitions"), Exhibit::of(title, table));
        let title = t!("deliver.bulletin.corrected").into_owned();
        let table = corrections::table(conn, subject)?;
        if !table.rows.is_empty() {
            exhibits.insert(marker("table", "corrected"), Exhibit::of(title, table));
        }
        let (year, region) = (subject.year, subject.name.as_str());
        let context =
            Filled { region, year, last: year - 1, figures, coverage: &coverage, tables, charts };
        let rendered = templates.render(template, context)?;
        let mut text = String::with_capacity(rendered.len());
        for line in rendered.lines() {
            add_line(&mut text, line, &exhibits);
        }
        for mark in ["figures", "corrected", "definitions"].map(|name| marker("table", name)) {
            if exhibits.contains_key(&mark) {
                text += &format!("\n\n{mark}\n");
            }
        }
        let title = t!("deliver.bulletin.title", region = region, year = year).into_owned();
        Ok(Bulletin { text, exhibits, title, lang: subject.lang })
    }
}

/// Adds a line of a template; an exhibit is a paragraph of its own, whatever stands around it.
fn add_line(text: &mut String, mut line: &str, exhibits: &BTreeMap<String, Exhibit>) {
    let next = |line: &str| {
        let found = exhibits.keys().filter_map(|mark| Some((line.find(mark.as_str())?, mark)));
        found.min().map(|(at, mark)| (at, mark.clone()))
    };
    while let Some((at, mark)) = next(line) {
        *text += &format!("{}\n\n{mark}\n\n", line[..at].trim_end());
        line = &line[at + mark.len()..];
    }
    *text += &format!("{line}\n");
}

/// Whether a template asks for a figure, or for a part of it.
fn is_named(wanted: &BTreeSet<&str>, name: &str) -> bool {
    wanted.iter().any(|asked| asked.split('.').next() == Some(name))
}
