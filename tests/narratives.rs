//! A hundred narratives full of other figures, beside the tables that belong to them.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::paper::{Figures, document};
use nianbao::check;
use nianbao::form::{Form, Forms};
use nianbao::narrative::{self, Body, Certainty};
use nianbao::parse::{Hints, Parser};
use nianbao::region::Regions;
use nianbao::report::{Report, Scope, Severity};
use nianbao::store::Shown;
use serde::Deserialize;

/// False warnings that the whole collection may give: 1 %.
const FALSE_WARNINGS: usize = 1;
/// Contradictions that must be found, of those that are there.
const FOUND: (usize, usize) = (13, 15);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Collection {
    narrative: Vec<Narrative>,
}

/// A narrative with what its tables say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Narrative {
    organ: String,
    year: i32,
    scope: Option<Scope>,
    table: Filled,
    /// Figures that the text gives otherwise than the tables, with what it says.
    #[serde(default)]
    wrong: BTreeMap<String, i64>,
    text: String,
}

/// What the tables say; everything else in them is 0.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Filled {
    received: i64,
    carried_in: i64,
    granted: i64,
    partial: i64,
    refused: i64,
    unavailable: i64,
    not_processed: i64,
    other: i64,
    carried_out: i64,
    /// Upheld, corrected, other, pending.
    review: [i64; 4],
    direct: [i64; 4],
    after: [i64; 4],
}

impl Filled {
    fn figures(&self, form: &Form) -> Figures {
        if form.table("statistics").is_some() { self.statistics() } else { self.tables(form) }
    }

    fn processed(&self) -> i64 {
        let answered = self.granted + self.partial + self.refused + self.unavailable;
        answered + self.not_processed + self.other
    }

    fn tables(&self, form: &Form) -> Figures {
        let applications = form.table("applications").unwrap();
        let other =
            if applications.cell("other", "total").is_some() { "other" } else { "other.other" };
        let mut out = Figures::new();
        for (row, value) in [
            ("received.new", self.received),
            ("received.carried_in", self.carried_in),
            ("granted", self.granted),
            ("partially_granted", self.partial),
            ("refused.internal_affairs", self.refused),
            ("unavailable.not_held", self.unavailable),
            ("not_processed.petition", self.not_processed),
            (other, self.other),
            ("processed_total", self.processed()),
            ("carried_out", self.carried_out),
        ] {
            for column in ["natural_person", "total"] {
                out.insert(format!("applications/{row}/{column}"), value);
            }
        }
        for (row, values) in [
            ("review", self.review),
            ("litigation_direct", self.direct),
            ("litigation_after_review", self.after),
        ] {
            let columns = ["upheld", "corrected", "other", "pending"].into_iter().zip(values);
            for (column, value) in columns.chain([("total", values.iter().sum())]) {
                out.insert(format!("challenges/{row}/{column}"), value);
            }
        }
        out
    }

    fn statistics(&self) -> Figures {
        let mut out = Figures::new();
        for (row, value) in [
            ("applications.received", self.received),
            ("applications.received.online", self.received),
            ("applications.concluded", self.processed()),
            ("applications.concluded.on_time", self.processed()),
            ("applications.replied", self.processed()),
            ("applications.replied.granted", self.granted),
            ("applications.replied.partially_granted", self.partial),
            ("applications.replied.refused", self.refused),
            ("applications.replied.refused.trade_secret", self.refused),
            ("applications.replied.not_existing", self.unavailable),
        ] {
            out.insert(format!("statistics/{row}/value"), value);
        }
        for (row, values) in [("review", self.review), ("litigation", self.direct)] {
            for (column, value) in ["upheld", "corrected", "other"].into_iter().zip(values) {
                out.insert(format!("statistics/{row}.{column}/value"), value);
            }
            out.insert(format!("statistics/{row}.total/value"), values.iter().sum());
        }
        out
    }
}

/// The file of a narrative, and where in it it stands.
type Place = (String, usize);

fn collection() -> Vec<(Place, Narrative)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/narratives");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let of_file: Collection = toml::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let places = (1..).map(|n| (name.clone(), n));
        out.extend(places.zip(of_file.narrative));
    }
    out
}

/// What a narrative and its tables look like to the rules.
struct Read {
    place: Place,
    narrative: Narrative,
    report: Report,
    failures: Vec<Shown>,
}

