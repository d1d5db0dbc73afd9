create table sandbox (
    session_id   uuid primary key,
    owner_id     uuid not null,
    project_id   uuid not null,
    engine       text not null,
    state        text not null,     -- STARTING, RUNNING, STOPPED, FAILED, DESTROYING: written before the engine acts
    generation   integer not null,  -- counts starts
    lease_epoch  bigint not null,   -- counts servers that took it over; the runner refuses a lower one
    runner_epoch text,              -- null until the runner of this generation has answered
    problem      text,
    changed_at   timestamptz not null
);

create index sandbox_by_project on sandbox (project_id);

-- Numbers each pair of person and project: slot n has the n-th host id of the server user's range.
create table sandbox_uid (
    person_id  uuid not null,
    project_id uuid not null,
    slot       integer not null unique,
    unwanted   boolean not null default false, -- the project is deleted: free the slot when its caches are
    primary key (person_id, project_id)
);

-- The ledger of what left a sandbox, or wanted to.
create table egress (
    id         bigint generated always as identity primary key,
    session_id uuid not null,
    project_id uuid not null,
    at         timestamptz not null,
    host       text not null,
    port       integer not null,
    verdict    text not null,      -- allowed, or why not
    bytes_up   bigint not null,
    bytes_down bigint not null
);

create index egress_by_session on egress (session_id, id);
