//! What expressions and patterns of Rust say: names, texts, the beginnings of chains.

use syn::{Expr, Lit, Pat};

/// The value at the beginning of a chain: `meta` of `self.meta.get("a")?.get("b")`.
pub fn root(expression: &Expr) -> &Expr {
    match expression {
        Expr::MethodCall(call) => root(&call.receiver),
        Expr::Try(of) => root(&of.expr),
        Expr::Index(of) => root(&of.expr),
        Expr::Paren(of) => root(&of.expr),
        Expr::Reference(of) => root(&of.expr),
        Expr::Unary(of) => root(&of.expr),
        _ => expression,
    }
}

/// The last name of a path or of a field.
pub fn name_of(expression: &Expr) -> Option<String> {
    match root(expression) {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        Expr::Field(field) => match &field.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(_) => None,
        },
        _ => None,
    }
}

/// The text of a literal, of what `format!` puts together, and of the branches of an `if`.
pub fn texts(expression: &Expr) -> Vec<String> {
    let of_block = |block: &syn::Block| match block.stmts.last() {
        Some(syn::Stmt::Expr(expression, None)) => texts(expression),
        _ => Vec::new(),
    };
    match root(expression) {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => vec![text.value()],
            _ => Vec::new(),
        },
        Expr::Macro(of) if of.mac.path.is_ident("format") => arguments(&of.mac).first().map(texts).unwrap_or_default(),
        Expr::If(of) => {
            let otherwise = of.else_branch.as_ref().map(|(_, expression)| texts(expression)).unwrap_or_default();
            of_block(&of.then_branch).into_iter().chain(otherwise).collect()
        }
        Expr::Block(of) => of_block(&of.block),
        Expr::Call(call) if name_of(&call.func).as_deref() == Some("Some") => {
            call.args.iter().flat_map(texts).collect()
        }
        _ => Vec::new(),
    }
}

/// The texts that `key` takes when a pattern takes the items of a list one after the other.
pub fn list(list: &Expr, pattern: &Pat) -> Option<Vec<String>> {
    let Expr::Array(array) = list else { return None };
    let item = |item: &Expr| match (item, pattern) {
        (Expr::Tuple(values), Pat::Tuple(patterns)) => {
            texts(&values.elems[patterns.elems.iter().position(binds_key)?]).pop()
        }
        _ => texts(item).pop().filter(|_| binds_key(pattern)),
    };
    array.elems.iter().map(item).collect()
}

pub fn pattern_name(pattern: &Pat) -> Option<String> {
    match pattern {
        Pat::Ident(name) => Some(name.ident.to_string()),
        Pat::Type(of) => pattern_name(&of.pat),
        _ => None,
    }
}

pub fn binds_key(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(name) => name.ident == "key",
        Pat::Type(of) => binds_key(&of.pat),
        Pat::Reference(of) => binds_key(&of.pat),
        _ => false,
    }
}

pub fn parameters(signature: &syn::Signature) -> Vec<&Pat> {
    signature
        .inputs
        .iter()
        .filter_map(|input| if let syn::FnArg::Typed(of) = input { Some(&*of.pat) } else { None })
        .collect()
}

/// The arguments of a macro as far as they are expressions.
pub fn arguments(of: &syn::Macro) -> Vec<Expr> {
    let parse = |input: syn::parse::ParseStream<'_>| {
        let mut found = Vec::new();
        while !input.is_empty() {
            match input.parse::<Expr>() {
                Ok(expression) => found.push(expression),
                Err(_) => break,
            }
            if input.parse::<syn::Token![,]>().is_err() {
                break;
            }
        }
        input.step(|cursor| {
            let mut rest = *cursor;
            while let Some((_, next)) = rest.token_tree() {
                rest = next;
            }
            Ok(((), rest))
        })?;
        Ok(found)
    };
    of.parse_body_with(parse).unwrap_or_default()
}

pub fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}
