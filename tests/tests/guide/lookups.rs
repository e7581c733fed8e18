//! The keys that the crates look up in configuration and front matter, found in the trees of their Rust sources.
//!
//! A lookup is `value.get("key")` or `value.path("some.key")`, or a call of a function or closure that passes its parameter
//! `key` on to one; that name is a convention, so a lookup by another name is not seen. Lists of keys are seen where a closure
//! or a loop takes each as `key`, comparisons where they compare the `key` of an entry. Tests in the sources do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syn::visit::{self, Visit};
use syn::{Expr, Lit, Pat};

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
const OTHER_FORMATS: [&str; 5] = [
    "mlsys-parse/src/bibliography",
    "mlsys-parse/src/quiz",
    "mlsys-parse/src/glossary",
    "mlsys-resolve/src/csl",
    "mlsys-serve",
];

/// The keys by name, each with the places that look it up: file and function. In a key that is put together, `{…}` stands for any
/// text.
pub type Lookups = BTreeMap<String, BTreeSet<String>>;

/// Reads all sources of the crates.
pub fn lookups(crates: &Path) -> Lookups {
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
    let mut lookups = Lookups::new();
    for (path, file) in &files {
        let mut finder = Finder {
            functions: &functions,
            file: path,
            function: String::new(),
            keys: Vec::new(),
            constants: BTreeMap::new(),
            found: &mut lookups,
        };
        finder.visit_file(file);
    }
    lookups
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
/// its crate), and the parameter's position.
#[derive(Default)]
struct Functions {
    known: BTreeSet<(String, String, usize)>,
    file: String,
}

impl Functions {
    fn positions(&self, name: &str, file: &str) -> impl Iterator<Item = usize> {
        let known = self.known.iter().filter(move |(known, of, _)| known == name && file.starts_with(of.as_str()));
        known.map(|(_, _, position)| *position)
    }

    fn own_crate(&self) -> String {
        self.file.split_once('/').map_or(&*self.file, |(name, _)| name).to_owned() + "/"
    }

    fn add(&mut self, name: &str, place: String, parameters: &[&Pat], body: impl Fn(&mut Passes<'_>)) {
        let Some(position) = parameters.iter().position(|pattern| binds_key(pattern)) else { return };
        let mut passes = Passes { functions: self, passes: false };
        body(&mut passes);
        if passes.passes && !matches!(name, "get" | "path") {
            self.known.insert((name.to_owned(), place, position));
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

/// Whether a body passes `key` on to a lookup.
struct Passes<'f> {
    functions: &'f Functions,
    passes: bool,
}

impl<'ast> Visit<'ast> for Passes<'_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        let looked_up = lookup(expression, self.functions, &self.functions.file);
        self.passes |= looked_up.iter().any(|argument| name_of(argument).as_deref() == Some("key"));
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
    /// The lists of the file's constants.
    constants: BTreeMap<String, Vec<String>>,
    found: &'f mut Lookups,
}

impl Finder<'_> {
    /// What the key of an entry is compared with: `entry.key == "a"`, `NAMES.contains(entry.key)`, `entry.key.strip_suffix("a")`.
    fn compared(&mut self, expression: &Expr) {
        let is_key = |of: &Expr| match root(of) {
            Expr::Field(field) => name_of(of).as_deref() == Some("key") && !of_other_table(&field.base),
            _ => false,
        };
        match expression {
            Expr::Binary(of) if matches!(of.op, syn::BinOp::Eq(_)) && is_key(&of.left) => {
                texts(&of.right).iter().for_each(|key| self.add(key));
            }
            Expr::MethodCall(call) if call.method == "contains" && call.args.first().is_some_and(is_key) => {
                let keys = name_of(&call.receiver).and_then(|name| self.constants.get(&name).cloned());
                keys.unwrap_or_default().iter().for_each(|key| self.add(key));
            }
            Expr::MethodCall(call) if call.method == "strip_suffix" && is_key(&call.receiver) => {
                call.args.iter().flat_map(texts).for_each(|ending| self.add(&format!("{{}}-{ending}")));
            }
            _ => {}
        }
    }

    fn add(&mut self, path: &str) {
        // A part that is filled in as a whole says nothing.
        let filled_in = |key: &str| key.starts_with('{') && key.ends_with('}') && !key.contains('-');
        for key in path.split('.').filter(|key| !key.is_empty() && !filled_in(key)) {
            self.found.entry(key.to_owned()).or_default().insert(format!("{} {}", self.file, self.function));
        }
    }

    fn within(&mut self, function: &syn::Signature, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.function, function.ident.to_string());
        visit(self);
        self.function = outer;
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
        for argument in lookup(expression, self.functions, self.file) {
            let mut keys = texts(argument);
            if keys.is_empty() && name_of(argument).as_deref() == Some("key") {
                keys = self.keys.last().cloned().unwrap_or_default();
            }
            for key in keys {
                match self.keys.last().cloned() {
                    Some(list) if key.contains("{key}") => {
                        list.iter().for_each(|item| self.add(&key.replace("{key}", item)));
                    }
                    _ => self.add(&key),
                }
            }
        }
        self.compared(expression);
        visit::visit_expr(self, expression);
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
            self.with_keys(keys, |finder| finder.visit_expr(argument));
        }
    }

    fn visit_expr_for_loop(&mut self, of: &'ast syn::ExprForLoop) {
        self.visit_expr(&of.expr);
        let keys = list(root(&of.expr), &of.pat);
        self.with_keys(keys, |finder| finder.visit_block(&of.body));
    }

    fn visit_macro(&mut self, of: &'ast syn::Macro) {
        arguments(of).iter().for_each(|argument| self.visit_expr(argument));
    }
}

