/** URLs of the runtimes that the page fetches lazily; folders end in "/". The version in each path makes it immutable. */
export interface RuntimePaths {
  /** Folder of the onnxruntime-web files. */
  ort: string;
  /** The Silero model. */
  silero: string;
  /** Folder of eSpeak NG's script and data. */
  espeak: string;
  /**
   * What the files below these paths weigh, as far as they are fetched: Silero with the runtime that all models share,
   * and what WebGPU needs beside it.
   */
  bytes: { silero: number; espeak: number; gpuRuntime: number };
}
