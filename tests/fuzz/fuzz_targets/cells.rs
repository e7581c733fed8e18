#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if mlsys_fuzz::is_tried(text) {
        mlsys_fuzz::cells(text);
    }
});
