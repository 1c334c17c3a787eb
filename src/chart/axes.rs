//! An axis of places and one of values: upright over years, lying beside names, which then have
//! room to be read.

use super::canvas::{Anchor, Look};
use super::draw::{LINE, MARGIN, Page, TEXT};
use super::{Figure, Marks, Scale, marks, text};
use crate::query::catalog::ChartKind;

/// Names longer than this are wrapped.
const LONGEST_NAME: f64 = 300.0;
/// Thickness of a lying bar.
const BAR: f64 = 15.0;
const GRID: &str = "#ddd";
const BASE: &str = "#666";
const GREY: Look = Look { ink: "#444", ..Look::new(TEXT, Anchor::Start) };

/// The field between the axes.
pub struct Axes {
    /// Its left upper corner.
    pub corner: (f64, f64),
    /// Its width and height.
    pub size: (f64, f64),
    /// The axis of values.
    pub scale: Scale,
    /// Whether the values run to the right and not upwards.
    pub lying: bool,
    /// Places along the other axis.
    pub places: usize,
}

impl Axes {
    /// The point of a value at a place; between the places are fractions.
    #[must_use]
    pub fn at(&self, place: f64, value: f64) -> (f64, f64) {
        let (left, top) = self.corner;
        let (width, height) = self.size;
        let (along, part) = (place / self.places as f64, self.scale.part(value));
        match self.lying {
            true => (left + part * width, top + along * height),
            false => (left + along * width, top + (1.0 - part) * height),
        }
    }

    /// Room of a place.
    #[must_use]
    pub fn slot(&self) -> f64 {
        let length = if self.lying { self.size.1 } else { self.size.0 };
        length / self.places as f64
    }

    /// Where bars begin: at zero, or at the end of the axis that is next to it.
    #[must_use]
    pub fn base(&self) -> f64 {
        0f64.clamp(self.scale.low, self.scale.high)
    }
}

/// Draws the axes and what is between them.
pub fn draw(page: &mut Page, figure: &Figure) {
    let scale = scale(figure);
    let ticks: Vec<String> = scale.ticks().map(|tick| scale.label(tick, figure.unit)).collect();
    let widest =
        |texts: &[String]| texts.iter().map(|text| text::width(text, TEXT)).fold(0.0, f64::max);
    let axes = match figure.numeric {
        true => upright(page, figure, scale, widest(&ticks)),
        false => lying(page, figure, scale, widest(&ticks)),
    };
    grid(page, figure, &axes);
    let base = [axes.at(0.0, axes.base()), axes.at(axes.places as f64, axes.base())];
    let under = figure.kind == ChartKind::Line;
    if under {
        page.canvas.line(&base, BASE, 1.2, "");
    }
    marks::draw(&mut page.canvas, figure, &axes);
    // the edges of bars would cut it
    if !under {
        page.canvas.line(&base, BASE, 1.2, "");
    }
    page.y = axes.corner.1 + axes.size.1 + 2.0 * LINE + 8.0;
}

/// The axis that holds all values.
fn scale(figure: &Figure) -> Scale {
    let whole = !figure.unit.is_scaled() && figure.values().all(|value| value.fract() == 0.0);
    let of = |values: &mut dyn Iterator<Item = f64>, zero| Scale::of(values, 6, zero, whole);
    match figure.kind {
        ChartKind::Stacked => of(&mut marks::sums(figure).into_iter().flatten(), true),
        // a fall by a fifth is to look like one
        ChartKind::Bar | ChartKind::Line => of(&mut figure.values(), true),
        ChartKind::Box | ChartKind::Heat => of(&mut figure.values(), false),
    }
}

