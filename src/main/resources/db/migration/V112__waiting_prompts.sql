-- What a server looks for when it takes over: prompts that no turn has begun with.
create index session_event_prompts on session_event (session) where type = 'prompt-submitted';
