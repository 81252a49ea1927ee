/** The forecaster's settings. */
import { defineSettings, type Settings, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings with their defaults, a sentence each. */
export const forecasterSettings = defineSettings({
  FORECAST_TICK_MS: setting(z.coerce.number().int().min(100).max(600_000), {
    default: "5000",
    description:
      "How often the forecaster looks for stores whose forecast is due, in milliseconds.",
  }),
  FORECAST_MARGIN_MINUTES: setting(z.coerce.number().int().min(0).max(720), {
    default: "10",
    description:
      "How long after a business day has begun its forecast is made, so that late sales are in.",
  }),
  FORECAST_LATENESS_MINUTES: setting(z.coerce.number().int().min(0).max(120), {
    default: "2",
    description: "How long after an hour's end its sales count as complete.",
  }),
  FORECAST_HISTORY_DAYS: setting(z.coerce.number().int().min(56).max(1500), {
    default: "400",
    description: "How many days of history a forecast reads; a year and a month show every season.",
  }),
  FORECAST_TRAINING: setting(z.enum(["on", "off"]), {
    default: "on",
    description: "Whether networks are trained on schedule; baselines are issued either way.",
  }),
});

export type ForecasterSettings = Settings<typeof forecasterSettings>;
