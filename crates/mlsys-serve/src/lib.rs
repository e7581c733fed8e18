//! Paths and bytes to a browser, files to events. This crate knows nothing of books.
//!
//! It is empty until the command can serve: the server will take the files of a build by their paths and tell browsers which
//! of them have changed, and the watcher will report changes of the files that a build has read.
