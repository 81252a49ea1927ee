-- What a vendor's own total has beyond the sum of a bill's parts is a measure of its own, so that it is seen.
set local search_path = tillcast;

alter table ledger_entry add column unreconciled bigint not null default 0;
alter table rollup_15m add column unreconciled bigint not null default 0;
alter table rollup_hour add column unreconciled bigint not null default 0;
alter table rollup_day add column unreconciled bigint not null default 0;
