//! Pages of notebooks that are no pages of the project, but whose cells other pages embed.

use crate::project::book::PageInput;
use crate::project::pages::PageReader;
use mlsys_book::{Page, Project, ProjectKind};
use mlsys_cells::preview_path;
use std::collections::{BTreeMap, BTreeSet};

/// Adds the previews of notebooks to the pages of a project. Books have none, as in Quarto.
pub(crate) fn add_previews(
    reader: &mut PageReader<'_>,
    project: &mut Project,
    pages: &mut Vec<PageInput>,
    styles: &mut BTreeMap<String, String>,
) {
    if project.kind == ProjectKind::Book {
        return;
    }
    let linked = pages.iter().filter(|page| page.is_selected).flat_map(|page| &page.linked_notebooks);
    let mut notebooks: BTreeSet<String> = linked.cloned().collect();
    if notebooks.is_empty() {
        return;
    }
    for page in &project.pages {
        notebooks.retain(|path| *path != page.input && preview_path(path) != page.output);
    }
    let preview = |input: &String| Page {
        input: input.clone(),
        output: preview_path(input),
        role: None,
        draft: None,
        is_preview: true,
        is_of_other_format: false,
    };
    let previews: Vec<Page> = notebooks.iter().map(preview).collect();
    let files = reader.page_files(notebooks.into_iter().collect());
    let only = Project { pages: previews.iter().cloned().collect(), ..project.clone() };
    let (more, more_styles) = reader.pages(&only, files, &[]);
    project.pages = project.pages.iter().cloned().chain(previews).collect();
    pages.extend(more);
    styles.extend(more_styles);
}
