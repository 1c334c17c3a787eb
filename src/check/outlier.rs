//! `outlier`: rates that lie far from those of the body's peers.
//!
//! Peers are the reports of one group: year, scope, edition, level and kind. Each one moves the
//! median of all, so a group is judged as a whole whenever a report of it is due; what is written
//! is only what was found or may be found no more. Where the same rates of a report lie far from
//! the others as before, only the words of its findings change.

use std::collections::{BTreeSet, HashSet};

use super::bodies::{Pass, Writer};
use crate::form::Form;
use crate::lang::Bilingual;
use crate::store::{
    self, Between, Evidence, Figures, Found, PeerRate, StoreError, Stored, cell_evidence,
};
use crate::validate::rates::{Rate, Said, rates};
use crate::validate::{Failure, Outcome, Quantity, Robust, Rule, Sink, Verdict};

/// Reports read at once.
const CHUNK: usize = 512;

/// Looks at the groups of the reports that are due.
pub(super) fn look(pass: &Pass<'_>, writer: &mut Writer<'_>) -> Result<(), StoreError> {
    let mut groups = retire(pass, writer)?;
    let mut open = HashSet::new();
    for ids in pass.due.chunks(CHUNK) {
        for figures in store::figures(pass.conn, ids)? {
            let said = said(pass, &figures);
            let rates = comparable(writer.rule, figures.report, &said);
            let group = figures.group.as_ref();
            let group = group.map(|g| writer.change(|s| s.peer_group(g))).transpose()?;
            if let Some(group) = group {
                writer.change(|s| s.put_peer_rates(group, figures.report, &rates))?;
                groups.insert(group);
            }
            if said.iter().any(|(_, said)| *said == Said::Unsettled) {
                open.insert(figures.report);
            }
            if group.is_none() || rates.is_empty() {
                // none of its rates is compared with others
                let alone = Group::default();
                tell(pass, writer, &alone, &[figures])?;
            }
        }
    }
    writer.commit()?;
    let known = store::outliers(pass.conn)?;
    for group in groups {
        if pass.stopped() {
            break;
        }
        let edition = store::edition_of_group(pass.conn, group)?;
        let form = pass.checker.forms.get(&edition);
        let group = Group::new(writer.rule, form, store::peer_rates(pass.conn, group)?);
        let mut told = Vec::new();
        for (report, rates) in group.reports() {
            let due = pass.due.binary_search(&report).is_ok();
            let known = known.contains(&report);
            let holds = rates.iter().all(|rate| group.place(rate) == Place::Among);
            if holds && !known && !open.contains(&report) {
                match due {
                    true => writer.put_passed(report)?,
                    false => writer.count(Verdict::Pass),
                }
            } else if due || !known || !reword(pass, writer, &group, report, rates)? {
                told.push(report);
            }
        }
        for ids in told.chunks(CHUNK) {
            tell(pass, writer, &group, &store::figures(pass.conn, ids)?)?;
        }
    }
    Ok(())
}

/// Says anew, among the peers of now, what was found in a report that is not due; false where it is
/// no more the same rates that lie far from the others.
fn reword(
    pass: &Pass<'_>,
    writer: &mut Writer<'_>,
    group: &Group<'_>,
    report: i64,
    rates: &[PeerRate],
) -> Result<bool, StoreError> {
    let Some(form) = group.form else { return Ok(false) };
    let known = store::outliers_of(pass.conn, report)?;
    let mut sink = Sink::new(writer.rule);
    for rate in rates {
        match group.place(rate) {
            Place::Alone(_) => return Ok(false),
            Place::Among => {}
            Place::Far { peers, median, z } => {
                sink.fail(failure(form, rate, peers, median, z));
            }
        }
    }
    let outcomes = sink.finish();
    let is_said = |(known, now): (&store::Outlier, &Outcome)| {
        known.fails && serde_json::to_string(&now.cells).is_ok_and(|cells| cells == known.cells)
    };
    let same = known.len() == outcomes.len() && known.iter().zip(&outcomes).all(is_said);
    if same {
        writer.reword(known.iter().map(|k| k.id), &outcomes)?;
    }
    Ok(same)
}

