"""Parse a program here, in the server: only for reading it, never to run it."""

import ast
import warnings

MAX_CHARACTERS = 20_000


def parsed(text: str) -> ast.Module | None:
    """Return the tree of a program; None where it is none, or too long or deep to be read."""
    if len(text) > MAX_CHARACTERS:
        return None
    try:
        with warnings.catch_warnings():
            # an odd escape in a learner's text is no concern of the server's
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            # who walks the tree recurses too: what cannot be written again is too deep to read
            ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree
