//! Zip archives: the files in one, without unpacking it to the disk.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::GB18030;
use rust_i18n::t;
use tempfile::{NamedTempFile, TempPath};
use zip::ZipArchive;
use zip::result::ZipError;

use super::MAX_FILE;
use super::unread::{Cause, Unread};
use crate::reader::{Kind, Unreadable};

/// More files than any archive of reports has.
const MAX_MEMBERS: usize = 100_000;
/// Archives in archives: of a city, with those of its counties, with those of their units.
const MAX_DEPTH: usize = 3;
/// What archives in one archive may take on the disk while they are read.
const MAX_INNER: u64 = 1 << 30;

/// A file in an archive.
#[derive(Debug, Clone)]
pub struct Member {
    archive: Arc<Archive>,
    index: usize,
    /// Its bytes, as the archive tells.
    pub size: u64,
}

/// An archive on the disk, or one within another that was laid there for the time.
#[derive(Debug)]
enum Archive {
    File(PathBuf),
    Inner(TempPath),
}

impl Archive {
    fn path(&self) -> &Path {
        match self {
            Archive::File(path) => path,
            Archive::Inner(path) => path,
        }
    }

    fn open(&self) -> Result<Zip, Unread> {
        let file = File::open(self.path()).map_err(|e| Unread::of_io(&e))?;
        ZipArchive::new(BufReader::new(file)).map_err(|e| of_zip(&e))
    }
}

thread_local! {
    /// The archive that this thread read last: its files are asked for one after the other, and
    /// reading the list of thousands takes long.
    static OPEN: RefCell<Option<(Arc<Archive>, Zip)>> =
        const { RefCell::new(None) };
}

type Zip = ZipArchive<BufReader<File>>;

/// A name within an archive, with the file of that name; in place of a file why an archive within
/// could not be opened.
pub type Named = (String, Result<Member, Unread>);

/// The files in the archive at `path` by their names in it, those of archives within among them.
/// None where the file is no archive, but a document that is packed like one.
///
/// # Errors
/// When it is an archive and cannot be opened.
pub fn members(path: &Path) -> Result<Option<Vec<Named>>, Unread> {
    let archive = Arc::new(Archive::File(path.to_owned()));
    let mut found = Vec::new();
    let mut room = MAX_INNER;
    let is_archive = list(&archive, "", 1, &mut room, &mut found)?;
    Ok(is_archive.then_some(found))
}

fn list(
    archive: &Arc<Archive>,
    within: &str,
    depth: usize,
    room: &mut u64,
    found: &mut Vec<Named>,
) -> Result<bool, Unread> {
    let mut zip = archive.open()?;
    if zip.len() > MAX_MEMBERS {
        return Err(Unread::new(Cause::Size, t!("load.many_members", most = MAX_MEMBERS)));
    }
    if zip.file_names().flatten().any(|n| Kind::of_part(&n).is_some()) {
        return Ok(false);
    }
    for index in 0..zip.len() {
        let member = match zip.by_index_raw(index) {
            Ok(member) => member,
            // its name is not known either
            Err(e) => {
                found.push((format!("{within}#{}", index + 1), Err(of_zip(&e))));
                continue;
            }
        };
        if member.is_dir() || member.is_symlink() {
            continue;
        }
        let name = format!("{within}{}", plain(&name_of(member.name_raw())));
        let size = member.size();
        drop(member);
        let member = Member { archive: archive.clone(), index, size };
        if !name.to_ascii_lowercase().ends_with(".zip") {
            found.push((name, Ok(member)));
        } else if let Err(unread) = inner(&member, &name, depth, room, found) {
            found.push((name, Err(unread)));
        }
    }
    Ok(true)
}

