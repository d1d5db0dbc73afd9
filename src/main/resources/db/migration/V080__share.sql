create table session_link (
    id          uuid primary key,
    session_id  uuid not null references session on delete cascade,
    secret_hash bytea not null unique,  -- SHA-256 of 256 random bits
    role        text not null,
    created_by  uuid references person on delete set null,
    created_at  timestamptz not null,
    expires_at  timestamptz not null
);

create index session_link_by_session on session_link (session_id);

create table session_link_guest (
    link_id  uuid not null references session_link on delete cascade,
    guest_id uuid not null primary key
);

create index session_link_guest_by_link on session_link_guest (link_id);
