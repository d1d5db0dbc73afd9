-- How often a server has become the active one: one that lost its lock sees here whether another was active meanwhile.
create table active_server (
    term  bigint not null,
    since timestamptz not null default now()
);
insert into active_server (term) values (0);
