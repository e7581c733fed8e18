//! Files that are copied to the site: resources of the whole site, and what its configuration uses.

use crate::files::{Content, Files};
use crate::project::Book;
use crate::project::brand::font_files;
use crate::project::vfs::GeneratedFile;
use crate::site::assets::box_icons;
use crate::site::head_includes::INCLUDES;
use crate::site::html_urls::html_urls;
use crate::url::local_file;
use mlsys_book::{BarLogo, FooterRegion, NavItem, ProjectKind, Value, name};
use mlsys_cells::LIBRARIES;
use mlsys_parse::Globs;
use std::collections::BTreeSet;

/// The site's web application manifest, by its conventional names. Source: W3C, "Web Application Manifest".
pub fn manifest(files: &[String]) -> Option<&str> {
    let names = ["manifest.webmanifest", "site.webmanifest"];
    files.iter().map(String::as_str).find(|file| names.contains(file))
}

/// Files of the project's root that hosts and crawlers look for there. Source: Quarto, the resources of its website project type.
const ROOT_FILES: [&str; 4] = [".nojekyll", "CNAME", "_redirects", "robots.txt"];

/// The files that navigation, logos, preview images and included HTML use, the project's `resources`, the `ROOT_FILES`, and
/// the libraries of cells' results: their own files name others.
pub fn site_files(book: &Book) -> BTreeSet<String> {
    let mut urls: Vec<String> = Vec::new();
    let site = &book.project.site;
    urls.extend(site.favicon.clone());
    urls.extend(manifest(&book.files).map(str::to_owned));
    if let Some(navbar) = &site.navbar {
        urls.extend(navbar.logo.iter().flat_map(logo_files));
        [&navbar.left, &navbar.right, &navbar.tools].into_iter().for_each(|items| nav_urls(items, &mut urls));
    }
    for sidebar in &site.sidebars {
        urls.extend(sidebar.logo.iter().flat_map(logo_files));
        nav_urls(&sidebar.contents, &mut urls);
        nav_urls(&sidebar.tools, &mut urls);
    }
    for region in site.footer.iter().flat_map(|f| [&f.left, &f.center, &f.right]) {
        match region {
            FooterRegion::Empty => {}
            FooterRegion::Text(text) => urls.extend(html_urls(text).into_iter().map(|(_, url)| url.to_owned())),
            FooterRegion::Items(items) => nav_urls(items, &mut urls),
        }
    }
    for key in [
        name!("book", "open-graph.image"),
        name!("book", "twitter-card.image"),
        name!("book", "image"),
        name!("book", "cover-image"),
    ] {
        urls.extend(site.raw.as_ref().and_then(|raw| raw.text(key)));
    }
    for key in INCLUDES {
        for text in included_texts(book.project.meta.value(key)) {
            urls.extend(html_urls(&text).into_iter().map(|(_, url)| url.to_owned()));
        }
    }
    let brands = book.brand.iter().chain(book.pages.iter().filter_map(|page| page.brand.as_ref()));
    urls.extend(brands.flat_map(font_files));
    urls.extend(box_icons(book).into_iter().map(|(_, file)| file));
    let mut files: BTreeSet<String> =
        urls.iter().filter_map(|url| local_file("", url)).filter(|file| book.vfs.is_file(file)).collect();
    files.retain(|file| !book.vfs.leads_out(file));
    let is_folder = |name: &str| book.vfs.is_folder(name);
    let globs = Globs::new(book.project.resources.iter().map(String::as_str), is_folder);
    files.extend(globs.select(&book.files).into_iter().map(str::to_owned));
    if book.project.kind != ProjectKind::Default {
        files.extend(ROOT_FILES.iter().filter(|file| book.vfs.is_file(file)).map(|file| (*file).to_owned()));
    }
    let is_page = |file: &String| book.project.pages.iter().any(|p| p.input == *file && !p.is_preview);
    files.retain(|file| !is_page(file));
    files.extend(book.vfs.generated_in(LIBRARIES));
    files
}

/// The files of a logo.
fn logo_files(logo: &BarLogo) -> impl Iterator<Item = String> {
    [Some(&logo.light), logo.dark.as_ref()].into_iter().flatten().map(|logo| logo.path.clone())
}

/// The HTML that is written in the configuration itself.
fn included_texts(value: Option<&Value>) -> Vec<String> {
    let items = value.map_or(&[][..], Value::items);
    items.iter().filter_map(|item| item.value(name!("include", "text")).unwrap_or(item).to_text()).collect()
}

/// Collects the URLs of navigation items that are not pages.
fn nav_urls(items: &[NavItem], urls: &mut Vec<String>) {
    for item in items {
        urls.extend(item.href.clone().filter(|_| item.page.is_none()));
        nav_urls(&item.contents, urls);
    }
}

/// Adds copies of files of the project to the site.
pub fn add_copies<'n>(book: &Book, names: impl IntoIterator<Item = &'n String>, files: &mut Files) {
    for name in names {
        let from = book.root.join(name);
        // A site that is written into the source folder uses the files in place.
        if from != book.output.join(name) || book.vfs.generated(name).is_some() {
            let content = || match book.vfs.generated(name) {
                Some(GeneratedFile::Bytes(bytes)) => Content::Bytes(bytes.clone()),
                Some(GeneratedFile::Copy(from)) => Content::Copy(from.clone()),
                None => book
                    .vfs
                    .unsaved(name)
                    .map_or(Content::Copy(from), |text| Content::Bytes(text.text.as_bytes().into())),
            };
            files.entry(name.clone()).or_insert_with(content);
        }
    }
}
