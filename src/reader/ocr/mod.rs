//! Scans: pages that are pictures, their characters recognized by the program [`Tesseract`].
//!
//! A picture is cleaned of specks (`ink`), laid straight (`skew`) and its ruled lines are found
//! (`ruling`), which make the cells of its tables as those of any page do. Text is cut into lines
//! (`strips`), each recognized by itself (`reading`): whole pages with rules are read badly. Lines
//! in cells are read as figures as well (`figure`). What comes out is a page of characters with
//! their places, each with how sure it is.

mod decode;
mod figure;
mod ink;
mod raster;
mod reading;
mod ruling;
mod skew;
mod strips;
mod tesseract;

pub use tesseract::{Failure, PROGRAM, Tesseract};

use std::collections::HashMap;

use super::document::{Block, Document};
use super::page::{self, Page, Rule};
use super::{Kind, Unreadable, pdf};
use crate::report::{Finding, READ_BY_OCR, Severity, said};
use decode::Scan;
use ink::Ink;
use raster::{Area, Gray};
use reading::Reading;

/// Dots of a page beyond this many are not looked at: A3 at 600 an inch has 70 million.
const MAX_DOTS: usize = 80_000_000;
/// How far around a dot decides whether it is ink, in points.
const AROUND: f32 = 12.0;
/// A page that falls less than this, in dots a dot to the right, lies straight.
const STRAIGHT: f32 = 0.0004;
/// How sure a cell is that was found by gaps, of 100.
const GUESSED: u8 = 50;
/// How far beside a ruled line its shade reaches, in points.
const SHADE: f32 = 0.35;

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
        doubt_what_was_guessed(&mut doc, &recognized);
        doc.findings.push(by_recognition(&recognized));
    }
    Ok(doc)
}

/// Cells of tables that have no ruled lines were told by gaps alone and not read as figures.
fn doubt_what_was_guessed(doc: &mut Document, pages: &[u32]) {
    let grids = doc.blocks.iter_mut().filter_map(|block| match block {
        Block::Grid(grid) => Some(grid),
        Block::Paragraph(_) => None,
    });
    let cells = grids.flat_map(|grid| grid.rows.iter_mut().flatten());
    for cell in cells.filter(|c| !c.text.is_empty()) {
        if cell.place.page.is_some_and(|p| pages.contains(&p)) {
            cell.confidence.get_or_insert(GUESSED);
        }
    }
}

/// Says which pages were recognized.
fn by_recognition(pages: &[u32]) -> Finding {
    Finding {
        rule: READ_BY_OCR.to_owned(),
        severity: Severity::Info,
        message: said!("finding.read_by_ocr", pages = page::numbers(pages)),
        cells: Vec::new(),
    }
}

/// The pages of a PDF, and which of them were pictures.
fn of_pdf(bytes: &[u8], tesseract: &Tesseract) -> Result<(Vec<Page>, Vec<u32>), Unreadable> {
    let mut pages = pdf::pages(bytes)?;
    let is_wanted = |p: &&Page| p.is_picture() || p.is_layer && p.pictured > 0.3;
    let size = |p: &Page| (p.number, (p.width, p.height));
    let wanted: HashMap<u32, (f32, f32)> = pages.iter().filter(is_wanted).map(size).collect();
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
    let lines = ruling::of_picture(&gray, &ink, scale);
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
    let found = strips::strips(ink::pieces(&ink.runs(1, 0)), &cells, scale);
    found.dirt.iter().for_each(|area| gray.whiten(*area));
    let reading = Reading { gray: &gray, strips: &found.strips, size: found.size, scale };
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
