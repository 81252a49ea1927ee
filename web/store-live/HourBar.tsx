import { type JSX, Show } from "solid-js";
import type { HourRow } from "../live/hour-rows.ts";

/** An hour at a glance: the usual range as a block, the expectation as a tick, the actual as a bar. */
export function HourBar(props: { readonly row: HourRow; readonly most: number }): JSX.Element {
  const share = (amount: number) => `${(100 * Math.max(0, amount)) / props.most}%`;
  return (
    <div class="hour-bar">
      <Show when={props.row.expected}>
        {(expected) => (
          <>
            <span
              class="hour-bar-band"
              style={{
                left: share(expected().p10),
                width: share(expected().p90 - expected().p10),
              }}
            />
            <span class="hour-bar-tick" style={{ left: share(expected().p50) }} />
          </>
        )}
      </Show>
      <Show when={props.row.net !== null}>
        <span class="hour-bar-actual" style={{ width: share(Number(props.row.net)) }} />
      </Show>
    </div>
  );
}
