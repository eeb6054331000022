-- Which permissions there are, and which types of key may have them at all.

-- One row: how often the operator has set the catalogue; 0 as long as there is none.
CREATE TABLE catalogue (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO catalogue (id, version) VALUES (1, 0);

CREATE TABLE catalogue_permissions (
    permission TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    -- JSON: for each type that may have it, the version in which it came to; 0 for what the first catalogue allowed.
    since TEXT NOT NULL
);

-- The version of the catalogue when the permissions of the key were set: what came later is not given to it by itself.
ALTER TABLE keys ADD COLUMN permissions_as_of BIGINT NOT NULL DEFAULT 0;
