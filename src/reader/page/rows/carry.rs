//! Headers at the end of a page whose rows all stand on the next.

use super::super::lines::Line;
use super::spacing::CARRIED;
use super::{BETWEEN, Cut};

/// Lines at the head of a page among which its first row is looked for.
const HEAD: usize = 4;
/// A row of fewer figures says too little of its columns.
const FIGURES: usize = 3;

/// Moves the lines of a header from the end of a page to the rows at the head of the next, if they
/// stand over each figure there.
pub fn carry(page: &mut Vec<Line>, next: &mut Vec<Line>) {
    let mut head = next.iter().take(HEAD).map(|l| Cut::new(l.clone(), &[]));
    let Some(row) = head.find(Cut::is_row).filter(|r| r.figures >= FIGURES) else { return };
    let figures = &row.parts[row.parts.len() - row.figures..];
    let starts: Vec<f32> = figures.iter().map(|f| f.x0).collect();
    let edge = starts[0] - 1.0;
    let end: Vec<Cut> = page
        .iter()
        .rev()
        .take(BETWEEN)
        .map(|l| Cut::new(l.clone(), &starts))
        .take_while(|c| c.figures == 0 && !c.is_prose())
        .collect();
    let Some(first) = end.iter().rposition(|c| c.parts.iter().any(|p| p.x0 >= edge)) else {
        return;
    };
    let header = || end[..=first].iter().flat_map(|c| &c.parts);
    let is_headed = |f: &Line| header().any(|p| p.x0 < f.x1 && f.x0 < p.x1);
    if !figures.iter().all(is_headed) {
        return;
    }
    // what was printed right above goes on as the lines of one text do
    let above = next.first().map_or(0.0, |line| line.y - CARRIED * line.size);
    let shift = page.last().map_or(0.0, |line| line.y - above);
    let moved = page.drain(page.len() - 1 - first..).map(|mut line| {
        line.y -= shift;
        line.glyphs.iter_mut().for_each(|g| g.y -= shift);
        line.page = row.line.page;
        line
    });
    next.splice(..0, moved);
}

#[cfg(test)]
mod tests {
    use super::super::super::lines::lines;
    use super::super::super::lines::tests::print;
    use super::*;

    type Printed = (&'static str, f32, f32);

    fn carried(page: &[Printed], next: &[Printed]) -> (usize, Vec<String>) {
        let read = |parts: &[Printed], number| {
            let glyphs = parts.iter().flat_map(|(t, x, y)| print(t, *x, *y)).collect();
            lines(glyphs, number)
        };
        let (mut page, mut next) = (read(page, 1), read(next, 2));
        carry(&mut page, &mut next);
        assert!(next.windows(2).all(|l| l[0].y < l[1].y && l[0].page == 2));
        (page.len(), next.iter().map(Line::text).collect())
    }

    const ROW: [Printed; 4] =
        [("甲", 10.0, 20.0), ("1", 80.0, 20.0), ("2", 110.0, 20.0), ("3", 140.0, 20.0)];
    const HEADER: [Printed; 5] = [
        ("三、情况", 10.0, 240.0),
        ("申请人", 80.0, 260.0),
        ("企业", 80.0, 280.0),
        ("个人", 110.0, 280.0),
        ("总计", 140.0, 280.0),
    ];

    #[test]
    fn a_header_over_each_figure_stands_with_its_rows() {
        let (left, next) = carried(&HEADER, &ROW);
        assert_eq!((left, &*next[0], next.len()), (1, "申请人", 3));
    }

    #[test]
    fn what_stands_over_some_figures_only_stays() {
        assert_eq!(carried(&HEADER[..4], &ROW).0, 3);
        assert_eq!(carried(&HEADER, &ROW[..3]).0, 3, "two figures");
        assert_eq!(carried(&[("今年以来做了很多事情都很好", 10.0, 280.0)], &ROW).0, 1);
    }
}
