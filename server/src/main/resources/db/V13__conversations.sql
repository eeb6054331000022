-- Visitors and what they and assistants say to each other. Texts are personal data: cleared away after their time.

-- Whom Keyrack takes a visitor for, with one web key (key_id), or in one member's use of the chat API (member_id). A
-- customer is whom the host's own backend vouched for; a guest has none and never becomes one.
CREATE TABLE visitors (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    key_id TEXT,
    member_id TEXT,
    customer TEXT,
    name TEXT,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX visitors_by_customer ON visitors (key_id, customer) WHERE customer IS NOT NULL;
CREATE INDEX visitors_by_age ON visitors (seen_at);

-- A browser's session. The digest stands in for the secret of its refresh tokens, of which the one numbered rotation is
-- good, and the one before until former_until. kid names the identity key that vouched for it.
CREATE TABLE visitor_sessions (
    id TEXT PRIMARY KEY,
    visitor_id TEXT NOT NULL REFERENCES visitors (id),
    key_id TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    rotation BIGINT NOT NULL,
    former_until BIGINT NOT NULL,
    origin TEXT,
    kid TEXT,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX visitor_sessions_by_visitor ON visitor_sessions (visitor_id);
CREATE INDEX visitor_sessions_by_kid ON visitor_sessions (kid) WHERE kid IS NOT NULL;
CREATE INDEX visitor_sessions_by_end ON visitor_sessions (ends_at);

-- Access tokens by their digests, with what they are bound to: the generation of the key's token, the origin, and what
-- the page is excused from (none, hosted or preview).
CREATE TABLE visitor_access (
    digest TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES visitor_sessions (id),
    generation BIGINT NOT NULL,
    origin TEXT,
    excused TEXT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX visitor_access_by_session ON visitor_access (session_id);
CREATE INDEX visitor_access_by_end ON visitor_access (ends_at);

-- once is an HMAC of the Idempotency-Key that it was started with.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    project_id TEXT NOT NULL,
    key_id TEXT,
    visitor_id TEXT NOT NULL REFERENCES visitors (id),
    state TEXT NOT NULL,
    visitor_messages BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    once TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (visitor_id, once)
);
CREATE INDEX conversations_by_visitor ON conversations (visitor_id, started_at);
CREATE INDEX conversations_by_project ON conversations (project_id, started_at, id);
CREATE INDEX conversations_by_age ON conversations (changed_at);

-- A reply names the message that it answers. While it is made its state is streaming, until deadline at most: a process that
-- died does not say so. events is how many events its stream had.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    number BIGINT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    failure TEXT,
    rating TEXT,
    answers TEXT,
    once TEXT,
    events BIGINT NOT NULL,
    at BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    UNIQUE (conversation_id, number)
);
CREATE UNIQUE INDEX messages_by_once ON messages (conversation_id, once) WHERE once IS NOT NULL;

-- How often something was done of late, by key, by visitor, and by an HMAC of an address. times lists the moments where
-- they are few; count is since began_at where they are many.
CREATE TABLE visitor_counts (
    subject TEXT PRIMARY KEY,
    times TEXT NOT NULL,
    count BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    paused_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX visitor_counts_by_age ON visitor_counts (last_at);

-- What a host's backend signs identities with. The secret is encrypted under the keyset; it goes when the key ends.
CREATE TABLE identity_keys (
    kid TEXT PRIMARY KEY,
    key_id TEXT NOT NULL,
    sealed TEXT,
    created_at BIGINT NOT NULL,
    created_by_kind TEXT NOT NULL,
    created_by_id TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX identity_keys_by_key ON identity_keys (key_id, created_at);

-- Identities that were presented, until they expire by themselves: each is good once.
CREATE TABLE identities_used (
    digest TEXT PRIMARY KEY,
    ends_at BIGINT NOT NULL
);
CREATE INDEX identities_used_by_end ON identities_used (ends_at);