fn upright(page: &mut Page, figure: &Figure, scale: Scale, ticks: f64) -> Axes {
    if !figure.y_title.is_empty() {
        page.y += LINE;
        page.canvas.text((Page::LEFT, page.y - 4.0), &figure.y_title, GREY, 0.0);
    }
    let corner = (Page::LEFT + ticks + 8.0, page.y + 14.0);
    let size = (page.right() - corner.0, page.height);
    let axes = Axes { corner, size, scale, lying: false, places: figure.places.len() };
    let bottom = corner.1 + page.height;
    let widest = figure.places.iter().map(|place| text::width(place, TEXT)).fold(0.0, f64::max);
    let every = ((widest + 8.0) / axes.slot()).ceil().max(1.0) as usize;
    let look = Look { anchor: Anchor::Middle, ..GREY };
    for (n, place) in figure.places.iter().enumerate().step_by(every) {
        let x = axes.at(n as f64 + 0.5, scale.low).0;
        page.canvas.text((x, bottom + LINE), place, look, 0.0);
    }
    let middle = corner.0 + size.0 / 2.0;
    page.canvas.text((middle, bottom + 2.0 * LINE), &figure.x_title, look, 0.0);
    axes
}

fn lying(page: &mut Page, figure: &Figure, scale: Scale, ticks: f64) -> Axes {
    let names: Vec<Vec<String>> =
        figure.places.iter().map(|place| text::lines(place, TEXT, LONGEST_NAME)).collect();
    let widest = names.iter().flatten().map(|line| text::width(line, TEXT)).fold(0.0, f64::max);
    let most_lines = names.iter().map(Vec::len).max().unwrap_or(1);
    let side_by_side = match figure.kind {
        ChartKind::Stacked => 1,
        _ => figure.series.len(),
    };
    let slot = f64::max(LINE * most_lines as f64, BAR * side_by_side as f64) + 9.0;
    page.y += LINE;
    page.canvas.text((Page::LEFT, page.y - 4.0), &figure.x_title, GREY, 0.0);
    let numbers = match figure.kind {
        ChartKind::Bar => widest_number(figure) + 6.0,
        _ => 0.0,
    };
    let corner = (Page::LEFT + widest + 10.0, page.y + 4.0);
    let right = page.canvas.width - MARGIN - f64::max(numbers, ticks / 2.0);
    let size = (right - corner.0, slot * names.len() as f64);
    let axes = Axes { corner, size, scale, lying: true, places: names.len() };
    let look = Look { anchor: Anchor::End, ..Look::new(TEXT, Anchor::End) };
    for (n, lines) in names.iter().enumerate() {
        let middle = axes.at(n as f64 + 0.5, scale.low).1;
        let first = middle + 4.5 - LINE * (lines.len() - 1) as f64 / 2.0;
        for (i, line) in lines.iter().enumerate() {
            page.canvas.text((corner.0 - 8.0, first + LINE * i as f64), line, look, 0.0);
        }
    }
    let look = Look { anchor: Anchor::Middle, ..GREY };
    let place = (corner.0 + size.0 / 2.0, corner.1 + size.1 + 2.0 * LINE);
    page.canvas.text(place, &figure.y_title, look, 0.0);
    axes
}

/// Room of the widest number beside a bar.
fn widest_number(figure: &Figure) -> f64 {
    let points = figure.series.iter().flat_map(|series| match &series.marks {
        Marks::Values(points) => points.as_slice(),
        Marks::Spreads(_) => &[],
    });
    points.flatten().map(|point| text::width(&point.text, marks::NUMBER)).fold(0.0, f64::max)
}

/// Lines at the ticks with their numbers.
fn grid(page: &mut Page, figure: &Figure, axes: &Axes) {
    let end = axes.places as f64;
    for tick in axes.scale.ticks() {
        let ends = [axes.at(0.0, tick), axes.at(end, tick)];
        page.canvas.line(&ends, GRID, 1.0, "");
        let label = axes.scale.label(tick, figure.unit);
        let (place, anchor) = match axes.lying {
            true => ((ends[1].0, ends[1].1 + LINE), Anchor::Middle),
            false => ((ends[0].0 - 8.0, ends[0].1 + 4.5), Anchor::End),
        };
        page.canvas.text(place, &label, Look { anchor, ..GREY }, 0.0);
    }
}
