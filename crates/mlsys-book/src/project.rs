//! The project's configuration: its pages and its site. Source: Quarto, "Website Options" and "Book Options".

use crate::brand::BarLogo;
use crate::inline::Inline;
use crate::page_vec::{PageId, PageVec};
use crate::source::Place;
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// A project as configured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// What kind of project.
    pub kind: ProjectKind,
    /// The folder the site is written to, relative to the project's folder.
    pub output_dir: String,
    /// The pages in book order: the order of the sidebar or of `chapters`, then the others by path.
    pub pages: PageVec<Page>,
    /// Files and globs to copy in addition to the files that pages use.
    pub resources: Vec<String>,
    /// The project's metadata: everything outside `project`, `website` and `book`, with `format.html` lifted to the top.
    pub meta: Value,
    /// The filters in order, each with its place.
    pub filters: Vec<(String, Place)>,
    /// `_variables.yml`.
    pub variables: Value,
    /// Active profiles.
    pub profiles: Vec<String>,
    /// The scripts that run around a build.
    pub scripts: Scripts,
    /// True if cells run in the project's folder (`execute-dir: project`), false if they run in the page's.
    pub executes_in_root: bool,
    /// The site around the pages.
    pub site: Site,
}

/// The scripts of a project, each with its place. Source: Quarto, "Project Scripts".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scripts {
    /// The commands before the sources are read.
    pub pre_render: Vec<(String, Place)>,
    /// The commands after the site is written.
    pub post_render: Vec<(String, Place)>,
}

impl Scripts {
    /// True if the project has no scripts.
    pub fn is_empty(&self) -> bool {
        self.pre_render.is_empty() && self.post_render.is_empty()
    }
}

/// The kinds of projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProjectKind {
    /// `type: default`, or a lone document: pages without a site.
    Default,
    /// `type: website`
    Website,
    /// `type: book`
    Book,
}

/// A page of the project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The source file, relative to the project's folder, with `/`.
    pub input: String,
    /// The output file, relative to the output folder: `contents/core/training/training.html`.
    pub output: String,
    /// Its role in a book; `None` in websites.
    pub role: Option<BookRole>,
    /// For a draft, how it is published.
    pub draft: Option<DraftMode>,
    /// True for the page of a notebook that is no page of the project, but whose cells another page embeds.
    pub is_preview: bool,
    /// True if none of its formats is one that is built, such as a page of slides: it is not written.
    pub is_of_other_format: bool,
}

impl Page {
    /// True if the rest of the site leaves the page out: navigation, links, listings, search, site map.
    pub fn is_hidden(&self) -> bool {
        self.is_preview || self.is_of_other_format || matches!(self.draft, Some(DraftMode::Unlinked | DraftMode::Gone))
    }

    /// True if search engines and other lists may show the page: no draft, no preview, and not the page for missing URLs.
    pub fn is_public(&self) -> bool {
        self.draft.is_none() && !self.is_preview && !self.is_of_other_format && self.output != "404.html"
    }

    /// The output file of the page's Markdown.
    pub fn markdown_output(&self) -> String {
        format!("{}.llms.md", self.output.strip_suffix(".html").unwrap_or(&self.output))
    }
}

/// How drafts are published: `draft-mode`. Source: Quarto, "Website Drafts".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftMode {
    /// Like other pages, with a banner.
    Visible,
    /// Written, but without links to them.
    Unlinked,
    /// Not written.
    Gone,
}

/// The role of a page in a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BookRole {
    /// `index.qmd`.
    Home,
    /// A chapter. Its heading decides if it is numbered.
    Chapter,
    /// The page of a part.
    Part,
    /// An appendix.
    Appendix,
    /// The page of the reference list.
    References,
}

/// The site around the pages: `website:` or `book:`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// `title`
    pub title: String,
    /// `subtitle` of a book.
    pub subtitle: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `site-url`, with a trailing slash.
    pub url: Option<String>,
    /// `site-path`, or the path of `site-url`, with slashes at both ends.
    pub path: String,
    /// `repo-url`
    pub repo_url: Option<String>,
    /// `repo-branch`
    pub repo_branch: Option<String>,
    /// `repo-subdir`
    pub repo_subdir: Option<String>,
    /// `repo-actions`
    pub repo_actions: Vec<String>,
    /// `favicon`, relative to the project's folder.
    pub favicon: Option<String>,
    /// `navbar`
    pub navbar: Option<Navbar>,
    /// `sidebar`: one or several. A book's chapters become one.
    pub sidebars: Vec<Sidebar>,
    /// `page-navigation`; pages decide where it is missing.
    pub page_navigation: Option<bool>,
    /// `back-to-top-navigation`
    pub back_to_top: bool,
    /// `bread-crumbs`
    pub bread_crumbs: bool,
    /// `reader-mode`
    pub reader_mode: bool,
    /// `search`
    pub search: Option<Search>,
    /// `page-footer`
    pub footer: Option<Footer>,
    /// `announcement`
    pub announcement: Option<Announcement>,
    /// `open-graph`, as written.
    pub open_graph: Option<Value>,
    /// `twitter-card`, as written.
    pub twitter_card: Option<Value>,
    /// Everything under `website:` or `book:`, as written, for keys that few pages need.
    pub raw: Option<Value>,
}

