//! Every format on one answer that holds each kind of value.

use std::path::Path;

use super::{Format, Options};
use crate::lang::Lang;
use crate::table::{Column, Table, Unit, Value};

fn column(name: &str, title: &str, unit: Unit) -> Column {
    Column { title: Some(title.to_owned()), unit, ..Column::new(name) }
}

pub(super) fn sample() -> Table {
    Table {
        columns: vec![
            column("organ", "机关", Unit::Plain),
            column("year", "年度", Unit::Label),
            column("count", "件数", Unit::Plain),
            column("rate", "纠错率", Unit::Rate),
            column("fee", "收费（元）", Unit::Fen),
        ],
        rows: vec![
            vec![
                Value::Text("市教育局".to_owned()),
                Value::Int(2023),
                Value::Int(1_234_567),
                Value::Real(0.125),
                Value::Int(-5),
            ],
            vec![
                Value::Text("a\"b,|c\n<i>\t\u{1b}[31m".to_owned()),
                Value::Int(2024),
                Value::Int(0),
                Value::Null,
                Value::Null,
            ],
        ],
        total_rows: None,
    }
}

fn print_with(format: Format, table: &Table, options: &Options) -> String {
    let mut bytes = Vec::new();
    format.write(table, &mut bytes, options).expect("a vector takes all");
    String::from_utf8(bytes).expect("every format is UTF-8")
}

fn print(format: Format, table: &Table) -> String {
    print_with(format, table, &Options::default())
}

