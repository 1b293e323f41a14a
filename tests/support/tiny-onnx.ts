/** Writes ONNX graphs of a few nodes, so that an engine can be tested with a model whose answers are known. */

type Bytes = Uint8Array;

/** `bool` and `uint8` are written from numbers as well. */
export type TinyType = 'float32' | 'float16' | 'int64' | 'int8' | 'bool' | 'uint8';

export interface TinyTensor {
  name: string;
  type: TinyType;
  dims: readonly number[];
  values: ArrayLike<number>;
  /** Name of the file beside the model's that holds the values, from its beginning on. */
  external?: string;
}

export interface TinyNode {
  op: string;
  inputs: readonly string[];
  output: string;
  /** Attributes that are an integer or a list of them. */
  attributes?: Readonly<Record<string, number | readonly number[]>>;
  /** "com.microsoft" for what is no operator of ONNX itself. */
  domain?: string;
}

/** An input or output of the graph; a dimension that is a name may have any size. */
export interface TinyValue {
  name: string;
  type: TinyType;
  dims: readonly (number | string)[];
}

export interface TinyGraph {
  inputs: readonly TinyValue[];
  outputs: readonly TinyValue[];
  constants: readonly TinyTensor[];
  nodes: readonly TinyNode[];
}

/** Numbers of onnx.proto: element types, attribute types, data locations, and the version of file and operators. */
const ELEMENT: Record<TinyType, number> = { float32: 1, uint8: 2, int8: 3, int64: 7, bool: 9, float16: 10 };
const ATTRIBUTE = { int: 2, ints: 7 } as const;
const EXTERNAL = 1;
const IR_VERSION = 7;
const OPSET = 13;

/** The file of a model with this graph. */
export function tinyOnnx(graph: TinyGraph): Uint8Array<ArrayBuffer> {
  return bytes(
    integer(1, IR_VERSION),
    message(8, text(1, ''), integer(2, OPSET)),
    message(8, text(1, 'com.microsoft'), integer(2, 1)),
    message(7, encodeGraph(graph)),
  );
}

/** The values of a tensor as they stand in a file. */
export function tensorBytes(type: TinyType, values: ArrayLike<number>): Bytes {
  switch (type) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'float16':
      return new Uint8Array(Uint16Array.from(Array.from(values, halfFloat)).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(Array.from(values, BigInt)).buffer);
    case 'int8':
      return new Uint8Array(Int8Array.from(values).buffer);
    case 'bool':
    case 'uint8':
      return Uint8Array.from(values);
  }
}

/** Bits of the nearest half float, for values that have one: no infinities, nothing below 2⁻¹⁴ but 0. */
function halfFloat(value: number): number {
  const [bits = 0] = new Uint32Array(Float32Array.of(value).buffer);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  if (exponent <= 0) return sign;
  return (sign | (exponent << 10) | ((bits >>> 13) & 0x3ff)) + ((bits >>> 12) & 1);
}

function encodeGraph({ nodes, constants, inputs, outputs }: TinyGraph): Bytes {
  return bytes(
    ...nodes.map((node) => message(1, encodeNode(node))),
    text(2, 'tiny'),
    ...constants.map((tensor) => message(5, encodeTensor(tensor))),
    ...inputs.map((value) => message(11, encodeValue(value))),
    ...outputs.map((value) => message(12, encodeValue(value))),
  );
}

function encodeNode({ op, inputs, output, attributes = {}, domain = '' }: TinyNode): Bytes {
  return bytes(
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => message(5, encodeAttribute(name, value))),
    text(7, domain),
  );
}

function encodeAttribute(name: string, value: number | readonly number[]): Bytes {
  if (typeof value === 'number') return bytes(text(1, name), integer(3, value), integer(20, ATTRIBUTE.int));
  return bytes(text(1, name), ...value.map((each) => integer(8, each)), integer(20, ATTRIBUTE.ints));
}

function encodeTensor({ name, type, dims, values, external }: TinyTensor): Bytes {
  const shape = [...dims.map((size) => integer(1, size)), integer(2, ELEMENT[type]), text(8, name)];
  if (external === undefined) return bytes(...shape, message(9, tensorBytes(type, values)));
  const location = message(13, text(1, 'location'), text(2, external));
  return bytes(...shape, location, integer(14, EXTERNAL));
}

function encodeValue({ name, type, dims }: TinyValue): Bytes {
  const shape = dims.map((size) => message(1, typeof size === 'number' ? integer(1, size) : text(2, size)));
  return bytes(text(1, name), message(2, message(1, integer(1, ELEMENT[type]), message(2, ...shape))));
}

function text(field: number, value: string): Bytes {
  return message(field, new TextEncoder().encode(value));
}

function message(field: number, ...content: readonly Bytes[]): Bytes {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return bytes(varint((field << 3) | 2), varint(length), ...content);
}

function integer(field: number, value: number): Bytes {
  return bytes(varint(field << 3), varint(value));
}

/** Negative numbers take ten bytes, as two's complement of 64 bits. */
function varint(value: number): Bytes {
  const digits: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest < 0x80n) return Uint8Array.of(...digits, low);
    digits.push(low | 0x80);
  }
}

function bytes(...parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
