/** Writes ONNX graphs of a few nodes, so that an engine can be tested with a model whose answers are known. */

type Bytes = readonly number[];

/** A tensor of 32-bit floats, or of integers. */
export interface TinyTensor {
  name: string;
  type: 'float32' | 'int64' | 'int8';
  dims: readonly number[];
  values: ArrayLike<number>;
}

export interface TinyNode {
  op: string;
  inputs: readonly string[];
  output: string;
  /** Attributes that are an integer or a list of them. */
  attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** An input or output of the graph; a dimension that is a name may have any size. */
export interface TinyValue {
  name: string;
  type: TinyTensor['type'];
  dims: readonly (number | string)[];
}

export interface TinyGraph {
  inputs: readonly TinyValue[];
  outputs: readonly TinyValue[];
  constants: readonly TinyTensor[];
  nodes: readonly TinyNode[];
}

/** Numbers of onnx.proto: element types, attribute types, and the version of file and operators. */
const ELEMENT = { float32: 1, int8: 3, int64: 7 } as const;
const ATTRIBUTE = { int: 2, ints: 7 } as const;
const IR_VERSION = 7;
const OPSET = 13;

/** The file of a model with this graph. */
export function tinyOnnx(graph: TinyGraph): Uint8Array {
  const opset = [...text(1, ''), ...integer(2, OPSET)];
  return Uint8Array.from([
    ...integer(1, IR_VERSION),
    ...message(8, opset),
    ...message(7, encodeGraph(graph)),
  ]);
}

function encodeGraph({ nodes, constants, inputs, outputs }: TinyGraph): Bytes {
  return [
    ...nodes.flatMap((node) => message(1, encodeNode(node))),
    ...text(2, 'tiny'),
    ...constants.flatMap((tensor) => message(5, encodeTensor(tensor))),
    ...inputs.flatMap((value) => message(11, encodeValue(value))),
    ...outputs.flatMap((value) => message(12, encodeValue(value))),
  ];
}

function encodeNode({ op, inputs, output, attributes = {} }: TinyNode): Bytes {
  const encoded = Object.entries(attributes).flatMap(([name, value]) =>
    message(5, encodeAttribute(name, value)),
  );
  return [...inputs.flatMap((input) => text(1, input)), ...text(2, output), ...text(4, op), ...encoded];
}

function encodeAttribute(name: string, value: number | readonly number[]): Bytes {
  if (typeof value === 'number')
    return [...text(1, name), ...integer(3, value), ...integer(20, ATTRIBUTE.int)];
  return [...text(1, name), ...value.flatMap((each) => integer(8, each)), ...integer(20, ATTRIBUTE.ints)];
}

const toTyped = {
  float32: (values: number[]) => Float32Array.from(values),
  int8: (values: number[]) => Int8Array.from(values),
  int64: (values: number[]) => BigInt64Array.from(values, BigInt),
} as const;

function encodeTensor({ name, type, dims, values }: TinyTensor): Bytes {
  const data = [...new Uint8Array(toTyped[type](Array.from(values)).buffer)];
  return [
    ...dims.flatMap((size) => integer(1, size)),
    ...integer(2, ELEMENT[type]),
    ...text(8, name),
    ...message(9, data),
  ];
}

function encodeValue({ name, type, dims }: TinyValue): Bytes {
  const shape = dims.flatMap((size) =>
    message(1, typeof size === 'number' ? integer(1, size) : text(2, size)),
  );
  return [...text(1, name), ...message(2, message(1, [...integer(1, ELEMENT[type]), ...message(2, shape)]))];
}

function text(field: number, value: string): Bytes {
  return message(field, [...new TextEncoder().encode(value)]);
}

function message(field: number, content: Bytes): Bytes {
  return [...varint((field << 3) | 2), ...varint(content.length), ...content];
}

function integer(field: number, value: number): Bytes {
  return [...varint(field << 3), ...varint(value)];
}

/** Negative numbers take ten bytes, as two's complement of 64 bits. */
function varint(value: number): Bytes {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest < 0x80n) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}