#[test]
fn table_aligns_chinese_and_shows_rates_and_money_for_people() {
    insta::assert_snapshot!(print(Format::Table, &sample()), @r#"
    ┌───────────┬──────┬─────────┬────────┬────────────┐
    │ 机关      ┆ 年度 ┆    件数 ┆ 纠错率 ┆ 收费（元） │
    ╞═══════════╪══════╪═════════╪════════╪════════════╡
    │ 市教育局  ┆ 2023 ┆ 1234567 ┆ 12.50% ┆      -0.05 │
    │ a"b,|c    ┆ 2024 ┆       0 ┆      — ┆          — │
    │ <i> �[31m ┆      ┆         ┆        ┆            │
    └───────────┴──────┴─────────┴────────┴────────────┘
    "#);
}

#[test]
fn markdown_escapes_what_would_break_a_cell() {
    insta::assert_snapshot!(print(Format::Markdown, &sample()), @r#"
    | 机关 | 年度 | 件数 | 纠错率 | 收费（元） |
    | --- | ---: | ---: | ---: | ---: |
    | 市教育局 | 2023 | 1234567 | 12.50% | -0.05 |
    | a"b,\|c<br>&lt;i> �\[31m | 2024 | 0 | — | — |
    "#);
}

#[test]
fn people_read_labels_and_programs_keys() {
    let mut table = sample();
    table.columns[0].labels = vec![None, Some("甲|乙".to_owned())];
    assert!(print(Format::Table, &table).contains("│ 甲|乙"));
    assert!(print(Format::Table, &table).contains("│ 市教育局"));
    assert!(print(Format::Markdown, &table).contains("| 甲\\|乙 | 2024 |"));
    for format in [Format::Csv, Format::Tsv, Format::Json, Format::Ndjson] {
        assert_eq!(print(format, &table), print(format, &sample()));
    }
}

#[test]
fn csv_keeps_fractions_and_leaves_null_empty() {
    insta::assert_snapshot!(print(Format::Csv, &sample()).replace('\u{1b}', "ESC").replace('\t', "TAB"), @r#"
    organ,year,count,rate,fee
    市教育局,2023,1234567,0.125,-5
    "a""b,|c
    <i>TABESC[31m",2024,0,,
    "#);
}

#[test]
fn tsv_keeps_one_line_a_row() {
    insta::assert_snapshot!(print(Format::Tsv, &sample()).replace('\u{1b}', "ESC").replace('\t', "→"), @r#"
    organ→year→count→rate→fee
    市教育局→2023→1234567→0.125→-5
    a"b,|c\n<i>\tESC[31m→2024→0→→
    "#);
}

#[test]
fn json_is_an_array_of_objects_in_column_order() {
    let text = print(Format::Json, &sample());
    insta::assert_snapshot!(text, @r#"
    [
      {"organ":"市教育局","year":2023,"count":1234567,"rate":0.125,"fee":-5},
      {"organ":"a\"b,|c\n<i>\t\u001b[31m","year":2024,"count":0,"rate":null,"fee":null}
    ]
    "#);
    let parsed: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(parsed[1]["organ"], "a\"b,|c\n<i>\t\u{1b}[31m");
    assert!(parsed[1]["rate"].is_null());
}

#[test]
fn ndjson_is_the_same_objects_one_a_line() {
    let rows: Vec<String> = print(Format::Ndjson, &sample()).lines().map(str::to_owned).collect();
    assert_eq!(rows.len(), 2);
    assert!(print(Format::Json, &sample()).contains(&rows[0]));
}

#[test]
fn a_bom_stands_before_csv_only_when_asked() {
    let with = Options { bom: true, ..Options::default() };
    assert!(print_with(Format::Csv, &sample(), &with).starts_with('\u{FEFF}'));
    assert!(!print(Format::Csv, &sample()).starts_with('\u{FEFF}'));
    assert!(!print_with(Format::Json, &sample(), &with).starts_with('\u{FEFF}'));
}

#[test]
fn a_cut_off_table_says_the_true_count() {
    let cut = Table { total_rows: Some(1000), ..sample() };
    assert!(print(Format::Table, &cut).contains("仅列出前 2 行，共 1000 行"));
    let english = Options { lang: Lang::En, ..Options::default() };
    assert!(
        print_with(Format::Markdown, &cut, &english).ends_with("\n*the first 2 of 1000 rows*\n")
    );
    assert!(!print(Format::Table, &Table { total_rows: Some(2), ..sample() }).contains('共'));
}

#[test]
fn an_empty_answer_keeps_its_headings_and_says_so() {
    let empty = Table { rows: Vec::new(), ..sample() };
    assert!(print(Format::Table, &empty).contains("纠错率"));
    assert!(print(Format::Table, &empty).ends_with("没有数据\n"));
    assert_eq!(print(Format::Csv, &empty), "organ,year,count,rate,fee\n");
    assert_eq!(print(Format::Json, &empty), "[]\n");
    assert_eq!(print(Format::Ndjson, &empty), "");
    assert_eq!(print(Format::Json, &Table::default()), "[]\n");
}

#[test]
fn colour_changes_no_character() {
    let mut table = sample();
    table.columns[0].unit = Unit::Severity;
    table.rows[0][0] = Value::Text("error".to_owned());
    table.columns[0].labels = vec![Some("错误".to_owned()), None];
    let painted = print_with(Format::Table, &table, &Options { color: true, ..Options::default() });
    assert!(painted.contains("│ \u{1b}[1m机关\u{1b}[0m "), "{painted}");
    assert!(painted.contains("│ \u{1b}[1m\u{1b}[31m错误\u{1b}[0m "), "{painted}");
    let plain = regex::Regex::new("\u{1b}\\[[0-9]*m").expect("it is sound");
    assert_eq!(plain.replace_all(&painted, ""), print(Format::Table, &table));
    for format in [Format::Csv, Format::Json, Format::Markdown] {
        let options = Options { color: true, ..Options::default() };
        assert_eq!(print_with(format, &table, &options), print(format, &table));
    }
}

#[test]
fn numbers_never_break_over_lines_in_a_narrow_table() {
    for width in 30..80 {
        let narrow = Options { width: Some(width), ..Options::default() };
        let text = print_with(Format::Table, &sample(), &narrow);
        for number in ["1234567", "12.50%", "-0.05", "2023"] {
            assert!(text.contains(number), "{width}: {text}");
        }
        let widest = text.lines().map(super::layout::width).max();
        assert!(widest <= Some(usize::from(width)), "{width}: {widest:?}\n{text}");
    }
}

/// Text in a narrow table breaks where Chinese may be broken; groups stand over their columns.
#[test]
fn narrow_tables_keep_their_figures_and_wrap_their_labels() {
    let at = |width| {
        let options = Options { width, ..Options::default() };
        print_with(Format::Table, &form(), &options)
    };
    insta::assert_snapshot!("form_narrow", at(Some(44)));
    insta::assert_snapshot!("form_wide", at(None));
    insta::assert_snapshot!("form_markdown", print(Format::Markdown, &form()));
}

#[test]
fn columns_without_room_become_lines() {
    let narrow = Options { width: Some(29), ..Options::default() };
    insta::assert_snapshot!("fields", print_with(Format::Table, &sample(), &narrow));
}

/// A table as forms have them.
fn form() -> Table {
    let text = |text: &str| Value::Text(text.to_owned());
    let group = |label: &str| Column {
        group: Some("法人或其他组织".to_owned()),
        unit: Unit::Count,
        ..Column::new(label)
    };
    Table {
        columns: vec![
            Column::new("项目"),
            Column { unit: Unit::Count, ..Column::new("自然人") },
            group("社会公益组织"),
            group("其他"),
        ],
        rows: vec![
            vec![text("三、本年度办理结果")],
            vec![
                text("　（一）部分公开（区分处理的，只计这一情形）"),
                text("821"),
                text("(0)"),
                text(""),
            ],
        ],
        total_rows: None,
    }
}

#[test]
fn bytes_are_told_by_their_number_and_kept_in_data() {
    let bytes = |n: usize| vec![Value::Blob(vec![0xAB; n])];
    let table = Table {
        columns: vec![Column::new("content")],
        rows: vec![bytes(2), bytes(2355), bytes(3 << 20)],
        total_rows: None,
    };
    for format in [Format::Table, Format::Markdown] {
        let text = print(format, &table).replace("&lt;", "<");
        for said in ["<BLOB 2 B>", "<BLOB 2.3 KB>", "<BLOB 3.0 MB>"] {
            assert!(text.contains(said), "{text}");
        }
    }
    assert!(print(Format::Csv, &table).starts_with("content\nx'ABAB'\n"));
    assert!(print(Format::Json, &table).contains("{\"content\":\"x'ABAB'\"}"));
}

#[test]
fn a_column_stands_where_its_unit_says_also_without_values() {
    let mut table = sample();
    table.rows.iter_mut().for_each(|row| row[3] = Value::Null);
    assert!(print(Format::Table, &table).contains("┆      — ┆"));
    table.columns[1].unit = Unit::Count;
    table.rows.iter_mut().for_each(|row| row[1] = Value::Null);
    assert!(print(Format::Markdown, &table).contains("| --- | ---: | ---: | ---: | ---: |"));
}

#[test]
fn extremes_survive_in_data_formats() {
    let table = Table {
        columns: vec![Column::new("x")],
        rows: vec![
            vec![Value::Int(i64::MIN)],
            vec![Value::Real(f64::INFINITY)],
            vec![Value::Real(f64::NAN)],
            vec![Value::Real(0.1 + 0.2)],
            vec![Value::Real(1e300)],
        ],
        total_rows: None,
    };
    let lines = print(Format::Ndjson, &table);
    assert_eq!(
        lines,
        "{\"x\":-9223372036854775808}\n{\"x\":9e999}\n{\"x\":null}\n{\"x\":0.30000000000000004}\n{\"x\":1e+300}\n"
    );
    let fen = Table {
        columns: vec![column("fee", "fee", Unit::Fen)],
        rows: vec![vec![Value::Int(i64::MIN)]],
        total_rows: None,
    };
    assert!(print(Format::Markdown, &fen).contains("| -92233720368547758.08 |"));
}

#[test]
fn the_extension_gives_the_format_or_a_clear_error() {
    assert_eq!(Format::from_path(Path::new("a/B.CSV")).ok(), Some(Format::Csv));
    assert_eq!(Format::from_path(Path::new("x.jsonl")).ok(), Some(Format::Ndjson));
    let error = Format::from_path(Path::new("x.docx")).expect_err("no such format");
    assert!(error.to_string().contains("'x.docx'"));
    assert!(Format::from_path(Path::new("csv")).is_err());
}

/// A text that looks like nothing, a number or a heading comes back as that text; only "no value"
/// and an empty text are one in CSV.
#[test]
fn csv_gives_back_what_was_written() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};

    let text = "[a件,;\"'\\n\\r\\t =+#\u{FEFF}\u{3000}-]{0,8}";
    let rows = prop::collection::vec([text, text, text], 0..5);
    let config = Config { failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&(rows, any::<bool>()), |(rows, bom)| {
        let table = Table {
            columns: ["一", "b,\"", "c\nd"].map(Column::new).to_vec(),
            rows: (rows.iter().cloned())
                .map(|row| row.into_iter().map(Value::Text).collect())
                .collect(),
            total_rows: None,
        };
        let printed = print_with(Format::Csv, &table, &Options { bom, ..Options::default() });
        prop_assert_eq!(printed.starts_with('\u{FEFF}'), bom);
        let data = printed.trim_start_matches('\u{FEFF}');
        let mut reader = ::csv::Reader::from_reader(data.as_bytes());
        prop_assert_eq!(reader.headers().unwrap(), vec!["一", "b,\"", "c\nd"]);
        let read: Vec<Vec<String>> = (reader.records())
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        prop_assert_eq!(read, rows);
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn what_is_no_text_is_told_by_its_first_bytes() {
    for (format, first) in [(Format::Xlsx, &b"PK\x03\x04"[..]), (Format::Parquet, b"PAR1")] {
        let mut bytes = Vec::new();
        format.write(&sample(), &mut bytes, &Options::default()).expect("a vector takes all");
        assert!(bytes.starts_with(first) && format.is_binary(), "{format:?}");
    }
}

#[test]
fn a_workbook_refuses_what_it_cannot_hold() {
    let mut table = Table { columns: vec![Column::new("text")], ..Table::default() };
    table.rows.push(vec![Value::Text("字".repeat(32_767))]);
    let write = |table: &Table| Format::Xlsx.write(table, &mut Vec::new(), &Options::default());
    assert!(write(&table).is_ok());
    table.rows.push(vec![Value::Text("字".repeat(32_768))]);
    let said = write(&table).expect_err("a cell is full").to_string();
    assert!(said.starts_with("row 2 of column text has 32768 characters"), "{said}");
    table.rows = vec![vec![Value::Null]; 1 << 20];
    let said = write(&table).expect_err("a sheet is full").to_string();
    assert!(said.starts_with("the answer has 1048576 rows"), "{said}");
}

#[test]
fn what_a_table_says_once_stands_on_every_card() {
    let mut table = Table {
        columns: vec![column("organ", "机关", Unit::Plain), column("late", "逾期", Unit::Label)],
        rows: vec![
            vec![Value::Text("甲县某某局".to_owned()), Value::Int(0)],
            vec![Value::Text("甲县某某局".to_owned()), Value::Int(0)],
            vec![Value::Text("乙县某某局".to_owned()), Value::Int(0)],
        ],
        total_rows: None,
    };
    table.columns[0].labels = vec![None, Some(String::new()), None];
    // nothing stands for 0
    table.columns[1].labels = vec![Some(String::new()); 3];
    assert_eq!(print(Format::Table, &table).matches("甲县某某局").count(), 1);
    let narrow = Options { width: Some(12), ..Options::default() };
    let cards = "── 1 ──\n机关  甲县某\n      某局\n逾期\n── 2 ──\n机关  甲县某\n      某局\n逾期\n\
                 ── 3 ──\n机关  乙县某\n      某局\n逾期\n";
    assert_eq!(print_with(Format::Table, &table, &narrow), cards);
}

#[test]
fn differences_and_ratios_are_rounded_for_people_only() {
    let values = || vec![Value::Real(-0.102_829_5), Value::Real(0.25), Value::Real(27.5)];
    let table = Table {
        columns: vec![
            column("change", "变化（百分点）", Unit::Points),
            column("growth", "增长率", Unit::Growth),
            column("mean", "平均", Unit::Ratio),
        ],
        rows: vec![values(), vec![Value::Int(1), Value::Int(-2), Value::Int(3)]],
        total_rows: None,
    };
    let people = print(Format::Markdown, &table);
    assert!(people.contains("| -10.28 |") && people.contains(" 25.00% |"), "{people}");
    assert!(people.contains(" 27.50 |"), "{people}");
    assert!(people.contains("| 100.00 |") && people.contains(" -200.00% | 3.00 |"), "{people}");
    assert!(print(Format::Csv, &table).contains("-0.1028295,0.25,27.5"));
}
