//! From lines of text in a picture to characters with their places.

use std::collections::HashMap;

use super::figure::figure;
use super::raster::{Area, Gray};
use super::strips::Strip;
use super::tesseract::{Failure, Look, Tesseract, Word};
use crate::reader::page::Glyph;

/// White around a picture that is recognized, in its dots.
const MARGIN: f32 = 10.0;
/// A line in a cell wider than this many times its height is no figure.
const WIDE: f32 = 12.0;
/// A line of which a word is less sure than this is looked at again.
const UNSURE: u8 = 75;

/// How tall a line is recognized best, in dots.
fn best_height(look: Look) -> f32 {
    match look {
        Look::Line | Look::Block => 28.0,
        Look::Figure => 32.0,
        Look::Digits | Look::Again => 40.0,
    }
}

/// The lines of text of a picture on their way to characters.
pub struct Reading<'p> {
    /// The picture without its ruled lines.
    pub gray: &'p Gray,
    /// Its lines of text.
    pub strips: &'p [Strip],
    /// How tall characters are on this page, in dots.
    pub size: f32,
    /// Dots a point.
    pub scale: f32,
}

/// A part of a picture made ready, and how to get back from it.
struct Crop {
    gray: Gray,
    left: f32,
    top: f32,
    zoom: f32,
}

/// The words of a part of a picture, their places those of the picture.
type Read = HashMap<usize, Vec<Word>>;

impl Reading<'_> {
    /// Recognizes the characters.
    ///
    /// # Errors
    /// When the program fails.
    pub fn glyphs(&self, tesseract: &Tesseract) -> Result<Vec<Glyph>, Failure> {
        let mut lines = self.read(tesseract, Look::Line, |_| true)?;
        let again = self.read(tesseract, Look::Again, |i| {
            lines.get(&i).is_some_and(|known| is_unsure(known))
        })?;
        for (i, words) in again {
            if lines.get(&i).is_none_or(|known| sureness(known) < sureness(&words)) {
                lines.insert(i, words);
            }
        }
        lines.extend(self.read(tesseract, Look::Block, |_| true)?);
        let figures = self.read(tesseract, Look::Figure, |_| true)?;
        let digits = self.read(tesseract, Look::Digits, |_| true)?;
        let mut out = Vec::new();
        for (i, strip) in self.strips.iter().enumerate() {
            let [line, figures, digits] = [&lines, &figures, &digits].map(|read| read.get(&i));
            let words = |read: Option<&Vec<Word>>| read.cloned().unwrap_or_default();
            let found = figures.and_then(|f| figure(strip, &words(line), f, &words(digits)));
            match found {
                Some((text, sure)) => out.extend(self.in_place(strip, &text, sure)),
                // what stands in a cell and cannot be told must not pass for nothing
                None if strip.cell.is_some() && line.is_none_or(Vec::is_empty) => {
                    out.extend(self.in_place(strip, "\u{FFFD}", 0));
                }
                None => out.extend(self.words(strip, &words(line))),
            }
        }
        Ok(out)
    }

    /// Whether a line is to be looked at in some way.
    fn is_for(&self, strip: &Strip, look: Look) -> bool {
        let narrow = (strip.area.width() as f32) < WIDE * self.height(strip);
        match look {
            Look::Line | Look::Again => !strip.is_block,
            Look::Block => strip.is_block,
            Look::Figure | Look::Digits => strip.cell.is_some() && !strip.is_block && narrow,
        }
    }

    /// How tall a line is at least: a dash alone is no line of its own height.
    fn height(&self, strip: &Strip) -> f32 {
        (strip.area.height() as f32).max(0.6 * self.size)
    }

    /// Looks at those lines that are wanted and of the right kind.
    fn read(
        &self,
        tesseract: &Tesseract,
        look: Look,
        wanted: impl Fn(usize) -> bool,
    ) -> Result<Read, Failure> {
        let of_kind = |i: &usize| self.is_for(&self.strips[*i], look) && wanted(*i);
        let wanted: Vec<usize> = (0..self.strips.len()).filter(of_kind).collect();
        let crops: Vec<Crop> = wanted.iter().map(|i| self.crop(&self.strips[*i], look)).collect();
        let pictures: Vec<&Gray> = crops.iter().map(|c| &c.gray).collect();
        let words = tesseract.read(&pictures, look)?;
        let back = words.into_iter().zip(&crops).map(|(words, crop)| crop.back(words));
        Ok(wanted.into_iter().zip(back).collect())
    }

    fn crop(&self, strip: &Strip, look: Look) -> Crop {
        let height = self.height(strip);
        let line = if look == Look::Block { strip.size } else { height };
        let zoom = (best_height(look) / line).clamp(0.2, 4.0);
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

    /// A text in the place of a line.
    fn in_place(&self, strip: &Strip, text: &str, confidence: u8) -> Vec<Glyph> {
        let Area { x0, y0, x1, y1 } = strip.area;
        let [x0, y0, x1, y1] = [x0, y0, x1, y1].map(|n| n as f32);
        self.words(strip, &[Word { text: text.to_owned(), confidence, x0, x1, y0, y1 }])
    }

    /// The characters of words side by side.
    fn words(&self, strip: &Strip, words: &[Word]) -> Vec<Glyph> {
        // lines of running text are as tall as most of the page
        let alike = (0.7..1.4).contains(&(strip.size / self.size));
        let size = if alike { self.size } else { strip.size };
        let in_line = (strip.area.y0 + strip.area.y1) as f32 / 2.0;
        let share = |c: char| if c.is_ascii() { 0.55 } else { 1.0 };
        let mut out = Vec::new();
        let mut end = f32::MIN;
        for word in words {
            let middle = if strip.is_block { (word.y0 + word.y1) / 2.0 } else { in_line };
            // their order is sure, their places are not: they may overlap
            let mut x = if strip.is_block { word.x0 } else { word.x0.max(end) };
            let step = (word.x1 - x).max(0.1 * size) / word.text.chars().map(share).sum::<f32>();
            for c in word.text.chars() {
                let from = x;
                x += share(c) * step;
                out.push(Glyph {
                    c,
                    x0: from / self.scale,
                    x1: x / self.scale,
                    y: (middle + 0.35 * size) / self.scale,
                    size: size / self.scale,
                    confidence: Some(word.confidence),
                });
            }
            end = x;
        }
        out
    }
}

