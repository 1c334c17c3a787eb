//! Bodies over renames and mergers: built in, from a user's list, whatever the order of loads.

mod common;

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use common::synth::Synth;
use insta::assert_snapshot;
use tempfile::TempDir;

/// A folder with a database, and reports to load into it.
struct Place {
    dir: TempDir,
    synth: Synth,
}

impl Place {
    fn new() -> Place {
        Place { dir: tempfile::tempdir().unwrap(), synth: Synth::default() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// A report of that body and year, its figures made up.
    fn report(&self, region: &str, organ: &str, year: i32) -> String {
        let mut report = self.synth.report((year.max(2016) - 2016) as u64);
        report.organ = Some(organ.to_owned());
        report.organ_printed = Some(organ.to_owned());
        report.title = Some(format!("{organ}{year}年政府信息公开工作年度报告"));
        report.region_code = Some(region.to_owned()).filter(|r| !r.is_empty());
        report.year = Some(year);
        let name = format!("{organ}{year}.json");
        report.source.path.clone_from(&name);
        report.source.sha256 = format!("{name:x<64}");
        self.write(&name, &serde_json::to_string(&report).unwrap());
        name
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        self.run_with(args, &[])
    }

    fn run_with(&self, args: &[&str], env: &[(&str, &str)]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("nianbao").unwrap();
        for name in ["NIANBAO_DB", "NIANBAO_FORMS", "NIANBAO_REGIONS", "NIANBAO_ORGANS"] {
            command.env_remove(name);
        }
        command.current_dir(self.dir.path()).env("LC_ALL", "zh_CN.UTF-8");
        let output = command.envs(env.iter().copied()).args(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn ok(&self, args: &[&str]) -> String {
        let (code, out, err) = self.run(args);
        assert_eq!(code, 0, "{args:?}: {err}");
        out
    }

    fn fails(&self, args: &[&str]) -> String {
        let (code, out, err) = self.run(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        err
    }

    fn load(&self, files: &[String]) {
        let mut args = vec!["load", "--quiet"];
        args.extend(files.iter().map(String::as_str));
        self.ok(&args);
    }

    fn sql(&self, sql: &str) -> String {
        self.ok(&["sql", sql, "--format", "csv"])
    }

    /// Bodies, links and series without ids, which depend on the order of loads.
    fn lineage(&self) -> String {
        let links = "SELECT o.name AS organ, s.name AS successor, l.year FROM organ_successor AS l
            INNER JOIN organ AS o ON o.id = l.organ_id INNER JOIN organ AS s ON s.id = l.successor_id
            ORDER BY 1, 2";
        let bodies = "SELECT organ, series, valid_from, valid_to, first_report, last_report
            FROM v_organ_series ORDER BY series, first_report, organ";
        format!("{}\n{}", self.sql(links), self.sql(bodies))
    }
}

/// The reform of 2018 in one city and at the centre, and a county that became a district.
fn reports(place: &Place) -> Vec<String> {
    [
        ("321300", "宿迁市国土资源局", 2017),
        ("321300", "宿迁市国土资源局", 2018),
        ("321300", "宿迁市自然资源和规划局", 2019),
        ("321300", "宿迁市工商行政管理局", 2017),
        ("321300", "宿迁市质量技术监督局", 2017),
        ("321300", "宿迁市市场监督管理局", 2019),
        ("321300", "宿迁市教育局", 2017),
        ("", "中国银行业监督管理委员会", 2017),
        ("", "国家金融监督管理总局", 2023),
        ("110228", "密云县国土资源局", 2014),
        ("110118", "密云区自然资源局", 2019),
    ]
    .map(|(region, organ, year)| place.report(region, organ, year))
    .into()
}

const SERIES: &str =
    "SELECT s.name AS series, q.year, COUNT(*) AS bodies, SUM(q.received) AS received
    FROM v_requests AS q INNER JOIN organ AS s ON s.id = q.series_id
    GROUP BY q.series_id, q.year ORDER BY series, q.year";

#[test]
fn a_series_follows_a_body_over_the_reform() {
    let place = Place::new();
    place.load(&reports(&place));
    assert_snapshot!("lineage", place.lineage());
    assert_snapshot!("series", place.sql(SERIES));
}

#[test]
fn the_order_of_loads_does_not_matter() {
    let (at_once, apart) = (Place::new(), Place::new());
    let files = reports(&at_once);
    at_once.load(&files);
    reports(&apart).iter().rev().for_each(|file| apart.load(std::slice::from_ref(file)));
    assert_eq!(at_once.lineage(), apart.lineage());
    let before = fs::read(at_once.path("nianbao.db")).unwrap();
    at_once.load(&files);
    assert_eq!(before.len(), fs::read(at_once.path("nianbao.db")).unwrap().len());
    assert_eq!(at_once.lineage(), apart.lineage());
}

#[test]
fn links_that_a_killed_load_did_not_come_to_are_made_by_the_next() {
    let place = Place::new();
    let files = reports(&place);
    place.load(&files);
    let whole = place.lineage();
    let conn = rusqlite::Connection::open(place.path("nianbao.db")).unwrap();
    conn.execute_batch(
        "DELETE FROM organ_successor;
         UPDATE organ SET valid_from = NULL, valid_to = NULL, series_id = NULL;",
    )
    .unwrap();
    drop(conn);
    assert_ne!(place.lineage(), whole);
    place.load(&files);
    assert_eq!(place.lineage(), whole);
}

#[test]
fn a_second_candidate_takes_a_link_back() {
    let place = Place::new();
    let old = place.report("321300", "宿迁市旅游局", 2017);
    let new = place.report("321300", "宿迁市文化广电和旅游局", 2019);
    place.load(&[old, new]);
    let links = "SELECT COUNT(*) AS links FROM organ_successor";
    assert_eq!(place.sql(links), "links\n1\n");
    place.load(&[place.report("321300", "宿迁市文化和旅游局", 2020)]);
    assert_eq!(place.sql(links), "links\n0\n");
    assert!(!place.lineage().contains("宿迁市旅游局,宿迁市文化"));
}

#[test]
fn show_tells_under_which_name_to_look() {
    let place = Place::new();
    place.load(&reports(&place));
    let mut seen = String::new();
    for (body, year) in [
        ("宿迁市国土资源局", "2019"),
        ("宿迁市自然资源和规划局", "2017"),
        ("宿迁市市场监督管理局", "2017"),
        ("国家金融监督管理总局", "2017"),
        ("中国银行业监督管理委员会", "2022"),
        ("宿迁市教育局", "2018"),
    ] {
        seen.push_str(&place.fails(&["show", body, year]));
        seen.push_str(&place.fails(&["show", body, year, "--lang", "en"]));
    }
    assert_snapshot!("show", seen);
    // of the last year of the old name the new one may report already
    place.load(&[place.report("321300", "宿迁市环境保护局", 2017)]);
    place.load(&[place.report("321300", "宿迁市生态环境局", 2018)]);
    let either = place.fails(&["show", "宿迁市环境保护局", "2018"]);
    assert!(either.contains("宿迁市生态环境局"), "{either}");
    // one of another region is not meant
    let elsewhere = place.fails(&["show", "宿迁市国土资源局", "2019", "--region", "北京"]);
    assert!(!elsewhere.contains("自然资源"), "{elsewhere}");
}

#[test]
fn a_users_list_adds_to_what_is_known_and_stays() {
    let place = Place::new();
    let files: Vec<String> = [
        ("宿迁市经济和信息化委员会", 2017),
        ("宿迁市工业和信息化局", 2019),
        ("宿迁市国土资源局", 2017),
        ("宿迁市自然资源和规划局", 2019),
    ]
    .map(|(organ, year)| place.report("321300", organ, year))
    .into();
    place.load(&files);
    // as a spreadsheet writes it
    place.write(
        "organs.csv",
        "\u{FEFF}organ,region,valid_from,valid_to,successor,year,note\r\n\
         经济和信息化委员会,宿迁,2010,2018,工业和信息化局,2019,市机构改革方案\r\n\
         国土资源局,*,,,-,,\r\n",
    );
    let with = ["load", "--quiet", &files[0], "--organs", "organs.csv"];
    place.ok(&with);
    let first = place.lineage();
    assert_snapshot!("users_list", first);
    // a load without the list knows it still
    place.load(&files);
    assert_eq!(place.lineage(), first);
    // another list takes its place
    place.write("organs.csv", "organ\n");
    let env = [("NIANBAO_ORGANS", "organs.csv")];
    let (code, _, err) = place.run_with(&["load", "--quiet", &files[0]], &env);
    assert_eq!(code, 0, "{err}");
    let lineage = place.lineage();
    assert!(lineage.contains("宿迁市国土资源局,宿迁市自然资源和规划局,2019"), "{lineage}");
    assert!(!lineage.contains("宿迁市经济和信息化委员会,宿迁市工业和信息化局"), "{lineage}");
}

#[test]
fn a_mistake_in_a_users_list_is_named_and_nothing_is_loaded() {
    let place = Place::new();
    let report = place.report("321300", "宿迁市教育局", 2017);
    let mut seen = String::new();
    for text in [
        "organ,successer\n",
        "name\n",
        "organ,region\n教育局,\n",
        "organ,region\n教育局,宿\n",
        "organ,region,year\n宿迁市教育局,,今年\n",
        "organ,region,valid_from,valid_to\n宿迁市教育局,,2019,2018\n",
        "organ,successor\n宿迁市教育局,宿迁市教育局\n",
        "organ,region\n宿迁市教育局,\n宿迁市民政局,\n教育局,宿迁市\n",
        "organ,region\n,宿迁市\n",
        "organ,region\n教育局\n",
    ] {
        place.write("bad.csv", text);
        for lang in ["zh", "en"] {
            let args = ["load", &report, "--organs", "bad.csv", "--lang", lang];
            seen.push_str(&place.fails(&args));
        }
    }
    seen.push_str(&place.fails(&["load", &report, "--organs", "none.csv"]));
    assert_snapshot!("mistakes", seen);
    assert!(!place.path("nianbao.db").exists());
}

#[test]
fn regions_given_later_carry_their_bodies() {
    let place = Place::new();
    let files = [("321302", "宿城区教育局", 2017), ("321311", "宿豫区教育局", 2019)]
        .map(|(region, organ, year)| place.report(region, organ, year));
    place.load(&files);
    place.write(
        "regions.csv",
        "code,name,parent,valid_from,valid_to,successor,note\n321302,宿城区,321300,,2018,321311,并入\n",
    );
    place.ok(&["load", "--quiet", &files[0], "--regions", "regions.csv"]);
    assert!(place.lineage().contains("宿城区教育局,宿豫区教育局,2018"), "{}", place.lineage());
}
