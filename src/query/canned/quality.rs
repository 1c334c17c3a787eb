//! Who has reported, and what the data are like.

use super::super::fixture::wide;
use super::{ask_of, ask_wide, lines};

#[test]
fn coverage_names_who_is_missing_and_late() {
    let of_2022 = [("from", "2022"), ("to", "2022")];
    // three are expected, of which 统计局 has not come; 财政局 and 西湖 are not on the list; the check
    // looked at two, of which one has an error that nobody dismissed
    assert_eq!(
        lines(&ask_wide("coverage-by-year", &of_2022)),
        ["2022 aggregate 0 0 0 2 0 0 0 2", "2022 own 3 2 1 2 1 0 1 2"]
    );
    assert_eq!(
        lines(&ask_wide("missing-reports", &[])),
        ["2022 330100 杭州市 杭州市统计局 department own listed 2023-01-31"]
    );
    assert_eq!(
        lines(&ask_wide("late-publishers", &[])),
        ["2022 330200 宁波市 宁波市教育局 department own 2023-02-15 2023-01-31"]
    );
    // seven of 2023: one on the form of 2019
    assert_eq!(
        lines(&ask_wide("editions", &[("from", "2023"), ("to", "2023")])),
        ["2023 2019 0 1 1 0", "2023 2021 1 6 4 2"]
    );
}

#[test]
fn findings_and_cells_are_counted() {
    assert_eq!(
        lines(&ask_wide("findings-by-rule", &[])),
        [
            "balance - error fail 3 2 0 1",
            "blank-cell - warning fail 2 2 0 0",
            "carry-over - error not_assessable 1 1 0 0",
        ]
    );
    assert_eq!(lines(&ask_wide("findings-by-rule", &[("severity", "warning")])).len(), 1);
    // 杭州's one error is dismissed
    assert_eq!(
        lines(&ask_wide("most-errors", &[])),
        ["宁波市教育局 330200 2 department 2 1 1 2 1 own"]
    );
    // the figures that are written 详见附件
    assert_eq!(
        lines(&ask_wide("incomplete-cells", &[])),
        [
            "2014 statistics applications.replied text 1 1 0",
            "2021 applications received.new text 1 1 0",
            "2021 challenges review text 1 1 0",
            "2021 disclosure normative_documents text 1 1 0",
            "2021 disclosure fees text 1 1 0",
        ]
    );
}

#[test]
fn reports_of_two_files_are_named() {
    assert_eq!(
        lines(&ask_wide("several-reports", &[])),
        ["杭州市教育局 330100 2021 own 2 2 2 1 2021/own/杭州市教育局.html"]
    );
    let sources = lines(&ask_wide("sources", &[("from", "2021"), ("to", "2022")]));
    assert_eq!(sources, ["2021 text/plain - 3 3 0", "2022 text/plain - 6 6 0"]);
}

/// A report is checked once the rules over several bodies were asked, too: everywhere.
#[test]
fn a_report_that_is_half_checked_is_not_checked() {
    let mut conn = wide();
    conn.execute_batch("UPDATE report_check SET bodies = 0").unwrap();
    let of_2022 = [("from", "2022"), ("to", "2022")];
    assert_eq!(
        lines(&ask_of(&mut conn, "coverage-by-year", &of_2022))[1],
        "2022 own 3 2 1 2 1 0 0 4"
    );
    assert_eq!(
        lines(&ask_of(&mut conn, "most-errors", &[])),
        ["宁波市教育局 330200 2 department 2 2 1 2 1 own"]
    );
}
