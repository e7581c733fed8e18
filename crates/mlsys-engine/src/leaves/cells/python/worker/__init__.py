"""Runs the Python cells of pages, each page in a process of its own.

Two modes with one protocol. `serve` imports modules once, then forks a process for each connection to a socket. `page` runs
the one page that comes through its standard input, for systems without fork. A page is one message with all its steps; the
answers are streamed, so that completed cells survive a crash.

Works with Python 3.8 and later, and with IPython if it is installed.
"""
