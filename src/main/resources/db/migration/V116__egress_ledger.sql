-- Whose work a connection was. Rows of before are one connection each, and nobody's that is known.
alter table egress
    add column times      integer not null default 1, -- refusals alike within a moment are one row
    add column cause      text,                       -- 'call UUID' or 'terminal UUID': the sandbox's word; null: none
    add column actor_id   uuid,                       -- whose turn ran: a person's or guest's
    add column actor_name text;

create index egress_by_project on egress (project_id, id);
create index egress_by_time on egress (at);
