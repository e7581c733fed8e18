//! From a configuration to a [`Project`]: its pages, their order, and the site around them.
//!
//! The caller reads the files and passes values and a list of names. Source: Quarto, "Project Basics",
//! "Website Options", "Book Options".

mod auto;
mod drafts;
mod filters;
mod glob;
mod metadata;
mod navigation;
mod options;
mod outside;
mod pages;
mod site;
mod values;

pub use filters::filter_stem;
pub use glob::Globs;
pub use metadata::{active_profiles, lift_format};
pub use options::{check_metadata_keys, is_built};
pub use site::file_stem;

use mlsys_book::{
    Checked, Code, Diagnostic, Page, PageId, Project, ProjectKind, Scripts, Value, ValueKind, clean_path, did_you_mean,
    key, name,
};
use navigation::Navigation;
use std::collections::BTreeMap;

/// The input of a project's configuration.
#[derive(Clone, Copy, Debug)]
pub struct ConfigInput<'a> {
    /// `_quarto.yml` with metadata files and profiles merged over it.
    pub config: &'a Value,
    /// The project's files relative to its folder, with `/`, in ascending order.
    pub files: &'a [String],
    /// The front matter of the pages, with the format's options lifted, by input file. `order` and `output-file` are read.
    pub front_matter: &'a BTreeMap<String, Value>,
    /// The active profiles.
    pub profiles: &'a [String],
    /// `_variables.yml`.
    pub variables: &'a Value,
    /// The output format whose options are lifted: `html`.
    pub format: &'a str,
}

/// The kind of project. Unknown types count as `default`.
pub fn project_kind(config: &Value) -> ProjectKind {
    match config.read(key!("project.type")) {
        Some("website" | "site") => ProjectKind::Website,
        Some("book") => ProjectKind::Book,
        _ => ProjectKind::Default,
    }
}

/// The output folder, relative to the project's folder; empty if pages are written next to their sources.
pub fn output_dir(config: &Value) -> String {
    let configured = config.read(key!("project.output-dir"));
    let dir = configured.unwrap_or_else(|| {
        match project_kind(config) {
            ProjectKind::Website => "_site",
            ProjectKind::Book => "_book",
            ProjectKind::Default if has_unknown_type(config) => "_site",
            ProjectKind::Default => "",
        }
        .to_owned()
    });
    clean_path(&dir)
}

/// The source files of the project's pages, in ascending order.
///
/// Source: Quarto, "Project Basics", render targets; for books the chapters.
pub fn project_inputs(config: &Value, files: &[String]) -> Checked<Vec<String>> {
    let mut diagnostics = Vec::new();
    let value = pages::inputs(config, files, &mut diagnostics);
    Checked { value, diagnostics }
}

/// The scripts that are pages of the project if they are in the percent format and have a text, in ascending order.
pub fn project_scripts(config: &Value, files: &[String]) -> Vec<String> {
    pages::scripts(config, files)
}

/// Builds the project. Reports unknown and unsupported options, values of the wrong type, unsupported filters, and navigation that
/// links to missing files.
pub fn parse_config(input: &ConfigInput<'_>) -> Checked<Project> {
    let config = input.config;
    let mut diagnostics = Vec::new();
    options::check(config, &mut diagnostics);
    let kind = project_kind(config);
    check_kind(config, &mut diagnostics);

    // Navigation is built on provisional page numbers, because the order of pages follows from it.
    let mut inputs = pages::inputs(config, input.files, &mut Vec::new());
    // Of the scripts those are pages that were read as such.
    inputs.extend(pages::scripts(config, input.files).into_iter().filter(|file| input.front_matter.contains_key(file)));
    inputs.sort();
    inputs.dedup();
    let mut navigation = Navigation::new(&inputs, input, &mut diagnostics);
    let of_site = config.value(if kind == ProjectKind::Book { name!("book") } else { name!("website") });
    let mut site = site::site(config, of_site, kind, &mut navigation);
    let order = pages::order(&inputs, &site, kind);
    navigation::renumber(&mut site, &positions(&order));

    let meta = metadata::project_metadata(config, input.format);
    let roles = pages::roles(config, kind);
    outside::check(config, &mut diagnostics);
    let mut pages: Vec<Page> = order.iter().map(|&i| page(&inputs[i], input, &roles, &mut diagnostics)).collect();
    drafts::mark(&mut pages, of_site, input);
    let project = Project {
        kind,
        output_dir: output_dir(config),
        pages: pages.into(),
        resources: texts(config.value(name!("project.resources")))
            .into_iter()
            .chain(texts(config.value(name!("resources"))))
            .collect(),
        filters: filters::filters(&meta),
        meta,
        variables: input.variables.clone(),
        profiles: input.profiles.to_vec(),
        scripts: scripts(config),
        executes_in_root: config.read(key!("project.execute-dir")) == Some("project"),
        site,
    };
    Checked { value: project, diagnostics }
}

fn check_kind(config: &Value, diagnostics: &mut Vec<Diagnostic>) {
    let Some(kind) = config.value(name!("project.type")).filter(|_| has_unknown_type(config)) else { return };
    let name = kind.to_text().unwrap_or_default();
    let message = format!("unknown project type `{name}`; pages are rendered without a site");
    let mut diagnostic = Diagnostic::new(Code::InvalidConfigValue, kind.place, message);
    diagnostic.severity = mlsys_book::Severity::Error;
    let types = "use `default`, `website`, `book` or a type that an extension in `_extensions` contributes";
    let hint = did_you_mean(&name, ["default", "website", "book", "manuscript"]).unwrap_or_else(|| types.to_owned());
    diagnostics.push(diagnostic.hint(hint));
}

