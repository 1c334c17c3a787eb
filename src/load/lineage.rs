//! What a load works out at its end, over all that is in the store: which bodies became which, and
//! who is to report.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::region::{Body, ExpectedBody, Link, OrganChange, Regions, Succession, kin};
use crate::store::{self, Store, StoreError};

/// Works out which of the store's bodies became which, from the lists and all that is loaded, and
/// who is to report.
///
/// The whole is worked out anew each time, so that it depends on what is in the store alone: not
/// on the order of loads, nor on one that was killed.
///
/// # Errors
/// When the store fails.
pub fn follow_bodies(store: &mut Store, regions: &Regions) -> Result<(), StoreError> {
    let known = regions.known_organ_changes().unwrap_or_default();
    let (user, places) = (store.organ_changes()?, store.places()?);
    let succession = Succession::new(&known, &user, &places);
    let mut bodies = store.bodies()?;
    let mut lineage = succession.follow(&bodies);
    store.put_lineage(&lineage)?;
    // what is expected may have another name by now, or have had one, and never have reported
    if add_expected(&mut bodies, &store::expected_bodies(store.connection())?) {
        lineage = succession.follow(&bodies);
    }
    let keys = bodies.iter().map(|b| (b.id, b.key.as_str())).collect();
    store.put_kin(&kin(&dated(lineage.links, &bodies), &keys))?;
    store.renew_places()?;
    store.renew_expectations()
}

/// The links, those of no known year with the first for which both bodies' reports speak: the
/// successor reports, and the other does no more.
fn dated(mut links: Vec<Link>, bodies: &[Body]) -> Vec<Link> {
    let reported: HashMap<i64, (u16, u16)> =
        bodies.iter().filter_map(|b| Some((b.id, b.reported?))).collect();
    for link in links.iter_mut().filter(|l| l.year.is_none()) {
        let ends = reported.get(&link.organ).zip(reported.get(&link.successor));
        link.year = ends.map(|((_, last), (first, _))| (*first).max(last.saturating_add(1)));
    }
    links
}

/// Adds the expected bodies that are not in the store, under ids that it never gives; whether
/// there are any.
fn add_expected(bodies: &mut Vec<Body>, expected: &[ExpectedBody]) -> bool {
    let known: HashSet<String> = bodies.iter().map(|b| b.key.clone()).collect();
    let keys: BTreeSet<&String> =
        expected.iter().map(|e| &e.key).filter(|k| !known.contains(*k)).collect();
    let absent = |(i, key): (i64, &&String)| Body { id: -i, key: (*key).clone(), reported: None };
    bodies.extend((1..).zip(&keys).map(absent));
    !keys.is_empty()
}

/// How many of the user's changes are about no body of the store.
///
/// # Errors
/// When the store fails.
pub fn idle_changes(store: &Store, changes: &[OrganChange]) -> Result<usize, StoreError> {
    let bodies = store.bodies()?;
    let keys: HashSet<&str> = bodies.iter().map(|b| b.key.as_str()).collect();
    let names: HashSet<&str> = keys.iter().filter_map(|k| Some(k.split_once('/')?.1)).collect();
    let known = |key: &String| match key.strip_prefix("*/") {
        Some(name) => names.contains(name),
        None => keys.contains(key.as_str()),
    };
    let idle = |c: &&OrganChange| !known(&c.key) && !c.successors.iter().flatten().any(known);
    Ok(changes.iter().filter(idle).count())
}
