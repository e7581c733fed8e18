//! The options of a brand: `_brand.yml` and `brand:`.

use super::row::*;

#[rustfmt::skip]
pub(super) const SECTIONS: &[OptionSection] = &[
    open("brand", &[Brand, Page], BRAND, "Brand", "The values of `_brand.yml`, or of `brand:`."),
    open("brand.color", &[Brand], BRAND_COLOR, "Colours of a Brand", "The values of `color:`: CSS colours or names of other colours."),
    open("brand.typography", &[Brand], TYPOGRAPHY, "Fonts of a Brand", "The values of `typography:`."),
    open("brand.base", &[Brand], BASE, "Font of Text", "The values of `typography: base:`."),
    open("brand.headings", &[Brand], HEADINGS, "Font of Headings", "The values of `typography: headings:`."),
    open("brand.monospace", &[Brand], MONOSPACE, "Font of Code", "The values of `typography: monospace:`."),
    open("brand.monospace-inline", &[Brand], MONOSPACE, "Font of Code in Text", "The values of `typography: monospace-inline:`."),
    open("brand.monospace-block", &[Brand], MONOSPACE_BLOCK, "Font of Code Blocks", "The values of `typography: monospace-block:`."),
    open("brand.link", &[Brand], LINK, "Links of a Brand", "The values of `typography: link:`."),
    open("brand.logo", &[Brand], BRAND_LOGO, "Logos of a Brand", "The values of `logo:`: files, or names from `images`."),
    open("logo", &[Site, Brand], LOGO, "Logo", "A logo that is more than a file."),
];

#[rustfmt::skip]
const BRAND: &[ConfigOption] = &[
    none("meta", DATA, "name and links of the brand"),
    has("logo", &[Map("brand.logo")], "", "logos"),
    has("color", &[Map("brand.color")], "the theme's", "colours"),
    has("typography", &[Map("brand.typography")], "the theme's", "fonts"),
    has("defaults", DATA, "", "variables of Bootstrap and options of Quarto"),
    not_yet("light", &[File, Data], "", "the brand of the light mode", Less, "use one brand, with `light` and `dark` themes"),
    not_yet("dark", &[File, Data], "", "the brand of the dark mode", Less, "use one brand, with `light` and `dark` themes"),
];

#[rustfmt::skip]
const BRAND_COLOR: &[ConfigOption] = &[
    has("palette", DATA, "", "named colours"),
    has("foreground", COLOR, "the theme's", "the colour of text"),
    has("background", COLOR, "the theme's", "the background"),
    has("primary", COLOR, "the theme's", "the main colour"),
    has("secondary", COLOR, "the theme's", "the second colour"),
    none("tertiary", COLOR, "the variable `$tertiary` of a theme's Sass"),
    has("success", COLOR, "the theme's", "the colour of success"),
    has("info", COLOR, "the theme's", "the colour of information"),
    has("warning", COLOR, "the theme's", "the colour of warnings"),
    has("danger", COLOR, "the theme's", "the colour of dangers"),
    has("light", COLOR, "the theme's", "a light colour"),
    has("dark", COLOR, "the theme's", "a dark colour"),
    has("link", COLOR, "the theme's", "the colour of links"),
];

#[rustfmt::skip]
const TYPOGRAPHY: &[ConfigOption] = &[
    has("fonts", DATA, "", "fonts to load"),
    has("base", &[Text, Map("brand.base")], "the theme's", "the font of text"),
    has("headings", &[Text, Map("brand.headings")], "the theme's", "the font of headings"),
    has("monospace", &[Text, Map("brand.monospace")], "the theme's", "the font of code"),
    has("monospace-inline", &[Map("brand.monospace-inline")], "as `monospace`", "the font of code in text"),
    has("monospace-block", &[Map("brand.monospace-block")], "as `monospace`", "the font of code blocks"),
    has("link", &[Map("brand.link")], "the theme's", "the look of links"),
];

#[rustfmt::skip]
const BASE: &[ConfigOption] = &[
    has("family", TEXT, "the theme's", "the font"),
    has("size", LENGTH, "the theme's", "the size"),
    has("weight", &[Number, Text], "the theme's", "the weight"),
    has("line-height", NUMBER, "the theme's", "the height of lines"),
];

#[rustfmt::skip]
const HEADINGS: &[ConfigOption] = &[
    has("family", TEXT, "the theme's", "the font"),
    has("weight", &[Number, Text], "the theme's", "the weight"),
    has("style", &[Choice(&["normal", "italic", "oblique"])], "normal", "the style"),
    has("color", COLOR, "the theme's", "the colour"),
    has("line-height", NUMBER, "the theme's", "the height of lines"),
];

#[rustfmt::skip]
const MONOSPACE: &[ConfigOption] = &[
    has("family", TEXT, "the theme's", "the font"),
    has("size", LENGTH, "the theme's", "the size"),
    has("weight", &[Number, Text], "the theme's", "the weight"),
    has("color", COLOR, "the theme's", "the colour"),
    has("background-color", COLOR, "the theme's", "the background"),
];

#[rustfmt::skip]
const MONOSPACE_BLOCK: &[ConfigOption] = &[
    has("family", TEXT, "the theme's", "the font"),
    has("size", LENGTH, "the theme's", "the size"),
    has("weight", &[Number, Text], "the theme's", "the weight"),
    has("line-height", NUMBER, "the theme's", "the height of lines"),
    has("color", COLOR, "the theme's", "the colour"),
    has("background-color", COLOR, "the theme's", "the background"),
];

#[rustfmt::skip]
const LINK: &[ConfigOption] = &[
    has("color", COLOR, "the theme's", "the colour of links"),
    has("weight", &[Number, Text], "the theme's", "the weight of links"),
    has("background-color", COLOR, "the theme's", "the background of links"),
    has("decoration", TEXT, "the theme's", "the lines of links"),
];

#[rustfmt::skip]
const BRAND_LOGO: &[ConfigOption] = &[
    has("images", DATA, "", "named images"),
    has("small", &[File, Map("logo")], "", "the small logo"),
    has("medium", &[File, Map("logo")], "", "the medium logo"),
    has("large", &[File, Map("logo")], "", "the large logo"),
];

#[rustfmt::skip]
const LOGO: &[ConfigOption] = &[
    has("path", FILE, "", "the image"),
    has("alt", TEXT, "", "alternative text"),
    has("light", &[File, Map("logo")], "", "the logo of the light mode"),
    has("dark", &[File, Map("logo")], "", "the logo of the dark mode"),
];
