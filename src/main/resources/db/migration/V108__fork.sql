-- Where a session's log was copied from, up to which event.
alter table session add column forked_from uuid references session on delete set null;
alter table session add column forked_sequence bigint;
create index session_forked_from on session (forked_from) where forked_from is not null;
