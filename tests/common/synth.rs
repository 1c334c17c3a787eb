//! Made-up reports in any number: consistent figures by the form's own sums, laid out as pages of
//! several kinds. The same number always gives the same report.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use nianbao::form::{Block, Form, FormTable, Forms, Layout, Over, ValueKind, read_cell};
use nianbao::region::{Level, Regions};
use nianbao::report::{Cell, Report, SCHEMA, Scope, Section, Source};

/// A small generator of numbers, good enough to vary figures (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n.max(1)
    }
}

const OFFICES: [&str; 12] = [
    "教育局",
    "民政局",
    "财政局",
    "司法局",
    "审计局",
    "统计局",
    "水利局",
    "交通运输局",
    "农业农村局",
    "卫生健康委员会",
    "应急管理局",
    "市场监督管理局",
];

const SENTENCES: [&str; 8] = [
    "我们按照条例的要求及时公开应当公开的政府信息，公开目录按月更新。",
    "对收到的申请逐件登记、逐件审核，在法定期限内作出答复。",
    "政府网站和政务新媒体由专人管理，发布前经过审核。",
    "全年举办培训两次，参加人员覆盖各科室和下属单位。",
    "公开内容与群众需要之间仍有差距，部分信息更新不够及时。",
    "下一步将完善工作机制，提高答复质量，加强业务培训。",
    "对行政复议和行政诉讼中反映的问题逐件分析，改进办理工作。",
    "监督考核结果纳入年度考核，问题整改情况定期通报。",
];

/// Reports by number.
pub struct Synth {
    forms: Forms,
    counties: Vec<(String, String)>,
}

impl Default for Synth {
    fn default() -> Synth {
        let regions = Regions::builtin();
        let counties = regions.iter().filter(|r| r.level() == Level::County && !r.is_former());
        let counties = counties.map(|r| (r.code.to_string(), regions.path(r.code))).collect();
        Synth { forms: Forms::builtin(), counties }
    }
}

impl Synth {
    pub fn form(&self, edition: &str) -> &Form {
        self.forms.get(edition).unwrap()
    }

    /// The county of a number's body, and how many of its bodies come before it.
    pub fn seat(&self, number: u64) -> (usize, usize) {
        let body = number as usize / 10;
        ((body * 7) % self.counties.len(), body / self.counties.len())
    }

    /// Name of a county, with those above it.
    pub fn place(&self, county: usize) -> &str {
        &self.counties[county].1
    }

    /// The report of a number: ten years of a body stand one after another.
    pub fn report(&self, number: u64) -> Report {
        let mut random = Random::new(number + 1);
        let year = 2016 + (number % 10) as i32;
        let body = number / 10;
        let (code, place) = &self.counties[self.seat(number).0];
        let office = OFFICES[(body as usize / self.counties.len() + body as usize) % OFFICES.len()];
        let ordinal = body as usize / (self.counties.len() * OFFICES.len());
        let edition = match year {
            ..2019 => "2014",
            2019 | 2020 => "2019",
            _ => "2021",
        };
        let organ = if ordinal == 0 {
            format!("{place}{office}")
        } else {
            format!("{place}第{ordinal}{office}")
        };
        let form = self.form(edition);
        let cells = cells(form, &mut random);
        let total = |name: &str| cells.iter().find(|c| c.name() == name).and_then(|c| c.value);
        let received = total("applications/received.new/total")
            .or(total("statistics/applications.received/value"));
        let sections =
            sections(&organ, year, received.map_or(0, |d| d.try_into().unwrap_or(0)), &mut random);
        Report {
            schema: SCHEMA.to_owned(),
            title: Some(format!("{organ}{year}年政府信息公开工作年度报告")),
            organ: Some(organ.clone()),
            organ_printed: Some(organ),
            region_code: Some(code.clone()),
            township_code: None,
            year: Some(year),
            scope: Some(Scope::Own),
            edition: Some(edition.to_owned()),
            published: Some(format!("{}-01-{:02}", year + 1, 1 + random.below(31))),
            source: Source {
                path: format!("synth/{number}.html"),
                sha256: format!("{number:064x}"),
                media_type: "text/html".to_owned(),
                encoding: Some("UTF-8".to_owned()),
            },
            sections,
            cells,
            findings: Vec::new(),
        }
    }

    /// The same report as a page or a text, in one of several layouts.
    pub fn page(&self, number: u64) -> (String, &'static str) {
        let report = self.report(number);
        let form = self.form(report.edition.as_deref().unwrap());
        if number % 4 == 3 { (text(&report, form), "txt") } else { (html(&report, form), "html") }
    }
}

