//! Writes SVG: the few shapes that charts are made of, in the order in which they are drawn.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

use super::palette;

/// Fonts with Chinese characters, by the systems that have them.
const FONTS: &str = "'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Zen Hei', \
                     'Microsoft YaHei', 'PingFang SC', 'SimSun', sans-serif";

/// What a text hangs from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Height of its letters.
    pub size: f64,
    /// Where it is held.
    pub anchor: Anchor,
    /// Its colour.
    pub ink: &'static str,
    /// What else: attributes as they stand in the SVG.
    pub more: &'static str,
}

impl Look {
    /// Plain text of that size.
    #[must_use]
    pub const fn new(size: f64, anchor: Anchor) -> Look {
        Look { size, anchor, ink: "#222", more: "" }
    }
}

/// A picture in the making.
#[derive(Debug)]
pub struct Canvas {
    /// Its width.
    pub width: f64,
    body: String,
    letters: BTreeSet<char>,
}

/// A picture as SVG.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The SVG.
    pub svg: String,
    /// The characters of its texts, for which fonts are needed.
    pub letters: BTreeSet<char>,
}

impl Canvas {
    /// An empty one.
    #[must_use]
    pub fn new(width: f64) -> Canvas {
        Canvas { width, body: String::new(), letters: BTreeSet::new() }
    }

    /// Adds what is written already.
    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        let written = self.body.write_fmt(element);
        debug_assert!(written.is_ok(), "a string takes all");
        self.body.push('\n');
    }

    /// A definition to be named by a fill.
    pub fn define(&mut self, definition: &str) {
        self.add(format_args!("<defs>{definition}</defs>"));
    }

    /// A rectangle between two corners, in whatever order.
    pub fn rect(&mut self, (x0, y0): (f64, f64), (x1, y1): (f64, f64), fill: &str, more: &str) {
        let (x, y) = (N(x0.min(x1)), N(y0.min(y1)));
        let (width, height) = (N((x1 - x0).abs()), N((y1 - y0).abs()));
        self.add(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"{more}/>"
        ));
    }

    /// A line through points.
    pub fn line(&mut self, points: &[(f64, f64)], stroke: &str, width: f64, dash: &str) {
        let points: Vec<String> =
            points.iter().map(|(x, y)| format!("{},{}", N(*x), N(*y))).collect();
        let dash = match dash {
            "" => String::new(),
            dash => format!(" stroke-dasharray=\"{dash}\""),
        };
        self.add(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{}\"{dash}/>",
            points.join(" "),
            N(width)
        ));
    }

    /// The line of a series through points.
    pub fn series_line(&mut self, points: &[(f64, f64)], series: usize) {
        let dash = palette::dash(series);
        if let Some(edge) = palette::edge(series) {
            self.line(points, edge, 3.6, dash);
        }
        self.line(points, palette::color(series), 2.2, dash);
    }

    /// The mark of a series around a point.
    pub fn mark(&mut self, (x, y): (f64, f64), series: usize) {
        let shape = match palette::turned(series) {
            0 => "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
            1 => "M-4 -4H4V4H-4Z",
            2 => "M0 -5L5 4H-5Z",
            3 => "M0 -5.5L5.5 0L0 5.5L-5.5 0Z",
            4 => "M0 5L5 -4H-5Z",
            5 => "M-1.5 -5H1.5V-1.5H5V1.5H1.5V5H-1.5V1.5H-5V-1.5H-1.5Z",
            6 => "M-5 -3L-3 -5L0 -2L3 -5L5 -3L2 0L5 3L3 5L0 2L-3 5L-5 3L-2 0Z",
            _ => "M0 -6L1.8 -1.9L6 -1.9L2.6 0.9L3.8 5L0 2.5L-3.8 5L-2.6 0.9L-6 -1.9L-1.8 -1.9Z",
        };
        let (x, y, color) = (N(x), N(y), palette::color(series));
        let edge = palette::edge(series).unwrap_or("#fff");
        self.add(format_args!(
            "<path d=\"{shape}\" transform=\"translate({x} {y})\" fill=\"{color}\" stroke=\"{edge}\" stroke-width=\"0.8\"/>"
        ));
    }

    /// A line of text with its baseline at `y`; turned by so many degrees.
    pub fn text(&mut self, (x, y): (f64, f64), text: &str, look: Look, degrees: f64) {
        if text.is_empty() {
            return;
        }
        self.letters.extend(text.chars().filter(|c| needs_glyph(*c)));
        let anchor = match look.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let turn = match degrees {
            0.0 => String::new(),
            degrees => format!(" transform=\"rotate({} {} {})\"", N(degrees), N(x), N(y)),
        };
        let (x, y, size, text) = (N(x), N(y), N(look.size), escape(text));
        let Look { ink, more, .. } = look;
        self.add(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{ink}\"{more}{turn}>{text}</text>"
        ));
    }

    /// The whole picture, of that height.
    #[must_use]
    pub fn finish(self, height: f64, title: &str) -> Drawing {
        let (width, height, title) = (N(self.width), N(height), escape(title));
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{FONTS}\" role=\"img\">\n\
             <title>{title}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}</svg>\n",
            self.body
        );
        Drawing { svg, letters: self.letters }
    }
}

/// A coordinate with one decimal at most.
struct N(f64);

impl std::fmt::Display for N {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // no negative zero, which would differ from machine to machine
        let tenths = (self.0 * 10.0).round() / 10.0 + 0.0;
        write!(f, "{tenths}")
    }
}

/// Whether a character is to be seen, and is no stand-in for one that is not.
fn needs_glyph(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && c != char::REPLACEMENT_CHARACTER
        && c.width() != Some(0)
}

/// A text as it may stand in XML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
