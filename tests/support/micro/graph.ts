import { tinyOnnx, type TinyNode, type TinyTensor, type TinyType, type TinyValue } from '../tiny-onnx.ts';

type Attributes = NonNullable<TinyNode['attributes']>;

/** Builds a graph value by value: each call returns the name of what it makes. */
export interface GraphBuilder {
  input(name: string, type: TinyType, dims: TinyValue['dims']): string;
  floats(dims: readonly number[], values: readonly number[]): string;
  integers(...values: readonly number[]): string;
  /** A number without dimensions. */
  scalar(value: number): string;
  op(op: string, inputs: readonly string[], attributes?: Attributes): string;
  /** Joins along an axis. */
  concat(axis: number, ...inputs: readonly string[]): string;
  /** Adds a dimension of size 1. */
  unsqueeze(input: string, axis: number): string;
  output(name: string, type: TinyType, dims: TinyValue['dims'], from: string): void;
  /** A weight whose storage is the caller's business. */
  weight(tensor: Omit<TinyTensor, 'name'>): string;
  microsoft(op: string, inputs: readonly string[], attributes: Attributes): string;
  file(): Uint8Array<ArrayBuffer>;
}

export function createGraph(): GraphBuilder {
  const inputs: TinyValue[] = [];
  const outputs: TinyValue[] = [];
  const constants: TinyTensor[] = [];
  const nodes: TinyNode[] = [];
  const fresh = (): string => `v${String(nodes.length + constants.length)}`;

  function add(node: Omit<TinyNode, 'output'>): string {
    const output = fresh();
    nodes.push({ ...node, output });
    return output;
  }
  function weight(tensor: Omit<TinyTensor, 'name'>): string {
    const name = fresh();
    constants.push({ ...tensor, name });
    return name;
  }
  const integers = (...values: readonly number[]): string =>
    weight({ type: 'int64', dims: [values.length], values });

  return {
    input(name, type, dims) {
      inputs.push({ name, type, dims });
      return name;
    },
    floats: (dims, values) => weight({ type: 'float32', dims, values }),
    integers,
    scalar: (value) => weight({ type: 'float32', dims: [], values: [value] }),
    op: (op, ins, attributes = {}) => add({ op, inputs: ins, attributes }),
    concat: (axis, ...ins) => add({ op: 'Concat', inputs: ins, attributes: { axis } }),
    unsqueeze: (input, axis) => add({ op: 'Unsqueeze', inputs: [input, integers(axis)] }),
    output(name, type, dims, from) {
      nodes.push({ op: 'Identity', inputs: [from], output: name });
      outputs.push({ name, type, dims });
    },
    weight,
    microsoft: (op, ins, attributes) => add({ op, inputs: ins, attributes, domain: 'com.microsoft' }),
    file: () => tinyOnnx({ inputs, outputs, constants, nodes }),
  };
}
