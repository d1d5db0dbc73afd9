-- Where an imported repository came from, without user and password: commits can be pushed there.
alter table git_repo add column remote text;

alter table session add column archived boolean not null default false; -- hidden from lists

-- What a project's new sessions begin with; null: what the server chooses.
alter table project add column default_model text;
alter table project add column default_mode text;

-- Rules that are added by hand may also deny or ask. Of several for one rule each counts: deny before ask before allow.
alter table permission_rule add column verdict text not null default 'allow' check (verdict in ('allow', 'ask', 'deny'));
alter table permission_rule add column saved_by uuid; -- null: not known, a rule of a session from before
update permission_rule set saved_by = person;
drop index permission_rule_once;
create unique index permission_rule_once on permission_rule (session, project, person, md5(rule), verdict) nulls not distinct;

-- The words of an event that a search finds: what people asked, what the agent said, the commands that it ran. Punctuation
-- parts words, so that a part of a path is found. A string of the log may hold what text cannot (a call's arguments are kept
-- as the model gave them): such an event is not found. Cut, since a tsvector has at most 1 MiB.
create function session_event_words(type text, payload json) returns text language plpgsql immutable as $$
begin
    return translate(left(case type
        when 'prompt-submitted' then payload->>'text'
        when 'text-finished' then payload->>'text'
        when 'tool-called' then payload->'input'->>'command'
    end, 100000), E'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', repeat(' ', 32));
exception when others then
    return null;
end $$;
create index session_event_words on session_event using gin (to_tsvector('simple', session_event_words(type, payload)))
    where type in ('prompt-submitted', 'text-finished', 'tool-called');
