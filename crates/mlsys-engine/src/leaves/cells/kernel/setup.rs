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
