use nianbao::form::Forms;
use nianbao::parse::Parser;

fn main() {
    let forms = Forms::builtin();
    let parser = Parser::new(&forms, nianbao::region::Regions::builtin());
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        println!(
            "{}",
            serde_json::to_string(&parser.parse(&bytes, &path, &Default::default()).unwrap())
                .unwrap()
        );
    }
}
