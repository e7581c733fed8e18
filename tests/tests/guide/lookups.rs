//! The keys that the crates look up in configuration and front matter, found in the trees of their Rust sources.
//!
//! A lookup is `value.get("key")` or `value.path("some.key")`, or a call of a function or closure that passes its parameter
//! `key` on to one; that name is a convention, so a lookup by another name is not seen. Lists of keys are seen where a closure
//! or a loop takes each as `key`, comparisons where they compare the `key` of an entry. Tests in the sources do not count.

use crate::bindings::{Bindings, is_known};
use crate::expressions::{arguments, binds_key, is_test, list, name_of, parameters, pattern_name, root, texts};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syn::visit::{self, Visit};
use syn::{Expr, Pat};

/// What is looked up by names too but is no configuration: attributes of elements, words of the language, shortcodes, tables
/// of the passes, arguments within templates.
const OTHER_TABLES: [&str; 15] = [
    "attr",
    "words",
    "shortcode",
    "bibliography",
    "labels",
    "dates",
    "names",
    "themes",
    "tokens",
    "cache",
    "formats",
    "to",
    "files",
    "pair",
    "kwargs",
];

/// Files of other formats: quizzes, glossaries, bibliographies and what belongs to CSL have keys of their own.
const OTHER_FORMATS: [&str; 6] = [
    "mlsys-parse/src/bibliography",
    "mlsys-parse/src/quiz",
    "mlsys-parse/src/glossary",
    "mlsys-csl",
    "mlsys-epub/src/xhtml",
    "mlsys-serve",
];

/// The keys that are looked up, each with the keys above it as far as the function shows them, and the places that look it up: file
/// and function. In a key that is put together, `{…}` stands for any text.
pub type Lookups = BTreeMap<Vec<String>, BTreeSet<String>>;

/// Reads all sources of the crates: what they look up, and the names with which they compare the keys of entries.
pub fn lookups(crates: &Path) -> (Lookups, Lookups) {
    let mut files = BTreeMap::new();
    read(crates, crates, &mut files);
    let mut functions = Functions::default();
    // A function counts once it is known that what it passes `key` to looks it up; chains are three long.
    for _ in 0..3 {
        for (path, file) in &files {
            functions.file = path.clone();
            functions.visit_file(file);
        }
    }
    let (mut lookups, mut compared) = (Lookups::new(), Lookups::new());
    for (path, file) in &files {
        let mut finder = Finder {
            functions: &functions,
            file: path,
            function: String::new(),
            keys: Vec::new(),
            constants: BTreeMap::new(),
            bindings: Bindings::default(),
            found: &mut lookups,
            compared: &mut compared,
        };
        finder.visit_file(file);
    }
    (lookups, compared)
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, syn::File>) {
    for path in std::fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path()) {
        let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        if OTHER_FORMATS.iter().any(|other| name.starts_with(other)) {
            continue;
        }
        if path.is_dir() && !name.ends_with("/tests") && !name.ends_with("/benches") {
            read(root, &path, files);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            files.insert(name, syn::parse_file(&text).expect("Rust"));
        }
    }
}

/// Functions and closures that look up their parameter `key`: name, where they are known (a closure in its file, a function in
/// its crate), the parameter's position, and that of the value in which it is looked up.
#[derive(Default)]
struct Functions {
    known: BTreeSet<(String, String, usize, Option<usize>)>,
    file: String,
}

impl Functions {
    fn positions(&self, name: &str, file: &str) -> impl Iterator<Item = (usize, Option<usize>)> {
        let known = self.known.iter().filter(move |(known, of, ..)| known == name && file.starts_with(of.as_str()));
        known.map(|(_, _, key, value)| (*key, *value))
    }

    /// Like [`Functions::positions`], without closures, which no method call calls.
    fn methods(&self, name: &str, file: &str) -> impl Iterator<Item = (usize, Option<usize>)> {
        let known = self
            .known
            .iter()
            .filter(move |(known, of, ..)| known == name && of.ends_with('/') && file.starts_with(of.as_str()));
        known.map(|(_, _, key, value)| (*key, *value))
    }

    fn own_crate(&self) -> String {
        self.file.split_once('/').map_or(&*self.file, |(name, _)| name).to_owned() + "/"
    }

