//! PDF: what its pages draw, by an interpreter that knows fonts and their characters.
//!
//! Text that is drawn with no ink, the layer that character recognition puts behind a scan, counts
//! only on pages that have no other. Decompression has no bound in the interpreter: what a file
//! unpacks to is bounded by the shield that the program reads strangers' files behind.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point as At, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, Paint, SoftMask, TransformExt, interpret_page,
};

use super::document::Document;
use super::page::{self, MAX_GLYPHS, MAX_PAGES, Page, Sheet};
use super::picture::{self, Picture};
use super::{Kind, Unreadable, raised};

/// Points of a path beyond this many are a drawing: a border has four to twelve.
const MAX_POINTS: usize = 2_000;

/// Reads a PDF.
pub fn read(bytes: &[u8]) -> Result<Document, Unreadable> {
    let pdf = open(bytes)?;
    let mut doc = page::document(pages_of(&pdf)?, Kind::Pdf.media_type())?;
    let title = pdf.metadata().title.as_deref().and_then(title);
    doc.meta.extend(title.map(|title| ("title".to_owned(), title)));
    Ok(doc)
}

/// The title that a file notes: UTF-16 or UTF-8 with its mark, or plain ASCII.
fn title(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|u| u16::from_be_bytes([u[0], u[1]]));
            char::decode_utf16(units).collect::<Result<String, _>>().ok()?
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => std::str::from_utf8(rest).ok()?.to_owned(),
        bytes if bytes.is_ascii() => std::str::from_utf8(bytes).ok()?.to_owned(),
        _ => return None,
    };
    let text = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = text.filter(|w| !w.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The pages of a PDF.
pub fn pages(bytes: &[u8]) -> Result<Vec<Page>, Unreadable> {
    pages_of(&open(bytes)?)
}

fn pages_of(pdf: &Pdf) -> Result<Vec<Page>, Unreadable> {
    let mut pages = Vec::with_capacity(pdf.pages().len());
    let mut glyphs = 0;
    let all = |_| true;
    each(pdf, false, all, |number, canvas| {
        glyphs += canvas.sheet.count();
        let mut page = canvas.sheet.finish(number);
        raised::mark(&mut page.glyphs);
        pages.push(page);
        glyphs <= MAX_GLYPHS
    });
    if glyphs > MAX_GLYPHS {
        return Err(Unreadable::TooLarge);
    }
    Ok(pages)
}

/// The pictures on the pages of a PDF.
pub fn pictures(bytes: &[u8]) -> Result<Vec<Picture>, Unreadable> {
    let mut pictures: Vec<Picture> = Vec::new();
    let mut dots = 0;
    pictures_of(
        bytes,
        |_| true,
        |_, of_page| {
            for picture in of_page {
                dots += picture.gray.len();
                if dots <= picture::MAX_DOTS_OF_ALL {
                    pictures.push(picture);
                }
            }
            dots <= picture::MAX_DOTS_OF_ALL
        },
    )?;
    Ok(pictures)
}

/// The pictures of the pages that are wanted, page by page; until told to stop.
pub fn pictures_of(
    bytes: &[u8],
    wanted: impl Fn(u32) -> bool,
    mut then: impl FnMut(u32, Vec<Picture>) -> bool,
) -> Result<(), Unreadable> {
    let pdf = open(bytes)?;
    each(&pdf, true, wanted, |number, canvas| {
        let numbered = |picture| Picture { page: number, ..picture };
        then(number, canvas.pictures.into_iter().map(numbered).collect())
    });
    Ok(())
}

fn open(bytes: &[u8]) -> Result<Pdf, Unreadable> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|failure| match failure {
        LoadPdfError::Decryption(
            DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm,
        ) => Unreadable::Locked,
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => Unreadable::Damaged(Kind::Pdf),
    })?;
    match pdf.pages().len() {
        0 => Err(Unreadable::Damaged(Kind::Pdf)),
        n if n > MAX_PAGES => Err(Unreadable::TooLarge),
        _ => Ok(pdf),
    }
}

