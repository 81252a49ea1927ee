import { fieldPath, type InputFault, readInput } from "@tillcast/schemas";
import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";

/** A body, query or path that its route's schema does not take. */
export class InvalidInput extends Error {
  /** Which part of the request it is; the framework says so. */
  validationContext?: string;
  readonly found: readonly InputFault[];
  constructor(found: readonly InputFault[]) {
    super("the input is not valid");
    this.found = found;
  }

  /** Each fault with its field as `body[3].lines[0].quantity` or `query.from`. */
  faults(): InputFault[] {
    const part = this.validationContext === "querystring" ? "query" : this.validationContext;
    return this.found.map(({ field, reason }) => ({
      field: within(part ?? "body", field),
      reason,
    }));
  }
}

/** Reads each part of a request by its zod schema. */
export const validateInput: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (input: unknown) => {
    const read = readInput(schema, input);
    return "data" in read ? { value: read.data } : { error: new InvalidInput(read.faults) };
  };

const within = (part: string, field: string): string =>
  field === "" ? fieldPath([part]) : field.startsWith("[") ? `${part}${field}` : `${part}.${field}`;
