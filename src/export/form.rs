//! A report as the official form: one table for each block of the form.

use std::collections::{BTreeSet, HashMap};

use rust_i18n::t;

use super::layout::INDENT;
use crate::form::{Block, CellDef, Form, FormTable, Implied, Row, imply};
use crate::lang::Lang;
use crate::report::{Cell, Report, State};
use crate::table::{Column, Table, Unit, Value};

/// Stands before a value that was corrected by hand.
pub(crate) const CORRECTED: char = '※';

/// A report laid out as its form.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The tables in form order.
    pub sheets: Vec<Sheet>,
    /// What the marks mean that stand in the cells; none where there are only figures.
    pub legend: Option<String>,
}

/// One table of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Its heading.
    pub title: String,
    /// The note that the form prints with it.
    pub note: Option<String>,
    /// Its cells.
    pub table: Table,
}

/// The form's tables with their headings, in form order. Implied values stand in brackets.
#[must_use]
pub fn layout(report: &Report, form: &Form, lang: Lang) -> Layout {
    let edition = |c: &&Cell| c.edition.is_none() || c.edition.as_ref() == Some(&form.edition);
    let cells: HashMap<_, &Cell> = report
        .cells
        .iter()
        .filter(edition)
        .map(|c| ((c.table.as_str(), c.row.as_str(), c.column.as_str()), c))
        .collect();
    let mut sheets = Vec::new();
    let mut marks = Marks::default();
    for table in &form.tables {
        let get = |row: &str, column: &str| cells.get(&(table.key.as_str(), row, column)).copied();
        let implied = imply(table, |row, column| {
            get(row, column).map_or((State::Missing, None), |c| (c.state, c.value))
        });
        for (number, block) in table.blocks.iter().enumerate() {
            let title = lang.pick(&table.title, &table.en);
            let title = match choose(lang, block.caption.as_ref(), block.caption_en.as_ref()) {
                Some(caption) => format!("{title} · {caption}"),
                None => title.to_owned(),
            };
            let note = choose(lang, table.note.as_ref(), table.note_en.as_ref());
            let note = note.filter(|_| number == 0).cloned();
            let filled = Filled {
                form,
                table,
                block,
                lang,
                implied: &implied,
                of_scan: report.is_of_scan(),
            };
            sheets.push(Sheet { title, note, table: filled.draw(get, &mut marks) });
        }
    }
    Layout { sheets, legend: marks.legend(lang) }
}

/// The text in that language; where there is no English, the Chinese.
fn choose<'t>(lang: Lang, zh: Option<&'t String>, en: Option<&'t String>) -> Option<&'t String> {
    match lang {
        Lang::Zh => zh,
        Lang::En => en.or(zh),
    }
}

/// A block with what a report says in it.
struct Filled<'a> {
    form: &'a Form,
    table: &'a FormTable,
    block: &'a Block,
    lang: Lang,
    implied: &'a Implied<'a>,
    /// Whether the report was recognized in pictures.
    of_scan: bool,
}

impl<'a> Filled<'a> {
    fn draw(&self, get: impl Fn(&str, &str) -> Option<&'a Cell>, marks: &mut Marks) -> Table {
        let has_units = self.block.rows.iter().any(|row| row.unit.is_some());
        let corner = self.block.corner.clone().filter(|_| self.lang == Lang::Zh);
        let mut columns = vec![Column::new(corner.unwrap_or_default())];
        if has_units {
            columns.push(Column::new(t!("export.unit", locale = self.lang.key())));
        }
        columns.extend(self.table.block_columns(self.block).map(|column| Column {
            group: choose(self.lang, column.group.as_ref(), column.group_en.as_ref()).cloned(),
            unit: Unit::Count,
            ..Column::new(self.heading(column))
        }));
        let mut rows = Vec::new();
        let mut labels = Labels::default();
        for row in &self.block.rows {
            let label = match self.lang {
                Lang::Zh => {
                    let (headings, label) = labels.next(row);
                    rows.extend(headings.into_iter().map(|heading| vec![Value::Text(heading)]));
                    label
                }
                Lang::En => row.en.clone(),
            };
            let mut values = vec![Value::Text(label)];
            if has_units {
                let unit = row.unit.as_deref().map_or("", |unit| self.unit_name(unit));
                values.push(Value::Text(unit.to_owned()));
            }
            values.extend(self.table.block_columns(self.block).map(|column| {
                let cell = CellDef { table: self.table, row, column };
                Value::Text(self.shown(&cell, get(&row.key, &column.key), marks))
            }));
            rows.push(values);
        }
        Table { rows, columns, total_rows: None }
    }

