//! Bodies one a line, with their state.

use rust_i18n::t;

use super::Asked;
use super::tally::Group;
use crate::cli::expect::{kind_word, scope_word};
use crate::cli::output::columns;
use crate::region::Kind;
use crate::report::Scope;
use crate::store::{Attendance, Attended, LoadFailure, Origin};
use crate::table::{Table, Unit, Value};

/// A body, or a file that failed to load.
pub enum Body<'a> {
    /// A body, and the region it is counted in.
    Attended(&'a Attended, Group),
    /// A file.
    Unparsed(&'a LoadFailure, Group),
}

/// All that is counted, by year, region and name.
pub fn bodies<'a>(asked: &'a Asked<'_>) -> Vec<Body<'a>> {
    let attended = asked.attended.iter();
    let attended =
        attended.map(|a| Body::Attended(a, asked.group(&a.region_code, &a.township_code)));
    let failures = asked.failures.iter();
    let failures = failures.map(|f| Body::Unparsed(f, asked.group(&f.region_code, &None)));
    let mut all: Vec<Body<'a>> = attended.chain(failures).collect();
    // the missing first, in a group; the sort keeps the order of the names
    all.sort_by_cached_key(|b| {
        let year = b.year();
        (year.is_none(), year, b.group().clone(), !b.is_missing())
    });
    all
}

impl Body<'_> {
    /// Whether it is expected and not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Body::Attended(a, _) if a.state == Attendance::Missing)
    }

    /// Whether it is named below the counts: the missing, files that failed, and where it is known
    /// who is to report, those that nobody expected.
    pub fn is_worth_a_name(&self, known: bool) -> bool {
        match self {
            Body::Unparsed(..) => true,
            Body::Attended(a, _) => match a.state {
                Attendance::Come => false,
                Attendance::Missing => true,
                Attendance::Unexpected => known,
            },
        }
    }

    /// Reporting year; none for a file of which nothing tells it.
    pub fn year(&self) -> Option<i32> {
        match self {
            Body::Attended(a, _) => Some(a.year),
            Body::Unparsed(f, _) => f.year,
        }
    }

    /// The region it is counted in.
    pub fn group(&self) -> &Group {
        match self {
            Body::Attended(_, group) | Body::Unparsed(_, group) => group,
        }
    }

    fn attended(&self) -> Option<&Attended> {
        match self {
            Body::Attended(a, _) => Some(a),
            Body::Unparsed(..) => None,
        }
    }

    fn state(&self) -> &'static str {
        self.attended().map_or("unparsed", |a| a.state.key())
    }

    /// The value of a column.
    fn value(&self, column: &str) -> Value {
        let text = |text: &str| Value::Text(text.to_owned());
        let maybe = |t: Option<&str>| t.map_or(Value::Null, text);
        match (column, self) {
            ("year", _) => self.year().map_or(Value::Null, |y| Value::Int(y.into())),
            ("region", _) => text(&self.group().name),
            ("state", _) => text(self.state()),
            ("region_code", Body::Attended(a, _)) => {
                maybe(a.township_code.as_deref().or(a.region_code.as_deref()))
            }
            ("region_code", Body::Unparsed(f, _)) => maybe(f.region_code.as_deref()),
            ("organ", Body::Attended(a, _)) => text(&a.organ),
            ("organ", Body::Unparsed(f, _)) => text(&f.path),
            ("path", Body::Attended(a, _)) => maybe(a.path.as_deref()),
            ("path", Body::Unparsed(f, _)) => text(&f.path),
            ("reason", Body::Unparsed(f, _)) => text(&f.reason),
            (_, Body::Unparsed(..)) => Value::Null,
            ("kind", Body::Attended(a, _)) => maybe(a.kind.as_deref()),
            ("scope", Body::Attended(a, _)) => maybe(a.scope.map(Scope::key)),
            ("origin", Body::Attended(a, _)) => maybe(a.origin.map(Origin::key)),
            ("published", Body::Attended(a, _)) => maybe(a.published.as_deref()),
            ("due", Body::Attended(a, _)) => maybe(a.due.as_deref()),
            // of what is not there nothing else is known
            (_, Body::Attended(a, _)) if a.state == Attendance::Missing => Value::Null,
            ("late", Body::Attended(a, _)) => Value::Int(a.late.into()),
            ("twice", Body::Attended(a, _)) => Value::Int(a.twice.into()),
            ("errors", Body::Attended(a, _)) if a.checked => Value::Int(a.errors),
            _ => Value::Null,
        }
    }

    /// What people read in place of a key.
    fn word(&self, column: &str) -> Option<String> {
        let attended = self.attended();
        match column {
            "state" => Some(match attended.map(|a| a.state) {
                Some(Attendance::Come) => t!("coverage.state.come").into(),
                Some(Attendance::Missing) => t!("coverage.state.missing").into(),
                Some(Attendance::Unexpected) => t!("coverage.state.unexpected").into(),
                None => t!("coverage.state.unparsed").into(),
            }),
            "origin" => {
                let origin = attended?.origin?;
                Some(t!(format!("coverage.origin.{}", origin.key())).into())
            }
            "kind" => Kind::of_key(attended?.kind.as_deref()?).map(kind_word),
            "scope" => attended?.scope.map(scope_word),
            "late" => yes(attended?.late),
            "twice" => yes(attended?.twice),
            "errors" => {
                let a = attended?;
                let waits = a.state != Attendance::Missing && !a.checked;
                waits.then(|| t!("coverage.column.unchecked").into())
            }
            _ => None,
        }
    }
}

/// People read a mark where something is so, and nothing where it is not.
fn yes(is: bool) -> Option<String> {
    Some(if is { t!("coverage.yes").into() } else { String::new() })
}

/// All that is known of each; people are spared the source.
pub fn table(bodies: &[Body<'_>], people: bool) -> Table {
    const PEOPLE: [&str; 11] = [
        "year",
        "region",
        "organ",
        "scope",
        "state",
        "origin",
        "published",
        "due",
        "late",
        "twice",
        "errors",
    ];
    const DATA: [&str; 15] = [
        "year",
        "region",
        "region_code",
        "organ",
        "kind",
        "scope",
        "state",
        "origin",
        "published",
        "due",
        "late",
        "twice",
        "errors",
        "path",
        "reason",
    ];
    of(bodies, if people { &PEOPLE } else { &DATA })
}

/// The names below the counts.
pub fn short_table(bodies: &[Body<'_>]) -> Table {
    of(bodies, &["year", "region", "state", "organ", "scope"])
}

fn of(bodies: &[Body<'_>], names: &[&str]) -> Table {
    let mut columns = columns(names, |n| t!(format!("coverage.column.{n}")).into());
    for column in &mut columns {
        column.unit = if column.name == "errors" { Unit::Count } else { Unit::Label };
        column.labels = bodies.iter().map(|b| b.word(&column.name)).collect();
    }
    let rows = bodies.iter().map(|b| names.iter().map(|n| b.value(n)).collect()).collect();
    Table { columns, rows, total_rows: None }
}
