//! `table`: drawn with lines, as wide as its reader has room; where its columns have no room side
//! by side, each field on a line of its own.

use std::io::{self, Write};
use std::ops::Range;

use anstyle::{AnsiColor, Style};

use super::Options;
use super::layout::{self, Need, width, wrap};
use super::markup::{cells, heading, is_numeric, notice};
use crate::table::{Table, Unit, Value};

const HEADING: Style = Style::new().bold();
const PLAIN: Style = Style::new();

pub(super) fn write(table: &Table, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    if !table.columns.is_empty() {
        let drawing = Drawing::of(table, options.color);
        match drawing.widths(options.width.map(usize::from)) {
            Some((widths, blanks)) => drawing.frame(&Frame { widths, blanks }, out)?,
            None => drawing.fields(options.width.unwrap_or(u16::MAX).into(), out)?,
        }
    }
    match notice(table, options.lang) {
        Some(notice) => writeln!(out, "{notice}"),
        None => Ok(()),
    }
}

/// An answer as texts.
struct Drawing<'t> {
    table: &'t Table,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    numeric: Vec<bool>,
    color: bool,
}

/// A cell of a line: its text, its width and side, its style.
struct Part<'a> {
    text: &'a str,
    room: usize,
    side: Side,
    style: Style,
}

/// The widths of the columns, and the blanks on either side of each cell.
struct Frame {
    widths: Vec<usize>,
    blanks: usize,
}

impl Frame {
    /// What columns have as one: their widths with what stands between them.
    fn merged(&self, columns: Range<usize>) -> usize {
        let between = (columns.len() - 1) * (1 + 2 * self.blanks);
        self.widths[columns].iter().sum::<usize>() + between
    }

    /// A line across, with the given signs where columns meet.
    fn rule(&self, ends: [char; 2], line: char, between: impl Fn(usize) -> char) -> String {
        let mut text = String::from(ends[0]);
        for (index, width) in self.widths.iter().enumerate() {
            text.extend(std::iter::repeat_n(line, width + 2 * self.blanks));
            text.push(if index + 1 < self.widths.len() { between(index + 1) } else { ends[1] });
        }
        text
    }
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
    Middle,
}

impl<'t> Drawing<'t> {
    fn of(table: &'t Table, color: bool) -> Drawing<'t> {
        Drawing {
            table,
            headings: table.columns.iter().map(heading).collect(),
            rows: (0..table.rows.len()).map(|row| cells(table, row).collect()).collect(),
            numeric: (0..table.columns.len()).map(|index| is_numeric(table, index)).collect(),
            color,
        }
    }

    /// A row that is a heading of those below it.
    fn is_heading(&self, row: &[String]) -> bool {
        row.len() == 1 && self.headings.len() > 1
    }

    /// The widths of the columns and the blanks beside their cells; none where they have no room
    /// side by side.
    fn widths(&self, screen: Option<usize>) -> Option<(Vec<usize>, usize)> {
        let needs: Vec<Need> = (self.headings.iter().enumerate())
            .map(|(index, heading)| {
                let rows = self.rows.iter().filter(|row| !self.is_heading(row));
                let cells = rows.filter_map(|row| row.get(index)).map(String::as_str);
                Need::of(heading, cells, self.numeric[index])
            })
            .collect();
        match screen {
            None => Some((needs.iter().map(Need::most).collect(), 1)),
            Some(screen) => layout::fit(&needs, screen),
        }
    }

    /// Columns side by side in a frame.
    fn frame(&self, frame: &Frame, out: &mut dyn Write) -> io::Result<()> {
        let groups = self.groups();
        let inside = |start: usize| groups.iter().any(|g| g.start < start && start < g.end);
        let top = |start| if inside(start) { '─' } else { '┬' };
        writeln!(out, "{}", frame.rule(['┌', '┐'], '─', top))?;
        let blanks = frame.blanks;
        if groups.iter().any(|group| group.len() > 1) {
            let named = |group: &Range<usize>| match group.len() {
                1 => String::new(),
                _ => self.table.columns[group.start].group.clone().unwrap_or_default(),
            };
            let names: Vec<String> = groups.iter().map(named).collect();
            let rooms: Vec<usize> = groups.iter().map(|g| frame.merged(g.clone())).collect();
            self.lines(&names, &rooms, blanks, out, |_| (Side::Middle, HEADING))?;
        }
        let widths = &frame.widths;
        let side = |index: usize| if self.numeric[index] { Side::Right } else { Side::Left };
        self.lines(&self.headings, widths, blanks, out, |index| (side(index), HEADING))?;
        writeln!(out, "{}", frame.rule(['╞', '╡'], '═', |_| '╪'))?;
        for (number, row) in self.rows.iter().enumerate() {
            if self.is_heading(row) {
                let whole = frame.merged(0..widths.len());
                self.lines(row, &[whole], blanks, out, |_| (Side::Left, HEADING))?;
            } else {
                let how = |index| (side(index), self.tone(number, index));
                self.lines(row, widths, blanks, out, how)?;
            }
        }
        writeln!(out, "{}", frame.rule(['└', '┘'], '─', |_| '┴'))
    }

    /// The columns under each heading that neighbours share; a column without is its own.
    fn groups(&self) -> Vec<Range<usize>> {
        let mut groups: Vec<Range<usize>> = Vec::new();
        for (index, column) in self.table.columns.iter().enumerate() {
            match groups.last_mut() {
                Some(last)
                    if column.group.is_some()
                        && self.table.columns[last.start].group == column.group =>
                {
                    last.end = index + 1;
                }
                _ => groups.push(index..index + 1),
            }
        }
        groups
    }

    /// A row of cells over as many lines as they need.
    fn lines(
        &self,
        texts: &[String],
        rooms: &[usize],
        blanks: usize,
        out: &mut dyn Write,
        how: impl Fn(usize) -> (Side, Style),
    ) -> io::Result<()> {
        let cells: Vec<Vec<String>> =
            texts.iter().zip(rooms).map(|(text, room)| wrap(text, *room)).collect();
        let blank = " ".repeat(blanks);
        let between = format!("{blank}┆{blank}");
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let parts = cells.iter().enumerate().map(|(index, cell)| {
                let (side, style) = how(index);
                let text = cell.get(line).map_or("", String::as_str);
                self.part(&Part { text, room: rooms[index], side, style })
            });
            let parts: Vec<String> = parts.collect();
            writeln!(out, "│{blank}{}{blank}│", parts.join(&between))?;
        }
        Ok(())
    }

