//! Finds `match` expressions over enums of the workspace that end in a catch-all arm.
//!
//! A variant that is added later falls into such an arm unseen. `if let`, `let else` and `matches!` name the one variant that is
//! meant, so they are fine; so are patterns within slices, whose lengths no list of arms covers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};
use syn::{Attribute, Pat};

/// The variants of every enum in some sources, by the enum's name.
pub type Enums = BTreeMap<String, BTreeSet<String>>;

/// The parsed sources of a crate.
pub fn parse(files: &[PathBuf]) -> Vec<(String, syn::File)> {
    let parsed = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("readable");
        (path.display().to_string(), syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
    };
    files.iter().map(|path| parsed(path)).collect()
}

/// The enums that sources define.
pub fn enums<'f>(files: impl IntoIterator<Item = &'f syn::File>) -> Enums {
    let mut collector = EnumCollector(Enums::new());
    files.into_iter().for_each(|file| collector.visit_file(file));
    collector.0
}

struct EnumCollector(Enums);

impl<'a> Visit<'a> for EnumCollector {
    fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
        let variants = item.variants.iter().map(|variant| variant.ident.to_string());
        self.0.entry(item.ident.to_string()).or_default().extend(variants);
    }
}

/// The matches with a catch-all arm in a source, outside its tests: the function, and the enum that other arms name.
pub fn catch_alls(file: &syn::File, enums: &Enums) -> Vec<String> {
    let mut names = Names::default();
    names.visit_file(file);
    let foreign = names.foreign();
    let enums: Enums =
        enums.iter().filter(|(name, _)| !foreign.contains(*name)).map(|(n, v)| (n.clone(), v.clone())).collect();
    let mut imports = Imports { enums: &enums, variants: BTreeMap::new() };
    imports.visit_file(file);
    let imported = imports.variants;
    let mut finder = Finder { enums: &enums, imported, own: Vec::new(), functions: Vec::new(), found: Vec::new() };
    finder.visit_file(file);
    finder.found
}

/// The names that a source declares or imports outside its tests.
#[derive(Default)]
struct Names {
    modules: BTreeSet<String>,
    /// What each imported name's path begins with.
    imports: BTreeMap<String, String>,
}

impl Names {
    /// The names that come from crates outside the workspace, such as `Event` of pulldown-cmark: an enum of ours with the same name
    /// is another.
    fn foreign(&self) -> BTreeSet<String> {
        let is_foreign = |root: &str| {
            let is_ours = matches!(root, "crate" | "self" | "super") || root.starts_with("mlsys");
            let is_crate = !self.modules.contains(root) && !self.imports.contains_key(root);
            !is_ours && is_crate && root.starts_with(char::is_lowercase)
        };
        self.imports.iter().filter(|(_, root)| is_foreign(root)).map(|(name, _)| name.clone()).collect()
    }

    fn import(&mut self, root: &str, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.import(root, &path.tree),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(root, tree)),
            syn::UseTree::Name(name) => {
                self.imports.insert(name.ident.to_string(), root.to_owned());
            }
            syn::UseTree::Rename(name) => {
                self.imports.insert(name.rename.to_string(), root.to_owned());
            }
            syn::UseTree::Glob(_) => {}
        }
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        self.modules.insert(item.ident.to_string());
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        if let syn::UseTree::Path(path) = &item.tree {
            self.import(&path.ident.to_string(), &path.tree);
        }
    }
}

/// The variants that a source uses without their enum: `use Kind::{A, B}`.
struct Imports<'e> {
    enums: &'e Enums,
    variants: BTreeMap<String, String>,
}

impl<'a> Visit<'a> for Imports<'_> {
    fn visit_use_path(&mut self, path: &'a syn::UsePath) {
        let name = path.ident.to_string();
        if let Some(variants) = self.enums.get(&name) {
            let mut names = Vec::new();
            use_names(&path.tree, variants, &mut names);
            self.variants.extend(names.into_iter().map(|variant| (variant, name.clone())));
        }
        visit::visit_use_path(self, path);
    }
}

