//! What a page asks of the CSL processor holds no positions, so that its answer can be reused while the text around changes.

use mlsys_book::{Bibliography, Chapter, InlineKind, PageId, Project, Refs, Scope, Source, SourceId, Span, Value};
use mlsys_parse::{ConfigInput, parse_yaml};
use mlsys_resolve::{Citing, RelativeDates, citing};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A website of one page, and the works that the page may cite.
struct Site {
    project: Project,
    scope: Scope,
    works: Bibliography,
}

impl Site {
    fn new() -> Self {
        let source = Source::new(SourceId(0), "_quarto.yml", "project:\n  type: website\n");
        let config = parse_yaml(&source, Span::new(0, source.text.len())).value;
        let empty = Value::empty(source.place(Span::new(0, 0)));
        let input = ConfigInput {
            config: &config,
            files: &["index.qmd".to_owned()],
            front_matter: &BTreeMap::new(),
            profiles: &[],
            variables: &empty,
            format: "html",
        };
        let project = mlsys_parse::parse_config(&input).value;
        let scope = Scope {
            format: "html".into(),
            profiles: Vec::new(),
            meta: project.meta.clone(),
            variables: empty.clone(),
            brand: empty,
            environment: BTreeMap::new(),
            custom_floats: Default::default(),
            language: None,
            box_classes: Default::default(),
        };
        let text = "@book{doe2020, author = {Doe, Jane}, title = {Fruit}, year = {2020}}";
        let file = mlsys_parse::parse_bibliography(&Source::new(SourceId(1), "refs.bib", text), "en").value;
        let mut works = Bibliography::default();
        works.extend(&file.into_iter().map(Arc::new).collect::<Vec<_>>());
        Site { project, scope, works }
    }

    fn page(&self, text: &str) -> (Chapter, mlsys_book::Index, Refs) {
        let chapter = mlsys_parse::parse(&Source::new(SourceId(2), "index.qmd", text), &self.scope).value;
        let index = mlsys_resolve::index(&chapter, PageId(0));
        let refs = mlsys_resolve::number(&self.project, [&index]).value;
        (chapter, index, refs)
    }

    fn citing(&self, text: &str) -> Citing {
        let (chapter, index, refs) = self.page(text);
        citing(&chapter, &index, &refs, &self.project, &self.works, &RelativeDates::default())
    }
}

#[test]
fn text_around_citations_changes_nothing() {
    let site = Site::new();
    let before = site.citing("As [see *also* @doe2020, p. 3 [there](https://example.org)] says.\n");
    let after = site.citing("# New\n\nMore text. As [see *also* @doe2020, p. 3 [there](https://example.org)] says.\n");
    assert!(!before.is_empty());
    assert_eq!(before, after);
    assert_ne!(before, site.citing("As [see also @doe2020, p. 3 [there](https://example.org)] says.\n"));
    assert!(site.citing("Nothing cited, @sec-one not, and `@doe2020` is code.\n").is_empty());
}

#[test]
fn links_in_affixes_keep_their_places() {
    let site = Site::new();
    let text = "As [@doe2020, p. 3 [there](https://example.org)] says.\n";
    let (chapter, index, refs) = site.page(text);
    let citing = citing(&chapter, &index, &refs, &site.project, &site.works, &RelativeDates::default());
    let citations = mlsys_resolve::cite(&mlsys_csl::Style::default(), &site.works, &citing, None);
    let links =
        mlsys_resolve::link(&chapter, &index, &refs, &site.project, &site.works, &citations, &RelativeDates::default())
            .value;
    let Some(mlsys_book::Cited::Citation { content, .. }) = links.cites.values().next() else {
        panic!("one citation: {links:?}")
    };
    let mut spans = Vec::new();
    mlsys_book::walk_inlines(content, &mut |node| {
        if let mlsys_book::Node::Inline(inline) = node
            && let InlineKind::Link(link) = &inline.kind
            && link.url.starts_with("https:")
        {
            spans.push(inline.span);
        }
        true
    });
    let start = text.find("[there]").expect("the link");
    assert_eq!(spans, [Span::new(start, start + "[there](https://example.org)".len())]);
}
