//! What the narratives of the corpus claim, against the tables beside them.

mod common;

use std::collections::BTreeMap;

use common::{corpus, full, heads};
use nianbao::form::{Forms, imply};
use nianbao::narrative::{Body, Certainty, Figure, read};
use nianbao::parse::{Hints, Parser};
use nianbao::region::Regions;
use nianbao::report::{Report, State};
use nianbao::validate::copied::{Grams, Prescribed, Prose, THRESHOLD};
use rust_decimal::Decimal;

/// Texts that truly contradict their tables: file and figure.
const CONTRADICTIONS: [(&str, &str); 0] = [];

/// A figure of the series as the tables give it, printed or implied.
fn figure(report: &Report, forms: &Forms, figure: &Figure) -> Option<Decimal> {
    let form = forms.get(report.edition.as_deref()?)?;
    let cells: BTreeMap<String, (State, Option<Decimal>)> =
        report.cells.iter().map(|c| (c.name(), (c.state, c.value))).collect();
    let names = form.series.get(&*figure.series)?.get(&*figure.figure)?;
    let value = |name: &String| {
        let printed = cells.get(name)?;
        let mut key = name.splitn(3, '/');
        let (table, row, column) = (key.next()?, key.next()?, key.next()?);
        let table = form.table(table)?;
        let at = |row: &str, column: &str| {
            let name = format!("{}/{row}/{column}", table.key);
            cells.get(&name).copied().unwrap_or((State::Missing, None))
        };
        printed.1.or_else(|| imply(table, at).get(&(row, column)).copied())
    };
    names.iter().map(value).sum()
}

#[test]
fn certain_claims_equal_the_tables() {
    let Some(corpus) = corpus() else { return };
    let forms = Forms::builtin();
    let parser = Parser::new(&forms, Regions::builtin());
    let mut paths: Vec<_> = full(&corpus).into_iter().map(|(p, _)| p).collect();
    paths.extend(heads(&corpus).into_iter().map(|(p, _)| p));
    let (mut wrong, mut compared, mut certain, mut all) = (Vec::new(), 0, 0, 0);
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let Ok(report) = parser.parse(&bytes, &name, &Hints::default()) else { continue };
        let reading = read(&report.sections, &Body::from(&report));
        all += reading.claims.len();
        for claim in reading.claims.iter().filter(|c| c.certainty == Certainty::Certain) {
            certain += 1;
            let Some(table) = figure(&report, &forms, &claim.figure) else { continue };
            compared += 1;
            let key = format!("{}.{}", claim.figure.series, claim.figure.figure);
            let known = CONTRADICTIONS.contains(&(name.as_str(), key.as_str()));
            if (table == Decimal::from(claim.value)) == known {
                wrong.push(format!(
                    "{name}: {key} is {} in the text, {table} in the table",
                    claim.value
                ));
            }
        }
        for listing in reading.listings.iter().filter(|l| l.certainty == Certainty::Certain) {
            let sum: u64 = listing.parts.iter().sum();
            if sum != listing.total {
                wrong.push(format!("{name}: {listing:?}"));
            }
        }
    }
    println!("{compared} of {certain} certain claims stand beside a table, {all} claims in all");
    assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(certain > 60 && compared > 10, "only {compared} of {certain} were compared");
}

/// What can be said of excerpts without tables: those that say that nothing came say so of all.
#[test]
fn no_narrative_contradicts_itself() {
    let Some(corpus) = corpus() else { return };
    let forms = Forms::builtin();
    let parser = Parser::new(&forms, Regions::builtin());
    for (path, _) in heads(&corpus) {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(report) = parser.parse(&bytes, "head", &Hints::default()) else { continue };
        let mut seen: BTreeMap<Figure, u64> = BTreeMap::new();
        for claim in read(&report.sections, &Body::from(&report)).claims {
            if claim.certainty == Certainty::Certain {
                let known = *seen.entry(claim.figure.clone()).or_insert(claim.value);
                assert_eq!(known, claim.value, "{}: {:?}", path.display(), claim.figure);
            }
        }
    }
}

#[test]
fn no_section_is_a_copy_of_another_bodys() {
    let Some(corpus) = corpus() else { return };
    let forms = Forms::builtin();
    let parser = Parser::new(&forms, Regions::builtin());
    let prescribed = Prescribed::new(&forms);
    let mut known: Vec<(String, Grams)> = Vec::new();
    let mut paths: Vec<_> = full(&corpus).into_iter().map(|(p, _)| p).collect();
    paths.extend(heads(&corpus).into_iter().map(|(p, _)| p));
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let Ok(report) = parser.parse(&bytes, "report", &Hints::default()) else { continue };
        for section in report.sections {
            let prose = Prose::new(&section.text, &prescribed);
            if prose.is_assessable() {
                known.push((format!("{} {}", path.display(), section.no), Grams::new(&prose)));
            }
        }
    }
    for (i, (name, grams)) in known.iter().enumerate() {
        for (other, others) in &known[..i] {
            let similarity = grams.similarity(others);
            assert!(similarity < THRESHOLD, "{similarity:.2}: {name}, {other}");
        }
    }
    assert!(known.len() > 80, "only {} sections have enough words", known.len());
}

#[test]
fn the_period_of_the_statistics_is_no_text_of_the_body() {
    let Some(corpus) = corpus() else { return };
    let prescribed = Prescribed::new(&Forms::builtin());
    let (mut gone, mut left) = (0, Vec::new());
    for (path, _) in heads(&corpus) {
        let text = std::fs::read_to_string(path).unwrap();
        for sentence in text.split(['。', '\n']).filter(|s| s.contains("数据")) {
            let states = sentence.contains("统计期限") || sentence.contains("统计时限");
            if !states || !sentence.contains("12月31") {
                continue;
            }
            match Grams::new(&Prose::new(sentence, &prescribed)).is_empty() {
                true => gone += 1,
                false => left.push(sentence.to_owned()),
            }
        }
    }
    assert!(gone > 20 && left.is_empty(), "{gone}, but not {left:?}");
}
