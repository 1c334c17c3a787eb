//! Boxes: of the columns that are one, or of all values that share a place.

use rust_i18n::t;

use super::spec::{Columns, Names, number, title};
use super::{Figure, Marks, Series, Spread};

impl Columns<'_> {
    /// Puts boxes in: of five columns, which are the box, with a sixth for a point; else of all
    /// values that share a place.
    pub(super) fn boxes(&self, figure: &mut Figure) {
        let places = self.places(figure);
        let given = matches!(self.ys.len(), 5 | 6);
        let mut series = Names::default();
        let mut heaps: Vec<Vec<Vec<f64>>> = Vec::new();
        for (row, place) in places.into_iter().enumerate() {
            let values = self.ys.iter().map(|y| number(&self.table.rows[row][*y]));
            if given && values.take(5).any(|value| value.is_none()) {
                continue;
            }
            for y in &self.ys {
                let name = match (given, self.group) {
                    (true, None) => String::new(),
                    (true, Some(group)) => self.group_name(row, group, figure.words.lang),
                    (false, _) => self.series_name(row, *y, figure.words.lang),
                };
                let at = series.number(&name);
                if at == heaps.len() {
                    heaps.push(vec![Vec::new(); figure.places.len()]);
                }
                heaps[at][place].extend(number(&self.table.rows[row][*y]));
            }
        }
        let of = |heap: Vec<f64>| match (given, heap.as_slice()) {
            // out of order, they are no box
            (true, [a, b, c, d, e, points @ ..]) if a <= b && b <= c && c <= d && d <= e => {
                Some(Spread { marks: [*a, *b, *c, *d, *e], points: points.to_vec() })
            }
            (true, _) => None,
            (false, _) => Spread::of(heap),
        };
        for (name, heaps) in series.0.into_iter().zip(heaps) {
            let marks = Marks::Spreads(heaps.into_iter().map(of).collect());
            figure.series.push(Series { name, marks });
        }
        figure.notes.push(self.key_to_boxes(figure.words.lang.key()));
    }

    /// What the parts of a box are.
    fn key_to_boxes(&self, locale: &str) -> String {
        let names: Vec<String> = self.ys.iter().map(|y| title(&self.table.columns[*y])).collect();
        let ([low, q1, median, q3, high, points @ ..], true) = (names.as_slice(), names.len() <= 6)
        else {
            return t!("chart.box", locale = locale).into();
        };
        let mut key = t!(
            "chart.box_given",
            locale = locale,
            low = low,
            q1 = q1,
            median = median,
            q3 = q3,
            high = high
        )
        .into_owned();
        if let [point] = points {
            key += &t!("chart.box_point", locale = locale, point = point);
        }
        key
    }
}