/// The navigation bar.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Navbar {
    /// `title`; `None` means the site's title, `Some("")` no title.
    pub title: Option<String>,
    /// `logo`, relative to the project's folder.
    pub logo: Option<BarLogo>,
    /// `logo-alt`
    pub logo_alt: Option<String>,
    /// `background`
    pub background: Option<String>,
    /// `foreground`
    pub foreground: Option<String>,
    /// `search`
    pub search: bool,
    /// `pinned`
    pub pinned: bool,
    /// `collapse-below`: `sm`, `md`, `lg`, `xl`, `xxl`.
    pub collapse_below: String,
    /// `left`
    pub left: Vec<NavItem>,
    /// `right`
    pub right: Vec<NavItem>,
    /// `tools`
    pub tools: Vec<NavItem>,
}

/// An item of a navbar, sidebar, menu or footer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavItem {
    /// `text` as Markdown source. A page without it shows its title.
    pub text: Option<String>,
    /// `href` as written: a project file, a URL, or an anchor.
    pub href: Option<String>,
    /// The page that `href` or `file` names.
    pub page: Option<PageId>,
    /// `icon`: a Bootstrap Icons name.
    pub icon: Option<String>,
    /// `aria-label`
    pub aria_label: Option<String>,
    /// `target`
    pub target: Option<String>,
    /// `rel`
    pub rel: Option<String>,
    /// `id`
    pub id: Option<String>,
    /// `menu` of a navbar item; `contents` of a section.
    pub contents: Vec<NavItem>,
    /// True if the item is a section with `contents`, even empty.
    pub section: bool,
    /// True if the item is a rule (`text: "---"`).
    pub separator: bool,
    /// True if a section starts collapsed.
    pub collapsed: bool,
}

/// A sidebar.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sidebar {
    /// `id`
    pub id: Option<String>,
    /// `title`
    pub title: Option<String>,
    /// `subtitle`
    pub subtitle: Option<String>,
    /// `logo`
    pub logo: Option<BarLogo>,
    /// `style`: true for docked, false for floating.
    pub docked: bool,
    /// `alignment`
    pub alignment: Option<String>,
    /// `background`
    pub background: Option<String>,
    /// `foreground`
    pub foreground: Option<String>,
    /// `border`
    pub border: Option<bool>,
    /// `collapse-level`
    pub collapse_level: u32,
    /// `search`
    pub search: Option<bool>,
    /// `header`, Markdown source.
    pub header: Option<String>,
    /// `footer`, Markdown source.
    pub footer: Option<String>,
    /// `tools`
    pub tools: Vec<NavItem>,
    /// `contents`, with `auto` expanded.
    pub contents: Vec<NavItem>,
}

/// Search options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// `location`: true for the sidebar, false for the navbar.
    pub in_sidebar: bool,
    /// `type`: true for a text box, false for an overlay.
    pub textbox: bool,
    /// `keyboard-shortcut`
    pub shortcuts: Vec<String>,
    /// `limit`: the maximal number of results.
    pub limit: u32,
    /// `collapse-after`: the number of results of a page after which the others are folded.
    pub collapse_after: u32,
    /// `copy-button`
    pub copy_button: bool,
    /// `show-item-context`: `true`, `false`, `parent` or `root`.
    pub show_item_context: String,
    /// True if `search.json` is written: with our own key `json`, or if Algolia is configured.
    pub json: bool,
}

/// The footer's three regions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Footer {
    /// `left`
    pub left: FooterRegion,
    /// `center`
    pub center: FooterRegion,
    /// `right`
    pub right: FooterRegion,
    /// `background`
    pub background: Option<String>,
    /// `foreground`
    pub foreground: Option<String>,
    /// `border`
    pub border: bool,
}

/// The content of a region of the footer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum FooterRegion {
    /// Nothing.
    #[default]
    Empty,
    /// Markdown source.
    Text(String),
    /// Items.
    Items(Vec<NavItem>),
}

/// The announcement bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    /// `content`, Markdown source.
    pub content: String,
    /// `icon`
    pub icon: Option<String>,
    /// `dismissable`
    pub dismissable: bool,
    /// `type`: `primary`, `info`, ...
    pub kind: String,
    /// `position`: true for above the navbar.
    pub above_navbar: bool,
}

/// What the site's navigation shows of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageSummary {
    /// Its title, from the metadata or the first heading.
    pub title: Option<Vec<Inline>>,
    /// In books that number chapters, the number before the title: `1`, `A`.
    pub number: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// True if it is a draft.
    pub draft: bool,
}
