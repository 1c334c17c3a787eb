//! `html`: one page that needs nothing else. It reads on a screen and prints, with the headings of
//! its tables on every sheet of paper.

use std::io::{self, Write};

use rust_i18n::t;

use super::markup::{cells, heading, is_numeric, notice};
use super::{Document, Options, Part};
use crate::lang::Lang;
use crate::table::{Column, Table, Unit, Value};

/// Nothing is fetched and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The style of all pages.
pub(crate) const STYLE: &str = include_str!("page.css");

/// The head of a page that fetches nothing and runs nothing, up to the beginning of its body. The
/// title is plain text.
pub(crate) fn head(out: &mut dyn Write, lang: Lang, title: &str, style: &str) -> io::Result<()> {
    let lang = lang.pick("zh-CN", "en");
    writeln!(out, "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    let (title, style) = (escape(title), style.trim_end());
    writeln!(out, "<title>{title}</title>\n<style>\n{style}\n</style>\n</head>\n<body>")
}

pub(super) fn write(
    document: &Document<'_>,
    out: &mut dyn Write,
    options: &Options,
) -> io::Result<()> {
    let about = &document.about;
    let locale = options.lang.key();
    let title = match about.title.as_str() {
        "" => t!("export.page", locale = locale).into_owned(),
        title => title.to_owned(),
    };
    head(out, options.lang, &title, STYLE)?;
    if !about.title.is_empty() {
        writeln!(out, "<h1>{}</h1>", escape(&title))?;
    }
    for note in &about.notes {
        writeln!(out, "<p>{}</p>", lines(note))?;
    }
    for part in &document.parts {
        if !part.title.is_empty() {
            writeln!(out, "<h2>{}</h2>", escape(&part.title))?;
        }
        table(part, out, options)?;
    }
    if !about.facts.is_empty() {
        writeln!(out, "<dl>")?;
        for (name, value) in &about.facts {
            writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(name), lines(value))?;
        }
        writeln!(out, "</dl>")?;
    }
    writeln!(out, "</body>\n</html>")
}

/// A table with the notice of a cut.
pub(crate) fn table(part: &Part<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    let table = part.table.as_ref();
    if !table.columns.is_empty() {
        writeln!(out, "<table>\n<thead>")?;
        headings(table, out)?;
        writeln!(out, "</thead>\n<tbody>")?;
        let numeric: Vec<bool> = (0..table.columns.len()).map(|i| is_numeric(table, i)).collect();
        for row in 0..table.rows.len() {
            line(table, row, &numeric, out)?;
        }
        writeln!(out, "</tbody>\n</table>")?;
    }
    match notice(table, options.lang) {
        Some(notice) => writeln!(out, "<p class=\"notice\">{}</p>", escape(&notice)),
        None => Ok(()),
    }
}

/// The headings, above them those that neighbours share.
fn headings(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    let columns = &table.columns;
    let grouped = columns.iter().any(|column| column.group.is_some());
    let heading = |index: usize, rows: &str| {
        let class = if is_numeric(table, index) { " class=\"n\"" } else { "" };
        format!("<th scope=\"col\"{class}{rows}>{}</th>", named(&columns[index]))
    };
    if grouped {
        write!(out, "<tr>")?;
        let mut index = 0;
        while let Some(column) = columns.get(index) {
            let Some(group) = &column.group else {
                write!(out, "{}", heading(index, " rowspan=\"2\""))?;
                index += 1;
                continue;
            };
            let rest = columns[index..].iter();
            let span = rest.take_while(|other| other.group == column.group).count();
            write!(out, "<th scope=\"colgroup\" colspan=\"{span}\">{}</th>", lines(group))?;
            index += span;
        }
        writeln!(out, "</tr>")?;
    }
    write!(out, "<tr>")?;
    for index in (0..columns.len()).filter(|i| !grouped || columns[*i].group.is_some()) {
        write!(out, "{}", heading(index, ""))?;
    }
    writeln!(out, "</tr>")
}

/// A heading, with the key that programs know the column by.
fn named(column: &Column) -> String {
    let heading = lines(&heading(column));
    match &column.title {
        Some(_) => format!("<span title=\"{}\">{heading}</span>", escape(&column.name)),
        None => heading,
    }
}

