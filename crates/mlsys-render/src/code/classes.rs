//! Maps scopes of TextMate grammars to Pandoc's token classes. Source: TextMate manual, "Naming Conventions"; skylighting's
//! token types.

use rustc_hash::FxHashMap;
use std::sync::OnceLock;
use syntect::parsing::{Scope, ScopeStack};

/// Scope prefixes and their classes; `""` ends the search through outer scopes without a class.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "co"),
    ("comment.block.documentation", "do"),
    ("comment.line.documentation", "do"),
    ("string", "st"),
    ("string.regexp", "ss"),
    ("string.quoted.single.c", "ch"),
    ("string.quoted.single.java", "ch"),
    ("string.quoted.single.rust", "ch"),
    ("string.other.math", "ss"),
    ("string.quoted.docstring", "co"),
    ("constant.character.escape", "ch"),
    ("constant.character", "ch"),
    ("constant.other.placeholder", "sc"),
    ("constant.numeric", "dv"),
    ("constant.numeric.integer", "dv"),
    ("constant.numeric.float", "fl"),
    ("constant.numeric.integer.hexadecimal", "bn"),
    ("constant.numeric.integer.octal", "bn"),
    ("constant.numeric.integer.binary", "bn"),
    ("constant.language", "va"),
    ("constant.language.json", "kw"),
    ("constant.language.null", "kw"),
    ("constant.language.boolean", "va"),
    ("constant.other", "cn"),
    ("keyword", "kw"),
    ("keyword.control", "cf"),
    ("keyword.control.import", "im"),
    ("keyword.control.directive", "pp"),
    ("keyword.control.include", "im"),
    ("keyword.control.preprocessor", "pp"),
    ("keyword.other.import", "im"),
    ("keyword.operator", "op"),
    ("keyword.operator.logical.python", "kw"),
    ("keyword.operator.word", "kw"),
    ("keyword.operator.sql", "op"),
    ("keyword.control.loop.for.in", "kw"),
    ("keyword.declaration", "kw"),
    ("keyword.declaration.import", "im"),
    ("storage", "kw"),
    ("storage.type", "dt"),
    ("storage.type.function", "kw"),
    ("storage.type.class", "kw"),
    ("storage.type.struct", "kw"),
    ("storage.type.enum", "kw"),
    ("storage.type.trait", "kw"),
    ("storage.type.impl", "kw"),
    ("storage.type.module", "kw"),
    ("storage.type.js", "kw"),
    ("storage.type.ts", "kw"),
    ("storage.modifier", "kw"),
    ("support.function", "bu"),
    ("support.type", "dt"),
    ("support.type.exception", "pp"),
    ("support.class", "bu"),
    ("support.constant", "va"),
    ("support.macro", "pp"),
    ("entity.name.function.preprocessor", "pp"),
    ("entity.name.tag", "kw"),
    ("entity.name.tag.yaml", "fu"),
    ("entity.other.attribute-name", "ot"),
    ("entity.name.function.decorator", "at"),
    ("entity.name.section", "fu"),
    ("variable.function", "fu"),
    ("variable.function.python", ""),
    ("variable.annotation", "at"),
    ("variable.language", "va"),
    ("variable.other.readwrite.shell", "va"),
    ("variable.parameter.option.shell", "at"),
    ("meta.annotation", "at"),
    ("meta.preprocessor", "pp"),
    ("meta.interpolation", ""),
    ("meta.mapping.key.json", "dt"),
    ("meta.template.expression", ""),
    ("markup.inserted", "va"),
    ("markup.deleted", "st"),
    ("markup.heading", "fu"),
    ("markup.raw", "in"),
    ("meta.diff.header", "kw"),
    ("meta.diff.range", "dt"),
    ("invalid", "er"),
];

fn table() -> &'static [(Scope, &'static str)] {
    static TABLE: OnceLock<Vec<(Scope, &'static str)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<_> =
            CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect();
        // Longest prefix first, so that it wins.
        table.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
        table
    })
}

/// Classifies scope stacks, with a cache by scope.
#[derive(Default)]
pub(super) struct Classifier {
    known: FxHashMap<Scope, Option<&'static str>>,
}

impl Classifier {
    /// The class of a scope stack: that of its innermost scope with a class.
    pub fn class(&mut self, stack: &ScopeStack) -> Option<&'static str> {
        for scope in stack.as_slice().iter().rev() {
            let found = *self.known.entry(*scope).or_insert_with(|| {
                table().iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class)
            });
            if let Some(class) = found {
                return (!class.is_empty()).then_some(class);
            }
        }
        None
    }
}
