//! How fast questions are answered over many reports.

use std::path::Path;
use std::time::Duration;

use nianbao::form::Forms;
use nianbao::lang::Lang;
use nianbao::query::{Limits, catalog::Catalog};
use nianbao::store;

use crate::synth::Synth;
use crate::{new_store, organ, python, timed};

/// The rate query and the full-text search over `n` reports.
pub fn all(n: u64) {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("ask.db");
    let forms = Forms::builtin();
    let synth = Synth::default();
    let mut store = new_store(&db, &forms);
    store.set_archive(false);
    for number in 0..n {
        let (report, organ) = organ(&synth, number);
        store.write(&report, &organ, None, None).unwrap();
    }
    store.close().unwrap();
    println!("### Asking {n} reports ({} MB)\n", std::fs::metadata(&db).unwrap().len() >> 20);
    rate_query(&db, dir.path());
    search(&db);
}

fn best(mut work: impl FnMut()) -> Duration {
    (0..7).map(|_| timed(&mut work).1).min().unwrap()
}

fn rate_query(db: &Path, dir: &Path) {
    let catalog = Catalog::load(None).unwrap();
    let query = catalog.get("review-correction-rate").unwrap();
    let params = query.params(&std::collections::BTreeMap::new()).unwrap();
    let mut conn = store::open_read_only(db).unwrap();
    let time = best(|| {
        query.run(&mut conn, &params, &Limits::default(), Lang::Zh).unwrap();
    });
    println!("`review-correction-rate`: {:.1} ms here", time.as_secs_f64() * 1e3);
    python("correction_rate.py", &[&db.to_string_lossy(), &dir.to_string_lossy()]);
    println!();
}

const SHORT: [&str; 20] = [
    "公开", "政府", "信息", "培训", "申请", "复议", "诉讼", "答复", "网站", "新媒", "考核", "整改",
    "收费", "教育", "水利", "北京", "江苏", "宿迁", "海淀", "未收",
];
const LONG: [&str; 10] = [
    "信息公开",
    "行政复议",
    "法定期限",
    "政务新媒体",
    "未发出收费通知",
    "部分信息更新不够及时",
    "认真落实条例的要求",
    "海淀区教育局",
    "逐件登记、逐件审核",
    "全年新收申请12件",
];

fn search(db: &Path) {
    let conn = store::open_read_only(db).unwrap();
    println!("| word | sections | LIKE, ms | search, ms |\n|---|---|---|---|");
    let (mut slow, mut fast) = (Duration::ZERO, Duration::ZERO);
    for word in SHORT.iter().chain(&LONG) {
        let like = || -> i64 {
            let sql = "SELECT COUNT(*) FROM section WHERE text LIKE ?1";
            conn.prepare_cached(sql)
                .unwrap()
                .query_row([format!("%{word}%")], |r| r.get(0))
                .unwrap()
        };
        let (expected, scan) = timed(like);
        let ((_, found), indexed) = timed(|| store::search(&conn, word, 50).unwrap());
        assert_eq!(expected, found as i64, "'{word}' finds what LIKE finds");
        slow += scan;
        fast += indexed;
        println!(
            "| {word} | {found} | {:.1} | {:.1} |",
            scan.as_secs_f64() * 1e3,
            indexed.as_secs_f64() * 1e3
        );
    }
    println!("| all | | {:.0} | {:.0} |", slow.as_secs_f64() * 1e3, fast.as_secs_f64() * 1e3);
}
