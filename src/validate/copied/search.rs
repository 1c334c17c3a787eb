//! Each section's match among all sections.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::THRESHOLD;
use super::bands::Bands;
use super::grams::Grams;
use super::prescribed::Prescribed;
use super::prose::Prose;
use super::signature::Signature;

/// Least number of shared minima, of 120, from which on two texts are compared: one pair of
/// similarity 0.8 in 5,000 shares fewer.
const NEAR: u16 = 80;
/// Texts that the text of a section is compared with, the likeliest first.
const COMPARED: usize = 16;
/// Most that it is compared with as long as none is similar: among very many that are just not
/// similar enough the one that is may not be the likeliest.
const MOST_COMPARED: usize = 64;
/// Sections that a thread takes on at a time.
const CHUNK: usize = 64;
/// Grams that a thread keeps to compare them again, 8 bytes each.
const KEPT: usize = 4_000_000;

/// A section to search in.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The body, the same under all its names.
    pub body: i64,
    /// Reporting year.
    pub year: i32,
    /// Whether its match is asked for; the others are only what it may match.
    pub asked: bool,
    /// As [`Prescribed::signature`] gives it. Sections without one are no entries.
    pub signature: Signature,
}

/// What a section resembles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A section of the body's own report of the year before.
    OwnLastYear,
    /// A section of another body, of any year.
    OtherBody,
}

/// A section whose text is nearly another's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Copied {
    /// The section, by its place among the entries.
    pub section: usize,
    /// The one it resembles: the body's own of last year if there is one, else the most similar
    /// of another body, the first entry where several are equally so. In a crowd of similar
    /// sections it is the most similar of the 16 likeliest.
    pub of: usize,
    /// Which of the two.
    pub kind: Kind,
    /// Jaccard similarity of the two, exact.
    pub similarity: f64,
    /// How many more it resembles as well, at the least: in a crowd not all are compared.
    pub further: usize,
}

/// Finds for each section asked for what it resembles, in the order of the entries.
///
/// Entries stand in the order of precedence, as a rule that of publication. The new sections of a
/// load are asked for alone: what older ones resemble among the new is not told then, nor is it
/// that a section resembles one of the body's own of years before the last.
///
/// Each thread opens its own reader of texts, which gives an entry's text by its place. Sections
/// whose sets of grams are the same, by count and sum of hashes, are read once.
///
/// # Errors
/// What opening or reading gives.
pub fn find<R, E>(
    entries: &[Entry],
    prescribed: &Prescribed,
    threads: usize,
    open: impl Fn() -> Result<R, E> + Sync,
) -> Result<Vec<Copied>, E>
where
    R: FnMut(usize) -> Result<String, E>,
    E: Send,
{
    let groups = Groups::new(entries);
    let bands = Bands::new(&groups.signatures, threads);
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<Copied>, E> {
        let mut worker = Worker {
            groups: &groups,
            bands: &bands,
            texts: Texts {
                groups: &groups,
                prescribed,
                read: open()?,
                known: HashMap::new(),
                kept: 0,
            },
            seen: vec![u32::MAX; groups.signatures.len()],
        };
        let mut found = Vec::new();
        loop {
            let first = next.fetch_add(CHUNK, Ordering::Relaxed);
            let Some(rest) = bands.order().get(first..).filter(|r| !r.is_empty()) else { break };
            for group in rest.iter().take(CHUNK) {
                let done = worker.group(*group, &mut found);
                // the other threads are to end, too
                done.inspect_err(|_| next.store(entries.len(), Ordering::Relaxed))?;
            }
        }
        Ok(found)
    };
    let parts = std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let mut parts = vec![work()];
        for worker in workers {
            parts.push(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        parts
    });
    let mut found = parts.into_iter().collect::<Result<Vec<_>, E>>()?.concat();
    found.sort_unstable_by_key(|c| c.section);
    Ok(found)
}

