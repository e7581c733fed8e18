//! Looks for inputs that take more than linear time or end the command: `measure_growth COMMAND SECONDS [SEED [FOLDER [ENDING]]]`.
//!
//! It takes an example of the fixtures, repeats random pieces of one of its files at a random place of it until the file has
//! 100 and 400 KB, or copies the file 100 and 400 times, and compares the user time of `build` and of `check`. The same seed
//! tries the same inputs, as far as the time reaches; what is wrong is left in the folder. With an ending only files of this kind
//! grow. The user time of a child is read from `/proc`, so it measures on Linux.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "it writes projects, starts the command, measures time and prints what it finds"
)]

use mlsys_tests::growth::Input;
use mlsys_tests::random::Random;
use mlsys_tests::{Example, examples};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Time below which nothing is compared: what the process itself costs would hide the growth.
const SHORTEST: Duration = Duration::from_millis(500);

/// The larger input may take this many times as long as the smaller one, which is a quarter of it.
const MOST: u32 = 6;

/// A run that takes longer is ended.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a run ended.
enum End {
    Done(Duration),
    /// There was nothing to build, for instance because of the configuration.
    Failed,
    TooLong,
    Broken(String),
}

/// The user time of all children that have ended (`proc(5)`, the field `cutime` of `/proc/self/stat`, in hundredths).
fn time_of_children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().nth(13).and_then(|field| field.parse().ok()).unwrap_or(0);
    Duration::from_millis(10 * ticks)
}

fn run(command: &Path, verb: &str, folder: &Path) -> std::io::Result<End> {
    let before = time_of_children();
    let told = folder.with_extension("err");
    let mut child = Command::new(command)
        .args([verb, "--diagrams", "off"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&told)?)
        .spawn()?;
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(End::TooLong);
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let told = String::from_utf8_lossy(&std::fs::read(&told)?).into_owned();
    if !matches!(status.code(), Some(0..=2)) || told.contains("panicked at") {
        return Ok(End::Broken(format!("{status}: {}", told.lines().next().unwrap_or_default())));
    }
    if status.code() == Some(2) {
        return Ok(End::Failed);
    }
    Ok(End::Done(time_of_children().saturating_sub(before)))
}

/// What came of an input.
enum Outcome {
    Fine,
    Failed,
    Wrong(String),
}

fn measure(command: &Path, input: &Input, folder: &Path) -> std::io::Result<Outcome> {
    let once = |times: usize| {
        input.write(folder, times)?;
        run(command, input.verb, folder)
    };
    let large = match once(4)? {
        End::Broken(how) => return Ok(Outcome::Wrong(format!("broken ({how})"))),
        End::Failed => return Ok(Outcome::Failed),
        End::TooLong => PATIENCE,
        End::Done(time) => time,
    };
    if large < SHORTEST {
        return Ok(Outcome::Fine);
    }
    let End::Done(small) = once(1)? else { return Ok(Outcome::Wrong("wrong at the smaller size".into())) };
    if large <= small * MOST {
        return Ok(Outcome::Fine);
    }
    // Once more, because another process may have been in the way.
    let End::Done(again) = once(4)? else { return Ok(Outcome::Wrong("too long".into())) };
    let large = large.min(again);
    Ok(match large > small * MOST {
        true => Outcome::Wrong(format!("{:.2} -> {:.2} s", small.as_secs_f64(), large.as_secs_f64())),
        false => Outcome::Fine,
    })
}

/// The examples of all fixtures with where they stand. Those of `site/` begin with what the fixture looks at.
fn all_examples() -> std::io::Result<Vec<(String, Example)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for stage in ["parse", "check", "render", "site", "edit", "resolve", "search"] {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(root.join(stage))?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for mut example in examples(&std::fs::read_to_string(&path)?) {
                example.files.retain(|(path, _)| path != "show");
                found.push((format!("{stage}/{name}:{}", example.line), example));
            }
        }
    }
    Ok(found)
}

/// The files of the examples by their endings: the number of the example and that of the file in it.
fn by_ending(examples: &[(String, Example)]) -> BTreeMap<&str, Vec<(usize, usize)>> {
    let mut endings: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, (_, example)) in examples.iter().enumerate() {
        for (file, (name, _)) in example.files.iter().enumerate() {
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            endings.entry(ending).or_default().push((at, file));
        }
    }
    endings
}

fn search(
    command: &Path,
    limit: Duration,
    seed: u64,
    kept: Option<&Path>,
    ending: Option<&str>,
) -> std::io::Result<usize> {
    let examples = all_examples()?;
    let endings: Vec<Vec<(usize, usize)>> = by_ending(&examples)
        .into_iter()
        .filter(|(own, _)| ending.is_none_or(|wanted| wanted == *own))
        .map(|(_, files)| files)
        .collect();
    let all = endings.concat();
    let folder = tempfile::tempdir()?;
    let project = folder.path().join("project");
    let (start, mut random) = (Instant::now(), Random(seed));
    let (mut tried, mut wrong, mut failed) = (0, 0, 0);
    while start.elapsed() < limit {
        // Most files are pages: every other time it is another kind's turn.
        let files = if random.below(2) == 0 { random.one_of(&endings) } else { Some(&all) };
        let Some(&(at, file)) = files.and_then(|files| random.one_of(files)) else { break };
        let Some((name, example)) = examples.get(at) else { break };
        let other = random.one_of(&examples).and_then(|(_, other)| random.one_of(&other.files));
        let input = Input::from(example, file, other.map_or("", |(_, text)| text), &mut random);
        tried += 1;
        match measure(command, &input, &project)? {
            Outcome::Fine => {}
            Outcome::Failed => failed += 1,
            Outcome::Wrong(how) => {
                wrong += 1;
                println!("{wrong}. {how}: {}", input.describe(name));
                if let Some(kept) = kept {
                    input.write(&kept.join(wrong.to_string()), 4)?;
                }
            }
        }
    }
    println!("{tried} inputs, {wrong} wrong, {failed} with nothing to build");
    Ok(wrong)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(command), Some(seconds)) = (arguments.first(), arguments.get(1).and_then(|n| n.parse().ok())) else {
        eprintln!("usage: measure_growth COMMAND SECONDS [SEED [FOLDER [ENDING]]]");
        return ExitCode::from(2);
    };
    let seed = arguments.get(2).and_then(|s| s.parse().ok()).unwrap_or(1);
    let (kept, ending) = (arguments.get(3).map(Path::new), arguments.get(4).map(String::as_str));
    match search(Path::new(command), Duration::from_secs(seconds), seed, kept, ending) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
