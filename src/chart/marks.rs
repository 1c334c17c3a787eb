//! What stands between the axes: lines, bars side by side or on top of each other, boxes.

use super::axes::Axes;
use super::canvas::{Anchor, Canvas, Look};
use super::{Figure, Marks, Point, Spread, palette, text};
use crate::query::catalog::ChartKind;

/// Size of the numbers at bars and points.
pub const NUMBER: f64 = 12.0;
/// The part of a place that its bars take.
const FILLED: f64 = 0.78;
/// Letters on a coloured ground.
const HALO: &str =
    " stroke=\"#fff\" stroke-width=\"3.5\" stroke-linejoin=\"round\" paint-order=\"stroke\"";

/// Draws all series.
pub fn draw(canvas: &mut Canvas, figure: &Figure, axes: &Axes) {
    if figure.kind == ChartKind::Stacked {
        return stacked(canvas, figure, axes);
    }
    let side = FILLED / figure.series.len().max(1) as f64;
    for (n, series) in figure.series.iter().enumerate() {
        let from = |place: usize| place as f64 + (1.0 - FILLED) / 2.0 + side * n as f64;
        match &series.marks {
            Marks::Values(points) if figure.kind == ChartKind::Line => {
                line(canvas, axes, points, n, figure.series.len() == 1);
            }
            Marks::Values(points) => {
                for (place, point) in points.iter().enumerate() {
                    let Some(point) = point else { continue };
                    bar(canvas, axes, (from(place), side), point, n);
                }
            }
            Marks::Spreads(spreads) => {
                for (place, spread) in spreads.iter().enumerate() {
                    let Some(spread) = spread else { continue };
                    boxed(canvas, axes, (from(place), side), spread, n);
                }
            }
        }
    }
}

/// What stands on each other at every place: from the lowest to the highest sum.
#[must_use]
pub fn sums(figure: &Figure) -> Vec<[f64; 2]> {
    let mut sums = vec![[0.0, 0.0]; figure.places.len()];
    for series in &figure.series {
        let Marks::Values(points) = &series.marks else { continue };
        for (sum, point) in sums.iter_mut().zip(points) {
            let value = point.as_ref().map_or(0.0, |point| point.value);
            sum[usize::from(value > 0.0)] += value;
        }
    }
    sums
}

/// A line; it breaks where there is no value.
fn line(canvas: &mut Canvas, axes: &Axes, points: &[Option<Point>], n: usize, alone: bool) {
    let place = |(at, point): (usize, &Option<Point>)| {
        point.as_ref().map(|point| axes.at(at as f64 + 0.5, point.value))
    };
    let placed: Vec<Option<(f64, f64)>> = points.iter().enumerate().map(place).collect();
    for run in placed.split(Option::is_none).filter(|run| run.len() > 1) {
        let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
        canvas.series_line(&run, n);
    }
    let room = axes.slot() - 4.0;
    let fits = |point: &Point| text::width(&point.text, NUMBER) <= room;
    let numbers = alone && points.iter().flatten().all(fits);
    let bottom = axes.at(0.0, axes.scale.low).1;
    for (at, (place, point)) in placed.iter().zip(points).enumerate() {
        let (Some((x, y)), Some(point)) = (place, point) else { continue };
        canvas.mark((*x, *y), n);
        if numbers {
            // in a valley the number stands below, where no line runs
            let beside = [at.checked_sub(1), Some(at + 1)];
            let mut near = beside.iter().flatten().filter_map(|at| *placed.get(*at)?);
            let valley = near.all(|(_, other)| other < *y) && bottom - y > 24.0;
            let look = Look { more: HALO, ..Look::new(NUMBER, Anchor::Middle) };
            let baseline = if valley { y + 19.0 } else { y - 9.0 };
            canvas.text((*x, baseline), &point.text, look, 0.0);
        }
    }
}

/// A bar from the base, with its number where there is room.
fn bar(canvas: &mut Canvas, axes: &Axes, (from, side): (f64, f64), point: &Point, n: usize) {
    let (a, b) = (axes.at(from, axes.base()), axes.at(from + side, point.value));
    canvas.rect(a, b, &palette::fill(n), " stroke=\"#fff\" stroke-width=\"0.6\"");
    // the number of a bar below zero stands on the free side of the base
    let end = axes.at(from + side / 2.0, point.value.max(axes.base()));
    if axes.lying {
        let look = Look::new(NUMBER, Anchor::Start);
        canvas.text((end.0 + 5.0, end.1 + 4.0), &point.text, look, 0.0);
    } else if text::width(&point.text, NUMBER) <= axes.slot() * side {
        let look = Look { more: HALO, ..Look::new(NUMBER, Anchor::Middle) };
        canvas.text((end.0, end.1 - 4.0), &point.text, look, 0.0);
    }
}

/// Bars on top of each other, those below zero hanging from it.
fn stacked(canvas: &mut Canvas, figure: &Figure, axes: &Axes) {
    let mut sums = vec![[0.0, 0.0]; figure.places.len()];
    let side = ((1.0 - FILLED) / 2.0, (1.0 + FILLED) / 2.0);
    let mut numbers = Vec::new();
    for (n, series) in figure.series.iter().enumerate() {
        let Marks::Values(points) = &series.marks else { continue };
        for (place, point) in points.iter().enumerate() {
            let Some(point) = point else { continue };
            let sum = &mut sums[place][usize::from(point.value > 0.0)];
            let before = *sum;
            *sum += point.value;
            let a = axes.at(place as f64 + side.0, before);
            let b = axes.at(place as f64 + side.1, *sum);
            canvas.rect(a, b, &palette::fill(n), " stroke=\"#fff\" stroke-width=\"1\"");
            let (width, height) = ((b.0 - a.0).abs(), (b.1 - a.1).abs());
            if width >= text::width(&point.text, NUMBER) + 6.0 && height >= NUMBER + 3.0 {
                numbers.push((((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0 + 4.0), &point.text));
            }
        }
    }
    let look = Look { more: HALO, ..Look::new(NUMBER, Anchor::Middle) };
    numbers.into_iter().for_each(|(place, number)| canvas.text(place, number, look, 0.0));
}

/// A box with its whiskers, the line in it and the points beyond.
fn boxed(canvas: &mut Canvas, axes: &Axes, (from, side): (f64, f64), spread: &Spread, n: usize) {
    const INK: &str = "#222";
    let (near, middle, far) = (from + side * 0.1, from + side / 2.0, from + side * 0.9);
    let [low, q1, median, q3, high] = spread.marks;
    for (end, edge) in [(low, q1), (high, q3)] {
        canvas.line(&[axes.at(middle, end), axes.at(middle, edge)], INK, 1.4, "");
        let cap = [axes.at(near + side * 0.2, end), axes.at(far - side * 0.2, end)];
        canvas.line(&cap, INK, 1.4, "");
    }
    let stroke = " stroke=\"#222\" stroke-width=\"1.2\" fill-opacity=\"0.75\"";
    canvas.rect(axes.at(near, q1), axes.at(far, q3), &palette::fill(n), stroke);
    let line = [axes.at(near, median), axes.at(far, median)];
    canvas.line(&line, "#fff", 5.0, "");
    canvas.line(&line, INK, 2.4, "");
    spread.points.iter().for_each(|value| canvas.mark(axes.at(middle, *value), n + 1));
}
