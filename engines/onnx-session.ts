import { Tensor } from '@huggingface/transformers';

/** The parts of an onnxruntime tensor that engines use; the runtimes of page and Node share this shape. */
export interface OnnxTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly location: string;
  readonly data: unknown;
  /** Reads the data wherever it lies; with `true` the copy on the GPU is released. */
  getData(releaseData?: boolean): Promise<unknown>;
  dispose(): void;
}

export type Tensors = Record<string, OnnxTensor>;

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly inputMetadata: readonly { name: string; type?: string; shape?: readonly (number | string)[] }[];
  run(feeds: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/**
 * A session of Node's runtime, which reads half floats only as raw 16-bit words: tensors hold them as Float16Array
 * where there is such a thing.
 */
export function withRawHalfFloats(session: OnnxSession): OnnxSession {
  return {
    inputNames: session.inputNames,
    inputMetadata: session.inputMetadata,
    release: () => session.release(),
    run(feeds) {
      for (const tensor of Object.values(feeds)) {
        const { data } = tensor;
        if (tensor.type !== 'float16' || !ArrayBuffer.isView(data) || data instanceof Uint16Array) continue;
        const words = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
        (tensor as OnnxTensor & { cpuData: unknown }).cpuData = words;
      }
      return session.run(feeds);
    },
  };
}

/** Array types that key and value tensors come in; half floats may be raw 16-bit words. */
export type TensorData = Float32Array | Uint16Array;

export function int64Tensor(values: readonly number[], dims: readonly number[]): OnnxTensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [...dims]).ort_tensor;
}

export function boolTensor(value: boolean): OnnxTensor {
  return new Tensor('bool', Uint8Array.of(value ? 1 : 0), [1]).ort_tensor;
}

export function floatTensor(type: string, data: TensorData, dims: readonly number[]): OnnxTensor {
  return new Tensor(type as 'float32' | 'float16', data, [...dims]).ort_tensor;
}

/** The data of a tensor in main memory, as 32-bit floats. */
export function toFloats(tensor: OnnxTensor): Float32Array {
  if (tensor.type === 'float32') return tensor.data as Float32Array;
  return new Tensor(tensor as never).to('float32').data as Float32Array;
}

/** The same tensor in the type that an input wants. */
export function ofType(type: string, tensor: OnnxTensor): OnnxTensor {
  if (tensor.type === type) return tensor;
  return new Tensor(tensor as never).to(type as 'float16').ort_tensor;
}

/** Keys and values of no tokens at all, as a decoder wants them on its first step. */
export function emptyPast(session: OnnxSession): Tensors {
  const past: Tensors = {};
  for (const { name, type = 'float32', shape = [] } of session.inputMetadata) {
    if (!name.startsWith('past')) continue;
    const dims = shape.map((size) => (typeof size === 'number' ? size : size === 'batch_size' ? 1 : 0));
    const size = dims.reduce((product, dim) => product * dim, 1);
    past[name] = floatTensor(type, type === 'float16' ? new Uint16Array(size) : new Float32Array(size), dims);
  }
  return past;
}

/**
 * Moves a decoder's `present…` outputs to the inputs of the next step, releasing those they replace. Keys and values of
 * an encoder are constant: merged graphs return empty ones from the second step on, so the first are kept.
 */
export function advancePast(past: Tensors, outputs: Tensors, isFirstStep: boolean): Tensors {
  const next: Tensors = {};
  for (const [name, output] of Object.entries(outputs)) {
    if (!name.startsWith('present')) continue;
    const input = name.replace('present_', 'past_').replace('present.', 'past_key_values.');
    const isConstant = name.includes('.encoder.') && !isFirstStep;
    next[input] = isConstant ? past[input]! : output;
    const unused = isConstant ? output : past[input];
    if (unused && unused !== next[input]) unused.dispose();
  }
  for (const [name, tensor] of Object.entries(past)) next[name] ??= tensor;
  return next;
}

export function disposeTensors(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
