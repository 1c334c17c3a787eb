//! A small database for the tests of the canned queries, written by the store: a province (32),
//! two cities (3213, 3205), a county (321302) and streets, with summaries on each level, own
//! reports beneath, all three editions and figures that nothing settles.

use rusqlite::Connection;

use crate::form::Forms;
use crate::report::Scope::{self, Aggregate, Own};
use crate::store::fixture::{into_connection, region, report};
use crate::store::{OrganRecord, Store};

/// A report by its figures; `?` is a figure that is not settled, an empty text a series of which
/// the document says nothing.
struct Given {
    organ: &'static str,
    /// Region, or township; empty where none is known.
    place: &'static str,
    year: i32,
    scope: Scope,
    edition: &'static str,
    /// Upheld, corrected, other, pending (not in 2014), total.
    review: &'static str,
    litigation: &'static str,
    /// Received, carried in, processed, granted, partially granted, refused, unavailable, not
    /// processed, other, carried out. 2014: received, processed, granted, partially granted, refused.
    requests: &'static str,
    disclosure: &'static [(&'static str, &'static str)],
}

const MEASURES: [(&str, &[&str]); 3] = [
    ("review", &["upheld", "corrected", "other", "pending", "total"]),
    ("litigation", &["upheld", "corrected", "other", "pending", "total"]),
    (
        "requests",
        &[
            "received",
            "carried_in",
            "processed",
            "granted",
            "partially_granted",
            "refused",
            "unavailable",
            "not_processed",
            "other",
            "carried_out",
        ],
    ),
];

const NONE: &str = "0 0 0 0 0";

