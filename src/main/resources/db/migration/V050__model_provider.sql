create table model_provider (
    id         text primary key,
    wire       text not null,        -- anthropic, openai-responses, openai-chat
    base_url   text not null,
    sealed_key text,                 -- by the vault, for "model.key:<id>"; null: none is needed
    created_at timestamptz not null
);
