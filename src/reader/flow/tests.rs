use super::*;

/// Paragraphs in `<>`, rows in `[]`, each cell with its column.
pub(in crate::reader) fn sketched(blocks: Vec<Block>) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Paragraph(p) => out.push_str(&format!("<{}>", p.text)),
            Block::Grid(g) => {
                for row in g.rows {
                    let x = |x: Option<u16>| x.map_or(String::new(), |x| x.to_string());
                    let cells = row.iter().map(|c| format!("{}{}", x(c.x), c.text));
                    out.push_str(&format!("[{}]", cells.collect::<Vec<_>>().join(",")));
                }
            }
        }
    }
    out
}

fn sketch(flow: Flow) -> String {
    sketched(flow.finish("text/plain").unwrap().blocks)
}

fn paragraph(flow: &mut Flow, text: &str) {
    flow.begin_paragraph();
    flow.text(text);
    flow.end_paragraph();
}

fn row(flow: &mut Flow, cells: &[&str]) {
    for text in cells {
        flow.open_cell();
        paragraph(flow, text);
        flow.close_cell(1, false);
    }
    flow.close_row();
}

#[test]
fn cells_keep_their_columns_and_rows_their_places() {
    let mut flow = Flow::default();
    flow.open_table();
    flow.skip_columns(1);
    flow.open_cell();
    paragraph(&mut flow, "a");
    paragraph(&mut flow, "b");
    flow.close_cell(2, false);
    flow.open_cell();
    flow.close_cell(1, true);
    row(&mut flow, &["0"]);
    flow.open_cell();
    flow.close_cell(1, false);
    flow.repeat_cell(2);
    flow.close_table();
    assert_eq!(sketch(flow), "[1a b,40][0,1,2]");
}

#[test]
fn rows_of_layout_are_read_through_where_they_stand() {
    let mut flow = Flow::default();
    flow.open_table();
    row(&mut flow, &["1", "2"]);
    flow.open_cell();
    paragraph(&mut flow, "前");
    flow.open_table();
    row(&mut flow, &["3", "4"]);
    flow.close_table();
    paragraph(&mut flow, "后");
    flow.close_row();
    let long = "文".repeat(401);
    row(&mut flow, &[&long, "5"]);
    row(&mut flow, &["6", "7"]);
    assert_eq!(sketch(flow), format!("[01,12]<前>[03,14]<后><{long}><5>[06,17]"));
}

#[test]
fn lines_with_tabs_are_rows() {
    let mut flow = Flow::default();
    paragraph(&mut flow, "标题\n二〇二三年\t 度");
    paragraph(&mut flow, "规章\t0\t\t4");
    paragraph(&mut flow, "\t许可\t1\t2");
    assert_eq!(sketch(flow), "<标题><二〇二三年 度>[规章,0,,4][许可,1,2]");
}

#[test]
fn what_grows_without_end_is_refused() {
    let mut flow = Flow::default();
    flow.open_table();
    flow.open_cell();
    paragraph(&mut flow, &"文".repeat(1 << 20));
    flow.close_cell(1, false);
    flow.repeat_cell(1000);
    assert!(matches!(flow.finish("text/plain"), Err(Unreadable::TooLarge)));
}

#[test]
fn what_is_hidden_or_struck_out_is_left_out() {
    let mut flow = Flow::default();
    let look = |hidden, struck| Look { script: None, hidden: Some(hidden), struck: Some(struck) };
    flow.begin_paragraph();
    flow.styled("9", look(true, false));
    flow.styled("109", look(false, false));
    let doc = flow.finish("text/plain").unwrap();
    assert!(doc.findings.is_empty());
    let mut flow = Flow::default();
    flow.styled(" ", look(false, true));
    flow.styled("9", look(true, true));
    assert!(flow.finish("text/plain").unwrap().findings.is_empty());
    let mut flow = Flow::default();
    flow.styled("9", look(false, true));
    flow.picture();
    let doc = flow.finish("text/plain").unwrap();
    assert_eq!((doc.blocks.len(), doc.pictures), (0, 1));
    assert_eq!(doc.findings[0].rule, "struck-out");
}
