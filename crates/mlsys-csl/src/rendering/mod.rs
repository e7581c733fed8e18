//! Rendering elements: text, groups, choices. Source: CSL 1.0.2, "Rendering Elements".

mod conditions;
pub(crate) mod date;
pub(crate) mod name;
mod names;
mod number;

use crate::item::{Item, Value, identifier_url};
use crate::locale::Terms;
use crate::locator::ItemLocator;
use crate::output::{Format, Output, Tag, formatted, grouped};
use crate::rich;
use crate::style::Style;
use citationberg::taxonomy::{Locator, NumberVariable, OtherTerm, PageVariable, StandardVariable, Term, Variable};
use citationberg::{
    Choose, Group, InheritableNameOptions, LayoutRenderingElement as Element, LongShortForm, TestPosition, Text,
    TextCase, TextTarget, ToAffixes, ToFormatting,
};
use names::NamesFormat;

/// The context in which an item is rendered.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub style: &'a Style,
    pub terms: &'a Terms<'a>,
    /// Name options of the style and of its citation or bibliography element.
    pub names: &'a InheritableNameOptions,
    pub in_bibliography: bool,
    /// `names-min`, `names-use-first`, `names-use-last` of a sort key.
    pub sort_key: Option<(Option<u32>, Option<u32>, Option<bool>)>,
}

/// The evaluation of one item.
pub(crate) struct Evaluation<'a> {
    pub set: Setting<'a>,
    pub item: &'a Item,
    pub locator: Option<&'a ItemLocator>,
    pub positions: &'a [TestPosition],
    pub in_substitute: bool,
    pub substituted_names: Option<NamesFormat<'a>>,
    /// Variables that a substitution has printed: they are not printed again.
    pub hidden: Vec<Variable>,
    /// The variables called so far, and those with a value: a group is empty if it calls some and none has a value.
    pub called: u32,
    pub nonempty: u32,
    pub used_year_suffix: bool,
    pub used_identifier: bool,
    pub used_title: bool,
}

impl<'a> Evaluation<'a> {
    pub fn new(set: Setting<'a>, item: &'a Item) -> Self {
        Evaluation {
            set,
            item,
            locator: None,
            positions: &[],
            in_substitute: false,
            substituted_names: None,
            hidden: Vec::new(),
            called: 0,
            nonempty: 0,
            used_year_suffix: false,
            used_identifier: false,
            used_title: false,
        }
    }

    /// The output of a list of elements.
    pub fn elements(&mut self, elements: &'a [Element]) -> Vec<Output> {
        let mut out = Vec::with_capacity(elements.len());
        for element in elements {
            self.element(element, &mut out);
        }
        out
    }

    /// Evaluates an element. A choice adds several outputs, any other element one.
    fn element(&mut self, element: &'a Element, out: &mut Vec<Output>) {
        let output = match element {
            Element::Text(text) => self.text(text),
            Element::Date(date) => self.date(date),
            Element::Number(number) => self.number(number),
            Element::Names(names) => self.names(names),
            Element::Label(label) => self.label(label.variable.into(), &label.label),
            Element::Group(group) => self.group(group),
            Element::Choose(choose) => return self.choose(choose, out),
        };
        if !output.is_nothing() {
            out.push(output);
        }
    }

