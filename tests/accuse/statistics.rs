//! The form of 2014, one table with one value a line, restated for the trial.

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

/// The unit that the form of 2014 prints beside a row.
pub fn unit_2014(key: &str) -> &'static str {
    STATISTICS.iter().find(|s| s.0 == key).map_or("", |s| s.3)
}
