//! The options of a listing.

use mlsys_book::{FlagKey, OptionName, Value, WholeKey, key, name};

/// The length of descriptions in grids, and of openings, in characters. Source: Quarto, "Document Listings".
const OPENING: usize = 175;

/// The layout of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListingKind {
    /// One below the other.
    #[default]
    Default,
    /// Cards.
    Grid,
    /// Rows.
    Table,
}

impl ListingKind {
    pub fn name(self) -> &'static str {
        match self {
            ListingKind::Default => "default",
            ListingKind::Grid => "grid",
            ListingKind::Table => "table",
        }
    }
}

/// How categories are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CategoryStyle {
    /// With the number of items.
    Numbered,
    /// Without numbers.
    Unnumbered,
    /// As a cloud, sized by the number of items.
    Cloud,
}

/// The options of a listing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListingOptions {
    pub(crate) kind: ListingKind,
    pub(crate) fields: Vec<String>,
    pub(crate) page_size: usize,
    pub(crate) max_items: Option<usize>,
    pub(crate) columns: u32,
    pub(crate) image_height: Option<String>,
    pub(crate) image_align: String,
    /// The image of items without one, as the author wrote it.
    pub placeholder: Option<String>,
    /// False if the cards of a grid have no border.
    pub(crate) card_border: bool,
    /// `left`, `right` or `center`.
    pub(crate) card_align: String,
    pub(crate) lazy_images: bool,
    pub(crate) date_format: Option<String>,
    /// The length of openings that stand in for descriptions.
    pub(crate) max_description: usize,
    /// The length of descriptions; `None` shows them whole.
    pub(crate) max_own_description: Option<usize>,
    pub(crate) sort: Vec<(String, bool)>,
    pub(crate) sort_ui: bool,
    sort_ui_fields: Vec<String>,
    pub(crate) filter_ui: bool,
    pub(crate) categories: Option<CategoryStyle>,
    pub(crate) display_names: Vec<(String, String)>,
    pub(crate) table_classes: String,
    /// The fields of tables whose text links to the item.
    pub(crate) field_links: Vec<String>,
}

