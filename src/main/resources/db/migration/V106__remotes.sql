-- A session's branch shows what was committed in the session, no longer its newest checkpoint.
update git_ref branch set oid = coalesce(
    (select head.oid from git_ref head where head.project_id = branch.project_id
        and head.name = 'refs/cleanroom/session/' || s.id || '/heads/session'),
    s.base_commit)
from session s
where branch.project_id = s.project and branch.name = 'refs/heads/session/' || s.id;

-- Repositories somewhere else that a project fetches from and pushes to; the one that it was imported from is its "origin".
create table git_remote (
    project_id     uuid not null references git_repo on delete cascade,
    name           text not null,
    url            text not null,            -- without user and password
    user_name      text,
    sealed_token   text,                     -- by the vault, for "git.remote:<project>:<name>"
    created_at     timestamptz not null default now(),
    fetched_at     timestamptz,
    problem_type   text,                     -- of the last fetch; null: it went well
    problem_status int,
    problem_detail text,
    primary key (project_id, name)
);
insert into git_remote (project_id, name, url) select project_id, 'origin', remote from git_repo where remote is not null;
alter table git_repo drop column remote;
