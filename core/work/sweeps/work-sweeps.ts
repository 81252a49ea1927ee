import { declareSweep, type Sweep } from "./declare-sweep.ts";

/** What the work engine leaves behind. */
export const workSweeps: readonly Sweep[] = [
  declareSweep({
    table: "job",
    what: "jobs that ended",
    days: 30,
    because: "A month answers what ran and why it failed.",
    statement: {
      name: "sweep-jobs",
      text: `
        delete from job where job_id = any(array(
          select job_id from job where finished_at < now() - $1 * interval '1 day'
          order by finished_at
          limit $2))`,
    },
  }),
  declareSweep({
    table: "delivery",
    what: "deliveries that were sent or given up",
    days: 30,
    because: "What was sent is emptied at once; to whom and when is worth a month.",
    statement: {
      name: "sweep-deliveries",
      text: `
        delete from delivery where delivery_id = any(array(
          select delivery_id from delivery where ended_at < now() - $1 * interval '1 day'
          order by ended_at
          limit $2))`,
    },
  }),
];
