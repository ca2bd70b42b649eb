"""An encoder for what is graded without one."""

from typing import Any


class NoEncoder:
    """Fails where it is asked."""

    name = "none"

    def embed_array(self, texts: Any) -> Any:
        raise AssertionError("the encoder was called")

    def embed_spans(self, texts: Any) -> Any:
        raise AssertionError("the encoder was called")
