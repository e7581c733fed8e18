//! Files that cannot be read as what they should be: each costs a finding with a place, and the other pages are still built.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read and write files and start the command"
)]

use camino::Utf8Path;
use mlsys_book::Code;
use mlsys_engine::BuildOptions;
use mlsys_engine::Built;
use mlsys_engine::leaves::images::responsive::Images;
use std::process::Command;

/// A temporary project folder.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let project = Project { folder: tempfile::tempdir().expect("a folder") };
        for (path, bytes) in files {
            let path = project.root().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("folders");
            std::fs::write(path, bytes).expect("a file");
        }
        project
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path()).expect("a path of UTF-8")
    }

    fn build(&self) -> Built {
        mlsys_engine::build(&self.read(), &BuildOptions::default())
    }

    fn read(&self) -> mlsys_engine::Book {
        let options = mlsys_engine::project::ReadOptions {
            request: mlsys_engine::locate(self.root(), None).expect("a project"),
            profiles: Vec::new(),
            output_dir: Some(self.root().join("_site")),
            format: "html".into(),
            overlay: mlsys_engine::project::Overlay::default(),
        };
        mlsys_engine::read(&options).expect("a book")
    }
}

const CONFIG: (&str, &[u8]) = ("_quarto.yml", b"project:\n  type: website\n");

fn codes(built: &Built) -> Vec<Code> {
    built.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn bytes_that_are_not_utf8_are_replaced() {
    let project = Project::new(&[CONFIG, ("index.qmd", b"Caf\xe9\n"), ("other.qmd", b"Text.\n")]);
    let built = project.build();
    assert!(codes(&built).contains(&Code::InvalidUtf8), "{:?}", built.diagnostics);
    assert!(built.files.contains_key("index.html") && built.files.contains_key("other.html"));
}

#[test]
fn a_bibliography_that_is_a_folder_is_unreadable() {
    let project =
        Project::new(&[CONFIG, ("index.qmd", b"---\nbibliography: refs.bib\n---\n\nText.\n"), ("refs.bib/x", b"")]);
    let built = project.build();
    assert!(codes(&built).contains(&Code::UnreadableFile), "{:?}", built.diagnostics);
    assert!(built.files.contains_key("index.html"));
}

#[test]
fn a_configuration_that_is_not_yaml_still_builds_the_pages() {
    let project = Project::new(&[("_quarto.yml", b"project: [\n"), ("index.qmd", b"Text.\n")]);
    let built = project.build();
    assert!(codes(&built).contains(&Code::InvalidConfig), "{:?}", built.diagnostics);
    assert!(built.files.contains_key("index.html"));
}

#[test]
fn a_configuration_may_be_named_by_a_text_file() {
    let project = Project::new(&[
        ("_quarto.yml", b"config/_site.yml"),
        ("config/_site.yml", b"project:\n  type: website\nwebsite:\n  title: Named\n"),
        ("index.qmd", b"Text.\n"),
    ]);
    let built = project.build();
    assert!(built.diagnostics.is_empty(), "{:?}", built.diagnostics);
    let Some(mlsys_engine::Content::Bytes(page)) = built.files.get("index.html") else { panic!("no page") };
    assert!(String::from_utf8_lossy(page).contains("Named"));
}

#[test]
fn the_command_says_what_is_missing() {
    let empty = Project::new(&[]);
    let built = std::env::current_exe().expect("this test's path");
    // The binary lies beside the folder of the test binaries; where it was not built there is nothing to test.
    let binary = built.parent().and_then(|p| p.parent()).expect("a target folder").join("mlsys");
    if !binary.exists() {
        return;
    }
    let output = Command::new(binary).arg("build").current_dir(empty.root()).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("_quarto.yml"));
}

#[test]
fn the_same_source_gives_the_same_bytes_for_any_number_of_threads() {
    let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../quarto");
    let options = mlsys_engine::project::ReadOptions {
        request: mlsys_engine::locate(&sample, None).expect("a project"),
        profiles: Vec::new(),
        output_dir: Some(sample.join("_build/html")),
        format: "html".into(),
        overlay: mlsys_engine::project::Overlay::default(),
    };
    let build = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| mlsys_engine::build(&mlsys_engine::read(&options).expect("a book"), &BuildOptions::default()))
    };
    let (one, many) = (build(1), build(7));
    assert!(one.files.len() > 8);
    assert_eq!(one.files, many.files);
    assert_eq!(one.diagnostics, many.diagnostics);
}