fn use_names(tree: &syn::UseTree, variants: &BTreeSet<String>, names: &mut Vec<String>) {
    match tree {
        syn::UseTree::Name(name) => names.push(name.ident.to_string()),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| use_names(tree, variants, names)),
        syn::UseTree::Glob(_) => names.extend(variants.iter().cloned()),
        _ => {}
    }
}

struct Finder<'e> {
    enums: &'e Enums,
    /// The enums of variants that are imported.
    imported: BTreeMap<String, String>,
    /// The types whose `impl` is open, for `Self::Variant`.
    own: Vec<String>,
    functions: Vec<String>,
    found: Vec<String>,
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
        let name = match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        self.own.push(name.unwrap_or_default());
        visit::visit_item_impl(self, item);
        self.own.pop();
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.functions.push(item.sig.ident.to_string());
        visit::visit_item_fn(self, item);
        self.functions.pop();
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.functions.push(item.sig.ident.to_string());
        visit::visit_impl_item_fn(self, item);
        self.functions.pop();
    }

    fn visit_expr_match(&mut self, expression: &'a syn::ExprMatch) {
        let named = expression.arms.iter().find_map(|arm| self.named(&arm.pat));
        let caught = expression.arms.iter().any(|arm| self.catches_all(&arm.pat));
        if let Some(name) = named.filter(|_| caught) {
            let function = self.functions.last().map_or("", String::as_str);
            self.found.push(format!("`{function}` matches `{name}` with a catch-all arm"));
        }
        visit::visit_expr_match(self, expression);
    }
}

impl Finder<'_> {
    /// The enum of the workspace whose variant a pattern names.
    fn named(&self, pattern: &Pat) -> Option<String> {
        match pattern {
            Pat::Path(of) => self.own_enum(&of.path),
            Pat::TupleStruct(of) => self.own_enum(&of.path).or_else(|| of.elems.iter().find_map(|p| self.named(p))),
            Pat::Struct(of) => {
                self.own_enum(&of.path).or_else(|| of.fields.iter().find_map(|field| self.named(&field.pat)))
            }
            Pat::Or(of) => of.cases.iter().find_map(|p| self.named(p)),
            Pat::Tuple(of) => of.elems.iter().find_map(|p| self.named(p)),
            Pat::Ident(of) => match &of.subpat {
                Some((_, pattern)) => self.named(pattern),
                None => self.imported.get(&of.ident.to_string()).cloned(),
            },
            Pat::Reference(of) => self.named(&of.pat),
            Pat::Paren(of) => self.named(&of.pat),
            Pat::Guard(of) => self.named(&of.pat),
            _ => None,
        }
    }

    /// The enum of a path such as `BlockKind::Para` or `Self::Para`.
    fn own_enum(&self, path: &syn::Path) -> Option<String> {
        let mut segments = path.segments.iter().rev();
        let variant = segments.next()?.ident.to_string();
        let Some(name) = segments.next() else { return self.imported.get(&variant).cloned() };
        let name = name.ident.to_string();
        let name = if name == "Self" { self.own.last()?.clone() } else { name };
        self.enums.get(&name)?.contains(&variant).then_some(name)
    }

    /// True if a pattern without a guard covers every variant that it does not name: `_`, a binding, or either within tuples,
    /// structs and `Option` or `Result`.
    fn catches_all(&self, pattern: &Pat) -> bool {
        match pattern {
            Pat::Wild(_) | Pat::Rest(_) => true,
            Pat::Ident(of) => match &of.subpat {
                Some((_, pattern)) => self.catches_all(pattern),
                None => of.ident.to_string().starts_with(char::is_lowercase),
            },
            Pat::Or(of) => of.cases.iter().any(|p| self.catches_all(p)),
            Pat::Tuple(of) => of.elems.iter().all(|p| self.catches_all(p)),
            Pat::TupleStruct(of) => {
                let std = of.path.get_ident().is_some_and(|name| name == "Some" || name == "Ok");
                std && of.elems.iter().all(|p| self.catches_all(p))
            }
            Pat::Struct(of) => {
                self.own_enum(&of.path).is_none() && of.fields.iter().all(|field| self.catches_all(&field.pat))
            }
            Pat::Reference(of) => self.catches_all(&of.pat),
            Pat::Paren(of) => self.catches_all(&of.pat),
            _ => false,
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test")
    })
}
