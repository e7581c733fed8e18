//! The labels of a page's controls.

use mlsys_book::Words;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Labels {
    skip: String,
    back_to_top: String,
    toggle_sidebar: String,
    draft: String,
    breadcrumbs: &'static str,
    search: String,
    page_navigation: String,
    copy: String,
    copied: String,
    link: String,
    close: String,
    previous: String,
    next: String,
    resume: String,
    check: String,
    right: String,
    wrong: String,
    is_true: String,
    is_false: String,
    again: String,
    near: String,
}

impl Labels {
    pub fn new(words: &Words<'_>) -> Self {
        Labels {
            skip: words.get("skip-link"),
            back_to_top: words.get("back-to-top"),
            toggle_sidebar: words.get("toggle-sidebar"),
            draft: words.get("draft"),
            breadcrumbs: "breadcrumb",
            search: words.get("search-label"),
            page_navigation: words.get("page-navigation"),
            copy: words.get("copy-button-tooltip"),
            copied: words.get("copy-button-tooltip-success"),
            link: words.get("copy-link"),
            close: words.get("dismiss"),
            previous: words.get("previous"),
            next: words.get("next"),
            resume: words.get("resume"),
            check: words.get("quiz-check"),
            right: words.get("quiz-right"),
            wrong: words.get("quiz-wrong"),
            is_true: words.get("quiz-true"),
            is_false: words.get("quiz-false"),
            again: words.get("quiz-again"),
            near: words.get("not-found-near"),
        }
    }
}
