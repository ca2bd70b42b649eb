"""Which language is an answer in? Enough to keep what the encoder cannot read from being graded.

py3langid (the detector of Lui and Baldwin, 2012) with its bundled model; no network. Of the gold
answers it takes no English one for something else, and lets no Spanish or mixed one pass.
"""

import re
import threading
import unicodedata
from functools import cache
from tempfile import gettempdir
from typing import Any

from tutor_app.errors import StorageError

ENGLISH = "en"
FEWEST_WORDS = 5
"""Shorter texts are too little to tell by; they are taken as English in Latin letters."""
SURE = 0.35
"""A text is in another language when that is likelier than English, and at least so likely."""
UNKNOWN_SCRIPT = "another script"
_READ = 4_000
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOADING = threading.Lock()


def other_language(text: str, said: str = "") -> str:
    """Return the code of the language that a text is in, or "" where it may be English.

    Args:
        text: an answer.
        said: two-letter code that somebody gave; it decides for a text that is too short to tell.
    """
    text = text[:_READ]
    letters = [c for c in text if c.isalpha()]
    foreign = sum(not unicodedata.name(c, "").startswith("LATIN") for c in letters)
    words = _WORD.findall(text)
    if letters and foreign > len(letters) / 2 and len(words) + foreign // 4 >= 2:
        return UNKNOWN_SCRIPT
    if len(words) < FEWEST_WORDS:
        return said if said and said != ENGLISH else ""
    with _LOADING:
        language, chance = _detector().classify(" ".join(words))
    return "" if language == ENGLISH or chance < SURE else str(language)


@cache
def _detector() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:
        # it is unpacked into a temporary file first
        raise StorageError(
            f"{gettempdir()}: the language model cannot be unpacked there "
            f"({error.strerror or error}). Free some space, then try again."
        ) from error
