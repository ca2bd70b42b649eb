"""Release: a trained model as it goes on the shelf: float16 weights, the fast build, a seal."""

import shutil
from pathlib import Path
from typing import Any

from transformers import AutoModelForCausalLM, AutoTokenizer

from tutor_app.errors import ModelError
from tutor_app.llms.fast import build_fast


def write_release(trained: Path, target: Path) -> None:
    """Write weights, tokenizer and fast build; the caller adds card and report, then seals.

    Half precision halves the size and changes log-probabilities by about 1e-4; both engines
    compute in float32.

    Args:
        trained: a model folder in float32.
        target: a new folder; an old one is replaced.

    Raises:
        ModelError: the folder holds no causal model.
    """
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(trained, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(
            trained, local_files_only=True, use_safetensors=True
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{trained}: cannot be loaded: {error}") from error
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    model.half().save_pretrained(target)
    tokenizer.save_pretrained(target)
    build_fast(target)
    for path in target.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