#[test]
fn a_part_of_a_book_leaves_its_search_whole() {
    let config = b"project: {type: website}\nwebsite: {title: T, navbar: {left: [index.qmd]}}\n";
    let pages: [(&str, &[u8]); 3] =
        [("_quarto.yml", config), ("index.qmd", b"# One\n\nalpha\n"), ("other.qmd", b"# Two\n\nbeta\n")];
    let project = Project::new(&pages);
    let output = project.root().join("_site");
    let build = |only: &[&str]| {
        let request = mlsys_engine::locate(project.root(), None).expect("a project");
        let options = mlsys_engine::project::ReadOptions {
            request: mlsys_engine::Request { only: only.iter().map(|name| (*name).to_owned()).collect(), ..request },
            profiles: Vec::new(),
            output_dir: Some(output.clone()),
            format: "html".into(),
            overlay: mlsys_engine::project::Overlay::default(),
        };
        let mut built = mlsys_engine::build(&mlsys_engine::read(&options).expect("a book"), &BuildOptions::default());
        if !only.is_empty() {
            mlsys::output::write::keep_earlier(&mut built.files, &output);
        }
        mlsys::output::write::write(&built.files, &output, mlsys::output::write::Earlier::Keep).expect("written");
        std::fs::read_to_string(output.join("site_libs/mlsys/search/index.json")).expect("an index")
    };
    let whole = build(&[]);
    std::fs::write(project.root().join("other.qmd"), "# Two\n\ngamma\n").expect("a file");
    assert_eq!(build(&["other"]), whole);
    assert_ne!(build(&[]), whole);
}

/// Symbolic links out of the project are neither followed nor copied; references to them are reported.
#[cfg(unix)]
#[test]
fn links_out_of_the_project_are_not_followed() {
    let outside =
        Project::new(&[("secret.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("secret.md", b"Secret.\n")]);
    let text =
        b"---\ncss: link.css\n---\n\n![A tree](link.svg)\n\n{{< include link.md >}}\n\n![A pear](folder/secret.svg)\n";
    let config = b"project:\n  type: website\n  resources: [folder, link.svg, .hidden/link.svg]\n";
    let project =
        Project::new(&[("_quarto.yml", config), ("index.qmd", text), ("inside.svg", b"<svg/>"), (".hidden/x", b"")]);
    let link = |to: &str, from: &str| {
        std::os::unix::fs::symlink(outside.root().join(to), project.root().join(from)).expect("a link");
    };
    link("secret.svg", "link.svg");
    link("secret.svg", ".hidden/link.svg");
    link("secret.md", "link.md");
    link("secret.md", "link.css");
    link("", "folder");
    std::os::unix::fs::symlink("inside.svg", project.root().join("near.svg")).expect("a link");
    let built = project.build();
    let names: Vec<&String> = built.files.keys().filter(|name| !name.starts_with("site_libs/")).collect();
    assert_eq!(names, ["index.html"], "only the page");
    let mut codes = codes(&built);
    codes.sort_by_key(|code| code.name());
    let expected = [
        Code::InvalidInclude,
        Code::MissingImage,
        Code::MissingImage,
        Code::UnreadableFile,
        Code::UnreadableFile,
        Code::UnreadableFile,
    ];
    assert_eq!(codes, expected, "{:#?}", built.diagnostics);
}

/// A link to a file of the project is that file.
#[cfg(unix)]
#[test]
fn links_within_the_project_are_followed() {
    let text = b"![A tree](near.svg)\n\n{{< include near.md >}}\n";
    let project = Project::new(&[CONFIG, ("index.qmd", text), ("inside.svg", b"<svg/>"), ("_text.md", b"Near.\n")]);
    for (to, from) in [("inside.svg", "near.svg"), ("_text.md", "near.md")] {
        std::os::unix::fs::symlink(to, project.root().join(from)).expect("a link");
    }
    let built = project.build();
    assert_eq!(codes(&built), [], "{:#?}", built.diagnostics);
    assert!(built.files.contains_key("near.svg"));
}

/// A pipe that is named as a file is not waited for.
#[cfg(unix)]
#[test]
fn pipes_and_devices_are_not_read() {
    let project = Project::new(&[CONFIG, ("index.qmd", b"{{< include pipe.md >}}\n")]);
    let made = std::process::Command::new("mkfifo").arg(project.root().join("pipe.md")).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(codes(&project.build()), [Code::InvalidInclude]);
    }
}

/// Ten includes in each of twenty files would expand to 10^20 files.
#[test]
fn includes_that_multiply_are_ended() {
    let files: Vec<(String, String)> = (0..15)
        .map(|at| (format!("_{at}.md"), format!("{{{{< include _{}.md >}}}}\n", at + 1).repeat(10)))
        .chain([("_15.md".to_owned(), ".\n".to_owned())])
        .collect();
    let mut all: Vec<(&str, &[u8])> = vec![CONFIG, ("index.qmd", b"{{< include _0.md >}}\n")];
    all.extend(files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())));
    let built = Project::new(&all).build();
    assert!(codes(&built).contains(&Code::InvalidInclude));
}

