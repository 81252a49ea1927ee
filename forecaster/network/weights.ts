/** The network's weights as plain arrays, and their way to bytes and back. */

/** Everything a prediction needs; no TensorFlow among it. */
export interface NetworkWeights {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
  /** Each column's mean and deviation in the training rows. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** Row-major matrices, inputs down and outputs across. */
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: Float32Array;
  readonly w3: Float32Array;
  readonly b3: Float32Array;
}

/** Marks the format; a reader refuses any other. */
const magic = "TCQ1";
const headerBytes = 16;

function shapes(inputs: number, hidden: number, outputs: number): number[] {
  return [
    inputs,
    inputs,
    inputs * hidden,
    hidden,
    hidden * hidden,
    hidden,
    hidden * outputs,
    outputs,
  ];
}

/** Says whether every number of a network is one; a single other one spoils each forecast. */
export function isFiniteNetwork({ inputs, hidden, outputs, ...arrays }: NetworkWeights): boolean {
  return Object.values(arrays).every((array) => array.every(Number.isFinite));
}

/** Writes weights as bytes: four letters, three sizes, then the arrays as little-endian float32. */
export function encodeWeights(weights: NetworkWeights): Buffer {
  const { inputs, hidden, outputs } = weights;
  const arrays = [
    weights.mean,
    weights.deviation,
    weights.w1,
    weights.b1,
    weights.w2,
    weights.b2,
    weights.w3,
    weights.b3,
  ];
  const floats = shapes(inputs, hidden, outputs).reduce((sum, size) => sum + size, 0);
  const bytes = Buffer.alloc(headerBytes + 4 * floats);
  bytes.write(magic, 0, "latin1");
  for (const [index, size] of [inputs, hidden, outputs].entries()) {
    bytes.writeUInt32LE(size, 4 + 4 * index);
  }
  let offset = headerBytes;
  for (const array of arrays) {
    for (const value of array) {
      bytes.writeFloatLE(value, offset);
      offset += 4;
    }
  }
  return bytes;
}

/** Reads weights from bytes; throws when they are not whole or not of this format. */
export function decodeWeights(bytes: Buffer): NetworkWeights {
  if (bytes.length < headerBytes || bytes.toString("latin1", 0, 4) !== magic) {
    throw new Error("These bytes are not a forecasting network.");
  }
  const [inputs, hidden, outputs] = [4, 8, 12].map((at) => bytes.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  const sizes = shapes(inputs, hidden, outputs);
  const floats = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes.length !== headerBytes + 4 * floats) {
    throw new Error("The bytes of the forecasting network are cut off.");
  }
  let offset = headerBytes;
  const arrays = sizes.map((size) => {
    const array = Float32Array.from({ length: size }, (_, i) => bytes.readFloatLE(offset + 4 * i));
    offset += 4 * size;
    return array;
  });
  const [mean, deviation, w1, b1, w2, b2, w3, b3] = arrays as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return { inputs, hidden, outputs, mean, deviation, w1, b1, w2, b2, w3, b3 };
}
