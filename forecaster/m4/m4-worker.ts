/** A worker thread that trains one member of the benchmark's mean and forecasts with it. */
import { answerParent } from "../network/run-worker.ts";
import { forecastM4 } from "./m4-network.ts";
import type { M4Request } from "./score-m4.ts";

await answerParent<M4Request, Float64Array>(({ histories, settings }, onProgress) =>
  forecastM4(histories, settings, onProgress),
);
