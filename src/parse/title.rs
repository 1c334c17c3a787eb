//! The title of a report: which line it is, and the body and year that it names.

use std::sync::LazyLock;

use regex::Regex;

use super::meta::{ORGAN_END, compact, pattern};

pattern!(
    TITLE,
    r"^(?P<before>.*?)(?:政府|政务|党务政务)?信息公开(?:工作)?的?(?P<after>.*?(?:年度工作报告|年度报告|年度报|年报|工作报告|工作年度|告年度报|情况报告|工作情况|工作总结).*)$"
);
pattern!(
    YEAR,
    r"(?:^|[^0-9〔\[])(?P<y>(?:19|20)[0-9]{2})(?:[-—~至][0-9]{4})?(?:年度?|全年|$|[^0-9])"
);
pattern!(YEAR_MARK, r"(?:关于)?[\(\[]?(?:19|20)[0-9]{2}\s*(?:年度|年)?[\)\]]?");
// digits within a name are part of it: 第一师1团, 宿迁市110指挥中心
pattern!(
    NAME,
    r"(?:第[0-9]+|[0-9]+号|[\u{4E00}-\u{9FFF}()、])+(?:[0-9]{1,5}(?:第[0-9]+|[0-9]+号|[\u{4E00}-\u{9FFF}()、])+)*"
);
pattern!(ANNEX, r"^附[件表录]?[0-9]{1,2}");
pattern!(HAN_YEAR, r"[二2][〇零○0O][一二三〇零○][〇零○一二三四五六七八九]年");
/// How titles end of what is written about reports, and is none.
const ABOUT_REPORTS: [&str; 8] =
    ["通报", "通知", "通知单", "对照表", "一览表", "名单", "考核结果", "评估结果"];

/// A title and what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title {
    /// On one line.
    pub text: String,
    /// Name that may be the body's.
    pub organ: Option<String>,
    /// Reporting year.
    pub year: Option<i32>,
}

/// The title: of the lines that read like one, alone or joined with a neighbour, the one that
/// tells most.
pub(super) fn title(head: &[String]) -> Option<Title> {
    let short = |l: &&String| {
        l.chars().count() <= 60 && !l.contains(['。', ';', '；', '>']) && !is_labelled(l)
    };
    let mut found: Vec<(usize, Title)> = Vec::new();
    for i in 0..head.len() {
        for n in 1..=3 {
            let Some(lines) = head.get(i..i + n) else { break };
            if !lines.iter().all(|l| short(&l)) {
                break;
            }
            if let Some(t) = read_title(&lines.concat()) {
                let worth = usize::from(t.organ.is_some()) * 2 + usize::from(t.year.is_some());
                // a line that says it all alone before one that needs its neighbours
                found.push((worth * 4 + (3 - n), t));
                if n == 1 {
                    continue;
                }
            }
        }
    }
    let best = found.iter().map(|(w, _)| *w).max()?;
    found.into_iter().find(|(w, _)| *w == best).map(|(_, t)| t)
}

fn is_labelled(line: &str) -> bool {
    line.contains("当前位置")
        || line.contains("所在位置")
        || line.starts_with("根据")
        || line.starts_with("本年")
}

fn read_title(line: &str) -> Option<Title> {
    if line.chars().count() > 70 {
        return None;
    }
    let line = line.trim_start_matches("标题").trim_start_matches([':', '：', '•', '·']);
    let m = TITLE.captures(line)?;
    let text = line.trim_matches(['《', '》', '“', '”']).to_owned();
    let year = year_in(&text);
    let before = YEAR_MARK.replace_all(m.name("before")?.as_str(), " ");
    let before = HAN_YEAR.replace_all(&before, " ");
    // the last run of characters that can be a name: mirrors put spam before it
    let organ = NAME
        .find_iter(&before)
        .map(|name| name.as_str())
        .filter(|name| name.chars().count() > 1)
        .last()
        .map(|name| strip_scope(&ANNEX.replace(name, "")))
        .filter(|o| ORGAN_END.is_match(o) || o.chars().count() >= 2);
    let after = m.name("after")?.as_str();
    let tail = strip_scope(after).chars().count();
    (tail <= 24).then_some(Title { text, organ, year })
}

/// The year in the name of a file that is named like a report.
pub fn file_year(path: &str) -> Option<i32> {
    let stem = std::path::Path::new(path).file_stem()?.to_str()?;
    read_title(&compact(stem))?.year
}

