//! The options of a page that its body depends on.

use mlsys_book::{Attr, FlagKey, Links, OptionName, Value, key, name};
use regex_automata::meta::Regex;
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
    /// False if headings are not within elements of their sections.
    pub section_divs: bool,
    /// True if images become smaller with their column.
    pub fig_responsive: bool,
    /// True if HTML comments are left out.
    pub strip_comments: bool,
    /// The widths of the columns of tables without widths of their own.
    pub column_widths: ColumnWidths,
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
    /// The side of the caption of enlarged images.
    pub lightbox_caption: Option<String>,
    /// Attributes of links to enlarged images, for the script: how the view looks.
    pub lightbox_view: Vec<(&'static str, String)>,
    pub external_icon: ExternalIcon,
    pub external_new_window: bool,
    /// URLs that count as the site's own, as a regular expression.
    pub own_urls: Option<Regex>,
    /// False if code is not highlighted: `syntax-highlighting: none`.
    pub highlights_code: bool,
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

/// The widths of the columns of a page's tables. Source: Quarto, "Tables", `tbl-colwidths`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ColumnWidths {
    /// As the table is written.
    Written,
    /// As wide as their content.
    Content,
    /// Numbers for percents, separated by commas.
    Of(String),
}

impl ColumnWidths {
    fn new(value: Option<&Value>) -> Self {
        match value.map(|value| (value.to_text(), value)) {
            None => ColumnWidths::Written,
            Some((Some(text), _)) if text == "auto" || text == "false" => ColumnWidths::Content,
            Some((Some(text), _)) if text == "true" => ColumnWidths::Written,
            Some((_, value)) => {
                let widths: Vec<String> = value.items().iter().filter_map(Value::to_text).collect();
                ColumnWidths::Of(widths.join(","))
            }
        }
    }
}

/// The icon after links to other sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExternalIcon {
    /// None.
    None,
    /// The theme's.
    OfTheme,
    /// An icon of Bootstrap, by name.
    Named(String),
}

