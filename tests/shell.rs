//! The prompt as its user has it: the real binary in a terminal, and with a script.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr as _;

const PROGRAM: &str = env!("CARGO_BIN_EXE_nianbao");
/// What the line editor writes when it begins to read, and when it ends: between the end and the
/// next beginning stands what the program says.
const BEGINS: &str = "\u{1b}[?2004h";
const ENDS: &str = "\u{1b}[?2004l";
/// The question where the cursor is, and an answer to it.
const QUESTION: &str = "\u{1b}[6n";
const ANSWER: &[u8] = b"\x1b[1;1R";
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
const UP: &str = "\u{1b}[A";
/// However busy the machine is, by then it has answered.
const PATIENCE: Duration = Duration::from_secs(120);
/// A key is given again after this long without an effect.
const AGAIN: Duration = Duration::from_secs(10);

const ENDLESS: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n;";

/// A folder with the examples loaded.
fn place() -> TempDir {
    let place = tempfile::tempdir().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/reports");
    let mut load = std::process::Command::new(PROGRAM);
    load.arg("load").arg(examples).args(["--quiet", "--db"]).arg(place.path().join("nianbao.db"));
    assert!(load.status().unwrap().success());
    place
}

/// The shell in a new terminal.
fn spawn(place: &Path, columns: u16, variables: &[(&str, &str)]) -> (Pty, Child) {
    let (pty, pts) = open().unwrap();
    pty.resize(Size::new(40, columns)).unwrap();
    let child = Command::new(PROGRAM)
        .arg("shell")
        .current_dir(place)
        .env_remove("NIANBAO_DB")
        .env_remove("NO_COLOR")
        .env("TERM", "xterm-256color")
        .env("LC_ALL", "zh_CN.UTF-8")
        .env("PAGER", "cat")
        .env("XDG_STATE_HOME", place.join("state"))
        .envs(variables.iter().copied())
        .spawn(pts)
        .unwrap();
    (pty, child)
}

/// A terminal in which the shell runs.
struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    written: Arc<Mutex<String>>,
    /// Bytes of `written` that were looked at.
    seen: usize,
}

impl Terminal {
    fn of(place: &Path, columns: u16, variables: &[(&str, &str)]) -> Terminal {
        let (pty, child) = spawn(place, columns, variables);
        let (pty, written) = (Arc::new(pty), Arc::default());
        std::thread::spawn({
            let (pty, written) = (Arc::clone(&pty), Arc::clone(&written));
            move || attend(&pty, &written, usize::MAX)
        });
        Terminal { pty, child, written, seen: 0 }
    }

    /// At its first prompt.
    fn ready(place: &Path, columns: u16) -> Terminal {
        let mut terminal = Terminal::of(place, columns, &[]);
        terminal.until(BEGINS);
        terminal
    }