impl ListingOptions {
    /// Reads the options. What is missing or invalid gets Quarto's default.
    pub fn new(value: &Value) -> Self {
        let text = |key: OptionName| value.text(key);
        let list = |key: OptionName| -> Vec<String> { value.list(key).iter().filter_map(Value::to_text).collect() };
        let number = |key: WholeKey| value.read(key).and_then(|n| usize::try_from(n).ok());
        let on = |key: OptionName| value.value(key).is_some_and(|v| v.as_bool() != Some(false));
        let kind = match text(name!("listing", "type")).as_deref() {
            Some("grid") => ListingKind::Grid,
            Some("table") => ListingKind::Table,
            _ => ListingKind::Default,
        };
        let categories = match value.text(name!("listing", "categories")).as_deref() {
            Some("true" | "numbered") => Some(CategoryStyle::Numbered),
            Some("unnumbered") => Some(CategoryStyle::Unnumbered),
            Some("cloud") => Some(CategoryStyle::Cloud),
            _ => None,
        };
        let mut fields = list(name!("listing", "fields"));
        if fields.is_empty() {
            let default: &[&str] = match kind {
                ListingKind::Table => &["date", "title", "author"],
                ListingKind::Default | ListingKind::Grid => {
                    &["image", "date", "title", "subtitle", "author", "description", "categories"]
                }
            };
            fields = default.iter().map(|f| (*f).to_owned()).collect();
        }
        let is_table = kind == ListingKind::Table;
        let sort_ui_fields: Vec<String> =
            list(name!("listing", "sort-ui")).into_iter().filter(|f| f != "true" && f != "false").collect();
        // Tables show their controls unless disabled; other listings only if enabled.
        let control = |key: OptionName| if value.value(key).is_some() { on(key) } else { is_table };
        let class = |key: FlagKey, class: &str, default: bool| {
            let wanted = value.read(key).unwrap_or(default);
            if wanted { format!(" {class}") } else { String::new() }
        };
        ListingOptions {
            kind,
            fields,
            page_size: number(key!("listing", "page-size")).filter(|n| *n > 0).unwrap_or(if is_table {
                30
            } else {
                25
            }),
            max_items: number(key!("listing", "max-items")),
            columns: value.read(key!("listing", "grid-columns")).map_or(3, |n| n.clamp(1, 12) as u32),
            image_height: text(name!("listing", "image-height"))
                .map(|h| if h.bytes().all(|b| b.is_ascii_digit()) { h + "px" } else { h }),
            image_align: text(name!("listing", "image-align"))
                .filter(|a| a == "left")
                .unwrap_or_else(|| "right".to_owned()),
            lazy_images: value.read(key!("listing", "image-lazy-loading")) != Some(false),
            placeholder: text(name!("listing", "image-placeholder")),
            card_border: value.read(key!("listing", "grid-item-border")) != Some(false),
            card_align: text(name!("listing", "grid-item-align"))
                .filter(|align| matches!(align.as_str(), "right" | "center"))
                .unwrap_or_else(|| "left".to_owned()),
            date_format: text(name!("listing", "date-format")),
            max_description: number(key!("listing", "max-description-length")).unwrap_or(OPENING),
            max_own_description: number(key!("listing", "max-description-length"))
                .or_else(|| (kind == ListingKind::Grid).then_some(OPENING)),
            sort: match value.value(name!("listing", "sort")) {
                None => vec![("title".to_owned(), false)],
                Some(sort) if sort.as_bool() == Some(false) => Vec::new(),
                Some(_) => list(name!("listing", "sort")).iter().map(|key| sort_key(key)).collect(),
            },
            sort_ui: control(name!("listing", "sort-ui")),
            sort_ui_fields,
            filter_ui: control(name!("listing", "filter-ui")),
            categories,
            display_names: value
                .value(name!("listing", "field-display-names"))
                .map(Value::entries)
                .unwrap_or(&[])
                .iter()
                .filter_map(|entry| Some((entry.key.clone(), entry.value.to_text()?)))
                .collect(),
            field_links: match value.value(name!("listing", "field-links")) {
                Some(_) => list(name!("listing", "field-links")),
                None => ["title", "filename"].map(str::to_owned).to_vec(),
            },
            table_classes: format!(
                "quarto-listing-table table{}{}",
                class(key!("listing", "table-striped"), "table-striped", false),
                class(key!("listing", "table-hover"), "table-hover", false)
            ),
        }
    }

    /// The options of a listing that is given by its type alone.
    pub fn of_kind(kind: &str) -> Self {
        let place = mlsys_book::Place::project();
        let value = |kind| Value { place, kind };
        let entry = mlsys_book::Entry {
            key: "type".to_owned(),
            key_place: place,
            value: value(mlsys_book::ValueKind::String(kind.to_owned())),
        };
        ListingOptions::new(&value(mlsys_book::ValueKind::Map(vec![entry])))
    }

    /// The fields that readers can sort by.
    pub(crate) fn sort_fields(&self) -> Vec<&str> {
        if !self.sort_ui {
            return Vec::new();
        }
        if !self.sort_ui_fields.is_empty() {
            return self.sort_ui_fields.iter().map(String::as_str).collect();
        }
        let sortable = ["title", "date", "author", "filename", "file-modified"];
        sortable.into_iter().filter(|field| self.fields.iter().any(|shown| shown == field)).collect()
    }
}

/// A sort field, and true if it sorts in descending order: `date desc`.
fn sort_key(text: &str) -> (String, bool) {
    match text.trim().split_once(' ') {
        Some((field, direction)) => (field.to_owned(), direction.trim() == "desc"),
        None => (text.trim().to_owned(), false),
    }
}
