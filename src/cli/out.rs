//! Results to stdout, words to stderr, and the three exit codes.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use super::page::Page;
use crate::features::formats::Format;
use crate::text::printable::{is_unprintable, printable};

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

/// Prints results for people: nothing in them can drive a terminal. What carries styles is a [`Page`].
pub fn print(text: &str) -> io::Result<()> {
    let mut printer = Printer::new();
    printer.print(text)?;
    printer.finish()
}

/// Prints data for programs: byte for byte, also on a terminal.
pub fn print_data(data: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(data.as_bytes())?;
    stdout.flush()
}

/// Prints a list: as text or as data, by its format.
pub fn print_list(format: Format, written: &str) -> io::Result<()> {
    if format.is_for_eyes() { print(written) } else { print_data(written) }
}

/// Prints paths, one a line: for programs byte for byte; a terminal shows them as text.
pub fn print_paths(paths: &str) -> io::Result<()> {
    if io::stdout().is_terminal() { print(paths) } else { print_data(paths) }
}

/// Prints results for people piece by piece.
pub struct Printer(io::BufWriter<anstream::AutoStream<io::StdoutLock<'static>>>);

impl Printer {
    /// Colour only where a person is looking.
    pub fn new() -> Self {
        Self(io::BufWriter::new(anstream::AutoStream::auto(io::stdout().lock())))
    }

    /// The next piece.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(printable(text).as_bytes())
    }

    /// The next piece, with its styles.
    pub fn page(&mut self, page: &Page) -> io::Result<()> {
        self.0.write_all(page.as_str().as_bytes())
    }

    /// The last piece was printed.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Says something to the person: on stderr, with the program's name.
pub fn say(text: &str) {
    let mut page = Page::new();
    page.text("guanxi: ");
    page.text(text);
    page.say();
}

/// Ends the process after arguments that mean nothing, or that ask for help. What was typed is repeated without what drives a terminal.
pub fn usage(error: &clap::Error) -> ! {
    let is_safe = !std::env::args_os().any(|argument| argument.to_string_lossy().contains(is_unprintable));
    if is_safe || !error.use_stderr() {
        error.exit();
    }
    let mut page = Page::new();
    page.text(error.render().to_string().trim_end());
    page.say();
    std::process::exit(error.exit_code());
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
