//! Locales: terms, date formats, options. Source: CSL 1.0.2, "Locale Files" and "Locale".

mod files;

use citationberg::taxonomy::{Kind, Locator, NumberVariable, OtherTerm, Term};
use citationberg::{Date, DateForm, GrammarGender, Locale, LocalizedTerm, OrdinalMatch, TermForm};
pub(crate) use files::LocaleFiles;
use rustc_hash::FxHashMap;

/// The terms of a style in a language. The style's own terms precede those of the locale file.
#[derive(Debug)]
pub(crate) struct Terms<'a> {
    locales: Vec<&'a Locale>,
    terms: FxHashMap<(Term, TermForm), Vec<&'a LocalizedTerm>>,
    /// The language, as a BCP 47 tag.
    pub lang: String,
}

impl<'a> Terms<'a> {
    /// The terms of a language. `own` are the style's locales, `file` is the locale file.
    pub fn new(own: &'a [Locale], file: Option<&'a Locale>, lang: &str) -> Self {
        let primary = lang.split('-').next().unwrap_or(lang);
        let code = |l: &'a Locale| l.lang.as_ref().map(|c| c.0.as_str());
        let mut locales: Vec<&Locale> = Vec::new();
        locales.extend(own.iter().filter(|l| code(l) == Some(lang)));
        locales.extend(own.iter().filter(|l| code(l) == Some(primary) && primary != lang));
        locales.extend(own.iter().filter(|l| l.lang.is_none()));
        locales.extend(file);
        let mut terms: FxHashMap<(Term, TermForm), Vec<&LocalizedTerm>> = FxHashMap::default();
        for term in locales.iter().filter_map(|l| l.terms.as_ref()).flat_map(|t| &t.terms) {
            terms.entry((canonical(term.name), term.form)).or_default().push(term);
        }
        Terms { locales, terms, lang: lang.to_owned() }
    }

    /// A term in a form, or in the forms that it falls back to. Source: CSL 1.0.2, "Terms".
    pub fn term(&self, term: Term, form: TermForm, plural: bool) -> Option<&'a str> {
        let term = canonical(term);
        let mut form = Some(form);
        while let Some(current) = form {
            if let Some(term) = self.terms.get(&(term, current)).and_then(|t| t.first()) {
                return if plural { term.multiple() } else { term.single() };
            }
            form = current.fallback();
        }
        None
    }

    /// A term in exactly this form.
    pub fn exact(&self, term: Term, form: TermForm) -> &[&'a LocalizedTerm] {
        self.terms.get(&(canonical(term), form)).map_or(&[], Vec::as_slice)
    }

    /// A term that is not a variable's name, in its long form.
    pub fn word(&self, term: OtherTerm) -> Option<&'a str> {
        self.term(Term::Other(term), TermForm::Long, false)
    }

    /// The suffix of an ordinal number. A form of another gender than the noun's is never taken: a locale that has only some ordinals
    /// in a gender has its general suffix for the others. Source: CSL 1.0.2, "Ordinal Suffixes", "Gender-specific Ordinals".
    pub fn ordinal(&self, n: i64, gender: Option<GrammarGender>) -> &'a str {
        let choose = |term: OtherTerm, accept: &dyn Fn(Option<OrdinalMatch>) -> bool| {
            let list = self.exact(Term::Other(term), TermForm::Long);
            let fits = |t: &&&LocalizedTerm| accept(t.match_);
            let of_gender = list.iter().filter(fits).find(|t| gender.is_some() && t.gender_form == gender);
            let neutral = || list.iter().filter(fits).find(|t| t.gender_form.is_none());
            let any = || list.iter().find(fits).filter(|_| gender.is_none());
            of_gender.or_else(neutral).or_else(any).and_then(|t| t.single())
        };
        let find = |digits: i64, accept: &dyn Fn(Option<OrdinalMatch>) -> bool| {
            choose(OtherTerm::OrdinalN(u8::try_from(digits).ok()?), accept)
        };
        find(n % 100, &|m| n <= 99 || m != Some(OrdinalMatch::WholeNumber))
            .or_else(|| find(n % 10, &|m| n <= 10 || matches!(m, None | Some(OrdinalMatch::LastDigit))))
            .or_else(|| choose(OtherTerm::Ordinal, &|_| true))
            .or_else(|| self.word(OtherTerm::Ordinal))
            .unwrap_or("")
    }

    /// The locale's date format.
    pub fn date(&self, form: DateForm) -> Option<&'a Date> {
        self.locales.iter().flat_map(|l| &l.date).find(|d| d.form == Some(form))
    }

    /// `punctuation-in-quote`
    pub fn punctuation_in_quote(&self) -> bool {
        self.locales.iter().find_map(|l| l.style_options?.punctuation_in_quote).unwrap_or(false)
    }

    /// `limit-day-ordinals-to-day-1`
    pub fn limit_day_ordinals(&self) -> bool {
        self.locales.iter().find_map(|l| l.style_options?.limit_day_ordinals_to_day_1).unwrap_or(false)
    }

    /// Outer and inner quotation marks.
    pub fn quotes(&self) -> ((&'a str, &'a str), (&'a str, &'a str)) {
        let mark = |term, default| self.word(term).unwrap_or(default);
        (
            (mark(OtherTerm::OpenQuote, "“"), mark(OtherTerm::CloseQuote, "”")),
            (mark(OtherTerm::OpenInnerQuote, "‘"), mark(OtherTerm::CloseInnerQuote, "’")),
        )
    }

    /// True if the language is English, the only one with title case.
    pub fn is_english(&self) -> bool {
        is_english(&self.lang)
    }
}

/// True if a language tag is English.
pub(crate) fn is_english(lang: &str) -> bool {
    lang.split(['-', '_']).next().is_some_and(|l| l.eq_ignore_ascii_case("en"))
}

/// A unique form of terms that several of citationberg's types can hold.
fn canonical(term: Term) -> Term {
    match term {
        Term::Locator(Locator::Issue) => Term::NumberVariable(NumberVariable::Issue),
        Term::Locator(Locator::Page) => Term::PageVariable,
        Term::Locator(Locator::Section) => Term::NumberVariable(NumberVariable::Section),
        Term::Locator(Locator::Volume) => Term::NumberVariable(NumberVariable::Volume),
        Term::Locator(Locator::Book) => Term::Kind(Kind::Book),
        Term::Locator(Locator::Chapter) => Term::Kind(Kind::Chapter),
        Term::Locator(Locator::Figure) => Term::Kind(Kind::Figure),
        term => term,
    }
}