/// A name without `(本级机关)`, `关于`, and the words that belong to the title.
pub(super) fn strip_scope(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name);
    let name = name.trim_start_matches("关于").trim_start_matches("关于印发");
    let mut name = name.trim_end_matches(['、', ')']);
    for tail in ["年度", "全年", "的", "开展"] {
        name = name.strip_suffix(tail).unwrap_or(name);
    }
    name.to_owned()
}

/// Whether a title is that of a notice or a list about annual reports, by how it ends.
pub(crate) fn is_about_reports(title: &str) -> bool {
    // what stands in brackets at the end says which: （附件）, (2023年度)
    let name = title.split_inclusive([')', '）']).map(|part| {
        let end = part.find(['(', '（']).unwrap_or(part.len());
        &part[..end]
    });
    let name: String = name.collect();
    let passes_on = ["印发", "公布", "发布", "报送"].iter().any(|word| name.contains(word));
    let name = name.trim_end();
    ABOUT_REPORTS.iter().any(|end| name.ends_with(end)) && !(passes_on && name.ends_with("通知"))
}

/// Whether a title is that of reports added up, as `export form` gives it to a region's.
pub(crate) fn is_of_sums(title: &str) -> bool {
    title.trim_end().ends_with("汇总表")
}

fn year_in(text: &str) -> Option<i32> {
    let arabic = YEAR.captures(text).and_then(|m| m["y"].parse().ok());
    arabic.or_else(|| {
        let m = HAN_YEAR.find(text)?;
        let digits: Option<String> = m.as_str().chars().take(4).map(han_digit).collect();
        digits?.parse().ok()
    })
}

fn han_digit(c: char) -> Option<char> {
    Some(match c {
        '〇' | '零' | '○' | 'O' | '0' => '0',
        '一' => '1',
        '二' | '2' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_tell_body_and_year() {
        for (line, organ, year) in [
            (
                "酉阳土家族苗族自治县人民政府桃花源街道办事处2025年政府信息公开工作年度报告",
                "酉阳土家族苗族自治县人民政府桃花源街道办事处",
                2025,
            ),
            ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", 2019),
            ("湖口县卫生健康委员会2022年信息公开年报", "湖口县卫生健康委员会", 2022),
            ("舟山市民政局信息公开工作年度报告(2020年度)", "舟山市民政局", 2020),
            ("二〇一六年宿州市人民政府政府信息公开工作年度报告", "宿州市人民政府", 2016),
            ("关于抚州市民政局2020年政府信息公开年度报告", "抚州市民政局", 2020),
            ("昆明市第1中学2023年政府信息公开年度报告", "昆明市第1中学", 2023),
            ("第8师石河子市财政局2022年政府信息公开年报", "第8师石河子市财政局", 2022),
            ("某县7号街道办事处2022年政府信息公开年报", "某县7号街道办事处", 2022),
            ("附件1:抚州市民政局2020年政府信息公开年度报告", "抚州市民政局", 2020),
            ("附件12抚州市民政局2020年政府信息公开年度报告", "抚州市民政局", 2020),
            ("第八师143团2022年政府信息公开年度报告", "第八师143团", 2022),
            ("2022年宿迁市12345热线办公室政府信息公开年报", "宿迁市12345热线办公室", 2022),
        ] {
            let t = read_title(line).unwrap();
            assert_eq!((t.organ.as_deref(), t.year), (Some(organ), Some(year)), "{line}");
        }
    }

    #[test]
    fn what_is_written_about_reports_is_told_by_its_title() {
        for (title, is_about) in [
            ("宿迁市2023年度政府信息公开工作年度报告情况通报", true),
            ("关于做好2023年政府信息公开工作年度报告编制的通知(附件)", true),
            ("宿豫区政府信息公开工作年度报告整改通知单", true),
            ("2023年度政府信息公开年报指标对照表", true),
            ("关于印发宿迁市2012年政府信息公开工作年度报告的通知", false),
            ("宿迁市2023年政府信息公开工作年度报告", false),
            ("宿迁市政府信息公开工作年度报告（2023年度）", false),
            ("宿迁市2023年政府信息公开工作年度报告汇总表", false),
        ] {
            assert_eq!(is_about_reports(title), is_about, "{title}");
        }
    }
}
