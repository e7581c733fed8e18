//! The values that templates see: those that the guide describes, and the fields of what the code gives to Tera.

use crate::page;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use syn::visit::{self, Visit};

type Names = BTreeSet<String>;

/// The sections of the guide's page, by id without `sec-value-`, and the structures that they describe.
const SECTIONS: [(&str, &str); 9] = [
    ("page", "page/mod.rs View"),
    ("labels", "page/labels.rs Labels"),
    ("title-block", "page/title_block.rs TitleBlock"),
    ("author", "page/title_block.rs Author"),
    ("meta", "page/title_block.rs MetaItem"),
    ("crumb", "page/links.rs Crumb"),
    ("neighbour", "page/links.rs Neighbour"),
    ("about", "page/about.rs About"),
    ("whole-book", "site/print.rs View"),
];

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_value_of_a_template_is_described() {
    let described = described();
    let given = given();
    let structures: BTreeSet<&str> = SECTIONS.iter().map(|(_, structure)| *structure).collect();
    assert_eq!(given.keys().map(String::as_str).collect::<BTreeSet<_>>(), structures, "what is given to templates");
    assert_eq!(
        described.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        SECTIONS.iter().map(|(section, _)| *section).collect(),
        "the sections of templates.qmd with values"
    );
    for (section, structure) in SECTIONS {
        assert_eq!(
            described[section], given[structure],
            "templates.qmd, {section}: what it describes, and {structure}"
        );
    }
}

#[test]
fn every_template_is_described() {
    let files = std::fs::read_dir(root().join("templates")).expect("the templates").flatten();
    let files: Names = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    let text = page("templates.qmd");
    let opening = text.split("\n# ").next().unwrap_or_default();
    assert_eq!(first_cells(opening), files, "templates.qmd: the templates");
}

fn described() -> BTreeMap<String, Names> {
    let text = page("templates.qmd");
    let sections = text.split("{#sec-value-").skip(1);
    let sections = sections.map(|section| section.split_once('}').expect("an id ends"));
    sections.map(|(id, text)| (id.to_owned(), first_cells(text))).collect()
}

/// What stands in backticks in the first column of tables.
fn first_cells(text: &str) -> Names {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').step_by(2)).map(str::to_owned).filter(|name| !name.is_empty()).collect()
}

/// The fields of all structures that can be given to Tera, by file and name. The search has its own files, read by its script.
fn given() -> BTreeMap<String, Names> {
    let mut found = Given::default();
    for room in ["page", "page/head", "site"] {
        for entry in std::fs::read_dir(root().join("crates/mlsys-render/src").join(room)).expect("sources").flatten() {
            if entry.path().extension().is_some_and(|ending| ending == "rs") {
                found.file = format!("{room}/{}", entry.file_name().to_string_lossy());
                let text = std::fs::read_to_string(entry.path()).expect("a source");
                found.visit_file(&syn::parse_file(&text).expect("Rust"));
            }
        }
    }
    for (structure, part) in std::mem::take(&mut found.flattened) {
        let part = found.structures.keys().find(|name| name.ends_with(&format!(" {part}"))).expect("a part").clone();
        let names = found.structures.remove(&part).expect("its fields");
        let types = found.types.remove(&part).unwrap_or_default();
        found.types.entry(structure.clone()).or_default().extend(types);
        found.structures.get_mut(&structure).expect("a structure").extend(names);
    }
    found.reachable()
}

#[derive(Default)]
struct Given {
    file: String,
    structures: BTreeMap<String, Names>,
    /// Structures, and the structure of a field whose fields count as their own.
    flattened: Vec<(String, String)>,
    /// The names of the types of each structure's fields.
    types: BTreeMap<String, Names>,
}

impl Given {
    /// The structures that the views contain. Others are only compared or kept between runs.
    fn reachable(mut self) -> BTreeMap<String, Names> {
        let (mut reached, mut next) = (BTreeMap::new(), Names::new());
        next.extend(self.structures.keys().filter(|name| name.ends_with(" View")).cloned());
        while let Some(structure) = next.pop_first() {
            let Some(names) = self.structures.remove(&structure) else { continue };
            reached.insert(structure.clone(), names);
            for of in self.types.get(&structure).into_iter().flatten() {
                next.extend(self.structures.keys().filter(|name| name.ends_with(&format!(" {of}"))).cloned());
            }
        }
        reached
    }
}

/// The names in a type.
#[derive(Default)]
struct TypeNames(Names);

impl<'ast> Visit<'ast> for TypeNames {
    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        self.0.insert(segment.ident.to_string());
        visit::visit_path_segment(self, segment);
    }
}

impl<'ast> Visit<'ast> for Given {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        let (mut serialized, mut is_read) = (false, false);
        for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            let seen = attribute.parse_nested_meta(|derived| {
                serialized |= derived.path.is_ident("Serialize");
                is_read |= derived.path.is_ident("Deserialize");
                Ok(())
            });
            assert!(seen.is_ok(), "{}: a derive that the test cannot read", self.file);
        }
        // What can be read back is kept between runs.
        if serialized && !is_read {
            let structure = format!("{} {}", self.file, item.ident);
            let (flattened, fields): (Vec<_>, Vec<_>) =
                item.fields.iter().partition(|field| field.attrs.iter().any(|a| a.path().is_ident("serde")));
            for field in flattened {
                let syn::Type::Path(of) = &field.ty else { panic!("{structure}: a part that is no structure") };
                let part = of.path.segments.last().expect("a name").ident.to_string();
                self.flattened.push((structure.clone(), part));
            }
            let mut types = TypeNames::default();
            item.fields.iter().for_each(|field| types.visit_type(&field.ty));
            self.types.insert(structure.clone(), types.0);
            let names = fields.iter().filter_map(|field| field.ident.as_ref()).map(ToString::to_string).collect();
            self.structures.insert(structure, names);
        }
    }

    /// What is put in beside the fields: `context.insert_value("content", …)`.
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "insert_value"
            && let Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. })) = call.args.first()
        {
            let view = self.structures.entry(format!("{} View", self.file)).or_default();
            view.insert(name.value());
        }
        visit::visit_expr_method_call(self, call);
    }
}
