//! Where an export goes: a file or a folder that stands under its name only when it is whole.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;
use rust_i18n::t;
use tempfile::TempDir;

use super::super::Common;
use super::super::output::{Sink, cannot_write};
use super::super::partial::Partial;

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
        if path.is_file() && !self.force {
            bail!("{}", t!("deliver.exists", path = path.display()));
        }
        common.check_target("--out", path)?;
        Ok(OutFile(Sink::to(path)?))
    }

    /// Opens the folder, before the work. `mark` is a file that every export of the kind has: a
    /// folder that has it not is none, and is not replaced.
    pub fn folder(self, common: &Common, mark: &'static str) -> anyhow::Result<OutFolder> {
        let path = Target::path(common)?;
        let failed = |e: std::io::Error| cannot_write(path, &e);
        let is_empty = || path.read_dir().is_ok_and(|mut entries| entries.next().is_none());
        if path.is_file() {
            bail!("{}", t!("deliver.is_file", path = path.display()));
        }
        if path.is_dir() && !is_empty() {
            if !self.force {
                bail!("{}", t!("deliver.exists", path = path.display()));
            }
            if !path.join(mark).is_file() {
                bail!("{}", t!("deliver.other_folder", path = path.display(), mark = mark));
            }
        }
        let above = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".nianbao-").suffix(".tmp");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // a temporary folder is its owner's alone; this one will be read by others
            builder.permissions(std::fs::Permissions::from_mode(0o777));
        }
        let folder = builder.tempdir_in(above).map_err(failed)?;
        let partial = Partial::new(folder.path());
        Ok(OutFolder { folder, target: path.to_owned(), _partial: partial })
    }
}

/// A file under way; without [`OutFile::finish`] nothing changes.
pub struct OutFile(Sink);

impl OutFile {
    /// What to write to.
    pub fn writer(&mut self) -> &mut dyn Write {
        &mut self.0
    }

    /// Puts it under its name.
    pub fn finish(self) -> anyhow::Result<()> {
        self.0.finish()
    }
}

/// A folder under way; without [`OutFolder::finish`] nothing changes.
pub struct OutFolder {
    folder: TempDir,
    target: PathBuf,
    _partial: Partial,
}

impl OutFolder {
    /// Where its files are written.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// An error of writing in it, with the name that it will have.
    pub fn failed(&self, error: &std::io::Error) -> anyhow::Error {
        cannot_write(&self.target, error)
    }

    /// Puts it under its name, in place of an earlier export.
    pub fn finish(self) -> anyhow::Result<()> {
        let OutFolder { folder, target, .. } = &self;
        let failed = |e: std::io::Error| cannot_write(target, &e);
        if !target.exists() {
            return std::fs::rename(folder.path(), target).map_err(failed);
        }
        // what was there goes aside first: two renames, and no moment with half of each
        let aside = tempfile::Builder::new()
            .prefix(".nianbao-")
            .suffix(".old")
            .tempdir_in(folder.path().parent().unwrap_or(Path::new(".")))
            .map_err(failed)?;
        let old = aside.path().join("old");
        std::fs::rename(target, &old).map_err(failed)?;
        if let Err(error) = std::fs::rename(folder.path(), target) {
            std::fs::rename(&old, target).map_err(failed)?;
            return Err(failed(error));
        }
        Ok(())
    }
}