/// The arguments that may say what is looked up, if this is a lookup.
fn lookup<'e>(expression: &'e Expr, functions: &Functions, file: &str) -> Vec<&'e Expr> {
    match expression {
        Expr::MethodCall(call) => {
            let method = call.method.to_string();
            if matches!(method.as_str(), "get" | "path") {
                return call.args.first().filter(|_| !of_other_table(&call.receiver)).into_iter().collect();
            }
            functions.positions(&method, file).filter_map(|position| call.args.iter().nth(position)).collect()
        }
        Expr::Call(call) => {
            let name = name_of(&call.func).unwrap_or_default();
            functions.positions(&name, file).filter_map(|position| call.args.iter().nth(position)).collect()
        }
        _ => Vec::new(),
    }
}

fn of_other_table(receiver: &Expr) -> bool {
    name_of(receiver).is_some_and(|name| OTHER_TABLES.contains(&name.as_str()))
}

/// The value at the beginning of a chain: `meta` of `self.meta.get("a")?.get("b")`.
fn root(expression: &Expr) -> &Expr {
    match expression {
        Expr::MethodCall(call) => root(&call.receiver),
        Expr::Try(of) => root(&of.expr),
        Expr::Index(of) => root(&of.expr),
        Expr::Paren(of) => root(&of.expr),
        Expr::Reference(of) => root(&of.expr),
        Expr::Unary(of) => root(&of.expr),
        _ => expression,
    }
}

/// The last name of a path or of a field.
fn name_of(expression: &Expr) -> Option<String> {
    match root(expression) {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(_) => None,
        },
        _ => None,
    }
}

/// The text of a literal, of what `format!` puts together, and of the branches of an `if`.
fn texts(expression: &Expr) -> Vec<String> {
    let of_block = |block: &syn::Block| match block.stmts.last() {
        Some(syn::Stmt::Expr(expression, None)) => texts(expression),
        _ => Vec::new(),
    };
    match root(expression) {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => vec![text.value()],
            _ => Vec::new(),
        },
        Expr::Macro(of) if of.mac.path.is_ident("format") => arguments(&of.mac).first().map(texts).unwrap_or_default(),
        Expr::If(of) => {
            let otherwise = of.else_branch.as_ref().map(|(_, expression)| texts(expression)).unwrap_or_default();
            of_block(&of.then_branch).into_iter().chain(otherwise).collect()
        }
        Expr::Block(of) => of_block(&of.block),
        Expr::Call(call) if name_of(&call.func).as_deref() == Some("Some") => {
            call.args.iter().flat_map(texts).collect()
        }
        _ => Vec::new(),
    }
}

/// The texts that `key` takes when a pattern takes the items of a list one after the other.
fn list(list: &Expr, pattern: &Pat) -> Option<Vec<String>> {
    let Expr::Array(array) = list else { return None };
    let item = |item: &Expr| match (item, pattern) {
        (Expr::Tuple(values), Pat::Tuple(patterns)) => {
            texts(&values.elems[patterns.elems.iter().position(binds_key)?]).pop()
        }
        _ => texts(item).pop().filter(|_| binds_key(pattern)),
    };
    array.elems.iter().map(item).collect()
}

fn binds_key(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => name.ident == "key",
        Pat::Type(of) => binds_key(&of.pat),
        Pat::Reference(of) => binds_key(&of.pat),
        _ => false,
    }
}

fn parameters(signature: &syn::Signature) -> Vec<&Pat> {
    signature
        .inputs
        .iter()
        .filter_map(|input| if let syn::FnArg::Typed(of) = input { Some(&*of.pat) } else { None })
        .collect()
}

/// The arguments of a macro as far as they are expressions.
fn arguments(of: &syn::Macro) -> Vec<Expr> {
    let parse = |input: syn::parse::ParseStream<'_>| {
        let mut found = Vec::new();
        while !input.is_empty() {
            match input.parse::<Expr>() {
                Ok(expression) => found.push(expression),
                Err(_) => break,
            }
            if input.parse::<syn::Token![,]>().is_err() {
                break;
            }
        }
        input.step(|cursor| {
            let mut rest = *cursor;
            while let Some((_, next)) = rest.token_tree() {
                rest = next;
            }
            Ok(((), rest))
        })?;
        Ok(found)
    };
    of.parse_body_with(parse).unwrap_or_default()
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}
