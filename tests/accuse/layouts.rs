//! Damages to the tables and the format of a report.

use super::chance::Chance;
use super::damages::{ALL, NEW, replace};
use super::figures::Figures;
use super::forms::{Row, outcomes};
use super::pages::Layout;
use super::report::{Made, filled};
use super::score::{Kind, Wound};

type Change = fn(&mut Made, &mut Chance) -> Option<Wound>;

fn kind(
    name: &str,
    (rule, severity): (&'static str, &'static str),
    editions: &'static [u16],
    change: Change,
) -> Kind {
    let wound = Box::new(move |made: &mut Made, chance: &mut Chance| {
        // where cells have borders, a blank one can be told
        made.layout = *chance.pick(&Layout::GRIDS);
        change(made, chance)
    });
    Kind { name: name.to_owned(), rule, severity, editions, wound }
}

/// Sums that cannot be worked out, and sections, are no matter of these damages.
const SUMS: [&str; 6] =
    ["row-total", "processed-total", "balance", "part-sum", "missing-row", "text-number"];

fn of(cells: Vec<String>, also: &[&'static str]) -> Option<Wound> {
    Some(Wound { cells, also: also.to_vec(), ..Wound::default() })
}

/// Kinds of damaged tables and missing pieces.
pub fn kinds() -> Vec<Kind> {
    vec![
        kind("zeros left blank that a sum settles", ("blank-cell", "info"), NEW, |m, c| {
            let row = *c.pick(&outcomes(m.edition));
            let zero = |column: &str| format!("applications/{row}/{column}");
            let columns = ["business", "research", "welfare", "legal_service", "other_org"];
            let blank: Vec<String> =
                columns.iter().map(|c| zero(c)).filter(|c| m.count(c) == 0).collect();
            blank.iter().for_each(|c| m.print(c, ""));
            if blank.is_empty() { None } else { of(blank, &[]) }
        }),
        kind("a row left blank", ("blank-cell", "warning"), NEW, |m, c| {
            let mut rows = outcomes(m.edition);
            rows.extend(["received.carried_in", "carried_out", "received.new"]);
            let name = format!("applications/{}", c.pick(&rows));
            // a row of nothing but zeros is settled by its columns
            let open = m.count(&format!("{name}/total")) > 0;
            m.row_mut(&name)?.values.fill(String::new());
            if open { of(vec![name], &[]) } else { None }
        }),
        kind("a line of the form left blank", ("blank-cell", "warning"), &[2014], |m, c| {
            let free =
                ["complaints.total", "disclosure.gazette", "staffing.bodies", "training.meetings"];
            let cell = format!("statistics/{}/value", c.pick(&free));
            m.print(&cell, "");
            of(vec![cell], &[])
        }),
        kind("money without a unit", ("money-unit", "warning"), &[2019], |m, c| {
            let cell = "disclosure/procurement/amount";
            let amount = c.range(10_000, 9_000_000).to_string();
            replace(m, cell, &amount)
        }),
        kind("money beyond all sense", ("money-unit", "warning"), &[2014, 2021], |m, c| {
            let cells = match m.edition {
                2014 => &["statistics/fees.amount/value", "statistics/staffing.budget/value"][..],
                _ => &["disclosure/fees/amount"],
            };
            let amount = format!("{}{:06}", c.range(60_000, 900_000), c.range(0, 999_999));
            let cell = *c.pick(cells);
            replace(m, cell, &amount)
        }),
        kind("tables that are pictures", ("no-table", "error"), ALL, |m, _| {
            m.sheets.clear();
            of(Vec::new(), &[])
        }),
        kind("a table of another edition", ("mixed-edition", "warning"), NEW, |m, c| {
            let other = if m.edition == 2019 { 2021 } else { 2019 };
            let figures = Figures::draw(other, super::figures::Size::Small, c);
            let strange = filled(&figures, c).into_iter().find(|s| s.key == "disclosure")?;
            *m.sheet_mut("disclosure")? = strange;
            of(Vec::new(), &["wrong-edition"])
        }),
        kind("a table left out", ("missing-table", "error"), NEW, |m, c| {
            let key = *c.pick(&["disclosure", "applications", "challenges"]);
            m.sheets.retain(|s| s.key != key);
            of(vec![key.to_owned()], &[])
        }),
        kind("a row left out", ("missing-row", "error"), ALL, |m, c| {
            let (name, _) = any_row(m, c)?;
            let (table, key) = name.split_once('/')?;
            let blocks = &mut m.sheet_mut(table)?.blocks;
            blocks.iter_mut().for_each(|b| b.rows.retain(|r| r.key != key));
            of(vec![name.clone()], &[])
        }),
        kind("a row that no form has", ("unknown-row", "warning"), NEW, |m, c| {
            let labels = [
                "其中：网上申请",
                "其他主动公开文件",
                "行政奖励决定",
                "本年度撤回申请",
                "电话咨询数量",
            ];
            let label = *c.pick(&labels);
            let n = c.range(1, 30);
            let (name, row) = any_row(m, c)?;
            let width = row.values.len();
            let extra = Row { label: label.to_owned(), key: "extra".to_owned(), ..row };
            let extra = Row { values: (0..width).map(|_| n.to_string()).collect(), ..extra };
            let (table, key) = name.split_once('/')?;
            if width < 2 {
                return None;
            }
            for block in &mut m.sheet_mut(table)?.blocks {
                if let Some(at) = block.rows.iter().position(|r| r.key == key) {
                    block.rows.insert(at + 1, extra.clone());
                }
            }
            of(vec![table.to_owned()], &[])
        }),
        kind("a row that lost its name", ("unlabelled-row", "error/warning"), NEW, |m, c| {
            let (name, row) = any_row(m, c)?;
            // with a single figure it is no row any more, and behind a bar a blank is a border
            if row.values.len() < 2 || m.layout == Layout::Bars {
                return None;
            }
            m.row_mut(&name)?.label.clear();
            of(vec![name], &SUMS)
        }),
        kind("a figure too few in a row", ("unaligned-row", "error"), NEW, |m, c| {
            let (name, row) = any_row(m, c)?;
            let at = c.below(row.values.len());
            if row.values.len() < 3 {
                return None;
            }
            m.row_mut(&name)?.values.remove(at);
            of(vec![name], &[])
        }),
        kind("a figure too many in a row", ("unaligned-row", "error"), NEW, |m, c| {
            let (name, row) = any_row(m, c)?;
            if row.values.len() < 3 {
                return None;
            }
            let (at, n) = (c.below(row.values.len()), c.range(1, 30).to_string());
            m.row_mut(&name)?.values.insert(at, n);
            of(vec![name], &[])
        }),
        kind("a header that lost names", ("incomplete-header", "warning"), NEW, |m, c| {
            let block = &mut m.sheet_mut("applications")?.blocks[0];
            let at = c.range(1, 5) as usize;
            block.header.remove(at);
            of(vec!["applications".to_owned()], &[])
        }),
        kind("a row printed twice, differently", ("duplicate-row", "error"), NEW, |m, c| {
            let (name, row) = any_row(m, c)?;
            let mut again = row.clone();
            let value = c.pick(&["3", "17", "120", "1"]);
            let at = c.below(again.values.len());
            if again.values.len() < 2 || super::wording::narrow(&again.values[at]) == *value {
                return None;
            }
            again.values[at] = (*value).to_owned();
            let (table, key) = name.split_once('/')?;
            for block in &mut m.sheet_mut(table)?.blocks {
                if let Some(at) = block.rows.iter().position(|r| r.key == key) {
                    block.rows.insert(at + 1, again.clone());
                }
            }
            of(vec![name], &[])
        }),
        kind("a section left out", ("missing-section", "warning"), NEW, |m, c| {
            let no = *c.pick(&[1, 5, 6]);
            m.story.retain(|s| s.no != no);
            of(Vec::new(), &[])
        }),
        kind("nothing said of the processing fee", ("processing-fee", "info"), &[2021], |m, c| {
            let last = m.story.iter_mut().find(|s| s.no == 6)?;
            let lines = ["没有其他需要报告的事项。", "本年度无其他需要报告的事项。", "无。"];
            last.lines = vec![(*c.pick(&lines)).to_owned()];
            of(Vec::new(), &[])
        }),
    ]
}

/// A row of a table that has rows, with its name.
fn any_row(made: &Made, chance: &mut Chance) -> Option<(String, Row)> {
    let sheets: Vec<_> = made.sheets.iter().filter(|s| s.key != "challenges").collect();
    let sheet = chance.pick(&sheets);
    let rows: Vec<&Row> = sheet.blocks.iter().flat_map(|b| &b.rows).collect();
    let row = (*chance.pick(&rows)).clone();
    Some((format!("{}/{}", sheet.key, row.key), row))
}
