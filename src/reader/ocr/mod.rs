//! Scans: pages that are pictures, their characters recognized by the program [`Tesseract`].
//!
//! A picture is cleaned of specks ([`ink`]), laid straight ([`skew`]) and its ruled lines are found
//! ([`ruling`]), which make the cells of its tables as those of any page do. Text is cut into lines
//! ([`strips`]), each recognized by itself: whole pages with rules are read badly. Lines in cells are
//! read as figures as well ([`figure`]). What comes out is a page of characters with their places,
//! each with how sure it is.

mod decode;
mod figure;
mod ink;
mod raster;
mod ruling;
mod skew;
mod strips;
mod tesseract;

pub use tesseract::{Failure, PROGRAM, Tesseract};

use std::collections::HashMap;

use super::document::Document;
use super::page::{self, Glyph, Page, Rule};
use super::{Kind, Unreadable, pdf};
use crate::report::{Finding, Severity, said};
use decode::Scan;
use ink::Ink;
use raster::{Area, Gray};
use strips::Strip;
use tesseract::{Look, Word};

/// Dots of a page beyond this many are not looked at: A3 at 600 an inch has 70 million.
const MAX_DOTS: usize = 80_000_000;
/// How far around a dot decides whether it is ink, in points.
const AROUND: f32 = 12.0;
/// A page that falls less than this, in dots a dot to the right, lies straight.
const STRAIGHT: f32 = 0.0004;
/// How far beside a ruled line its shade reaches, in points.
const SHADE: f32 = 0.35;
/// White around a picture that is recognized.
const MARGIN: f32 = 10.0;
/// How tall a line of text is recognized best, in dots.
const LINE: f32 = 28.0;
/// Likewise a figure.
const FIGURE: f32 = 32.0;
/// Likewise a figure looked at another way.
const DIGITS: f32 = 40.0;
/// A line in a cell wider than this many times its height is no figure.
const WIDE: f32 = 12.0;

/// Finds out what the bytes are and reads them, the characters of pages that are pictures
/// recognized.
///
/// # Errors
/// As [`super::read`], and when the program fails.
pub fn read(bytes: &[u8], tesseract: &Tesseract) -> Result<Document, Unreadable> {
    let kind = Kind::of(bytes);
    let (pages, recognized) = match kind {
        Kind::Pdf => of_pdf(bytes, tesseract)?,
        Kind::Picture => (vec![recognize(decode::picture(bytes)?, tesseract)?], vec![1]),
        _ => return super::read(bytes),
    };
    let mut doc = page::document(pages, kind.media_type())?;
    if !recognized.is_empty() {
        doc.is_recognized = true;
        doc.findings.push(by_recognition(&recognized));
    }
    Ok(doc)
}

/// Says which pages were recognized.
fn by_recognition(pages: &[u32]) -> Finding {
    Finding {
        rule: "read-by-ocr".to_owned(),
        severity: Severity::Info,
        message: said!("finding.read_by_ocr", pages = page::numbers(pages)),
        cells: Vec::new(),
    }
}

/// The pages of a PDF, and which of them were pictures.
fn of_pdf(bytes: &[u8], tesseract: &Tesseract) -> Result<(Vec<Page>, Vec<u32>), Unreadable> {
    let mut pages = pdf::pages(bytes)?;
    let wanted: HashMap<u32, (f32, f32)> =
        pages.iter().filter(|p| p.is_picture()).map(|p| (p.number, (p.width, p.height))).collect();
    let mut recognized = Vec::new();
    let mut failure = None;
    pdf::pictures_of(
        bytes,
        |number| wanted.contains_key(&number),
        |number, pictures| {
            let scan = wanted.get(&number).and_then(|size| decode::page(number, *size, &pictures));
            drop(pictures);
            let Some(scan) = scan else { return true };
            match recognize(scan, tesseract) {
                Ok(page) => recognized.push(page),
                Err(e) => failure = Some(e),
            }
            failure.is_none()
        },
    )?;
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    let numbers = recognized.iter().map(|p: &Page| p.number).collect();
    for page in recognized {
        if let Some(known) = pages.iter_mut().find(|p| p.number == page.number) {
            *known = Page { width: known.width, height: known.height, ..page };
        }
    }
    Ok((pages, numbers))
}

