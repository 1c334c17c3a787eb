//! LibreOffice as the maker of documents.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Has LibreOffice save files in a format; false where there is no LibreOffice.
pub fn convert(dir: &Path, filter: &str, to: &str, files: &[PathBuf]) -> bool {
    let profile = format!("-env:UserInstallation=file://{}", dir.join("profile").display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", &format!("--infilter={filter}"), "--convert-to", to])
        .arg("--outdir")
        .arg(dir)
        .args(files)
        .output();
    match output {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            true
        }
        Err(_) => {
            eprintln!("skipped: no soffice to save the corpus in other formats");
            false
        }
    }
}
