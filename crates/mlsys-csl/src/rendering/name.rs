//! One name: its parts, their order, initials. Source: CSL 1.0.2, "Name-part", "Name-part Order", `initialize-with`.

use crate::item::NameHint;
use crate::output::{Format, Output, Tag, formatted, grouped};
use crate::rendering::Evaluation;
use citationberg::{
    DemoteNonDroppingParticle, Name as NameElement, NameAsSortOrder, NameForm, NameOptions, ToAffixes, ToFormatting,
};
use mlsys_book::Name;

impl Evaluation<'_> {
    pub(crate) fn one_name(
        &self,
        name: &Name,
        index: usize,
        element: &NameElement,
        options: &NameOptions<'_>,
        format: &Format,
    ) -> Output {
        let hint = match self.item.name_hints.get(name).copied() {
            Some(NameHint::InitialsIfPrimary) if index == 0 => Some(NameHint::Initials),
            Some(NameHint::GivenNameIfPrimary) if index == 0 => Some(NameHint::GivenName),
            Some(NameHint::InitialsIfPrimary | NameHint::GivenNameIfPrimary) => None,
            Some(hint @ (NameHint::Initials | NameHint::GivenName)) => Some(hint),
            None => None,
        };
        let form = if hint.is_some() { NameForm::Long } else { options.form };
        let initialize = options.initialize && hint != Some(NameHint::GivenName);
        let part = |part: Option<&citationberg::NamePart>| match part {
            Some(p) => Format { text_case: p.text_case, ..Format::new(p.to_formatting(), &p.to_affixes()) },
            None => Format::default(),
        };
        let family_format = part(element.name_part_family());
        let output = match &name.literal {
            Some(literal) => formatted(family_format, vec![Output::text(literal.as_str())]),
            None => {
                let pieces = Pieces::new(name, &family_format, &part(element.name_part_given()), |given| match options
                    .initialize_with
                {
                    Some(with) if name.family.is_some() => {
                        initials(given, initialize, self.set.style.csl.settings.initialize_with_hyphen, with)
                    }
                    _ => given.to_owned(),
                });
                let sort_order = self.set.sort_key.is_some()
                    || options.name_as_sort_order == Some(NameAsSortOrder::All)
                    || options.name_as_sort_order == Some(NameAsSortOrder::First) && index == 0;
                let demote = self.set.style.csl.settings.demote_non_dropping_particle;
                pieces.arrange(name, form, sort_order, demote, options.sort_separator)
            }
        };
        formatted(format.clone(), vec![output]).tagged(Tag::Name(name.clone()))
    }
}

/// The parts of a name, formatted.
struct Pieces {
    family: Output,
    given: Output,
    dropping: Output,
    non_dropping: Output,
    suffix: Output,
    family_affixes: Format,
    given_affixes: Format,
}

impl Pieces {
    fn new(name: &Name, family: &Format, given: &Format, initialized: impl Fn(&str) -> String) -> Self {
        let inner = |f: &Format| Format { prefix: None, suffix: None, ..f.clone() };
        let affixes = |f: &Format| Format { prefix: f.prefix.clone(), suffix: f.suffix.clone(), ..Format::default() };
        let piece = |text: &Option<String>, f: &Format| match text {
            Some(text) => formatted(inner(f), vec![Output::text(text.as_str())]),
            None => Output::Nothing,
        };
        Pieces {
            family: piece(&name.family, family),
            given: piece(&name.given.as_deref().map(initialized), given),
            dropping: piece(&name.dropping_particle, given),
            non_dropping: piece(&name.non_dropping_particle, family),
            suffix: piece(&name.suffix, &Format::default()),
            family_affixes: affixes(family),
            given_affixes: affixes(given),
        }
    }

