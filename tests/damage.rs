//! Damaged documents: a harmless damage changes no cell, a harmful one is named by a finding, and
//! no damage gives a wrong cell or a panic.

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use common::{Truth, by_key, corpus, full};
use nianbao::form::Forms;
use nianbao::parse::{Hints, Parser};
use nianbao::report::{Report, State};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use regex::Regex;

/// What is done to a document; the numbers choose the place.
#[derive(Debug, Clone, Copy)]
enum Damage {
    DeleteCell(usize),
    DropRow(usize),
    CutTable(usize),
    BreakLabels(usize),
    SwapColumns(usize),
    ChangeWidths(usize),
}

impl Damage {
    fn harmless(self) -> bool {
        matches!(self, Damage::BreakLabels(_) | Damage::SwapColumns(_) | Damage::ChangeWidths(_))
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    let n = any::<u16>().prop_map(usize::from);
    (0..6u8, n).prop_map(|(kind, n)| match kind {
        0 => Damage::DeleteCell(n),
        1 => Damage::DropRow(n),
        2 => Damage::CutTable(n),
        3 => Damage::BreakLabels(n),
        4 => Damage::SwapColumns(n),
        _ => Damage::ChangeWidths(n),
    })
}

/// A page or text taken apart into rows of cells and what stands between them.
#[derive(Clone)]
struct Sheet {
    html: bool,
    parts: Vec<Part>,
}

#[derive(Clone)]
enum Part {
    Other(String),
    /// Number of the table, opening tag, cells as (opening tag, content).
    Row(usize, String, Vec<(String, String)>),
}

impl Sheet {
    fn read(text: &str, html: bool) -> Sheet {
        if html { Sheet::page(text) } else { Sheet::lines(text) }
    }

    fn page(text: &str) -> Sheet {
        let row = Regex::new(r"(?s)(<tr[^>]*>)(.*?)</tr>").unwrap();
        let cell = Regex::new(r"(?s)(<t[dh][^>]*>)(.*?)</t[dh]>").unwrap();
        let (mut parts, mut end, mut table) = (Vec::new(), 0, 0);
        for m in row.captures_iter(text) {
            let whole = m.get(0).unwrap();
            let between = &text[end..whole.start()];
            table += between.matches("<table").count();
            parts.push(Part::Other(between.to_owned()));
            let cells =
                cell.captures_iter(&m[2]).map(|c| (c[1].to_owned(), c[2].to_owned())).collect();
            parts.push(Part::Row(table, m[1].to_owned(), cells));
            end = whole.end();
        }
        parts.push(Part::Other(text[end..].to_owned()));
        Sheet { html: true, parts }
    }

    /// Text with one cell a line: a label and the numbers under it are a row.
    fn lines(text: &str) -> Sheet {
        let (mut parts, mut table) = (Vec::new(), 0);
        for line in text.split('\n') {
            let shown = line.trim();
            if shown.starts_with("二、主动")
                || shown.starts_with("三、收到")
                || shown.starts_with("四、政府")
            {
                table += 1;
            } else if shown.starts_with("五、") {
                table = 0;
            }
            let number = !shown.is_empty() && shown.bytes().all(|b| b.is_ascii_digit());
            if table > 0 && shown.contains('|') {
                let cells = shown
                    .trim_matches('|')
                    .split('|')
                    .map(|c| (String::new(), c.to_owned()))
                    .collect();
                parts.push(Part::Row(table, "|".to_owned(), cells));
            } else if number && table > 0 {
                if let Some(Part::Row(_, _, cells)) = parts
                    .iter_mut()
                    .rev()
                    .find(|p| !matches!(p, Part::Other(o) if o.trim().is_empty()))
                {
                    cells.push((String::new(), line.to_owned()));
                    continue;
                }
                parts.push(Part::Other(line.to_owned()));
            } else if table > 0 && !shown.is_empty() && shown.chars().count() < 60 {
                parts.push(Part::Row(table, String::new(), vec![(String::new(), line.to_owned())]));
            } else {
                parts.push(Part::Other(line.to_owned()));
            }
        }
        Sheet { html: false, parts }
    }

