//! Python with its modules, as another program that reads what this one writes.

use std::ffi::OsStr;
use std::process::Command;

/// Python with a module; none where it is not installed.
pub fn python(module: &str) -> Option<String> {
    let python = std::env::var("NIANBAO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!("skipped: no {python} with {module}");
    None
}

/// What a script prints about files.
pub fn ask<P: AsRef<OsStr>>(python: &str, script: &str, args: &[P]) -> String {
    let output = Command::new(python).arg("-c").arg(script).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
