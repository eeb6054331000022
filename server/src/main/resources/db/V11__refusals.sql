-- What was refused of a key, by hour, rule and value, as its gates counted it: the latest of a week. Not tied to keys by
-- a foreign key: a gate writes what it saw, also of a key that is just being cleared away.
CREATE TABLE refusals (
    key_id TEXT NOT NULL,
    hour BIGINT NOT NULL,
    code TEXT NOT NULL,
    observed BIGINT NOT NULL,
    value TEXT NOT NULL,
    count BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, hour, code, observed, value)
);
CREATE INDEX refusals_by_time ON refusals (key_id, last_at);
CREATE INDEX refusals_by_age ON refusals (last_at);
