/** PostgreSQL's object ids of the built-in types that travel in binary; fixed by its catalogue. */
export const typeOids = {
  bool: 16,
  bytea: 17,
  char: 18,
  name: 19,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  timestamptz: 1184,
  numeric: 1700,
  void: 2278,
  uuid: 2950,
  jsonb: 3802,
} as const;

/** Array types and what they hold. */
export const elementOids: Readonly<Record<number, number>> = {
  1000: typeOids.bool,
  1001: typeOids.bytea,
  1005: typeOids.int2,
  1007: typeOids.int4,
  1009: typeOids.text,
  1015: typeOids.varchar,
  1016: typeOids.int8,
  1021: typeOids.float4,
  1022: typeOids.float8,
  1182: typeOids.date,
  1185: typeOids.timestamptz,
  1231: typeOids.numeric,
  2951: typeOids.uuid,
};

/** PostgreSQL counts instants and dates from 2000-01-01 UTC; this is that instant in UTC ms. */
export const postgresEpochMs = 946_684_800_000;

/** Milliseconds of a UTC day. */
export const dayMs = 86_400_000;
