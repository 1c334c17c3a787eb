//! `copied-text`: sections whose text is nearly the body's own of last year or another body's.
//!
//! New sections are signed once. Where many reports are due all signatures are held and compared;
//! where few are, the kept bands name the sections that each may resemble, and only these are read.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rusqlite::Connection;

use super::bodies::{Pass, Writer};
use crate::lang::Bilingual;
use crate::store::{
    self, Between, Evidence, Found, Of, SignatureReader, Signed, StoreError, SubjectReader,
};
use crate::validate::copied::{
    BANDS, Copied, Entry, MIN_CHARS, Prescribed, Signature, find, passages,
};
use crate::validate::{Failure, Quantity, Rule, Sink};

/// Reports whose sections a thread signs at a time.
const SIGNED: usize = 64;
/// Reports whose copies a thread quotes at a time.
const QUOTED: usize = 16;
/// Characters of a passage that are quoted.
const SHOWN: usize = 200;

/// Looks at the sections of the reports that are due.
pub(super) fn look(pass: &Pass<'_>, writer: &mut Writer<'_>) -> Result<(), StoreError> {
    let prescribed = Prescribed::new(pass.checker.forms);
    for (other, _) in &pass.superseded {
        writer.change(|store| store.drop_signatures(*other, prescribed.stamp()))?;
    }
    sign(pass, writer, &prescribed)?;
    writer.commit()?;
    if pass.stopped() {
        return Ok(());
    }
    let reader = SignatureReader::new(pass.conn, prescribed.stamp());
    let sections = match pass.is_large() {
        true => Sections::all(pass, &reader, writer)?,
        false => Sections::near(pass, &reader, writer)?,
    };
    let database = pass.checker.database;
    let copies = find(&sections.entries, &prescribed, pass.checker.threads, || {
        let conn = store::open_steady(database)?;
        let sections = &sections;
        Ok(move |i: usize| text(&conn, sections.ids[i].0).map(|(_, text)| text))
    })?;
    let mut found: BTreeMap<i64, Vec<Copied>> = BTreeMap::new();
    for copy in copies {
        found.entry(sections.ids[copy.section].1).or_default().push(copy);
    }
    let judged: HashSet<i64> = sections.asked().map(|(_, report, _)| report).collect();
    for report in pass.due.iter().filter(|report| !found.contains_key(report)) {
        match judged.contains(report) {
            true => writer.put_passed(*report)?,
            false => unjudged(pass, writer, *report)?,
        }
    }
    quote(pass, writer, &prescribed, &sections, found)
}

/// Signs the sections that have no signature, side by side.
fn sign(
    pass: &Pass<'_>,
    writer: &mut Writer<'_>,
    prescribed: &Prescribed,
) -> Result<(), StoreError> {
    let work = |conn: &Connection, share: &super::Share<'_, i64, _>| {
        share.each(|reports| {
            let unsigned = store::unsigned(conn, reports)?.into_iter();
            let signed = unsigned.map(|s| (s.section, s.report, prescribed.signature(&s.text)));
            Ok(signed.collect::<Vec<_>>())
        });
        Ok(())
    };
    pass.checker.side_by_side(pass.due, SIGNED, work, |signed| {
        for (section, report, signature) in signed {
            let stamp = prescribed.stamp();
            writer.change(|s| s.put_signature(section, report, signature.as_ref(), stamp))?;
        }
        Ok(())
    })
}

/// The sections that are compared.
#[derive(Default)]
struct Sections {
    entries: Vec<Entry>,
    /// Id and report of each.
    ids: Vec<(i64, i64)>,
}

