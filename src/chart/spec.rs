//! What to draw: the columns of an answer as places along an axis and series of values over them.

use std::collections::{BTreeMap, BTreeSet};

use rust_i18n::t;

use super::{Error, Spread, palette};
use crate::export::{notice, shown};
use crate::lang::Lang;
use crate::query::catalog::{Chart, ChartKind};
use crate::table::{Column, Table, Unit, Value};

/// Places along an axis, or rows of a heat map, that a picture has room for.
const MOST_PLACES: usize = 40;
/// The largest number that an axis holds exactly.
const MOST: f64 = 1e15;
/// Characters of a name that are drawn: breaking lines of a narrative would not end.
const LONGEST_NAME: usize = 200;
/// Years that may lie between two others, to be drawn as a gap.
const LONGEST_SPAN: i64 = 60;

/// What stands around a picture.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// What it shows.
    pub title: String,
    /// What was chosen.
    pub subtitle: String,
    /// Where it is from.
    pub source: String,
    /// The language.
    pub lang: Lang,
}

/// A picture to be drawn.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What kind.
    pub kind: ChartKind,
    /// What stands around it; the source names the years that were found.
    pub words: Words,
    /// What the places along the axis are.
    pub x_title: String,
    /// The places along the axis, in order.
    pub places: Vec<String>,
    /// Whether those are numbers, as years are.
    pub numeric: bool,
    /// What the values are; nothing where the series say it.
    pub y_title: String,
    /// How the values are meant.
    pub unit: Unit,
    /// What is drawn at the places; of a heat map the rows.
    pub series: Vec<Series>,
    /// What must be said of what is not drawn.
    pub notes: Vec<String>,
}

/// A line, the bars of a colour, or the row of a heat map.
#[derive(Debug, Clone)]
pub struct Series {
    /// What it is of.
    pub name: String,
    /// What it has.
    pub marks: Marks,
}

/// What a series has at each place.
#[derive(Debug, Clone)]
pub enum Marks {
    /// Values.
    Values(Vec<Option<Point>>),
    /// Boxes.
    Spreads(Vec<Option<Spread>>),
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The number.
    pub value: f64,
    /// The number as tables have it.
    pub text: String,
}

impl Figure {
    /// The picture of an answer.
    ///
    /// # Errors
    /// [`Error`]: the answer has nothing that can be drawn in that way.
    pub fn of(table: &Table, chart: &Chart, words: Words) -> Result<Figure, Error> {
        if table.rows.is_empty() {
            return Err(Error::Empty);
        }
        let columns = Columns::find(table, chart)?;
        let mut figure = columns.figure(chart, words);
        if figure.kind == ChartKind::Line && !figure.numeric {
            // a line from name to name would mean nothing
            figure.kind = ChartKind::Bar;
        }
        match figure.kind {
            ChartKind::Box => columns.boxes(&mut figure),
            _ => columns.values(&mut figure)?,
        }
        if figure.values().any(|value| value.abs() > MOST || value.is_nan()) {
            return Err(Error::TooLarge);
        }
        figure.trim(notice(table, figure.words.lang).filter(|_| table.total_rows.is_some()));
        Ok(figure)
    }

    /// All values, for the axis to hold.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| match &series.marks {
            Marks::Values(points) => {
                points.iter().flatten().map(|point| point.value).collect::<Vec<_>>()
            }
            Marks::Spreads(spreads) => spreads.iter().flatten().flat_map(Spread::values).collect(),
        })
    }

    /// Leaves out what there is no room for, and says so.
    fn trim(&mut self, cut: Option<String>) {
        let locale = self.words.lang.key();
        let heat = self.kind == ChartKind::Heat;
        let (rows, places) = (self.series.len(), self.places.len());
        let most = if heat { MOST_PLACES } else { palette::MOST_SERIES };
        if rows > most {
            self.series.truncate(most);
            let said = match heat {
                true => t!("chart.rows_cut", locale = locale, shown = most, total = rows),
                false => t!("chart.series_cut", locale = locale, shown = most, total = rows),
            };
            self.notes.push(said.into());
        }
        if places > MOST_PLACES && (heat || !self.numeric) {
            self.places.truncate(MOST_PLACES);
            for series in &mut self.series {
                match &mut series.marks {
                    Marks::Values(points) => points.truncate(MOST_PLACES),
                    Marks::Spreads(spreads) => spreads.truncate(MOST_PLACES),
                }
            }
            let (shown, total) = (MOST_PLACES, places);
            self.notes
                .push(t!("chart.places_cut", locale = locale, shown = shown, total = total).into());
        }
        self.notes.extend(cut);
    }
}

