use super::super::lines::lines;
use super::super::lines::tests::print;
use super::*;

fn sketch(parts: &[(&str, f32, f32)]) -> Vec<String> {
    let glyphs = parts.iter().flat_map(|(t, x, y)| print(t, *x, *y)).collect();
    let show = |p: Piece| match p {
        Piece::Line(line) => line.text(),
        Piece::Rows(Unruled { rows, .. }) => {
            let row = |r: &Vec<(String, Option<u16>)>| {
                r.iter().map(|c| c.0.as_str()).collect::<Vec<_>>().join(",")
            };
            rows.iter().map(|r| format!("[{}]", row(r))).collect::<String>()
        }
    };
    pieces(lines(glyphs, 1)).into_iter().map(show).collect()
}

#[test]
fn figures_behind_labels_make_rows() {
    let read = sketch(&[
        ("二、主动公开", 10.0, 10.0),
        ("信息", 10.0, 40.0),
        ("制发", 100.0, 33.0),
        ("件数", 100.0, 47.0),
        ("废止", 160.0, 33.0),
        ("件数", 160.0, 47.0),
        ("规章", 10.0, 70.0),
        ("12", 100.0, 70.0),
        ("0", 160.0, 70.0),
        ("1.行政规范", 10.0, 93.0),
        ("3", 100.0, 100.0),
        ("4", 160.0, 100.0),
        ("性文件", 10.0, 107.0),
    ]);
    assert_eq!(read[0], "二、主动公开");
    let table = "[信息][制发件数,废止件数][规章,12,0][1.行政规范性文件,3,4]";
    assert_eq!(read.last().unwrap(), table);
}

#[test]
fn an_item_beside_a_label_that_fills_its_column_is_a_cell_of_its_own() {
    let read = sketch(&[
        ("二、上年", 10.0, 10.0),
        ("1", 110.0, 10.0),
        ("2", 140.0, 10.0),
        ("三、结", 10.0, 40.0),
        ("（一）公开", 48.0, 40.0),
        ("3", 110.0, 40.0),
        ("4", 140.0, 40.0),
    ]);
    assert_eq!(read, ["[二、上年,1,2][三、结,（一）公开,3,4]"]);
}

#[test]
fn a_label_on_both_sides_of_its_figures_stands_beside_that_of_a_group() {
    let read = sketch(&[
        ("1.甲", 80.0, 10.0),
        ("5", 150.0, 10.0),
        ("6", 180.0, 10.0),
        ("三、办理", 10.0, 30.0),
        ("2.有关政府", 80.0, 33.0),
        ("情况", 10.0, 40.0),
        ("7", 150.0, 40.0),
        ("8", 180.0, 40.0),
        ("信息", 80.0, 47.0),
    ]);
    assert_eq!(read, ["[1.甲,5,6][三、办理情况,2.有关政府信息,7,8]"]);
}

#[test]
fn a_label_of_many_lines_goes_on_below_the_last_row() {
    let mut parts = vec![
        ("1.甲", 10.0, 10.0),
        ("5", 150.0, 10.0),
        ("6", 180.0, 10.0),
        ("2.从此一行起", 10.0, 40.0),
        ("又是一行标签", 10.0, 53.0),
        ("7", 150.0, 53.0),
        ("8", 180.0, 53.0),
        ("还有一行标签", 10.0, 66.0),
        ("到此为止", 10.0, 79.0),
    ];
    let table = "[1.甲,5,6][2.从此一行起又是一行标签还有一行标签到此为止,7,8]";
    assert_eq!(sketch(&parts), [table]);
    // what begins elsewhere is no part of it
    parts[8].1 = 30.0;
    assert_eq!(sketch(&parts)[1], "到此为止");
}

#[test]
fn a_row_alone_on_its_page_is_one_by_its_columns_or_its_header() {
    let columns = [("规章", 10.0, 10.0), ("0", 80.0, 10.0), ("1", 110.0, 10.0), ("2", 140.0, 10.0)];
    assert_eq!(sketch(&columns), ["[规章,0,1,2]"]);
    assert_eq!(sketch(&columns[1..]), ["0 1 2"]);
    let headed = [
        ("指标", 10.0, 10.0),
        ("数量", 80.0, 10.0),
        ("甲", 10.0, 30.0),
        ("1", 80.0, 30.0),
        ("乙", 10.0, 50.0),
        ("2", 80.0, 50.0),
    ];
    assert_eq!(sketch(&headed), ["[指标][数量][甲,1][乙,2]"]);
    assert_eq!(sketch(&headed[..4]), ["[指标][数量][甲,1]"]);
    assert_eq!(sketch(&headed[2..]), ["甲 1", "乙 2"]);
    let entries =
        [("机构：", 10.0, 10.0), ("办公室", 80.0, 10.0), ("页数：", 10.0, 30.0), ("5", 80.0, 30.0)];
    assert_eq!(sketch(&entries), ["机构： 办公室", "页数： 5"]);
}

#[test]
fn running_text_with_a_number_is_no_table() {
    let read = sketch(&[("电话", 10.0, 10.0), ("12", 100.0, 10.0), ("地址", 10.0, 30.0)]);
    assert_eq!(read, ["电话 12", "地址"]);
}
