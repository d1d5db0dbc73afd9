-- A rule of an exact command has up to 10 100 characters; an index row takes 2 704 bytes.
alter table permission_rule drop constraint permission_rule_session_project_person_rule_key;
create unique index permission_rule_once on permission_rule (session, project, person, md5(rule)) nulls not distinct;
