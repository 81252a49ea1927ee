export * from "./backtest.ts";
export * from "./metrics.ts";
export * from "./model.ts";
export * from "./run-backtest.ts";
export * from "./series.ts";
