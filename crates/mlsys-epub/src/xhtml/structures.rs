//! Elements whose children have an order: lists of terms, figures, details, tables.

use super::rules::Model;
use super::serializer::{Place, Serializer, Step};
use super::tree::{Element, NodeId};

impl Serializer<'_> {
    /// A list of terms: every group has a term and a description.
    pub fn definitions(&mut self, id: NodeId, element: &Element, inside: Place) {
        let mut children = Vec::new();
        let mut stack: Vec<NodeId> = self.children(id).into_iter().rev().collect();
        while let Some(child) = stack.pop() {
            // A `div` may hold a group.
            if self.is(child, "div") {
                stack.extend(self.children(child).into_iter().rev())
            } else {
                children.push(child)
            }
        }
        if children.is_empty() {
            return;
        }
        self.start(element, "dl", "");
        let flow = Place { model: Model::Flow, ..inside };
        let mut steps = Vec::new();
        let mut last = "";
        for child in children {
            let name = if self.is(child, "dt") { "dt" } else { "dd" };
            if name == "dd" && last.is_empty() {
                steps.push(Step::Text("<dt></dt>".to_owned()));
            }
            last = name;
            let is_own = self.is(child, name);
            steps.push(match self.tree.element(child).filter(|_| is_own) {
                Some(part) => Step::Text(self.start_of(part, name)),
                None => Step::Text("<dd>".to_owned()),
            });
            let place = Place { is_plain: name == "dt", ..flow };
            if is_own {
                steps.extend(self.tree.nodes[child].children.iter().map(|node| Step::Node(*node, place)));
            } else {
                steps.push(Step::Node(child, place));
            }
            steps.push(Step::Close(name.into()));
        }
        if last == "dt" {
            steps.push(Step::Text("<dd></dd>".to_owned()));
        }
        self.steps.push(Step::Close("dl".into()));
        self.steps.extend(steps.into_iter().rev());
    }

    /// The start tag of an element that is written later.
    fn start_of(&mut self, element: &Element, name: &str) -> String {
        let end = self.out.content.len();
        self.start(element, name, "");
        self.out.content.split_off(end)
    }

    /// A figure. Its caption is its first or its last child; others are blocks.
    pub fn figure(&mut self, id: NodeId, element: &Element, inside: Place) {
        let children = self.children(id);
        let is_end = |child: &&NodeId| self.is(**child, "figcaption");
        let caption = children.first().filter(is_end).or_else(|| children.last().filter(is_end)).copied();
        self.start(element, "figure", "");
        self.steps.push(Step::Close("figure".into()));
        let flow = Place { model: Model::Flow, ..inside };
        for child in children.into_iter().rev() {
            match self.tree.element(child).filter(|_| caption == Some(child)) {
                Some(part) => {
                    let start = self.start_of(part, "figcaption");
                    self.part(child, start, "figcaption", flow);
                }
                None => self.steps.push(Step::Node(child, flow)),
            }
        }
    }

    /// Queues an element whose start tag is written.
    fn part(&mut self, id: NodeId, start: String, name: &'static str, inside: Place) {
        self.steps.push(Step::Close(name.into()));
        self.push_children(id, inside);
        self.steps.push(Step::Text(start));
    }

    /// Details that are open, with their summary first.
    pub fn details(&mut self, id: NodeId, element: &Element, inside: Place) {
        let mut children = self.children(id);
        let summary = children.iter().position(|child| self.is(*child, "summary")).map(|at| children.remove(at));
        self.start(element, "details", "");
        self.steps.push(Step::Close("details".into()));
        let flow = Place { model: Model::Flow, ..inside };
        self.steps.extend(children.into_iter().rev().map(|child| Step::Node(child, flow)));
        let summary = summary.and_then(|summary| Some((summary, self.tree.element(summary)?)));
        match summary {
            Some((summary, part)) => {
                let start = self.start_of(part, "summary");
                self.part(summary, start, "summary", Place { model: Model::Phrasing, ..inside });
            }
            None => self.steps.push(Step::Text("<summary>…</summary>".to_owned())),
        }
    }

    /// A table: its caption, its columns, its groups of rows in their order.
    pub fn table(&mut self, id: NodeId, element: &Element, inside: Place) {
        let children = self.children(id);
        let named =
            |name: &str| -> Vec<NodeId> { children.iter().copied().filter(|child| self.is(*child, name)).collect() };
        let mut heads = named("thead").into_iter();
        let mut feet = named("tfoot").into_iter();
        let (head, foot) = (heads.next(), feet.next());
        let is_body = |child: &NodeId| self.is(*child, "tbody") || self.is(*child, "tr");
        let bodies = children.iter().copied().filter(is_body);
        let groups: Vec<(NodeId, &'static str)> = head
            .map(|head| (head, "thead"))
            .into_iter()
            .chain(heads.chain(bodies).chain(feet).map(|body| (body, "tbody")))
            .chain(foot.map(|foot| (foot, "tfoot")))
            .filter(|(group, _)| !self.rows(*group).is_empty())
            .collect();
        let captions = named("caption");
        let columns = named("colgroup");
        if groups.is_empty() {
            let flow = Place { model: Model::Flow, ..inside };
            return captions.into_iter().rev().for_each(|caption| self.steps.push(Step::Node(caption, flow)));
        }
        self.start(element, "table", "");
        self.steps.push(Step::Close("table".into()));
        for (group, name) in groups.into_iter().rev() {
            self.steps.push(Step::Close(name.into()));
            for row in self.rows(group).into_iter().rev() {
                self.row(row, inside);
            }
            let part = self.tree.element(group).filter(|part| &*part.name != "tr");
            let start = part.map_or_else(|| format!("<{name}>"), |part| self.start_of(part, name));
            self.steps.push(Step::Text(start));
        }
        for columns in columns.into_iter().rev() {
            self.columns(columns);
        }
        if let Some(part) = captions.first().and_then(|first| self.tree.element(*first)) {
            let flow = Place { model: Model::Flow, in_caption: true, ..inside };
            let start = self.start_of(part, "caption");
            self.steps.push(Step::Close("caption".into()));
            for caption in captions.iter().rev() {
                self.push_children(*caption, flow);
            }
            self.steps.push(Step::Text(start));
        }
    }

    /// The rows of a group that have cells. A row outside of groups is one.
    fn rows(&self, group: NodeId) -> Vec<NodeId> {
        let rows = if self.is(group, "tr") { vec![group] } else { self.children(group) };
        rows.into_iter().filter(|row| self.is(*row, "tr") && !self.cells(*row).is_empty()).collect()
    }

    fn cells(&self, row: NodeId) -> Vec<NodeId> {
        self.children(row).into_iter().filter(|cell| self.is(*cell, "td") || self.is(*cell, "th")).collect()
    }

    fn row(&mut self, row: NodeId, inside: Place) {
        let Some(element) = self.tree.element(row) else { return };
        self.steps.push(Step::Close("tr".into()));
        for cell in self.cells(row).into_iter().rev() {
            let Some(part) = self.tree.element(cell) else { continue };
            let name = if self.is(cell, "th") { "th" } else { "td" };
            let start = self.start_of(part, name);
            let place =
                Place { model: Model::Flow, is_plain: inside.is_plain || name == "th", in_caption: false, ..inside };
            self.part(cell, start, name, place);
        }
        let start = self.start_of(element, "tr");
        self.steps.push(Step::Text(start));
    }

    fn columns(&mut self, group: NodeId) {
        let Some(element) = self.tree.element(group) else { return };
        let mut text = self.start_of(element, "colgroup");
        for column in self.children(group) {
            if let Some(part) = self.tree.element(column).filter(|part| &*part.name == "col") {
                let start = self.start_of(part, "col");
                text.push_str(start.trim_end_matches('>'));
                text.push_str("/>");
            }
        }
        self.steps.push(Step::Text(text + "</colgroup>"));
    }
}