/// Lists an archive within an archive.
fn inner(
    member: &Member,
    name: &str,
    depth: usize,
    room: &mut u64,
    found: &mut Vec<Named>,
) -> Result<(), Unread> {
    if depth == MAX_DEPTH || member.size > *room {
        return Err(Unread::new(Cause::Size, t!("load.nested_archive")));
    }
    let bytes = member.bytes()?;
    *room = room.saturating_sub(bytes.len() as u64);
    let cannot = |e: std::io::Error| Unread::of_io(&e);
    let mut file = NamedTempFile::new().map_err(cannot)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(cannot)?;
    let archive = Arc::new(Archive::Inner(file.into_temp_path()));
    if !list(&archive, &format!("{name}/"), depth + 1, room, found)? {
        // a document by the name of an archive
        found.push((name.to_owned(), Ok(member.clone())));
    }
    Ok(())
}

impl Member {
    /// Its bytes, unpacked.
    ///
    /// # Errors
    /// When it is too large, locked or damaged, or the archive is gone.
    pub fn bytes(&self) -> Result<Vec<u8>, Unread> {
        OPEN.with_borrow_mut(|open| {
            if !open.as_ref().is_some_and(|(archive, _)| Arc::ptr_eq(archive, &self.archive)) {
                *open = Some((self.archive.clone(), self.archive.open()?));
            }
            let Some((_, zip)) = open else { return Err(Unreadable::Damaged(Kind::Zip).into()) };
            self.unpack(zip)
        })
    }

    fn unpack(&self, zip: &mut Zip) -> Result<Vec<u8>, Unread> {
        if self.size > MAX_FILE {
            return Err(Unread::too_large());
        }
        let member = zip.by_index(self.index).map_err(|e| of_zip(&e))?;
        let mut bytes = Vec::new();
        // one byte more than it says tells that it says wrongly
        let read = member.take(self.size + 1).read_to_end(&mut bytes);
        if read.is_err() || bytes.len() as u64 != self.size {
            return Err(Unreadable::Damaged(Kind::Zip).into());
        }
        Ok(bytes)
    }
}

/// A name as it is meant: UTF-8, or as Chinese Windows writes it.
fn name_of(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// A name that stays within its archive and is one line.
fn plain(name: &str) -> String {
    let name = name.replace('\\', "/").replace(char::is_control, "�");
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}

fn of_zip(error: &ZipError) -> Unread {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Unreadable::Locked.into(),
        ZipError::UnsupportedArchive(_) => Unread::new(Cause::Format, t!("load.packed_otherwise")),
        _ => Unreadable::Damaged(Kind::Zip).into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut out = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            out.start_file(*name, SimpleFileOptions::default()).unwrap();
            out.write_all(bytes).unwrap();
        }
        out.finish().unwrap().into_inner()
    }

    fn names(bytes: &[u8]) -> Option<Vec<(String, bool)>> {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let found = members(file.path()).unwrap()?;
        Some(found.into_iter().map(|(name, member)| (name, member.is_ok())).collect())
    }

    #[test]
    fn archives_within_archives_are_read_through() {
        let inner = zip(&[("报告/甲.html", b"1"), ("../../etc/b.txt", b"2")]);
        let outer = zip(&[("县.zip", &inner), ("c.txt", b"3"), ("broken.zip", b"PK\x03\x04")]);
        let expected = [
            ("县.zip/报告/甲.html", true),
            ("县.zip/etc/b.txt", true),
            ("c.txt", true),
            ("broken.zip", false),
        ];
        let expected = expected.map(|(name, ok)| (name.to_owned(), ok));
        assert_eq!(names(&outer).unwrap(), expected);
    }

    #[test]
    fn a_document_is_no_archive() {
        assert_eq!(names(&zip(&[("word/document.xml", b"<x/>")])), None);
    }

    #[test]
    fn names_of_chinese_windows_are_read() {
        let (gbk, _, _) = GB18030.encode("政务公开办");
        assert_eq!(name_of(&gbk), "政务公开办");
        assert_eq!(plain("a\\..\\b\n.txt"), "a/b�.txt");
    }

    #[test]
    fn a_bomb_is_cut_off() {
        let bomb = zip(&[("a.txt", &vec![b' '; MAX_FILE as usize + 10])]);
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(&bomb).unwrap();
        let (_, member) = members(file.path()).unwrap().unwrap().remove(0);
        assert_eq!(member.unwrap().bytes().unwrap_err().cause, Cause::Size);
    }
}
