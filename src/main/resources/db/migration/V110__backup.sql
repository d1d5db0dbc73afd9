create table backup_schedule (
    one               boolean primary key default true check (one), -- there is one row
    every_hours       integer,                  -- null: none by itself
    keep              integer not null,
    folder            text,                     -- null: backups/ in the data folder
    sealed_passphrase text                      -- by the vault, for "backup.passphrase"; null: the master key is left out
);

create table backup_run (
    id         bigint generated always as identity primary key,
    started_at timestamptz not null,
    ended_at   timestamptz,
    file       text,
    size_bytes bigint,
    problem    text                             -- a sentence, where it failed
);

create table retention (
    one                   boolean primary key default true check (one), -- there is one row
    idle_session_days     integer,              -- null: they stay for good, as with the others
    archived_session_days integer,
    archived_project_days integer
);
