/** Rows of the error table for requests that no route ever sees; `errors.ts` takes them in. */
export const protocolErrors = {
  methodNotAllowed: {
    status: 405,
    title: "Method not allowed",
    template: "{path} does not take {method}; it takes {allowed}.",
    deterministic: true,
  },
  requestTimeout: {
    status: 408,
    title: "Request timeout",
    template: "The request did not arrive whole in time.",
  },
  headersTooLarge: {
    status: 431,
    title: "Headers too large",
    template: "The request's headers are larger than the limit of {limit}.",
    deterministic: true,
  },
} as const;
