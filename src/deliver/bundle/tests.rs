use std::io::Read as _;

use zip::ZipArchive;

use super::*;
use crate::form::Forms;
use crate::metric::Metrics;
use crate::query::Limits;
use crate::query::canned::catalog;
use crate::query::fixture;

/// A bundle of a query over the made-up database.
fn bundle(name: &str, given: &[(&str, &str)]) -> Vec<u8> {
    let mut conn = fixture::database();
    let catalog = catalog();
    let query = catalog.get(name).unwrap();
    let given: BTreeMap<String, String> =
        given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let bound = query.settled(&conn, &query.params(&given).unwrap()).unwrap();
    let table = query.run(&mut conn, &bound, &Limits::default(), Lang::Zh).unwrap();
    let database = crate::deliver::identity::read(&conn).unwrap();
    let metrics = Metrics::builtin(&Forms::builtin()).unwrap();
    let answer = Answer {
        definitions: definitions(query, &given, &metrics),
        query,
        given: &given,
        bound: &bound,
        table: &table,
        database: &database,
    };
    let mut bytes = Vec::new();
    write(&answer, &mut bytes).unwrap();
    bytes
}

/// The members of a bundle, changed and put together again.
fn changed(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..zip.len() {
        let mut member = zip.by_index(index).unwrap();
        let (name, mut bytes) = (member.name().unwrap().into_owned(), Vec::new());
        member.read_to_end(&mut bytes).unwrap();
        if let Some(bytes) = change(&name, bytes) {
            out.start_file(name, SimpleFileOptions::default()).unwrap();
            out.write_all(&bytes).unwrap();
        }
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_bundle_is_the_same_each_time_and_finds_the_same_again() {
    for (name, given) in [
        ("review-correction-rate", vec![("from", "2019")]),
        ("region-ranking", vec![("metric", "disclosure-rate")]),
        ("largest-receivers", vec![]),
    ] {
        let bytes = bundle(name, &given);
        assert_eq!(bytes, bundle(name, &given), "{name}");
        let opened = Bundle::open(Cursor::new(&bytes)).unwrap();
        assert_eq!(opened.manifest.query, name);
        // `latest` is a year by now
        assert_ne!(opened.bound.get("from"), Some(&Value::Int(-1)), "{name}");
        let found = verify(&opened, &mut fixture::database(), &Limits::default()).unwrap();
        let same = Finding { same_database: true, same_forms: true, difference: None };
        assert_eq!(found, same, "{name}");
    }
}

#[test]
fn another_database_and_another_result_are_told_apart() {
    let bytes = bundle("review-correction-rate", &[]);
    let opened = Bundle::open(Cursor::new(&bytes)).unwrap();
    let mut conn = fixture::database();
    conn.execute_batch("UPDATE report SET cells_sha256 = 'x'").unwrap();
    let found = verify(&opened, &mut conn, &Limits::default()).unwrap();
    assert_eq!((found.same_database, found.difference), (false, None));
    let mut other = opened;
    other.rows[0].insert("upheld".to_owned(), 12_345.into());
    let found = verify(&other, &mut conn, &Limits::default()).unwrap();
    let Some(Difference::Row { number: 1, then: Some(then), now: Some(now) }) = found.difference
    else {
        panic!("{found:?}")
    };
    assert!(then.contains("upheld=12345") && !now.contains("12345"), "{then} {now}");
}

#[test]
fn what_is_no_whole_bundle_is_refused_in_a_sentence() {
    let bytes = bundle("review-correction-rate", &[]);
    let refused = |bytes: &[u8]| Bundle::open(Cursor::new(bytes)).unwrap_err();
    assert!(matches!(refused(b"not a zip"), Damage::Foreign));
    assert!(matches!(refused(&bytes[..bytes.len() / 2]), Damage::Foreign));
    let without = |gone: &str| changed(&bytes, |name, b| (name != gone).then_some(b));
    assert!(matches!(refused(&without(MANIFEST)), Damage::Foreign));
    for name in MEMBERS_OF_ALL {
        let gone = refused(&without(name));
        assert!(matches!(&gone, Damage::Missing(n) if n == name), "{name}: {gone}");
        let other = changed(&bytes, |n, mut b| {
            if n == name {
                b.push(b' ');
            }
            Some(b)
        });
        let other = refused(&other);
        assert!(matches!(&other, Damage::Changed(n) if n == name), "{name}: {other}");
    }
    let renamed = changed(&bytes, |name, b| match name {
        MANIFEST => Some(String::from_utf8(b).unwrap().replace("bundle/1", "bundle/2").into()),
        _ => Some(b),
    });
    assert!(matches!(refused(&renamed), Damage::Schema(s) if s == "nianbao.bundle/2"));
    let foreign = changed(&bytes, |name, b| match name {
        MANIFEST => Some(b"{\"schema\": \"other\"}".to_vec()),
        _ => Some(b),
    });
    assert!(matches!(refused(&foreign), Damage::Foreign));
}

const MEMBERS_OF_ALL: [&str; 6] =
    [README, STATEMENT, PARAMETERS, RESULT_CSV, RESULT_JSON, DEFINITIONS];

#[test]
fn definitions_have_the_measures_that_are_used() {
    let catalog = catalog();
    let metrics = Metrics::builtin(&Forms::builtin()).unwrap();
    let text = |name: &str, metric: Option<&str>| {
        let given = metric.map(|m| ("metric".to_owned(), m.to_owned()));
        definitions(catalog.get(name).unwrap(), &given.into_iter().collect(), &metrics)
    };
    let rate = text("review-correction-rate", None);
    assert!(rate.contains("### review-correction-rate · 行政复议纠错率"), "{rate}");
    assert!(rate.contains("challenges/review/corrected"), "{rate}");
    let ranking = text("region-ranking", Some("disclosure-rate"));
    assert!(ranking.contains("### disclosure-rate"), "{ranking}");
    assert!(!ranking.contains("### review-correction-rate"), "{ranking}");
}

#[test]
fn values_stand_in_a_shell_as_they_are() {
    for (value, text) in
        [("2023", "2023"), ("宿迁市", "宿迁市"), ("a b", "'a b'"), ("o'x", r"'o'\''x'"), ("", "''")]
    {
        assert_eq!(quoted(value), text);
    }
}
