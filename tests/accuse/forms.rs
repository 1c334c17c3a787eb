//! The three official forms as printed, restated for the trial from their published definitions.

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

const ONE: &str = "一、主动公开情况";
const ONE_WAYS: &str = "（二）通过不同渠道和方式公开政府信息的情况";
const TWO: &str = "二、回应解读情况";
const TWO_WAYS: &str = "（二）通过不同渠道和方式回应解读的情况";
const THREE: &str = "三、依申请公开情况";
const EIGHT: &str = "八、机构建设和保障经费情况";
const NINE: &str = "九、政府信息公开会议和培训情况";

/// Key, headings, label, unit.
pub const STATISTICS: [(&str, [&str; 2], &str, &str); 58] = [
    (
        "disclosure.total",
        [ONE, ""],
        "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）",
        "条",
    ),
    ("disclosure.normative_documents", [ONE, ""], "其中：主动公开规范性文件数", "条"),
    ("disclosure.normative_documents_issued", [ONE, ""], "制发规范性文件总数", "件"),
    ("disclosure.gazette", [ONE, ONE_WAYS], "1.政府公报公开政府信息数", "条"),
    ("disclosure.website", [ONE, ONE_WAYS], "2.政府网站公开政府信息数", "条"),
    ("disclosure.weibo", [ONE, ONE_WAYS], "3.政务微博公开政府信息数", "条"),
    ("disclosure.wechat", [ONE, ONE_WAYS], "4.政务微信公开政府信息数", "条"),
    ("disclosure.other", [ONE, ONE_WAYS], "5.其他方式公开政府信息数", "条"),
    (
        "response.hot_topics",
        [TWO, ""],
        "（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）",
        "次",
    ),
    ("response.press_conferences", [TWO, TWO_WAYS], "1.参加或举办新闻发布会总次数", "次"),
    (
        "response.press_conferences_by_head",
        [TWO, TWO_WAYS],
        "其中：主要负责同志参加新闻发布会次数",
        "次",
    ),
    ("response.online_interviews", [TWO, TWO_WAYS], "2.政府网站在线访谈次数", "次"),
    (
        "response.online_interviews_by_head",
        [TWO, TWO_WAYS],
        "其中：主要负责同志参加政府网站在线访谈次数",
        "次",
    ),
    ("response.policy_explanations", [TWO, TWO_WAYS], "3.政策解读稿件发布数", "篇"),
    ("response.weibo_wechat", [TWO, TWO_WAYS], "4.微博微信回应事件数", "次"),
    ("response.other", [TWO, TWO_WAYS], "5.其他方式回应事件数", "次"),
    ("applications.received", [THREE, ""], "（一）收到申请数", "件"),
    ("applications.received.in_person", [THREE, ""], "1.当面申请数", "件"),
    ("applications.received.fax", [THREE, ""], "2.传真申请数", "件"),
    ("applications.received.online", [THREE, ""], "3.网络申请数", "件"),
    ("applications.received.letter", [THREE, ""], "4.信函申请数", "件"),
    ("applications.concluded", [THREE, ""], "（二）申请办结数", "件"),
    ("applications.concluded.on_time", [THREE, ""], "1.按时办结数", "件"),
    ("applications.concluded.extended", [THREE, ""], "2.延期办结数", "件"),
    ("applications.replied", [THREE, ""], "（三）申请答复数", "件"),
    ("applications.replied.already_public", [THREE, ""], "1.属于已主动公开范围数", "件"),
    ("applications.replied.granted", [THREE, ""], "2.同意公开答复数", "件"),
    ("applications.replied.partially_granted", [THREE, ""], "3.同意部分公开答复数", "件"),
    ("applications.replied.refused", [THREE, ""], "4.不同意公开答复数", "件"),
    ("applications.replied.refused.state_secret", [THREE, ""], "其中：涉及国家秘密", "件"),
    ("applications.replied.refused.trade_secret", [THREE, ""], "涉及商业秘密", "件"),
    ("applications.replied.refused.privacy", [THREE, ""], "涉及个人隐私", "件"),
    (
        "applications.replied.refused.security_and_stability",
        [THREE, ""],
        "危及国家安全、公共安全、经济安全和社会稳定",
        "件",
    ),
    (
        "applications.replied.refused.not_government_information",
        [THREE, ""],
        "不是《条例》所指政府信息",
        "件",
    ),
    ("applications.replied.refused.other_law", [THREE, ""], "法律法规规定的其他情形", "件"),
    ("applications.replied.not_this_organ", [THREE, ""], "5.不属于本行政机关公开数", "件"),
    ("applications.replied.not_existing", [THREE, ""], "6.申请信息不存在数", "件"),
    ("applications.replied.told_to_amend", [THREE, ""], "7.告知作出更改补充数", "件"),
    ("applications.replied.other_channel", [THREE, ""], "8.告知通过其他途径办理数", "件"),
    ("review.total", ["", ""], "四、行政复议数量", "件"),
    ("review.upheld", ["", ""], "（一）维持具体行政行为数", "件"),
    ("review.corrected", ["", ""], "（二）被依法纠错数", "件"),
    ("review.other", ["", ""], "（三）其他情形数", "件"),
    ("litigation.total", ["", ""], "五、行政诉讼数量", "件"),
    ("litigation.upheld", ["", ""], "（一）维持具体行政行为或者驳回原告诉讼请求数", "件"),
    ("litigation.corrected", ["", ""], "（二）被依法纠错数", "件"),
    ("litigation.other", ["", ""], "（三）其他情形数", "件"),
    ("complaints.total", ["", ""], "六、举报投诉数量", "件"),
    ("fees.amount", ["", ""], "七、依申请公开信息收取的费用", "万元"),
    ("staffing.bodies", [EIGHT, ""], "（一）政府信息公开工作专门机构数", "个"),
    ("staffing.reading_points", [EIGHT, ""], "（二）设置政府信息公开查阅点数", "个"),
    ("staffing.staff", [EIGHT, ""], "（三）从事政府信息公开工作人员数", "人"),
    (
        "staffing.staff.full_time",
        [EIGHT, ""],
        "1.专职人员数（不包括政府公报及政府网站工作人员数）",
        "人",
    ),
    ("staffing.staff.part_time", [EIGHT, ""], "2.兼职人员数", "人"),
    (
        "staffing.budget",
        [EIGHT, ""],
        "（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）",
        "万元",
    ),
    ("training.meetings", [NINE, ""], "（一）召开政府信息公开工作会议或专题会议数", "次"),
    ("training.courses", [NINE, ""], "（二）举办各类培训班数", "次"),
    ("training.trainees", [NINE, ""], "（三）接受培训人员数", "人次"),
];

