//! Starts kernels.

use super::client::Endpoints;
use super::kernelspec::KernelSpec;
use super::zmtp::Endpoint;
use crate::leaves::cells::socket_folder::socket_folder;
use crate::leaves::marks::random_name;
use crate::leaves::process::{Run, Service};
use camino::Utf8Path;
use serde_json::{Map, Value, json};
use std::ffi::OsString;
use std::io::{Error, Result};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The name of the file with what a kernel prints.
const LOG: &str = "kernel";

/// How a kernel listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// At files in a private folder.
    Ipc,
    /// At ports of this machine, which other users can reach but not sign for.
    Tcp,
}

/// A kernel that is starting or running.
#[derive(Debug)]
pub struct Launched {
    /// Its process.
    pub service: Service,
    /// Where it listens.
    pub endpoints: Endpoints,
    /// The key of signatures.
    pub key: String,
    /// Its private folder.
    folder: TempDir,
}

impl Launched {
    /// What the kernel printed outside of cells.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.folder.path().join(format!("{LOG}.err"))).unwrap_or_default();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }

    /// The bytes of what the kernel printed outside of cells.
    pub fn log_size(&self) -> u64 {
        self.folder.path().join(format!("{LOG}.err")).metadata().map_or(0, |metadata| metadata.len())
    }
}

impl KernelSpec {
    /// The program of the kernel. A kernel that names just `python` means that of its environment.
    pub fn program(&self, interpreter: Option<&Utf8Path>) -> Option<String> {
        let program = self.argv.first()?;
        let is_python = matches!(program.as_str(), "python" | "python3");
        let own = self.prefix.as_ref().map(|prefix| prefix.join("bin/python3")).filter(|python| python.is_file());
        let python = own.as_deref().or(interpreter).filter(|_| is_python);
        Some(python.map_or_else(|| program.clone(), |python| python.to_string()))
    }

    /// The transport that the kernel understands. Those in Python listen as Jupyter's own does; of others we only know that they
    /// have ports.
    pub fn transport(&self) -> Transport {
        let program = self.argv.first().map(Path::new).and_then(Path::file_name).unwrap_or_default();
        let is_python = program.to_string_lossy().starts_with("python");
        if cfg!(unix) && is_python { Transport::Ipc } else { Transport::Tcp }
    }

    /// Starts the kernel in a folder.
    pub fn launch(
        &self,
        program: &str,
        working_folder: &Path,
        environment: &[(&str, String)],
        transport: Transport,
    ) -> Result<Launched> {
        let folder = socket_folder("mlsys-kernel-")?;
        let sockets = Sockets::new(transport, folder.path())?;
        let key = random_name();
        let connection = folder.path().join("connection.json");
        std::fs::write(&connection, sockets.connection(&key).to_string())?;
        let fill = |text: &String| {
            let text = text.replace("{connection_file}", &connection.to_string_lossy());
            let text = text.replace("{resource_dir}", self.file.parent().map_or("", Utf8Path::as_str));
            OsString::from(text.replace("{prefix}", self.prefix.as_ref().map_or("", |prefix| prefix.as_str())))
        };
        let arguments: Vec<OsString> = self.argv.iter().skip(1).map(fill).collect();
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let mut environment = environment.to_vec();
        environment.extend(self.env.iter().map(|(name, value)| (name.as_str(), expand(value))));
        // The user's profile and history have no effect.
        environment.push(("IPYTHONDIR", text(folder.path())));
        environment.push(("JPY_PARENT_PID", std::process::id().to_string()));
        let run = Run {
            program: Path::new(program),
            arguments: &arguments,
            folder: working_folder,
            environment: &environment,
        };
        let service = run.start_guarded(LOG, folder.path())?;
        Ok(Launched { service, endpoints: sockets.endpoints(), key, folder })
    }
}

/// The five sockets of a kernel: shell, control, iopub, stdin, heartbeat.
struct Sockets {
    transport: Transport,
    /// The address, without the number.
    address: String,
    numbers: Vec<u16>,
}

impl Sockets {
    fn new(transport: Transport, folder: &Path) -> Result<Self> {
        match transport {
            Transport::Ipc => {
                let address = folder.join("socket").to_str().map(str::to_owned);
                let address = address.ok_or_else(|| Error::other("the temporary folder's path is not UTF-8"))?;
                Ok(Sockets { transport, address, numbers: (1..=5).collect() })
            }
            Transport::Tcp => {
                // Free ports, as long as nobody takes them before the kernel does.
                let listeners = (0..5).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<Result<Vec<_>>>()?;
                let numbers = listeners.iter().map(|listener| Ok(listener.local_addr()?.port()));
                Ok(Sockets { transport, address: "127.0.0.1".to_owned(), numbers: numbers.collect::<Result<_>>()? })
            }
        }
    }

    /// The content of the connection file.
    fn connection(&self, key: &str) -> Value {
        let mut connection = Map::new();
        let names = ["shell_port", "control_port", "iopub_port", "stdin_port", "hb_port"];
        connection.extend(names.iter().zip(&self.numbers).map(|(name, number)| ((*name).to_owned(), json!(number))));
        let transport = match self.transport {
            Transport::Ipc => "ipc",
            Transport::Tcp => "tcp",
        };
        let texts =
            [("transport", transport), ("ip", &self.address), ("signature_scheme", "hmac-sha256"), ("key", key)];
        connection.extend(texts.map(|(name, text)| (name.to_owned(), json!(text))));
        Value::Object(connection)
    }

    fn endpoints(&self) -> Endpoints {
        let endpoint = |at: usize| {
            let number = self.numbers.get(at).copied().unwrap_or_default();
            match self.transport {
                // ZeroMQ's own form has a hyphen; some kernels write all addresses with a colon.
                Transport::Ipc => Endpoint::Ipc(
                    ["-", ":"].map(|sign| PathBuf::from(format!("{}{sign}{number}", self.address))).into(),
                ),
                Transport::Tcp => Endpoint::Tcp(number),
            }
        };
        Endpoints { shell: endpoint(0), control: endpoint(1), iopub: endpoint(2) }
    }
}

/// A value with the variables that it refers to: `${PATH}`.
fn expand(value: &str) -> String {
    let mut parts = value.split("${");
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => {
                expanded += &std::env::var(name).unwrap_or_else(|_| format!("${{{name}}}"));
                expanded += rest;
            }
            None => expanded = expanded + "${" + part,
        }
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn variables_in_values() {
        assert_eq!(expand("a${NO_SUCH_VARIABLE}b${"), "a${NO_SUCH_VARIABLE}b${");
        assert!(!expand("${PATH}:x").contains("${"));
    }
}