impl Sections {
    /// All there are, in the order of publication.
    fn all(
        pass: &Pass<'_>,
        reader: &SignatureReader<'_>,
        writer: &mut Writer<'_>,
    ) -> Result<Sections, StoreError> {
        let mut sections = Sections::default();
        for report in reader.by_date()? {
            let asked = pass.due.binary_search(&report).is_ok();
            reader.of_report(report)?.into_iter().for_each(|s| sections.add(s, asked));
        }
        put_bands(writer, sections.asked().map(|(section, _, signature)| (section, signature)))?;
        Ok(sections)
    }

    /// Those that are due and those that they may resemble, in the order of publication.
    fn near(
        pass: &Pass<'_>,
        reader: &SignatureReader<'_>,
        writer: &mut Writer<'_>,
    ) -> Result<Sections, StoreError> {
        let mut own = Vec::new();
        for report in pass.due {
            own.extend(reader.of_report(*report)?);
        }
        put_bands(writer, own.iter().map(|s| (s.section, &s.signature)))?;
        writer.commit()?;
        let mut others = BTreeSet::new();
        let mut years = BTreeSet::new();
        for section in &own {
            others.extend(reader.alike(section)?);
            years.insert((section.body, section.year - 1));
        }
        let mut all: BTreeMap<i64, Signed> = BTreeMap::new();
        for (body, year) in years {
            all.extend(reader.of_body(body, year)?.into_iter().map(|s| (s.section, s)));
        }
        all.extend(own.into_iter().map(|s| (s.section, s)));
        for section in others {
            if !all.contains_key(&section) {
                all.extend(reader.of_section(section)?.map(|s| (s.section, s)));
            }
        }
        let mut all: Vec<Signed> = all.into_values().collect();
        let order = |s: &Signed| (s.published.is_none(), s.published.clone(), s.report);
        all.sort_by_cached_key(order);
        let mut sections = Sections::default();
        for section in all {
            let asked = pass.due.binary_search(&section.report).is_ok();
            sections.add(section, asked);
        }
        Ok(sections)
    }

    fn add(&mut self, section: Signed, asked: bool) {
        let Signed { body, year, signature, .. } = section;
        self.entries.push(Entry { body, year, asked, signature });
        self.ids.push((section.section, section.report));
    }

    /// Those that are due: id, report and signature.
    fn asked(&self) -> impl Iterator<Item = (i64, i64, &Signature)> {
        let asked = self.entries.iter().zip(&self.ids).filter(|(entry, _)| entry.asked);
        asked.map(|(entry, (section, report))| (*section, *report, &entry.signature))
    }
}

/// Keeps the bands of sections that have none yet, in the order in which they lie.
fn put_bands<'s>(
    writer: &mut Writer<'_>,
    sections: impl Iterator<Item = (i64, &'s Signature)>,
) -> Result<(), StoreError> {
    let mut new = Vec::new();
    for (section, signature) in sections {
        if !writer.change(|store| store.has_bands(section, signature))? {
            new.push((section, signature));
        }
    }
    for band in 0..BANDS {
        let mut keys: Vec<(i64, i64)> = new.iter().map(|(id, s)| (s.key(band), *id)).collect();
        keys.sort_unstable();
        writer.change(|store| store.put_bands(&keys))?;
    }
    Ok(())
}

/// What is to be said of a report without a section that can be judged.
fn unjudged(pass: &Pass<'_>, writer: &mut Writer<'_>, report: i64) -> Result<(), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM section WHERE report_id = ?1)";
    let has_text: bool = pass.conn.prepare_cached(sql)?.query_row([report], |r| r.get(0))?;
    let mut sink = Sink::new(writer.rule);
    match has_text {
        true => {
            let least = Bilingual::same(MIN_CHARS.to_string());
            sink.lacks_with("little_text", &[("least", least)], []);
        }
        false => sink.lacks("no_text", []),
    }
    let heads = pass.reader.read_heads(&[report])?;
    let Some(head) = heads.first() else { return Ok(()) };
    let found = sink.finish().into_iter().map(|outcome| Found::new(head, outcome, &[]));
    writer.put(report, &found.collect::<Vec<_>>())
}

