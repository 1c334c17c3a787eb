//! Bodies counted by year and region.

use std::collections::BTreeMap;

use rust_i18n::t;

use super::Asked;
use crate::cli::output::columns;
use crate::region::{Code, Regions};
use crate::store::{Attendance, Attended, LoadFailure, Origin};
use crate::table::{Column, Table, Unit, Value};

/// A region that bodies are counted in; regions stand in order of their codes, the one asked for
/// itself first and what belongs to none last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// 0 the region asked for itself, 1 one below it, 2 none.
    order: u8,
    /// Its code; none where bodies belong to no region.
    pub code: Option<String>,
    /// Its name for people.
    pub name: String,
}

impl Group {
    /// What belongs to no region, or to none that is known.
    pub fn nowhere() -> Group {
        Group { order: 2, code: None, name: t!("coverage.nowhere").into() }
    }

    /// The region of the level below the one asked for that holds a place.
    pub fn holding(regions: &Regions, asked: Option<Code>, place: Option<Code>) -> Group {
        let Some(place) = place else { return Group::nowhere() };
        let above = regions.ancestors(place).into_iter().map(|r| r.code);
        let chain: Vec<Code> = std::iter::once(place).chain(above).collect();
        let below = match asked {
            None => chain.last().copied(),
            // its digits may put it under a region that its chain does not pass
            Some(asked) => match chain.iter().position(|c| *c == asked) {
                Some(at) => at.checked_sub(1).map(|i| chain[i]),
                None => chain.last().copied().filter(|c| *c != asked),
            },
        };
        Group::of(regions, below, asked)
    }

    /// The region below the one asked for, or that one itself.
    fn of(regions: &Regions, below: Option<Code>, asked: Option<Code>) -> Group {
        let name =
            |code: Code| regions.get(code).map_or_else(|| code.to_string(), |r| r.name.to_string());
        match (below, asked) {
            (Some(code), _) => Group { order: 1, code: Some(code.to_string()), name: name(code) },
            (None, Some(code)) => Group {
                order: 0,
                code: Some(code.to_string()),
                name: t!("labels.own_level", region = name(code)).into(),
            },
            (None, None) => Group::nowhere(),
        }
    }
}

/// How many bodies are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Expected and there.
    pub come: usize,
    /// Expected and not there.
    pub missing: usize,
    /// There without being expected.
    pub unexpected: usize,
    /// Of those there: published after the day of the statute.
    pub late: usize,
    /// Of those there: with another source that has other figures.
    pub twice: usize,
    /// Files that failed to load.
    pub unparsed: usize,
    /// Of those there: checked, with an error that nobody dismissed.
    pub with_errors: usize,
    /// Of those there: checked, without one.
    pub clean: usize,
    /// Of those there: not checked since something changed.
    pub unchecked: usize,
}

impl Counts {
    /// All that should be there.
    pub fn expected(&self) -> usize {
        self.come + self.missing
    }

    fn add(&mut self, a: &Attended) {
        match a.state {
            Attendance::Come => self.come += 1,
            Attendance::Missing => {
                self.missing += 1;
                return;
            }
            Attendance::Unexpected => self.unexpected += 1,
        }
        self.late += usize::from(a.late);
        self.twice += usize::from(a.twice);
        match (a.checked, a.errors) {
            (false, _) => self.unchecked += 1,
            (true, 0) => self.clean += 1,
            (true, _) => self.with_errors += 1,
        }
    }

    fn values(&self) -> [usize; COUNTS.len()] {
        [
            self.expected(),
            self.come,
            self.missing,
            self.unexpected,
            self.late,
            self.twice,
            self.unparsed,
            self.with_errors,
            self.clean,
            self.unchecked,
        ]
    }
}

/// Columns of the counts.
const COUNTS: [&str; 10] = [
    "expected",
    "come",
    "missing",
    "unexpected",
    "late",
    "twice",
    "unparsed",
    "with_errors",
    "clean",
    "unchecked",
];

/// A region in a year.
pub struct Line<'a> {
    /// None for files of which nothing tells the year.
    pub year: Option<i32>,
    /// The region.
    pub group: Group,
    /// Its bodies.
    pub bodies: Vec<&'a Attended>,
    /// Files that failed to load.
    pub failures: Vec<&'a LoadFailure>,
    /// How many of what.
    pub counts: Counts,
}

