//! The options of a page that its body depends on.

use mlsys_book::{Attr, Value};
use std::collections::BTreeMap;

/// The place of notes. Source: Quarto, "HTML Options", `reference-location`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotePlace {
    Document,
    Section,
    Block,
    Margin,
}

/// The place of a caption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaptionPlace {
    Top,
    Bottom,
    Margin,
}

impl CaptionPlace {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "top" => Some(CaptionPlace::Top),
            "bottom" => Some(CaptionPlace::Bottom),
            "margin" => Some(CaptionPlace::Margin),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            CaptionPlace::Top => "top",
            CaptionPlace::Bottom => "bottom",
            CaptionPlace::Margin => "margin",
        }
    }
}

/// How code annotations are shown. Source: Quarto, "Code Annotation".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeAnnotations {
    Below,
    Hover,
    Select,
    None,
    Off,
}

/// How a page says how to cite it. Source: Quarto, "Appendices", `appendix-cite-as`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CiteAs {
    /// As a BibTeX entry.
    pub bibtex: bool,
    /// As an entry of a reference list.
    pub display: bool,
}

impl CiteAs {
    /// `false`, or `bibtex` or `display` or a list of both; both by default.
    fn new(value: Option<&Value>) -> Self {
        let named: Vec<String> = value.map_or(&[][..], Value::items).iter().filter_map(Value::to_text).collect();
        let shows = |name: &str| named.is_empty() || named.iter().any(|own| own == name || own == "true");
        CiteAs { bibtex: shows("bibtex"), display: shows("display") }
    }
}

/// The options of a page that its body depends on.
#[derive(Debug)]
pub(crate) struct Options {
    /// True if the page has no theme, so that its text is plain HTML.
    pub plain: bool,
    pub toc_depth: u8,
    pub anchor_sections: bool,
    pub notes: NotePlace,
    pub citations_in_margin: bool,
    pub suppress_bibliography: bool,
    pub appendix_style: String,
    pub cite_as: CiteAs,
    pub callout_appearance: String,
    pub callout_icon: bool,
    pub code_copy: bool,
    /// `code-fold` for the code of cells: `true` or `show`.
    pub code_fold: Option<String>,
    pub code_summary: Option<String>,
    pub code_wrap: bool,
    pub code_line_numbers: bool,
    pub code_annotations: CodeAnnotations,
    pub lightbox: bool,
    pub lightbox_group: Option<String>,
    pub external_icon: bool,
    pub external_new_window: bool,
    pub fig_align: String,
    pub fig_cap: CaptionPlace,
    pub tbl_cap: CaptionPlace,
    pub lst_cap: CaptionPlace,
    /// The caption places of custom floats that set one, by key.
    pub custom_cap: Vec<(String, CaptionPlace)>,
    /// The classes of numbered boxes.
    pub boxes: Vec<BoxClass>,
    /// The indices of the classes in `boxes`.
    pub box_places: BTreeMap<String, usize>,
}

/// A class of numbered boxes. Source: the `custom-numbered-blocks` extension, `groups` and `classes`.
#[derive(Debug)]
pub(crate) struct BoxClass {
    pub class: String,
    pub label: String,
    pub group: String,
    pub collapse: bool,
    pub simple: bool,
}

