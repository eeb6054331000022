-- Links that let a member back in, each once. The digest stands in for the code, which nobody can recover; a member has
-- one at most.
CREATE TABLE one_time_links (
    member_id TEXT PRIMARY KEY REFERENCES members (id),
    digest TEXT NOT NULL UNIQUE,
    ends_at BIGINT NOT NULL
);