/// Wholes of the form of 2014 with their parts.
pub const PARTS_2014: [(&str, &[&str]); 7] = [
    (
        "applications.received",
        &[
            "applications.received.in_person",
            "applications.received.fax",
            "applications.received.online",
            "applications.received.letter",
        ],
    ),
    (
        "applications.concluded",
        &["applications.concluded.on_time", "applications.concluded.extended"],
    ),
    (
        "applications.replied.refused",
        &[
            "applications.replied.refused.state_secret",
            "applications.replied.refused.trade_secret",
            "applications.replied.refused.privacy",
            "applications.replied.refused.security_and_stability",
            "applications.replied.refused.not_government_information",
            "applications.replied.refused.other_law",
        ],
    ),
    (
        "applications.replied",
        &[
            "applications.replied.already_public",
            "applications.replied.granted",
            "applications.replied.partially_granted",
            "applications.replied.refused",
            "applications.replied.not_this_organ",
            "applications.replied.not_existing",
            "applications.replied.told_to_amend",
            "applications.replied.other_channel",
        ],
    ),
    ("review.total", &["review.upheld", "review.corrected", "review.other"]),
    ("litigation.total", &["litigation.upheld", "litigation.corrected", "litigation.other"]),
    ("staffing.staff", &["staffing.staff.full_time", "staffing.staff.part_time"]),
];

/// 其中 lines of the form of 2014: whole and part.
pub const SHARES_2014: [(&str, &str); 3] = [
    ("disclosure.total", "disclosure.normative_documents"),
    ("response.press_conferences", "response.press_conferences_by_head"),
    ("response.online_interviews", "response.online_interviews_by_head"),
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

/// The unit that the form of 2014 prints beside a row.
pub fn unit_2014(key: &str) -> &'static str {
    STATISTICS.iter().find(|s| s.0 == key).map_or("", |s| s.3)
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