/// A page from its picture.
fn recognize(scan: Scan, tesseract: &Tesseract) -> Result<Page, Failure> {
    let Scan { page: number, gray, scale } = scan;
    let (mut gray, mut ink) = straight(ink::without_specks(&gray), scale);
    let mut page = Page {
        number,
        width: gray.width as f32 / scale,
        height: gray.height as f32 / scale,
        ..Page::default()
    };
    let lines = ruling::ruling(&ink, scale);
    let points = |from: usize, to: usize| (from + to) as f32 / 2.0 / scale;
    let ends = |from: usize, to: usize| (from as f32 / scale, to as f32 / scale);
    let rule = |at, (from, to)| Rule { at, from, to };
    page.across = lines.across.iter().map(|a| rule(points(a.y0, a.y1), ends(a.x0, a.x1))).collect();
    page.down = lines.down.iter().map(|a| rule(points(a.x0, a.x1), ends(a.y0, a.y1))).collect();
    let shade = (SHADE * scale).ceil() as usize;
    for line in lines.across.iter().chain(&lines.down) {
        let area = Area {
            x0: line.x0.saturating_sub(shade),
            y0: line.y0.saturating_sub(shade),
            x1: line.x1 + shade,
            y1: line.y1 + shade,
        };
        gray.whiten(area);
        ink.clear(area);
    }
    let cells: Vec<Area> = page::cells(&page).into_iter().map(|c| in_dots(c, scale)).collect();
    let (strips, size) = strips::strips(ink::pieces(&ink.runs(1, 0)), &cells, scale);
    let reading = Reading { gray: &gray, strips: &strips, size, scale };
    page.glyphs = reading.glyphs(tesseract)?;
    Ok(page)
}

fn in_dots([x0, y0, x1, y1]: [f32; 4], scale: f32) -> Area {
    let dots = |points: f32| (points.max(0.0) * scale).round() as usize;
    Area { x0: dots(x0), y0: dots(y0), x1: dots(x1), y1: dots(y1) }
}

/// A picture laid straight, and its ink.
fn straight(gray: Gray, scale: f32) -> (Gray, Ink) {
    let reach = (AROUND * scale) as usize;
    let ink = Ink::of(&gray, reach);
    let slope = skew::slope(&ink);
    if slope.abs() < STRAIGHT {
        return (gray, ink);
    }
    let gray = gray.levelled(slope);
    let ink = Ink::of(&gray, reach);
    (gray, ink)
}

/// The lines of text of a picture on their way to characters.
struct Reading<'p> {
    gray: &'p Gray,
    strips: &'p [Strip],
    /// How tall characters are on this page, in dots.
    size: f32,
    scale: f32,
}

/// A part of a picture made ready, and how to get back from it.
struct Crop {
    gray: Gray,
    left: f32,
    top: f32,
    zoom: f32,
}

