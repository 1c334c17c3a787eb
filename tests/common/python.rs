//! Python, where it is installed, as another program that reads what this one writes.

use std::path::PathBuf;
use std::process::Command;

/// Python, with a module where it needs one; none where it is not installed.
pub fn python(module: &str) -> Option<String> {
    let python = std::env::var("NIANBAO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!("skipped: no {python} with {module}");
    None
}

/// What a script of Python's prints about files.
pub fn ask(python: &str, script: &str, files: &[PathBuf]) -> String {
    let output = Command::new(python).arg("-c").arg(script).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
