create table person (
    id            uuid primary key,
    email         text not null unique, -- lower case
    name          text not null,
    password_hash text not null,        -- PHC string, Argon2id
    administrator boolean not null,
    created_at    timestamptz not null
);

-- Secrets of sign-ins, tokens, invitations and guests are kept as SHA-256 only: each is 256 random bits.
create table sign_in (
    id           uuid primary key,
    person_id    uuid not null references person on delete cascade,
    secret_hash  bytea not null unique,
    user_agent   text not null,
    address      text not null,
    created_at   timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at   timestamptz not null
);

create index sign_in_by_person on sign_in (person_id);

create table access_token (
    id           uuid primary key,
    person_id    uuid not null references person on delete cascade,
    name         text not null,
    secret_hash  bytea not null unique,
    scopes       text[] not null,
    projects     uuid[] not null,       -- empty: all of the person's
    created_at   timestamptz not null,
    last_used_at timestamptz,
    expires_at   timestamptz not null
);

create index access_token_by_person on access_token (person_id);

create table invitation (
    id            uuid primary key,
    secret_hash   bytea not null unique,
    email         text,                 -- set: the account gets this one
    administrator boolean not null,
    person_id     uuid references person on delete cascade, -- set: a new password for this person
    project_id    uuid,
    project_role  text,
    invited_by    uuid references person on delete set null,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    used_at       timestamptz
);

create table guest_credential (
    id          uuid primary key,
    guest_id    uuid not null,
    session_id  uuid not null,
    name        text not null,
    secret_hash bytea not null unique,
    created_at  timestamptz not null,
    expires_at  timestamptz not null
);

create index guest_credential_by_guest on guest_credential (guest_id);
create index guest_credential_by_session on guest_credential (session_id);
