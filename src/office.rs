//! LibreOffice, which reads what no reader here reads as well, and runs by itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rust_i18n::t;
use tempfile::TempDir;

use crate::load::{Cause, Unread};
use crate::reader::{Kind, MAX_UNPACKED};
use crate::{process, reason};

/// Names of the program, on the path of programs and where macOS has it.
const PROGRAMS: [&str; 3] =
    ["soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice"];
/// What it makes of a file: all that it is asked for are texts.
const TARGET: &str = "docx";
/// Starting takes some seconds, the first time with a new profile most.
const START: Duration = Duration::from_secs(40);
/// And then each file.
const EACH: Duration = Duration::from_secs(10);
/// Files that are converted in one go.
pub const BATCH: usize = 32;
/// Address space that it may take: it maps far more than it uses.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 6 << 30;

/// LibreOffice as found on this machine.
#[derive(Debug)]
pub struct Office {
    program: PathBuf,
    /// Its profile, apart from the user's, so that a window that is open does not matter. One
    /// process at a time has it.
    profile: Mutex<Option<TempDir>>,
}

impl Office {
    /// The program named by `NIANBAO_SOFFICE`, or the one on the path; none where there is none, or
    /// where the name is empty.
    #[must_use]
    pub fn find() -> Option<Office> {
        let found = match std::env::var_os("NIANBAO_SOFFICE") {
            Some(named) => Some(PathBuf::from(named)).filter(|p| p.is_file()),
            None => PROGRAMS.into_iter().find_map(on_path),
        };
        found.map(|program| Office { program, profile: Mutex::default() })
    }

    /// Converts one file.
    ///
    /// # Errors
    /// When LibreOffice fails or makes nothing of it.
    pub fn convert_one(&self, bytes: &[u8], kind: Kind) -> Result<Vec<u8>, Unread> {
        self.convert(&[(bytes, kind)]).pop().unwrap_or_else(|| Err(failed(kind)))
    }

    /// Converts files in one go, each on its own where that fails.
    #[must_use]
    pub fn convert(&self, files: &[(&[u8], Kind)]) -> Vec<Result<Vec<u8>, Unread>> {
        let mut made = self.together(files);
        if files.len() > 1 {
            for (file, made) in files.iter().zip(&mut made) {
                if made.is_err() {
                    *made = self.convert_one(file.0, file.1);
                }
            }
        }
        made
    }

    fn together(&self, files: &[(&[u8], Kind)]) -> Vec<Result<Vec<u8>, Unread>> {
        self.run(files).unwrap_or_else(|e| {
            let reason = reason::of_io(&e);
            let unread = Unread::new(Cause::Office, t!("office.failed_to_run", reason = reason));
            vec![Err(unread); files.len()]
        })
    }

    fn run(&self, files: &[(&[u8], Kind)]) -> std::io::Result<Vec<Result<Vec<u8>, Unread>>> {
        let mut profile = self.profile.lock().unwrap_or_else(PoisonError::into_inner);
        let profile = match &mut *profile {
            Some(profile) => profile,
            none => none.insert(TempDir::new()?),
        };
        let work = TempDir::new()?;
        let mut paths = Vec::with_capacity(files.len());
        for (n, (bytes, kind)) in files.iter().enumerate() {
            let path = work.path().join(format!("{n}.{}", kind.key()));
            std::fs::write(&path, bytes)?;
            paths.push(path);
        }
        self.start(profile.path(), work.path(), &paths)?;
        Ok(files
            .iter()
            .enumerate()
            .map(|(n, (_, kind))| {
                let path = work.path().join("out").join(format!("{n}.{TARGET}"));
                let is_small = std::fs::metadata(&path).is_ok_and(|m| m.len() <= MAX_UNPACKED);
                let made = std::fs::read(path).ok().filter(|_| is_small);
                made.ok_or_else(|| failed(*kind))
            })
            .collect())
    }

    /// Runs LibreOffice until it is done or its time is over.
    fn start(&self, profile: &Path, work: &Path, files: &[PathBuf]) -> std::io::Result<()> {
        let mut command = Command::new(&self.program);
        command.arg(format!("-env:UserInstallation=file://{}", profile.display()));
        command.args(["--headless", "--norestore", "--convert-to", TARGET, "--outdir"]);
        command.arg(work.join("out")).args(files).current_dir(work);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        process::set_apart(&mut command);
        let mut child = command.spawn()?;
        limit(&child);
        let end = Instant::now() + START + EACH * files.len() as u32;
        while child.try_wait()?.is_none() {
            if Instant::now() > end {
                process::end(&mut child);
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

fn failed(kind: Kind) -> Unread {
    let reason = match kind {
        Kind::Compound => t!("office.failed_unknown", kind = kind.word()),
        _ => t!("office.failed", kind = kind.word()),
    };
    Unread::new(Cause::Office, reason)
}

/// A program by its name on the path, or by its place.
fn on_path(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|p| p.is_file());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|p| p.is_file())
}

/// Limits what it may take, where the system can.
fn limit(child: &std::process::Child) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};
        let most = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
        // one that has ended already needs none
        let _ = prlimit(Pid::from_raw(child.id().cast_signed()), Resource::As, most);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = child;
}
