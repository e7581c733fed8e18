//! Names. Source: CSL 1.0.2, "Names", "Name", "Et-al", "Substitute".

use crate::item::Value;
use crate::output::{Format, Output, Tag, formatted, grouped};
use crate::rendering::Evaluation;
use citationberg::taxonomy::{NameVariable, OtherTerm, Term, Variable};
use citationberg::{
    DelimiterBehavior, EtAl, Name as NameElement, NameAnd, NameAsSortOrder, NameForm, NameLabelPosition, NameOptions,
    Names, TermForm, TestPosition, ToAffixes, ToFormatting, VariablelessLabel,
};
use mlsys_book::Name;

/// The children of `cs:names` that a substitute inherits.
#[derive(Clone, Copy)]
pub(crate) struct NamesFormat<'a> {
    names: &'a Names,
    name: Option<&'a NameElement>,
    et_al: Option<&'a EtAl>,
    label: Option<(&'a VariablelessLabel, NameLabelPosition)>,
}

impl<'a> Evaluation<'a> {
    pub fn names(&mut self, names: &'a Names) -> Output {
        let own = NamesFormat { names, name: names.name(), et_al: names.et_al(), label: names.label() };
        let parts = match self.substituted_names {
            None => own,
            Some(outer) => NamesFormat {
                names: if own.name.is_some() { names } else { outer.names },
                name: own.name.or(outer.name),
                et_al: own.et_al.or(outer.et_al),
                label: if self.set.sort_key.is_some() { None } else { own.label.or(outer.label) },
            },
        };
        let inherited = self.set.names.apply(&parts.names.options()).apply(&names.options());
        let format = Format {
            display: names.display,
            delimiter: Some(names.delimiter(&inherited).to_owned()).filter(|d| !d.is_empty()),
            ..Format::new(names.to_formatting(), &names.to_affixes())
        };
        let lists: Vec<(NameVariable, &'a [Name])> = self
            .editor_translator(&names.variable, parts)
            .into_iter()
            .filter_map(|(variable, source)| match self.ask(Variable::Name(source)) {
                Some(Value::Names(list)) => Some((variable, list.as_slice())),
                Some(Value::Text(_) | Value::Number(_) | Value::Date(_)) | None => None,
            })
            .collect();
        if lists.is_empty() {
            return self.substitute(names, parts, format);
        }
        let default = NameElement::default();
        let element = parts.name.unwrap_or(&default);
        let mut options = element.options(&inherited);
        if let Some((min, first, last)) = self.set.sort_key {
            options.et_al_min = min.or(options.et_al_min);
            options.et_al_use_first = first.or(options.et_al_use_first);
            options.et_al_use_last = last.unwrap_or(options.et_al_use_last);
        }
        let name_format = Format::new(element.to_formatting(), &element.to_affixes())
            .over(&Format { face: format.face, ..Format::default() });
        let outputs: Vec<Output> =
            lists.iter().map(|(v, list)| self.name_list(*v, list, parts, element, &options, &name_format)).collect();
        for (variable, _) in &lists {
            self.hide(Variable::Name(*variable));
        }
        if options.form == NameForm::Count {
            let mut count = 0;
            outputs
                .iter()
                .for_each(|l| l.walk(&mut |o| count += usize::from(matches!(o, Output::Tagged(Tag::Name(_), _)))));
            return Output::text(count.to_string());
        }
        formatted(Format { face: citationberg::Formatting::default(), ..format }, outputs)
    }

    /// Each variable with the one that holds its names. An editor who is also the translator becomes one `editor-translator`, if
    /// the language has a term for it.
    fn editor_translator(
        &mut self,
        variables: &[NameVariable],
        parts: NamesFormat<'a>,
    ) -> Vec<(NameVariable, NameVariable)> {
        use NameVariable::{Editor, EditorTranslator, Translator};
        let own = || variables.iter().map(|v| (*v, *v));
        if !(variables.contains(&Editor) && variables.contains(&Translator)) {
            return own().collect();
        }
        let editor = self.peek(Variable::Name(Editor));
        let form = parts.label.map_or(TermForm::Long, |(l, _)| l.form);
        let has_term = self.set.terms.term(Term::NameVariable(EditorTranslator), form, false).is_some();
        if editor.is_none() || editor != self.peek(Variable::Name(Translator)) || !has_term {
            return own().collect();
        }
        let others = own().filter(|(v, _)| !matches!(v, Editor | Translator));
        std::iter::once((EditorTranslator, Editor)).chain(others).collect()
    }

    fn substitute(&mut self, names: &'a Names, parts: NamesFormat<'a>, format: Format) -> Output {
        let Some(substitute) = names.substitute().filter(|_| !self.in_substitute) else { return Output::Nothing };
        let outer = self.substituted_names.replace(parts);
        self.in_substitute = true;
        let output = self.first_of(&substitute.children);
        self.in_substitute = false;
        self.substituted_names = outer;
        let format = Format { delimiter: None, ..format };
        if output.is_empty() {
            Output::Nothing
        } else if let Some(Output::Tagged(Tag::Names(_), _)) = output.first() {
            formatted(format, output)
        } else {
            // The substitute is tagged as names, because disambiguation compares it.
            formatted(format, vec![grouped(output).tagged(Tag::Names(Vec::new()))])
        }
    }

    fn name_list(
        &mut self,
        variable: NameVariable,
        names: &[Name],
        parts: NamesFormat<'a>,
        element: &NameElement,
        options: &NameOptions<'_>,
        format: &Format,
    ) -> Output {
        let sorting = self.set.sort_key.is_some();
        let subsequent = !self.set.in_bibliography && self.positions.contains(&TestPosition::Subsequent);
        let (least, first) = if subsequent {
            (
                options.et_al_subsequent_min.or(options.et_al_min),
                options.et_al_subsequent_use_first.or(options.et_al_use_first),
            )
        } else {
            (options.et_al_min, options.et_al_use_first)
        };
        let count = names.len();
        let others = names.last().and_then(|n| n.literal.as_deref()) == Some("others");
        // The number of names before "et al.".
        let shown = match least {
            Some(least) if count >= least as usize => {
                let first = first.map(|f| f as usize);
                match (self.item.shown_names, first) {
                    (Some(n), Some(first)) => Some(n.max(first)),
                    (_, first) => first,
                }
            }
            _ if others => Some(count - 1),
            _ => None,
        };
        let delimiter = options.delimiter;
        let and = match options.and {
            Some(NameAnd::Symbol) => self
                .set
                .terms
                .exact(Term::Other(OtherTerm::And), TermForm::Symbol)
                .first()
                .and_then(|t| t.single())
                .or(Some("&")),
            Some(NameAnd::Text) => self.set.terms.word(OtherTerm::And),
            None => None,
        };
        let inverted_all = options.name_as_sort_order == Some(NameAsSortOrder::All);
        let inverted_first = options.name_as_sort_order == Some(NameAsSortOrder::First);
        let before_last = match (and, options.delimiter_precedes_last) {
            (None, _) | (Some(_), DelimiterBehavior::Always) => delimiter,
            (Some(_), DelimiterBehavior::Never) => "",
            (Some(_), DelimiterBehavior::Contextual) => {
                if count > 2 {
                    delimiter
                } else {
                    ""
                }
            }
            (Some(_), DelimiterBehavior::AfterInvertedName) => {
                if inverted_all || inverted_first && count < 3 {
                    delimiter
                } else {
                    ""
                }
            }
        };
        let before_last = match and {
            None => before_last.to_owned(),
            Some(and) if before_last.ends_with(' ') => format!("{before_last}{and} "),
            Some(and) => format!("{before_last} {and} "),
        };
        let before_et_al = match options.delimiter_precedes_et_al {
            DelimiterBehavior::Always => delimiter,
            DelimiterBehavior::Never => " ",
            DelimiterBehavior::Contextual if count > 2 && shown.is_some_and(|s| s > 1) => delimiter,
            DelimiterBehavior::Contextual => " ",
            DelimiterBehavior::AfterInvertedName if inverted_all || inverted_first && shown.is_some_and(|s| s < 2) => {
                delimiter
            }
            DelimiterBehavior::AfterInvertedName => " ",
        };
        let mut out: Vec<Output> = Vec::with_capacity(count + 1);
        for (i, name) in names.iter().enumerate() {
            if shown == Some(0) {
                break;
            }
            let last = i + 1 == count;
            let beyond = shown.filter(|s| i >= *s && i > 0);
            if let Some(shown) = beyond {
                if last && options.et_al_use_last && i > shown {
                    out.push(self.one_name(name, i, element, options, format));
                } else if i == shown && !sorting {
                    out.push(self.et_al(parts, options.et_al_use_last, before_et_al));
                }
                continue;
            }
            let prefix = match i {
                0 => "",
                _ if sorting => " ",
                _ if last => before_last.as_str(),
                _ => delimiter,
            };
            let name = self.one_name(name, i, element, options, format);
            out.push(if prefix.is_empty() { name } else { formatted(Format::prefixed(prefix), vec![name]) });
        }
        if let Some((label, position)) = parts.label.filter(|_| !sorting) {
            let term = self.label_term(Term::NameVariable(variable), label, count > 1);
            match position {
                NameLabelPosition::BeforeName => out.insert(0, term),
                NameLabelPosition::AfterName => out.push(term),
            }
        }
        grouped(out).tagged(Tag::Names(names.to_vec()))
    }

    fn et_al(&self, parts: NamesFormat<'a>, use_last: bool, before: &str) -> Output {
        match parts.et_al {
            None if use_last => formatted(Format::prefixed(before), vec![Output::text("… ")]),
            Some(et_al) => {
                let word = self.set.terms.term(et_al.term.into(), TermForm::Long, false).unwrap_or("");
                let format = Format { face: et_al.to_formatting(), ..Format::prefixed(before) };
                formatted(format, vec![Output::text(word)])
            }
            None => formatted(
                Format::prefixed(before),
                vec![Output::text(self.set.terms.word(OtherTerm::EtAl).unwrap_or(""))],
            ),
        }
    }
}
