//! Numbered boxes: divs of the classes that `custom-numbered-blocks` names.

use mlsys_book::{Attr, OptionName, Value, name};
use std::collections::BTreeMap;

/// The classes of numbered boxes, as configured. Source: the options of the Quarto extension "custom-numbered-blocks".
pub(crate) struct Boxes {
    classes: BTreeMap<String, BoxClass>,
}

/// A class of boxes.
pub(crate) struct BoxClass {
    /// The class.
    pub class: String,
    /// The word before the number.
    pub label: String,
    /// The word before the number in references: `reflabel`, otherwise `label`.
    pub reference: String,
    /// The group that it counts with.
    pub group: String,
    /// True if its boxes show their numbers.
    pub numbered: bool,
}

impl Boxes {
    /// Reads `custom-numbered-blocks`, at the top of the metadata or in `filter-metadata`, where the extension's author may precede
    /// it (`author/custom-numbered-blocks`).
    pub(crate) fn of(meta: &Value) -> Boxes {
        let filters = meta.value(name!("filter-metadata")).map_or(&[][..], Value::entries);
        let named = |key: &str| key == "custom-numbered-blocks" || key.ends_with("/custom-numbered-blocks");
        let options = meta.entries().iter().chain(filters).find(|entry| named(&entry.key)).map(|entry| &entry.value);
        let groups = options.and_then(|options| options.value(name!("numbered-blocks", "groups")));
        let classes = options
            .and_then(|options| options.value(name!("numbered-blocks", "classes")))
            .map_or(&[][..], Value::entries);
        let read = |entry: &mlsys_book::Entry| {
            let text = |key: OptionName| entry.value.text(key);
            let group = text(name!("box", "group")).unwrap_or_else(|| "default".to_owned());
            let option = |key: OptionName| {
                entry
                    .value
                    .value(key)
                    .or_else(|| groups.and_then(|groups| groups.get(&group)).and_then(|g| g.value(key)))
            };
            let label = option(name!("box", "label")).and_then(Value::to_text).unwrap_or_default();
            let class = BoxClass {
                class: entry.key.clone(),
                reference: option(name!("box", "reflabel")).and_then(Value::to_text).unwrap_or_else(|| label.clone()),
                label,
                numbered: option(name!("box", "numbered")).and_then(Value::as_bool).unwrap_or(true),
                group,
            };
            (entry.key.clone(), class)
        };
        Boxes { classes: classes.iter().map(read).collect() }
    }

    /// The first of a div's classes that makes it a box.
    pub(crate) fn of_div(&self, attr: &Attr) -> Option<&BoxClass> {
        attr.classes.iter().find_map(|class| self.classes.get(class))
    }
}