/// Figures that agree with every sum of the form: parts drawn, totals worked out until all hold.
fn cells<'f>(form: &'f Form, random: &mut Random) -> Vec<Cell> {
    let mut values: BTreeMap<(&'f str, &'f str, &'f str), i64> = BTreeMap::new();
    for table in &form.tables {
        for c in table.cells() {
            let drawn = if random.below(3) == 0 { random.below(40) } else { 0 };
            values.insert((&table.key, &c.row.key, &c.column.key), drawn as i64);
        }
        // the balance has two totals: what was not processed is carried out
        for _ in 0..3 {
            for sum in &table.sums {
                let lines: Vec<&'f str> = match sum.over {
                    Over::Columns => table.rows().map(|r| r.key.as_str()).collect(),
                    Over::Rows => table.columns.iter().map(|c| c.key.as_str()).collect(),
                };
                for line in lines {
                    let key = |term: &'f str| match sum.over {
                        Over::Columns => (table.key.as_str(), line, term),
                        Over::Rows => (table.key.as_str(), term, line),
                    };
                    let side =
                        |terms: &'f [String], v: &BTreeMap<(&'f str, &'f str, &'f str), i64>| {
                            terms.iter().map(|t| v.get(&key(t)).copied().unwrap_or(0)).sum::<i64>()
                        };
                    if sum.total.len() == 1 {
                        let parts = side(&sum.parts, &values);
                        if let Some(total) = values.get_mut(&key(&sum.total[0])) {
                            *total = parts;
                        }
                    } else {
                        let missing = side(&sum.total, &values) - side(&sum.parts, &values);
                        if let Some(first) = values.get_mut(&key(&sum.parts[0])) {
                            *first = (*first + missing).max(0);
                        }
                    }
                }
            }
        }
    }
    let cells = form.cells().map(|c| {
        let value = values[&(c.table.key.as_str(), c.row.key.as_str(), c.column.key.as_str())];
        let raw = value.to_string();
        let reading = read_cell(&raw, c.kind());
        Cell {
            edition: None,
            table: c.table.key.clone(),
            row: c.row.key.clone(),
            column: c.column.key.clone(),
            value: reading.value,
            unit: if c.kind() == ValueKind::Money { c.unit().or(Some("万元")) } else { c.unit() }
                .map(str::to_owned),
            raw: Some(raw),
            state: reading.state,
            at: None,
            correction: None,
            confidence: None,
        }
    });
    cells.collect()
}

fn sections(organ: &str, year: i32, received: i64, random: &mut Random) -> Vec<Section> {
    let titles = [
        "总体情况",
        "主动公开政府信息情况",
        "收到和处理政府信息公开申请情况",
        "政府信息公开行政复议、行政诉讼情况",
        "存在的主要问题及改进情况",
        "其他需要报告的事项",
    ];
    let mut out = Vec::new();
    for (i, title) in titles.iter().enumerate() {
        let mut lines = Vec::new();
        match i {
            0 => {
                lines.push(format!(
                    "{year}年，{organ}认真落实条例的要求，全年新收申请{received}件。"
                ));
                for _ in 0..6 {
                    lines.push(SENTENCES[random.below(8) as usize].repeat(3));
                }
            }
            4 => lines.push(SENTENCES[random.below(8) as usize].repeat(4)),
            5 => lines.push("本年未发出收费通知，未收取信息处理费。".to_owned()),
            _ => {}
        }
        out.push(Section { no: i as u8 + 1, title: (*title).to_owned(), text: lines.join("\n") });
    }
    out
}

fn value<'r>(report: &'r Report, table: &str, row: &str, column: &str) -> &'r str {
    let found = report
        .cells
        .iter()
        .find(|c| (c.table.as_str(), c.row.as_str(), c.column.as_str()) == (table, row, column));
    found.and_then(|c| c.raw.as_deref()).unwrap_or("")
}

const NUMERALS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

fn html(report: &Report, form: &Form) -> String {
    let title = report.title.as_deref().unwrap();
    let mut out = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}</title></head><body>\n<div class=\"nav\"><a href=\"/\">首页</a> &gt; 政府信息公开年报</div>\n<h1>{title}</h1>\n<p>发布日期：{}</p>\n",
        report.published.as_deref().unwrap()
    );
    for section in &report.sections {
        writeln!(
            out,
            "<p><strong>{}、{}</strong></p>",
            NUMERALS[usize::from(section.no) - 1],
            section.title
        )
        .unwrap();
        section
            .text
            .lines()
            .for_each(|l| writeln!(out, "<p style=\"text-indent:2em\">{l}</p>").unwrap());
        let here = |t: &&FormTable| t.section.unwrap_or(2) == section.no;
        for table in form.tables.iter().filter(here) {
            out.push_str("<table border=\"1\" class=\"MsoNormalTable\">\n");
            match table.layout {
                Layout::Line => line_table(report, table, &mut out),
                Layout::Rows => table.blocks.iter().for_each(|b| block(report, table, b, &mut out)),
            }
            out.push_str("</table>\n");
        }
    }
    out.push_str("<div>扫一扫在手机打开当前页</div></body></html>\n");
    out
}

