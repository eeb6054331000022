-- Creations and regenerations that were carried out under an Idempotency-Key, for 24 hours.
-- The id is a keyed hash of caller, method, path and Idempotency-Key, none of which stands here. The answer is sealed under
-- a key that needs the keyset, the Idempotency-Key and the caller's credential; NULL: it is not to be given again. The holder
-- is the key or the member whose token the answer has in it.
CREATE TABLE idempotency (
    id TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    sealed TEXT,
    holder_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX idempotency_by_holder ON idempotency (holder_id);
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
