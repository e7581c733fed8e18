//! Links of a page: breadcrumbs, previous and next page, other formats, repository.

use super::context::PageContext;
use crate::html::{Elements, Tag, Writer, html, write_icon};
use crate::site::navigation::Label;
use crate::site::{SidebarChrome, copies_markdown, has_markdown};
use mlsys_book::{OptionName, Page, PageId, ProjectKind, Value, Words, encoded_path, key, name};
use serde::Serialize;

/// A breadcrumb.
#[derive(Serialize)]
pub(crate) struct Crumb {
    pub html: String,
    /// The text without markup.
    pub text: String,
    pub href: Option<String>,
}

/// The previous or next page.
#[derive(Serialize)]
pub(crate) struct Neighbour {
    pub html: String,
    pub label: String,
    pub href: String,
}

/// The breadcrumbs: the sections above the page, and the page. Empty without sections.
pub(crate) fn crumbs(cx: &PageContext<'_>, bar: &SidebarChrome, root: &str) -> Vec<Crumb> {
    if !cx.project.site.bread_crumbs || cx.meta.value(name!("bread-crumbs")).and_then(Value::as_bool) == Some(false) {
        return Vec::new();
    }
    let Some(entry) = bar.entries.iter().find(|e| e.page == cx.page) else { return Vec::new() };
    let href = |page: PageId| cx.project.pages.page(page).map(|p| format!("{root}{}", encoded_path(&p.output)));
    let crumb = |label: &Label, href| Crumb { html: label.html.fill(cx.page, root), text: label.plain(), href };
    let mut crumbs: Vec<_> = entry.sections.iter().map(|(label, page)| crumb(label, page.and_then(href))).collect();
    crumbs.push(crumb(&entry.label, href(cx.page)));
    crumbs
}

/// The previous and next page in the page's sidebar.
pub(crate) fn neighbours(
    cx: &PageContext<'_>,
    sidebar: Option<&SidebarChrome>,
    root: &str,
) -> (Option<Neighbour>, Option<Neighbour>) {
    let neighbour = |page: PageId, label: &Label| {
        let output = &cx.project.pages.page(page)?.output;
        Some(Neighbour {
            html: label.html.fill(cx.page, root),
            label: label.plain(),
            href: format!("{root}{}", encoded_path(output)),
        })
    };
    let Some(bar) = sidebar else { return (None, None) };
    let Some(at) = bar.entries.iter().position(|e| e.page == cx.page) else { return (None, None) };
    let joined = bar.entries.get(at).is_some_and(|e| !e.after_rule);
    let before = bar.entries.get(..at).and_then(|e| e.last()).filter(|_| joined);
    let before = before.and_then(|e| neighbour(e.page, &e.label));
    let after = bar.entries.get(at + 1).filter(|e| !e.after_rule).and_then(|e| neighbour(e.page, &e.label));
    (before, after)
}

/// Links below the table of contents. Source: Quarto, "HTML Basics", other links.
pub(crate) fn toc_extra(cx: &PageContext<'_>, words: &Words<'_>) -> String {
    html(|out| {
        alternate_formats(out, cx, words);
        for (key, class, word) in [
            (name!("other-links"), "quarto-other-links", "other-links-title"),
            (name!("code-links"), "quarto-code-links", "code-links-title"),
        ] {
            let of_site = || cx.project.site.raw.as_ref()?.value(key);
            let items = cx.meta.value(key).or_else(of_site).map_or(&[][..], Value::items).iter();
            let items: Vec<Link> = items.filter_map(|item| Link::new(item, cx)).collect();
            if !items.is_empty() {
                titled_list(out, class, &words.get(word), |out| items.iter().for_each(|item| item.write(out)));
            }
        }
    })
}

/// A list of links with a heading.
fn titled_list(out: &mut Writer, class: &str, title: &str, items: impl FnOnce(&mut Writer)) {
    out.line(Tag::new("div").class(class), |out| {
        out.leaf(Tag::new("h2"), title);
        out.element(Tag::new("ul"), items);
    });
}

