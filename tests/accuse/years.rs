//! Damages that only show beside last year's report, or by the day and the year of a report: they
//! go through `load` and `check`.

use super::chance::Chance;
use super::damages::{ALL, NEW};
use super::figures::{Figures, Size};
use super::forms::{APPLICANTS, PROCEEDINGS};
use super::places::Body;
use super::report::{Made, in_force};
use super::score::Wound;

/// Reports of one body; the last one has the damage.
pub struct Case {
    pub reports: Vec<Made>,
    pub wound: Wound,
    /// A year that is given for them when they are loaded.
    pub given: Option<i32>,
}

/// A kind of damage over years.
pub struct Chain {
    pub name: &'static str,
    pub rule: &'static str,
    pub severity: &'static str,
    /// Makes the case of a number for a body; none if the figures have no place for it.
    pub make: fn(&Numbers, &mut Chance) -> Option<Case>,
}

/// Numbers of a case: among those of its kind, and of a department that no other case has.
#[derive(Clone, Copy)]
pub struct Numbers {
    pub case: usize,
    pub body: usize,
}

impl Numbers {
    fn department(&self) -> Body {
        Body::department(self.body)
    }

    fn edition(&self, of: &[u16]) -> u16 {
        of[self.case % of.len()]
    }
}

/// Kinds of damage over years.
pub fn chains() -> Vec<Chain> {
    let chain = |name, rule, severity, make| Chain { name, rule, severity, make };
    vec![
        chain("carried in other than carried out", "carry-over", "error", |n, c| {
            let edition = n.edition(NEW);
            carried(n.department(), pair_of(edition), edition, c)
        }),
        chain("the same across editions", "carry-over", "error", |n, c| {
            carried(n.department(), 2020, 2021, c)
        }),
        chain("the same in a summary", "carry-over", "warning", |n, c| {
            carried(Body::summary(n.case), 2021, 2021, c)
        }),
        chain("documents in force miscounted", "in-force-continuity", "warning", |n, c| {
            let (row, d) = (*c.pick(&["regulations", "normative_documents"]), slip(c));
            altered(n.department(), (2022, 2021, 2021), c, |_, now, _| {
                let known = now.at("disclosure", row, "in_force")?;
                now.set("disclosure", row, "in_force", (known + d).max(0));
                (known + d >= 0).then(|| vec![format!("disclosure/{row}/in_force")])
            })
        }),
        chain("pending cases that vanished", "pending-vanished", "info", |n, c| {
            let (edition, row) = (n.edition(NEW), *c.pick(&PROCEEDINGS));
            altered(n.department(), (pair_of(edition), edition, edition), c, |before, now, _| {
                before.at("challenges", row, "pending").filter(|n| *n > 0)?;
                for column in ["upheld", "corrected", "other", "pending", "total"] {
                    now.set("challenges", row, column, 0);
                }
                Some(vec![format!("challenges/{row}/total")])
            })
        }),
        chain("a figure many times last year's", "jump", "info", |n, c| jumped(n, c, true)),
        chain("a figure a fraction of last year's", "jump", "info", |n, c| jumped(n, c, false)),
        chain("yuan in place of ten thousand yuan", "money-unit", "warning", |n, c| {
            let edition = n.edition(&[2014, 2021]);
            let cell = match edition {
                2014 => {
                    *c.pick(&["statistics/fees.amount/value", "statistics/staffing.budget/value"])
                }
                _ => "disclosure/fees/amount",
            };
            let wan = c.range(12, 900);
            altered(n.department(), (pair_of(edition), edition, edition), c, |before, now, c| {
                before.money.insert(cell.to_owned(), format!("{wan}.{:02}", c.range(1, 99)));
                let yuan = format!("{}", wan * 10_000 + c.range(-900, 900));
                now.money.insert(cell.to_owned(), yuan);
                Some(vec![cell.to_owned()])
            })
        }),
        chain("a department late", "late", "warning", |n, c| {
            let edition = n.edition(NEW);
            published(n.department(), pair_of(edition) + 1, (2, 9), c)
        }),
        chain("anybody late up to 2018", "late", "warning", |n, c| {
            published(n.department(), c.range(2014, 2018) as i32, (4, 9), c)
        }),
        chain("a summary late", "late", "warning", |n, c| {
            published(Body::summary(n.case), 2024, (4, 9), c)
        }),
        chain("a town late", "late", "info", |n, c| {
            published(Body::town(n.case), 2019 + 2 * (n.case / 11 % 4) as i32, (2, 9), c)
        }),
        chain("the form of another year", "wrong-edition", "warning", |n, c| {
            let (edition, year) =
                [(2019, 2022), (2014, 2020), (2021, 2020), (2019, 2024), (2014, 2021)][n.case % 5];
            single(n.department(), year, edition, c)
        }),
        chain("the old form in 2019", "wrong-edition", "info", |n, c| {
            single(n.department(), 2019, 2014, c)
        }),
        chain("title and period of different years", "year-mismatch", "error", |n, c| {
            let year = pair_of(n.edition(ALL)) + 1;
            let mut case = single(n.department(), year, in_force(year), c)?;
            case.reports[0].period += *c.pick(&[-1, 1]);
            Some(case)
        }),
        chain("title and file of different years", "year-mismatch", "error", |n, c| {
            let year = pair_of(n.edition(ALL)) + 1;
            let mut case = single(n.department(), year, in_force(year), c)?;
            let made = &mut case.reports[0];
            let other = year + *c.pick(&[-1, 1]);
            made.file = Some(format!("{}{other}年政府信息公开工作年度报告", made.body.name));
            Some(case)
        }),
        chain("title and given year different", "year-mismatch", "error", |n, c| {
            let mut case = single(n.department(), 2023, 2021, c)?;
            case.given = Some(2022);
            Some(case)
        }),
    ]
}

