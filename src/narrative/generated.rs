//! Narratives from templates with figures drawn at random: what is read back is what was put in.

use std::collections::BTreeMap;

use super::*;

/// Time and body before a statement.
const LEADS: [&str; 14] = [
    "2024年，",
    "2024年度，我局",
    "全年",
    "本年度",
    "本机关2024年",
    "报告期内，",
    "2024年1月1日至12月31日，我局",
    "今年，县应急局",
    "2024年，青山县应急管理局",
    "（二）依申请公开情况。2024年，",
    "一是畅通受理渠道。全年",
    "规范办理流程，加强与申请人沟通，全年",
    "二〇二四年，本单位",
    "年内，",
];

/// `{key}` stands for a figure, `{n}` as printed, `{n:h}` in Chinese numerals.
const REQUESTS: [&str; 28] = [
    "共收到政府信息公开申请{new}件，均已按时办结。",
    "收到政府信息公开申请{new}件，较上年增加{any}件，同比增长12.5%。",
    "新收政府信息公开申请{new}件，上年结转{in}件，共{any}件。",
    "共新收政府信息公开申请{new}件，上年度结转政府信息公开申请{in}件，合计办理{any}件。",
    "共受理政府信息公开申请{new}件，全部在法定期限内答复，按时答复率100%。",
    "共接收政府信息公开申请{new}份，内容涉及征地补偿、财政预算等{any}个方面。",
    "收到依申请公开事项{new}件，其中网络申请{any}件、信函申请{any}件、当面申请{any}件。",
    "收到{new}件政府信息公开申请，办结{any}件。",
    "共收到公民、法人和其他组织提出的政府信息公开申请{new}件，其中自然人申请{any}件，法人申请{any}件。",
    "共收到信息公开申请{new}宗，办理时限平均{any}个工作日。",
    "受理依申请公开政府信息{new}条，未收取任何费用。",
    "收到政府信息公开申请{new:h}件，已全部答复。",
    "政府信息公开申请共收到{new}件，回复{any}件。",
    "办理政府信息公开申请{any}件，其中新收{new}件，上年结转{in}件。",
    "收到政府信息公开申请{new}件，结转上年度申请{in}件，结转下年度继续办理{out}件。",
    "新收政府信息公开申请数量{new}件，上年结转政府信息公开申请数量{in}件。",
    "新收、上年结转政府信息公开申请分别为{new}件、{in}件。",
    "收到政府信息公开申请{new}件。从办理结果看，予以公开{yes}件，部分公开{part}件，不予公开{no}件，无法提供{un}件，不予处理{skip}件。",
    "收到政府信息公开申请{new}件，其中予以公开{yes}件（占23%），部分公开{part}件（占5%），不予公开{no}件。",
    "收到政府信息公开申请{new}件，{yes}件予以公开，{part}件部分公开，{no}件不予公开。",
    "收到政府信息公开申请{new}件，{yes}件予以公开、{part}件部分公开、{un}件无法提供。",
    "收到申请公开政府信息{new}件。已办结的申请中，予以公开的{yes}件，部分公开的{part}件，不予公开的{no}件。",
    "收到政府信息公开申请{new}件，予以公开、部分公开、不予公开分别为{yes}件、{part}件、{no}件。",
    "收到政府信息公开申请{new}件；作出予以公开答复{yes}件，部分公开答复{part}件，不予公开答复{no}件。",
    "收到政府信息公开申请{new}件，同意公开{yes}件，同意部分公开{part}件，不同意公开{no}件。",
    "收到政府信息公开申请{new}件，上年度结转{in}件；予以公开{yes}件；部分公开{part}件；转下年度办理{out}件。",
    "收到政府信息公開申請{new}件，予以公開{yes}件，不予處理{skip}件。",
    "收到政府信息公开申请　{new} 件，其中：予以公开 {yes} 件；部分公开 {part} 件。",
];

