import { readSettings } from "@tillcast/core";
import { forecasterSettings, startForecaster } from "@tillcast/forecaster";
import type { StartService } from "./ground.ts";

/** Forecasts on schedule, and works on the jobs of that kind. */
export const startService: StartService = async (scope, ground) => {
  const settings = readSettings(forecasterSettings, process.env);
  const forecaster = await startForecaster({ ...ground, settings });
  scope.defer(() => forecaster.stop());
  return {};
};