/// A picture with something of a photo, as a file.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let pixel = |at: u32| {
        let noise = (at.wrapping_mul(2_654_435_761) >> 27) as u8;
        [(at % width / 5) as u8 ^ noise, (at / width) as u8 ^ noise, (at / 7) as u8]
    };
    let bytes: Vec<u8> = (0..width * height).flat_map(pixel).collect();
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&bytes).expect("a picture");
    writer.finish().expect("an end");
    file
}

#[test]
fn large_pictures_have_smaller_forms_the_same_ones_each_time() {
    let text = b"![A](big.png){fig-alt=a}\n\n![B](big.png){fig-alt=b width=300}\n\n![C](small.png){fig-alt=c}\n";
    let files: [(&str, &[u8]); 4] = [
        ("_quarto.yml", b"project: {type: website}\nwebsite: {search: false}\n"),
        ("index.qmd", text),
        ("big.png", &photo(1000, 200)),
        ("small.png", &photo(60, 20)),
    ];
    let project = Project::new(&files);
    let kept = tempfile::tempdir().expect("a folder");
    let build = |threads, images, cache: Option<&std::path::Path>| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let book = project.read();
        let mut options = BuildOptions { images, ..BuildOptions::default() };
        options.diagrams.cache = cache.and_then(|path| camino::Utf8PathBuf::from_path_buf(path.to_owned()).ok());
        pool.install(|| mlsys_engine::build(&book, &options))
    };
    let built = build(1, Images::Resized, Some(kept.path()));
    assert_eq!(built.files, build(4, Images::Resized, Some(kept.path())).files);
    assert_eq!(built.files, build(2, Images::Resized, None).files);
    let forms: Vec<&String> = built.files.keys().filter(|path| path.contains("/images/")).collect();
    let [wide, narrow] = forms[..] else { panic!("{forms:?}") };
    assert!(wide.contains("big-1000-") && narrow.contains("big-768-"), "{forms:?}");
    let page = |built: &mlsys_engine::Built| match built.files.get("index.html") {
        Some(mlsys_engine::Content::Bytes(page)) => String::from_utf8_lossy(page).into_owned(),
        _ => panic!("no page"),
    };
    let (html, own) = (page(&built), page(&build(1, Images::Original, None)));
    let set = format!("src=\"big.png\" srcset=\"./{narrow} 768w, ./{wide} 1000w\" sizes=\"");
    for shown in ["(max-width: 850px) 100vw, 850px", "(max-width: 300px) 100vw, 300px"] {
        assert!(html.contains(&format!("{set}{shown}\"")), "{shown}: {html}");
    }
    assert_eq!(html.matches("srcset").count(), 2);
    assert!(!own.contains("srcset") && own.contains("src=\"big.png\""));
}

#[test]
fn heavy_images_are_reported_with_their_weight() {
    let heavy = vec![0; 450_000];
    let text = "![A](a.png){fig-alt=\"x\"}\n\n![B](b.png){fig-alt=\"x\"}\n";
    let found = |config: &str| {
        let project = Project::new(&[
            ("_quarto.yml", config.as_bytes()),
            ("index.qmd", text.as_bytes()),
            ("a.png", &heavy[..30_000]),
            ("b.png", &heavy),
        ]);
        let mut book = project.read();
        let found = mlsys_engine::lints::check(&mut book, &BuildOptions::default());
        found.into_iter().filter(|d| d.code == Code::HeavyImages).map(|d| d.message).collect::<Vec<_>>()
    };
    assert_eq!(found("project: {type: website}\n"), ["the 2 images of this page weigh 480 KB, `b.png` alone 450 KB"]);
    assert!(found("project: {type: website}\nmlsys: {images: resized}\n").is_empty());
}
