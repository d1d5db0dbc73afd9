-- A project's repository: JGit packs in chunks, refs as rows. A pack is immutable once it is live.
create table git_repo (
    project_id uuid primary key,
    created_at timestamptz not null default now(),
    -- null while the first import is under way
    filled_at timestamptz
);

create table git_pack (
    id bigint generated always as identity primary key,
    project_id uuid not null references git_repo on delete cascade,
    name text not null,
    source text not null,
    -- 0 being written, 1 live, 2 replaced by another pack and kept for readers that still stream it
    state smallint not null,
    created_at timestamptz not null default now(),
    replaced_at timestamptz,
    last_modified bigint not null default 0,
    object_count bigint not null default 0,
    delta_count bigint not null default 0,
    index_version int not null default 0,
    -- bytes in each chunk but a file's last; a column, so that changing the constant leaves old packs readable
    chunk_size int not null,
    unique (project_id, name)
);
create index git_pack_not_live on git_pack (state) where state <> 1;

-- One file of a pack; ext is the file name's extension: pack, idx …
create table git_pack_file (
    pack_id bigint not null references git_pack on delete cascade,
    ext text not null,
    size_bytes bigint not null,
    block_size int not null,
    primary key (pack_id, ext)
);

create table git_chunk (
    pack_id bigint not null references git_pack on delete cascade,
    ext text not null,
    no int not null,
    data bytea not null,
    primary key (pack_id, ext, no)
);
-- Uncompressed: packs are compressed already, and substring() then reads only the slices that it needs.
alter table git_chunk alter column data set storage external;

create table git_ref (
    project_id uuid not null references git_repo on delete cascade,
    name text collate "C" not null,
    oid text,
    peeled text,
    target text,
    primary key (project_id, name),
    check ((oid is null) <> (target is null))
);
