//! Commands: accents, font changes, links, formulas, and letters by name.

use super::symbol::symbol;
use super::{Frame, Kind, MAX_DEPTH, Reader, Style, read, unescape};
use crate::bibliography::html;
use mlsys_book::Markup;

impl<'t> Reader<'t> {
    /// What follows a backslash.
    pub(super) fn command(&mut self) {
        let Some(first) = self.rest.chars().next() else { return };
        if !first.is_ascii_alphabetic() {
            self.rest = &self.rest[first.len_utf8()..];
            match first {
                '\'' | '`' | '"' | '^' | '~' | '=' | '.' => self.accent(first),
                '&' => {
                    if !self.entity(self.rest) {
                        self.push("&");
                    }
                }
                '\\' | '\n' | ' ' => self.space(),
                ',' | ';' | ':' => self.push("\u{2009}"),
                '-' | '/' | '!' | '@' => {}
                '(' => self.delimited_formula("\\)"),
                '[' => self.delimited_formula("\\]"),
                c => self.push(c.encode_utf8(&mut [0; 4])),
            }
            return;
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let name = &self.rest[..end];
        self.rest = &self.rest[end..];
        if name.len() == 1 && "uvHckdbrt".contains(name) {
            self.accent(first);
            return;
        }
        if let Some(symbol) = symbol(name) {
            self.skip_command_space();
            self.push(symbol);
            return;
        }
        let style = match name {
            "emph" | "textit" | "textsl" | "mkbibemph" | "mkbibitalic" => Style::Italic,
            "textbf" | "mkbibbold" => Style::Bold,
            "textsc" => Style::SmallCaps,
            "textsuperscript" | "mkbibsuperscript" => Style::Superscript,
            "textsubscript" | "mkbibsubscript" => Style::Subscript,
            "enquote" | "mkbibquote" => Style::Quoted,
            "em" | "it" | "itshape" | "sl" => return self.switch(Style::Italic),
            "bf" | "bfseries" => return self.switch(Style::Bold),
            "sc" | "scshape" => return self.switch(Style::SmallCaps),
            "rm" | "tt" | "sf" | "upshape" | "normalfont" | "selectlanguage" => return self.switch(Style::Plain),
            "url" | "path" | "nolinkurl" => return self.url(),
            "href" => return self.href(),
            "texttt" => Style::Plain,
            "ensuremath" => {
                let tex = self.argument().unwrap_or("").trim().to_owned();
                return self.node(Markup::Math(tex));
            }
            "noopsort" | "SortNoop" | "label" | "cite" => Style::Hidden,
            _ => {
                // A letter's command that runs into the word after it (`\Lukasz`) means the letter.
                if let Some(letter) = name.get(..1).and_then(symbol).filter(|_| name.len() > 2) {
                    self.push(letter);
                    self.push(&name[1..]);
                    return;
                }
                Style::Plain
            }
        };
        self.skip_command_space();
        if self.rest.starts_with('{') {
            self.rest = &self.rest[1..];
            self.open(Kind::Styled(style));
        }
    }

    fn switch(&mut self, style: Style) {
        self.skip_command_space();
        if self.frames.len() < MAX_DEPTH {
            self.frames.push(Frame::new(Kind::Switch(style)));
        }
    }

    /// White space after a command's name belongs to it; `{}` too.
    fn skip_command_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        if let Some(rest) = self.rest.strip_prefix("{}") {
            self.rest = rest;
        }
    }

    fn delimited_formula(&mut self, end: &str) {
        if let Some(at) = self.rest.find(end) {
            self.node(Markup::Math(self.rest[..at].trim().to_owned()));
            self.rest = &self.rest[at + end.len()..];
        }
    }

    /// The raw text of a braced argument.
    fn argument(&mut self) -> Option<&'t str> {
        let (inside, after) = mlsys_book::tex_group(self.rest.trim_start())?;
        self.rest = after;
        Some(inside)
    }

    fn url(&mut self) {
        if let Some(url) = self.argument() {
            let url = unescape(url);
            self.node(Markup::Link(url.clone(), vec![Markup::NoCase(vec![Markup::Text(url)])]));
        }
    }

    fn href(&mut self) {
        let Some(url) = self.argument() else { return };
        let text = self.argument().map_or_else(Vec::new, |t| if t.len() < 2000 { read(t) } else { Vec::new() });
        self.node(Markup::Link(unescape(url), text));
    }

    /// An accent and the letter it is on: `\'e`, `\'{e}`, `\v c`, `\"{\i}`.
    fn accent(&mut self, accent: char) {
        if accent.is_ascii_alphabetic() {
            self.rest = self.rest.trim_start();
        }
        let braced = self.rest.starts_with('{');
        let mut inside = if braced {
            match self.argument() {
                Some(text) => text,
                None => return,
            }
        } else {
            let rest = self.rest;
            let length = match rest.strip_prefix('\\') {
                Some(name) => 1 + name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len()),
                None => rest.chars().next().map_or(0, char::len_utf8),
            };
            self.rest = &rest[length..];
            &rest[..length]
        };
        inside = inside.trim();
        let (letter, tail) = match inside.strip_prefix('\\') {
            Some(name) => {
                let end = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
                if !braced {
                    self.skip_command_space();
                }
                (name.chars().next().unwrap_or(' '), &name[end..])
            }
            None => {
                let letter = inside.chars().next().unwrap_or(' ');
                (letter, inside.get(letter.len_utf8()..).unwrap_or(""))
            }
        };
        self.push(&html::accented(accent, letter));
        self.push(tail);
    }
}