    fn add(&mut self, name: &str, place: String, parameters: &[&Pat], body: impl Fn(&mut Passes<'_>)) {
        let Some(position) = parameters.iter().position(|pattern| binds_key(pattern)) else { return };
        let mut passes = Passes { functions: self, passes: false, values: BTreeSet::new() };
        body(&mut passes);
        let named = |pattern: &Pat| pattern_name(pattern).is_some_and(|name| passes.values.contains(&name));
        let value = parameters.iter().position(|pattern| named(pattern));
        if passes.passes && !matches!(name, "get" | "path") {
            self.known.insert((name.to_owned(), place, position, value));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let parameters = parameters(&function.sig);
        self.add(&function.sig.ident.to_string(), self.own_crate(), &parameters, |passes| {
            passes.visit_block(&function.block)
        });
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let parameters = parameters(&function.sig);
        self.add(&function.sig.ident.to_string(), self.own_crate(), &parameters, |passes| {
            passes.visit_block(&function.block)
        });
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init)
            && let Expr::Closure(closure) = &*init.expr
        {
            let parameters: Vec<&Pat> = closure.inputs.iter().collect();
            self.add(&name.ident.to_string(), self.file.clone(), &parameters, |passes| {
                passes.visit_expr(&closure.body)
            });
        }
        visit::visit_local(self, local);
    }
}

/// Whether a body passes `key` on to a lookup, and in the values of which names.
struct Passes<'f> {
    functions: &'f Functions,
    passes: bool,
    values: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Passes<'_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        for (argument, value) in lookup(expression, self.functions, &self.functions.file) {
            if name_of(argument).as_deref() == Some("key") {
                self.passes = true;
                self.values.extend(value.and_then(name_of));
            }
        }
        visit::visit_expr(self, expression);
    }

    fn visit_macro(&mut self, of: &'ast syn::Macro) {
        arguments(of).iter().for_each(|argument| self.visit_expr(argument));
    }
}

/// Collects the keys of a file's lookups.
struct Finder<'f> {
    functions: &'f Functions,
    file: &'f str,
    /// The function that is being read.
    function: String,
    /// The lists that `key` is of, innermost last.
    keys: Vec<Vec<String>>,
    /// The lists of the file's constants and of the function's names.
    constants: BTreeMap<String, Vec<String>>,
    /// What the names of the function stand for.
    bindings: Bindings,
    found: &'f mut Lookups,
    compared: &'f mut Lookups,
}

