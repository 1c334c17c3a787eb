//! Sentences as offices write them, and what they claim.

use super::*;

/// A sentence of an own report for 2024, and its certain claims.
type Case = (&'static str, &'static str);

pub(super) fn certain(sections: &[Section], body: &Body<'_>) -> String {
    let claims = read(sections, body).claims;
    let sure = claims.iter().filter(|c| c.certainty == Certainty::Certain);
    let print = |c: &Claim| {
        let mark = if c.claimed == Claimed::Denied { "-" } else { "" };
        format!("{}.{}={}{mark}", c.figure.series, c.figure.figure, c.value)
    };
    sure.map(print).collect::<Vec<_>>().join(" ")
}

pub(super) fn section(no: u8, text: &str) -> [Section; 1] {
    let title = match no {
        3 => "收到和处理政府信息公开申请情况",
        4 => "政府信息公开行政复议、行政诉讼情况",
        _ => "总体情况",
    };
    [Section { no, title: title.into(), text: text.into() }]
}

pub(super) fn bureau() -> Body<'static> {
    Body { organ: Some("青山县应急管理局"), year: Some(2024), scope: Some(Scope::Own) }
}

fn check(no: u8, body: &Body<'_>, cases: &[Case]) {
    let mut wrong = Vec::new();
    for (text, claims) in cases {
        let found = certain(&section(no, text), body);
        if found != *claims {
            wrong.push(format!("{text}\n  is   {found}\n  not  {claims}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn requests_are_read_in_every_wording() {
    check(
        1,
        &bureau(),
        &[
            ("全年共收到政府信息公开申请12件。", "requests.received=12"),
            ("2024年，我局共收到政府信息公开申请１２件，均已按时答复。", "requests.received=12"),
            ("本年度新收政府信息公开申请十二件。", "requests.received=12"),
            ("2024年度，县应急局收到依申请公开事项1,204件。", "requests.received=1204"),
            ("全年收到2份依申请公开，已答复申请人。", "requests.received=2"),
            ("本机关全年受理政府信息公开申请一百二十件。", "requests.received=120"),
            ("全年共接收公民、法人或者其他组织提出的政府信息公开申请7宗。", "requests.received=7"),
            (
                "今年以来未收到过申请。全年共收到信息公开申请两件，同比下降20%。",
                "requests.received=2",
            ),
            ("收到政府信息公开申请30件，较上年增加5件。", "requests.received=30"),
            (
                "与2023年相比，申请数量增加5件，全年收到政府信息公开申请30件。",
                "requests.received=30",
            ),
            ("2024年1月1日至12月31日，本单位收到政府信息公开申请0件。", "requests.received=0"),
            ("二是规范依申请公开办理。全年收到申请8件，全部按期办结。", "requests.received=8"),
            ("依申请公开情况。共收到申请9件。", "requests.received=9"),
            ("依申请公开方面，共收到申请9件。", "requests.received=9"),
            ("政府信息公开申请数量为0。", ""),
            ("我局收到政府信息公开申请数量为零。", "requests.received=0"),
            ("新收申请12件、上年结转3件，共15件，政府信息公开申请均按时答复。", ""),
            (
                "新收政府信息公开申请12件、上年结转3件，共15件。",
                "requests.received=12 requests.carried_in=3",
            ),
            (
                "共收到政府信息公开申请15件，其中新收12件，上年结转3件。",
                "requests.received=12 requests.carried_in=3",
            ),
            ("全年共收到政府信息公开申请15件（含上年结转3件）。", "requests.carried_in=3"),
            ("上年结转3件，全年共收到政府信息公开申请15件。", ""),
            (
                "全年新收和上年结转政府信息公开申请分别为12件、3件。",
                "requests.received=12 requests.carried_in=3",
            ),
            (
                "本年新收政府信息公开申请0件，上年结转0件。",
                "requests.received=0 requests.carried_in=0",
            ),
            (
                "共受理政府信息公开申请15件。本年新收12件，上年结转3件。",
                "requests.received=12 requests.carried_in=3",
            ),
            (
                "收到政府信息公开申请12件，结转上年度申请2件，结转下年度继续办理1件。",
                "requests.received=12 requests.carried_in=2 requests.carried_out=1",
            ),
            (
                "收到政府信息公开申请12件，予以公开5件、部分公开3件、不予公开2件、无法提供1件、不予处理1件。",
                "requests.received=12 requests.granted=5 requests.partially_granted=3 requests.refused=2 requests.unavailable=1 requests.not_processed=1",
            ),
            (
                "全年收到政府信息公开申请12件，其中5件予以公开，3件部分公开，4件不予公开。",
                "requests.received=12 requests.granted=5 requests.partially_granted=3 requests.refused=4",
            ),
            (
                "全年办结政府信息公开申请12件。其中，予以公开5件，占41.7%；部分公开3件，占25%。",
                "requests.granted=5 requests.partially_granted=3",
            ),
            (
                "收到政府信息公开申请10件，予以公开、部分公开、不予公开分别为5件、3件和2件。",
                "requests.received=10 requests.granted=5 requests.partially_granted=3 requests.refused=2",
            ),
            (
                "收到政府信息公开申请12件，其中自然人申请8件、法人申请4件，予以公开5件。",
                "requests.received=12 requests.granted=5",
            ),
            ("收到政府信息公開申請12件，予以公開5件。", "requests.received=12 requests.granted=5"),
            ("收到政府信息公开 申请 12 件。", "requests.received=12"),
            (
                "2023年收到政府信息公开申请8件，2024年收到政府信息公开申请12件。",
                "requests.received=12",
            ),
            (
                "县直各单位收到政府信息公开申请30件；我局收到政府信息公开申请12件。",
                "requests.received=12",
            ),
            (
                "上半年收到政府信息公开申请5件。2024年，新收政府信息公开申请12件，上年结转3件。",
                "requests.received=12 requests.carried_in=3",
            ),
            (
                "收到政府信息公开申请12件（不含上年结转3件），办结14件。",
                "requests.received=12 requests.carried_in=3",
            ),
            (
                "政府信息公开申请办理结果：予以公开5件、无法提供1件、不予处理2件。",
                "requests.granted=5 requests.unavailable=1 requests.not_processed=2",
            ),
        ],
    );
}

#[test]
fn reviews_and_lawsuits_are_read_in_every_wording() {
    check(
        1,
        &bureau(),
        &[
            ("因政府信息公开引发行政复议3件、行政诉讼5件。", "review.total=3 litigation.total=5"),
            ("2023年政府信息公开行政复议5件，2024年政府信息公开行政复议3件。", "review.total=3"),
            (
                "政府信息公开行政复议3件，复议机关纠正1件；行政诉讼5件，人民法院判决纠正2件。",
                "review.total=3 review.corrected=1 litigation.total=5 litigation.corrected=2",
            ),
            (
                "因政府信息公开被申请行政复议3件，被提起行政诉讼1起。",
                "review.total=3 litigation.total=1",
            ),
            (
                "全年收到政府信息公开行政复议、行政诉讼分别为3件、5件。",
                "review.total=3 litigation.total=5",
            ),
            ("政府信息公开行政复议和行政诉讼各2件。", "review.total=2 litigation.total=2"),
            ("政府信息公开行政复议、行政诉讼均为0。", "review.total=0 litigation.total=0"),
            (
                "政府信息公开类行政复议案件4件，其中结果维持3件，结果纠正1件。",
                "review.total=4 review.corrected=1",
            ),
            (
                "政府信息公开行政复议4件，被纠正1件；行政诉讼3件，被纠错2件。",
                "review.total=4 review.corrected=1 litigation.total=3 litigation.corrected=2",
            ),
            (
                "政府信息公开行政复议3件、行政诉讼1件，其中纠正1件。",
                "review.total=3 litigation.total=1",
            ),
            (
                "政府信息公开行政复议3件，行政诉讼2件，行政诉讼被纠正1件。",
                "review.total=3 litigation.total=2 litigation.corrected=1",
            ),
            ("发生3件政府信息公开行政复议、2件行政诉讼。", "review.total=3 litigation.total=2"),
            (
                "全年收到政府信息公开申请12件，引发行政复议1件，未发生行政诉讼。",
                "requests.received=12 review.total=1 litigation.total=0-",
            ),
            (
                "全年收到政府信息公开申请12件。由此引发行政复议1件。",
                "requests.received=12 review.total=1",
            ),
            (
                "2024年，因政府信息公开申请引发的行政复议2宗，行政诉讼0宗。",
                "review.total=2 litigation.total=0",
            ),
        ],
    );
    check(
        4,
        &bureau(),
        &[
            ("本年度行政复议4件，结果纠正1件。", "review.total=4 review.corrected=1"),
            ("行政复议0件，行政诉讼0件。", "review.total=0 litigation.total=0"),
            ("本年度未发生行政复议、行政诉讼。", "review.total=0- litigation.total=0-"),
            ("行政诉讼5件，其中未经复议直接起诉2件，复议后起诉3件。", "litigation.total=5"),
        ],
    );
}

#[test]
fn denials_are_read_in_every_wording() {
    let none = "review.total=0- litigation.total=0-";
    check(
        1,
        &bureau(),
        &[
            ("全年未收到政府信息公开申请。", "requests.received=0-"),
            ("2024年，我局未收到任何形式的政府信息公开申请。", "requests.received=0-"),
            (
                "县应急局没有收到公民、法人和其他组织提出的政府信息公开申请。",
                "requests.received=0-",
            ),
            ("本年度我局无依申请公开事项。", "requests.received=0-"),
            ("全年未收到一件政府信息公开申请。", "requests.received=0-"),
            ("本单位未收到和处理政府信息公开申请。", "requests.received=0-"),
            (
                "全年无新收政府信息公开申请，无上年结转申请。",
                "requests.received=0- requests.carried_in=0-",
            ),
            ("未发生因政府信息公开引发的行政复议、行政诉讼案件。", none),
            ("我局未涉及政府信息公开行政复议、行政诉讼。", none),
            ("既没有发生政府信息公开行政复议，也没有发生政府信息公开行政诉讼。", none),
            ("没有因政府信息公开申请行政复议和提起行政诉讼的情况。", none),
            ("因政府信息公开引发的行政复议、行政诉讼均未发生。", none),
            ("未发生政府信息公开类行政复议、行政诉讼和举报投诉。", none),
            (
                "全年未收到政府信息公开申请，也未发生行政复议、行政诉讼。",
                "requests.received=0- review.total=0- litigation.total=0-",
            ),
            (
                "收到政府信息公开申请3件，无行政复议、行政诉讼案件。",
                "requests.received=3 review.total=0- litigation.total=0-",
            ),
        ],
    );
}

#[test]
fn a_summary_speaks_of_its_place() {
    let body = Body { organ: Some("青山县"), year: Some(2024), scope: Some(Scope::Aggregate) };
    check(
        1,
        &body,
        &[
            (
                "全县共收到政府信息公开申请120件，其中县政府30件、各部门90件。",
                "requests.received=120",
            ),
            ("2024年，青山县共收到政府信息公开申请120件。", "requests.received=120"),
            ("县政府本级收到政府信息公开申请30件。", ""),
            ("全县各级行政机关收到政府信息公开申请120件。", "requests.received=120"),
            ("临河镇收到政府信息公开申请3件。", ""),
        ],
    );
}

#[test]
fn an_unknown_year_takes_no_year_for_its_own() {
    let body = Body { organ: None, year: None, scope: None };
    check(
        1,
        &body,
        &[
            ("2024年收到政府信息公开申请12件。", ""),
            ("全年收到政府信息公开申请12件。", "requests.received=12"),
        ],
    );
}

#[test]
fn a_claim_says_where_it_stands() {
    let text = "（二）依申请公开。本年度共收到政府信息公开申请　１２ 件，均已答复。\n其他";
    let reading = read(&section(1, text), &bureau());
    let [claim] = reading.claims.as_slice() else { panic!("{reading:?}") };
    assert_eq!(&text[claim.span.clone()], "１２ 件");
    assert_eq!(&text[claim.sentence.clone()], "本年度共收到政府信息公开申请　１２ 件，均已答复。");
    assert_eq!((claim.section, claim.claimed), (1, Claimed::Stated));
}

#[test]
fn remainders_of_tables_are_no_sentences() {
    check(
        3,
        &bureau(),
        &[
            ("一、本年新收政府信息公开申请数量\t2\t0\t0\t2", ""),
            ("一、本年新收政府信息公开申请数量 | 2 | 0 | 2 |", ""),
            ("一、本年新收政府信息公开申请数量 2 0 0 0 2", ""),
            ("本年新收政府信息公开申请数量", ""),
        ],
    );
}

#[test]
fn breakdowns_that_are_meant_to_be_complete_are_told() {
    use Certainty::{Ambiguous, Certain};
    for (text, total, parts, certainty) in [
        (
            "发布信息110条，包括机构类14条、财政16条、动态31条、救助35条、养老14条。",
            110,
            vec![14, 16, 31, 35, 14],
            Certain,
        ),
        ("收到申请30件（甲局9件、乙局11件、丙局12件）。", 30, vec![9, 11, 12], Certain),
        (
            "发布信息18446744073709551615条，包括动态18446744073709551615条，公告2条。",
            u64::MAX,
            vec![u64::MAX, 2],
            Ambiguous,
        ),
        ("发布信息60条，其中动态20条，公告30条，其他10条。", 60, vec![20, 30, 10], Certain),
        ("培训60次，包括集中培训20次、专题培训30次、其他10次。", 60, vec![20, 30, 10], Certain),
        ("发布信息60条，其中动态20条，公告30条，其余10条。", 60, vec![20, 30, 10], Certain),
        ("发布信息60条，其中动态20条，公告30条，解读5条。", 60, vec![20, 30, 5], Ambiguous),
        ("发布信息60余条，包括动态20条，公告30条，解读10条。", 60, vec![20, 30, 10], Ambiguous),
        ("发布信息60条，包括动态2条，公告3条，解读1条。", 60, vec![2, 3, 1], Ambiguous),
        ("发布信息60条，包括动态20条，公告30条，解读7条等。", 60, vec![20, 30, 7], Ambiguous),
        (
            "发布信息60条，包括动态20条（其中图片5条）、公告30条、解读10条。",
            60,
            vec![20, 5, 30, 10],
            Ambiguous,
        ),
    ] {
        let listings = read(&section(1, text), &bureau()).listings;
        let found: Vec<_> =
            listings.iter().map(|l| (l.total, l.parts.clone(), l.certainty)).collect();
        assert_eq!(found, [(total, parts, certainty)], "{text}");
    }
}

/// Behind it every sentence of a text is read, not only those up to the last that bears on a figure.
const LAST: &str = "\n（二）收到政府信息公开申请1件。";

#[test]
fn what_is_not_read_states_nothing() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/narratives");
    let mut claims = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let file = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let file: toml::Table = file.parse().unwrap();
        for narrative in file["narrative"].as_array().unwrap() {
            let text = narrative["text"].as_str().unwrap().trim_end();
            let parts = text.lines().map(str::to_owned);
            for text in parts.chain([text.to_owned()]) {
                let found = |text: &str| {
                    let reading = read(&section(1, text), &bureau());
                    let of = |c: &Claim| (c.figure.clone(), c.value, c.claimed, c.span.clone());
                    let parts =
                        |l: &Listing| (l.total, l.parts.clone(), l.certainty, l.span.clone());
                    let claims: Vec<_> = reading.claims.iter().map(of).collect();
                    (claims, reading.listings.iter().map(parts).collect::<Vec<_>>())
                };
                let (mut all, listings) = found(&format!("{text}{LAST}"));
                assert!(all.pop().is_some_and(|last| last.3.start > text.len()), "{text}");
                claims += all.len();
                assert_eq!(found(&text), (all, listings), "{text}");
            }
        }
    }
    assert!(claims > 300, "only {claims} claims");
}

#[test]
fn a_paragraph_does_not_go_on_about_another_year_or_body() {
    let other = "2023年，全县各部门收到政府信息公开申请80件。";
    let own = "政府信息公开申请予以公开5件。";
    let read = |text: &str| certain(&section(1, text), &bureau());
    assert_eq!(read(&format!("{other}\n{own}")), "requests.granted=5");
    assert_eq!(read(&format!("{other}{own}")), "", "may be that year's");
    assert_eq!(read(&format!("2023年情况\n{own}")), "", "a heading speaks for what follows");
}