impl Crop {
    /// Words with their places in the whole picture.
    fn back(&self, mut words: Vec<Word>) -> Vec<Word> {
        for word in &mut words {
            [word.x0, word.x1] = [word.x0, word.x1].map(|x| self.left + x / self.zoom);
            [word.y0, word.y1] = [word.y0, word.y1].map(|y| self.top + y / self.zoom);
        }
        words
    }
}

/// Whether a line of words had better be looked at again.
fn is_unsure(words: &[Word]) -> bool {
    words.iter().map(|w| w.confidence).min().unwrap_or(0) < UNSURE
}

/// How sure the characters of words are on average.
fn sureness(words: &[Word]) -> f32 {
    let length = |w: &Word| w.text.chars().count() as f32;
    let all: f32 = words.iter().map(length).sum();
    let sure = words.iter().map(|w| f32::from(w.confidence) * length(w)).sum::<f32>();
    sure / all.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_order_where_their_places_overlap() {
        let area = Area { x0: 0, y0: 0, x1: 100, y1: 20 };
        let strip = Strip { area, cell: Some(0), size: 20.0, is_block: false, columns: 4 };
        let gray = Gray::blank(100, 20);
        let reading = Reading { gray: &gray, strips: &[], size: 20.0, scale: 2.0 };
        let word = |text: &str, x0, x1| Word {
            text: text.to_owned(),
            confidence: 90,
            x0,
            x1,
            y0: 0.0,
            y1: 20.0,
        };
        let glyphs = reading.words(&strip, &[word("2.", 0.0, 30.0), word("重复", 12.0, 60.0)]);
        let text: String = glyphs.iter().map(|g| g.c).collect();
        assert_eq!(text, "2.重复");
        assert!(glyphs.windows(2).all(|w| w[0].x1 <= w[1].x0 + 0.01));
        assert_eq!((glyphs[3].x1, glyphs[3].size), (30.0, 10.0));
    }
}
