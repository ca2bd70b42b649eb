"""`python -m tutor_app.ui FLAGS`: the pages, until a signal; `tutor serve` becomes this."""

import os
import sys
from pathlib import Path

from streamlit.web.cli import main

APP = Path(__file__).with_name("app.py")


def run() -> None:
    """Run Streamlit, and end with it.

    Python would wait for every thread of a pool: for a model that is being loaded, or for a chat
    model that has minutes to answer. Nothing of theirs is lost: what counts is saved as it comes.
    """
    try:
        main(["run", str(APP), *sys.argv[1:]], prog_name="streamlit")
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


if __name__ == "__main__":
    run()
