//! A picture of characters, for the terminal. Columns stay in line beside Chinese names, which are
//! two cells a character; every series has a character of its own, so that no colour is needed.

use rust_i18n::t;
use unicode_width::UnicodeWidthStr as _;

use super::{Figure, Marks, Point, Scale, Series, Spread, marks};
use crate::export::fold;
use crate::query::catalog::ChartKind;

/// Cells of a line where there is no terminal.
const WIDTH: u16 = 100;
/// Below this there is no room for a picture.
const LEAST: u16 = 40;
/// Rows from tick to tick.
const TICK: usize = 3;
/// What bars are filled with.
const FILLS: [char; 16] =
    ['█', '▒', '░', '▓', '#', '=', '+', '-', 'o', 'x', '*', '%', '@', '&', '~', '^'];
/// The points of lines.
const POINTS: [char; 16] =
    ['o', 'x', '+', '*', '#', '@', '%', '&', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
/// Parts of a block.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// From light to dark.
const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

/// The picture in lines of at most `width` cells.
#[must_use]
pub fn text(figure: &Figure, width: Option<u16>) -> String {
    let width = width.unwrap_or(WIDTH).max(LEAST);
    let words = &figure.words;
    let mut lines: Vec<String> = vec![fold(&words.title, Some(width))];
    lines.extend(Some(fold(&words.subtitle, Some(width))).filter(|s| !s.is_empty()));
    lines.push(String::new());
    let room = usize::from(width);
    let legend = match figure.kind {
        ChartKind::Line => Some(POINTS),
        ChartKind::Bar | ChartKind::Stacked => Some(FILLS),
        ChartKind::Box | ChartKind::Heat => None,
    };
    if let Some(signs) = legend.filter(|_| figure.series.len() > 1) {
        let named = figure.series.iter().zip(signs).map(|(s, sign)| format!("{sign} {}", s.name));
        lines.push(fold(&named.collect::<Vec<_>>().join("   "), Some(width)));
        lines.push(String::new());
    }
    if !figure.y_title.is_empty() {
        lines.push(fold(&figure.y_title, Some(width)));
    }
    lines.extend(match figure.kind {
        ChartKind::Line => line(figure, room),
        ChartKind::Heat => heat(figure, room),
        _ => lying(figure, room),
    });
    lines.push(String::new());
    lines.extend(figure.notes.iter().map(|note| fold(note, Some(width))));
    lines.push(fold(&words.source, Some(width)));
    let lines: Vec<&str> = lines.iter().flat_map(|l| l.split('\n')).map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// A text filled up with blanks.
fn padded(text: &str, room: usize) -> String {
    format!("{text}{}", " ".repeat(room.saturating_sub(text.width())))
}

/// A text with blanks before it.
fn right(text: &str, room: usize) -> String {
    format!("{}{text}", " ".repeat(room.saturating_sub(text.width())))
}

fn widest<'t>(texts: impl Iterator<Item = &'t str>) -> usize {
    texts.map(|text| text.width()).max().unwrap_or(0)
}

/// Names in lines, in a column of their own.
struct Names {
    lines: Vec<Vec<String>>,
    width: usize,
}

impl Names {
    fn of<'t>(names: impl Iterator<Item = &'t str>, most: usize) -> Names {
        let most = u16::try_from(most).unwrap_or(u16::MAX);
        let split = |name: &str| fold(name, Some(most)).split('\n').map(str::to_owned).collect();
        let lines: Vec<Vec<String>> = names.map(split).collect();
        let width = widest(lines.iter().flatten().map(String::as_str));
        Names { lines, width }
    }

    /// The rows of a name, each with what stands beside it.
    fn rows(&self, name: usize, beside: &[String]) -> Vec<String> {
        let count = self.lines[name].len().max(beside.len());
        let empty = String::new();
        let row = |n: usize| {
            let (words, drawn) = (self.lines[name].get(n), beside.get(n).unwrap_or(&empty));
            format!("{} │{drawn}", padded(words.unwrap_or(&empty), self.width))
        };
        (0..count).map(row).collect()
    }
}

