//! The form as a page that needs nothing else, reads on a screen and prints on A4.

use std::io::{self, Write};

use super::file::{FormFile, Remark};
use super::paper::{Content, Sheet};
use crate::export::html::{STYLE, escape, head, table};
use crate::export::{Options, Part};
use crate::lang::Lang;

/// What the form needs beside the style of all pages: boxes as on paper, marks in colour.
const OF_FORM: &str = "table.form { width: 100%; font-size: .9em; }
table.form th, table.form td { border-color: #333; vertical-align: middle; padding: .35em .3em; }
table.form th { background: none; text-align: center; }
table.form th[scope=row] { text-align: left; font-weight: normal; }
table.form td { text-align: center; font-variant-numeric: tabular-nums; }
td.corrected { background: #ddebf7; } td.missing { background: #d9d9d9; } td.open { background: #fff2cc; }";

/// Writes the page.
///
/// # Errors
/// Where the target cannot be written.
pub fn write(file: &FormFile<'_>, out: &mut dyn Write) -> io::Result<()> {
    head(out, Lang::Zh, &file.title, &format!("{STYLE}{OF_FORM}"))?;
    if !file.title.is_empty() {
        writeln!(out, "<h1>{}</h1>", escape(&file.title))?;
    }
    for fact in &file.facts {
        writeln!(out, "<p>{}</p>", escape(fact))?;
    }
    for (t, sheet) in file.sheets.iter().enumerate() {
        writeln!(out, "<h2>{}</h2>", escape(&sheet.title))?;
        form(file, t, sheet, out)?;
    }
    for annex in file.all_annexes() {
        writeln!(out, "<h2>{}</h2>", escape(&annex.title))?;
        let part = Part { title: String::new(), table: std::borrow::Cow::Borrowed(&annex.table) };
        table(&part, out, &Options::default())?;
    }
    for note in &file.notes {
        writeln!(out, "<p class=\"notice\">{}</p>", escape(note))?;
    }
    writeln!(out, "</body>\n</html>")
}

/// A table of the form with its spans.
fn form(file: &FormFile<'_>, t: usize, sheet: &Sheet<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<table class=\"form\">")?;
    let mut boxes = sheet.boxes.iter().peekable();
    for row in 0..sheet.rows {
        write!(out, "<tr>")?;
        while let Some(placed) = boxes.next_if(|placed| placed.row == row) {
            let mut spans = String::new();
            if placed.rows > 1 {
                spans += &format!(" rowspan=\"{}\"", placed.rows);
            }
            if placed.columns > 1 {
                spans += &format!(" colspan=\"{}\"", placed.columns);
            }
            match &placed.content {
                Content::Heading(text) => write!(out, "<th{spans}>{}</th>", escape(text))?,
                Content::Label(text) => {
                    write!(out, "<th scope=\"row\"{spans}>{}</th>", escape(text))?
                }
                Content::Cell(n) => {
                    let entry = &file.entries[t][*n];
                    let class = entry
                        .remark
                        .as_ref()
                        .map_or(String::new(), |remark| format!(" class=\"{}\"", class(remark)));
                    write!(out, "<td{class}{spans}>{}</td>", escape(&entry.text))?;
                }
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</table>")
}

fn class(remark: &Remark) -> &'static str {
    match remark {
        Remark::Corrected(_) => "corrected",
        Remark::Missing | Remark::NotAsked(_) => "missing",
        Remark::Open(_) => "open",
    }
}
