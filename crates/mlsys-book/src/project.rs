//! The project: what it renders and how its site is put together. Source: Quarto, "Website Options" and "Book Options".

use crate::inline::Inline;
use crate::source::Place;
use crate::value::Value;
use serde::{Deserialize, Serialize};

/// Which page of the project: its index in [`Project::pages`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageId(pub u32);

/// A project as configured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// What kind of project.
    pub kind: ProjectKind,
    /// The folder the site is written to, relative to the project's folder.
    pub output_dir: String,
    /// The pages in book order: the order of the sidebar or of `chapters`, then the others by path.
    pub pages: Vec<Page>,
    /// Files and globs to copy besides the ones that pages use.
    pub resources: Vec<String>,
    /// The project's metadata: everything outside `project`, `website` and `book`, with `format.html` lifted to the top.
    pub meta: Value,
    /// The filters in order, each with its place.
    pub filters: Vec<(String, Place)>,
    /// `_variables.yml`.
    pub variables: Value,
    /// Active profiles.
    pub profiles: Vec<String>,
    /// The site around the pages.
    pub site: Site,
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
    /// Its part in a book; `None` in websites.
    pub role: Option<BookRole>,
    /// For drafts, what becomes of them.
    pub draft: Option<DraftMode>,
}

impl Page {
    /// Whether the rest of the site leaves the page out: navigation, links, listings, search, site map.
    pub fn is_hidden(&self) -> bool {
        matches!(self.draft, Some(DraftMode::Unlinked | DraftMode::Gone))
    }
}

/// What becomes of drafts: `draft-mode`. Source: Quarto, "Website Drafts".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftMode {
    /// They are pages like others, with a note that they are drafts.
    Visible,
    /// They are written, but nothing leads to them.
    Unlinked,
    /// They are not written.
    Gone,
}

/// What a page is in a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BookRole {
    /// `index.qmd`.
    Home,
    /// A chapter. Whether it is numbered, its heading says.
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
    /// `page-navigation`
    pub page_navigation: bool,
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

/// The bar at the top.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Navbar {
    /// `title`; `None` shows the site's, `Some("")` none.
    pub title: Option<String>,
    /// `logo`, relative to the project's folder.
    pub logo: Option<String>,
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
    /// Whether the item is a section with `contents` (also an empty one).
    pub section: bool,
    /// Whether the item is a rule (`text: "---"`).
    pub separator: bool,
    /// Whether a section starts collapsed.
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
    pub logo: Option<String>,
    /// `style`: whether it is docked rather than floating.
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
    /// `location`: whether in the sidebar rather than the navbar.
    pub in_sidebar: bool,
    /// `type`: whether a text box rather than an overlay.
    pub textbox: bool,
    /// `keyboard-shortcut`
    pub shortcuts: Vec<String>,
    /// `limit`: how many results at most.
    pub limit: u32,
    /// `collapse-after`: how many results of a page are shown before the others are folded.
    pub collapse_after: u32,
    /// `copy-button`
    pub copy_button: bool,
    /// `show-item-context`: `true`, `false`, `parent` or `root`.
    pub show_item_context: String,
    /// `json`, or that Algolia is configured: whether `search.json` is written. The key is ours.
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

/// What stands in a region of the footer.
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

/// The bar with an announcement.
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
    /// `position`: whether above the navbar.
    pub above_navbar: bool,
}

/// What the pages of a build tell the chrome of each other page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageSummary {
    /// Its title: metadata's, else the first heading's, else none.
    pub title: Option<Vec<Inline>>,
    /// The number before the title in books that number chapters: `1`, `A`.
    pub number: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// Whether it is a draft.
    pub draft: bool,
}
