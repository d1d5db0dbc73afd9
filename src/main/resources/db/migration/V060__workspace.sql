-- Output of running and finished calls as raw bytes, in pieces of at most 64 KiB; of a long one the middle is left out.
create table tool_output (
    session    uuid   not null,
    call_id    uuid   not null,
    first_byte bigint not null,
    bytes      bytea  not null,
    primary key (session, call_id, first_byte)
);
alter table tool_output alter column bytes set storage external;
