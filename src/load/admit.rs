//! What is a report, and may go into the database as one.

use std::borrow::Cow;

use rust_decimal::Decimal;
use rust_i18n::t;

use super::{Cause, Unread};
use crate::form::{Form, FormTable, Forms};
use crate::parse::{Hints, is_about_reports, is_of_sums};
use crate::region::{Code, Context, Regions};
use crate::report::{Report, Scope, State};
use crate::store::OrganRecord;

/// Why this is no annual report, in a sentence; none where it is one.
#[must_use]
pub fn refusal(report: &Report, forms: &Forms) -> Option<Cow<'static, str>> {
    let title = report.title.as_deref().unwrap_or_default();
    // a notice may have the report itself behind it
    let printed = report.cells.iter().filter(|cell| cell.state != State::Missing).count();
    let is_bare = printed * 2 < report.cells.len().max(1) && headings(report, forms) < 2;
    if is_about_reports(title) && is_bare {
        return Some(t!("load.about_reports", title = title));
    }
    if !looks_like_report(report, forms) {
        return Some(t!("load.no_report"));
    }
    is_unfilled(report, forms).then(|| t!("load.unfilled"))
}

/// Whether anything in it is of an annual report: tables, a title, or a section of the form. Such a
/// one is headed as on the form, or by the words of a section that has tables: 基本情况 or 存在的问题
/// any text has.
fn looks_like_report(report: &Report, forms: &Forms) -> bool {
    let is_of_form = |title: &str| {
        forms.iter().any(|form| {
            let has_table = |no: u8| form.tables.iter().any(|table| table.section == Some(no));
            form.sections.iter().any(|section| {
                let named = || section.keywords.iter().any(|word| title.contains(word.as_str()));
                title == section.title || has_table(section.no) && named()
            })
        })
    };
    report.edition.is_some()
        || report.title.is_some()
        || report.sections.iter().any(|section| is_of_form(&section.title))
}

/// How many of its sections are headed as on the form.
fn headings(report: &Report, forms: &Forms) -> usize {
    let is_of_form = |title: &str| {
        forms.iter().flat_map(|form| &form.sections).any(|section| section.title == title)
    };
    report.sections.iter().filter(|section| is_of_form(&section.title)).count()
}

/// Whether it is the form as it was handed out: no word, and nothing but what is carried over from
/// the year before and the totals that its own sums give of that.
fn is_unfilled(report: &Report, forms: &Forms) -> bool {
    let Some(form) = form_of(report, forms) else { return false };
    let has_words = has_words(report, form);
    let has_blanks = report.cells.iter().any(|cell| cell.state == State::Blank);
    !has_words && has_blanks && form.tables.iter().all(|table| is_as_given(report, table))
}

fn form_of<'f>(report: &Report, forms: &'f Forms) -> Option<&'f Form> {
    report.edition.as_ref().and_then(|edition| forms.get(edition))
}

/// Whether it says anything beside its tables; what stands by these are notes on them.
fn has_words(report: &Report, form: &Form) -> bool {
    let is_of_table = |no: u8| form.tables.iter().any(|table| table.section == Some(no));
    let mut words = report.sections.iter().filter(|section| !is_of_table(section.no));
    words.any(|section| !section.text.trim().is_empty())
}

fn is_as_given(report: &Report, table: &FormTable) -> bool {
    let mut printed = vec![None; table.cell_count()];
    for cell in report.cells.iter().filter(|cell| cell.table == table.key) {
        let number = table.cell_number(&cell.row, &cell.column);
        if let Some(slot) = number.and_then(|number| printed.get_mut(number)) {
            let is_empty = matches!(cell.state, State::Blank | State::Missing);
            // a mark or a word is something, too
            *slot = cell.value.or((!is_empty).then_some(Decimal::NEGATIVE_ONE));
        }
    }
    let sum = |numbers: &[usize]| numbers.iter().filter_map(|n| printed[*n]).sum::<Decimal>();
    let is_sum = |number: &usize| {
        let mut sums = table.equations().iter().filter(|e| e.total == [*number]);
        sums.any(|e| sum(&e.total) == sum(&e.parts))
    };
    let is_carried = |number: &usize| table.ties().iter().any(|tie| tie.now.contains(number));
    let mut filled = (0..printed.len()).filter(|number| printed[*number].is_some());
    filled.all(|number| is_carried(&number) || is_sum(&number))
}

/// The body of a report as the store keeps it. Sums, such as `export form` makes of a region, are a
/// level's report only where `hints` say that it is a summary: among the reports that were added up
/// they would take the place of these.
///
/// # Errors
/// When it is no report, or does not tell body or year.
pub(super) fn organ_record(
    report: &Report,
    hints: &Hints,
    forms: &Forms,
    regions: &Regions,
) -> Result<OrganRecord, Unread> {
    if let Some(why) = refusal(report, forms) {
        return Err(Unread::new(Cause::NoReport, why));
    }
    let title = report.title.as_deref().unwrap_or_default();
    // what a level published has words, too
    let is_bare = form_of(report, forms).is_none_or(|form| !has_words(report, form));
    if is_of_sums(title) && is_bare && hints.scope != Some(Scope::Aggregate) {
        return Err(Unread::new(Cause::NoReport, t!("load.sums", title = title)));
    }
    let unnamed = |reason: Cow<'_, str>| Unread::new(Cause::Unnamed, reason);
    let Some(name) = &report.organ else { return Err(unnamed(t!("load.no_organ"))) };
    let Some(year) = report.year else { return Err(unnamed(t!("load.no_year"))) };
    if !(2000..2100).contains(&year) {
        return Err(unnamed(t!("load.bad_year", year = year)));
    }
    if report.scope.is_none() {
        return Err(unnamed(t!("load.no_scope")));
    }
    let region = report.region_code.as_ref().and_then(|c| c.parse().ok());
    let context = Context { region, year: Some(year), mentions: &[] };
    let organ = regions.resolve(name, context).ok_or_else(|| unnamed(t!("load.no_organ")))?;
    Ok(OrganRecord {
        key: organ.key(),
        name: name.clone(),
        kind: organ.kind.key(),
        region_code: report
            .region_code
            .clone()
            .filter(|c| c.parse::<Code>().is_ok_and(|c| regions.get(c).is_some())),
        township_code: report.township_code.clone(),
    })
}