/// Links to the page's other formats if `format-links` is set: all formats of its metadata, or those listed. The default is
/// none, because a format that was not built would be a dead link. Source: Quarto, "HTML Basics", format links.
fn alternate_formats(out: &mut Writer, cx: &PageContext<'_>, words: &Words<'_>) {
    let links = cx.meta.value(name!("format-links"));
    if links.is_none_or(|links| links.as_bool() == Some(false)) || cx.project.kind == ProjectKind::Book {
        return;
    }
    let output = cx.project.pages.page(cx.page).map_or("", |page| page.output.as_str());
    let stem = output.rsplit('/').next().unwrap_or(output);
    let stem = stem.strip_suffix(".html").unwrap_or(stem);
    let formats = cx.meta.value(name!("format")).map(Value::entries).unwrap_or(&[]);
    let known = |name: &str| {
        let (text, icon, ending) = match name.split(['-', '+']).next().unwrap_or(name) {
            "pdf" | "typst" | "beamer" => ("PDF", "file-pdf", "pdf"),
            "docx" => ("MS Word", "file-word", "docx"),
            "odt" => ("OpenDocument", "file-text", "odt"),
            "pptx" => ("PowerPoint", "file-slides", "pptx"),
            "epub" => ("ePub", "file-text", "epub"),
            "ipynb" => ("Jupyter", "journal-code", "out.ipynb"),
            "markdown" | "gfm" | "commonmark" | "md" => ("Markdown", "file-code", "md"),
            "revealjs" => ("RevealJS", "file-slides", "html"),
            "jats" => ("JATS", "filetype-xml", "xml"),
            _ => return None,
        };
        Some((text, icon, format!("{stem}.{ending}")))
    };
    let of_format = |name: &str| known(name).map(|(text, icon, href)| (text.to_owned(), icon.to_owned(), href));
    let mut items: Vec<(String, String, String)> = Vec::new();
    match links.filter(|links| links.as_bool().is_none()) {
        Some(links) => {
            for link in links.items() {
                let text = |key: OptionName| link.text(key);
                match (link.to_text(), text(name!("other-links", "href"))) {
                    (Some(name), _) => items.extend(of_format(&name)),
                    (None, Some(href)) => {
                        let label = text(name!("other-links", "text")).unwrap_or_else(|| href.clone());
                        items.push((
                            label,
                            text(name!("other-links", "icon")).unwrap_or_else(|| "file-code".to_owned()),
                            href,
                        ));
                    }
                    (None, None) => {}
                }
            }
        }
        None => items.extend(formats.iter().filter_map(|format| of_format(&format.key))),
    }
    if items.is_empty() {
        return;
    }
    titled_list(out, "quarto-alternate-formats", &words.get("related-formats-title"), |out| {
        for (text, icon, href) in &items {
            out.element(Tag::new("li"), |out| {
                out.element(Tag::new("a").attr("href", href), |out| {
                    write_icon(out, icon, None);
                    out.text(text);
                });
            });
        }
    });
}

/// A link below the table of contents.
#[derive(Default)]
struct Link {
    text: String,
    href: String,
    icon: Option<String>,
    target: Option<String>,
    rel: Option<String>,
}

impl Link {
    /// Reads an item of `other-links` or `code-links`. `repo` is the project's repository.
    fn new(item: &Value, cx: &PageContext<'_>) -> Option<Link> {
        if item.as_str() == Some("repo") {
            return Some(Link {
                text: "GitHub Repo".to_owned(),
                href: cx.project.site.repo_url.clone()?,
                icon: Some("github".to_owned()),
                target: Some("_blank".to_owned()),
                rel: Some("noopener".to_owned()),
            });
        }
        let href = item.read(key!("other-links", "href"))?;
        Some(Link {
            text: item.read(key!("other-links", "text")).unwrap_or_else(|| href.clone()),
            href,
            icon: item.read(key!("other-links", "icon")),
            target: item.read(key!("other-links", "target")),
            rel: item.read(key!("other-links", "rel")),
        })
    }

    fn write(&self, out: &mut Writer) {
        let tag = Tag::new("a").attr("href", &self.href);
        let tag = tag.maybe("target", self.target.as_deref()).maybe("rel", self.rel.as_deref());
        out.element(Tag::new("li"), |out| {
            out.element(tag, |out| {
                if let Some(name) = &self.icon {
                    write_icon(out, name, None);
                }
                out.text(&self.text);
            });
        });
    }
}

