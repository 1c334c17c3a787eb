//! The three official forms as printed, restated for the trial from their published definitions.

use super::statistics::STATISTICS;

/// A table's rows and columns as a report prints them.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub key: &'static str,
    pub blocks: Vec<Block>,
}

/// Rows under one header.
#[derive(Debug, Clone)]
pub struct Block {
    pub caption: Option<&'static str>,
    pub corner: &'static str,
    /// Keys of the columns.
    pub columns: Vec<&'static str>,
    /// Their names.
    pub header: Vec<String>,
    pub rows: Vec<Row>,
}

/// A printed row.
#[derive(Debug, Clone)]
pub struct Row {
    pub key: String,
    /// Headings it stands under.
    pub path: Vec<&'static str>,
    pub label: String,
    pub values: Vec<String>,
}

/// Key, name.
pub type Named = (&'static str, &'static str);

pub const APPLICANTS: [Named; 7] = [
    ("natural_person", "自然人"),
    ("business", "商业企业"),
    ("research", "科研机构"),
    ("welfare", "社会公益组织"),
    ("legal_service", "法律服务机构"),
    ("other_org", "其他"),
    ("total", "总计"),
];

pub const RESULTS: [Named; 5] = [
    ("upheld", "结果维持"),
    ("corrected", "结果纠正"),
    ("other", "其他结果"),
    ("pending", "尚未审结"),
    ("total", "总计"),
];

pub const PROCEEDINGS: [&str; 3] = ["review", "litigation_direct", "litigation_after_review"];

const DONE: &str = "三、本年度办理结果";
const REFUSED: &str = "（三）不予公开";
const UNAVAILABLE: &str = "（四）无法提供";
const NOT_PROCESSED: &str = "（五）不予处理";
const OTHER: &str = "（六）其他处理";

