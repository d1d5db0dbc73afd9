-- A call that may have had an effect: written before it has it. A call without a row never began.
create table tool_run (
    call_id      uuid        primary key,
    session      uuid        not null references session on delete cascade,
    runner_epoch text        not null, -- processes and outcomes of another epoch are gone
    lease_epoch  bigint      not null,
    reads        json        not null, -- [{path, before, after}]: etag seen, SHA-256 of what is to be written
    started_at   timestamptz not null default now()
);
create index tool_run_session on tool_run (session);

-- "Always" answers: of one session, or of one person in one project.
create table permission_rule (
    id         uuid        primary key,
    session    uuid        references session on delete cascade,
    project    uuid,
    person     uuid,
    rule       text        not null,
    created_at timestamptz not null default now(),
    check ((session is null) <> (project is null)),
    unique nulls not distinct (session, project, person, rule)
);
create index permission_rule_project on permission_rule (project, person);
