-- Who may move a ref that one holder at a time moves: the last who claimed it.
create table git_ref_claim (
    project_id uuid not null references git_repo on delete cascade,
    name text collate "C" not null,
    epoch bigint not null,
    primary key (project_id, name)
);

-- Files that git ignores and a project's checkpoints keep nevertheless, as patterns from its root.
create table project_kept_file (
    project_id uuid not null references project on delete cascade,
    pattern text not null,
    primary key (project_id, pattern)
);

-- Such a file's content, sealed: objects of a repository are for whoever reads the project.
create table kept_file (
    id uuid primary key,
    session uuid not null references session on delete cascade,
    sealed text not null
);
create index kept_file_session on kept_file (session);
alter table kept_file alter column sealed set storage external;

-- All of a session at one moment; a checkpoint's message names the set that belongs to it.
create table kept_set (
    id uuid primary key,
    session uuid not null references session on delete cascade,
    taken_at timestamptz not null default now(),
    sealed text not null                   -- which file was where
);
create index kept_set_session on kept_set (session, taken_at);

create table kept_set_file (
    set_id uuid not null references kept_set on delete cascade,
    file_id uuid not null references kept_file on delete cascade,
    primary key (set_id, file_id)
);
create index kept_set_file_by_file on kept_set_file (file_id);