/// Key, second heading, label.
const OUTCOMES: [(&str, &str, &str); 18] = [
    ("granted", "", "（一）予以公开"),
    ("partially_granted", "", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("refused.state_secret", REFUSED, "1.属于国家秘密"),
    ("refused.prohibited_by_law", REFUSED, "2.其他法律行政法规禁止公开"),
    ("refused.security_and_stability", REFUSED, "3.危及“三安全一稳定”"),
    ("refused.third_party", REFUSED, "4.保护第三方合法权益"),
    ("refused.internal_affairs", REFUSED, "5.属于三类内部事务信息"),
    ("refused.deliberative", REFUSED, "6.属于四类过程性信息"),
    ("refused.enforcement_file", REFUSED, "7.属于行政执法案卷"),
    ("refused.administrative_query", REFUSED, "8.属于行政查询事项"),
    ("unavailable.not_held", UNAVAILABLE, "1.本机关不掌握相关政府信息"),
    ("unavailable.needs_creation", UNAVAILABLE, "2.没有现成信息需要另行制作"),
    ("unavailable.still_unclear", UNAVAILABLE, "3.补正后申请内容仍不明确"),
    ("not_processed.petition", NOT_PROCESSED, "1.信访举报投诉类申请"),
    ("not_processed.duplicate", NOT_PROCESSED, "2.重复申请"),
    ("not_processed.publication", NOT_PROCESSED, "3.要求提供公开出版物"),
    ("not_processed.excessive", NOT_PROCESSED, "4.无正当理由大量反复申请"),
    ("not_processed.reissue", NOT_PROCESSED, "5.要求行政机关确认或重新出具已获取信息"),
];

const OTHERS_2021: [(&str, &str, &str); 3] = [
    (
        "other.correction_overdue",
        OTHER,
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ),
    (
        "other.fee_overdue",
        OTHER,
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    ("other.other", OTHER, "3.其他"),
];

const OTHERS_2019: [(&str, &str, &str); 1] = [("other", "", "（六）其他处理")];

/// Caption, columns, rows of the table on disclosure.
type Part = (&'static str, &'static [Named], &'static [Named]);

const DISCLOSURE_2021: [Part; 4] = [
    (
        "第二十条第（一）项",
        &[("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")],
        &[("regulations", "规章"), ("normative_documents", "行政规范性文件")],
    ),
    ("第二十条第（五）项", &[("decisions", "本年处理决定数量")], &[("licensing", "行政许可")]),
    (
        "第二十条第（六）项",
        &[("decisions", "本年处理决定数量")],
        &[("penalties", "行政处罚"), ("coercion", "行政强制")],
    ),
    (
        "第二十条第（八）项",
        &[("amount", "本年收费金额（单位：万元）")],
        &[("fees", "行政事业性收费")],
    ),
];

const ITEMS: [Named; 3] =
    [("items_last_year", "上一年项目数量"), ("change", "本年增/减"), ("decisions", "处理决定数量")];

const DISCLOSURE_2019: [Part; 5] = [
    (
        "第二十条第（一）项",
        &[
            ("made", "本年新制作数量"),
            ("published", "本年新公开数量"),
            ("public_total", "对外公开总数量"),
        ],
        &[("regulations", "规章"), ("normative_documents", "规范性文件")],
    ),
    (
        "第二十条第（五）项",
        &ITEMS,
        &[("licensing", "行政许可"), ("other_services", "其他对外管理服务事项")],
    ),
    ("第二十条第（六）项", &ITEMS, &[("penalties", "行政处罚"), ("coercion", "行政强制")]),
    (
        "第二十条第（八）项",
        &[("items_last_year", "上一年项目数量"), ("change", "本年增/减")],
        &[("fees", "行政事业性收费")],
    ),
    (
        "第二十条第（九）项",
        &[("projects", "采购项目数量"), ("amount", "采购总金额")],
        &[("procurement", "政府集中采购")],
    ),
];

/// Keys of the rows between the two received and the total, in the form's order.
pub fn outcomes(edition: u16) -> Vec<&'static str> {
    outcome_rows(edition).into_iter().map(|o| o.0).collect()
}

fn outcome_rows(edition: u16) -> Vec<(&'static str, &'static str, &'static str)> {
    let others: &[_] = if edition == 2019 { &OTHERS_2019 } else { &OTHERS_2021 };
    OUTCOMES.iter().chain(others).copied().collect()
}

fn row(key: &str, path: &[&'static str], label: &str, columns: usize) -> Row {
    let path = path.iter().copied().filter(|p| !p.is_empty()).collect();
    Row { key: key.to_owned(), path, label: label.to_owned(), values: vec![String::new(); columns] }
}

fn disclosure(parts: &[Part]) -> Sheet {
    let block = |(caption, columns, rows): &Part| Block {
        caption: Some(caption),
        corner: "信息内容",
        columns: columns.iter().map(|c| c.0).collect(),
        header: columns.iter().map(|c| c.1.to_owned()).collect(),
        rows: rows.iter().map(|(key, label)| row(key, &[], label, columns.len())).collect(),
    };
    Sheet { key: "disclosure", blocks: parts.iter().map(block).collect() }
}

fn applications(edition: u16) -> Sheet {
    let n = APPLICANTS.len();
    let mut rows = vec![
        row("received.new", &[], "一、本年新收政府信息公开申请数量", n),
        row("received.carried_in", &[], "二、上年结转政府信息公开申请数量", n),
    ];
    let outcomes = outcome_rows(edition);
    rows.extend(outcomes.iter().map(|(key, group, label)| row(key, &[DONE, group], label, n)));
    rows.push(row("processed_total", &[DONE], "（七）总计", n));
    rows.push(row("carried_out", &[], "四、结转下年度继续办理", n));
    let block = Block {
        caption: None,
        corner: "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        columns: APPLICANTS.iter().map(|a| a.0).collect(),
        header: APPLICANTS.iter().map(|a| a.1.to_owned()).collect(),
        rows,
    };
    Sheet { key: "applications", blocks: vec![block] }
}

fn challenges() -> Sheet {
    let names = [&["行政复议"][..], &["行政诉讼", "未经复议直接起诉"], &["行政诉讼", "复议后起诉"]];
    let rows = PROCEEDINGS.iter().zip(names).map(|(key, name)| {
        let (label, path) = name.split_last().unwrap();
        row(key, path, label, RESULTS.len())
    });
    let block = Block {
        caption: None,
        corner: "",
        columns: RESULTS.iter().map(|r| r.0).collect(),
        header: RESULTS.iter().map(|r| r.1.to_owned()).collect(),
        rows: rows.collect(),
    };
    Sheet { key: "challenges", blocks: vec![block] }
}

fn statistics() -> Sheet {
    let rows = STATISTICS.iter().map(|(key, path, label, _)| row(key, path, label, 1));
    let block = Block {
        caption: None,
        corner: "统计指标",
        columns: vec!["value"],
        header: vec!["统计数".to_owned()],
        rows: rows.collect(),
    };
    Sheet { key: "statistics", blocks: vec![block] }
}

/// The tables of an edition, empty.
pub fn sheets(edition: u16) -> Vec<Sheet> {
    match edition {
        2014 => vec![statistics()],
        2019 => vec![disclosure(&DISCLOSURE_2019), applications(2019), challenges()],
        _ => vec![disclosure(&DISCLOSURE_2021), applications(2021), challenges()],
    }
}

/// Titles of the six sections.
pub fn titles(edition: u16) -> [&'static str; 6] {
    match edition {
        2014 => [
            "概述",
            "主动公开政府信息情况",
            "依申请公开政府信息情况",
            "政府信息公开行政复议、行政诉讼情况",
            "存在的主要问题及改进情况",
            "其他需要报告的事项",
        ],
        2019 => [
            "总体情况",
            "主动公开政府信息情况",
            "收到和处理政府信息公开申请情况",
            "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
            "政府信息公开工作存在的主要问题及改进情况",
            "其他需要报告的事项",
        ],
        _ => [
            "总体情况",
            "主动公开政府信息情况",
            "收到和处理政府信息公开申请情况",
            "政府信息公开行政复议、行政诉讼情况",
            "存在的主要问题及改进情况",
            "其他需要报告的事项",
        ],
    }
}
