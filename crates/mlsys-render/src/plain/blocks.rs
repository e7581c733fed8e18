//! Blocks.

use super::lines::Event;
use super::{Purpose, Walker, is_hidden};
use crate::body::margin::{in_margin, is_margin_block};
use crate::body::options::{CodeAnnotations, NotePlace};
use crate::body::slots::is_listing;
use crate::code::Annotated;

use mlsys_book::{
    Algorithm, AlgorithmLineKind, Attr, Block, BlockKind, Callout, CodeBlock, DefinitionItem, Header, Inline, ListItem,
    ListNumberStyle, OrderedList, Proof, Row, Span, Table, TableCell, Tabset, Theorem,
};

impl<'a> Walker<'a> {
    /// Blocks where headings begin no sections: lists, quotations, cells, notes.
    pub(super) fn blocks(&mut self, blocks: &'a [Block]) {
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            self.settle_margin(block);
            at += self.block_at(blocks, at);
        }
        self.flush_margin();
    }

    /// Blocks where headings begin sections. `top` is true for those of the page itself.
    pub(super) fn sections(&mut self, blocks: &'a [Block], top: bool) {
        let mut open: Vec<(u8, bool)> = Vec::new();
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            self.settle_margin(block);
            let BlockKind::Header(header) = &block.kind else {
                at += self.block_at(blocks, at);
                if top {
                    self.notes_here(NotePlace::Block);
                }
                continue;
            };
            at += 1;
            self.close_sections(&mut open, header.level, top);
            if top && header.attr.has_class("appendix") && self.options.appendix_style != "none" {
                let end = blocks.iter().skip(at).position(|b| ends_section(b, header.level));
                let end = end.map_or(blocks.len(), |n| at + n);
                let content = blocks.get(at..end).unwrap_or(&[]);
                let section = self.captured(|w| w.appendix_section(header, block.span, content));
                self.appendix.push(section);
                at = end;
                continue;
            }
            if self.options.plain {
                self.heading(header, block.span);
                continue;
            }
            open.push((header.level, self.open_section(header, None)));
            self.heading(header, block.span);
            if top {
                self.notes_here(NotePlace::Block);
            }
        }
        self.flush_margin();
        self.close_sections(&mut open, 0, top);
        if top {
            self.notes_here(NotePlace::Section);
        }
    }

    /// Closes the sections that a heading of a level ends.
    fn close_sections(&mut self, open: &mut Vec<(u8, bool)>, level: u8, top: bool) {
        if top && open.first().is_none_or(|(first, _)| *first >= level) {
            self.notes_here(NotePlace::Section);
        }
        while let Some((_, hidden)) = open.pop_if(|(own, _)| *own >= level) {
            self.close_section(hidden);
        }
    }

    /// Begins the section of a heading, or of the div that is one. True if it is hidden.
    fn open_section(&mut self, header: &'a Header, div: Option<&'a Attr>) -> bool {
        let is_hidden = is_hidden(&header.attr) || div.is_some_and(is_hidden);
        if is_hidden {
            self.events.push(Event::Hide);
        }
        let of_div = div.map(Attr::id).filter(|id| !id.is_empty());
        let is_automatic = header.attr.id.as_ref().is_none_or(|id| id.automatic);
        let id = of_div.filter(|_| is_automatic).unwrap_or(header.attr.id());
        self.line();
        if !id.is_empty() {
            self.events.push(Event::Section(id.into(), header.level));
        }
        is_hidden
    }

    fn close_section(&mut self, is_hidden: bool) {
        self.line();
        if is_hidden {
            self.events.push(Event::Show);
        }
    }

    fn heading(&mut self, header: &'a Header, span: Span) {
        let number = self.links.numbers.get(&span.start).filter(|number| number.shown);
        self.heading_with(header, number.map(|number| number.label.as_str()));
    }

    fn heading_with(&mut self, header: &'a Header, number: Option<&'a str>) {
        self.events.push(Event::Heading);
        if let Some(number) = number {
            self.text(number);
            self.text(" ");
        }
        self.inlines(&header.content);
        self.events.push(Event::HeadingEnd);
    }

    fn appendix_section(&mut self, header: &'a Header, span: Span, content: &'a [Block]) {
        let is_hidden = self.open_section(header, None);
        let number = self.links.numbers.get(&span.start).filter(|number| number.shown);
        self.heading_with(header, number.map(|number| number.text.as_str()));
        self.sections(content, false);
        self.close_section(is_hidden);
    }

    /// Adds the margin content that waits before a block that is not margin content itself.
    fn settle_margin(&mut self, next: &Block) {
        if !self.margin.is_empty() && !is_margin_block(next) {
            self.flush_margin();
        }
    }

    /// Adds the block at an index, or annotated code with the list after it. Returns the number of blocks.
    fn block_at(&mut self, blocks: &'a [Block], at: usize) -> usize {
        if self.annotated_code(blocks.get(at..).unwrap_or(&[])) {
            return 2;
        }
        if let Some(block) = blocks.get(at) {
            self.block(block);
        }
        1
    }

    pub(super) fn block(&mut self, block: &'a Block) {
        match &block.kind {
            BlockKind::Plain(inlines) => {
                self.inlines(inlines);
                self.text(" ");
            }
            BlockKind::Para(inlines) => self.in_lines(|w| w.inlines(inlines)),
            BlockKind::Header(header) => self.unless_hidden(&header.attr, |w| w.heading(header, block.span)),
            BlockKind::CodeBlock(code) => self.code_block(code, block.span),
            BlockKind::Cell(cell) => self.in_lines(|w| w.cell(cell, block.span)),
            BlockKind::RawBlock(format, text) => {
                self.raw(format, text);
                self.text(" ");
            }
            BlockKind::BlockQuote(content) => self.in_lines(|w| w.held(|w| w.blocks(content))),
            BlockKind::BulletList(items) => self.bullet_list(items),
            BlockKind::OrderedList(list) => self.ordered_list(list),
            BlockKind::DefinitionList(items) => self.definition_list(items),
            BlockKind::LineBlock(lines) => {
                for line in lines {
                    self.in_lines(|w| w.inlines(line));
                }
            }
            BlockKind::HorizontalRule => self.line(),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Div(attr, content) => self.div(attr, content, block.span),
            BlockKind::Figure(figure) => self.figure(figure),
            BlockKind::Float(float) => self.float(float, block.span, false),
            BlockKind::LayoutPanel(panel) => self.unless_hidden(&panel.attr, |w| w.layout_panel(panel)),
            BlockKind::Callout(callout) => {
                self.beside_or_here(in_margin(&callout.attr), |w| {
                    w.unless_hidden(&callout.attr, |w| w.callout(callout, block.span));
                });
            }
            BlockKind::Theorem(theorem) => self.unless_hidden(&theorem.attr, |w| w.theorem(theorem, block.span)),
            BlockKind::Proof(proof) => self.unless_hidden(&proof.attr, |w| w.proof(proof, block.span)),
            BlockKind::Algorithm(algorithm) => self.algorithm(algorithm, block.span),
            BlockKind::Tabset(tabset) => self.unless_hidden(&tabset.attr, |w| w.tabset(tabset)),
            BlockKind::Shortcode(shortcode) => self.block_shortcode(shortcode),
        }
    }

    /// Runs `read` between the beginning and the end of a line.
    pub(super) fn in_lines(&mut self, read: impl FnOnce(&mut Self)) {
        self.line();
        read(self);
        self.line();
    }

    /// Runs `read` here, or puts what it adds into the margin.
    pub(super) fn beside_or_here(&mut self, beside: bool, read: impl FnOnce(&mut Self)) {
        if beside {
            let content = self.captured(|w| w.held(read));
            self.margin.push(content);
        } else {
            read(self);
        }
    }

    /// A div: a numbered box, margin content, the place of the reference list, a section, or just a div.
    fn div(&mut self, attr: &'a Attr, content: &'a [Block], span: Span) {
        if let Some(class) = self.options.box_of(attr) {
            return self.unless_hidden(attr, |w| w.numbered_box(attr, content, span, class));
        }
        if attr.id() == "refs" {
            if self.wants_references() {
                self.references();
            }
            return;
        }
        if in_margin(attr) && !is_listing(&self.chapter.meta, attr) {
            return self.beside_or_here(true, |w| {
                w.unless_hidden(attr, |w| w.in_lines(|w| w.blocks(content)));
            });
        }
        // The listing replaces what the author has there.
        if is_listing(&self.chapter.meta, attr) {
            return;
        }
        let is_column = ["column", "columns"].iter().any(|class| attr.has_class(class));
        if let Some((Block { kind: BlockKind::Header(header), span: heading }, rest)) = content.split_first() {
            let is_section = !is_column && !rest.iter().any(|block| ends_section(block, header.level));
            let is_automatic = header.attr.id.as_ref().is_none_or(|id| id.automatic);
            if is_section && (attr.id().is_empty() || is_automatic || attr.id() == header.attr.id()) {
                let is_hidden = self.open_section(header, Some(attr));
                self.heading(header, *heading);
                self.sections(rest, false);
                return self.close_section(is_hidden);
            }
        }
        self.unless_hidden(attr, |w| w.in_lines(|w| w.sections(content, false)));
    }

    fn numbered_box(&mut self, attr: &'a Attr, content: &'a [Block], span: Span, class: usize) {
        let number = self.links.numbers.get(&span.start).map(|number| number.label.as_str());
        let of_class = || self.options.boxes.get(class).map_or("", |class| &class.label).to_owned();
        let label = number.or(attr.get("label")).map_or_else(of_class, str::to_owned);
        self.line();
        self.text(label);
        self.hold += 1;
        let content = match (attr.get("title"), content.split_first()) {
            (Some(title), _) => {
                self.text(": ");
                self.text(title);
                content
            }
            (None, Some((Block { kind: BlockKind::Header(header), .. }, rest))) => {
                self.text(": ");
                self.inlines(&header.content);
                rest
            }
            (None, _) => content,
        };
        self.line();
        self.blocks(content);
        self.hold -= 1;
        self.line();
    }

    fn callout(&mut self, callout: &'a Callout, span: Span) {
        let attr = &callout.attr;
        let word = self.words.get(&format!("callout-{}-title", callout.kind.name()));
        let number = self.links.numbers.get(&span.start).filter(|_| !attr.id().is_empty() && !self.options.plain);
        let appearance = attr.get("appearance").unwrap_or(&self.options.callout_appearance);
        let is_simple = matches!(appearance, "simple" | "minimal") && !self.options.plain;
        self.line();
        self.hold += 1;
        match (number, &callout.title) {
            (Some(number), title) => {
                self.text(number.label.as_str());
                if let Some(title) = title {
                    self.text(self.links.title_delim.as_str());
                    self.inlines(title);
                }
            }
            (None, Some(title)) => {
                match self.purpose {
                    // The kind is for those who do not see the colour; before the title it would be a part of its first word.
                    Purpose::Search => {}
                    Purpose::SearchJson if self.options.plain => {}
                    Purpose::SearchJson => self.text(word),
                    Purpose::Document => self.text(format!("{word}: ")),
                }
                self.inlines(title);
            }
            (None, None) if is_simple && attr.get("collapse").is_none() => {}
            (None, None) => self.text(word),
        }
        self.line();
        self.sections(&callout.content, false);
        self.line();
        self.hold -= 1;
    }

    fn theorem(&mut self, theorem: &'a Theorem, span: Span) {
        let label = self.label(span).replace('\u{a0}', " ");
        self.line();
        self.text(label);
        if let Some(title) = &theorem.title {
            self.text(" (");
            self.inlines(title);
            self.text(")");
        }
        self.text(" ");
        self.titled_blocks(&theorem.content);
    }

    fn proof(&mut self, proof: &'a Proof, span: Span) {
        let number = proof.label.as_ref().and_then(|_| self.links.numbers.get(&span.start));
        let word = match proof.kind.as_str() {
            "rem" => "environment-remark-title",
            "sol" => "environment-solution-title",
            _ => "environment-proof-title",
        };
        let label = number.map_or_else(|| self.words.get(word), |number| number.label.replace('\u{a0}', " "));
        self.line();
        self.text(label);
        if let Some(title) = &proof.title {
            self.text(" (");
            self.inlines(title);
            self.text(")");
        }
        self.text(". ");
        self.titled_blocks(&proof.content);
    }

    /// Blocks whose first paragraph is on the line of their title.
    fn titled_blocks(&mut self, content: &'a [Block]) {
        let mut rest = content;
        if let Some((Block { kind: BlockKind::Para(text) | BlockKind::Plain(text), .. }, after)) = content.split_first() {
            self.inlines(text);
            rest = after;
        }
        self.line();
        self.sections(rest, false);
        self.line();
    }

    fn bullet_list(&mut self, items: &'a [ListItem]) {
        for item in items {
            let mark = match item.task {
                Some(true) => "[x] ",
                Some(false) => "[ ] ",
                None => "• ",
            };
            self.item(item, mark.to_owned());
        }
    }

    fn ordered_list(&mut self, list: &'a OrderedList) {
        for (number, item) in (list.start..).zip(&list.items) {
            self.item(item, item_mark(list.style, number));
        }
    }

    /// An item; a document has its mark.
    fn item(&mut self, item: &'a ListItem, mark: String) {
        self.line();
        match self.purpose {
            Purpose::Search | Purpose::SearchJson => {}
            Purpose::Document => self.events.push(Event::Mark(mark)),
        }
        self.held(|w| w.blocks(&item.content));
        self.line();
    }

    fn definition_list(&mut self, items: &'a [DefinitionItem]) {
        for item in items {
            self.in_lines(|w| w.held(|w| w.inlines(&item.term)));
            for definition in &item.definitions {
                self.in_lines(|w| w.held(|w| w.blocks(definition)));
            }
        }
    }

    pub(super) fn table(&mut self, table: &'a Table) {
        self.unless_hidden(&table.attr, |w| {
            w.line();
            w.hold += 1;
            if let Some(caption) = &table.caption {
                w.inlines(&caption.content);
                w.line();
            }
            w.rows(&table.head);
            for body in &table.bodies {
                w.unless_hidden(&body.attr, |w| {
                    w.rows(&body.head);
                    w.rows(&body.rows);
                });
            }
            w.rows(&table.foot);
            w.hold -= 1;
        });
    }

    /// Rows: a line for each cell, in a document for each row.
    fn rows(&mut self, rows: &'a [Row]) {
        for row in rows {
            self.unless_hidden(&row.attr, |w| {
                for (at, cell) in row.cells.iter().enumerate() {
                    match w.purpose {
                        Purpose::Search | Purpose::SearchJson => w.line(),
                        Purpose::Document if at > 0 => w.text(" | "),
                        Purpose::Document => w.line(),
                    }
                    w.unless_hidden(&cell.attr, |w| w.table_cell(cell));
                }
                w.line();
            });
        }
    }

    fn table_cell(&mut self, cell: &'a TableCell) {
        match cell.content.as_slice() {
            [Block { kind: BlockKind::Plain(text), .. }] => self.inlines(text),
            [Block { kind: BlockKind::Para(text), .. }] if self.purpose == Purpose::Document => self.inlines(text),
            content => self.blocks(content),
        }
    }

    fn tabset(&mut self, tabset: &'a Tabset) {
        self.hold += 1;
        // The panes come first, as their notes do on the page.
        let panes: Vec<_> = tabset.tabs.iter().map(|tab| self.captured(|w| w.sections(&tab.content, false))).collect();
        let titles: Vec<_> =
            tabset.tabs.iter().map(|tab| self.captured(|w| w.flattened(|w| w.inlines(&tab.title)))).collect();
        self.hold -= 1;
        match self.purpose {
            Purpose::Search | Purpose::SearchJson => {
                titles.into_iter().for_each(|title| self.in_lines(|w| w.events.extend(title)));
                for (pane, tab) in panes.into_iter().zip(&tabset.tabs) {
                    self.unless_hidden(&tab.attr, |w| w.in_lines(|w| w.events.extend(pane)));
                }
            }
            Purpose::Document => {
                for ((title, pane), tab) in titles.into_iter().zip(panes).zip(&tabset.tabs) {
                    self.in_lines(|w| w.events.extend(title));
                    self.unless_hidden(&tab.attr, |w| w.in_lines(|w| w.events.extend(pane)));
                }
            }
        }
    }

    fn algorithm(&mut self, algorithm: &'a Algorithm, span: Span) {
        let is = |key: &str, default: bool| algorithm.option(key).map_or(default, |value| value != "false");
        let (is_numbered, no_end) = (is("html-line-number", true), is("html-no-end", false));
        let after_number = algorithm.option("html-line-number-punc").unwrap_or(":");
        let delimiter = algorithm.option("html-comment-delimiter").unwrap_or("//");
        let number = self.label(span);
        self.hold += 1;
        if algorithm.caption.is_some() || algorithm.label.is_some() {
            self.line();
            let (first, rest) = number.split_at(number.chars().next().map_or(0, char::len_utf8));
            self.text(first.to_uppercase() + rest);
            if let Some(caption) = &algorithm.caption {
                self.text(" ");
                self.inlines(&caption.content);
            }
        }
        let mut count = 0;
        for line in &algorithm.lines {
            let has_number = match line.kind {
                AlgorithmLineKind::End if no_end => continue,
                AlgorithmLineKind::Statement | AlgorithmLineKind::End => is_numbered,
                AlgorithmLineKind::Condition | AlgorithmLineKind::Unnumbered => false,
            };
            self.line();
            if has_number {
                count += 1;
                self.text(format!("{count}{after_number} "));
            }
            self.inlines(&line.content);
            if let Some(comment) = &line.comment {
                self.text(format!(" {delimiter} "));
                self.inlines(comment);
            }
        }
        self.line();
        self.hold -= 1;
    }

    fn code_block(&mut self, block: &'a CodeBlock, span: Span) {
        let alt = block.attr.get("fig-alt").or_else(|| block.attr.get("alt"));
        if self.diagram(span, alt, &block.text) {
            return;
        }
        match block.language().filter(|language| language.starts_with('{') && language.ends_with('}')) {
            // Doubled braces show how a cell is written.
            Some(language) => self.code(format!("```{language}\n{}\n```", block.text)),
            None => self.listing(&block.attr, block.text.as_str()),
        }
    }

    /// Code in lines of its own.
    pub(super) fn code(&mut self, text: impl Into<std::borrow::Cow<'a, str>>) {
        self.line();
        self.events.push(Event::Code(text.into()));
        self.line();
    }

    /// Code with its file's name and the title of its fold.
    fn listing(&mut self, attr: &'a Attr, text: impl Into<std::borrow::Cow<'a, str>>) {
        if matches!(attr.get("code-fold"), Some("true" | "show")) {
            let summary = attr.get("code-summary").map_or_else(|| self.words.get("code-summary"), str::to_owned);
            self.in_lines(|w| w.text(summary));
        }
        self.unless_hidden(attr, |w| {
            if let Some(name) = attr.get("filename") {
                w.in_lines(|w| w.text(name));
            }
            w.code(text);
        });
    }

    /// Annotated code and the list of its notes. True if the blocks begin with such a pair.
    fn annotated_code(&mut self, blocks: &'a [Block]) -> bool {
        let [Block { kind: BlockKind::CodeBlock(block), .. }, Block { kind: BlockKind::OrderedList(list), .. }, ..] =
            blocks
        else {
            return false;
        };
        let has_notes = match self.options.code_annotations {
            CodeAnnotations::Off => return false,
            CodeAnnotations::None => false,
            CodeAnnotations::Below | CodeAnnotations::Hover | CodeAnnotations::Select => true,
        };
        let Some(annotated) = Annotated::new(&block.text) else { return false };
        if !has_notes {
            self.listing(&block.attr, annotated.text);
            return true;
        }
        let marked = match self.purpose {
            // A mark would become a part of the line's first word.
            Purpose::Search => annotated.text,
            Purpose::SearchJson | Purpose::Document => annotated.marked(),
        };
        self.listing(&block.attr, marked);
        for (number, item) in (list.start..).zip(&list.items) {
            self.in_lines(|w| w.text(number.to_string()));
            self.held(|w| item.content.iter().for_each(|block| w.note_of_code(block)));
        }
        self.line();
        true
    }

    fn note_of_code(&mut self, block: &'a Block) {
        if let BlockKind::Plain(text) | BlockKind::Para(text) = &block.kind {
            self.in_lines(|w| w.inlines(text));
        } else {
            self.block(block);
        }
    }

    /// A caption: the number with its word, and the text.
    pub(super) fn caption(&mut self, label: &'a str, delim: &'a str, text: &'a [Inline]) {
        self.line();
        self.text(label);
        if !label.is_empty() && !text.is_empty() {
            self.text(delim);
        }
        self.inlines(text);
        self.line();
    }
}

/// True if a block is a heading that ends a section of a level.
fn ends_section(block: &Block, level: u8) -> bool {
    matches!(&block.kind, BlockKind::Header(header) if header.level <= level)
}

/// The mark of a numbered item.
fn item_mark(style: ListNumberStyle, number: u32) -> String {
    let letter = |first: u8| {
        let at = u8::try_from((number.max(1) - 1) % 26).unwrap_or(0);
        format!("{}. ", char::from(first + at))
    };
    match style {
        ListNumberStyle::Default | ListNumberStyle::Decimal => format!("{number}. "),
        ListNumberStyle::Example => format!("({number}) "),
        ListNumberStyle::LowerAlpha => letter(b'a'),
        ListNumberStyle::UpperAlpha => letter(b'A'),
        ListNumberStyle::LowerRoman => format!("{}. ", roman(number).to_lowercase()),
        ListNumberStyle::UpperRoman => format!("{}. ", roman(number)),
    }
}

/// A number in Roman digits; large ones in Arabic digits.
fn roman(number: u32) -> String {
    const DIGITS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, digit) in DIGITS {
        while rest >= value {
            out.push_str(digit);
            rest -= value;
        }
    }
    out
}
