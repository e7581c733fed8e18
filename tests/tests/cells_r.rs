//! R cells: what knitr's hooks report, what ends a page, and what is left of it. The tests run R where it is installed with knitr.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start programs"
)]

use libtest_mimic::{Arguments, Failed, Trial};
use mlsys_cells::{
    CodePlace, FigureSettings, Job, MimeData, Output, PageRun, RunWarning, RunWarningKind, Step, StreamName,
};
use mlsys_engine::leaves::cells::knitr::{PageLimits, Rscript};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Test = fn(&Project) -> Result<(), Failed>;

/// Names the folder of a project whose page this program runs instead of the tests, to be killed meanwhile.
const RUNNER: &str = "MLSYS_TEST_R_RUNNER";

fn main() {
    if let Some(folder) = std::env::var_os(RUNNER) {
        let project = Project { folder: PathBuf::from(folder), r: installed("Rscript").expect("R") };
        project.run(vec![cell(0, "writeLines(as.character(Sys.getpid()), 'pid')\nrepeat {}")]);
        return;
    }
    let arguments = Arguments::from_args();
    let r = installed("Rscript");
    let has_knitr = |r: &PathBuf| {
        let code = "quit(status = !all(c('knitr', 'htmltools') %in% rownames(installed.packages())))";
        Command::new(r).args(["-e", code]).stdin(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let r = r.filter(has_knitr);
    let tests: [(&str, Test); 19] = [
        ("sources_and_outputs_come_in_turns", sources_and_outputs_come_in_turns),
        ("conditions_and_shown_errors", conditions_and_shown_errors),
        ("options_decide_what_is_reported", options_decide_what_is_reported),
        ("expressions_in_options_are_evaluated", expressions_in_options_are_evaluated),
        ("defaults_of_the_page_and_of_its_code", defaults_of_the_page_and_of_its_code),
        ("figures_have_sizes_names_and_captions", figures_have_sizes_names_and_captions),
        ("formats_of_figures", formats_of_figures),
        ("markdown_html_and_libraries", markdown_html_and_libraries),
        ("inline_values", inline_values),
        ("hooks_of_the_page", hooks_of_the_page),
        ("child_documents", child_documents),
        ("code_of_other_cells_and_files", code_of_other_cells_and_files),
        ("other_languages", other_languages),
        ("parameters_and_working_folder", parameters_and_working_folder),
        ("warnings_of_values", warnings_of_values),
        ("errors_have_places", errors_have_places),
        ("ends_of_the_process_keep_earlier_cells", ends_of_the_process_keep_earlier_cells),
        ("dependencies", dependencies),
        ("no_process_is_left", no_process_is_left),
    ];
    let mut trials = Vec::new();
    for (name, test) in tests {
        let r = r.clone();
        let kind = if r.is_some() { "" } else { "skipped: no Rscript with knitr" };
        let run = move || {
            let folder = tempfile::tempdir()?;
            let Some(r) = r else { return Ok(()) };
            test(&Project { folder: folder.path().canonicalize()?, r })
        };
        trials.push(Trial::test(name, run).with_kind(kind).with_ignored_flag(!kind.is_empty()));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn installed(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// A folder with a page `sub/page.qmd` that need not exist.
struct Project {
    folder: PathBuf,
    r: PathBuf,
}

impl Project {
    fn run(&self, steps: Vec<Step>) -> PageRun {
        self.run_job(&job(steps), PageLimits::default())
    }

    fn run_job(&self, job: &Job, limits: PageLimits) -> PageRun {
        std::fs::create_dir_all(self.folder.join(&job.folder)).expect("folder");
        Rscript::new(&self.r, &self.folder, limits).run(job, &|_| {})
    }

    /// The outputs of one cell, which must succeed.
    fn outputs(&self, step: Step) -> Vec<Output> {
        let run = self.run(vec![step]);
        assert_eq!(run.failure, None);
        outputs(&run, 0).to_vec()
    }
}

fn job(steps: Vec<Step>) -> Job {
    Job {
        page: "sub/page.qmd".into(),
        folder: "sub".into(),
        steps,
        figures: FigureSettings::default(),
        execute: "{}".into(),
        params: None,
    }
}

fn cell(index: usize, code: &str) -> Step {
    optioned(index, code, "", "{}")
}

fn optioned(index: usize, code: &str, label: &str, options: &str) -> Step {
    Step::Cell {
        index,
        language: "r".into(),
        code: code.into(),
        line: 1,
        allow_error: false,
        label: label.into(),
        options: options.into(),
    }
}

fn value(index: usize, expression: &str) -> Step {
    Step::Value { index, expression: expression.into(), line: 1 }
}

#[track_caller]
fn outputs(run: &PageRun, index: usize) -> &[Output] {
    &run.cells[index].as_ref().expect("the cell has run").outputs
}

fn source(code: &str) -> Output {
    Output::Source(code.into())
}

fn stream(text: &str) -> Output {
    Output::Stream(StreamName::Stdout, text.into())
}

/// The MIME type, data and metadata of displays.
fn displays(outputs: &[Output]) -> Vec<(&str, &MimeData, serde_json::Value)> {
    let displays = outputs.iter().filter_map(|output| match output {
        Output::Display { data, metadata, .. } => Some((data, serde_json::from_str(metadata).expect("JSON"))),
        Output::Stream(..) | Output::Error { .. } | Output::Source(_) | Output::Condition(_) | Output::AsIs(_) => None,
    });
    displays.map(|(data, metadata)| (data.0[0].0.as_str(), &data.0[0].1, metadata)).collect()
}

fn sources_and_outputs_come_in_turns(project: &Project) -> Result<(), Failed> {
    let outputs = project.outputs(cell(0, "depth <- c(4, 7, 9)\ndepth\n\"é\\\\\""));
    let expected =
        [source("depth <- c(4, 7, 9)\ndepth"), stream("[1] 4 7 9\n"), source("\"é\\\\\""), stream("[1] \"é\\\\\"\n")];
    assert_eq!(outputs, expected);
    assert_eq!(
        project.outputs(optioned(0, "1\n2", "", r#"{"results": "hold"}"#)),
        [source("1\n2"), stream("[1] 1\n[1] 2\n")]
    );
    assert_eq!(project.outputs(optioned(0, "1\n2", "", r#"{"collapse": true}"#)), [source("1\n## [1] 1\n2\n## [1] 2")]);
    assert_eq!(
        project.outputs(cell(0, "x <- '```'\nif (TRUE) {\n  cat('a')\n}")),
        [source("x <- '```'\nif (TRUE) {\n  cat('a')\n}"), stream("a\n")]
    );
    Ok(())
}

fn conditions_and_shown_errors(project: &Project) -> Result<(), Failed> {
    let outputs = project.outputs(cell(0, "message('a message')\nwarning('a warning')"));
    let expected = [
        source("message('a message')"),
        Output::Condition("a message".into()),
        source("warning('a warning')"),
        Output::Condition("Warning: a warning".into()),
    ];
    assert_eq!(outputs, expected);
    let shown = project.outputs(optioned(0, "message('a'); warning('b'); 1", "", r#"{"warning": false}"#));
    assert_eq!(shown, [source("message('a'); warning('b'); 1"), stream("[1] 1\n")]);
    let Step::Cell { index, language, code, line, label, options, .. } = cell(0, "1\n\nlog('x')\n2") else {
        return Err("a cell".into());
    };
    let step = Step::Cell { index, language, code, line, allow_error: true, label, options };
    let outputs = project.outputs(step);
    let Output::Error { name, value, traceback, place } = &outputs[3] else { return Err("no error".into()) };
    // The form of the message depends on knitr's version.
    assert!(value.starts_with("Error in ") && value.contains("non-numeric argument"), "{value}");
    assert_eq!((name.as_str(), traceback.len()), ("", 0));
    assert_eq!(place, &Some(CodePlace::Cell { index: 0, line: 3, column: 0 }));
    assert_eq!(outputs[4..], [source("2"), stream("[1] 2\n")]);
    Ok(())
}

fn options_decide_what_is_reported(project: &Project) -> Result<(), Failed> {
    let run = project.run(vec![
        optioned(0, "1", "", r#"{"echo": false}"#),
        optioned(1, "hidden <- 12; plot(1); hidden", "", r#"{"include": false}"#),
        optioned(2, "print('nobody'); message('m'); plot(1)", "", r#"{"output": false}"#),
        optioned(3, "cat('**bold**\\n')", "", r#"{"output": "asis"}"#),
        optioned(4, "hidden", "", r#"{"cache": true, "echo": "fenced"}"#),
        optioned(5, "knitr::kable(data.frame(a = 1))", "", r#"{"results": "asis", "echo": false}"#),
    ]);
    assert_eq!(run.failure, None);
    assert_eq!(outputs(&run, 0), [stream("[1] 1\n")]);
    assert_eq!(outputs(&run, 1), []);
    assert_eq!(outputs(&run, 2), [source("print('nobody'); message('m'); plot(1)")]);
    assert_eq!(outputs(&run, 3), [source("cat('**bold**\\n')"), Output::AsIs("**bold**\n".into())]);
    assert_eq!(outputs(&run, 4), [source("hidden"), stream("[1] 12\n")]);
    assert!(matches!(outputs(&run, 5), [Output::AsIs(text)] if text.contains("|--:|")), "{:?}", outputs(&run, 5));
    assert_eq!(std::fs::read_dir(project.folder.join("sub"))?.count(), 0, "files in the author's folder");
    Ok(())
}

fn expressions_in_options_are_evaluated(project: &Project) -> Result<(), Failed> {
    let run = project.run(vec![
        cell(0, "n <- 3"),
        optioned(1, "plot(1)", "", r#"{"fig-cap": "!expr paste('n is', n)", "eval": "n > 2", "fig-width": "!expr n"}"#),
        optioned(2, "stop('never')", "", r#"{"eval": "n > 3"}"#),
        optioned(3, "data.frame(a = 1)", "", r#"{"tbl-cap": "!expr sprintf('Table of %d', n)", "df-print": "kable"}"#),
    ]);
    assert_eq!(run.failure, None);
    let (mime, _, metadata) = &displays(outputs(&run, 1))[0];
    assert_eq!((*mime, metadata["knitr"]["fig-cap"].as_str()), ("image/png", Some("n is 3")));
    assert_eq!(metadata["image/png"]["width"], "288");
    assert_eq!(outputs(&run, 2), [source("stop('never')")]);
    let (mime, data, metadata) = &displays(outputs(&run, 3))[0];
    assert_eq!(*mime, "text/markdown");
    assert!(matches!(data, MimeData::Text(text) if text.contains("kable-table")));
    assert_eq!(metadata["knitr"]["tbl-cap"], "Table of 3");
    Ok(())
}

fn defaults_of_the_page_and_of_its_code(project: &Project) -> Result<(), Failed> {
    let mut job = job(vec![
        cell(0, "warning('w'); 1"),
        optioned(1, "2", "", r#"{"echo": true}"#),
        cell(2, "knitr::opts_chunk$set(echo = TRUE, comment = '#>', fig.align = 'center')"),
        cell(3, "rm(list = ls(all.names = TRUE)); 3"),
        optioned(4, "plot(1)", "", r#"{"echo": false}"#),
    ]);
    job.execute = r#"{"echo": false, "warning": false, "knitr": {"opts_chunk": {"out.width": "70%"}}}"#.into();
    let run = project.run_job(&job, PageLimits::default());
    assert_eq!(run.failure, None);
    assert_eq!(outputs(&run, 0), [stream("[1] 1\n")]);
    assert_eq!(outputs(&run, 1), [source("2"), stream("[1] 2\n")]);
    assert!(matches!(outputs(&run, 3), [Output::Source(_), Output::Stream(_, text)] if text == "#> [1] 3\n"));
    let (_, _, metadata) = &displays(outputs(&run, 4))[0];
    assert_eq!(metadata["image/png"]["width"], "70%");
    assert_eq!(metadata["knitr"]["fig-align"], "center");
    Ok(())
}

fn figures_have_sizes_names_and_captions(project: &Project) -> Result<(), Failed> {
    std::fs::create_dir_all(project.folder.join("sub"))?;
    std::fs::write(project.folder.join("sub/own.png"), [])?;
    let run = project.run(vec![
        optioned(
            0,
            "plot(1:5)",
            "fig-line",
            r#"{"fig-width": 4, "fig-height": 3, "fig-cap": "A line", "fig-alt": "It rises"}"#,
        ),
        optioned(1, "plot(1:5)\nplot(5:1)", "fig-pair", r#"{"fig-cap": "Two", "fig-subcap": ["Up", "Down"]}"#),
        optioned(3, "hist(c(1, 2))", "", r#"{"out-width": "50%", "echo": false}"#),
        cell(4, "knitr::include_graphics(c('own.png', 'https://example.org/a.png'))"),
    ]);
    assert_eq!(run.failure, None);
    let (mime, MimeData::Bytes(png), metadata) = &displays(outputs(&run, 0))[0] else { return Err("no bytes".into()) };
    let size = png::Decoder::new(std::io::Cursor::new(png)).read_info()?.info().size();
    assert_eq!((*mime, size), ("image/png", (768, 576)));
    let expected = serde_json::json!({
        "image/png": {"width": "384"}, "filename": "fig-line-1.png", "knitr": {"fig-cap": "A line", "fig-alt": "It rises"}
    });
    assert_eq!(*metadata, expected);
    // A labelled figure has one source before its pictures.
    assert_eq!(outputs(&run, 1)[0], source("plot(1:5)\nplot(5:1)"));
    let pair = displays(outputs(&run, 1));
    let part = |i: usize| (pair[i].2["filename"].as_str(), pair[i].2["knitr"]["fig-subcap"].as_str());
    assert_eq!([part(0), part(1)], [(Some("fig-pair-1.png"), Some("Up")), (Some("fig-pair-2.png"), Some("Down"))]);
    let (_, _, metadata) = &displays(outputs(&run, 3))[0];
    assert_eq!(metadata["filename"], "unnamed-chunk-4-1.png");
    assert_eq!(metadata["image/png"]["width"], "50%");
    let included = displays(outputs(&run, 4));
    assert_eq!(included[0].0, "text/uri-list");
    assert_eq!(included[0].1, &MimeData::Text("own.png".into()));
    assert_eq!(included[1].1, &MimeData::Text("https://example.org/a.png".into()));
    assert_eq!(run.dependencies.files, [project.folder.join("sub/own.png").to_string_lossy()]);
    Ok(())
}

fn formats_of_figures(project: &Project) -> Result<(), Failed> {
    let mut job = job(vec![cell(0, "plot(1)"), optioned(1, "plot(1)", "", r#"{"fig-format": "jpeg", "fig-dpi": 50}"#)]);
    job.figures = FigureSettings { width: 3.0, height: 2.0, dpi: 96, format: "svg".into() };
    let run = project.run_job(&job, PageLimits::default());
    assert_eq!(run.failure, None);
    let svg = &displays(outputs(&run, 0))[0];
    assert!(matches!(svg.1, MimeData::Text(text) if text.contains("<svg")));
    assert_eq!((svg.0, svg.2["filename"].as_str()), ("image/svg+xml", Some("unnamed-chunk-1-1.svg")));
    let jpeg = &displays(outputs(&run, 1))[0];
    assert!(matches!(jpeg.1, MimeData::Bytes(bytes) if bytes.starts_with(&[0xff, 0xd8])));
    assert_eq!((jpeg.0, jpeg.2["filename"].as_str()), ("image/jpeg", Some("unnamed-chunk-2-1.jpeg")));
    Ok(())
}

fn markdown_html_and_libraries(project: &Project) -> Result<(), Failed> {
    std::fs::create_dir_all(project.folder.join("sub/lib"))?;
    std::fs::write(project.folder.join("sub/lib/dial.js"), "dial()")?;
    let library = "htmltools::htmlDependency('dial', '1.2', src = normalizePath('lib'), script = 'dial.js')";
    let code = format!("htmltools::tagList(htmltools::tags$div(id = 'dial'), {library})");
    let run = project.run(vec![
        cell(0, "knitr::kable(data.frame(a = 1:2))"),
        cell(1, &code),
        cell(2, &code),
        cell(3, "structure('<table><tr><td>1</td></tr></table>', class = 'knit_asis')"),
        cell(4, "knitr::knit_print(1)\nknitr::asis_output('*emphasis*')"),
    ]);
    assert_eq!(run.failure, None);
    assert_eq!(displays(outputs(&run, 0))[0].0, "text/markdown");
    let (mime, data, _) = &displays(outputs(&run, 1))[0];
    assert_eq!(*mime, "text/markdown");
    assert!(
        matches!(data, MimeData::Text(text) if text.contains("{=html}") && text.contains("id=\"dial\"")),
        "{data:?}"
    );
    assert_eq!(run.head, ["<script src=\"../site_libs/dial-1.2/dial.js\"></script>"]);
    assert_eq!(run.files, [("../site_libs/dial-1.2/dial.js".to_owned(), b"dial()".to_vec())]);
    assert_eq!(displays(outputs(&run, 3))[0].0, "text/html");
    assert_eq!(displays(outputs(&run, 4))[0].1, &MimeData::Text("*emphasis*".into()));
    Ok(())
}

fn inline_values(project: &Project) -> Result<(), Failed> {
    let run = project.run(vec![
        cell(0, "word <- 'two_words and *stars*'"),
        value(0, "3 + 4"),
        value(1, "word"),
        value(2, ".QuartoInlineRender(word)"),
        value(3, ".QuartoInlineRender(round(1234.5678, 1))"),
        value(4, "2^5 * 1e9"),
        value(5, "c(1, 2.123456)"),
        value(6, "knitr::asis_output('**x**')"),
        value(7, ".QuartoInlineRender(NULL)"),
        value(8, "invisible(3)"),
    ]);
    assert_eq!(run.failure, None);
    let texts: Vec<&str> = run.values.iter().flatten().filter_map(|value| value.text("text/markdown")).collect();
    let escaped = "two\\_words and \\*stars\\*";
    let expected = ["7", "two_words and *stars*", escaped, "1234.6", "32000000000", "1, 2.123456", "**x**", "NULL", ""];
    let expected: Vec<String> = expected.iter().map(|text| (*text).to_owned()).collect();
    // Large numbers in scientific notation depend on knitr.
    let texts: Vec<String> = texts.iter().map(|text| text.replace("3.2\\times 10^{10}", "32000000000")).collect();
    assert_eq!(texts.iter().map(|text| text.replace('$', "")).collect::<Vec<_>>(), expected);
    Ok(())
}

fn hooks_of_the_page(project: &Project) -> Result<(), Failed> {
    let setup =
        "knitr::knit_hooks$set(inline = function(x) paste0('<', x, '>'), margin = function(before, options, envir) {
  if (before) '::: {.note}' else ':::'
})
output <- knitr::knit_hooks$get('output')
knitr::knit_hooks$set(output = function(x, options) output(toupper(x), options))
chunk <- knitr::knit_hooks$get('chunk')
knitr::knit_hooks$set(chunk = function(x, options) paste0('before\\n', chunk(x, options), '\\nafter'))";
    let run = project.run(vec![
        optioned(0, setup, "", r#"{"include": false}"#),
        optioned(1, "'a'", "", r#"{"margin": true, "echo": false}"#),
        value(0, "1"),
        cell(2, "'b'"),
    ]);
    assert_eq!(run.failure, None);
    let expected =
        [Output::AsIs("before\n::: {.note}".into()), stream("[1] \"A\"\n"), Output::AsIs(":::\nafter".into())];
    assert_eq!(outputs(&run, 1), expected);
    assert_eq!(outputs(&run, 2).len(), 4);
    assert_eq!(run.values[0].as_ref().and_then(|value| value.text("text/markdown")), Some("<1>"));
    Ok(())
}

fn child_documents(project: &Project) -> Result<(), Failed> {
    std::fs::create_dir_all(project.folder.join("sub"))?;
    std::fs::write(project.folder.join("sub/part.Rmd"), "Part of `r n`.\n\n```{r}\nn + 1\nplot(n)\n```\n")?;
    let run = project.run(vec![
        cell(0, "n <- 41"),
        optioned(1, "", "", r#"{"child": "part.Rmd"}"#),
        optioned(
            2,
            "cat(knitr::knit_child(text = 'Text of `r n`.', quiet = TRUE))",
            "",
            r#"{"results": "asis", "echo": false}"#,
        ),
    ]);
    assert_eq!(run.failure, None);
    let [Output::AsIs(text)] = outputs(&run, 1) else { return Err(format!("{:?}", outputs(&run, 1)).into()) };
    assert!(text.contains("Part of 41.") && text.contains("[1] 42"), "{text}");
    assert!(text.contains("](page_files/figure-html/"), "{text}");
    assert!(
        run.files
            .iter()
            .any(|(path, bytes)| path.starts_with("page_files/figure-html/") && bytes.starts_with(b"\x89PNG"))
    );
    assert!(matches!(outputs(&run, 2), [Output::AsIs(text)] if text.contains("Text of 41.")));
    let child = project.folder.join("sub/part.Rmd").to_string_lossy().into_owned();
    assert!(run.dependencies.files.contains(&child), "{:?}", run.dependencies.files);
    Ok(())
}

fn code_of_other_cells_and_files(project: &Project) -> Result<(), Failed> {
    std::fs::create_dir_all(project.folder.join("sub"))?;
    std::fs::write(project.folder.join("sub/code.R"), "n * 2\n")?;
    let run = project.run(vec![
        optioned(0, "n <- 3", "first", "{}"),
        optioned(1, "", "", r#"{"ref-label": "first", "eval": false}"#),
        optioned(2, "", "", r#"{"file": "code.R"}"#),
        optioned(3, "", "", r#"{"code": "!expr c('n', 'n + 1')"}"#),
        optioned(4, "echo $((3 + 4))", "", r#"{"engine": "bash"}"#),
        optioned(5, "", "", r#"{"child": "missing.Rmd"}"#),
    ]);
    assert_eq!(outputs(&run, 1), [source("n <- 3")]);
    assert_eq!(outputs(&run, 2), [source("n * 2"), stream("[1] 6\n")]);
    assert_eq!(outputs(&run, 3), [source("n"), stream("[1] 3\n"), source("n + 1"), stream("[1] 4\n")]);
    assert_eq!(outputs(&run, 4), [source("echo $((3 + 4))"), stream("7\n")]);
    let failure = run.failure.ok_or("no failure")?;
    assert!(failure.message.contains("missing.Rmd"), "{failure:?}");
    assert_eq!(failure.place, CodePlace::Cell { index: 5, line: 0, column: 0 });
    Ok(())
}

fn other_languages(project: &Project) -> Result<(), Failed> {
    let step = |index, language: &str, code: &str| Step::Cell {
        index,
        language: language.into(),
        code: code.into(),
        line: 1,
        allow_error: false,
        label: String::new(),
        options: "{}".into(),
    };
    let run = project.run(vec![step(0, "bash", "echo one; echo two"), step(1, "sh", "exit 4"), cell(2, "1")]);
    assert_eq!(outputs(&run, 0), [source("echo one; echo two"), stream("one\ntwo\n")]);
    let failure = run.failure.ok_or("no failure")?;
    assert_eq!(failure.place, CodePlace::Cell { index: 1, line: 0, column: 0 });
    let has_reticulate = Command::new(&project.r)
        .args(["-e", "quit(status = !requireNamespace('reticulate', quietly = TRUE))"])
        .status()?
        .success();
    if !has_reticulate {
        let failure = project.run(vec![step(0, "python", "print(1)")]).failure.ok_or("no failure")?;
        assert!(failure.message.contains("`reticulate`"), "{failure:?}");
        assert!(failure.hint.is_some_and(|hint| hint.contains("install.packages")));
    }
    Ok(())
}

fn parameters_and_working_folder(project: &Project) -> Result<(), Failed> {
    let mut job = job(vec![cell(0, "cat(params$depth, params$name, basename(getwd()), knitr::current_input())")]);
    job.params = Some(r#"{"depth": 4.5, "name": {"value": "n\"o", "label": "Name"}}"#.into());
    let run = project.run_job(&job, PageLimits::default());
    assert_eq!(outputs(&run, 0)[1], stream("4.5 n\"o sub page.rmarkdown\n"));
    job.folder = String::new();
    let run = project.run_job(&job, PageLimits::default());
    let name = project.folder.file_name().unwrap_or_default().to_string_lossy();
    assert_eq!(outputs(&run, 0)[1], stream(&format!("4.5 n\"o {name} page.rmarkdown\n")));
    Ok(())
}

fn warnings_of_values(project: &Project) -> Result<(), Failed> {
    let run =
        project.run(vec![value(0, "1"), value(1, "as.integer('x')"), value(2, "suppressWarnings(as.integer('x'))")]);
    let kind = RunWarningKind::InlineValue("NAs introduced by coercion".into());
    assert_eq!(run.warnings, [RunWarning { place: CodePlace::Value(1), kind }]);
    assert_eq!((run.failure, run.values[1].is_some()), (None, true));
    Ok(())
}

fn errors_have_places(project: &Project) -> Result<(), Failed> {
    let place = |index, line, column| CodePlace::Cell { index, line, column };
    let run = project.run(vec![cell(0, "f <- function(x) {\n  stop('bad ', x)\n}\n# A remark\nf(3)"), cell(1, "2")]);
    let failure = run.failure.ok_or("no failure")?;
    assert_eq!(failure.message, "error in `f(3)`: bad 3");
    assert_eq!(failure.place, place(0, 5, 0));
    assert_eq!(failure.traceback, "bad 3\n1: f(3)\n2: stop(\"bad \", x)");
    assert!(!failure.is_transient);
    assert_eq!(run.cells, [None, None]);
    let failure = project.run(vec![cell(0, "1"), cell(1, "x <- 1\ny <- 2 3")]).failure.ok_or("no failure")?;
    assert_eq!((failure.message.as_str(), &failure.place), ("unexpected numeric constant", &place(1, 2, 8)));
    let failure = project.run(vec![cell(0, "1"), value(0, "nothing")]).failure.ok_or("no failure")?;
    assert_eq!((failure.message.as_str(), failure.place), ("error: object 'nothing' not found", CodePlace::Value(0)));
    let failure =
        project.run(vec![optioned(0, "1", "", r#"{"fig-width": "!expr nothing"}"#)]).failure.ok_or("no failure")?;
    assert_eq!(failure.place, place(0, 0, 0));
    let braces = "1\nsuppressMessages({\n  library(stats)\n  library(nosuchpackage)\n  library(utils)\n})\n2";
    let failure = project.run(vec![cell(0, braces)]).failure.ok_or("no failure")?;
    assert_eq!((failure.message.contains("nosuchpackage"), failure.place), (true, place(0, 4, 0)));
    let failure = project.run(vec![cell(0, "read.csv('missing.csv')")]).failure.ok_or("no failure")?;
    assert!(failure.message.starts_with("error: cannot open file 'missing.csv'"), "{failure:?}");
    let failure = project.run(vec![cell(0, "library(nosuchpackage)")]).failure.ok_or("no failure")?;
    assert_eq!(failure.hint.as_deref(), Some("run `install.packages(\"nosuchpackage\")` in R"));
    let twice = vec![optioned(0, "1", "same", "{}"), optioned(1, "2", "same", "{}")];
    let failure = project.run(twice).failure.ok_or("no failure")?;
    assert_eq!((failure.message.as_str(), failure.place), ("two cells have the label `same`", place(1, 0, 0)));
    // There is nobody to answer.
    let outputs = project.outputs(cell(0, "nchar(readline('Name? '))\nlength(readLines('stdin'))"));
    assert_eq!(outputs.last(), Some(&stream("[1] 0\n")));
    Ok(())
}

fn ends_of_the_process_keep_earlier_cells(project: &Project) -> Result<(), Failed> {
    let start = Instant::now();
    assert_eq!(project.run(vec![cell(0, "'kept'")]).failure, None);
    // The time that suffices for the first cell on this machine.
    let short = (start.elapsed().as_secs() * 4).max(8);
    let late = format!("the page's cells did not end within {short} s");
    let ends = [
        ("1\nquit(status = 3)", "R ended with status 3 before the end of the page", false),
        ("1\nquit('no')", "R ended with status 0 before the end of the page", false),
        ("1\ntools::pskill(Sys.getpid(), 11)\nSys.sleep(60)", "R was ended by signal 11", false),
        ("1\nrepeat {}", late.as_str(), true),
        ("1\nrepeat cat(strrep('x', 1e5))", "the page's outputs are larger than 2 MB", false),
    ];
    for (code, message, is_transient) in ends {
        let time = Duration::from_secs(if message == late { short } else { 300 });
        let run = project.run_job(&job(vec![cell(0, "'kept'"), cell(1, code)]), PageLimits { time, output: 2 << 20 });
        assert_eq!(outputs(&run, 0), [source("'kept'"), stream("[1] \"kept\"\n")]);
        let failure = run.failure.ok_or("no failure")?;
        assert_eq!((failure.message.as_str(), failure.is_transient), (message, is_transient));
        assert_eq!(failure.place, CodePlace::Cell { index: 1, line: 2, column: 0 });
        assert_eq!(run.cells[1], None);
    }
    Ok(())
}

fn dependencies(project: &Project) -> Result<(), Failed> {
    let folder = project.folder.join("sub");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("depths.csv"), "place,depth\nnorth,4\n")?;
    std::fs::write(folder.join("more.R"), "saved <- readRDS(paste0('sa', 'ved.rds'))\n")?;
    std::fs::write(folder.join("other.bin"), "")?;
    let run = project.run(vec![
        cell(0, "saveRDS(1, paste0('sa', 'ved.rds'))\ndepths <- read.csv('depths.csv')\nsource(\"more.R\")"),
        cell(1, "c_code <- function(path) NULL\nc_code('other.bin')"),
    ]);
    assert_eq!(run.failure, None);
    let names: Vec<&str> =
        run.dependencies.files.iter().filter_map(|path| Path::new(path).file_name()?.to_str()).collect();
    assert_eq!(names, ["depths.csv", "more.R", "other.bin", "saved.rds"]);
    let packages = &run.dependencies.packages;
    assert!(packages.iter().all(|path| Path::new(path).is_file()), "{packages:?}");
    assert!(packages.iter().any(|path| path.ends_with("/knitr/DESCRIPTION")));
    assert!(packages.iter().any(|path| path.ends_with("/base/DESCRIPTION")));
    Ok(())
}

/// True as soon as a process has ended, within ten seconds. A process that nobody has waited for yet has ended too.
fn ends(pid: &str) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        let state = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().expect("ps").stdout;
        if state.trim_ascii().is_empty() || state.trim_ascii().starts_with(b"Z") {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}

fn no_process_is_left(project: &Project) -> Result<(), Failed> {
    // A process that the page leaves behind.
    let run = project.run(vec![cell(0, "system('sleep 300 & echo $! > sleeper')")]);
    assert_eq!(run.failure, None);
    assert!(ends(std::fs::read_to_string(project.folder.join("sub/sleeper"))?.trim()));
    // The end of this process, which cannot end R itself.
    let mut runner = Command::new(std::env::current_exe()?).env(RUNNER, &project.folder).spawn()?;
    let pid = project.folder.join("sub/pid");
    let start = Instant::now();
    let running = loop {
        match std::fs::read_to_string(&pid) {
            Ok(text) if text.ends_with('\n') => break text,
            Ok(_) | Err(_) if start.elapsed() < Duration::from_secs(60) => {
                std::thread::sleep(Duration::from_millis(50))
            }
            Ok(_) | Err(_) => return Err("R has not started".into()),
        }
    };
    runner.kill()?;
    runner.wait()?;
    assert!(ends(running.trim()), "R has survived");
    Ok(())
}
