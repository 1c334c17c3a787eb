//! Planted copies among sections of the same templates, against all pairs compared.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;

use super::prose::CUT;
use super::*;
use crate::form::Forms;

#[path = "../../../tests/common/sections.rs"]
mod sections;

use sections::{Made, Maker};

/// Part of all similar sections that must be found, and part of all found that must be similar.
const RECALL: f64 = 0.95;
const PRECISION: f64 = 0.99;

fn prescribed() -> Prescribed {
    Prescribed::new(&Forms::builtin())
}

/// Entries with these texts, a body each or as the maker says.
fn entries(texts: &[String], whose: impl Fn(usize) -> (i64, i32)) -> Vec<Entry> {
    let prescribed = prescribed();
    let entry = |(i, text): (usize, &String)| Entry {
        body: whose(i).0,
        year: whose(i).1,
        asked: true,
        signature: prescribed.signature(text).unwrap(),
    };
    texts.iter().enumerate().map(entry).collect()
}

fn search(texts: &[String], entries: &[Entry], threads: usize) -> Vec<Copied> {
    let open = || Ok::<_, Infallible>(|i: usize| Ok(texts[i].clone()));
    find(entries, &prescribed(), threads, open).unwrap()
}

fn made(maker: &Maker, n: usize) -> (Vec<String>, Vec<Entry>) {
    let texts: Vec<_> = (0..n).map(|i| maker.text(i)).collect();
    let entries = entries(&texts, |i| (maker.body(i) as i64, maker.year(i)));
    (texts, entries)
}

/// All pairs of similar texts, counted gram by gram, without hashes.
fn exact(texts: &[String]) -> Vec<Vec<(usize, f64)>> {
    let prescribed = prescribed();
    let grams = |text: &String| -> BTreeSet<[char; 5]> {
        let prose = Prose::new(text, &prescribed);
        let windows = prose.chars().windows(5).filter(|w| !w.contains(&CUT));
        windows.map(|w| w.try_into().unwrap()).collect()
    };
    let mut holders: HashMap<[char; 5], Vec<u32>> = HashMap::new();
    let mut sizes: Vec<usize> = Vec::new();
    let mut similar = vec![Vec::new(); texts.len()];
    for (i, text) in texts.iter().enumerate() {
        let grams = grams(text);
        let mut shared = vec![0; i];
        for gram in &grams {
            let holders = holders.entry(*gram).or_default();
            holders.iter().for_each(|j| shared[*j as usize] += 1);
            holders.push(i as u32);
        }
        sizes.push(grams.len());
        for (j, n) in shared.iter().enumerate() {
            let similarity = f64::from(*n) / (sizes[i] + sizes[j]) as f64;
            let similarity = similarity / (1.0 - similarity);
            if similarity > THRESHOLD - 1e-9 {
                similar[i].push((j, similarity));
                similar[j].push((i, similarity));
            }
        }
    }
    similar
}

/// Holds what is found against all pairs.
fn planted(n: usize, alike: bool) {
    let maker = Maker { seed: 7, alike };
    let (texts, entries) = made(&maker, n);
    let found = search(&texts, &entries, 2);
    let counts = |i: usize, j: usize| {
        let (a, b) = (&entries[i], &entries[j]);
        a.body != b.body || b.year == a.year - 1
    };
    let mut similar = exact(&texts);
    for (i, others) in similar.iter_mut().enumerate() {
        others.retain(|(j, _)| counts(i, *j));
    }
    let is_own = |i: usize, j: usize| entries[i].body == entries[j].body;
    let (mut right, mut best, mut fewer) = (0, 0, 0);
    for c in &found {
        let Some((_, truth)) = similar[c.section].iter().find(|(j, _)| *j == c.of) else {
            panic!("{c:?} is no pair");
        };
        assert!((truth - c.similarity).abs() < 1e-9, "{c:?}, {truth} in truth");
        assert_eq!(c.kind == Kind::OwnLastYear, is_own(c.section, c.of), "{c:?}");
        right += 1;
        let others = &similar[c.section];
        assert!(c.further < others.len(), "{c:?}: {} in truth", others.len());
        fewer += usize::from(c.further + 1 < others.len());
        let own = others.iter().any(|(j, _)| is_own(c.section, *j));
        let of_kind = others.iter().filter(|(j, _)| !own || is_own(c.section, *j));
        best += usize::from(of_kind.map(|(_, s)| *s).fold(0.0, f64::max) - 1e-9 < c.similarity);
    }
    let truly = similar.iter().filter(|others| !others.is_empty()).count();
    let recall = right as f64 / truly as f64;
    let precision = right as f64 / found.len() as f64;
    println!("{n} sections, {truly} of them similar: recall {recall:.4}, precision {precision:.4}");
    println!("{best} the most similar, {fewer} with more than counted");
    assert!(recall >= RECALL && precision >= PRECISION);
    let nearly_all = if alike { 0.8 } else { 0.99 };
    assert!(best as f64 >= nearly_all * found.len() as f64, "{best} of {}", found.len());
    // the copies that were planted and are still as similar, by what they are copies of
    let mut named = (0, 0);
    for (i, others) in similar.iter().enumerate() {
        let of = match maker.made(i) {
            Made::Copy(of) => of,
            Made::Kept => i - 1,
            _ => continue,
        };
        if others.iter().any(|(j, _)| *j == of) {
            named.1 += 1;
            named.0 += usize::from(found.binary_search_by_key(&i, |c| c.section).is_ok());
        }
    }
    println!("{} of {} planted copies", named.0, named.1);
    assert!(named.1 > n / 80 && named.0 as f64 >= RECALL * named.1 as f64);
}

