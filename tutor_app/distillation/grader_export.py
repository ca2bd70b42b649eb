"""The cross-encoder as ONNX with int8 weights."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from tutor_app.distillation.grader_pairs import PairModel

_NAMES = ["ids", "mask", "kinds"]


def export_pairs(model: PairModel, path: Path) -> None:
    """Write the model as ONNX; its matrices and word vectors become int8 (a quarter of the size).

    Args:
        model: trained; it is put in evaluation mode.
        path: the file to write.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    example = tuple(torch.ones((2, 8), dtype=torch.int64) for _ in _NAMES)
    with TemporaryDirectory() as folder:
        whole = Path(folder) / "float.onnx"
        export_float(model, whole, example)
        path.parent.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(
            whole,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather", "Gemm"],
            # keeps log-odds within a few hundredths of float32 on processors without VNNI, too
            reduce_range=True,
        )
    path.chmod(0o644)


def export_float(model: PairModel, path: Path, example: tuple[torch.Tensor, ...]) -> None:
    """Write the model as float32 ONNX; batch and length stay open."""
    with warnings.catch_warnings():
        # the newer exporter needs two more packages and writes the same network
        warnings.simplefilter("ignore")
        _export(model, path, example)


def _export(model: PairModel, path: Path, example: tuple[torch.Tensor, ...]) -> None:
    torch.onnx.export(
        model,
        example,
        str(path),
        input_names=_NAMES,
        output_names=["log_odds", "vectors"],
        dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in _NAMES}
        | {"log_odds": {0: "pairs"}, "vectors": {0: "pairs"}},
        opset_version=17,
        dynamo=False,
    )
