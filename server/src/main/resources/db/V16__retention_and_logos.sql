-- What organizations choose: how long their conversations are kept, and a logo; and how conversations are found.

-- In days; nothing where nobody chose, which means 90.
ALTER TABLE organizations ADD COLUMN conversation_days BIGINT;

-- The name of the picture in logos that it shows now.
ALTER TABLE organizations ADD COLUMN logo TEXT;

-- Pictures as Keyrack drew them itself from what was uploaded: PNG in Base64, which both engines have. The name is made of
-- the picture's SHA-256, so that another picture has another address.
CREATE TABLE logos (
    organization_id TEXT PRIMARY KEY REFERENCES organizations (id),
    name TEXT NOT NULL,
    png TEXT NOT NULL
);
CREATE INDEX logos_by_name ON logos (name);

-- Conversations are cleared away for each organization after a time of its own.
DROP INDEX conversations_by_age;
CREATE INDEX conversations_by_organization_and_age ON conversations (organization_id, changed_at, id);

-- A visitor's conversations are found by whom the host's backend calls them, and a key's by when something was said last.
CREATE INDEX visitors_by_project_and_customer ON visitors (project_id, customer) WHERE customer IS NOT NULL;
CREATE INDEX conversations_by_key_and_age ON conversations (key_id, changed_at);