impl Options {
    /// Reads the options from the page's metadata. What is missing or invalid gets Quarto's default.
    pub fn new(meta: &Value, in_book: bool) -> Self {
        let text = |key: &str| meta.get(key).and_then(Value::to_text);
        let is = |key: &str, default: bool| match meta.get(key) {
            Some(value) => value.as_bool().unwrap_or(default),
            None => default,
        };
        let place = |key: &str, default| {
            text(key).or_else(|| text("cap-location")).and_then(|t| CaptionPlace::from_name(&t)).unwrap_or(default)
        };
        let boxes = box_classes(meta);
        Options {
            box_places: boxes.iter().enumerate().map(|(at, class)| (class.class.clone(), at)).collect(),
            boxes,
            plain: crate::theme::is_plain(meta),
            toc_depth: meta.get("toc-depth").and_then(Value::as_int).map_or(3, |d| d.clamp(1, 6) as u8),
            anchor_sections: is("anchor-sections", true) && !is("minimal", false),
            notes: match text("reference-location").as_deref() {
                Some("margin") => NotePlace::Margin,
                Some("section") => NotePlace::Section,
                Some("block") => NotePlace::Block,
                _ => NotePlace::Document,
            },
            citations_in_margin: text("citation-location").as_deref() == Some("margin"),
            suppress_bibliography: is("suppress-bibliography", false),
            appendix_style: text("appendix-style")
                .unwrap_or_else(|| if in_book { "none" } else { "default" }.to_owned()),
            cite_as: CiteAs::new(meta.get("appendix-cite-as")),
            callout_appearance: text("callout-appearance").unwrap_or_else(|| "default".to_owned()),
            callout_icon: is("callout-icon", true),
            code_fold: text("code-fold").filter(|value| is_fold(value)),
            code_summary: text("code-summary"),
            code_copy: text("code-copy").as_deref() != Some("false"),
            code_wrap: text("code-overflow").as_deref() == Some("wrap"),
            code_line_numbers: is("code-line-numbers", false),
            code_annotations: match text("code-annotations").as_deref() {
                Some("false") => CodeAnnotations::Off,
                Some("none") => CodeAnnotations::None,
                Some("hover") => CodeAnnotations::Hover,
                Some("select") => CodeAnnotations::Select,
                _ => CodeAnnotations::Below,
            },
            lightbox: match meta.get("lightbox") {
                None => false,
                Some(value) => match value.to_text().as_deref() {
                    Some("true" | "auto") => true,
                    Some(_) => false,
                    None => value.get("match").and_then(Value::to_text).is_none_or(|m| m == "auto"),
                },
            },
            lightbox_group: meta.path("lightbox.group").and_then(Value::to_text),
            external_icon: is("link-external-icon", false),
            external_new_window: is("link-external-newwindow", false),
            fig_align: text("fig-align").filter(|t| t != "default").unwrap_or_else(|| "center".to_owned()),
            fig_cap: place("fig-cap-location", CaptionPlace::Bottom),
            tbl_cap: place("tbl-cap-location", CaptionPlace::Top),
            lst_cap: place("lst-cap-location", CaptionPlace::Top),
            custom_cap: custom_caption_places(meta),
        }
    }

    /// The place of the captions of a kind of float.
    pub fn caption_place(&self, kind: &str) -> CaptionPlace {
        match kind {
            "tbl" => self.tbl_cap,
            "lst" => self.lst_cap,
            kind => {
                let own = self.custom_cap.iter().find(|(key, _)| key == kind);
                own.map_or(self.fig_cap, |(_, place)| *place)
            }
        }
    }

    /// The index of the first class of numbered boxes that a div has.
    pub fn box_of(&self, attr: &Attr) -> Option<usize> {
        attr.classes.iter().filter_map(|class| self.box_places.get(class)).min().copied()
    }
}

/// True for the values of `code-fold` that fold code.
pub(crate) fn is_fold(value: &str) -> bool {
    matches!(value, "true" | "show" | "hide")
}

/// Source: Quarto, "Cross References", "Custom Floats" (`crossref.custom`, `caption-location`).
fn custom_caption_places(meta: &Value) -> Vec<(String, CaptionPlace)> {
    let custom = meta.path("crossref.custom").map_or(&[][..], Value::items).iter();
    let place = |float: &Value| CaptionPlace::from_name(&float.get("caption-location")?.to_text()?);
    custom.filter_map(|float| Some((float.get("key")?.to_text()?, place(float)?))).collect()
}

fn box_classes(meta: &Value) -> Vec<BoxClass> {
    let Some(config) = crate::theme::box_config(meta) else { return Vec::new() };
    let classes = config.get("classes").map(Value::entries).unwrap_or(&[]);
    let setting = |entry: &Value, group: &str, key: &str| {
        let of_group = config.get("groups").and_then(|g| g.get(group)).and_then(|g| g.get(key));
        entry.get(key).or(of_group).and_then(Value::to_text)
    };
    classes
        .iter()
        .map(|entry| {
            let group = entry.value.get("group").and_then(Value::to_text).unwrap_or_default();
            let is = |key: &str| setting(&entry.value, &group, key).is_none_or(|v| v != "false");
            BoxClass {
                class: entry.key.clone(),
                label: setting(&entry.value, &group, "label").unwrap_or_default(),
                collapse: is("collapse"),
                simple: setting(&entry.value, &group, "boxstyle").as_deref() == Some("foldbox.simple"),
                group,
            }
        })
        .collect()
}
