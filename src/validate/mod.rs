//! What cannot be true in a report, and what is worth a look.
//!
//! A [`Rule`] is data (`data/rules.toml`: severity, reasons, messages) and one function in the file
//! of its family (`totals`, `cells`, `layout`, `dates`, `years`, `text`); `CHECKS` ties them together
//! by id. Rules look at printed values through a [`Sheet`], which the cells of a parsed
//! report or the facts of the store fill alike. What they need and cannot see makes them *not
//! assessable*; nothing passes silently.

mod cells;
pub mod copied;
mod dates;
mod layout;
mod outcome;
pub mod rates;
mod reconcile;
pub mod repair;
mod robust;
mod rule;
mod sheet;
mod text;
mod totals;
mod years;

pub use dates::{DueDay, due_days};
pub use outcome::{Outcome, Passage, Quantity, Verdict};
pub use reconcile::{Counterparts, Known, Level, Unit, counterparts, reconcile};
pub use robust::Robust;
pub use rule::{Reach, Rule, fingerprint, rule, rules};
pub use sheet::{Before, Case, Seen, Sheet, Subject, count};
pub(crate) use totals::label;

pub(crate) use outcome::{Failure, Sink};

/// A rule's function: looks at one report and says what it found.
type Check = fn(&Case<'_>, &mut Sink);

/// The function of each rule that looks at one report, with or without last year's.
const CHECKS: [(&str, Check); 39] = [
    ("row-total", totals::sums),
    ("processed-total", totals::sums),
    ("balance", totals::sums),
    ("challenge-total", totals::sums),
    ("part-sum", totals::sums),
    ("part-exceeds-whole", totals::shares),
    ("negative", cells::negative),
    ("fraction", cells::fraction),
    ("not-a-number", cells::not_a_number),
    ("blank-cell", cells::blank),
    ("money-unit", cells::money_unit),
    ("no-table", layout::no_table),
    ("mixed-edition", layout::as_read),
    ("missing-table", layout::missing_table),
    ("pages-without-text", layout::as_read),
    ("unruled-table", layout::as_read),
    ("unsure-cell", layout::as_read),
    ("merged-cells", layout::as_read),
    ("struck-out", layout::as_read),
    ("missing-row", layout::missing_row),
    ("read-by-ocr", layout::as_read),
    ("ocr-doubtful", layout::as_read),
    ("unknown-row", layout::as_read),
    ("unlabelled-row", layout::as_read),
    ("unaligned-row", layout::as_read),
    ("incomplete-header", layout::as_read),
    ("duplicate-row", layout::as_read),
    ("missing-section", layout::missing_section),
    ("processing-fee", text::processing_fee),
    ("wrong-edition", dates::wrong_edition),
    ("year-mismatch", layout::as_read),
    ("late", dates::late),
    ("carry-over", years::continuity),
    ("in-force-continuity", years::continuity),
    ("pending-vanished", years::continuity),
    ("jump", years::jump),
    ("text-number", text::number),
    ("text-contradiction", text::contradiction),
    ("text-sum", text::sum),
];

/// Looks at one report by the rules that `wanted` lets through.
///
/// Every rule that applies to the report gives at least one outcome: its failures, or what it
/// lacked, or that it passed. Rules over several bodies are not asked here.
pub fn check(case: &Case<'_>, wanted: impl Fn(&Rule) -> bool) -> Vec<Outcome> {
    let mut out = Vec::new();
    for (id, check) in CHECKS {
        let Some(rule) = rule(id) else { continue };
        if !wanted(rule) || (rule.reach == Reach::Years && matches!(case.before, Before::Unknown)) {
            continue;
        }
        let mut sink = Sink::new(rule);
        check(case, &mut sink);
        out.extend(sink.finish());
    }
    out
}
