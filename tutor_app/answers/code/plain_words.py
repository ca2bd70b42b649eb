"""What Python says about a program, in plain words. None of them says how to repair it."""

import re

from tutor_app.answers.code.sandbox import Fault, Run

_SYNTAX: tuple[tuple[str, str], ...] = (
    (r"expected ':'", "a colon is missing at the end of a line that begins a block"),
    (r"'(.)' was never closed", "the bracket {0} is opened and never closed"),
    (r"unmatched '(.)'", "the closing bracket {0} has no opening one"),
    (r"closing parenthesis '(.)' does not match.*'(.)'", "the bracket {1} is closed by {0}"),
    (r"unterminated .*string literal", "a piece of text has no closing quotation mark"),
    (r"expected an indented block after (.+?)(?: on line (\d+))?$",
     "the lines that belong to the {0} must be moved in"),
    (r"unindent does not match", "this line is moved in by a depth that no line above it has"),
    (r"unexpected indent", "this line is moved in, but no line above begins a block"),
    (r"inconsistent use of tabs", "tabs and spaces are mixed at the beginning of lines"),
    (r"Maybe you meant '==' or", "a single = stands where two sides are compared"),
    (r"cannot assign to (.+?) here.*'=='", "a single = stands where two sides are compared"),
    (r"cannot assign to (.+?)(?: here.*)?$", "{0} stands on the left of an =, but no name"),
    (r"Missing parentheses in call to '(\w+)'", "{0} needs round brackets around what follows it"),
    (r"'return' outside function", "a return stands outside of every function"),
    (r"'(break|continue)' .*outside|'(break)' outside", "a break or continue stands outside loops"),
    (r"invalid syntax\. Perhaps you forgot a comma", "two things stand side by side, no comma"),
    (r"invalid character '(.)'", "Python does not know the character {0} here"),
    (r"invalid decimal literal|invalid.*literal", "a number is written in no way Python knows"),
    (r"EOL|EOF|unexpected EOF", "the program ends in the middle of something"),
    (r"null bytes", "it has characters that no program may have"),
    (r"invalid syntax", "something in it{above} is not Python"),
)  # fmt: skip
_ABOVE = ", or at the end of the line above,"
_ERRORS = {
    "NameError": "it uses the name {0}, which has no value there",
    "UnboundLocalError": "it uses the name {0} before it has a value in the function",
    "ZeroDivisionError": "it divides by zero",
    "IndexError": "it asks for a place that the sequence does not have",
    "KeyError": "it looks up the key {0}, which the dictionary does not have",
    "AttributeError": "it asks a value for something it does not have ({message})",
    "TypeError": "a value has the wrong type for what is done with it ({message})",
    "ValueError": "a value is of the right type and still cannot be used ({message})",
    "EOFError": "it asks for more input than there is",
    "RecursionError": "the function calls itself again and again without an end",
    "MemoryError": "it needs more memory than it may have",
    "ImportError": "it imports something that is not there ({message})",
    "ModuleNotFoundError": "it imports {0}, which is not part of Python's own library",
    "FileNotFoundError": "it opens a file that is not there",
    "PermissionError": "it tries something that programs may not do here",
    "OverflowError": "a number gets too large",
    "AssertionError": "an assert in the program does not hold",
    "SystemExit": "it ends itself before the test can call anything",
    "StopIteration": "it asks for a next item after the last one",
    "IndentationError": "its lines are not moved in as Python needs it",
}
_QUOTED = re.compile(r"'([^']*)'")
ENDLESS = "does not come to an end in the time it has"
_STOPPED = {
    "time": ENDLESS,
    "waited": "hardly computes in the time it has: it waits, or this computer is too busy",
    "output": "prints more and more, so it was stopped",
    "too big": "gives a value too big to look at",
    "crashed": "makes Python itself crash",
    "left": "ends without a result",
    "not run": "was not run, because the time was used up by the tests before it",
}


def syntax_words(fault: Fault) -> str:
    """Say what keeps a text from being a program: "Line 2: a colon is missing ..."."""
    said = fault.message
    where = f"line {fault.line}" if fault.line else "your program"
    above = _ABOVE if fault.line > 1 else ""
    for pattern, words in _SYNTAX:
        if found := re.search(pattern, said):
            groups = [g or "" for g in found.groups()]
            return f"Python cannot read {where}: {words.format(*groups, above=above)}."
    return f"Python cannot read {where}: {said.rstrip('.')}."


def run_words(run: Run) -> str:
    """Say why a run gave no value: "stops in line 3 with an IndexError: it asks ..."."""
    if run.fault is None:
        return _STOPPED.get(run.status, "")
    where = f" in line {run.fault.line}" if run.fault.line else ""
    kind = run.fault.type
    article = "an" if kind[:1] in "AEIOU" else "a"
    words = _ERRORS.get(kind, "")
    if words:
        name = _QUOTED.search(run.fault.message)
        shown = name[1] if name else run.fault.message
        message = run.fault.message.rstrip(".")
        words = ": " + words.replace("{0}", shown).replace("{message}", message)
    elif run.fault.message:
        words = f": {run.fault.message.rstrip('.')}"
    return f"stops{where} with {article} {kind}{words}"
