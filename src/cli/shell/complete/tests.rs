//! Proposals at the cursor, which `|` marks.

use super::super::words::tests::words;
use super::*;

fn at(text: &str, lang: Lang) -> Vec<Candidate> {
    let cursor = text.find('|').expect("a cursor");
    candidates(&words(), &text.replacen('|', "", 1), cursor, lang)
}

fn values(text: &str) -> Vec<String> {
    at(text, Lang::Zh).into_iter().map(|candidate| candidate.value).collect()
}

/// What the text becomes where the first proposal is taken.
fn taken(text: &str) -> String {
    let cursor = text.find('|').expect("a cursor");
    let first = at(text, Lang::Zh).into_iter().next().expect(text);
    let blank = if first.ends { " " } else { "" };
    format!("{}{}{blank}{}", &text[..first.start], first.value, &text[cursor + 1..])
}

#[test]
fn columns_of_the_tables_named_come_first() {
    let found = values("SELECT c| FROM v_case");
    assert_eq!(found[..3], ["covered_depth", "corrected", "concluded"]);
    // a column that is called as a table is names none
    let found_beside = values("SELECT organ, c| FROM v_case");
    assert_eq!(found_beside[..3], found[..3]);
    let keyword = found.iter().position(|value| value == "case").expect("a keyword");
    let function = found.iter().position(|value| value == "count(").expect("a function");
    let relation = found.iter().position(|value| value == "cell_mark").expect("a table");
    assert!(keyword < function && function < relation, "{found:?}");
    assert!(!found.contains(&"carried_in".to_owned()), "it is a column of another view");
    assert!(values("SELECT carri|").contains(&"carried_in".to_owned()), "none is named yet");
    assert_eq!(values("SELECT 1; SELECT carried| FROM v_case; SELECT * FROM v_requests"), [""; 0]);
}

#[test]
fn tables_stand_behind_from_and_join() {
    for text in ["SELECT * FROM |", "SELECT * FROM v_case JOIN |", "SELECT * FROM v_case, |"] {
        let found = values(text);
        assert_eq!(found[0], "v_application", "{text}");
        assert!(
            found.contains(&"report".to_owned()) && !found.contains(&"year".to_owned()),
            "{text}"
        );
    }
    assert_eq!(taken("select * from v_req|"), "select * from v_requests ");
    assert!(values("SELECT year, | FROM v_case").contains(&"upheld".to_owned()));
}

#[test]
fn a_name_before_the_dot_may_stand_for_a_table() {
    for text in [
        "SELECT c.upheld, c.con| FROM v_case AS c",
        "SELECT c.con| FROM v_case c JOIN v_report r",
        "SELECT c.con| FROM v_report JOIN V_CASE c USING (report_id)",
    ] {
        assert_eq!(values(text), ["concluded"], "{text}");
        assert!(taken(text).contains("c.concluded FROM"), "{}", taken(text));
    }
    assert_eq!(values("SELECT v_case.pend|"), ["pending"]);
    assert_eq!(values("SELECT x.pend| FROM v_case"), [""; 0]);
}

#[test]
fn keywords_are_written_as_they_were_begun() {
    assert_eq!(taken("sel|"), "select ");
    assert_eq!(taken("SEL|"), "SELECT ");
    assert_eq!(values("|"), ["SELECT", "WITH"]);
    assert!(values("SELECT * FROM v_case gro|").contains(&"group by".to_owned()));
    assert!(values("SELECT * FROM v_case |").contains(&"WHERE".to_owned()));
}

#[test]
fn labels_find_their_columns() {
    assert_eq!(taken("SELECT 不予公开| FROM v_requests"), "SELECT refused FROM v_requests");
    assert_eq!(values("SELECT 自然| FROM v_application"), ["natural_person"]);
    let column = at("SELECT refu| FROM v_requests", Lang::En).swap_remove(0);
    assert_eq!(column.note.as_deref(), Some("refused"));
}

#[test]
fn nothing_is_proposed_in_texts_comments_and_numbers() {
    for text in ["SELECT 'sel|", "SELECT 'se|l'", "-- sel|", "/* sel| */", "SELECT 1|"] {
        assert_eq!(values(text), [""; 0], "{text}");
    }
}

#[test]
fn dot_commands_have_their_arguments() {
    assert_eq!(taken(".desc|"), ".describe ");
    assert_eq!(taken(".describe v_req|"), ".describe v_requests ");
    assert_eq!(taken(".run review|"), ".run review-correction-rate ");
    assert_eq!(taken(".run 各年行政复议|"), ".run review-correction-rate ");
    assert_eq!(values(".run review-correction-rate |"), ["from=", "to=", "region=", "scope="]);
    assert_eq!(
        taken(".run review-correction-rate scope=agg|"),
        ".run review-correction-rate scope=aggregate "
    );
    assert_eq!(values(".mode j|"), ["json"]);
    assert_eq!(values(".lang |"), ["zh", "en"]);
    assert_eq!(values(".timer on |"), [""; 0]);
    assert_eq!(values(".nothing |"), [""; 0]);
    assert!(values(".|").contains(&".why".to_owned()));
}

#[test]
fn measures_and_analyses_are_proposed_where_they_are_asked_for() {
    let first = |text: &str| values(text).into_iter().next();
    assert_eq!(first(".why 示例市 2023 disclosure-r|").as_deref(), Some("disclosure-rate"));
    // a Chinese name finds its measure
    assert!(values(".why 2023 公开率|").contains(&"disclosure-rate".to_owned()));
    assert_eq!(values(".why 2023 disclosure-rate reg|"), ["region="]);
    assert_eq!(values(".why 2023 disclosure-rate --int|"), ["--interval"]);
    assert_eq!(values(".why |"), [""; 0]);
    assert_eq!(values(".analyze tr|"), ["trend"]);
    assert!(values(".analyze |").len() == 10);
    assert!(values(".analyze trend |").contains(&"metric=".to_owned()));
    assert!(!values(".analyze trend |").contains(&"peers=".to_owned()), "it takes none");
    assert_eq!(
        taken(".analyze trend metric=disclosure-r|"),
        ".analyze trend metric=disclosure-rate "
    );
    assert_eq!(values(".analyze nothing |"), [""; 0]);
}

#[test]
fn the_functions_of_statistics_are_proposed() {
    assert!(values("SELECT medi|").contains(&"median(".to_owned()));
    for name in ["stddev(", "quantile_cont(", "regexp_like(", "corr("] {
        assert!(values(&format!("SELECT {}|", &name[..3])).contains(&name.to_owned()), "{name}");
    }
}