    fn write(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Other(text) if self.html => out.push_str(text),
                Part::Other(text) => writeln!(out, "{text}").unwrap(),
                Part::Row(_, tag, cells) if self.html => {
                    out.push_str(tag);
                    for (open, content) in cells {
                        let close = if open.starts_with("<th") { "</th>" } else { "</td>" };
                        write!(out, "{open}{content}{close}").unwrap();
                    }
                    out.push_str("</tr>");
                }
                Part::Row(_, tag, cells) if tag == "|" => {
                    let cells: Vec<&str> = cells.iter().map(|c| c.1.as_str()).collect();
                    writeln!(out, "|{}|", cells.join("|")).unwrap();
                }
                Part::Row(_, _, cells) => {
                    cells.iter().for_each(|(_, c)| writeln!(out, "{c}\n").unwrap())
                }
            }
        }
        out
    }

    fn rows(&self) -> Vec<usize> {
        (0..self.parts.len()).filter(|i| matches!(self.parts[*i], Part::Row(..))).collect()
    }

    /// Applies a damage; false if the document has no place for it.
    fn apply(&mut self, damage: Damage) -> bool {
        let rows = self.rows();
        match damage {
            Damage::DeleteCell(n) => {
                let places: Vec<(usize, usize)> = rows
                    .iter()
                    .flat_map(|r| match &self.parts[*r] {
                        Part::Row(_, _, cells) => (0..cells.len()).map(move |c| (*r, c)).collect(),
                        Part::Other(_) => Vec::new(),
                    })
                    .collect();
                let (r, c) = places[n % places.len()];
                if let Part::Row(_, _, cells) = &mut self.parts[r] {
                    cells.remove(c);
                }
            }
            Damage::DropRow(n) => {
                self.parts.remove(rows[n % rows.len()]);
            }
            Damage::CutTable(n) => {
                let from = rows[n % rows.len()];
                let Part::Row(table, ..) = self.parts[from] else { return false };
                let mut i = 0;
                self.parts.retain(|p| {
                    i += 1;
                    i <= from || !matches!(p, Part::Row(t, ..) if *t == table)
                });
            }
            Damage::BreakLabels(n) => {
                let with = if self.html {
                    ["<br>", " ", "<br/>\n", "&nbsp;"][n % 4]
                } else {
                    ["\n", "\n\n", " ", "\u{3000}"][n % 4]
                };
                let mut k = n;
                for part in &mut self.parts {
                    let Part::Row(_, tag, cells) = part else { continue };
                    for (_, content) in cells {
                        let plain = !content.contains(['<', '&']);
                        let chars: Vec<char> = content.chars().collect();
                        let label = chars.len() > 3
                            && chars.iter().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(c));
                        k = k.wrapping_mul(31).wrapping_add(7);
                        if plain && label && k % 3 == 0 && !(tag == "|" && with.contains('\n')) {
                            let at = 2 + k % (chars.len() - 3);
                            let (a, b): (String, String) =
                                (chars[..at].iter().collect(), chars[at..].iter().collect());
                            *content = format!("{a}{with}{b}");
                        }
                    }
                }
            }
            Damage::SwapColumns(n) => return self.swap(n),
            Damage::ChangeWidths(n) => {
                for part in &mut self.parts {
                    let Part::Row(_, _, cells) = part else { continue };
                    for (_, content) in cells {
                        *content = widths(content, n);
                    }
                }
            }
        }
        true
    }

    /// Swaps two neighbouring columns of the applications or of the first block, headers and all.
    fn swap(&mut self, n: usize) -> bool {
        let text =
            |c: &(String, String)| c.1.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let pairs = [
            ("科研机构", "社会公益组织"),
            ("社会公益组织", "法律服务机构"),
            ("本年制发件数", "本年废止件数"),
            ("本年废止件数", "现行有效件数"),
        ];
        let (a, b) = pairs[n % pairs.len()];
        let counted = if n % pairs.len() < 2 { 7 } else { 3 };
        let mut done = false;
        let number = |c: &(String, String)| {
            let t = c.1.replace("&nbsp;", "").trim().to_owned();
            t.bytes().all(|b| b.is_ascii_digit())
        };
        let mut offset = None;
        let mut pending: Option<usize> = None;
        for i in 0..self.parts.len() {
            let Part::Row(_, _, cells) = &mut self.parts[i] else { continue };
            let at = |label: &str, cells: &[(String, String)]| {
                cells.iter().position(|c| text(c) == label)
            };
            match (at(a, cells), at(b, cells)) {
                (Some(x), Some(y)) => {
                    cells.swap(x, y);
                    offset = Some(if counted == 7 {
                        ["商业企业", "科研机构", "社会公益组织", "法律服务机构"]
                            .iter()
                            .position(|l| *l == a)
                            .unwrap()
                            + 1
                    } else {
                        x - 1
                    });
                    done = true;
                }
                (Some(_), None) if !self.html => pending = Some(i),
                (None, Some(y)) if !self.html && pending.is_some() => {
                    let first = pending.take().unwrap();
                    let moved = cells[y].clone();
                    let Part::Row(_, _, before) = &mut self.parts[first] else { return false };
                    let x = before.iter().position(|c| text(c) == a).unwrap();
                    let kept = std::mem::replace(&mut before[x], moved);
                    let Part::Row(_, _, cells) = &mut self.parts[i] else { return false };
                    cells[y] = kept;
                    offset = Some(if counted == 7 {
                        if a == "科研机构" { 2 } else { 3 }
                    } else if a == "本年制发件数" {
                        0
                    } else {
                        1
                    });
                    done = true;
                }
                _ => {
                    let Some(x) = offset else { continue };
                    let values = cells.iter().rev().take_while(|c| number(c)).count();
                    if values == counted {
                        let first = cells.len() - counted;
                        cells.swap(first + x, first + x + 1);
                    } else if counted == 3 && values == 1 {
                        break;
                    }
                }
            }
        }
        done
    }
}

