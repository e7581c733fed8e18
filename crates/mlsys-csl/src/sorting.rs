//! Sorting. Source: CSL 1.0.2, "Sorting".

use crate::item::{Item, Value};
use crate::output::{RenderOptions, grouped, render};
use crate::rendering::date::sortable_year;
use crate::rendering::name::is_romanesque;
use crate::rendering::{Evaluation, Setting};
use crate::rich;
use citationberg::{DemoteNonDroppingParticle, Sort, SortDirection, SortKey};
use mlsys_book::Date;
use std::cmp::Ordering;

/// The value of a sort key: words, compared one by one. Items without a value sort last.
pub(crate) type Key = Option<Vec<(String, String)>>;

/// The keys of an item.
pub(crate) fn keys(sort: Option<&Sort>, setting: Setting<'_>, item: &Item) -> Vec<(SortDirection, Key)> {
    let Some(sort) = sort else { return Vec::new() };
    sort.keys.iter().map(|key| (key.sort_direction(), one(key, setting, item))).collect()
}

fn one(key: &SortKey, setting: Setting<'_>, item: &Item) -> Key {
    match key {
        SortKey::Variable { variable, .. } => match item.value(*variable)? {
            Value::Text(runs) => Some(words(&rich::plain(runs))),
            Value::Number(n) => Some(words(&format!("{n:09}"))),
            Value::Names(names) => {
                let demote = setting.style.csl.settings.demote_non_dropping_particle;
                let list: Vec<String> = names.iter().map(|name| name_key(name, demote)).collect();
                Some(words(&list.join(",")))
            }
            Value::Date(date) => Some(words(&date_key(date))),
        },
        SortKey::MacroName { name, names_min, names_use_first, names_use_last, .. } => {
            let setting = Setting { sort_key: Some((*names_min, *names_use_first, *names_use_last)), ..setting };
            let elements = setting.style.macro_elements(name)?;
            let output = grouped(Evaluation::new(setting, item).elements(elements));
            let options = RenderOptions { keys: &[], link_citations: false, link_bibliography: false };
            Some(words(&rich::plain(&render(&output, options))))
        }
    }
}

fn name_key(name: &mlsys_book::Name, demote: DemoteNonDroppingParticle) -> String {
    if let Some(literal) = &name.literal {
        return literal.clone();
    }
    let part = |p: &Option<String>| p.clone().unwrap_or_default();
    let parts = if !is_romanesque(name) {
        vec![part(&name.family), part(&name.given)]
    } else if demote == DemoteNonDroppingParticle::Never {
        let family = format!("{}{}", part(&name.non_dropping_particle), part(&name.family));
        vec![family, part(&name.dropping_particle), part(&name.given), part(&name.suffix)]
    } else {
        let particles = format!("{}{}", part(&name.dropping_particle), part(&name.non_dropping_particle));
        vec![part(&name.family), particles, part(&name.given), part(&name.suffix)]
    };
    parts.join(" ")
}

/// A date as digits that sort as text.
fn date_key(date: &Date) -> String {
    let part = |p: &mlsys_book::DatePart| {
        let year = sortable_year(p.year.unwrap_or(0));
        format!("{year}{:02}{:02}", p.month.unwrap_or(0), p.day.unwrap_or(0))
    };
    date.parts.iter().map(part).collect()
}

/// The words of a key, each without and with accents: accents decide only between words that are equal otherwise.
fn words(text: &str) -> Vec<(String, String)> {
    text.to_lowercase()
        .split(|c: char| c.is_whitespace() || matches!(c, '\'' | '’' | ',' | 'ʾ' | 'ʿ'))
        .filter(|w| !w.is_empty())
        .map(|word| {
            let mut base = String::with_capacity(word.len());
            for c in word.chars() {
                match base_letter(c) {
                    Some(letters) => base.push_str(letters),
                    None if c.is_alphanumeric() => base.push(c),
                    None => {}
                }
            }
            (base, word.to_owned())
        })
        .filter(|(base, _)| !base.is_empty())
        .collect()
}

/// The base letters of an accented Latin letter.
fn base_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ' | 'ẫ' | 'ậ' | 'ắ' | 'ằ' => {
            "a"
        }
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' | 'ḍ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' | 'ẹ' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' => "g",
        'ĥ' | 'ħ' | 'ḥ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ị' => "i",
        'ĵ' => "j",
        'ķ' | 'ḱ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' | 'ḷ' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ṇ' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ' | 'ố' | 'ồ' | 'ổ' | 'ỗ' | 'ộ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ṣ' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' | 'ṭ' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

/// Compares the keys of two items.
pub(crate) fn compare(a: &[(SortDirection, Key)], b: &[(SortDirection, Key)]) -> Ordering {
    for ((direction, x), (_, y)) in a.iter().zip(b) {
        let ordering = match (x, y) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => return Ordering::Greater,
            (Some(_), None) => return Ordering::Less,
            (Some(x), Some(y)) => {
                let words = |list: &[(String, String)]| list.iter().map(|w| w.0.clone()).collect::<Vec<_>>();
                words(x).cmp(&words(y)).then_with(|| x.cmp(y))
            }
        };
        let ordering = if *direction == SortDirection::Descending { ordering.reverse() } else { ordering };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    Ordering::Equal
}
