import { declareDeletion, type Sweep } from "./declare-sweep.ts";

/** What the work engine leaves behind. */
export const workSweeps: readonly Sweep[] = [
  declareDeletion({
    table: "job",
    what: "jobs that ended",
    days: 30,
    because: "A month answers what ran and why it failed.",
    key: "job_id",
    since: "finished_at",
  }),
  declareDeletion({
    table: "delivery",
    what: "deliveries that were sent or given up",
    days: 30,
    because: "What was sent is emptied at once; to whom and when is worth a month.",
    key: "delivery_id",
    since: "ended_at",
  }),
];