impl Finder<'_> {
    /// What the key of an entry is compared with: `entry.key == "a"`, `NAMES.contains(entry.key)`.
    fn compared(&mut self, expression: &Expr) {
        let is_key = |of: &Expr| match root(of) {
            Expr::Field(field) => name_of(of).as_deref() == Some("key") && !of_other_table(&field.base),
            _ => false,
        };
        match expression {
            Expr::Binary(of) if matches!(of.op, syn::BinOp::Eq(_)) && is_key(&of.left) => {
                texts(&of.right).iter().for_each(|key| self.add_compared(key));
            }
            Expr::MethodCall(call) if call.method == "contains" && call.args.first().is_some_and(is_key) => {
                let keys = name_of(&call.receiver).and_then(|name| self.constants.get(&name).cloned());
                keys.unwrap_or_default().iter().for_each(|key| self.add_compared(key));
            }
            _ => {}
        }
    }

    /// Adds a key below the keys `above`.
    fn add(&mut self, above: &[String], path: &str) {
        let keys = path.split('.').filter(|key| is_known(key)).map(str::to_owned);
        let whole: Vec<String> = above.iter().cloned().chain(keys).collect();
        if whole.len() > above.len() {
            self.found.entry(whole).or_default().insert(format!("{} {}", self.file, self.function));
        }
    }

    fn add_compared(&mut self, key: &str) {
        self.compared.entry(vec![key.to_owned()]).or_default().insert(format!("{} {}", self.file, self.function));
    }

    fn within(&mut self, function: &syn::Signature, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.function, function.ident.to_string());
        let bindings = std::mem::take(&mut self.bindings);
        visit(self);
        self.function = outer;
        self.bindings = bindings;
    }

    fn with_keys(&mut self, keys: Option<Vec<String>>, visit: impl FnOnce(&mut Self)) {
        let some = keys.is_some();
        self.keys.extend(keys);
        visit(self);
        if some {
            self.keys.pop();
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.within(&function.sig, |finder| visit::visit_item_fn(finder, function));
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.within(&function.sig, |finder| visit::visit_impl_item_fn(finder, function));
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        for (argument, value) in lookup(expression, self.functions, self.file) {
            let above = match value {
                Some(value) => self.bindings.path(value),
                None => self.bindings.closure(expression),
            };
            let mut keys = texts(argument);
            if keys.is_empty() && name_of(argument).as_deref() == Some("key") {
                keys = self.keys.last().cloned().unwrap_or_default();
            }
            for key in keys {
                match self.keys.last().cloned() {
                    Some(list) if key.contains("{key}") => {
                        list.iter().for_each(|item| self.add(&above, &key.replace("{key}", item)));
                    }
                    _ => self.add(&above, &key),
                }
            }
        }
        self.compared(expression);
        match expression {
            Expr::Let(of) => self.bindings.bind(&of.pat, &of.expr),
            Expr::Match(of) => of.arms.iter().for_each(|arm| self.bindings.bind(&arm.pat, &of.expr)),
            _ => {}
        }
        visit::visit_expr(self, expression);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            if let (Expr::Array(array), Pat::Ident(name)) = (root(&init.expr), &local.pat) {
                self.constants.insert(name.ident.to_string(), array.elems.iter().flat_map(texts).collect());
            }
            if let (Expr::Closure(closure), Pat::Ident(name)) = (&*init.expr, &local.pat) {
                let mut values = Passes { functions: self.functions, passes: false, values: BTreeSet::new() };
                values.visit_expr(&closure.body);
                let path = values.values.iter().map(|value| self.bindings.named(value)).max_by_key(Vec::len);
                self.bindings.bind_closure(&name.ident.to_string(), path.unwrap_or_default());
            }
            visit::visit_local(self, local);
            self.bindings.bind(&local.pat, &init.expr);
        }
    }

    fn visit_file(&mut self, file: &'ast syn::File) {
        for item in &file.items {
            if let syn::Item::Const(constant) = item
                && let Expr::Array(array) = root(&constant.expr)
            {
                self.constants.insert(constant.ident.to_string(), array.elems.iter().flat_map(texts).collect());
            }
        }
        visit::visit_file(self, file);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        for argument in &call.args {
            let closure = if let Expr::Closure(closure) = argument { closure.inputs.first() } else { None };
            let keys = closure.and_then(|pattern| list(root(&call.receiver), pattern));
            let outer = self.bindings.clone();
            closure.into_iter().for_each(|pattern| self.bindings.bind(pattern, &call.receiver));
            self.with_keys(keys, |finder| finder.visit_expr(argument));
            self.bindings = outer;
        }
    }

    fn visit_expr_for_loop(&mut self, of: &'ast syn::ExprForLoop) {
        self.visit_expr(&of.expr);
        let keys = list(root(&of.expr), &of.pat);
        self.bindings.bind(&of.pat, &of.expr);
        self.with_keys(keys, |finder| finder.visit_block(&of.body));
    }

    fn visit_macro(&mut self, of: &'ast syn::Macro) {
        arguments(of).iter().for_each(|argument| self.visit_expr(argument));
    }
}

/// The arguments that may say what is looked up, if this is a lookup, each with the value in which it is looked up.
fn lookup<'e>(expression: &'e Expr, functions: &Functions, file: &str) -> Vec<(&'e Expr, Option<&'e Expr>)> {
    match expression {
        Expr::MethodCall(call) => {
            let method = call.method.to_string();
            if matches!(method.as_str(), "get" | "path") {
                let key = call.args.first().filter(|_| !of_other_table(&call.receiver));
                return key.map(|key| (key, Some(&*call.receiver))).into_iter().collect();
            }
            let found = functions.methods(&method, file);
            let argument = |position: usize| call.args.iter().nth(position);
            found.filter_map(|(key, value)| Some((argument(key)?, value.and_then(argument)))).collect()
        }
        Expr::Call(call) => {
            let name = name_of(&call.func).unwrap_or_default();
            let found = functions.positions(&name, file);
            let argument = |position: usize| call.args.iter().nth(position);
            found.filter_map(|(key, value)| Some((argument(key)?, value.and_then(argument)))).collect()
        }
        _ => Vec::new(),
    }
}

fn of_other_table(receiver: &Expr) -> bool {
    name_of(receiver).is_some_and(|name| OTHER_TABLES.contains(&name.as_str()))
}
