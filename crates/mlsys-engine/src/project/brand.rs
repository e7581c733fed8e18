//! Brands: of the project, and of pages with one of their own. Source: Quarto, "Brand"; brand.yml.

use crate::project::pages::PageReader;
use crate::project::vfs::folder_of;
use crate::url::has_scheme;
use mlsys_book::{
    BarLogo, Entry, Logo, Project, Value, ValueKind, brand_bar_logo, brand_logo, brand_of_mode, clean_path, name,
};

/// The names of a brand's file, which needs no configuration.
const FILES: [&str; 2] = ["_brand.yml", "_brand.yaml"];

impl PageReader<'_> {
    /// The brand of a value of `brand`: a file, a brand, or one of them for each mode; without a value `_brand.yml`. The paths in
    /// it become relative to the project's folder.
    pub fn brand(&mut self, configured: Option<&Value>, files: &[String]) -> Option<Value> {
        let Some(value) = configured else {
            let path = FILES.iter().find(|name| files.iter().any(|file| file == *name))?;
            return Some(rooted(self.value_of(path)?, ""));
        };
        if value.as_bool() == Some(false) {
            return None;
        }
        if value.value(name!("brand", "light")).or_else(|| value.value(name!("brand", "dark"))).is_none() {
            return self.brand_of_value(value);
        }
        let modes = ["light", "dark"].into_iter().filter_map(|mode| {
            let value = self.brand_of_value(value.get(mode)?)?;
            Some(Entry { key: mode.to_owned(), key_place: value.place, value })
        });
        Some(Value { place: value.place, kind: ValueKind::Map(modes.collect()) })
    }

    fn brand_of_value(&mut self, value: &Value) -> Option<Value> {
        if let Some(name) = value.as_str() {
            let (path, brand) = self.named_value(name, value.place)?;
            return Some(rooted(brand, folder_of(&path)));
        }
        (!value.entries().is_empty()).then(|| rooted(value.clone(), self.sources.base(value.place)))
    }
}

/// Makes the paths of a brand's logos and fonts relative to the project's folder; in its file they are relative to that file's
/// `folder`.
fn rooted(mut brand: Value, folder: &str) -> Value {
    let images: Vec<String> = brand
        .value(name!("brand", "logo.images"))
        .map_or(&[][..], Value::entries)
        .iter()
        .map(|image| image.key.clone())
        .collect();
    if let Some(logo) = child(&mut brand, "logo") {
        root_paths(logo, folder, &images, "alt");
    }
    if let Some(fonts) = child(&mut brand, "typography").and_then(|typography| child(typography, "fonts"))
        && let ValueKind::Seq(fonts) = &mut fonts.kind
    {
        for files in fonts.iter_mut().filter_map(|font| child(font, "files")) {
            root_font_files(files, folder);
        }
    }
    brand
}

/// The value of a key of a map.
fn child<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    if let ValueKind::Map(entries) = &mut value.kind {
        return entries.iter_mut().find(|entry| entry.key == key).map(|entry| &mut entry.value);
    }
    None
}

fn root_font_files(files: &mut Value, folder: &str) {
    if let ValueKind::Seq(files) = &mut files.kind {
        for file in files {
            match child(file, "path") {
                Some(path) => root_paths(path, folder, &[], ""),
                None => root_paths(file, folder, &[], ""),
            }
        }
    } else {
        root_paths(files, folder, &[], "");
    }
}

/// Roots every path in a value, except names in `names` and values of the key `other`.
fn root_paths(value: &mut Value, folder: &str, names: &[String], other: &str) {
    let mut paths = vec![value];
    while let Some(value) = paths.pop() {
        match &mut value.kind {
            ValueKind::Map(entries) => {
                paths.extend(entries.iter_mut().filter(|entry| entry.key != other).map(|entry| &mut entry.value));
            }
            ValueKind::String(path) if !names.contains(path) && !path.starts_with('/') && !has_scheme(path) => {
                *path = format!("/{}", clean_path(&format!("{folder}/{path}")));
            }
            ValueKind::Null
            | ValueKind::Bool(_)
            | ValueKind::Int(_)
            | ValueKind::Float(..)
            | ValueKind::String(_)
            | ValueKind::Seq(_) => {}
        }
    }
}