const CHALLENGES: [&str; 18] = [
    "因政府信息公开工作被申请行政复议{rev}件，其中被纠正{revc}件；被提起行政诉讼{lit}件，其中被纠正{litc}件。",
    "政府信息公开行政复议案件{rev}件，行政诉讼案件{lit}件。",
    "因政府信息公开申请引发行政复议{rev}起、行政诉讼{lit}起。",
    "涉及政府信息公开的行政复议{rev}件、行政诉讼{lit}件。",
    "政府信息公开行政复议{rev}件（结果纠正{revc}件），行政诉讼{lit}件（结果纠正{litc}件）。",
    "发生政府信息公开行政复议{rev}件，结果维持{any}件，结果纠正{revc}件，尚未审结{any}件。",
    "政府信息公开行政复议、行政诉讼案件分别为{rev}件、{lit}件。",
    "被申请政府信息公开类行政复议{rev}宗，被提起政府信息公开类行政诉讼{lit}宗。",
    "政府信息公开引起的行政复议共{rev}件、行政诉讼共{lit}件。",
    "收到政府信息公开行政复议、行政诉讼分别{rev}件和{lit}件。",
    "因政府信息公开被申请行政复议{rev}件，结果纠正{revc}件，纠错率为20%。",
    "发生{rev}件政府信息公开行政复议、{lit}件行政诉讼。",
    "公民对政府信息公开答复不服提起行政复议{rev}件、行政诉讼{lit}件。",
    "政府信息公开行政诉讼{lit}件，其中未经复议直接起诉{any}件，复议后起诉{any}件。",
    "信息公开类行政复议{rev}件，诉讼{lit}件，均获维持。",
    "因政府信息公开引发的行政复议案件{rev:h}件，行政诉讼案件{lit:h}件。",
    "因信息公开被提起行政复议{rev}件，复议机关维持{any}件、纠正{revc}件。",
    "因政府信息公开申请行政复议{rev}件、提起行政诉讼{lit}件。",
];

const NONE: [&str; 8] = [
    "未收到政府信息公开申请，未发生因政府信息公开引发的行政复议、行政诉讼。",
    "没有收到公民、法人或其他组织提出的政府信息公开申请，也没有因政府信息公开申请行政复议、提起行政诉讼的情况。",
    "未接到政府信息公开申请，无政府信息公开行政复议、行政诉讼案件。",
    "收到政府信息公开申请0件，政府信息公开行政复议、行政诉讼均为0件。",
    "未收到政府信息公开申请，行政复议0件，行政诉讼0件。",
    "未收到依申请公开事项，未发生政府信息公开类行政复议和行政诉讼案件。",
    "收到政府信息公开申请为零，政府信息公开行政复议和行政诉讼各0件。",
    "无依申请公开事项，未产生因政府信息公开引起的行政复议或行政诉讼。",
];

/// Figures of other matters, which stand between the statements.
const NOISE: [&str; 12] = [
    "全年主动公开政府信息{any}条，其中政务微信{any}条、政府网站{any}条。",
    "办理12345热线工单{any}件，答复网民留言{any}条，办结率100%。",
    "承办人大代表建议{any}件、政协提案{any}件，均按时答复。",
    "组织培训{any}次，参训{any}人次，发放资料{any}余份。",
    "2023年收到政府信息公开申请{any}件，行政复议{any}件。",
    "全县各部门共收到政府信息公开申请{any}件，同比增长{any}%。",
    "根据国办函〔2021〕30号和《条例》第二十条，答复期限为20个工作日。",
    "作出行政许可{any}件、行政处罚{any}件，收到行政许可申请{any}件。",
    "办理信访件{any}件，市长信箱来信{any}件，其中予以公开{any}件。",
    "制发规范性文件{any}件，公文公开属性认定为不予公开{any}件。",
    "全年办理行政复议案件{any}件、行政应诉{any}件。",
    "存在问题：一是工作人员仅{any}名，二是依申请公开答复文书有{any}处不规范。",
];

/// Numbers that look random and are the same each time.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match (self.0 >> 33) % 10 {
            0 => 0,
            1..=6 => 1 + (self.0 >> 40) % 60,
            7 | 8 => 60 + (self.0 >> 40) % 900,
            _ => 1000 + (self.0 >> 40) % 9000,
        }
    }
}

fn han(n: u64) -> String {
    let digits: Vec<char> = "零一二三四五六七八九".chars().collect();
    let digit = |d: u64| digits[usize::try_from(d).unwrap()];
    match n {
        0..=9 => digit(n).to_string(),
        10..=19 => format!("十{}", if n == 10 { String::new() } else { digit(n % 10).to_string() }),
        20..=99 if n.is_multiple_of(10) => format!("{}十", digit(n / 10)),
        20..=99 => format!("{}十{}", digit(n / 10), digit(n % 10)),
        _ => n.to_string(),
    }
}