    /// A unit of the form.
    fn unit_name(&self, unit: &'a str) -> &'a str {
        choose(self.lang, None, self.form.units.get(unit)).map_or(unit, String::as_str)
    }

    /// The heading of a column, with its unit where it is none of the table's.
    fn heading(&self, column: &'a crate::form::Column) -> String {
        let label = self.lang.pick(&column.label, &column.en);
        let unit = column.unit.as_ref().filter(|unit| Some(*unit) != self.table.unit.as_ref());
        match unit {
            Some(unit) if !label.contains(unit.as_str()) => {
                let unit = self.unit_name(unit);
                t!("export.with_unit", locale = self.lang.key(), label = label, unit = unit).into()
            }
            _ => label.to_owned(),
        }
    }

    /// What stands in a cell.
    fn shown(&self, def: &CellDef<'_>, cell: Option<&Cell>, marks: &mut Marks) -> String {
        let Some(cell) = cell else { return String::new() };
        let mut raw = cell.raw.clone().unwrap_or_default();
        if cell.state == State::Missing {
            let locale = self.lang.key();
            return match self.of_scan {
                true => {
                    marks.unrecognized = true;
                    t!("export.unrecognized", locale = locale).into()
                }
                false => {
                    marks.missing = true;
                    t!("export.missing", locale = locale).into()
                }
            };
        }
        if cell.correction.is_some() {
            marks.corrected = true;
            raw.insert(0, CORRECTED);
        }
        if let Some(value) = self.implied.get(&(def.row.key.as_str(), def.column.key.as_str())) {
            marks.implied = true;
            return format!("{raw}({value})");
        }
        match cell.state {
            State::Blank => marks.blank = true,
            State::NotApplicable => {
                marks.not_applicable.insert(raw.trim_start_matches(CORRECTED).trim().to_owned());
            }
            // an amount in another unit than the form's says so
            State::Number => {
                if let Some(unit) = cell.unit.as_deref().filter(|unit| def.unit() != Some(unit))
                    && !raw.contains(unit)
                {
                    raw.push_str(unit);
                }
            }
            _ => {}
        }
        raw
    }
}

/// Sets the labels of rows off under the headings above them, as the form prints them.
#[derive(Default)]
pub(crate) struct Labels<'a> {
    /// Headings above the row before.
    path: &'a [String],
    /// Depth of the row before, if it stands under a numbered one without a number of its own.
    part: Option<usize>,
    /// Depth of the last numbered row.
    numbered: usize,
}

impl<'a> Labels<'a> {
    /// The headings that begin above the next row, and its label.
    pub(crate) fn next(&mut self, row: &'a Row) -> (Vec<String>, String) {
        let indented = |depth: usize, text: &str| {
            std::iter::repeat_n(INDENT, depth).chain(text.chars()).collect::<String>()
        };
        let same = row.path.iter().zip(self.path).take_while(|(a, b)| a == b).count();
        if row.path != self.path {
            self.part = None;
        }
        let mut headings = Vec::new();
        for (depth, heading) in row.path.iter().enumerate().skip(same) {
            headings.push(indented(depth, heading));
            self.numbered = depth;
        }
        self.path = &row.path;
        let depth = match level(&row.label) {
            Some(level) => {
                self.numbered = level.max(row.path.len());
                self.part = None;
                self.numbered
            }
            None if row.label.starts_with("其中") => *self.part.insert(self.numbered + 1),
            None => self.part.unwrap_or(row.path.len()),
        };
        (headings, indented(depth, &row.label))
    }
}

/// The level of a numbered label: 一、 is 0, （一） is 1, 1. is 2.
fn level(label: &str) -> Option<usize> {
    let han = |c: char| "一二三四五六七八九十".contains(c);
    if label.trim_start_matches(han).starts_with('、') {
        Some(0)
    } else if label.starts_with('（') && label['（'.len_utf8()..].starts_with(han) {
        Some(1)
    } else {
        let digits = label.trim_start_matches(|c: char| c.is_ascii_digit());
        (digits.len() < label.len() && digits.starts_with(['.', '．', '、'])).then_some(2)
    }
}

/// Which marks stand in the cells of a report.
#[derive(Default)]
struct Marks {
    implied: bool,
    missing: bool,
    unrecognized: bool,
    blank: bool,
    corrected: bool,
    not_applicable: BTreeSet<String>,
}

impl Marks {
    fn legend(&self, lang: Lang) -> Option<String> {
        let locale = lang.key();
        let mut parts: Vec<String> = [
            (self.implied, t!("export.legend.implied", locale = locale)),
            (self.blank, t!("export.legend.blank", locale = locale)),
            (self.corrected, t!("export.legend.corrected", locale = locale, mark = CORRECTED)),
            (self.missing, t!("export.legend.missing", locale = locale)),
            (self.unrecognized, t!("export.legend.unrecognized", locale = locale)),
        ]
        .into_iter()
        .filter(|(occurs, _)| *occurs)
        .map(|(_, said)| said.into())
        .collect();
        if !self.not_applicable.is_empty() {
            let marks = self.not_applicable.iter().cloned().collect::<Vec<_>>().join(" ");
            parts.push(t!("export.legend.not_applicable", locale = locale, marks = marks).into());
        }
        let parts = parts.join(&t!("export.legend.and", locale = locale));
        (!parts.is_empty()).then(|| t!("export.legend.line", locale = locale, parts = parts).into())
    }
}

