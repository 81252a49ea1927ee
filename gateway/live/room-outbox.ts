/**
 * Paces what goes to each room: the first update at once, then at most one per pause, into which
 * everything that came meanwhile is merged.
 */
export interface RoomOutbox<Update> {
  /** Sends now, or merges into what waits for the end of the room's pause. */
  push(room: string, update: Update): void;
  /** Sends what waits in every room and forgets all pauses. Later pushes are sent at once. */
  flush(): void;
}

export interface RoomOutboxOptions<Update> {
  /** Between two messages to one room. */
  readonly pauseMs: number;
  readonly merge: (first: Update, second: Update) => Update;
  readonly send: (room: string, update: Update) => void;
}

interface Room<Update> {
  pending: Update | undefined;
  timer: NodeJS.Timeout;
}

/** Makes an outbox; it holds one update and one timer for each room that is in its pause. */
export function makeRoomOutbox<Update>(options: RoomOutboxOptions<Update>): RoomOutbox<Update> {
  const rooms = new Map<string, Room<Update>>();

  function pauseAfterSend(room: string): void {
    const timer = setTimeout(() => endPause(room), options.pauseMs);
    timer.unref();
    rooms.set(room, { pending: undefined, timer });
  }

  function endPause(room: string): void {
    const pending = rooms.get(room)?.pending;
    rooms.delete(room);
    if (pending === undefined) return;
    pauseAfterSend(room);
    options.send(room, pending);
  }

  return {
    push(room, update) {
      const paused = rooms.get(room);
      if (paused === undefined) {
        pauseAfterSend(room);
        options.send(room, update);
      } else {
        paused.pending =
          paused.pending === undefined ? update : options.merge(paused.pending, update);
      }
    },
    flush() {
      for (const [room, { pending, timer }] of rooms) {
        clearTimeout(timer);
        if (pending !== undefined) options.send(room, pending);
      }
      rooms.clear();
    },
  };
}
