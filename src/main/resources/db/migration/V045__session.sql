create table session (
    id uuid primary key,
    project uuid not null,
    owner uuid not null,
    title text not null,
    titled boolean not null default false, -- a person chose the title
    model text not null,
    mode text not null,
    status text not null default 'idle',
    approvals_waiting int not null default 0,
    sequence bigint not null default 0,
    lease_epoch bigint not null default 0,
    cost_usd double precision not null default 0,
    base_commit text not null,
    checkpoint text,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
);
create index session_project on session (project, changed_at desc);
create index session_unfinished on session (id) where status <> 'idle';

-- json, not jsonb: jsonb refuses NUL and lone surrogates and reorders a call's arguments.
create table session_event (
    session uuid not null references session on delete cascade,
    sequence bigint not null,
    at timestamptz not null,
    actor json not null,
    step int,
    type text not null,
    key text,
    payload json not null,
    replay json,
    primary key (session, sequence)
);
-- What may happen once.
create unique index session_event_once on session_event (session, type, key) where key is not null;

create table session_guest (
    id uuid primary key,
    session uuid not null references session on delete cascade,
    link uuid not null,
    name text not null,
    wanted text not null,          -- WATCH or DRIVE
    granted text,                  -- WATCH or DRIVE; null: ended
    joined_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index session_guest_session on session_guest (session);