/// The same text in other widths, brackets and blanks.
fn widths(text: &str, n: usize) -> String {
    if text.contains(['<', '&']) {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        out.push(match c {
            '（' if n.is_multiple_of(2) => '(',
            '）' if n.is_multiple_of(2) => ')',
            '(' if n % 2 == 1 => '（',
            ')' if n % 2 == 1 => '）',
            '0'..='9' if n.is_multiple_of(3) => char::from_u32(c as u32 + 0xFEE0).unwrap(),
            '“' | '”' if n % 5 < 2 => '"',
            '.' if n.is_multiple_of(7) => '．',
            _ => c,
        });
    }
    match n % 4 {
        0 => format!("\u{3000}{out}\u{A0}"),
        1 => format!("{out} \u{200B}"),
        _ => out,
    }
}

/// What is wrong with a damaged document's cells, if anything.
fn verdict(
    report: &Report,
    truth: &Truth,
    original: &Report,
    harmless: bool,
) -> Result<(), String> {
    let truths = by_key(&truth.cells);
    let known: BTreeSet<_> = original.findings.iter().map(|f| (&f.rule, &f.cells)).collect();
    let new: Vec<_> =
        report.findings.iter().filter(|f| !known.contains(&(&f.rule, &f.cells))).collect();
    for cell in &report.cells {
        let key = (cell.table.clone(), cell.row.clone(), cell.column.clone());
        let expected = truths.get(&key);
        let value = expected.and_then(|t| t.value.as_ref()).map(|v| v.to_string());
        let state = expected.map_or("missing", |t| t.state.as_str());
        let same = cell.state.key() == state && cell.value.map(|v| v.to_string()) == value;
        if same {
            continue;
        }
        if harmless {
            return Err(format!("{} is {:?}, not {expected:?}", cell.name(), cell.raw));
        }
        if !matches!(cell.state, State::Missing | State::Blank) || cell.value.is_some() {
            return Err(format!("{} is {:?}, which is wrong: {expected:?}", cell.name(), cell.raw));
        }
        let row = format!("{}/{}", cell.table, cell.row);
        let named = new.iter().any(|f| {
            f.cells
                .iter()
                .any(|c| *c == cell.table || *c == row || c.starts_with(&format!("{row}/")))
        });
        if !named {
            return Err(format!("{} was lost and no finding names it", cell.name()));
        }
    }
    let unread = report.edition.is_none() && new.iter().any(|f| f.rule == "no-table");
    if report.cells.len() < original.cells.len() && !unread {
        return Err("cells of the form are not listed".to_owned());
    }
    Ok(())
}

#[test]
fn damaged_documents_never_give_wrong_cells_silently() {
    let Some(corpus) = corpus() else { return };
    let forms = Forms::builtin();
    let parser = Parser::new(&forms, nianbao::region::Regions::builtin());
    let failures = std::cell::RefCell::new(String::new());
    for (path, truth) in full(&corpus) {
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let original = parser.parse(&bytes, "original", &Hints::default()).unwrap();
        let sheet = Sheet::read(&text, path.extension().is_some_and(|x| x == "html"));
        // the same damages in every run: a failure can be looked at again
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let cases =
            std::env::var("NIANBAO_DAMAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(120);
        let config =
            Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, rng);
        let result = runner.run(&damage(), |damage| {
            let mut damaged = sheet.clone();
            if !damaged.apply(damage) {
                return Ok(());
            }
            let text = damaged.write();
            let report = parser.parse(text.as_bytes(), "damaged", &Hints::default()).unwrap();
            if let Err(what) = verdict(&report, &truth, &original, damage.harmless()) {
                if let Some(dir) = std::env::var_os("NIANBAO_DAMAGED") {
                    std::fs::write(std::path::Path::new(&dir).join(&truth.file), &text).unwrap();
                }
                writeln!(failures.borrow_mut(), "{} {damage:?}: {what}", truth.file).unwrap();
            }
            Ok(())
        });
        result.unwrap();
    }
    let failures = failures.into_inner();
    assert!(failures.is_empty(), "{} damages:\n{failures}", failures.lines().count());
}
