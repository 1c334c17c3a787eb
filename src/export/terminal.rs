//! `table`: drawn with lines, as wide as its reader has room; where its columns have no room side
//! by side, each field on a line of its own.

use std::io::{self, Write};

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
            Some(widths) => drawing.frame(&widths, out)?,
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

    /// The widths of the columns; none where they have no room side by side.
    fn widths(&self, room: Option<usize>) -> Option<Vec<usize>> {
        let needs: Vec<Need> = (self.headings.iter().enumerate())
            .map(|(index, heading)| {
                let rows = self.rows.iter().filter(|row| !self.is_heading(row));
                let cells = rows.filter_map(|row| row.get(index)).map(String::as_str);
                Need::of(heading, cells, self.numeric[index])
            })
            .collect();
        match room {
            None => Some(needs.iter().map(Need::most).collect()),
            // a blank on either side of a cell and a line before it, and one at the end
            Some(room) => layout::share(&needs, room.checked_sub(needs.len() * 3 + 1)?),
        }
    }

    /// Columns side by side in a frame.
    fn frame(&self, widths: &[usize], out: &mut dyn Write) -> io::Result<()> {
        let groups = self.groups();
        let rule = |ends: [char; 2], line: char, between: &dyn Fn(usize) -> char| {
            let mut text = String::from(ends[0]);
            for (index, width) in widths.iter().enumerate() {
                text.extend(std::iter::repeat_n(line, width + 2));
                text.push(if index + 1 < widths.len() { between(index + 1) } else { ends[1] });
            }
            text
        };
        let inside = |start: usize| groups.iter().any(|g| g.start < start && start < g.end);
        let top = |start| if inside(start) { '─' } else { '┬' };
        writeln!(out, "{}", rule(['┌', '┐'], '─', &top))?;
        if groups.iter().any(|group| group.len() > 1) {
            let named = |group: &std::ops::Range<usize>| match group.len() {
                1 => String::new(),
                _ => self.table.columns[group.start].group.clone().unwrap_or_default(),
            };
            let names: Vec<String> = groups.iter().map(named).collect();
            // a group is as wide as its columns with what stands between them
            let rooms =
                groups.iter().map(|g| widths[g.clone()].iter().sum::<usize>() + (g.len() - 1) * 3);
            let rooms: Vec<usize> = rooms.collect();
            self.lines(&names, &rooms, out, |_| (Side::Middle, HEADING))?;
        }
        let side = |index: usize| if self.numeric[index] { Side::Right } else { Side::Left };
        self.lines(&self.headings, widths, out, |index| (side(index), HEADING))?;
        writeln!(out, "{}", rule(['╞', '╡'], '═', &|_| '╪'))?;
        for (number, row) in self.rows.iter().enumerate() {
            if self.is_heading(row) {
                let whole = widths.iter().sum::<usize>() + (widths.len() - 1) * 3;
                self.lines(row, &[whole], out, |_| (Side::Left, HEADING))?;
            } else {
                self.lines(row, widths, out, |index| (side(index), self.tone(number, index)))?;
            }
        }
        writeln!(out, "{}", rule(['└', '┘'], '─', &|_| '┴'))
    }

    /// The columns under each heading that neighbours share; a column without is its own.
    fn groups(&self) -> Vec<std::ops::Range<usize>> {
        let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
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
        out: &mut dyn Write,
        how: impl Fn(usize) -> (Side, Style),
    ) -> io::Result<()> {
        let cells: Vec<Vec<String>> =
            texts.iter().zip(rooms).map(|(text, room)| wrap(text, *room)).collect();
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let parts = cells.iter().enumerate().map(|(index, cell)| {
                let (side, style) = how(index);
                let text = cell.get(line).map_or("", String::as_str);
                self.part(&Part { text, room: rooms[index], side, style })
            });
            writeln!(out, "│ {} │", parts.collect::<Vec<_>>().join(" ┆ "))?;
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
            for (index, (name, value)) in names.iter().zip(row).enumerate() {
                let name = wrap(name, widest.max(1));
                let value = wrap(value, room.saturating_sub(widest + 2).max(1));
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
