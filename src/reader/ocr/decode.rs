//! The pictures of a file, page by page.

use std::io::Cursor;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::raster::Gray;
use super::{Failure, MAX_DOTS};
use crate::reader::page::Point;
use crate::reader::picture::{self, Picture};
use crate::reader::{Kind, Unreadable};

/// Dots a point beyond which reading gets no better: 300 an inch.
const ENOUGH: f32 = 300.0 / 72.0;
/// The shorter side of paper, in points: what a file of nothing but a picture is taken for.
const PAPER: f32 = 595.0;
/// Its longer side.
const PAPER_LONG: f32 = 842.0;

/// A page as one picture.
#[derive(Debug)]
pub struct Scan {
    /// Page, from 1.
    pub page: u32,
    /// What it shows.
    pub gray: Gray,
    /// Dots a point.
    pub scale: f32,
}

/// The one page that a picture file is.
pub fn picture(bytes: &[u8]) -> Result<Scan, Unreadable> {
    let gray = match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes)?,
        [0xFF, 0xD8, ..] => jpeg(bytes)?,
        _ => return Err(Failure::Format.into()),
    };
    let (width, height) = (gray.width as f32, gray.height as f32);
    let scale = match width <= height {
        // as long as it may be: a page of the web
        true => width / PAPER,
        false => width / PAPER_LONG,
    };
    let shrink = (ENOUGH / scale).min(1.0);
    Ok(Scan { page: 1, gray: gray.scaled(shrink), scale: scale * shrink })
}

fn png(bytes: &[u8]) -> Result<Gray, Unreadable> {
    let damaged = |_| Unreadable::Damaged(Kind::Picture);
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    bounded(width, height)?;
    let size = reader.output_buffer_size().ok_or(Unreadable::TooLarge)?;
    let mut data = vec![0; size];
    let info = reader.next_frame(&mut data).map_err(damaged)?;
    let mut gray = Gray::blank(width, height);
    let samples = info.color_type.samples();
    for (y, row) in data.chunks_exact(info.line_size).take(height).enumerate() {
        let dots = &mut gray.dots[y * width..(y + 1) * width];
        for (dot, color) in dots.iter_mut().zip(row.chunks_exact(samples)) {
            *dot = match *color {
                [light] => light,
                [light, alpha] => on_paper(light, alpha),
                [r, g, b] => picture::light([r, g, b]),
                [r, g, b, alpha, ..] => on_paper(picture::light([r, g, b]), alpha),
                [] => u8::MAX,
            };
        }
    }
    Ok(gray)
}

/// What shows of ink that is not all there.
fn on_paper(light: u8, alpha: u8) -> u8 {
    let (light, alpha) = (u32::from(light), u32::from(alpha));
    ((light * alpha + 255 * (255 - alpha)) / 255) as u8
}

fn jpeg(bytes: &[u8]) -> Result<Gray, Unreadable> {
    let damaged = |_| Unreadable::Damaged(Kind::Picture);
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or(Unreadable::Damaged(Kind::Picture))?;
    bounded(width, height)?;
    let dots = decoder.decode().map_err(damaged)?;
    match dots.len() == width * height {
        true => Ok(Gray { width, height, dots }),
        false => Err(Unreadable::Damaged(Kind::Picture)),
    }
}

fn bounded(width: usize, height: usize) -> Result<(), Unreadable> {
    match width.saturating_mul(height) {
        0 => Err(Unreadable::Damaged(Kind::Picture)),
        n if n > MAX_DOTS => Err(Unreadable::TooLarge),
        _ => Ok(()),
    }
}

/// A page of so many points as one picture: scanners may cut it into strips, lay it on its side or
/// upside down.
pub fn page(number: u32, size: Point, pictures: &[Picture]) -> Option<Scan> {
    let scale = pictures.iter().map(dots_a_point).fold(0.0, f32::max).min(ENOUGH);
    let (width, height) = ((size.0 * scale).round() as usize, (size.1 * scale).round() as usize);
    if width == 0 || height == 0 || width.saturating_mul(height) > MAX_DOTS {
        return None;
    }
    let mut gray = Gray::blank(width, height);
    for picture in pictures {
        lay(picture, &mut gray, scale);
    }
    Some(Scan { page: number, gray, scale })
}

/// How fine a picture is where it stands.
fn dots_a_point(picture: &Picture) -> f32 {
    let [left, right, ..] = picture.corners;
    let width = (right.0 - left.0).hypot(right.1 - left.1);
    if width > 0.0 { picture.width as f32 / width } else { 0.0 }
}

/// Lays a picture where it stands on the page.
fn lay(picture: &Picture, page: &mut Gray, scale: f32) {
    let own = Gray {
        width: picture.width as usize,
        height: picture.height as usize,
        dots: picture.gray.clone(),
    };
    let shrink = scale / dots_a_point(picture);
    let own = if shrink < 0.9 { own.scaled(shrink) } else { own };
    let [origin, right, _, down] = picture.corners.map(|(x, y)| (x * scale, y * scale));
    let (ux, uy) = (right.0 - origin.0, right.1 - origin.1);
    let (vx, vy) = (down.0 - origin.0, down.1 - origin.1);
    let area = ux * vy - uy * vx;
    if area.abs() < 1.0 || own.dots.is_empty() {
        return;
    }
    let [xs, ys] = [|c: &Point| c.0, |c: &Point| c.1].map(|side| {
        let sides = picture.corners.iter().map(|c| side(c) * scale);
        (sides.clone().fold(f32::MAX, f32::min), sides.fold(f32::MIN, f32::max))
    });
    let within = |(low, high): (f32, f32), end: usize| {
        (low.max(0.0) as usize).min(end)..(high.ceil().max(0.0) as usize).min(end)
    };
    for y in within(ys, page.height) {
        for x in within(xs, page.width) {
            let (dx, dy) = (x as f32 + 0.5 - origin.0, y as f32 + 0.5 - origin.1);
            let u = (dx * vy - dy * vx) / area * own.width as f32;
            let v = (dy * ux - dx * uy) / area * own.height as f32;
            if u >= 0.0 && v >= 0.0 && (u as usize) < own.width && (v as usize) < own.height {
                page.dots[y * page.width + x] = own.dots[v as usize * own.width + u as usize];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_and_turned_pictures_lie_where_they_stand() {
        let strip =
            |gray: Vec<u8>, corners| Picture { page: 1, width: 2, height: 1, gray, corners };
        let pictures = [
            strip(vec![1, 2], [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)]),
            // upside down
            strip(vec![4, 3], [(2.0, 2.0), (0.0, 2.0), (0.0, 1.0), (2.0, 1.0)]),
        ];
        let scan = page(1, (2.0, 2.0), &pictures).unwrap();
        assert_eq!((scan.gray.dots, scan.scale), (vec![1, 2, 3, 4], 1.0));
    }

    #[test]
    fn other_pictures_are_named() {
        assert!(matches!(picture(b"II*\0...."), Err(Unreadable::Recognition(Failure::Format))));
        assert!(matches!(picture(b"\x89PNG...."), Err(Unreadable::Damaged(Kind::Picture))));
        assert!(matches!(picture(b"\xFF\xD8\xFF"), Err(Unreadable::Damaged(Kind::Picture))));
    }
}
