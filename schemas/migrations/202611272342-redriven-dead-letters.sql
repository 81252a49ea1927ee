-- A dead letter that a person sent to its topic again keeps its row, with who did so and when: a replay
-- still skips the record at the old place.
set local search_path = tillcast;

alter table dead_letter
  add column redriven_at timestamptz,
  add column redriven_by text,
  add constraint dead_letter_redriven check ((redriven_at is null) = (redriven_by is null));
