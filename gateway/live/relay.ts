import type { Logger, Metrics } from "@tillcast/core";
import type { EventLog, LogRecord } from "@tillcast/event-log";
import {
  type AvroCodec,
  alertChangedCodec,
  feedChangedCodec,
  forecastIssuedCodec,
  jobChangedCodec,
  type LiveCursor,
  type SalesUpdated,
  salesUpdatedCodec,
  topics,
} from "@tillcast/schemas";
import { liveLimits } from "../config.ts";
import { allChannels } from "../queries/forecasts.ts";
import { mergeUpdates } from "./conflate.ts";
import type { NetPolicies } from "./net-policies.ts";
import { makeRoomOutbox } from "./room-outbox.ts";
import { installationRoom, storeRoom, tenantRoom } from "./rooms.ts";
import type { LiveNamespace } from "./socket-types.ts";
import {
  isKnownGrain,
  type StoreUpdate,
  showable,
  toLiveFeed,
  toLiveForecast,
  toLiveJob,
  toLiveWindows,
} from "./to-live.ts";
import { mergeTraces, recordRelaying, updateTraces } from "./trace-updates.ts";

/** Below every version. */
const nothingHeard: LiveCursor = { epoch: 0, windows: 0, forecast: 0, alerts: 0, feeds: 0 };

/** Carries what is published to the sockets that follow it. */
export interface Relay {
  /** The newest versions of a followed store that were published; undefined where none was heard of. */
  newest(storeId: string): LiveCursor | undefined;
  stop(): Promise<void>;
}

export interface RelayOptions {
  readonly live: LiveNamespace;
  readonly eventLog: EventLog;
  readonly policies: NetPolicies;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => number;
}

/** Starts following the topics from their ends; there is no checkpoint, since tables are the truth. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { live, eventLog, policies, log } = options;
  const { sent, delay, relayed } = relayMetrics(options.metrics);
  const newest = new Map<string, LiveCursor>();
  live.adapter.on("delete-room", (room: string) => newest.delete(room));

  const outbox = makeRoomOutbox<StoreUpdate>({
    pauseMs: liveLimits.roomPauseMs,
    merge: (first, second) => ({
      ...mergeUpdates(first, second),
      tenantId: second.tenantId,
      ...mergeTraces(first, second),
    }),
    send(room, update) {
      const netCharges = policies.known(update.tenantId);
      if (netCharges !== undefined) return emitWindows(room, update, netCharges);
      policies.load(update.tenantId).then(
        (loaded) => emitWindows(room, update, loaded),
        // Nothing is lost: the next word of where the store is shows the gap.
        (error: unknown) => log.warn({ err: error, room }, "update not relayed"),
      );
    },
  });

  function emitWindows(
    room: string,
    update: StoreUpdate,
    netCharges: Parameters<typeof toLiveWindows>[1],
  ): void {
    live.to(room).emit("windows", toLiveWindows(update, netCharges));
    sent.inc({ event: "windows" });
    recordRelaying(update.traces, options.now());
    if (update.receivedAt > 0) delay.observe((options.now() - update.receivedAt) / 1000);
  }

  const hear = (room: string, versions: Partial<LiveCursor>): void => {
    newest.set(room, { ...(newest.get(room) ?? nothingHeard), ...versions });
  };
  const isFollowed = (room: string): boolean => live.adapter.rooms.has(room);

  function follow<Message>(
    topic: string,
    codec: AvroCodec<Message>,
    relay: (message: Message, record: LogRecord) => void,
    isWanted: (record: LogRecord) => boolean = () => true,
  ) {
    return eventLog.tail({
      topic,
      onRecords(records) {
        for (const record of records.filter(isWanted)) {
          try {
            relay(codec.decode(record.value), record);
            relayed.observe({ topic }, Math.max(0, options.now() - record.appendedAt) / 1_000);
          } catch (error) {
            const { partition, offset } = record;
            log.error({ err: error, topic, partition, offset: String(offset) }, "not relayed");
          }
        }
      },
    });
  }

  function toRoom(
    room: string,
    event: string,
    emit: () => void,
    versions?: Partial<LiveCursor>,
  ): void {
    if (!isFollowed(room)) return;
    if (versions !== undefined) hear(room, versions);
    emit();
    sent.inc({ event });
  }

  /** A store's versions are said again now and then; what was heard of all of them was handed on already. */
  function tellStanding(
    room: string,
    storeId: string,
    versions: NonNullable<SalesUpdated["versions"]>,
  ): void {
    const heard = newest.get(room) ?? nothingHeard;
    const { forecast, alerts, feeds } = versions;
    const isAllHeard = heard.forecast >= forecast && heard.alerts >= alerts && heard.feeds >= feeds;
    if (isAllHeard) return;
    toRoom(room, "standing", () => live.to(room).emit("standing", { storeId, ...versions }), {
      forecast: Math.max(heard.forecast, forecast),
      alerts: Math.max(heard.alerts, alerts),
      feeds: Math.max(heard.feeds, feeds),
    });
  }

  const tails = await Promise.all([
    follow(
      topics.sales.topic,
      salesUpdatedCodec,
      (update, record) => {
        const room = storeRoom(update.storeId);
        hear(room, { epoch: update.epoch, windows: update.seq });
        if (update.versions !== null) tellStanding(room, update.storeId, update.versions);
        const shown = showable(update);
        outbox.push(room, { ...shown, ...updateTraces(record, options.now()) });
      },
      // The key is the store: what nobody follows is not even decoded.
      (record) => isFollowed(storeRoom(record.key)),
    ),
    follow(topics.forecasts.topic, forecastIssuedCodec, (issued) => {
      if (issued.channel !== allChannels || !isKnownGrain(issued.grain)) return;
      const room = storeRoom(issued.storeId);
      toRoom(room, "forecast", () => live.to(room).emit("forecast", toLiveForecast(issued)), {
        forecast: issued.version,
      });
    }),
    follow(topics.feeds.topic, feedChangedCodec, (changed) => {
      const room = storeRoom(changed.storeId);
      toRoom(room, "feed", () => live.to(room).emit("feed", toLiveFeed(changed)), {
        feeds: changed.version,
      });
    }),
    follow(topics.alerts.topic, alertChangedCodec, (alert) => {
      const room = storeRoom(alert.storeId);
      toRoom(room, "alert", () => live.to(room).emit("alert", alert), {
        alerts: alert.version,
      });
    }),
    follow(topics.jobs.topic, jobChangedCodec, (job) => {
      const room = job.tenantId === null ? installationRoom : tenantRoom(job.tenantId);
      toRoom(room, "job", () => live.to(room).emit("job", toLiveJob(job)));
    }),
  ]);

  return {
    newest: (storeId) => newest.get(storeRoom(storeId)),
    async stop() {
      await Promise.all(tails.map((tail) => tail.close()));
      outbox.flush();
    },
  };
}

function relayMetrics(metrics: Metrics) {
  return {
    sent: metrics.counter({
      name: "live_messages_total",
      help: "Messages sent to rooms; one message may reach many sockets.",
      labelNames: ["event"],
    }),
    delay: metrics.histogram({
      name: "live_received_to_sent_seconds",
      help: "From an order's receipt to its update on the way to the sockets.",
    }),
    relayed: metrics.histogram({
      name: "live_relay_seconds",
      help: "From a hint's append to its being handed to the room that follows it, by topic.",
      labelNames: ["topic"],
    }),
  };
}
