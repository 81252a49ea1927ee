/** Sockets that follow a store. */
export const storeRoom = (storeId: string): string => `store:${storeId}`;

/** The store of a room; undefined where the room is another kind's. */
export const storeOfRoom = (room: string): string | undefined =>
  room.startsWith("store:") ? room.slice("store:".length) : undefined;

/** All sockets of a tenant, for its jobs. */
export const tenantRoom = (tenantId: string): string => `tenant:${tenantId}`;

/** What one session or key opened, to be closed with it. */
export const credentialRoom = (credentialId: string): string => `credential:${credentialId}`;

/** Sockets of those who run the installation, for jobs that are no tenant's. */
export const installationRoom = "installation";