    /// The value of a variable; counts as a call for the enclosing group.
    pub fn ask(&mut self, variable: Variable) -> Option<&'a Value> {
        self.called += 1;
        let hidden = self.hidden.contains(&variable);
        let value = self.item.value(variable).filter(|_| !hidden);
        self.nonempty += u32::from(value.is_some());
        value
    }

    /// The value of a variable, without counting the call.
    pub fn peek(&self, variable: Variable) -> Option<&'a Value> {
        self.item.value(variable).filter(|_| !self.hidden.contains(&variable))
    }

    fn text(&mut self, text: &'a Text) -> Output {
        let format = Format {
            display: text.display,
            text_case: self.text_case(text.text_case),
            strip_periods: text.strip_periods,
            quotes: text.quotes,
            ..Format::new(text.to_formatting(), &text.to_affixes())
        };
        let output = match &text.target {
            TextTarget::Variable { var, form } => self.variable(*var, *form),
            TextTarget::Macro { name } => return self.macro_group(name, format),
            TextTarget::Term { term, form, plural } => self.term(*term, *form, *plural),
            TextTarget::Value { val } => Output::text(val.as_str()),
        };
        formatted(format, vec![output])
    }

    /// The text case to apply: title case is for English only.
    pub fn text_case(&self, case: Option<TextCase>) -> Option<TextCase> {
        let english = self.item.english.unwrap_or(self.set.terms.is_english());
        case.filter(|c| *c != TextCase::TitleCase || english)
    }

    fn variable(&mut self, variable: Variable, form: LongShortForm) -> Output {
        use StandardVariable as S;
        match variable {
            Variable::Number(NumberVariable::Locator) => {
                self.called += 1;
                let Some(locator) = self.locator else { return Output::Nothing };
                self.nonempty += 1;
                self.locator_text(locator).tagged(Tag::Locator)
            }
            Variable::Number(NumberVariable::CitationNumber) => match self.ask(variable) {
                Some(Value::Number(n)) => {
                    let number = usize::try_from(*n).unwrap_or(0);
                    Output::text(n.to_string()).tagged(Tag::CitationNumber(number))
                }
                Some(Value::Text(_) | Value::Names(_) | Value::Date(_)) | None => Output::Nothing,
            },
            // A year suffix does not count as a variable of a group.
            Variable::Standard(S::YearSuffix) => match self.item.year_suffix {
                Some(n) => Output::text(year_suffix(n)).tagged(Tag::YearSuffix(n)),
                None => Output::Nothing,
            },
            Variable::Standard(identifier @ (S::DOI | S::PMCID | S::PMID | S::URL)) => {
                let Some(Value::Text(runs)) = self.ask(variable) else { return Output::Nothing };
                self.hide(variable);
                self.used_identifier = true;
                let text = rich::plain(runs);
                Output::Linked(identifier_url(identifier, &text), vec![Output::text(text)])
            }
            _ => {
                let short = match variable {
                    Variable::Standard(S::Title) => Some(S::TitleShort),
                    Variable::Standard(S::ContainerTitle) => Some(S::ContainerTitleShort),
                    _ => None,
                };
                let short = short.filter(|_| form == LongShortForm::Short);
                let shortened = short.and_then(|s| self.ask(Variable::Standard(s)));
                let value = self.ask(variable);
                let output = match shortened.or(value) {
                    Some(Value::Text(runs)) if matches!(variable, Variable::Page(PageVariable::Page)) => {
                        self.page_ranges(&rich::plain(runs))
                    }
                    Some(Value::Text(runs)) if variable == Variable::Number(NumberVariable::PageFirst) => {
                        Output::text(first_page(&rich::plain(runs)))
                    }
                    Some(Value::Text(runs)) => Output::Text(runs.clone()),
                    Some(Value::Number(n)) => Output::text(n.to_string()),
                    Some(Value::Names(_) | Value::Date(_)) | None => Output::Nothing,
                };
                self.hide(variable);
                if variable == Variable::Standard(S::Title) && !output.is_nothing() {
                    self.used_title = true;
                    return output.tagged(Tag::Title);
                }
                output
            }
        }
    }

    /// Hides a variable that a substitute has printed.
    pub fn hide(&mut self, variable: Variable) {
        if self.in_substitute {
            self.hidden.push(variable);
        }
    }

    fn term(&mut self, term: Term, form: citationberg::TermForm, plural: bool) -> Output {
        let word = Output::text(self.set.terms.term(term, form, plural).unwrap_or(""));
        let output = if term == Term::Other(OtherTerm::NoDate) {
            let space = if form == citationberg::TermForm::Long { " " } else { "" };
            match self.implicit_year_suffix() {
                Some(suffix) => grouped(vec![word, Output::text(space), suffix]),
                None => word,
            }
        } else {
            word
        };
        output.tagged(Tag::Term(term))
    }

    /// The year suffix after an item's first year, unless the style places it.
    pub fn implicit_year_suffix(&mut self) -> Option<Output> {
        let n = self.item.year_suffix?;
        if self.set.style.places_year_suffix || self.used_year_suffix {
            return None;
        }
        self.used_year_suffix = true;
        Some(Output::text(year_suffix(n)).tagged(Tag::YearSuffix(n)))
    }

    /// A macro: a group that counts as a variable if it prints something. Source: CSL 1.0.2, "Group".
    fn macro_group(&mut self, name: &str, format: Format) -> Output {
        let Some(children) = self.set.style.macro_elements(name) else { return Output::Nothing };
        let (called, nonempty) = (self.called, self.nonempty);
        let parts = self.elements(children);
        if !parts.is_empty() {
            self.called += 1;
            self.nonempty += 1;
        }
        if self.called == called || self.nonempty > nonempty { formatted(format, parts) } else { Output::Nothing }
    }

    fn group(&mut self, group: &'a Group) -> Output {
        let (called, nonempty) = (self.called, self.nonempty);
        let parts = self.elements(&group.children);
        if self.called == called || self.nonempty > nonempty {
            let format = Format {
                display: group.display,
                delimiter: group.delimiter.clone(),
                ..Format::new(group.to_formatting(), &group.to_affixes())
            };
            formatted(format, parts)
        } else {
            Output::Nothing
        }
    }

    fn choose(&mut self, choose: &'a Choose, out: &mut Vec<Output>) {
        let chosen = choose.branches().find(|branch| self.matches(branch)).map(|b| b.children.as_slice());
        let children = chosen.or_else(|| choose.otherwise.as_ref().map(|o| o.children.as_slice()));
        if let Some(children) = children {
            for child in children {
                self.element(child, out);
            }
        }
    }

    /// The output of the first element that prints something.
    pub fn first_of(&mut self, elements: &'a [Element]) -> Vec<Output> {
        for element in elements {
            let mut out = Vec::new();
            self.element(element, &mut out);
            if !out.is_empty() {
                return out;
            }
        }
        Vec::new()
    }

    /// The term of a locator's label.
    pub fn locator_term(&self) -> Term {
        Term::Locator(self.locator.and_then(|l| l.label).unwrap_or(Locator::Page))
    }
}

/// `a`, `b`, ... `z`, `aa`.
pub(crate) fn year_suffix(n: usize) -> String {
    let letter = |i: usize| char::from(b'a' + (i % 26) as u8);
    let n = n.saturating_sub(1);
    if n < 26 { letter(n).to_string() } else { [letter(n / 26 - 1), letter(n)].iter().collect() }
}

fn first_page(pages: &str) -> &str {
    pages.split([',', ';', '-', '–']).next().unwrap_or("").trim()
}