#[test]
fn planted_copies_are_found() {
    planted(3000, false);
}

#[test]
fn copies_are_found_where_most_share_a_template() {
    planted(1000, true);
}

#[test]
fn threads_change_nothing() {
    let (texts, entries) = made(&Maker { seed: 3, alike: false }, 400);
    let found = search(&texts, &entries, 1);
    assert!(found.len() > 20);
    assert_eq!(found, search(&texts, &entries, 3));
}

/// A text that nothing else resembles, of a few hundred characters.
fn text(seed: u64) -> String {
    let maker = Maker { seed, alike: false };
    (0..).find(|i| maker.made(*i) == Made::Alone).map(|i| maker.text(i)).unwrap()
}

#[test]
fn the_own_report_of_last_year_comes_first() {
    let (a, b) = (text(1), text(2));
    let nearly = |text: &str| text.replacen('，', "，另外，", 2);
    let texts = [a.clone(), nearly(&a), a.clone(), b.clone(), b.clone(), nearly(&a)];
    // body 1 in 2021 and 2022, body 2 copies it, body 3 repeats itself after two years
    let whose = [(1, 2021), (1, 2022), (2, 2022), (3, 2020), (3, 2022), (4, 2022)];
    let found = search(&texts, &entries(&texts, |i| whose[i]), 1);
    let short: Vec<_> = found.iter().map(|c| (c.section, c.of, c.kind, c.further)).collect();
    let expected = [
        (0, 2, Kind::OtherBody, 1),
        (1, 0, Kind::OwnLastYear, 2),
        (2, 0, Kind::OtherBody, 2),
        // the same as the body's own of last year but one, which is no finding
        (5, 1, Kind::OtherBody, 2),
    ];
    assert_eq!(short, expected);
    assert_eq!(found[0].similarity, 1.0);
    assert!(found[1].similarity < 1.0);
}

#[test]
fn only_what_is_asked_for_is_told() {
    let a = text(1);
    let texts = [a.clone(), text(2), a.clone()];
    let mut entries = entries(&texts, |i| (i as i64, 2022));
    entries[0].asked = false;
    let found = search(&texts, &entries, 1);
    assert_eq!(found.iter().map(|c| (c.section, c.of)).collect::<Vec<_>>(), [(2, 0)]);
}

#[test]
fn a_text_that_thousands_share_is_no_burden() {
    let texts = vec![text(1); 20_000];
    let signature = prescribed().signature(&texts[0]).unwrap();
    let entry = |i| Entry { body: i, year: 2022, asked: true, signature: signature.clone() };
    let entries: Vec<_> = (0..20_000).map(entry).collect();
    let found = search(&texts, &entries, 2);
    assert_eq!(found.len(), texts.len());
    assert!(found.iter().all(|c| c.similarity == 1.0 && c.further == 19_998));
    assert!(found.iter().all(|c| c.of == usize::from(c.section == 0)));
}

#[test]
fn a_text_that_cannot_be_read_ends_the_search() {
    let a = text(1);
    let texts = [a.clone(), a.replacen('，', "，另外，", 2)];
    let entries = entries(&texts, |i| (i as i64, 2022));
    let error = find(&entries, &prescribed(), 2, || Ok(|_| Err("gone"))).unwrap_err();
    assert_eq!(error, "gone");
    let error = find(&entries, &prescribed(), 2, || Err::<fn(usize) -> _, _>("shut")).unwrap_err();
    assert_eq!(error, "shut");
}