/// Entries with the same grams, which are one as far as texts go.
struct Groups<'e> {
    entries: &'e [Entry],
    /// Signature of each group.
    signatures: Vec<&'e Signature>,
    /// Entries of each group in their order.
    members: Vec<Vec<u32>>,
    /// The body of a group's members where it is one for all.
    body: Vec<Option<i64>>,
    /// How many members each body has in groups of several bodies.
    shares: HashMap<(u32, i64), usize>,
    /// Group of each entry.
    of: Vec<u32>,
    /// Entries by body and year.
    by_year: Vec<u32>,
}

impl<'e> Groups<'e> {
    fn new(entries: &'e [Entry]) -> Groups<'e> {
        let mut groups = Groups {
            entries,
            signatures: Vec::new(),
            members: Vec::new(),
            body: Vec::new(),
            shares: HashMap::new(),
            of: Vec::with_capacity(entries.len()),
            by_year: (0..).zip(entries).map(|(i, _)| i).collect(),
        };
        groups.by_year.sort_by_key(|i| body_year(&entries[*i as usize]));
        let mut known: HashMap<(u64, u32), u32> = HashMap::new();
        for (i, entry) in (0..).zip(entries) {
            let signature = &entry.signature;
            let group = *known.entry((signature.sum, signature.count)).or_insert_with(|| {
                groups.signatures.push(signature);
                groups.members.push(Vec::new());
                groups.body.push(Some(entry.body));
                groups.members.len() as u32 - 1
            });
            let g = group as usize;
            groups.members[g].push(i);
            groups.body[g] = groups.body[g].filter(|body| *body == entry.body);
            groups.of.push(group);
        }
        for (entry, group) in entries.iter().zip(&groups.of) {
            if groups.body[*group as usize].is_none() {
                *groups.shares.entry((*group, entry.body)).or_default() += 1;
            }
        }
        groups
    }

    /// First member that is of another body, and how many are.
    fn others(&self, group: u32, body: i64) -> Option<(u32, usize)> {
        let members = &self.members[group as usize];
        match self.body[group as usize] {
            Some(sole) if sole == body => None,
            Some(_) => members.first().map(|first| (*first, members.len())),
            None => {
                let first = members.iter().find(|i| self.entries[**i as usize].body != body)?;
                let own = self.shares.get(&(group, body)).copied().unwrap_or(0);
                Some((*first, members.len() - own))
            }
        }
    }

    /// The body's own entries of the year before.
    fn last_year(&self, entry: &Entry) -> &[u32] {
        let wanted = (entry.body, entry.year - 1);
        let of = |i: &u32| body_year(&self.entries[*i as usize]);
        let first = self.by_year.partition_point(|i| of(i) < wanted);
        let count = self.by_year[first..].partition_point(|i| of(i) == wanted);
        &self.by_year[first..first + count]
    }

    /// Whether two groups may be similar enough, by their signatures; how many minima they share.
    fn near(&self, a: u32, b: u32) -> Option<u16> {
        let (a, b) = (self.signatures[a as usize], self.signatures[b as usize]);
        let (less, more) = (a.count.min(b.count), a.count.max(b.count));
        // the smaller set may be all of what they share
        if f64::from(less) < THRESHOLD * f64::from(more) {
            return None;
        }
        Some(a.shared(b)).filter(|shared| *shared >= NEAR)
    }
}

fn body_year(entry: &Entry) -> (i64, i32) {
    (entry.body, entry.year)
}

/// Grams of groups, read when they are needed.
struct Texts<'a, R> {
    groups: &'a Groups<'a>,
    prescribed: &'a Prescribed,
    read: R,
    known: HashMap<u32, Rc<Grams>>,
    kept: usize,
}

