//! Reports as documents: pages with the official merged cells or without, and plain texts.

use std::fmt::Write as _;

use super::forms::{Block, Row, Sheet};
use super::report::Made;
use super::statistics::unit_2014;

/// How a report is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A page with the form's merged cells.
    Official,
    /// A page with one column of labels and headings on rows of their own.
    Flat,
    /// Text with `|` between cells.
    Bars,
    /// Text with tabs between cells.
    Tabs,
    /// Text with a cell a line.
    Lines,
}

impl Layout {
    pub const ALL: [Layout; 7] = [
        Layout::Official,
        Layout::Official,
        Layout::Flat,
        Layout::Flat,
        Layout::Bars,
        Layout::Tabs,
        Layout::Lines,
    ];
    /// Those in which every cell has its borders.
    pub const GRIDS: [Layout; 4] = [Layout::Official, Layout::Flat, Layout::Bars, Layout::Tabs];

    fn is_page(self) -> bool {
        matches!(self, Layout::Official | Layout::Flat)
    }

    /// The ending of its file name.
    pub fn ending(self) -> &'static str {
        if self.is_page() { "html" } else { "txt" }
    }
}

const NUMERALS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

/// The document.
pub fn write(made: &Made) -> String {
    let title = format!("{}{}年政府信息公开工作年度报告", made.body.name, made.title_year);
    let about = format!(
        "本报告根据《中华人民共和国政府信息公开条例》编制，所列数据的统计期限自{0}年1月1日起至{0}年12月31日止。",
        made.period
    );
    let mut out = String::new();
    let page = made.layout.is_page();
    if page {
        write!(
            out,
            "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{title}</title>\
             <style>td {{ border: 1px solid }}</style></head><body>\n\
             <div><a href=\"/\">首页</a> &gt; <a href=\"/zwgk\">政府信息公开年报</a></div>\n\
             <h1>{title}</h1>\n<p>发布日期：{}</p>\n<p>{about}</p>\n",
            made.published
        )
        .unwrap();
    } else {
        write!(out, "{title}\n\n发布日期：{}\n\n{about}\n\n", made.published).unwrap();
    }
    for chapter in &made.story {
        let heading = format!("{}、{}", NUMERALS[chapter.no - 1], chapter.title);
        match page {
            true => writeln!(out, "<p><strong>{heading}</strong></p>").unwrap(),
            false => writeln!(out, "{heading}\n").unwrap(),
        }
        for line in &chapter.lines {
            match page {
                true => writeln!(out, "<p style=\"text-indent:2em\">{line}</p>").unwrap(),
                false => writeln!(out, "{line}\n").unwrap(),
            }
        }
        for sheet in made.sheets.iter().filter(|s| section_of(s.key) == chapter.no) {
            table(made.layout, sheet, &mut out);
        }
    }
    if page {
        out.push_str("<div>扫一扫在手机打开当前页</div>\n</body></html>\n");
    }
    out
}

fn section_of(table: &str) -> usize {
    match table {
        "disclosure" => 2,
        "applications" => 3,
        "challenges" => 4,
        _ => 6,
    }
}

/// A cell: text, columns, rows.
type Cell = (String, usize, usize);

fn cell(text: &str) -> Cell {
    (text.to_owned(), 1, 1)
}

fn table(layout: Layout, sheet: &Sheet, out: &mut String) {
    let rows = match sheet.key {
        "challenges" => line(sheet),
        _ => {
            let width = sheet.blocks.iter().map(|b| b.columns.len()).max().unwrap_or(1);
            let merged = layout == Layout::Official;
            sheet.blocks.iter().flat_map(|b| block(sheet.key, b, width, merged)).collect()
        }
    };
    match layout {
        Layout::Official | Layout::Flat => page_table(&rows, out),
        Layout::Bars => text_table(&rows, " | ", out),
        Layout::Tabs => text_table(&rows, "\t", out),
        Layout::Lines => {
            for (text, ..) in rows.iter().flatten().filter(|c| !c.0.is_empty()) {
                writeln!(out, "{text}\n").unwrap();
            }
        }
    }
}

