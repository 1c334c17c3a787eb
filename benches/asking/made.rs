//! A country of made-up bodies: in each county a government, in every other one with a summary of
//! all, departments and townships; ten years of each, one year after another.

use std::path::Path;

use nianbao::form::Forms;
use nianbao::load::{follow_bodies, region_record};
use nianbao::region::Regions;
use nianbao::report::{Report, Scope};
use nianbao::store::{OrganRecord, RegionRecord, Store};

use crate::synth::Synth;

/// Bodies of each county before the number of its further departments goes on without end.
const TOWNSHIPS: std::ops::Range<usize> = 13..23;

struct Made {
    report: Report,
    organ: OrganRecord,
    township: Option<RegionRecord>,
}

/// Writes so many reports through the store's own path and works out what a load does at its end.
pub fn make(n: u64, path: &Path) {
    let mut store = Store::open(path, &Forms::builtin()).unwrap();
    let records: Vec<_> = Regions::builtin().iter().map(region_record).collect();
    store.put_regions(records.iter()).unwrap();
    store.set_archive(false);
    let synth = Synth::default();
    for number in 0..n {
        let made = report(&synth, number);
        store.write(&made.report, &made.organ, made.township.as_ref(), None).unwrap();
    }
    follow_bodies(&mut store, Regions::builtin()).unwrap();
    store.close().unwrap();
}

fn report(synth: &Synth, number: u64) -> Made {
    let mut report = synth.report(number);
    // the narrative is not asked for here
    report.sections.truncate(1);
    let (county, ordinal) = synth.seat(number);
    let (place, code) = (synth.place(county), report.region_code.clone().unwrap());
    let mut kind = "department";
    let mut township = None;
    if ordinal == 0 {
        kind = "government";
        report.organ = Some(format!("{place}人民政府"));
        if county.is_multiple_of(2) {
            report.scope = Some(Scope::Aggregate);
        }
    } else if TOWNSHIPS.contains(&ordinal) {
        kind = "township";
        let name = format!("第{ordinal}镇");
        report.organ = Some(format!("{place}{name}人民政府"));
        let parent = Some(code.clone());
        let code = format!("{code}{:03}", 100 + ordinal);
        report.township_code = Some(code.clone());
        let (level, valid, successors, note) = (4, (None, None), Vec::new(), None);
        township = Some(RegionRecord { code, name, level, parent, valid, successors, note });
    }
    let name = report.organ.clone().unwrap();
    let organ = OrganRecord {
        key: name.clone(),
        name,
        kind,
        region_code: report.region_code.clone(),
        township_code: report.township_code.clone(),
    };
    Made { report, organ, township }
}
