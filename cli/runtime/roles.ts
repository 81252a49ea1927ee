/** The services that a process may run alone, any number of each. */
export const serviceNames = ["process", "forecast", "ingest", "gateway"] as const;

/** One service. */
export type ServiceName = (typeof serviceNames)[number];

/** Whether people or tills call a service; the others answer only those who run the product. */
export const answersCallers = (service: ServiceName): boolean =>
  service === "ingest" || service === "gateway";

/** What a process runs: every service, one of them, or a command's work. */
export type Role = "server" | ServiceName | "command";

/** Whether a process runs one service alone. */
export const isService = (role: Role): role is ServiceName =>
  (serviceNames as readonly string[]).includes(role);

/** What the database shows of whoever is connected. */
export const applicationNameOf = (role: Role): string => `tillcast ${role}`;
