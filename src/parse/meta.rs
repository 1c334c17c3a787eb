//! Title, body, year and date: who reports, about when, published when.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::title::{strip_scope, title};
use crate::form::fold_text;
use crate::reader::document::{Block, Document};
use crate::report::Section;

/// What the document says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta {
    /// Title on one line.
    pub title: Option<String>,
    /// Names that may be the body's, the likeliest first.
    pub organs: Vec<String>,
    /// Reporting year.
    pub year: Option<i32>,
    /// Year in the title.
    pub title_year: Option<i32>,
    /// Whole years that the text says its figures are of.
    pub periods: Vec<i32>,
    /// The same where the title or the head names it, and it is not only likely.
    pub stated_year: Option<i32>,
    /// Date of publication, `YYYY-MM-DD`.
    pub published: Option<String>,
}

macro_rules! pattern {
    ($name:ident, $re:expr) => {
        pub(super) static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($re).expect("constant pattern"));
    };
}
pub(super) use pattern;

pattern!(
    PERIOD,
    r"(?:统计期限?|统计时限|统计时段|统计时间|核定时间点|数据统计|统计数据|期限|数据截至|时限)[^0-9。]{0,16}(?P<y>20[0-9]{2})"
);
pattern!(
    WHOLE_YEAR,
    r"(?:统计|数据|期限|时限)[^0-9。]{0,16}(?P<y>20[0-9]{2})年0?1月0?1日[起]?(?:至|到|—|-|~)+(?:(?P<z>20[0-9]{2})年)?12月31日"
);
pattern!(
    DATED,
    r"(?P<label>[\p{Han}]*?)[\]】)]?\s*[:：]?\s*(?P<y>20[0-9]{2})\s*[-年/.]\s*(?P<m>[0-9]{1,2})\s*[-月/.]\s*(?P<d>[0-9]{1,2})"
);
pattern!(
    ORGAN_END,
    r"(?:人民政府办公厅|人民政府办公室|政府办公室|人民政府|办事处|委员会办公室|委员会|管委会|管理局|总局|分局|局|厅|总署|海关|办公室|街道|镇|乡|公所|部|院|署|中心|委|办|处|行|站|大队|支队|总队|省|市|区|县|旗|州|盟)$"
);

/// Labels of the dates that count, and of those that never do.
const PUBLISHED: [&str; 9] = [
    "发布日期",
    "发布时间",
    "公开日期",
    "公开时间",
    "公布日期",
    "公布时间",
    "发稿时间",
    "日期",
    "时间",
];
const OTHER_DATE: [&str; 10] =
    ["成文", "生成", "更新", "撰写", "生效", "废止", "失效", "截至", "截止", "编辑"];

/// Reads the facts. `first` is the block of the first heading: what stands before is the head.
pub fn read(doc: &Document, first: Option<usize>, sections: &[Section]) -> Meta {
    let head = head_lines(doc, first);
    let page: Vec<String> = doc
        .meta
        .iter()
        .filter(|(k, _)| k == "title" || k.eq_ignore_ascii_case("ArticleTitle"))
        .map(|(_, v)| compact(v))
        .collect();
    let title = title(&head).or_else(|| page.iter().find_map(|p| title(std::slice::from_ref(p))));
    let body: String = sections.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("\n");
    let stated_year = (title.as_ref().and_then(|t| t.year))
        .or_else(|| head.iter().find_map(|l| title_in_prose(l)))
        .or_else(|| period(&head.join("\n")));
    let lines: Vec<String> = body.lines().map(compact).collect();
    let year = stated_year.or_else(|| {
        let text = lines.join("\n");
        period(&text).or_else(|| narrative_year(&text))
    });
    let mut organs: Vec<String> =
        title.as_ref().and_then(|t| t.organ.clone()).filter(|o| is_named(o)).into_iter().collect();
    organs.extend(named(&head, &[&QUOTED_ORGAN, &COMPILER, &CONTACT, &PUBLISHER]));
    organs.extend(opening(sections));
    organs.extend(named(&lines, &[&CONTACT, &SUBJECT]));
    // other bodies are named too: only one that a short name above stands for, or that recurs
    let placed = named(&lines, &[&PLACED]);
    let known = organs.clone();
    let again = |name: &String| placed.iter().filter(|p| *p == name).count() > 2;
    organs.extend(
        placed
            .iter()
            .filter(|p| again(p) || known.iter().any(|k| p.ends_with(k.as_str())))
            .cloned(),
    );
    let mut seen = Vec::new();
    organs.retain(|o| {
        !seen.contains(o) && {
            seen.push(o.clone());
            true
        }
    });
    let published = published(doc, first);
    let title_year = title.as_ref().and_then(|t| t.year);
    let periods = head.iter().chain(&lines).flat_map(|l| WHOLE_YEAR.captures_iter(l));
    let whole = |m: regex::Captures<'_>| {
        let same = m.name("z").is_none_or(|z| z.as_str() == &m["y"]);
        m["y"].parse().ok().filter(|_| same)
    };
    let periods = periods.filter_map(whole).collect();
    let title = title.map(|t| t.text);
    Meta { title, organs, year, title_year, periods, stated_year, published }
}

