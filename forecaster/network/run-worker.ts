/**
 * Runs one piece of work in a worker thread that is thrown away afterwards: TensorFlow's
 * WebAssembly memory only ever grows, and its steps would hold up every request of the process.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";

/** What a worker tells its parent: any number of `progress`, then one `done`. */
type WorkerMessage<Result> =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "done"; readonly result: Result };

export interface WorkerOptions {
  /** Told the share done, 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Ends the worker at once. */
  readonly signal?: AbortSignal | undefined;
}

/** Starts the worker file with a request and waits for its result. Rejects when it fails or the signal aborts. */
export async function runWorker<Request, Result>(
  file: URL,
  request: Request,
  { onProgress, signal }: WorkerOptions = {},
): Promise<Result> {
  signal?.throwIfAborted();
  const worker = new Worker(file, { workerData: request });
  const abort = () => void worker.terminate();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.on("message", (message: WorkerMessage<Result>) => {
        if (message.kind === "progress") onProgress?.(message.done);
        else resolve(message.result);
      });
      worker.on("error", reject);
      worker.on("exit", (code) => {
        reject(signal?.aborted ? signal.reason : new Error(`The worker left with code ${code}.`));
      });
    });
  } finally {
    signal?.removeEventListener("abort", abort);
    await worker.terminate();
  }
}

/** The worker's side: does the work on the request it was started with, and answers. */
export async function answerParent<Request, Result>(
  work: (request: Request, onProgress: (done: number) => void) => Promise<Result>,
): Promise<void> {
  const tell = (message: WorkerMessage<Result>): void => parentPort?.postMessage(message);
  const result = await work(workerData as Request, (done) => tell({ kind: "progress", done }));
  tell({ kind: "done", result });
}
