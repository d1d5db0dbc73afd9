-- What a server looks for when it takes over: waiting prompts that were withdrawn.
create index session_event_changed_prompts on session_event (session) where type = 'prompt-changed';
