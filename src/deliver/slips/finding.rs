//! A finding as a slip tells it: the rule, the cells in the words of the form, where they stand.

use rust_i18n::t;
use serde::Serialize;
use serde_json::Value as Json;

use super::Source;
use crate::export::shown;
use crate::form::{Form, ValueKind};
use crate::lang::{Bilingual, Lang};
use crate::report::Place;
use crate::store::Shown;
use crate::table::{Unit, Value};
use crate::validate::{Rule, rule};

/// Cells of a finding that a slip lists; a missing table has hundreds.
const MOST_CELLS: usize = 24;
/// Cells that are few enough to be listed with their zeros.
const FEW_CELLS: usize = 4;

/// Something found.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// From 1.
    pub number: usize,
    /// How bad it is, in words.
    pub severity: String,
    /// The rule in words.
    pub rule: String,
    /// What the rule rests on.
    pub basis: String,
    /// What people refer to it by.
    pub id: String,
    /// One sentence.
    pub message: String,
    /// What should stand there, where that is a number.
    pub expected: Option<String>,
    /// What stands there, likewise.
    pub found: Option<String>,
    /// What would settle it, in words.
    pub repair: Option<String>,
    /// Words of the narrative.
    pub words: Vec<Passage>,
    /// The cells it is about, the first of them, those of a row or a column together.
    pub groups: Vec<Group>,
    /// How many of many cells are not listed because 0 stands in them.
    pub zeros: usize,
    /// How many more there are.
    pub more: usize,
    /// Cells, rows and tables that were not read, by their labels.
    pub unread: Vec<String>,
}

/// Cells of a row, or of a column, as the report has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Title of the table.
    pub table: String,
    /// Label of the row or the column.
    pub name: String,
    /// Its cells.
    pub cells: Vec<CellSaid>,
    /// Where the first of them in the document stands, in words.
    pub place: String,
    /// The report it is of, where that is another one; empty for the report itself.
    pub of: String,
}

/// A cell as the report has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellSaid {
    /// Label of its column in a row, of its row in a column.
    pub label: String,
    /// The text as it stands; none where no such cell was read.
    pub printed: Option<String>,
    /// Where it stands, in words.
    pub place: String,
}

/// A cell with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    table: String,
    row: String,
    column: String,
    printed: Option<String>,
    at: Place,
    of: String,
}

/// Words of the narrative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Number of the section.
    pub section: u64,
    /// The words.
    pub text: String,
}

/// Tells a finding.
pub(super) fn finding(
    source: Source<'_>,
    form: Option<&Form>,
    number: usize,
    s: &Shown,
) -> Finding {
    let (lang, locale) = (source.lang, source.lang.key());
    let known = rule(&s.rule);
    let word = |of: fn(&Rule) -> &Bilingual| {
        known.map_or_else(|| s.rule.clone(), |rule| of(rule).get(lang).to_owned())
    };
    let namer = Namer { source, form };
    // a difference is told of numbers alone: other rules keep keys and numbers of sections there
    let numbers = s.difference.is_some();
    let is_money = s.cells.first().is_some_and(|cell| namer.is_money(cell));
    let figure = |value: &Json| {
        let number = value.as_i64().filter(|_| numbers)?;
        let unit = if is_money { Unit::Fen } else { Unit::Count };
        Some(shown(&Value::Int(number), unit))
    };
    let evidence: Vec<&Json> = s.evidence.as_array().into_iter().flatten().collect();
    let mut cells: Vec<Known> =
        evidence.iter().filter_map(|item| namer.with_evidence(item)).collect();
    let zeros = leave_out_zeros(&mut cells);
    let told = |name: &&String| {
        let of = |item: &&Json| item["cell"].as_str() == Some(name) && item["report"].is_null();
        evidence.iter().copied().any(|item| of(&item))
    };
    // that a whole table is wanting the message says
    let unread = s.cells.iter().filter(|name| name.contains('/') && !told(name));
    let unread = namer.labels(unread);
    let more = cells.len().saturating_sub(MOST_CELLS);
    cells.truncate(MOST_CELLS);
    let passage = |item: &&Json| {
        let (section, text) = (item["section"].as_u64()?, item["text"].as_str()?.to_owned());
        Some(Passage { section, text })
    };
    Finding {
        number,
        severity: t!(format!("finding.severity.{}", s.severity.key()), locale = locale).into(),
        rule: word(|rule| &rule.title),
        basis: word(|rule| &rule.basis),
        id: s.key.clone(),
        message: s.message.get(lang).to_owned(),
        expected: figure(&s.expected),
        found: figure(&s.found),
        repair: s.repair.as_ref().map(|r| r.sentence(source.forms, s.year, lang)),
        words: evidence.iter().filter_map(passage).collect(),
        groups: together(&cells, lang),
        zeros,
        more,
        unread,
    }
}

