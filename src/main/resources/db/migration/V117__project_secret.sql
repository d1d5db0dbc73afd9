-- What people lend a project's sandboxes: by the proxy, which adds it to a request, or as a variable of their commands.
create table project_secret (
    project_id uuid not null references project on delete cascade,
    name       text not null,
    kind       text not null,          -- header or environment
    sealed     text not null,
    address    text,                   -- https://host[:port]/prefix; of a header's, like all below
    header     text,
    prefix     text,                   -- stands before the value, such as 'Bearer '
    methods    text[],
    changed_by uuid not null,
    changed_at timestamptz not null,
    used_at    timestamptz,
    primary key (project_id, name)
);