type Figures = (&'static str, &'static str, &'static str);

const fn given(
    (year, edition): (i32, &'static str),
    scope: Scope,
    (place, organ): (&'static str, &'static str),
    (review, litigation, requests): Figures,
    disclosure: &'static [(&'static str, &'static str)],
) -> Given {
    Given { organ, place, year, scope, edition, review, litigation, requests, disclosure }
}

const SUQIAN: (&str, &str) = ("321300", "宿迁市人民政府");
const SUQIAN_SCHOOLS: (&str, &str) = ("321300", "宿迁市教育局");
const SUCHENG: (&str, &str) = ("321302", "宿城区人民政府");
const SUCHENG_SCHOOLS: (&str, &str) = ("321302", "宿城区教育局");
const SUZHOU_SCHOOLS: (&str, &str) = ("320500", "苏州市教育局");
const SUZHOU_FINANCE: (&str, &str) = ("320500", "苏州市财政局");
const JIANGSU: (&str, &str) = ("320000", "江苏省人民政府");
const JIANGSU_SCHOOLS: (&str, &str) = ("320000", "江苏省教育厅");
const MINISTRY: (&str, &str) = ("", "国家某部");
const HEBIN: (&str, &str) = ("321302001", "河滨街道办事处");
const HEBIN_JUSTICE: (&str, &str) = ("321302001", "河滨街道司法所");
const XINGFU: (&str, &str) = ("321302002", "幸福街道办事处");

#[rustfmt::skip]
const REPORTS: [Given; 19] = [
    given((2013, ""), Own, SUZHOU_SCHOOLS, ("", "", ""), &[]),
    given((2018, "2014"), Own, SUQIAN_SCHOOLS, ("4 1 2 7", "0 0 1 1", "12 12 6 2 1"), &[]),
    given((2018, "2014"), Own, SUZHOU_SCHOOLS, ("1 0 0 1", "", "5 ? 1 1 1"), &[]),
    given((2020, "2019"), Own, SUQIAN_SCHOOLS, ("", "", "20 1 19 10 4 2 1 1 1 2"), &[
        ("regulations/made", "2"), ("regulations/published", "1"), ("regulations/public_total", "9"),
        ("licensing/items_last_year", "30"), ("licensing/change", "-3"), ("licensing/decisions", "100"),
        ("procurement/projects", "4"), ("procurement/amount", "251000元"),
    ]),
    given((2023, "2021"), Aggregate, SUQIAN, ("10 3 4 2 19", "0 0 0 2 2", "100 5 98 40 20 10 9 9 10 7"), &[
        ("licensing/decisions", "5"), ("fees/amount", "1.5"),
    ]),
    given((2023, "2021"), Own, SUQIAN_SCHOOLS, ("3 1 1 1 6", NONE, "30 1 29 10 5 4 5 3 2 2"), &[
        ("licensing/decisions", "2"), ("fees/amount", "0.5"),
    ]),
    given((2023, "2021"), Aggregate, SUCHENG, ("3 1 0 0 4", NONE, "20 0 20 8 2 1 4 5 0 0"), &[]),
    given((2023, "2021"), Own, SUCHENG_SCHOOLS, ("1 0 0 0 1", NONE, ""), &[]),
    given((2023, "2021"), Own, SUZHOU_SCHOOLS, ("1 ? 0 0 1", NONE, "? 0 3 1 1 0 1 0 0 0"), &[
        ("licensing/decisions", "7"), ("fees/amount", "?"),
    ]),
    given((2023, "2019"), Own, SUZHOU_FINANCE, ("0 0 1 0 1", NONE, "9 0 9 3 3 1 1 1 0 0"), &[
        ("licensing/items_last_year", "1"), ("licensing/change", "3"), ("licensing/decisions", "8"),
    ]),
    given((2023, "2021"), Own, JIANGSU_SCHOOLS, ("2 1 0 1 4", NONE, "8 0 0 0 0 0 0 0 0 8"), &[]),
    given((2024, "2021"), Aggregate, JIANGSU, ("49 10 20 1 80", "", "1000 100 1050 500 200 100 100 100 50 50"), &[]),
    given((2024, "2021"), Own, JIANGSU_SCHOOLS, ("7 7 7 7 28", "", ""), &[]),
    given((2024, "2021"), Aggregate, SUQIAN, ("9 9 9 9 36", "", "90 0 90 90 0 0 0 0 0 0"), &[]),
    given((2024, "2021"), Own, SUCHENG_SCHOOLS, ("8 8 8 8 32", "", ""), &[]),
    given((2024, "2021"), Own, MINISTRY, ("1 0 0 0 1", "", "500 20 490 200 90 80 60 40 20 30"), &[]),
    given((2025, "2021"), Aggregate, HEBIN, ("2 0 0 0 2", "", "3 0 3 3 0 0 0 0 0 0"), &[]),
    given((2025, "2021"), Own, HEBIN_JUSTICE, ("5 5 5 5 20", "", "2 0 2 0 2 0 0 0 0 0"), &[]),
    given((2025, "2021"), Own, XINGFU, ("1 0 0 0 1", "", "1 0 1 1 0 0 0 0 0 0"), &[]),
];

/// The text that stands for a figure in a document.
fn raw(figure: &str) -> String {
    if figure == "?" { "详见附件".to_owned() } else { figure.to_owned() }
}

impl Given {
    /// The cells that the figures stand in. Of a measure that is a sum, the first cell has it all.
    fn cells(&self, forms: &Forms) -> Vec<(String, String)> {
        let disclosure =
            |(name, figure): &(&str, &str)| (format!("disclosure/{name}"), raw(figure));
        let mut cells: Vec<_> = self.disclosure.iter().map(disclosure).collect();
        for ((series, measures), text) in
            MEASURES.iter().zip([self.review, self.litigation, self.requests])
        {
            let figures: Vec<&str> = text.split(' ').filter(|figure| !figure.is_empty()).collect();
            let Some(form) = forms.get(self.edition).filter(|_| !figures.is_empty()) else {
                continue;
            };
            let asked: Vec<_> =
                measures.iter().filter_map(|measure| form.series[*series].get(*measure)).collect();
            assert_eq!(asked.len(), figures.len(), "{} {}: {text}", self.organ, self.year);
            for (names, figure) in asked.into_iter().zip(figures) {
                for (index, name) in names.iter().enumerate() {
                    cells.push((name.clone(), raw(if index == 0 { figure } else { "0" })));
                }
            }
        }
        cells
    }

    fn write(&self, store: &mut Store, forms: &Forms) {
        let region_code = (!self.place.is_empty()).then(|| self.place[..6].to_owned());
        let township_code = (self.place.len() == 9).then(|| self.place.to_owned());
        let path = format!("{}/{}/{}.html", self.year, self.scope.key(), self.organ);
        let mut report =
            report(self.edition, &path, (self.year, self.place, self.scope), &self.cells(forms));
        report.region_code.clone_from(&region_code);
        report.township_code.clone_from(&township_code);
        let organ = OrganRecord {
            key: self.organ.to_owned(),
            name: self.organ.to_owned(),
            kind: "government",
            region_code,
            township_code,
        };
        store.write(&report, &organ, None, None).expect("it is sound");
    }
}

/// The database of these reports.
pub(crate) fn database() -> Connection {
    let forms = Forms::builtin();
    let mut store = Store::in_memory(&forms).expect("memory is there");
    let regions = [
        region("320000", "江苏省", 1),
        region("320500", "苏州市", 2),
        region("321300", "宿迁市", 2),
        region("321302", "宿城区", 3),
        region("321302001", "河滨街道", 4),
        region("321302002", "幸福街道", 4),
    ];
    store.put_regions(regions.iter()).expect("they are sound");
    for given in &REPORTS {
        given.write(&mut store, &forms);
    }
    into_connection(store)
}