/// Values to the right, names on the left.
fn lying(figure: &Figure, room: usize) -> Vec<String> {
    let names = Names::of(figure.places.iter().map(String::as_str), room / 3);
    let numbers = widest(figure.series.iter().flat_map(texts));
    let room = room.saturating_sub(names.width + 3 + numbers + 1).max(10);
    let whole = !figure.unit.is_scaled();
    let scale = match figure.kind {
        ChartKind::Stacked => Scale::of(marks::sums(figure).into_iter().flatten(), 5, true, whole),
        ChartKind::Box => Scale::of(figure.values(), 5, false, false),
        _ => Scale::of(figure.values(), 5, true, false),
    };
    let cells = |value: f64| scale.part(value) * room as f64;
    let mut lines = Vec::new();
    for place in 0..figure.places.len() {
        let beside: Vec<String> = match figure.kind {
            ChartKind::Stacked => vec![stack(figure, place, room, cells)],
            _ => (figure.series.iter().enumerate())
                .filter_map(|(n, series)| match &series.marks {
                    Marks::Values(points) => Some(bar(points[place].as_ref()?, n, cells)),
                    Marks::Spreads(spreads) => Some(boxed(spreads[place].as_ref()?, room, cells)),
                })
                .collect(),
        };
        lines.extend(names.rows(place, &beside));
    }
    // numbers stand at the bars; stacks and boxes have only those of the axis
    if figure.kind != ChartKind::Bar {
        let (low, high) =
            (scale.label(scale.low, figure.unit), scale.label(scale.high, figure.unit));
        let between = (room + 1).saturating_sub(low.width() + high.width());
        let axis = format!("{low}{}{high}", " ".repeat(between));
        lines.push(format!("{} └{axis}", " ".repeat(names.width)));
    }
    lines
}

/// The numbers of a series.
fn texts(series: &Series) -> impl Iterator<Item = &str> {
    let points = match &series.marks {
        Marks::Values(points) => points.as_slice(),
        Marks::Spreads(_) => &[],
    };
    points.iter().flatten().map(|point| point.text.as_str())
}

/// A bar and its number.
fn bar(point: &Point, series: usize, cells: impl Fn(f64) -> f64) -> String {
    let (from, to) = (cells(0f64.min(point.value)), cells(0f64.max(point.value)));
    let first = from.round() as usize;
    let mut drawn = " ".repeat(first);
    let fill = FILLS[series % FILLS.len()];
    if fill == '█' && point.value > 0.0 {
        let eighths = ((to - first as f64) * 8.0).round().max(1.0) as usize;
        drawn.extend(std::iter::repeat_n(fill, eighths / 8));
        drawn += EIGHTHS[eighths % 8];
    } else {
        let least = usize::from(point.value != 0.0);
        let last = (to.round() as usize).max(first + least);
        drawn.extend(std::iter::repeat_n(fill, last - first));
    }
    format!("{drawn} {}", point.text)
}

/// The parts of a place on each other.
fn stack(figure: &Figure, place: usize, room: usize, cells: impl Fn(f64) -> f64) -> String {
    let mut drawn = vec![' '; room];
    let mut sums = [0.0, 0.0];
    for (series, sign) in figure.series.iter().zip(FILLS) {
        let Marks::Values(points) = &series.marks else { continue };
        let value = points[place].as_ref().map_or(0.0, |point| point.value);
        let sum = &mut sums[usize::from(value > 0.0)];
        let before = cells(*sum).round() as usize;
        *sum += value;
        let after = cells(*sum).round() as usize;
        drawn[before.min(after)..before.max(after)].fill(sign);
    }
    drawn.into_iter().collect()
}

/// A box with whiskers.
fn boxed(spread: &Spread, room: usize, cells: impl Fn(f64) -> f64) -> String {
    let mut drawn = vec![' '; room];
    let at = |value: f64| (cells(value).round() as usize).min(room - 1);
    let [low, q1, median, q3, high] = spread.marks.map(at);
    drawn[low..=high].fill('─');
    (drawn[low], drawn[high]) = ('├', '┤');
    drawn[q1..=q3].fill('▒');
    drawn[median] = '█';
    spread.points.iter().for_each(|value| drawn[at(*value)] = 'o');
    drawn.into_iter().collect()
}

