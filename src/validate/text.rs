//! What the narrative says against what the tables say.

use std::ops::Range;

use rust_i18n::t;

use super::outcome::{Failure, Passage, Quantity, Sink};
use super::sheet::{Case, Sheet, Subject};
use super::totals::{label, name};
use crate::form::CellDef;
use crate::lang::{Bilingual, Lang};
use crate::narrative::{self, Certainty, Claim, Figure};

/// The cells of a figure and their printed sum; no sum where one is not printed.
pub(super) fn of_table<'f>(
    sheet: &Sheet<'f>,
    figure: &Figure,
) -> Option<(Vec<CellDef<'f>>, Option<i64>)> {
    let names = sheet.form.series.get(&*figure.series)?.get(&*figure.figure)?;
    let cells: Option<Vec<_>> = names.iter().map(|n| sheet.form.named_cell(n)).collect();
    let sum = names.iter().try_fold(0i64, |sum, n| sum.checked_add(sheet.named(n)?.value?));
    Some((cells?, sum))
}

fn passage(subject: &Subject<'_>, section: u8, sentence: &Range<usize>) -> Option<Passage> {
    let text = subject.sections.iter().filter(|s| s.no == section);
    let text = text.filter_map(|s| s.text.get(sentence.clone())).next()?;
    Some(Passage { section, text: text.trim().to_owned() })
}

/// Whether table and claim contradict each other on whether there was anything at all.
fn contradict(claimed: i64, printed: i64) -> bool {
    (claimed == 0) != (printed == 0)
}

/// Looks at every certain claim that the tables can answer.
fn each(case: &Case<'_>, sink: &mut Sink, look: impl Fn(&mut Sink, &Claim, i64, i64) -> bool) {
    let Some(sheet) = case.now.sheets.first() else { return sink.lacks("no_tables", []) };
    if case.now.sections.is_empty() {
        return sink.lacks("no_text", []);
    }
    for claim in &case.now.claims().claims {
        if claim.certainty != Certainty::Certain {
            continue;
        }
        let Some((cells, sum)) = of_table(sheet, &claim.figure) else { continue };
        let Some(printed) = sum else {
            sink.lacks("blank", cells.into_iter().map(name));
            continue;
        };
        let claimed = i64::try_from(claim.value).unwrap_or(i64::MAX);
        if look(sink, claim, claimed, printed) {
            sink.holds();
            continue;
        }
        let passage = passage(case.now, claim.section, &claim.sentence);
        let sentence = passage.as_ref().map_or(String::new(), |p| p.text.clone());
        let mut what = label(cells[0]);
        if let more @ 1.. = cells.len() - 1 {
            let all = more + 1;
            let sum = |lang: Lang| {
                let (first, locale) = (what.get(lang), lang.key());
                t!("finding.sum", locale = locale, first = first, all = all).into()
            };
            what = Bilingual { zh: sum(Lang::Zh), en: sum(Lang::En) };
        }
        sink.fail(Failure {
            message: if printed == 0 { "stated" } else { "" },
            args: vec![("what", what), ("sentence", Bilingual::same(sentence))],
            cells: cells.into_iter().map(name).collect(),
            edition: Some(sheet.form.edition.clone()),
            expected: Some(Quantity::Number(printed)),
            found: Some(Quantity::Number(claimed)),
            passages: passage.into_iter().collect(),
            ..Failure::default()
        });
    }
}

/// Figures that the text states otherwise.
pub(super) fn number(case: &Case<'_>, sink: &mut Sink) {
    each(case, sink, |_, _, claimed, printed| claimed == printed || contradict(claimed, printed));
}

/// What the text denies and the table has, or the reverse.
pub(super) fn contradiction(case: &Case<'_>, sink: &mut Sink) {
    each(case, sink, |_, _, claimed, printed| !contradict(claimed, printed));
}

/// Breakdowns that do not add up.
pub(super) fn sum(case: &Case<'_>, sink: &mut Sink) {
    if case.now.sections.is_empty() {
        return sink.lacks("no_text", []);
    }
    for listing in &case.now.claims().listings {
        if listing.certainty != Certainty::Certain {
            continue;
        }
        let parts = listing.parts.iter().try_fold(0u64, |sum, p| sum.checked_add(*p));
        let sides =
            parts.and_then(|p| i64::try_from(p).ok()).zip(i64::try_from(listing.total).ok());
        let Some((expected, found)) = sides else { continue };
        if expected == found {
            sink.holds();
            continue;
        }
        let passage = passage(case.now, listing.section, &listing.sentence);
        let sentence = passage.as_ref().map_or(String::new(), |p| p.text.clone());
        sink.fail(Failure {
            args: vec![("sentence", Bilingual::same(sentence))],
            expected: Some(Quantity::Number(expected)),
            found: Some(Quantity::Number(found)),
            passages: passage.into_iter().collect(),
            ..Failure::default()
        });
    }
}

/// Whether the information-processing fee is stated, from the year on that wants it.
pub(super) fn processing_fee(case: &Case<'_>, sink: &mut Sink) {
    let Some(year) = case.now.year else { return sink.lacks("no_year", []) };
    if i64::from(year) < sink.rule.param("from_year") {
        return;
    }
    if case.now.sections.is_empty() {
        return sink.lacks("no_text", []);
    }
    let states = |text: &str| {
        narrative::processing_fee(text).is_some_and(|fee| {
            fee.notices.is_some() || fee.charged_fen.is_some() || fee.received_fen.is_some()
        })
    };
    if case.now.sections.iter().any(|s| states(&s.text)) {
        sink.holds();
    } else {
        sink.fail(Failure::default());
    }
}
