-- One row for each move of a ref that people see, written in the transaction of the move.
create table git_ref_log (
    id bigint generated always as identity primary key,
    project_id uuid not null references git_repo on delete cascade,
    name text collate "C" not null,
    -- null: the ref was made, or deleted
    old_oid text,
    new_oid text,
    -- whether commits of the old value left the ref
    forced boolean not null,
    at timestamptz not null default now(),
    actor_kind text not null,
    actor_name text not null,
    person_id uuid,
    token_id uuid,
    session_id uuid,
    turn_id uuid
);
create index git_ref_log_of_project on git_ref_log (project_id, id desc);

-- Rules of a project's branches; all whose pattern fits a branch hold for it.
create table git_branch_rule (
    project_id uuid not null references git_repo on delete cascade,
    position int not null,
    pattern text not null,
    protected boolean not null,
    push text not null,
    primary key (project_id, pattern)
);

-- When all packs were last written anew without what nothing reaches; null: never.
alter table git_repo add column collected_at timestamptz;