/// The first of two years in which an edition was in force.
fn pair_of(edition: u16) -> i32 {
    match edition {
        2014 => 2016,
        2019 => 2019,
        _ => 2022,
    }
}

fn slip(chance: &mut Chance) -> i64 {
    chance.range(1, 9) * *chance.pick(&[1, -1])
}

/// Two reports of a body, of which `change` alters the figures before they are printed; it names
/// the cells.
fn altered(
    body: Body,
    (year, first, second): (i32, u16, u16),
    chance: &mut Chance,
    change: impl FnOnce(&mut Figures, &mut Figures, &mut Chance) -> Option<Vec<String>>,
) -> Option<Case> {
    let size = *chance.pick(&[Size::Small, Size::Middle, Size::Large]);
    let mut before = Figures::draw(first, size, chance);
    let mut now = before.next(second, chance);
    let cells = change(&mut before, &mut now, chance)?;
    let reports = vec![
        Made::clean(body.clone(), year, before, chance),
        Made::clean(body, year + 1, now, chance),
    ];
    Some(Case { reports, wound: Wound { cells, ..Wound::default() }, given: None })
}

/// What was carried in is not what was carried out; the year's own sums hold.
fn carried(body: Body, year: i32, second: u16, chance: &mut Chance) -> Option<Case> {
    let first = in_force(year);
    let column = chance.pick(&APPLICANTS[..6]).0;
    let d = slip(chance);
    altered(body, (year, first, second), chance, |_, now, _| {
        for column in [column, "total"] {
            for (row, d) in [("received.carried_in", d), ("received.new", -d)] {
                let n = now.at("applications", row, column)? + d;
                if n < 0 {
                    return None;
                }
                now.set("applications", row, column, n);
            }
        }
        let cell = |column| format!("applications/received.carried_in/{column}");
        Some(vec![cell(column), cell("total")])
    })
}

/// A figure without sums moves by more than a factor of five.
fn jumped(n: &Numbers, chance: &mut Chance, up: bool) -> Option<Case> {
    let edition = n.edition(ALL);
    let (table, row, column) = match edition {
        2014 => ("statistics", "disclosure.website", "value"),
        _ => ("disclosure", *chance.pick(&["licensing", "penalties", "coercion"]), "decisions"),
    };
    let (base, factor) = (chance.range(20, 90), chance.range(6, 12));
    altered(n.department(), (pair_of(edition), edition, edition), chance, |before, now, _| {
        let (then, today) = if up { (base, base * factor) } else { (base * factor, base) };
        before.set(table, row, column, then);
        now.set(table, row, column, today);
        Some(vec![format!("{table}/{row}/{column}")])
    })
}

/// One report of a year on a form.
fn single(body: Body, year: i32, edition: u16, chance: &mut Chance) -> Option<Case> {
    let size = Size::any(chance);
    let figures = Figures::draw(edition, size, chance);
    let made = Made::clean(body, year, figures, chance);
    Some(Case { reports: vec![made], wound: Wound::default(), given: None })
}

/// One report that came out in one of these months.
fn published(body: Body, year: i32, (from, to): (i64, i64), chance: &mut Chance) -> Option<Case> {
    let mut case = single(body, year, in_force(year), chance)?;
    let (month, day) = (chance.range(from, to), chance.range(1, 28));
    case.reports[0].published = format!("{}-{month:02}-{day:02}", year + 1);
    Some(case)
}
