//! From bytes to a [`document`] of paragraphs and grids, whatever the format: nothing here knows of
//! the form. A file is what its content says, not what its name says ([`Kind`]).
//!
//! A reader keeps to bounds on what it unpacks, nests and spans; what still hangs or dies costs one
//! file only where it runs behind a shield.

mod compound;
mod doc;
pub mod document;
mod docx;
mod dom;
mod encoding;
mod flow;
mod html;
mod kind;
mod look;
mod mht;
pub mod ocr;
mod odf;
mod ofd;
mod package;
mod page;
mod pdf;
mod picture;
mod raised;
mod rows;
mod rtf;
mod sheet;
mod text;
mod xls;
mod xlsx;
mod xml;

pub use kind::Kind;
pub use picture::Picture;

use rust_i18n::t;

use document::Document;
use kind::is_html;

/// What a file may unpack to at most, in bytes: a report has a few hundred kilobytes.
pub const MAX_UNPACKED: u64 = 64 << 20;
/// Spans beyond this many columns or rows are a mistake of the document; the form needs 15.
pub const MAX_SPAN: u16 = 100;

/// A file that cannot be read as a document. Always about the file, never about what it says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// Nothing in it.
    #[error("{}", t!("parse.empty"))]
    Empty,
    /// Of a kind that holds no report, or that is not read here.
    #[error("{}", not_read(*.0))]
    Kind(Kind),
    /// An attack, or a broken generator.
    #[error("{}", t!("parse.too_deep"))]
    TooDeep,
    /// It unpacks to more than [`MAX_UNPACKED`].
    #[error("{}", t!("parse.too_large", limit = MAX_UNPACKED >> 20))]
    TooLarge,
    /// Torn, or not what its first bytes say.
    #[error("{}", t!("parse.damaged", kind = .0.word()))]
    Damaged(Kind),
    /// It took more memory than there is.
    #[error("{}", t!("parse.no_memory"))]
    NoMemory,
    /// A password is asked for.
    #[error("{}", t!("parse.locked"))]
    Locked,
    /// Its characters could not be recognized.
    #[error(transparent)]
    Recognition(#[from] ocr::Failure),
    /// Its pages are pictures: those without text, from 1.
    #[error("{}", no_text(.0))]
    NoText(Vec<u32>),
    /// A document that is no PDF and holds pictures of pages and next to no text: how many pictures.
    #[error("{}", t!("parse.pictures", count = .0))]
    Pictures(usize),
}

fn not_read(kind: Kind) -> String {
    let word = kind.word();
    match kind {
        Kind::Zip | Kind::Rar | Kind::SevenZip => t!("parse.unpack", kind = word),
        _ if kind.is_for_office() => t!("parse.needs_office", kind = word),
        _ => t!("parse.not_text", kind = word),
    }
    .into_owned()
}

fn no_text(pages: &[u32]) -> String {
    let pages: Vec<String> = pages.iter().map(u32::to_string).collect();
    t!("parse.no_text", pages = pages.join(&t!("parse.and"))).to_string()
}

/// Why a part of a file of that kind could not be unpacked.
fn of_unpacking(error: &std::io::Error, kind: Kind) -> Unreadable {
    match error.kind() {
        std::io::ErrorKind::OutOfMemory => Unreadable::NoMemory,
        _ => Unreadable::Damaged(kind),
    }
}

/// Finds out what the bytes are and reads them.
///
/// # Errors
/// When they are no document, or none that is read here.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    let doc = read_as(Kind::of(bytes), bytes)?;
    if doc.is_pictures() { Err(Unreadable::Pictures(doc.pictures)) } else { Ok(doc) }
}

fn read_as(kind: Kind, bytes: &[u8]) -> Result<Document, Unreadable> {
    match kind {
        Kind::Text | Kind::Html => read_text(bytes),
        Kind::Pdf => pdf::read(bytes),
        Kind::Ofd => page::document(ofd::pages(bytes)?, Kind::Ofd.media_type()),
        Kind::Mht => mht::read(bytes),
        Kind::Docx => docx::read(bytes),
        Kind::Xlsx => xlsx::read(bytes),
        Kind::Odt => odf::read_text(bytes),
        Kind::Ods => odf::read_sheets(bytes),
        Kind::Doc => doc::read(bytes),
        Kind::Xls => xls::read(bytes),
        Kind::Rtf => rtf::read(bytes),
        Kind::Picture => Err(Unreadable::NoText(vec![1])),
        Kind::Locked => Err(Unreadable::Locked),
        kind => Err(Unreadable::Kind(kind)),
    }
}

/// The pictures that the pages of a document show, for the recognition of characters.
///
/// # Errors
/// When the bytes are no document with pages.
pub fn pictures(bytes: &[u8]) -> Result<Vec<Picture>, Unreadable> {
    match Kind::of(bytes) {
        Kind::Pdf => pdf::pictures(bytes),
        kind => Err(Unreadable::Kind(kind)),
    }
}

/// Reads text or a page in any encoding.
fn read_text(bytes: &[u8]) -> Result<Document, Unreadable> {
    let (text, encoding) = encoding::decode(bytes);
    let mut doc = if is_html(&text) {
        html::read(&text).map_err(|_| Unreadable::TooDeep)?
    } else {
        text::read(&text)
    };
    doc.encoding = Some(encoding.name());
    Ok(doc)
}
