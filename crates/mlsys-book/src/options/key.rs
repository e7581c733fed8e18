//! Keys of options that the compiler checks against the table: an unknown name does not compile, and the table says what
//! [`Value::read`] returns.

use super::{ConfigOption, OPTION_SECTIONS, OptionSection, OptionValue};
use crate::value::Value;

/// The name of an option of the table. [`name!`](crate::name) makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OptionName(&'static str);

/// The key of an option whose values have one type, by the number of the type. [`key!`](crate::key) makes one.
#[derive(Clone, Copy, Debug)]
pub struct OptionKey<const TYPE: u8>(OptionName);

/// The key of an option that is `true` or `false`.
pub type FlagKey = OptionKey<FLAG>;
/// The key of an option that is a whole number.
pub type WholeKey = OptionKey<WHOLE>;

const FLAG: u8 = 0;
const WHOLE: u8 = 1;
/// Scalars of any kind, read as the author wrote them.
const SCALAR: u8 = 2;
/// One of some words.
const WORD: u8 = 3;
/// Lists. A single value is a list of one.
const ITEMS: u8 = 4;
/// Maps, data, and options with values of several types.
const ANY: u8 = 5;

/// A key with a type as which its values are read.
pub trait Typed {
    /// The type.
    type Output<'v>;

    /// The value as this type; `None` if it is of another one.
    fn read(value: &Value) -> Option<Self::Output<'_>>;
}

macro_rules! typed {
    ($lifetime:lifetime, $value:ident, $($type:ident: $output:ty = $read:expr;)*) => {
        $(impl Typed for OptionKey<$type> {
            type Output<$lifetime> = $output;

            fn read<$lifetime>($value: &$lifetime Value) -> Option<$output> {
                $read
            }
        })*
    };
}

typed! { 'v, value,
    FLAG: bool = value.as_bool();
    WHOLE: i64 = value.as_int();
    SCALAR: String = value.to_text();
    WORD: &'v str = value.as_str();
    ITEMS: &'v [Value] = Some(value.items());
    ANY: &'v Value = Some(value);
}

/// The key of an option, checked and typed by the table: `key!("toc")` of a page, `key!("search", "limit")` of a section.
///
/// ```
/// use mlsys_book::{Place, Value, key};
///
/// let meta = Value::empty(Place::project());
/// let toc: Option<bool> = meta.read(key!("toc"));
/// let depth: Option<i64> = meta.read(key!("toc-depth"));
/// ```
///
/// ```compile_fail
/// let key = mlsys_book::key!("tocc");
/// ```
#[macro_export]
macro_rules! key {
    ($name:literal) => {
        $crate::key!("config", $name)
    };
    ($section:literal, $name:literal) => {
        $crate::OptionKey::<{ $crate::type_of_key($section, $name) }>::new($crate::name!($section, $name))
    };
}

/// The name of an option, checked by the table: `name!("toc")` of a page, `name!("search", "limit")` of a section.
///
/// ```compile_fail
/// let name = mlsys_book::name!("search", "limits");
/// ```
#[macro_export]
macro_rules! name {
    ($name:literal) => {
        $crate::name!("config", $name)
    };
    ($section:literal, $name:literal) => {
        const { $crate::OptionName::new($section, $name) }
    };
}

impl OptionName {
    /// An option of a section. Dots lead into the sections of maps.
    ///
    /// # Panics
    ///
    /// If the table has no such option. [`name!`](crate::name) calls it while the code is compiled.
    pub const fn new(section: &str, name: &'static str) -> Self {
        option_of_key(section, name);
        OptionName(name)
    }

    /// The name, with dots for maps.
    pub const fn text(self) -> &'static str {
        self.0
    }
}

impl<const TYPE: u8> OptionKey<TYPE> {
    /// The key of a name whose options have this type.
    pub const fn new(name: OptionName) -> Self {
        OptionKey(name)
    }
}

