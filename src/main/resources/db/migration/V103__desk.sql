-- How a person left his desk in a project: which tabs are open, and how wide the panes are. Its meaning is the screens'.
create table project_desk (
    project_id uuid not null references project on delete cascade,
    person_id  uuid not null references person on delete cascade,
    desk       text not null,               -- a JSON object, at most 64 KiB; text: jsonb refuses NUL
    primary key (project_id, person_id)
);

-- How a person likes the screens everywhere: theme, font, keys.
create table person_preferences (
    person_id   uuid primary key references person on delete cascade,
    preferences text not null               -- a JSON object, at most 64 KiB
);
