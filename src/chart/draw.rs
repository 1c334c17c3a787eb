//! The whole picture: title, legend, the drawing itself, notes and source, from top to bottom. The
//! height follows from what there is, so that nothing is cut off.

use super::canvas::{Anchor, Canvas, Drawing, Look};
use super::{Figure, axes, heat, palette, text};
use crate::query::catalog::ChartKind;

/// Width of every picture.
const WIDTH: f64 = 960.0;
/// Height of what stands upright, and of what stands between the paragraphs of a text.
const HEIGHT: f64 = 380.0;
const LOW: f64 = 220.0;
/// Room at its edges.
pub const MARGIN: f64 = 24.0;
/// Size of the text at axes and in legends.
pub const TEXT: f64 = 13.0;
/// From line to line of that text.
pub const LINE: f64 = 17.0;

const TITLE: Look = Look { more: " font-weight=\"bold\"", ..Look::new(20.0, Anchor::Start) };
const SUBTITLE: Look = Look { ink: "#555", ..Look::new(TEXT, Anchor::Start) };
const SMALL: Look = Look { ink: "#555", ..Look::new(11.5, Anchor::Start) };

/// A picture in the making, filled from the top.
pub struct Page {
    /// What is drawn.
    pub canvas: Canvas,
    /// Where the next thing may begin.
    pub y: f64,
    /// How high upright axes are.
    pub height: f64,
}

impl Page {
    /// The left edge of what is drawn.
    pub const LEFT: f64 = MARGIN;

    /// The right edge of what is drawn.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.canvas.width - MARGIN
    }

    /// Text over the whole width, in as many lines as it needs.
    fn paragraph(&mut self, words: &str, look: Look) {
        for line in text::lines(words, look.size, self.right() - Page::LEFT) {
            self.y += look.size * 1.35;
            self.canvas.text((Page::LEFT, self.y), &line, look, 0.0);
        }
    }

    /// What the colours and marks mean, in rows.
    fn legend(&mut self, figure: &Figure) {
        const SWATCH: f64 = 34.0;
        let look = Look::new(TEXT, Anchor::Start);
        let room = self.right() - Page::LEFT - SWATCH;
        let (mut x, mut height) = (Page::LEFT, 0.0);
        self.y += 14.0;
        for (n, series) in figure.series.iter().enumerate() {
            let lines = text::lines(&series.name, TEXT, room);
            let widest = lines.iter().map(|line| text::width(line, TEXT)).fold(0.0, f64::max);
            if x > Page::LEFT && x + SWATCH + widest > self.right() {
                (x, self.y) = (Page::LEFT, self.y + height);
                height = 0.0;
            }
            let middle = self.y + LINE / 2.0;
            if figure.kind == ChartKind::Line {
                let ends = [(x, middle), (x + 28.0, middle)];
                self.canvas.series_line(&ends, n);
                self.canvas.mark((x + 14.0, middle), n);
            } else {
                let corners = ((x + 4.0, middle - 7.0), (x + 26.0, middle + 7.0));
                self.canvas.rect(corners.0, corners.1, &palette::fill(n), "");
            }
            for (i, line) in lines.iter().enumerate() {
                let baseline = middle + 4.5 + LINE * i as f64;
                self.canvas.text((x + SWATCH, baseline), line, look, 0.0);
            }
            height = f64::max(height, LINE * lines.len() as f64 + 3.0);
            x += SWATCH + widest + 18.0;
        }
        self.y += height;
    }
}

/// The picture as SVG.
#[must_use]
pub fn svg(figure: &Figure) -> Drawing {
    draw(figure, HEIGHT)
}

/// The same lower, to stand in a text.
#[must_use]
pub fn low_svg(figure: &Figure) -> Drawing {
    draw(figure, LOW)
}

fn draw(figure: &Figure, height: f64) -> Drawing {
    let mut page = Page { canvas: Canvas::new(WIDTH), y: MARGIN - 8.0, height };
    page.paragraph(&figure.words.title, TITLE);
    if !figure.words.subtitle.is_empty() {
        page.y += 2.0;
        page.paragraph(&figure.words.subtitle, SUBTITLE);
    }
    let heat = figure.kind == ChartKind::Heat;
    if !heat {
        let patterns = (0..figure.series.len()).filter_map(palette::pattern);
        patterns.for_each(|pattern| page.canvas.define(&pattern));
    }
    if !heat && figure.series.len() > 1 {
        page.legend(figure);
    }
    page.y += 12.0;
    match heat {
        true => heat::draw(&mut page, figure),
        false => axes::draw(&mut page, figure),
    }
    page.y += 8.0;
    figure.notes.iter().for_each(|note| page.paragraph(note, SMALL));
    page.paragraph(&figure.words.source, SMALL);
    let height = page.y + MARGIN - 8.0;
    page.canvas.finish(height.ceil(), &figure.words.title)
}
