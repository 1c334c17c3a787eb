//! A small database for the tests of the canned queries, written by the store: a province (32),
//! two cities (3213, 3205), a county (321302) and streets, with summaries on each level, own
//! reports beneath, all three editions and figures that nothing settles. [`wide`] has another
//! province with figures line by line, an expectation, findings and a report of two sources.

use rusqlite::Connection;

use crate::form::Forms;
use crate::report::Scope::{self, Aggregate, Own};
use crate::report::{Cell, Report};
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
    /// Cells of the disclosure table, or of the table that they name; they take the place of what
    /// the figures above would put there.
    more: &'static [(&'static str, &'static str)],
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
    more: &'static [(&'static str, &'static str)],
) -> Given {
    Given { organ, place, year, scope, edition, review, litigation, requests, more }
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

const HANGZHOU_SCHOOLS: (&str, &str) = ("330100", "杭州市教育局");
const HANGZHOU_FINANCE: (&str, &str) = ("330100", "杭州市财政局");
const NINGBO_SCHOOLS: (&str, &str) = ("330200", "宁波市教育局");
const XIHU_SCHOOLS: (&str, &str) = ("330106", "西湖区教育局");
const HANGZHOU: (&str, &str) = ("330100", "杭州市人民政府");
const ZHEJIANG: (&str, &str) = ("330000", "浙江省人民政府");
const ZEROS: &str = "0 0 0 0 0 0 0 0 0 0";

/// Another province, where each report says more.
#[rustfmt::skip]
const MORE: [Given; 10] = [
    given((2018, "2014"), Own, NINGBO_SCHOOLS, ("0 0 0 0", "0 0 0 0", "9 9 4 1 2"), &[
        ("statistics/applications.replied.refused.trade_secret/value", "1"),
        ("statistics/applications.replied.refused.privacy/value", "1"),
        ("statistics/applications.replied.not_existing/value", "3"),
        ("statistics/fees.amount/value", "0.5"),
    ]),
    given((2020, "2019"), Own, HANGZHOU_SCHOOLS, (NONE, NONE, "12 1 11 5 2 1 1 1 1 2"), &[
        ("licensing/decisions", "40"), ("penalties/decisions", "3"), ("coercion/decisions", "1"),
        ("fees/items_last_year", "6"), ("fees/change", "-2"),
    ]),
    given((2021, "2021"), Own, HANGZHOU_SCHOOLS, ("3 1 1 1 6", "1 0 1 0 2", "40 2 38 12 7 6 8 3 2 4"), &[
        ("applications/received.new/natural_person", "30"), ("applications/received.new/business", "5"),
        ("applications/received.new/research", "1"), ("applications/received.new/welfare", "0"),
        ("applications/received.new/legal_service", "4"), ("applications/received.new/other_org", "0"),
        ("applications/refused.state_secret/total", "4"), ("applications/refused.third_party/total", "2"),
        ("applications/unavailable.not_held/total", "5"), ("applications/unavailable.needs_creation/total", "3"),
        ("applications/not_processed.petition/total", "2"), ("applications/not_processed.duplicate/total", "1"),
        ("challenges/litigation_direct/total", "1"), ("challenges/litigation_after_review/total", "1"),
        ("normative_documents/issued", "3"), ("normative_documents/repealed", "1"),
        ("normative_documents/in_force", "20"), ("licensing/decisions", "50"),
        ("penalties/decisions", "4"), ("coercion/decisions", "0"), ("fees/amount", "2.5"),
    ]),
    given((2021, "2021"), Own, HANGZHOU_FINANCE, (NONE, NONE, ZEROS), &[("licensing/decisions", "70")]),
    given((2022, "2021"), Own, HANGZHOU_SCHOOLS, ("10 10 4 0 24", "0 0 0 2 2", "60 4 58 30 10 8 6 2 2 6"), &[
        ("applications/received.new/natural_person", "40"), ("applications/received.new/business", "20"),
        ("applications/received.new/research", "0"), ("applications/received.new/welfare", "0"),
        ("applications/received.new/legal_service", "0"), ("applications/received.new/other_org", "0"),
        ("normative_documents/issued", "2"), ("normative_documents/repealed", "4"),
        ("normative_documents/in_force", "16"), ("licensing/decisions", "55"), ("penalties/decisions", "9"),
    ]),
    given((2022, "2021"), Own, HANGZHOU_FINANCE, (NONE, NONE, ZEROS), &[]),
    given((2022, "2021"), Own, NINGBO_SCHOOLS, ("2 6 0 0 8", "4 1 0 0 5", "50 0 44 10 1 20 5 4 4 6"), &[
        ("challenges/litigation_direct/total", "2"), ("challenges/litigation_after_review/total", "3"),
        ("normative_documents/issued", "0"), ("normative_documents/repealed", "0"),
        ("normative_documents/in_force", "?"), ("licensing/decisions", "10"),
    ]),
    given((2022, "2021"), Own, XIHU_SCHOOLS, (NONE, "", "35 1 30 20 4 1 3 1 1 6"), &[]),
    given((2022, "2021"), Aggregate, ZHEJIANG, ("20 10 10 0 40", "5 5 0 0 10", "200 5 190 90 30 40 20 5 5 15"), &[]),
    given((2022, "2021"), Aggregate, HANGZHOU, ("12 12 4 0 28", "1 1 0 0 2", "100 4 90 40 20 10 10 5 5 14"), &[]),
];

/// What no report says: dates, who is expected, what a check found.
const BESIDE: &str = "
UPDATE report SET published = '2023-01-20' WHERE year = 2022;
UPDATE report SET published = '2023-02-15'
WHERE year = 2022 AND organ_id = (SELECT id FROM organ WHERE name = '宁波市教育局');
INSERT INTO expectation VALUES
    (2022, '宁波市教育局', 'own', 'listed', NULL, NULL, '330200', NULL),
    (2022, '杭州市统计局', 'own', 'listed', '杭州市统计局', 'department', '330100', NULL),
    (2022, '杭州市教育局', 'own', 'last_year', NULL, NULL, '330100', NULL);
DELETE FROM processing_fee;
INSERT INTO processing_fee
SELECT r.id, 2, 60000, 50000, '' FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
WHERE r.year = 2022 AND o.name = '浙江省人民政府';
INSERT INTO check_run VALUES (1, '2023-05-01', '2023-05-01', '0', '', '{}', 3);
INSERT INTO report_check
SELECT r.id, 1, 0, 1 FROM report AS r INNER JOIN organ AS o ON o.id = r.organ_id
WHERE r.year = 2022 AND o.name IN ('宁波市教育局', '杭州市教育局');
INSERT INTO message VALUES (1, '不平', 'does not add up');
INSERT INTO finding (key, report_id, check_run_id, rule, outcome, severity, message_id, cells, facts_sha256)
SELECT k.key || o.id, r.id, 1, k.rule, k.outcome, k.severity, 1, '[]', 'f'
FROM report AS r
INNER JOIN organ AS o ON o.id = r.organ_id
INNER JOIN (
    SELECT 'a' AS key, 'balance' AS rule, 'fail' AS outcome, 'error' AS severity
    UNION ALL SELECT 'b' AS key, 'balance' AS rule, 'fail' AS outcome, 'error' AS severity
    UNION ALL SELECT 'c' AS key, 'blank-cell' AS rule, 'fail' AS outcome, 'warning' AS severity
    UNION ALL SELECT 'd' AS key, 'carry-over' AS rule, 'not_assessable' AS outcome, 'error' AS severity
) AS k ON o.name = '宁波市教育局' OR k.key IN ('a', 'c')
WHERE r.year = 2022 AND r.is_current = 1 AND o.name IN ('宁波市教育局', '杭州市教育局');
INSERT INTO decision (finding_key, verdict, reason, decided_by, decided_at, facts_sha256, about)
SELECT 'a' || id, 'dismissed', '笔误', '某人', '2023-05-02', 'f', '{}' FROM organ WHERE name = '杭州市教育局';
";

/// The text that stands for a figure in a document.
fn raw(figure: &str) -> String {
    if figure == "?" { "详见附件".to_owned() } else { figure.to_owned() }
}

impl Given {
    /// The cells that the figures stand in. Of a measure that is a sum, the first cell has it all.
    fn cells(&self, forms: &Forms) -> Vec<(String, String)> {
        let more = |(name, figure): &(&str, &str)| match name.split('/').count() {
            2 => (format!("disclosure/{name}"), raw(figure)),
            _ => ((*name).to_owned(), raw(figure)),
        };
        let mut cells: Vec<_> = self.more.iter().map(more).collect();
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

    /// What its name says of it.
    fn kind(&self) -> &'static str {
        match self.organ {
            name if name.ends_with("人民政府") => "government",
            name if name.ends_with("街道办事处") => "street",
            name if name.ends_with('部') => "ministry",
            _ => "department",
        }
    }

    fn write(&self, store: &mut Store, forms: &Forms) {
        self.write_from(store, forms, "html");
    }

    /// Writes it as read from a file of that extension.
    fn write_from(&self, store: &mut Store, forms: &Forms, extension: &str) {
        let (report, organ) = self.read(forms, extension);
        store.write(&report, &organ, None, None).expect("it is sound");
    }

    /// The report and its body, as read from a file of that extension.
    fn read(&self, forms: &Forms, extension: &str) -> (Report, OrganRecord) {
        let region_code = (!self.place.is_empty()).then(|| self.place[..6].to_owned());
        let township_code = (self.place.len() == 9).then(|| self.place.to_owned());
        let path = format!("{}/{}/{}.{extension}", self.year, self.scope.key(), self.organ);
        let mut report =
            report(self.edition, &path, (self.year, self.place, self.scope), &self.cells(forms));
        report.region_code.clone_from(&region_code);
        report.township_code.clone_from(&township_code);
        let organ = OrganRecord {
            key: self.organ.to_owned(),
            name: self.organ.to_owned(),
            kind: self.kind(),
            region_code,
            township_code,
        };
        (report, organ)
    }
}

/// The database of these reports.
pub(crate) fn database() -> Connection {
    into_connection(store(&Forms::builtin()))
}

/// The same with another province, and with what stands beside reports. The bureau of 杭州 has two
/// files for 2021 that differ in one figure.
pub(crate) fn wide() -> Connection {
    let forms = Forms::builtin();
    let mut store = store(&forms);
    let regions = [
        region("330000", "浙江省", 1),
        region("330100", "杭州市", 2),
        region("330106", "西湖区", 3),
        region("330200", "宁波市", 2),
        region("330203", "海曙区", 3),
    ];
    store.put_regions(regions.iter()).expect("they are sound");
    for given in &MORE {
        given.write(&mut store, &forms);
    }
    let other = Given { more: &[("licensing/decisions", "51")], requests: "", ..MORE[2] };
    other.write_from(&mut store, &forms, "docx");
    store.connection().execute_batch(BESIDE).expect("it is sound");
    store.renew_figures().expect("memory is there");
    // the other fixtures leave their sums to be worked out when they are asked for
    store.renew_places().expect("memory is there");
    store.put_kept().expect("memory is there");
    into_connection(store)
}

#[rustfmt::skip]
const ODD: [Given; 10] = [
    given((2024, "2021"), Own, ("320505", "虎丘区人民政府"), ("", "", "40 0 40 20 0 5 5 5 5 0"), &[
        ("licensing/decisions", "5"),
    ]),
    given((2024, "2021"), Own, ("320506", "吴中区人民政府"), ("", "", "60 0 60 15 0 15 10 10 10 0"), &[]),
    given((2024, "2021"), Aggregate, ("320500", "苏州市人民政府"), ("", "", "100 0 100 35 0 20 15 15 15 0"), &[]),
    given((2024, "2021"), Own, ("441900003", "东城街道办事处"), ("", "", "10 0 10 5 0 5 0 0 0 0"), &[]),
    given((2024, "2021"), Own, ("441900004", "南城街道办事处"), ("", "", "20 0 20 10 0 10 0 0 0 0"), &[]),
    given((2025, "2021"), Own, ("441900003", "东城街道办事处"), ("", "", "11 0 11 5 0 6 0 0 0 0"), &[]),
    given((2025, "2021"), Aggregate, ("441900", "东莞市人民政府"), ("", "", "30 0 30 10 0 20 0 0 0 0"), &[]),
    given((2024, "2021"), Own, ("", "某某局"), ("", "", "8 0 8 4 0 4 0 0 0 0"), &[]),
    given((2025, "2021"), Own, ("", "某某局"), ("", "", "9 0 9 4 0 5 0 0 0 0"), &[]),
    given((2023, ""), Own, ("", "某某局"), ("", "", ""), &[]),
];

/// What is seldom: a city without counties, a body of no known place, and a report in which a line
/// stands on two editions of the form.
pub(crate) fn odd() -> Connection {
    let forms = Forms::builtin();
    let mut store = Store::in_memory(&forms).expect("memory is there");
    let regions = [
        region("320000", "江苏省", 1),
        region("320500", "苏州市", 2),
        region("320505", "虎丘区", 3),
        region("320506", "吴中区", 3),
        region("440000", "广东省", 1),
        region("441900", "东莞市", 2),
        region("441900003", "东城街道", 4),
        region("441900004", "南城街道", 4),
    ];
    store.put_regions(regions.iter()).expect("they are sound");
    for given in &ODD {
        let (mut report, organ) = given.read(&forms, "html");
        let named = |cell: &&Cell| cell.name() == "disclosure/licensing/decisions";
        let twice = report.cells.iter().find(named).filter(|cell| cell.value.is_some()).cloned();
        report.cells.extend(twice.map(|cell| Cell { edition: Some("2019".to_owned()), ..cell }));
        store.write(&report, &organ, None, None).expect("it is sound");
    }
    into_connection(store)
}

fn store(forms: &Forms) -> Store {
    let mut store = Store::in_memory(forms).expect("memory is there");
    let regions = [
        region("320000", "江苏省", 1),
        region("320500", "苏州市", 2),
        region("320505", "虎丘区", 3),
        region("321300", "宿迁市", 2),
        region("321302", "宿城区", 3),
        region("321302001", "河滨街道", 4),
        region("321302002", "幸福街道", 4),
    ];
    store.put_regions(regions.iter()).expect("they are sound");
    for given in &REPORTS {
        given.write(&mut store, forms);
    }
    store
}