/// Text folded, without blanks.
pub(super) fn compact(text: &str) -> String {
    let mut folded = fold_text(text).into_owned();
    if folded.contains(char::is_whitespace) {
        folded.retain(|c| !c.is_whitespace());
    }
    folded
}

/// The lines before the first heading, folded and without blanks; cells of a row as one line.
fn head_lines(doc: &Document, first: Option<usize>) -> Vec<String> {
    let end = first.unwrap_or_else(|| doc.blocks.len().min(30));
    let mut lines = Vec::new();
    for block in &doc.blocks[..end] {
        match block {
            Block::Paragraph(p) => lines.push(compact(&p.text)),
            Block::Grid(g) => {
                lines.extend(g.rows.iter().flatten().map(|c| compact(&c.text)));
            }
        }
    }
    lines.retain(|l| !l.is_empty());
    lines
}

pattern!(
    QUOTED_TITLE,
    r"(?P<y>20[0-9]{2})(?:年度?|全年)?[^0-9。,《]{0,40}(?:信息公开|政务公开)[^0-9。,]{0,8}(?:年度报告|年报|报告)|(?P<z>20[0-9]{2})年度[^0-9。,]{0,6}(?:报告|政府信息)"
);

/// A year in a sentence that names the report.
fn title_in_prose(line: &str) -> Option<i32> {
    let m = QUOTED_TITLE.captures(line)?;
    m.name("y").or(m.name("z"))?.as_str().parse().ok()
}

fn period(text: &str) -> Option<i32> {
    PERIOD.captures(text)?["y"].parse().ok()
}

pattern!(NARRATIVE_YEAR, r"(20[0-9]{2})年(?:度|以来|全年|来)?[,，我本全]?");

/// The year that paragraphs of section one begin with, else the commonest if it is clear.
fn narrative_year(text: &str) -> Option<i32> {
    let mut counts: Vec<(i32, usize)> = Vec::new();
    for m in NARRATIVE_YEAR.captures_iter(text) {
        let year = m[1].parse().ok()?;
        match counts.iter_mut().find(|(y, _)| *y == year) {
            Some((_, n)) => *n += 1,
            None => counts.push((year, 1)),
        }
    }
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    match counts.as_slice() {
        [(year, _)] => Some(*year),
        [(year, n), (_, m), ..] if *n > *m => Some(*year),
        _ => None,
    }
}

/// The bodies that sentences name, pattern by pattern.
fn named(lines: &[String], patterns: &[&LazyLock<Regex>]) -> Vec<String> {
    let mut out = Vec::new();
    for pattern in patterns {
        for m in lines.iter().flat_map(|l| pattern.captures_iter(l)) {
            let mut name = strip_scope(&m["o"]);
            // one writes to the office of the body that reports
            if std::ptr::eq(*pattern, &CONTACT) {
                for office in ["办公室", "办公厅"] {
                    let body = name.strip_suffix(office).filter(|b| ORGAN_END.is_match(b));
                    name = body.map_or(name.clone(), str::to_owned);
                }
            }
            if is_named(&name) {
                out.push(name);
            }
        }
    }
    out
}