impl<R, E> Texts<'_, R>
where
    R: FnMut(usize) -> Result<String, E>,
{
    fn grams(&mut self, group: u32) -> Result<Rc<Grams>, E> {
        if let Some(grams) = self.known.get(&group) {
            return Ok(Rc::clone(grams));
        }
        let text = (self.read)(self.groups.members[group as usize][0] as usize)?;
        let grams = Rc::new(Grams::new(&Prose::new(&text, self.prescribed)));
        if self.kept > KEPT {
            self.known.clear();
            self.kept = 0;
        }
        self.kept += grams.len();
        self.known.insert(group, Rc::clone(&grams));
        Ok(grams)
    }

    /// The similarity of two groups if it is high enough.
    fn similarity(&mut self, a: u32, b: u32) -> Result<Option<f64>, E> {
        let similarity = if a == b { 1.0 } else { self.grams(a)?.similarity(&*self.grams(b)?) };
        Ok(Some(similarity).filter(|s| *s >= THRESHOLD))
    }
}

struct Worker<'a, R> {
    groups: &'a Groups<'a>,
    bands: &'a Bands<'a>,
    texts: Texts<'a, R>,
    /// For each group the last one it was a candidate of.
    seen: Vec<u32>,
}

impl<R, E> Worker<'_, R>
where
    R: FnMut(usize) -> Result<String, E>,
{
    /// The matches of a group's members.
    fn group(&mut self, group: u32, found: &mut Vec<Copied>) -> Result<(), E> {
        let groups = self.groups;
        let asked = |i: &&u32| groups.entries[**i as usize].asked;
        let members = &groups.members[group as usize];
        if !members.iter().any(|i| asked(&i)) {
            return Ok(());
        }
        let mut similar = vec![(1.0, group)];
        for (compared, candidate) in self.candidates(group).into_iter().enumerate() {
            if compared >= COMPARED && similar.len() > 1 {
                break;
            }
            let similarity = self.texts.similarity(group, candidate)?;
            similar.extend(similarity.map(|s| (s, candidate)));
        }
        for &i in members.iter().filter(asked) {
            found.extend(self.member(i, group, &similar)?);
        }
        Ok(())
    }

    /// The match of a member, given the groups that its group resembles.
    fn member(&mut self, i: u32, group: u32, similar: &[(f64, u32)]) -> Result<Option<Copied>, E> {
        let groups = self.groups;
        let entry = &groups.entries[i as usize];
        let mut own = Vec::new();
        for &other in groups.last_year(entry) {
            let of = groups.of[other as usize];
            if of == group || groups.near(group, of).is_some() {
                own.extend(self.texts.similarity(group, of)?.map(|s| (s, other)));
            }
        }
        let others: Vec<(f64, u32, usize)> = similar
            .iter()
            .filter_map(|(s, of)| groups.others(*of, entry.body).map(|(first, n)| (*s, first, n)))
            .collect();
        let all = own.len() + others.iter().map(|(_, _, n)| n).sum::<usize>();
        let best = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1));
        let own = own.into_iter().max_by(best).map(|b| (b, Kind::OwnLastYear));
        let other = others.into_iter().map(|(s, first, _)| (s, first)).max_by(best);
        let found = own.or(other.map(|b| (b, Kind::OtherBody)));
        Ok(found.map(|((similarity, of), kind)| Copied {
            section: i as usize,
            of: of as usize,
            kind,
            similarity,
            further: all - 1,
        }))
    }

    /// Other groups that may be similar, the likeliest first.
    fn candidates(&mut self, group: u32) -> Vec<u32> {
        let (groups, seen) = (self.groups, &mut self.seen);
        let mut near = Vec::new();
        self.bands.alike(group, |other| {
            if std::mem::replace(&mut seen[other as usize], group) == group {
                return;
            }
            let body = groups.body[group as usize];
            if body.is_some() && body == groups.body[other as usize] {
                return;
            }
            if let Some(shared) = groups.near(group, other) {
                near.push((std::cmp::Reverse(shared), groups.members[other as usize][0], other));
            }
        });
        near.sort_unstable();
        near.into_iter().take(MOST_COMPARED).map(|(_, _, other)| other).collect()
    }
}
