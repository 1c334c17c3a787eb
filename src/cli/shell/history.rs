//! Where what was typed is kept from one session to the next.

use std::env;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use reedline::FileBackedHistory;

/// Entries kept.
const ENTRIES: usize = 10_000;

/// The history of the user; none where there is no place for it.
pub fn open() -> Option<FileBackedHistory> {
    let file = file(&|name| env::var_os(name).map(PathBuf::from), env::home_dir())?;
    make_private(&file).ok()?;
    FileBackedHistory::with_file(ENTRIES, file).ok()
}

/// The file: `nianbao/history` in the user's folder for state.
fn file(variable: &dyn Fn(&str) -> Option<PathBuf>, home: Option<PathBuf>) -> Option<PathBuf> {
    // the specification wants relative paths ignored
    let folder = |name| variable(name).filter(|path| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| {
        if cfg!(windows) {
            folder("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            Some(home?.join("Library/Application Support"))
        } else {
            Some(home?.join(".local/state"))
        }
    })?;
    Some(state.join("nianbao/history"))
}

/// Makes the file, if there is none, for its owner alone: questions may tell what is looked into.
fn make_private(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_file_is_in_the_folder_for_state() {
        let home = || Some(PathBuf::from("/home/a"));
        let with = |state: &'static str| {
            file(&|name| (name == "XDG_STATE_HOME").then(|| PathBuf::from(state)), home())
        };
        assert_eq!(with("/s"), Some(PathBuf::from("/s/nianbao/history")));
        let fallback = Some(PathBuf::from("/home/a/.local/state/nianbao/history"));
        assert_eq!(with("relative"), fallback);
        assert_eq!(file(&|_| None, home()), fallback);
        assert_eq!(file(&|_| None, None), None);
    }

    #[test]
    #[cfg(unix)]
    fn the_file_is_its_owner_s_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("there is room");
        let file = folder.path().join("a/history");
        make_private(&file).expect("it can be made");
        let mode = file.metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
