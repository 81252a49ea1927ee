/** TensorFlow.js on its WebAssembly backend, with a matrix product that trains fast. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** Starts the WebAssembly backend; the plain one is 15 to 25 times slower. Safe to call twice. */
export async function startTensors(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(entry)}/`);
  // Its greeting would land between the lines of a command's output.
  tf.env().set("PROD", true);
  await tf.setBackend("wasm");
  await tf.ready();
}

/**
 * A matrix product whose gradient transposes explicitly. The built-in gradient multiplies with
 * transpose flags, which the WebAssembly kernel does slowly: 24.7 ms against 2.0 ms for
 * 256 x 336 x 256.
 */
export const matMul: (x: tf.Tensor2D, weights: tf.Tensor2D) => tf.Tensor2D = tf.customGrad(
  (...inputs: unknown[]) => {
    const [x, weights, save] = inputs as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([x, weights]);
    return {
      value: tf.matMul(x, weights),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedX, savedWeights] = saved as [tf.Tensor2D, tf.Tensor2D];
        return [
          tf.matMul(dy as tf.Tensor2D, tf.transpose(savedWeights)),
          tf.matMul(tf.transpose(savedX), dy as tf.Tensor2D),
        ];
      },
    };
  },
) as (x: tf.Tensor2D, weights: tf.Tensor2D) => tf.Tensor2D;

/** A trainable matrix of normal random numbers, the same for the same seed. */
export function seededMatrix(
  rows: number,
  columns: number,
  deviation: number,
  seed: number,
): tf.Variable<tf.Rank.R2> {
  return tf.variable(tf.randomNormal<tf.Rank.R2>([rows, columns], 0, deviation, "float32", seed));
}
