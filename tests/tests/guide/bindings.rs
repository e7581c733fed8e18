//! What the names of a function stand for: values that were looked up, by their keys.

use crate::expressions::{name_of, texts};
use std::collections::BTreeMap;
use syn::{Expr, Pat};

/// The names of a function and the keys at which their values stand, from the value on that the function was given.
#[derive(Clone, Default)]
pub struct Bindings {
    names: BTreeMap<String, Vec<String>>,
    /// Closures that look up a key, and the keys at which their value stands.
    closures: BTreeMap<String, Vec<String>>,
}

impl Bindings {
    /// Takes the names of a pattern for a value.
    pub fn bind(&mut self, pattern: &Pat, value: &Expr) {
        if let (Pat::Tuple(patterns), Expr::Tuple(values)) = (pattern, value) {
            patterns.elems.iter().zip(&values.elems).for_each(|(pattern, value)| self.bind(pattern, value));
            return;
        }
        let path = self.path(value);
        let mut names = Vec::new();
        pattern_names(pattern, &mut names);
        for name in names {
            self.names.insert(name, path.clone());
        }
    }

    /// Takes a closure that looks up a key in the value at a path.
    pub fn bind_closure(&mut self, name: &str, path: Vec<String>) {
        self.closures.insert(name.to_owned(), path);
    }

    /// The keys of the value that a name stands for.
    pub fn named(&self, name: &str) -> Vec<String> {
        self.names.get(name).cloned().unwrap_or_default()
    }

    /// The keys of the value in which a call of a closure looks up.
    pub fn closure(&self, call: &Expr) -> Vec<String> {
        let Expr::Call(call) = call else { return Vec::new() };
        name_of(&call.func).and_then(|name| self.closures.get(&name).cloned()).unwrap_or_default()
    }

    /// The keys of the value of an expression; none for what no key leads to, and below what stands at any key.
    pub fn path(&self, expression: &Expr) -> Vec<String> {
        match expression {
            Expr::MethodCall(call) => {
                let receiver = self.path(&call.receiver);
                match call.method.to_string().as_str() {
                    "get" | "path" => {
                        let keys = call.args.first().map(texts).unwrap_or_default();
                        let keys = keys.first().map(String::as_str).unwrap_or_default().split('.');
                        receiver.into_iter().chain(keys.filter(|key| is_known(key)).map(str::to_owned)).collect()
                    }
                    "entries" => Vec::new(),
                    "and_then" | "map" | "filter_map" | "flat_map" | "find_map" => match call.args.first() {
                        Some(Expr::Closure(closure)) => {
                            let mut inner = self.clone();
                            closure.inputs.iter().for_each(|pattern| inner.bind(pattern, &call.receiver));
                            inner.path(&closure.body)
                        }
                        _ => receiver,
                    },
                    _ => receiver,
                }
            }
            Expr::Path(_) => name_of(expression).map(|name| self.named(&name)).unwrap_or_default(),
            Expr::Try(of) => self.path(&of.expr),
            Expr::Index(of) => self.path(&of.expr),
            Expr::Paren(of) => self.path(&of.expr),
            Expr::Reference(of) => self.path(&of.expr),
            Expr::Unary(of) => self.path(&of.expr),
            Expr::Call(call) if name_of(&call.func).as_deref() == Some("Some") => {
                call.args.first().map(|value| self.path(value)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}

/// True if a part of a key is literal, at least in part.
pub fn is_known(key: &str) -> bool {
    let is_filled_in = key.starts_with('{') && key.ends_with('}') && !key.contains('-');
    !key.is_empty() && !is_filled_in
}

/// The names that a pattern binds.
fn pattern_names(pattern: &Pat, names: &mut Vec<String>) {
    match pattern {
        Pat::Ident(name) => names.push(name.ident.to_string()),
        Pat::Type(of) => pattern_names(&of.pat, names),
        Pat::Reference(of) => pattern_names(&of.pat, names),
        Pat::Paren(of) => pattern_names(&of.pat, names),
        Pat::Tuple(of) => of.elems.iter().for_each(|pattern| pattern_names(pattern, names)),
        Pat::TupleStruct(of) => of.elems.iter().for_each(|pattern| pattern_names(pattern, names)),
        Pat::Or(of) => of.cases.iter().for_each(|pattern| pattern_names(pattern, names)),
        _ => {}
    }
}