/// Draws each page that is wanted; until told to stop.
fn each(
    pdf: &Pdf,
    pictures: bool,
    wanted: impl Fn(u32) -> bool,
    mut then: impl FnMut(u32, Canvas) -> bool,
) {
    let cache = InterpreterCache::new();
    for (number, page) in (1..).zip(pdf.pages().iter()).filter(|(number, _)| wanted(*number)) {
        let mut canvas = Canvas::new(page, pictures);
        let (width, height) = page.render_dimensions();
        let mut context = Context::new(
            page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
            &cache,
            pdf.xref(),
            InterpreterSettings::default(),
        );
        interpret_page(page, &mut context, &mut canvas);
        if !then(number, canvas) {
            break;
        }
    }
}

/// Takes what a page draws.
struct Canvas {
    sheet: Sheet,
    /// Whether pictures are wanted, not text.
    wants_pictures: bool,
    pictures: Vec<Picture>,
}

impl Canvas {
    fn new(page: &Source<'_>, wants_pictures: bool) -> Canvas {
        let (width, height) = page.render_dimensions();
        Canvas { sheet: Sheet::new(width, height), wants_pictures, pictures: Vec::new() }
    }
}

fn point(at: At) -> (f32, f32) {
    (at.x as f32, at.y as f32)
}

impl<'a> Device<'a> for Canvas {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if self.wants_pictures || path.elements().len() > MAX_POINTS || is_clear(&props.paint) {
            return;
        }
        let parts = parts(path, props.transform);
        if matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            self.sheet.filled(&parts);
        }
        if let DrawMode::Stroke(pen) | DrawMode::FillAndStroke(_, pen) = mode {
            let scale = props.transform.determinant().abs().sqrt();
            self.sheet.stroked(&parts, (f64::from(pen.line_width) * scale) as f32);
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_clip_rect(&mut self, _: &Rect) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if self.wants_pictures || self.sheet.count() > MAX_GLYPHS {
            return;
        }
        let hidden = matches!(mode, DrawMode::Invisible);
        for glyph in run.glyphs() {
            let place = props.transform * glyph.transform();
            self.glyph(glyph, place, hidden);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
            .map(|c| point(props.transform * At::from(c)));
        if self.wants_pictures {
            self.pictures.extend(picture::of(&image, &corners));
        } else {
            self.sheet.picture(&corners);
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

impl Canvas {
    /// A glyph whose space, a thousand units to the size of its font, `place` puts on the page.
    fn glyph(&mut self, glyph: &Glyph<'_>, place: Affine, hidden: bool) {
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        let advance = f64::from(advance.unwrap_or(500.0)).max(1.0);
        let from = place * At::ZERO;
        let to = place * At::new(advance, 0.0);
        let up = place * At::new(0.0, 1000.0);
        let size = (up - from).hypot() as f32;
        let mut put = |c: char, from: At, to: At| {
            self.sheet.glyph(c, point(from), point(to), size, hidden);
        };
        match glyph.as_unicode() {
            Some(BfString::Char(c)) => put(c, from, to),
            // a ligature: its letters share its width
            Some(BfString::String(text)) => {
                let count = text.chars().count().max(1) as f64;
                for (i, c) in text.chars().enumerate() {
                    let at = |i: usize| from.lerp(to, i as f64 / count);
                    put(c, at(i), at(i + 1));
                }
            }
            None => put('\u{FFFD}', from, to),
        }
    }
}

/// Whether nothing is to be seen of it.
fn is_clear(paint: &Paint<'_>) -> bool {
    matches!(paint, Paint::Color(color) if color.to_rgba().to_rgba8()[3] == 0)
}

/// The parts of a path on the page, curves as lines to their ends.
fn parts(path: &BezPath, transform: Affine) -> Vec<Vec<(f32, f32)>> {
    let mut parts: Vec<Vec<(f32, f32)>> = Vec::new();
    for element in path.elements() {
        let to = match *element {
            PathEl::MoveTo(to) => {
                parts.push(vec![point(transform * to)]);
                continue;
            }
            PathEl::LineTo(to) | PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => {
                point(transform * to)
            }
            PathEl::ClosePath => match parts.last().and_then(|p| p.first()) {
                Some(first) => *first,
                None => continue,
            },
        };
        if let Some(part) = parts.last_mut() {
            part.push(to);
        }
    }
    parts
}