    fn part(&self, part: &Part<'_>) -> String {
        let free = part.room.saturating_sub(width(part.text));
        let left = match part.side {
            Side::Left => 0,
            Side::Middle => free / 2,
            Side::Right => free,
        };
        let text = self.painted(part.text, part.style);
        format!("{}{text}{}", " ".repeat(left), " ".repeat(free - left))
    }

    fn painted(&self, text: &str, style: Style) -> String {
        if self.color && !text.is_empty() && style != PLAIN {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// The style of a cell: severities have their colours.
    fn tone(&self, row: usize, index: usize) -> Style {
        match (self.table.columns[index].unit, &self.table.rows[row][index]) {
            (Unit::Severity, Value::Text(key)) if key == "error" => {
                AnsiColor::Red.on_default().bold()
            }
            (Unit::Severity, Value::Text(key)) if key == "warning" => {
                AnsiColor::Yellow.on_default()
            }
            _ => PLAIN,
        }
    }

    /// The text of a cell; where it is left out because it stands above already, that text.
    fn repeated(&self, row: usize, index: usize) -> &str {
        let key = &self.table.rows[row][index];
        let same = |row: &usize| self.table.rows[*row].get(index) == Some(key);
        let texts = (0..=row).rev().take_while(same).map(|row| self.rows[row][index].as_str());
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// Every field on a line of its own, the rows by their numbers.
    fn fields(&self, room: usize, out: &mut dyn Write) -> io::Result<()> {
        let names: Vec<String> =
            self.headings.iter().map(|heading| heading.replace('\n', " ")).collect();
        let widest = names.iter().map(|name| width(name)).max().unwrap_or(0).min(room / 2);
        let mut number = 0;
        for (at, row) in self.rows.iter().enumerate() {
            if self.is_heading(row) {
                writeln!(out, "{}", self.painted(&row[0], HEADING))?;
                continue;
            }
            number += 1;
            writeln!(out, "── {number} ──")?;
            for (index, name) in names.iter().take(row.len()).enumerate() {
                let name = wrap(name, widest.max(1));
                let value = wrap(self.repeated(at, index), room.saturating_sub(widest + 2).max(1));
                for line in 0..name.len().max(value.len()) {
                    let part = |lines: &[String]| lines.get(line).cloned().unwrap_or_default();
                    let left =
                        Part { text: &part(&name), room: widest, side: Side::Left, style: HEADING };
                    let value = self.painted(&part(&value), self.tone(at, index));
                    writeln!(out, "{}", format!("{}  {value}", self.part(&left)).trim_end())?;
                }
            }
        }
        Ok(())
    }
}