/// Takes the rates of reports that do not count out of their groups; those groups.
fn retire(pass: &Pass<'_>, writer: &mut Writer<'_>) -> Result<BTreeSet<i64>, StoreError> {
    let mut ids: Vec<i64> = pass.superseded.iter().map(|(other, _)| *other).collect();
    ids.sort_unstable();
    let mut groups = BTreeSet::new();
    for ids in ids.chunks(CHUNK) {
        for figures in store::figures(pass.conn, ids)? {
            let Some(group) = &figures.group else { continue };
            groups.insert(writer.change(|store| {
                let group = store.peer_group(group)?;
                store.put_peer_rates(group, figures.report, &[])?;
                Ok(group)
            })?);
        }
    }
    Ok(groups)
}

/// What a report says of each rate that its edition has.
fn said(pass: &Pass<'_>, figures: &Figures) -> Vec<(&'static Rate, Said)> {
    let Some(form) = form(pass, figures) else { return Vec::new() };
    let said = |rate: &'static Rate| (rate, rate.said(form, |name| figures.value(name)));
    rates().iter().map(said).filter(|(_, said)| *said != Said::NotAsked).collect()
}

fn form<'p>(pass: &Pass<'p>, figures: &Figures) -> Option<&'p Form> {
    pass.checker.forms.get(figures.edition.as_ref()?)
}

/// The rates that can be compared: a share of a few cases says nothing.
fn comparable(rule: &Rule, report: i64, said: &[(&'static Rate, Said)]) -> Vec<PeerRate> {
    let rate = |(rate, said): &(&'static Rate, Said)| match *said {
        Said::Settled(part, whole) if whole >= rule.param("least_base").max(1) => {
            Some(PeerRate { report, rate, part, whole })
        }
        _ => None,
    };
    said.iter().filter_map(rate).collect()
}

/// The rates of peers.
#[derive(Default)]
struct Group<'f> {
    form: Option<&'f Form>,
    /// By report.
    known: Vec<PeerRate>,
    /// Number and middle of each rate, in the order of [`rates`].
    middles: Vec<Option<(usize, Robust)>>,
    /// Fewest peers that one can be judged by.
    least: usize,
    /// Furthest that one may lie from the middle.
    furthest: f64,
}

impl<'f> Group<'f> {
    fn new(rule: &Rule, form: Option<&'f Form>, known: Vec<PeerRate>) -> Group<'f> {
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); rates().len()];
        for r in &known {
            values[ordinal(r.rate)].push(r.value());
        }
        let middle = |values: Vec<f64>| Some((values.len(), Robust::new(values)?));
        let least = usize::try_from(rule.param("least_peers")).unwrap_or_default();
        let furthest = rule.param("z") as f64;
        Group { form, known, middles: values.into_iter().map(middle).collect(), least, furthest }
    }

    /// The reports, each with its rates.
    fn reports(&self) -> impl Iterator<Item = (i64, &[PeerRate])> {
        self.known.chunk_by(|a, b| a.report == b.report).map(|rates| (rates[0].report, rates))
    }

    fn rates_of(&self, report: i64) -> &[PeerRate] {
        let first = self.known.partition_point(|r| r.report < report);
        let count = self.known[first..].partition_point(|r| r.report == report);
        &self.known[first..first + count]
    }

    /// Where a rate stands among its peers.
    fn place(&self, rate: &PeerRate) -> Place {
        let Some(Some((peers, middle))) = self.middles.get(ordinal(rate.rate)) else {
            return Place::Alone(0);
        };
        let z = middle.z(rate.value());
        match *peers {
            few if few < self.least => Place::Alone(few),
            _ if z.abs() <= self.furthest => Place::Among,
            peers => Place::Far { peers, median: middle.median, z },
        }
    }
}

/// Place of a rate in the list.
fn ordinal(rate: &Rate) -> usize {
    rates().iter().position(|r| std::ptr::eq(r, rate)).unwrap_or_default()
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// With fewer peers than can be judged by.
    Alone(usize),
    /// Not far from the middle.
    Among,
    /// Far from the middle.
    Far { peers: usize, median: f64, z: f64 },
}