/// True if the project has a type that is none of Quarto's.
fn has_unknown_type(config: &Value) -> bool {
    config.value(name!("project.type")).is_some_and(|name| !is_project_type(&name.to_text().unwrap_or_default()))
}

/// True for the project types that are built in.
pub fn is_project_type(name: &str) -> bool {
    matches!(name, "default" | "website" | "site" | "book")
}

/// New page numbers by provisional ones.
fn positions(order: &[usize]) -> Vec<PageId> {
    let mut positions = vec![PageId(0); order.len()];
    for (new, &old) in order.iter().enumerate() {
        positions[old] = PageId(new as u32);
    }
    positions
}

fn page(
    file: &str,
    input: &ConfigInput<'_>,
    roles: &BTreeMap<String, mlsys_book::BookRole>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Page {
    let named = input.front_matter.get(file).and_then(|m| m.value(name!("output-file")));
    let mut output = output_name(file, named.and_then(Value::to_text));
    if let Some(named) = named.filter(|_| outside::leads_out(&output)) {
        output = output_name(file, None);
        // The front matter was read before its source had a number, so the diagnostic is at the configuration.
        let message =
            format!("`output-file` of `{file}` is outside the site: `{}`", named.to_text().unwrap_or_default());
        diagnostics.push(Diagnostic::new(Code::InvalidConfigValue, input.config.place, message));
    }
    Page {
        input: file.to_owned(),
        output,
        role: roles.get(file).copied(),
        draft: None,
        is_preview: false,
        is_of_other_format: false,
    }
}

/// The output of a page: its input with `html` for its extension, or the name that `output-file` gives.
pub fn output_name(file: &str, output_file: Option<String>) -> String {
    let (folder, name) = file.rsplit_once('/').map_or(("", file), |(folder, name)| (folder, name));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let name = match output_file {
        Some(name) if name.ends_with(".html") => name,
        Some(name) => format!("{name}.html"),
        None => format!("{stem}.html"),
    };
    if folder.is_empty() { clean_path(&name) } else { clean_path(&format!("{folder}/{name}")) }
}

/// The scripts of the project.
fn scripts(config: &Value) -> Scripts {
    let commands = |value: Option<&Value>| {
        let items = value.map_or(&[][..], Value::items).iter();
        items.filter_map(|item| Some((item.to_text()?, item.place))).collect()
    };
    Scripts {
        pre_render: commands(config.value(name!("project.pre-render"))),
        post_render: commands(config.value(name!("project.post-render"))),
    }
}

/// The texts of a list or of a single value.
fn texts(value: Option<&Value>) -> Vec<String> {
    value.map_or(&[][..], Value::items).iter().filter_map(Value::to_text).collect()
}

/// True if a value is there and is neither null nor `false`.
fn is_on(value: Option<&Value>) -> bool {
    value.is_some_and(|v| !matches!(v.kind, ValueKind::Null | ValueKind::Bool(false)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mlsys_book::{BookRole, Source, SourceId, Span};

    fn project(config: &str, files: &[&str]) -> Checked<Project> {
        let source = Source::new(SourceId(0), "_quarto.yml", config);
        let config = crate::parse_yaml(&source, Span::new(0, config.len())).value;
        let files: Vec<String> = files.iter().map(|f| (*f).to_owned()).collect();
        let input = ConfigInput {
            config: &config,
            files: &files,
            front_matter: &BTreeMap::new(),
            profiles: &[],
            variables: &config,
            format: "html",
        };
        parse_config(&input)
    }

    fn inputs(project: &Project) -> String {
        project.pages.iter().map(|p| p.input.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_website_has_every_page_in_the_order_of_its_sidebar() {
        let config = "project: {type: website}\nwebsite:\n  sidebar:\n    contents:\n      - index.qmd\n\
                      \x20     - section: Part\n        contents: [z.qmd]\n      - text: '---'\nformat: {html: {toc: true}}\n";
        let files =
            [".hidden.qmd", "README.md", "_part.qmd", "a.qmd", "index.qmd", "notes.md", "sub/_x/y.qmd", "z.qmd"];
        let project = project(config, &files).value;
        assert_eq!(inputs(&project), "index.qmd z.qmd a.qmd notes.md");
        assert_eq!(project.site.sidebars[0].contents[1].contents[0].page, Some(PageId(1)));
        assert!(project.site.sidebars[0].contents[2].separator);
        assert_eq!(project.meta.get("toc").and_then(Value::as_bool), Some(true));
    }

    #[test]
    fn a_book_has_the_pages_that_it_lists() {
        let config = "project: {type: book}\nbook:\n  chapters: [index.qmd, {part: p.qmd, chapters: [b.qmd]}, gone.qmd]\n\
                      \x20 appendices: [a.qmd]\n";
        let checked = project(config, &["a.qmd", "b.qmd", "draft.qmd", "index.qmd", "p.qmd"]);
        assert_eq!(inputs(&checked.value), "index.qmd p.qmd b.qmd a.qmd");
        let roles: Vec<_> = checked.value.pages.iter().filter_map(|p| p.role).collect();
        assert_eq!(roles, [BookRole::Home, BookRole::Part, BookRole::Chapter, BookRole::Appendix]);
    }
}
