//! Layouts that real reports have and the corpus shows only in part, each as small as it can be.

use nianbao::form::Forms;
use nianbao::parse::{Hints, Parser};
use nianbao::region::Regions;
use nianbao::report::{Report, State};

fn parse(text: &str) -> Report {
    let forms = Forms::builtin();
    Parser::new(&forms, Regions::builtin())
        .parse(text.as_bytes(), "layout", &Hints::default())
        .unwrap()
}

/// The cells that are there, as `row/column=raw`.
fn cells(report: &Report) -> Vec<String> {
    let there = report.cells.iter().filter(|c| c.state != State::Missing);
    there.map(|c| format!("{}/{}={}", c.row, c.column, c.raw.as_deref().unwrap_or(""))).collect()
}

/// Ids of the findings, without those about what the sample leaves out.
fn rules(report: &Report) -> Vec<&str> {
    let rules = report.findings.iter().map(|f| f.rule.as_str());
    rules.filter(|r| !matches!(*r, "missing-row" | "missing-table")).collect()
}

#[test]
fn a_column_of_units_holds_no_figures() {
    let page = "<table><tr><td>统计指标<td>单位<td>统计数
        <tr><td>四、行政复议数量<td>件<td>3
        <tr><td>八、机构建设和保障经费情况<td>——<td>——
        <tr><td>七、依申请公开信息收取的费用<td>万元<td>0.5</table>";
    let expected = ["review.total/value=3", "fees.amount/value=0.5"];
    let report = parse(page);
    assert_eq!((cells(&report), rules(&report)), (expected.map(String::from).to_vec(), vec![]));
    let lines = "统计指标\n单位\n统计数\n四、行政复议数量\n件\n3\n七、依申请公开信息收取的费用\n万元\n0.5\n";
    assert_eq!(cells(&parse(lines)), expected);
    let without_header = "四、行政复议数量 件 3\n七、依申请公开信息收取的费用 万元 0.5\n";
    assert_eq!(cells(&parse(without_header)), expected);
}

#[test]
fn labels_and_digits_that_run_together_are_split_only_where_that_is_sure() {
    let report = parse(
        "第二十条第（一）项\n信息内容本年制发件数本年废止件数现行有效件数\n规章012\n行政规范性文件1200\n",
    );
    assert_eq!(
        cells(&report),
        ["regulations/issued=0", "regulations/repealed=1", "regulations/in_force=2"]
    );
    assert_eq!(rules(&report), ["unaligned-row"]);
}

#[test]
fn separators_on_lines_of_their_own_keep_blanks() {
    let report = parse(
        "信息内容\n|\n本年新制作数量\n|\n本年新公开数量\n|\n对外公开总数量\n|\n规章\n|\n4\n|\n\n|\n6\n|\n其他主动公开文件\n|\n7\n|\n8\n|\n9\n|\n",
    );
    assert_eq!(
        cells(&report),
        ["regulations/made=4", "regulations/published=", "regulations/public_total=6"]
    );
    assert!(rules(&report).contains(&"unknown-row"));
}

#[test]
fn cut_headers_and_long_explanations_are_understood() {
    let report = parse(
        "信息内容 | 上一年项目数量 | 本年增/减（减少用负值表示，如-8） | 处理决定数量 |\n行政许可 | 5 | 增3 | 7 |\n
        信息内容 | 本年新 | 本年新 | 对外公开总数量 |\n规章 | 1 | 2 | 3 |\n",
    );
    let expected = [
        "regulations/made=1",
        "regulations/published=2",
        "regulations/public_total=3",
        "licensing/items_last_year=5",
        "licensing/change=增3",
        "licensing/decisions=7",
    ];
    assert_eq!(cells(&report), expected);
    assert!(rules(&report).is_empty(), "{:?}", report.findings);
}

/// The form has 万元; a header that has 元 says so of the figures under it.
#[test]
fn money_is_in_the_unit_that_its_header_says() {
    for (unit, wanted) in [
        ("万元", "万元"),
        ("万<br>元", "万元"),
        ("万 元", "万元"),
        ("元", "元"),
        ("人民币元", "元"),
        ("千元", "千元"),
        ("美元", "万元"),
    ] {
        let page = format!(
            "<table><tr><td>信息内容<td>本年收费金额（单位：{unit}）<tr><td>行政事业性收费<td>1200</table>"
        );
        let report = parse(&page);
        let cell = report.cells.iter().find(|c| c.state == State::Number).unwrap();
        assert_eq!((cell.row.as_str(), cell.unit.as_deref()), ("fees", Some(wanted)), "{unit}");
    }
}

#[test]
fn columns_in_another_order_follow_their_labels() {
    let page = "<table><tr><td rowspan=2>申请人情况<td rowspan=2>总计<td colspan=5>法人或其他组织<td rowspan=2>自然人
        <tr><td>其他<td>商业企业<td>科研机构<td>社会公益组织<td>法律服务机构
        <tr><td>一、本年新收政府信息公开申请数量<td>15<td>5<td>1<td>2<td>3<td>4<td>0</table>";
    let expected = [
        "natural_person=0",
        "business=1",
        "research=2",
        "welfare=3",
        "legal_service=4",
        "other_org=5",
        "total=15",
    ];
    assert_eq!(cells(&parse(page)), expected.map(|c| format!("received.new/{c}")));
}

#[test]
fn what_repeats_with_other_values_is_not_taken() {
    let report = parse("信息内容 | 本年处理决定数量 |\n行政许可 | 5 |\n行政许可 | 6 |\n");
    assert!(cells(&report).is_empty());
    assert_eq!(rules(&report), ["duplicate-row"]);
}

#[test]
fn the_tables_of_two_years_in_one_file_are_told_once() {
    let example =
        concat!(env!("CARGO_MANIFEST_DIR"), "/examples/reports/shuyang-township-2023.txt");
    let text = std::fs::read_to_string(example).unwrap();
    let table = &text[text.find("三、收到和处理").unwrap()..];
    let is_figure = |line: &str| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit());
    let before = table.lines().map(|line| match is_figure(line) {
        true => format!("5{line}\n"),
        false => format!("{line}\n"),
    });
    let report = parse(&format!("{text}\n{}", before.collect::<String>()));
    let applications = |cells: &[String]| cells.iter().any(|c| c.starts_with("received.new/"));
    assert!(!applications(&cells(&report)), "{:?}", cells(&report));
    let twice = report.findings.iter().filter(|f| f.rule == "duplicate-row");
    let of_table: Vec<_> = twice.filter(|f| f.message.0.zh.contains("在文件里出现两次")).collect();
    assert!(!of_table.is_empty(), "{:?}", report.findings);
}