fn block(report: &Report, table: &FormTable, block: &Block, out: &mut String) {
    let width = table.blocks.iter().map(|b| b.columns.len()).max().unwrap();
    let span = width / block.columns.len().max(1);
    if let Some(caption) = &block.caption {
        writeln!(out, "<tr><td colspan=\"{}\"><p>{caption}</p></td></tr>", width + 1).unwrap();
    }
    let groups: Vec<&str> = table.block_columns(block).filter_map(|c| c.group.as_deref()).collect();
    let corner = block.corner.as_deref().or(table.note.as_deref()).unwrap_or("项目");
    if groups.is_empty() {
        write!(out, "<tr><td>{corner}</td>").unwrap();
        table.block_columns(block).for_each(|c| {
            write!(out, "<td colspan=\"{span}\"><p><span>{}</span></p></td>", c.label).unwrap()
        });
        out.push_str("</tr>\n");
    } else {
        write!(out, "<tr><td rowspan=\"2\">{corner}</td>").unwrap();
        let mut seen = false;
        for column in table.block_columns(block) {
            match &column.group {
                Some(group) if !seen => {
                    seen = true;
                    write!(out, "<td colspan=\"{}\">{group}</td>", groups.len()).unwrap();
                }
                Some(_) => {}
                None => write!(out, "<td rowspan=\"2\">{}</td>", column.label).unwrap(),
            }
        }
        out.push_str("</tr>\n<tr>");
        table
            .block_columns(block)
            .filter(|c| c.group.is_some())
            .for_each(|c| write!(out, "<td>{}</td>", c.label).unwrap());
        out.push_str("</tr>\n");
    }
    for row in &block.rows {
        write!(out, "<tr><td><p>{}</p></td>", row.label).unwrap();
        for column in table.block_columns(block) {
            let value = value(report, &table.key, &row.key, &column.key);
            write!(out, "<td colspan=\"{span}\"><p align=\"center\"><span lang=\"EN-US\">{value}</span></p></td>").unwrap();
        }
        out.push_str("</tr>\n");
    }
}

fn line_table(report: &Report, table: &FormTable, out: &mut String) {
    let block = &table.blocks[0];
    let n = block.columns.len();
    let (alone, grouped): (Vec<_>, Vec<_>) = block.rows.iter().partition(|r| r.path.is_empty());
    out.push_str("<tr>");
    alone.iter().for_each(|r| write!(out, "<td colspan=\"{n}\">{}</td>", r.label).unwrap());
    write!(out, "<td colspan=\"{}\">{}</td></tr>\n<tr>", n * grouped.len(), grouped[0].path[0])
        .unwrap();
    for _ in &alone {
        table
            .block_columns(block)
            .for_each(|c| write!(out, "<td rowspan=\"2\">{}</td>", c.label).unwrap());
    }
    grouped.iter().for_each(|r| write!(out, "<td colspan=\"{n}\">{}</td>", r.label).unwrap());
    out.push_str("</tr>\n<tr>");
    for _ in &grouped {
        table.block_columns(block).for_each(|c| write!(out, "<td>{}</td>", c.label).unwrap());
    }
    out.push_str("</tr>\n<tr>");
    for row in alone.iter().chain(&grouped) {
        for column in table.block_columns(block) {
            write!(out, "<td>{}</td>", value(report, &table.key, &row.key, &column.key)).unwrap();
        }
    }
    out.push_str("</tr>\n");
}

/// One cell a line, as extractors flatten tables.
fn text(report: &Report, form: &Form) -> String {
    let mut out = format!(
        "{}\n\n日期:{}\n\n",
        report.title.as_deref().unwrap(),
        report.published.as_deref().unwrap()
    );
    for section in &report.sections {
        writeln!(out, "{}、{}\n", NUMERALS[usize::from(section.no) - 1], section.title).unwrap();
        section.text.lines().for_each(|l| writeln!(out, "{l}\n").unwrap());
        for table in form.tables.iter().filter(|t| t.section.unwrap_or(2) == section.no) {
            let mut cell = |text: &str| writeln!(out, "{text}\n").unwrap();
            for block in &table.blocks {
                if table.layout == Layout::Line {
                    cell("行政复议");
                    cell("行政诉讼");
                    table.block_columns(block).for_each(|c| cell(&c.label));
                    block.rows.iter().filter(|r| !r.path.is_empty()).for_each(|r| cell(&r.label));
                    for _ in 0..2 {
                        table.block_columns(block).for_each(|c| cell(&c.label));
                    }
                    for row in &block.rows {
                        table
                            .block_columns(block)
                            .for_each(|c| cell(value(report, &table.key, &row.key, &c.key)));
                    }
                    continue;
                }
                block.caption.iter().chain(&block.corner).for_each(|c| cell(c));
                let columns: Vec<_> = table.block_columns(block).collect();
                columns.iter().filter(|c| c.group.is_none()).for_each(|c| {
                    cell(&c.label);
                    if let Some(group) = columns
                        .iter()
                        .find_map(|g| g.group.as_ref())
                        .filter(|_| c.key == columns[0].key)
                    {
                        cell(group);
                    }
                });
                columns.iter().filter(|c| c.group.is_some()).for_each(|c| cell(&c.label));
                for row in &block.rows {
                    cell(&row.label);
                    columns.iter().for_each(|c| cell(value(report, &table.key, &row.key, &c.key)));
                }
            }
        }
    }
    out
}
