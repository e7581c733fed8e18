//! mlsys-render
