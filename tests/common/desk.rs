//! A folder with a database in it, for tests of `check`.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use nianbao::report::{Report, State};
use serde_json::Value;
use tempfile::TempDir;

use super::synth::Synth;

/// A folder with a database, and reports to load into it.
pub struct Desk {
    pub dir: TempDir,
    synth: Synth,
}

impl Desk {
    pub fn new() -> Desk {
        Desk { dir: tempfile::tempdir().unwrap(), synth: Synth::default() }
    }

    /// Writes the body's report of a year, its figures all 0 but for what `change` sets.
    pub fn report(&self, year: i32, change: impl FnOnce(&mut Report)) -> PathBuf {
        let mut report = self.zeros((year - 2016) as u64);
        change(&mut report);
        self.write(&format!("{year}.json"), report)
    }

    /// The report of another body, by its number, without narrative and with all figures 0.
    pub fn other(&self, body: u64, year: i32) -> Report {
        let mut report = self.zeros(body * 10 + (year - 2016) as u64);
        report.sections.clear();
        // the bytes tell
        report.source.sha256.clear();
        report
    }

    fn zeros(&self, number: u64) -> Report {
        let mut report = self.synth.report(number);
        for cell in &mut report.cells {
            (cell.value, cell.state) = (Some(0.into()), State::Zero);
            cell.raw = Some("0".to_owned());
        }
        report
    }

    /// Writes a report as the file of that name, which is its source.
    pub fn write(&self, name: &str, mut report: Report) -> PathBuf {
        let path = self.dir.path().join(name);
        report.source.path = name.to_owned();
        fs::write(&path, serde_json::to_string(&report).unwrap()).unwrap();
        path
    }

    pub fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
            command.env_remove(name);
        }
        command.current_dir(self.dir.path()).env("LC_ALL", "zh_CN.UTF-8");
        let output = command.args(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    pub fn load(&self) {
        let files = fs::read_dir(self.dir.path()).unwrap().map(|e| e.unwrap().path());
        let files = files.filter(|p| p.extension().is_some_and(|e| e == "json"));
        let mut files: Vec<String> = files.map(|p| p.to_string_lossy().into_owned()).collect();
        files.sort();
        let mut args = vec!["load", "--quiet"];
        args.extend(files.iter().map(String::as_str));
        let (code, _, errors) = self.run(&args);
        assert_eq!(code, 0, "{errors}");
    }

    /// The failures of a rule in the database, after what changed was checked.
    pub fn check(&self, rule: &str) -> Vec<Value> {
        let (_, out, errors) = self.run(&["check", "--format", "json", "--rule", rule]);
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{errors}"))
    }
}

/// Sets a cell of a report to a number.
pub fn set(report: &mut Report, name: &str, value: i64) {
    let cell = report.cells.iter_mut().find(|c| c.name() == name).unwrap();
    (cell.value, cell.raw) = (Some(value.into()), Some(value.to_string()));
    cell.state = if value == 0 { State::Zero } else { State::Number };
}
