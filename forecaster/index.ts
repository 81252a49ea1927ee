export * from "./backtest.ts";
export * from "./config.ts";
export * from "./main.ts";
export * from "./metrics.ts";
export * from "./model.ts";
export * from "./run-backtest.ts";
export * from "./series.ts";
export { forecastJobKinds, requestPrediction, requestTraining } from "./service/job-requests.ts";
export {
  listForecastModels,
  type ModelMetrics,
  type ModelState,
  type RegisteredModel,
} from "./service/model-registry.ts";