impl Value {
    /// The value of an option, as the type that the table says; `None` without it and for a value of another type.
    pub fn read<'v, const TYPE: u8>(&'v self, key: OptionKey<TYPE>) -> Option<<OptionKey<TYPE> as Typed>::Output<'v>>
    where
        OptionKey<TYPE>: Typed,
    {
        self.value(key.0).and_then(OptionKey::<TYPE>::read)
    }

    /// The value of an option of any type.
    pub fn value(&self, name: OptionName) -> Option<&Value> {
        self.path(name.0)
    }

    /// The scalar of an option as the author wrote it, also if the option has values of other types.
    pub fn text(&self, name: OptionName) -> Option<String> {
        self.value(name).and_then(Value::to_text)
    }

    /// The items of an option: those of its list, its single value, or none.
    pub fn list(&self, name: OptionName) -> &[Value] {
        self.value(name).map_or(&[], Value::items)
    }
}

/// The number of the type of an option's values.
///
/// # Panics
///
/// If the table has no such option, so that its key does not compile.
pub const fn type_of_key(section: &str, name: &str) -> u8 {
    let option = option_of_key(section, name);
    let mut kind = number_of_type(&option.values[0]);
    let mut at = 1;
    while at < option.values.len() {
        if number_of_type(&option.values[at]) != kind {
            kind = ANY;
        }
        at += 1;
    }
    kind
}

const fn number_of_type(value: &OptionValue) -> u8 {
    match value {
        OptionValue::Bool => FLAG,
        OptionValue::Number => WHOLE,
        OptionValue::Text
        | OptionValue::Markdown
        | OptionValue::File
        | OptionValue::Url
        | OptionValue::Color
        | OptionValue::Length
        | OptionValue::Date => SCALAR,
        OptionValue::Choice(words) => {
            let mut at = 0;
            while at < words.len() {
                if is_equal(words[at].as_bytes(), b"false") || is_equal(words[at].as_bytes(), b"true") {
                    return ANY;
                }
                at += 1;
            }
            WORD
        }
        OptionValue::List => ITEMS,
        OptionValue::Map(_) | OptionValue::MapOf(_) | OptionValue::Data => ANY,
    }
}

const fn option_of_key(section: &str, name: &str) -> &'static ConfigOption {
    match find(section, name.as_bytes()) {
        Some(option) => option,
        None => panic!("the table of options has no option of this name in this section"),
    }
}

/// The option with a name in a section, in those that it includes, and in those of its maps after a dot.
const fn find(section: &str, name: &[u8]) -> Option<&'static ConfigOption> {
    let Some(section) = section_named(section.as_bytes()) else {
        panic!("the table of options has no section of this name");
    };
    let mut at = 0;
    while at < section.options.len() {
        let option = &section.options[at];
        let own = option.name.as_bytes();
        if is_equal(own, name) {
            return Some(option);
        }
        if own.len() < name.len() && name[own.len()] == b'.' && is_equal(name.split_at(own.len()).0, own) {
            let mut value = 0;
            while value < option.values.len() {
                if let OptionValue::Map(section) = option.values[value]
                    && let Some(option) = find(section, name.split_at(own.len() + 1).1)
                {
                    return Some(option);
                }
                value += 1;
            }
        }
        at += 1;
    }
    let mut at = 0;
    while at < section.includes.len() {
        if let Some(option) = find(section.includes[at], name) {
            return Some(option);
        }
        at += 1;
    }
    None
}

const fn section_named(name: &[u8]) -> Option<&'static OptionSection> {
    let mut file = 0;
    while file < OPTION_SECTIONS.len() {
        let mut at = 0;
        while at < OPTION_SECTIONS[file].len() {
            if is_equal(OPTION_SECTIONS[file][at].name.as_bytes(), name) {
                return Some(&OPTION_SECTIONS[file][at]);
            }
            at += 1;
        }
        file += 1;
    }
    None
}

const fn is_equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