/// Keeps what resembles what, with the passages in question.
fn quote(
    pass: &Pass<'_>,
    writer: &mut Writer<'_>,
    prescribed: &Prescribed,
    sections: &Sections,
    found: BTreeMap<i64, Vec<Copied>>,
) -> Result<(), StoreError> {
    let found: Vec<(i64, Vec<Copied>)> = found.into_iter().collect();
    let rule = writer.rule;
    let work = |conn: &Connection, share: &super::Share<'_, (i64, Vec<Copied>), super::Checked>| {
        let reader = SubjectReader::new(conn, pass.checker.forms)?;
        let quoted = |(report, copies): &(i64, Vec<Copied>)| {
            let tell = |copy: &Copied| tell(&reader, conn, prescribed, sections, rule, copy);
            let found = copies.iter().map(tell).collect::<Result<Vec<_>, _>>()?;
            Ok((*report, found.into_iter().flatten().collect()))
        };
        share.each(|chunk| chunk.iter().map(quoted).collect());
        Ok(())
    };
    pass.checker.side_by_side(&found, QUOTED, work, |quoted| {
        quoted.iter().try_for_each(|(report, found)| writer.put(*report, found))
    })
}

/// One section and what it resembles.
fn tell(
    reader: &SubjectReader<'_, '_>,
    conn: &Connection,
    prescribed: &Prescribed,
    sections: &Sections,
    rule: &'static Rule,
    copy: &Copied,
) -> Result<Option<Found>, StoreError> {
    let ((own_id, report), (other_id, other)) = (sections.ids[copy.section], sections.ids[copy.of]);
    let (heads, others) = (reader.read_heads(&[report])?, reader.read_heads(&[other])?);
    let Some((head, other_head)) = heads.first().zip(others.first()) else { return Ok(None) };
    let (own, theirs) = (text(conn, own_id)?, text(conn, other_id)?);
    // 100 % is said of the same words only
    let percent = (copy.similarity * 100.0).floor() as i64;
    let same = |text: String| Bilingual::same(text);
    let of = Of::report(other_head);
    let year = of.year.map_or_else(String::new, |year| year.to_string());
    let mut sink = Sink::new(rule);
    sink.fail(Failure {
        message: if copy.further > 0 { "more" } else { "" },
        args: vec![
            ("no", same(own.0.to_string())),
            ("organ", same(of.organ.clone())),
            ("year", same(year.clone())),
            ("percent", same(percent.to_string())),
            ("further", same(copy.further.to_string())),
        ],
        found: Some(Quantity::Number(percent)),
        ..Failure::default()
    });
    let (mut evidence, mut facts) = (Vec::new(), Vec::new());
    for passage in passages(&own.1, &theirs.1, prescribed) {
        let (left, right) = (&own.1[passage.left], &theirs.1[passage.right]);
        facts.extend([left.to_owned(), right.to_owned()]);
        evidence.push(Evidence::Words { section: own.0, text: shown(left), of: None });
        let of = Some(of.clone());
        evidence.push(Evidence::Words { section: theirs.0, text: shown(right), of });
    }
    let scope = of.scope.map_or("", crate::report::Scope::key);
    let no = own.0.to_string();
    let between = Between {
        apart: &[&no, &other_head.organ_key, &year, scope],
        facts: &facts,
        other: Some(other),
    };
    let outcome = sink.finish().pop();
    Ok(outcome.map(|outcome| Found::between(head, outcome, evidence, &between)))
}

/// Number and text of a section.
fn text(conn: &Connection, section: i64) -> Result<(u8, String), StoreError> {
    let mut find = conn.prepare_cached("SELECT no, text FROM section WHERE id = ?1")?;
    Ok(find.query_row([section], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// The beginning of a passage.
fn shown(passage: &str) -> String {
    match passage.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}……", &passage[..end]),
        None => passage.to_owned(),
    }
}
