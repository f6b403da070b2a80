//! Results to stdout, words to stderr, and the three exit codes.

use std::io::{self, Write};
use std::process::ExitCode;

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Something was found or done: 0.
    Done,
    /// Nothing was found, or problems were: 1.
    Nothing,
}

/// Why a command did not do its work: 2.
#[derive(Debug)]
pub enum Failure {
    /// What to tell the person.
    Message(String),
    /// It was told already.
    Told,
    /// Writing the results failed.
    Output(io::Error),
}

/// What a command comes to.
pub type Outcome = Result<Exit, Failure>;

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure::Message(message)
    }
}

/// Prints results. Colour only where a person is looking.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = anstream::AutoStream::auto(io::stdout().lock());
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Prints results piece by piece.
pub struct Printer(io::BufWriter<anstream::AutoStream<io::StdoutLock<'static>>>);

impl Printer {
    /// Colour only where a person is looking.
    pub fn new() -> Self {
        Self(io::BufWriter::new(anstream::AutoStream::auto(io::stdout().lock())))
    }

    /// The next piece.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())
    }

    /// The last piece was printed.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Says something to the person: on stderr, with the program's name.
pub fn say(text: &str) {
    anstream::eprintln!("guanxi: {text}");
}

/// The exit code, after telling what went wrong. A reader that stopped reading is no error.
pub fn exit_code(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Nothing) => ExitCode::from(1),
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            say(&format!("cannot write the results: {error}"));
            ExitCode::from(2)
        }
        Err(Failure::Message(message)) => {
            say(&message);
            ExitCode::from(2)
        }
        Err(Failure::Told) => ExitCode::from(2),
    }
}

/// `1 contact`, `3 contacts`
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