impl Line<'_> {
    /// Why its bodies are expected: `listed`, `last_year`, `mixed`, `none`.
    pub fn origin(&self) -> &'static str {
        origin(self.bodies.iter().copied())
    }
}

fn origin<'a>(bodies: impl Iterator<Item = &'a Attended>) -> &'static str {
    let mut found: Vec<Origin> = bodies.filter_map(|a| a.origin).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [] => "none",
        [one] => one.key(),
        _ => "mixed",
    }
}

/// The lines, by year and region.
pub fn lines<'a>(asked: &'a Asked<'_>) -> Vec<Line<'a>> {
    // what has no year comes last
    let mut lines: BTreeMap<(bool, Option<i32>, Group), Line<'a>> = BTreeMap::new();
    let mut line = |year: Option<i32>, group: Group, add: &dyn Fn(&mut Line<'a>)| {
        let key = (year.is_none(), year, group.clone());
        let empty = || Line {
            year,
            group,
            bodies: Vec::new(),
            failures: Vec::new(),
            counts: Counts::default(),
        };
        add(lines.entry(key).or_insert_with(empty));
    };
    for a in &asked.attended {
        line(Some(a.year), asked.group(&a.region_code, &a.township_code), &|line| {
            line.bodies.push(a);
            line.counts.add(a);
        });
    }
    for f in &asked.failures {
        line(f.year, asked.group(&f.region_code, &None), &|line| {
            line.failures.push(f);
            line.counts.unparsed += 1;
        });
    }
    lines.into_values().collect()
}

/// The lines as rows; for people with a total for each year, which data must not count again, and
/// in data with the names that people are told apart.
pub fn table(lines: &[Line<'_>], people: bool) -> Table {
    let mut names = vec!["year", "region"];
    if !people {
        names.push("region_code");
    }
    names.push("origin");
    names.extend(COUNTS);
    let mut columns = columns(&names, |n| t!(format!("coverage.column.{n}")).into());
    for column in &mut columns {
        let counts = COUNTS.contains(&column.name.as_str());
        column.unit = if counts { Unit::Count } else { Unit::Label };
    }
    if !people {
        columns.extend(["missing_names", "unexpected_names"].map(Column::new));
    }
    let mut rows = Vec::new();
    let mut origins = Vec::new();
    for of_year in lines.chunk_by(|a, b| a.year == b.year) {
        let mut total = [0; COUNTS.len()];
        for line in of_year {
            let values = line.counts.values();
            total.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            origins.push(line.origin());
            rows.push(row(line, values, people));
        }
        if people && of_year.len() > 1 {
            let bodies = of_year.iter().flat_map(|l| l.bodies.iter().copied());
            let origin = origin(bodies);
            origins.push(origin);
            let year = of_year.first().and_then(|l| l.year);
            let name = Value::Text(t!("coverage.total").into());
            let head = [self::year(year), name, Value::Text(origin.to_owned())];
            rows.push(head.into_iter().chain(total.map(number)).collect());
        }
    }
    if let Some(column) = columns.iter_mut().find(|c| c.name == "origin") {
        let word = |key: &&str| Some(t!(format!("coverage.origin.{key}")).into());
        column.labels = origins.iter().map(word).collect();
    }
    Table { columns, rows, total_rows: None }
}

fn row(line: &Line<'_>, counts: [usize; COUNTS.len()], people: bool) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut row = vec![year(line.year), text(&line.group.name)];
    if !people {
        row.push(line.group.code.as_deref().map_or(Value::Null, text));
    }
    row.push(text(line.origin()));
    row.extend(counts.map(number));
    if !people {
        let names = |state: Attendance| {
            let of_state = line.bodies.iter().filter(|a| a.state == state);
            let names: Vec<&str> = of_state.map(|a| a.organ.as_str()).collect();
            text(&names.join("；"))
        };
        row.extend([names(Attendance::Missing), names(Attendance::Unexpected)]);
    }
    row
}

fn year(year: Option<i32>) -> Value {
    year.map_or(Value::Null, |y| Value::Int(y.into()))
}

fn number(n: usize) -> Value {
    Value::Int(n as i64)
}
