import type { LiveJob } from "@tillcast/schemas/browser";
import { createMemo, createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import { api } from "../api/api.ts";
import { percent } from "../format/numbers.ts";
import { text } from "../i18n/text.ts";
import type { LiveClient } from "../live/live-client.ts";
import { jobText, type ShownJob, takeJob, visibleJobs } from "./visible-jobs.ts";

/** How often it is looked whether work has become long, or a failure old. */
const LOOK_MS = 1_000;

/** Long work under way: history being loaded, a network being trained. Nothing when nothing runs. */
export function JobsStrip(props: { readonly client: LiveClient }): JSX.Element {
  const [jobs, setJobs] = createSignal<readonly ShownJob[]>([]);
  const [now, setNow] = createSignal(Date.now());
  const shown = createMemo(() => visibleJobs(jobs(), now()));
  const ids = createMemo(() => shown().map(({ jobId }) => jobId), undefined, { equals: sameIds });
  const take = (job: ShownJob) => setJobs((known) => takeJob(known, job));
  const fromSocket = (job: LiveJob) => take({ ...job, seenAt: Date.now() });

  void api
    .jobs()
    .then((answer) => {
      for (const job of answer.jobs) {
        const createdAt = Date.parse(job.createdAt);
        const changedAt = job.finishedAt === null ? createdAt : Date.parse(job.finishedAt);
        take({ ...job, changedAt, seenAt: createdAt });
      }
    })
    .catch(() => undefined); // The strip is a courtesy: without it the page is whole.
  // eslint-disable-next-line solid/reactivity -- The client lives as long as the header.
  onCleanup(props.client.onJob(fromSocket));
  const looking = setInterval(() => setNow(Date.now()), LOOK_MS);
  onCleanup(() => clearInterval(looking));

  return (
    <Show when={ids().length > 0}>
      <section class="jobs" aria-label={text("jobs.title")}>
        <For each={ids()}>
          {(jobId) => (
            <Show when={shown().find((job) => job.jobId === jobId)}>
              {(job) => <Job job={job()} />}
            </Show>
          )}
        </For>
      </section>
    </Show>
  );
}

function Job(props: { readonly job: ShownJob }): JSX.Element {
  return (
    <div class="job" data-state={props.job.state}>
      <span class="job-message">{jobText(props.job)}</span>
      <Show
        when={props.job.state === "running"}
        fallback={<span class="muted">{stateWord(props.job)}</span>}
      >
        <progress max="1" value={props.job.progress} aria-label={jobText(props.job)} />
        <span class="job-share">{percent(props.job.progress)}</span>
      </Show>
    </div>
  );
}

function stateWord({ state }: ShownJob): string {
  return state === "failed" ? text("jobs.failed") : text("jobs.queued");
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}
