-- Who follows the change feed, what they have applied, and how long each may say yes without being heard of.

-- One row for each registration; a node that comes back has a new one. Ended rows are kept a day, for people to see.
CREATE TABLE nodes (
    registration TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Nothing for a node that verifies the keys of every organization.
    organization_id TEXT,
    version TEXT NOT NULL,
    -- The registration's own number in the feed.
    registered_seq BIGINT NOT NULL,
    registered_at BIGINT NOT NULL,
    -- The number that the node has said it applied, and its tag.
    applied BIGINT NOT NULL,
    tag BIGINT NOT NULL,
    reported_at BIGINT,
    -- How often it has reported: whether a node is silent can be told without comparing clocks.
    reports BIGINT NOT NULL DEFAULT 0,
    granted_at BIGINT,
    -- The length that was granted last, and the longest that ever was or could have been: microseconds.
    lease BIGINT NOT NULL DEFAULT 0,
    longest_lease BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT
);
CREATE INDEX nodes_that_live ON nodes (registered_seq) WHERE ended_at IS NULL;
CREATE INDEX nodes_by_registration ON nodes (registered_seq);

-- How long leases are that are granted from now on, for each class of key.
CREATE TABLE lease_lengths (
    class TEXT PRIMARY KEY,
    micros BIGINT NOT NULL
);

-- Is there a change that narrows, behind this number? Asked at each grant.
CREATE INDEX feed_narrowings ON feed_entries (seq) WHERE narrows = 1;
CREATE INDEX feed_narrowings_by_organization ON feed_entries (organization_id, seq) WHERE narrows = 1;