    /// Arranges the parts. Source: CSL 1.0.2, "Name-part Order".
    fn arrange(
        self,
        name: &Name,
        form: NameForm,
        sort_order: bool,
        demote: DemoteNonDroppingParticle,
        separator: &str,
    ) -> Output {
        let family = |parts| formatted(self.family_affixes.clone(), parts);
        let given = |parts| formatted(self.given_affixes.clone(), parts);
        if !is_romanesque(name) {
            return match form {
                NameForm::Long => grouped(vec![family(vec![self.family]), given(vec![self.given])]),
                NameForm::Short => family(vec![self.family]),
                NameForm::Count => Output::Nothing,
            };
        }
        match form {
            NameForm::Count => Output::Nothing,
            NameForm::Short => family(vec![spaced(self.non_dropping, self.family)]),
            NameForm::Long if sort_order => {
                let (first, second) = if demote == DemoteNonDroppingParticle::DisplayAndSort {
                    (self.family, spaced(spaced(self.given, self.dropping), self.non_dropping))
                } else {
                    (spaced(self.non_dropping, self.family), spaced(self.given, self.dropping))
                };
                let first = family(vec![first]);
                let second = given(vec![second]);
                let parts = vec![first, second, self.suffix];
                formatted(Format::delimited(separator), parts)
            }
            NameForm::Long => {
                let last = spaced(spaced(self.dropping, self.non_dropping), self.family);
                let last = if name.comma_suffix {
                    formatted(Format::delimited(separator), vec![last, self.suffix])
                } else {
                    spaced(last, self.suffix)
                };
                spaced(given(vec![self.given]), family(vec![last]))
            }
        }
    }
}

/// Joins two parts of a name by a space, unless the first ends with an apostrophe or a hyphen.
fn spaced(first: Output, second: Output) -> Output {
    if first.is_nothing() {
        return second;
    }
    if second.is_nothing() {
        return first;
    }
    let tight = match &first {
        Output::Text(runs) => matches!(crate::rich::last_char(runs), Some('’' | '\'' | '-' | '–' | '\u{a0}')),
        Output::Formatted(format, _) => format.suffix.as_deref().is_some_and(|s| s.ends_with(' ')),
        Output::Nothing | Output::Linked(..) | Output::Tagged(..) | Output::Note(_) => false,
    };
    if tight { grouped(vec![first, second]) } else { formatted(Format::delimited(" "), vec![first, second]) }
}

/// True if a name is written in an alphabet, so that its parts are separated and can be inverted.
pub(crate) fn is_romanesque(name: &Name) -> bool {
    name.family.as_deref().is_some_and(|family| {
        family.chars().any(|c| {
            c.is_ascii_alphanumeric()
                || c == '-'
                || matches!(c, '\u{c0}'..='\u{17f}' | '\u{370}'..='\u{52f}' | '\u{590}'..='\u{6ff}' | '\u{e01}'..='\u{e5b}'
                    | '\u{1e00}'..='\u{1fff}' | '\u{200c}'..='\u{200e}' | '\u{2018}'..='\u{2019}' | '\u{218}'..='\u{21b}')
        })
    })
}

/// Given names as initials, or with uniform initials among full names. Source: CSL 1.0.2, `initialize-with`.
pub(crate) fn initials(given: &str, make: bool, hyphen: bool, with: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let finish = |word: &mut String, dotted: bool, out: &mut String| {
        if word.is_empty() {
            return;
        }
        let letters = word.trim_start_matches('-');
        if dotted || word.chars().count() == 1 {
            out.push_str(word);
            out.push_str(with);
        } else if letters.chars().all(char::is_lowercase) && !word.starts_with('-') {
            if !with.ends_with(' ') {
                out.push(' ');
            }
            out.push_str(word);
            out.push(' ');
        } else if make {
            let mut chars = letters.chars();
            if let Some(first) = chars.next().filter(|c| c.is_uppercase()) {
                if word.starts_with('-') && hyphen {
                    out.push('-');
                }
                out.push(first);
                // "Yu." of a transliterated "Ю" stays together.
                if let Some(second) = chars.next().filter(|c| c.is_uppercase())
                    && chars.clone().next().is_some()
                    && chars.all(char::is_lowercase)
                {
                    out.extend(second.to_lowercase());
                }
                out.push_str(with);
            } else if !word.starts_with('-') {
                out.push_str(word);
                out.push_str(with);
            }
        } else {
            out.push_str(word);
            out.push(' ');
        }
        word.clear();
    };
    for c in given.chars() {
        match c {
            '.' => finish(&mut word, true, &mut out),
            ' ' => finish(&mut word, false, &mut out),
            '-' => {
                finish(&mut word, false, &mut out);
                word.push('-');
            }
            c => word.push(c),
        }
    }
    finish(&mut word, false, &mut out);
    out.replace(" -", "-").trim_matches(' ').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_names_to_initials() {
        assert_eq!(initials("Jean-Luc Marie", true, true, ". "), "J.-L. M.");
        assert_eq!(initials("J. R.", true, true, "."), "J.R.");
        assert_eq!(initials("Tom B", false, true, "."), "Tom B.");
    }
}