/// Fills in the logos and the icon of a site from its brand: bars without `logo`, and logos that name images of the brand.
pub(super) fn apply_to_site(project: &mut Project, brand: &Value) {
    let site = &mut project.site;
    let raw = |path: &str| site.raw.as_ref().and_then(|raw| raw.path(path));
    let is_off = |value: Option<&Value>| value.is_some_and(|value| value.as_bool() == Some(false));
    let navbar_off = is_off(raw("navbar.logo"));
    let bars: Vec<bool> = raw("sidebar")
        .map_or(&[][..], Value::items)
        .iter()
        .map(|bar| is_off(bar.value(name!("brand", "logo"))))
        .collect();
    if let Some(navbar) = site.navbar.as_mut().filter(|_| !navbar_off) {
        fill(&mut navbar.logo, brand, &["small", "medium", "large"]);
    }
    for (at, bar) in site.sidebars.iter_mut().enumerate() {
        if !bars.get(at).copied().unwrap_or(false) {
            fill(&mut bar.logo, brand, &["medium", "small", "large"]);
        }
    }
    if site.favicon.is_none() {
        site.favicon = brand_logo(brand, "small", "light").map(|logo| local(&logo.path));
    }
}

/// Replaces the brand's names in a logo; without a logo the first of the brand's sizes is it.
fn fill(logo: &mut Option<BarLogo>, brand: &Value, sizes: &[&str]) {
    let named = |name: &str, mode: &str| {
        let is_name = !name.contains(['.', '/'])
            || brand_of_mode(brand, mode).value(name!("brand", "logo.images")).is_some_and(|i| i.get(name).is_some());
        brand_logo(brand, name, mode).filter(|_| is_name)
    };
    let filled = match logo.as_ref() {
        None => brand_bar_logo(brand, sizes),
        Some(BarLogo { light, dark: None }) => {
            let of = |mode: &str| named(&light.path, mode).map(|logo| with_alt(logo, light));
            BarLogo::new(of("light"), of("dark")).or_else(|| logo.clone())
        }
        Some(BarLogo { light, dark: Some(dark) }) => {
            let of =
                |own: &Logo, mode: &str| named(&own.path, mode).map_or_else(|| own.clone(), |logo| with_alt(logo, own));
            BarLogo::new(Some(of(light, "light")), Some(of(dark, "dark")))
        }
    };
    *logo = filled;
    for one in logo.iter_mut().flat_map(BarLogo::logos_mut) {
        one.path = local(&one.path);
    }
}

/// The brand's logo with the alternative text of the configuration, if it has one.
fn with_alt(logo: Logo, own: &Logo) -> Logo {
    match own.alt.is_empty() {
        true => logo,
        false => Logo { alt: own.alt.clone(), ..logo },
    }
}

/// A file relative to the project's folder; other URLs stay as they are.
fn local(path: &str) -> String {
    if has_scheme(path) { path.to_owned() } else { clean_path(path) }
}

/// The font files of a brand, relative to the project's folder.
pub fn font_files(brand: &Value) -> Vec<String> {
    let brands = ["light", "dark"].map(|mode| brand_of_mode(brand, mode));
    let fonts = brands.iter().flat_map(|brand| brand.list(name!("brand", "typography.fonts")));
    let files = fonts.flat_map(|font| font.get("files").map_or(&[][..], Value::items));
    let mut paths: Vec<String> =
        files.filter_map(|file| file.get("path").unwrap_or(file).to_text()).map(|path| local(&path)).collect();
    paths.sort();
    paths.dedup();
    paths
}
