//! Each pass on the sample book, or on the book that `MLSYS_BOOK` names.
//!
//! `MLSYS_BOOK=/path/to/book/quarto cargo bench -p mlsys`. The benchmark uses one thread, so wall time is CPU time.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "benchmarks read the book that the environment names"
)]
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use camino::{Utf8Path, Utf8PathBuf};
use criterion::{Criterion, criterion_group, criterion_main};
use mlsys_engine::Book;
use mlsys_engine::BuildOptions;

fn book() -> Book {
    let sample = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../quarto");
    let root = std::env::var("MLSYS_BOOK").map_or(sample, Utf8PathBuf::from);
    let options = mlsys_engine::project::ReadOptions {
        request: mlsys_engine::locate(&root, None).expect("a project"),
        profiles: Vec::new(),
        output_dir: Some(root.join("_build/bench")),
        format: "html".into(),
        overlay: mlsys_engine::project::Overlay::default(),
    };
    mlsys_engine::read(&options).expect("a book")
}

fn passes(c: &mut Criterion) {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let book = book();
    let mut group = c.benchmark_group("book");
    group.sample_size(10);
    group.bench_function("parse", |b| {
        b.iter(|| {
            for page in &book.pages {
                let source = &book.sources[page.source.index()];
                std::hint::black_box(mlsys_parse::parse_with_quizzes(source, &book.page_scope(page), &page.quizzes));
            }
        });
    });
    group.bench_function("parse, number and link", |b| {
        b.iter(|| one.install(|| std::hint::black_box(mlsys_engine::linked(&book, &mut Vec::new()))));
    });
    // The difference of the two is the cost of citations, including bibliographies and style.
    let mut uncited = self::book();
    uncited.pages.iter_mut().for_each(|page| page.bibliographies.clear());
    group.bench_function("parse, number and link, without bibliographies", |b| {
        b.iter(|| one.install(|| std::hint::black_box(mlsys_engine::linked(&uncited, &mut Vec::new()))));
    });
    group.bench_function("build", |b| {
        b.iter(|| one.install(|| std::hint::black_box(mlsys_engine::build(&book, &BuildOptions::default()))))
    });
    group.finish();
}

criterion_group!(benches, passes);
criterion_main!(benches);
