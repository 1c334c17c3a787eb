//! LibreOffice, as the maker of documents and as another program that opens ours.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Whether LibreOffice is there.
pub fn has_office() -> bool {
    let has = Command::new("soffice").arg("--version").output().is_ok_and(|o| o.status.success());
    if !has {
        eprintln!("skipped: no soffice");
    }
    has
}

/// LibreOffice without a window, with a profile of its own in a folder, where it saves files in a
/// format. It takes its options in this order only.
fn save<P: AsRef<OsStr>>(
    folder: &Path,
    options: &[String],
    format: &str,
    files: &[P],
) -> std::io::Result<Output> {
    Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .arg("--headless")
        .args(options)
        .args(["--convert-to", format, "--outdir"])
        .arg(folder)
        .args(files)
        .output()
}

/// Has LibreOffice save files in a format; false where there is no LibreOffice.
pub fn convert(dir: &Path, filter: &str, to: &str, files: &[PathBuf]) -> bool {
    let output = save(dir, &[format!("--infilter={filter}")], to, files);
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

/// A file in another format, made by LibreOffice in `to`.
pub fn convert_file(file: &Path, format: &str, to: &Path) -> PathBuf {
    let output = save(to, &[], format, &[file]).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let kind = format.split(':').next().unwrap();
    let made = to.join(file.file_name().unwrap()).with_extension(kind);
    assert!(made.is_file(), "{}", String::from_utf8_lossy(&output.stderr));
    made
}

/// The text of a PDF as it stands on its pages; none without pdftotext.
pub fn text_of_pdf(pdf: &Path) -> Option<String> {
    let Ok(output) = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output() else {
        eprintln!("skipped: no pdftotext");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A file as LibreOffice prints it, and what it says beside that it did.
pub fn pdf(file: &Path, to: &Path) -> (PathBuf, Vec<String>) {
    let output = save(to, &[], "pdf", &[file]).unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    let lines = said.iter().flat_map(|text| text.lines());
    // that Java is not there has nothing to do with the file
    let is_about_file = |line: &&str| !line.starts_with("convert ") && !line.contains("javaldx");
    let said = lines.filter(is_about_file).map(str::to_owned).collect();
    (to.join(file.file_name().unwrap()).with_extension("pdf"), said)
}
