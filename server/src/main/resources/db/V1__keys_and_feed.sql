-- The first schema: who there is, which keys they have, what verifiers must know of it, and who did what.
-- Portable to SQLite and PostgreSQL: TEXT, BIGINT (times are microseconds since 1970, booleans 0 and 1).

-- One row that ties this database to its keyset: the check can be decrypted with the right keyset only.
CREATE TABLE installation (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    keyset_check TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    subdomain TEXT NOT NULL UNIQUE,
    operator BIGINT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE members (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, email)
);

-- One for each member at most. The digest stands in for the token, which nobody can recover.
CREATE TABLE personal_tokens (
    member_id TEXT PRIMARY KEY REFERENCES members (id),
    id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX projects_by_name ON projects (organization_id, name_folded, id);
CREATE INDEX projects_by_creation ON projects (organization_id, created_at, id);

CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    masked TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    permissions TEXT,
    expires_at BIGINT,
    metadata TEXT NOT NULL,
    source_kind TEXT NOT NULL,
    source_name TEXT,
    created_at BIGINT NOT NULL,
    created_by_kind TEXT NOT NULL,
    created_by_id TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    state_changed_at BIGINT,
    state_changed_by_kind TEXT,
    state_changed_by_id TEXT,
    state_changed_by_name TEXT
);
-- One index for each order of the list, alone and within each filter, so that a page costs the same however many
-- keys there are.
CREATE INDEX keys_by_creation ON keys (organization_id, created_at, id);
CREATE INDEX keys_by_name ON keys (organization_id, name_folded, id);
CREATE INDEX keys_by_type ON keys (organization_id, type, created_at, id);
CREATE INDEX keys_by_type_and_name ON keys (organization_id, type, name_folded, id);
CREATE INDEX keys_by_project_and_creation ON keys (organization_id, project_id, created_at, id);
CREATE INDEX keys_by_project_and_name ON keys (organization_id, project_id, name_folded, id);
CREATE INDEX keys_by_state_and_creation ON keys (organization_id, state, created_at, id);
CREATE INDEX keys_by_project_and_type ON keys (organization_id, project_id, type, created_at, id);
CREATE INDEX keys_by_state_and_type ON keys (organization_id, state, type, created_at, id);
CREATE INDEX keys_by_state_and_name ON keys (organization_id, state, name_folded, id);

-- The tokens of a key: the newest generation works, older ones until ends_at. Publishable tokens are also kept
-- encrypted, for as long as they work.
CREATE TABLE key_tokens (
    key_id TEXT NOT NULL REFERENCES keys (id),
    generation BIGINT NOT NULL,
    digest TEXT NOT NULL,
    ciphertext TEXT,
    created_at BIGINT NOT NULL,
    ends_at BIGINT,
    PRIMARY KEY (key_id, generation)
);

-- The change feed. The one row of feed_head hands out the numbers, dense and in commit order.
CREATE TABLE feed_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    tag BIGINT NOT NULL
);
INSERT INTO feed_head (id, seq, tag) VALUES (1, 0, 0);

CREATE TABLE feed_entries (
    seq BIGINT PRIMARY KEY,
    tag BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    narrows BIGINT NOT NULL,
    payload TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX feed_entries_by_time ON feed_entries (at);

-- Who did what. Each organization numbers its events itself, dense and in commit order.
CREATE TABLE audit_heads (
    organization_id TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
);

CREATE TABLE audit_events (
    organization_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    target_name TEXT,
    before_state TEXT,
    after_state TEXT,
    address TEXT,
    request_id TEXT NOT NULL,
    PRIMARY KEY (organization_id, seq)
);
CREATE INDEX audit_by_time ON audit_events (organization_id, at, seq);
CREATE INDEX audit_by_target ON audit_events (organization_id, target_id, at, seq);
CREATE INDEX audit_by_action ON audit_events (organization_id, action, at, seq);
CREATE INDEX audit_by_actor ON audit_events (organization_id, actor_id, at, seq);
