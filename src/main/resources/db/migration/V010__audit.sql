create table audit_entry (
    sequence   bigint generated always as identity primary key,
    at         timestamptz not null default now(),
    actor_name text not null,
    actor_id   uuid,
    action     text not null,
    subject    text not null,
    detail     text not null
);

create index audit_entry_by_subject on audit_entry (subject, sequence);

create function audit_entry_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entry is append-only';
end
$$;

create trigger audit_entry_is_append_only before update or delete or truncate on audit_entry
    for each statement execute function audit_entry_is_append_only();