pattern!(
    QUOTED_ORGAN,
    r"(?:20[0-9]{2}年度?|《|形成了?|公布|发布|编制)(?P<o>[\p{Han}]{3,30}?)(?:20[0-9]{2}年度?)?(?:政府|政务)?信息公开(?:工作)?年"
);
pattern!(
    COMPILER,
    r"由(?P<o>[\p{Han}]{3,40}?(?:人民政府|办事处|委员会|管委会|局|厅|办公室|海关|总署))(?:编制|根据|负责|汇总|整理)"
);
pattern!(
    CONTACT,
    r"(?:请(?:与|联系|致电|向)|联系(?:单位)?[:：]?|编制单位[:：]?|与)(?P<o>[\p{Han}()]{3,40}?(?:人民政府|办事处|委员会|管委会|局|厅|办公室|海关|总署))(?:办公室|党政|综合|政务|信息|法规|秘书|联系|编制|水政|[\(\[,。:]|地址|(?:19|20)[0-9]{2})"
);
pattern!(
    PUBLISHER,
    r"(?:发布机构|发文机关|信息来源|来源|发布单位|公开单位|发布部门)\s*[:：]\s*(?P<o>[\p{Han}()]{3,40})"
);
pattern!(
    SUBJECT,
    r"(?:^|[。;])(?:20[0-9]{2}(?:年度?|全年)?(?:以来|来)?[,，:]?)?(?P<o>[\p{Han}]{2,25}?(?:人民政府办公室|人民政府|办事处|委员会|管委会|局|厅|街道|镇|乡|海关|总署))(?:地处|位于|在|坚|认|严|高|深|积|始|紧|按|以|根|全|围|切|主|不|扎|持|贯|结|信|政|依|共|通|对|成|(?:政府|政务)?信息公开)"
);
// a region's name with an office of it, after anything that is no part of a name
pattern!(
    PLACED,
    r"(?:^|[^\p{Han}]|与|由|向|请)(?P<o>[\p{Han}]{2,8}(?:省|市|县|区|州|旗)[\p{Han}]{1,14}?(?:办事处|局|委员会(?:办公室)?|管委会|镇|乡|街道))"
);

/// Whether a name is more than 我局 or 本单位, and no piece of a sentence.
fn is_named(name: &str) -> bool {
    const NOT_IN_A_NAME: [&str; 25] = [
        "份报告",
        "我",
        "本单位",
        "本机关",
        "本级",
        "本报告",
        "各级",
        "各部门",
        "全市",
        "全县",
        "全区",
        "上级",
        "有关",
        "相关",
        "通过",
        "关于",
        "根据",
        "按照",
        "网站",
        "以及",
        "方式",
        "进行",
        "要求",
        "公众",
        "主动公开",
    ];
    let generic = ["开发区", "园区", "经开区", "高新区", ""];
    let committee = name.strip_suffix("管委会").or(name.strip_suffix("管理委员会"));
    name.chars().count() >= 3
        // of 2023年度政府…
        && !name.starts_with('度')
        && !NOT_IN_A_NAME.iter().any(|w| name.contains(w))
        && !committee.is_some_and(|c| generic.contains(&c))
        && (ORGAN_END.is_match(name) || !name.contains(['的', '了', '在']))
}

/// The subject of the first sentences of the narrative.
fn opening(sections: &[Section]) -> Vec<String> {
    let Some(first) = sections.iter().find(|s| s.no == 1) else { return Vec::new() };
    named(&first.text.lines().map(compact).collect::<Vec<_>>(), &[&SUBJECT])
}

/// The date of publication: labelled as such, or standing alone by the title.
fn published(doc: &Document, first: Option<usize>) -> Option<String> {
    let end = first.unwrap_or_else(|| doc.blocks.len().min(30));
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    for block in &doc.blocks[..end] {
        match block {
            Block::Paragraph(p) => lines.push(fold_text(&p.text)),
            Block::Grid(g) => lines.extend(g.rows.iter().map(|r| {
                r.iter().map(|c| fold_text(&c.text)).collect::<Vec<_>>().join(" ").into()
            })),
        }
    }
    let mut bare = None;
    let mut previous = String::new();
    for line in &lines {
        // blanks inside labels and dates (发布时间: 2025-01-16 10: 31) carry nothing
        let tight: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        for m in DATED.captures_iter(&tight) {
            let Some(date) = date(&m["y"], &m["m"], &m["d"]) else { continue };
            let label = &m["label"];
            let label = if label.is_empty() && m.get(0).is_some_and(|m| m.start() == 0) {
                previous.as_str()
            } else {
                label
            };
            let other = OTHER_DATE.iter().any(|o| label.contains(o));
            if !other && PUBLISHED.iter().any(|p| label.ends_with(p)) {
                return Some(date);
            }
            let alone = tight.chars().count() <= 24 && m.get(0).is_some_and(|m| m.start() <= 3);
            if !other && alone && m["label"].is_empty() && bare.is_none() {
                bare = Some(date);
            }
        }
        previous = tight.trim_end_matches([':', '：']).to_owned();
    }
    bare.or_else(|| {
        let of =
            |key: &str| doc.meta.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| v);
        let m = DATED.captures(of("PubDate")?)?;
        date(&m["y"], &m["m"], &m["d"])
    })
}

fn date(y: &str, m: &str, d: &str) -> Option<String> {
    let (year, month, day): (i32, u32, u32) = (y.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
    let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_dates_are_none() {
        assert_eq!(date("2021", "2", "29"), None);
        assert_eq!(date("2024", "2", "29").as_deref(), Some("2024-02-29"));
    }
}
