create table project (
    id             uuid primary key,
    owner_id       uuid not null references person,
    name           text not null,            -- NFKC, at most 80 characters
    status         text not null,
    phase          text,
    done           bigint not null default 0,
    total          bigint,
    problem_type   text,
    problem_status int,
    problem_detail text,
    default_branch text,
    archived       boolean not null default false,
    created_at     timestamptz not null,
    changed_at     timestamptz not null,
    unique (owner_id, name)
);

create table project_member (
    project_id uuid not null references project on delete cascade,
    person_id  uuid not null references person on delete cascade,
    role       text not null,
    created_at timestamptz not null,
    primary key (project_id, person_id)
);

create index project_member_by_person on project_member (person_id);

-- Hosts that a project's sandboxes may reach besides the package registries.
create table project_egress (
    project_id uuid not null references project on delete cascade,
    host       text not null,                -- host:port
    primary key (project_id, host)
);

-- Files of the repository whose wider authority an editor accepted, in exactly this version.
create table project_authority (
    project_id  uuid not null references project on delete cascade,
    path        text not null,
    hash        text not null,
    accepted_by uuid references person on delete set null,
    accepted_at timestamptz not null,
    primary key (project_id, path)
);

alter table invitation add foreign key (project_id) references project on delete cascade;