    fn written(&self) -> String {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn send(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// What comes until a text has come, colours and movements taken away.
    fn until(&mut self, text: &str) -> String {
        self.within(text, PATIENCE).unwrap_or_else(|| {
            panic!("no {text:?} in {:?}", &self.written()[self.seen..]);
        })
    }

    fn within(&mut self, text: &str, patience: Duration) -> Option<String> {
        let end = Instant::now() + patience;
        while Instant::now() < end {
            let written = self.written();
            let new = &written[self.seen..];
            let raw = text.starts_with('\u{1b}');
            let (length, found) = match new.find(text) {
                Some(at) if raw => (at + text.len(), true),
                _ => (new.len(), !raw && plain(new).contains(text)),
            };
            if found {
                self.seen += length;
                return Some(plain(&new[..length]));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }

    /// Types a line, and gives what the program says to it.
    fn enter(&mut self, line: &str) -> String {
        self.send(&format!("{line}\r"));
        self.until(ENDS);
        self.until(BEGINS)
    }

    /// Leaves, and gives the exit code.
    fn leave(mut self) -> Option<i32> {
        self.send(CTRL_D);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a terminal does: it keeps what is written and tells where the cursor is. It ends with the
/// program, or when so many prompts were written.
fn attend(pty: &Pty, written: &Mutex<String>, prompts: usize) {
    let mut pending = Vec::new();
    let mut buffer = [0; 4096];
    let mut questions = 0;
    // the end of the program is an error here
    while let Ok(length) = { pty }.read(&mut buffer) {
        pending.extend_from_slice(&buffer[..length]);
        let valid = match std::str::from_utf8(&pending) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let text: Vec<u8> = pending.drain(..valid).collect();
        let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
        written.push_str(std::str::from_utf8(&text).unwrap());
        let asked = written.matches(QUESTION).count();
        let enough = written.matches(BEGINS).count() >= prompts;
        drop(written);
        for _ in questions..asked {
            let _ = { pty }.write_all(ANSWER);
        }
        questions = asked;
        if enough {
            return;
        }
    }
}

/// Text without colours and movements of the cursor.
fn plain(text: &str) -> String {
    let escapes = regex::Regex::new("\u{1b}(\\[[0-9;?]*[A-Za-z]|[78])").unwrap();
    escapes.replace_all(text, "").replace("\r\n", "\n").replace('\r', "")
}

/// The program with a script on its standard input.
fn script(place: &Path, arguments: &[&str], text: &str) -> Output {
    let mut command = std::process::Command::new(PROGRAM);
    command.arg("shell").args(arguments).current_dir(place);
    command.env_remove("NIANBAO_DB").env("LC_ALL", "zh_CN.UTF-8");
    command.env("XDG_STATE_HOME", place.join("state"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn history(place: &Path) -> PathBuf {
    place.join("state/nianbao/history")
}

#[test]
fn tab_completes_names_and_proposes_parameters() {
    let place = place();
    let mut terminal = Terminal::ready(place.path(), 100);
    terminal.send("SELECT uph\t");
    terminal.until("SELECT upheld");
    terminal.send(" FROM v_ca\t");
    terminal.until("SELECT upheld FROM v_case ");
    let answer = terminal.enter("WHERE year = 2023 LIMIT 1;");
    assert!(answer.lines().any(|line| line == "│ upheld │"), "{answer}");

    terminal.send(".run outc\t");
    terminal.until(".run outcomes ");
    terminal.send("\t");
    let menu = terminal.until("scope=");
    assert!(menu.contains("from=") && menu.contains("起始年度"), "{menu}");
    terminal.send(CTRL_C);
    terminal.until(BEGINS);
    // a Chinese label finds its column
    terminal.send("SELECT 部分公开\t");
    terminal.until("SELECT partially_granted");
}

#[test]
fn history_is_kept_from_one_session_to_the_next_for_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = place();
    let mut first = Terminal::ready(place.path(), 80);
    assert!(first.enter("SELECT 'kept' AS word,\r1;").contains("│ kept"));
    assert_eq!(first.leave(), Some(0));
    let mode = history(place.path()).metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let mut second = Terminal::ready(place.path(), 80);
    second.send(UP);
    second.until("SELECT 'kept' AS word,");
    let answer = second.enter("");
    assert!(answer.contains("│ kept"), "{answer}");
    assert_eq!(second.leave(), Some(0));
}

#[test]
fn a_terminal_that_is_closed_ends_the_shell_and_leaves_its_history() {
    let place = place();
    let (pty, mut child) = spawn(place.path(), 80, &[]);
    let written = Mutex::default();
    attend(&pty, &written, 1);
    (&pty).write_all(b"SELECT 'kept';\r").unwrap();
    attend(&pty, &written, 2);
    drop(pty);
    let end = Instant::now() + PATIENCE;
    let code = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status.code(),
            None if Instant::now() > end => {
                child.kill().unwrap();
                panic!("it goes on without its terminal");
            }
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    assert_eq!(code, Some(130));
    assert_eq!(std::fs::read_to_string(history(place.path())).unwrap(), "SELECT 'kept';\n");
}

#[test]
fn an_interrupt_ends_the_statement_and_not_the_shell() {
    let place = place();
    let mut terminal = Terminal::ready(place.path(), 80);
    terminal.send(&format!("{ENDLESS} SELECT 'not run';\r"));
    terminal.until(ENDS);
    let said = loop {
        terminal.send(CTRL_C);
        if let Some(said) = terminal.within(BEGINS, AGAIN) {
            break said;
        }
    };
    assert!(said.contains("已中断"), "{said}");
    assert!(!said.contains("not run") && !said.contains("错误"), "{said}");
    let answer = terminal.enter("SELECT 40 + 2;");
    assert!(answer.contains("│     42 │"), "{answer}");
    // at the prompt it clears the line
    terminal.send("SELECT nonsense");
    terminal.until("nonsense");
    terminal.send(CTRL_C);
    terminal.until(BEGINS);
    assert!(terminal.enter("SELECT 6 * 7;").contains("42"));
    assert_eq!(terminal.leave(), Some(0));
}

#[test]
fn tables_fit_the_screen_with_chinese_aligned() {
    let place = place();
    for columns in [60, 80, 140] {
        let mut terminal = Terminal::ready(place.path(), columns);
        for line in [
            "SELECT organ AS 机关, year AS 年度, title AS 标题 FROM v_report;",
            ".tables v_%",
            ".run review-correction-rate",
        ] {
            let answer = terminal.enter(line);
            let drawn: Vec<&str> =
                answer.lines().filter(|line| line.starts_with(['┌', '│', '╞', '└'])).collect();
            // the many columns of the query are fields of their own on the narrowest screen
            assert!(drawn.len() > 4 || columns == 60 && line.starts_with(".run"), "{answer}");
            for line in &drawn {
                assert_eq!(line.width(), drawn[0].width(), "{columns}: {answer}");
            }
            for line in answer.lines() {
                assert!(line.width() <= columns.into(), "{columns}: {answer}");
            }
        }
    }
}

#[test]
fn dot_commands_do_what_they_say() {
    let place = place();
    let mut terminal = Terminal::ready(place.path(), 100);
    let tables = terminal.enter(".tables");
    assert!(tables.contains("v_requests") && tables.contains("各报告的申请收到与办理"), "{tables}");
    let rates = terminal.enter(".run review-correction-rate from=2023 to=2023");
    assert!(rates.contains("纠错率") && rates.contains("4.11%"), "{rates}");
    let view = terminal.enter(".describe v_case");
    assert!(view.contains("结果维持") && view.contains("Reviews and lawsuits"), "{view}");
    assert!(terminal.enter(".schema v_case").starts_with("CREATE VIEW v_case AS\n"));
    assert!(terminal.enter(".help").contains(".run NAME [key=value]..."));
    assert!(terminal.enter(".timer on").is_empty());
    assert!(terminal.enter("SELECT 1;").contains("用时 0."));
    terminal.enter(".timer off");

    assert_eq!(terminal.enter(".mode csv"), "");
    assert_eq!(terminal.enter("SELECT 1 AS a, '甲,乙' AS b;"), "a,b\n1,\"甲,乙\"\n");
    assert_eq!(terminal.enter(".maxrows 2"), "");
    let cut = terminal.enter("SELECT value FROM json_each('[1,2,3,4,5]');");
    assert_eq!(cut, "value\n1\n2\n仅列出前 2 行，共 5 行\n");
    assert_eq!(terminal.enter(".mode"), "mode：csv\n");

    assert_eq!(terminal.enter(".lang en"), "");
    assert!(terminal.enter(".tabels").contains("did you mean '.tables'?"));
    let unknown = terminal.enter(".whz");
    assert!(unknown.contains("there is no '.whz'"), "{unknown}");
    assert!(terminal.enter(".run").contains("usage: .run NAME [key=value]..."));
    terminal.send("exit\r");
    assert_eq!(terminal.child.wait().unwrap().code(), Some(0));
}

#[test]
fn answers_go_to_a_file_and_the_mistakes_between_them_do_not() {
    let place = place();
    let file = place.path().join("a b.csv");
    std::fs::write(&file, "before").unwrap();
    let mut terminal = Terminal::ready(place.path(), 80);
    assert_eq!(terminal.enter(".output 'a b.csv'"), "");
    assert!(terminal.enter("SELECT nothing;").contains("错误"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "before");
    assert_eq!(terminal.enter("SELECT 1 AS a;"), "");
    assert_eq!(terminal.enter("SELECT '甲' AS b;"), "");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "\u{FEFF}a\n1\nb\n甲\n");
    assert_eq!(terminal.enter(".output"), "");
    assert!(terminal.enter("SELECT 1 AS a;").contains('│'));
    assert!(terminal.enter(".output nianbao.db").contains("就是数据库文件"));
    assert!(terminal.enter(".output x.unknown").contains("错误"));
    assert!(terminal.enter("SELECT 1 AS a;").contains('│'), "it still goes to the screen");
}

#[test]
fn an_error_has_its_place_under_the_line_of_the_statement() {
    let place = place();
    let mut terminal = Terminal::ready(place.path(), 80);
    let said = terminal.enter("SELECT organ,\r'机关', 年 FROM v_case;");
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("错误: 没有名为“年”的列（第2行第7列）"), "{said}");
    assert_eq!(lines[lines.len() - 2], "  '机关', 年 FROM v_case");
    assert_eq!(lines[lines.len() - 1].width(), "  '机关', ".width() + 1, "{said}");
    assert!(terminal.enter("DELETE FROM report;").contains("拒绝执行"));
    assert!(terminal.enter("SELECT 1；").contains('│'), "the wide semicolon ends it, too");
}

#[test]
fn what_is_longer_than_the_screen_goes_through_the_pager() {
    let place = place();
    let mut terminal = Terminal::of(place.path(), 80, &[("PAGER", "sed s/^/paged:/")]);
    terminal.until(BEGINS);
    assert!(terminal.enter(".schema edition").starts_with("CREATE TABLE"), "it fits");
    assert!(terminal.enter(".schema").starts_with("paged:CREATE"));
    let long =
        "SELECT value FROM json_each('[1,2,3,4,5,6,7,8,9]'), (VALUES (1), (2), (3), (4), (5));";
    assert!(terminal.enter(long).starts_with("paged:┌"));
    terminal.enter(".pager off");
    assert!(terminal.enter(long).starts_with('┌'));
}

#[test]
fn a_terminal_without_an_editor_is_read_line_by_line() {
    let place = place();
    let mut terminal = Terminal::of(place.path(), 80, &[("TERM", "dumb")]);
    terminal.until("nianbao> ");
    terminal.send("SELECT 40\n");
    terminal.until("    ...> ");
    terminal.send("+ 2;\n");
    terminal.until("│  42 │");
    assert_eq!(terminal.leave(), Some(0));
}

#[test]
fn a_script_runs_to_its_end_and_tells_that_something_failed() {
    let place = place();
    let text =
        "-- 注\n.mode csv\nSELECT 1 AS a; SELECT\nx;\n\n.nothing\nSELECT ';' AS b;\nSELECT 3 AS c";
    let output = script(place.path(), &[], text);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "a\n1\nb\n;\nc\n3\n");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("错误: 第3行起的语句：没有名为“x”的列（第2行第1列）"), "{said}");
    assert!(said.contains("错误: 第6行起的语句：没有“.nothing”"), "{said}");
    assert!(!history(place.path()).exists(), "nobody typed it");

    let output = script(place.path(), &["--bail"], text);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "a\n1\n");

    let output = script(place.path(), &["--format", "json"], "SELECT 1 AS a;\n.quit\nSELECT x;");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");

    let output = script(place.path(), &["--db", "missing.db"], "SELECT 1;");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn figures_and_analyses_are_explained_as_by_their_commands() {
    let place = place();
    let told = |arguments: &[&str]| {
        let mut command = std::process::Command::new(PROGRAM);
        command.args(arguments).current_dir(place.path()).env("LC_ALL", "zh_CN.UTF-8");
        let output = command.env_remove("NIANBAO_DB").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = |text: &str| {
        let output = script(place.path(), &[], text);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let why = told(&["why", "2023", "disclosure-rate", "--region", "江苏", "--interval"]);
    assert!(why.contains("disclosure-rate") && why.contains("95% 置信区间"), "{why}");
    assert_eq!(shown(".why 2023 disclosure-rate region=江苏 --interval"), why);
    assert_eq!(shown(".why 2023 disclosure-rate --region 江苏 --interval"), why);
    let rank = ["analyze", "rank", "--metric", "disclosure-rate", "--year", "2023"];
    assert_eq!(shown(".analyze rank metric=disclosure-rate year=2023"), told(&rank));
    let json = told(&["why", "2023", "disclosure-rate", "--format", "json"]);
    assert_eq!(shown(".mode json\n.why 2023 disclosure-rate"), json);

    let text = ".why 2023\n.why 2023 no-such-rate\n.why 2023 disclosure-rate regoin=江苏\n\
                .analyze rnak\n.analyze rank metric=disclosure-rate year=20x\n";
    let output = script(place.path(), &[], text);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    for part in [
        "第1行起的语句：用法：.why [BODY] YEAR METRIC [key=value]...",
        "no-such-rate",
        "不能用“--regoin”；用法：.why",
        "是否想用“rank”",
        "第5行起的语句：",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }

    let mut terminal = Terminal::ready(place.path(), 100);
    assert!(terminal.enter(".help").contains(".why [BODY] YEAR METRIC [key=value]..."));
    terminal.send(".why 2023 disclosure-rate-w\t");
    terminal.until(".why 2023 disclosure-rate-with-public ");
    let why = terminal.enter("region=江苏");
    assert!(why.contains("公开率（含已主动公开）"), "{why}");
    terminal.send(".analyze corr\t");
    terminal.until(".analyze corr");
}

#[test]
fn a_file_that_is_one_whole_takes_one_answer() {
    let place = place();
    let text = ".output a.xlsx\nSELECT 1 AS a;\nSELECT 2 AS b;\n.output b.html\n.help\n\
                .run outcomes from=2023\n.output c.parquet\nSELECT 1 AS a;\n.output d.html\n\
                .why 2023 disclosure-rate\n.mode xlsx\n.output\n.mode html\nSELECT 3 AS c;";
    let output = script(place.path(), &[], text);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("第3行起的语句：“a.xlsx”里已有一个结果"), "{said}");
    assert!(said.contains("第11行起的语句：xlsx 不是文字"), "{said}");
    // the years of the examples are uneven, which is said once
    assert_eq!(said.lines().count(), 3, "{said}");
    let read = |name: &str| std::fs::read(place.path().join(name)).unwrap();
    assert!(read("a.xlsx").starts_with(b"PK"));
    assert!(read("c.parquet").starts_with(b"PAR1") && read("c.parquet").ends_with(b"PAR1"));
    let page = String::from_utf8(read("b.html")).unwrap();
    assert!(page.contains("<h1>申请办理结果</h1>") && page.contains("<dd>2023</dd>"), "{page}");
    let why = String::from_utf8(read("d.html")).unwrap();
    assert!(why.contains("disclosure-rate") && why.ends_with("</html>\n"), "{why}");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains(".output [FILE]"), "help stays on the screen: {shown}");
    assert!(shown.ends_with("</html>\n") && shown.contains("<td class=\"n\">3</td>"), "{shown}");

    let output = script(place.path(), &["--format", "parquet"], "SELECT 1;");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "{output:?}");
}

#[test]
fn what_is_no_text_is_not_shown_on_a_terminal() {
    let place = place();
    let (pty, pts) = open().unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["sql", "SELECT 1 AS a", "--format", "xlsx"])
        .current_dir(place.path())
        .env_remove("NIANBAO_DB")
        .env("LC_ALL", "zh_CN.UTF-8")
        .spawn(pts)
        .unwrap();
    let written = Mutex::default();
    attend(&pty, &written, usize::MAX);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let said = plain(&written.into_inner().unwrap());
    assert!(said.contains("--out 文件.xlsx"), "{said}");
    assert!(!said.contains("PK"), "{said}");
}
