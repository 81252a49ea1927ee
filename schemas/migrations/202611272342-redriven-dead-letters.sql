-- A dead letter that a person sent to its topic again keeps its row, with who did so and when: a replay
-- still skips the record at the old place.
set local search_path = tillcast;

alter table dead_letter
  add column redriven_at timestamptz,
  add column redriven_by text,
  add constraint dead_letter_redriven check ((redriven_at is null) = (redriven_by is null)),
  -- Whether the value is plain Avro of the topic's shape, as a reader gets it, or what lies in the log
  -- with its schema's id in front. Before there were such ids every value was plain.
  add column is_plain boolean not null default true;
alter table dead_letter alter column is_plain set default false;
