//! Pictures on pages: what the recognition of characters works on.

use hayro_interpret::{Image, ImageData};

use super::page::Point;

/// Dots of a picture beyond this many are not decoded: A3 at 600 dots an inch has 70 million.
const MAX_DOTS: u64 = 100_000_000;
/// Dots of all pictures of a document together.
pub(super) const MAX_DOTS_OF_ALL: usize = 400_000_000;

/// A picture on a page, in shades of gray.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Page, from 1.
    pub page: u32,
    /// Dots from left to right.
    pub width: u32,
    /// Dots from top to bottom.
    pub height: u32,
    /// Its dots row by row from the upper left, 0 black to 255 white.
    pub gray: Vec<u8>,
    /// Where its upper left, upper right, lower right and lower left corner stand on the page, in
    /// points from the page's upper left corner: one that is turned has its corners elsewhere.
    pub corners: [Point; 4],
}

/// A picture that a page draws; none if it is too large or cannot be decoded.
pub(super) fn of(image: &Image<'_, '_>, corners: &[Point; 4]) -> Option<Picture> {
    if u64::from(image.width()) * u64::from(image.height()) > MAX_DOTS {
        return None;
    }
    let mut out = None;
    let mut keep = |width: u32, height: u32, gray: Vec<u8>| {
        out = Some(Picture { page: 0, width, height, gray, corners: *corners });
    };
    match image {
        Image::Raster(raster) => raster.with_rgba(
            |data, _| match data {
                ImageData::Luma(l) => keep(l.width, l.height, l.data),
                ImageData::Rgb(rgb) => keep(rgb.width, rgb.height, gray(&rgb.data)),
            },
            None,
        ),
        // a mask paints where it is set
        Image::Stencil(stencil) => stencil.with_stencil(
            |l, _| keep(l.width, l.height, l.data.iter().map(|v| 255 - v).collect()),
            None,
        ),
    }
    out
}

/// How bright each dot of red, green and blue is.
fn gray(rgb: &[u8]) -> Vec<u8> {
    rgb.chunks_exact(3).map(|d| light([d[0], d[1], d[2]])).collect()
}

/// How bright red, green and blue are together.
pub(super) fn light(rgb: [u8; 3]) -> u8 {
    let [r, g, b] = rgb.map(u32::from);
    ((299 * r + 587 * g + 114 * b) / 1000) as u8
}
