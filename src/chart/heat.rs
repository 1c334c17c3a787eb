//! A field of colours: a row for each series, a column for each place.

use rust_i18n::t;

use super::canvas::{Anchor, Look};
use super::draw::{LINE, Page, TEXT};
use super::{Figure, Marks, Point, marks::NUMBER, palette, text};
use crate::export::shown;
use crate::table::Value;

/// Names longer than this are wrapped.
const LONGEST_NAME: f64 = 260.0;
/// Columns are no wider, and those with turned names no narrower.
const WIDEST: f64 = 110.0;
const NARROWEST: f64 = 20.0;
/// How far names above the columns are turned where they have no room.
const TURN: f64 = -50.0;
const NONE: &str = "<pattern id=\"none\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">\
    <rect width=\"7\" height=\"7\" fill=\"#fff\"/><path d=\"M0 7L7 0\" stroke=\"#ccc\"/></pattern>";

/// Where the field is and how large its cells are.
struct Field {
    left: f64,
    slot: f64,
    low: f64,
    high: f64,
}

impl Field {
    /// From the lightest to the darkest, 0 to 1.
    fn part(&self, value: f64) -> f64 {
        match self.high > self.low {
            true => (value - self.low) / (self.high - self.low),
            false => 0.5,
        }
    }
}

/// Draws the field with its names and the key to its colours.
pub fn draw(page: &mut Page, figure: &Figure) {
    page.canvas.define(NONE);
    let names: Vec<Vec<String>> =
        figure.series.iter().map(|s| text::lines(&s.name, TEXT, LONGEST_NAME)).collect();
    let widest = |texts: &mut dyn Iterator<Item = &String>| {
        texts.map(|text| text::width(text, TEXT)).fold(0.0, f64::max)
    };
    let left = Page::LEFT + widest(&mut names.iter().flatten()) + 8.0;
    let labels: Vec<String> = figure.places.iter().map(|place| shortened(place)).collect();
    let label = widest(&mut labels.iter());
    let places = labels.len() as f64;
    let (low, high) = figure
        .values()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let slot = f64::min((page.right() - left) / places, WIDEST);
    let turned = label + 6.0 > slot;
    // a turned name of the last column leans out to the right
    let lean = if turned { label * TURN.to_radians().cos() } else { 0.0 };
    let mut slot = f64::min((page.right() - left - lean) / places, slot);
    if turned && slot < NARROWEST {
        page.canvas.width += (NARROWEST - slot) * places;
        slot = NARROWEST;
    }
    let field = Field { left, slot, low, high };
    heads(page, &labels, &field, turned.then_some(label));
    for (series, lines) in figure.series.iter().zip(&names) {
        let Marks::Values(points) = &series.marks else { continue };
        row(page, &field, lines, points);
    }
    key(page, figure, &field);
}

/// A name as it stands above a column, where it cannot be wrapped.
fn shortened(name: &str) -> String {
    match text::lines(name, TEXT, LONGEST_NAME).as_slice() {
        [first, _, ..] => format!("{first}…"),
        _ => name.to_owned(),
    }
}

/// The names above the columns.
fn heads(page: &mut Page, labels: &[String], field: &Field, turned: Option<f64>) {
    page.y += match turned {
        Some(label) => label * -TURN.to_radians().sin() + 10.0,
        None => LINE,
    };
    for (n, place) in labels.iter().enumerate() {
        let x = field.left + field.slot * (n as f64 + 0.5);
        let (anchor, degrees) = match turned {
            Some(_) => (Anchor::Start, TURN),
            None => (Anchor::Middle, 0.0),
        };
        page.canvas.text((x, page.y - 4.0), place, Look::new(TEXT, anchor), degrees);
    }
}

/// A row of cells with its name.
fn row(page: &mut Page, field: &Field, lines: &[String], points: &[Option<Point>]) {
    let height = f64::max(LINE * lines.len() as f64 + 8.0, 28.0);
    let middle = page.y + height / 2.0 + 4.5;
    let first = middle - LINE * (lines.len() - 1) as f64 / 2.0;
    for (i, line) in lines.iter().enumerate() {
        let place = (field.left - 8.0, first + LINE * i as f64);
        page.canvas.text(place, line, Look::new(TEXT, Anchor::End), 0.0);
    }
    for (n, point) in points.iter().enumerate() {
        let x = field.left + field.slot * n as f64;
        let (fill, ink, words) = match point {
            Some(point) => {
                let (fill, ink) = palette::shade(field.part(point.value));
                (fill, ink, point.text.as_str())
            }
            None => ("url(#none)".to_owned(), "#666", "—"),
        };
        let stroke = " stroke=\"#fff\" stroke-width=\"1\"";
        page.canvas.rect((x, page.y), (x + field.slot, page.y + height), &fill, stroke);
        if text::width(words, NUMBER) + 4.0 <= field.slot {
            let look = Look { ink, ..Look::new(NUMBER, Anchor::Middle) };
            page.canvas.text((x + field.slot / 2.0, middle), words, look, 0.0);
        }
    }
    page.y += height;
}

/// What the colours mean.
fn key(page: &mut Page, figure: &Figure, field: &Field) {
    const STEPS: usize = 10;
    const STEP: f64 = 16.0;
    page.y += 14.0;
    let (top, baseline) = (page.y, page.y + 12.0);
    let look = Look { ink: "#444", ..Look::new(TEXT, Anchor::Start) };
    let mut x = Page::LEFT;
    let mut say = |page: &mut Page, words: &str| {
        page.canvas.text((x, baseline), words, look, 0.0);
        x += text::width(words, TEXT) + 8.0;
        x
    };
    say(page, &figure.y_title);
    let mut at = say(page, &shown(&Value::Real(field.low), figure.unit));
    for step in 0..STEPS {
        let (fill, _) = palette::shade(step as f64 / (STEPS - 1) as f64);
        page.canvas.rect((at, top), (at + STEP, top + 15.0), &fill, "");
        at += STEP;
    }
    at += 8.0;
    let words = shown(&Value::Real(field.high), figure.unit);
    page.canvas.text((at, baseline), &words, look, 0.0);
    at += text::width(&words, TEXT) + 24.0;
    page.canvas.rect((at, top), (at + STEP, top + 15.0), "url(#none)", " stroke=\"#ccc\"");
    let words = t!("chart.no_value", locale = figure.words.lang.key());
    page.canvas.text((at + STEP + 8.0, baseline), &words, look, 0.0);
    page.y += 18.0;
}
