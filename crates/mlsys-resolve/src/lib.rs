//! mlsys-resolve
