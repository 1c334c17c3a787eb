//! A bulletin as a document for Word, as a page, as Markdown.

use std::borrow::Cow;
use std::io::{self, Write};

use rust_i18n::t;

use super::exhibit::is_empty;
use super::{Bulletin, Exhibit};
use crate::chart;
use crate::deliver::docx::{Docx, Look, Paper, Paragraph, Table};
use crate::deliver::prose::{self, Block, Format};
use crate::export::html::{STYLE, head, table as html_table};
use crate::export::{self, Options, Part, escape_html, escape_markdown};

/// Width of a chart in a document, in millimetres.
const CHART: u32 = 160;

/// Writes a bulletin.
///
/// # Errors
/// Whatever the writer fails with.
pub fn write(bulletin: &Bulletin, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Docx => docx(bulletin, out),
        Format::Html => html(bulletin, out),
        Format::Markdown => markdown(bulletin, out),
    }
}

/// The exhibit that a block stands for.
fn exhibit<'b>(bulletin: &'b Bulletin, block: &Block) -> Option<&'b Exhibit> {
    let Block::Paragraph(text) = block else { return None };
    let text: String = text.parts().map(|(part, _)| part).collect();
    bulletin.exhibits.get(text.trim())
}

/// What stands where a table has no rows.
fn nothing(title: &str, bulletin: &Bulletin) -> String {
    t!("deliver.bulletin.nothing", locale = bulletin.lang.key(), title = title).into_owned()
}

fn docx(bulletin: &Bulletin, out: &mut dyn Write) -> io::Result<()> {
    let mut document = Docx::new(&bulletin.title, Paper { numbered: true, ..Paper::default() });
    for block in prose::parse(&bulletin.text) {
        match exhibit(bulletin, &block) {
            None => prose::add_to(std::slice::from_ref(&block), &mut document),
            Some(Exhibit::Table { title, table, .. }) if is_empty(table) => {
                document.paragraph(&Paragraph::new(Look::Small, nothing(title, bulletin)));
            }
            Some(Exhibit::Table { title, table, shared }) => {
                document.paragraph(&Paragraph::new(Look::Subheading, title.as_str()));
                document.table(&Table::answer(table));
                if let Some(shared) = shared {
                    document.paragraph(&Paragraph::new(Look::Small, shared.as_str()));
                }
            }
            Some(Exhibit::Chart { title, drawing }) => match chart::png::render(drawing) {
                Ok(png) => document.picture(png, CHART),
                Err(error) => {
                    let said = format!("{title}：{error}");
                    document.paragraph(&Paragraph::new(Look::Small, said));
                }
            },
            Some(Exhibit::Nothing(said)) => {
                document.paragraph(&Paragraph::new(Look::Small, said.as_str()));
            }
        }
    }
    document.write(out)
}

fn html(bulletin: &Bulletin, out: &mut dyn Write) -> io::Result<()> {
    let style = format!("{STYLE}{}", include_str!("bulletin.css"));
    head(out, bulletin.lang, &bulletin.title, &style)?;
    let options = Options { lang: bulletin.lang, ..Options::default() };
    for block in prose::parse(&bulletin.text) {
        match exhibit(bulletin, &block) {
            None => write!(out, "{}", prose::html(std::slice::from_ref(&block)))?,
            Some(Exhibit::Table { title, table, .. }) if is_empty(table) => {
                writeln!(
                    out,
                    "<p class=\"notice\">{}</p>",
                    escape_html(&nothing(title, bulletin))
                )?;
            }
            Some(Exhibit::Table { title, table, shared }) => {
                writeln!(out, "<h3>{}</h3>", escape_html(title))?;
                let part = Part { title: String::new(), table: Cow::Borrowed(table) };
                html_table(&part, out, &options)?;
                if let Some(shared) = shared {
                    writeln!(out, "<p class=\"notice\">{}</p>", escape_html(shared))?;
                }
            }
            Some(Exhibit::Chart { drawing, .. }) => {
                writeln!(out, "<figure>\n{}\n</figure>", drawing.svg)?;
            }
            Some(Exhibit::Nothing(said)) => {
                writeln!(out, "<p class=\"notice\">{}</p>", escape_html(said))?;
            }
        }
    }
    writeln!(out, "</body>\n</html>")
}

fn markdown(bulletin: &Bulletin, out: &mut dyn Write) -> io::Result<()> {
    let options = Options { lang: bulletin.lang, ..Options::default() };
    for line in bulletin.text.lines() {
        match bulletin.exhibits.get(line.trim()) {
            None => writeln!(out, "{line}")?,
            Some(Exhibit::Table { title, table, .. }) if is_empty(table) => {
                writeln!(out, "*{}*", escape_markdown(&nothing(title, bulletin)))?;
            }
            Some(Exhibit::Table { title, table, shared }) => {
                writeln!(out, "### {}\n", escape_markdown(title))?;
                export::Format::Markdown.write(table, out, &options)?;
                if let Some(shared) = shared {
                    writeln!(out, "\n*{}*", escape_markdown(shared))?;
                }
            }
            // text has no pictures; the figures are in the tables
            Some(Exhibit::Chart { title, .. }) => {
                let said =
                    t!("deliver.bulletin.drawn", locale = bulletin.lang.key(), title = title);
                writeln!(out, "*{}*", escape_markdown(&said))?;
            }
            Some(Exhibit::Nothing(said)) => writeln!(out, "*{}*", escape_markdown(said))?,
        }
    }
    Ok(())
}
