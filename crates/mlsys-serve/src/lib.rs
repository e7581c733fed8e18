//! mlsys-serve
