-- People: how they sign in, who invited them, and whose a key or a project is.

-- A password is one member's, so that no organization can change another's. It is kept as Argon2id (RFC 9106).
ALTER TABLE members ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN email_folded TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN password TEXT;
ALTER TABLE members ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
UPDATE members SET email_folded = lower(email);
CREATE INDEX members_by_email ON members (email_folded, id);
CREATE INDEX members_by_role ON members (organization_id, role, id);

-- The member whose own it is. None: of nobody who is a member now, as what the operator made on the machine.
ALTER TABLE keys ADD COLUMN owner_id TEXT;
UPDATE keys SET owner_id = created_by_id WHERE created_by_kind = 'member';
CREATE INDEX keys_by_owner_and_creation ON keys (organization_id, owner_id, created_at, id);
CREATE INDEX keys_by_owner_and_name ON keys (organization_id, owner_id, name_folded, id);
CREATE INDEX keys_by_owner_and_type ON keys (organization_id, owner_id, type, created_at, id);
ALTER TABLE projects ADD COLUMN owner_id TEXT;
CREATE INDEX projects_by_owner_and_creation ON projects (organization_id, owner_id, created_at, id);
CREATE INDEX projects_by_owner_and_name ON projects (organization_id, owner_id, name_folded, id);

-- One for each address and organization at most. The digest stands in for the code of its link.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    role TEXT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    invited_by_kind TEXT NOT NULL,
    invited_by_id TEXT NOT NULL,
    invited_by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    UNIQUE (organization_id, email_folded)
);

-- Who is signed in to the portal. The digest stands in for what the cookie holds. members lists those whose password
-- was the one that was typed, between which the reader may switch; confirmed_at is when it was typed last.
CREATE TABLE portal_sessions (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    member_id TEXT NOT NULL REFERENCES members (id),
    members TEXT NOT NULL,
    address TEXT,
    browser TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX portal_sessions_by_member ON portal_sessions (member_id, created_at);
CREATE INDEX portal_sessions_by_end ON portal_sessions (ends_at);

-- How often signing in failed of late, by account and by network; each row slows down, none locks out for good.
CREATE TABLE sign_in_failures (
    subject TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- What an organization chose for itself, as JSON: colours, logo, retention.
ALTER TABLE organizations ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
