import type { FastifySerializerCompiler } from "fastify/types/schema.js";

/**
 * Writes a large answer as it is: its type was checked by the compiler, and checking ten thousand rows
 * once more against their schema takes longer than reading them from the database.
 */
export const plainJson: FastifySerializerCompiler<unknown> = () => (data) => JSON.stringify(data);
