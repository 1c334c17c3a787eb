//! The lists hold together and are held against the forms.

use std::path::Path;

use super::*;

/// The measures built in.
pub(super) fn all() -> Metrics {
    Metrics::builtin(&Forms::builtin()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn every_built_in_measure_holds_and_explains_itself() {
    let forms = Forms::builtin();
    for (path, text) in BUILT_IN {
        for (metric, problems) in parse(text, Path::new(path), &forms).expect(path) {
            assert!(problems.is_empty(), "{path}: {}: {problems:?}", metric.key);
            let names = metric.parts().map(|part| &part.name);
            let texts = [&metric.name, &metric.definition].into_iter().chain(names);
            for text in texts.chain(&metric.caveats) {
                for text in [&text.zh, &text.en] {
                    assert!(!text.is_empty() && !text.contains("%{"), "{}: {text}", metric.key);
                }
            }
            let explained = metric.comparable == Comparable::Yes || !metric.caveats.is_empty();
            assert!(explained, "{} has no caveat", metric.key);
            let single = metric.editions.len() == 1;
            assert_eq!(single, metric.comparable == Comparable::No, "{}", metric.key);
        }
    }
    let metrics = all();
    let keys: Vec<&str> = metrics.iter().map(|m| m.key.as_str()).collect();
    let unique: std::collections::BTreeSet<&str> = keys.iter().copied().collect();
    assert_eq!(unique.len(), keys.len());
}

/// The parts of the wholes that `analyze breakdown` knows are measures as all others.
#[test]
fn the_parts_of_a_whole_hold() {
    let forms = Forms::builtin();
    let lists = std::fs::read_dir("data/breakdowns").unwrap().map(|entry| entry.unwrap().path());
    let mut read = 0;
    for path in lists {
        let text = std::fs::read_to_string(&path).unwrap();
        let parts = parse(&text, &path, &forms).unwrap_or_else(|e| panic!("{e}"));
        let whole = |metric: &Metric, edition: &str| -> Vec<String> {
            metric.denominator.iter().flat_map(|part| part.cells(edition)).cloned().collect()
        };
        for (metric, problems) in &parts {
            assert!(problems.is_empty(), "{}: {}: {problems:?}", path.display(), metric.key);
            assert!(!metric.name.zh.contains('%') && !metric.name.en.contains('%'));
            for edition in &metric.editions {
                let others = parts.iter().filter(|(other, _)| other.is_in(edition));
                let mut wholes = others.map(|(other, _)| whole(other, edition));
                assert!(wholes.all(|other| other == whole(metric, edition)), "{}", metric.key);
            }
        }
        read += 1;
    }
    assert_eq!(read, 6);
}

/// The three fees are three measures, each of one edition.
#[test]
fn fees_never_compare() {
    let metrics = all();
    let editions = |key| metrics.get(key).expect(key).editions.join(" ");
    assert_eq!(editions("fees-charged"), "2021");
    assert_eq!(editions("fee-items"), "2019");
    assert_eq!(editions("fees-for-applications"), "2014");
}

/// A list of one's own: what is wrong is told with the file and the measure.
#[test]
fn a_list_of_one_s_own_is_held_against_the_forms() {
    let forms = Forms::builtin();
    let read = |text: &str| {
        let dir = tempfile::tempdir().expect("there is room");
        std::fs::write(dir.path().join("own.toml"), text).expect("likewise");
        all().with_dir(dir.path(), &forms).map_err(|e| e.to_string())
    };
    let entry = |key: &str, unit: &str, more: &str| {
        format!(
            "[[metrics]]\nkey = '{key}'\nname = {{ zh = '名', en = 'name' }}\n\
             definition = {{ zh = '义', en = 'what' }}\nunit = '{unit}'\ncomparable = 'yes'\n{more}\n"
        )
    };
    let sum = |part: &str, cells: &str| {
        format!("{part} = {{ name = {{ zh = '部', en = 'part' }}, cells = {cells} }}\n")
    };
    let count = |cells: &str| entry("own", "count", &sum("numerator", cells));
    let metrics = read(&count("'challenges/review/pending'")).expect("it is sound");
    let own = metrics.get("own").expect("it is there");
    assert_eq!((own.editions.join(" ").as_str(), own.since), ("2019 2021", Some(2019)));
    // one of a key that is there takes its place
    let before = all().iter().count();
    let text = entry("review-cases", "count", &sum("numerator", "'review.corrected'"));
    let metrics = read(&text).expect("it is sound");
    assert_eq!(metrics.iter().count(), before);
    assert_eq!(metrics.get("review-cases").expect("it is there").name.en, "name");
    for (text, says) in [
        (count("'challenges/reviw/total'"), "'challenges/reviw/total'"),
        (count("'requests.grantd'"), "'requests.grantd'"),
        (count("['review.total', 'challenges/review/total']"), "'challenges/review/total'"),
        (count("'disclosure/fees/amount'"), "amounts and numbers"),
        (entry("own", "rate", &sum("numerator", "'review.total'")), "needs a denominator"),
        (
            entry(
                "own",
                "count",
                &(sum("numerator", "'review.total'") + &sum("denominator", "'reports'")),
            ),
            "has no denominator",
        ),
        (entry("Own", "count", &sum("numerator", "'review.total'")), "a to z"),
        (count("'review.total'").repeat(2), "twice"),
        (
            entry("own", "count", &(sum("numerator", "'review.total'") + "caveats = ['none']")),
            "no caveat 'none'",
        ),
        (
            entry(
                "own",
                "rate",
                &(sum("numerator", "'disclosure/fees/items_last_year'")
                    + &sum("denominator", "'statistics/review.total/value'")),
            ),
            "both its numerator and its denominator",
        ),
        ("[[metrics]]\nkey = 1".to_owned(), "line 2"),
    ] {
        let said = read(&text).map(|_| ()).expect_err(&text);
        assert!(said.contains("own.toml") && said.contains(says), "{said}");
    }
}

/// An edition from a user's folder has the measures that its series allow.
#[test]
fn an_edition_of_one_s_own_has_its_measures() {
    let forms = Forms::builtin().with_dir(Path::new("tests/fixtures/forms")).expect("it is sound");
    let metrics = Metrics::builtin(&forms).unwrap_or_else(|e| panic!("{e}"));
    assert!(metrics.get("review-correction-rate").expect("it is there").is_in("2031"));
    assert!(!metrics.get("fee-items").expect("it is there").is_in("2031"));
}

#[test]
fn a_measure_has_a_key_and_a_name() {
    let metrics = all();
    assert_eq!(metrics.get("行政复议纠错率").expect("by name").key, "review-correction-rate");
    let unknown = metrics.get("review-corection-rate").expect_err("misspelt").to_string();
    assert!(unknown.contains("did you mean 'review-correction-rate'?"), "{unknown}");
}
