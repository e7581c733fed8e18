//! The colours and logos of a project's brand. Source: brand.yml, "color" and "logo"; Quarto, "Brand".

use crate::keys::Keys;
use crate::value::Value;
use crate::{key, name};
use serde::{Deserialize, Serialize};

/// A logo of a brand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// The file or URL.
    pub path: String,
    /// The alternative text; may be empty.
    pub alt: String,
}

/// The logo of a navbar or sidebar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BarLogo {
    /// The logo of the light mode, or of both.
    pub light: Logo,
    /// The logo of the dark mode, if it is another one.
    pub dark: Option<Logo>,
}

impl BarLogo {
    /// The logo from those of the two modes, of which one may be missing.
    pub fn new(light: Option<Logo>, dark: Option<Logo>) -> Option<Self> {
        match (light, dark) {
            (Some(light), dark) => Some(BarLogo { dark: dark.filter(|dark| *dark != light), light }),
            (None, Some(dark)) => Some(BarLogo { light: dark, dark: None }),
            (None, None) => None,
        }
    }

    /// The logos, each once.
    pub fn logos_mut(&mut self) -> impl Iterator<Item = &mut Logo> {
        [Some(&mut self.light), self.dark.as_mut()].into_iter().flatten()
    }
}

/// The brand of a mode: `light` or `dark` of a brand that has one for each mode, otherwise the brand.
pub fn brand_of_mode<'b>(brand: &'b Value, mode: &str) -> &'b Value {
    match (brand.value(name!("brand", "light")), brand.value(name!("brand", "dark"))) {
        (None, None) => brand,
        (light, dark) => {
            let (own, other) = if mode == "dark" { (dark, light) } else { (light, dark) };
            own.or(other).unwrap_or(brand)
        }
    }
}

/// The colour of a brand's value in a mode, `light` or `dark`. Names of the palette and of other colours are resolved. Source:
/// brand.yml, "color".
pub fn brand_color<'b>(brand: &'b Value, value: &Value, mode: &str, keys: &mut Keys<'b>) -> Option<String> {
    let brand = brand_of_mode(brand, mode);
    let colors = brand.value(name!("brand", "color"));
    let palette = brand.value(name!("brand", "color.palette"));
    let of_mode = |value: &Value| value.to_text().or_else(|| value.get(mode)?.to_text());
    let mut color = of_mode(value)?;
    // A name may refer to another one. Eight steps are enough, and end a cycle.
    for _ in 0..8 {
        let mut named = |map: Option<&'b Value>| map.and_then(|map| keys.get(map, &color));
        let next = named(palette).or_else(|| named(colors));
        match next.and_then(of_mode) {
            Some(next) if next != color => color = next,
            _ => break,
        }
    }
    Some(color)
}

/// The brand's colour with a name.
pub fn brand_color_named<'b>(brand: &'b Value, name: &str, mode: &str, keys: &mut Keys<'b>) -> Option<String> {
    let brand = brand_of_mode(brand, mode);
    let colors = brand.value(name!("brand", "color"))?;
    let value = keys.get(colors, name).or_else(|| keys.get(colors.value(name!("brand.color", "palette"))?, name))?;
    brand_color(brand, value, mode, keys)
}

/// The brand's logo with a name, in a mode: `small`, `medium`, `large`, or one of its `images`.
pub fn brand_logo(brand: &Value, name: &str, mode: &str) -> Option<Logo> {
    let logos = brand_of_mode(brand, mode).value(name!("brand", "logo"))?;
    let image = |name: &str| logos.value(name!("brand.logo", "images")).and_then(|images| images.get(name));
    let value = logos.get(name).filter(|_| name != "images").or_else(|| image(name))?;
    let value = value.get(mode).unwrap_or(value);
    let value = value.as_str().and_then(image).unwrap_or(value);
    let path = value.to_text().or_else(|| value.read(key!("logo", "path")))?;
    let alt = value.read(key!("logo", "alt")).unwrap_or_default();
    Some(Logo { path, alt })
}

/// The brand's logo for a bar: the first of several names that it has.
pub fn brand_bar_logo(brand: &Value, names: &[&str]) -> Option<BarLogo> {
    let of_mode = |mode: &str| names.iter().find_map(|name| brand_logo(brand, name, mode));
    BarLogo::new(of_mode("light"), of_mode("dark"))
}
