-- What a web key's component shows, and the pages of their own that projects have.

CREATE TABLE web_components (
    key_id TEXT PRIMARY KEY REFERENCES keys (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    -- JSON, as the management API tells it.
    options TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The web key that a project's own page opens.
CREATE TABLE hosted_pages (
    project_id TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
    key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL
);
CREATE INDEX hosted_pages_by_key ON hosted_pages (key_id);
