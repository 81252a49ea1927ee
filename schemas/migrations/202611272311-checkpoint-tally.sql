-- How many records a group settled since its tally began, counted in the transaction that moves its position:
-- every record that the position has passed is among them or among the dead letters, or it was passed over.
set local search_path = tillcast;

alter table checkpoint
  add column tally_from bigint check (tally_from >= 0),
  add column settled_records bigint not null default 0;
update checkpoint set tally_from = position;

-- A tally begins where a checkpoint is made, unless it comes with one, as out of a backup; and anew with
-- another topic of the same name, whose positions have nothing to do with the former's.
create function begin_checkpoint_tally() returns trigger
language plpgsql set search_path = tillcast, pg_temp as $$
begin
  new.tally_from := new.position;
  new.settled_records := 0;
  return new;
end $$;
create trigger checkpoint_made before insert on checkpoint
  for each row when (new.tally_from is null) execute function begin_checkpoint_tally();
create trigger checkpoint_adopted before update of topic_id on checkpoint
  for each row when (new.topic_id is distinct from old.topic_id) execute function begin_checkpoint_tally();

alter table checkpoint alter column tally_from set not null;