/// The regular expression of `link-external-filter`; `None` if it is invalid or its automaton would be large.
pub(crate) fn own_urls(filter: &str) -> Option<Regex> {
    let config = Regex::config().nfa_size_limit(Some(1 << 16));
    Regex::builder().configure(config).build(filter).ok()
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
        let text = |key: OptionName| meta.text(key);
        let is = |key: FlagKey, default: bool| meta.read(key).unwrap_or(default);
        let place = |key: OptionName, default| {
            text(key)
                .or_else(|| text(name!("cap-location")))
                .or_else(|| text(name!("crossref.cap-location")))
                .and_then(|t| CaptionPlace::from_name(&t))
                .unwrap_or(default)
        };
        let boxes = box_classes(meta);
        Options {
            box_places: boxes.iter().enumerate().map(|(at, class)| (class.class.clone(), at)).collect(),
            boxes,
            plain: crate::theme::is_plain(meta),
            section_divs: is(key!("section-divs"), true),
            fig_responsive: is(key!("fig-responsive"), true),
            strip_comments: is(key!("strip-comments"), false),
            column_widths: ColumnWidths::new(meta.value(name!("tbl-colwidths"))),
            toc_depth: meta.read(key!("toc-depth")).map_or(3, |d| d.clamp(1, 6) as u8),
            anchor_sections: is(key!("anchor-sections"), true) && !is(key!("minimal"), false),
            notes: match text(name!("reference-location")).as_deref() {
                Some("margin") => NotePlace::Margin,
                Some("section") => NotePlace::Section,
                Some("block") => NotePlace::Block,
                _ => NotePlace::Document,
            },
            citations_in_margin: text(name!("citation-location")).as_deref() == Some("margin"),
            suppress_bibliography: is(key!("suppress-bibliography"), false),
            appendix_style: text(name!("appendix-style"))
                .unwrap_or_else(|| if in_book { "none" } else { "default" }.to_owned()),
            cite_as: CiteAs::new(meta.value(name!("appendix-cite-as"))),
            callout_appearance: text(name!("callout-appearance")).unwrap_or_else(|| "default".to_owned()),
            callout_icon: is(key!("callout-icon"), true),
            code_fold: text(name!("code-fold")).filter(|value| is_fold(value)),
            code_summary: text(name!("code-summary")),
            code_copy: text(name!("code-copy")).as_deref() != Some("false"),
            code_wrap: text(name!("code-overflow")).as_deref() == Some("wrap"),
            code_line_numbers: is(key!("code-line-numbers"), false),
            code_annotations: match text(name!("code-annotations")).as_deref() {
                Some("false") => CodeAnnotations::Off,
                Some("none") => CodeAnnotations::None,
                Some("hover") => CodeAnnotations::Hover,
                Some("select") => CodeAnnotations::Select,
                _ => CodeAnnotations::Below,
            },
            lightbox: match meta.value(name!("lightbox")) {
                None => false,
                Some(value) => match value.to_text().as_deref() {
                    Some("true" | "auto") => true,
                    Some(_) => false,
                    None => value.text(name!("lightbox", "match")).is_none_or(|m| m == "auto"),
                },
            },
            lightbox_group: meta.read(key!("lightbox.group")),
            lightbox_caption: text(name!("lightbox.desc-position")),
            lightbox_view: [
                (name!("lightbox.css-class"), "data-view-class"),
                (name!("lightbox.effect"), "data-view-effect"),
                (name!("lightbox.loop"), "data-view-loop"),
            ]
            .into_iter()
            .filter_map(|(option, attribute)| Some((attribute, text(option)?)))
            .collect(),
            external_icon: match text(name!("link-external-icon")).as_deref() {
                None | Some("false" | "") => ExternalIcon::None,
                Some("true") => ExternalIcon::OfTheme,
                Some(name) => ExternalIcon::Named(name.to_owned()),
            },
            own_urls: text(name!("link-external-filter")).and_then(|filter| own_urls(&filter)),
            highlights_code: crate::code::syntax_highlighting(meta).and_then(Value::as_str) != Some("none"),
            external_new_window: is(key!("link-external-newwindow"), false),
            fig_align: text(name!("fig-align")).filter(|t| t != "default").unwrap_or_else(|| "center".to_owned()),
            fig_cap: place(name!("fig-cap-location"), CaptionPlace::Bottom),
            tbl_cap: place(name!("tbl-cap-location"), CaptionPlace::Top),
            lst_cap: place(name!("lst-cap-location"), CaptionPlace::Top),
            custom_cap: custom_caption_places(meta),
        }
    }

    /// True if the page has a reference list.
    pub fn lists_works(&self, links: &Links) -> bool {
        !links.bibliography.is_empty() && !self.citations_in_margin && !self.suppress_bibliography
    }

    /// The options where there is no margin, nothing to click on and no second column.
    pub fn without_screen(mut self) -> Self {
        self.notes = NotePlace::Document;
        self.citations_in_margin = false;
        self.code_copy = false;
        self.code_annotations = match self.code_annotations {
            CodeAnnotations::Hover | CodeAnnotations::Select | CodeAnnotations::Below => CodeAnnotations::Below,
            hidden @ (CodeAnnotations::None | CodeAnnotations::Off) => hidden,
        };
        let places = [&mut self.fig_cap, &mut self.tbl_cap, &mut self.lst_cap].into_iter();
        for place in places.chain(self.custom_cap.iter_mut().map(|(_, place)| place)) {
            if *place == CaptionPlace::Margin {
                *place = CaptionPlace::Bottom;
            }
        }
        self
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
    let custom = meta.list(name!("crossref.custom")).iter();
    let place = |float: &Value| CaptionPlace::from_name(&float.text(name!("custom", "caption-location"))?);
    custom.filter_map(|float| Some((float.read(key!("custom", "key"))?, place(float)?))).collect()
}

fn box_classes(meta: &Value) -> Vec<BoxClass> {
    let Some(config) = crate::theme::box_config(meta) else { return Vec::new() };
    let classes = config.value(name!("numbered-blocks", "classes")).map(Value::entries).unwrap_or(&[]);
    let setting = |entry: &Value, group: &str, key: OptionName| {
        let of_group =
            config.value(name!("numbered-blocks", "groups")).and_then(|g| g.get(group)).and_then(|g| g.value(key));
        entry.value(key).or(of_group).and_then(Value::to_text)
    };
    classes
        .iter()
        .map(|entry| {
            let group = entry.value.read(key!("box", "group")).unwrap_or_default();
            let is = |key: OptionName| setting(&entry.value, &group, key).is_none_or(|v| v != "false");
            BoxClass {
                class: entry.key.clone(),
                label: setting(&entry.value, &group, name!("box", "label")).unwrap_or_default(),
                collapse: is(name!("box", "collapse")),
                simple: setting(&entry.value, &group, name!("box", "boxstyle")).as_deref() == Some("foldbox.simple"),
                group,
            }
        })
        .collect()
}
