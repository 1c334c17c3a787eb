//! What must be said under an answer by year: that its years are of very different numbers of
//! reports, so that what looks like a change may only be who reported.

use std::collections::BTreeMap;

use rust_i18n::t;

use super::catalog::Query;
use crate::lang::Lang;
use crate::table::{Table, Value};

/// Columns of regions: each is a series of its own.
const PLACES: [&str; 2] = ["region", "place"];

/// Reports by year, those of each edition once.
type Years = BTreeMap<i64, BTreeMap<String, i64>>;

/// The sentence, where two years that stand next to each other differ by more than half.
#[must_use]
pub fn uneven_years(query: &Query, table: &Table, lang: Lang) -> Option<String> {
    let chart = query.chart.as_ref()?;
    if chart.x != "year" || chart.y.iter().any(|column| column == "reports") {
        return None;
    }
    let at = |name: &str| table.columns.iter().position(|column| column.name == name);
    let (year, reports, edition) = (at("year")?, at("reports")?, at("edition"));
    let place = PLACES.into_iter().find_map(at);
    let shown = |row: &[Value], at: Option<usize>| match at.map(|at| &row[at]) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let mut series: BTreeMap<Option<String>, Years> = BTreeMap::new();
    for row in &table.rows {
        let (Value::Int(year), Value::Int(reports)) = (&row[year], &row[reports]) else { continue };
        let years = series.entry(shown(row, place)).or_default();
        let editions = years.entry(*year).or_default();
        editions.insert(shown(row, edition).unwrap_or_default(), *reports);
    }
    let pairs = series.iter().filter_map(|(place, years)| Some((place, widest(years)?)));
    let (place, worst) = pairs.max_by(|a, b| a.1.times().total_cmp(&b.1.times()))?;
    let locale = lang.key();
    let mut years = vec![worst.first, worst.second];
    years.sort_unstable();
    let of = |(year, reports): (i64, i64)| {
        t!("query.uneven_year", locale = locale, year = year, reports = reports).into_owned()
    };
    let years = years.into_iter().map(of).collect::<Vec<_>>().join(lang.pick("，", ", "));
    let years = match place {
        Some(place) => lang.pick("%：", "%: ").replace('%', place) + &years,
        None => years,
    };
    Some(t!("query.uneven", locale = locale, years = years).into())
}

/// Two years next to each other with their reports, the one with fewer first.
struct Pair {
    first: (i64, i64),
    second: (i64, i64),
}

impl Pair {
    /// How many times as many reports the one has.
    fn times(&self) -> f64 {
        self.second.1 as f64 / self.first.1 as f64
    }
}

/// The neighbours that differ most, where that is by more than half.
fn widest(years: &Years) -> Option<Pair> {
    let totals: Vec<(i64, i64)> =
        years.iter().map(|(year, editions)| (*year, editions.values().sum())).collect();
    let pair = |two: &[(i64, i64)]| {
        let (first, second) =
            if two[0].1 <= two[1].1 { (two[0], two[1]) } else { (two[1], two[0]) };
        Pair { first, second }
    };
    let pairs = totals.windows(2).map(pair);
    let wide = pairs.filter(|pair| pair.first.1 > 0 && pair.first.1 * 2 < pair.second.1);
    wide.max_by(|a, b| a.times().total_cmp(&b.times()))
}

#[cfg(test)]
mod tests {
    use super::super::canned::catalog;
    use super::*;
    use crate::table::Column;

    /// What is said of an answer with these values in its first columns.
    fn said(query: &str, columns: &[&str], rows: &[&[Value]]) -> Option<String> {
        let columns = columns.iter().map(|name| Column::new(*name)).collect();
        let rows = rows.iter().map(|row| row.to_vec()).collect();
        let table = Table { columns, rows, total_rows: None };
        uneven_years(catalog().get(query).expect(query), &table, Lang::Zh)
    }

    fn years(counts: &[(i64, i64)]) -> Vec<Vec<Value>> {
        counts.iter().map(|(year, n)| vec![Value::Int(*year), Value::Int(*n)]).collect()
    }

    fn by_year(query: &str, counts: &[(i64, i64)]) -> Option<String> {
        let rows = years(counts);
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        said(query, &["year", "reports"], &rows)
    }

    #[test]
    fn years_of_far_fewer_reports_are_told() {
        let query = "review-correction-rate";
        let far = by_year(query, &[(2018, 2), (2019, 3), (2020, 120), (2021, 118)]);
        let text = "各年报告数差别很大（2019年3份，2020年120份），合计不可直接比较";
        assert_eq!(far.as_deref(), Some(text));
        let fell = by_year(query, &[(2021, 9), (2022, 4)]);
        assert!(fell.is_some_and(|text| text.contains("2021年9份，2022年4份")));
        assert_eq!(by_year(query, &[(2018, 50), (2019, 100), (2020, 51)]), None);
        // reports are what this query counts
        assert_eq!(by_year("editions", &[(2018, 1), (2019, 100)]), None);
    }

    #[test]
    fn editions_of_a_year_are_added_and_regions_kept_apart() {
        let text = |text: &str| Value::Text(text.to_owned());
        let (first, second) = (Value::Int(2019), Value::Int(2020));
        let columns = ["year", "edition", "reports"];
        let line =
            |year: &Value, edition: &str, n: i64| [year.clone(), text(edition), Value::Int(n)];
        let [a, b, c, again] = [
            line(&first, "2019", 40),
            line(&second, "2019", 20),
            line(&second, "2021", 20),
            line(&second, "2021", 20),
        ];
        assert_eq!(said("outcomes", &columns, &[&a, &b, &c, &again]), None);
        let columns = ["year", "region", "reports"];
        let [a, b, c] =
            [line(&first, "甲市", 40), line(&first, "乙市", 5), line(&second, "甲市", 40)];
        assert_eq!(said("region-summary", &columns, &[&a, &b, &c]), None);
        let d = line(&second, "乙市", 50);
        let told = said("region-summary", &columns, &[&a, &b, &c, &d]);
        assert!(told.is_some_and(|told| told.contains("（乙市：2019年5份，2020年50份）")));
    }
}
