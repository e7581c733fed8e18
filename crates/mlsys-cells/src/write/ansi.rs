//! ANSI escape codes of terminals as HTML. Source: ECMA-48, "Select Graphic Rendition"; the class names of `ansi_up`.

use std::fmt::Write;

const COLOURS: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/// True if a text has colours or styles.
pub(super) fn has_styles(text: &str) -> bool {
    text.match_indices("\u{1b}[").any(|(at, _)| {
        let rest = &text[at + 2..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(rest.len());
        end > 0 && rest[end..].starts_with('m')
    })
}

/// A text without its escape codes.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each_part(text, |part| {
        if let Part::Text(text) = part {
            out.push_str(text);
        }
    });
    out
}

/// A text as HTML, with spans for its styles.
pub(super) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut style = Style::default();
    each_part(text, |part| match part {
        Part::Text(text) => style.write(text, &mut out),
        Part::Style(codes) => style.apply(codes),
    });
    out
}

enum Part<'t> {
    Text(&'t str),
    /// The numbers of a style, with `;` between them.
    Style(&'t str),
}

/// Splits a text at its escape codes. Codes that move a cursor are dropped, and so are control characters, which HTML cannot have.
fn each_part<'t>(text: &'t str, mut take: impl FnMut(Part<'t>)) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_control() && !c.is_ascii_whitespace()) {
        if at > 0 {
            take(Part::Text(&rest[..at]));
        }
        let after = &rest[at + 1..];
        rest = if !rest[at..].starts_with('\u{1b}') {
            after
        } else if let Some(codes) = after.strip_prefix('[') {
            let end = codes.find(|c: char| matches!(c, '\u{40}'..='\u{7e}')).unwrap_or(codes.len());
            if codes[end..].starts_with('m') {
                take(Part::Style(&codes[..end]));
            }
            codes.get(end + 1..).unwrap_or("")
        } else if let Some(command) = after.strip_prefix(']') {
            // Links and titles end with a bell or with `ESC \`.
            let end = command.find(['\u{7}', '\u{1b}']).unwrap_or(command.len());
            let ended = &command[end..];
            ended.strip_prefix("\u{1b}\\").or_else(|| ended.strip_prefix('\u{7}')).unwrap_or(ended)
        } else {
            after
        };
    }
    if !rest.is_empty() {
        take(Part::Text(rest));
    }
}

#[derive(Clone, Default, PartialEq)]
enum Colour {
    #[default]
    Default,
    Named(usize, bool),
    Rgb(u8, u8, u8),
}

#[derive(Default)]
struct Style {
    bold: bool,
    faint: bool,
    italic: bool,
    underline: bool,
    foreground: Colour,
    background: Colour,
}

impl Style {
    fn apply(&mut self, codes: &str) {
        let mut numbers = codes.split(';').map(|code| code.parse::<u32>().unwrap_or(0));
        while let Some(number) = numbers.next() {
            match number {
                0 => *self = Style::default(),
                1 => self.bold = true,
                2 => self.faint = true,
                3 => self.italic = true,
                4 => self.underline = true,
                21 => self.bold = false,
                22 => (self.bold, self.faint) = (false, false),
                23 => self.italic = false,
                24 => self.underline = false,
                30..=37 => self.foreground = Colour::Named(number as usize - 30, false),
                90..=97 => self.foreground = Colour::Named(number as usize - 90, true),
                40..=47 => self.background = Colour::Named(number as usize - 40, false),
                100..=107 => self.background = Colour::Named(number as usize - 100, true),
                39 => self.foreground = Colour::Default,
                49 => self.background = Colour::Default,
                38 => self.foreground = extended(&mut numbers),
                48 => self.background = extended(&mut numbers),
                _ => {}
            }
        }
    }

    fn write(&self, text: &str, out: &mut String) {
        let mut classes = Vec::new();
        let mut styles = Vec::new();
        if self.bold {
            classes.push("ansi-bold".to_owned());
        }
        for (colour, kind, property) in
            [(&self.foreground, "fg", "color"), (&self.background, "bg", "background-color")]
        {
            match colour {
                Colour::Default => {}
                Colour::Named(index, bright) => {
                    let bright = if *bright { "bright-" } else { "" };
                    classes.push(format!("ansi-{bright}{}-{kind}", COLOURS[*index % 8]));
                }
                Colour::Rgb(r, g, b) => styles.push(format!("{property}:rgb({r},{g},{b})")),
            }
        }
        let flags = [(self.faint, "opacity:0.7"), (self.italic, "font-style:italic")];
        let flags = flags.into_iter().chain([(self.underline, "text-decoration:underline")]);
        styles.extend(flags.filter(|(is, _)| *is).map(|(_, style)| style.to_owned()));
        let is_styled = !classes.is_empty() || !styles.is_empty();
        if is_styled {
            out.push_str("<span");
            if !styles.is_empty() {
                let _ = write!(out, " style=\"{}\"", styles.join(";"));
            }
            if !classes.is_empty() {
                let _ = write!(out, " class=\"{}\"", classes.join(" "));
            }
            out.push('>');
        }
        push_escaped(text, out);
        if is_styled {
            out.push_str("</span>");
        }
    }
}

/// The colour after 38 or 48: `5;n` of a palette of 256, or `2;r;g;b`.
fn extended(numbers: &mut impl Iterator<Item = u32>) -> Colour {
    match numbers.next() {
        Some(2) => {
            let mut part = || numbers.next().unwrap_or(0).min(255) as u8;
            Colour::Rgb(part(), part(), part())
        }
        Some(5) => match numbers.next().unwrap_or(0) {
            n @ 0..=7 => Colour::Named(n as usize, false),
            n @ 8..=15 => Colour::Named(n as usize - 8, true),
            n @ 16..=231 => {
                let level = |n: u32| if n == 0 { 0 } else { (55 + 40 * n) as u8 };
                let n = n - 16;
                Colour::Rgb(level(n / 36), level(n / 6 % 6), level(n % 6))
            }
            n => {
                let grey = (8 + 10 * n.clamp(232, 255).saturating_sub(232)) as u8;
                Colour::Rgb(grey, grey, grey)
            }
        },
        Some(_) | None => Colour::Default,
    }
}

/// Adds text with the signs of HTML escaped.
pub(super) fn push_escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_become_spans() {
        assert_eq!(html("a\u{1b}[31mred\u{1b}[0m <b>"), "a<span class=\"ansi-red-fg\">red</span> &lt;b&gt;");
        assert_eq!(html("\u{1b}[1;92mx"), "<span class=\"ansi-bold ansi-bright-green-fg\">x</span>");
        assert_eq!(html("\u{1b}[38;5;196mx\u{1b}[39my"), "<span style=\"color:rgb(255,0,0)\">x</span>y");
        assert_eq!(html("\u{1b}[48;2;1;2;3mx"), "<span style=\"background-color:rgb(1,2,3)\">x</span>");
        assert!(has_styles("\u{1b}[0m") && !has_styles("\u{1b}[2K"));
    }

    #[test]
    fn other_codes_are_dropped() {
        assert_eq!(plain("\u{1b}[2Ka\u{1b}]8;;x\u{1b}\\b\u{1b}[31mc\u{1b}["), "abc");
        assert_eq!(plain("a\0b\u{7}\tc\r\n"), "ab\tc\r\n");
    }
}
