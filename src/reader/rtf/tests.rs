use super::super::flow::tests::sketched;
use super::*;

fn sketch(rtf: &str) -> String {
    sketched(read(rtf.as_bytes()).unwrap().blocks)
}

#[test]
fn characters_come_by_font_and_by_number() {
    let head = "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset134 SimSun;}}";
    assert_eq!(sketch(&format!("{head}\\f1\\'c4\\'ea\\'b1\\'a8 {{\\f0\\'e9}}}}")), "<年报 é>");
    let coded = "{\\rtf1\\ansicpg936 \\'c4\\'ea\\par\\uc2\\u25253\\'b1\\'a8\\'c4\\'ea}";
    assert_eq!(sketch(coded), "<年><报年>");
    let units = "{\\rtf1\\uc2 \\u24180\\'c4\\'ea\\u-10179??\\u-8704??\\{}";
    assert_eq!(sketch(units), "<年😀{>");
    let left_out = "{\\rtf1 a{\\*\\x b}{\\v c}{\\deleted d}{\\pict ff}e\\line f}";
    assert_eq!(sketch(left_out), "<ae><f>");
}

#[test]
fn looks_say_what_is_left_out_and_what_is_raised() {
    assert_eq!(
        sketch("{\\rtf1 109{\\super 1}2\\up6 3\\up0 4\\dn2 5{\\sub 6\\plain 7}}"),
        "<109¹2³45₆7>"
    );
    let struck = "{\\rtf1 a{\\strike b}\\strike c\\strike0 d\\striked1 e\\plain f}";
    assert_eq!(sketch(struck), "<adf>");
    assert_eq!(read(struck.as_bytes()).unwrap().findings[0].rule, "struck-out");
}

#[test]
fn cells_stand_where_their_edges_are() {
    let rows = "{\\rtf1\\pard 0\\par\
        \\trowd\\clvmgf\\cellx1000\\cellx3000\\pard\\intbl a\\cell b\\cell\\row\
        \\trowd\\clvmrg\\cellx1010\\cellx2000\\cellx2990\\pard\\intbl\\cell c\\cell d\\cell\\row\
        \\trowd\\clmgf\\cellx1000\\clmrg\\cellx2000\\cellx3000\\intbl e\\cell\\cell\\cell\\row\
        \\pard 1\\par}";
    assert_eq!(sketch(rows), "<0>[0a,1b][1c,2d][0e,2]<1>");
    let back = "{\\rtf1\\trowd\\cellx1000\\cellx2000\\intbl a\\cell b\\cell\\row\
        \\trowd\\cellx2000\\cellx1000\\cellx3000\\intbl c\\cell d\\cell e\\cell\\row}";
    assert_eq!(sketch(back), "[0a,1b][c,d,e]");
    let open = "{\\rtf1\\trowd\\cellx1000\\cellx2000\\intbl a\\cell b\\row}";
    assert_eq!(sketch(open), "[0a,1b]");
    let beyond = "{\\rtf1\\trowd\\cellx1000\\cellx2000\\intbl a\\cell b\\cell  \\row}";
    assert_eq!(sketch(beyond), "[0a,1b,]");
}

#[test]
fn an_inner_table_makes_the_outer_one_layout() {
    let nested = "{\\rtf1\\trowd\\cellx5000\\pard\\intbl 1\\par\
        \\pard\\intbl\\itap2 a\\nestcell{\\nonesttables\\par}b\\nestcell\
        {\\*\\nesttableprops\\trowd\\cellx500\\cellx900\\nestrow}\
        \\pard\\intbl 2\\cell\\row\\pard 3\\par}";
    assert_eq!(sketch(nested), "<1>[0a,1b]<2><3>");
}

#[test]
fn what_is_torn_or_absurd_is_refused_or_read() {
    assert!(matches!(read(b"{\\rtf1 a"), Err(Unreadable::Damaged(_))));
    assert!(matches!(read(b"{\\rtf1"), Err(Unreadable::Damaged(_))));
    let deep = format!("{{\\rtf1{}", "{".repeat(100_000));
    assert!(matches!(read(deep.as_bytes()), Err(Unreadable::TooDeep)));
    assert_eq!(sketch("{\\rtf1\\intbl\\itap999999 a\\cell\\row}"), "[0]<a>");
    assert_eq!(sketch("{\\rtf1\\row\\nestrow\\cell\\nestcell\\par b}"), "[0]<b>");
    let many = format!("{{\\rtf1 {}\\intbl a\\cell\\row}}", "\\cellx1".repeat(100_000));
    assert_eq!(sketch(&many), "[0a]");
}