/// Keeps what is to be said of reports of a group.
fn tell(
    pass: &Pass<'_>,
    writer: &mut Writer<'_>,
    group: &Group<'_>,
    figures: &[Figures],
) -> Result<(), StoreError> {
    let ids: Vec<i64> = figures.iter().map(|f| f.report).collect();
    for (stored, figures) in pass.reader.read_heads(&ids)?.iter().zip(figures) {
        let outcomes = outcomes(pass, writer.rule, group, figures);
        let cells = pass.cells.about(stored.id, outcomes.iter().map(|(o, _)| o))?;
        let found = outcomes.into_iter().map(|(outcome, rate)| match rate {
            Some(rate) => far(stored, outcome, rate, &cells),
            None => Found::new(stored, outcome, &cells),
        });
        writer.put(stored.id, &found.collect::<Vec<_>>())?;
    }
    Ok(())
}

fn far(
    stored: &Stored<'_>,
    outcome: Outcome,
    rate: &PeerRate,
    cells: &[crate::report::Cell],
) -> Found {
    let evidence: Vec<Evidence> = cell_evidence(&outcome, cells, None);
    // the median is no fact of the report: it moves with every peer
    let facts = [rate.part.to_string(), rate.whole.to_string()];
    let apart: &[&str] = &[&rate.rate.id];
    Found::between(stored, outcome, evidence, &Between { apart, facts: &facts, other: None })
}

/// What the rule says of a report; of a failure with the rate.
fn outcomes<'g>(
    pass: &Pass<'_>,
    rule: &'static Rule,
    group: &'g Group<'_>,
    figures: &Figures,
) -> Vec<(Outcome, Option<&'g PeerRate>)> {
    let mut sink = Sink::new(rule);
    let Some(form) = form(pass, figures) else {
        let reason = if figures.edition.is_some() { "unknown_form" } else { "no_tables" };
        sink.lacks(reason, []);
        return sink.finish().into_iter().map(|o| (o, None)).collect();
    };
    let said = said(pass, figures);
    for (rate, _) in said.iter().filter(|(_, said)| *said == Said::Unsettled) {
        sink.lacks("blank", rate.cells(form));
    }
    // where the level is not known nobody is a peer, whatever the rates
    let own = comparable(rule, figures.report, &said);
    let unplaced = own.iter().filter(|_| figures.group.is_none()).map(|r| (0, r.rate));
    let mut few: Vec<(usize, &Rate)> = unplaced.collect();
    let mut failed = Vec::new();
    for rate in group.rates_of(figures.report) {
        match group.place(rate) {
            Place::Alone(peers) => few.push((peers, rate.rate)),
            Place::Among => sink.holds(),
            Place::Far { peers, median, z } => {
                failed.push(rate);
                sink.fail(failure(form, rate, peers, median, z));
            }
        }
    }
    if let Some(most) = few.iter().map(|(peers, _)| *peers).max() {
        let number = |n: i64| Bilingual::same(n.to_string());
        let args = [("count", number(most as i64)), ("least", number(rule.param("least_peers")))];
        sink.lacks_with("few_peers", &args, few.iter().flat_map(|(_, rate)| rate.cells(form)));
    }
    let failed = failed.into_iter().map(Some).chain(std::iter::repeat(None));
    sink.finish().into_iter().zip(failed).collect()
}

fn failure(form: &Form, rate: &PeerRate, peers: usize, median: f64, z: f64) -> Failure {
    let percent = |value: f64| Quantity::Text(format!("{:.1}%", value * 100.0));
    let same = |text: String| Bilingual::same(text);
    Failure {
        args: vec![
            ("what", rate.rate.title()),
            ("numerator", same(rate.part.to_string())),
            ("denominator", same(rate.whole.to_string())),
            ("peers", same(peers.to_string())),
            ("z", same(format!("{z:.1}"))),
        ],
        cells: rate.rate.cells(form),
        edition: Some(form.edition.clone()),
        expected: Some(percent(median)),
        found: Some(percent(rate.value())),
        ..Failure::default()
    }
}
