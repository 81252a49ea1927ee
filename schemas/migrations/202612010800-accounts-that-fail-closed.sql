-- "All stores" is said and not the absence of rows; a sign-in link says what it is for.
set local search_path = tillcast;

alter table app_user add column all_stores boolean not null default false;
alter table sign_in_link add column purpose text not null default 'invite' check (purpose in ('invite', 'reset'));

-- Forced policies hide the rows from their owner; these tables are small.
alter table app_user no force row level security;
alter table user_store no force row level security;
-- Until now a person other than a manager without any store saw all of them.
update app_user u
set all_stores = true
where u.role = 'owner'
   or (u.role <> 'manager' and not exists (select from user_store s where s.user_id = u.user_id));
alter table app_user force row level security;
alter table user_store force row level security;

