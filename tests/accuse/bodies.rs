//! Damages that only show beside the reports of other bodies, or beside another copy.

use super::chance::Chance;
use super::figures::{Figures, Size};
use super::places::{Body, COUNTIES};
use super::report::{Made, in_force};
use super::score::Wound;

/// Reports loaded together.
#[derive(Default)]
pub struct Crowd {
    pub reports: Vec<Made>,
    /// Bodies that are to report: name, code of the region, year.
    pub expected: Vec<(String, &'static str, i32)>,
    /// For each case the reports of which one must be named, and what was done.
    pub cases: Vec<(Vec<usize>, Wound)>,
}

/// A kind of damage among several reports.
pub struct Kind {
    pub name: &'static str,
    pub rule: &'static str,
    pub severity: &'static str,
    /// Makes so many cases.
    pub make: fn(usize, &mut Chance) -> Crowd,
}

/// Kinds by the rules that look at several bodies.
pub fn kinds() -> Vec<Kind> {
    let kind = |name, rule, severity, make| Kind { name, rule, severity, make };
    vec![
        kind("a rate far from thirty peers", "outlier", "info", outliers),
        kind("last year's section again", "copied-text", "info", |n, c| copies(n, true, c)),
        kind("another body's section", "copied-text", "info", |n, c| copies(n, false, c)),
        kind("two sources with different cells", "duplicate-report", "warning", duplicates),
        kind("a wrong cell in a summary", "reconcile", "error", |n, c| {
            summaries(n, 2020, c, |sum, _, c| {
                let cell = format!("disclosure/{}/decisions", c.pick(&["licensing", "penalties"]));
                *sum.counts.get_mut(&cell)? += c.range(1, 9);
                Some(cell)
            })
        }),
        kind("a unit counted twice in a summary", "reconcile", "error", |n, c| {
            summaries(n, 2022, c, |sum, unit, _| weigh(sum, unit, 1))
        }),
        kind("a unit left out of a summary", "reconcile", "error", |n, c| {
            summaries(n, 2024, c, |sum, unit, _| weigh(sum, unit, -1))
        }),
    ]
}

/// Groups of peers, one a year, each with thirty that are alike and five that grant next to
/// nothing.
fn outliers(cases: usize, chance: &mut Chance) -> Crowd {
    let years = [2014, 2015, 2016, 2017, 2020, 2021, 2022, 2023];
    let mut crowd = Crowd::default();
    for (group, year) in years.into_iter().enumerate() {
        let odd = cases / years.len() + usize::from(group < cases % years.len());
        for n in 0..30 + odd {
            // no body in two years that follow each other
            let body = Body::department(group * 60 + n);
            let figures = alike(in_force(year), n >= 30, chance);
            let cells = figures.cells_of("granted");
            if n >= 30 {
                let wound = Wound { cells, ..Wound::default() };
                crowd.cases.push((vec![crowd.reports.len()], wound));
            }
            crowd.reports.push(Made::clean(body, year, figures, chance));
        }
    }
    crowd
}

/// Figures of a body like its peers, which grants about half, or of one that hardly grants any.
fn alike(edition: u16, odd: bool, chance: &mut Chance) -> Figures {
    let mut figures = Figures::draw(edition, Size::Nothing, chance);
    let all = chance.range(200, 400);
    let granted = if odd { all / 100 } else { all * chance.range(50, 56) / 100 };
    let refused = all * chance.range(20, 24) / 100;
    let unavailable = all * chance.range(8, 11) / 100;
    let partly = all - granted - refused - unavailable;
    if edition == 2014 {
        for (row, n) in [
            ("received.online", all),
            ("concluded.on_time", all),
            ("replied.granted", granted),
            ("replied.refused.privacy", refused),
            ("replied.not_existing", unavailable),
            ("replied.partially_granted", partly),
        ] {
            figures.set("statistics", &format!("applications.{row}"), "value", n);
        }
    } else {
        for (row, n) in [
            ("granted", granted),
            ("refused.third_party", refused),
            ("unavailable.not_held", unavailable),
            ("partially_granted", partly),
        ] {
            figures.set("applications", row, "natural_person", n);
        }
    }
    figures.settle();
    figures
}

/// Sections that are their body's of last year, or another body's.
fn copies(cases: usize, own: bool, chance: &mut Chance) -> Crowd {
    let mut crowd = Crowd::default();
    for case in 0..cases {
        let year = 2022;
        let first = Figures::draw(2021, Size::Small, chance);
        let second = first.next(2021, chance);
        let bodies = [Body::department(2 * case), Body::department(2 * case + usize::from(!own))];
        let [a, b] = bodies;
        let year_after = if own { year + 1 } else { year };
        let mut made =
            [Made::clean(a, year, first, chance), Made::clean(b, year_after, second, chance)];
        let essay = essay(chance);
        for report in &mut made {
            let lead = format!("{}年工作中还有不足。", report.year);
            if let Some(section) = report.story.iter_mut().find(|s| s.no == 5) {
                section.lines = vec![lead, essay.clone()];
            }
        }
        let n = crowd.reports.len();
        let named = if own { vec![n + 1] } else { vec![n, n + 1] };
        crowd.cases.push((named, Wound::default()));
        crowd.reports.extend(made);
    }
    crowd
}

/// A page of problems and plans that no other body has.
fn essay(chance: &mut Chance) -> String {
    const WHO: [&str; 12] = [
        "部分科室",
        "个别工作人员",
        "信息发布人员",
        "网站栏目",
        "答复文书",
        "政策解读",
        "新媒体账号",
        "基层窗口",
        "公开目录",
        "业务培训",
        "考核办法",
        "档案整理",
    ];
    const WHAT: [&str; 12] = [
        "更新不够及时",
        "形式比较单一",
        "质量有待提高",
        "内容不够全面",
        "标准不尽统一",
        "衔接不够顺畅",
        "深度仍显不足",
        "检索不够方便",
        "意识还需增强",
        "分类不够清晰",
        "回应不够主动",
        "审核不够严格",
    ];
    const HOW: [&str; 12] = [
        "今后将逐项列出清单",
        "拟于下季度集中整改",
        "准备请专家讲授",
        "将由分管领导逐月督办",
        "会同有关单位共同研究",
        "打算引入第三方评估",
        "要向先进地区学习",
        "安排骨干到上级跟班",
        "按照责任分工抓落实",
        "通过案例讲评补短板",
        "借助信息化手段解决",
        "纳入年终考核一并检查",
    ];
    const WHEN: [&str; 8] =
        ["上半年", "三季度以前", "年底以前", "两个月内", "随即", "分三步", "逐步", "自三月起"];
    (0..14)
        .map(|_| {
            let (who, what) = (*chance.pick(&WHO), *chance.pick(&WHAT));
            format!("{who}{what}，{}{}。", chance.pick(&WHEN), chance.pick(&HOW))
        })
        .collect()
}

/// Two documents of one report that differ in a cell.
fn duplicates(cases: usize, chance: &mut Chance) -> Crowd {
    let mut crowd = Crowd::default();
    for case in 0..cases {
        let edition = [2014, 2019, 2021][case % 3];
        let figures = Figures::draw(edition, Size::Middle, chance);
        let (table, row, column) = match edition {
            2014 => ("statistics", "disclosure.website", "value"),
            _ => ("disclosure", "licensing", "decisions"),
        };
        let mut other = figures.clone();
        let n = other.at(table, row, column).unwrap_or(0);
        other.set(table, row, column, n + chance.range(1, 9));
        let year = if edition == 2019 { 2020 } else { i32::from(edition) + 2 };
        let n = crowd.reports.len();
        for figures in [figures, other] {
            crowd.reports.push(Made::clean(Body::department(case), year, figures, chance));
        }
        let cells = vec![format!("{table}/{row}/{column}")];
        crowd.cases.push((vec![n, n + 1], Wound { cells, ..Wound::default() }));
    }
    crowd
}

/// Departments of a county that report.
const UNITS: usize = 5;

/// What a damage to a summary names.
type Damage = fn(&mut Figures, &Figures, &mut Chance) -> Option<String>;

/// Counties with all their departments, whose summaries are damaged; the damage names a cell.
fn summaries(cases: usize, year: i32, chance: &mut Chance, damage: Damage) -> Crowd {
    let mut crowd = Crowd::default();
    for case in 0..cases.min(COUNTIES.len()) {
        let edition = in_force(year);
        let (units, sum, cell) = loop {
            let mut units = Vec::new();
            for _ in 0..UNITS {
                let mut unit = Figures::draw(edition, Size::Middle, chance);
                unit.money.values_mut().for_each(|m| *m = "0".to_owned());
                units.push(unit);
            }
            let mut sum = units[0].clone();
            units[1..].iter().for_each(|unit| add(&mut sum, unit, 1));
            if let Some(cell) = damage(&mut sum, &units[case % UNITS], chance) {
                break (units, sum, cell);
            }
        };
        for (trade, figures) in units.into_iter().enumerate() {
            let body = Body::office(case, trade);
            crowd.expected.push((body.name.clone(), body.county[3], year));
            crowd.reports.push(Made::clean(body, year, figures, chance));
        }
        let wound = Wound { cells: vec![cell], also: vec!["reconcile"], ..Wound::default() };
        crowd.cases.push((vec![crowd.reports.len()], wound));
        crowd.reports.push(Made::clean(Body::summary(case), year, sum, chance));
    }
    crowd
}

fn add(sum: &mut Figures, unit: &Figures, times: i64) {
    for (cell, n) in &unit.counts {
        *sum.counts.entry(cell.clone()).or_default() += times * n;
    }
}

/// Counts a unit once more or not at all.
fn weigh(sum: &mut Figures, unit: &Figures, times: i64) -> Option<String> {
    let cell = "applications/received.new/total";
    unit.counts.get(cell).filter(|n| **n > 0)?;
    add(sum, unit, times);
    Some(cell.to_owned())
}
