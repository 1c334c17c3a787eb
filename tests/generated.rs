//! Generated reports of all editions and layouts come back as they were made.

mod common;

use common::synth::Synth;
use nianbao::form::Forms;
use nianbao::parse::{Hints, Parser};
use nianbao::region::Regions;

#[test]
fn generated_pages_parse_to_the_figures_they_were_made_of() {
    let synth = Synth::default();
    let forms = Forms::builtin();
    let parser = Parser::new(&forms, Regions::builtin());
    for number in 0..240 {
        let made = synth.report(number);
        let (page, kind) = synth.page(number);
        let read = parser.parse(page.as_bytes(), "page", &Hints::default()).unwrap();
        assert_eq!((&read.edition, read.year), (&made.edition, made.year), "{number}.{kind}");
        assert_eq!(read.published, made.published, "{number}.{kind}");
        assert_eq!(read.region_code, made.region_code, "{number}.{kind} {:?}", read.organ);
        for (read, made) in read.cells.iter().zip(&made.cells) {
            assert_eq!(
                (read.name(), read.value),
                (made.name(), made.value),
                "{number}.{kind}\n{page}"
            );
        }
        let doubts: Vec<_> = read.findings.iter().filter(|f| f.rule != "money-unit").collect();
        assert!(doubts.is_empty(), "{number}.{kind}: {doubts:?}");
    }
}