/// Fills a template; the figures it states.
fn fill(template: &str, draw: &mut Draw) -> (String, BTreeMap<&'static str, u64>) {
    const KEYS: [(&str, &str); 13] = [
        ("new", "requests.received"),
        ("in", "requests.carried_in"),
        ("out", "requests.carried_out"),
        ("yes", "requests.granted"),
        ("part", "requests.partially_granted"),
        ("no", "requests.refused"),
        ("un", "requests.unavailable"),
        ("skip", "requests.not_processed"),
        ("rev", "review.total"),
        ("revc", "review.corrected"),
        ("lit", "litigation.total"),
        ("litc", "litigation.corrected"),
        ("any", ""),
    ];
    let mut text = String::new();
    let mut stated = BTreeMap::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (key, behind) = after.split_once('}').unwrap();
        let (key, chinese) = key.split_once(':').map_or((key, false), |(k, _)| (k, true));
        let value = draw.next();
        let (_, figure) = KEYS.iter().find(|(k, _)| *k == key).unwrap();
        text.push_str(before);
        text.push_str(&if chinese { han(value) } else { value.to_string() });
        if !figure.is_empty() {
            stated.insert(*figure, value);
        }
        rest = behind;
    }
    text.push_str(rest);
    (text, stated)
}

#[derive(Default)]
struct Tally {
    stated: usize,
    found: usize,
    wrong: Vec<String>,
    missed: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, text: &str, template: &str, stated: &BTreeMap<&str, u64>) {
        let body =
            Body {
                organ: Some("青山县应急管理局"), year: Some(2024), scope: Some(Scope::Own)
            };
        let section = Section { no: 1, title: "总体情况".into(), text: text.into() };
        let claims = read(&[section], &body).claims;
        let sure: Vec<_> = claims.iter().filter(|c| c.certainty == Certainty::Certain).collect();
        let key = |c: &Claim| format!("{}.{}", c.figure.series, c.figure.figure);
        for claim in &sure {
            if stated.get(&*key(claim)) != Some(&claim.value) {
                self.wrong.push(format!("{} = {}: {text}", key(claim), claim.value));
            }
        }
        for (figure, value) in stated {
            let hit = sure.iter().any(|c| key(c) == *figure && c.value == *value);
            self.stated += 1;
            self.found += usize::from(hit);
            if !hit {
                *self.missed.entry(format!("{figure}: {template}")).or_default() += 1;
            }
        }
    }

    fn report(&self, least: usize) {
        println!("{} of {} figures read, {} wrong", self.found, self.stated, self.wrong.len());
        assert!(
            self.wrong.is_empty(),
            "{} wrong:\n{}",
            self.wrong.len(),
            self.wrong[..self.wrong.len().min(40)].join("\n")
        );
        let share = self.found * 100 >= self.stated * least;
        assert!(share, "{} of {}:\n{:#?}", self.found, self.stated, self.missed);
    }
}

#[test]
fn generated_statements_are_read_back() {
    let mut draw = Draw(7);
    let mut tally = Tally::default();
    for lead in LEADS {
        for template in REQUESTS.iter().chain(&CHALLENGES).chain(&NONE) {
            for _ in 0..4 {
                let (text, mut stated) = fill(&format!("{lead}{template}"), &mut draw);
                if NONE.contains(template) {
                    let zero = ["requests.received", "review.total", "litigation.total"];
                    stated = zero.map(|f| (f, 0)).into();
                }
                tally.add(&text, template, &stated);
            }
        }
    }
    assert!(tally.stated > 5000, "{}", tally.stated);
    tally.report(97);
}

#[test]
fn generated_narratives_with_other_figures_are_read_back() {
    let mut draw = Draw(11);
    let mut tally = Tally::default();
    for round in 0..1500 {
        let pick = |n: usize, salt: usize| (round * 31 + salt * 17 + round / 7) % n;
        let template = [
            NOISE[pick(NOISE.len(), 1)],
            LEADS[pick(LEADS.len(), 2)],
            REQUESTS[pick(REQUESTS.len(), 3)],
            NOISE[pick(NOISE.len(), 4)],
            LEADS[pick(LEADS.len(), 5)],
            CHALLENGES[pick(CHALLENGES.len(), 6)],
            if round % 2 == 0 { "\n" } else { "" },
            NOISE[pick(NOISE.len(), 7)],
        ]
        .concat();
        let (text, stated) = fill(&template, &mut draw);
        tally.add(&text, &template, &stated);
    }
    tally.report(90);
}
