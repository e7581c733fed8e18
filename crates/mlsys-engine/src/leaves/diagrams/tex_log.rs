//! Parses TeX's output: which pictures are finished, and the errors in them.

use super::outcome::Problem;

/// The file of a picture in a run, by its index.
pub fn file_name(number: usize) -> String {
    format!("picture-{number}.tex")
}

/// Printed before a picture, followed by its index.
pub const BEGIN: &str = "mlsys-begin ";

/// Printed after a picture's page, followed by its index.
pub const END: &str = "mlsys-end ";

/// The messages of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TexLog {
    /// The pictures that TeX started, in order.
    pub pictures: Vec<PictureLog>,
    /// Errors before the first picture or after the last.
    pub outside: Vec<Problem>,
}

/// The messages about a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureLog {
    /// True if its page is finished.
    pub ended: bool,
    /// The errors.
    pub problems: Vec<Problem>,
}

impl TexLog {
    /// Parses the output of TeX with `-file-line-error`.
    pub fn new(output: &str) -> TexLog {
        let mut log = TexLog::default();
        let mut lines = output.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(number) = after(line, BEGIN) {
                log.pictures.resize(number + 1, PictureLog::default());
            } else if let Some(number) = after(line, END) {
                if let Some(picture) = log.pictures.get_mut(number) {
                    picture.ended = true;
                }
            } else if let Some((place, message)) = error(line).or_else(|| missing_character(line)) {
                let mut message = message.to_owned();
                let package = package(&message).map(|name| format!("({name})"));
                // Messages of packages continue in lines that start with the package's name in parentheses.
                while let Some(more) = package.as_ref().and_then(|p| lines.peek()?.strip_prefix(p.as_str())) {
                    message = format!("{message} {}", more.trim());
                    lines.next();
                }
                if message.ends_with("Undefined control sequence.") {
                    message = undefined(&mut lines).unwrap_or(message);
                }
                log.add(place, &message);
            }
        }
        log
    }

    fn add(&mut self, place: Option<(&str, usize)>, message: &str) {
        let open = self.pictures.len().checked_sub(1).filter(|last| !self.pictures[*last].ended);
        let own = open.map(file_name);
        let line = place.filter(|(file, _)| own.as_deref() == Some(file_stem(file))).map(|(_, line)| line);
        let problem = Problem { line, message: plain(message) };
        let problems = match open {
            Some(last) => &mut self.pictures[last].problems,
            None => &mut self.outside,
        };
        // TeX repeats errors, and at last reports that it stops.
        let known = problems.iter().any(|p| p.message == problem.message);
        let is_last = ["Emergency stop", "==> Fatal error", "Interruption"].iter().any(|f| message.contains(f));
        if !known && (!is_last || problems.is_empty()) {
            problems.push(problem);
        }
    }
}

fn after(line: &str, mark: &str) -> Option<usize> {
    line.strip_prefix(mark)?.trim().parse().ok()
}

fn file_stem(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// An error and its place: `./picture-3.tex:62: Missing number`, or `! Emergency stop.`.
fn error(line: &str) -> Option<(Option<(&str, usize)>, &str)> {
    if let Some(message) = line.strip_prefix("! ") {
        return Some((None, message));
    }
    let (file, rest) = line.split_once(':')?;
    let (number, message) = rest.split_once(": ")?;
    let number = number.parse().ok()?;
    let is_file = file.rsplit('.').next().is_some_and(|e| matches!(e, "tex" | "sty" | "cls" | "def" | "code"));
    (is_file && !message.is_empty()).then_some((Some((file, number)), message))
}

/// A character that is missing in a font. In `nullfont` it is a stray character between two commands, which is harmless.
fn missing_character(line: &str) -> Option<(Option<(&str, usize)>, &str)> {
    let missing = line.starts_with("Missing character: ") && !line.contains("in font nullfont");
    missing.then_some((None, line))
}

/// The package of a message: `Package pgf Error: ...`.
fn package(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("Package ").or_else(|| message.strip_prefix("Class "))?;
    rest.split_once(" Error:").map(|(name, _)| name).filter(|name| !name.contains(' '))
}

/// The undefined control sequence: the last one in the first line of context.
fn undefined<'a>(lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> Option<String> {
    let context = lines.peek()?;
    let name = &context[context.rfind('\\')?..];
    let letters = name[1..].chars().take_while(|c| c.is_ascii_alphabetic() || *c == '@').count();
    Some(format!("undefined control sequence `{}`", &name[..1 + letters]))
}

/// TeX's message without its decoration.
fn plain(message: &str) -> String {
    let message = message.split(", and I am going to ignore it").next().unwrap_or(message);
    let message = message.split_once(" Error: ").map_or(message, |(_, m)| m);
    message.chars().filter(|c| !c.is_control()).collect::<String>().trim().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_belong_to_the_picture_that_is_being_drawn() {
        let log = TexLog::new(
            "This is pdfTeX\n\
             mlsys-begin 0\n(./picture-0.tex\nMissing character: There is no d in font nullfont!\n) [1]\nmlsys-end 0\n\
             mlsys-begin 1\n(./picture-1.tex\n\
             ./picture-1.tex:3: Undefined control sequence.\nl.3 \\drow\n         (0,0);\n\
             ./picture-1.tex:5: Package pgf Error: No shape named `B' is known.\n\n\
             ./picture-1.tex:6: Package pgfkeys Error: I do not know the key '/tikz/roundd'\n\
             (pgfkeys)                and I am going to ignore it. Perhaps you misspelled it.\n\
             /usr/share/x.code.tex:17: Missing number, treated as zero.\n) [2]\nmlsys-end 1\n\
             mlsys-begin 2\n(./picture-2.tex\n! TeX capacity exceeded, sorry [main memory size=5000000].\n\
             !  ==> Fatal error occurred, no output PDF file produced!\n",
        );
        let said = |i: usize| -> Vec<(Option<usize>, &str)> {
            log.pictures[i].problems.iter().map(|p| (p.line, p.message.as_str())).collect()
        };
        assert_eq!(said(0), []);
        assert_eq!(
            said(1),
            [
                (Some(3), "undefined control sequence `\\drow`"),
                (Some(5), "No shape named `B' is known"),
                (
                    Some(6),
                    "I do not know the key '/tikz/roundd' and I am going to ignore it. Perhaps you misspelled it"
                ),
                (None, "Missing number, treated as zero"),
            ]
        );
        assert_eq!(said(2), [(None, "TeX capacity exceeded, sorry [main memory size=5000000]")]);
        assert_eq!(log.pictures.iter().map(|p| p.ended).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(log.outside, []);
    }
}
