//! Code that prepares a kernel, in the languages whose libraries Quarto sets up.

use mlsys_cells::FigureSettings;
use serde_json::Value;

/// Code that runs before a page; `None` if the language needs none. As Quarto does, it imports matplotlib where that is installed.
pub fn setup(language: &str, figures: &FigureSettings) -> Option<String> {
    if !language.eq_ignore_ascii_case("python") {
        return None;
    }
    let FigureSettings { width, height, dpi, format } = figures;
    let format = Value::from(format.as_str());
    Some(format!(
        "try:
    import matplotlib.pyplot as _plt
    _plt.rcParams.update({{'figure.figsize': ({width}, {height}), 'figure.dpi': {dpi}, 'savefig.dpi': 'figure'}})
    from matplotlib_inline.backend_inline import set_matplotlib_formats as _formats
    _formats({format})
    del _plt, _formats
except ImportError:
    pass
"
    ))
}

/// Code that sets a variable to a value; `None` for languages and values that we cannot write.
pub fn assign(language: &str, name: &str, value: &Value) -> Option<String> {
    let text = value.to_string();
    let is_list = value.as_array().is_some_and(|items| items.iter().all(|item| !item.is_array() && !item.is_object()));
    match language.to_ascii_lowercase().as_str() {
        // A text of JSON is one of Python, too.
        "python" => Some(format!("{name} = __import__('json').loads({})", Value::from(text))),
        "julia" if is_list || !(value.is_object() || value.is_array()) => {
            let text = if value.is_null() { "nothing".to_owned() } else { text.replace('$', "\\$") };
            Some(format!("{name} = {text}"))
        }
        "bash" if !value.is_object() && !value.is_array() => {
            let plain = value.as_str().unwrap_or(&text);
            Some(format!("{name}='{}'", plain.replace('\'', r"'\''")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::assign;
    use serde_json::json;

    #[test]
    fn assignments() {
        assert_eq!(assign("bash", "a", &json!("it's")).as_deref(), Some(r"a='it'\''s'"));
        assert_eq!(assign("julia", "a", &json!([1, "$x"])).as_deref(), Some(r#"a = [1,"\$x"]"#));
        assert_eq!(assign("python", "a", &json!(null)).as_deref(), Some(r#"a = __import__('json').loads("null")"#));
        assert_eq!(assign("sas", "a", &json!(1)), None);
    }
}
