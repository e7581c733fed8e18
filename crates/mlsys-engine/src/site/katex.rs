//! KaTeX's embedded style sheet and fonts, for sites with formulas.

use crate::files::{Content, Files};
use crate::site::embedded::{ASSETS, EmbeddedThemes};
use mlsys_render::fingerprinted;

/// KaTeX 0.18.5, the version whose markup `katex-rs` writes. The style sheet uses WOFF2 fonts only: every browser that supports
/// module scripts supports WOFF2.
const KATEX: &str = "katex/";

/// Adds the style sheet and its fonts to the site, and returns the style sheet's path. Browsers load a font only if a formula
/// uses it.
pub fn add(files: &mut Files) -> String {
    let sheet = EmbeddedThemes::get(&format!("{KATEX}katex.css"));
    let mut css = sheet.map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
    for path in EmbeddedThemes::iter().filter(|path| path.ends_with(".woff2")) {
        let (Some(name), Some(font)) = (path.strip_prefix(KATEX), EmbeddedThemes::get(&path)) else { continue };
        let file = fingerprinted(name, &font.data);
        css = css.replace(&format!("url({name})"), &format!("url({file})"));
        files.insert(format!("{ASSETS}/{file}"), Content::Bytes(font.data.into()));
    }
    let path = format!("{ASSETS}/{}", fingerprinted("katex.css", css.as_bytes()));
    files.insert(path.clone(), Content::Bytes(css.into_bytes().into()));
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_in_the_style_sheet_has_a_file() {
        let mut files = Files::new();
        let path = add(&mut files);
        let Some(Content::Bytes(css)) = files.get(&path) else { panic!("no style sheet") };
        let css = String::from_utf8_lossy(css);
        let fonts: Vec<&str> = css.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert_eq!(fonts.len(), 20);
        assert!(fonts.iter().all(|font| files.contains_key(&format!("{ASSETS}/{font}"))));
    }
}