impl Reading<'_> {
    fn glyphs(&self, tesseract: &Tesseract) -> Result<Vec<Glyph>, Failure> {
        let of = |look: Look| -> Vec<usize> {
            (0..self.strips.len()).filter(|i| self.is_for(*i, look)).collect()
        };
        let looks = [Look::Line, Look::Block, Look::Figure, Look::Digits];
        let jobs = looks.map(|look| (look, of(look)));
        let mut read = jobs.iter().map(|(look, wanted)| self.read(tesseract, *look, wanted));
        let mut next = || read.next().unwrap_or_else(|| Ok(HashMap::new()));
        let (line, block, figures, digits) = (next()?, next()?, next()?, next()?);
        let none = (Vec::new(), 0.0, 0.0, 1.0);
        let mut out = Vec::new();
        for (i, strip) in self.strips.iter().enumerate() {
            let words = line.get(&i).or_else(|| block.get(&i)).unwrap_or(&none);
            let other = |read: &HashMap<usize, Back>| read.get(&i).map(|r| r.0.clone());
            let number = other(&figures).and_then(|f| {
                figure::figure(strip, &words.0, &f, &other(&digits).unwrap_or_default())
            });
            match number {
                Some((text, sure)) => self.put(strip, &text, sure, &mut out),
                None if words.0.is_empty() && strip.cell.is_some() => {
                    self.put(strip, "\u{FFFD}", 0, &mut out);
                }
                None => self.put_words(strip, words, &mut out),
            }
        }
        Ok(out)
    }

    /// Whether a line is to be looked at in some way.
    fn is_for(&self, i: usize, look: Look) -> bool {
        let strip = &self.strips[i];
        let narrow = (strip.area.width() as f32) < WIDE * self.height(strip);
        match look {
            Look::Line => !strip.is_block,
            Look::Block => strip.is_block,
            Look::Figure | Look::Digits => strip.cell.is_some() && !strip.is_block && narrow,
        }
    }

    /// How tall a line is at least: a dash alone is no line of its own height.
    fn height(&self, strip: &Strip) -> f32 {
        (strip.area.height() as f32).max(0.6 * self.size)
    }

    fn read(
        &self,
        tesseract: &Tesseract,
        look: Look,
        wanted: &[usize],
    ) -> Result<HashMap<usize, Back>, Failure> {
        let crops: Vec<Crop> = wanted.iter().map(|i| self.crop(&self.strips[*i], look)).collect();
        let pictures: Vec<Gray> = crops.iter().map(|c| c.gray.clone()).collect();
        let words = tesseract.read(&pictures, look)?;
        let back = words.into_iter().zip(&crops).map(|(w, c)| (w, c.left, c.top, c.zoom));
        Ok(wanted.iter().copied().zip(back).collect())
    }

    fn crop(&self, strip: &Strip, look: Look) -> Crop {
        let height = self.height(strip);
        let zoom = match look {
            Look::Line => LINE / height,
            Look::Block => LINE / strip.size,
            Look::Figure => FIGURE / height,
            Look::Digits => DIGITS / height,
        };
        let zoom = zoom.clamp(0.2, 4.0);
        let more = ((height - strip.area.height() as f32) / 2.0).round() as usize;
        let area = Area {
            y0: strip.area.y0.saturating_sub(more),
            y1: (strip.area.y1 + more).min(self.gray.height),
            ..strip.area
        };
        let margin = (MARGIN / zoom).ceil() as usize;
        let gray = self.gray.crop(area, margin).scaled(zoom);
        let (left, top) = (area.x0 as f32 - margin as f32, area.y0 as f32 - margin as f32);
        Crop { gray, left, top, zoom }
    }

    /// A figure in the middle of its line.
    fn put(&self, strip: &Strip, text: &str, sure: u8, out: &mut Vec<Glyph>) {
        let (x0, x1) = (strip.area.x0 as f32, strip.area.x1 as f32);
        let middle = (strip.area.y0 + strip.area.y1) as f32 / 2.0;
        self.spread(text, sure, (x0, x1), (middle, strip.size), out);
    }

    fn put_words(&self, strip: &Strip, (words, left, top, zoom): &Back, out: &mut Vec<Glyph>) {
        let middle = (strip.area.y0 + strip.area.y1) as f32 / 2.0;
        for word in words {
            let x = |x: f32| left + x / zoom;
            let middle = match strip.is_block {
                true => top + (word.y0 + word.y1) / 2.0 / zoom,
                false => middle,
            };
            let ends = (x(word.x0), x(word.x1));
            self.spread(&word.text, word.confidence, ends, (middle, strip.size), out);
        }
    }

    /// Characters side by side between two ends; the middle of their line and their height.
    fn spread(
        &self,
        text: &str,
        sure: u8,
        (x0, x1): (f32, f32),
        (middle, size): (f32, f32),
        out: &mut Vec<Glyph>,
    ) {
        // lines of running text are as tall as most of the page
        let alike = (0.7..1.4).contains(&(size / self.size));
        let size = if alike { self.size } else { size };
        let share = |c: char| if c.is_ascii() { 0.55 } else { 1.0 };
        let all: f32 = text.chars().map(share).sum();
        let mut from = x0;
        for c in text.chars() {
            let to = from + share(c) / all * (x1 - x0);
            out.push(Glyph {
                c,
                x0: from / self.scale,
                x1: to / self.scale,
                y: (middle + 0.35 * size) / self.scale,
                size: size / self.scale,
                confidence: Some(sure),
            });
            from = to;
        }
    }
}

/// Words of a crop, with its place and size.
type Back = (Vec<Word>, f32, f32, f32);
