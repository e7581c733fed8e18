//! The columns of a page, and the classes for them.

use super::context::PageContext;
use super::toc::{TocPlace, wants_toc};
use crate::site::SidebarChrome;
use mlsys_book::name;

/// The columns of a page.
pub(super) struct Layout {
    /// `page-layout`.
    name: String,
    toc: Option<TocPlace>,
    /// The margin column: `used`, `reserved` or `none`.
    pub margin: &'static str,
    /// The class that makes text in `page-layout: full` as wide as the page.
    pub full_column: &'static str,
}

impl Layout {
    /// `has_margin_blocks` is true if the site has a header or footer in the margin.
    pub fn new(cx: &PageContext<'_>, toc: Option<TocPlace>, has_margin_blocks: bool) -> Self {
        let name = cx.meta_text(name!("page-layout")).unwrap_or_else(|| "article".to_owned());
        let margin = if toc == Some(TocPlace::Right) || has_margin_blocks || !cx.listing_categories.is_empty() {
            "used"
        } else if cx.html.page_columns || toc == Some(TocPlace::Left) || wants_toc(cx.meta, cx.project.kind) {
            "reserved"
        } else {
            "none"
        };
        let full_column = match toc {
            _ if name != "full" => "",
            Some(TocPlace::Right) => "column-page-left",
            Some(TocPlace::Left) => "column-page-right",
            Some(TocPlace::Body) | None => "column-page",
        };
        Layout { name, toc, margin, full_column }
    }

    pub fn is_custom(&self) -> bool {
        self.name == "custom"
    }

    pub fn body_classes(
        &self,
        cx: &PageContext<'_>,
        sidebar: Option<&SidebarChrome>,
        has_navbar: bool,
        is_about: bool,
    ) -> String {
        let mut classes = cx.meta_text(name!("body-classes")).unwrap_or_default();
        let mut class = |name: &str| {
            if !classes.is_empty() {
                classes.push(' ');
            }
            classes.push_str(name);
        };
        if let Some(bar) = sidebar {
            class("nav-sidebar");
            class(if bar.docked { "docked" } else { "floating" });
        }
        if has_navbar {
            class("nav-fixed");
        }
        if cx.switch(name!("smooth-scroll"), false) {
            class("mlsys-smooth-scroll");
        }
        if self.margin == "none" && !is_about {
            class("fullcontent");
        }
        class(if crate::theme::dark_first(cx.meta) { "quarto-dark" } else { "quarto-light" });
        classes
    }

    pub fn content_classes(&self, site: bool, navbar: bool) -> String {
        let mut classes = String::new();
        if site {
            classes.push_str("quarto-container ");
        }
        classes.push_str("page-columns page-rows-contents page-layout-");
        classes.push_str(if matches!(self.name.as_str(), "full" | "custom") { &self.name } else { "article" });
        if navbar {
            classes.push_str(" page-navbar");
        }
        if self.toc == Some(TocPlace::Left) {
            classes.push_str(" toc-left");
        }
        classes
    }

    pub fn main_classes(&self, page_columns: bool, banner: bool) -> String {
        let mut classes = "content".to_owned();
        if !self.full_column.is_empty() {
            classes.push(' ');
            classes.push_str(self.full_column);
        }
        if page_columns {
            classes.push_str(" page-columns page-full");
        }
        if banner {
            classes.push_str(" quarto-banner-title-block");
        }
        classes
    }
}
