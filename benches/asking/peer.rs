//! DuckDB as a process that is asked each thing right after this program was, so that both meet the
//! same load of the machine.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value as Json;

/// The peer, with the facts of a folder read.
pub struct Peer {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts it and waits until it has made its tables.
    pub fn new(db: &Path, dir: &Path) -> Peer {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/asking.py");
        let mut command = Command::new("python3");
        command.args([&script, db, dir]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        let mut peer = Peer { child, said };
        peer.wait();
        peer
    }

    /// Asks it the same and waits for its answer.
    pub fn ask(&mut self, asked: &Json) {
        writeln!(self.child.stdin.as_mut().expect("its input"), "{asked}").expect("it listens");
        self.wait();
    }

    fn wait(&mut self) {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n", "the peer");
    }

    /// Prints what it found.
    pub fn tell(mut self) {
        drop(self.child.stdin.take());
        for line in self.said.lines() {
            println!("{}", line.unwrap());
        }
        assert!(self.child.wait().unwrap().success(), "the peer");
    }
}