fn line(table: &Table, row: usize, numeric: &[bool], out: &mut dyn Write) -> io::Result<()> {
    let width = table.columns.len();
    let values = &table.rows[row];
    write!(out, "<tr>")?;
    for (index, cell) in cells(table, row).enumerate() {
        if values.len() == 1 && width > 1 {
            write!(out, "<th scope=\"rowgroup\" colspan=\"{width}\">{}</th>", lines(&cell))?;
            break;
        }
        let class = match (table.columns[index].unit, &values[index]) {
            (Unit::Severity, Value::Text(key)) if ["error", "warning"].contains(&key.as_str()) => {
                format!(" class=\"{key}\"")
            }
            _ if numeric[index] => " class=\"n\"".to_owned(),
            _ => String::new(),
        };
        write!(out, "<td{class}>{}</td>", lines(&cell))?;
    }
    writeln!(out, "</tr>")
}

/// A text in which nothing is markup.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\0' => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The same with its line breaks.
fn lines(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample;
    use super::super::{About, Format};
    use super::*;
    use crate::lang::Lang;

    fn page_of(table: &Table, options: &Options) -> String {
        let mut bytes = Vec::new();
        Format::Html.write(table, &mut bytes, options).expect("a vector takes all");
        String::from_utf8(bytes).expect("it is UTF-8")
    }

    #[test]
    fn html_is_one_page_in_which_no_value_is_markup() {
        let table = sample_of_groups();
        let mut document = Document::of(&table, About::of("甲<乙>&\"丙\""));
        document.about.notes.push("口径：<b>".to_owned());
        document.about.add("年份", "2023\n2024");
        let mut bytes = Vec::new();
        Format::Html
            .write_document(&document, &mut bytes, &Options::default())
            .expect("it is written");
        let page = String::from_utf8(bytes).expect("it is UTF-8");
        let body = page.split_once("<body>\n").expect("it has a body").1;
        insta::assert_snapshot!(body.replace('\u{1b}', "ESC"), @r#"
        <h1>甲&lt;乙&gt;&amp;&quot;丙&quot;</h1>
        <p>口径：&lt;b&gt;</p>
        <table>
        <thead>
        <tr><th scope="col" rowspan="2"><span title="organ">机关</span></th><th scope="col" class="n" rowspan="2"><span title="year">年度</span></th><th scope="col" class="n" rowspan="2"><span title="count">件数</span></th><th scope="colgroup" colspan="2">比率和收费</th></tr>
        <tr><th scope="col" class="n"><span title="rate">纠错率</span></th><th scope="col" class="n"><span title="fee">收费（元）</span></th></tr>
        </thead>
        <tbody>
        <tr><td>市教育局</td><td class="n">2023</td><td class="n">1234567</td><td class="n">12.50%</td><td class="n">-0.05</td></tr>
        <tr><td>a&quot;b,|c<br>&lt;i&gt; �[31m</td><td class="n">2024</td><td class="n">0</td><td class="n">—</td><td class="n">—</td></tr>
        <tr><th scope="rowgroup" colspan="5">其他</th></tr>
        <tr><td class="error">error</td><td class="n">—</td><td class="n">—</td><td class="n">100.00%</td><td class="n">-92233720368547758.08</td></tr>
        </tbody>
        </table>
        <p class="notice">仅列出前 4 行，共 10 行</p>
        <dl>
        <dt>年份</dt><dd>2023<br>2024</dd>
        </dl>
        </body>
        </html>
        "#);
        assert!(page.starts_with(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">"
        ));
        for other in ["http:", "https:", "<script", "<link", "url(", "@import"] {
            assert!(!page.contains(other), "{other}");
        }
        let english = Options { lang: Lang::En, ..Options::default() };
        assert!(page_of(&sample(), &english).contains("<html lang=\"en\">"));
    }

    /// The sample with a heading over two of its columns, a severity and a heading of rows.
    fn sample_of_groups() -> Table {
        let mut table = sample();
        table.columns[3].group = Some("比率和收费".to_owned());
        table.columns[4].group = Some("比率和收费".to_owned());
        table.columns[0].unit = Unit::Severity;
        table.rows.push(vec![Value::Text("其他".to_owned())]);
        table.rows.push(vec![
            Value::Text("error".to_owned()),
            Value::Null,
            Value::Null,
            Value::Int(1),
            Value::Int(i64::MIN),
        ]);
        table.total_rows = Some(10);
        table
    }
}
