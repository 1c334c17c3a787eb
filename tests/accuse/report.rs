//! A report as it is made: who, when, the printed tables and the narrative.

use super::chance::Chance;
use super::figures::{Figures, Size};
use super::forms::{Row, Sheet, sheets};
use super::pages::Layout;
use super::places::{Body, Rank};
use super::story::{Chapter, Told, story};
use super::wording::{Scene, commas, wide};

/// A report with everything that is printed in it.
#[derive(Debug, Clone)]
pub struct Made {
    pub body: Body,
    pub edition: u16,
    pub year: i32,
    /// Year in the title.
    pub title_year: i32,
    /// Year of the period that the figures are said to be of.
    pub period: i32,
    pub published: String,
    /// What the file is called beside its number.
    pub file: Option<String>,
    pub figures: Figures,
    pub sheets: Vec<Sheet>,
    pub story: Vec<Chapter>,
    pub layout: Layout,
}

/// The edition in force for a year.
pub fn in_force(year: i32) -> u16 {
    match year {
        ..2019 => 2014,
        2019 | 2020 => 2019,
        _ => 2021,
    }
}

/// A reporting year in which an edition is in force.
pub fn year_of(edition: u16, chance: &mut Chance) -> i32 {
    match edition {
        2014 => chance.range(2014, 2018) as i32,
        2019 => 2020,
        _ => chance.range(2021, 2024) as i32,
    }
}

impl Made {
    /// A true report.
    pub fn clean(body: Body, year: i32, figures: Figures, chance: &mut Chance) -> Made {
        let edition = figures.edition;
        let day = if body.rank == Rank::Summary {
            format!("{}-03-{:02}", year + 1, chance.range(1, 31))
        } else {
            format!("{}-01-{:02}", year + 1, chance.range(2, 31))
        };
        let mut made = Made {
            body,
            edition,
            year,
            title_year: year,
            period: year,
            published: day,
            file: None,
            sheets: Vec::new(),
            story: Vec::new(),
            layout: *chance.pick(&Layout::ALL),
            figures,
        };
        made.sheets = filled(&made.figures, chance);
        let truth = made.tell(&Told::Truth, chance);
        made.story = truth.unwrap_or_default();
        made
    }

    /// A true report of a department with figures of any size.
    pub fn any(edition: u16, number: usize, chance: &mut Chance) -> Made {
        let body = match number % 9 {
            4 => Body::summary(number),
            7 => Body::town(number),
            _ => Body::department(number),
        };
        let size = Size::any(chance);
        let figures = Figures::draw(edition, size, chance);
        Made::clean(body, year_of(edition, chance), figures, chance)
    }

    /// Another narrative for the same tables.
    pub fn tell(&self, told: &Told, chance: &mut Chance) -> Option<Vec<Chapter>> {
        let scene = Scene { figures: &self.figures, body: &self.body, year: self.year };
        story(&scene, told, chance)
    }

    /// The printed text of a cell.
    pub fn printed(&self, cell: &str) -> String {
        let (row, column) = self.place(cell);
        self.row(&row).map_or(String::new(), |r| r.values[column].clone())
    }

    /// The true count of a cell.
    pub fn count(&self, cell: &str) -> i64 {
        self.figures.counts.get(cell).copied().unwrap_or(0)
    }

    /// Prints something else in a cell.
    pub fn print(&mut self, cell: &str, text: &str) {
        let (row, column) = self.place(cell);
        if let Some(row) = self.row_mut(&row) {
            row.values[column] = text.to_owned();
        }
    }

    fn place(&self, cell: &str) -> (String, usize) {
        let (row, column) = cell.rsplit_once('/').unwrap();
        let (table, key) = row.split_once('/').unwrap();
        let sheet = self.sheets.iter().find(|s| s.key == table).unwrap();
        let block = sheet.blocks.iter().find(|b| b.rows.iter().any(|r| r.key == key)).unwrap();
        (row.to_owned(), block.columns.iter().position(|c| *c == column).unwrap())
    }

    /// A row by `table/row`.
    pub fn row(&self, name: &str) -> Option<&Row> {
        let (table, key) = name.split_once('/')?;
        let sheet = self.sheets.iter().find(|s| s.key == table)?;
        sheet.blocks.iter().flat_map(|b| &b.rows).find(|r| r.key == key)
    }

    /// The same, to be changed.
    pub fn row_mut(&mut self, name: &str) -> Option<&mut Row> {
        let (table, key) = name.split_once('/')?;
        let sheet = self.sheets.iter_mut().find(|s| s.key == table)?;
        sheet.blocks.iter_mut().flat_map(|b| &mut b.rows).find(|r| r.key == key)
    }

    /// The table of a key, to be changed.
    pub fn sheet_mut(&mut self, key: &str) -> Option<&mut Sheet> {
        self.sheets.iter_mut().find(|s| s.key == key)
    }

    /// All cells with a count, in the order of the form.
    pub fn cells(&self) -> Vec<String> {
        let mut out = Vec::new();
        for sheet in &self.sheets {
            for block in &sheet.blocks {
                for row in &block.rows {
                    let name = |c: &&str| format!("{}/{}/{c}", sheet.key, row.key);
                    out.extend(block.columns.iter().map(name));
                }
            }
        }
        out.retain(|c| self.figures.counts.contains_key(c));
        out
    }
}

/// The tables with their figures, in one way of writing numbers.
pub fn filled(figures: &Figures, chance: &mut Chance) -> Vec<Sheet> {
    let style = chance.below(100);
    let write = |n: i64| match style {
        0..70 => n.to_string(),
        70..80 => n.to_string().chars().map(wide).collect(),
        80..90 => commas(n),
        90..95 => format!("{n}\u{3000}"),
        _ => format!("{n} "),
    };
    let mut sheets = sheets(figures.edition);
    for sheet in &mut sheets {
        for block in &mut sheet.blocks {
            for row in &mut block.rows {
                for (column, value) in block.columns.iter().zip(&mut row.values) {
                    let cell = format!("{}/{}/{column}", sheet.key, row.key);
                    *value = match (figures.counts.get(&cell), figures.money.get(&cell)) {
                        (Some(n), _) if *column == "change" => change(*n, chance),
                        (Some(n), _) => write(*n),
                        (_, Some(amount)) => amount.clone(),
                        _ => String::new(),
                    };
                }
            }
        }
    }
    sheets
}

/// A change as offices write it.
fn change(n: i64, chance: &mut Chance) -> String {
    match (n.signum(), chance.below(3)) {
        (1, 0) => format!("+{n}"),
        (1, 1) => format!("增{n}"),
        (-1, 0) => format!("减{}", -n),
        _ => n.to_string(),
    }
}
