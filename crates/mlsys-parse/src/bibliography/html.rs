//! HTML that exporters leave in BibTeX fields and that CSL data uses for rich text; and letters with accents.

use super::tex::Style;
use crate::entities::reference;
use mlsys_book::Markup;

/// A tag at the start of the text: its name, what it means, whether it closes, and its length.
///
/// Source: CSL 1.0.2, "Rich text markup within fields" (`i`, `b`, `sup`, `sub`, `span class="nocase"`); `scp` and its like come
/// from publishers' databases.
pub(super) fn tag(text: &str) -> Option<(&'static str, Style, bool, usize)> {
    let inner = text.strip_prefix('<')?;
    let closing = inner.starts_with('/');
    let inner = &inner[usize::from(closing)..];
    let end = inner.get(..80.min(inner.len())).map_or_else(|| inner.find('>'), |head| head.find('>'))?;
    let (name, attributes) = inner[..end].split_once(' ').unwrap_or((&inner[..end], ""));
    let (name, style) = match name.to_ascii_lowercase().as_str() {
        "i" => ("i", Style::Italic),
        "em" => ("em", Style::Italic),
        "b" => ("b", Style::Bold),
        "strong" => ("strong", Style::Bold),
        "sup" => ("sup", Style::Superscript),
        "sub" => ("sub", Style::Subscript),
        "sc" => ("sc", Style::SmallCaps),
        "scp" => ("scp", Style::SmallCaps),
        "u" => ("u", Style::Plain),
        "span" if attributes.contains("nocase") => ("span", Style::NoCase),
        "span" if attributes.contains("small-caps") => ("span", Style::SmallCaps),
        "span" => ("span", Style::Plain),
        _ => return None,
    };
    Some((name, style, closing, 1 + usize::from(closing) + end + 1))
}

/// The text of a character reference whose `&` has been read, and the length of the rest of it: `eacute;`, `#233;`.
pub(super) fn entity(text: &str) -> Option<(String, usize)> {
    let length = text.bytes().take(10).position(|b| b == b';')? + 1;
    let written = text.get(..length)?;
    if written == "apos;" {
        return Some(("’".to_owned(), length));
    }
    let (decoded, _) = reference(&format!("&{written}"))?;
    let is_text = !decoded.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER);
    is_text.then_some((decoded, length))
}

/// A letter with a TeX accent, composed where Unicode has the composed letter.
pub(super) fn accented(accent: char, letter: char) -> String {
    // Each row: the accent, its combining character, the plain letters and the composed ones.
    const ROWS: &[(char, char, &str, &str)] = &[
        ('\'', '\u{301}', "aeiouyAEIOUYcCnNsSzZlLrRgGıkKmMpPwW", "áéíóúýÁÉÍÓÚÝćĆńŃśŚźŹĺĹŕŔǵǴíḱḰḿḾṕṔẃẂ"),
        ('`', '\u{300}', "aeiouAEIOUnNwWı", "àèìòùÀÈÌÒÙǹǸẁẀì"),
        ('"', '\u{308}', "aeiouyAEIOUYı", "äëïöüÿÄËÏÖÜŸï"),
        ('^', '\u{302}', "aeiouAEIOUcCgGhHjJsSwWyYıȷ", "âêîôûÂÊÎÔÛĉĈĝĜĥĤĵĴŝŜŵŴŷŶîĵ"),
        ('~', '\u{303}', "anoANOiIuUeEyYvV", "ãñõÃÑÕĩĨũŨẽẼỹỸṽṼ"),
        ('=', '\u{304}', "aeiouAEIOUyY", "āēīōūĀĒĪŌŪȳȲ"),
        ('.', '\u{307}', "cCeEgGzZIaAoOnNsSbB", "ċĊėĖġĠżŻİȧȦȯȮṅṄṡṠḃḂ"),
        ('u', '\u{306}', "aAeEgGiIoOuUı", "ăĂĕĔğĞĭĬŏŎŭŬĭ"),
        ('v', '\u{30c}', "cCsSzZeErRnNdDtTaAiIoOuUgGlLıj", "čČšŠžŽěĚřŘňŇďĎťŤǎǍǐǏǒǑǔǓǧǦľĽǐǰ"),
        ('H', '\u{30b}', "oOuU", "őŐűŰ"),
        ('c', '\u{327}', "cCsStTgGkKlLnNrReE", "çÇşŞţŢģĢķĶļĻņŅŗŖȩȨ"),
        ('k', '\u{328}', "aAeEiIuUoO", "ąĄęĘįĮųŲǫǪ"),
        ('r', '\u{30a}', "aAuU", "åÅůŮ"),
        ('d', '\u{323}', "aAeEiIoOuUsStThHdDnNlL", "ạẠẹẸịỊọỌụỤṣṢṭṬḥḤḍḌṇṆḷḶ"),
        ('b', '\u{331}', "dDkKlLnNtT", "ḏḎḵḴḻḺṉṈṯṮ"),
        ('t', '\u{361}', "", ""),
    ];
    // `\i` and `\j` stand for the letters without their dots.
    let Some((_, combining, plain, composed)) = ROWS.iter().find(|row| row.0 == accent) else {
        return letter.to_string();
    };
    if letter == ' ' {
        return String::new();
    }
    match plain.chars().position(|c| c == letter).and_then(|i| composed.chars().nth(i)) {
        Some(c) => c.to_string(),
        None => [letter, *combining].iter().collect(),
    }
}

