import type { LiveJob } from "@tillcast/schemas/browser";
import { createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import { api } from "../api/api.ts";
import { percent } from "../format/numbers.ts";
import { text } from "../i18n/text.ts";
import type { LiveClient } from "../live/live-client.ts";
import { type ShownJob, takeJob, visibleJobs } from "./visible-jobs.ts";

/** A failed job stays in sight this long. */
const SWEEP_MS = 5_000;

/** Long work under way: history being loaded, a network being trained. Nothing when nothing runs. */
export function JobsStrip(props: { readonly client: LiveClient }): JSX.Element {
  const [jobs, setJobs] = createSignal<readonly ShownJob[]>([]);
  const take = (job: ShownJob) => setJobs((known) => takeJob(known, job));
  const fromSocket = ({ jobId, kind, state, progress, message, changedAt }: LiveJob) =>
    take({ jobId, kind, state, progress, message, changedAt });

  void api
    .jobs()
    .then((answer) => {
      for (const job of answer.jobs) {
        take({ ...job, changedAt: Date.parse(job.finishedAt ?? job.createdAt) });
      }
    })
    .catch(() => undefined); // The strip is a courtesy: without it the page is whole.
  // eslint-disable-next-line solid/reactivity -- The client lives as long as the header.
  onCleanup(props.client.onJob(fromSocket));
  const sweep = setInterval(() => setJobs((known) => visibleJobs(known, Date.now())), SWEEP_MS);
  onCleanup(() => clearInterval(sweep));

  return (
    <Show when={visibleJobs(jobs(), Date.now()).length > 0}>
      <section class="jobs" aria-label={text("jobs.title")}>
        <For each={visibleJobs(jobs(), Date.now())}>
          {(job) => (
            <div class="job" data-state={job.state}>
              <span class="job-message">{job.message || job.kind}</span>
              <Show
                when={job.state === "running"}
                fallback={<span class="muted">{stateWord(job)}</span>}
              >
                <progress max="1" value={job.progress} aria-label={job.message || job.kind} />
                <span class="job-share">{percent(job.progress)}</span>
              </Show>
            </div>
          )}
        </For>
      </section>
    </Show>
  );
}

function stateWord({ state }: ShownJob): string {
  return state === "failed" ? text("jobs.failed") : text("jobs.queued");
}
