//! Where an export goes: a file or a folder that stands under its name only when it is whole.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::bail;
use rust_i18n::t;
use tempfile::TempDir;

use super::super::Common;
use super::super::output::{Sink, cannot_write};
use super::super::partial::{self, Partial};
use crate::export::Format;
use crate::parse::sha256;

/// The list of its files that every folder of an export has.
const LIST: &str = ".nianbao-export";

/// Extensions that no folder has.
const OF_FILES: [&str; 9] =
    ["csv", "docx", "html", "json", "md", "ndjson", "parquet", "xlsx", "zip"];

/// Where to, and whether something may stand there.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Target {
    /// 覆盖已有的文件 · Replace what stands there
    #[arg(long)]
    pub force: bool,
}

impl Target {
    /// The path of `--out`, which every export must name.
    fn path(common: &Common) -> anyhow::Result<&Path> {
        match &common.out {
            Some(path) => Ok(path),
            None => bail!("{}", t!("deliver.no_target")),
        }
    }

    /// The extension of the target in small letters, one of `known`.
    pub fn extension(common: &Common, known: &[&'static str]) -> anyhow::Result<&'static str> {
        let path = Target::path(common)?;
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if let Some(format) = common.format
            && Format::from_path(path).ok() != Some(format)
        {
            let (path, format) = (path.display(), format.name());
            bail!("{}", t!("deliver.other_format", path = path, format = format));
        }
        match known.iter().find(|k| **k == extension) {
            Some(known) => Ok(known),
            None => {
                let known: Vec<String> = known.iter().map(|k| format!(".{k}")).collect();
                let (path, known) = (path.display(), known.join(" "));
                bail!("{}", t!("deliver.extension", path = path, known = known))
            }
        }
    }

    /// Opens the file, before the work: what cannot be written is told at once.
    pub fn file(self, common: &Common) -> anyhow::Result<OutFile> {
        let path = Target::path(common)?;
        // a pipe or a device holds nothing that could be lost
        let is_there = path.is_file() || path.is_symlink() && !path.exists();
        if is_there && !self.force {
            bail!("{}", t!("deliver.exists", path = path.display()));
        }
        if let Some((program, lock)) = opened_by(path) {
            let (path, lock) = (path.display(), lock.display());
            bail!("{}", t!("deliver.is_open", path = path, program = program, lock = lock));
        }
        common.check_target("--out", path)?;
        let (path, quiet) = (path.to_owned(), common.quiet);
        Ok(OutFile { sink: Sink::to(&path)?, path, force: self.force, quiet })
    }

    /// Opens the folder, before the work. One that stands there is replaced only where all that is in
    /// it was written by an earlier export.
    pub fn folder(self, common: &Common) -> anyhow::Result<OutFolder> {
        let path = Target::path(common)?;
        let failed = |e: io::Error| cannot_write(path, &e);
        if path.is_file() {
            bail!("{}", t!("deliver.is_file", path = path.display()));
        }
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if !path.is_dir() && OF_FILES.contains(&&*extension) {
            bail!("{}", t!("deliver.names_file", path = path.display()));
        }
        // what a link leads to is replaced, and not the link
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let wanted = Wanted { path: path.to_owned(), target, force: self.force };
        wanted.check()?;
        let target = &wanted.target;
        let above = target.parent().filter(|p| !p.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".nianbao-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // a temporary folder is its owner's alone; this one will be read by others
            builder.permissions(std::fs::Permissions::from_mode(0o777));
        }
        let above = above.unwrap_or(Path::new("."));
        let (folder, partial) = Partial::make(|| builder.tempdir_in(above)).map_err(failed)?;
        Ok(OutFolder { folder, wanted, quiet: common.quiet, _partial: partial })
    }
}

/// The program that has a document open, by the file that it leaves beside it meanwhile. What it
/// has open it would later save over ours.
fn opened_by(path: &Path) -> Option<(&'static str, PathBuf)> {
    let name = path.file_name()?.to_string_lossy();
    // Word leaves out the first two characters of a name of eight or more
    let stem = path.file_stem()?.to_string_lossy().chars().count();
    let is_short = stem >= 8 && name.to_ascii_lowercase().ends_with(".docx");
    let short: String = name.chars().skip(2).collect();
    let office = "Office / WPS";
    let locks = [(format!(".~lock.{name}#"), "LibreOffice"), (format!("~${name}"), office)];
    let short = is_short.then(|| (format!("~${short}"), office));
    locks.into_iter().chain(short).find_map(|(lock, program)| {
        let lock = path.with_file_name(lock);
        lock.exists().then_some((program, lock))
    })
}

/// A folder that is to be written, and may be there.
struct Wanted {
    /// As it was given.
    path: PathBuf,
    /// What it leads to.
    target: PathBuf,
    force: bool,
}

impl Wanted {
    /// Refuses a folder that holds what no export wrote, or what was changed since; without
    /// `--force` one that holds anything. Gives the number of files that will be replaced.
    fn check(&self) -> anyhow::Result<usize> {
        let path = &self.path;
        let failed = |e: io::Error| cannot_write(path, &e);
        if !self.target.is_dir() {
            return Ok(0);
        }
        let there = files(&self.target).map_err(failed)?;
        if !there.is_empty() && !self.force {
            bail!("{}", t!("deliver.exists", path = path.display()));
        }
        let listed = std::fs::read_to_string(self.target.join(LIST)).unwrap_or_default();
        let listed: BTreeSet<&str> = listed.lines().collect();
        let others = there.iter().filter(|name| *name != LIST);
        for name in others.clone() {
            let line = line_of(&self.target, name).map_err(failed)?;
            if !listed.contains(line.as_str()) {
                bail!("{}", t!("deliver.other_folder", path = path.display(), name = name));
            }
        }
        Ok(others.count())
    }
}

/// The line of a file in the list of an export: its digest and its path, as `sha256sum` writes it.
fn line_of(folder: &Path, name: &str) -> io::Result<String> {
    Ok(format!("{}  {name}", sha256(&std::fs::read(folder.join(name))?)))
}

/// The files of a folder and those under it, by their path in it.
fn files(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in walkdir::WalkDir::new(folder).min_depth(1) {
        let entry = entry?;
        if !entry.file_type().is_dir() {
            let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            found.insert(path.to_string_lossy().into_owned());
        }
    }
    Ok(found)
}

/// A file under way; without [`OutFile::finish`] nothing changes.
pub struct OutFile {
    sink: Sink,
    path: PathBuf,
    force: bool,
    quiet: bool,
}

impl OutFile {
    /// What to write to.
    pub fn writer(&mut self) -> &mut dyn Write {
        &mut self.sink
    }

    /// Puts it under its name, and says so.
    pub fn finish(self) -> anyhow::Result<()> {
        // what goes to a pipe is somebody's input, not a file to be told of
        let is_told = !self.quiet && matches!(self.sink, Sink::File(..));
        match self.force {
            true => self.sink.finish()?,
            false => self.sink.finish_new()?,
        }
        if is_told {
            eprintln!("{}", t!("deliver.written", path = self.path.display()));
        }
        Ok(())
    }
}

/// A folder under way; without [`OutFolder::finish`] nothing changes.
pub struct OutFolder {
    folder: TempDir,
    wanted: Wanted,
    quiet: bool,
    _partial: Partial,
}

impl OutFolder {
    /// Where its files are written.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// An error of writing in it, with the name that it will have.
    pub fn failed(&self, error: &std::io::Error) -> anyhow::Error {
        cannot_write(&self.wanted.path, error)
    }

    /// Puts it under its name, in place of an earlier export, and says so.
    pub fn finish(self) -> anyhow::Result<()> {
        let OutFolder { folder, wanted, quiet, .. } = &self;
        let failed = |e: io::Error| cannot_write(&wanted.path, &e);
        let names = files(folder.path()).map_err(failed)?;
        let lines = names.iter().map(|name| line_of(folder.path(), name));
        let list = lines.collect::<io::Result<Vec<_>>>().map_err(failed)?.join("\n") + "\n";
        std::fs::write(folder.path().join(LIST), list).map_err(failed)?;
        let replaced = partial::uninterrupted(|| {
            // something may have come there meanwhile
            let replaced = wanted.check()?;
            swap(folder.path(), &wanted.target).map_err(failed)?;
            anyhow::Ok(replaced)
        })?;
        if !quiet {
            let path = wanted.path.display();
            eprintln!(
                "{}",
                match replaced {
                    0 => t!("deliver.written", path = path),
                    count => t!("deliver.replaced", path = path, count = count),
                }
            );
        }
        Ok(())
    }
}

/// Puts a folder in the place of another, which goes aside first: two renames, and no moment with half
/// of each.
fn swap(new: &Path, target: &Path) -> io::Result<()> {
    if !target.exists() {
        return std::fs::rename(new, target);
    }
    let above = new.parent().unwrap_or(Path::new("."));
    let builder = || tempfile::Builder::new().prefix(".nianbao-").suffix(".old").tempdir_in(above);
    // kept until the new one stands: whatever fails, the old one is not lost
    let aside = builder()?.keep();
    let old = aside.join("old");
    std::fs::rename(target, &old)?;
    if let Err(error) = std::fs::rename(new, target) {
        std::fs::rename(&old, target)?;
        let _ = std::fs::remove_dir(&aside);
        return Err(error);
    }
    std::fs::remove_dir_all(&aside)
}
