//! Writing a site: the old one stays until the new one is complete, and only files of builds are removed.
#![allow(clippy::disallowed_methods, reason = "tests read and write files")]

use camino::{Utf8Path, Utf8PathBuf};
use mlsys::output::write::{Earlier, Written, clean, write};
use mlsys_engine::{Content, Files};
use std::collections::BTreeMap;

fn site(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, text)| ((*path).to_owned(), Content::Bytes(text.as_bytes().into()))).collect()
}

/// The files in a folder, the list of written ones left out.
fn there(folder: &Utf8Path) -> BTreeMap<String, String> {
    fn collect(folder: &Utf8Path, inside: &Utf8Path, found: &mut BTreeMap<String, String>) {
        for entry in folder.join(inside).read_dir_utf8().expect("a folder").flatten() {
            let path = inside.join(entry.file_name());
            if entry.path().is_dir() {
                collect(folder, &path, found);
            } else if path != mlsys::output::write::LIST {
                found.insert(path.to_string(), std::fs::read_to_string(entry.path()).expect("a text"));
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(folder, Utf8Path::new(""), &mut found);
    found
}

fn texts(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("a path of UTF-8");
    (folder, path)
}

#[test]
fn what_the_new_site_lacks_is_removed_and_other_files_stay() {
    let (_keep, out) = folder();
    let first = site(&[("index.html", "1"), ("a/old.html", "old"), ("b/c.html", "c")]);
    assert_eq!(
        write(&first, &out, Earlier::Remove).expect("written"),
        Written { changed: 3, unchanged: 0, removed: 0 }
    );
    std::fs::write(out.join("CNAME"), "example.org").expect("a file");
    std::fs::write(out.join("a/mine.txt"), "mine").expect("a file");
    let second = site(&[("index.html", "2"), ("new.html", "new")]);
    assert_eq!(
        write(&second, &out, Earlier::Remove).expect("written"),
        Written { changed: 2, unchanged: 0, removed: 2 }
    );
    let expected = texts(&[("CNAME", "example.org"), ("a/mine.txt", "mine"), ("index.html", "2"), ("new.html", "new")]);
    assert_eq!(there(&out), expected);
    assert!(!out.join("b").exists(), "folders that are left empty go");
    assert_eq!(
        write(&second, &out, Earlier::Remove).expect("written"),
        Written { changed: 0, unchanged: 2, removed: 0 }
    );
}

#[test]
fn a_part_of_the_site_removes_nothing_and_is_not_forgotten() {
    let (_keep, out) = folder();
    write(&site(&[("a.html", "a"), ("b.html", "b")]), &out, Earlier::Remove).expect("written");
    write(&site(&[("a.html", "A"), ("c.html", "c")]), &out, Earlier::Keep).expect("written");
    assert_eq!(there(&out), texts(&[("a.html", "A"), ("b.html", "b"), ("c.html", "c")]));
    let written = write(&site(&[("a.html", "A")]), &out, Earlier::Remove).expect("written");
    assert_eq!(written.removed, 2);
}

#[test]
fn a_failure_leaves_the_old_site() {
    let (_keep, out) = folder();
    write(&site(&[("index.html", "old"), ("z.html", "z")]), &out, Earlier::Remove).expect("written");
    let mut broken = site(&[("index.html", "new"), ("more.html", "more")]);
    broken.insert("picture.png".to_owned(), Content::Copy(out.join("nowhere.png")));
    let message = write(&broken, &out, Earlier::Remove).expect_err("the picture is not there");
    assert!(message.to_string().contains("picture.png"), "{message}");
    assert_eq!(there(&out), texts(&[("index.html", "old"), ("z.html", "z")]));
}

#[test]
fn what_a_build_that_was_cut_off_left_is_tidied_up() {
    let (_keep, out) = folder();
    write(&site(&[("index.html", "1")]), &out, Earlier::Remove).expect("written");
    std::fs::create_dir_all(out.join(".mlsys-new/a")).expect("a folder");
    std::fs::write(out.join(".mlsys-new/a/half.html"), "<p>ha").expect("a file");
    write(&site(&[("index.html", "1")]), &out, Earlier::Remove).expect("written");
    assert_eq!(there(&out), texts(&[("index.html", "1")]));
}

#[test]
fn files_and_folders_may_change_places() {
    let (_keep, out) = folder();
    write(&site(&[("a", "file"), ("b/c", "c")]), &out, Earlier::Remove).expect("written");
    write(&site(&[("a/d", "d"), ("b", "file")]), &out, Earlier::Remove).expect("written");
    assert_eq!(there(&out), texts(&[("a/d", "d"), ("b", "file")]));
}

#[test]
fn the_list_cannot_lead_out_of_the_folder() {
    let (_keep, above) = folder();
    let out = above.join("site");
    std::fs::write(above.join("precious.txt"), "p").expect("a file");
    write(&site(&[("index.html", "1")]), &out, Earlier::Remove).expect("written");
    let list = format!("../precious.txt\n{above}/precious.txt\n");
    std::fs::write(out.join(mlsys::output::write::LIST), list).expect("a file");
    write(&site(&[("index.html", "2")]), &out, Earlier::Remove).expect("written");
    assert!(above.join("precious.txt").exists());
}

#[test]
fn cleaning_removes_what_builds_wrote_and_nothing_else() {
    let (_keep, above) = folder();
    let out = above.join("site");
    write(&site(&[("index.html", "1"), ("a/b.html", "b")]), &out, Earlier::Remove).expect("written");
    std::fs::write(out.join("CNAME"), "example.org").expect("a file");
    assert_eq!(clean(&out), 2);
    assert_eq!(there(&out), texts(&[("CNAME", "example.org")]));
    std::fs::remove_file(out.join("CNAME")).expect("removed");
    write(&site(&[("index.html", "1")]), &out, Earlier::Remove).expect("written");
    assert_eq!(clean(&out), 1);
    assert!(!out.exists());
}

#[test]
fn a_folder_of_the_authors_own_gets_no_list() {
    let (_keep, out) = folder();
    std::fs::write(out.join("page.qmd"), "Text.").expect("a file");
    write(&site(&[("page.html", "<p>")]), &out, Earlier::Unlisted).expect("written");
    assert!(!out.join(mlsys::output::write::LIST).exists());
    assert_eq!(there(&out), texts(&[("page.html", "<p>"), ("page.qmd", "Text.")]));
}
