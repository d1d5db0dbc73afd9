-- Output goes with its session.
delete from tool_output where session not in (select id from session);
alter table tool_output add foreign key (session) references session on delete cascade;
