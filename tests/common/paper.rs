//! A report on paper: narrative and filled tables as a document that the parser reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use nianbao::form::{Form, FormTable, Layout, Row};

/// Figures of a report by the name of their cell; all others are 0.
pub type Figures = BTreeMap<String, i64>;

/// The document: a title, then the sections of `text` with each table where its section ends, and
/// the sections that `text` leaves out where the form wants them.
pub fn document(form: &Form, title: &str, text: &str, figures: &Figures) -> String {
    let mut out = format!("{title}\n\n");
    let mut sections = split(text);
    for heading in &form.sections {
        let number = NUMBERS[usize::from(heading.no) - 1];
        if !sections.iter().any(|s| s.starts_with(number)) && has_table(form, heading.no) {
            let at = sections.iter().take_while(|s| order(s) < heading.no).count();
            sections.insert(at, format!("{number}、{}\n", heading.title));
        }
    }
    for section in &sections {
        out.push_str(section);
        let here = |t: &&FormTable| t.section == Some(order(section));
        form.tables.iter().filter(here).for_each(|t| table(t, figures, &mut out));
        out.push('\n');
    }
    form.tables.iter().filter(|t| t.section.is_none()).for_each(|t| table(t, figures, &mut out));
    out
}

const NUMBERS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

fn has_table(form: &Form, no: u8) -> bool {
    form.tables.iter().any(|t| t.section == Some(no))
}

/// Number of the section that begins so; 0 where it has none.
fn order(section: &str) -> u8 {
    let number = NUMBERS.iter().position(|n| section.starts_with(&format!("{n}、")));
    number.map_or(0, |n| n as u8 + 1)
}

fn split(text: &str) -> Vec<String> {
    let mut sections: Vec<String> = Vec::new();
    for line in text.trim().lines() {
        match sections.last_mut() {
            Some(section) if order(line) == 0 => section.push_str(line),
            _ => sections.push(line.to_owned()),
        }
        sections.last_mut().unwrap().push('\n');
    }
    sections
}

fn table(table: &FormTable, figures: &Figures, out: &mut String) {
    let value = |row: &str, column: &str| {
        let name = format!("{}/{row}/{column}", table.key);
        figures.get(&name).copied().unwrap_or(0).to_string()
    };
    if table.layout == Layout::Line {
        return line(table, value, out);
    }
    for block in &table.blocks {
        if let Some(caption) = &block.caption {
            writeln!(out, "| {caption} |").unwrap();
        }
        let columns: Vec<_> = table.block_columns(block).collect();
        let labels: Vec<_> = columns.iter().map(|c| c.label.as_str()).collect();
        let corner = block.corner.as_ref().or(table.corner.as_ref());
        let corner = corner.map_or("", String::as_str);
        writeln!(out, "| {corner} | {} |", labels.join(" | ")).unwrap();
        for row in &block.rows {
            let values: Vec<_> = columns.iter().map(|c| value(&row.key, &c.key)).collect();
            writeln!(out, "| {} | {} |", row.label, values.join(" | ")).unwrap();
        }
    }
}

/// All rows of a table side by side: three lines of labels, one of figures.
fn line(table: &FormTable, value: impl Fn(&str, &str) -> String, out: &mut String) {
    let columns = || table.columns.iter().map(|c| c.label.as_str());
    let (mut outer, mut middle, mut inner) = (Vec::new(), Vec::new(), Vec::new());
    for row in table.rows() {
        outer.push(row.path.first().unwrap_or(&row.label).as_str());
        if row.path.is_empty() {
            middle.extend(columns());
        } else {
            middle.push(&row.label);
            inner.extend(columns());
        }
    }
    outer.dedup();
    for labels in [outer, middle, inner] {
        writeln!(out, "| {} |", labels.join(" | ")).unwrap();
    }
    let of_row = |row: &'_ Row| table.columns.iter().map(|c| value(&row.key, &c.key)).collect();
    let values: Vec<String> = table.rows().flat_map(|r| -> Vec<String> { of_row(r) }).collect();
    writeln!(out, "| {} |", values.join(" | ")).unwrap();
}
