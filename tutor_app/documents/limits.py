"""How large a document may be; the one set of limits for every format."""

MAX_BYTES = 50_000_000
MAX_CHARACTERS = 10_000_000
