//! Inputs kept by the fuzz targets in `fuzz/`, replayed through what these check.

#[path = "common/checks.rs"]
mod checks;

use std::fs;

#[test]
fn every_kept_seed_still_passes_its_check() {
    for (name, check) in checks::ALL {
        let folder = format!("fuzz/seeds/{name}");
        let mut paths: Vec<_> =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "no seed in {folder}");
        for path in paths {
            // the harness shows this only where the check panics
            println!("{}", path.display());
            check(&fs::read(&path).unwrap());
        }
    }
    let folders = fs::read_dir("fuzz/seeds").unwrap().count();
    assert_eq!(folders, checks::ALL.len(), "a folder of seeds without a check");
}