/// The columns of an answer that are drawn, by number.
pub(super) struct Columns<'t> {
    pub(super) table: &'t Table,
    x: usize,
    pub(super) ys: Vec<usize>,
    pub(super) group: Option<usize>,
    /// Whether there is but one group.
    alone: bool,
}

impl<'t> Columns<'t> {
    fn find(table: &'t Table, chart: &Chart) -> Result<Columns<'t>, Error> {
        let at = |name: &String| {
            let found = table.columns.iter().position(|column| column.name == *name);
            found.ok_or_else(|| Error::NoColumn(name.clone()))
        };
        let ys = chart.y.iter().map(at).collect::<Result<Vec<_>, _>>()?;
        let group = chart.group.as_ref().map(at).transpose()?;
        let groups = || table.rows.iter().filter_map(|row| row.get(group?));
        let alone = groups().zip(groups().skip(1)).all(|(one, next)| one == next);
        let columns = Columns { table, x: at(&chart.x)?, ys, group, alone };
        let drawn = || columns.ys.iter().flat_map(|y| table.rows.iter().map(|row| (*y, &row[*y])));
        if let Some((y, _)) = drawn().find(|(_, v)| matches!(v, Value::Text(_) | Value::Blob(_))) {
            return Err(Error::NotNumbers(title(&table.columns[y])));
        }
        if drawn().all(|(_, value)| number(value).is_none()) {
            return Err(Error::NoNumbers);
        }
        let mut units = columns.ys.iter().map(|y| meaning(table.columns[*y].unit));
        let first = units.next();
        match units.all(|unit| Some(unit) == first) {
            true => Ok(columns),
            false => Err(Error::Units),
        }
    }

    /// The picture without anything in it.
    fn figure(&self, chart: &Chart, words: Words) -> Figure {
        let columns = &self.table.columns;
        let unit = self.ys.first().map_or(Unit::Plain, |y| columns[*y].unit);
        let y_title = match self.ys.as_slice() {
            [y] => title(&columns[*y]),
            _ => String::new(),
        };
        let is_whole = |row: &Vec<Value>| matches!(row[self.x], Value::Int(_));
        let numeric = columns[self.x].labels.iter().all(Option::is_none)
            && self.table.rows.iter().all(is_whole);
        let yuan = t!("chart.yuan", locale = words.lang.key());
        Figure {
            kind: chart.kind,
            x_title: title(&columns[self.x]),
            places: Vec::new(),
            numeric,
            y_title: if unit == Unit::Fen && !y_title.contains(&*yuan) {
                format!("{y_title}{yuan}")
            } else {
                y_title
            },
            unit,
            series: Vec::new(),
            notes: Vec::new(),
            words,
        }
    }

    /// What people read in a cell.
    pub(super) fn shown(&self, row: usize, column: usize) -> String {
        let Column { labels, unit, .. } = &self.table.columns[column];
        match labels.get(row).and_then(Option::as_ref) {
            Some(label) => label.clone(),
            None => shown(&self.table.rows[row][column], *unit),
        }
        .chars()
        .take(LONGEST_NAME)
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect()
    }

    /// The name of the series of a column in a row. A group that is alone tells nothing apart.
    pub(super) fn series_name(&self, row: usize, y: usize, lang: Lang) -> String {
        let of_column = || title(&self.table.columns[y]);
        match self.group.map(|group| self.group_name(row, group, lang)) {
            Some(_) if self.ys.len() > 1 && self.alone => of_column(),
            Some(group) if self.ys.len() > 1 => format!("{group} · {}", of_column()),
            Some(group) => group,
            None => of_column(),
        }
    }

    /// The name of a group; an edition, which is a year, is said to be one.
    pub(super) fn group_name(&self, row: usize, group: usize, lang: Lang) -> String {
        let name = self.shown(row, group);
        let is_edition = self.table.columns[group].name == "edition";
        match &self.table.rows[row][group] {
            Value::Text(_) if is_edition => {
                t!("chart.edition", locale = lang.key(), edition = name).into_owned()
            }
            _ => name,
        }
    }

    /// The places along the axis of every row. A name that is given several times stands with its
    /// year, and bars of one name beside each other where even that does not tell them apart.
    pub(super) fn places(&self, figure: &mut Figure) -> Vec<usize> {
        if figure.numeric {
            return self.numeric_places(figure);
        }
        let apart = figure.kind == ChartKind::Bar;
        let year = self.year().filter(|_| apart);
        let mut known: BTreeMap<(String, usize), usize> = BTreeMap::new();
        let mut times: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut found = Vec::new();
        for row in 0..self.table.rows.len() {
            let mut name = self.shown(row, self.x);
            if let Some(year) = year {
                name = format!("{name} {}", self.shown(row, year));
            }
            let before = times.entry((name.clone(), self.key(row))).or_default();
            let key = (name.clone(), if apart { *before } else { 0 });
            *before += 1;
            let place = known.entry(key).or_insert_with(|| {
                figure.places.push(name);
                figure.places.len() - 1
            });
            found.push(*place);
        }
        found
    }

    /// The key of a row's group.
    fn key(&self, row: usize) -> String {
        self.group.map(|group| self.shown(row, group)).unwrap_or_default()
    }

    /// The column of years, where the same names come again and only it may tell them apart.
    fn year(&self) -> Option<usize> {
        let at = self.table.columns.iter().position(|column| column.name == "year")?;
        let rows = self.table.rows.len();
        let names: BTreeSet<_> = (0..rows).map(|r| (self.shown(r, self.x), self.key(r))).collect();
        (at != self.x && Some(at) != self.group && names.len() < rows).then_some(at)
    }

    /// Numbers stand in their order, and years that are not there leave a gap.
    fn numeric_places(&self, figure: &mut Figure) -> Vec<usize> {
        let of = |row: &Vec<Value>| if let Value::Int(n) = row[self.x] { n } else { 0 };
        let mut numbers: Vec<i64> = self.table.rows.iter().map(of).collect();
        let all = numbers.clone();
        numbers.sort_unstable();
        numbers.dedup();
        let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
        if last.saturating_sub(first) <= LONGEST_SPAN {
            numbers = (first..=last).collect();
        }
        figure.places = numbers.iter().map(i64::to_string).collect();
        all.iter().map(|n| numbers.binary_search(n).unwrap_or_default()).collect()
    }

    /// Puts the values in.
    fn values(&self, figure: &mut Figure) -> Result<(), Error> {
        let places = self.places(figure);
        let mut series = Names::default();
        let mut grid: Vec<Vec<Option<Point>>> = Vec::new();
        for (row, place) in places.into_iter().enumerate() {
            for y in &self.ys {
                let name = self.series_name(row, *y, figure.words.lang);
                let at = series.number(&name);
                if at == grid.len() {
                    grid.push(vec![None; figure.places.len()]);
                }
                let Some(value) = number(&self.table.rows[row][*y]) else { continue };
                let point = Point { value, text: self.number_text(row, *y) };
                if grid[at][place].replace(point).is_some() {
                    let alone = series.0.len() == 1 && self.group.is_none();
                    let series = if alone { String::new() } else { format!(" · {name}") };
                    return Err(Error::Repeated(format!("{}{series}", figure.places[place])));
                }
            }
        }
        figure.series = (series.0.into_iter().zip(grid))
            .map(|(name, points)| Series { name, marks: Marks::Values(points) })
            .collect();
        Ok(())
    }

    /// A number as tables have it, but not all digits of a fraction.
    fn number_text(&self, row: usize, y: usize) -> String {
        let text = self.shown(row, y);
        match &self.table.rows[row][y] {
            Value::Real(x) if text.parse() == Ok(*x) => format!("{x:.2}"),
            _ => text,
        }
    }
}

/// Names in the order in which they come.
#[derive(Default)]
pub(super) struct Names(pub(super) Vec<String>);

impl Names {
    pub(super) fn number(&mut self, name: &str) -> usize {
        self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        })
    }
}

/// What people read above a column.
pub(super) fn title(column: &Column) -> String {
    let name = column.title.as_ref().unwrap_or(&column.name);
    let name = column.group.as_ref().map_or(name.clone(), |group| format!("{group} {name}"));
    name.replace('\n', " ")
}

/// Units that may share an axis are one.
fn meaning(unit: Unit) -> Unit {
    if unit.is_scaled() { unit } else { Unit::Plain }
}

/// A value as a number that can be drawn.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Real(x) if x.is_finite() => Some(*x),
        _ => None,
    }
}
