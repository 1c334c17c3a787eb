use super::*;
use crate::deliver::Choice;
use crate::export::About as Page;
use crate::metric::Metrics;
use crate::query::fixture::database;

fn choice(years: std::ops::RangeInclusive<i32>) -> Choice {
    let (series, region, level, kind) = (Vec::new(), None, None, None);
    Choice { years, series, region, level, kind, edition: None, scope: None }
}

fn measures(forms: &Forms, keys: &[&str]) -> Vec<Metric> {
    let known = Metrics::builtin(forms).expect("they are built in");
    keys.iter().map(|key| known.get(key).expect(key).clone()).collect()
}

#[test]
fn totals_are_of_the_lines_and_a_rate_is_the_ratio_of_their_sums() {
    let (conn, forms) = (database(), Forms::builtin());
    let source = Source { conn: &conn, forms: &forms, lang: Lang::Zh };
    let metrics = measures(&forms, &["review-cases", "review-correction-rate"]);
    let reports = choice(2016..=2023).reports(&conn).expect("it is sound");
    let matrix = Matrix::of_measures(source, &reports, &metrics).expect("it is sound");
    assert_eq!(matrix.lines.len(), reports.len());
    let lines: usize = matrix.totals.iter().map(|total| total.lines.len()).sum();
    assert_eq!((matrix.totals.len(), lines), (3, reports.len()), "{:?}", matrix.totals);
    let mut compared = 0;
    for total in &matrix.totals {
        for (column, sum) in total.sums.iter().enumerate() {
            let entries = matrix.lines[total.lines.clone()].iter().map(|line| line.entries[column]);
            let known: Vec<Entry> = entries.filter(|e| e.state == State::Known).collect();
            let add = |of: fn(&Entry) -> Option<i64>| known.iter().filter_map(of).sum::<i64>();
            assert_eq!(sum.used, known.len() as i64, "{total:?}");
            assert_eq!(sum.numerator.unwrap_or(0), add(|e| e.numerator), "{total:?}");
            assert_eq!(sum.denominator.unwrap_or(0), add(|e| e.denominator), "{total:?}");
            compared += known.len();
        }
    }
    assert_eq!(compared, 10);
    // programs get no totals, people do
    assert_eq!(matrix.data().rows.len(), reports.len());
    let people = matrix.for_people(Lang::Zh);
    assert_eq!(people.rows.len(), reports.len() + matrix.totals.len());
    assert!(people.rows.iter().all(|row| row.len() == people.columns.len()));
}

#[test]
fn a_body_over_the_years_is_one_line_and_years_without_a_report_are_told() {
    let (conn, forms) = (database(), Forms::builtin());
    let source = Source { conn: &conn, forms: &forms, lang: Lang::Zh };
    let metrics = measures(&forms, &["review-cases"]);
    let reports = choice(0..=9999).reports(&conn).expect("it is sound");
    let matrix = Matrix::of_years(source, &reports, &metrics[0]).expect("it is sound");
    assert!(matrix.lines.len() < reports.len(), "{} {}", matrix.lines.len(), reports.len());
    let entries = || matrix.lines.iter().flat_map(|line| &line.entries);
    let told = entries().filter(|entry| entry.state != State::NoReport).count();
    assert_eq!(told, reports.len());
    assert!(entries().count() > told, "some body has no report of some year");
    let table = matrix.data();
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert!(names.contains(&"2023") && names.contains(&"no_report"), "{names:?}");
    assert!(!names.contains(&"year") && !names.contains(&"edition"), "{names:?}");
    let Page { notes, .. } = matrix.document(&About::default(), Lang::Zh).about;
    assert!(notes.iter().any(|note| note.starts_with("无报告")), "{notes:?}");
}
