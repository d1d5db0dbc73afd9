-- A session's branch shows what was committed in the session, no longer its newest checkpoint.
update git_ref branch set oid = coalesce(
    (select head.oid from git_ref head where head.project_id = branch.project_id
        and head.name = 'refs/cleanroom/session/' || s.id || '/heads/session'),
    s.base_commit)
from session s
where branch.project_id = s.project and branch.name = 'refs/heads/session/' || s.id;