/// Takes the zeros from cells that are many, but for the first, which is their sum as a rule.
fn leave_out_zeros(cells: &mut Vec<Known>) -> usize {
    let all = cells.len();
    if all > FEW_CELLS {
        let mut is_first = true;
        cells.retain(|cell| std::mem::take(&mut is_first) || cell.printed.as_deref() != Some("0"));
    }
    all - cells.len()
}

/// Cells that follow each other in a row or in a column of a report, as one.
fn together(cells: &[Known], lang: Lang) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut rest = cells;
    while let Some(first) = rest.first() {
        let near = |cell: &&Known| (&cell.table, &cell.of) == (&first.table, &first.of);
        let run = |same: fn(&Known, &Known) -> bool| {
            rest.iter().take_while(|cell| near(cell) && same(cell, first)).count()
        };
        let (across, down) = (run(|a, b| a.row == b.row), run(|a, b| a.column == b.column));
        let count = across.max(down).max(1);
        let (cells, behind) = rest.split_at(count);
        let is_column = down > across;
        let name = match is_column {
            true => t!("deliver.slips.column", locale = lang.key(), column = first.column).into(),
            false => first.row.clone(),
        };
        let said = |cell: &Known| CellSaid {
            label: if is_column { &cell.row } else { &cell.column }.clone(),
            printed: cell.printed.clone(),
            place: cell.at.in_words(lang),
        };
        // a sum may stand behind its parts or before them
        let known = cells.iter().map(|cell| &cell.at).filter(|at| **at != Place::default());
        let first_of_all = known.min_by_key(|at| order(at));
        groups.push(Group {
            table: first.table.clone(),
            name,
            cells: cells.iter().map(said).collect(),
            place: first_of_all.map(|at| at.in_words(lang)).unwrap_or_default(),
            of: first.of.clone(),
        });
        rest = behind;
    }
    groups
}

/// What comes first in a document.
fn order(at: &Place) -> [Option<u32>; 6] {
    [at.page, at.line, at.offset, at.table, at.row, at.column]
}

/// The number that a label begins with: `1.` of 1.属于国家秘密.
fn numbering(label: &str) -> Option<&str> {
    let digits = label.bytes().take_while(u8::is_ascii_digit).count();
    let mark = label[digits..].chars().next().filter(|c| matches!(c, '.' | '．' | '、'))?;
    (digits > 0).then(|| &label[..digits + mark.len_utf8()])
}

/// Names cells as the form of the report has them.
struct Namer<'a> {
    source: Source<'a>,
    form: Option<&'a Form>,
}

