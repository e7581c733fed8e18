# Runs the cells and inline values of one page with knitr and reports their results as frames (see `frames.rs`).
# The argument is a folder with `job.R`, an expression that gives a list (see `job.rs`). Nothing here is visible to the page's
# code except the environment `tools:mlsys` on the search path, which survives `rm(list = ls())`.
local({
  folder <- normalizePath(commandArgs(TRUE)[[1]], "/")
  job <- eval(parse(file.path(folder, "job.R"), encoding = "UTF-8", keep.source = FALSE))
  frames <- file.path(folder, "frames")
  figures <- file.path(folder, "figures")
  libraries <- file.path(folder, "libraries")
  for (path in c(figures, libraries)) dir.create(path, showWarnings = FALSE)

  # What runs now: the step, the line of its code, and what its hooks recorded.
  now <- new.env()
  now$step <- 0L
  now$line <- 0L
  now$outputs <- list()
  # The lines of the errors that are shown.
  now$errors <- integer()
  # The code of the cell, and the last line of the top-level expression that runs.
  now$code <- character()
  now$end <- 0L
  # The last warning.
  now$warning <- ""

  # --- Frames ---------------------------------------------------------------------------------------------------------------

  # Appends a frame. The file is opened for each: code of a page may call closeAllConnections().
  base_file <- base::file
  emit <- function(kind, ...) {
    fields <- vapply(list(...), function(x) enc2utf8(paste(as.character(x), collapse = "\n")), "")
    to <- base_file(frames, "ab")
    on.exit(close(to))
    writeBin(charToRaw(paste0(kind, " ", length(fields), "\n")), to)
    for (field in fields) {
      bytes <- charToRaw(field)
      writeBin(c(charToRaw(paste0(length(bytes), "\n")), bytes, charToRaw("\n")), to)
    }
  }

  fail <- function(message, traceback = "", hint = "", line = 0L, column = 0L) {
    emit("failure", message, traceback, hint, line, column)
    quit("no", status = 0L, runLast = FALSE)
  }

  begin <- function(i) {
    if (now$step == i) return(invisible())
    now$step <- i
    now$line <- 0L
    now$outputs <- list()
    now$errors <- integer()
    now$code <- character()
    step <- job$steps[[i]]
    emit("begin", step$kind, step$index)
    if (step$kind == "value" || step$language == "r") read_literals(step$code)
  }

  if (!requireNamespace("knitr", quietly = TRUE))
    fail("the R package `knitr` is not installed", hint = "run `install.packages(c(\"knitr\", \"rmarkdown\"))` in R")

  # --- Files that the code reads ----------------------------------------------------------------------------------------------

  setwd(job$folder)
  installed <- normalizePath(c(R.home(), .libPaths(), tempdir(), folder), "/", mustWork = FALSE)
  read <- new.env()
  note_read <- function(path) {
    if (!file.exists(path) || dir.exists(path)) return(invisible())
    path <- normalizePath(path, "/", mustWork = FALSE)
    if (!is.null(read[[path]]) || any(startsWith(path, paste0(installed, "/")))) return(invisible())
    read[[path]] <- TRUE
    emit("read", path)
  }

  # Strings in the code that name files: packages read many formats in C, where connections are not seen.
  read_literals <- function(code) {
    strings <- function(x) {
      if (is.character(x)) x
      else if (is.call(x) || is.expression(x) || is.pairlist(x)) unlist(lapply(as.list(x), strings))
    }
    parsed <- tryCatch(parse(text = code, keep.source = FALSE), error = function(e) NULL)
    for (text in strings(parsed)) if (nzchar(text) && nchar(text, "bytes") < 1000 && !grepl("\n", text)) note_read(text)
  }

  # R's own functions for reading (read.csv, readLines, readRDS, load, source, scan, ...) open connections by these.
  in_base <- function(name, wrap) {
    original <- get(name, baseenv())
    body(original) <- wrap(body(original))
    unlockBinding(name, baseenv())
    assign(name, original, baseenv())
    lockBinding(name, baseenv())
  }
  seen <- function(path, open) {
    if (is.character(path) && length(path) == 1L && is.character(open) && (open == "" || startsWith(open, "r")))
      note_read(sub("^file://", "", path))
  }
  for (name in c("file", "gzfile", "bzfile", "xzfile")) in_base(name, function(body) bquote({
    .(seen)(description, open)
    .(body)
  }))
  # `evaluate` collects what a cell prints by the outermost `sink()`. A copy goes to standard output, a file of which the parent
  # process sees the size.
  in_base("sink", function(body) bquote({
    if (!is.null(file) && identical(type[[1]], "output") && sink.number() == 0L) split <- TRUE
    .(body)
  }))

  # --- Options ----------------------------------------------------------------------------------------------------------------

  # The value of an option. `!expr` of YAML and expressions in the braces are run in the page's environment.
  value_of <- function(x) {
    if (is.list(x) && identical(names(x), "!expr")) x <- paste("!expr", x[[1]])
    if (is.character(x) && length(x) == 1L && startsWith(x, "!expr "))
      return(eval(parse(text = substring(x, 7), keep.source = FALSE), knitr::knit_global()))
    x
  }
  logical_options <- c("eval", "echo", "include", "warning", "message", "error", "collapse", "purl")

  # knitr's name of an option: `fig-width` is `fig.width`, but Quarto's own options have no dots.
  quarto_options <- c("fig-column", "fig-cap-location", "tbl-column", "tbl-cap-location", "df-print", "code-fold", "code-summary")
  knitr_name <- function(name) {
    if (name %in% quarto_options) name
    else if (name == "fig-format") "dev"
    else if (name == "fig-dpi") "dpi"
    else if (grepl("^(fig|out|class|attr|resize|dev|tidy|strip|engine|opts|ref|R|max|sql|paged|rows|cols|pages|rownames)-", name) ||
             name %in% c("animation-hook", "ffmpeg-bitrate")) gsub("-", ".", name, fixed = TRUE)
    else name
  }

  # Called by the header of each chunk, as `option=.mlsys$option(step, name)`.
  option <- function(i, name) {
    begin(i)
    value <- value_of(job$steps[[i]]$options[[name]])
    if (knitr_name(name) %in% logical_options && is.character(value) && !value %in% c("fenced", "asis", "hide"))
      value <- eval(parse(text = value, keep.source = FALSE), knitr::knit_global())
    if (name == "fig-format" && identical(value, "retina")) value <- "png"
    value
  }

  # --- Outputs ----------------------------------------------------------------------------------------------------------------

  # knitr's hooks return text and knitr joins it. Each of our hooks records its output and returns a mark, so that the order of
  # the marks in the chunk's text is the order of the outputs, and text without a mark is Markdown of the page's own hooks.
  record <- function(...) {
    now$outputs[[length(now$outputs) + 1L]] <- list(...)
    paste0("\002", length(now$outputs), "\003")
  }
  one <- function(x) paste(x, collapse = "\n")
  is_child <- function() isTRUE(knitr::opts_knit$get("child"))
  is_asis <- function(options) identical(options$results, "asis")
  plain <- function(x) sub("\n+$", "", one(x))

  # Evaluated options of an output for its metadata, in pairs of a name and a value.
  metadata <- function(options) {
    pairs <- character()
    for (name in c("fig.cap", "fig.subcap", "fig.scap", "fig.alt", "fig.link", "fig.align", "fig.env", "fig.pos", "tbl-cap")) {
      value <- options[[name]]
      if (is.character(value) && length(value) && nzchar(value[[1]]) && !value[[1]] %in% c("default", "figure"))
        pairs <- c(pairs, gsub(".", "-", name, fixed = TRUE), value[[1]])
    }
    pairs
  }
  display <- function(mime, payload, options, name = "", width = NULL, height = NULL) {
    size <- function(x) if (length(x)) x[[1]] else ""
    do.call(record, c(list("display", mime, payload, name, size(width), size(height)), as.list(metadata(options))))
  }

  mime_of <- function(path) switch(tolower(tools::file_ext(path)),
    png = "image/png", jpg = , jpeg = "image/jpeg", svg = "image/svg+xml", gif = "image/gif", webp = "image/webp",
    pdf = "application/pdf", "application/octet-stream")

  markdown <- knitr::hooks_markdown()
  # In documents that a chunk knits, outputs are written as Markdown: they are part of one output of the chunk.
  in_parts <- function(name, hook) function(x, options) if (is_child()) markdown[[name]](x, options) else hook(x, options)

  source_hook <- function(x, options) {
    if (isTRUE(options$prompt)) x <- paste0(ifelse(grepl("^\\s*[})]", x), "+ ", "> "), x)
    record("source", plain(x))
  }
  output_hook <- function(x, options) if (is_asis(options)) x else record("stream", x)
  condition_hook <- function(x, options) record("condition", plain(x))
  error_hook <- function(x, options) {
    line <- if (length(now$errors)) now$errors[[1]] else 0L
    now$errors <- now$errors[-1]
    record("error", plain(x), line)
  }

  # Files that a chunk draws are reported with their bytes; the author's own (`include_graphics()`) by their path.
  plot_hook <- function(x, options) {
    if (identical(options$fig.show, "animate") && isTRUE(options$fig.num > 1L)) {
      if (options$fig.cur < options$fig.num) return("")
      if (is.null(options$animation.hook)) options$animation.hook <- "gifski"
      hook <- getFromNamespace("hook_animation", "knitr")(options)
      return(hook(x, options))
    }
    drawn <- startsWith(x, paste0(figures, "/"))
    if (is_child()) {
      if (drawn) emit("file", path <- paste0(job$stem, "_files/figure-html/", basename(x)), x) else path <- x
      size <- c(sprintf("width=%s", options$out.width), sprintf("height=%s", options$out.height))
      size <- if (length(size)) paste0("{", paste(size, collapse = " "), "}")
      return(paste0("![", paste(options$fig.cap, collapse = ""), "](", path, ")", size, "\n"))
    }
    mime <- if (drawn) mime_of(x) else "text/uri-list"
    display(mime, x, options, if (drawn) basename(x) else "", options$out.width, options$out.height)
  }

  # Prints the value of a top-level expression. What `knit_print()` returns as Markdown is an output of its own.
  render <- function(x, options, ...) {
    method <- options[["df-print"]]
    if (is.null(method)) method <- "default"
    shown <- withVisible(
      if (is.data.frame(x) && method == "kable")
        knitr::asis_output(one(c("<div class=\"kable-table\">", "", knitr::kable(x), "", "</div>")))
      else if (is.data.frame(x) && method == "paged")
        knitr::asis_output(getFromNamespace("paged_table_html", "rmarkdown")(x),
                           meta = list(rmarkdown::html_dependency_pagedtable()))
      else if (is.data.frame(x) && method == "tibble" && requireNamespace("tibble", quietly = TRUE)) print(tibble::as_tibble(x))
      else knitr::knit_print(x, options = options, ...))
    value <- shown$value
    if (inherits(value, "knit_asis") && !inherits(value, c("knit_image_paths", "knit_embed_url", "html_screenshot"))) {
      text <- paste(as.character(value), collapse = "")
      if (!is_asis(options) && !is_child()) {
        is_html <- grepl("^\\s*<\\w+[ >]", text) && grepl("</\\w+>\\s*$", text) && !grepl("^<div class=\"kable-table\">", text)
        text <- display(if (is_html) "text/html" else "text/markdown", text, options)
      }
      value <- structure(text, class = "knit_asis", knit_meta = attr(value, "knit_meta"), knit_cacheable = NA)
    }
    if (shown$visible) value else invisible(value)
  }

  # The end of a cell: its outputs, in the order of their marks.
  finish <- function(x, options) {
    step <- job$steps[[now$step]]
    parts <- regmatches(x, gregexpr("\002[0-9]+\003", x), invert = NA)[[1]]
    outputs <- list()
    for (part in parts) {
      if (grepl("^\002[0-9]+\003$", part)) outputs <- c(outputs, now$outputs[as.integer(gsub("[^0-9]", "", part))])
      else if (grepl("[^ \n\t]", part)) outputs <- c(outputs, list(list("asis", part)))
    }
    if (!isTRUE(options$include)) outputs <- list()
    if (isTRUE(options$collapse)) outputs <- collapse(outputs)
    for (output in outputs) do.call(emit, output)
    emit("end", step$kind, step$index)
  }

  # `collapse: true`: text outputs are part of the source block before them.
  collapse <- function(outputs) {
    joined <- list()
    for (output in outputs) {
      last <- length(joined)
      if (last && joined[[last]][[1]] == "source" && output[[1]] %in% c("source", "stream", "condition"))
        joined[[last]][[2]] <- paste0(joined[[last]][[2]], "\n", plain(output[[2]]))
      else joined <- c(joined, list(output))
    }
    joined
  }

  chunk_hook <- function(x, options) {
    if (is_child() || is.null(options$mlsys.step)) return(markdown$chunk(x, options))
    # The page's code has put a hook of its own around this one: `outer_hook` ends the cell.
    if (is.function(now$page_hook)) return(x)
    finish(x, options)
    ""
  }
  outer_hook <- function(x, options) {
    x <- now$page_hook(x, options)
    if (is_child() || is.null(options$mlsys.step)) return(x)
    finish(x, options)
    ""
  }

  # --- Steps ------------------------------------------------------------------------------------------------------------------

  # The value of each chunk's option `mlsys.step`.
  start <- function(i) {
    begin(i)
    hook <- knitr::knit_hooks$get("chunk")
    if (!identical(hook, chunk_hook) && !identical(hook, outer_hook)) {
      now$page_hook <- hook
      knitr::knit_hooks$set(chunk = outer_hook)
    }
    i
  }

  # Runs an inline expression, as knitr does.
  inline <- function(i) {
    begin(i)
    warnings <- character()
    value <- withCallingHandlers(
      knitr::knit_hooks$get("evaluate.inline")(job$steps[[i]]$code, knitr::knit_global()),
      warning = function(w) {
        warnings <<- c(warnings, conditionMessage(w))
        if (!is.null(findRestart("muffleWarning", w))) invokeRestart("muffleWarning")
      })
    for (message in utils::head(unique(warnings), 5L)) emit("warning", message)
    if (inherits(value, c("knit_asis", "knit_asis_url"))) {
      knitr::knit_meta_add(attr(value, "knit_meta"))
      value <- as.character(value)
    }
    emit("text", if (length(value)) paste(knitr::knit_hooks$get("inline")(value), collapse = "") else "")
    emit("end", "value", job$steps[[i]]$index)
    invisible("")
  }

  # Knits the documents of the option `child`.
  child <- function(i) {
    files <- as.character(unlist(value_of(job$steps[[i]]$options$child)))
    for (path in files[!file.exists(files)])
      fail(sprintf("the child document `%s` does not exist", path), hint = "its path is relative to the working folder")
    for (path in files) cat(knitr::knit_child(path, quiet = TRUE, envir = knitr::knit_global()), "\n", sep = "")
  }

  # Quarto's function for inline values in braces. Source: Quarto, `src/resources/rmd/execute.R`.
  inline_render <- function(v) {
    if (is.null(v)) "NULL"
    else if (inherits(v, "AsIs") || !is.character(v)) v
    else gsub("(\\[|\\]|[`*_{}()>#+-.!])", "\\\\\\1", v)
  }

  visible <- attach(NULL, name = "tools:mlsys")
  assign(".mlsys", list(option = option, start = start, inline = inline, child = child), visible)
  assign(".QuartoInlineRender", inline_render, visible)

  # The page's text for knitr: one chunk or inline expression a step.
  text_of <- function(i) {
    step <- job$steps[[i]]
    if (step$kind == "value") return(c(sprintf("`r .mlsys$inline(%dL)`", i), ""))
    code <- strsplit(step$code, "\n", fixed = TRUE)[[1]]
    names <- setdiff(as.character(names(step$options)), c("label", "id", "cache", "engine", "dependson", "autodep"))
    names <- names[!startsWith(names, "cache")]
    # Chunks without a label are named by their number on the page, which counts those that are not run.
    label <- if (nzchar(step$label)) step$label else paste0("unnamed-chunk-", step$index + 1L)
    header <- paste0("label=", deparse(label))
    header <- c(header, sprintf("mlsys.step=.mlsys$start(%dL)", i))
    if ("child" %in% names) {
      code <- sprintf(".mlsys$child(%dL)", i)
      names <- setdiff(names, c("child", "results", "output", "echo"))
      header <- c(header, "results='asis'", "echo=FALSE")
    }
    header <- c(header, vapply(names, function(name) {
      sprintf("`%s`=.mlsys$option(%dL, %s)", knitr_name(name), i, deparse(name))
    }, "", USE.NAMES = FALSE))
    given <- vapply(names, knitr_name, "", USE.NAMES = FALSE)
    if ("warning" %in% given) header <- c(header[!grepl("^`message`=", header)], sprintf("message=.mlsys$option(%dL, 'warning')", i))
    if (isTRUE(step$allow_error)) header <- c(header[!grepl("^`error`=", header)], "error=TRUE")
    if ("dev" %in% given) header <- c(header, sprintf("fig.retina=%d", if (identical(step$options[["fig-format"]], "retina")) 2L else 1L))
    ticks <- max(3L, nchar(regmatches(step$code, gregexpr("`+", step$code))[[1]]) + 1L)
    fence <- strrep("`", ticks)
    engine <- value_of(step$options[["engine"]])
    if (!is.character(engine) || length(engine) != 1L || !nzchar(engine)) engine <- step$language
    c(paste0(fence, "{", engine, ", ", paste(header, collapse = ", "), "}"), code, fence, "")
  }

  # --- Settings, as Quarto's ---------------------------------------------------------------------------------------------------

  labels <- vapply(job$steps, function(step) if (step$kind == "cell") step$label else "", "")
  twice <- which(duplicated(labels) & nzchar(labels))
  if (length(twice) && !identical(getOption("knitr.duplicate.label"), "allow")) {
    begin(twice[[1]])
    fail(sprintf("two cells have the label `%s`", labels[[twice[[1]]]]), hint = "give each cell a label of its own")
  }

  knitr::render_markdown()
  knitr::opts_knit$set(progress = FALSE, root.dir = job$folder, quarto.version = 1, rmarkdown.pandoc.from = "markdown",
                       rmarkdown.pandoc.to = "html", rmarkdown.version = 3, rmarkdown.runtime = "static")
  execute <- job$execute
  is_false <- function(name) identical(execute[[name]], FALSE)
  defaults <- list(
    fig.width = job$figures$width, fig.height = job$figures$height, fig.asp = execute[["fig-asp"]], dpi = job$figures$dpi,
    dev = if (job$figures$format == "retina") "png" else job$figures$format,
    fig.retina = if (job$figures$format == "retina") 2 else 1,
    fig.path = paste0(figures, "/"), render = render, comment = NA, tidy = FALSE, ft.shadow = FALSE,
    eval = !is_false("eval"), error = isTRUE(execute$error), echo = !is_false("echo"), fenced.echo = identical(execute$echo, "fenced"),
    warning = !is_false("warning"), message = !is_false("warning"), include = !is_false("include"),
    `df-print` = execute[["df-print"]])
  if (is_false("output")) defaults <- utils::modifyList(defaults, list(results = "hide", fig.show = "hide", warning = FALSE, message = FALSE))
  else if (identical(execute$output, "asis")) defaults$results <- "asis"
  if (defaults$dev == "pdf") defaults$dev.args <- list(pdf = list(useDingbats = FALSE))
  do.call(knitr::opts_chunk$set, defaults)
  do.call(knitr::opts_chunk$set, as.list(execute$knitr$opts_chunk))
  do.call(knitr::opts_knit$set, as.list(execute$knitr$opts_knit))
  if (length(execute[["r-options"]])) do.call(options, as.list(execute[["r-options"]]))
  options(htmltools.preserve.raw = TRUE)

  knitr::knit_hooks$set(
    source = in_parts("source", source_hook), output = in_parts("output", output_hook), plot = plot_hook, chunk = chunk_hook,
    warning = in_parts("warning", condition_hook), message = in_parts("message", condition_hook),
    error = in_parts("error", error_hook),
    # Notes the line of each top-level expression, for errors and for a process that ends within one.
    evaluate = function(input, envir, ..., output_handler) {
      following <- 1L
      if (!is_child()) now$code <- input
      counted <- function(source) {
        text <- if (is.list(source)) source$src else source
        if (!is_child()) now$line <- following
        following <<- following + lengths(regmatches(text, gregexpr("\n", text)))
        if (!is_child()) now$end <- following - 1L
        if (!is_child()) emit("line", now$line)
      }
      on_source <- output_handler$source
      output_handler$source <- if (length(formals(on_source)) > 1L) function(src, call) {
        counted(src)
        on_source(src, call)
      } else function(src) {
        counted(src)
        on_source(src)
      }
      on_warning <- output_handler$warning
      output_handler$warning <- function(w) {
        now$warning <- conditionMessage(w)
        on_warning(w)
      }
      on_error <- output_handler$error
      output_handler$error <- function(e) {
        if (!is_child()) now$errors <- c(now$errors, line_at_error())
        on_error(e)
      }
      evaluate::evaluate(input, envir, ..., output_handler = output_handler)
    })

  # Source: Quarto, `src/resources/rmd/hooks.R`.
  knitr::opts_hooks$set(
    cache = function(options) utils::modifyList(options, list(cache = FALSE)),
    fig.path = function(options) utils::modifyList(options, list(fig.path = paste0(figures, "/"))),
    code = function(options) {
      # Notes on lines of code (`# <1>`) need the code in one block.
      if (any(grepl("#\\s*<[0-9]+>\\s*$", options$code))) {
        options$warning <- FALSE
        options$results <- "hold"
      }
      if (isTRUE(options$fig.subcap)) options$fig.subcap <- ""
      if (identical(options$engine, "python") && !isFALSE(options$eval) && !isFALSE(options$python.reticulate) &&
          !requireNamespace("reticulate", quietly = TRUE))
        fail("Python cells on a page of R need the R package `reticulate`", hint = "run `install.packages(\"reticulate\")` in R")
      options
    },
    echo = function(options) {
      if (identical(options$echo, "fenced")) {
        options$echo <- TRUE
        options$fenced.echo <- TRUE
      }
      if (isTRUE(options$fenced.echo)) {
        if (identical(options$fig.show, "asis")) options$fig.show <- "hold"
        if (identical(options$results, "markup")) options$results <- "hold"
      }
      if (options$engine %in% c("embed", "verbatim")) options$echo <- TRUE
      options
    },
    output = function(options) {
      output <- options$output
      if (isFALSE(output)) {
        options$results <- "hide"
        options$fig.show <- "hide"
        options$message <- FALSE
        options$warning <- FALSE
      } else if (identical(output, "asis")) options$results <- "asis"
      else {
        if (identical(options$results, "hide")) options$results <- "markup"
        if (identical(options$fig.show, "hide")) options$fig.show <- "asis"
      }
      options
    },
    fig.show = function(options) {
      if (identical(options$fig.show, "asis") && isTRUE(grepl("^#?fig-", options$label))) options$fig.show <- "hold"
      options
    },
    renderings = function(options) utils::modifyList(options, list(fig.show = "hold")),
    collapse = function(options) {
      if (isTRUE(options$collapse) && (is.null(options$comment) || is.na(options$comment))) options$comment <- "##"
      options
    })

  if (!is.null(job$params)) {
    params <- lapply(job$params, function(x) value_of(if (is.list(x) && "value" %in% names(x)) x$value else x))
    assign("params", params, globalenv())
    lockBinding("params", globalenv())
  }

  # --- The run ------------------------------------------------------------------------------------------------------------------

  packages <- function() {
    # The packages of R itself have the version of `base`.
    own <- c("base", "methods", "datasets", "utils", "grDevices", "graphics", "stats", "parallel", "tools", "compiler", "grid",
             "splines", "stats4", "tcltk")
    paths <- vapply(setdiff(loadedNamespaces(), own), getNamespaceInfo, "", "path")
    paths <- c(file.path(R.home("library"), "base"), paths)
    for (path in sort(normalizePath(paths, "/"))) emit("package", file.path(path, "DESCRIPTION"))
  }

  # The line of an error: within an expression of several lines that of its innermost call in braces. R compiles loops at the top
  # level, and has no places in them.
  line_at_error <- function() {
    for (call in rev(sys.calls())) {
      place <- attr(call, "srcref")
      if (is.null(place) || !identical(lines_of(attr(place, "srcfile")), lines_of(list(lines = now$code)))) next
      if (place[[1]] >= now$line && place[[1]] <= now$end) return(place[[1]])
    }
    now$line
  }
  lines_of <- function(file) unlist(strsplit(as.character(file$lines), "\n", fixed = TRUE))

  # The calls of the page's code at an error, innermost last.
  calls_at_error <- function() {
    calls <- vapply(sys.calls(), function(call) substr(deparse(call, nlines = 1L)[[1]], 1L, 200L), "")
    start <- grep("^eval\\((expr, envir|parse_only\\()", calls)
    if (length(start)) calls <- calls[-seq_len(max(start[start <= min(start) + 2L]))]
    end <- grep("^(\\.handleSimpleError|h\\(simpleError|signalCondition\\(|\\(function \\(e\\))", calls)
    if (length(end)) calls <- calls[seq_len(min(end) - 1L)]
    paste0(seq_along(calls), ": ", calls)
  }

  on_error <- function(e) {
    message <- conditionMessage(e)
    line <- if (is_child()) 0L else line_at_error()
    column <- 0L
    # Positions of syntax errors are in the message: `<text>:2:10: unexpected symbol`.
    at <- regmatches(message, regexec("^<text>:([0-9]+):([0-9]+): ([^\n]*)", message))[[1]]
    if (length(at)) {
      line <- as.integer(at[[2]])
      column <- as.integer(at[[3]])
      text <- at[[4]]
    } else {
      call <- conditionCall(e)
      call <- if (!is.null(call)) substr(deparse(call, nlines = 1L)[[1]], 1L, 100L)
      internal <- is.null(call) || grepl("^(eval|knit_print|\\.mlsys|inline_exec|parse)\\b", call) || grepl("mlsys", call, fixed = TRUE)
      # The warning before it names the file.
      if (identical(message, "cannot open the connection") && grepl("^cannot open ", now$warning)) {
        internal <- TRUE
        message <- now$warning
      }
      text <- if (internal) paste("error:", message) else paste0("error in `", call, "`: ", message)
    }
    package <- regmatches(message, regexec("there is no package called .([A-Za-z0-9.]+).", message))[[1]][2]
    if (inherits(e, "packageNotFoundError")) package <- e$package
    hint <- if (!is.na(package)) sprintf("run `install.packages(\"%s\")` in R", package) else ""
    traceback <- one(c(message, if (!length(at)) tryCatch(calls_at_error(), error = function(e) NULL)))
    packages()
    fail(text, traceback, hint, line, column)
  }

  input <- file.path(folder, paste0(job$stem, ".rmarkdown"))
  con <- base_file(input, "w", encoding = "UTF-8")
  writeLines(enc2utf8(unlist(lapply(seq_along(job$steps), text_of))), con, useBytes = TRUE)
  close(con)
  # Chunks of child documents count on.
  counter <- getFromNamespace("chunk_counter", "knitr")
  cells <- 0L
  for (step in job$steps) if (step$kind == "cell") cells <- step$index + 1L
  for (i in seq_len(cells)) counter()
  withCallingHandlers(
    knitr::knit(input, file.path(folder, "knitted.md"), quiet = TRUE, envir = globalenv()),
    error = on_error)

  # --- Libraries of HTML widgets --------------------------------------------------------------------------------------------------

  meta <- knitr::knit_meta(clean = TRUE)
  flatten <- function(x, class) {
    if (inherits(x, class)) list(x) else if (is.list(x)) unlist(lapply(unname(x), flatten, class), recursive = FALSE)
  }
  for (head in flatten(meta, "shiny_head")) emit("head", head)
  dependencies <- flatten(meta, "html_dependency")
  if (length(dependencies)) {
    dependencies <- Filter(function(x) x$name != "bootstrap", htmltools::resolveDependencies(dependencies))
    dependencies <- lapply(dependencies, function(dependency) {
      dependency <- htmltools::copyDependencyToDir(dependency, libraries, mustWork = FALSE)
      path <- dependency$src$file
      if (!is.null(path)) dependency$src$file <- paste0(job$libraries, basename(path))
      dependency
    })
    from <- lapply(dependencies, function(x) if (is.null(x$src$file)) "href" else "file")
    for (i in seq_along(dependencies))
      emit("head", htmltools::renderDependencies(dependencies[i], from[[i]], encodeFunc = identity, hrefFilter = identity))
    for (path in list.files(libraries, recursive = TRUE, all.files = TRUE))
      emit("file", paste0(job$libraries, path), file.path(libraries, path))
  }
  packages()
  emit("done")
})