/// Every cell as a row: table, row, column, state, value, unit and text; whether it was corrected
/// by hand, and what the document says then.
#[must_use]
pub fn cells(report: &Report) -> Table {
    let text = |s: &str| Value::Text(s.to_owned());
    let rows = report.cells.iter().map(|c| {
        vec![
            c.edition.as_ref().or(report.edition.as_ref()).map_or(Value::Null, |e| text(e)),
            text(&c.table),
            text(&c.row),
            text(&c.column),
            text(c.state.key()),
            c.value.map_or(Value::Null, |v| Value::Text(v.to_string())),
            c.unit.as_deref().map_or(Value::Null, text),
            c.raw.as_deref().map_or(Value::Null, text),
            Value::Int(c.correction.is_some().into()),
            c.correction.as_ref().and_then(|o| o.raw.as_deref()).map_or(Value::Null, text),
        ]
    });
    let names = [
        "edition",
        "table",
        "row",
        "column",
        "state",
        "value",
        "unit",
        "raw",
        "corrected",
        "original",
    ];
    Table { rows: rows.collect(), columns: names.map(Column::new).into(), total_rows: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legend_explains_what_occurs_and_nothing_else() {
        assert_eq!(Marks::default().legend(Lang::Zh), None);
        let not_applicable = BTreeSet::from(["/".to_owned(), "无".to_owned()]);
        let marks = Marks { blank: true, not_applicable, ..Marks::default() };
        let legend = marks.legend(Lang::Zh).unwrap();
        assert_eq!(legend, "说明：空格为原件未填，不等于 0；/ 无 为原件所填，表示不适用。");
        assert!(marks.legend(Lang::En).unwrap().starts_with("Marks: an empty cell is blank"));
    }

    #[test]
    fn what_a_scan_lacks_was_not_recognized() {
        let forms = crate::form::Forms::builtin();
        let form = forms.get("2021").unwrap();
        let mut report: Report = serde_json::from_value(serde_json::json!({
            "schema": crate::report::SCHEMA, "title": null, "organ": null, "organ_printed": null,
            "region_code": null, "township_code": null, "year": 2023, "scope": "own",
            "edition": "2021", "published": null, "sections": [],
            "source": { "path": "a.png", "sha256": "", "media_type": "image/*", "encoding": null },
            "cells": [{ "table": "challenges", "row": "review", "column": "upheld", "value": null,
                "unit": "件", "raw": null, "state": "missing" }],
            "findings": [],
        }))
        .unwrap();
        let shown = |report: &Report| {
            let layout = layout(report, form, Lang::Zh);
            let texts = layout.sheets.iter().flat_map(|sheet| sheet.table.rows.iter().flatten());
            let has = |word: &str| texts.clone().any(|text| *text == Value::Text(word.to_owned()));
            (has("缺"), has("未认出"), layout.legend.clone().unwrap())
        };
        let (lacks, unread, legend) = shown(&report);
        assert!(lacks && !unread && legend.contains("原件没有这一格"), "{legend}");
        report.findings.push(crate::report::Finding {
            rule: crate::report::READ_BY_OCR.to_owned(),
            severity: crate::report::Severity::Info,
            message: crate::report::Message::default(),
            cells: Vec::new(),
        });
        let (lacks, unread, legend) = shown(&report);
        assert!(!lacks && unread && legend.contains("没有认出"), "{legend}");
    }

    /// In the form of 2014 two rows have one label; what stands above tells them apart.
    #[test]
    fn a_part_is_set_off_under_its_whole() {
        let forms = crate::form::Forms::builtin();
        let table = &forms.get("2014").unwrap().tables[0];
        let mut labels = Labels::default();
        let (headings, shown): (Vec<Vec<String>>, Vec<String>) =
            table.rows().map(|row| labels.next(row)).unzip();
        let at = |label: &str| shown.iter().position(|shown| shown == label).expect(label);
        let corrected = "　（二）被依法纠错数";
        assert_eq!(shown.iter().filter(|label| *label == corrected).count(), 2);
        assert_eq!(shown[at("四、行政复议数量") + 2], corrected);
        assert_eq!(shown[at("五、行政诉讼数量") + 2], corrected);
        assert!(at("　　　其中：涉及国家秘密") + 1 == at("　　　涉及商业秘密"));
        let headings: Vec<&String> = headings.iter().flatten().collect();
        assert_eq!(headings.len(), 7, "{headings:?}");
        for (label, expected) in
            [("一、甲", Some(0)), ("（十）乙", Some(1)), ("12.丙", Some(2)), ("（含）", None)]
        {
            assert_eq!(level(label), expected, "{label}");
        }
    }
}
