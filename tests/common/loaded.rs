//! A folder with a database of reports in it, for tests of what is made of one.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A folder with the database `nianbao.db`.
pub struct Loaded(pub TempDir);

impl Loaded {
    /// Of the examples and further reports.
    pub fn new(further: Option<PathBuf>) -> Loaded {
        let folder = Loaded(tempfile::tempdir().unwrap());
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        folder.ok(&["load", here.join("examples/reports").to_str().unwrap(), "--quiet"]);
        if let Some(further) = further {
            folder.ok(&["load", here.join(further).to_str().unwrap(), "--quiet"]);
        }
        folder
    }

    /// Exit code, output and errors of the program.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
            command.env_remove(name);
        }
        command.current_dir(self.0.path()).env("LC_ALL", "zh_CN.UTF-8");
        let output = command.args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// The output where all is well.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let (code, out, errors) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {out}{errors}");
        out
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}
