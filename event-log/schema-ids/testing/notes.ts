import { type AvroCodec, int, makeAvroCodec, named } from "@tillcast/schemas";
import { z } from "zod";

/** A shape as two releases know it, and as none may ever change it. */
export interface Note {
  readonly text: string;
}
export interface StarredNote extends Note {
  readonly stars: number | null;
}

/** The first release's notes. */
export const firstNotes: AvroCodec<Note> = makeAvroCodec(
  named("Note", z.object({ text: z.string() })),
);

/** A later release's, which were only added to. */
export const laterNotes: AvroCodec<StarredNote> = makeAvroCodec(
  named("Note", z.object({ text: z.string(), stars: int.nullable() })),
);

/** What cannot read the others. */
export const brokenNotes: AvroCodec<{ readonly text: number }> = makeAvroCodec(
  named("Note", z.object({ text: int })),
);