impl Namer<'_> {
    fn is_money(&self, name: &str) -> bool {
        let cell = self.form.and_then(|form| form.named_cell(name));
        cell.is_some_and(|cell| cell.kind() == ValueKind::Money)
    }

    /// Labels of table, row and column by the name of a cell, a row or a table; its keys where no
    /// form has them.
    fn named(&self, name: &str) -> [String; 3] {
        let lang = self.source.lang;
        let mut keys = name.split('/');
        let [table, row, column] = [0; 3].map(|_| keys.next().unwrap_or_default());
        let mut forms = self.form.into_iter().chain(self.source.forms.iter());
        let Some(of) = forms.find_map(|form| form.table(table)) else {
            return [table, row, column].map(str::to_owned);
        };
        let known = of.rows().find(|known| known.key == row);
        let row = known.map_or_else(
            || row.to_owned(),
            |known| lang.pick(&of.row_label(known), &known.en).to_owned(),
        );
        let known = of.column(column).map(|known| lang.pick(&known.label, &known.en));
        let title = lang.pick(&of.title, &of.en).to_owned();
        [title, row, known.unwrap_or(column).to_owned()]
    }

    /// Cells, rows and tables in a list. A number that comes again under several headings of the form
    /// stands after its heading, where that is another one than that of the number before.
    fn labels<'n>(&self, names: impl Iterator<Item = &'n String>) -> Vec<String> {
        let mut before = None;
        let label = |name: &String| {
            let label = self.label(name);
            let heading = self.heading(name);
            let known = std::mem::replace(&mut before, heading) == heading;
            match heading.filter(|_| !known) {
                Some(heading) => format!("{heading} {label}"),
                None => label,
            }
        };
        names.map(label).collect()
    }

    /// The heading over a row whose number others have, too. The headings of forms are Chinese.
    fn heading(&self, name: &str) -> Option<&str> {
        let mut keys = name.split('/');
        let of = self.form.filter(|_| self.source.lang == Lang::Zh)?.table(keys.next()?)?;
        let key = keys.next()?;
        let row = of.rows().find(|row| row.key == key)?;
        let (number, heading) = (numbering(&row.label)?, row.path.last()?);
        let mut others = of.rows().filter(|other| other.path.last() != Some(heading));
        others.any(|other| numbering(&other.label) == Some(number)).then_some(heading)
    }

    /// A cell, a row or a table in a list of such.
    fn label(&self, name: &str) -> String {
        let [table, row, column] = self.named(name);
        match (row.is_empty(), column.is_empty()) {
            (true, _) => table,
            (_, true) => row,
            _ => format!("{row} · {column}"),
        }
    }

    /// A cell with what stands in it and where; none of other evidence.
    fn with_evidence(&self, item: &Json) -> Option<Known> {
        let locale = self.source.lang.key();
        let [table, row, column] = self.named(item["cell"].as_str()?);
        let printed = item["raw"].as_str().map(str::to_owned);
        let at = serde_json::from_value(item["at"].clone()).unwrap_or_default();
        let other = &item["report"];
        let of = other["organ"].as_str().map(|organ| {
            let year = other["year"].as_i64().map(|year| year.to_string()).unwrap_or_default();
            t!("deliver.slips.of", locale = locale, organ = organ, year = year).into_owned()
        });
        Some(Known { table, row, column, printed, at, of: of.unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: &str, column: &str, printed: &str) -> Known {
        let printed = Some(printed.to_owned());
        let [table, row, column] = ["t", row, column].map(str::to_owned);
        Known { table, row, column, printed, at: Place::default(), of: String::new() }
    }

    #[test]
    fn cells_of_a_row_or_a_column_stand_together() {
        let cells = [("a", "1"), ("a", "2"), ("b", "3"), ("c", "3"), ("d", "3"), ("d", "4")];
        let cells = cells.map(|(row, column)| cell(row, column, "5"));
        let groups = together(&cells, Lang::Zh);
        let told = |g: &Group| {
            let labels: Vec<&str> = g.cells.iter().map(|cell| cell.label.as_str()).collect();
            format!("{} {}", g.name, labels.join(""))
        };
        let told: Vec<String> = groups.iter().map(told).collect();
        assert_eq!(told, ["a 12", "“3”一列 bcd", "d 4"]);
    }

    #[test]
    fn cells_are_where_the_first_of_them_stands() {
        let mut cells = [("a", "1"), ("a", "2"), ("a", "3")].map(|(r, c)| cell(r, c, "5"));
        for (cell, line) in cells.iter_mut().zip([237, 54, 99]) {
            cell.at.line = Some(line);
        }
        let groups = together(&cells, Lang::Zh);
        assert_eq!(groups.len(), 1);
        assert_eq!((&*groups[0].place, &*groups[0].cells[0].place), ("第54行", "第237行"));
    }

    #[test]
    fn a_number_is_what_a_label_begins_with() {
        let labels = ["1.属于国家秘密", "12．甲", "（三）不予公开", "2019年", "", "."];
        let numbers = labels.map(numbering);
        assert_eq!(numbers, [Some("1."), Some("12．"), None, None, None, None]);
    }

    #[test]
    fn zeros_are_left_out_of_many_cells_and_never_a_blank() {
        let mut few = vec![cell("a", "1", "0"); FEW_CELLS];
        assert_eq!((leave_out_zeros(&mut few), few.len()), (0, FEW_CELLS));
        let mut many = ["0", "0", "5", "", "0", "/"].map(|raw| cell("a", "1", raw)).to_vec();
        assert_eq!(leave_out_zeros(&mut many), 2);
        let left: Vec<_> = many.iter().filter_map(|cell| cell.printed.as_deref()).collect();
        assert_eq!(left, ["0", "5", "", "/"]);
    }
}