/// Lines over numbers.
fn line(figure: &Figure, room: usize) -> Vec<String> {
    let whole = !figure.unit.is_scaled() && figure.values().all(|value| value.fract() == 0.0);
    let scale = Scale::of(figure.values(), 5, true, whole);
    let ticks: Vec<String> = scale.ticks().map(|tick| scale.label(tick, figure.unit)).collect();
    let left = widest(ticks.iter().map(String::as_str));
    let room = room.saturating_sub(left + 2).max(10);
    let places = figure.places.len();
    let step = (room / places).clamp(1, 8);
    let rows = (ticks.len() - 1) * TICK + 1;
    let mut drawn = vec![vec![' '; places * step]; rows];
    let row = |value: f64| ((1.0 - scale.part(value)) * (rows - 1) as f64).round() as usize;
    let column = |place: usize| (place * step + step / 2).min(places * step - 1);
    for series in &figure.series {
        let Marks::Values(points) = &series.marks else { continue };
        for (place, pair) in points.windows(2).enumerate() {
            let [Some(a), Some(b)] = pair else { continue };
            for n in 1..step {
                let value = a.value + (b.value - a.value) * n as f64 / step as f64;
                let cell = &mut drawn[row(value)][column(place) + n];
                *cell = if *cell == ' ' { '.' } else { *cell };
            }
        }
    }
    let mut met = false;
    for (series, sign) in figure.series.iter().zip(POINTS) {
        let Marks::Values(points) = &series.marks else { continue };
        for (place, point) in points.iter().enumerate() {
            let Some(point) = point else { continue };
            let cell = &mut drawn[row(point.value)][column(place)];
            let free = matches!(*cell, ' ' | '.');
            met |= !free;
            *cell = if free { sign } else { '=' };
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for (n, cells) in drawn.iter().enumerate() {
        let tick = (n % TICK == 0).then(|| ticks[ticks.len() - 1 - n / TICK].as_str());
        let sign = if tick.is_some() { '┤' } else { '│' };
        let cells: String = cells.iter().collect();
        lines.push(format!("{} {sign}{cells}", right(tick.unwrap_or(""), left)));
    }
    lines.push(format!("{} └{}", " ".repeat(left), "─".repeat(places * step)));
    lines.push(format!("{}  {}", " ".repeat(left), below(&figure.places, step)));
    if met {
        lines.push(t!("chart.same_place", locale = figure.words.lang.key()).into_owned());
    }
    lines
}

/// The names under the places, as many as there is room for.
fn below(places: &[String], step: usize) -> String {
    let every = (widest(places.iter().map(String::as_str)) + 1).div_ceil(step).max(1);
    let mut line = String::new();
    for (n, place) in places.iter().enumerate().step_by(every) {
        let start = (n * step + step / 2).saturating_sub(place.width() / 2);
        line = padded(&line, start) + place;
    }
    line
}

/// A field of shades with its numbers.
fn heat(figure: &Figure, room: usize) -> Vec<String> {
    let names = Names::of(figure.series.iter().map(|series| series.name.as_str()), room / 3);
    let heads = figure.places.iter().map(String::as_str);
    let cell = widest(figure.series.iter().flat_map(texts).chain(heads)) + 3;
    let left = room.saturating_sub(names.width + 2);
    // where the numbers have no room, the field goes on below
    let columns = (left / cell).max(1);
    let (low, high) = figure
        .values()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let shade = |value: f64| {
        let part = if high > low { (value - low) / (high - low) } else { 0.5 };
        SHADES[((part * SHADES.len() as f64) as usize).min(SHADES.len() - 1)]
    };
    let mut lines = Vec::new();
    for start in (0..figure.places.len()).step_by(columns) {
        let end = (start + columns).min(figure.places.len());
        let heads: String = figure.places[start..end].iter().map(|p| right(p, cell)).collect();
        lines.push(format!("{}  {heads}", " ".repeat(names.width)));
        for (n, series) in figure.series.iter().enumerate() {
            let Marks::Values(points) = &series.marks else { continue };
            let cells = points[start..end].iter().map(|point| match point {
                Some(point) => {
                    format!(" {}{}", shade(point.value), right(&point.text, cell - 2))
                }
                None => right("-", cell),
            });
            lines.extend(names.rows(n, &[cells.collect()]));
        }
    }
    lines
}