fn read(forms: &Forms) -> Vec<Read> {
    let parser = Parser::new(forms, Regions::builtin());
    let each = |(place, narrative): (Place, Narrative)| {
        let mut in_force = forms.iter().filter(|f| f.in_force(narrative.year));
        let form = in_force.next_back().unwrap();
        let title = format!("{}{}年政府信息公开工作年度报告", narrative.organ, narrative.year);
        let figures = narrative.table.figures(form);
        let text = document(form, &title, &narrative.text, &figures);
        let hints = Hints {
            organ: Some(narrative.organ.clone()),
            scope: narrative.scope.or(Some(Scope::Own)),
            ..Hints::default()
        };
        let report = parser.parse(text.as_bytes(), "narrative.txt", &hints).unwrap();
        let failures = check::failures(&report, forms, Regions::builtin());
        Read { place, narrative, report, failures }
    };
    collection().into_iter().map(each).collect()
}

/// The figure of a form's series that a finding of the text rules is about.
fn figure<'f>(forms: &'f Forms, read: &Read, finding: &Shown) -> Option<String> {
    let form: &'f Form = forms.get(read.report.edition.as_deref()?)?;
    form.series.iter().find_map(|(series, figures)| {
        let same = |cells: &Vec<String>| *cells == finding.cells;
        figures.iter().find(|(_, cells)| same(cells)).map(|(f, _)| format!("{series}.{f}"))
    })
}

/// Whether a finding names a contradiction that is there.
fn is_true(forms: &Forms, read: &Read, finding: &Shown) -> bool {
    let text = finding.rule.starts_with("text-");
    let known = figure(forms, read, finding).and_then(|f| read.narrative.wrong.get(&f).copied());
    text && known.is_some_and(|said| finding.found == said)
}

/// A reader that claims nothing makes no mistakes: it must be sure of two figures a narrative.
#[test]
fn the_figures_of_the_narratives_are_claimed() {
    let forms = Forms::builtin();
    let claims = |read: &Read| {
        let claims = narrative::read(&read.report.sections, &Body::from(&read.report)).claims;
        claims.iter().filter(|c| c.certainty == Certainty::Certain).count()
    };
    let certain: usize = read(&forms).iter().map(claims).sum();
    println!("{certain} certain claims");
    assert!(certain >= 200, "{certain}");
}

#[test]
fn true_narratives_are_left_alone_and_contradictions_found() {
    let forms = Forms::builtin();
    let (mut errors, mut warnings, mut missed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut all, mut there) = (0, 0);
    for read in read(&forms) {
        all += 1;
        there += read.narrative.wrong.len();
        let place = format!("{} {} {}", read.place.0, read.place.1, read.narrative.organ);
        let (right, wrong): (Vec<_>, Vec<_>) =
            read.failures.iter().partition(|f| is_true(&forms, &read, f));
        for finding in wrong {
            let list = match finding.severity {
                Severity::Error => &mut errors,
                Severity::Warning => &mut warnings,
                Severity::Info => continue,
            };
            list.push(format!("{place}: {} {}", finding.rule, finding.message.zh));
        }
        for figure in read.narrative.wrong.keys() {
            let named = |f: &&Shown| self::figure(&forms, &read, f).as_ref() == Some(figure);
            if !right.iter().any(named) {
                missed.push(format!("{place}: {figure}"));
            }
        }
    }
    println!("{all} narratives, {} of {there} contradictions found", there - missed.len());
    println!("missed:\n{}", missed.join("\n"));
    println!("false warnings:\n{}", warnings.join("\n"));
    assert!(errors.is_empty(), "false errors:\n{}", errors.join("\n"));
    assert!(warnings.len() <= FALSE_WARNINGS, "false warnings:\n{}", warnings.join("\n"));
    assert_eq!((all, there), (100, FOUND.1));
    assert!(there - missed.len() >= FOUND.0, "missed:\n{}", missed.join("\n"));
}

/// What the narratives are compared with is what stands beside them: every table is read whole.
#[test]
fn the_tables_beside_them_are_read_as_filled() {
    let forms = Forms::builtin();
    for read in read(&forms) {
        let form = forms.get(read.report.edition.as_deref().unwrap()).unwrap();
        assert!(form.in_force(read.narrative.year), "{:?}: {}", read.place, form.edition);
        let figures = read.narrative.table.figures(form);
        for cell in &read.report.cells {
            let filled = figures.get(&cell.name()).copied().unwrap_or(0);
            assert_eq!(cell.value, Some(filled.into()), "{:?}: {}", read.place, cell.name());
        }
    }
}
