//! Cells of all other languages, by the Jupyter protocol: each page runs in a kernel of its own.
//!
//! We start the kernel and speak its protocol ourselves, so that Jupyter need not be installed, only the kernel. Kernels in Python
//! listen at sockets in a private folder, others at ports of this machine; either way messages are signed with a key of the run.
//!
//! | what | how |
//! |---|---|
//! | inline values | `user_expressions`; kernels without them run the expression, and what it displays or prints is its value |
//! | time limit | the kernel is interrupted, so that its traceback shows where it was, and then killed |
//! | end of this process | a guard kills the kernel and its processes |
//! | dependencies | the kernel's file, and files that a word in the code names; what a kernel opens is not seen |
//!
//! `jupyter: python3` does not come here: [`crate::leaves::cells::python`] runs it without Jupyter.

mod client;
mod failure;
mod kernelspec;
mod launch;
mod limits;
mod message;
mod outputs;
mod run;
mod setup;
mod zmtp;

pub use kernelspec::{KernelSpec, KernelSpecs, Variables};
pub use limits::PageLimits;
pub use run::Kernel;
