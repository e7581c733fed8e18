//! Citations and bibliographies by the Citation Style Language (CSL) 1.0.2: works and a style in, rich text out.
//!
//! [`cite`] formats a document's citations and its bibliography, [`bibliography`] a bibliography alone. Both are pure functions
//! of a [`Style`], works and keys. The crate reads no files and knows no markup language: the result is [`Rich`] text.
//!
//! Where the specification leaves room, Pandoc's processor is the model, because authors know its output.
//!
//! ```
//! use mlsys_book::{Bibliography, Date, DatePart, Markup, Name, Place, SourceId, Span, Work};
//! use mlsys_csl::{Cite, Citing, Cluster, Style, cite, plain_text};
//! use std::sync::Arc;
//!
//! let work = Work {
//!     key: "doe2020".into(),
//!     place: Place { source: SourceId(0), span: Span::new(0, 0) },
//!     kind: "book".into(),
//!     texts: [
//!         ("title".into(), vec![Markup::Text("Growing fruit".into())]),
//!         ("publisher".into(), vec![Markup::Text("Orchard Press".into())]),
//!     ]
//!     .into(),
//!     names: [(
//!         "author".into(),
//!         vec![Name { family: Some("Doe".into()), given: Some("Jane".into()), ..Name::default() }],
//!     )]
//!     .into(),
//!     dates: [(
//!         "issued".into(),
//!         Date { parts: vec![DatePart { year: Some(2020), month: None, day: None }], ..Date::default() },
//!     )]
//!     .into(),
//! };
//! let mut works = Bibliography::default();
//! works.extend(&[Arc::new(work)]);
//!
//! let citing = Citing {
//!     clusters: vec![Cluster { cites: vec![Cite::new("doe2020")], in_note: false }],
//!     lang: "en-US".into(),
//!     ..Citing::default()
//! };
//! let chicago = Style::default();
//! let citations = cite(&chicago, &works, &citing, None);
//! assert_eq!(plain_text(&citations.clusters[0].content), "(Doe 2020)");
//! assert_eq!(plain_text(&citations.entries[0].content), "Doe, Jane. 2020. Growing Fruit. Orchard Press.");
//! ```
//!
//! The modules follow the specification, on citationberg's types of styles and locales:
//!
//! | module | chapter of the specification |
//! |---|---|
//! | `style`, `locale` | styles and their limits; terms, date formats and options of locales |
//! | `rendering` | rendering elements: text, group, choose, names, date, number, label |
//! | `citation` | citations: positions, disambiguation, grouping and collapsing |
//! | `entry`, `sorting` | bibliography: entries, repeated authors; sorting |
//! | `output`, `rich`, `finish` | formatting: affixes, delimiters, text case, quotes, punctuation |
//!
//! The other modules hold the input (`citing`), the works of a document (`works`, `item`), locators in the author's text
//! (`locator`) and the result (`citations`).

mod citation;
mod citations;
mod cite;
mod citing;
mod entry;
mod finish;
mod item;
mod locale;
mod locator;
mod output;
mod rendering;
mod rich;
mod sorting;
mod style;
mod works;

pub use citations::{Citations, ClusterText, Entry, MissingKey};
pub use cite::{SharedBibliography, bibliography, cite};
pub use citing::{Cite, CiteMode, Citing, Cluster};
pub use rich::{Face, Opaque, Rich, plain as plain_text};
pub use style::{Style, StyleError};