fn page_table(rows: &[Vec<Cell>], out: &mut String) {
    out.push_str("<table>\n");
    for row in rows {
        out.push_str("<tr>");
        for (text, columns, height) in row {
            let span = |name: &str, n: usize| {
                if n > 1 { format!(" {name}=\"{n}\"") } else { String::new() }
            };
            let (c, r) = (span("colspan", *columns), span("rowspan", *height));
            write!(out, "<td{c}{r}><p><span>{text}</span></p></td>").unwrap();
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
}

/// Rows of text; a merged cell is printed once and leaves no blanks.
fn text_table(rows: &[Vec<Cell>], between: &str, out: &mut String) {
    for row in rows {
        let cells: Vec<&str> = row.iter().map(|c| c.0.as_str()).collect();
        let end = if between == "\t" { "" } else { " |" };
        writeln!(out, "{}{end}", cells.join(between)).unwrap();
    }
    out.push('\n');
}

/// The rows of a block, header and all.
fn block(table: &str, block: &Block, width: usize, merged: bool) -> Vec<Vec<Cell>> {
    let depth = if merged { block.rows.iter().map(|r| r.path.len()).max().unwrap_or(0) } else { 0 };
    let units = table == "statistics";
    let labels = depth + 1;
    let wide = (width / block.columns.len().max(1)).max(1);
    let mut out: Vec<Vec<Cell>> = Vec::new();
    if let Some(caption) = block.caption {
        out.push(vec![(caption.to_owned(), labels + width, 1)]);
    }
    let names = |wide: usize| block.header.iter().map(move |h| (h.clone(), wide, 1));
    if table == "applications" && merged && block.header.len() == 7 {
        out.push(vec![(block.corner.to_owned(), labels, 3), ("申请人情况".to_owned(), 7, 1)]);
        let (first, last) = (block.header[0].clone(), block.header[6].clone());
        out.push(vec![(first, 1, 2), ("法人或其他组织".to_owned(), 5, 1), (last, 1, 2)]);
        out.push(block.header[1..6].iter().map(|h| cell(h)).collect());
    } else {
        let mut header = vec![(block.corner.to_owned(), labels, 1)];
        if units {
            header.push(cell("单位"));
        }
        header.extend(names(wide));
        out.push(header);
    }
    let mut before: &[&str] = &[];
    for (i, row) in block.rows.iter().enumerate() {
        let mut cells: Vec<Cell> = Vec::new();
        for level in 0..row.path.len() {
            if before.get(..=level) == row.path.get(..=level) {
                continue;
            }
            if merged {
                let height = same(&block.rows[i..], &row.path[..=level]);
                cells.push((row.path[level].to_owned(), 1, height));
            } else {
                out.push(vec![(
                    row.path[level].to_owned(),
                    labels + width + usize::from(units),
                    1,
                )]);
            }
        }
        before = &row.path;
        cells.push((row.label.clone(), if merged { labels - row.path.len() } else { 1 }, 1));
        if units {
            cells.push(cell(unit_2014(&row.key)));
        }
        cells.extend(row.values.iter().map(|v| (v.clone(), wide, 1)));
        out.push(cells);
    }
    out
}

/// How many rows from the first on stand under a heading.
fn same(rows: &[Row], path: &[&str]) -> usize {
    rows.iter().take_while(|r| r.path.starts_with(path)).count()
}

/// The table of reviews and lawsuits: one row of fifteen under three rows of headers.
fn line(sheet: &Sheet) -> Vec<Vec<Cell>> {
    let block = &sheet.blocks[0];
    let n = block.header.len();
    let header = |height: usize| block.header.iter().map(move |h| (h.clone(), 1, height));
    let suits = &block.rows[1..];
    let mut out =
        vec![vec![("行政复议".to_owned(), n, 1), ("行政诉讼".to_owned(), n * suits.len(), 1)]];
    let mut second: Vec<Cell> = header(2).collect();
    second.extend(suits.iter().map(|r| (r.label.clone(), n, 1)));
    out.push(second);
    out.push(suits.iter().flat_map(|_| header(1)).collect());
    out.push(block.rows.iter().flat_map(|r| &r.values).map(|v| cell(v)).collect());
    out
}
