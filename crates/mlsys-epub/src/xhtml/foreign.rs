//! SVG and MathML within a page.

use super::attributes::{attribute, is_language};
use super::css::declarations;
use super::rules::{Model, is_mathml, is_svg, is_token};
use super::serializer::{Place, Serializer, Step};
use super::tree::{Element, NodeId, Space, Tree};

/// The namespaces of links in SVG, as the parser names them.
const XLINK: &str = "http://www.w3.org/1999/xlink";

/// Writes an element of SVG or MathML; its content comes next.
pub(super) fn element(out: &mut Serializer<'_>, id: NodeId, element: &Element, place: Place) {
    match element.space {
        Space::Svg if &*element.name == "svg" => {
            out.out.has_svg = true;
            start(out, element, "svg");
            attribute(&mut out.out.content, "xmlns", "http://www.w3.org/2000/svg");
            attribute(&mut out.out.content, "xmlns:xlink", XLINK);
            end(out, id, "svg", place);
        }
        Space::MathMl if &*element.name == "math" => {
            out.out.has_mathml = true;
            start(out, element, "math");
            attribute(&mut out.out.content, "xmlns", "http://www.w3.org/1998/Math/MathML");
            if element.get("alttext").is_none_or(str::is_empty) {
                let text = out.tree.text(id);
                let text: Vec<&str> = text.split_whitespace().collect();
                attribute(&mut out.out.content, "alttext", &text.join(" "));
            }
            end(out, id, "math", place);
        }
        // Outside of their roots these have no meaning; the parser does not make such trees.
        Space::Svg | Space::MathMl | Space::Html => {}
    }
}

fn start(out: &mut Serializer<'_>, element: &Element, name: &str) {
    out.out.content.push('<');
    out.out.content.push_str(name);
    out.id(element.get("id"));
    for attr in &element.attributes {
        let key = &*attr.name.local;
        let value = &*attr.value;
        if &*attr.name.ns == XLINK {
            if key == "href" {
                href(out, element, value);
            }
            continue;
        }
        let is_plain = attr.name.ns.is_empty() && is_name(key);
        let is_script = key.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
        if !is_plain || is_script || key.starts_with("data-") {
            continue;
        }
        match key {
            "id" | "xmlns" | "role" | "tabindex" | "focusable" | "target" | "lang" => {}
            "href" => href(out, element, value),
            "style" => {
                let style = declarations(value);
                if !style.is_empty() {
                    attribute(&mut out.out.content, "style", &style);
                }
            }
            "aria-label" | "aria-hidden" => attribute(&mut out.out.content, key, value),
            key if key.starts_with("aria-") => {}
            // Colours and masks of the drawing itself.
            _ if value.contains("url(") && !value.trim().trim_matches(['"', '\'']).starts_with("url(#") => {}
            key => attribute(&mut out.out.content, key, value),
        }
    }
    if element.space == Space::Svg && name == "svg" && element.get("role") == Some("img") {
        attribute(&mut out.out.content, "role", "img");
    }
    if let Some(language) = element.get("lang").filter(|language| is_language(language)) {
        attribute(&mut out.out.content, "xml:lang", language);
    }
}

/// A link or the source of an image. Only what the package holds is shown.
fn href(out: &mut Serializer<'_>, element: &Element, value: &str) {
    match &*element.name {
        "image" => {
            if let Some(url) = out.image_url(value) {
                attribute(&mut out.out.content, "xlink:href", &url);
            }
        }
        "a" => out.href("xlink:href", value),
        _ if value.starts_with('#') => out.href("xlink:href", value),
        _ => {}
    }
}

fn end(out: &mut Serializer<'_>, id: NodeId, name: &str, place: Place) {
    out.out.content.push('>');
    out.steps.push(Step::Close(name.to_owned().into()));
    children(out, id, place);
}

/// Queues the content. Elements of other vocabularies are unwrapped, unknown ones are left out.
fn children(out: &mut Serializer<'_>, id: NodeId, place: Place) {
    let inside = out.inside(place, Model::Transparent);
    for child in out.tree.nodes[id].children.iter().rev() {
        out.steps.push(Step::Foreign(*child, inside));
    }
}

/// Writes a node within SVG or MathML.
pub(super) fn node(out: &mut Serializer<'_>, id: NodeId, place: Place) {
    let Some(element) = out.tree.element(id) else {
        // In formulas only tokens have text.
        let parent = out.tree.parent(id).and_then(|parent| out.tree.element(parent));
        let is_lost = parent.is_some_and(|parent| parent.space == Space::MathMl && !is_token(&parent.name));
        if !is_lost {
            out.foreign_text(id);
        }
        return;
    };
    let name = &*element.name;
    match element.space {
        Space::Html if matches!(name, "script" | "style" | "template") => {}
        Space::Html => children(out, id, place),
        Space::Svg if name == "image" && !has_image(out, element) => {}
        Space::Svg if is_svg(name) => {
            start(out, element, name);
            end(out, id, name, place);
        }
        Space::MathMl if is_mathml(name) => {
            let name = math_name(out.tree, id, name);
            start(out, element, name);
            end(out, id, name, place);
        }
        Space::Svg | Space::MathMl => {}
    }
}

/// The name under which an element of MathML is written: its own, or `mrow` where the schema allows it neither its place nor its number
/// of children. Source: MathML 3.0, 3.1.3, "Required arguments".
fn math_name<'n>(tree: &Tree, id: NodeId, name: &'n str) -> &'n str {
    let children = tree.nodes[id].children.iter().filter_map(|child| tree.element(*child));
    let children: Vec<&str> = children.filter(|child| is_mathml(&child.name)).map(|child| &*child.name).collect();
    let parent = tree.parent(id).and_then(|parent| tree.element(parent)).map_or("", |parent| &*parent.name);
    let is_right = match name {
        "mfrac" | "mroot" | "msub" | "msup" | "munder" | "mover" => children.len() == 2,
        "msubsup" | "munderover" => children.len() == 3,
        "mmultiscripts" => !children.is_empty() && is_scripts(&children[1..]),
        "mtable" => children.iter().all(|child| matches!(*child, "mtr" | "mlabeledtr")),
        "mtr" => parent == "mtable" && children.iter().all(|child| *child == "mtd"),
        "mlabeledtr" => parent == "mtable" && !children.is_empty() && children.iter().all(|child| *child == "mtd"),
        "mtd" => matches!(parent, "mtr" | "mlabeledtr"),
        "none" | "mprescripts" => parent == "mmultiscripts",
        "annotation" => parent == "semantics",
        "semantics" => {
            children.first().is_some_and(|child| *child != "annotation")
                && children[1..].iter().all(|child| *child == "annotation")
        }
        "maction" => !children.is_empty(),
        _ => true,
    };
    if is_right { name } else { "mrow" }
}

/// True if the scripts after a base come in pairs, with those before the base after one `mprescripts`.
fn is_scripts(children: &[&str]) -> bool {
    let mut groups = children.split(|child| *child == "mprescripts");
    let are_pairs = groups.by_ref().take(2).all(|group| group.len().is_multiple_of(2));
    are_pairs && groups.next().is_none()
}

fn has_image(out: &mut Serializer<'_>, element: &Element) -> bool {
    let href = element.attributes.iter().find(|attr| &*attr.name.local == "href").map(|attr| attr.value.to_string());
    href.is_some_and(|href| out.image_url(&href).is_some())
}

/// True for names of attributes that XML accepts.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}