/// Rich text of CSL data: tags and straight quotation marks.
pub(super) fn rich_text(text: &str) -> Vec<Markup> {
    let mut out = Vec::new();
    let mut open: Vec<(&'static str, Style, Vec<Markup>)> = Vec::new();
    let mut quote: Option<usize> = None;
    let mut rest = text;
    let mut previous = ' ';
    fn push(out: &mut Vec<Markup>, c: char) {
        if let Some(Markup::Text(text)) = out.last_mut() {
            text.push(c);
        } else {
            out.push(Markup::Text(c.to_string()));
        }
    }
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some((name, style, closing, length)) = tag(rest)
        {
            if !closing && open.len() < 30 {
                open.push((name, style, std::mem::take(&mut out)));
                rest = &rest[length..];
                continue;
            }
            if closing && open.last().is_some_and(|o| o.0 == name) {
                if let Some((_, style, before)) = open.pop() {
                    if quote.is_some_and(|depth| depth > open.len()) {
                        quote = None;
                    }
                    let inner = std::mem::replace(&mut out, before);
                    match style {
                        Style::Italic => out.push(Markup::Italic(inner)),
                        Style::Bold => out.push(Markup::Bold(inner)),
                        Style::SmallCaps => out.push(Markup::SmallCaps(inner)),
                        Style::Superscript => out.push(Markup::Superscript(inner)),
                        Style::Subscript => out.push(Markup::Subscript(inner)),
                        Style::NoCase => out.push(Markup::NoCase(inner)),
                        Style::Quoted | Style::Plain | Style::Hidden => out.extend(inner),
                    }
                }
                rest = &rest[length..];
                continue;
            }
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '"' | '“' if quote.is_none() && !previous.is_alphanumeric() && rest.contains(['"', '”']) => {
                open.push(("\"", Style::Quoted, std::mem::take(&mut out)));
                quote = Some(open.len());
            }
            '"' | '”' if quote == Some(open.len()) && open.last().is_some_and(|o| o.0 == "\"") => {
                if let Some((_, _, before)) = open.pop() {
                    let inner = std::mem::replace(&mut out, before);
                    out.push(Markup::Quoted(inner));
                }
                quote = None;
            }
            '\'' => push(&mut out, '’'),
            c => push(&mut out, c),
        }
        previous = c;
    }
    while let Some((name, _, mut before)) = open.pop() {
        if name == "\"" {
            push(&mut before, '“');
        }
        before.append(&mut out);
        out = before;
    }
    out
}
