//! Removes the pages that the site leaves out from its navigation.

use mlsys_book::{FooterRegion, NavItem, Page, Project};

/// Removes hidden pages from the navbar, the sidebars and the footer.
pub fn unlink_hidden(project: &mut Project) {
    let (site, pages) = (&mut project.site, &project.pages);
    if !pages.iter().any(Page::is_hidden) {
        return;
    }
    if let Some(navbar) = &mut site.navbar {
        [&mut navbar.left, &mut navbar.right, &mut navbar.tools].into_iter().for_each(|items| unlink(items, pages));
    }
    for sidebar in &mut site.sidebars {
        unlink(&mut sidebar.contents, pages);
        unlink(&mut sidebar.tools, pages);
    }
    if let Some(footer) = &mut site.footer {
        for region in [&mut footer.left, &mut footer.center, &mut footer.right] {
            if let FooterRegion::Items(items) = region {
                unlink(items, pages);
            }
        }
    }
}

/// Removes hidden pages from items. A section whose page is hidden stays, with the name of its file.
fn unlink(items: &mut Vec<NavItem>, pages: &[Page]) {
    let hidden = |item: &NavItem| {
        item.page.and_then(|page| pages.get(page.index())).filter(|page| page.is_hidden()).map(|page| &page.input)
    };
    items.retain(|item| hidden(item).is_none() || !item.contents.is_empty());
    for item in items {
        if let Some(input) = hidden(item) {
            let name = input.rsplit('/').next().unwrap_or(input);
            item.text.get_or_insert_with(|| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned());
            (item.page, item.href) = (None, None);
        }
        unlink(&mut item.contents, pages);
    }
}
