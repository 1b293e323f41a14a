"""Weight-only int8 for ONNX models: one scale per output channel, Cast and Mul in front of each use.

Activations stay float32 and the graph's inputs and outputs stay as they are, so a quantised model runs wherever
the float one does (onnxruntime on CPU, wasm and WebGPU) and its results differ only by the rounding of weights.
Cast and Mul of constants are folded once when the model is loaded. onnxruntime does not fold DequantizeLinear: it
would convert every weight again at every token, which made a small model four times as slow on wasm.

    /usr/bin/python3 tools/starter-models/quantise.py model.onnx model_quantized.onnx
"""
import sys
from pathlib import Path
from typing import Dict, Optional, Tuple, Union

import numpy as np
import onnx
from onnx import helper, numpy_helper

SMALLEST = 1024  # weights; below this the scales would cost about what int8 saves


def channel_axis(node: onnx.NodeProto, place: int) -> Optional[int]:
    """The axis of a weight that gets a scale each, or None where this input is no weight of a product."""
    if node.op_type == "MatMul":
        return place  # columns of a right factor, rows of a left one
    if node.op_type == "Gemm" and place == 1:
        transposed = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
        return 0 if transposed else 1
    if node.op_type in ("Gather", "Conv") and place == (1 if node.op_type == "Conv" else 0):
        return 0
    return None


def quantised(weight: np.ndarray, axis: int) -> Tuple[np.ndarray, np.ndarray]:
    """(int8 weights, float32 scale of each channel); symmetric, the largest weight of a channel is 127."""
    others = tuple(index for index in range(weight.ndim) if index != axis)
    scale = np.maximum(np.abs(weight).max(axis=others), 1e-8).astype(np.float32) / np.float32(127)
    shape = [-1 if index == axis else 1 for index in range(weight.ndim)]
    return np.clip(np.round(weight / scale.reshape(shape)), -127, 127).astype(np.int8), scale


def quantise(source: Union[str, Path], target: Union[str, Path], smallest: int = SMALLEST) -> None:
    """Reads a float32 ONNX model and writes the int8 one."""
    model = onnx.load(str(source))
    graph = model.graph
    weights: Dict[str, onnx.TensorProto] = {tensor.name: tensor for tensor in graph.initializer
                                            if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) in (2, 3) and np.prod(tensor.dims) >= smallest}
    axes: Dict[str, int] = {}
    for node in graph.node:
        for place, name in enumerate(node.input):
            axis = channel_axis(node, place) if name in weights else None
            if axis is not None:
                # A matrix that is both looked up and multiplied (a tied embedding) keeps one scale per row.
                axes[name] = 0 if node.op_type == "Gather" else axes.get(name, axis)
    front = []
    for name, axis in axes.items():
        whole, scale = quantised(numpy_helper.to_array(weights[name]), axis)
        graph.initializer.remove(weights[name])
        shape = [-1 if index == axis else 1 for index in range(whole.ndim)]
        graph.initializer.append(numpy_helper.from_array(whole, f"{name}_int8"))
        graph.initializer.append(numpy_helper.from_array(scale.reshape(shape), f"{name}_scale"))
        front.append(helper.make_node("Cast", [f"{name}_int8"], [f"{name}_cast"], name=f"{name}_cast", to=onnx.TensorProto.FLOAT))
        front.append(helper.make_node("Mul", [f"{name}_cast", f"{name}_scale"], [name], name=f"{name}_float"))
    body = list(graph.node)
    del graph.node[:]
    graph.node.extend(front + body)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


if __name__ == "__main__":
    quantise(*sys.argv[1:3])
