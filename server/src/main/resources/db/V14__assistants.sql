-- What answers the visitors of a project.

-- One row for a project whose settings or entries were ever changed. A project without one is answered from its questions and
-- answers, of which it has none. What a backend needs stays when another one is chosen. Secrets are encrypted (AES-256-GCM
-- with the master keyset, bound to their place).
CREATE TABLE assistants (
    project_id TEXT PRIMARY KEY REFERENCES projects (id),
    version BIGINT NOT NULL,
    backend TEXT NOT NULL,
    fallback TEXT NOT NULL,
    webhook_url TEXT,
    webhook_secret TEXT,
    openai_url TEXT,
    openai_model TEXT,
    openai_prompt TEXT NOT NULL,
    -- In thousandths; none: the model's own.
    openai_temperature BIGINT,
    openai_key TEXT,
    -- Counts the changes of the entries, so that every process knows whether its index of them is the present one.
    entries_version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE assistant_entries (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    position BIGINT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (project_id, position)
);
