"""The `tutor` command: prints what went wrong and exits 1; a bug keeps its traceback."""

import sys

from tutor_app.errors import TutorError


def main() -> None:
    """Run the command line."""
    from tutor_app.cli.app import app

    try:
        app()
    except TutorError as error:
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(1)


if __name__ == "__main__":
    main()