/// An action of a page: URL, key of its word, icon, and class of its link.
struct Action {
    url: String,
    word: &'static str,
    icon: Option<&'static str>,
    class: Option<&'static str>,
    target: Option<String>,
    rel: Option<String>,
}

/// The actions of a page, for the table of contents and the footer: links to its file in the repository, and to its Markdown, which
/// the script copies.
pub(crate) fn page_actions(cx: &PageContext<'_>, page: &Page, words: &Words<'_>) -> String {
    let mut actions = repository_actions(cx, &page.input);
    if let Some(url) = markdown_url(cx, page).filter(|_| copies_markdown(cx.project)) {
        let (icon, class) = (Some("markdown"), Some("mlsys-copy-markdown"));
        actions.push(Action { url, word: "copy-markdown", icon, class, target: None, rel: None });
    }
    if actions.is_empty() {
        return String::new();
    }
    html(|out| {
        out.element(Tag::new("ul"), |out| {
            for action in &actions {
                out.element(Tag::new("li"), |out| {
                    let tag = Tag::new("a").attr("href", &action.url).maybe("target", action.target.as_deref());
                    let tag = tag.maybe("rel", action.rel.as_deref()).class("toc-action").classes(action.class);
                    out.element(tag, |out| {
                        match action.icon {
                            Some(icon) => write_icon(out, icon, None),
                            None => out.leaf(Tag::new("i").class("bi empty"), ""),
                        }
                        out.text(&words.get(action.word));
                    });
                });
            }
        });
    })
}

/// The URL of the page's Markdown, if the site has it.
pub(crate) fn markdown_url(cx: &PageContext<'_>, page: &Page) -> Option<String> {
    let output = page.markdown_output();
    let name = output.rsplit('/').next().unwrap_or(&output);
    (page.is_public() && has_markdown(cx.project)).then(|| encoded_path(name).into_owned())
}

/// Links to edit, view and report the page. Source: Quarto, "Website Navigation", GitHub links.
fn repository_actions(cx: &PageContext<'_>, input: &str) -> Vec<Action> {
    let site = &cx.project.site;
    if site.repo_actions.is_empty() || cx.meta.value(name!("repo-actions")).and_then(Value::as_bool) == Some(false) {
        return Vec::new();
    }
    let Some(repository) = site.repo_url.as_deref().map(|url| url.trim_end_matches('/')) else { return Vec::new() };
    let (branch, folder) = branch_and_folder(cx);
    let attribute = |key: OptionName| site.raw.as_ref()?.text(key);
    let (target, rel) = (attribute(name!("website", "repo-link-target")), attribute(name!("website", "repo-link-rel")));
    let issues = site.raw.as_ref().and_then(|r| r.read(key!("website", "issue-url")));
    let mut actions = Vec::new();
    for (number, action) in site.repo_actions.iter().enumerate() {
        let (url, word) = match action.as_str() {
            "edit" => (format!("{repository}/edit/{branch}/{folder}{input}"), "repo-action-links-edit"),
            "source" => (format!("{repository}/blob/{branch}/{folder}{input}"), "repo-action-links-source"),
            "issue" => {
                (issues.clone().unwrap_or_else(|| format!("{repository}/issues/new")), "repo-action-links-issue")
            }
            _ => continue,
        };
        let icon = (number == 0).then_some("github");
        actions.push(Action { url, word, icon, class: None, target: target.clone(), rel: rel.clone() });
    }
    actions
}

/// The URL of a page's file in the repository. Source: as [`repository_actions`].
pub(crate) fn repository_file(cx: &PageContext<'_>, input: &str) -> Option<String> {
    let repository = cx.project.site.repo_url.as_deref()?.trim_end_matches('/');
    let (branch, folder) = branch_and_folder(cx);
    Some(format!("{repository}/blob/{branch}/{folder}{input}"))
}

/// The repository's branch, and the project's folder in it with a trailing slash.
fn branch_and_folder<'p>(cx: &PageContext<'p>) -> (&'p str, String) {
    let site = &cx.project.site;
    let folder = site.repo_subdir.as_deref().map(|d| format!("{}/", d.trim_matches('/'))).unwrap_or_default();
    (site.repo_branch.as_deref().unwrap_or("main"), folder)
}
