/** Where the stack tests find the servers that they run against. */
export interface StackAddresses {
  /** `host:port` of some brokers, separated by commas. */
  readonly kafkaBrokers: string;
  /** Of a registry that speaks Confluent's protocol, up to the part that they all share. */
  readonly registryUrl: string;
  /** Connects as superuser of a PostgreSQL that has TimescaleDB. */
  readonly timescaleUrl: string;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly stack: StackAddresses;
  }
}
